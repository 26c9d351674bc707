"""Who stands where on the official lists, today or on a day, and what happened to them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from matchers.lists import KEY, ListEvent, ListRow, key_of, rank, squeezed
from storage.lists.model import KeptListEvent, ListView

_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
PARIS = ZoneInfo("Europe/Paris")
STALE = timedelta(days=14)  # without a good reading: it is said wherever the list is shown


@dataclass(frozen=True, slots=True)
class ListStanding:
    """A row of a tracker: its status in the list that knows best, since when as far as is known, and the names of the
    lists that still show a lower one."""

    key: str
    row: ListRow
    since: datetime
    list_name: str
    lagging: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracker:
    """The lists of one history. `since` is the first reading, None before it; `stale` are lists that were not read well
    for a fortnight, with the day of their last good reading."""

    name: str
    views: tuple[ListView, ...]
    standings: tuple[ListStanding, ...]
    since: datetime | None
    stale: tuple[tuple[str, datetime | None], ...]

    @property
    def events(self) -> list[tuple[ListView, KeptListEvent]]:
        """All that happened, the newest first."""
        all_of = [(view, each) for view in self.views for each in view.events]
        return sorted(all_of, key=lambda pair: (pair[1].event.at, pair[1].id), reverse=True)

    def counts(self) -> dict[str, int]:
        """How many rows have each status, the highest first."""
        found: dict[str, int] = {}
        for each in self.standings:
            found[each.row.status] = found.get(each.row.status, 0) + 1
        return found


def trackers(views: Iterable[ListView], now: datetime, at: datetime | None = None) -> tuple[Tracker, ...]:
    """The trackers by name, as they stand, or stood at a moment. Lists that are followed no more count for the past."""
    by_name: dict[str, list[ListView]] = {}
    for view in views:
        by_name.setdefault(view.spec.tracker or view.feed, []).append(view)
    return tuple(_tracker(name, of, now, at) for name, of in sorted(by_name.items()))


def named(found: Sequence[Tracker], words: str) -> tuple[ListStanding, ...]:
    """The rows whose key has all these words, whatever their typography."""
    wanted = [squeezed(word) for word in words.split()]
    return tuple(
        each
        for tracker in found
        for each in tracker.standings
        if all(word in squeezed(each.row.name) for word in wanted)
    )


def events_named(found: Sequence[Tracker], words: str) -> list[tuple[ListView, KeptListEvent]]:
    """What happened to rows of such a name, the newest first."""
    wanted = [squeezed(word) for word in words.split()]
    return [
        pair
        for tracker in found
        for pair in tracker.events
        if all(word in squeezed(pair[1].event.row.name + pair[1].event.after) for word in wanted)
    ]


def _tracker(name: str, views: Sequence[ListView], now: datetime, at: datetime | None) -> Tracker:
    found: dict[str, list[ListStanding]] = {}
    for view in views:
        if view.enabled or at is not None:
            for key, (row, since) in rows_at(view, at).items():
                found.setdefault(key, []).append(ListStanding(key, row, since, view.name))
    standings = [_highest(each) for each in found.values()]
    ranked = sorted(standings, key=lambda each: (-rank(each.row.status), squeezed(each.row.status), each.key))
    firsts = [first for view in views if (first := _first(view)) is not None]
    stale = tuple((view.name, _read_at(view)) for view in views if view.enabled and _is_stale(view, now))
    return Tracker(name, tuple(views), tuple(ranked), min(firsts, default=None), stale)


def _highest(rows: Sequence[ListStanding]) -> ListStanding:
    best = max(rows, key=lambda each: rank(each.row.status))
    lagging = tuple(each.list_name for each in rows if rank(each.row.status) < rank(best.row.status))
    return replace(best, lagging=lagging)


def _read_at(view: ListView) -> datetime | None:
    return view.stored.known.read_at if view.stored.known else None


def _is_stale(view: ListView, now: datetime) -> bool:
    known = view.stored.known
    if known is None:
        return bool(view.stored.why)
    return now - (known.held_since or known.read_at) >= STALE


def _first(view: ListView) -> datetime | None:
    """The first good reading, as far as rows and events tell."""
    known = view.stored.known
    days = [each.since for each in known.rows.values()] if known else []
    return min([*days, *(each.event.at for each in view.events)], default=None)


# --- in French --------------------------------------------------------------------------------------------------
def what(event: ListEvent) -> str:
    """What happened, in French, without who it happened to."""
    row = event.row
    match event.kind:
        case "added":
            moved = f"{event.before} → {row.status}" if event.before and row.status else row.status
            return moved if event.before else f"nouveau sur la liste{f', {moved}' if moved else ''}"
        case "removed":
            return f"retiré de la liste{f' (était : {row.status})' if row.status else ''}"
        case "renamed":
            return f"devient {event.after.replace(' | ', ', ')}"
        case "expired?":
            return f"fin de validité passée ({row.until}), toujours inscrit"
        case "changed":
            named = f"{field}\u00a0: " if (field := column(event)) else ""
            return f"{named}{event.before or '(vide)'} → {event.after or '(vide)'}"


def column(event: ListEvent) -> str:
    """The column that changed; empty where it is the status, which needs no name."""
    return event.field if event.quiet or event.after != event.row.status else ""


def day(of: date | datetime) -> str:
    """« 1er févr. 2027 », « 3 févr. 2027 »: a moment by its day in Paris."""
    of = of.astimezone(PARIS) if isinstance(of, datetime) else of
    return f"{of.day}{'er' if of.day == 1 else ''} {_MONTHS[of.month - 1]} {of.year}"


# --- a day of the past ---------------------------------------------------------------------------------------------
def rows_at(view: ListView, at: datetime | None) -> Mapping[str, tuple[ListRow, datetime]]:
    """The rows of a list by key with the moment of their status; `at` None for now. What happened since is undone."""
    known = view.stored.known
    listed = known.rows.items() if known else ()
    rows = {key: (each.row, each.status_since) for key, each in listed if not each.instead_of}
    if at is None:
        return rows
    for kept in reversed(view.events):
        if kept.event.at > at:
            _undo(kept.event, view, rows)
    return {key: (row, _since(key, view, at, then)) for key, (row, then) in rows.items()}


def _undo(event: ListEvent, view: ListView, rows: dict[str, tuple[ListRow, datetime]]) -> None:
    key = key_of(event.row)
    match event.kind:
        case "added":
            rows.pop(key, None)
        case "removed":
            rows[key] = (event.row, event.at)
        case "renamed":
            rows.pop(key_of(ListRow(tuple(event.after.split(KEY)))), None)
            rows[key] = (event.row, event.at)
        case "changed" if key in rows:
            row, since = rows[key]
            rows[key] = (_before(event, row, view), since)
        case _:
            return


def _before(event: ListEvent, row: ListRow, view: ListView) -> ListRow:
    if event.quiet:
        cells = tuple((name, event.before if name == event.field else text) for name, text in row.cells)
        return replace(row, cells=cells)
    is_end = event.field == view.spec.until.removeprefix("dt:").strip()
    return replace(row, until=event.before) if is_end else replace(row, status=event.before)


def _since(key: str, view: ListView, at: datetime, otherwise: datetime) -> datetime:
    """When a row had got the status that it had at a moment."""
    days = [
        each.event.at
        for each in view.events
        if each.event.at <= at
        and not each.event.quiet
        and key_of(each.event.row) == key
        and each.event.kind != "expired?"
    ]
    known = view.stored.known
    listed = known.rows.get(key) if known else None
    first = listed.since if listed else otherwise
    return max(days, default=min(first, at))
