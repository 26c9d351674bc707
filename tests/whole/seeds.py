"""A life of the whole daemon drawn from a seed: what the press, Telegram, the disk and the clock do to it.

The same seed lives the same life: `python -m benchmarks.seeds FIRST LAST DAYS` replays any that a test names.
"""

import asyncio
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.bot.delivery.history import Killed
from tests.emulator import Fault
from tests.emulator.virtual import run
from tests.grouping.builders import prose
from tests.whole.daemon import folder, opened
from tests.whole.stepped import Stepped

START = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
READERS = (11, 12)
GROUP = -1001
EVER = 10**9
CALM = timedelta(hours=7)  # at the end, in which all that waits arrives
WATCHLIST = """
name: Hébergement
question: Qui héberge ?
level: flash
any: [SecNumCloud]
threshold: 1
examples: {match: [Cirrova vise SecNumCloud], ignore: [Une école ouvre]}
"""
FEEDS = "feeds:\n" + "".join(
    f"  - {{id: {name}, name: {name.title()}, url: 'https://{name}.example/rss', every: 1h}}\n"
    for name in ("fil", "gazette")
)


class Life(Stepped):
    """One life. `happened` counts what befell it."""

    pace = timedelta(minutes=30)

    def __init__(self, place: Path, seed: int) -> None:
        super().__init__(*opened(folder(place, FEEDS, {"nuage": WATCHLIST}), VIGIE_ADMINS="9"), START, seed)
        self.fate = random.Random(f"fate-{seed}")
        self.happened: Counter[str] = Counter()
        self.calm = True
        self.told: list[str] = []
        self.press.spoil = self.spoil

    # --- what may go wrong -----------------------------------------------------------------------------------------
    def spoil(self, request: httpx.Request) -> httpx.Response | None:
        """One request in twelve fails, each in its own way."""
        dice = self.fate.random()
        if self.calm or dice > 0.08:
            return None
        self.happened["web"] += 1
        kind = self.fate.choice(("down", "slow", "503", "429", "html", "cut"))
        if kind in ("down", "slow"):
            raise (httpx.ConnectError if kind == "down" else httpx.ReadTimeout)("no answer", request=request)
        if kind == "html":
            return httpx.Response(200, headers={"content-type": "text/html"}, text="<html>Maintenance</html>")
        if kind == "cut":
            return httpx.Response(200, headers={"content-type": "text/xml"}, text="<rss><channel><item><title>Cou")
        return httpx.Response(int(kind), headers={"retry-after": "120"})

    async def offload(self, function: Any, *arguments: Any, **named: Any) -> Any:
        """Now and then another program holds the file, and the thread of the store waits for it; or all ends there."""
        if not self.calm and self.fate.random() < 0.002:
            self.happened["disk"] += 1
            await asyncio.sleep(self.fate.choice((1, 5, 30)))
        return function(*arguments, **named)

    def trouble(self) -> None:
        self.calm = False
        for kind in ("drop", "cut", "garbage", "status", "slow"):
            broken: Any = kind
            self.api.fail(Fault(broken, "*", chance=0.02, times=EVER, status=502, body=b"<html>", late=15.0))

    def peace(self) -> None:
        self.calm = True
        self.api.heal()

    def jump(self) -> None:
        """The clock of the machine is put right: ahead, or back."""
        by = timedelta(hours=self.fate.choice((-2, -1, 1, 3)))
        self.happened["clock"] += 1
        self.shift += by
        if by < timedelta():
            self.store.rewind(self.now(), -by)
            self._next.clear()

    # --- a life ----------------------------------------------------------------------------------------------------
    async def live(self, days: float) -> None:
        self.publish(days)
        end = START + timedelta(days=days)
        async with self.running():
            await self.until(START + timedelta(minutes=30))
            for number in READERS:
                await self.say(number, "/start")
                await self.say(number, "/suivre nuage")
            self.api.chat(GROUP, "supergroup").admins = {READERS[0]}
            self.api.membership(GROUP, "administrator", user=READERS[0])
            await self.ears.hear()
            await self.say(GROUP, "/suivre nuage", user=READERS[0])
        self.trouble()
        while self.now() < end:
            async with self.running():
                await self.some_hours(end)
        self.peace()
        async with self.running():
            await self.until(self.now() + CALM)
        self.check()

    async def some_hours(self, end: datetime) -> None:
        """Until it is killed, at any moment, or restarted."""
        for _ in range(self.fate.randint(4, 30)):
            if self.now() >= end:
                return
            if self.fate.random() < 0.02:
                self.jump()
            await self.step()
        if self.fate.random() < 0.7:
            self.happened["killed"] += 1
            await self.daemon.courier.tick()
            await asyncio.sleep(self.fate.random())
            raise Killed
        self.happened["restarted"] += 1

    def publish(self, days: float) -> None:
        for outlet in ("fil", "gazette"):
            self.press.publish(outlet, START - timedelta(days=2), f"Archive de {outlet}", prose(f"archive-{outlet}"))
        for number in range(int(days * 4)):
            at = START + timedelta(hours=2 + 6 * number)
            title = f"Prestataire{number:03d} obtient la qualification SecNumCloud"
            self.press.publish(self.fate.choice(("fil", "gazette")), at, title, f"{title}. {prose(f'p{number}')}")
            self.told.append(f"Prestataire{number:03d}")

    def check(self) -> None:
        assert self.api.violations == [], self.api.violations[:2]
        assert self.troubles.lines == [], self.troubles.lines[:2]
        for number in (*READERS, GROUP):
            posts = self.api.chat(number).messages
            for name in self.told:
                seen = [post for post in posts if name in post.text or any(name in text for text in post.before)]
                assert seen, f"{name} was lost for {number}"
                rung = [post for post in seen if "\n⚡ " in post.text]
                assert len(rung) <= 1, f"{name} rang {len(rung)} times for {number}"
        with self.store_again() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    def store_again(self) -> Any:
        from storage import open_store

        return open_store(self.settings.database).database.read()


def lived(seed: int, days: float) -> Counter[str]:
    """What happened in the life of that seed; AssertionError where a promise was broken, with the seed."""
    with tempfile.TemporaryDirectory(prefix="vigie-") as place:
        life = Life(Path(place) / "config", seed)
        try:
            run(life.live(days))
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}, {days} days: {broken}") from broken
        return life.happened


SHORT = 0.8  # days: what the suite lives of each seed
