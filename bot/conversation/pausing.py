"""A pause, of all that is sent or of one source, and its end."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation import registry, sources, status_view
from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import button, command
from bot.model import Message

LONGEST, LONGEST_OF_SOURCE, OF_SOURCE = timedelta(days=1), timedelta(days=30), timedelta(days=1)
_PAUSE = re.compile(
    r"(?:(.*\S)\s+)?(\d{1,5})\s*(m|mins?|minutes?|h|heures?|hours?|j|jours?|d|days?)", re.IGNORECASE | re.DOTALL
)
_UNTIL = re.compile(r"(?:jusqu|until\b|till\b)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "j": timedelta(days=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Pause:
    """`source` is what somebody called it; "" for all that is sent."""

    source: str
    wait: timedelta


@command("pause", rank=160, right="operators", offered=("operators",))
async def pause(request: Request, context: Context) -> Message:
    wished = wish(request.argument)
    if wished is None:
        return status_view.pause_lengths(request.view)
    if wished.source:
        return await sources.pause_named(wished.source, wished.wait, request.view, context)
    return await _pause_sending(wished.wait, request, context)


def wish(argument: str) -> Pause | None:
    """« 30m » holds what is sent; anything else names a source, with a length at its end or not. None: no pause,
    one until a day, or one that is too long. Pure."""
    found = _PAUSE.fullmatch(argument)
    source, number, unit = found.groups() if found else (argument, None, "")
    wait = int(number) * _UNITS[unit[0].lower()] if number else OF_SOURCE
    if _UNTIL.match(source or ""):
        return None
    longest = LONGEST_OF_SOURCE if source else LONGEST
    return Pause(source or "", wait) if (source or number) and timedelta() < wait <= longest else None


def _minutes(request: Request) -> int | None:
    found = request.press.target
    return int(found) if found in status_view.HELD_FOR else None


@button("xh", reads=_minutes, right="operators")
async def hold(request: Request, context: Context, minutes: int) -> Message:
    return await _pause_sending(timedelta(minutes=minutes), request, context)


@button("xr", reads=registry.page, right="operators")
async def resume(request: Request, context: Context, _: int) -> Message:
    return await _pause_sending(timedelta(), request, context)


async def _pause_sending(wait: timedelta, request: Request, context: Context) -> Message:
    """Nothing is sent for so long; reading goes on, and all of it goes out afterwards. No time at all ends a pause."""
    now = context.clock()
    await context.offload(context.store.outbox.pause, now, wait)
    return status_view.paused(request.view, now + wait) if wait else Message(request.say("status.resumed"))
