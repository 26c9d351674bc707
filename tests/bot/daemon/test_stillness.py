import os
import time
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app import Running, jobs
from bot.daemon.offices import Beats
from bot.daemon.stillness import REST, Still
from storage.sqlite_file import SETTLED
from storage.store import open_store
from tests.bot.test_app import KEPT

START = datetime(2026, 11, 29, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Looking:
    """A job in a world of its own: a store's mark, a clock, and how often it looked."""

    def __init__(self) -> None:
        self.mark: Hashable = 1
        self.now = START
        self.looks = 0
        self.fails = False
        self.job = Still(self.look, lambda: self.mark, lambda: self.now)

    async def look(self) -> None:
        self.looks += 1
        if self.fails:
            raise ZeroDivisionError

    async def after(self, seconds: float) -> int:
        """How often it looked in all, once it ran again after so many seconds."""
        self.now += timedelta(seconds=seconds)
        await self.job()
        return self.looks


async def test_a_store_that_nobody_wrote_to_is_left_alone() -> None:
    world = Looking()
    assert [await world.after(1) for _ in range(5)] == [1] * 5


async def test_what_anybody_writes_is_looked_at() -> None:
    world = Looking()
    await world.after(0)
    world.mark = 2
    assert [await world.after(1), await world.after(1)] == [2, 2]


async def test_what_its_hour_alone_makes_due_is_looked_for_after_a_while() -> None:
    world = Looking()
    await world.after(0)
    assert await world.after(REST / SECOND) == 2


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_clock_that_jumps_is_a_reason_to_look(hours: int) -> None:
    world = Looking()
    await world.after(0)
    assert await world.after(3_600 * hours) == 2


async def test_where_nobody_can_tell_it_always_looks() -> None:
    world = Looking()
    world.mark = None
    assert [await world.after(1), await world.after(1)] == [1, 2]


async def test_a_look_that_failed_is_repeated() -> None:
    world = Looking()
    world.fails = True
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await world.after(1)
    assert world.looks == 2


async def test_what_was_written_while_it_looked_is_looked_at() -> None:
    world = Looking()

    async def look() -> None:
        world.looks += 1
        world.mark = 1

    world.mark = 0
    world.job.work = look
    assert [await world.after(1), await world.after(1), await world.after(1)] == [1, 2, 2]


def test_a_file_tells_when_it_was_written(tmp_path: Path) -> None:
    store, other = open_store(tmp_path / "v.db"), open_store(tmp_path / "v.db")
    log = tmp_path / "v.db-wal"

    def grown_old() -> Hashable:
        old = time.time_ns() - 2 * SETTLED - log.stat().st_size
        os.utime(log, ns=(old, old))
        return store.database.written()

    store.key_values.put("a", "1")
    assert store.database.written() is None, "too young: the next transaction could bear the same time"
    before = grown_old()
    assert before == store.database.written() is not None
    assert store.key_values.get("a") == "1"
    assert store.database.written() == before, "who only reads writes nothing"
    other.key_values.put("b", "2")
    assert grown_old() != before
    store.database.close()
    other.database.close()


def test_the_daemon_leaves_a_quiet_store_alone() -> None:
    world: Any = SimpleNamespace(tick=None, pages=None, listen=None)
    daemon = Running(SimpleNamespace(ports=None), world, world, world, world, Beats("one"))  # type: ignore[arg-type] # those that are asked here
    table = {job.name: job for job in jobs(daemon, KEPT, frozenset({"polls", "messages"}), console=False)}
    assert {name for name, job in table.items() if job.every == SECOND} == {"polls", "waves", "messages"}
    assert all(isinstance(table[name].work, Still) for name in ("polls", "waves", "messages"))
