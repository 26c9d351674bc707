"""Which row that came is one that went, under another name. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from matchers.lists.cells import day_of, folded, plain, squeezed
from matchers.lists.model import ListedRow, ListRow

MOST_COMPARED = 250_000  # pairs of a row that went and one that came, told apart by their names alone


def new_names(
    known: Mapping[str, ListedRow], absent: Mapping[str, ListedRow], rows: Mapping[str, ListRow]
) -> dict[str, str]:
    """New key -> the key that it stands for now; those found at an earlier reading first."""
    pairs = {key: each.instead_of for key, each in known.items() if each.instead_of in absent and key in rows}
    new = [key for key in rows if key not in known]
    stood_for = set(pairs.values())
    gone = [key for key, each in absent.items() if not each.instead_of and key not in stood_for]
    if not new or not gone:
        return pairs
    common = _common([each.row for each in known.values()], rows.values())
    by_cells: dict[tuple[str, ...], list[str]] = {}
    for key in gone:
        by_cells.setdefault(_others(absent[key].row), []).append(key)
    alike_new = Counter(_others(rows[key]) for key in new)
    for others in [each for each, rivals in by_cells.items() if len(rivals) * alike_new[each] > MOST_COMPARED]:
        del by_cells[others]  # that many at once are no new names of each other
    for key in new:
        rivals = by_cells.get(_others(rows[key]), [])
        found = next((old for old in rivals if _same_one(absent[old].row, rows[key], common)), None)
        if found is not None:
            rivals.remove(found)
            pairs[key] = found
    taken = set(pairs.values())
    left = {key: absent[key].row for key in gone if key not in taken}
    came = {key: rows[key] for key in new if key not in pairs}
    return pairs | _by_own_part(left, came, common)


_WORD = re.compile(r"[^\W_]+")


def _others(row: ListRow) -> tuple[str, ...]:
    """What must be the same of two rows for them to be one: everything but the key."""
    cells = sorted((squeezed(name), plain(text)) for name, text in row.cells)
    return (
        plain(row.status),
        str(day_of(row.until) or plain(row.until)),
        *(f"{name}={text}" for name, text in cells),
    )


def _common(known: Iterable[ListRow], rows: Iterable[ListRow]) -> Counter[tuple[str, str]]:
    """How often each value stands in its column, and each word in the names, in both readings."""
    return Counter(each for row in (*known, *rows) for each in _values(row))


@lru_cache(maxsize=1 << 14)
def _values(row: ListRow) -> frozenset[tuple[str, str]]:
    words = {("", word) for word in _words(row.name)}
    parts = {(f"key {place}", squeezed(part)) for place, part in enumerate(row.key)}
    return frozenset(words | parts | {(squeezed(name), plain(text)) for name, text in row.cells if text})


def _same_one(gone: ListRow, new: ListRow, common: Counter[tuple[str, str]]) -> bool:
    """Two rows with the same cells are one where something that only they have says so, or where one name only adds
    words to the other."""
    if any(common[each] <= 2 for each in _values(gone) & _values(new)):
        return True
    pairs = [(_words(old), _words(now)) for old, now in zip(gone.key, new.key, strict=True)]
    return all(old and now and (old <= now or old >= now) for old, now in pairs)


def _by_own_part(
    gone: Mapping[str, ListRow], new: Mapping[str, ListRow], common: Counter[tuple[str, str]]
) -> dict[str, str]:
    """New key -> the key gone whose very service it has, several words that nobody else has, whatever else moved."""
    parts = {(place, squeezed(part)): old for old, row in gone.items() for place, part in enumerate(row.key)}
    found: dict[str, str] = {}
    for key, row in new.items():
        for place, part in enumerate(row.key):
            old = parts.get((place, squeezed(part)))
            if old is not None and old not in found.values() and _is_own(part, place, common):
                found[key] = old
                break
    return found


def _is_own(part: str, place: int, common: Counter[tuple[str, str]]) -> bool:
    words = _words(part)
    alone = common[(f"key {place}", squeezed(part))] <= 2
    return alone and len(words) > 1 and any(common[("", word)] <= 2 for word in words)


@lru_cache(maxsize=1 << 14)
def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(name)))
