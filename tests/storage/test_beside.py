"""What is written on a server beside whoever writes: it waits for nobody, takes nothing twice and loses nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from storage.articles.model import Later, PollRecord
from storage.chats.model import Delivery, NewDelivery
from storage.feeds.model import Claim, SiteRights
from storage.ids import ArticleId
from storage.migrations import APPLICATION
from storage.operators.model import NewNotice
from storage.place import Server
from storage.store import Store, open_store
from tests.server import empty
from tests.storage.builders import LEASE, NEWSROOM, NOW, A, B, Words, a_chat, a_feed, a_flash

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
GAP, HOLD, HOUR = timedelta(seconds=2), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def store(base: Server) -> Iterator[Store]:
    empty(base)
    with closing(open_store(base, patience=HOUR)) as opened:
        opened.feeds.sync([a_feed(A), a_feed(B)], NOW)
        yield opened


@pytest.fixture
def theirs(base: Server, store: Store) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A transaction of somebody else's, whose commit comes when the test says."""
    with psycopg.connect(base.address) as raw:
        yield raw


def moment(then: datetime) -> int:
    return (then - datetime.fromtimestamp(0, then.tzinfo)) // timedelta(microseconds=1)


@contextmanager
def waiting(theirs: "psycopg.Connection[tuple[object, ...]]", work: Callable[[], object]) -> Iterator[None]:
    """Somebody who comes to what that transaction has locked, and is done once it ends."""
    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive() and theirs.execute(_WAITING).fetchone() == (0,):
        pass
    yield
    theirs.commit()
    thread.join()


def a_message(store: Store) -> Delivery:
    store.outbox.enqueue([a_flash(a_chat(store).key)], NOW)
    (found,) = store.outbox.claim(NOW, "run", 9)
    return found


def answered(store: Store, claimed: Delivery) -> None:
    assert store.outbox.start(claimed, NOW)
    store.outbox.freeze(claimed, NOW, GAP)
    store.outbox.retry(claimed, NOW, counts=True)
    (again,) = store.outbox.claim(NOW + HOUR, "run", 9)
    store.outbox.sent(again.id, 7, NOW)


def asked(store: Store) -> None:
    turn = store.hosts.reserve("s.example", NOW, GAP, HOLD)
    store.hosts.finish("s.example", turn.number, NOW, GAP, fine=True)
    store.hosts.block("s.example", turn.number, NOW, HOUR)
    store.sites.save(SiteRights("https://s.example"))
    assert store.sites.take_turn("https://s.example", NOW, GAP) is None
    store.sites.reserve("https://s.example", NOW)


def polled(store: Store) -> None:
    first, second = store.feeds.claim_due(NOW, "one", LEASE, 9)
    assert store.feeds.renew([second, first], NOW, LEASE) == 2
    assert not store.polls.record(PollRecord(first, first.state, NOW), NEWSROOM).lost
    store.feeds.release([second])
    assert len(store.feeds.claim_all(NOW, "one", LEASE)) == 2


def read(store: Store) -> None:
    assert store.pages.claim(NOW, LEASE, 3) == ()
    store.pages.postpone(ArticleId(1), Later("s.example", NOW, 1))
    store.pages.give_up(ArticleId(1))


def talked(store: Store) -> None:
    reply = store.proof.reply(5, NOW)
    assert reply is not None
    store.proof.replied(reply, 12)
    store.proof.witness(5, 13, NOW)


def test_claims_turns_answers_and_polls_that_bring_nothing_wait_for_no_writer(store: Store) -> None:
    claimed = a_message(store)
    with store.database.write():
        assert store.offices.take("sender", "one", LEASE) == 1
        answered(store, claimed)
        for each in (asked, polled, read, talked):
            each(store)


def test_a_message_that_somebody_takes_is_not_rewritten_under_his_hands(
    store: Store, theirs: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    key = a_chat(store).key
    store.outbox.enqueue([a_flash(key)], NOW)
    edit = NewDelivery(key, "edit", "e1", Words("plus tard"), target="a1")
    theirs.execute("UPDATE delivery SET state = 'claimed', run = 'run', claim_no = claim_no + 1")
    with waiting(theirs, lambda: store.outbox.enqueue([edit], NOW)):
        pass
    assert theirs.execute("SELECT item, body FROM delivery ORDER BY id").fetchall() == [
        ("a1", "{}"), ("e1", "plus tard"),
    ]  # fmt: skip


def test_what_is_being_written_is_passed_over(store: Store, theirs: "psycopg.Connection[tuple[object, ...]]") -> None:
    for number in (5, 6):
        store.outbox.enqueue([a_flash(a_chat(store, number).key)], NOW)
    theirs.execute("UPDATE feed SET name = 'x' WHERE id = 'a'")
    theirs.execute("UPDATE delivery SET body = 'x' WHERE id = (SELECT min(id) FROM delivery)")
    assert [each.feed.id for each in store.feeds.claim_due(NOW, "one", LEASE, 9)] == [B]
    assert [each.chat.telegram_id for each in store.outbox.claim(NOW, "run", 9)] == [6]
    theirs.commit()
    assert [each.body for each in store.outbox.claim(NOW, "run", 9)] == ["x"]


def test_what_comes_back_while_messages_are_folded_is_not_lost(base: Server, store: Store) -> None:
    key = a_chat(store).key
    store.outbox.enqueue([a_flash(key, f"a{n}") for n in range(3)], NOW)
    (taken,) = store.outbox.claim(NOW, "run", 1)
    store.outbox.start(taken, NOW)

    def folded(*_: object) -> tuple[Words, ...]:
        with closing(open_store(base)) as other:
            other.outbox.retry(taken, NOW, counts=True)
        return (Words("digest"),)

    store.outbox.claim(NOW + 9 * HOUR, "run", 0, catch_up=folded)
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT item, state, body FROM delivery ORDER BY id").all()
    assert [tuple(row) for row in rows] == [
        ("a0", "queued", "{}"), ("a1", "muted", ""), ("a2", "muted", ""), ("c3", "queued", "digest"),
    ]  # fmt: skip


def test_two_who_take_from_one_queue_do_so_one_after_the_other(
    store: Store, theirs: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    """A host has one feed asked at a time: the second must see what the first one took."""
    found: list[tuple[Claim, ...]] = []
    theirs.execute(f"SELECT pg_advisory_xact_lock({APPLICATION}, 3)")
    with waiting(theirs, lambda: found.append(store.feeds.claim_due(NOW, "two", LEASE, 9))):
        assert (*store.outbox.claim(NOW, "run", 9), *store.pages.claim(NOW, LEASE, 3)) == ()
        theirs.execute("UPDATE feed SET host = 'b.example', lease_until = %s WHERE id = 'a'", (moment(NOW + HOUR),))
    assert found == [()]


def test_a_host_that_others_ask_meanwhile_keeps_their_turn(
    store: Store, theirs: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    """Who was blocked says so late: the turn that another has by then is not ended with his."""
    mine = store.hosts.reserve("s.example", NOW, GAP, HOLD)
    theirs.execute("UPDATE host SET claim_no = claim_no + 1, held_until = %s", (moment(NOW + HOUR + HOLD),))
    with waiting(theirs, lambda: store.hosts.block("s.example", mine.number, NOW, timedelta(minutes=1))):
        pass
    later = store.hosts.reserve("s.example", NOW + HOUR, GAP, HOLD)
    assert (later.granted, later.wait) == (False, HOLD)


def test_a_feed_that_moves_or_has_a_cause_that_ends_keeps_the_order_of_writers(
    store: Store, theirs: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    """Which of two feeds stands for the other, and what operators are told, is decided one after the other."""
    store.notices.put(B, (NewNotice("silent", "", NOW),), (), NOW)
    first, second = store.feeds.claim_due(NOW, "one", LEASE, 9)
    there = replace(first.state, url="https://ailleurs.example/rss")
    for record in (PollRecord(first, there, NOW), PollRecord(second, second.state, NOW, over=("silent",))):
        theirs.execute(f"SELECT pg_advisory_xact_lock({APPLICATION}, 1)")
        with waiting(theirs, lambda record=record: store.polls.record(record, NEWSROOM)):  # type: ignore[misc]
            pass
    assert store.notices.open() == ()
    assert store.feeds.overview()[0][1].url == there.url
