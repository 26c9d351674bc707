"""What somebody gives a command to read: a file that ends, and lines that do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from bot.ending import CannotRun
from storage.system import said


class Readable(Protocol):
    """What is read by lines."""

    def readline(self, size: int, /) -> bytes: ...


MOST = 64 << 20  # bytes of a file, and of a line


def whole(path: Path, most: int = MOST) -> bytes:
    """All of a file, or of a pipe. Raises CannotRun, in a line that names it."""
    try:
        if path.is_char_device() or path.is_block_device():  # one of them may never end
            raise CannotRun(f"{path} n’est pas un fichier")
        with path.open("rb") as file:
            body = file.read(most + 1)
    except OSError as problem:
        raise CannotRun(f"fichier illisible : {path} ({said(problem)})") from problem
    if len(body) > most:
        raise CannotRun(f"fichier illisible : {path} (plus de {most >> 20} Mo)")
    return body


def lines(file: Readable, most: int = MOST) -> Iterator[bytes]:
    """Each line; one that is longer is cut there, so that it reads as no JSON, and those after it are whole."""
    while piece := file.readline(most):
        yield piece
        while len(piece) == most and not piece.endswith(b"\n"):
            piece = file.readline(most)
