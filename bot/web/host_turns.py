"""The hosts' turns, kept in the store: neither a restart nor a second process bothers a host."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.store_thread import Offload
from bot.web.politeness import GAP
from storage.feeds.hosts import Hosts
from storage.feeds.model import HostTurn

HOLD = timedelta(seconds=60)  # a request ends before: fetch.Limits.whole and a resolution


@dataclass(frozen=True, slots=True)
class HostTurns:
    """A `courtesy.Ledger`."""

    hosts: Hosts
    offload: Offload
    clock: Clock
    gap: timedelta = GAP

    async def reserve(self, name: str) -> HostTurn:
        return await self.offload(self.hosts.reserve, name, self.clock(), self.gap, HOLD)

    async def finish(self, name: str, number: int, *, fine: bool) -> None:
        await self.offload(self.hosts.finish, name, number, self.clock(), self.gap, fine=fine)

    async def block(self, name: str, number: int, wait: timedelta | None) -> None:
        await self.offload(self.hosts.block, name, number, self.clock(), wait)
