"""The operators are told of each cause in one message, in their language, with since when and what to do."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.config.yamlfile import ConfigProblem
from bot.daemon.reloaded import Rejected
from bot.digest.newsroom import newsroom
from bot.messages.markup import visible
from bot.model import Message
from bot.operators import causes
from bot.operators.journal import GATHER, Journal
from storage import Store, StoreError, open_store
from storage.articles.model import PollRecord
from storage.chats.model import Delivery, NewDelivery
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.operators.causes import about_chat, begin
from storage.operators.model import NewNotice, Notice, NoticeKind
from tests.bot.conversation.world import Screen
from tests.file import an_empty_file
from tests.storage.builders import an_entry

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADMIN, GROUP = 7, -700
FEEDS = tuple(
    Feed(FeedId(name), name.upper(), f"https://{name}.example/rss")
    for name in ("cnil", "anssi", *(f"f{number}" for number in range(30)))
)
OF_FEEDS: tuple[NoticeKind, ...] = (
    "failing", "blocked", "throttled", "unparsable", "dead", "gone", "moved", "migrated", "deaf", "silent",
    "robots", "reserved", "spaced", "long",
)  # fmt: skip
OF_VIGIE: tuple[NoticeKind, ...] = (
    "reload", "token", "disk", "reader", "undelivered", "rights", "topic", "left", "suggested", "bug", "differs",
    "absent", "clock",
)  # fmt: skip
DETAIL = {
    "migrated": "7",
    "long": "101",
    "silent": "4 1",
    "left": "3",
    "disk": "120",
    "suggested": "must 12 13 Un <b>titre",
}


class World:
    """A journal on a real store, whose messages go out as soon as they are due."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW
        self.chat = store.chats.arrive(ADMIN, "private", "fr", NOW)
        self.ails: dict[NoticeKind, str] = {}
        self.screen = Screen()
        self.full = self.damaged = False
        self.journal = self.another()

    async def offload(self, function: Any, *arguments: Any) -> Any:
        if self.full and function == self.store.notices.put:
            raise StoreError("le disque est plein", passing=True)
        if self.damaged:
            raise StoreError("la base est abîmée")
        return function(*arguments)

    def another(self, admins: frozenset[int] = frozenset({ADMIN})) -> Journal:
        """As after a restart."""
        ports = SimpleNamespace(store=self.store, offload=self.offload, clock=lambda: self.now)
        return Journal(cast("Any", SimpleNamespace(ports=ports)), admins, lambda: self.ails, self.screen)

    def raise_(self, kind: NoticeKind, feed: str = "cnil", times: int = 0) -> None:
        new = NewNotice(kind, DETAIL.get(kind, "HTTP 500"), NOW, times)
        self.store.notices.put(FeedId(feed), [new], (), self.now)

    def end(self, kind: NoticeKind, feed: str = "cnil") -> None:
        self.store.notices.put(FeedId(feed), (), (kind,), self.now)

    async def passes(self, length: timedelta, step: timedelta = timedelta(minutes=10)) -> list[tuple[str, Message]]:
        """Time goes by; what went out, with its lane."""
        out, until = [], self.now + length
        while self.now < until:
            self.now += step
            out += await self.turn()
        return out

    async def turn(self) -> list[tuple[str, Message]]:
        await self.journal.tick()
        return [(each.lane, Message.from_json(each.body)) for each in self.sends()]

    def sends(self) -> list[Delivery]:
        out: list[Delivery] = []
        while found := self.store.outbox.claim(self.now, "run", 9):
            for each in found:
                self.store.outbox.sent(each.id, 100 + each.id, self.now)
                out.append(each)
        return out


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(an_empty_file(tmp_path / "base"))
    store.feeds.sync(FEEDS, NOW)
    yield World(store)
    store.close()


@pytest.mark.parametrize(("left", "said"), [("1", "1 ne l’est pas"), ("101", "101 ne le sont pas")])
async def test_a_source_that_gives_more_than_is_read_is_told_once_with_how_many(
    world: World, left: str, said: str
) -> None:
    out = []
    for _ in range(3):  # each poll says it again
        world.store.notices.put(FeedId("cnil"), [NewNotice("long", left, NOW)], (), world.now)
        out += await world.passes(timedelta(hours=12))
    shown = [visible(message.html) for _, message in out]
    assert len(shown) == 1
    assert "CNIL donne plus de 2\u202f000 articles à la fois\u00a0: les plus récents sont lus, " in shown[0]
    assert said in shown[0].replace("\u00a0", " ")


async def test_a_source_that_fails_for_six_hours_is_one_message_edited_and_then_its_recovery(world: World) -> None:
    out = []
    for times in range(5, 15):
        world.raise_("failing", times=times)
        out += await world.passes(timedelta(minutes=36), timedelta(minutes=6))
    lanes = [lane for lane, _ in out]
    assert lanes[0] == "catchup"
    assert set(lanes[1:]) == {"edit"}
    assert len(lanes) <= 7, "an edit an hour at most"
    assert not out[0][1].silent
    assert "depuis 5 h, 13 essais" in out[-1][1].html
    assert "À faire" in out[-1][1].html
    world.end("failing")
    ((lane, message),) = await world.passes(3 * HOUR)
    assert (lane, message.silent) == ("edit", True)
    assert message.html == "✅ <b>CNIL</b> répond de nouveau, après 6 h, 14 essais."
    assert await world.passes(2 * HOUR) == []


async def test_thirty_causes_in_an_hour_are_one_message_an_hour(world: World) -> None:
    out = []
    for number in range(30):
        world.raise_("blocked", f"f{number}")
        out += await world.passes(timedelta(minutes=2), timedelta(minutes=2))
    out += await world.passes(2 * HOUR)
    new = [message.html for lane, message in out if lane == "catchup"]
    assert len(new) == 2
    assert sum(html.count("nous refuse") for html in new) == 30
    assert all(html.count("À faire") == 1 for html in new), "what to do is said once"


async def test_what_is_urgent_is_told_alone_and_at_once(world: World) -> None:
    world.raise_("blocked")
    world.ails = {"disk": "120"}
    ((lane, message),) = await world.turn()
    assert (lane, message.silent) == ("catchup", False)
    assert message.html.startswith("⛔ <b>Le disque est presque plein</b> depuis moins d’une minute\u00a0: 120 Mo")
    world.ails = {}
    ((lane, message),) = await world.turn()
    assert (lane, message.html) == ("edit", "✅ Le disque a de nouveau de la place, après 1 min.")


async def test_a_refused_reload_is_told_at_once_and_edited_by_the_next(world: World) -> None:
    for line in (14, 15):
        await world.journal.reloaded(Rejected((ConfigProblem("hds.yaml", "« Webinaire HDS » le retient", line),)))
        world.now += timedelta(minutes=5)
    (first,) = world.sends()
    assert "hds.yaml:15" in Message.from_json(first.body).html, "it had not left: it leaves with the last word"
    await world.journal.adopted()
    (edit,) = world.sends()
    lane, message = edit.lane, Message.from_json(edit.body)
    assert (lane, message.html) == ("edit", "✅ Configuration corrigée et rechargée, après 10 min, 2 essais.")


async def test_a_restart_repeats_nothing(world: World) -> None:
    world.ails = {"token": "Unauthorized"}
    world.raise_("failing", times=5)
    first = await world.passes(GATHER)
    assert len(first) == 2
    world.journal = world.another()
    assert await world.passes(timedelta(minutes=30)) == []
    world.ails = {}
    world.journal = world.another()
    world.end("failing")
    assert [lane for lane, _ in await world.turn()] == ["edit", "edit"]


async def test_after_an_outage_of_telegram_there_is_still_one_message(world: World) -> None:
    for number in range(6):
        world.raise_("blocked", f"f{number}")
        world.now += HOUR
        await world.journal.tick()
    (only,) = world.sends()
    assert Message.from_json(only.body).html.count("nous refuse") == 6


async def test_what_waits_for_a_return_is_not_folded_with_the_rest(world: World) -> None:
    for number in range(2):
        world.store.outbox.enqueue([NewDelivery(world.chat.key, "daily", f"d{number}", Message("rien"))], world.now)
    world.raise_("blocked")
    world.now += GATHER
    await world.journal.tick()
    world.now += 7 * HOUR
    found = world.store.outbox.claim(world.now, "run", 9, catch_up=lambda *_: (Message("rattrapage"),))
    world.store.outbox.sent(found[0].id, 1, world.now)
    assert {found[0].body, *(each.body for each in world.sends())} >= {Message("rattrapage").to_json()}
    world.end("blocked")
    assert [lane for lane, _ in await world.turn()] == ["edit"]


async def test_the_journal_of_a_group_speaks_its_language_and_moves_with_it(world: World) -> None:
    group = world.store.chats.arrive(GROUP, "group", "en", NOW)
    world.store.notices.here(group.key, 0)
    world.raise_("blocked")
    world.now += GATHER
    await world.journal.tick()
    (first,) = world.sends()
    assert (first.chat.telegram_id, "To do" in first.body) == (GROUP, True)
    world.store.chats.migrate(GROUP, -100700)
    world.end("blocked")
    await world.journal.tick()
    (edit,) = world.sends()
    assert (edit.chat.telegram_id, edit.lane, edit.about) == (-100700, "edit", 100 + first.id)


async def test_a_store_that_takes_nothing_is_told_without_it_and_not_for_ever(world: World) -> None:
    world.full, world.ails = True, {"disk": "0"}
    for _ in range(3):
        await world.journal.tick()
    ((chat, message),) = world.screen.shown
    assert (chat, "le disque est plein" in message.html) == (ADMIN, True)
    world.full = False
    assert len(await world.turn()) == 1


async def test_a_store_that_cannot_even_say_who_reads_is_told_to_each_operator(world: World) -> None:
    world.damaged = True
    journal = world.another(frozenset({8, ADMIN}))
    await journal.cry(StoreError("« base » est abîmée"), NOW)
    await journal.cry(StoreError("« base » est abîmée"), NOW + HOUR / 2)
    assert [chat for chat, _ in world.screen.shown] == [ADMIN, 8]
    assert "est abîmée" in world.screen.shown[0][1].html
    assert "Rien n’est perdu" not in world.screen.shown[0][1].html


async def test_an_operator_who_has_no_chat_with_us_yet_is_told_that_the_store_takes_nothing(world: World) -> None:
    await world.another(frozenset({99})).cry(StoreError("« base » est abîmée"), NOW)
    assert [chat for chat, _ in world.screen.shown] == [99]


async def test_what_is_untold_waits_for_an_operator_who_can_hear(world: World) -> None:
    world.raise_("blocked")
    world.now += GATHER
    await world.another(frozenset({99})).tick()
    assert len(world.store.notices.untold().notices) == 1


async def test_without_operators_the_log_is_the_journal(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.raise_("blocked")
    with caplog.at_level(logging.WARNING, "vigie"):
        await world.another(frozenset()).tick()
        await world.another(frozenset()).tick()
    assert [(each.about, each.what) for each in caplog.records] == [("cnil", "blocked")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [*OF_FEEDS, *OF_VIGIE])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_cause_says_what_since_when_and_what_to_do(kind: NoticeKind, language: str) -> None:
    of = FEEDS[0] if kind in OF_FEEDS else None
    known = (of.id, "C<NIL", of.url) if of else (FeedId(""), "", "")
    told = Notice(1, *known, kind, DETAIL.get(kind, "a <b>"), NOW - 3 * HOUR, about="@5/7")
    message = causes.page([told], language, NOW, {})
    assert "<b>C&lt;NIL</b>" in message.html or of is None
    assert "\n" in message.html
    assert "<b>titre" not in message.html
    assert not message.silent
    over = causes.page([replace(told, ended=NOW)], language, NOW, {})
    assert over.silent or over.html == message.html, "what only happens has no end to tell"


async def test_a_group_and_its_topic_are_called_by_their_names(world: World) -> None:
    group = world.store.chats.arrive(-1007, "supergroup", "fr", NOW)
    causes_of: tuple[tuple[str, NoticeKind], ...] = (
        (about_chat(group.key, 7), "topic"), (about_chat(group.key), "rights"),
    )  # fmt: skip
    for about, kind in causes_of:
        with world.store.database.write() as connection:
            begin(connection, about, (NewNotice(kind, "TOPIC_CLOSED", NOW),), NOW)
    world.screen.titles, world.screen.topics = {-1007: "DSI <du CHU>"}, {(-1007, 7): "Nuage"}
    ((_, message),) = await world.passes(timedelta(minutes=20))
    assert f"<b>DSI &lt;du CHU&gt; (c{group.key}), sujet «\u00a0Nuage\u00a0»</b>" in message.html
    assert f"<b>DSI &lt;du CHU&gt; (c{group.key})</b>" in message.html
    world.screen.titles, world.screen.topics = {}, {}
    nameless = causes.page([Notice(1, FeedId(""), "", "", "topic", "x", NOW, about="@5/7")], "fr", NOW, {})
    assert "<b>Chat c5, sujet n°\u00a07</b>" in nameless.html


def test_a_long_list_says_how_many_more() -> None:
    told = [Notice(n, FeedId(f"f{n}"), f"F{n}", "", "moved", "x" * 999, NOW) for n in range(60)]
    message = causes.page(told, "fr", NOW, {})
    shown = message.html.count("a déménagé")
    assert shown >= 3
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
        world.store.polls.record(PollRecord(claim, state, day, (entry,), over=over), newsroom({}))

    for number in range(40):
        publish(NOW - timedelta(days=50 - number), number)
    world.now = NOW.replace(hour=6)
    await world.journal.listen()
    assert world.store.notices.untold().notices == (), "not before nine, in Paris"
    world.now = NOW
    await world.journal.listen()
    ((_, message),) = await world.turn()
    assert "<b>CNIL</b>\u00a0: rien depuis 10 jours ouvrés, d’ordinaire 1. Le flux répond." in message.html
    assert [key.text for key in message.buttons[0]] == ["Normal", "Ouvrir", "Pause"]
    world.now += timedelta(days=1)
    await world.journal.listen()
    assert [lane for lane, _ in await world.turn()] == ["edit"]
    publish(world.now, 99)
    ((lane, message),) = await world.turn()
    assert (lane, message.html) == ("edit", "🔊 <b>CNIL</b> publie de nouveau, après 11 jours.")


async def test_silences_of_a_morning_are_one_message_with_buttons_for_each(world: World) -> None:
    world.raise_("silent")
    world.raise_("silent", "anssi")
    ((_, message),) = await world.turn()
    assert message.html.count("À faire") == 1
    assert [[key.text for key in row] for row in message.buttons] == [
        ["Normal 1", "Ouvrir 1", "Pause 1"], ["Normal 2", "Ouvrir 2", "Pause 2"],
    ]  # fmt: skip
    assert world.store.feeds.normal(FeedId("cnil"), world.now)
    assert not world.store.feeds.normal(FeedId("cnil"), world.now), "a double press changes nothing"
    world.store.feeds.pause(FeedId("anssi"), world.now + timedelta(days=1), world.now)
    handled = world.store.feeds.handling()
    assert (handled[FeedId("cnil")].patience, handled[FeedId("anssi")].paused(world.now)) == (2, True)
    ((_, message),) = await world.turn()
    assert "silence jugé normal" in message.html
    assert "en pause jusqu’au jeu. 26 nov. 10:30" in message.html
    assert message.buttons == ()
