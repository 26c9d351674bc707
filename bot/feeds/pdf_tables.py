"""The rows of a list in the ruled tables of a PDF; the only door to pdfplumber. Called in a worker process."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.feeds.columns import MOST_COLUMNS, ListColumns, bounded, not_there, too_many
from matchers.lists import ListReading, ListRow, ListSpec, ListUnread, squeezed

MOST_PAGES = 200
LONGEST_HEADING = 120  # characters
_SECTION = re.compile(r"^(?:section|chapitre|partie)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\.?(?=\s|$)")
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+\s*$")  # a line of the table of contents


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
    """The rows of the tables met so far; a table without a head goes on with the columns of the one before."""

    def __init__(self, spec: ListSpec) -> None:
        self._spec = spec
        self._width = 0
        self.columns: ListColumns | None = None
        self.rows: list[ListRow] = []
        self.seen: list[str] = []

    def take(self, table: list[list[str]]) -> None:
        found = ListColumns.found([(head,) for head in table[0]], self._spec)
        if found is not None:
            self.columns, self._width = found, len(table[0])
            table = table[1:]
        if self.columns is None or any(len(cells) != self._width for cells in table[:1]):
            self.seen += table[0]
            return
        rows = (self.columns.row(cells, self._spec) for cells in table)
        self.rows += [row for row in rows if row is not None]


def _read(pages: Sequence[Any], spec: ListSpec, *, ended: bool) -> ListReading | ListUnread:
    section, found, text = _Section(spec.rows), _Rows(spec), False
    for page in pages:
        if found.columns is not None and not section.inside:
            break  # past it
        for part in _parts(page, section):
            text = True
            if isinstance(part, str):
                section.pass_line(part)
            elif section.inside:
                found.take(part)
        page.close()
        if refusal := too_many(len(found.rows)):
            return refusal
    if not text:
        return ListUnread("PDF sans texte (numérisé ?) : Vigie ne lit pas les images")
    if found.columns is None:
        known = found.seen or not spec.rows
        return not_there(spec, found.seen) if known else ListUnread(f"« {spec.rows} » n’est pas dans ce PDF")
    return found.columns.reading(found.rows, spec, ended=ended)


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
        grid = [[bounded(cell or "") for cell in row[:MOST_COLUMNS]] for row in table.extract()]
        if grid:
            laid.append((table.bbox[1], grid))
    yield from (part for _, part in sorted(laid, key=lambda each: each[0]))
