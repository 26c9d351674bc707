"""Keeps up the offices of this daemon: what only one of several may do, each a lease in the store."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock, SharedClock, now
from bot.config.environment import ROLES
from bot.office import LEASE, Office, Timer, boot_time, certain
from storage import StoreError
from storage.failure import Superseded
from storage.operators.model import Presence

log = logging.getLogger("vigie")

BEAT = 2.0  # seconds between two beats: four may be lost
SENDER, DESK = "sender", "desk"

Change = Callable[[bool], Awaitable[None]]
"""Hears that an office begins (True) or has ended."""


class Registry(Protocol):
    """Where offices are kept (`storage.operators.offices.Offices`). Each may raise StoreError."""

    def present(self, me: Presence, now: datetime, lease: timedelta) -> timedelta: ...

    def take(self, name: str, holder: str, lease: timedelta) -> int | None: ...

    def resign(self, holder: str) -> None: ...


@dataclass(slots=True)
class Beats:
    """That this daemon is at work, and the offices that it holds or wants: the sender's, and the desk's, which goes to
    whoever sends, since what ails the sender is told there. `registry` None: nobody else could have them. Each beat
    sets how far our clock is ahead of the one that all have `agreed` on.
    """

    run: str
    registry: Registry | None = None
    roles: frozenset[str] = ROLES
    timer: Timer = boot_time
    clock: Clock = now
    agreed: SharedClock = field(default_factory=SharedClock)
    sender: Office = field(init=False)
    desk: Office = field(init=False)
    changed: Change | None = None
    superseded: Callable[[], None] = lambda: None
    _heard: float | None = None
    _told: int = 0

    def __post_init__(self) -> None:
        alone = self.registry is None and self._sends
        self.sender, self.desk = (certain(name) if alone else Office(name, self.timer) for name in (SENDER, DESK))

    @property
    def _sends(self) -> bool:
        return "messages" in self.roles

    async def keep(self) -> None:
        """Beat until cancelled."""
        while self.registry is not None:
            await asyncio.sleep(BEAT)
            try:
                await self.beat()
            except Exception:  # a bug of ours: without a next beat nobody here would send any more
                log.exception("beat failed")

    async def beat(self) -> None:
        """Say that we are there, take or keep what is wanted, and tell what has changed."""
        if self.registry is not None:
            await self._say(self.registry)
            for office in (self.sender, self.desk) if self._sends else ():
                if office is self.sender or self.sender.held:
                    await self._ask(self.registry, office)
        await self._tell()

    async def resign(self) -> None:
        """Leave, and every office too, so that another daemon need not wait for the end of our lease."""
        self.sender.left()
        self.desk.left()
        if self.registry is not None:
            try:
                await asyncio.to_thread(self.registry.resign, self.run)
            except StoreError as problem:
                log.warning("offices not given up: they end by themselves", extra={"problem": problem})

    def age(self) -> float | None:
        """Seconds since the store last heard us; None where it need not, or has not yet."""
        return None if self._heard is None else round(max(self.timer() - self._heard, 0.0), 1)

    def standing(self) -> Mapping[str, dict[str, float | int]]:
        """The offices held now, each with its term, and the seconds left of its lease where that has an end."""
        return {each.name: _standing(each) for each in (self.sender, self.desk) if each.held}

    async def _say(self, registry: Registry) -> None:
        asked, me = self.timer(), Presence(self.run, ",".join(sorted(self.roles)))
        try:
            # A thread of its own: what the store's thread is doing must not cost us the office
            saying = asyncio.to_thread(registry.present, me, self.clock(), timedelta(seconds=LEASE))
            self.agreed.ahead = await asyncio.wait_for(saying, LEASE)
        except Superseded as problem:
            log.warning("leaving to a newer version", extra={"problem": problem})
            self.superseded()
        except (StoreError, TimeoutError) as problem:
            log.warning("not heard", extra={"problem": problem})
        else:
            self._heard = asked

    async def _ask(self, registry: Registry, office: Office) -> None:
        asked = self.timer()
        try:
            taking = asyncio.to_thread(registry.take, office.name, self.run, timedelta(seconds=LEASE))
            term = await asyncio.wait_for(taking, LEASE)
        except (StoreError, TimeoutError) as problem:
            left = round(office.remaining(), 1)
            log.warning("no beat", extra={"office": office.name, "problem": problem, "left": left})
            return
        if term is None:
            office.left()
        else:
            office.kept(term, asked)

    async def _tell(self) -> None:
        term = self.sender.term if self.sender.held else 0
        if term == self._told:
            return
        ended, self._told = bool(self._told), term
        log.info("office taken" if term else "office lost", extra={"office": SENDER, "term": self.sender.term})
        if self.changed is not None:
            if ended:
                await self.changed(False)
            if term:
                await self.changed(True)


def _standing(office: Office) -> dict[str, float | int]:
    left = office.remaining()
    return {"term": office.term} | ({} if math.isinf(left) else {"left": round(left, 1)})
