"""A PDF of ruled tables and headings, written by hand: what a catalogue looks like to who reads it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

COLUMN, LINE, LEFT, TOP = 130, 20, 40, 800


@dataclass(frozen=True, slots=True)
class Face:
    """A font, as PDF objects; `codec` is Python's name of the codes that its map takes."""

    codec: str
    font: bytes


LATIN = Face("cp1252", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")


def mapped(name: str, letters: str, codec: str) -> Face:
    """A face whose codes only one of Adobe's character maps explains, as office programs of Asia write it."""
    info = f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({letters}) /Supplement 2 >>"
    below = f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ming {info} /DW 1000 /FontDescriptor {{}} >>".format(
        "<< /Type /FontDescriptor /FontName /Ming /Flags 4 /FontBBox [0 -200 1000 900] /Ascent 880 /Descent -120 >>"
    )
    head = f"<< /Type /Font /Subtype /Type0 /BaseFont /Ming /Encoding /{name}"
    return Face(codec, f"{head} /DescendantFonts [{below}] >>".encode())


def pdf(*pages: Sequence[str | Sequence[Sequence[str | None]]], face: Face = LATIN, key: bytes | None = None) -> bytes:
    """Each page holds lines of text, and tables as rows of cells; None below a cell: it reaches down so far, beside
    one: it covers this place too. With a `key` of 32 bytes it is encrypted, and opens without a password."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", face.font]
    kids = []
    for page in pages:
        drawn = _drawn(page, face.codec)
        drawn = drawn if key is None else _closed(drawn, key)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects, b"" if key is None else _lock(key))


def _closed(text: bytes, key: bytes) -> bytes:
    start, missing = os.urandom(16), 16 - len(text) % 16
    return start + _ciphered(text + bytes([missing]) * missing, key, start)


def _ciphered(text: bytes, key: bytes, start: bytes) -> bytes:
    sealed = Cipher(AES(key), CBC(start)).encryptor()
    return sealed.update(text) + sealed.finalize()


def _lock(key: bytes) -> bytes:
    """What opens a document by an empty password: AES of 256 bits, revision 5."""
    check, salt = b"controle", b"du sel.."
    proof = sha256(check).digest() + check + salt
    sealed = _ciphered(key, sha256(salt).digest(), bytes(16))
    filters = b"/CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> /StmF /StdCF /StrF /StdCF"
    words = (b"/%s <%s>" % (name, value.hex().encode()) for name, value in (
        (b"O", bytes(48)), (b"U", proof), (b"OE", bytes(32)), (b"UE", sealed), (b"Perms", bytes(16)),
    ))  # fmt: skip
    return b"/Encrypt << /Filter /Standard /V 5 /R 5 /Length 256 /P -4 %s %s >>" % (filters, b" ".join(words))


def _drawn(page: Sequence[str | Sequence[Sequence[str | None]]], codec: str) -> bytes:
    parts: list[bytes] = []
    y = TOP
    for each in page:
        if isinstance(each, str):
            parts.append(_text(LEFT, y, each, codec))
            y -= LINE
            continue
        for number, cells in enumerate(each):
            for place, cell in enumerate(cells):
                if cell is not None:
                    wide, high = _wide(cells, place), _high(each, number, place)
                    box = (LEFT + place * COLUMN, y - 6 - (high - 1) * LINE, wide * COLUMN, high * LINE)
                    parts.append(b"%d %d %d %d re S" % box)
                    parts.append(_text(LEFT + place * COLUMN + 4, y, cell, codec))
            y -= LINE
        y -= LINE
    return b"\n".join(parts)


def _wide(cells: Sequence[str | None], place: int) -> int:
    """How many places a cell covers: all of them where it stands alone in its row."""
    return len(cells) if place == 0 and all(each is None for each in cells[1:]) else 1


def _high(rows: Sequence[Sequence[str | None]], number: int, place: int) -> int:
    below = (cells[place] is None and any(cells) and cells[0] is None for cells in rows[number + 1 :])
    return 1 + sum(1 for _ in takewhile(bool, below))


def _text(x: int, y: int, text: str, codec: str) -> bytes:
    return b"BT /F1 10 Tf %d %d Td <%s> Tj ET" % (x, y, text.encode(codec).hex().encode())


def _file(objects: Sequence[bytes], lock: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    named = b"/ID [<00> <00>] /Root 1 0 R " + lock
    return bytes(out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, named, start))
