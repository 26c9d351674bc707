"""When a digest is due. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from storage.model import Chat, ClosedSlot

GRACE = timedelta(hours=6)  # later than this, a digest joins the next one
PUNCTUAL = timedelta(minutes=15)  # beyond, it says that it is late

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Rhythm = Literal["daily", "weekly"]
RHYTHMS: tuple[Rhythm, ...] = ("daily", "weekly")


@dataclass(frozen=True, slots=True)
class Slot:
    """A digest that is due. `id` is its local day, e.g. `2026-11-24`: a Monday for the weekly one."""

    lane: Rhythm
    id: str
    at: datetime
    late: bool = False


def due_slots(chat: Chat, closed: Iterable[ClosedSlot], now: datetime) -> tuple[Slot, ...]:
    """The digests due to `chat` at `now`, the daily one first.

    `closed` holds at least the last slot closed on each lane: that one and all before it never come again, even if
    the clock goes back. Slots that are no day (a digest on request) do not count. A slot that had struck when the
    chat arrived is not for it.
    """
    slots = (_slot(chat, rhythm, now) for rhythm in RHYTHMS)
    held = tuple(closed)
    return tuple(slot for slot in slots if _open(slot, chat, held, now))


def next_slot(chat: Chat, rhythm: Rhythm, now: datetime) -> datetime:
    """When the next digest of `rhythm` is to come, in UTC."""
    step = _step(rhythm)
    struck = _struck(chat, rhythm, now)
    return wall(struck + step, chat.digest_at, chat.timezone)


def wall(day: date, minutes: int, timezone: str) -> datetime:
    """The instant at which the clock on the wall first shows `minutes` after midnight on `day`, in UTC.

    In the hour that spring skips, one hour later; in the hour that autumn repeats, the first of both.
    """
    local = datetime.combine(day, time(*divmod(minutes, 60)), ZoneInfo(timezone))
    return local.astimezone(UTC)


def _slot(chat: Chat, rhythm: Rhythm, now: datetime) -> Slot:
    day = _struck(chat, rhythm, now)
    at = wall(day, chat.digest_at, chat.timezone)
    return Slot(rhythm, day.isoformat(), at, late=now - at > PUNCTUAL)


def _struck(chat: Chat, rhythm: Rhythm, now: datetime) -> date:
    """The day of the last slot that has struck by `now`."""
    today = now.astimezone(ZoneInfo(chat.timezone)).date()
    day = today - timedelta(days=today.weekday()) if rhythm == "weekly" else today
    return day if wall(day, chat.digest_at, chat.timezone) <= now else day - _step(rhythm)


def _step(rhythm: Rhythm) -> timedelta:
    return timedelta(days=7 if rhythm == "weekly" else 1)


def _open(slot: Slot, chat: Chat, closed: Iterable[ClosedSlot], now: datetime) -> bool:
    if now - slot.at > GRACE or (chat.arrived is not None and slot.at < chat.arrived):
        return False
    return all(slot.id > done.slot for done in closed if done.lane == slot.lane and _DAY.fullmatch(done.slot))
