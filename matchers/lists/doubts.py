"""Why a reading of a list is not believed. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from matchers.lists.cells import alike, same_end
from matchers.lists.model import KnownList, ListReading, ListRow
from matchers.lists.views import filtered

CUT = 3  # rows gone from one end at once, and none elsewhere: more likely half a page than as many withdrawals
FEWEST_KEPT = 0.7  # of the keys that are known: below that it is the reading that lost them
MOST_MOVED = 0.3  # of the statuses in one reading: beyond that the column has changed its meaning
A_MONTH = timedelta(days=25)  # without a good reading: a list has moved on
FEWEST_RENEWED = 0.4  # of the keys, after such a month
FEWEST = 5  # rows: shares of less say nothing


def doubt(known: KnownList, reading: ListReading, rows: Mapping[str, ListRow], now: datetime) -> str:
    """Why this reading is not believed; "" where it is. `known` as held since this reading at the latest."""
    for column, now_there in ((known.status_field, reading.status_field), (known.until_field, reading.until_field)):
        if column and not now_there:
            return f"la colonne « {column} » n’y est plus"
    if known.ended and not reading.ended:
        return "document coupé avant sa fin"
    kept = [key for key in known.rows if key in rows]
    if has_few(known, rows) and not _is_renewed(known, rows):
        return f"{len(kept)} des {len(known.rows)} lignes connues s’y trouvent"
    if end := _cut(_weighed(known), rows, reading.open_ended):
        return f"{end} de la liste manque"
    if lost := _lost(known, reading, rows):
        return lost
    if shared := filtered(known, rows, now):
        return f"plus une ligne « {shared} » : une vue filtrée de la liste ?"
    moved = sum(not alike(known.rows[key].row.status, rows[key].status) for key in kept)
    ended = sum(not same_end(known.rows[key].row.until, rows[key].until) for key in kept)
    if len(kept) >= FEWEST and max(moved, ended) > MOST_MOVED * len(kept):
        what = "statuts" if moved >= ended else "fins de validité"
        return f"{max(moved, ended)} {what} sur {len(kept)} changent d’un coup"
    return ""


def _cut(known: list[str], rows: Mapping[str, ListRow], open_ended: bool) -> str:
    """Which part of the list is gone, several rows in sequence, while nothing else moved: a document cut at the end of
    a line, or a page of a list that has pages by now. From the midst those of one name may go together. "" for none."""
    there = [place for place, key in enumerate(known) if key in rows]
    gone = [place for place, key in enumerate(known) if key not in rows]
    if not there or not gone or not set(rows) <= set(known):
        return ""
    head, tail = there[0], len(known) - 1 - there[-1]
    if head + tail == len(gone):
        return "la fin" if tail >= (2 if open_ended else CUT) else "le début" if head >= CUT else ""
    names = {known[place].split("|")[0] for place in gone}
    return "le milieu" if gone[-1] - gone[0] + 1 == len(gone) >= CUT and len(names) > 1 else ""


def _lost(known: KnownList, reading: ListReading, rows: Mapping[str, ListRow]) -> str:
    """What shows that rows which lack here were lost on the way; "" for nothing."""
    missing = sum(key not in rows for key in known.rows)
    about_all = len(known.rows) <= reading.announced <= 1.2 * len(known.rows) + 2  # else it counts another thing
    if missing and about_all and known.counted and reading.announced > len(reading.rows):
        return f"{reading.announced} lignes sont annoncées, {len(reading.rows)} s’y trouvent"
    if missing and reading.goes_on and not known.goes_on:
        return "la page mène à une suite : dites « pages » ou « next » si la liste a plusieurs pages"
    if missing > 1 and reading.parts < known.parts:
        return f"des tableaux manquent : {reading.parts} au lieu de {known.parts}"
    whole = [(each.row, rows.get(key)) for key, each in known.rows.items()]
    spoilt = any(now and _SPOILT.search(now.status) and not _SPOILT.search(row.status) for row, now in whole)
    new = sum(_SPOILT.search(key.name) is not None for key in rows.values())
    blank = sum(not all(row.key) for row in rows.values())
    if missing and blank > sum(not all(row.key) for row, _ in whole):
        return f"{blank} lignes n’ont pas toute leur clé"
    if spoilt or (missing and new > sum(_SPOILT.search(row.name) is not None for row, _ in whole)):
        return "des lettres y sont abîmées"
    return ""


_SPOILT = re.compile(r"\ufffd|\?\w|Ã.")  # letters that a wrong charset made


def has_few(known: KnownList, rows: Mapping[str, ListRow]) -> bool:
    """Has a reading too few of the keys that are known to be believed? What is missing already was weighed."""
    before = _weighed(known)
    few = sum(key in rows for key in before) < _fewest(len(before))
    return few or sum(key in rows for key in known.rows) < len(known.rows) / 2


def _weighed(known: KnownList) -> list[str]:
    return [key for key, each in known.rows.items() if each.missing_since is None]


def _is_renewed(known: KnownList, rows: Mapping[str, ListRow]) -> bool:
    """Is this what a list has become that nobody could read for a month, with as many rows as before: its first
    reading with few of the known ones came that late, and others have come instead of them?"""
    late = known.few_since is not None and known.few_since - known.read_at >= A_MONTH
    kept = sum(key in rows for key in known.rows)
    gone = len(known.rows) - kept
    return late and kept >= FEWEST_RENEWED * len(known.rows) and 2 * (len(rows) - kept) >= gone


def _fewest(known: int) -> float:
    """How many of the known keys a reading must have: of a short list, half."""
    return FEWEST_KEPT * known if known >= FEWEST else known / 2
