"""The operators are told of their sources: once, together, in their language, with what to do."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.conversation import notices
from bot.daemon.journal import GROUPED, Journal
from bot.model import Message
from storage import Store, open_store
from storage.model import Feed, FeedId, NewNotice, Notice, NoticeKind, PollRecord
from tests.storage.builders import an_entry

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
ADMIN = 7
FEEDS = tuple(Feed(FeedId(name), name.upper(), f"https://{name}.example/rss") for name in ("cnil", "anssi"))
KINDS: tuple[NoticeKind, ...] = (
    "failing", "blocked", "throttled", "unparsable", "dead", "gone", "moved", "migrated", "deaf", "silent",
    "robots", "reserved", "spaced",
)  # fmt: skip
DETAIL = {"migrated": "7", "silent": "4 1"}


class World:
    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW
        self.chat = store.chats.arrive(ADMIN, "private", "fr", NOW)

    async def offload(self, function: Any, *arguments: Any) -> Any:
        return function(*arguments)

    def journal(self, admins: frozenset[int] = frozenset({ADMIN})) -> Journal:
        ports = SimpleNamespace(store=self.store, offload=self.offload, clock=lambda: self.now)
        return Journal(cast("Any", SimpleNamespace(ports=ports)), admins)

    def raise_(self, kind: NoticeKind, feed: str = "cnil") -> None:
        self.store.notices.put(FeedId(feed), [NewNotice(kind, DETAIL.get(kind, "HTTP 500"), NOW)], (), self.now)

    def end(self, kind: NoticeKind, feed: str = "cnil") -> None:
        self.store.notices.put(FeedId(feed), (), (kind,), self.now)

    def said(self) -> list[Message]:
        found = self.store.outbox.claim(self.now, "run", 9)
        for each in found:
            self.store.outbox.sent(each.id, 1, self.now)
        return [Message.from_json(each.body) for each in found]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(tmp_path / "base")
    store.feeds.sync(FEEDS, NOW)
    yield World(store)
    store.close()


async def test_troubles_are_told_together_and_once(world: World) -> None:
    journal = world.journal()
    world.raise_("blocked")
    world.raise_("failing", "anssi")
    await journal.tick()
    (message,) = world.said()
    assert "<b>CNIL</b> nous refuse" in message.html
    assert "<b>ANSSI</b> ne répond plus bien depuis mer. 25 nov. 10:30" in message.html
    world.now += 2 * GROUPED
    await journal.tick()
    assert world.said() == []


async def test_what_comes_right_after_waits_to_be_told_together(world: World) -> None:
    journal = world.journal()
    world.raise_("blocked")
    await journal.tick()
    world.said()
    world.raise_("blocked", "anssi")
    await journal.tick()
    assert world.said() == []
    world.now += GROUPED
    await journal.tick()
    assert len(world.said()) == 1


async def test_a_source_that_is_well_again_is_told_without_sound(world: World) -> None:
    journal = world.journal()
    world.raise_("failing")
    await journal.tick()
    world.said()
    world.end("failing")
    world.now += GROUPED
    await journal.tick()
    (message,) = world.said()
    assert message == Message("✅ <b>CNIL</b> répond de nouveau.", silent=True)


async def test_what_is_untold_waits_for_an_operator_who_can_hear(world: World) -> None:
    world.raise_("blocked")
    await world.journal(frozenset({99})).tick()
    assert world.store.notices.unsaid() != ()


async def test_without_operators_the_log_is_the_journal(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.raise_("blocked")
    with caplog.at_level(logging.WARNING, "vigie"):
        await world.journal(frozenset()).tick()
    assert [(each.feed, each.what, each.over) for each in caplog.records] == [("cnil", "blocked", False)]  # type: ignore[attr-defined]
    assert world.store.notices.unsaid() == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_trouble_says_what_since_when_and_what_to_do(kind: NoticeKind, language: str) -> None:
    told = Notice(1, FeedId("cnil"), "C<NIL", FEEDS[0].url, kind, DETAIL.get(kind, "a <b>"), NOW)
    message = notices.sources([told], language)
    assert "<b>C&lt;NIL</b>" in message.html
    assert "\n" in message.html
    assert not message.silent


def test_a_long_list_says_how_many_more() -> None:
    told = [Notice(n, FeedId(f"f{n}"), f"F{n}", "", "blocked", "x" * 999, NOW) for n in range(60)]
    message = notices.sources(told, "fr")
    shown = message.html.count("nous refuse")
    assert shown > 3
    assert message.html.endswith(f"et {60 - shown} autres (vigie feeds)")
    assert len(message.html) <= 4096


async def test_a_silent_source_is_told_in_the_morning_and_when_it_speaks_again(world: World) -> None:
    def publish(day: datetime, number: int) -> None:
        (claim,) = (each for each in world.store.feeds.claim_all(day, "me", timedelta(minutes=1))
                    if each.feed.id == "cnil")  # fmt: skip
        world.store.feeds.release_all()
        (claim,) = (each for each in world.store.feeds.claim_all(day, "me", timedelta(minutes=1))
                    if each.feed.id == "cnil")  # fmt: skip
        state = claim.state.__class__(claim.state.url, day, "ok", baseline=True)
        over: tuple[NoticeKind, ...] = ("silent",)
        entry = an_entry(str(number), urls=(f"u{number}",))
        world.store.polls.record(PollRecord(claim, state, day, (entry,), over=over), lambda *_: ())

    for number in range(40):
        publish(NOW - timedelta(days=50 - number), number)
    journal = world.journal()
    world.now = NOW.replace(hour=6)
    await journal.listen()
    assert world.store.notices.unsaid() == (), "not before nine, in Paris"
    world.now = NOW
    await journal.listen()
    await journal.tick()
    (message,) = world.said()
    assert "<b>CNIL</b> se tait depuis" in message.html
    world.now += timedelta(days=1)
    await journal.listen()
    await journal.tick()
    assert world.said() == []
    publish(world.now, 99)
    world.now += GROUPED
    await journal.tick()
    assert world.said()[0].html == "🔊 <b>CNIL</b> publie de nouveau."
