"""A PDF of ruled tables and headings, written by hand: what a catalogue looks like to who reads it."""

from collections.abc import Sequence
from itertools import takewhile

COLUMN, LINE, LEFT, TOP = 130, 20, 40, 800


def pdf(*pages: Sequence[str | Sequence[Sequence[str | None]]]) -> bytes:
    """Each page holds lines of text, and tables as rows of cells; None below a cell: it reaches down so far, beside
    one: it covers this place too."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
               b" /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    for page in pages:
        drawn = _drawn(page)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _drawn(page: Sequence[str | Sequence[Sequence[str | None]]]) -> bytes:
    parts: list[bytes] = []
    y = TOP
    for each in page:
        if isinstance(each, str):
            parts.append(_text(LEFT, y, each))
            y -= LINE
            continue
        for number, cells in enumerate(each):
            for place, cell in enumerate(cells):
                if cell is not None:
                    wide, high = _wide(cells, place), _high(each, number, place)
                    box = (LEFT + place * COLUMN, y - 6 - (high - 1) * LINE, wide * COLUMN, high * LINE)
                    parts.append(b"%d %d %d %d re S" % box)
                    parts.append(_text(LEFT + place * COLUMN + 4, y, cell))
            y -= LINE
        y -= LINE
    return b"\n".join(parts)


def _wide(cells: Sequence[str | None], place: int) -> int:
    """How many places a cell covers: all of them where it stands alone in its row."""
    return len(cells) if place == 0 and all(each is None for each in cells[1:]) else 1


def _high(rows: Sequence[Sequence[str | None]], number: int, place: int) -> int:
    below = (cells[place] is None and any(cells) and cells[0] is None for cells in rows[number + 1 :])
    return 1 + sum(1 for _ in takewhile(bool, below))


def _text(x: int, y: int, text: str) -> bytes:
    written = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 10 Tf %d %d Td (%s) Tj ET" % (x, y, written)


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
