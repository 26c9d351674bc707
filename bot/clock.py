"""The clock: everything else gets the time as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time, with its zone (UTC)."""


def now() -> datetime:
    return datetime.now(UTC)
