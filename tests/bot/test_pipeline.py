"""One poll, on a real store, with scripted answers from outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digest import compose
from bot.model import Failed, Fetched, Outcome, Why
from bot.pipeline import Ports, poll
from bot.reading.worker import Killed
from matchers.engine import compile_engine
from matchers.watchlist import WatchlistFile
from storage import Store, open_store
from storage.model import Feed, FeedId

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEED = "https://journal.example/rss"
ENGINE = compile_engine({"essai": WatchlistFile(name="Essai", level="flash", any=["SecNumCloud"], threshold=1)}, {})
PAGE = Fetched(b"<html><body><article>" + b"<p>Cirrova vise SecNumCloud. </p>" * 30 + b"</article>", "", "text/html")
DOWN = Failed(Why.HTTP, "HTTP 503", 503)


@dataclass
class World:
    """Answers by address; a list gives one after the other, the last one for ever."""

    store: Store
    answers: dict[str, list[Outcome]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    busy: bool = False
    now: datetime = NOW

    async def get(self, url: str, *, etag: str | None = None, **_: Any) -> Outcome:
        self.asked.append((url, etag))
        script = self.answers[url]
        return script.pop(0) if len(script) > 1 else script[0]

    async def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return Killed("busy") if self.busy else function(*arguments)

    async def offload(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    def feed(self, *items: str, etag: str = '"1"') -> None:
        body = f"<rss version='2.0'><channel><title>J</title>{''.join(items)}</channel></rss>"
        self.answers[FEED] = [Fetched(body.encode(), FEED, "application/rss+xml", etag=etag)]

    async def poll(self) -> None:
        self.now += timedelta(hours=1)
        (claim,) = self.store.feeds.claim_all(self.now, "moi", timedelta(minutes=1))
        ports = Ports(
            self.store, self.offload, self, self, ENGINE,  # type: ignore[arg-type] # the world plays door and workers
            compose.announcer(ENGINE.watchlists), lambda: self.now, lambda: 0.0,
        )  # fmt: skip
        await poll(claim, ports)

    def kept(self) -> set[str]:
        return {item.article.title for item in self.store.digests.preview(["essai"], 9)}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(tmp_path / "base")
    store.feeds.sync([Feed(FeedId("journal"), "Le Journal", FEED)], NOW)
    yield World(store)
    store.close()


def item(guid: str, link: str, title: str, summary: str = "") -> str:
    when = "Tue, 24 Nov 2026 08:30:00 GMT"
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<description>{summary}</description><pubDate>{when}</pubDate></item>"
    )


async def baseline(world: World) -> None:
    world.feed(item("0", "https://journal.example/0", "Ancien"), etag='"0"')
    await world.poll()


async def test_a_page_that_fails_for_now_is_read_at_the_next_poll(world: World) -> None:
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "Une nouvelle"))
    world.answers["https://journal.example/a"] = [DOWN, PAGE]
    await world.poll()
    assert world.kept() == set()
    await world.poll()
    assert world.kept() == {"Une nouvelle"}
    assert world.asked[-2] == (FEED, '"0"'), "the validators of what was left unread are not kept"


async def test_what_matches_already_does_not_wait_for_its_page(world: World) -> None:
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "SecNumCloud pour Cirrova"))
    world.answers["https://journal.example/a"] = [DOWN]
    await world.poll()
    assert world.kept() == {"SecNumCloud pour Cirrova"}


async def test_a_page_that_fails_for_ever_is_given_up_after_six_hours(world: World) -> None:
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "Une nouvelle"))
    world.answers["https://journal.example/a"] = [DOWN]
    for _ in range(9):
        await world.poll()
    assert 3 <= sum(url.endswith("/a") for url, _ in world.asked) <= 7


async def test_an_edit_whose_page_fails_keeps_what_was_found(world: World) -> None:
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "Une nouvelle"))
    world.answers["https://journal.example/a"] = [PAGE, DOWN]
    await world.poll()
    world.feed(item("a", "https://journal.example/a", "Une nouvelle, corrigée"))
    await world.poll()
    assert world.kept() == {"Une nouvelle"}


async def test_entries_that_share_an_address_stay_apart(world: World) -> None:
    await baseline(world)
    shared = ["https://journal.example/", "https://journal.example/numero.html"]
    world.answers |= {"https://journal.example/": [DOWN], "https://journal.example/numero.html": [DOWN]}
    world.feed(*(item(f"{n}", shared[n % 2], f"SecNumCloud {n}") for n in range(1, 5)))
    await world.poll()
    assert world.kept() == {f"SecNumCloud {n}" for n in range(1, 5)}


async def test_a_busy_worker_is_not_the_fault_of_the_feed(world: World) -> None:
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "SecNumCloud"))
    world.busy = True
    before = world.store.feeds.overview()[0][1]
    await world.poll()
    assert world.store.feeds.overview()[0][1] == before
