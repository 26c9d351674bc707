"""Of several machines, which one is missing, and whose clock is wrong: told once, and taken back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import literal, update

from bot.operators.roll_call import call_roll
from storage import Store, open_store
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.operators.model import Presence
from storage.schema import Duration, daemon
from tests.file import an_empty_file

LEASE = timedelta(seconds=10)


async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(an_empty_file(tmp_path / "base"))
    yield opened
    opened.close()


def beat(store: Store, machine: str, ahead: timedelta = timedelta()) -> None:
    store.offices.present(Presence(f"{machine}/1", "polls"), datetime.now(UTC) + ahead, LEASE)


def silent(store: Store, machine: str, length: timedelta) -> None:
    with store.database.write() as connection:
        mine = update(daemon).where(daemon.c.run == f"{machine}/1")
        connection.execute(mine.values(until=daemon.c.until - literal(LEASE + length, Duration())))


async def called(store: Store) -> list[tuple[str, str]]:
    await call_roll(store, offload, datetime.now(UTC))
    return [(each.kind, each.detail) for each in store.notices.open()]


async def test_a_machine_that_went_without_a_word_is_missed_until_it_is_back(store: Store) -> None:
    for machine in ("un", "deux"):
        beat(store, machine)
    assert await called(store) == []
    silent(store, "deux", timedelta(seconds=30))
    assert await called(store) == [], "it is being started again"
    silent(store, "deux", timedelta(minutes=5))
    assert await called(store) == [("absent", "deux")]
    assert await called(store) == [("absent", "deux")], "once"
    assert datetime.now(UTC) - store.notices.open()[0].since > timedelta(minutes=5)
    beat(store, "deux")
    assert await called(store) == []


async def test_a_machine_that_left_in_good_order_is_not_missed(store: Store) -> None:
    beat(store, "un")
    store.offices.resign("un/1")
    assert await called(store) == []


async def test_a_clock_that_is_wrong_is_told_until_it_is_right(store: Store) -> None:
    beat(store, "un", timedelta(seconds=90))
    assert await called(store) == [("clock", "un (+90 s)")]
    silent(store, "un", timedelta(minutes=5))
    assert await called(store) == [("absent", "un")], "one thing to do at a time"
    beat(store, "un", timedelta(seconds=-61))
    assert await called(store) == [("clock", "un (-61 s)")]
    beat(store, "un")
    assert await called(store) == []


async def test_what_the_dead_had_in_hand_is_given_back(store: Store) -> None:
    beat(store, "un")
    store.feeds.sync([Feed(FeedId("cnil"), "CNIL", "https://cnil.example/rss")], datetime.now(UTC))
    assert store.feeds.claim_due(datetime.now(UTC), "un/1", timedelta(minutes=10), 1)
    await called(store)
    assert store.feeds.claim_due(datetime.now(UTC), "deux/1", timedelta(minutes=10), 1) == ()
    silent(store, "un", timedelta())
    await called(store)
    assert store.feeds.claim_due(datetime.now(UTC), "deux/1", timedelta(minutes=10), 1)
