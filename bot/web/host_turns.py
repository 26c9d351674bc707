"""The hosts' turns, kept in the store: neither a restart nor a second process bothers a host."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.web.politeness import GAP
from storage.feeds.hosts import Hosts
from storage.model import Slot

HOLD = timedelta(seconds=60)  # a request ends before: fetch.Limits.whole and a resolution


@dataclass(frozen=True, slots=True)
class Turns:
    """A `courtesy.Ledger`."""

    hosts: Hosts
    offload: Callable[..., Awaitable[Any]]
    clock: Callable[[], datetime]
    gap: timedelta = GAP

    async def reserve(self, name: str) -> Slot:
        slot: Slot = await self.offload(self.hosts.reserve, name, self.clock(), self.gap, HOLD)
        return slot

    async def finish(self, name: str, *, fine: bool) -> None:
        await self.offload(self.hosts.finish, name, self.clock(), self.gap, fine=fine)

    async def block(self, name: str, wait: timedelta | None) -> None:
        await self.offload(self.hosts.block, name, self.clock(), wait)
