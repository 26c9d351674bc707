"""The composition root: builds everything, runs the jobs, drains on a signal."""

import asyncio
import hashlib
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cache, partial
from random import SystemRandom
from typing import Any

from bot import __version__
from bot.build import ports
from bot.clock import now
from bot.config.configuration import Configuration, Rules
from bot.config.settings import Settings
from bot.daemon import timetable
from bot.daemon.channels import Channels, courier_to, outlets, settle
from bot.daemon.digests import send_digests
from bot.daemon.garbage import set_aside
from bot.daemon.http_port import nothing
from bot.daemon.in_force import Agreement
from bot.daemon.live import Live
from bot.daemon.lock import sole_sender
from bot.daemon.monitoring import Monitoring
from bot.daemon.offices import Beats, Change
from bot.daemon.own_terms import send_own_terms
from bot.daemon.press_desk import PressDesk
from bot.daemon.pulse import Pulse
from bot.daemon.reload import Reloader, take
from bot.daemon.rounds import Rounds
from bot.daemon.stillness import still
from bot.daemon.timetable import Job
from bot.daemon.watch import watch
from bot.daemon.waves import tell_waves
from bot.delivery.chat import CommandMenu, Listener
from bot.delivery.console import Console
from bot.delivery.deliver import Courier
from bot.delivery.pacer import Paced
from bot.delivery.witness import Witness
from bot.digest import layout
from bot.digest.calendar import next_slot
from bot.ending import FAILED, FINE
from bot.french import counted
from bot.messages.deep_links import KEY, Links
from bot.model import Incoming
from bot.office import LEASE, Office
from bot.operators.journal import Journal
from bot.operators.review import send_review
from bot.operators.roll_call import call_roll
from bot.operators.sampling import send_sample
from bot.operators.self_check import ailing
from bot.operators.sitemaps import sample_sitemaps
from bot.ports import Ports
from bot.tools import sources
from bot.trials.backtest import effect
from bot.trials.findings import Effect
from bot.trials.trial import try_files, try_term, try_without
from storage import StoreError
from storage.operators.model import Presence
from storage.operators.offices import make_room
from storage.operators.retention import Retention

log = logging.getLogger("vigie")

LAST_WORD = 5.0  # seconds to tell operators why we stop
HANDOVER = 1.0  # seconds between two looks at whether an older version has left
PROMISED = 2.8  # seconds for what is under way when we stop, of the five promised: the rest is to close and leave
PREVIEW = 5  # articles shown after a first reading


# --- what talks and listens ------------------------------------------------------------------------------------
def _listen(
    telegram: Listener,
    voice: Paced,
    witness: Witness,
    reloader: Reloader,
    settings: Settings,
    stack: AsyncExitStack,
) -> Change:
    """Answer what people say, for as long as the office of the sender is ours: both share one pace."""
    from bot.conversation import command_menus
    from bot.conversation.context import Bench, Context
    from bot.conversation.handlers import Conversation

    live, made = reloader.live, reloader.live.ports
    assert made.links is not None, "who talks has introduced itself"
    bench = Bench(
        lambda tell: try_files(reloader.configuration.folder, settings.database, made.clock(), tell),
        lambda term, tell: try_term(term, settings.database, made.clock(), tell),
        lambda watchlist, word, tell: try_without(watchlist, word, settings.database, made.clock(), tell),
    )
    context = Context(made.store, made.offload, voice, made.clock, live, made.links, settings, reloader.reload, bench)
    talk = Conversation(context)

    async def heard(incoming: Incoming) -> None:
        if incoming.message is not None:
            await witness.came(incoming.chat, incoming.message)
        await talk.handle(incoming)

    async def changed(ours: bool) -> None:
        telegram.listen(heard) if ours else telegram.stop_listening()

    background(_publish(telegram, made, command_menus.of_all_chats()), "menus", stack)
    return changed


async def _introduce(live: Live, out: Channels) -> None:
    """Let what is said link to ourselves, signed with the key of this installation."""
    if (telegram := out.telegram) is not None:
        key = await live.ports.offload(live.ports.store.key_values.make, KEY, lambda: secrets.token_hex(32))
        live.introduce(Links(bytes.fromhex(key), lambda: telegram.username))


def _reloader(
    settings: Settings, live: Live, configuration: Configuration, out: Channels, journal: Journal, desk: Office
) -> Reloader:
    """Who puts a change of the configuration into force, and tells the operators."""
    made = live.ports

    async def adopted() -> None:
        await journal.adopted()
        if "messages" in settings.roles:
            await settle(live, out)

    def weigh(before: Rules, after: Rules) -> Effect | None:
        return effect(settings.database, before, after, made.clock())

    return Reloader(live, configuration, journal.reloaded, adopted, weigh, lambda: desk.held, set_aside)


async def _publish(telegram: Listener, made: Ports, menus: tuple[CommandMenu, ...]) -> None:
    """Tell Telegram the commands that clients propose, if they have changed since it was last told."""
    digest = hashlib.sha256(repr(menus).encode()).hexdigest()
    if await made.offload(made.store.key_values.get, "commands") != digest and await telegram.set_commands(menus):
        await made.offload(made.store.key_values.put, "commands", digest)


def background(work: Coroutine[Any, Any, Any], name: str, stack: AsyncExitStack) -> None:
    """Run beside everything else, until the end."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_ended)
    stack.callback(task.cancel)


def _ended(task: "asyncio.Task[Any]") -> None:
    """What ends beside everything else would end unheard."""
    if not task.cancelled() and (problem := task.exception()) is not None:
        log.error("task failed", exc_info=problem, extra={"task": task.get_name()})


async def _nobody_talks() -> None: ...


# --- what runs -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Running:
    """A daemon that is whole: its jobs, and whoever has something under way when it stops."""

    live: Live
    rounds: Rounds
    courier: Courier
    journal: Journal
    reloader: Reloader
    beats: Beats
    table: tuple[Job, ...] = ()
    hush: Callable[[], Awaitable[None]] = _nobody_talks

    async def drain(self) -> None:
        """Begin nothing more, let what is under way end, then leave the offices to others. What waits for a store that
        is full or locked is left as a kill would leave it: nothing of it is lost, and leases end by themselves."""
        try:
            async with asyncio.timeout(PROMISED):
                await asyncio.gather(self.rounds.drain(), self.courier.drain(), self.hush())
                await self.beats.resign()
        except TimeoutError:
            log.warning("stopped without waiting for the store")


# --- the jobs ------------------------------------------------------------------------------------------------------
def jobs(daemon: Running, keep: Retention, roles: frozenset[str], *, console: bool) -> tuple[Job, ...]:
    """Everything that `vigie run` does by itself, in these roles."""
    live = daemon.live
    asking = (
        Job("polls", timedelta(seconds=1), still(live, daemon.rounds.tick)),
        Job("pages", timedelta(seconds=10), daemon.rounds.pages),
    )
    crowds = Job("waves", timedelta(seconds=1), still(live, partial(tell_waves, live)))
    sending = (
        Job("messages", timedelta(seconds=1), still(live, daemon.courier.tick)),
        *_desk(daemon, keep, console=console),
    )
    return (*(asking if "polls" in roles else ()), crowds, *(sending if "messages" in roles else ()))


def _desk(daemon: Running, keep: Retention, *, console: bool) -> tuple[Job, ...]:
    """What one daemon does for all: each job has nothing to do while another is at the desk."""
    live, journal, desk = daemon.live, daemon.journal, daemon.beats.desk

    async def review() -> None:
        made = live.ports
        await send_review(made.store, made.offload, live.watchlists, journal.admins, made.clock())

    async def sample() -> None:
        made = live.ports
        await send_sample(made.store, made.offload, live.engine, journal.admins, made.clock(), SystemRandom())

    async def sitemaps() -> None:
        await sample_sitemaps(live.ports, journal.admins)

    def at_desk(work: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[None]]:
        async def done() -> None:
            if desk.held:
                await work()

        return done

    async def roll_call() -> None:
        await call_roll(live.ports.store, live.ports.offload, live.ports.clock())

    fleet = (Job("daemons", timedelta(seconds=10), at_desk(roll_call)),) if daemon.beats.registry else ()
    return (
        *fleet,
        Job("digests", timedelta(seconds=15), at_desk(partial(send_digests, live, console=console))),
        Job("terms", timedelta(seconds=15), at_desk(partial(send_own_terms, live))),
        Job("journal", timedelta(seconds=10), at_desk(journal.tick)),
        Job("quality", timedelta(minutes=10), at_desk(review)),
        Job("sample", timedelta(minutes=10), at_desk(sample)),
        Job("sitemaps", timedelta(minutes=10), at_desk(sitemaps)),
        Job("silence", timedelta(minutes=10), at_desk(journal.listen)),
        Job("prune", timedelta(hours=6), at_desk(partial(prune, live.ports, keep))),
    )


def _store_watched(
    made: Ports, journal: Journal, give_up: Callable[[], None], lost: Callable[[], StoreError | None]
) -> Job:
    """A store that is gone, or replaced, or another's now, under the daemon: told, and the end of this run. One that is
    damaged, or that we may not write any more: told, and what still works goes on."""
    database = made.store.database

    async def look() -> None:
        if (problem := database.displaced() or lost()) is not None:
            with suppress(TimeoutError, StoreError):
                async with asyncio.timeout(LAST_WORD):
                    await journal.cry(problem, made.clock())
            give_up()
            return
        if database.stirred():
            await made.offload(database.examine)
        if (problem := database.hurt()) is not None:
            await journal.cry(problem, made.clock())

    return Job("store", timedelta(seconds=1), look)


async def prune(made: Ports, keep: Retention) -> None:
    """Forget what is kept no longer."""
    log.info("pruned", extra=asdict(await made.offload(made.store.prune, made.clock(), keep)))


async def _set_back(made: Ports, by: timedelta) -> None:
    if not made.store.shared:  # what others promised, by clocks of theirs, is not ours to bring forward
        await made.offload(made.store.rewind, made.clock(), by)


# --- the daemon ----------------------------------------------------------------------------------------------------
async def assembled(
    settings: Settings,
    configuration: Configuration,
    made: Ports,
    out: Channels,
    give_up: Callable[[], None],
    stack: AsyncExitStack,
    lost: Callable[[], StoreError | None] = lambda: None,
) -> Running:
    """The daemon, listening and ready to be given its hours. `give_up`: the store is gone, and nothing can go on.
    `lost` tells why it is ours no more.

    Nothing in here reads the clock or the network but through `made` and `out`: a test steps through two weeks of it.
    """
    live = Live(made)
    await _introduce(live, out)
    witness = Witness(made.store.proof, made.offload, made.clock)
    voice = Paced(out.messenger, out.pacer, witness)
    beats = _beats(made, settings)
    beats.superseded = give_up
    courier = await courier_to(made, out, probe=settings.probe, office=beats.sender)
    ails = partial(ailing, settings.database, lambda: courier.token_dead, lambda: made.workers.unborn)
    told = settings.admins if out.telegram else frozenset()
    journal = Journal(live, told, ails, Paced(out.messenger, out.pacer, None))
    reloader = _reloader(settings, live, configuration, out, journal, beats.desk)
    if made.store.shared:
        agreement = Agreement(reloader, socket.gethostname())
        await agreement.look()
        background(agreement.keep(), "rules in force", stack)
    if out.telegram is not None and "talk" in settings.roles:
        beats.changed = _listen(out.telegram, voice, witness, reloader, settings, stack)
    if "messages" in settings.roles:
        await settle(live, out)
    await beats.beat()
    hush = _nobody_talks if out.telegram is None else out.telegram.hush
    daemon = Running(live, Rounds(live, owner=beats.run), courier, journal, reloader, beats, hush=hush)
    watched = _store_watched(made, journal, give_up, lost)
    return replace(daemon, table=(watched, *jobs(daemon, settings.keep, settings.roles, console=out.console)))


async def _bound_for(made: Ports, out: Channels) -> dict[str, str]:
    """Where messages go and when the first digest comes: after a first reading, nothing may be heard for hours."""
    ways = {"Telegram": out.telegram is not None, "destinations": out.places is not None, "terminal": out.console}
    followed = await made.offload(made.store.chats.destinations)
    slots = [next_slot(each.chat, "daily", made.clock()) for each in followed]
    where = {"messages": ", ".join(name for name, holds in ways.items() if holds) or "no way"}
    if not slots:
        return where | {"digest": "nobody follows a watchlist yet: /start"}
    return where | {"digest": min(slots).astimezone().isoformat(timespec="minutes")}


@cache
def _whoami() -> str:
    """This run of this daemon, so that people know where it is."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


def _beats(made: Ports, settings: Settings) -> Beats:
    registry = made.store.offices if made.store.shared else None
    return Beats(_whoami(), registry, settings.roles, clock=made.clock, agreed=made.agreed)


async def _made_room(settings: Settings, stop: asyncio.Event) -> bool:
    """Wait until no older version works on a base that several share; False where we are told to stop meanwhile."""
    me, told = Presence(_whoami(), ",".join(sorted(settings.roles))), tuple[str, ...]()
    while machines := await asyncio.to_thread(make_room, settings.database, me, now(), timedelta(seconds=LEASE)):
        if machines != told:
            log.info("an older version works here, and is asked to leave", extra={"machines": ", ".join(machines)})
        told = machines
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), HANDOVER)
            return False
    return True


# --- commands ------------------------------------------------------------------------------------------------------
async def run(settings: Settings, configuration: Configuration) -> int:
    """Watch until a signal says stop; then drain within 5 seconds."""
    stop, failed = asyncio.Event(), asyncio.Event()

    def give_up() -> None:
        failed.set()
        stop.set()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with sole_sender(settings.database) as right:
        if not await _made_room(settings, stop):
            return FINE
        async with ports(settings, configuration) as made, AsyncExitStack() as stack:
            out = await outlets(settings, made, stack)
            lost = right.lost if right is not None else lambda: None
            daemon = await assembled(settings, configuration, made, out, give_up, stack, lost)
            pulse = Pulse(timetable.rhythm(daemon.table), made.clock())
            desk = PressDesk(daemon.rounds.live).answer if settings.publish else nothing
            tower = Monitoring(pulse, daemon.rounds, daemon.beats, lambda: daemon.courier.token_dead, desk)
            await stack.enter_async_context(tower.open(settings.metrics))
            set_aside()
            scheduler = timetable.start(daemon.table, pulse, made.clock)
            background(timetable.keep_time(scheduler, made.clock, partial(_set_back, made)), "clock", stack)
            background(tower.reassure(settings.supervisor), "watchdog", stack)
            background(daemon.beats.keep(), "offices", stack)
            background(watch(configuration.folder, daemon.reloader.changed), "watch", stack)
            background(daemon.reloader.follow(), "reload", stack)
            loop.add_signal_handler(signal.SIGHUP, daemon.reloader.order)
            followed = sum(feed.enabled for feed in configuration.feeds)
            log.info("started", extra={"version": __version__, "feeds": followed, **await _bound_for(made, out)})
            settings.supervisor.tell("READY=1", f"STATUS={counted(followed, 'source suivie', 'sources suivies')}")
            await stop.wait()
            settings.supervisor.tell("STOPPING=1")
            scheduler.pause()  # a shutdown would cancel a job in the middle of a claim
            await daemon.drain()
            scheduler.shutdown(wait=False)
            log.info("stopped")
    return FAILED if failed.is_set() else FINE


async def once(settings: Settings, configuration: Configuration, *, everything: bool) -> int:
    """Poll what is due, send what is to be sent, and give back the hand."""
    with sole_sender(settings.database):
        async with ports(settings, configuration) as made, AsyncExitStack() as stack:
            live = Live(made)
            await take(live, configuration)
            out = await outlets(settings, made, stack)
            await _introduce(live, out)
            beats, started = _beats(made, settings), made.clock()
            rounds = Rounds(live, owner=beats.run)
            await beats.beat()
            background(beats.keep(), "offices", stack)
            sends = beats.sender.held  # else another daemon sends, or this one is not to
            if sends:
                await settle(live, out)
            await rounds.all(everything=everything)
            await rounds.all_pages()
            await tell_waves(live, None)
            if sends:
                await send_digests(live, console=out.console)
                await send_own_terms(live)
                await (await courier_to(made, out, probe=settings.probe, office=beats.sender)).finish()
            await beats.resign()
            if out.console and rounds.baselines:
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
        said = layout.first_reading(found, live.watchlists, "fr", "Europe/Paris")
        await Console(sys.stdout, made.clock).send(0, said)
