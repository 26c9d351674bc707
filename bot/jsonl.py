"""JSON Lines in and out: one object a line, an article in each, and a clear word on a bad one. Pure."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from matchers.model import FIELDS, Article


class BadLine(ValueError):
    """A line that holds no article; its text says why, in French."""


_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")  # gzip, bzip2, xz, zstd
_ZIP, _UTF_16 = b"PK\x03\x04", (b"\xff\xfe", b"\xfe\xff")
_WRITTEN = json.JSONEncoder(ensure_ascii=False)
_NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1f]|^(?:%PDF-|[^{]*[\x80-\xff])")


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their number; the first alone where all of them are no JSON Lines."""
    first = True
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, line
            if first and _no_lines(line):
                return
            first = False


def _no_lines(line: bytes) -> str:
    """What an input is that begins with this line, where none of its lines can be read; "" for JSON Lines."""
    if line.startswith(_PACKED):
        return "entrée compressée : décompressez-la d'abord (zcat, bzcat, xzcat ou zstdcat FICHIER | vigie …)"
    if line.startswith(_ZIP):
        return "c'est une archive : donnez le fichier JSONL qu'elle contient"
    if line.startswith(_UTF_16):
        return "texte en UTF-16 : enregistrez le fichier en UTF-8"
    said = line.removeprefix(codecs.BOM_UTF8).strip()
    if _NO_TEXT.search(said):
        return "ce n'est pas du texte en JSON : un objet JSON par ligne est attendu"
    if said.startswith(b"<"):
        return "c'est du HTML ou du XML : un objet JSON par ligne est attendu"
    if said.startswith(b"[") and (b"{" in said or said == b"["):
        return "un tableau JSON : un objet par ligne est attendu (jq -c '.[]' FICHIER)"
    return ""


def article_of(line: bytes) -> Article:
    """The article of one JSON object, which needs no id. Raises BadLine."""
    return _made(read_object(line), "")


def named_article(line: bytes) -> tuple[str | int, Article]:
    """The id of a line, as given, and its article. Raises BadLine."""
    value = read_object(line)
    name = identity(value)
    return name, _made(value, str(name))


def identity(value: dict[str, Any]) -> str | int:
    """The id of a line, as given. Raises BadLine."""
    name = value.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise BadLine("« id » manque, ou n'est ni un texte ni un nombre entier")
    return name


def _made(value: dict[str, Any], name: str) -> Article:
    title, summary, text = (text_of(value, field) for field in FIELDS)
    source = value.get("source")  # for `source:` terms; unlike the others it may be anything, and is then ignored
    named = source if isinstance(source, str) else ""
    return Article(name, title, summary, text, text_of(value, "url"), moment(value.get("published")), named)


def moment(written: object) -> datetime | None:
    """A date as aware UTC; None for none, and for one that can't be read."""
    try:
        found = datetime.fromisoformat(written.strip() if isinstance(written, str) else "")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _where(problem: Exception) -> str:
    match problem:
        case json.JSONDecodeError(colno=column):
            return f", colonne {column}"
        case UnicodeDecodeError():
            return " : enregistrez le fichier en UTF-8"
        case _:
            return " : trop de niveaux, ou un nombre trop long"


def read_object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises BadLine."""
    try:
        value = json.loads(line.removeprefix(codecs.BOM_UTF8).decode().rstrip())
    except (ValueError, RecursionError) as problem:
        raise BadLine(_no_lines(line) or f"JSON illisible{_where(problem)}") from problem
    if not isinstance(value, dict):
        raise BadLine(_no_lines(line) or "un objet JSON est attendu")
    return value


def text_of(value: dict[str, Any], field: str) -> str:
    """A text field, "" where it is absent or null. Raises BadLine."""
    text = value.get(field)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise BadLine(f"« {field} » doit être un texte")
    return text


def encoded(answer: dict[str, Any]) -> bytes:
    """An answer as one line."""
    try:
        return (_WRITTEN.encode(answer) + "\n").encode()
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form, but it has a JSON escape
        return (json.dumps(answer) + "\n").encode()
