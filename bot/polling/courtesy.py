"""Being a good guest: one request at a time per host, a gap between two, and waiting when a host asks for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

HOUR = 3600.0
DAY = 24 * HOUR
REMEMBERED = 2000  # hosts: article pages may lead anywhere, for months


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    blocked_until: float = 0.0
    penalty: float = 0.0
    waiting: int = 0


class Courtesy:
    """Turns, per host and in all. Times are those of the running event loop, in seconds.

    A host is None where no courtesy is due (a loopback or private address): only the total is bounded.
    """

    def __init__(self, gap: timedelta, in_flight: int) -> None:
        self._gap = gap.total_seconds()
        self._room = asyncio.Semaphore(in_flight)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str | None) -> AsyncIterator[None]:
        """Held while one request runs."""
        if name is None:
            async with self._room:
                yield
            return
        host = self._host(name)
        host.waiting += 1
        try:
            async with host.turn:
                await asyncio.sleep(max(0.0, host.free_at - _now()))
                async with self._room:
                    try:
                        yield
                    finally:
                        host.free_at = _now() + self._gap
        finally:
            host.waiting -= 1

    def blocked_for(self, name: str | None) -> timedelta | None:
        """How long the host still asks to be left alone; None if it does not."""
        host = self._hosts.get(name) if name is not None else None
        if host is None or host.blocked_until <= _now():
            return None
        return timedelta(seconds=host.blocked_until - _now())

    def throttled(self, name: str | None, wait: timedelta | None) -> None:
        """The host answered that we ask too much. Without a `wait` of its own: an hour, doubling up to a day."""
        if name is None:
            return
        host = self._host(name)
        host.penalty = min(DAY, 2 * host.penalty) if host.penalty else HOUR
        seconds = host.penalty if wait is None else min(wait.total_seconds(), 7 * DAY)
        host.blocked_until = max(host.blocked_until, _now() + seconds)

    def answered(self, name: str | None) -> None:
        """The host answered as it should."""
        host = self._hosts.get(name) if name is not None else None
        if host is not None:
            host.penalty = 0.0

    def _host(self, name: str) -> _Host:
        if len(self._hosts) >= REMEMBERED:
            self._hosts = {key: host for key, host in self._hosts.items() if _needed(host)}
        return self._hosts.setdefault(name, _Host())


def _needed(host: _Host) -> bool:
    return bool(host.waiting) or max(host.free_at, host.blocked_until) > _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
