"""An office as its holder knows it: whether it is his still, and for how long. Pure, but for the timer it is given."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

LEASE = 10.0  # seconds after which an office that nobody keeps up is free

Timer = Callable[[], float]
"""Seconds that go on while the machine sleeps."""


def boot_time() -> float:
    """Seconds since the machine started, those it slept included: a lease ends while we sleep."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class Office:
    """What only one daemon may do, as this one knows it. `term` grows with each holder, 0 while it was never ours.

    The deadline is counted by our own timer from before we asked; the store counts from later on, so that we always
    stop before anybody else may begin.
    """

    name: str
    timer: Timer = boot_time
    term: int = 0
    deadline: float = -math.inf

    def kept(self, term: int, asked: float) -> None:
        """It is ours, by what was asked for at that moment of our timer."""
        self.term, self.deadline = term, asked + LEASE

    def left(self) -> None:
        """It is not ours, or not any more."""
        self.deadline = -math.inf

    def remaining(self) -> float:
        """Seconds for which it is surely ours; not positive where it is not."""
        return self.deadline - self.timer()

    @property
    def held(self) -> bool:
        return self.remaining() > 0


def certain(name: str) -> Office:
    """An office that is ours for as long as we run: nobody else could have it."""
    return Office(name, term=1, deadline=math.inf)
