"""Whatever happens to it, the outbox loses nothing, keeps order, and has one message of a chat in flight.

Who was frozen while another took over changes nothing when he wakes.
"""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from storage.chats.model import Delivery, Lane, NewDelivery
from storage.ids import ChatKey
from storage.schema import chat, delivery, held_topic, notice
from storage.store import Store
from tests.storage.builders import NOW, Words, a_chat, next_due

LANES: tuple[Lane, ...] = ("flash", "daily", "weekly")
FAR = timedelta(days=10)

whose = st.integers(0, 1)
waits = st.integers(0, 3)
CALLS = (
    *(
        "start",
        "put_back",
        "looked",
        "unproved",
        "retry",
        "doubt",
        "plain",
        "alone",
        "freeze",
        "dead",
        "muted",
        "moved",
    ),
    *("gone", "hold", "hold_topic"),
)


def rows(store: Store) -> list[list[Any]]:
    """All that an answer may change."""
    with store.database.read() as connection:
        return [connection.execute(select(table)).all() for table in (delivery, chat, held_topic, notice)]


class Histories(RuleBasedStateMachine):
    """Two chats, and senders that crash, or are frozen at any call while the next one takes over."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        for each in self.store.chats.active():
            self.store.chats.forget(each.key)
        self.chats: list[ChatKey] = [a_chat(self.store, number).key for number in (1, 2)]
        self.now = NOW
        self.runs = 0
        self.queued: dict[str, tuple[ChatKey, Lane, int]] = {}
        self.targets: dict[str, str] = {}
        self.dead: set[str] = set()
        self.held: set[tuple[ChatKey, int]] = set()
        self.open: list[str] = []  # what is neither sent nor dead, oldest first
        self.doubts: dict[str, int] = {}
        self.flying: dict[str, Delivery] = {}
        self.taken: dict[str, Delivery] = {}  # claimed, and still here
        self.past: list[Delivery] = []  # claims that are over, or were taken over

    def teardown(self) -> None:
        self.drain()

    def later(self, wait: int) -> timedelta:
        return timedelta(seconds=wait)

    @rule(who=whose, lane=st.sampled_from(LANES), thread=st.sampled_from([0, 7]))
    def queue(self, who: int, lane: Lane, thread: int) -> None:
        self.put(NewDelivery(self.chats[who], lane, f"a{len(self.queued) + 1}", Words("{}"), thread=thread), added=1)

    @precondition(lambda self: self.queued)
    @rule(data=st.data(), lane=st.sampled_from(["edit", "flash"]))
    def queue_about(self, data: st.DataObject, lane: Lane) -> None:
        """An edit of an earlier message, or a reply to it."""
        target = data.draw(st.sampled_from(sorted(self.queued)))
        key, kind, thread = self.queued[target]
        if kind == "edit":
            return
        under_way = {*self.flying, *self.taken}
        unsent = target in self.open and target not in under_way and not self.doubts[target]
        waiting = any(self.targets.get(item) == target and item not in under_way and self.queued[item][1] == "edit"
                      for item in self.open)  # fmt: skip
        new = NewDelivery(key, lane, f"a{len(self.queued) + 1}", Words("{}"), thread=thread, target=target)
        self.put(new, added=0 if lane == "edit" and (target in self.dead or unsent or waiting) else 1)

    def put(self, new: NewDelivery, added: int) -> None:
        assert self.store.outbox.enqueue([new], self.now) == added
        if added:
            self.queued[new.item] = (new.chat, new.lane, new.thread)
            self.doubts[new.item] = 0
            self.open.append(new.item)
            if new.target is not None:
                self.targets[new.item] = new.target

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        for each in self.store.outbox.claim(self.now, f"run{self.runs}", limit):
            assert self.queued[each.item] == (each.chat.key, each.lane, each.thread)
            assert (each.chat.key, each.thread) not in self.held
            about = self.targets.get(each.item)
            assert about not in self.open, "what it is about is not there yet"
            assert each.doubts == self.doubts[each.item]
            under_way = (*self.flying, *self.taken)
            assert not any(self.queued[item][0] == each.chat.key for item in under_way), "two in flight in a chat"
            ahead = self.open[: self.open.index(each.item)]
            assert each.lane == "edit" or not any(self.queued[item] == self.queued[each.item] for item in ahead), (
                "out of order"
            )
            self.taken[each.item] = each

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), leaves=st.sampled_from([True, True, True, False]))
    def start(self, data: st.DataObject, leaves: bool) -> None:
        """It leaves, or is put back: we stop, or nobody can be reached."""
        each = self.taken.pop(data.draw(st.sampled_from(sorted(self.taken))))
        if leaves:
            assert self.store.outbox.start(each, self.now)
            self.flying[each.item] = each
        else:
            self.store.outbox.put_back(each)
            self.past.append(each)

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), answer=st.sampled_from(["sent", "sent", "dead"]))
    def settle(self, data: st.DataObject, answer: str) -> None:
        each = self.land(data)
        self.open.remove(each.item)
        if answer == "sent":
            self.store.outbox.sent(each.id, 1, self.now)
        else:
            self.store.outbox.dead(each, "poison", self.now)
            self.dead.add(each.item)

    @precondition(lambda self: self.flying)
    @rule(
        data=st.data(),
        wait=waits,
        answer=st.sampled_from(["retry", "429", "doubt", "plain", "gone", "hold", "topic", "alone", "moved"]),
    )
    def come_back(self, data: st.DataObject, wait: int, answer: str) -> None:
        each = self.land(data)
        outbox, pause = self.store.outbox, self.later(wait)
        match answer:
            case "retry":
                outbox.retry(each, self.now, pause, counts=True)
            case "429":
                outbox.freeze(each, self.now, pause)
                outbox.retry(each, self.now, counts=False)
            case "doubt":
                self.doubts[each.item] += 1
                outbox.doubt(each, self.now, pause)
            case "plain":
                outbox.plain(each, "can't parse entities")
            case "gone":
                outbox.gone(each, "blocked", self.now)
            case "hold":
                outbox.hold(each, "not enough rights", self.now)
            case "topic":
                outbox.hold_topic(each, "TOPIC_CLOSED", self.now)
                self.held.add((each.chat.key, each.thread))
            case "alone":
                outbox.alone(each)
                if each.lane != "edit":
                    self.targets.pop(each.item, None)
            case _:
                outbox.moved(each, each.chat.telegram_id + 100)
                self.held = {(key, thread) for key, thread in self.held if key != each.chat.key}
                under_way = {*self.flying, *self.taken}
                self.queued = {
                    item: (key, lane, 0 if key == each.chat.key and item in self.open and item not in under_way
                           else thread)
                    for item, (key, lane, thread) in self.queued.items()
                }  # fmt: skip

    @rule(who=whose)
    def return_of_the_chat(self, who: int) -> None:
        there = self.store.chats.get(self.chats[who])
        assert there is not None
        self.store.chats.arrive(there.telegram_id, there.kind, "fr", self.now)

    @rule(who=whose, thread=st.sampled_from([0, 7]))
    def topic_opens(self, who: int, thread: int) -> None:
        there = self.store.chats.get(self.chats[who])
        assert there is not None
        self.store.chats.free_topic(there.telegram_id, thread, self.now)
        self.held.discard((there.key, thread))

    @rule()
    def clock_goes_back(self) -> None:
        self.now -= timedelta(days=1)
        self.store.outbox.rewind(self.now)

    @rule()
    def crash(self) -> None:
        self.runs += 1
        assert self.store.outbox.recover(f"run{self.runs}") == len(self.flying)
        for item in self.flying:
            self.doubts[item] += 1
        self.past += (*self.flying.values(), *self.taken.values())
        self.flying.clear()
        self.taken.clear()

    @precondition(lambda self: self.past)
    @rule(data=st.data(), call=st.sampled_from(CALLS), wait=waits)
    def wakes(self, data: st.DataObject, call: str, wait: int) -> None:
        """Somebody goes on with what is not in his hands any more, were it by his own doing."""
        stale, before = data.draw(st.sampled_from(self.past)), rows(self.store)
        outbox, pause = self.store.outbox, self.later(wait)
        match call:
            case "start":
                assert not outbox.start(stale, self.now), "it would be sent"
            case "put_back" | "alone":
                getattr(outbox, call)(stale)
            case "looked" | "unproved" | "doubt" | "freeze":
                getattr(outbox, call)(stale, self.now, pause)
            case "retry":
                outbox.retry(stale, self.now, pause, counts=True)
            case "plain":
                outbox.plain(stale, "can't parse entities")
            case "moved":
                outbox.moved(stale, stale.chat.telegram_id + 100)
            case _:
                getattr(outbox, call)(stale, "x", self.now)
        assert rows(self.store) == before

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def wakes_and_it_had_arrived(self, data: st.DataObject) -> None:
        """That is true whoever says so."""
        stale = data.draw(st.sampled_from(self.past))
        if stale.item in self.open:
            self.store.outbox.sent(stale.id, 1, self.now)
            self.open.remove(stale.item)
            for hands in (self.flying, self.taken):
                if stale.item in hands:
                    self.past.append(hands.pop(stale.item))

    @rule(wait=waits)
    def wait(self, wait: int) -> None:
        self.now += self.later(wait)

    @invariant()
    def counted(self) -> None:
        figures = self.store.figures(self.now).waiting
        assert (figures.sending, figures.queued) == (
            len(self.flying) + len(self.taken),
            len(self.open) - len(self.flying) - len(self.taken),
        )

    def land(self, data: st.DataObject) -> Delivery:
        each = self.flying.pop(data.draw(st.sampled_from(sorted(self.flying))))
        self.past.append(each)
        return each

    def drain(self) -> None:
        """Everybody comes back and time passes: what is open arrives, each once."""
        self.crash()
        for who in range(2):
            self.return_of_the_chat(who)
            for thread in (0, 7):
                self.topic_opens(who, thread)
        self.now += FAR
        arrived: list[str] = []
        while found := self.store.outbox.claim(self.now, f"run{self.runs}", 9):
            for each in found:
                arrived.append(each.item)
                self.store.outbox.sent(each.id, 1, self.now)
        assert sorted(arrived) == sorted(self.open)
        assert next_due(self.store, self.now) is None


def test_nothing_is_lost_whatever_happens(store: Store) -> None:
    """One store for all histories, each with chats of its own: opening one costs more than most histories."""
    few = settings(max_examples=10, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Histories(store), settings=few)
