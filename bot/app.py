"""The composition root: builds everything, runs four small jobs, drains on a signal. The only clock."""

import asyncio
import fcntl
import logging
import os
import random
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import __version__, sources
from bot.config import Configuration, Settings
from bot.delivery.chat import Messenger
from bot.delivery.console import Console
from bot.delivery.deliver import Courier
from bot.delivery.pacer import FREE, TELEGRAM, Paced, Pacer
from bot.digest import calendar, compose, render
from bot.pipeline import LEASE, Ports, poll, setback
from bot.polling.fetch import Door
from bot.reading import page
from bot.reading.worker import Workers
from matchers.model import Watchlist
from storage import StoreError, open_store
from storage.model import Chat, Claim, Lane

log = logging.getLogger("vigie")

IN_FLIGHT = 50  # feeds polled at once
POLL_TICK = DELIVER_TICK = 1.0  # seconds
DIGEST_TICK = 15.0
PRUNE_TICK = 6 * 3600.0
STORE_WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds: a locked or full file is waited for, not given up
PREVIEW = 5  # articles shown after a first reading


class CannotRun(Exception):
    """The daemon can't do its work; the text says why and what to do, in one French line."""


def now() -> datetime:
    """The clock: everything below gets it as an argument."""
    return datetime.now(UTC)


# --- what everything is made of ------------------------------------------------------------------------------------
@asynccontextmanager
async def ports(
    settings: Settings,
    configuration: Configuration,
    *,
    clock: Callable[[], datetime] = now,
    allow: frozenset[tuple[str, int]] = frozenset(),
) -> AsyncIterator[Ports]:
    """Everything a poll needs, opened and closed in the right order; for one process a database (`sole_sender`).

    `allow`: hosts and ports open to the guard.
    """
    async with AsyncExitStack() as stack:
        store = open_store(settings.database)
        stack.callback(store.close)
        offload = _offload(stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="store")))
        await offload(store.feeds.release_all)  # whoever calls this is alone: a lease is left over from a crash
        await offload(store.feeds.sync, configuration.feeds, clock())
        door = Door(user_agent=user_agent(settings), allow_private=settings.allow_private_networks, allow=allow)
        yield Ports(
            store=store,
            offload=offload,
            door=await stack.enter_async_context(door),
            workers=await stack.enter_async_context(Workers(warm=page.warm)),
            engine=configuration.engine,
            announce=compose.announcer(configuration.engine.watchlists),
            clock=clock,
            chance=random.random,
        )


def user_agent(settings: Settings) -> str:
    """How we introduce ourselves to every site."""
    return f"Vigie/{__version__} (+{settings.contact})" if settings.contact else f"Vigie/{__version__}"


def _offload(thread: ThreadPoolExecutor) -> Callable[..., Awaitable[Any]]:
    async def attempt(work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(thread, work)

    async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        # What the store could not do was rolled back whole, so that it may simply be done again
        work = partial(function, *arguments, **named)
        for wait in STORE_WAITS:
            try:
                return await attempt(work)
            except StoreError as problem:
                if not problem.passing:
                    raise
                log.warning("store busy, will try again", extra={"problem": problem, "again_in": wait})
            await asyncio.sleep(wait)
        return await attempt(work)

    return offload


@contextmanager
def sole_sender(database: Path) -> Iterator[None]:
    """Hold the right to poll and send for this database; the kernel gives it back however we end.

    Raises CannotRun if another process holds it, or where no file can be made.
    """
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(f"{database}-sender", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire à côté de {database} : {problem.strerror}") from problem
    with os.fdopen(handle, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise CannotRun(f"une autre Vigie travaille déjà sur {database} : arrêtez-la d’abord") from problem
        yield


# --- polls ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Rounds:
    """The polls in flight. Counted: those that `finished`, the `new` articles, the first readings (`baselines`)."""

    ports: Ports
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    finished: int = 0
    new: int = 0
    baselines: int = 0
    _tasks: dict[asyncio.Task[None], Claim] = field(default_factory=dict)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopping: bool = False

    async def tick(self) -> None:
        """Claim what is due and start its polls; a slow feed holds nobody up."""
        async with self._claiming:
            room = IN_FLIGHT - len(self._tasks)
            if room > 0 and not self._stopping:
                feeds = self.ports.store.feeds
                self._start(await self.ports.offload(feeds.claim_due, self.ports.clock(), self.owner, LEASE, room))

    async def all(self, *, everything: bool) -> None:
        """Poll each feed that is due once; with `everything`, those that are not due as well."""
        store, moment = self.ports.store, self.ports.clock()
        claim = store.feeds.claim_all if everything else partial(store.feeds.claim_due, limit=sys.maxsize)
        claims: tuple[Claim, ...] = await self.ports.offload(claim, moment, self.owner, LEASE)
        slots = asyncio.Semaphore(IN_FLIGHT)

        async def one(claim: Claim) -> None:
            async with slots:
                await self._poll(claim)

        await asyncio.gather(*map(one, claims))

    async def drain(self) -> None:
        """Give up what is in flight: nothing of it is written, and its leases are free again."""
        self._stopping = True
        async with self._claiming:
            tasks = dict(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.ports.offload(self.ports.store.feeds.release, tuple(tasks.values()))

    def _start(self, claims: tuple[Claim, ...]) -> None:
        for claim in claims:
            task = asyncio.create_task(self._poll(claim), name=f"poll-{claim.feed.id}")
            self._tasks[task] = claim
            task.add_done_callback(self._tasks.pop)

    async def _poll(self, claim: Claim) -> None:
        started = self.ports.clock()
        try:
            recorded = await poll(claim, self.ports)
        except Exception:  # a bug of ours: this feed backs off, the others go on
            log.exception("poll failed", extra={"feed": claim.feed.id})
            recorded = await setback(claim, self.ports)
        self.finished += 1
        self.new += recorded.new
        self.baselines += not claim.state.baseline and recorded.new > 0
        spent = int((self.ports.clock() - started) / timedelta(milliseconds=1))
        log.info("poll", extra={"feed": claim.feed.id, "new": recorded.new, "queued": recorded.deliveries, "ms": spent})


# --- digests and pruning -------------------------------------------------------------------------------------------
async def send_digests(made: Ports, watchlists: Mapping[str, Watchlist], *, console: bool) -> None:
    """Queue the digests whose hour has come, one transaction each; `console`: the terminal's, and no others."""
    moment = made.clock()
    closed = await made.offload(made.store.digests.closed_slots)
    for chat in await made.offload(made.store.chats.active):
        if (chat.kind == "console") != console:
            continue
        try:
            for slot in calendar.due_slots(chat, closed.get(chat.key, ()), moment):
                if compose.wants(slot.lane, await made.offload(made.store.chats.following, chat.key), watchlists):
                    await queue_digest(made, watchlists, chat, (slot.lane,), slot.id, late=slot.late)
        except Exception:  # a bug of ours: this chat goes without, the others get theirs
            log.exception("digest failed", extra={"chat": chat.key})


async def queue_digest(
    made: Ports,
    watchlists: Mapping[str, Watchlist],
    chat: Chat,
    lanes: tuple[Lane, ...],
    slot: str,
    *,
    late: bool = False,
) -> None:
    """Queue what the chat has not been shown yet on these lanes, and move them on."""
    levels = {name: watchlist.level for name, watchlist in watchlists.items()}
    window = await made.offload(made.store.digests.window, chat.key, lanes, levels)
    moment = made.clock()
    deliveries = compose.digest_messages(window, chat, watchlists, moment, lanes, slot, late)
    await made.offload(made.store.digests.close, chat.key, lanes, slot, window.cursor, deliveries, moment)
    log.info("digest", extra={"chat": chat.key, "slot": slot, "articles": len(window.items)})


async def prune(made: Ports) -> None:
    """Forget what is kept no longer."""
    log.info("pruned", extra={"rows": await made.offload(made.store.prune, made.clock())})


# --- commands ------------------------------------------------------------------------------------------------------
async def terminal(made: Ports, watchlists: Mapping[str, Watchlist]) -> Chat:
    """The terminal as a chat: it follows every watchlist at its own level."""
    chat: Chat = await made.offload(made.store.chats.console, made.clock())
    for watchlist in watchlists:
        await made.offload(made.store.chats.follow, chat.key, watchlist, None, made.clock())
    return chat


async def run(settings: Settings, configuration: Configuration) -> int:
    """Watch until a signal says stop; then drain within 5 seconds."""
    console = settings.token is None
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with sole_sender(settings.database):
        async with ports(settings, configuration) as made, AsyncExitStack() as stack:
            courier = await _courier(settings, configuration, made, stack, listen=True)
            rounds = Rounds(made)
            scheduler = _scheduler(made, configuration.engine.watchlists, rounds, courier, console=console)
            followed = sum(feed.enabled for feed in configuration.feeds)
            log.info("started", extra={"version": __version__, "feeds": followed})
            await stop.wait()
            scheduler.pause()  # a shutdown would cancel a job in the middle of a claim
            await asyncio.gather(rounds.drain(), courier.drain())
            scheduler.shutdown(wait=False)
            log.info("stopped")
    return 0


async def once(settings: Settings, configuration: Configuration, *, everything: bool) -> int:
    """Poll what is due, send what is to be sent, and give back the hand."""
    watchlists = configuration.engine.watchlists
    console = settings.token is None
    with sole_sender(settings.database):
        async with ports(settings, configuration) as made, AsyncExitStack() as stack:
            courier = await _courier(settings, configuration, made, stack, listen=False)
            rounds, started = Rounds(made), made.clock()
            await rounds.all(everything=everything)
            await send_digests(made, watchlists, console=console)
            await courier.finish()
            if console and rounds.baselines:
                await _show_first_reading(made, watchlists)
            overview = await made.offload(made.store.feeds.overview)
            said, fine = sources.told(started, rounds.new, overview)
            print(said, file=sys.stderr)
    return 0 if fine else 1


async def _show_first_reading(made: Ports, watchlists: Mapping[str, Watchlist]) -> None:
    """In the terminal, what a first reading would have kept: none of it is an alert, but it shows that Vigie works."""
    found = await made.offload(made.store.digests.preview, tuple(watchlists), PREVIEW)
    if found:
        await Console(sys.stdout, made.clock).send(0, render.first_reading(found, watchlists, "fr"))


def _scheduler(
    made: Ports, watchlists: Mapping[str, Watchlist], rounds: Rounds, courier: Courier, *, console: bool
) -> AsyncIOScheduler:
    # The default grace of one second would silently skip runs while the machine is busy
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    jobs = (
        (rounds.tick, POLL_TICK, ()),
        (courier.tick, DELIVER_TICK, ()),
        (partial(send_digests, console=console), DIGEST_TICK, (made, watchlists)),
        (prune, PRUNE_TICK, (made,)),
    )
    for job, seconds, arguments in jobs:
        scheduler.add_job(job, "interval", arguments, seconds=seconds, next_run_time=made.clock())
    scheduler.start()
    return scheduler


async def _courier(
    settings: Settings, configuration: Configuration, made: Ports, stack: AsyncExitStack, *, listen: bool
) -> Courier:
    """Who carries the messages: to Telegram where there is a token, listening to it if asked; else to the terminal."""
    watchlists = configuration.engine.watchlists
    if settings.token is None:
        await terminal(made, watchlists)
        return await courier_to(made, Console(sys.stdout, made.clock), Pacer(FREE), console=True)
    from bot.conversation import menus
    from bot.conversation.handlers import Conversation
    from bot.delivery.telegram import Telegram, TokenRefused

    try:
        telegram = await stack.enter_async_context(Telegram(settings.token.reveal(), settings.api_url))
    except TokenRefused as problem:
        raise CannotRun(str(problem)) from problem
    pacer = Pacer(TELEGRAM)
    if listen:
        voice = Paced(telegram, pacer)
        talk = Conversation(made.store, made.offload, voice, lambda: watchlists, settings, made.clock)
        telegram.listen(talk.handle)
        publishing = asyncio.create_task(telegram.set_commands(menus.commands()), name="menus")
        stack.callback(publishing.cancel)
    return await courier_to(made, telegram, pacer)


async def courier_to(made: Ports, messenger: Messenger, pacer: Pacer, *, console: bool = False) -> Courier:
    """A courier that has taken over what another run left in flight."""
    run = uuid.uuid4().hex
    courier = Courier(made.store.outbox, made.offload, messenger, pacer, made.clock, run, console=console)
    await courier.recover()
    return courier
