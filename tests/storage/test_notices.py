"""Notices to the operators: each cause once, in one message that is edited; nothing of what nobody was told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.chats.model import NewDelivery
from storage.ids import ChatKey
from storage.operators.model import NewNotice, Notice, NoticeKind
from storage.store import Store
from tests.storage.builders import NOW, A, B, Words, a_chat, a_feed

HOUR = timedelta(hours=1)
LATER = NOW + HOUR
ADMINS = frozenset({5, 6})


def body(notices: Sequence[Notice], language: str) -> Words:
    told = (f"{each.kind}×{each.times}{'!' if each.ended else ''}" for each in notices)
    return Words(f"{language}: " + ", ".join(told))


def put(store: Store, *kinds: NoticeKind, over: tuple[NoticeKind, ...] = (), now: datetime = NOW, times: int = 0):
    store.notices.put(A, [NewNotice(kind, "HTTP 500", NOW, times) for kind in kinds], over, now)


def tell(store: Store, now: datetime = NOW) -> int:
    return store.notices.tell("hourly", untold(store), ADMINS, body, now)


def untold(store: Store) -> list[Notice]:
    return [notice for notice, _ in store.notices.untold().notices]


def retell(store: Store, now: datetime) -> int:
    return sum(store.notices.retell(page.item, body, now) for page in store.notices.untold().pages)


def sent(store: Store, now: datetime = LATER) -> list[str]:
    """Everything that is due goes out; the bodies, in order."""
    bodies = []
    while found := store.outbox.claim(now, "run", 9):
        for each in found:
            bodies.append(each.body)
            store.outbox.sent(each.id, 40 + len(bodies), now)
    return bodies


def test_a_cause_is_kept_with_its_feed_its_reason_and_how_often_it_happened(store: Store) -> None:
    put(store, "failing", times=5)
    put(store, "failing", now=LATER, times=6)
    (notice,) = untold(store)
    assert (notice.feed, notice.name, notice.url, notice.detail) == (A, "A", a_feed(A).url, "HTTP 500")
    assert (notice.times, notice.since) == (6, NOW)


def test_one_message_tells_a_cause_and_is_edited_while_it_lasts_and_when_it_ends(store: Store) -> None:
    a_chat(store, 5)
    put(store, "failing", times=5)
    assert tell(store) == 1
    assert untold(store) == []
    assert retell(store, LATER) == 0, "nothing has changed"
    put(store, "failing", now=LATER, times=6)
    assert retell(store, LATER) == 1
    assert sent(store) == ["fr: failing×6"], "it had not left: it leaves with the new words"
    put(store, over=("failing",), now=LATER + HOUR)
    assert retell(store, LATER + HOUR) == 1
    assert sent(store, LATER + HOUR) == ["fr: failing×6!"]
    assert store.notices.untold().pages == (), "it is over, and everybody has read so"


def test_a_trouble_that_comes_back_soon_is_the_same_one(store: Store) -> None:
    a_chat(store, 5)
    put(store, "failing")
    tell(store)
    put(store, over=("failing",), now=LATER)
    put(store, "failing", now=LATER + HOUR)
    assert untold(store) == []
    put(store, over=("failing",), now=LATER + HOUR)
    put(store, "failing", now=LATER + timedelta(days=1))
    assert len(untold(store)) == 1


def test_what_ended_before_it_was_told_is_never_told(store: Store) -> None:
    put(store, "failing")
    put(store, over=("failing",), now=LATER)
    assert untold(store) == []


def test_what_only_happens_is_told_each_time_and_has_no_end(store: Store) -> None:
    a_chat(store, 5)
    for _ in range(2):
        put(store, "migrated")
        assert tell(store) == 1
    assert store.notices.open() == ()


def test_what_nobody_can_hear_waits(store: Store) -> None:
    put(store, "blocked")
    assert tell(store) == 0
    a_chat(store, 5)
    store.chats.leave(5, NOW)
    assert tell(store) == 0, "who blocked us hears nothing"
    store.chats.arrive(5, "private", "fr", NOW)
    a_chat(store, 6)
    assert tell(store) == 2


def test_a_message_that_somebody_deleted_is_not_said_again(store: Store) -> None:
    a_chat(store, 5)
    put(store, "failing", times=5)
    tell(store)
    assert len(sent(store)) == 1
    put(store, "failing", times=6)
    assert retell(store, LATER) == 1
    (edit,) = store.outbox.claim(LATER, "run", 9)
    store.outbox.muted(edit, "message to edit not found", LATER)
    put(store, "failing", times=7)
    assert retell(store, LATER + HOUR) == 0
    assert sent(store, LATER + HOUR) == []


def test_what_lasts_can_be_listed(store: Store) -> None:
    put(store, "failing", "silent")
    put(store, over=("silent",), now=LATER)
    assert [each.kind for each in store.notices.open()] == ["failing"]


def test_a_feed_with_a_new_address_or_no_longer_followed_has_no_past(store: Store) -> None:
    a_chat(store, 5)
    put(store, "blocked")
    store.feeds.sync([a_feed(A, url="https://new.example/rss"), a_feed(B)], LATER)
    assert store.notices.open() == ()
    put(store, "failing")
    tell(store)
    store.feeds.sync([a_feed(B)], LATER)
    assert store.notices.open() == ()
    assert retell(store, LATER) == 1, "the message says that it is over"


def test_the_journal_goes_where_it_was_sent_and_back(store: Store) -> None:
    a_chat(store, 5)
    group = store.chats.arrive(-50, "group", "en", NOW)
    store.notices.here(group.key, 7)
    store.chats.migrate(-50, -10050)
    (there,) = store.notices.readers(ADMINS)
    assert (there[0].telegram_id, there[1]) == (-10050, 7)
    store.chats.close_topic(-10050, 7, NOW)
    assert [chat.telegram_id for chat, _ in store.notices.readers(ADMINS)] == [5], "a closed topic takes nothing"
    store.chats.free_topic(-10050, 7, NOW)
    assert [chat.telegram_id for chat, _ in store.notices.readers(ADMINS)] == [-10050]
    store.chats.leave(-10050, NOW)
    assert [chat.telegram_id for chat, _ in store.notices.readers(ADMINS)] == [5], "a group that is gone hears nothing"
    store.chats.arrive(-10050, "supergroup", "en", NOW)
    store.notices.private()
    assert [chat.telegram_id for chat, _ in store.notices.readers(ADMINS)] == [5]


def test_a_chat_that_is_deleted_leaves_no_notice(store: Store) -> None:
    group = store.chats.arrive(-50, "group", "fr", NOW)
    store.chats.leave(-50, NOW)
    assert [(each.kind, each.detail) for each in untold(store)] == [("left", "0")]
    store.chats.arrive(-50, "group", "fr", LATER)
    assert untold(store) == []
    store.chats.leave(-50, LATER)
    store.chats.forget(ChatKey(group.key))
    assert untold(store) == []


def test_a_group_that_becomes_a_supergroup_has_no_closed_topic(store: Store) -> None:
    group = store.chats.arrive(-50, "group", "fr", NOW)
    store.outbox.enqueue([NewDelivery(group.key, "flash", "a1", Words("{}"), thread=7)], NOW)
    (sent_there,) = store.outbox.claim(NOW, "run", 9)
    store.outbox.hold_topic(sent_there, "TOPIC_CLOSED", NOW)
    assert [(each.kind, each.about) for each in untold(store)] == [("topic", f"@{group.key}/7")]
    store.chats.migrate(-50, -10050)
    assert untold(store) == []


def test_who_leaves_a_private_chat_is_nobody_s_business(store: Store) -> None:
    a_chat(store, 5)
    store.chats.leave(5, NOW)
    assert untold(store) == []


def test_what_is_long_over_is_forgotten(store: Store) -> None:
    a_chat(store, 5)
    put(store, "failing")
    tell(store)
    put(store, over=("failing",), now=LATER)
    retell(store, LATER)
    store.prune(NOW + timedelta(days=366 + 91))
    with store.database.read() as connection:
        tables = ("notice", "journal_page")
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables]
    assert counts == [0, 0]
