"""Digests: from one cursor to the next, nothing missing, nothing twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from matchers.model import Level
from storage.chats.digests import _HELD
from storage.chats.model import ClosedSlot, Contents, Lane, NewDigest, Window
from storage.ids import ArticleId, ChatKey
from storage.schema import article_match
from storage.store import Store
from tests.storage.builders import NEWSROOM, NOW, a_chat, a_flash, a_match, an_entry, poll

LEVELS: Mapping[str, Level] = {"hds": "daily", "snc": "flash", "eucs": "weekly"}
DAILY: tuple[Lane, ...] = ("daily",)
WEEKLY: tuple[Lane, ...] = ("weekly",)
DAY = timedelta(days=1)
SILENT = replace(NEWSROOM, announce=lambda *_: ())


def a_reader(store: Store, **levels: Level | None) -> ChatKey:
    chat = a_chat(store)
    for watchlist, level in levels.items():
        store.chats.follow(chat.key, watchlist, level, NOW)
    return chat.key


def article(store: Store, number: int, *watchlists: str, muted: bool = False) -> None:
    entry = an_entry(str(number), urls=[f"u{number}"], matches=[a_match(each) for each in watchlists])
    poll(store, entry, muted=muted, newsroom=SILENT, now=NOW + timedelta(minutes=number))


def shown(window: Window) -> list[tuple[int, list[str]]]:
    return [(each.article.id, [match.watchlist for match in each.matches]) for each in window.items]


def test_a_window_holds_each_article_once_with_its_lists_in_order_of_arrival(store: Store) -> None:
    key = a_reader(store, hds=None, snc=None)
    article(store, 1, "hds", "snc", "unfollowed")
    article(store, 2)
    article(store, 3, "snc")
    window = store.digests.window(key, DAILY, LEVELS)
    assert shown(window) == [(1, ["hds", "snc"]), (3, ["snc"])]
    assert (window.read, window.since) == (3, None)


def test_each_lane_has_its_lists_and_the_readers_choice_wins(store: Store) -> None:
    key = a_reader(store, hds=None, snc="weekly", eucs=None)
    article(store, 1, "hds", "snc", "eucs")
    assert shown(store.digests.window(key, DAILY, LEVELS)) == [(1, ["hds"])]
    assert shown(store.digests.window(key, WEEKLY, LEVELS)) == [(1, ["snc", "eucs"])]
    assert shown(store.digests.window(key, ("daily", "weekly"), LEVELS)) == [(1, ["hds", "snc", "eucs"])]
    assert shown(store.digests.window(key, ("flash",), LEVELS)) == []


def test_a_list_without_any_level_is_left_out(store: Store) -> None:
    key = a_reader(store, removed=None)
    article(store, 1, "removed")
    assert shown(store.digests.window(key, DAILY, LEVELS)) == []


def test_what_went_out_as_a_flash_is_marked(store: Store) -> None:
    key = a_reader(store, snc=None)
    other = a_chat(store, 6).key
    article(store, 1, "snc")
    article(store, 2, "snc")
    article(store, 3, "snc")
    store.outbox.enqueue([a_flash(key, "a1"), a_flash(other, "a2"), a_flash(key, "a3")], NOW)
    (first, _) = store.outbox.claim(NOW, "run", 9)
    store.outbox.sent(first.id, 1, NOW)
    (third,) = store.outbox.claim(NOW, "run", 9)
    store.outbox.dead(third, "poison", NOW)
    assert [each.flashed for each in store.digests.window(key, DAILY, LEVELS).items] == [True, False, False]


def test_old_news_and_baselines_are_left_out(store: Store) -> None:
    article(store, 1, "hds")
    key = a_reader(store, hds=None)
    article(store, 2, "hds", muted=True)
    article(store, 3, "hds")
    assert shown(store.digests.window(key, DAILY, LEVELS)) == [(3, ["hds"])]


def test_the_next_digest_starts_where_the_last_one_ended(store: Store) -> None:
    key = a_reader(store, hds=None, eucs=None)
    article(store, 1, "hds", "eucs")
    window = store.digests.window(key, DAILY, LEVELS)
    article(store, 2, "hds")  # comes while the digest is composed
    assert store.digests.close(
        key, DAILY, "2026-11-24", window.cursor, NewDigest((a_flash(key, "d", "daily"),)), NOW + DAY
    )
    following = store.digests.window(key, DAILY, LEVELS)
    assert shown(following) == [(2, ["hds"])]
    assert (following.since, following.read) == (NOW + DAY, 0)
    assert shown(store.digests.window(key, WEEKLY, LEVELS)) == [(1, ["eucs"])]
    assert store.figures(NOW).waiting.queued == 1


def test_a_slot_is_closed_once(store: Store) -> None:
    key = a_reader(store, hds=None)
    assert store.digests.close(key, DAILY, "2026-11-24", 5, NewDigest((a_flash(key, "d1", "daily"),)), NOW)
    assert not store.digests.close(
        key, ("daily", "weekly"), "2026-11-24", 9, NewDigest((a_flash(key, "d2", "daily"),)), NOW
    )
    assert store.figures(NOW).waiting.queued == 1
    assert store.digests.window(key, DAILY, LEVELS).cursor == 5
    assert store.digests.last(key) == (ClosedSlot("daily", "2026-11-24", NOW),)


def test_a_cursor_never_goes_back(store: Store) -> None:
    key = a_reader(store, hds=None)
    store.digests.close(key, DAILY, "2026-11-24", 9, NewDigest(), NOW)
    store.digests.close(key, DAILY, "asked", 5, NewDigest(), NOW)
    assert store.digests.window(key, DAILY, LEVELS).cursor == 9


def test_the_tick_sees_the_last_slots_of_every_chat(store: Store) -> None:
    one, two = a_chat(store, 5).key, a_chat(store, 6).key
    for number in range(6):
        store.digests.close(one, DAILY, f"s{number}", 0, NewDigest(), NOW + number * DAY)
    store.digests.close(two, ("daily", "weekly"), "s", 0, NewDigest(), NOW)
    found = store.digests.closed_slots()
    assert [each.slot for each in found[one, 0]] == ["s5", "s4", "s3", "s2"]
    assert {each.lane for each in found[two, 0]} == {"daily", "weekly"}


def test_a_preview_shows_the_newest_baselines_included(store: Store) -> None:
    for number in range(1, 5):
        article(store, number, "hds", "snc", muted=True)
    article(store, 5, "eucs")
    found = store.digests.preview(("hds", "eucs"), 3)
    assert [each.article.id for each in found] == [5, 4, 3]
    assert [match.watchlist for match in found[1].matches] == ["hds"]
    assert store.digests.preview((), 3) == ()


def test_a_window_for_nobody_is_empty(store: Store) -> None:
    article(store, 1, "hds")
    assert store.digests.window(ChatKey(9), DAILY, LEVELS).items == ()
    assert store.articles.matches(ArticleId(9)) == ()
    assert store.articles.by_url(["nowhere"]) is None


def test_a_topic_follows_and_is_told_by_itself(store: Store) -> None:
    key = a_reader(store, hds=None)
    store.chats.follow(key, "snc", None, NOW, thread=7)
    article(store, 1, "hds", "snc")
    assert shown(store.digests.window(key, DAILY, LEVELS)) == [(1, ["hds"])]
    assert shown(store.digests.window(key, DAILY, LEVELS, 7)) == [(1, ["snc"])]
    assert store.digests.close(key, DAILY, "s", 9, NewDigest(), NOW, thread=7)
    assert shown(store.digests.window(key, DAILY, LEVELS)) == [(1, ["hds"])]
    assert store.digests.closed_slots() == {(key, 7): (ClosedSlot("daily", "s", NOW),)}
    assert [(each.thread, [held.watchlist for held in each.subscriptions]) for each in store.chats.destinations()] == [
        (0, ["hds"]), (7, ["snc"]),
    ]  # fmt: skip


def test_what_a_digest_held_is_remembered_in_its_order(store: Store) -> None:
    key = a_reader(store, hds=None)
    article(store, 1, "hds")
    article(store, 2, "hds")
    kept = Contents("d1", "<b>Quotidien</b>", ((ArticleId(2), "hds", "shown"), (ArticleId(1), "hds", "rest")))
    store.digests.close(key, DAILY, "s", 9, NewDigest(kept=kept), NOW, thread=7)
    assert store.digests.kept(key, "d1", 7) == kept
    assert store.digests.kept(key, "d1") is None
    assert [each.article.id for each in store.digests.items([ArticleId(2), ArticleId(99), ArticleId(1)])] == [2, 1]
    store.prune(NOW + 91 * DAY)
    assert store.digests.kept(key, "d1", 7) is None


def test_what_came_since_is_never_taken_for_told_once_the_base_has_statistics(store: Store) -> None:
    """Behind two lists of values, SQLite 3.40 went past the bound: of 23 cursors, 22 gave what came after them."""
    for number in range(1, 35):
        article(store, number, *(("hds" if number % 3 == 0 else "snc",) if number > 3 and number % 4 != 1 else ()))
    with store.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
    with store.database.read() as connection:
        matches = connection.execute(select(article_match.c.id, article_match.c.article_id)).all()
        for cursor in range(len(matches)):
            came = [row.article_id for row in matches if cursor < row.id <= cursor + 3]
            asked = {"lists": ("hds", "snc"), "since": 3, "cursor": cursor, "articles": came}
            assert connection.execute(_HELD, asked).all() == [], cursor
