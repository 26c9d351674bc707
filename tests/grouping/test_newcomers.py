"""Whom a weekly digest names for the first time."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot import grouping
from bot.daemon.digests import DigestHour
from bot.digest.calendar import DueDigest
from matchers.engine.engine import compile_engine
from matchers.model import Article, Level
from matchers.stories.grouping import Grouping
from matchers.watchlists.watchlist import EntityEntry, WatchlistFile
from storage.articles.model import ArticleText, EntryKey, EntryRecord, Newcomer, Standing
from storage.chats.model import NewDigest
from tests.grouping.builders import prose
from tests.grouping.world import FEEDS, NEWSROOM, World, opened
from tests.storage.builders import NOW, poll

ENGINE = compile_engine(
    {"essai": WatchlistFile(name="Essai", level="weekly", any=["SecNumCloud"], threshold=1)},
    {name: EntityEntry(name=name.title(), kind="org") for name in ("cirrova", "nebulis", "altair")},
)
LEVELS: dict[str, Level] = {"essai": "weekly"}


def publish(world: World, number: int, title: str, *, hours: float, text: str = "") -> None:
    """One source writes, so many hours after the world began."""
    world.now = NOW + timedelta(hours=hours)
    said = text or f"SecNumCloud. {prose(title, 20)}"
    url = f"https://site{number}.example/{number}"
    article = Article(title=title, text=said, url=url)
    reading = ArticleText(title, "", said, url, (url,), published=world.now, source="page")
    traits = grouping.traits(ENGINE.scan(article), ENGINE.match(article), ENGINE, Grouping())
    entry = EntryRecord(
        EntryKey(title, said, (url,)), Standing("new"), reading, ENGINE.match(article), traits=traits
    )  # fmt: skip
    poll(world.store, entry, feed=FEEDS[number], newsroom=NEWSROOM, now=world.now)


def newcomers(world: World) -> tuple[Newcomer, ...]:
    return world.store.digests.window(world.chat.key, ("weekly",), LEVELS).newcomers


def close(world: World, slot: str) -> None:
    """The digest of that Monday is sent."""
    window = world.store.digests.window(world.chat.key, ("weekly",), LEVELS)
    world.store.digests.close(world.chat.key, ("weekly",), slot, window.cursor, NewDigest(), world.now)


def weekly(world: World) -> list[str]:
    """The parts of the digest of Monday 30, as they are queued."""

    async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    ports: Any = SimpleNamespace(store=world.store, offload=offload, engine=ENGINE, clock=lambda: world.now)
    (place,) = (each for each in world.store.chats.destinations() if each.chat.key == world.chat.key)
    asyncio.run(DigestHour(ports).queue(place, DueDigest("weekly", "2026-11-30", world.now), witness=False))
    return [message.html for _, message, _ in world.send()]


def test_a_weekly_digest_knows_whom_nothing_kept_has_named_before(tmp_path: Path) -> None:
    dispatch = f"Cirrova vise SecNumCloud. {prose('dépêche', 60)}"
    with opened(tmp_path) as world:
        publish(world, 0, "Nebulis obtient SecNumCloud", hours=-48)
        world.now = NOW + timedelta(hours=2)
        close(world, "2026-11-23")
        publish(world, 1, "Nebulis ouvre une région SecNumCloud à Brest", hours=50)
        publish(world, 2, "Cirrova vise la qualification SecNumCloud", hours=60, text=dispatch)
        publish(world, 3, "Cirrova vise SecNumCloud à son tour", hours=61, text=dispatch)
        publish(world, 4, "Altair renonce à SecNumCloud après un audit", hours=70)
        assert newcomers(world) == (Newcomer("cirrova", 2), Newcomer("altair", 1))
        assert world.store.digests.window(world.chat.key, ("daily",), LEVELS).newcomers == ()
        (told,) = weekly(world)
        assert "Vu pour la première fois\u00a0: Cirrova (2 articles), Altair (1 article)" in told
        assert "3 sujets nouveaux, 4 sources" in told


def test_where_the_archive_is_no_longer_than_the_week_nobody_is_new(tmp_path: Path) -> None:
    with opened(tmp_path) as world:
        publish(world, 0, "Nebulis obtient SecNumCloud", hours=1)
        publish(world, 1, "Altair renonce à SecNumCloud après un audit", hours=30)
        assert newcomers(world) == ()


def test_who_was_named_on_the_morning_of_the_digest_before_is_not_new(tmp_path: Path) -> None:
    with opened(tmp_path) as world:
        publish(world, 0, "Nebulis obtient SecNumCloud", hours=-48)
        publish(world, 1, "Cirrova vise la qualification SecNumCloud", hours=1)
        world.now = NOW + timedelta(hours=2)
        close(world, "2026-11-23")
        publish(world, 2, "Cirrova ouvre une région SecNumCloud en Bretagne", hours=3)
        publish(world, 3, "Altair renonce à SecNumCloud après un audit", hours=4)
        assert newcomers(world) == (Newcomer("altair", 1),)
