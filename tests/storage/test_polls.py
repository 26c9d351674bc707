"""One poll is one transaction, and nothing is told twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage import prepared
from storage.articles.model import EntryKey, PollRecord, StoredArticle
from storage.chats.model import Follower, NewDelivery
from storage.ids import ArticleId
from storage.place import Place
from storage.store import Store, open_store
from tests.storage.builders import LEASE, NEWSROOM, NOW, A, B, a_chat, a_feed, a_match, an_entry, claim, poll


def told(store: Store) -> list[tuple[int, str, str]]:
    """What a sender would send, all of it."""
    found = []
    while batch := store.outbox.claim(NOW, "run", 50):
        for each in batch:
            found.append((each.chat.telegram_id, each.item, each.body))
            store.outbox.sent(each.id, 1, NOW)
    return found


def a_follower(store: Store, *watchlists: str, telegram_id: int = 5) -> None:
    chat = a_chat(store, telegram_id)
    for each in watchlists or ("hds",):
        store.chats.follow(chat.key, each, None, NOW)


def test_a_new_matching_article_is_stored_and_told_to_its_followers(store: Store) -> None:
    a_follower(store)
    recorded = poll(store, an_entry(matches=[a_match()]))
    assert (recorded.new, recorded.revised, recorded.deliveries, recorded.lost) == (1, 0, 1, False)
    assert told(store) == [(5, "a1", "hds")]
    kept = store.articles.get(ArticleId(1))
    assert kept == StoredArticle(
        ArticleId(1), "Titre", "Résumé", "le texte", "https://site.example/1", "A", None, NOW, "none", ("paywall",),
        read_at=NOW, feed_url="https://a.example/rss",
    )  # fmt: skip
    assert store.articles.matches(ArticleId(1)) == (a_match(),)
    assert store.articles.by_url(["unknown", "u1"]) == kept


def test_a_poll_that_breaks_before_its_end_writes_nothing(store: Store) -> None:
    a_follower(store)
    before = store.feeds.overview()

    def breaks(*_: object) -> tuple[NewDelivery, ...]:
        raise RuntimeError("killed here")

    with pytest.raises(RuntimeError):
        poll(store, an_entry(matches=[a_match()]), newsroom=replace(NEWSROOM, announce=breaks))
    assert store.articles.get(ArticleId(1)) is None
    assert store.articles.standing(A, [an_entry().key], NOW)[0].kind == "new"
    assert store.feeds.overview() == before
    assert told(store) == []


def test_validators_are_saved_with_the_entries_they_stand_for(home: Place, store: Store) -> None:
    mine = claim(store)
    state = replace(mine.state, etag='W/"x-gzip"', last_modified="Tue", baseline=True, due_at=NOW + LEASE, body="d")
    store.polls.record(PollRecord(mine, state, NOW, (an_entry(),)), NEWSROOM)
    again = open_store(home)
    found = {feed.id: kept for feed, kept in again.feeds.overview()}[A]
    again.close()
    assert found == state


def test_a_worker_that_lost_its_lease_writes_nothing(store: Store) -> None:
    slow = claim(store, owner="slow")
    (quick, *_) = store.feeds.claim_all(NOW + LEASE, "quick", LEASE)
    lost = store.polls.record(PollRecord(slow, replace(slow.state, etag="old"), NOW, (an_entry(),)), NEWSROOM)
    assert lost.lost
    assert store.articles.get(ArticleId(1)) is None
    kept = store.polls.record(PollRecord(quick, replace(quick.state, etag="new"), NOW, (an_entry(),)), NEWSROOM)
    assert (kept.lost, kept.new) == (False, 1)


def test_a_poll_is_recorded_once(store: Store) -> None:
    mine = claim(store)
    first = store.polls.record(PollRecord(mine, mine.state, NOW), NEWSROOM)
    second = store.polls.record(PollRecord(mine, mine.state, NOW), NEWSROOM)
    assert (first.lost, second.lost) == (False, True)


def test_the_address_changed_while_the_old_one_was_polled(store: Store) -> None:
    mine = claim(store)
    store.feeds.sync([a_feed(A, url="https://new.example/rss"), a_feed(B)], NOW)
    assert store.polls.record(PollRecord(mine, mine.state, NOW, (an_entry(),)), NEWSROOM).lost


def test_a_known_entry_is_not_told_again(store: Store) -> None:
    a_follower(store)
    entry = an_entry(matches=[a_match()])
    poll(store, entry)
    again = poll(store, entry)
    assert (again.new, again.revised, again.deliveries) == (0, 0, 0)
    assert len(told(store)) == 1


def test_one_address_in_two_feeds_is_one_article(store: Store) -> None:
    a_follower(store)
    poll(store, an_entry("1", urls=["u1"], matches=[a_match()]))
    other = an_entry("other", urls=["u0", "u1"], matches=[a_match()])
    assert store.articles.standing(B, [other.key], NOW)[0].kind == "elsewhere"
    poll(store, other, feed=B)
    assert store.articles.standing(B, [other.key], NOW)[0].kind == "same"
    assert len(told(store)) == 1


def test_an_address_brought_by_another_feed_meanwhile_is_only_sighted(store: Store) -> None:
    a_follower(store)
    mine = claim(store, B, owner="two")
    store.feeds.release([replace(mine, feed=a_feed(A))])
    poll(store, an_entry("1", matches=[a_match()]))
    # B asked for standings before A's poll was written, and believes that the entry is new.
    late = store.polls.record(PollRecord(mine, mine.state, NOW, (an_entry("9", matches=[a_match()]),)), NEWSROOM)
    assert (late.new, late.deliveries) == (0, 0)
    assert store.articles.standing(B, [an_entry("9").key], NOW)[0].kind == "same"


def test_the_same_guid_in_two_feeds_is_two_articles(store: Store) -> None:
    assert poll(store, an_entry("1", urls=["u1"])).new == 1
    assert poll(store, an_entry("1", urls=["u2"]), feed=B).new == 1


def test_two_entries_of_one_document_with_one_address_are_one_article(store: Store) -> None:
    twins = an_entry("1", content="c1"), an_entry("2", content="c2", title="Autre")
    assert poll(store, *twins).new == 1
    assert [each.kind for each in store.articles.standing(A, [each.key for each in twins], NOW)] == ["same", "same"]


def test_a_guid_that_rotates_is_not_news(store: Store) -> None:
    a_follower(store)
    poll(store, an_entry("1", matches=[a_match()]))
    rotated = an_entry("2", matches=[a_match()])
    assert store.articles.standing(A, [rotated.key], NOW)[0].kind == "same"
    poll(store, rotated)
    # Its own alias now: it stands even without the address.
    assert store.articles.standing(A, [EntryKey("2", "c")], NOW)[0].kind == "same"
    assert len(told(store)) == 1


def test_entries_that_differ_only_by_case_or_spaces_are_distinct(store: Store) -> None:
    keys = ["Guid", "guid", "guid "]
    assert poll(store, *(an_entry(key, urls=[f"u-{key}"]) for key in keys)).new == 3


def test_an_edited_entry_updates_its_article_and_tells_nothing_again(store: Store) -> None:
    a_follower(store)
    poll(store, an_entry(matches=[a_match()]))
    edited = poll(store, an_entry(content="c2", title="Titre corrigé", matches=[a_match(score=9)]))
    assert (edited.new, edited.revised, edited.deliveries) == (0, 1, 0)
    kept = store.articles.get(ArticleId(1))
    assert kept is not None
    assert kept.title == "Titre corrigé"
    assert store.articles.matches(ArticleId(1)) == (a_match(score=9),)
    assert len(told(store)) == 1


def test_an_edit_that_brings_a_new_watchlist_tells_those_who_were_not_told(store: Store) -> None:
    a_follower(store, "hds", "snc", telegram_id=5)
    a_follower(store, "snc", telegram_id=6)
    poll(store, an_entry(matches=[a_match("hds")]))
    poll(store, an_entry(content="c2", matches=[a_match("hds"), a_match("snc")]))
    assert sorted(told(store)) == [(5, "a1", "hds"), (6, "a1", "snc")]


def test_a_match_that_goes_and_comes_back_keeps_its_place(store: Store) -> None:
    a_follower(store)
    chat = a_chat(store)
    poll(store, an_entry(content="c1", matches=[a_match()]))
    cursor = store.digests.window(chat.key, ("daily",), {"hds": "daily"}).cursor
    poll(store, an_entry(content="c2"))
    assert store.articles.matches(ArticleId(1)) == ()
    poll(store, an_entry(content="c3", matches=[a_match()]))
    assert store.articles.matches(ArticleId(1)) == (a_match(),)
    assert store.digests.window(chat.key, ("daily",), {"hds": "daily"}).cursor == cursor
    assert len(told(store)) == 1


def test_only_the_feed_that_brought_an_article_may_revise_it(store: Store) -> None:
    poll(store, an_entry("1"))
    poll(store, an_entry("9"), feed=B)
    assert store.articles.standing(B, [an_entry("9", content="c2").key], NOW)[0].kind == "elsewhere"
    poll(store, an_entry("9", content="c2", title="Autre"), feed=B)
    kept = store.articles.get(ArticleId(1))
    assert kept is not None
    assert kept.title == "Titre"
    assert store.articles.standing(B, [an_entry("9", content="c2").key], NOW)[0].kind == "same"


def test_a_baseline_is_stored_and_never_told(store: Store) -> None:
    a_follower(store)
    assert poll(store, an_entry(matches=[a_match()]), muted=True).deliveries == 0
    edited = poll(store, an_entry(content="c2", matches=[a_match(), a_match("snc")]))
    assert (edited.revised, edited.deliveries) == (1, 0)
    assert told(store) == []
    assert store.digests.window(a_chat(store).key, ("daily",), {"hds": "daily"}).items == ()


def test_what_was_stored_before_the_subscription_is_old_news(store: Store) -> None:
    poll(store, an_entry("1"))
    a_follower(store)
    edited = poll(store, an_entry("1", content="c2", matches=[a_match()]))
    assert edited.deliveries == 0
    assert poll(store, an_entry("2", urls=["u2"], matches=[a_match()])).deliveries == 1


def test_held_and_gone_chats_are_told_later(store: Store) -> None:
    a_follower(store, telegram_id=5)
    a_follower(store, telegram_id=6)
    store.chats.leave(6, NOW)
    seen: list[Follower] = []

    def listen(
        article: StoredArticle, matches: object, told: tuple[Follower, ...], now: object
    ) -> tuple[NewDelivery, ...]:
        seen.extend(told)
        return ()

    poll(store, an_entry(matches=[a_match()]), newsroom=replace(NEWSROOM, announce=listen))
    assert [each.chat.telegram_id for each in seen] == [5, 6], "when they are back"


def test_an_entry_without_reading_is_asked_again(store: Store) -> None:
    mine = claim(store)
    pending = replace(an_entry(), reading=None)
    assert store.polls.record(PollRecord(mine, mine.state, NOW, (pending,)), NEWSROOM).new == 0
    assert store.articles.standing(A, [pending.key], NOW)[0].kind == "new"


def test_hundreds_of_entries_stand_in_order(store: Store) -> None:
    entries = [an_entry(str(number), urls=[f"u{number}"]) for number in range(0, 800, 2)]
    poll(store, *entries)
    keys = [an_entry(str(number), urls=[f"u{number}"]).key for number in range(800)]
    kinds = [each.kind for each in store.articles.standing(A, keys, NOW)]
    assert kinds == ["same", "new"] * 400


def test_an_entry_more_is_a_statement_more_or_two(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first poll has hundreds: what can be asked or written once for all of them is."""
    asked: list[str] = []

    def counted(run: Callable[..., Any]) -> Callable[..., Any]:
        return lambda connection, sql, bound: asked.append(sql) or run(connection, sql, bound)

    for name in ("ran", "ran_each"):
        monkeypatch.setattr(prepared, name, counted(getattr(prepared, name)))
    spent = []
    for feed, number in ((A, 5), (B, 25)):
        asked.clear()
        poll(store, *(an_entry(f"{feed} {n}", urls=[f"{feed} {n}"]) for n in range(number)), feed=feed)
        spent.append(len(asked))
    assert spent[1] - spent[0] <= 2 * 20


def test_a_lone_surrogate_stops_nothing(store: Store) -> None:
    entry = an_entry("k\ud800", title="Un \udfff titre", text="\ud83d", urls=["u\ud800"])
    assert poll(store, entry).new == 1
    assert poll(store, entry).new == 0
    kept = store.articles.get(ArticleId(1))
    assert kept is not None
    assert kept.title == "Un \ufffd titre"


def test_articles_read_since_a_moment_are_counted(store: Store) -> None:
    poll(store, an_entry())
    assert store.digests.read_count(NOW) == 0
    assert store.digests.read_count(NOW - timedelta(seconds=1)) == 1
