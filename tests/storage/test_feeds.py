"""Feeds: what the configuration says, and whose turn it is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from storage.model import Feed, FeedState, PollRecord
from storage.store import Store, open_store
from tests.storage.builders import LEASE, NOW, A, B, a_feed, announce, claim

LATER = NOW + timedelta(hours=1)


def settle(store: Store, **state: object) -> FeedState:
    """Record a poll of A that leaves this state."""
    mine = claim(store)
    left = replace(mine.state, **state)  # type: ignore[arg-type] # the tests name the fields they change
    store.polls.record(PollRecord(mine, left, NOW), announce)
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
        A, name="Autre", category="presse", language="en", every=timedelta(seconds=2), reading="feed", enabled=False
    )
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


def test_two_processes_never_lease_one_feed(path: Path, store: Store) -> None:
    other = open_store(path)
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
