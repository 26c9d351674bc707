"""What each row of a reading is known by. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape

from matchers.lists.cells import NOTE, plain, squeezed
from matchers.lists.model import ListRow


def key_of(row: ListRow) -> str:
    """What a row is known by, typography aside."""
    return "|".join(squeezed(_BADGE.sub("", NOTE.sub("", unescape(part)))) for part in row.key)


_BADGE = re.compile(r"(?<=\w)[\s(\[]+(?:nouveau(?:té)?|new|mis à jour|màj)\s*[!)\]]*\s*$", re.IGNORECASE)


def by_key(rows: Iterable[ListRow]) -> dict[str, ListRow]:
    """Rows by key, in their order. The same key twice is one row: where the two differ it has both values, in an order
    of its own, so that a list sorted anew says nothing."""
    found: dict[str, ListRow] = {}
    for row in rows:
        key = key_of(row)
        if key.strip("|"):
            found[key] = _both(found[key], row) if key in found else row
    return found


def _both(one: ListRow, other: ListRow) -> ListRow:
    if one == other:
        return one
    second = {squeezed(name): text for name, text in other.cells}
    cells = tuple((name, _joined(text, second.get(squeezed(name), ""))) for name, text in one.cells)
    return replace(one, status=_joined(one.status, other.status), until=_joined(one.until, other.until), cells=cells)


def _joined(one: str, other: str) -> str:
    parts = {plain(part): part for part in (*one.split(" / "), *other.split(" / ")) if part}
    return " / ".join(parts[each] for each in sorted(parts))
