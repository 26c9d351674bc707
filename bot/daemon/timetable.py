"""When the daemon does what it does again and again. The only door to apscheduler."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import Clock
from bot.daemon.pulse import Pulse
from storage import StoreError

log = logging.getLogger("vigie")


LOOK = 5.0  # seconds between two looks at the clock
HOURLY = timedelta(hours=1)  # between two lines on one and the same problem
SET_BACK = timedelta(seconds=2)  # less than that is drift


@dataclass(frozen=True, slots=True)
class Job:
    """What the daemon does at once, then `every` so often, never twice at a time."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[Any]]


class Steps(BaseTrigger):  # type: ignore[misc] # the library has no types
    """One run each `every`, on the steps that the first run began. What was missed is passed over in one step: the
    library's own interval walks it, and a clock that jumps by a year would cost a minute and a gigabyte."""

    def __init__(self, every: timedelta) -> None:
        self.every = every

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The first step after both."""
        if previous is None:
            return now
        missed = max((now - previous) // self.every, 0)
        return previous + (missed + 1) * self.every


def rhythm(table: Sequence[Job]) -> dict[str, timedelta]:
    return {job.name: job.every for job in table}


def start(table: Sequence[Job], pulse: Pulse, clock: Clock) -> AsyncIOScheduler:
    """Every job runs from now on, until the scheduler is shut down."""
    # The default grace of one second would silently skip runs while the machine is busy
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    begun, told = clock(), HourlyLog()  # of all alike: jobs that are due together wake the loop once
    for job in table:
        scheduler.add_job(_work, Steps(job.every), (job, pulse, clock, told), next_run_time=begun)
    scheduler.start()
    return scheduler


async def keep_time(
    scheduler: AsyncIOScheduler,
    clock: Clock,
    set_back: Callable[[timedelta], Awaitable[Any]],
    *,
    look: float = LOOK,
    timer: Callable[[], float] = time.monotonic,
) -> None:
    """Run every job at once when the clock was set back: each waits for an hour, and would sleep till it comes again.

    Before, `set_back` does the same for what else waits for an hour; it is told by how much. Runs until cancelled.
    """
    while True:
        before, steady = clock(), timer()
        await asyncio.sleep(look)
        now, expected = clock(), before + timedelta(seconds=timer() - steady)
        if now < expected - SET_BACK:
            log.warning("the clock was set back", extra={"by": expected - now})
            try:
                await set_back(expected - now)
            except Exception:
                log.exception("what waits for its hour could not be told")
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)


@dataclass(slots=True)
class HourlyLog:
    """What the log was told of jobs that fail: each problem of each once an hour, and not each second."""

    _said: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def anew(self, job: str, problem: str, now: datetime) -> bool:
        """Whether this is to be said now."""
        before = self._said.get((job, problem))
        if before is not None and timedelta() <= now - before < HOURLY:
            return False
        self._said = {each: when for each, when in self._said.items() if timedelta() <= now - when < HOURLY}
        self._said[job, problem] = now
        return True


async def _work(job: Job, pulse: Pulse, clock: Clock, told: HourlyLog) -> None:
    """One run. Whatever happens is logged here, and the next run tries again."""
    well = True
    try:
        await job.work()
    except asyncio.CancelledError:  # the daemon ends: the scheduler would tell it as a fault
        return
    except StoreError as problem:  # for whoever runs Vigie to act upon, and no bug
        if told.anew(job.name, str(problem), clock()):
            log.error("job failed", extra={"job": job.name, "problem": problem})  # noqa: TRY400
        well = False
    except Exception:
        log.exception("job failed", extra={"job": job.name})
        well = False
    pulse.beat(job.name, clock(), well=well)
