"""Leaves the store alone while it has nothing to say: nobody has written since a look that found nothing to do."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.daemon.live import Live

REST = timedelta(seconds=5)  # how late may be what its hour alone makes due: a poll, a retry; what is new was written


@dataclass(slots=True)
class Still:
    """A job that looks into the store for what is due. `mark` changes with whatever anybody writes there; where it is
    None, nobody can tell, and the job always looks."""

    work: Callable[[], Awaitable[Any]]
    mark: Callable[[], Hashable]
    clock: Clock
    _seen: Hashable = None
    _looked: datetime | None = None

    async def __call__(self) -> None:
        mark, now = self.mark(), self.clock()
        rested = self._looked is None or not timedelta() <= now - self._looked < REST
        if mark is not None and mark == self._seen and not rested:
            return
        self._looked = None  # a look that fails is repeated
        await self.work()
        self._seen, self._looked = mark, now  # as they were before it: what was written meanwhile is seen


def still(live: Live, work: Callable[[], Awaitable[Any]]) -> Still:
    """`work`, left out while the store of the rules in force has nothing to say."""
    return Still(work, lambda: live.ports.store.database.written(), lambda: live.ports.clock())
