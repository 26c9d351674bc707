"""Feeds: what the configuration says, and whose turn it is."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from storage.articles.model import PollRecord
from storage.feeds.model import Feed, FeedState
from storage.ids import FeedId
from storage.place import Place
from storage.schema import feed
from storage.store import Store, open_store
from tests.storage.builders import LEASE, NEWSROOM, NOW, A, B, a_feed, claim

LATER = NOW + timedelta(hours=1)


def settle(store: Store, **state: object) -> FeedState:
    """Record a poll of A that leaves this state."""
    mine = claim(store)
    left = replace(mine.state, **state)  # type: ignore[arg-type] # the tests name the fields they change
    store.polls.record(PollRecord(mine, left, NOW), NEWSROOM)
    store.feeds.release([replace(mine, feed=a_feed(B))])
    return left


def kept(store: Store) -> tuple[Feed, FeedState]:
    return store.feeds.overview()[0]


def names(store: Store, limit: int = 9, owner: str = "one") -> list[str]:
    return [each.feed.id for each in store.feeds.claim_due(LATER, owner, LEASE, limit)]


def test_a_new_feed_is_due_now(store: Store) -> None:
    assert kept(store) == (a_feed(A), FeedState(a_feed(A).url, NOW))


def test_every_setting_comes_back(store: Store) -> None:
    changed = a_feed(
        A, name="Autre", category="presse", language="en", every=timedelta(seconds=2), reading="feed", enabled=False,
        least=timedelta(minutes=15), most=timedelta(hours=6), kind="page", links="/actu/", selector="main",
    )  # fmt: skip
    store.feeds.sync([changed], NOW)
    assert kept(store)[0] == changed


def test_a_moved_feed_keeps_its_history_and_drops_its_validators(store: Store) -> None:
    settle(store, etag='"x"', last_modified="Tue", body="d", failures=3, health="failing", baseline=True, requests=9)
    store.feeds.sync([a_feed(A, url="https://new.example/"), a_feed(B)], LATER)
    assert kept(store)[1] == FeedState("https://new.example/", LATER, baseline=True, requests=9)


def test_the_same_settings_change_nothing(store: Store) -> None:
    left = settle(store, etag='"x"', url="https://proven.example/", due_at=LATER, moved_times=1)
    store.feeds.sync([a_feed(A), a_feed(B)], LATER)
    assert kept(store) == (a_feed(A), left)


def test_a_missing_feed_is_kept_disabled_and_may_come_back(store: Store) -> None:
    left = settle(store, etag='"x"')
    store.feeds.sync([a_feed(B)], NOW)
    assert kept(store) == (a_feed(A, enabled=False), left)
    assert names(store) == ["b"]
    store.feeds.sync([a_feed(A), a_feed(B)], NOW)
    assert kept(store) == (a_feed(A), left)


def test_the_longest_due_comes_first(store: Store) -> None:
    settle(store, due_at=NOW + timedelta(minutes=1))
    assert names(store, limit=1) == ["b"]
    assert names(store) == ["a"]


def test_a_feed_that_is_not_due_waits_but_all_may_be_asked(store: Store) -> None:
    settle(store, due_at=LATER + LEASE)
    assert names(store) == ["b"]
    assert [each.feed.id for each in store.feeds.claim_all(LATER, "two", LEASE)] == ["a"]


def test_two_processes_never_lease_one_feed(home: Place, store: Store) -> None:
    other = open_store(home)
    assert names(store, owner="one") == ["a", "b"]
    assert [each.feed.id for each in other.feeds.claim_all(LATER, "two", LEASE)] == []
    other.close()


def test_a_lease_ends_when_given_back_or_run_out(store: Store) -> None:
    claims = store.feeds.claim_due(LATER, "one", LEASE, 9)
    store.feeds.release(claims[:1])
    assert names(store, owner="two") == ["a"]
    late = store.feeds.claim_due(LATER + LEASE, "three", LEASE, 9)
    assert [each.feed.id for each in late] == ["a", "b"]
    store.feeds.release(claims)
    assert names(store) == []


def test_a_renewed_lease_lasts_longer_unless_lost(store: Store) -> None:
    claims = store.feeds.claim_due(LATER, "one", LEASE, 9)
    assert store.feeds.renew(claims, LATER + LEASE, LEASE) == 2
    assert store.feeds.claim_due(LATER + LEASE, "two", LEASE, 9) == ()
    assert store.feeds.claim_due(LATER + LEASE * 2, "two", LEASE, 9) != ()
    assert store.feeds.renew(claims, LATER + LEASE * 2, LEASE) == 0


def test_who_is_alone_takes_back_every_lease(store: Store) -> None:
    assert names(store, owner="killed")
    assert names(store) == []
    store.feeds.release_all()
    assert names(store)


# --- hosts ---------------------------------------------------------------------------------------------------------
def many(store: Store, *urls: str) -> None:
    store.feeds.sync([a_feed(FeedId(f"f{number}"), url=url) for number, url in enumerate(urls)], NOW)


def due(store: Store, limit: int = 9, owner: str = "one") -> list[str]:
    return names(store, limit, owner)


def test_a_host_with_many_feeds_takes_one_place(store: Store) -> None:
    many(store, *(f"https://www.big.example/{n}" for n in range(5)), "https://small.example/", "http://127.0.0.1/a",
         "http://127.0.0.1/b")  # fmt: skip
    assert due(store, limit=4) == ["f0", "f5", "f6", "f7"], "and those of this machine as many as there are"


def test_a_host_with_hundreds_of_feeds_that_are_late_is_passed_over(store: Store) -> None:
    many(store, *(f"https://big.example/{n}" for n in range(150)), *(f"https://s{n}.example/" for n in range(4)))
    settle_all = update(feed).where(feed.c.host == "big.example").values(due_at=NOW - LEASE)
    with store.database.write() as connection:
        connection.execute(settle_all)
    assert due(store, limit=4) == ["f0", "f150", "f151", "f152"]
    assert due(store, limit=4) == ["f153"]


def test_the_next_feed_of_a_host_waits_for_the_first(store: Store) -> None:
    many(store, "https://big.example/1", "https://www.big.example/2")
    (first,) = store.feeds.claim_due(LATER, "one", LEASE, 9)
    assert due(store, owner="two") == []
    store.polls.record(PollRecord(first, replace(first.state, due_at=LATER + LEASE), LATER), NEWSROOM)
    assert due(store) == ["f1"]


def test_a_host_that_is_asked_or_wants_peace_is_not_claimed(store: Store) -> None:
    many(store, "https://big.example/1", "https://small.example/")
    store.hosts.reserve("big.example", LATER, timedelta(seconds=2), timedelta(minutes=1))
    store.hosts.block("small.example", 0, LATER, timedelta(hours=3))
    assert due(store) == []
    later = LATER + timedelta(hours=3)
    assert [each.feed.id for each in store.feeds.claim_due(later, "one", LEASE, 9)] == ["f0", "f1"]


def test_all_that_is_due_may_be_claimed_at_once(store: Store) -> None:
    many(store, "https://big.example/1", "https://big.example/2")
    assert len(store.feeds.claim_all(NOW, "one", LEASE, everything=False)) == 2
    assert store.feeds.claim_all(NOW - LEASE, "two", LEASE, everything=False) == ()


# --- moves and changes ---------------------------------------------------------------------------------------------
def test_a_feed_that_moves_to_where_another_is_read_is_that_one(store: Store) -> None:
    settle(store, url=a_feed(B).url, due_at=NOW)
    assert kept(store)[1].same_as == B
    assert names(store) == ["b"]
    store.feeds.release_all()
    store.feeds.sync([a_feed(A), a_feed(B, enabled=False)], LATER)
    assert names(store) == ["a"], "it is read again once the other is not"


def test_a_shorter_interval_holds_at_once(store: Store) -> None:
    hour = timedelta(hours=1)
    settle(store, checked_at=NOW, due_at=NOW + 24 * hour)
    store.feeds.sync([a_feed(A, every=timedelta(minutes=20)), a_feed(B)], NOW)
    assert kept(store)[1].due_at == NOW + timedelta(minutes=20)
    store.feeds.sync([a_feed(A, every=9 * hour), a_feed(B)], NOW)
    assert kept(store)[1].due_at == NOW + timedelta(minutes=20)


def test_a_shorter_interval_does_not_wake_who_is_ill_or_asked_for_time(store: Store) -> None:
    for trouble in ({"failures": 2}, {"health": "throttled"}):
        settle(store, checked_at=NOW, due_at=LATER, **trouble)
        store.feeds.sync([a_feed(A, every=timedelta(minutes=1 + len(trouble))), a_feed(B)], NOW)
        store.feeds.sync([a_feed(A), a_feed(B)], NOW)
        assert kept(store)[1].due_at == LATER


def test_another_kind_of_source_is_read_from_the_start(store: Store) -> None:
    settle(store, etag='"x"', body="d", memory="m", due_at=LATER)
    store.feeds.sync([a_feed(A, kind="page"), a_feed(B)], NOW)
    state = kept(store)[1]
    assert (state.etag, state.body, state.memory, state.due_at) == (None, None, None, NOW)


def test_a_clock_set_back_makes_a_feed_wait_for_as_long_as_it_was_to_wait(store: Store) -> None:
    tomorrow = NOW + timedelta(days=1)
    settle(store, checked_at=tomorrow, due_at=tomorrow + timedelta(minutes=40))
    assert store.feeds.ahead(NOW) == timedelta(days=1)
    assert store.feeds.rewind(NOW) == 1
    state = kept(store)[1]
    assert (state.checked_at, state.due_at) == (NOW, NOW + timedelta(minutes=40))
    assert (store.feeds.rewind(NOW), store.feeds.ahead(NOW)) == (0, timedelta())
