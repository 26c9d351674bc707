"""The composition root: builds everything, runs the jobs, drains on a signal."""

import asyncio
import logging
import random
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot import __version__, sources, timetable
from bot.clock import now
from bot.config import Configuration, Settings
from bot.conversation import notices
from bot.delivery.chat import Messenger
from bot.delivery.console import Console
from bot.delivery.deliver import Courier
from bot.delivery.pacer import FREE, TELEGRAM, Paced, Pacer
from bot.digest import compose, render
from bot.digest.queue import send_digests
from bot.ending import CannotRun
from bot.journal import Journal
from bot.live import Live
from bot.lock import sole_sender
from bot.offload import store_thread
from bot.pipeline import Ports
from bot.polling.fetch import Door
from bot.polling.turns import Turns
from bot.pulse import Pulse
from bot.reading import page
from bot.reading.permits import Permits
from bot.reading.worker import Workers
from bot.reload import Reloader, Verdict
from bot.rounds import Rounds
from bot.timetable import Job
from bot.watch import watch
from bot.watchtower import Watchtower
from storage import open_store
from storage.model import Chat, Retention

log = logging.getLogger("vigie")

PREVIEW = 5  # articles shown after a first reading


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
        offload = stack.enter_context(store_thread())
        await offload(store.feeds.release_all)  # whoever calls this is alone: a lease is left over from a crash
        await offload(store.hosts.release_all)
        await offload(store.feeds.sync, configuration.feeds, clock())
        door = Door(
            user_agent(settings),
            allow_private=settings.allow_private_networks,
            allow=allow,
            clock=clock,
            ledger=Turns(store.hosts, offload, clock),
        )
        await stack.enter_async_context(door)
        workers = await stack.enter_async_context(Workers(warm=page.warm))
        yield Ports(
            store=store,
            offload=offload,
            door=door,
            workers=workers,
            permits=Permits(store.sites, offload, door, workers, clock),
            engine=configuration.engine,
            announce=compose.announcer(configuration.engine.watchlists),
            clock=clock,
            chance=random.random,
        )


def user_agent(settings: Settings) -> str:
    """How we introduce ourselves to every site."""
    return f"Vigie/{__version__} (+{settings.contact})" if settings.contact else f"Vigie/{__version__}"


async def terminal(live: Live) -> Chat:
    """The terminal as a chat: it follows every watchlist at its own level."""
    made = live.ports
    chat: Chat = await made.offload(made.store.chats.console, made.clock())
    for watchlist in live.watchlists:
        await made.offload(made.store.chats.follow, chat.key, watchlist, None, made.clock())
    return chat


async def courier_to(
    made: Ports, messenger: Messenger, pacer: Pacer, *, console: bool = False, admins: frozenset[int] = frozenset()
) -> Courier:
    """A courier that has taken over what another run left in flight."""
    run = uuid.uuid4().hex
    outbox = made.store.outbox
    courier = Courier(outbox, made.offload, messenger, pacer, made.clock, run, console=console, admins=admins)
    await courier.recover()
    return courier


async def _messenger(settings: Settings, made: Ports, stack: AsyncExitStack) -> tuple[Messenger, Pacer]:
    """Where people read: Telegram if there is a token, else the terminal."""
    if settings.token is None:
        return Console(sys.stdout, made.clock), Pacer(FREE)
    from bot.delivery.telegram import Telegram, TokenRefused

    try:
        return await stack.enter_async_context(Telegram(settings.token.reveal(), settings.api_url)), Pacer(TELEGRAM)
    except TokenRefused as problem:
        raise CannotRun(str(problem)) from problem


def _listen(messenger: Messenger, voice: Paced, reloader: Reloader, settings: Settings, stack: AsyncExitStack) -> None:
    """Answer what people say. A terminal says nothing."""
    if settings.token is None:
        return
    from bot.conversation import menus
    from bot.conversation.handlers import Conversation
    from bot.delivery.telegram import Telegram

    assert isinstance(messenger, Telegram), "a token means Telegram"
    live, made = reloader.live, reloader.live.ports
    talk = Conversation(made.store, made.offload, voice, lambda: live.watchlists, settings, made.clock, reloader.reload)
    messenger.listen(talk.handle)
    _background(messenger.set_commands(menus.commands()), "menus", stack)


def _reloader(settings: Settings, live: Live, configuration: Configuration, voice: Paced) -> Reloader:
    """Who puts a change of the configuration into force, and tells the operators."""
    made = live.ports

    async def tell(verdict: Verdict) -> None:
        for admin in sorted(settings.admins) if settings.token else ():
            known: Chat | None = await made.offload(made.store.chats.find, admin)
            await voice.send(admin, notices.reloaded(verdict, known.language if known else "fr"))

    async def adopted() -> None:
        if settings.token is None:
            await terminal(live)

    return Reloader(live, configuration, tell, adopted)


def _background(work: Coroutine[Any, Any, Any], name: str, stack: AsyncExitStack) -> None:
    """Run beside everything else, until the end."""
    stack.callback(asyncio.create_task(work, name=name).cancel)


# --- the jobs ------------------------------------------------------------------------------------------------------
def jobs(
    live: Live, rounds: Rounds, courier: Courier, journal: Journal, keep: Retention, *, console: bool
) -> tuple[Job, ...]:
    """Everything that `vigie run` does by itself."""
    return (
        Job("polls", timedelta(seconds=1), rounds.tick),
        Job("pages", timedelta(seconds=10), rounds.pages),
        Job("messages", timedelta(seconds=1), courier.tick),
        Job("digests", timedelta(seconds=15), partial(send_digests, live, console=console)),
        Job("journal", timedelta(seconds=10), journal.tick),
        Job("silence", timedelta(minutes=10), journal.listen),
        Job("prune", timedelta(hours=6), partial(prune, live.ports, keep)),
    )


async def prune(made: Ports, keep: Retention) -> None:
    """Forget what is kept no longer."""
    log.info("pruned", extra={"rows": await made.offload(made.store.prune, made.clock(), keep)})


# --- commands ------------------------------------------------------------------------------------------------------
async def run(settings: Settings, configuration: Configuration) -> int:
    """Watch until a signal says stop; then drain within 5 seconds."""
    stop, console = asyncio.Event(), settings.token is None
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with sole_sender(settings.database):
        async with ports(settings, configuration) as made, AsyncExitStack() as stack:
            live = Live(made)
            messenger, pacer = await _messenger(settings, made, stack)
            voice = Paced(messenger, pacer)
            reloader = _reloader(settings, live, configuration, voice)
            _listen(messenger, voice, reloader, settings, stack)
            if console:
                await terminal(live)
            courier = await courier_to(made, messenger, pacer, console=console, admins=settings.admins)
            rounds, journal = Rounds(live), Journal(live, settings.admins if settings.token else frozenset())
            table = jobs(live, rounds, courier, journal, settings.keep, console=console)
            pulse = Pulse(timetable.rhythm(table), made.clock())
            tower = Watchtower(pulse, rounds)
            await stack.enter_async_context(tower.open(settings.metrics))
            scheduler = timetable.start(table, pulse, made.clock)
            _background(timetable.keep_time(scheduler, made.clock), "clock", stack)
            _background(tower.reassure(settings.supervisor), "watchdog", stack)
            _background(watch(configuration.folder, reloader.changed), "watch", stack)
            _background(reloader.follow(), "reload", stack)
            loop.add_signal_handler(signal.SIGHUP, lambda: _background(reloader.ordered(), "sighup", stack))
            followed = sum(feed.enabled for feed in configuration.feeds)
            log.info("started", extra={"version": __version__, "feeds": followed})
            settings.supervisor.tell("READY=1", f"STATUS={followed} sources suivies")
            await stop.wait()
            settings.supervisor.tell("STOPPING=1")
            scheduler.pause()  # a shutdown would cancel a job in the middle of a claim
            await asyncio.gather(rounds.drain(), courier.drain())
            scheduler.shutdown(wait=False)
            log.info("stopped")
    return 0


async def once(settings: Settings, configuration: Configuration, *, everything: bool) -> int:
    """Poll what is due, send what is to be sent, and give back the hand."""
    console = settings.token is None
    with sole_sender(settings.database):
        async with ports(settings, configuration) as made, AsyncExitStack() as stack:
            live = Live(made)
            if console:
                await terminal(live)
            messenger, pacer = await _messenger(settings, made, stack)
            courier = await courier_to(made, messenger, pacer, console=console, admins=settings.admins)
            rounds, started = Rounds(live), made.clock()
            await rounds.all(everything=everything)
            await rounds.all_pages()
            await send_digests(live, console=console)
            await courier.finish()
            if console and rounds.baselines:
                await _show_first_reading(live)
            overview = await made.offload(made.store.feeds.overview)
            said, fine = sources.told(started, rounds.new, overview)
            print(said, file=sys.stderr)
    return 0 if fine else 1


async def _show_first_reading(live: Live) -> None:
    """In the terminal, what a first reading would have kept: none of it is an alert, but it shows that Vigie works."""
    made = live.ports
    found = await made.offload(made.store.digests.preview, tuple(live.watchlists), PREVIEW)
    if found:
        await Console(sys.stdout, made.clock).send(0, render.first_reading(found, live.watchlists, "fr"))
