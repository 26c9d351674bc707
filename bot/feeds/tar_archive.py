"""The files of an archive (.tar.gz), in memory: none is written, and one that is not what it says is refused whole."""

import io
import tarfile
import zlib
from collections.abc import Iterator

PACKED, UNDONE, MEMBERS = 16 << 20, 64 << 20, 10_000  # bytes, bytes, files


class Refused(ValueError):
    """The archive is none that is read; the text says why, in French."""


def files(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file's name and bytes, in order. Raises Refused, perhaps after some of them."""
    if len(body) > PACKED:
        raise Refused(f"archive de plus de {PACKED >> 20} Mo")
    try:
        yield from _files(body)
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError) as problem:
        if isinstance(problem, Refused):
            raise
        raise Refused(f"archive illisible : {problem}") from problem


def _files(body: bytes) -> Iterator[tuple[str, bytes]]:
    undone = count = 0  # bytes, files
    # as a stream: what a header promises is never skipped over, so that a bomb is met where the limit is
    with tarfile.open(fileobj=_Limited(body), mode="r|") as archive:
        for member in archive:
            count += 1
            if count > MEMBERS:
                raise Refused(f"archive de plus de {MEMBERS} fichiers")
            if member.isdir():
                continue
            if not member.isreg():
                raise Refused(f"archive avec un lien ou un périphérique : {member.name[:80]}")
            path = member.name.replace("\\", "/")
            if path.startswith("/") or ".." in path.split("/"):
                raise Refused(f"archive avec un nom qui en sort : {member.name[:80]}")
            undone += member.size
            if undone > UNDONE:
                raise Refused(f"archive de plus de {UNDONE >> 20} Mo défaite")
            held = archive.extractfile(member)
            yield member.name, held.read() if held else b""
    if not count:
        raise Refused("archive vide")


class _Limited(io.RawIOBase):
    """A gzip body undone as it is read, up to the limit."""

    def __init__(self, body: bytes) -> None:
        is_packed = body[:2] == b"\x1f\x8b"  # a server may undo it on the way
        self._engine = zlib.decompressobj(31) if is_packed else None
        self._rest, self._given = body, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = 1 << 16 if size < 0 else size
        out = b""
        if self._engine is None:
            out, self._rest = self._rest[:wanted], self._rest[wanted:]
        while self._engine and len(out) < wanted and self._rest and not self._engine.eof:
            out += self._engine.decompress(self._rest, wanted - len(out))
            self._rest = self._engine.unconsumed_tail
        self._given += len(out)
        if self._given > UNDONE + MEMBERS * 1024:
            raise Refused(f"archive de plus de {UNDONE >> 20} Mo défaite")
        return out
