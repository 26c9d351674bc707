"""Being a good guest: one request at a time per host, a gap between two, and waiting when a host asks for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from storage.feeds.model import HostTurn

HOUR = 3600.0
DAY = 24 * HOUR
GAP = timedelta(seconds=2)  # between two requests to a host
IN_FLIGHT = 50  # httpx loses a third to two thirds of its throughput from 50 to 200
PATIENCE = 2.0  # seconds between two questions about a host that another process is asking
REMEMBERED = 2000  # hosts: article pages may lead anywhere, for months


class TurnLedger(Protocol):
    """Where turns are kept for longer than this process lives, and shared with others. A turn ends by its number."""

    async def reserve(self, name: str) -> HostTurn: ...

    async def finish(self, name: str, number: int, *, fine: bool) -> None: ...

    async def block(self, name: str, number: int, wait: timedelta | None) -> None: ...


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    blocked_until: float = 0.0
    penalty: float = 0.0
    waiting: int = 0
    number: int = 0  # of the turn that runs, or ran last


class Courtesy:
    """Turns, per host and in all. Times are those of the running event loop, in seconds.

    A host is None where no courtesy is due (a loopback or private address): only the total is bounded. With a ledger,
    what a host asked for and when it was last asked outlives a restart, and holds for every process.
    """

    def __init__(self, gap: timedelta = GAP, ledger: TurnLedger | None = None) -> None:
        self._gap = gap.total_seconds()
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._ledger = ledger
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str | None) -> AsyncIterator[timedelta | None]:
        """Held while one request runs. Gives how long the host still wants to be left alone: then ask it nothing."""
        if name is None:
            async with self._room:
                yield None
            return
        host = self._host(name)
        host.waiting += 1
        try:
            async with host.turn:
                await asyncio.sleep(max(0.0, host.free_at - _now()))
                async with self._room:
                    blocked = await self._blocked(name, host)
                    try:
                        yield blocked
                    finally:
                        host.free_at = _now() + (self._gap if blocked is None else 0.0)
        finally:
            host.waiting -= 1

    async def throttled(self, name: str | None, wait: timedelta | None) -> None:
        """The host answered that we ask too much. Without a `wait` of its own: an hour, doubling up to a day."""
        if name is None:
            return
        host = self._host(name)
        if wait is None:
            host.penalty = min(DAY, 2 * host.penalty) if host.penalty else HOUR
        seconds = host.penalty if wait is None else min(wait.total_seconds(), 7 * DAY)
        host.blocked_until = max(host.blocked_until, _now() + seconds)
        if self._ledger is not None:
            await self._ledger.block(name, host.number, wait)

    async def answered(self, name: str | None, *, fine: bool) -> None:
        """The request is over; `fine` if the host answered as it should."""
        if name is None:
            return
        host = self._host(name)
        if fine:
            host.penalty = 0.0
        if self._ledger is not None:
            await self._ledger.finish(name, host.number, fine=fine)

    async def _blocked(self, name: str, host: _Host) -> timedelta | None:
        if host.blocked_until > _now():
            return timedelta(seconds=host.blocked_until - _now())
        while self._ledger is not None:
            slot = await self._ledger.reserve(name)
            if slot.granted or slot.blocked is not None:
                host.number = slot.number
                return slot.blocked
            await asyncio.sleep(min(slot.wait.total_seconds(), PATIENCE))
        return None

    def _host(self, name: str) -> _Host:
        if len(self._hosts) >= REMEMBERED:
            self._hosts = {key: host for key, host in self._hosts.items() if _needed(host)}
        return self._hosts.setdefault(name, _Host())


def _needed(host: _Host) -> bool:
    return bool(host.waiting) or max(host.free_at, host.blocked_until) > _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
