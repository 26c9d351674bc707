"""Who holds the office of the sender while daemons are killed and paused, on a real PostgreSQL.

python -m benchmarks.failover [KILLS] [PAUSES]

Two processes keep up their offices; the holder is killed (-9) and started anew, or paused for 5 or 15 seconds, and
each writes down when it held the office, ten times a second, by the clock of the machine. Ends with the moments at
which both did, and with the longest time that nobody did after a kill and after a pause.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.daemon.offices import Beats
from storage import open_store
from storage.place import place
from tests.server import a_base, a_server

SETTLED = 4.0  # seconds left to whoever is to take it


async def keep(address: str, log: Path) -> None:
    """Beat for ever, and write down each moment at which the office was ours."""
    store = open_store(place(address))
    beats = Beats(f"{os.getpid()}", store.offices)
    await beats.beat()
    task = asyncio.create_task(beats.keep())
    with log.open("a", buffering=1) as file:
        while not task.done():
            begun = time.clock_gettime(time.CLOCK_BOOTTIME)
            if beats.sender.held:
                file.write(f"{os.getpid()} {begun:.3f} {beats.sender.term}\n")
            await asyncio.sleep(0.1)


class Pair:
    def __init__(self, address: str, log: Path) -> None:
        self.address, self.log = address, log
        self.processes = [self.started(), self.started()]

    def started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "benchmarks.failover", "--keep", self.address, str(self.log)])

    def moments(self) -> list[tuple[int, float]]:
        if not self.log.exists():
            return []
        lines = (line.split() for line in self.log.read_text("utf-8").splitlines() if line.count(" ") == 2)
        return [(int(pid), float(when)) for pid, when, _ in lines]

    def holder(self) -> int:
        """The process that holds it now, once one does."""
        while True:
            now = time.clock_gettime(time.CLOCK_BOOTTIME)
            found = [pid for pid, when in self.moments()[-3:] if now - when < 0.5]
            if found:
                return found[-1]
            time.sleep(0.1)

    def kill(self) -> None:
        pid = self.holder()
        (index,) = (n for n, each in enumerate(self.processes) if each.pid == pid)
        time.sleep(random.random() * 2)
        self.processes[index].kill()
        self.processes[index].wait()
        self.processes[index] = self.started()
        self.holder_besides(pid)

    def pause(self, seconds: float) -> None:
        pid = self.holder()
        time.sleep(random.random() * 2)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)
        time.sleep(SETTLED)

    def holder_besides(self, pid: int) -> None:
        while self.holder() == pid:
            time.sleep(0.1)

    def end(self) -> None:
        for each in self.processes:
            each.kill()
            each.wait()


def gap(moments: list[tuple[int, float]]) -> float:
    ordered = sorted(when for _, when in moments)
    return max((after - before for before, after in pairwise(ordered)), default=0.0)


def both(moments: list[tuple[int, float]]) -> int:
    """How often one held it between two moments of the other that are no further apart than two of its looks."""
    ordered = sorted((when, pid) for pid, when in moments)
    triples = zip(ordered, ordered[1:], ordered[2:], strict=False)
    return sum(a[1] == c[1] != b[1] and c[0] - a[0] < 0.3 for a, b, c in triples)


def main(kills: int, pauses: int) -> None:
    with a_server() as server, a_base(server, "failover") as base, TemporaryDirectory(prefix="vigie-") as folder:
        open_store(base).close()
        pair = Pair(base.address, Path(folder) / "log")
        try:
            for _ in range(kills):
                pair.kill()
            killed = pair.moments()
            for number in range(pauses):
                pair.pause((5.0, 15.0)[number % 2])
            moments = pair.moments()
        finally:
            pair.end()
        print(f"{kills} kills, {pauses} pauses: held by both {both(moments)} times of {len(moments)}")
        print(f"nobody: {gap(killed):.1f} s after a kill, {gap(moments[len(killed) :]):.1f} s after a pause, at most")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--keep"]:
        asyncio.run(keep(sys.argv[2], Path(sys.argv[3])))
    else:
        main(*(int(given) for given in (*sys.argv[1:], *("5", "2")[len(sys.argv) - 1 :])))
