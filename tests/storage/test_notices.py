"""Notices to the operators: each trouble once, its end once, and nothing of what nobody was told."""

from datetime import timedelta

from storage.model import NewNotice, Note, NoticeKind
from storage.store import Store
from tests.storage.builders import NOW, A, B, a_chat, a_feed

LATER = NOW + timedelta(hours=1)


def put(store: Store, *kinds: NoticeKind, over: tuple[NoticeKind, ...] = (), now=NOW) -> None:
    store.notices.put(A, [NewNotice(kind, "HTTP 500", NOW) for kind in kinds], over, now)


def told(store: Store) -> list[tuple[str, bool]]:
    """What is told now, and whether it is over."""
    found = store.notices.unsaid()
    store.notices.say(found, None, LATER)
    return [(each.kind, each.ended is not None) for each in found]


def test_a_trouble_is_told_once_with_its_feed_and_its_reason(store: Store) -> None:
    put(store, "failing")
    put(store, "failing", now=LATER)
    (notice,) = store.notices.unsaid()
    assert (notice.feed, notice.name, notice.url, notice.detail) == (A, "A", a_feed(A).url, "HTTP 500")
    assert told(store) == [("failing", False)]
    put(store, "failing", now=LATER)
    assert told(store) == []


def test_its_end_is_told_once_and_the_next_trouble_again(store: Store) -> None:
    put(store, "failing")
    told(store)
    put(store, over=("failing", "blocked"), now=LATER)
    assert told(store) == [("failing", True)]
    assert told(store) == []
    put(store, "failing", now=LATER)
    assert told(store) == [("failing", False)]


def test_what_ended_before_it_was_told_is_never_told(store: Store) -> None:
    put(store, "failing")
    put(store, over=("failing",), now=LATER)
    assert told(store) == []


def test_what_only_happens_is_told_each_time_and_has_no_end(store: Store) -> None:
    put(store, "migrated")
    assert told(store) == [("migrated", False)]
    assert told(store) == []
    put(store, "migrated", now=LATER)
    assert told(store) == [("migrated", False)]


def test_a_message_is_queued_with_the_notice_it_tells_for_each_operator_who_has_a_chat(store: Store) -> None:
    put(store, "blocked")
    note = Note("j1", frozenset((5, 6)), lambda language: language)
    assert store.notices.say(store.notices.unsaid(), note, NOW) == 0
    assert store.notices.unsaid(), "nobody to tell it to yet"
    a_chat(store, 5)
    assert store.notices.say(store.notices.unsaid(), note, NOW) == 1
    assert store.outbox.waiting(NOW).queued == 1
    assert store.notices.unsaid() == ()


def test_what_lasts_can_be_listed(store: Store) -> None:
    put(store, "failing", "silent")
    told(store)
    put(store, over=("silent",), now=LATER)
    assert [each.kind for each in store.notices.open()] == ["failing"]


def test_a_feed_with_a_new_address_or_no_longer_followed_has_no_past(store: Store) -> None:
    put(store, "failing")
    told(store)
    store.feeds.sync([a_feed(A, url="https://new.example/rss"), a_feed(B)], LATER)
    assert (told(store), store.notices.open()) == ([], ())
    put(store, "failing")
    told(store)
    store.feeds.sync([a_feed(B)], LATER)
    assert (told(store), store.notices.open()) == ([], ())
