"""The outbox: every message ends somewhere, in order, one at a time per chat."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.chats.model import Delivery, Lane, NewDelivery
from storage.chats.outbox import NONE
from storage.ids import ChatKey, DeliveryId
from storage.operators.model import Waiting
from storage.place import Place
from storage.store import Store, open_store
from tests.storage.builders import NOW, Words, a_chat, a_flash, next_due

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def items(found: tuple[Delivery, ...]) -> list[str]:
    return [each.item for each in found]


def one_message(store: Store) -> Delivery:
    """A chat with one message, in flight."""
    store.outbox.enqueue([a_flash(a_chat(store).key)], NOW)
    (found,) = store.outbox.claim(NOW, "run", 9)
    store.outbox.start(found, NOW)
    return found


def test_a_claimed_message_is_nobody_elses(home: Place, store: Store) -> None:
    found = one_message(store)
    assert (found.tries, found.doubts, found.plain, found.body) == (1, 0, False, "{}")
    other = open_store(home)
    assert other.outbox.claim(NOW, "other", 9) == ()
    assert other.figures(NOW).waiting.sending == 1
    other.close()


def test_a_message_is_queued_once(store: Store) -> None:
    chat = a_chat(store).key
    assert store.outbox.enqueue([a_flash(chat), a_flash(chat), a_flash(chat, part=2)], NOW) == 2
    assert store.outbox.enqueue([a_flash(chat)], NOW) == 0


def test_a_sent_message_is_done_and_its_body_is_gone(store: Store) -> None:
    found = one_message(store)
    store.outbox.sent(found.id, 42, NOW)
    assert store.outbox.claim(NOW + HOUR, "run", 9) == ()
    with store.database.read() as connection:
        row = connection.exec_driver_sql("SELECT state, message_id, body FROM delivery").one()
    assert tuple(row) == ("done", 42, "")


@pytest.mark.parametrize("kept", ["", "x", "2026-11-24", "x 5", "2026-11-24T08:00:00+00:00 nan", "1 2 3"])
def test_a_pause_that_cannot_be_read_holds_nobody_up(store: Store, kept: str) -> None:
    """A copy that was put back may hold any text there."""
    store.key_values.put("pause", kept)
    store.outbox.rewind(NOW)
    assert store.outbox.paused(NOW) is None
    assert store.figures(NOW).paused_until is None
    assert one_message(store).item == "a1"


def test_flashes_pass_between_the_parts_of_a_digest(store: Store) -> None:
    chat = a_chat(store).key
    store.outbox.enqueue([a_flash(chat, "d1", "daily", part) for part in (1, 2)], NOW)
    (first,) = store.outbox.claim(NOW, "run", 9)
    store.outbox.enqueue([a_flash(chat, "w", "weekly"), a_flash(chat, "c", "catchup"), a_flash(chat, "a9")], NOW)
    order = [first.item]
    store.outbox.sent(first.id, 1, NOW)
    while found := store.outbox.claim(NOW, "run", 9):
        order += items(found)
        store.outbox.sent(found[0].id, 1, NOW)
    assert order == ["d1", "a9", "d1", "w", "c"]


def test_one_message_per_chat_and_many_chats_at_once(store: Store) -> None:
    chats = [a_chat(store, number).key for number in (5, 6, 7)]
    store.outbox.enqueue([a_flash(chat, item) for chat in chats for item in ("a1", "a2")], NOW)
    found = store.outbox.claim(NOW, "run", 2)
    assert [(each.chat.telegram_id, each.item) for each in found] == [(5, "a1"), (6, "a1")]
    assert [each.chat.telegram_id for each in store.outbox.claim(NOW, "run", 9)] == [7]
    assert store.outbox.claim(NOW, "run", 9) == ()


def test_a_retry_waits_and_keeps_its_place(store: Store) -> None:
    found = one_message(store)
    store.outbox.enqueue([a_flash(found.chat.key, "a2")], NOW)
    store.outbox.retry(found, NOW, HOUR, counts=True)
    assert store.outbox.claim(NOW + HOUR - SECOND, "run", 9) == ()
    assert next_due(store, NOW) == NOW + HOUR
    (again,) = store.outbox.claim(NOW + HOUR, "run", 9)
    assert (again.item, again.tries, again.doubts) == ("a1", 2, 0)


def test_a_429_is_not_a_try_and_freezes_its_chat_alone(store: Store) -> None:
    found = one_message(store)
    other = a_chat(store, 6).key
    store.outbox.enqueue([a_flash(found.chat.key, "d1", "daily"), a_flash(other)], NOW)
    store.outbox.freeze(found, NOW, HOUR)
    store.outbox.freeze(found, NOW, SECOND)
    store.outbox.retry(found, NOW, counts=False)
    assert [each.chat.key for each in store.outbox.claim(NOW + HOUR - SECOND, "run", 9)] == [other]
    assert next_due(store, NOW) == NOW + HOUR
    (again,) = store.outbox.claim(NOW + HOUR, "run", 9)
    assert (again.item, again.tries) == ("a1", 1)


def test_what_is_in_doubt_keeps_its_place_however_often(store: Store) -> None:
    found = one_message(store)
    store.outbox.enqueue([a_flash(found.chat.key, "a2")], NOW)
    for doubts in (1, 2, 3):
        store.outbox.doubt(found, NOW, SECOND)
        assert store.outbox.claim(NOW, "run", 9) == ()
        (found,) = store.outbox.claim(NOW + SECOND, "run", 9)
        assert (found.item, found.doubts, found.looks, found.called_at) == ("a1", doubts, 0, NOW)
        store.outbox.start(found, NOW)


def test_elsewhere_a_message_steps_aside_from_its_second_doubt(store: Store) -> None:
    chat = store.chats.arrive(-5, "elsewhere", "fr", NOW).key
    store.outbox.enqueue([a_flash(chat), a_flash(chat, "a2")], NOW)
    for _ in range(2):
        (found,) = store.outbox.claim(NOW, "run", 9)
        assert found.item == "a1"
        store.outbox.start(found, NOW)
        store.outbox.doubt(found, NOW, NONE)
    store.outbox.doubt(found, NOW, HOUR)
    (first,) = store.outbox.claim(NOW, "run", 9)
    store.outbox.looked(first, NOW, HOUR)
    assert items(store.outbox.claim(NOW, "run", 9)) == ["a2"]


def test_a_crash_leaves_no_doubt_on_what_had_only_been_claimed(store: Store) -> None:
    store.outbox.enqueue([a_flash(a_chat(store).key)], NOW)
    store.outbox.claim(NOW, "run", 9)
    assert store.outbox.recover("next") == 0
    (again,) = store.outbox.claim(NOW, "next", 9)
    assert (again.tries, again.doubts, again.looks) == (1, 0, None)
    store.outbox.put_back(again)
    assert items(store.outbox.claim(NOW, "next", 9)) == ["a1"]


def test_a_crash_puts_what_was_in_flight_in_doubt_once(store: Store) -> None:
    found = one_message(store)
    assert store.outbox.recover("run") == 0
    assert store.outbox.recover("next") == 1
    assert store.outbox.recover("next") == 0
    (again,) = store.outbox.claim(NOW, "next", 9)
    assert (again.id, again.doubts) == (found.id, 1)


def test_an_answer_that_comes_late_still_settles_the_message(store: Store) -> None:
    found = one_message(store)
    store.outbox.recover("next")
    store.outbox.sent(found.id, 42, NOW)
    assert store.outbox.claim(NOW, "next", 9) == ()
    store.outbox.retry(found, NOW, counts=True)
    store.outbox.dead(found, "too late", NOW)
    assert store.figures(NOW).waiting == Waiting(doubts=1)


def test_refused_markup_goes_once_more_as_plain_text_then_dies_with_its_reason(store: Store) -> None:
    found = one_message(store)
    store.outbox.enqueue([a_flash(found.chat.key, "a2")], NOW)
    store.outbox.plain(found, "can't parse entities")
    (again,) = store.outbox.claim(NOW, "run", 9)
    assert (again.item, again.plain) == ("a1", True)
    store.outbox.dead(again, "text is empty", NOW)
    assert items(store.outbox.claim(NOW, "run", 9)) == ["a2"]
    with store.database.read() as connection:
        row = connection.exec_driver_sql("SELECT state, error FROM delivery WHERE item = 'a1'").one()
    assert tuple(row) == ("dead", "text is empty")


def test_a_migrated_chat_gets_its_message_at_its_new_address(store: Store) -> None:
    found = one_message(store)
    store.outbox.moved(found, -1005)
    (again,) = store.outbox.claim(NOW, "run", 9)
    assert (again.id, again.chat.key, again.chat.telegram_id) == (found.id, found.chat.key, -1005)


def test_a_chat_that_refuses_is_gone_until_it_comes_back(store: Store) -> None:
    found = one_message(store)
    store.outbox.gone(found, "bot was blocked by the user", NOW)
    assert store.outbox.claim(NOW + HOUR, "run", 9) == ()
    assert next_due(store, NOW) is None
    assert store.figures(NOW).waiting == Waiting(queued=1, held=1, oldest=NOW)
    back = a_chat(store)
    assert back.state == "active"
    assert items(store.outbox.claim(NOW + HOUR, "run", 9)) == ["a1"]


def test_a_chat_without_rights_is_held_until_it_gives_them_back(store: Store) -> None:
    found = one_message(store)
    store.outbox.hold(found, "not enough rights", NOW)
    held = store.chats.get(found.chat.key)
    assert held is not None
    assert held.state == "held"
    assert store.outbox.claim(NOW, "run", 9) == ()
    a_chat(store)
    assert items(store.outbox.claim(NOW, "run", 9)) == ["a1"]


def test_an_answer_about_nothing_in_flight_changes_nothing(store: Store) -> None:
    found = one_message(store)
    store.outbox.sent(found.id, 1, NOW)
    for settled in (found, replace(found, id=DeliveryId(99))):
        store.outbox.gone(settled, "x", NOW)
        store.outbox.hold(settled, "x", NOW)
        store.outbox.moved(settled, -1)
    assert store.chats.get(found.chat.key) == found.chat


def test_an_idle_outbox_says_so(store: Store) -> None:
    assert next_due(store, NOW) is None
    assert store.figures(NOW).waiting == Waiting()
    store.outbox.enqueue([a_flash(a_chat(store).key)], NOW)
    assert next_due(store, NOW) == NOW
    assert store.figures(NOW).waiting == Waiting(queued=1, due=1, oldest=NOW)


def test_the_terminal_and_telegram_each_take_their_own(store: Store) -> None:
    terminal = store.chats.console(NOW)
    person = a_chat(store)
    store.outbox.enqueue([a_flash(terminal.key), a_flash(person.key)], NOW)
    assert [each.chat.key for each in store.outbox.claim(NOW, "run", 9, console=True)] == [terminal.key]
    assert [each.chat.key for each in store.outbox.claim(NOW, "run", 9)] == [person.key]


# --- messages about messages ---------------------------------------------------------------------------------------
def about(chat: ChatKey, target: str, item: str, body: str = "{}", lane: Lane = "edit", thread: int = 0) -> NewDelivery:
    return NewDelivery(chat, lane, item, Words(body), thread=thread, target=target)


def send_all(store: Store, now: datetime = NOW) -> list[tuple[str, str, int | None]]:
    """Whatever may go, sent: item, body, and the message that it is about."""
    sent = []
    while found := store.outbox.claim(now, "run", 1):
        sent.append((found[0].item, found[0].body, found[0].about))
        store.outbox.sent(found[0].id, 100 + found[0].id, now)
    return sent


def test_one_edit_of_a_message_waits_and_the_last_text_wins(store: Store) -> None:
    chat = one_message(store).chat.key
    assert store.outbox.enqueue([about(chat, "a1", "e1", "un")], NOW) == 1
    assert store.outbox.claim(NOW, "run", 9) == (), "the message itself is on its way"
    assert store.outbox.enqueue([about(chat, "a1", "e2", "deux"), about(chat, "a1", "e3", "trois")], NOW) == 0
    store.outbox.sent(DeliveryId(1), 42, NOW)
    assert send_all(store) == [("e1", "trois", 42)]


def test_a_text_that_replaces_one_refused_for_its_markup_is_tried_with_its_own(store: Store) -> None:
    found = one_message(store)
    store.outbox.plain(found, "can't parse entities")
    store.outbox.enqueue([about(found.chat.key, found.item, "e1", "anew")], NOW)
    (again,) = store.outbox.claim(NOW + HOUR, "run", 9)
    assert (again.id, again.body, again.plain) == (found.id, "anew", False)


def test_an_edit_that_comes_while_one_is_on_its_way_follows_it(store: Store) -> None:
    found = one_message(store)
    store.outbox.sent(found.id, 42, NOW)
    store.outbox.enqueue([about(found.chat.key, "a1", "e1", "un")], NOW)
    (edit,) = store.outbox.claim(NOW, "run", 9)
    assert store.outbox.enqueue([about(found.chat.key, "a1", "e2", "deux")], NOW) == 1
    store.outbox.sent(edit.id, 42, NOW)
    assert send_all(store) == [("e2", "deux", 42)]


def test_a_message_that_has_not_left_leaves_with_its_last_text(store: Store) -> None:
    chat = a_chat(store).key
    store.outbox.enqueue([a_flash(chat), about(chat, "a1", "e1", "deux")], NOW)
    assert send_all(store) == [("a1", "deux", None)]


def test_a_message_in_doubt_is_sent_again_as_it_was_and_edited_after(store: Store) -> None:
    found = one_message(store)
    store.outbox.doubt(found, NOW, NONE)
    store.outbox.enqueue([about(found.chat.key, "a1", "e1", "deux")], NOW)
    assert send_all(store) == [("a1", "{}", None), ("e1", "deux", 101)]


def test_an_edit_of_nothing_is_dropped_and_a_reply_to_nothing_goes_alone(store: Store) -> None:
    found = one_message(store)
    store.outbox.dead(found, "poison", NOW)
    chat = found.chat.key
    for target in ("a1", "a99"):
        assert store.outbox.enqueue([about(chat, target, f"e{target}")], NOW) == 0
        assert store.outbox.enqueue([about(chat, target, f"r{target}", lane="flash")], NOW) == 1
    assert send_all(store) == [("ra1", "{}", None), ("ra99", "{}", None)]


def test_an_edit_holds_up_nobody_and_a_flash_goes_first(store: Store) -> None:
    found = one_message(store)
    store.outbox.sent(found.id, 42, NOW)
    chat = found.chat.key
    late = replace(about(chat, "a1", "e1"), not_before=NOW + HOUR)
    store.outbox.enqueue([late, a_flash(chat, "a2"), a_flash(chat, "d1", "daily")], NOW)
    assert [item for item, *_ in send_all(store)] == ["a2", "d1"]
    assert next_due(store, NOW) == NOW + HOUR
    assert send_all(store, NOW + HOUR) == [("e1", "{}", 42)]


def test_a_reply_waits_for_its_message_doubts_or_not(store: Store) -> None:
    chat = a_chat(store).key
    store.outbox.enqueue([a_flash(chat, "d1", "daily"), about(chat, "d1", "a1", lane="flash")], NOW)
    for wait in (NONE, HOUR):
        (first,) = store.outbox.claim(NOW, "run", 9)
        assert first.item == "d1"
        store.outbox.start(first, NOW)
        store.outbox.doubt(first, NOW, wait)
    assert send_all(store) == []
    assert send_all(store, NOW + HOUR) == [("d1", "{}", None), ("a1", "{}", 101)]


def test_a_topic_that_is_closed_waits_and_holds_up_nobody(store: Store) -> None:
    chat = a_chat(store, -5).key
    store.outbox.enqueue([NewDelivery(chat, "flash", "a1", Words("{}"), thread=thread) for thread in (7, 8)], NOW)
    (found,) = store.outbox.claim(NOW, "run", 9)
    assert found.thread == 7
    store.outbox.hold_topic(found, "TOPIC_CLOSED", NOW)
    assert [item for item, *_ in send_all(store)] == ["a1"]
    assert next_due(store, NOW) is None
    store.chats.free_topic(-5, 7, NOW)
    (found,) = store.outbox.claim(NOW, "run", 9)
    store.outbox.hold_topic(found, "TOPIC_CLOSED", NOW)
    store.chats.migrate(-5, -1005)
    assert [each.thread for each in store.outbox.claim(NOW, "run", 9)] == [0], "the supergroup has other topics"


def test_a_clock_set_back_stretches_no_wait(store: Store) -> None:
    found = one_message(store)
    store.outbox.freeze(found, NOW, HOUR)
    store.outbox.retry(found, NOW, HOUR, counts=False)
    yesterday = NOW - timedelta(days=1)
    store.outbox.rewind(yesterday + SECOND)
    assert next_due(store, yesterday) == yesterday + SECOND + HOUR
    store.outbox.rewind(yesterday + HOUR)
    assert next_due(store, yesterday) == yesterday + SECOND + HOUR


def test_what_a_closed_topic_never_took_is_given_up_after_a_month(store: Store) -> None:
    chat = a_chat(store, -5).key
    store.outbox.enqueue([NewDelivery(chat, "flash", "a1", Words("{}"), thread=7), a_flash(chat, "a2")], NOW)
    send_all(store)
    store.outbox.enqueue([NewDelivery(chat, "flash", "a3", Words("{}"), thread=7)], NOW)
    store.chats.close_topic(-5, 7, NOW)
    assert store.prune(NOW + timedelta(days=29)).expired == 0
    assert store.prune(NOW + timedelta(days=31)).expired == 1
    assert store.figures(NOW).waiting.dead == 1
    assert store.chats.get(chat) is not None


def test_a_chat_with_much_ready_takes_one_place(store: Store) -> None:
    """Forty topics of a group, each with an alert, before those of other chats."""
    crowded, others = a_chat(store, 1).key, [a_chat(store, number).key for number in (2, 3)]
    store.outbox.enqueue([replace(a_flash(crowded), thread=topic) for topic in range(40)], NOW)
    store.outbox.enqueue([a_flash(each) for each in others], NOW)
    found = store.outbox.claim(NOW, "run", 3)
    assert [each.chat.key for each in found] == [crowded, *others]
    assert store.outbox.claim(NOW, "run", 3) == ()


def test_a_claim_of_the_same_run_that_is_over_changes_nothing(store: Store) -> None:
    old = one_message(store)
    store.outbox.retry(old, NOW, counts=True)
    (new,) = store.outbox.claim(NOW, "run", 1)
    store.outbox.gone(old, "blocked", NOW)
    assert not store.outbox.start(old, NOW)
    assert store.chats.get(old.chat.key) == old.chat
    assert store.outbox.start(new, NOW)


def test_a_start_that_was_not_heard_is_said_again(store: Store) -> None:
    found = one_message(store)
    assert store.outbox.start(found, NOW), "its own: nobody else has it"
    store.outbox.retry(found, NOW, counts=True)
    (again,) = store.outbox.claim(NOW, "run", 1)
    assert again.tries == 2
