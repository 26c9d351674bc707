"""What is given to a command ends, or is refused in a line."""

import io
import os
from pathlib import Path

import pytest

from bot import given
from bot.ending import CannotRun


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/nowhere/file", "/"])
def test_what_is_no_file_is_refused_by_its_name(path: str) -> None:
    with pytest.raises(CannotRun, match=path):
        given.whole(Path(path))


def test_a_file_too_long_is_refused_and_a_pipe_is_read(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 11)
    assert given.whole(tmp_path / "long", 11) == b"x" * 11
    with pytest.raises(CannotRun, match="plus de"):
        given.whole(tmp_path / "long", 10)
    reader, writer = os.pipe()
    os.write(writer, b"un tube")
    os.close(writer)
    assert given.whole(Path(f"/dev/fd/{reader}")) == b"un tube"
    os.close(reader)


@pytest.mark.parametrize("body", [b"", b"a", b"a\n", b"abcd\nb\n", b"abcdefghij\nb\n\nc", b"abcd"])
def test_a_line_too_long_is_cut_and_the_next_are_whole(body: bytes) -> None:
    read = [line.rstrip(b"\n") for line in given.lines(io.BytesIO(body), 4)]
    assert read == [line.rstrip(b"\n")[:4] for line in body.splitlines(keepends=True)]
