"""What a reading changes in what is known of a list. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from matchers.lists.cells import alike, day_of, plain, same_end, says_nothing, squeezed
from matchers.lists.doubts import doubt, has_few
from matchers.lists.keys import by_key
from matchers.lists.model import (
    KnownList,
    ListedRow,
    ListEvent,
    ListHold,
    ListMoved,
    ListReading,
    ListRow,
    ListUnread,
)
from matchers.lists.renames import new_names

CONFIRMED = timedelta(hours=6)  # between the two readings that a withdrawal needs, or a return to what was
MOST_EARLIER = 8  # of what a row said before
MOST_REMOVED = 200  # rows that were withdrawn and may be there again in an old copy


def diff(
    known: KnownList | None, reading: ListReading | ListUnread, now: datetime, *, accepted: bool = False
) -> ListMoved | ListHold:
    """What a reading changes. `accepted`: somebody looked at it, so that it is believed and its absences too."""
    before = len(known.rows) if known else 0
    held = replace(known, held_since=known.held_since or now) if known else None
    if isinstance(reading, ListUnread):
        return ListHold(reading.why, before, None, held)
    rows = by_key(reading.rows)
    if not rows:
        return ListHold("aucune ligne", before, 0, held)
    if held is not None and not held.few_since and has_few(held, rows):
        held = replace(held, few_since=now)
    if held is not None and not accepted and (why := doubt(held, reading, rows, now)):
        return ListHold(why, before, len(rows), held)
    if known is None:
        first = {key: ListedRow(row, now, now) for key, row in rows.items()}
        return ListMoved((), _believed(first, reading, now, {}))
    return _moved(known, reading, rows, now, accepted=accepted)


def unchanged(known: KnownList) -> ListReading:
    """The reading that « not modified » stands for."""
    rows = tuple(each.row for each in known.rows.values() if each.missing_since is None)
    fields = (known.status_field, known.until_field)
    announced = len(rows) if known.counted else 0
    return ListReading(rows, *fields, known.ended, parts=known.parts, announced=announced, goes_on=known.goes_on)


def _moved(
    known: KnownList, reading: ListReading, rows: Mapping[str, ListRow], now: datetime, *, accepted: bool
) -> ListMoved:
    step = _Step(known, reading, rows, now, accepted=accepted)
    events = (*step.news(), *step.losses())
    return ListMoved(events, _believed(step.kept, reading, now, step.removed))


def _believed(
    rows: Mapping[str, ListedRow], reading: ListReading, now: datetime, removed: Mapping[str, datetime | None]
) -> KnownList:
    return KnownList(
        rows,
        now,
        reading.status_field,
        reading.until_field,
        reading.ended,
        parts=reading.parts,
        goes_on=reading.goes_on,
        counted=reading.announced == len(reading.rows),
        removed=dict(list(removed.items())[-MOST_REMOVED:]),
    )


class _Step:
    """One good reading against what is known; `kept` and `removed` fill up with what is known after it."""

    def __init__(
        self, known: KnownList, reading: ListReading, rows: Mapping[str, ListRow], now: datetime, *, accepted: bool
    ) -> None:
        self._known, self._reading, self._rows, self._now, self._accepted = known, reading, rows, now, accepted
        self._first_absence = (known.held_since or now) if accepted else now
        self._gone = {key: self._absent(each) for key, each in known.rows.items() if key not in rows}
        self._sure = {key for key, each in self._gone.items() if accepted or self._confirmed(each)}
        self._pairs = new_names(known.rows, self._gone, rows)
        self._renamed: set[str] = set()
        self._echoes = {key for key, each in known.rows.items() if key in rows and self._is_echo(each, rows[key])}
        self.kept: dict[str, ListedRow] = {}
        self.removed = {key: since if key in rows else None for key, since in known.removed.items()}

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
                self.removed[key] = None
                yield ListEvent("removed", each.row, each.missing_since or self._now)
            else:
                self.kept[key] = each

    def _absent(self, each: ListedRow) -> ListedRow:
        return replace(each, missing_since=each.missing_since or self._first_absence)

    def _confirmed(self, each: ListedRow) -> bool:
        return each.missing_since is not None and self._now - each.missing_since >= CONFIRMED

    def _is_echo(self, known: ListedRow, row: ListRow) -> bool:
        """Does a row say again what it said before, and nothing new?"""
        if not known.earlier or known.instead_of:
            return False
        changed = tuple(_changes(known.row, _as_known(known.row, row), self._reading, self._now))
        return bool(changed) and all(_said(each) in known.earlier for each in changed)

    def _is_old_copy(self, key: str) -> bool:
        """Is a row that was withdrawn there again, for the first time? So it is in a copy of before."""
        return key in self.removed and not self._is_sure(self.removed[key])

    def _is_sure(self, first_said: datetime | None) -> bool:
        return self._accepted or (first_said is not None and self._now - first_said >= CONFIRMED)

    def _seen_again(self, key: str, known: ListedRow, row: ListRow) -> Iterable[ListEvent]:
        row = _as_known(known.row, row)
        if key in self._echoes and not self._is_sure(known.doubted_since):
            self.kept[key] = replace(known, missing_since=None, doubted_since=known.doubted_since or self._now)
            return
        changed = tuple(_changes(known.row, row, self._reading, self._now))
        moved = any(each.field == self._reading.status_field and not each.quiet for each in changed)
        same = same_end(known.row.until, row.until)
        over = self._is_over(row) and not (known.expired and same)
        self.kept[key] = ListedRow(
            row,
            known.since,
            self._now if moved else known.status_since,
            expired=(known.expired and same) or over,
            earlier=(*known.earlier, *map(_unsaid, changed))[-MOST_EARLIER:],
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
        if old is None and self._is_old_copy(key):
            self.removed[key] = self.removed[key] or self._now
        elif old is None:
            self.removed.pop(key, None)
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


def _as_known(known: ListRow, row: ListRow) -> ListRow:
    """A row as it was first written, whatever its capitals today. No status is no other one: it was lost on the way,
    and may come back."""
    return replace(row, key=known.key, status=known.status if says_nothing(row.status) else row.status)


def _said(event: ListEvent) -> str:
    return f"{squeezed(event.field)}={day_of(event.after) or plain(event.after)}"


def _unsaid(event: ListEvent) -> str:
    return f"{squeezed(event.field)}={day_of(event.before) or plain(event.before)}"


def _changes(before: ListRow, after: ListRow, reading: ListReading, now: datetime) -> Iterable[ListEvent]:
    if not alike(before.status, after.status):
        yield ListEvent("changed", after, now, reading.status_field, before.status, after.status)
    if not same_end(before.until, after.until):
        yield ListEvent("changed", after, now, reading.until_field, before.until, after.until)
    if before.cells == after.cells:
        return
    columns = {squeezed(name): text for name, text in before.cells}
    for name, text in after.cells:
        old = columns.get(squeezed(name))
        if old is not None and not alike(old, text):  # a column that is new, or gone, is no news of a row
            yield ListEvent("changed", after, now, name, old, text, quiet=True)
