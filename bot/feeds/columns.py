"""From cells under the names of their columns to the rows of a list, whatever form they came in. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Self

from bot.feeds.plain_text import bounded_marks
from bot.messages.forged import harmless
from matchers.lists import ListReading, ListRow, ListSpec, ListUnread, squeezed

MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000  # characters
_LONGEST_NAME = 40  # words of a head, a name among them
_SUMS = frozenset({"total", "totalgeneral", "totaux", "soustotal", "ensemble", "nombretotal", "grandtotal"})
_NUMBER = re.compile(r"[\d\s\u00a0\u202f.,]+%?")
_TEMPLATE = re.compile(r"\{\{|\}\}|\$\{|<%|%>")  # a row that a script would have filled
SHOWN = 12  # names of columns in a message


@dataclass(frozen=True, slots=True)
class ListColumns:
    """Where the columns that a list names stand. `status` and `until` are None where there is no such column; `others`
    are those that it does not name, MOST_COLUMNS of them at most."""

    key: tuple[int, ...]
    status: int | None
    until: int | None
    others: tuple[tuple[int, str], ...]

    @classmethod
    def found(cls, heads: Sequence[Sequence[str]], spec: ListSpec) -> Self | None:
        """`heads`: for each column the names that it goes by, the fullest first. None where a part of the key is not
        among them, or more than one."""
        key = [_place(heads, part) for part in spec.key]
        known = [place for place in key if place is not None]
        if len(known) < len(key) or not known:
            return None
        status = _place(heads, spec.status) if spec.status else None
        until = _place(heads, spec.until) if spec.until else None
        taken = {*known, status, until}
        others = (
            (place, harmless(names[0]))
            for place, names in enumerate(heads)
            if place not in taken and names and names[0]
        )
        return cls(tuple(known), status, until, tuple(islice(others, MOST_COLUMNS)))

    @property
    def places(self) -> list[int]:
        """Where any of them stands, in order."""
        named = (place for place in (*self.key, self.status, self.until) if place is not None)
        return sorted({*named, *(place for place, _ in self.others)})

    @property
    def last(self) -> int:
        """The last place that a row must reach to be one."""
        return max(place for place in (*self.key, self.status, self.until) if place is not None)

    def row(self, cells: Sequence[str], spec: ListSpec) -> ListRow | None:
        """The row that these cells make; None where they hold no key, that of a template, a sum, or one word."""
        key = tuple(_cell(cells, place) for place in self.key)
        if not any(key) or any(_TEMPLATE.search(part) for part in key):
            return None
        if (len(key) > 1 and self._is_heading(cells)) or self._is_sum(cells):
            return None
        return ListRow(
            key,
            _cell(cells, self.status) if self.status is not None else spec.status,
            _cell(cells, self.until) if self.until is not None else "",
            tuple((name, _cell(cells, place)) for place, name in self.others),
        )

    def _is_heading(self, cells: Sequence[str]) -> bool:
        places = self.places
        return len(places) > 2 and sum(bool(_cell(cells, place)) for place in places) == 1

    def _is_sum(self, cells: Sequence[str]) -> bool:
        first, *others = (_cell(cells, place) for place in self.places)
        return squeezed(first) in _SUMS and any(others) and all(_NUMBER.fullmatch(each) for each in others if each)

    def reading(self, rows: Iterable[ListRow], spec: ListSpec, *, ended: bool, open_ended: bool = False) -> ListReading:
        return ListReading(
            _unnumbered(tuple(rows)),
            spec.status if self.status is not None else "",
            spec.until if self.until is not None else "",
            ended,
            open_ended,
        )


def _unnumbered(rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """Without the columns that only count the rows: another row, and all of them would move."""
    names = [name for name, _ in rows[0].cells] if len(rows) > 2 else []
    counted = {name for place, name in enumerate(names) if _counts([row.cells[place][1] for row in rows])}
    if not counted:
        return rows
    return tuple(replace(row, cells=tuple(each for each in row.cells if each[0] not in counted)) for row in rows)


def _counts(cells: Sequence[str]) -> bool:
    numbers = [int(cell[:9]) for cell in cells if cell.isascii() and cell.isdecimal()]
    return len(numbers) == len(cells) and all(after - before in (1, -1) for before, after in pairwise(numbers))


def too_many(count: int) -> ListUnread | None:
    if count <= MOST_ROWS:
        return None
    return ListUnread(f"plus de {MOST_ROWS} lignes : resserrez « rows »")


def not_there(spec: ListSpec, heads: Iterable[str]) -> ListUnread:
    """No column of that name, with those that there are."""
    seen = [name for name in heads if name][:SHOWN]
    wanted = " + ".join(spec.key)
    return ListUnread(f"pas de colonne « {wanted} »" + (f" ; celles que voici : {', '.join(seen)}" if seen else ""))


def bounded(text: str) -> str:
    """One line of a cell, as long as a cell may be."""
    return bounded_marks(" ".join(text.split())[:LONGEST_CELL])


def from_records(records: Sequence[Mapping[str, str]], spec: ListSpec) -> ListReading | ListUnread:
    """The rows of records that name their own columns; the columns are those of all of them."""
    names = list(dict.fromkeys(name for record in records for name in record))
    everything = ListColumns.found([(name,) for name in names], spec)
    if everything is None:
        return not_there(spec, names)
    if refusal := too_many(len(records)):
        return refusal
    names = [names[place] for place in everything.places]  # records whose names are ids have as many as there are
    columns = ListColumns.found([(name,) for name in names], spec) or everything
    rows = (columns.row([record.get(name, "") for name in names], spec) for record in records)
    return columns.reading((row for row in rows if row is not None), spec, ended=True)


def _cell(cells: Sequence[str], place: int) -> str:
    """What of it a reader sees: a terminal or a display would obey the rest."""
    return harmless(cells[place]) if place < len(cells) else ""


def _place(heads: Sequence[Sequence[str]], wanted: str) -> int | None:
    """The column of that name; else the only one whose name begins so (« Statut au 15 septembre »)."""
    name = squeezed(wanted)
    for place, names in enumerate(heads):
        if any(squeezed(each) == name for each in names):
            return place
    begun = [place for place, names in enumerate(heads) if any(_begins(each, name) for each in names)]
    return begun[0] if len(begun) == 1 and name else None


def _begins(head: str, name: str) -> bool:
    words = head.split(maxsplit=_LONGEST_NAME)
    return any(squeezed(" ".join(words[:count])) == name for count in range(1, len(words)))
