"""The rows of a list that is data: CSV and JSON. Called in a worker process."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.feeds import loose_json
from bot.feeds.columns import MOST_COLUMNS, ListColumns, bounded, from_records, not_there, too_many
from matchers.lists import ListReading, ListSpec, ListUnread, squeezed

_DELIMITERS = ";,\t|"
_REMARKS = 50  # lines that may stand before the head
_DEEPEST = 6  # of the objects of a row


# --- CSV -----------------------------------------------------------------------------------------------------------
def read_csv(text: str, spec: ListSpec) -> ListReading | ListUnread:
    """Delimiter, and the line that names the columns, are those under which the key is found."""
    lines = text.splitlines(keepends=True)
    found = _head(lines, spec)
    if found is None:
        return not_there(spec, _seen(lines))
    start, delimiter, heads, columns = found
    if refusal := too_many(len(lines) - start):
        return refusal
    body = _body("".join(lines[start + 1 :]), delimiter)
    if isinstance(body, ListUnread):
        return body
    ended = text.endswith(("\n", "\r"))
    if body and not ended and len(body[-1]) < len(heads):
        return ListUnread("CSV coupé au milieu d’une ligne")
    body = [cells for cells in body if _is_row(cells, heads)]
    whole = [cells for cells in body if columns.last < len(cells) and not any(cells[len(heads) :])]
    rows = (columns.row([bounded(cell) for cell in cells], spec) for cells in whole)
    reading = columns.reading((row for row in rows if row is not None), spec, ended=ended, open_ended=True)
    return replace(reading, announced=len(reading.rows) + len(body) - len(whole))


def _body(text: str, delimiter: str) -> list[list[str]] | ListUnread:
    try:
        try:
            return _strictly(text, delimiter)
        except csv.Error:
            return _strictly(_requoted(text, delimiter), delimiter)
    except csv.Error as problem:
        if "field larger" in str(problem):
            return ListUnread("CSV : une cellule n’en finit pas, d’un guillemet jamais refermé ou d’un autre fichier")
        quoted = "unexpected end" in str(problem)
        return ListUnread("CSV : un guillemet n’est jamais refermé" if quoted else f"CSV illisible : {problem}")


def _strictly(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _requoted(text: str, delimiter: str) -> str:
    """With quotes around each cell that only begins with some: « "Nébulis" SA ». A cell whose quotes are odd, or hold
    a delimiter or a line's end, stays as it is: one of them may be open."""
    plain = f'[^"{re.escape(delimiter)}\r\n]'
    begun = re.compile(rf'(?<![^{re.escape(delimiter)}\r\n])(?:"{plain}*"{plain}*+)++(?![^{re.escape(delimiter)}\r\n])')
    return begun.sub(lambda cell: '"' + (_cells(cell[0], delimiter) or [cell[0]])[0].replace('"', '""') + '"', text)


def _head(lines: Sequence[str], spec: ListSpec) -> tuple[int, str, list[str], ListColumns] | None:
    for place, line in enumerate(lines[:_REMARKS]):
        for delimiter in _DELIMITERS:
            heads = _cells(line, delimiter)
            columns = ListColumns.found([(head,) for head in heads], spec)
            if columns is not None and (len(heads) > 1 or not spec.status):
                return place, delimiter, heads, columns
    return None


def _seen(lines: Sequence[str]) -> list[str]:
    """What the first line may have meant as names of columns."""
    ways = [_cells(lines[0], delimiter) for delimiter in _DELIMITERS] if lines else [[]]
    return max(ways, key=lambda cells: len(cells))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [bounded(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])][:MOST_COLUMNS]
    except csv.Error:
        return []


def _is_row(cells: Sequence[str], heads: Sequence[str]) -> bool:
    """A remark under the rows has one cell."""
    return len(cells) > 1 or len(heads) == 1


# --- JSON ----------------------------------------------------------------------------------------------------------
def read_json(text: str, spec: ListSpec) -> ListReading | ListUnread:
    """The objects at `spec.rows`, a dotted name; "" where the document is the list, or holds one only."""
    documents = loose_json.values(text)
    if len(documents) != 1:
        return ListUnread("JSON illisible ou coupé")
    rows = _rows(documents[0], spec.rows)
    if rows is None:
        return ListUnread(f"pas de liste « {spec.rows} » dans ce JSON : l’adresse a changé de réponse")
    if refusal := too_many(len(rows)):
        return refusal
    reading = from_records([dict(_flat(row, "", _DEEPEST)) for row in rows if isinstance(row, dict)], spec)
    if isinstance(reading, ListUnread):
        return reading
    return replace(reading, announced=_announced(documents[0]), goes_on=_goes_on(documents[0]))


_NEXT = frozenset({"next", "nextpage", "nextlink", "nextpageurl", "hasmore", "hasnext", "hasnextpage", "cursor"})
_LAST = frozenset({"last", "islast", "lastpage"})


def _goes_on(document: Any) -> bool:
    """Does a document say that it is one page, and not the last?"""
    for head in [document, *document.values()] if isinstance(document, dict) else []:
        said = {squeezed(name): value for name, value in head.items()} if isinstance(head, dict) else {}
        if any(said.get(name) for name in _NEXT) or any(said.get(name) is False for name in _LAST):
            return True
    return False


_TOTALS = frozenset({"total", "totalcount", "count", "nhits", "nombre", "totalresults", "totalelements", "totalhits"})


def _announced(document: Any) -> int:
    """How many rows there are by the document's own account, in its head or one object below; 0 where it gives none."""
    heads = [document, *document.values()] if isinstance(document, dict) else []
    told = (
        int(value)
        for head in heads
        if isinstance(head, dict)
        for name, value in head.items()
        if squeezed(name) in _TOTALS and re.fullmatch("[0-9]{1,9}", str(value))
    )
    return max(told, default=0)


def next_of(text: str, path: str) -> str:
    """The address that a document gives of its next page; "" where there is none."""
    documents = loose_json.values(text)
    found = _at(documents[0], path) if documents else None
    return found if isinstance(found, str) else ""


def _rows(document: Any, path: str) -> list[Any] | None:
    found = _at(document, path) if path else document
    if isinstance(found, dict) and not path:
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if isinstance(found, dict):  # rows by their id
        found = list(found.values())
    return found if isinstance(found, list) else None


def _at(document: Any, path: str) -> Any:
    for part in path.split("."):
        document = document.get(part) if isinstance(document, dict) else None
    return document


def _flat(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """The texts of an object by their dotted names."""
    if isinstance(value, dict) and depth:
        for key, each in list(value.items())[:MOST_COLUMNS]:
            yield from _flat(each, f"{name}.{key}" if name else str(key), depth - 1)
    elif isinstance(value, list):
        yield name, ", ".join(_word(each) for each in value[:MOST_COLUMNS] if not isinstance(each, dict | list))
    elif not isinstance(value, dict):
        yield name, _word(value)


def _word(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case _:
            return bounded(str(value))
