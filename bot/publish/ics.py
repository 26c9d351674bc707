"""The days of the published lists as a calendar that Outlook, Thunderbird or Google subscribe to. Pure."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.messages import markup, texts
from bot.statuses import day
from storage.acts.model import StoredDeadline

if TYPE_CHECKING:
    from icalendar import Event

PARIS = "Europe/Paris"
CANCELLED_FOR, PAST_FOR = timedelta(days=60), timedelta(days=90)
REFRESH = timedelta(hours=12)
TITLE, SENTENCE, SOURCE = 500, 2_000, 120  # characters
HOUR = timedelta(hours=1)  # how long an event with an hour is shown


def calendar_of(deadlines: Iterable[StoredDeadline], watchlists: Collection[str], title: str, now: datetime) -> bytes:
    """An iCalendar file (RFC 5545): only days that a field gives, whole days unless an hour is known. The same days
    give the same bytes, whenever it is written."""
    from icalendar import Calendar, Timezone  # 35 ms to import: here only

    made, title = Calendar(), markup.clean(title)
    made.add("prodid", "-//Vigie//Echeances//FR")
    made.add("version", "2.0")
    made.add("name", title)
    made.add("x-wr-calname", title)
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    kept = [each for each in deadlines if _is_kept(each, watchlists, now)]
    if any(each.time for each in kept):
        made.add_component(Timezone.from_tzid(PARIS))
    for each in sorted(kept, key=lambda each: (each.day, each.id)):
        made.add_component(_event(each))
    return bytes(made.to_ical())


def _is_kept(each: StoredDeadline, watchlists: Collection[str], now: datetime) -> bool:
    if not each.sure or set(watchlists).isdisjoint(each.watchlists):
        return False
    if each.state == "cancelled":
        return now - each.changed_at < CANCELLED_FOR
    return now.astimezone(ZoneInfo(PARIS)).date() - each.day < PAST_FOR


def _event(each: StoredDeadline) -> "Event":
    from icalendar import Event

    made = Event()
    made.add("uid", _uid(each))
    start = _start(each)
    title = markup.bounded(each.title, TITLE) or texts.text("fr", "article.untitled")
    made.add("summary", f"{texts.text('fr', f'due.{each.kind}').capitalize()}\u00a0: {title}")
    made.add("dtstamp", each.changed_at.astimezone(UTC))
    made.add("dtstart", start)
    if isinstance(start, datetime):
        made.add("duration", HOUR)
    made.add("sequence", each.changes)
    if each.state == "cancelled":
        made.add("status", "CANCELLED")
    address = markup.address(each.url) or ""  # one that is none would stop the whole calendar
    if address:
        made.add("url", address)
    said = [markup.bounded(each.sentence, SENTENCE), markup.bounded(each.source_name, SOURCE), address]
    if each.old_day is not None:
        said.insert(1, f"D’abord fixée au {day(each.old_day)}.")
    made.add("description", "\n".join(filter(None, said)))
    made.add("transp", "TRANSPARENT")
    return made


def _uid(each: StoredDeadline) -> str:
    """Of what it is a day of, never of the day nor of the best name of its act: one that moves stays one event."""
    return f"{hashlib.sha256(each.key.encode()).hexdigest()[:32]}@vigie"


def _start(each: StoredDeadline) -> date | datetime:
    """The day alone where no hour is written, or one that no clock shows."""
    try:
        return datetime.combine(each.day, time.fromisoformat(each.time or ""), ZoneInfo(PARIS))
    except ValueError:
        return each.day
