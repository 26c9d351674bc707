"""The store in figures, against what was done to it."""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.articles.model import EntryRecord
from storage.chats.model import NewDigest
from storage.store import Store
from tests.storage.builders import NOW, A, B, a_chat, a_match, an_entry, poll


def test_every_figure_counts_what_was_done(store: Store) -> None:
    chat = a_chat(store)
    store.chats.console(NOW)
    for watchlist in ("hds", "eucs"):
        store.chats.follow(chat.key, watchlist, None, NOW)
    poll(store, an_entry("1", urls=("1",), matches=[a_match()]), an_entry("2", urls=("2",)))
    poll(store, an_entry("3", urls=("3",), matches=[a_match(), a_match("eucs")]), now=NOW + timedelta(minutes=5))
    (first,) = store.outbox.claim(NOW + timedelta(minutes=6), "run", 1)
    store.outbox.sent(first.id, 1, NOW + timedelta(minutes=6))
    store.digests.close(chat.key, ("daily",), "2026-11-24", 0, NewDigest(), NOW + timedelta(minutes=7))

    seen = store.figures(NOW + timedelta(minutes=8))
    assert seen.articles == 3
    assert seen.matches == (("eucs", 1), ("hds", 2))
    assert seen.newest == NOW + timedelta(minutes=5)
    assert (seen.sent, seen.waiting.queued) == (1, 1)
    assert seen.chats == (("active", 1),), "the terminal is not a reader"
    assert seen.last_digest == NOW + timedelta(minutes=7)
    assert sum(number for _, number in seen.feeds) == 2
    assert seen.size > 4096
    poll(store, an_entry("4", urls=("4",)), now=NOW + timedelta(minutes=9))
    assert [store.figures(NOW + timedelta(minutes=9)).articles for _ in range(2)] == [4, 4]


def test_a_source_taken_out_is_paused(store: Store) -> None:
    store.feeds.sync([], NOW)
    seen = store.figures(NOW)
    assert seen.feeds == ()
    assert seen.paused == 2


def test_the_hours_in_which_a_source_gave_something_are_counted(store: Store) -> None:
    ago = {"1": timedelta(minutes=1), "2": timedelta(minutes=2), "3": -timedelta(days=9), "4": timedelta(days=400)}
    poll(store, *(dated(an_entry(key, urls=(key,)), NOW - each) for key, each in ago.items()), an_entry("5"))
    found = store.articles.appeared(NOW - timedelta(days=360), (A, B))
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    assert found == {A: {hour - timedelta(hours=1): 2, hour: 2}}, "no day to come, and nothing older than is asked for"


def dated(entry: EntryRecord, published: datetime) -> EntryRecord:
    assert entry.reading is not None
    return replace(entry, reading=replace(entry.reading, published=published))
