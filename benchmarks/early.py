"""From the minute at which a site publishes to the message that tells of it: the whole daemon as `vigie run` assembles
it, a press and a Telegram in memory, each job at its own pace on a clock that steps by a second.

python -m benchmarks.early [HOURS] [SEED]

`delay` is until the first answer of the feed that had the article, which is the poll's to shorten; `after` is from that
answer to the message in the chat, its page read, judged, announced and sent.
"""

import asyncio
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx

from storage.chats.model import Choices
from tests.emulator.virtual import run
from tests.grouping.builders import prose
from tests.whole.daemon import folder, opened
from tests.whole.seeds import WATCHLIST
from tests.whole.stepped import Stepped

START = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
READERS = tuple(range(11, 31))
OUTLETS = tuple(f"site{number}" for number in range(24))
FEEDS = "feeds:\n" + "".join(
    f"  - {{id: {name}, name: {name.title()}, url: 'https://{name}.example/rss', every: 10m}}\n" for name in OUTLETS
)


@dataclass
class Hearing:
    """When each article was first in an answer of its feed."""

    world: Stepped
    seen: dict[int, datetime] = field(default_factory=dict)

    def spoil(self, request: httpx.Request) -> httpx.Response | None:
        """Nothing is spoilt: what is out is noted, and the press answers."""
        if request.url.path == "/rss":
            outlet, now = request.url.host.removesuffix(".example"), self.world.now()
            for each in self.world.press.pieces:
                if each.outlet == outlet and each.at <= now:
                    self.seen.setdefault(each.number, now)
        return None


async def _lived(world: Stepped, hours: float) -> None:
    due = {job.name: world.seconds() for job in world.daemon.table}
    end = world.seconds() + hours * 3600
    while world.seconds() < end:
        for job in world.daemon.table:
            if world.seconds() >= due[job.name]:
                due[job.name] = world.seconds() + job.every.total_seconds()
                await job.work()
        await asyncio.sleep(1)


def _published(world: Stepped, hours: float, chance: random.Random) -> None:
    for outlet in OUTLETS:
        world.press.publish(outlet, START - timedelta(days=2), f"Archive de {outlet}")
        for _ in range(max(1, round(hours * 1.5))):
            at = START + timedelta(seconds=chance.uniform(1200, hours * 3600 - 1200))
            title = f"SecNumCloud : la ville de {prose(f'{outlet}-{at}').split()[0]} {len(world.press.pieces)} s’équipe"
            world.press.publish(outlet, at, title, f"{title}. {prose(f'{outlet}-{at}')}")


async def _measured(world: Stepped, hours: float, seed: int) -> None:
    hearing = Hearing(world)
    world.press.spoil = hearing.spoil
    _published(world, hours, random.Random(seed))
    async with world.running():
        for reader in READERS:
            await world.say(reader, "/start")
            await world.say(reader, "/suivre nuage")
            chat = world.store.chats.find(reader)
            assert chat is not None
            world.store.chats.settings(chat.key, Choices(per_hour=100, per_day=1000))
        await _lived(world, hours)
    texts = [(call.at, call.parameters["text"]) for call in world.api.called("sendMessage") if call.status == 200]
    flashes = [each for each in texts if "Quotidien" not in each[1]]
    delays, after = list[float](), list[float]()
    for piece in world.press.pieces:
        told = [at for at, text in flashes if piece.title in text]
        if piece.number in hearing.seen and piece.at > START and told:
            seen = (hearing.seen[piece.number] - START).total_seconds()
            delays.append(seen - (piece.at - START).total_seconds())
            after += [at - seen for at in told]
    wanted = sum(piece.at > START for piece in world.press.pieces)
    print(f"{len(delays)} of {wanted} articles told, {len(after)} messages to {len(READERS)} chats (seed {seed})")
    for name, found in (("delay", delays), ("after", after)):
        print(f"{name}: median {median(found):.0f} s, 95th {quantiles(found, n=20)[-1]:.0f} s, most {max(found):.0f} s")
    print(f"messages more than 60 s after: {sum(each > 60 for each in after)}")


def main() -> None:
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 3
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with TemporaryDirectory() as place:
        chosen, configuration = opened(folder(Path(place) / "config", FEEDS, {"nuage": WATCHLIST}), VIGIE_ADMINS="9")
        world = Stepped(chosen, configuration, START, seed)
        run(_measured(world, hours, seed))


if __name__ == "__main__":
    main()
