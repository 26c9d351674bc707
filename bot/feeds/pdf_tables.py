"""The rows of a list in the ruled tables of a PDF; the only door to pdfplumber. Called in a worker process."""

import gzip
import importlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.feeds.columns import MOST_COLUMNS, ListColumns, bounded, not_there, too_many
from matchers.lists import ListReading, ListRow, ListSpec, ListUnread, squeezed

MOST_PAGES = 200
LONGEST_HEADING = 120  # characters
_SECTION = re.compile(r"^(?:section|chapitre|partie)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\.?(?=\s|$)")
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+\s*$")  # a line of the table of contents
_LATE = ("pdfplumber", "pdfminer.jbig2", "pdfminer.ccitt", "cryptography.hazmat.backends.openssl.backend")


def warm() -> None:
    """Loads what pdfminer would open in the middle of a document. Nothing where the extra is not installed.

    The character maps of Adobe (Chinese, Japanese, Korean) stay packed until a document names one: 8 MB, not 100.
    """
    try:
        from pdfminer import cmapdb
    except ImportError:
        return
    for name in _LATE:
        importlib.import_module(name)
    packed = {file.name: file.read_bytes() for file in Path(cmapdb.__file__).with_name("cmap").glob("*.json.gz")}

    def load(name: str) -> type[Any]:
        known = name.replace("\0", "")
        held = packed.get(f"{known}.json.gz")
        if held is None:
            raise cmapdb.CMapDB.CMapNotFound(name)
        return type(known, (), json.loads(gzip.decompress(held), object_hook=_numbered))

    cmapdb.CMapDB._load_data = load  # type: ignore[method-assign]


def _numbered(each: dict[str, object]) -> dict[object, object]:
    return {int(key) if key.isdecimal() else key: value for key, value in each.items()}


def read_pdf(body: bytes, spec: ListSpec) -> ListReading | ListUnread:
    """The rows of the tables in the section that `spec.rows` names, or in the whole document; a table that goes on
    over the page needs its head only once."""
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except ImportError:
        return ListUnread("lire un PDF demande l’extra « pdf » : pip install 'vigie[pdf]'")
    try:
        with pdfplumber.open(io.BytesIO(body)) as document:
            if len(document.pages) > MOST_PAGES:
                return ListUnread(f"un PDF de {len(document.pages)} pages : {MOST_PAGES} au plus")
            return _read(document.pages, spec, ended=b"%%EOF" in body[-1024:])
    except PDFPasswordIncorrect:
        return ListUnread("PDF protégé par un mot de passe")
    except Exception as problem:  # whatever pdfminer makes of a file that is broken
        cause = problem.args[0] if problem.args and isinstance(problem.args[0], Exception) else problem
        secret = isinstance(cause, PDFPasswordIncorrect)
        return ListUnread("PDF protégé par un mot de passe" if secret else f"PDF illisible : {type(cause).__name__}")


class _Section:
    """Where a document is, line after line, seen from the section that is wanted; "" wants all of it."""

    def __init__(self, title: str) -> None:
        self._title = _SECTION.sub("", title.strip())
        given = _NUMBER.match(self._title)
        self._number = given[1] if given else ""
        self.inside = not self._title

    def opens(self, line: str) -> bool:
        """Is this its heading, and no line of the table of contents?"""
        if _CONTENTS.search(line) or len(line) > LONGEST_HEADING:
            return False
        number = _NUMBER.match(line)
        if self._number:
            return number is not None and number[1] == self._number
        return bool(self._title) and squeezed(self._title) in squeezed(line)

    def pass_line(self, line: str) -> None:
        number = _NUMBER.match(line)
        if self.opens(line):
            self.inside, self._number = True, number[1] if number else self._number
        elif self.inside and self._number and number is not None and len(line) <= LONGEST_HEADING:
            self.inside = number[1].startswith(f"{self._number}.")  # the next heading ends it, one below it does not


class _Rows:
    """The rows of the tables met so far; a table without a head goes on with the columns of the one before, and a row
    that a page's end cut in two with its second half."""

    def __init__(self, spec: ListSpec) -> None:
        self._spec = spec
        self._width = 0
        self._last: list[str] = []  # the cells of the last row
        self.columns: ListColumns | None = None
        self.rows: list[ListRow] = []
        self.seen: list[str] = []

    def take(self, table: list[list[str]], *, goes_on: bool) -> None:
        """`goes_on`: it is the first of its page."""
        found = ListColumns.found([(head,) for head in table[0]], self._spec)
        if found is not None:
            self.columns, self._width = found, len(table[0])
            table = table[1:]
        if self.columns is None or any(len(cells) != self._width for cells in table[:1]):
            self.seen += table[0]
            return
        if goes_on and self.rows and table and not table[0][self.columns.key[0]]:
            both = zip(self._last, table[0], strict=False)
            self._last, table = [" ".join(filter(None, cells)) for cells in both], table[1:]
            whole = self.columns.row(self._last, self._spec)
            self.rows[-1:] = [whole] if whole else []
        rows = [(row, cells) for cells in table if (row := self.columns.row(cells, self._spec)) is not None]
        self.rows += [row for row, _ in rows]
        self._last = rows[-1][1] if rows else self._last


def _read(pages: Sequence[Any], spec: ListSpec, *, ended: bool) -> ListReading | ListUnread:
    section, found, text = _Section(spec.rows), _Rows(spec), False
    for page in pages:
        if found.columns is not None and not section.inside:
            break  # past it
        is_first = True
        for part in _parts(page, section):
            text = True
            if isinstance(part, str):
                section.pass_line(part)
            elif section.inside:
                found.take(part, goes_on=is_first)
                is_first = False
        page.close()
        if refusal := too_many(len(found.rows)):
            return refusal
    if not text:
        return ListUnread("PDF sans texte (numérisé ?) : Vigie ne lit pas les images")
    if found.columns is None:
        known = found.seen or not spec.rows
        return not_there(spec, found.seen) if known else ListUnread(f"« {spec.rows} » n’est pas dans ce PDF")
    return found.columns.reading(found.rows, spec, ended=ended)


def _filled(rows: Sequence[Sequence[str | None]]) -> list[list[str]]:
    """The cells of a table, those that reach down in each row that they cover; a heading across the row is alone."""
    filled: list[list[str]] = []
    for row in rows:
        above = filled[-1] if filled and sum(cell is not None for cell in row) > 1 else []
        reached = enumerate(row[:MOST_COLUMNS])
        filled.append([above[at] if cell is None and at < len(above) else bounded(cell or "") for at, cell in reached])
    return filled


def _parts(page: Any, section: _Section) -> Iterator[str | list[list[str]]]:
    """The lines of a page and its tables, from top to bottom; where none can be wanted, only the lines."""
    lines = page.extract_text_lines(return_chars=False)
    sought = section.inside or any(section.opens(line["text"].strip()) for line in lines)
    tables = page.find_tables() if sought else []
    around = [
        (line["top"], line["text"].strip())
        for line in lines
        if not any(table.bbox[1] - 1 <= line["top"] <= table.bbox[3] + 1 for table in tables)
    ]
    laid: list[tuple[float, str | list[list[str]]]] = [*around]
    for table in tables:
        grid = _filled(table.extract())
        if grid:
            laid.append((table.bbox[1], grid))
    yield from (part for _, part in sorted(laid, key=lambda each: each[0]))
