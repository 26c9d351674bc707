"""What everything is made of: built once, opened and closed in the right order."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from bot import __version__
from bot.clock import Clock, SharedClock, now
from bot.config.configuration import Configuration
from bot.config.folder import written
from bot.config.settings import Settings
from bot.digest.newsroom import newsroom
from bot.digest.team import Team
from bot.ports import Ports
from bot.reading.ready import warm
from bot.store_thread import Offload, store_thread
from bot.web.fetch import Fetcher
from bot.web.guard import Guard
from bot.web.host_turns import HostTurns
from bot.web.login import Login
from bot.web.permissions import Permissions
from bot.web.politeness import Courtesy, TurnLedger
from bot.workers import Workers
from storage import Store, open_store
from storage.feeds.model import Feed


@asynccontextmanager
async def ports(
    settings: Settings,
    configuration: Configuration,
    *,
    clock: Clock = now,
    allow: frozenset[tuple[str, int]] = frozenset(),
) -> AsyncIterator[Ports]:
    """Everything a poll needs, opened and closed in the right order; for one process a database (`sole_sender`).

    `allow`: hosts and ports open to the guard.
    """
    async with AsyncExitStack() as stack:
        store = open_store(settings.database)
        stack.callback(store.close)
        offload = stack.enter_context(store_thread())
        if not store.shared:
            await _begin_alone(store, offload, clock())
        await offload(store.database.analyse)
        number = await _enacted(store, offload, configuration, clock())
        agreed = SharedClock(clock)
        door = fetcher(settings, HostTurns(store.hosts, offload, agreed), clock=clock, allow=allow)
        await stack.enter_async_context(door)
        introduce(door, configuration.feeds)
        team = Team(settings.access == "closed", settings.admins)
        workers = await stack.enter_async_context(Workers(warm=warm))
        yield Ports(
            store=store,
            offload=offload,
            door=door,
            workers=workers,
            permits=Permissions(store.sites, offload, door, workers, agreed),
            engine=configuration.engine,
            newsroom=newsroom(configuration.engine.watchlists, team=team),
            team=team,
            clock=clock,
            chance=random.random,
            keep_texts=settings.keep.texts > timedelta(),
            places=configuration.places,
            ruleset=number,
            agreed=agreed,
        )


async def _enacted(store: Store, offload: Offload, configuration: Configuration, now: datetime) -> int | None:
    """The number of the rules that this start puts into force; None where others' are, which are not for it to change,
    and are taken after it."""
    if store.shared and (await offload(store.rules.enacted)).number:
        return None
    return await offload(store.feeds.sync, configuration.feeds, now, written(configuration.rules))


async def _begin_alone(store: Store, offload: Offload, now: datetime) -> None:
    """Whoever calls this is alone: a lease is left over from a crash, an hour is by our clock."""
    await offload(store.feeds.release_all)
    await offload(store.hosts.release_all)
    await offload(store.rewind, now)  # the clock may have been set back while nobody looked


def fetcher(
    settings: Settings,
    ledger: TurnLedger | None = None,
    *,
    clock: Clock = now,
    allow: frozenset[tuple[str, int]] = frozenset(),
) -> Fetcher:
    """The door to the web as the operator wants it; without a `ledger`, hosts' turns are kept by this one alone."""
    guard = Guard(allow_private=settings.allow_private_networks, allow=allow, reach=settings.reach)
    courtesy = Courtesy(ledger=ledger)
    return Fetcher(user_agent(settings), guard, courtesy=courtesy, network=settings.network, clock=clock)


def introduce(door: Fetcher, feeds: Sequence[Feed]) -> None:
    """Tell the door which sources stand on a network of their own, and what opens those that are paid for."""
    door.open_to(feed.url for feed in feeds if feed.private)
    door.log_in({feed.url: Login(feed.url, *feed.login) for feed in feeds if feed.login is not None})


def user_agent(settings: Settings) -> str:
    """How we introduce ourselves to every site."""
    return f"Vigie/{__version__} (+{settings.contact})" if settings.contact else f"Vigie/{__version__}"
