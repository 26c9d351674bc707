"""What changed between two readings of an official list, and which reading is not to be believed. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from html import unescape
from typing import Literal

from matchers.months import MONTHS

ListFormat = Literal["html", "csv", "json", "pdf"]
ListEventKind = Literal["added", "removed", "changed", "renamed", "expired?"]

CONFIRMED = timedelta(hours=6)  # between the two readings that a withdrawal needs
CUT = 3  # rows gone from one end at once, and none elsewhere: more likely half a page than as many withdrawals
FEWEST_KEPT = 0.7  # of the keys that are known: below that it is the reading that lost them
MOST_MOVED = 0.3  # of the statuses in one reading: beyond that the column has changed its meaning
MOST_PAGES = 30  # of one list
MOST_COMPARED = 250_000  # pairs of a row that went and one that came, told apart by their names alone
FEWEST = 5  # rows: shares of less say nothing
KEY = " | "  # between the parts of a key, as people read it


@dataclass(frozen=True, slots=True)
class ListSpec:
    """How a list is read, as feeds.yaml says it. `key` holds the names of its columns; "" stands for what is not said.

    `rows` is where the rows are: CSS, a dotted name, the title of a section. `status` is a column or the one status of
    all; `pages` and `follow` say how the next pages are found.
    """

    key: tuple[str, ...]
    rows: str = ""
    status: str = ""
    until: str = ""
    tracker: str = ""
    format: ListFormat = "html"
    pages: str = ""
    follow: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row as it is written: `key` has a text a part, `cells` every other column with its name."""

    key: tuple[str, ...]
    status: str = ""
    until: str = ""
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return KEY.join(self.key)


@dataclass(frozen=True, slots=True)
class ListReading:
    """The rows of one reading, all its pages together. `status_field` and `until_field` name the columns that hold
    them; "" where there is none. `ended`: the document had its end mark. `open_ended`: it may end after any row, since
    its form has no mark (a CSV). `parts`: how many tables have rows; `announced`: how many rows there are by its own
    account, 0 where it gives none."""

    rows: tuple[ListRow, ...]
    status_field: str = ""
    until_field: str = ""
    ended: bool = True
    open_ended: bool = False
    parts: int = 1
    announced: int = 0


@dataclass(frozen=True, slots=True)
class ListUnread:
    """There are no rows to be had from what came; `why` is one line in French."""

    why: str


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row that is known. `since` it was there, `status_since` with this status; `missing_since`: absent from the
    last good reading, and first from that one. `expired`: its passed end was told. `instead_of`: the key of a row that
    went as this one came, until it is sure that it is the same under a new name."""

    row: ListRow
    since: datetime
    status_since: datetime
    missing_since: datetime | None = None
    expired: bool = False
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class KnownList:
    """What is believed of a list: its rows by key, and when it was last read well. `held_since`: no reading since was
    believed."""

    rows: Mapping[str, ListedRow]
    read_at: datetime
    status_field: str = ""
    until_field: str = ""
    ended: bool = True
    held_since: datetime | None = None
    parts: int = 1

    @property
    def unsettled(self) -> bool:
        """True where the next reading decides something: it must not be answered by « not modified »."""
        return self.held_since is not None or any(each.missing_since or each.instead_of for each in self.rows.values())


@dataclass(frozen=True, slots=True)
class ListEvent:
    """What a list says anew of a row. `field`, `before` and `after` tell what changed; of a rename, `after` is the new
    name. `at` is the day that it bears: of a withdrawal, that of the first absence. `quiet`: no status, no end."""

    kind: ListEventKind
    row: ListRow
    at: datetime
    field: str = ""
    before: str = ""
    after: str = ""
    quiet: bool = False

    @property
    def loud(self) -> bool:
        """Worth a flash, where a watchlist wants one: a withdrawal, and a status that is the highest."""
        return self.kind == "removed" or (self.kind in ("added", "changed") and not self.quiet and self._is_granted())

    def _is_granted(self) -> bool:
        return rank(self.row.status) >= GRANTED and (self.kind == "added" or alike(self.after, self.row.status))


@dataclass(frozen=True, slots=True)
class ListMoved:
    """A reading that is believed: what it tells, in the order of its rows, and what is known from now on."""

    events: tuple[ListEvent, ...]
    known: KnownList


@dataclass(frozen=True, slots=True)
class ListHold:
    """A reading that is not: why, in French; how many rows were known, and how many it had (None: none could be
    read). `known` is what was, held; None before any good reading."""

    why: str
    before: int
    seen: int | None
    known: KnownList | None


# --- the decision --------------------------------------------------------------------------------------------------
def diff(
    known: KnownList | None, reading: ListReading | ListUnread, now: datetime, *, accepted: bool = False
) -> ListMoved | ListHold:
    """What a reading changes. `accepted`: somebody looked at it, so that it is believed and its absences too."""
    before = len(known.rows) if known else 0
    held = replace(known, held_since=known.held_since or now) if known else None
    if isinstance(reading, ListUnread):
        return ListHold(reading.why, before, None, held)
    rows = _by_key(reading.rows)
    if why := _doubt(known, reading, rows, accepted=accepted):
        return ListHold(why, before, len(rows), held)
    if known is None:
        first = {key: ListedRow(row, now, now) for key, row in rows.items()}
        return ListMoved((), _believed(first, reading, now))
    return _moved(known, reading, rows, now, accepted=accepted)


def unchanged(known: KnownList) -> ListReading:
    """The reading that « not modified » stands for."""
    rows = tuple(each.row for each in known.rows.values() if each.missing_since is None)
    return ListReading(rows, known.status_field, known.until_field, known.ended, parts=known.parts)


def _doubt(known: KnownList | None, reading: ListReading, rows: Mapping[str, ListRow], *, accepted: bool) -> str:
    """Why this reading is not believed; "" where it is."""
    if not rows:
        return "aucune ligne"
    if known is None or accepted:
        return ""
    for column, now_there in ((known.status_field, reading.status_field), (known.until_field, reading.until_field)):
        if column and not now_there:
            return f"la colonne « {column} » n’y est plus"
    if known.ended and not reading.ended:
        return "document coupé avant sa fin"
    kept = [key for key in known.rows if key in rows]
    if len(kept) < _fewest(len(known.rows)):
        return f"{len(kept)} des {len(known.rows)} lignes connues s’y trouvent"
    if end := _cut([key for key, each in known.rows.items() if not each.missing_since], rows, reading.open_ended):
        return f"{end} de la liste manque"
    if lost := _lost(known, reading, rows):
        return lost
    moved = sum(not alike(known.rows[key].row.status, rows[key].status) for key in kept)
    ended = sum(not _same_end(known.rows[key].row.until, rows[key].until) for key in kept)
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
    if missing and about_all and reading.announced > len(reading.rows):
        return f"{reading.announced} lignes sont annoncées, {len(reading.rows)} s’y trouvent"
    if missing > 1 and reading.parts < known.parts:
        return f"des tableaux manquent : {reading.parts} au lieu de {known.parts}"
    whole = [(each.row, rows.get(key)) for key, each in known.rows.items()]
    spoilt = any(now and _SPOILT.search(now.status) and not _SPOILT.search(row.status) for row, now in whole)
    new = sum(_SPOILT.search(key.name) is not None for key in rows.values())
    if spoilt or (missing and new > sum(_SPOILT.search(row.name) is not None for row, _ in whole)):
        return "des lettres y sont abîmées"
    return ""


_SPOILT = re.compile(r"\ufffd|\?\w|Ã.")  # letters that a wrong charset made


def _fewest(known: int) -> float:
    """How many of the known keys a reading must have: of a short list, half."""
    return FEWEST_KEPT * known if known >= FEWEST else known / 2


def _moved(
    known: KnownList, reading: ListReading, rows: Mapping[str, ListRow], now: datetime, *, accepted: bool
) -> ListMoved:
    step = _Step(known, reading, rows, now, accepted=accepted)
    events = (*step.news(), *step.losses())
    return ListMoved(events, _believed(step.kept, reading, now))


def _believed(rows: Mapping[str, ListedRow], reading: ListReading, now: datetime) -> KnownList:
    fields = (reading.status_field, reading.until_field)
    return KnownList(rows, now, *fields, reading.ended, parts=reading.parts)


class _Step:
    """One good reading against what is known; `kept` fills up with what is known after it."""

    def __init__(
        self, known: KnownList, reading: ListReading, rows: Mapping[str, ListRow], now: datetime, *, accepted: bool
    ) -> None:
        self._known, self._reading, self._rows, self._now = known, reading, rows, now
        self._first_absence = (known.held_since or now) if accepted else now
        self._gone = {key: self._absent(each) for key, each in known.rows.items() if key not in rows}
        self._sure = {key for key, each in self._gone.items() if accepted or self._confirmed(each)}
        self._pairs = self._renames()
        self._renamed: set[str] = set()
        self.kept: dict[str, ListedRow] = {}

    def news(self) -> Iterable[ListEvent]:
        for key, row in self._rows.items():
            known = self._known.rows.get(key)
            if known is not None and not known.instead_of:
                yield from self._seen_again(key, known, row)
            else:
                yield from self._newcomer(key, known, row)

    def losses(self) -> Iterable[ListEvent]:
        for key, each in self._gone.items():
            if key in self._renamed or each.instead_of:
                continue  # what came and went between two readings was never told
            if key in self._sure:
                yield ListEvent("removed", each.row, each.missing_since or self._now)
            else:
                self.kept[key] = each

    def _absent(self, each: ListedRow) -> ListedRow:
        return replace(each, missing_since=each.missing_since or self._first_absence)

    def _confirmed(self, each: ListedRow) -> bool:
        return each.missing_since is not None and self._now - each.missing_since >= CONFIRMED

    def _seen_again(self, key: str, known: ListedRow, row: ListRow) -> Iterable[ListEvent]:
        row = replace(row, key=known.row.key)  # as it was first written, whatever its capitals today
        if not row.status:  # no status is no other one: it was lost on the way, and may come back
            row = replace(row, status=known.row.status)
        changed = tuple(_changes(known.row, row, self._reading, self._now))
        moved = any(each.field == self._reading.status_field and not each.quiet for each in changed)
        same_end = _same_end(known.row.until, row.until)
        over = self._is_over(row) and not (known.expired and same_end)
        self.kept[key] = ListedRow(
            row,
            known.since,
            self._now if moved else known.status_since,
            expired=(known.expired and same_end) or over,
        )
        yield from changed
        if over:
            yield ListEvent("expired?", row, self._now, self._reading.until_field, row.until)

    def _is_over(self, row: ListRow) -> bool:
        end = day_of(row.until)
        return end is not None and end < self._now.date()

    def _newcomer(self, key: str, waiting: ListedRow | None, row: ListRow) -> Iterable[ListEvent]:
        old = self._pairs.get(key)
        since = waiting.since if waiting else self._now
        if old is None:
            self.kept[key] = ListedRow(row, since, since)
            yield ListEvent("added", row, self._now, after=row.status)
        elif old in self._sure:
            self._renamed.add(old)
            before = self._known.rows[old]
            renamed = replace(before.row, key=row.key)
            yield ListEvent("renamed", before.row, self._gone[old].missing_since or self._now, after=row.name)
            yield from self._seen_again(key, replace(before, row=renamed, missing_since=None), row)
        else:
            self.kept[key] = ListedRow(row, since, since, instead_of=old)

    def _renames(self) -> dict[str, str]:
        """New key -> the key that it stands for now; those found at an earlier reading first."""
        pairs = {
            key: each.instead_of
            for key, each in self._known.rows.items()
            if each.instead_of in self._gone and key in self._rows
        }
        new = [key for key in self._rows if key not in self._known.rows]
        stood_for = set(pairs.values())
        gone = [key for key, each in self._gone.items() if not each.instead_of and key not in stood_for]
        if not new or not gone:
            return pairs
        common = _common([each.row for each in self._known.rows.values()], self._rows.values())
        by_cells: dict[tuple[str, ...], list[str]] = {}
        for key in gone:
            by_cells.setdefault(_others(self._gone[key].row), []).append(key)
        alike_new = Counter(_others(self._rows[key]) for key in new)
        for others in [each for each, rivals in by_cells.items() if len(rivals) * alike_new[each] > MOST_COMPARED]:
            del by_cells[others]  # that many at once are no new names of each other
        for key in new:
            rivals = by_cells.get(_others(self._rows[key]), [])
            found = next((old for old in rivals if _same_one(self._gone[old].row, self._rows[key], common)), None)
            if found is not None:
                rivals.remove(found)
                pairs[key] = found
        taken = set(pairs.values())
        left = {key: self._gone[key].row for key in gone if key not in taken}
        came = {key: self._rows[key] for key in new if key not in pairs}
        return pairs | _by_own_part(left, came, common)


def _changes(before: ListRow, after: ListRow, reading: ListReading, now: datetime) -> Iterable[ListEvent]:
    if not alike(before.status, after.status):
        yield ListEvent("changed", after, now, reading.status_field, before.status, after.status)
    if not _same_end(before.until, after.until):
        yield ListEvent("changed", after, now, reading.until_field, before.until, after.until)
    if before.cells == after.cells:
        return
    columns = {squeezed(name): text for name, text in before.cells}
    for name, text in after.cells:
        old = columns.get(squeezed(name))
        if old is not None and not alike(old, text):  # a column that is new, or gone, is no news of a row
            yield ListEvent("changed", after, now, name, old, text, quiet=True)


# --- several lists of one tracker ----------------------------------------------------------------------------------
GRANTED = 100
_GRANTED = re.compile(r"qualifi|certifi|agre[ei]|accredit|homologu|conforme|delivr|valide|actif|en vigueur")
_LOST = re.compile(r"non |retir|suspen|expir|refus|abandon|caduc|revoqu|annul|resili|perim")
_STEP = re.compile(r"\b(?:j|jalon|etape|phase|niveau)\s*(\d{1,2})\b")


def rank(status: str) -> int:
    """How far a status is on the way to what everybody waits for: 0 lost or none, then the steps, then granted."""
    said = _folded(status)
    if not said.strip() or _LOST.search(said):
        return 0
    if step := _STEP.search(said):
        return 10 + int(step[1])
    return GRANTED if _GRANTED.search(said) else 5


def beside(events: Iterable[ListEvent], others: Mapping[str, str]) -> tuple[tuple[ListEvent, ...], frozenset[int]]:
    """The events of a list beside what others of its tracker say, by key; and the places of those that another list,
    with a higher status, makes no news: where a candidate leaves because it is qualified, it was not withdrawn."""
    told: list[ListEvent] = []
    silent: set[int] = set()
    for event in events:
        other = others.get(key_of(event.row))
        if other is not None and rank(other) > rank(event.row.status):
            silent.add(len(told))
        elif other is not None and event.kind == "added":
            event = replace(event, before=other)
        told.append(event)
    return tuple(told), frozenset(silent)


# --- the same row under another name -------------------------------------------------------------------------------
_WORD = re.compile(r"[^\W_]+")


def _others(row: ListRow) -> tuple[str, ...]:
    """What must be the same of two rows for them to be one: everything but the key."""
    cells = sorted((squeezed(name), _plain(text)) for name, text in row.cells)
    return (
        _plain(row.status),
        str(day_of(row.until) or _plain(row.until)),
        *(f"{name}={text}" for name, text in cells),
    )


def _common(known: Iterable[ListRow], rows: Iterable[ListRow]) -> Counter[tuple[str, str]]:
    """How often each value stands in its column, and each word in the names, in both readings."""
    return Counter(each for row in (*known, *rows) for each in _values(row))


@lru_cache(maxsize=1 << 14)
def _values(row: ListRow) -> frozenset[tuple[str, str]]:
    words = {("", word) for word in _words(row.name)}
    parts = {(f"key {place}", squeezed(part)) for place, part in enumerate(row.key)}
    return frozenset(words | parts | {(squeezed(name), _plain(text)) for name, text in row.cells if text})


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
    return frozenset(_WORD.findall(_folded(name)))


# --- typography ----------------------------------------------------------------------------------------------------
_DASHES = (
    dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "’‘ʼ‛′`"), "'")
    | dict.fromkeys(map(ord, "“”„«»"), '"')
)


@lru_cache(maxsize=1 << 14)
def _folded(text: str) -> str:
    """Without case, accents and what is not seen."""
    letters = (
        char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in ("Mn", "Me", "Cf")
    )
    return "".join(letters).casefold().translate(_DASHES)


@lru_cache(maxsize=1 << 14)
def _plain(text: str) -> str:
    return "".join(_folded(_NOTE.sub("", text)).split()).rstrip(".,;:")


@lru_cache(maxsize=1 << 14)
def squeezed(name: str) -> str:
    """A key or the name of a column, less all that writers vary: case, accents, blanks, punctuation."""
    return "".join(char for char in _folded(name) if char.isalnum() or char in "+#") or _plain(name)


def alike(one: str, other: str) -> bool:
    """True where two cells say the same, typography aside."""
    return one == other or _plain(one) == _plain(other)


def _same_end(one: str, other: str) -> bool:
    if alike(one, other):
        return True
    day = day_of(one)
    return day is not None and day == day_of(other)


_DAY = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<day>\d{1,2})(?:\s*er)?[\s./-]+(?P<month>[a-z]{3,9}|\d{1,2})[\s./-]+(?P<year>\d{4}))(?!\d)"
)


@lru_cache(maxsize=1 << 12)
def day_of(text: str) -> date | None:
    """The last day written in a cell: 2029-07-31, 31/07/2029, 31 juil. 2029; None where there is none."""
    days = [day for found in _DAY.finditer(_folded(text)) if (day := _made(found)) is not None]
    return max(days, default=None)


def _made(found: re.Match[str]) -> date | None:
    if found["y"]:
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    else:
        written = found["month"]
        month = int(written) if written.isdecimal() else MONTHS.get(written, 0)
        year, day = int(found["year"]), int(found["day"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


_PAGES = re.compile(r"\{([^{}]{1,300})\}")


def page_names(written: str) -> list[str]:
    """The pages that « ?lettre={A-Z} », « ?page={1-9} » or « {iaas,saas} » stand for; empty where nothing is named."""
    found = _PAGES.search(written)
    if found is None:
        return []
    return [written[: found.start()] + each + written[found.end() :] for each in _spelt(found[1])]


def _spelt(inside: str) -> list[str]:
    first, dash, last = inside.partition("-")
    if dash and first.isdecimal() and last.isdecimal() and len(first + last) < 10:
        return [str(number) for number in range(int(first), min(int(last), int(first) + 1000) + 1)]
    if dash and len(first) == len(last) == 1 and first.isascii() and last.isascii():
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [part.strip() for part in inside.split(",") if part.strip()]


def key_of(row: ListRow) -> str:
    """What a row is known by, typography aside."""
    return "|".join(squeezed(_BADGE.sub("", _NOTE.sub("", unescape(part)))) for part in row.key)


# What a page puts behind a name for a while: no new name
_NOTE = re.compile(r"(?<=[^\s*†‡])\s*(?:[(\[]\d{1,2}[)\]]|[¹²³⁴-⁹]{1,2}|[*†‡]{1,3})\s*\Z")  # the mark of a footnote
_BADGE = re.compile(r"(?<=\w)[\s(\[]+(?:nouveau(?:té)?|new|mis à jour|màj)\s*[!)\]]*\s*$", re.IGNORECASE)


def _by_key(rows: Iterable[ListRow]) -> dict[str, ListRow]:
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
    parts = {_plain(part): part for part in (*one.split(" / "), *other.split(" / ")) if part}
    return " / ".join(parts[each] for each in sorted(parts))
