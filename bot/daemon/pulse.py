"""Whether the daemon lives: when each of its jobs last ended, and last did its work. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SLACK = timedelta(minutes=3)  # a locked or full store is waited for, more than a minute in all


@dataclass(slots=True)
class Pulse:
    """`rhythm` is how often each job runs. A job counts from `start` on, though it has not run yet."""

    rhythm: Mapping[str, timedelta]
    start: datetime
    _ended: dict[str, datetime] = field(default_factory=dict)
    _succeeded: dict[str, datetime] = field(default_factory=dict)

    def beat(self, job: str, now: datetime, *, well: bool) -> None:
        """A run of this job has ended; `well`: it did its work."""
        self._ended[job] = now
        if well:
            self._succeeded[job] = now

    def succeeded(self) -> Mapping[str, datetime]:
        """When each job last did its work; since the start where it has not yet."""
        return {job: self._succeeded.get(job, self.start) for job in self.rhythm}

    def late(self, now: datetime) -> tuple[str, ...]:
        """The jobs that have not done their work for too long: something is wrong, here or outside."""
        return tuple(job for job, when in self.succeeded().items() if self._overdue(job, when, now))

    def stuck(self, now: datetime) -> tuple[str, ...]:
        """The jobs that have not even ended for too long: only a restart helps."""
        return tuple(job for job in self.rhythm if self._overdue(job, self._ended.get(job, self.start), now))

    def _overdue(self, job: str, when: datetime, now: datetime) -> bool:
        return now - when > max(SLACK, 3 * self.rhythm[job])
