"""What the outside may know of the running daemon: /metrics, /healthz and its supervisor's watchdog."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.daemon import metrics
from bot.daemon.http_port import Others, PortAnswer, listening, nothing
from bot.daemon.offices import Beats
from bot.daemon.pulse import Pulse
from bot.daemon.rounds import Rounds
from bot.systemd import Supervisor
from storage import StoreError

PATIENCE = 2.0  # seconds: who watches waits for no longer


@dataclass(frozen=True, slots=True)
class Monitoring:
    """`refused` tells what Telegram said when it stopped knowing our token, None while it does; `beats` the offices;
    `others` answers any other path."""

    pulse: Pulse
    rounds: Rounds
    beats: Beats
    refused: Callable[[], str | None] = lambda: None
    others: Others = nothing

    @asynccontextmanager
    async def open(self, where: tuple[str, int] | None) -> AsyncIterator[int | None]:
        """Answer there; None: nowhere. Gives the port. Raises CannotRun."""
        if where is None:
            yield None
            return
        async with listening(*where, {"/metrics": self.metrics, "/healthz": self.health}, self.others) as port:
            yield port

    async def metrics(self) -> PortAnswer:
        """Everything there is to measure."""
        ports, rounds = self.rounds.live.ports, self.rounds
        now = ports.clock()
        reading = metrics.DaemonSample(
            figures=await ports.offload(ports.store.figures, now),
            now=now,
            jobs=self.pulse.succeeded(),
            polls=rounds.finished,
            poll_seconds=rounds.spent.total_seconds(),
            new=rounds.new,
            memory=resident_memory(os.getpid()),
            beat_age=self.beats.age(),
            held=frozenset(self.beats.standing()),
        )
        return PortAnswer("200 OK", metrics.CONTENT_TYPE, metrics.exposed(reading))

    async def health(self) -> PortAnswer:
        """503 once a job has not done its work for too long, once nothing can be sent any more for want of a token, or
        nothing kept because the base is damaged or closed to us.

        Other answers of Telegram have no part in it: an outage there is no reason to start again here. `lag` is null
        where the store does not answer at once.
        """
        late, refused = self.pulse.late(self.rounds.live.ports.clock()), self.refused()
        jobs = {job: when.isoformat(timespec="seconds") for job, when in self.pulse.succeeded().items()}
        hurt = self.rounds.live.ports.store.database.hurt()
        status = "refused" if refused else "hurt" if hurt else "late" if late else "ok"
        said: dict[str, object] = {"status": status, "late": late, "refused": refused, "jobs": jobs}
        said["hurt"] = None if hurt is None else str(hurt)
        engine = "postgresql" if self.rounds.live.ports.store.shared else "sqlite"
        said |= {"engine": engine, "offices": self.beats.standing(), "beat_age": self.beats.age()}
        body = json.dumps(said | {"lag": await self._lag()}).encode()
        return PortAnswer("200 OK" if status == "ok" else "503 Service Unavailable", "application/json", body)

    async def _lag(self) -> dict[str, float] | None:
        ports = self.rounds.live.ports
        try:
            lag = await asyncio.wait_for(ports.offload(ports.store.lag, ports.clock()), PATIENCE)
        except (StoreError, TimeoutError):
            return None
        return {"feeds": lag.feeds, "seconds": lag.longest.total_seconds(), "waves": lag.waves}

    async def reassure(self, supervisor: Supervisor) -> None:
        """Tell the supervisor, twice as often as it asks, that no job is stuck. Runs until cancelled."""
        while supervisor.watchdog is not None:
            if not self.pulse.stuck(self.rounds.live.ports.clock()):
                supervisor.tell("WATCHDOG=1")
            await asyncio.sleep(supervisor.watchdog.total_seconds() / 2)


def resident_memory(process: int) -> int | None:
    """Bytes that a process holds in memory; None where the system does not say."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
