"""The polls in flight: which feeds, how many at once, and how each one ends."""

import asyncio
import logging
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.daemon.live import Live
from bot.pipeline import LEASE, poll, setback
from bot.reading.waiting import read_waiting
from storage import StoreError
from storage.articles.model import Recorded
from storage.feeds.model import Claim

log = logging.getLogger("vigie")

IN_FLIGHT = 50  # feeds polled at once by a daemon


@dataclass(slots=True)
class Rounds:
    """Counted: the polls that `finished`, the `new` articles, the first readings (`baselines`),
    the time `spent` in polls. With `at_once` 1, polls follow one another: what is told is the same each time."""

    live: Live
    at_once: int = IN_FLIGHT
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    finished: int = 0
    new: int = 0
    baselines: int = 0
    spent: timedelta = timedelta()
    _tasks: dict[asyncio.Task[None], Claim] = field(default_factory=dict)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reading: asyncio.Task[None] | None = None
    _stopping: bool = False
    _analysed: int = 0

    async def tick(self) -> None:
        """Claim what is due and start its polls; a slow feed holds nobody up."""
        async with self._claiming:
            room, ports = self.at_once - len(self._tasks), self.live.ports
            if self.baselines > self._analysed and not self._tasks:  # a store just filled is another one
                self._analysed = self.baselines
                await ports.offload(ports.store.database.analyse)
            if room > 0 and not self._stopping:
                self._start(await ports.offload(ports.store.feeds.claim_due, ports.clock(), self.owner, LEASE, room))

    async def all(self, *, everything: bool) -> None:
        """Poll each feed that is due once; with `everything`, those that are not due as well."""
        ports = self.live.ports
        claim = partial(ports.store.feeds.claim_all, everything=everything)
        claims = await ports.offload(claim, ports.clock(), self.owner, LEASE)
        slots = asyncio.Semaphore(self.at_once)

        async def one(claim: Claim) -> None:
            async with slots:
                await self._poll(claim)

        await asyncio.gather(*map(one, claims))

    async def pages(self) -> None:
        """Start reading some of the pages that wait, unless that is under way."""
        if self._reading is None and not self._stopping:
            self._reading = asyncio.create_task(self._read_waiting(), name="pages")

    async def all_pages(self) -> None:
        """Read every page whose turn has come; those that fail wait for another day."""
        while await read_waiting(self.live.ports):
            pass

    async def drain(self) -> None:
        """Give up what is in flight: nothing of it is written, and its leases are free again."""
        self._stopping = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        async with self._claiming:
            tasks = dict(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        ports = self.live.ports
        await ports.offload(ports.store.feeds.release, tuple(tasks.values()))

    def _start(self, claims: tuple[Claim, ...]) -> None:
        for claim in claims:
            task = asyncio.create_task(self._poll(claim), name=f"poll-{claim.feed.id}")
            self._tasks[task] = claim
            task.add_done_callback(self._tasks.pop)

    async def _set_back(self, claim: Claim) -> Recorded:
        """Let the feed wait, where the store can still be told so: else it is due again after its lease."""
        try:
            return await setback(claim, self.live.ports)
        except StoreError:
            return Recorded()

    async def _read_waiting(self) -> None:
        try:
            await read_waiting(self.live.ports)
        except Exception:  # a bug of ours: these pages are due again after their lease
            log.exception("pages failed")
        finally:
            self._reading = None

    async def _poll(self, claim: Claim) -> None:
        ports = self.live.ports
        started = ports.clock()
        try:
            recorded = await poll(claim, ports)
        except StoreError as problem:  # for whoever runs Vigie to act upon, and no bug
            log.error("poll failed", extra={"feed": claim.feed.id, "problem": problem})  # noqa: TRY400
            recorded = await self._set_back(claim)
        except Exception:  # a bug of ours: this feed backs off, the others go on
            log.exception("poll failed", extra={"feed": claim.feed.id})
            recorded = await setback(claim, ports)
        self.finished += 1
        self.new += recorded.new
        self.baselines += not claim.state.baseline and recorded.new > 0
        spent = max(ports.clock() - started, timedelta())
        self.spent += spent
        ms = int(spent / timedelta(milliseconds=1))
        log.info("poll", extra={"feed": claim.feed.id, "new": recorded.new, "queued": recorded.deliveries, "ms": ms})
