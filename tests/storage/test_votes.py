"""Votes: one a person and article, counted by watchlist and by source."""

from datetime import timedelta

import pytest

from storage.chats.model import Balance, VoteTally
from storage.ids import ArticleId
from storage.store import Store
from tests.storage.builders import NOW, a_match, an_entry, poll

FIRST, SECOND = ArticleId(1), ArticleId(2)
BEFORE = NOW - timedelta(days=7)


@pytest.fixture
def read(store: Store) -> Store:
    for number, lists in enumerate((("hds",), ("hds", "snc")), start=1):
        poll(store, an_entry(str(number), urls=[f"u{number}"], matches=[a_match(each) for each in lists]))
    return store


def test_the_last_vote_of_a_person_counts(read: Store) -> None:
    for useful in (True, False, True):
        assert read.votes.cast(FIRST, "v1", useful, NOW)
    read.votes.cast(FIRST, "v2", False, NOW)
    assert read.votes.by_watchlist(BEFORE) == {"hds": VoteTally(1, 1)}


def test_an_article_of_two_watchlists_counts_for_both(read: Store) -> None:
    read.votes.cast(SECOND, "v1", False, NOW)
    assert read.votes.by_watchlist(BEFORE) == {"hds": VoteTally(0, 1), "snc": VoteTally(0, 1)}


def test_an_older_vote_is_of_another_week(read: Store) -> None:
    read.votes.cast(FIRST, "v1", True, BEFORE - timedelta(days=1))
    assert read.votes.by_watchlist(BEFORE) == {}


def test_an_article_that_is_gone_takes_no_vote(read: Store) -> None:
    assert not read.votes.cast(ArticleId(99), "v1", True, NOW)


def test_only_noise_has_a_reason(read: Store) -> None:
    read.votes.cast(FIRST, "v1", True, NOW)
    assert not read.votes.explain(FIRST, "v1", "old")
    read.votes.cast(FIRST, "v1", False, NOW)
    assert read.votes.explain(FIRST, "v1", "old")


def test_flashes_that_could_wait_are_counted_once_each_and_for_the_lists_that_ring(store: Store) -> None:
    matches = [a_match("hds", level="flash"), a_match("snc", level="daily")]
    poll(store, *(an_entry(str(each), urls=[f"u{each}"], matches=matches) for each in (1, 2)))
    for of, voter, urgent in ((FIRST, "v1", False), (FIRST, "v2", False), (SECOND, "v1", False), (SECOND, "v2", True)):
        store.votes.cast(of, voter, True, NOW, urgent)
    assert store.votes.by_watchlist(BEFORE) == {"hds": VoteTally(4, 0, not_urgent=2), "snc": VoteTally(4, 0)}
    assert store.votes.balances() == {FIRST: Balance(2, 0, 0, 2), SECOND: Balance(2, 0, 1, 1)}


def test_a_person_is_forgotten_with_his_votes(read: Store) -> None:
    read.votes.cast(FIRST, "v1", True, NOW)
    read.votes.cast(FIRST, "v2", True, NOW)
    read.votes.forget("v1")
    assert read.votes.by_watchlist(BEFORE) == {"hds": VoteTally(1, 0)}


def test_the_articles_voted_on_say_what_most_found(read: Store) -> None:
    for voter, useful in (("v1", False), ("v2", False), ("v3", True)):
        read.votes.cast(FIRST, voter, useful, NOW)
    read.votes.cast(SECOND, "v1", True, NOW)
    assert read.votes.noise("hds", BEFORE) == ((FIRST, False), (SECOND, True))
    assert read.votes.noise("snc", BEFORE) == ((SECOND, True),)


def test_a_fact_is_made_once(store: Store) -> None:
    assert [store.key_values.make("key", lambda made=made: made) for made in ("a", "b")] == ["a", "a"]
    store.key_values.put("key", "c")
    assert store.key_values.get("key") == "c"
    store.key_values.put("key", None)
    assert store.key_values.get("key") is None
