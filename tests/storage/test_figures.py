"""The store in figures, against what was done to it."""

from datetime import timedelta

from storage.store import Store
from tests.storage.builders import NOW, a_chat, a_match, an_entry, poll


def test_every_figure_counts_what_was_done(store: Store) -> None:
    chat = a_chat(store)
    store.chats.console(NOW)
    for watchlist in ("hds", "eucs"):
        store.chats.follow(chat.key, watchlist, None, NOW)
    poll(store, an_entry("1", urls=("1",), matches=[a_match()]), an_entry("2", urls=("2",)))
    poll(store, an_entry("3", urls=("3",), matches=[a_match(), a_match("eucs")]), now=NOW + timedelta(minutes=5))
    (first,) = store.outbox.claim(NOW + timedelta(minutes=6), "run", 1)
    store.outbox.sent(first.id, 1, NOW + timedelta(minutes=6))
    store.digests.close(chat.key, ("daily",), "2026-11-24", 0, (), NOW + timedelta(minutes=7))

    seen = store.figures(NOW + timedelta(minutes=8))
    assert seen.articles == 3
    assert seen.matches == (("eucs", 1), ("hds", 2))
    assert seen.newest == NOW + timedelta(minutes=5)
    assert (seen.sent, seen.waiting.queued) == (1, 1)
    assert seen.chats == (("active", 1),), "the terminal is not a reader"
    assert seen.last_digest == NOW + timedelta(minutes=7)
    assert sum(number for _, number in seen.feeds) == 2
    assert seen.size > 4096


def test_a_source_taken_out_is_paused(store: Store) -> None:
    store.feeds.sync([], NOW)
    seen = store.figures(NOW)
    assert seen.feeds == ()
    assert seen.paused == 2
