"""What is given to a command ends, or is refused in a line."""

import io
import os
import pty
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


def test_lines_come_from_a_file_or_from_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lignes").write_bytes(b"a\nb")
    with given.stream(str(tmp_path / "lignes"), "des lignes") as found:
        assert list(found) == [b"a\n", b"b"]
    for name in (None, "-"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"c\n")))
        with given.stream(name, "des lignes") as found:
            assert list(found) == [b"c\n"]


@pytest.mark.parametrize("name", ["/dev/zero", "/nowhere/file", "/"])
def test_a_file_of_lines_that_is_none_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(CannotRun, match=name), given.stream(name, "des lignes"):
        pass


def test_who_types_is_told_what_is_awaited(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        with given.stream(None, "des articles en JSONL") as found:
            os.write(master, b"d\n\x04")
            assert list(found) == [b"d\n"]
    os.close(master)
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "vigie : des articles en JSONL : donnez un FICHIER, ou collez-les ici, puis Ctrl-D"
    ]
    assert said.out == ""
