"""Several daemons on one base: pollers that share the feeds, and an office that waits for no writer."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from matchers import sites
from storage.articles.model import PollRecord
from storage.ids import FeedId
from storage.place import Place, Server
from storage.store import Store, open_store
from tests.storage.builders import LEASE, NEWSROOM, NOW, a_feed

POLLERS, FEEDS, CROWDED = 4, 160, 40
GAP, HOLD = timedelta(seconds=2), timedelta(minutes=1)


def listed(store: Store) -> None:
    """Feeds that are all due, a quarter of them on one host."""
    where = [f"https://big.example/{n}" if n < CROWDED else f"https://s{n}.example/" for n in range(FEEDS)]
    store.feeds.sync([a_feed(FeedId(f"f{n:03}"), url=url) for n, url in enumerate(where)], NOW)


def a_poller(home: Place, name: str) -> list[tuple[str, int]]:
    """Poll until nothing is left but what its host makes wait: the feeds it polled, with the number of each lease."""
    store, polled, now = open_store(home), list[tuple[str, int]](), NOW + timedelta(hours=1)
    try:
        while claims := store.feeds.claim_due(now, name, LEASE, 10):
            hosts = [sites.spared(each.state.url) for each in claims]
            assert len(set(hosts)) == len(hosts)
            for each in claims:
                later = replace(each.state, due_at=now + timedelta(days=1))
                assert not store.polls.record(PollRecord(each, later, now), NEWSROOM).lost
                polled.append((each.feed.id, each.number))
    finally:
        store.close()
    return polled


def test_pollers_share_the_feeds_and_none_is_asked_twice(home: Place, store: Store) -> None:
    listed(store)
    with ThreadPoolExecutor(POLLERS) as pool:
        found = list(pool.map(lambda n: a_poller(home, f"p{n}"), range(POLLERS)))
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


def test_an_office_on_a_server_waits_for_no_writer(base: Server) -> None:
    from tests.server import empty

    empty(base)
    store = open_store(base)
    with store.database.write():
        assert store.offices.take("sender", "one", timedelta(seconds=10)) == 1
    store.close()
