"""Several daemons on one base: pollers that share the feeds, and an office that waits for no writer."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from bot.clock import SharedClock, now
from matchers import sites
from storage.articles.model import PollRecord
from storage.chats.model import NewDelivery, NewDigest
from storage.ids import FeedId
from storage.operators.model import Presence
from storage.place import Place
from storage.store import Store, open_store
from storage.stories.newsroom import Newsroom
from tests.storage.builders import (
    LEASE,
    NEWSROOM,
    NOW,
    A,
    B,
    Words,
    a_chat,
    a_feed,
    a_flash,
    a_match,
    an_entry,
    poll,
)

POLLERS, FEEDS, CROWDED = 4, 100, 25
GAP, HOLD = timedelta(seconds=2), timedelta(minutes=1)


def listed(store: Store) -> None:
    """Feeds that are all due, a quarter of them on one host."""
    where = [f"https://big.example/{n}" if n < CROWDED else f"https://s{n}.example/" for n in range(FEEDS)]
    store.feeds.sync([a_feed(FeedId(f"f{n:03}"), url=url) for n, url in enumerate(where)], NOW)


def a_poller(home: Place, name: str, asked: set[str | None]) -> list[tuple[str, int]]:
    """Poll until nothing is left but what its host makes wait: the feeds it polled, with the number of each lease.
    `asked` are the hosts that somebody is asking; one poll in ten brings an article."""
    store, polled, now = open_store(home), list[tuple[str, int]](), NOW + timedelta(hours=1)
    try:
        while claims := store.feeds.claim_due(now, name, LEASE, 10):
            hosts = {sites.spared(each.state.url) for each in claims}
            assert len(hosts) == len(claims)
            assert not hosts & asked
            asked |= hosts
            for each in claims:
                later = replace(each.state, due_at=now + timedelta(days=1))
                fresh = (an_entry(each.feed.id, urls=[each.feed.id]),) if each.feed.id.endswith("0") else ()
                asked.discard(sites.spared(each.state.url))
                assert not store.polls.record(PollRecord(each, later, now, fresh), NEWSROOM).lost
                polled.append((each.feed.id, each.number))
    finally:
        store.close()
    return polled


def test_pollers_share_the_feeds_and_none_is_asked_twice(home: Place, store: Store) -> None:
    listed(store)
    with ThreadPoolExecutor(POLLERS) as pool:
        found = list(pool.map(lambda n, asked: a_poller(home, f"p{n}", asked), range(POLLERS), [set()] * POLLERS))
    times = Counter(name for polled in found for name, _ in polled)
    assert set(times.values()) == {1}
    assert len(times) == FEEDS


def turn_of(home: Place, now: datetime) -> bool:
    store = open_store(home)
    try:
        return store.hosts.reserve("big.example", now, GAP, HOLD).granted
    finally:
        store.close()


def test_of_all_who_ask_a_host_at_once_one_may(home: Place, store: Store) -> None:
    for number in range(3):
        with ThreadPoolExecutor(POLLERS) as pool:
            assert sum(pool.map(turn_of, [home] * POLLERS, [NOW + number * HOLD] * POLLERS)) == 1


def test_of_all_who_want_an_office_one_has_it(home: Place, store: Store) -> None:
    def take(name: str) -> int | None:
        mine = open_store(home)
        try:
            return mine.offices.take("sender", name, timedelta(seconds=10))
        finally:
            mine.close()

    with ThreadPoolExecutor(POLLERS) as pool:
        assert sorted(pool.map(lambda n: take(f"d{n}") or 0, range(POLLERS))) == [0, 0, 0, 1]


def a_sender(home: Place, name: str) -> list[int]:
    """Send whatever waits, and change what each chat reads meanwhile."""
    store, sent = open_store(home), list[int]()
    try:
        while claimed := store.outbox.claim(NOW, name, 3):
            for each in claimed:
                assert store.outbox.start(each, NOW)
                if each.item == "a2":
                    store.outbox.enqueue([NewDelivery(each.chat.key, "edit", "e1", Words("suite"), target="a1")], NOW)
                store.outbox.sent(each.id, each.id, NOW)
                sent.append(each.id)
    finally:
        store.close()
    return sent


def test_senders_that_overlap_send_nothing_twice(home: Place, store: Store) -> None:
    keys = [a_chat(store, number).key for number in range(10, 22)]
    store.outbox.enqueue([a_flash(key, f"a{n}") for n in (1, 2) for key in keys], NOW)
    with ThreadPoolExecutor(3) as pool:
        sent = [each for found in pool.map(lambda n: a_sender(home, f"s{n}"), range(3)) for each in found]
    sent += a_sender(home, "last")
    assert len(sent) == len(set(sent))
    assert store.figures(NOW).waiting.queued == 0


class Undone(Exception):
    """What a transaction was undone for."""


def a_writer(home: Place, name: str) -> None:
    """Take feeds and record an article of each, after a first try that is undone: its number must be given again."""
    store, now = open_store(home), NOW + timedelta(hours=1)

    def undo(*_: object) -> tuple[NewDelivery, ...]:
        raise Undone

    try:
        while claims := store.feeds.claim_due(now, name, LEASE, 1):
            (claim,) = claims
            entry = an_entry(claim.feed.id, urls=[claim.feed.id], matches=[a_match()])
            done = PollRecord(claim, replace(claim.state, due_at=now + timedelta(days=1)), now, (entry,))
            with pytest.raises(Undone):
                store.polls.record(done, replace(NEWSROOM, announce=undo))
            store.polls.record(done, NEWSROOM)
    finally:
        store.close()


def test_the_register_has_no_gap_whoever_writes_and_whatever_is_undone(home: Place, store: Store) -> None:
    store.feeds.sync([a_feed(FeedId(f"f{n:03}"), url=f"https://s{n}.example/") for n in range(20)], NOW)
    store.chats.follow(a_chat(store).key, "hds", None, NOW)
    with ThreadPoolExecutor(POLLERS) as pool:
        list(pool.map(lambda n: a_writer(home, f"w{n}"), range(POLLERS)))
    assert store.register.flaws() == ()
    assert [line.number for line in store.register.lines()[1]] == list(range(1, 21))


def test_what_is_held_before_its_commit_is_told_by_a_later_digest(home: Place, store: Store) -> None:
    """A poll is held, another one comes, and a digest is closed in between: nothing is passed over."""
    key = a_chat(store).key
    store.chats.follow(key, "hds", "daily", NOW)
    entered, going, levels = Event(), Event(), {"hds": "daily"}

    def held(*given: Any) -> Any:
        entered.set()
        assert going.wait(30)
        return NEWSROOM.announce(*given)

    def polled(feed: FeedId, newsroom: Newsroom) -> None:
        mine = open_store(home)
        poll(mine, an_entry(feed, urls=[feed], matches=[a_match(level="daily")]), feed=feed, newsroom=newsroom)
        mine.close()

    def digested() -> tuple[int, ...]:
        mine = open_store(home)
        window = mine.digests.window(key, ("daily",), levels)
        assert mine.digests.close(key, ("daily",), "2026-11-24", window.cursor, NewDigest(), NOW)
        mine.close()
        return tuple(item.article.id for item in window.items)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(polled, A, replace(NEWSROOM, announce=held))
        assert entered.wait(30)
        second, digest = pool.submit(polled, B, NEWSROOM), pool.submit(digested)
        going.set()
        told = digest.result()
        first.result()
        second.result()
    later = tuple(item.article.id for item in store.digests.window(key, ("daily",), levels).items)
    assert sorted((*told, *later)) == [1, 2]


def test_the_feeds_of_a_daemon_that_died_are_for_others_at_once(store: Store) -> None:
    for run, lease in (("un/1", LEASE), ("deux/1", timedelta(seconds=-1))):
        store.offices.present(Presence(run, "polls"), NOW, lease)
    store.feeds.sync([a_feed(FeedId(f"f{n}"), url=f"https://s{n}.example/") for n in range(3)], NOW)
    dead = store.feeds.claim_due(NOW, "deux/1", LEASE, 2)
    (alive,) = store.feeds.claim_due(NOW, "un/1", LEASE, 1)
    assert (store.feeds.release_dead(), store.feeds.release_dead()) == (2, 0)
    assert {each.feed.id for each in store.feeds.claim_due(NOW, "un/1", LEASE, 9)} == {each.feed.id for each in dead}
    assert store.polls.record(PollRecord(dead[0], dead[0].state, NOW), NEWSROOM).lost, "should it wake"
    assert not store.polls.record(PollRecord(alive, alive.state, NOW), NEWSROOM).lost


AHEAD, BACK = timedelta(seconds=90), timedelta(hours=1)


def test_a_clock_that_is_ahead_takes_no_lease_of_another_daemon(store: Store) -> None:
    store.feeds.sync([a_feed(FeedId(f"f{n}"), url=f"https://s{n}.example/") for n in range(3)], NOW)
    mine = store.feeds.claim_due(NOW, "un/1", LEASE, 2)
    others = store.feeds.claim_due(NOW + AHEAD, "deux/1", LEASE, 9)
    assert {each.feed.id for each in mine} & {each.feed.id for each in others} == set()
    for each in (*mine, *others):
        assert not store.polls.record(PollRecord(each, each.state, NOW), NEWSROOM).lost


@pytest.mark.parametrize("error", [AHEAD, -AHEAD, BACK, -BACK])
def test_daemons_whose_clocks_differ_ask_a_host_in_turn(store: Store, error: timedelta) -> None:
    right, wrong = SharedClock(), SharedClock(lambda: now() + error)
    for run, clock in (("un/1", right), ("deux/1", wrong)):
        clock.ahead = store.offices.present(Presence(run, "polls"), clock.own(), LEASE)
    first = store.hosts.reserve("s0.example", right(), GAP, HOLD)
    assert first.granted
    assert not store.hosts.reserve("s0.example", wrong(), GAP, HOLD).granted
    store.hosts.block("s0.example", first.number, right(), timedelta(minutes=70))
    blocked = store.hosts.reserve("s0.example", wrong(), GAP, HOLD).blocked
    assert blocked is not None
    assert timedelta(minutes=69) < blocked < timedelta(minutes=71)


def test_a_clock_set_back_an_hour_asks_no_host_early_and_takes_no_lease(store: Store) -> None:
    store.feeds.sync([a_feed(FeedId("f0"), url="https://s0.example/")], NOW)
    (mine,) = store.feeds.claim_due(NOW, "un/1", LEASE, 1)
    assert store.hosts.reserve("s0.example", NOW, GAP, HOLD).granted
    assert store.feeds.claim_due(NOW - BACK, "deux/1", LEASE, 9) == ()
    asked = store.hosts.reserve("s0.example", NOW - BACK, GAP, HOLD)
    assert (asked.granted, asked.wait) == (False, HOLD + GAP)
    assert not store.polls.record(PollRecord(mine, mine.state, NOW), NEWSROOM).lost
