"""The promise: nothing is lost, nothing comes twice, and what was queued first comes first."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.year import simulate
from storage import Store, open_store
from tests.bot.delivery.history import World, hurried
from tests.emulator import Fault
from tests.emulator.virtual import run
from tests.file import an_empty_file


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = hurried(open_store(an_empty_file(tmp_path / "vigie.db")))
    yield opened
    opened.close()


def every_answer(world: World) -> None:
    """A chat for each answer there is, with messages for all of them."""
    world.chat(77)
    for number in range(1, 8):
        key = world.chat(number)
        first, *_ = world.queue(key, "flash", "daily")
        world.queue(key, "flash", target=first)
    forum = world.chat(-8)
    world.api.chat(-8).topics = {5: False, 6: True}
    for thread in (5, 6):
        world.queue(forum, "flash", thread=thread)
    world.queue(world.chat(-9, "group"), "flash", "flash")
    world.api.migrate(-9, -1009)
    world.api.chat(-1009)
    world.api.chat(5).state = "blocked"
    world.api.fail(
        Fault("cut", chat=1),
        Fault("drop", chat=2, times=2),
        Fault("status", chat=3, status=502, body=b"<html>"),
        Fault("status", chat=4, status=400, description="Bad Request: can't parse entities", times=2),
        Fault("status", chat=6, status=429, parameters={"retry_after": 17}),
        Fault("garbage", chat=7, text="daily"),
    )


def test_a_kill_after_any_write_loses_nothing_and_doubles_nothing(store: Store) -> None:
    async def story(lives: int) -> tuple[bool, World]:
        for each in store.chats.active():
            store.chats.forget(each.key)
        world = World(store)
        every_answer(world)
        killed = await world.live(40.0, lives)
        await world.drain()
        world.check()
        return killed, world

    lives, killed = 1, True
    while killed:
        killed, world = run(story(lives))
        assert world.copies() == 0, lives
        lives += 1
    assert lives > 40, "there were many places to be killed at"


def test_a_broadcast_keeps_its_pace_and_a_flash_passes_it(store: Store) -> None:
    async def story() -> None:
        world = World(store)
        for number in range(1, 401):
            world.queue(world.chat(number), "daily")
        delays = asyncio.create_task(world.delays())
        await asyncio.sleep(5.0)
        asked = world.seconds()
        (flash,) = world.queue(world.chat(9999), "flash")
        done = await delays
        assert max(done.values()) <= 401 / 24 + 1
        assert done[9999] - asked <= 2.0, flash
        assert {call.status for call in world.api.called("sendMessage")} == {200}
        world.check()

    run(story())


def test_one_chat_with_a_flood_wait_and_many_that_blocked_slow_nobody(store: Store) -> None:
    async def story(trouble: bool) -> float:
        for each in store.chats.active():
            store.chats.forget(each.key)
        world = World(store)
        world.chat(1)
        for number in range(1, 201):
            world.queue(world.chat(number), "flash", "flash")
            if trouble and number % 10 < 3:
                world.api.chat(number).state = "blocked"
        if trouble:
            world.api.flood(1, 43_000)
        delays = await world.delays()
        others = sorted(delays[number] for number in range(1, 201) if number % 10 >= 3 and number != 1)
        assert all(len([c for c in world.api.called("sendMessage") if c.parameters["chat_id"] == str(number)]) <= 1
                   for number in range(1, 201) if trouble and number % 10 < 3)  # fmt: skip
        if trouble:
            await world.drain()
            world.check()
        return others[len(others) * 95 // 100]

    calm = run(story(trouble=False))
    assert run(story(trouble=True)) <= 1.1 * calm


def test_a_flood_wait_of_half_a_day_holds_over_restarts_and_ends_in_one_message(store: Store) -> None:
    async def story() -> None:
        world = World(store)
        key = world.chat(1)
        world.queue(key, "flash", "flash", "daily")
        world.api.flood(1, 43_837)
        for _ in range(5):
            await world.live(20.0)
            await asyncio.sleep(7_000.0)
        assert [call.status for call in world.api.called("sendMessage")] == [429], "asked once, then left alone"
        await world.drain()
        world.check()
        (post,) = world.api.chat(1).messages
        assert "Rattrapage" in post.text

    run(story())


def test_without_a_network_at_the_start_all_waits_and_arrives_once(store: Store) -> None:
    async def story() -> None:
        world = World(store)
        for number in range(1, 31):
            world.queue(world.chat(number), "flash", "flash")
        world.messenger.down = True
        await world.live(150.0)
        assert world.api.calls == []
        world.messenger.down = False
        await world.drain()
        world.check()
        assert (world.copies(), world.doubts()) == (0, 0), "what never left is in no doubt"

    run(story())


def test_an_hour_without_an_answer_is_a_look_every_45_seconds_and_loses_nothing(store: Store) -> None:
    async def story() -> None:
        world = World(store)
        for number in range(1, 31):
            world.queue(world.chat(number), "flash", "daily")
        down = Fault("status", method="*", status=502, body=b"<html>", times=10**9)
        world.api.fail(down)
        await world.live(3600.0)
        assert len(world.api.called("getMe")) <= 81
        assert len(world.api.called("sendMessage")) <= 32
        world.api.heal()
        await world.drain()
        world.check()
        assert all(sum("Rattrapage" in post.text for post in chat.messages) <= 1 for chat in world.api.chats())

    run(story())


@pytest.mark.parametrize("trouble", ["locked", "full"])
def test_a_store_that_refuses_for_half_a_minute_forgets_no_answer(tmp_path: Path, trouble: str) -> None:
    path = tmp_path / "vigie.db"
    patient = open_store(path)
    store = open_store(path, patience=timedelta(milliseconds=1))

    async def story() -> None:
        world = World(store)
        keys = [world.chat(number) for number in (1, 2, 3)]
        for key in keys:
            world.queue(key, "flash", "flash")
        working = asyncio.create_task(world.live(60.0))
        await asyncio.sleep(1.02)  # three messages are on their way
        with refusing(store, trouble):
            await asyncio.sleep(30.0)
        assert not await working
        await world.drain()
        world.check()
        assert (world.copies(), world.doubts()) == (0, 0)

    run(story())
    store.close()
    patient.close()


@contextmanager
def refusing(store: Store, trouble: str) -> Iterator[None]:
    """The file takes no write meanwhile: another program holds it, or the disk is full."""
    if trouble == "locked":
        with closing(sqlite3.connect(store.database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    limit = "PRAGMA max_page_count = {}"
    with store.database.read() as connection:
        full = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(limit.format(full))
    yield
    with store.database.read() as connection:
        connection.exec_driver_sql(limit.format(1_000_000))


def test_three_weeks_of_everything_that_goes_wrong_keep_every_invariant() -> None:
    year = simulate(seed=4, days=28, feeds=30, chats=30)
    assert year.settled["done"] > 30
    assert year.happened["killed"]
