"""What rows that went together have and no other has: a view of a list that somebody filtered. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from matchers.lists.cells import alike, day_of, plain, squeezed
from matchers.lists.model import KnownList, ListRow

FEWEST_FILTERED = 3  # rows that go together and alone share something
PAIR = 2  # of them that alone have a status, where nothing else moved


def filtered(known: KnownList, rows: Mapping[str, ListRow], now: datetime) -> str:
    """What a view lacks: a status, a cell, or the year of an end to come; "" where it is none. The rows of one name
    may go together. `known` as held since `now` at the latest: what was held once stays so, whatever else moves."""
    gone = [each.row for key, each in known.rows.items() if key not in rows and each.missing_since is None]
    if len({squeezed(row.key[0]) for row in gone}) < PAIR:
        return ""
    quiet = _is_quiet(known, rows) or (known.held_since is not None and known.held_since < now)
    if status := _status_alone(gone, rows, PAIR if quiet else FEWEST_FILTERED):
        return status
    return _of_one_kind(gone, list(rows.values()), now) if len(gone) >= FEWEST_FILTERED else ""


def _is_quiet(known: KnownList, rows: Mapping[str, ListRow]) -> bool:
    """Has no row come, and no status changed?"""
    return all(key in known.rows and alike(known.rows[key].row.status, row.status) for key, row in rows.items())


def _status_alone(gone: Sequence[ListRow], rows: Mapping[str, ListRow], fewest: int) -> str:
    """A status that so many of the names gone had and no row has."""
    names: dict[str, set[str]] = {}
    for row in gone:
        names.setdefault(plain(row.status), set()).add(squeezed(row.key[0]))
    left = {plain(row.status) for row in rows.values()}
    alone = {status for status, those in names.items() if status and status not in left and len(those) >= fewest}
    return next((row.status for row in gone if plain(row.status) in alone), "")


def _of_one_kind(gone: Sequence[ListRow], rows: Sequence[ListRow], now: datetime) -> str:
    shared = set.intersection(*(_groups(row, now) for row in gone))
    for row in rows:
        shared -= _groups(row, now)
    column = min(shared, default=None)
    return f"{column[0]} : {column[1]}" if column else ""


def _groups(row: ListRow, now: datetime) -> set[tuple[str, str]]:
    """What a view may be filtered by: a cell, and the year of an end that has not passed."""
    end = day_of(row.until)
    years = {("fin", str(end.year))} if end is not None and end > now.date() else set[tuple[str, str]]()
    return years | {(name, plain(text)) for name, text in row.cells if text}
