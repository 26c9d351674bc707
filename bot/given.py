"""What somebody gives a command to read: a file that ends, and lines that do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.ending import CannotRun
from storage.system import said


class Readable(Protocol):
    """What is read by lines."""

    def readline(self, size: int, /) -> bytes: ...


MOST = 64 << 20  # bytes of a file, and of a line


def whole(path: Path, most: int = MOST) -> bytes:
    """All of a file, or of a pipe. Raises CannotRun, in a line that names it."""
    with _opened(path) as file:
        try:
            body = file.read(most + 1)
        except OSError as problem:
            raise _unreadable(path, problem) from problem
    if len(body) > most:
        raise CannotRun(f"fichier illisible : {path} (plus de {most >> 20} Mo)")
    return body


@contextmanager
def stream(name: str | None, awaited: str) -> Iterator[Iterator[bytes]]:
    """The lines of that file, or of the standard input where `name` is None or « - »; who would type them there is told
    what is `awaited`. Raises CannotRun, in a line that names the file."""
    if name is None or name == "-":
        if sys.stdin.isatty():
            line = f"vigie : {awaited} : donnez un FICHIER, ou collez-les ici, puis Ctrl-D"
            print(line, file=sys.stderr, flush=True)
        yield lines(sys.stdin.buffer)
        return
    with file_lines(Path(name)) as found:
        yield found


@contextmanager
def file_lines(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a file. Raises CannotRun, in a line that names it, also while they are read."""
    with _opened(path) as file:
        yield _read(path, file)


def _read(path: Path, file: BinaryIO) -> Iterator[bytes]:
    try:
        yield from lines(file)
    except OSError as problem:
        raise _unreadable(path, problem) from problem


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        if path.is_char_device() or path.is_block_device():  # one of them may never end
            raise CannotRun(f"{path} n’est pas un fichier")
        file = path.open("rb")
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    with file:
        yield file


def _unreadable(path: Path, problem: OSError) -> CannotRun:
    return CannotRun(f"fichier illisible : {path} ({said(problem)})")


def lines(file: Readable, most: int = MOST) -> Iterator[bytes]:
    """Each line; one that is longer is cut there, so that it reads as no JSON, and those after it are whole."""
    while piece := file.readline(most):
        yield piece
        while len(piece) == most and not piece.endswith(b"\n"):
            piece = file.readline(most)
