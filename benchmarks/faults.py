"""What the daemon itself does when its disk or its clock fails it: what is lost, what comes twice, what its log says.

python -m benchmarks.faults [locked] [full] [torn] [clock]

A real daemon, a site and a Bot API server on loopback. Each part takes about a minute: the trouble lasts as long as it
says. `full` needs the right to mount a small disk. Ends with a traceback where something was lost or came in a burst.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.demo.site import DemoSite
from tests.emulator import TOKEN, Emulator
from tests.grouping.builders import prose
from tests.whole.daemon import WATCHLIST, Daemon, folder

READER, SECONDS = 4242, 30.0
TAIL = 12_000  # three pages: what was written last
NAMES = ("Cirrova", "Armorial", "Nuage", "Altair")
FLASH = WATCHLIST.replace("level: daily", "level: flash")
SHIFTED = """
import sys, pathlib, datetime, bot.clock
shift, real = pathlib.Path(sys.argv.pop(1)), bot.clock.now
bot.clock.now = lambda: real() + datetime.timedelta(hours=float(shift.read_text()))
from bot.cli import main
sys.exit(main())
"""


class Stage:
    """A daemon with one reader, who has had one alert. `database` is where its base is."""

    def __init__(self, place: Path, site: DemoSite, telegram: Emulator, program: tuple[str, ...] | None = None) -> None:
        self.site, self.telegram, self.program = site, telegram, program
        self.config = folder(
            place / "config",
            site.feeds_yaml(every="1s"),
            {"essai": FLASH},
        )
        self.database = self.config / "vigie.sqlite"

    def run(self) -> Daemon:
        more = {"VIGIE_TELEGRAM_TOKEN": TOKEN, "VIGIE_TELEGRAM_API_URL": self.telegram.url}
        return Daemon(self.config, self.program, VIGIE_DATABASE=str(self.database), **more)

    def begin(self, daemon: Daemon) -> None:
        daemon.wait(lambda: "new=" in daemon.log)
        self.telegram.user_says(READER, "/start")
        daemon.wait(lambda: self.telegram.chat(READER).messages)
        self.publish(daemon, NAMES[0])

    def publish(self, daemon: Daemon, *names: str, seen: bool = True) -> None:
        """New articles; `seen`: until the reader has them."""
        for name in names:
            said = f"{name} vise SecNumCloud. {prose(name, 200)}"
            self.site.publish("essai", f"{name} obtient SecNumCloud", f"Une décision attendue par {name}.", said)
        if seen:
            daemon.wait(lambda: all(self.copies()[name] for name in names), 120.0)

    def copies(self) -> Counter[str]:
        said = [post.text.splitlines()[0] for post in self.telegram.chat(READER).messages if "⚡" in post.text]
        return Counter(name for name in NAMES for line in said if name in line)


def report(name: str, stage: Stage, daemon: Daemon, allowed: int = 1) -> str:
    """What arrived, and the lines of the log that say that something was wrong, each kind once."""
    copies = stage.copies()
    assert set(copies) == set(NAMES), f"lost: {set(NAMES) - set(copies)}"
    assert max(copies.values()) <= allowed, copies
    assert "Traceback" not in daemon.log, daemon.log
    with closing(sqlite3.connect(stage.database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    wrong = [line for line in daemon.log.splitlines() if " warning " in line or " error " in line]
    kinds = {re.sub(r"\d", "", line): line for line in reversed(wrong)}
    doubled = sum(copies.values()) - len(copies)
    head = f"{name}: 4 alerts, 0 lost, {doubled} doubled, base whole; {len(wrong)} lines in the log, such as"
    return "\n    ".join((head, *sorted(kinds.values())[:6]))


def locked(stage: Stage) -> str:
    with stage.run() as daemon:
        stage.begin(daemon)
        with closing(sqlite3.connect(stage.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            stage.publish(daemon, *NAMES[1:3], seen=False)
            time.sleep(SECONDS)
            other.execute("ROLLBACK")
        stage.publish(daemon, *NAMES[3:])
        daemon.wait(lambda: set(stage.copies()) == set(NAMES), 120.0)
        return report(f"locked for {SECONDS:.0f} s", stage, daemon)


def full(stage: Stage) -> str:
    disk = stage.config / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False).returncode:
        return "full: not run, since nothing may be mounted here"
    try:
        stage.database = disk / "vigie.sqlite"
        with stage.run() as daemon:
            stage.begin(daemon)
            with filled(disk):
                stage.publish(daemon, *NAMES[1:3], seen=False)
                time.sleep(SECONDS)
            stage.publish(daemon, *NAMES[3:])
            daemon.wait(lambda: set(stage.copies()) == set(NAMES), 120.0)
            return report(f"disk full for {SECONDS:.0f} s", stage, daemon)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte is left there meanwhile."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 16)):
                pass
        except OSError:
            pass
    yield
    ballast.unlink()


def torn(stage: Stage) -> str:
    """The power fails: the end of the log of the base is cut, and followed by rubbish."""
    with stage.run() as daemon:
        stage.begin(daemon)
        stage.publish(daemon, NAMES[1])
        daemon.kill()
    wal = Path(f"{stage.database}-wal")
    whole = wal.read_bytes()
    wal.write_bytes(whole[:-TAIL] + os.urandom(TAIL))
    with stage.run() as daemon:
        stage.publish(daemon, *NAMES[2:])
        told = f"rubbish for the last {TAIL} of the {len(whole)} bytes of the base's log"
        return report(told, stage, daemon, allowed=2)  # what was cut off may have said that something was sent


def clock(stage: Stage) -> str:
    """The clock of the machine goes back a day, then is put right."""
    shift = stage.config / "shift"
    shift.write_text("0")
    stage.program = (sys.executable, "-c", SHIFTED, str(shift))
    with stage.run() as daemon:
        stage.begin(daemon)
        shift.write_text("-24")
        stage.publish(daemon, NAMES[1])
        time.sleep(SECONDS / 3)
        shift.write_text("0")
        stage.publish(daemon, *NAMES[2:])
        daemon.wait(lambda: "set back" in daemon.log)
        return report("clock set back a day, and put right", stage, daemon)


PARTS: dict[str, Callable[[Stage], str]] = {each.__name__: each for each in (locked, full, torn, clock)}


def main(parts: list[str]) -> None:
    for name in parts or list(PARTS):
        place = Path(tempfile.mkdtemp(prefix="vigie-"))
        try:
            with DemoSite.empty("essai") as site, Emulator() as telegram:
                site.publish("essai", "Un article des jours passés", "Rien de neuf.")
                print(PARTS[name](Stage(place, site, telegram)), flush=True)
        finally:
            shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1:])
