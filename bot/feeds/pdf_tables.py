"""The rows of a list in the ruled tables of a PDF; the only door to pdfplumber. Called in a worker process."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.feeds.columns import MOST_COLUMNS, ListColumns, bounded, not_there, too_many
from matchers.lists import ListReading, ListRow, ListSpec, ListUnread, squeezed

MOST_PAGES = 200
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


def _read(pages: Sequence[Any], spec: ListSpec, *, ended: bool) -> ListReading | ListUnread:
    wanted = _SECTION.sub("", spec.rows.strip())
    columns: ListColumns | None = None
    width = 0
    rows: list[ListRow] = []
    seen: list[str] = []
    text = False
    inside = not wanted
    for page in pages:
        for each in _parts(page):
            text = True
            if isinstance(each, str):
                inside = _still(inside, each, wanted)
                continue
            if not inside:
                continue
            found = ListColumns.found([(head,) for head in each[0]], spec)
            if found is not None:
                columns, width = found, len(each[0])
            elif columns is None or len(each[0]) != width:
                seen += each[0]
                continue
            body = each[1:] if found is not None else each
            rows += [row for cells in body if (row := columns.row(cells, spec)) is not None]
            if refusal := too_many(len(rows)):
                return refusal
        page.close()
    if not text:
        return ListUnread("PDF sans texte (numérisé ?) : Vigie ne lit pas les images")
    if columns is None:
        return not_there(spec, seen) if seen or not wanted else ListUnread(f"« {spec.rows} » n’est pas dans ce PDF")
    return columns.reading(rows, spec, ended=ended)


def _still(inside: bool, line: str, wanted: str) -> bool:
    """Whether what follows this line stands in the section that is wanted."""
    if not wanted or _CONTENTS.search(line):
        return inside
    number, given = _NUMBER.match(line), _NUMBER.match(wanted)
    if given is None:
        return inside or squeezed(wanted) in squeezed(line)
    if number is None or len(line) > 120:
        return inside
    return number[1] == given[1] or (inside and number[1].startswith(f"{given[1]}."))


def _parts(page: Any) -> Iterator[str | list[list[str]]]:
    """The lines of a page and its tables, from top to bottom."""
    tables = page.find_tables()
    lines = page.extract_text_lines(return_chars=False)
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
