"""What becomes of a message, by the answer it gets: the real store, a chat that answers by script."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.delivery.chat import (
    Absent,
    Altered,
    Answer,
    ChatGone,
    CommandMenu,
    Look,
    MessageRefused,
    Moved,
    Retry,
    Sent,
    Stands,
    TokenDead,
    Unsure,
)
from bot.delivery.deliver import Courier, Times, Ways
from bot.delivery.pacer import FREE, Pacer
from bot.delivery.probe import Probe
from bot.model import Keyboard, Message
from bot.office import LEASE, Office
from storage import Store, StoreError, open_store, schema
from storage.chats.model import Delivery, Lane, NewDelivery
from storage.operators.model import Waiting
from storage.place import Place

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DOWN = Retry(timedelta(), chat_only=False)


class Scripted:
    """A Messenger: each chat answers by its script, then takes everything. `seen` is what arrived, in order."""

    def __init__(self) -> None:
        self.scripts: dict[int, list[Answer | BaseException]] = {}
        self.seen: list[tuple[int, str, bool]] = []
        self.asked: list[tuple[int | None, int | None]] = []
        self.calls = 0
        self.titles: dict[tuple[int, int], str] = {}
        self.probed: list[tuple[int, int]] = []
        self.looks: dict[int, Look] = {}
        self.up = True
        self.called = asyncio.Event()
        self.held = asyncio.Event()
        self.held.set()

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        self.asked.append((reply_to, thread))
        return await self._take(chat_id, message, plain)

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        answer = await self._take(chat_id, replace(message, html=f"{message_id}: {message.html}"), plain)
        return Sent(message_id) if isinstance(answer, Sent) else answer

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        self.probed.append((chat_id, message_id))
        return self.looks.get(chat_id, Absent())

    async def _take(self, chat_id: int, message: Message, plain: bool) -> Answer:
        self.calls += 1
        self.called.set()
        await self.held.wait()
        script = self.scripts.get(chat_id)
        answer = script.pop(0) if script else Sent(self.calls)
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Sent):
            self.seen.append((chat_id, message.html, plain))
        return answer

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        raise AssertionError("a courier changes no buttons")

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        return Sent(1)

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None: ...

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        return False

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        return False

    async def title(self, chat_id: int) -> str:
        return self.titles.get((chat_id, 0), "")

    def topic(self, chat_id: int, thread: int) -> str:
        return self.titles.get((chat_id, thread), "")

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        return True

    async def reachable(self) -> bool:
        self.calls += 1
        return self.up

    async def typing(self, chat_id: int) -> None: ...


async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


class Through:
    """An outlet that hands on to the scripted chat."""

    def __init__(self, chat: Scripted) -> None:
        self._chat = chat

    async def post(self, delivery: Delivery, message: Message) -> Answer:
        return await self._chat.send(delivery.chat.telegram_id, message, plain=delivery.plain)


class World:
    """A store, a scripted chat and a courier, under one clock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.chat = Scripted()
        self.now = START
        self.offload: Callable[..., Any] = offload
        self.courier = self.another("run1")
        self._items = 0

    def another(self, run: str, *, probes: bool = True, office: Office | None = None) -> Courier:
        def offload(*arguments: Any, **named: Any) -> Any:  # as it stands at the call: a test may change it
            return self.offload(*arguments, **named)

        pacer = Pacer(FREE)
        probe = Probe(self.store.proof, offload, self.chat, pacer, lambda: self.now, allowed=probes)
        times = Times(
            lambda: self.now,
            timer=lambda: (self.now - START).total_seconds(),
            sleep=lambda seconds: asyncio.sleep(0),
            chance=lambda: 0.0,
        )
        return Courier(
            self.store.outbox, offload, run, Ways(self.chat, pacer, probe, Through(self.chat)), times, office
        )

    def queue(self, telegram_id: int, *texts: str, lane: Lane = "flash") -> None:
        chat = self.store.chats.arrive(telegram_id, "private", "fr", self.now)
        for text in texts:
            self._items += 1
            self.put(NewDelivery(chat.key, lane, f"a{self._items}", text))

    def put(self, *news: NewDelivery) -> None:
        """Queue these; their body is the text of a message."""
        made = [replace(each, body=Message(each.body)) for each in news]
        self.store.outbox.enqueue(made, self.now)

    async def after(self, wait: timedelta = timedelta()) -> list[tuple[int, str, bool]]:
        """What has arrived once this much more time has passed."""
        self.now += wait
        await self.courier.finish()
        return self.chat.seen


@pytest.fixture
def world(home: Place) -> Iterator[World]:
    store = open_store(home)
    yield World(store)
    store.close()


pytestmark = pytest.mark.engines
SECOND = timedelta(seconds=1)


async def test_messages_arrive_once_and_in_order(world: World) -> None:
    world.queue(1, "a", "b")
    world.queue(2, "c")
    assert sorted(await world.after()) == [(1, "a", False), (1, "b", False), (2, "c", False)]
    assert [text for chat, text, _ in world.chat.seen if chat == 1] == ["a", "b"]
    assert len(await world.after(timedelta(days=1))) == 3


async def test_a_flash_goes_before_a_digest(world: World) -> None:
    world.queue(1, "digest", lane="daily")
    world.queue(1, "flash")
    assert [text for _, text, _ in await world.after()] == ["flash", "digest"]


async def test_a_chat_that_slows_us_down_waits_as_long_as_it_says_alone(world: World) -> None:
    world.queue(1, "a", "b")
    world.queue(2, "c")
    world.chat.scripts[1] = [Retry(timedelta(hours=12), chat_only=True)]
    assert await world.after() == [(2, "c", False)]
    assert len(await world.after(timedelta(hours=11))) == 1
    assert world.chat.calls == 2
    assert [whose for whose, *_ in await world.after(timedelta(hours=1))] == [2, 1], "in one catch-up"
    assert world.chat.calls == 3


async def test_a_clock_set_back_a_day_makes_nobody_wait_longer(world: World) -> None:
    world.queue(1, "a")
    world.chat.scripts[1] = [Retry(timedelta(hours=1), chat_only=True)]
    await world.after()
    assert await world.after(timedelta(days=-1)) == []
    assert await world.after(timedelta(minutes=59)) == []
    assert await world.after(timedelta(minutes=1)) == [(1, "a", False)]


async def test_two_chats_slowed_down_together_mean_the_whole_bot_is(world: World) -> None:
    for chat in (1, 2):
        world.queue(chat, "a")
        world.chat.scripts[chat] = [Retry(timedelta(seconds=20 * chat), chat_only=True)]
    await world.after()
    world.queue(3, "c")
    assert await world.after(19 * SECOND) == []
    assert await world.after(SECOND) != []


# --- doubts --------------------------------------------------------------------------------------------------------
async def known(world: World, chat: int) -> None:
    """A chat that has had a message, so that the numbers of its next ones can be told."""
    world.queue(chat, "avant")
    await world.after()


async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a", "b")
    world.chat.scripts[1] = [Unsure("perdu")]
    world.chat.looks[1] = Stands()
    assert (await world.after())[1:] == [], "b waits for what became of a"
    assert (await world.after(5 * SECOND))[1:] == [(1, "b", False)]
    assert world.chat.probed == [(1, 2)], "the number after the last one that was known"
    assert world.store.figures(world.now).waiting == Waiting(doubts=1)


async def test_a_message_that_is_not_there_goes_again_once_it_can_no_longer_arrive(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a", "b")
    world.chat.scripts[1] = [Unsure("perdu")]
    await world.after()
    assert (await world.after(5 * SECOND))[1:] == []
    assert (await world.after(29 * SECOND))[1:] == [], "a request may last 35 seconds"
    assert (await world.after(SECOND))[1:] == [(1, "a", False), (1, "b", False)], "in their order"
    assert {chat for chat, _ in world.chat.probed} == {1}


async def test_numbers_that_are_known_are_never_asked_for(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a")
    world.chat.scripts[1] = [Unsure("perdu")]
    await world.after()
    world.store.proof.witness(1, 3, world.now)
    reply = world.store.proof.reply(1, world.now + timedelta(days=1))
    assert reply is not None
    world.store.proof.replied(reply, 5)
    await world.after(5 * SECOND)
    assert [number for _, number in world.chat.probed] == [2, 4], "and 5 was asked for later"


async def test_no_probe_where_a_reply_of_ours_may_stand_under_any_number(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a")
    world.chat.scripts[1] = [Unsure("perdu")]
    world.store.proof.reply(1, world.now)
    await world.after()
    assert (await world.after(35 * SECOND))[1:] == [(1, "a", False)]
    assert world.chat.probed == []


async def test_a_probe_that_changed_something_is_the_last_one_until_an_operator_says_so(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a")
    world.chat.scripts[1] = [Unsure("perdu")]
    world.chat.looks[1] = Altered()
    await world.after()
    await world.after(35 * SECOND)
    assert len(world.chat.probed) == 1
    assert [each.kind for each in world.store.notices.open()] == ["probe"]
    assert world.chat.seen[1:] == [(1, "a", False)], "it goes the blind way"
    world.store.proof.allow(world.now)
    assert world.store.notices.open() == ()
    world.queue(1, "b")
    world.chat.scripts[1] = [Unsure("perdu")]
    world.chat.looks[1] = Stands()
    await world.after()
    await world.after(5 * SECOND)
    assert len(world.chat.probed) == 2


async def test_who_is_asked_and_never_answers_gets_no_second_copy_and_it_is_told(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a", "b")
    world.chat.scripts[1] = [Unsure("perdu")]
    world.chat.looks[1] = Unsure("perdu")
    for _ in range(60):
        await world.after(timedelta(minutes=1))
    assert world.chat.seen[1:] == [(1, "b", False)]
    assert [each.kind for each in world.store.notices.open()] == ["undelivered"]


async def test_a_chat_that_slows_down_a_probe_waits_as_long_as_it_says(world: World) -> None:
    await known(world, 1)
    world.queue(1, "a", "b")
    world.chat.scripts[1] = [Unsure("perdu")]
    world.chat.looks[1] = Retry(timedelta(minutes=9), chat_only=True)
    await world.after()
    await world.after(5 * SECOND)
    del world.chat.looks[1]
    await world.after(timedelta(minutes=8))
    assert len(world.chat.probed) == 1
    await world.after(timedelta(minutes=2))
    assert [text for _, text, _ in world.chat.seen[1:]] == []
    assert [text for _, text, _ in (await world.after(5 * SECOND))[1:]] == ["a", "b"]


async def test_where_nobody_can_look_two_copies_at_most_leave_and_the_rest_is_told(world: World) -> None:
    world.queue(1, "a", "b")  # the very first messages: no number is known
    world.chat.scripts[1] = [Unsure("perdu")] * 2
    await world.after()
    assert await world.after(34 * SECOND) == []
    await world.after(SECOND)
    assert world.chat.calls == 2
    assert await world.after(5 * SECOND) == [(1, "b", False)]
    assert world.chat.probed == []
    assert [each.kind for each in world.store.notices.open()] == ["undelivered"]


async def test_an_operator_may_forbid_all_probes(world: World) -> None:
    world.courier = world.another("run2", probes=False)
    await known(world, 1)
    world.queue(1, "a")
    world.chat.scripts[1] = [Unsure("perdu")]
    await world.after()
    assert (await world.after(35 * SECOND))[1:] == [(1, "a", False)]
    assert world.chat.probed == []


async def test_an_edit_whose_answer_was_lost_is_simply_done_again(world: World) -> None:
    await known(world, 1)
    chat = world.store.chats.arrive(1, "private", "fr", world.now).key
    world.put(NewDelivery(chat, "edit", "e1", "modifié", target="a1"))
    world.chat.scripts[1] = [Unsure("perdu")]
    await world.after()
    assert (await world.after(35 * SECOND))[1:] == [(1, "1: modifié", False)]
    assert world.chat.probed == []


async def test_a_refused_markup_goes_once_as_plain_text_and_then_dies(world: World) -> None:
    world.queue(1, "a", "b")
    world.chat.scripts[1] = [MessageRefused("can't parse", "ours")]
    assert await world.after() == [(1, "a", True), (1, "b", False)]
    world.queue(1, "c", "d")
    world.chat.scripts[1] = [MessageRefused("can't parse", "ours")] * 2
    assert (await world.after())[2:] == [(1, "d", False)]
    assert world.store.figures(world.now).waiting.dead == 1


@pytest.mark.parametrize("answer", [ChatGone("blocked"), MessageRefused("no rights", "rights")])
async def test_a_chat_that_is_closed_is_asked_once_and_keeps_its_messages(world: World, answer: Answer) -> None:
    world.queue(1, "a", "b")
    world.chat.scripts[1] = [answer]
    assert await world.after() == []
    await world.after(timedelta(days=1))
    assert world.chat.calls == 1
    world.store.chats.arrive(1, "private", "fr", world.now)
    (caught_up,) = await world.after()
    assert caught_up[1].split("\n") == [
        "📬 <b>Rattrapage</b> · 2 messages en attente depuis mar. 24 nov. 09:00", "", "a", "", "b",
    ]  # fmt: skip
    world.queue(1, "c")
    assert (await world.after())[1:] == [(1, "c", False)]


async def test_who_comes_back_gets_one_message_however_soon(world: World) -> None:
    world.queue(1, "a", "b")
    world.store.chats.leave(1, world.now)
    world.store.chats.arrive(1, "private", "fr", world.now + SECOND)
    world.queue(1, "c")
    assert len(await world.after(SECOND)) == 1


async def test_a_message_that_waited_alone_stays_whole(world: World) -> None:
    world.queue(1, "a")
    assert await world.after(timedelta(hours=7)) == [(1, "a", False)]


async def test_alerts_come_first_in_a_catch_up_each_in_a_line_and_what_is_in_doubt_stays_apart(world: World) -> None:
    chat = world.store.chats.arrive(1, "private", "fr", world.now).key
    await known(world, 1)
    world.queue(1, "perdu")
    world.chat.scripts[1] = [Unsure("perdu")]
    await world.after()
    alert = Message("<b>tout</b> ce qu'il y a", brief="un & deux")
    news = [NewDelivery(chat, "daily", "d1", Message("le digest", silent=True))]
    news += [NewDelivery(chat, "flash", item, alert) for item in ("a8", "a9")]
    world.store.outbox.enqueue([*news, NewDelivery(chat, "edit", "e1", alert, target="a8")], world.now)
    with world.store.database.write() as connection:
        connection.execute(update(schema.chat).values(frozen_until=world.now + timedelta(hours=12)))
    await world.after(timedelta(hours=12))
    _, lost, told = [text for _, text, _ in await world.after(timedelta(seconds=5))]
    assert told.split("\n")[1:] == ["1. un & deux", "", "le digest"]
    assert lost == "perdu"
    assert world.store.figures(world.now).waiting == Waiting(doubts=1)


async def test_the_administrators_are_told_of_messages_given_up(world: World) -> None:
    for item in "ab":
        world.queue(1, item)
    world.chat.scripts[1] = [MessageRefused("can't <parse>", "ours")] * 4
    await world.after()
    ((notice, _),) = world.store.notices.untold().notices
    assert (notice.kind, notice.about, notice.times, notice.detail) == ("undelivered", "@1", 2, "can't <parse>")


async def test_who_set_a_group_up_is_told_that_it_is_closed(world: World) -> None:
    world.queue(6, "bonjour")
    group = world.store.chats.arrive(-1, "supergroup", "fr", world.now, set_by=6).key
    world.put(NewDelivery(group, "flash", "a1", "a", thread=7), NewDelivery(group, "flash", "a2", "b", thread=8))
    world.chat.scripts[-1] = [MessageRefused("closed", "thread"), MessageRefused("not enough rights", "rights")]
    world.chat.titles = {(-1, 0): "DSI", (-1, 7): "Nuage"}
    await world.after()
    assert [(whose, text.partition("\u00a0:")[0]) for whose, text, _ in world.chat.seen[1:]] == [
        (6, f"⚠ DSI (c{group}), sujet «\u00a0Nuage\u00a0»"), (6, f"⚠ DSI (c{group})"),
    ]  # fmt: skip


async def test_a_closed_topic_waits_alone_and_is_asked_once(world: World) -> None:
    forum = world.store.chats.arrive(-1, "supergroup", "fr", world.now).key
    for item, thread in (("a1", 7), ("a2", 7), ("a3", 8), ("a4", 0)):
        world.put(NewDelivery(forum, "flash", item, item, thread=thread))
    world.chat.scripts[-1] = [MessageRefused("TOPIC_CLOSED", "thread")]
    assert [text for _, text, _ in await world.after()] == ["a3", "a4"]
    await world.after(timedelta(days=1))
    assert world.chat.calls == 3
    world.store.chats.free_topic(-1, 7, world.now)
    (caught_up,) = (await world.after())[2:]
    assert "\na1\n\na2" in caught_up[1]
    assert world.chat.asked == [(None, 7), (None, 8), (None, None), (None, 7)]


async def test_an_edit_changes_the_message_and_a_reply_answers_it(world: World) -> None:
    chat = world.store.chats.arrive(1, "private", "fr", world.now).key
    world.put(NewDelivery(chat, "flash", "s1", "une source"))
    await world.after()
    world.put(NewDelivery(chat, "edit", "s1e1", "trois sources", target="s1"))
    world.put(NewDelivery(chat, "flash", "s2", "suite", target="s1"))
    assert [text for _, text, _ in await world.after()] == ["une source", "suite", "1: trois sources"]
    assert world.chat.asked == [(None, None), (1, None)]


async def test_an_edit_of_a_message_that_is_gone_is_given_up_and_a_reply_goes_alone(world: World) -> None:
    chat = world.store.chats.arrive(1, "private", "fr", world.now).key
    world.put(NewDelivery(chat, "flash", "s1", "une source"))
    await world.after()
    world.put(NewDelivery(chat, "edit", "s1e1", "trois sources", target="s1"))
    world.put(NewDelivery(chat, "flash", "s2", "suite", target="s1"))
    world.chat.scripts[1] = [MessageRefused("not found", "target"), Sent(2), MessageRefused("not found", "target")]
    assert [text for _, text, _ in await world.after()] == ["une source", "suite"]
    assert world.chat.asked == [(None, None), (1, None), (None, None)]
    assert world.store.figures(world.now).waiting == Waiting()


async def test_a_group_that_moves_gets_its_messages_at_its_new_address(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.queue(-1, "a")
    world.chat.scripts[-1] = [Moved(-1001)]
    assert await world.after() == [(-1001, "a", False)]
    assert not any("-1001" in str(vars(record)) for record in caplog.records), "a log names no Telegram chat"


async def test_nobody_there_closes_the_gate_until_one_look_finds_somebody(world: World) -> None:
    for chat in range(1, 9):
        world.queue(chat, "a")
        world.chat.scripts[chat] = [DOWN]
    world.chat.up = False
    await world.after()
    world.chat.calls = 0
    for _ in range(5):
        await world.after(45 * SECOND)
    assert world.chat.calls == 5
    world.chat.up = True
    world.chat.scripts.clear()
    assert len(await world.after(45 * SECOND)) == 8, "whatever each of them was waiting for"
    assert world.store.figures(world.now).waiting.doubts == 0


async def test_a_dead_token_stops_the_sending_and_loses_nothing(world: World) -> None:
    world.queue(1, "a")
    world.chat.scripts[1] = [TokenDead("Unauthorized")]
    assert await world.after() == []
    assert world.courier.token_dead == "Unauthorized"
    await world.after(timedelta(days=1))
    assert world.chat.calls == 1
    world.courier = world.another("run2")
    assert await world.after() == [(1, "a", False)]


async def test_a_bug_in_sending_leaves_a_doubt_and_the_others_go_on(world: World) -> None:
    world.queue(1, "a")
    world.queue(2, "b")
    world.chat.scripts[1] = [RuntimeError("bug")]
    assert await world.after() == [(2, "b", False)]
    assert await world.after(35 * SECOND) == [(2, "b", False), (1, "a", False)]


async def test_an_answer_is_written_down_however_long_the_store_refuses(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = [StoreError("disque plein", passing=True)] * 5

    async def full(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if function.__name__ == "sent" and refusals:
            raise refusals.pop()
        return function(*arguments, **named)

    world.offload = full
    world.queue(1, "a")
    await world.after()
    assert await world.after(timedelta(days=1)) == [(1, "a", False)]
    assert world.chat.calls == 1
    said = [each for each in caplog.records if "answer not written" in each.getMessage()]
    assert [each.exc_info for each in said] == [None] * 5, "a line each, and no traceback"


async def test_stopping_waits_for_what_has_left_and_leaves_the_rest_in_doubt(world: World) -> None:
    world.chat.held.clear()
    world.queue(1, "a", "b")
    await world.courier.tick()
    await world.chat.called.wait()
    await world.courier.drain(0.0)
    assert world.store.figures(world.now).waiting.sending == 1
    world.chat.held.set()
    world.courier = world.another("run2")
    await world.courier.recover()
    assert [text for _, text, _ in await world.after(35 * SECOND)] == ["a", "b"]
    assert world.store.figures(world.now).waiting.doubts == 1


async def test_what_has_not_left_when_we_stop_is_in_no_doubt(world: World) -> None:
    world.queue(1, "a")
    await world.courier.tick()
    await world.courier.drain(0.0)
    waiting = world.store.figures(world.now).waiting
    assert (waiting.queued, waiting.sending, waiting.doubts) == (1, 0, 0)
    assert world.chat.calls == 0


# --- other outlets -------------------------------------------------------------------------------------------------
THERE = -(1 << 60)  # a chat that is not on Telegram
LOST = Unsure("Apprise n’a pas pu l’envoyer")


def elsewhere(world: World, *texts: str) -> None:
    chat = world.store.chats.arrive(THERE, "elsewhere", "fr", world.now)
    for text in texts:
        world.put(NewDelivery(chat.key, "flash", f"e{text}", text))


async def test_an_outlet_that_is_down_for_an_hour_delays_no_chat_of_telegram(world: World) -> None:
    world.chat.scripts[THERE] = [LOST] * 4
    elsewhere(world, "a", "b")
    for minute in range(60):
        world.queue(1, f"m{minute}")
        assert (await world.after(timedelta(minutes=1)))[-1] == (1, f"m{minute}", False)
    await world.after(timedelta(hours=7))
    assert {text for chat, text, _ in world.chat.seen if chat == THERE} == {"a", "b"}
    assert world.store.figures(world.now).waiting.doubts == 4, "each failure is on the record"


@pytest.mark.parametrize("dead", [True, False])
async def test_telegram_down_delays_no_other_outlet(world: World, dead: bool) -> None:
    world.chat.up = False
    world.chat.scripts[1] = [TokenDead("Unauthorized")] if dead else [DOWN] * 3
    world.queue(1, "a")
    for _ in range(3):
        await world.after(timedelta(minutes=1))
    for number in range(10):
        elsewhere(world, f"b{number}")
        seen = await world.after(timedelta(minutes=1))
        assert seen[-1] == (THERE, f"b{number}", False)
    assert 1 not in {chat for chat, _, _ in world.chat.seen}
    if not dead:
        world.chat.up = True
        await world.after(timedelta(minutes=2))
        assert world.chat.seen[-1] == (1, "a", False)


async def test_what_was_taken_over_before_it_left_is_not_sent(world: World) -> None:
    """A sender that slept between its claim and its call finds that the next one has it."""
    world.queue(1, "un")
    slept = asyncio.Event()

    async def asleep(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if function == world.store.outbox.start and not slept.is_set():
            slept.set()
            world.store.outbox.recover("run2")
            assert len(world.store.outbox.claim(world.now, "run2", 1)) == 1
        return function(*arguments, **named)

    world.offload = asleep
    assert await world.after() == []
    assert slept.is_set()
    assert world.store.figures(world.now).waiting.sending == 1, "in the hands of the other"


# --- the office of the sender --------------------------------------------------------------------------------------
class Seat:
    """An office on a timer of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.office = Office("sender", lambda: self.now)
        self.office.kept(1, self.now)


async def test_who_does_not_hold_the_office_claims_nothing(world: World) -> None:
    seat = Seat()
    world.courier = world.another("run1", office=seat.office)
    seat.now = LEASE
    world.queue(1, "un")
    assert (await world.after(), world.store.figures(world.now).waiting.queued) == ([], 1)
    seat.office.kept(1, seat.now)
    assert await world.after() == [(1, "un", False)]


async def test_what_might_not_leave_before_the_term_ends_is_put_back(world: World) -> None:
    seat = Seat()
    world.courier = world.another("run1", office=seat.office)
    world.queue(1, "un")
    seat.now = LEASE - 1
    assert await world.courier.tick() == 1
    await asyncio.gather(*world.courier._tasks)
    waiting = world.store.figures(world.now).waiting
    assert (world.chat.calls, waiting.queued, waiting.sending) == (0, 1, 0)


async def test_who_slept_between_the_start_and_the_call_sends_nothing(world: World) -> None:
    seat = Seat()
    world.courier = world.another("run1", office=seat.office)

    async def asleep(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        done = function(*arguments, **named)
        if function == world.store.outbox.start:
            seat.now += 60
        return done

    world.offload = asleep
    world.queue(1, "un")
    assert await world.after() == []
    waiting = world.store.figures(world.now).waiting
    assert (world.chat.calls, waiting.queued, waiting.doubts) == (0, 1, 0)
    seat.office.kept(1, seat.now)
    world.offload = offload
    assert await world.after() == [(1, "un", False)]


async def test_each_term_begins_with_what_the_last_holder_left(world: World) -> None:
    seat = Seat()
    world.courier = world.another("run1", office=seat.office)
    assert await world.after() == []
    world.queue(1, "un")
    (left,) = world.store.outbox.claim(world.now, "run2", 1)
    world.store.outbox.start(left, world.now)
    assert await world.after() == [], "in the same term it is another's"
    seat.office.kept(2, seat.now)
    await world.after()
    assert world.store.figures(world.now).waiting.doubts == 1
