"""Chats: they come, follow, move and leave, and then nothing of them is left."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Engine, LargeBinary, event, select

from storage.chats.chats import hold_topic
from storage.chats.model import Chat, Choices, Follower, NewDelivery, NewDigest, Subscription
from storage.ids import ChatKey
from storage.schema import METADATA, AnyText, Duration, Instant
from storage.store import Store
from tests.storage.builders import NEWSROOM, NOW, a_chat, a_flash, a_match, an_entry, poll

TELEGRAM = 987654321


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with store.database.read() as connection:
        found = METADATA.tables.items()
        return {name: [tuple(row) for row in connection.execute(select(table))] for name, table in found}


def a_full_chat(store: Store, telegram_id: int = TELEGRAM) -> Chat:
    """A chat with a row in every table that can hold one."""
    chat = a_chat(store, telegram_id)
    store.chats.follow(chat.key, "hds", "daily", NOW)
    store.outbox.enqueue([a_flash(chat.key)], NOW)
    store.digests.close(chat.key, ("daily",), "2026-11-24", 3, NewDigest((a_flash(chat.key, "d1", "daily"),)), NOW)
    with store.database.write() as connection:
        hold_topic(connection, chat.key, 7, NOW)
    return chat


def test_a_chat_arrives_once_and_keeps_its_language(store: Store) -> None:
    first = store.chats.arrive(5, "private", "en", NOW)
    assert first == Chat(ChatKey(1), 5, "private", "en", arrived=NOW)
    assert store.chats.arrive(5, "private", "fr", NOW + timedelta(days=1)) == first
    assert store.chats.find(5) == store.chats.get(ChatKey(1)) == first
    assert store.chats.find(6) is None
    assert store.chats.get(ChatKey(9)) is None


def test_the_console_is_a_chat(store: Store) -> None:
    console = store.chats.console(NOW)
    assert (console.telegram_id, console.kind) == (0, "console")
    assert store.chats.console(NOW) == console


def test_settings_change_one_by_one(store: Store) -> None:
    chat = a_chat(store)
    assert store.chats.settings(chat.key, Choices(language="en")).language == "en"
    assert store.chats.settings(chat.key, Choices(timezone="Indian/Reunion")).timezone == "Indian/Reunion"
    changed = store.chats.settings(chat.key, Choices(digest_at=0))
    assert (changed.language, changed.timezone, changed.digest_at) == ("en", "Indian/Reunion", 0)
    assert store.chats.settings(chat.key, Choices()) == changed
    with pytest.raises(LookupError):
        store.chats.settings(ChatKey(9), Choices(language="en"))


def test_a_subscription_starts_at_the_newest_article_and_a_change_of_level_keeps_it(store: Store) -> None:
    chat = a_chat(store)
    poll(store, an_entry("1"), an_entry("2", urls=["u2"]))
    store.chats.follow(chat.key, "hds", None, NOW)
    poll(store, an_entry("3", urls=["u3"]))
    store.chats.follow(chat.key, "hds", "weekly", NOW)
    store.chats.follow(chat.key, "eucs", None, NOW)
    assert store.chats.following(chat.key) == (Subscription("eucs", None, 3), Subscription("hds", "weekly", 2))
    assert store.chats.unfollow(chat.key, "hds")
    assert not store.chats.unfollow(chat.key, "hds")
    assert store.chats.following(chat.key) == (Subscription("eucs", None, 3),)


def test_a_chat_that_leaves_is_kept_for_a_while_and_comes_back_with_its_lists(store: Store) -> None:
    chat = a_full_chat(store)
    store.chats.leave(TELEGRAM, NOW)
    assert store.chats.active() == ()
    assert store.prune(NOW + timedelta(days=29)).chats == 0
    back = store.chats.arrive(TELEGRAM, "private", "fr", NOW)
    assert (back.key, back.state) == (chat.key, "active")
    assert len(store.chats.following(chat.key)) == 1
    assert store.prune(NOW + timedelta(days=99)).chats == 0


def test_a_chat_gone_for_long_is_deleted_even_if_told_gone_again(store: Store) -> None:
    a_full_chat(store)
    store.chats.leave(TELEGRAM, NOW)
    store.chats.leave(TELEGRAM, NOW + timedelta(days=20))
    assert store.prune(NOW + timedelta(days=31)).chats == 1
    assert store.chats.find(TELEGRAM) is None
    assert rows(store)["subscription"] == []


def test_a_forgotten_chat_leaves_no_row(store: Store) -> None:
    other = a_chat(store, 5)
    chat = a_full_chat(store)
    full = {name for name, found in rows(store).items() if found}
    assert full >= {"chat", "subscription", "delivery", "digest_cursor", "digest_slot"}
    store.chats.forget(chat.key)
    left = rows(store)
    assert [row[0] for row in left["chat"]] == [other.key]
    assert not any(left[name] for name in ("subscription", "delivery", "digest_cursor", "digest_slot"))
    # Its key is never given to anybody else.
    assert store.chats.arrive(77, "private", "fr", NOW).key > chat.key


@pytest.mark.file
def test_a_forgotten_chat_leaves_no_byte(home: Path, store: Store) -> None:
    chat = a_full_chat(store)
    number, files = TELEGRAM.to_bytes(4, "big"), home.parent
    assert any(number in each.read_bytes() for each in files.glob("vigie.db*"))
    store.chats.forget(chat.key)
    assert not any(number in each.read_bytes() for each in files.glob("vigie.db*"))


def test_what_is_written_for_a_forgotten_chat_is_dropped(store: Store) -> None:
    chat = a_chat(store)
    store.chats.forget(chat.key)
    assert store.outbox.enqueue([a_flash(chat.key)], NOW) == 0
    assert not store.digests.close(chat.key, ("daily",), "s", 1, NewDigest((a_flash(chat.key),)), NOW)


def test_a_migrated_chat_keeps_everything_and_hears_it_three_times(store: Store) -> None:
    chat = a_full_chat(store, -5)
    for _ in range(3):
        store.chats.migrate(-5, -1005)
    moved = store.chats.find(-1005)
    assert moved is not None
    assert (moved.key, moved.kind, store.chats.find(-5)) == (chat.key, "supergroup", None)
    assert store.outbox.claim(NOW, "run", 9)[0].chat.telegram_id == -1005


def test_a_migrated_chat_takes_over_the_one_that_spoke_first(store: Store) -> None:
    chat = a_full_chat(store, -5)
    newcomer = a_full_chat(store, -1005)
    store.chats.follow(newcomer.key, "eucs", None, NOW)
    store.chats.migrate(-5, -1005)
    assert [each.watchlist for each in store.chats.following(chat.key)] == ["eucs", "hds"]
    assert store.chats.get(newcomer.key) is None
    assert len(rows(store)["delivery"]) == 2


def test_the_export_holds_every_row_of_the_chat_and_of_no_other(store: Store) -> None:
    chat = a_full_chat(store)
    a_full_chat(store, 5)
    body = store.chats.export(chat.key)
    assert body is not None
    found = json.loads(body)
    assert [each["telegram_id"] for each in found.pop("chat")] == [TELEGRAM]
    assert set(found) == {table.name for table in METADATA.tables.values() if "chat_id" in table.c}
    assert {row["chat_id"] for table in found.values() for row in table} == {chat.key}
    assert store.chats.export(ChatKey(99)) is None


def test_an_export_is_made_of_whatever_a_column_holds(store: Store) -> None:
    """One row of every table, every column filled: those that come later, too. No row of the fixture is the 7th."""
    filled: dict[type[Any], Any] = {
        AnyText: "x", Instant: NOW, Duration: timedelta(minutes=3), LargeBinary: b"x", Boolean: True,
    }  # fmt: skip
    with store.database.write() as connection:
        for table in METADATA.sorted_tables:
            row = {each.name: filled.get(type(each.type), 7) for each in table.c}  # no row of the fixture is the 7th
            connection.execute(table.insert().values(**row))
    body = store.chats.export(ChatKey(7))
    assert body is not None
    for table, held in json.loads(body).items():
        assert [set(row) for row in held] == [set(METADATA.tables[table].c.keys())], table
        assert all(value is not None for row in held for value in row.values()), table


def test_old_settled_messages_go_and_waiting_ones_stay(store: Store) -> None:
    chat = a_chat(store)
    store.outbox.enqueue([a_flash(chat.key, "a1"), a_flash(chat.key, "a2")], NOW)
    (first,) = store.outbox.claim(NOW, "run", 1)
    store.outbox.sent(first.id, 9, NOW)
    assert store.prune(NOW + timedelta(days=89)).deliveries == 0
    assert store.prune(NOW + timedelta(days=91)).deliveries == 1
    assert store.figures(NOW).waiting.queued == 1


def test_a_match_comes_back_as_it_was(store: Store) -> None:
    poll(store, an_entry(matches=[a_match("snc", "weekly"), a_match("hds")]))
    (item,) = store.digests.preview(("hds", "snc"), 5)
    assert item.matches == (a_match("hds"), a_match("snc", "weekly"))


def test_the_flashes_of_an_hour_and_of_a_day_are_counted(store: Store) -> None:
    chat = a_chat(store)
    for number, age in enumerate((timedelta(minutes=10), timedelta(hours=3), timedelta(hours=30))):
        store.outbox.enqueue([a_flash(chat.key, f"a{number}")], NOW - age)
    topics = [replace(a_flash(chat.key, "a0"), thread=thread) for thread in (7, 8, 9)]
    store.outbox.enqueue(topics, NOW)
    store.outbox.enqueue([a_flash(chat.key, "d1", "daily")], NOW)
    store.chats.follow(chat.key, "hds", None, NOW)
    seen: list[Follower] = []

    def remember(*asked: Any) -> tuple[NewDelivery, ...]:
        seen.extend(asked[2])
        return ()

    poll(store, an_entry(matches=[a_match()]), newsroom=replace(NEWSROOM, announce=remember))
    assert [(each.hour, each.day) for each in seen] == [(1, 2)], "an alert told in four topics is one"


@pytest.mark.file
def test_the_alerts_of_a_chat_are_found_without_reading_every_article(store: Store) -> None:
    chat = a_chat(store, TELEGRAM)
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        store.chats.alerts(chat.key, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    ((statement, parameters),) = asked
    with store.database.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert not [step for step in plan if step.startswith("SCAN")], plan


def test_who_asks_to_be_let_in_is_heard_once_a_day(store: Store) -> None:
    today, tomorrow = NOW.date(), NOW.date() + timedelta(days=1)
    assert [store.chats.knock("empreinte", day) for day in (today, today, tomorrow, tomorrow)] == [
        True,
        False,
        True,
        False,
    ]
