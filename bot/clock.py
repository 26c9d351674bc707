"""The clock: everything else gets the time as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time, with its zone (UTC)."""


def now() -> datetime:
    return datetime.now(UTC)


def has_zone() -> bool:
    """Whether this machine's own zone (TZ) is one: more than a day from UTC, no local time can be told in it."""
    try:
        datetime.now(UTC).astimezone()
    except (ValueError, OverflowError):
        return False
    return True
