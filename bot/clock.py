"""The clock: everything else gets the time as an argument."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the time, with its zone (UTC)."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class SharedClock:
    """What daemons agree on, whatever their machines say: our own clock, less what it is `ahead` of the store's."""

    own: Clock = now
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.own() - self.ahead


def has_zone() -> bool:
    """Whether this machine's own zone (TZ) is one: more than a day from UTC, no local time can be told in it."""
    try:
        datetime.now(UTC).astimezone()
    except (ValueError, OverflowError):
        return False
    return True
