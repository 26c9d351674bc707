"""Writes an archive of named parts so that the same parts are the same bytes."""

import io
import zipfile
from collections.abc import Iterable

_DAY = (1980, 1, 1, 0, 0, 0)


def archived(parts: Iterable[tuple[str, str | bytes]], first: tuple[str, str] | None = None) -> bytes:
    """The parts in that order; `first` stands before them and is not compressed, as OpenDocument wants its kind."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first is not None:
            archive.writestr(_entry(first[0], zipfile.ZIP_STORED), first[1])
        for name, content in parts:
            archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), content)
    return out.getvalue()


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type, entry.external_attr = compression, 0o644 << 16
    return entry
