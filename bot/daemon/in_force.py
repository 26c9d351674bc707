"""Keeps one of several daemons by the rules in force, and tells the operators where its own files say otherwise."""

import asyncio
import logging
from dataclasses import dataclass

from bot.daemon.reload import Reloader
from storage import StoreError
from storage.operators.model import NewNotice, NoticeKind

log = logging.getLogger("vigie")

LOOK = 2.0  # seconds between two looks: a change holds everywhere within five


@dataclass(slots=True)
class Agreement:
    """`machine` is what operators call the one that this daemon runs on."""

    reloader: Reloader
    machine: str
    _told: bool | None = None

    async def keep(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.look()
            except StoreError as problem:
                log.warning("rules in force not looked at", extra={"problem": problem})
            except Exception:  # a bug of ours: the rules that we have go on
                log.exception("rules in force not taken")

    async def look(self) -> None:
        """Take the rules in force if they are others; begin or end the notice that our files are not these."""
        ports = self.reloader.live.ports
        enacted = await ports.offload(ports.store.rules.enacted)
        if enacted.number != ports.ruleset:
            await self.reloader.take()
        differs = enacted.mark != self.reloader.own
        if differs == self._told:
            return
        now = ports.clock()
        begun = (NewNotice("differs", self.machine, now),) if differs else ()
        over: tuple[NoticeKind, ...] = () if differs else ("differs",)
        await ports.offload(ports.store.notices.put, None, begun, over, now, machine=f"#{self.machine}")
        self._told = differs
