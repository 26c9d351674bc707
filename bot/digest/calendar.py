"""When a chat is spoken to, and how loud. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from storage.chats.model import Chat, ClosedSlot, Holidays, Loudness

GRACE = timedelta(hours=6)  # later than this, a digest joins the next one
PUNCTUAL = timedelta(minutes=15)  # beyond, it says that it is late

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ONE = timedelta(days=1)
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday: Code du travail, L3133-1

DigestRhythm = Literal["daily", "weekly"]
RHYTHMS: tuple[DigestRhythm, ...] = ("daily", "weekly")


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that is due. `id` is the local day it stands for, e.g. `2026-11-24`: a Monday for the weekly one."""

    lane: DigestRhythm
    id: str
    at: datetime
    late: bool = False


# --- digests -------------------------------------------------------------------------------------------------------
def due_slots(chat: Chat, closed: Iterable[ClosedSlot], now: datetime) -> tuple[DueDigest, ...]:
    """The digests due to `chat` at `now`, the daily one first.

    `closed` holds at least the last slot closed on each lane: that one and all before it never come again, even if
    the clock goes back. Slots that are no day (a digest on request) do not count. A slot that had struck when the
    chat arrived is not for it.
    """
    held = tuple(closed)
    struck = (next((slot for slot in _slots(chat, rhythm, now) if slot.at <= now), None) for rhythm in RHYTHMS)
    return tuple(slot for slot in struck if slot is not None and _open(slot, chat, held, now))


def next_slot(chat: Chat, rhythm: DigestRhythm, now: datetime) -> datetime:
    """When the next digest of `rhythm` is to come, in UTC."""
    ahead = list(islice(_slots(chat, rhythm, now + timedelta(days=21)), 22))
    return min(slot.at for slot in ahead if slot.at > now)


def wall(day: date, minutes: int, timezone: str) -> datetime:
    """The instant at which the clock on the wall first shows `minutes` after midnight on `day`, in UTC.

    In the hour that spring skips, one hour later; in the hour that autumn repeats, the first of both.
    """
    local = datetime.combine(day, time(*divmod(minutes, 60)), ZoneInfo(timezone))
    return local.astimezone(UTC)


def hour_of(chat: Chat) -> int:
    """Minutes after midnight at which its digests really come: an hour within quiet hours waits for their end.

    Quiet hours that never end (24 h) leave digests at their hour: they make no sound anyway.
    """
    whole_day = chat.quiet_from == 0 and chat.quiet_to == _MIDNIGHT
    return chat.quiet_to if not whole_day and _covers(chat, chat.digest_at) else chat.digest_at


def _slots(chat: Chat, rhythm: DigestRhythm, now: datetime) -> Iterator[DueDigest]:
    """The slots of three weeks up to the local day of `now`, the newest first."""
    today = now.astimezone(ZoneInfo(chat.timezone)).date()
    for back in range(22):
        day = today - back * _ONE
        if not comes_on(chat, rhythm, day):
            continue
        at = wall(day, hour_of(chat), chat.timezone)
        named = day - day.weekday() * _ONE if rhythm == "weekly" else day
        yield DueDigest(rhythm, named.isoformat(), at, late=now - at > PUNCTUAL)


def comes_on(chat: Chat, rhythm: DigestRhythm, day: date) -> bool:
    """Whether its digest of this rhythm comes that day."""
    return is_on(chat, day) and (rhythm == "daily" or opens_week(chat, day))


def opens_week(chat: Chat, day: date) -> bool:
    """Whether `day` is the first day of its week that is on."""
    return not any(is_on(chat, day - back * _ONE) for back in range(1, day.weekday() + 1))


def _open(slot: DueDigest, chat: Chat, closed: Iterable[ClosedSlot], now: datetime) -> bool:
    if now - slot.at > GRACE or (chat.arrived is not None and slot.at < chat.arrived):
        return False
    return all(slot.id > done.slot for done in closed if done.lane == slot.lane and _DAY.fullmatch(done.slot))


# --- days and holidays ---------------------------------------------------------------------------------------------
def is_on(chat: Chat, day: date) -> bool:
    """Whether the chat gets digests, and sound, on this day."""
    match chat.days:
        case "all":
            return True
        case "open":
            return day.weekday() < 5 and day not in holidays(day.year, chat.holidays)
        case chosen:
            return str(day.isoweekday()) in chosen


@cache
def holidays(year: int, region: Holidays) -> frozenset[date]:
    """The public holidays of a year in France; `alsace` adds Good Friday and 26 December; `none` has none."""
    if region == "none":
        return frozenset()
    sunday = easter(year)
    days = {date(year, month, day) for month, day in _FIXED} | {sunday + after * _ONE for after in _AFTER_EASTER}
    if region == "alsace":
        days |= {sunday - 2 * _ONE, date(year, 12, 26)}  # L3134-13
    return frozenset(days)


def easter(year: int) -> date:
    """Easter Sunday, by the Gregorian rule (Meeus, Astronomical Algorithms, chapter 8)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


# --- quiet hours ---------------------------------------------------------------------------------------------------
_MIDNIGHT = 24 * 60


def loudness(chat: Chat, now: datetime) -> Loudness:
    """What a flash does now: `sound`; or, in quiet hours and on days off, what the chat has chosen."""
    local = now.astimezone(ZoneInfo(chat.timezone))
    quiet = _covers(chat, local.hour * 60 + local.minute) or not is_on(chat, local.date())
    return chat.quiet_flash if quiet else "sound"


def _covers(chat: Chat, minutes: int) -> bool:
    start, end = chat.quiet_from, chat.quiet_to
    return start <= minutes < end if start <= end else minutes >= start or minutes < end
