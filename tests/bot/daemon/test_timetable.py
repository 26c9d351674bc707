import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.daemon import timetable
from bot.daemon.pulse import Pulse
from bot.daemon.timetable import Job
from storage import StoreError

DAY = timedelta(days=1)


def clock() -> datetime:
    return datetime.now(UTC)


class Counted:
    """Work that says when it was done; `fails` makes it a bug."""

    def __init__(self, *, fails: bool = False) -> None:
        self.done = asyncio.Event()
        self.fails = fails

    async def __call__(self) -> None:
        self.done.set()
        if self.fails:
            raise ZeroDivisionError


async def test_every_job_runs_at_once_and_a_bug_stops_nothing() -> None:
    good, bad = Counted(), Counted(fails=True)
    table = (Job("bad", timedelta(seconds=0.05), bad), Job("good", DAY, good))
    start = clock()
    pulse = Pulse(timetable.rhythm(table), start)
    scheduler = timetable.start(table, pulse, clock)
    for _ in range(2):
        await asyncio.wait_for(bad.done.wait(), 20)
        bad.done.clear()
    await asyncio.wait_for(good.done.wait(), 20)
    scheduler.shutdown(wait=False)
    assert pulse.succeeded()["bad"] == start
    assert pulse.succeeded()["good"] > start


async def test_a_store_that_cannot_be_used_is_a_line_of_the_log_and_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs: list[int] = []
    thrice = asyncio.Event()

    async def refused() -> None:
        runs.append(1)
        if len(runs) == 3:
            thrice.set()
        raise StoreError("plus de place")

    table = (Job("polls", timedelta(milliseconds=1), refused),)
    scheduler = timetable.start(table, Pulse(timetable.rhythm(table), clock()), clock)
    await asyncio.wait_for(thrice.wait(), 20)
    scheduler.shutdown(wait=False)
    (line,) = (each for each in caplog.records if each.name == "vigie")
    assert (line.getMessage(), str(vars(line)["problem"]), line.exc_info) == ("job failed", "plus de place", None)


def test_the_same_problem_of_the_same_job_is_a_line_an_hour() -> None:
    told, start = timetable.HourlyLog(), clock()
    hour = timetable.HOURLY
    assert told.anew("polls", "abîmée", start)
    assert not told.anew("polls", "abîmée", start + hour / 2)
    assert told.anew("polls", "pleine", start + hour / 2)
    assert told.anew("messages", "abîmée", start + hour / 2)
    assert told.anew("polls", "abîmée", start + hour)
    assert told.anew("polls", "abîmée", start - hour), "a clock that was set back keeps nothing unsaid"


@pytest.mark.parametrize("jump", [timedelta(), DAY, 365 * DAY, 36_500 * DAY])
def test_what_was_missed_is_passed_over_in_one_step(jump: timedelta) -> None:
    """The library asks for the next run until it has one to come: it asks once, however far the clock has jumped."""
    steps, first = timetable.Steps(timedelta(seconds=1)), clock()
    now = first + jump + timedelta(milliseconds=300)
    then = steps.get_next_fire_time(first, now)
    assert now < then <= now + steps.every
    assert (then - first) % steps.every == timedelta(), "on the steps that it began with"
    assert steps.get_next_fire_time(then, now) == then + steps.every, "never twice in one step"
    assert steps.get_next_fire_time(None, now) == now


async def test_a_clock_set_back_puts_no_job_to_sleep() -> None:
    """Set back by a day, every job would wait for a day: here, as if tomorrow had become today."""
    work = Counted()
    table = (Job("polls", DAY, work),)
    wall = [clock()]
    scheduler = timetable.start(table, Pulse(timetable.rhythm(table), wall[0]), clock)
    await asyncio.wait_for(work.done.wait(), 20)
    work.done.clear()

    told: list[timedelta] = []

    async def set_back(by: timedelta) -> None:
        assert not work.done.is_set(), "what waits is told before the jobs run"
        told.append(by)

    keeping = asyncio.create_task(
        timetable.keep_time(scheduler, lambda: wall[0], set_back, look=0.01, timer=lambda: 0.0)
    )
    await asyncio.sleep(0.05)
    assert not work.done.is_set()
    wall[0] -= DAY
    await asyncio.wait_for(work.done.wait(), 20)
    assert told == [DAY]
    keeping.cancel()
    scheduler.shutdown(wait=False)
