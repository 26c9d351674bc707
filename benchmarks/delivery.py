"""How the delivery bears numbers: a broadcast to 10,000 chats, one flood wait beside blocked chats, poisoned texts,
restarts, an old feed, the time from SIGTERM to the end, and a million messages sent.

python -m benchmarks.delivery [rate] [crowd] [poison] [silence] [stop] [size]

Real courier, pacer and store; `rate` and `crowd` on a clock that jumps, against the strict Bot API in memory; `silence`
and `stop` with the daemon itself, a site and a Bot API server on loopback.
"""

import asyncio
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import insert

from bot.app import once
from bot.clock import now
from bot.demo import site as demo
from bot.demo.site import DemoSite
from bot.model import Message
from storage import Store, open_store
from storage.chats.model import NewDelivery
from storage.ids import ChatKey
from storage.schema import delivery
from tests.bot.delivery.feast import refusals
from tests.bot.delivery.history import World, hurried
from tests.bot.delivery.poison import HAND_MADE, text
from tests.emulator import TOKEN, Emulator, Fault
from tests.emulator.virtual import run
from tests.whole.daemon import WATCHLIST, Daemon, folder, opened

T = TypeVar("T")

MANY, CROWD, TEXTS, OLD = 10_000, 2_000, 10_000, 500
SENT = 1_000_000


def rate() -> str:
    async def story(world: World) -> str:
        for number in range(1, MANY + 1):
            world.queue(world.chat(number), "daily")
        working = asyncio.create_task(world.delays())
        await asyncio.sleep(60.0)
        asked = world.seconds()
        world.queue(world.chat(MANY + 1), "flash")
        done = await working
        world.check()
        calls = world.api.called("sendMessage")
        refused = sum(call.status == 429 for call in calls)
        return (
            f"{len(calls)} messages, {len(calls) / max(done.values()):.1f}/s, drained in {max(done.values()):.0f} s, "
            f"{100 * refused / len(calls):.2f} % answered 429, flash after {done[MANY + 1] - asked:.2f} s"
        )

    return _played(story)


def crowd() -> str:
    async def story(world: World, trouble: bool = False) -> float:
        for number in range(1, CROWD + 1):
            world.queue(world.chat(number), "flash")
            if trouble and number % 10 < 3:
                world.api.chat(number).state = "blocked"
        if trouble:
            world.api.flood(5, 43_000)
        done = await world.delays()
        if trouble:
            await world.drain()
            world.check()
        others = sorted(done[number] for number in range(1, CROWD + 1) if number % 10 >= 3 and number != 5)
        return others[len(others) * 95 // 100]

    async def troubled(world: World) -> float:
        return await story(world, trouble=True)

    calm, hit = _played(story), _played(troubled)
    return f"p95 of the others {hit:.1f} s, {calm:.1f} s without trouble: {100 * (hit / calm - 1):+.1f} %"


def poison() -> str:
    chance = random.Random(7)
    refused = len(refusals([(item, item) for item in HAND_MADE]))
    for _ in range(TEXTS // 500):
        refused += len(refusals([(text(chance), text(chance, 200)) for _ in range(500)]))
    return f"{TEXTS} generated and {len(HAND_MADE)} hand-made titles and texts, {refused} refused"


def silence() -> str:
    """First subscription to a feed of 500 old items, then 20 restarts."""
    demo.LISTED = OLD
    with tempfile.TemporaryDirectory() as place, DemoSite.empty("essai") as site, Emulator() as api:
        for number in range(OLD):
            site.publish("essai", f"Ancien article {number} sur SecNumCloud")
        flash = {"essai": WATCHLIST.replace("level: daily", "level: flash")}
        config = folder(Path(place) / "config", site.feeds_yaml(every="1s"), flash)
        chosen, configuration = opened(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=api.url)
        store = open_store(chosen.database)
        api.chat(42)
        chat = store.chats.arrive(42, "private", "fr", now())
        store.chats.follow(chat.key, "essai", None, now())
        old = restarts = 0
        asyncio.run(once(chosen, configuration, everything=True))
        old = len(api.called("sendMessage"))
        for _ in range(20):
            asyncio.run(once(chosen, configuration, everything=True))
        restarts = len(api.called("sendMessage")) - old
        read = store.digests.read_count(now().replace(year=2000))
        store.close()
        return f"{read} old items read, {old} sent; 20 restarts, {restarts} messages"


def stop() -> str:
    """SIGTERM while Telegram is slow to answer."""
    with tempfile.TemporaryDirectory() as place, DemoSite.empty("essai") as site, Emulator() as api:
        config = folder(Path(place) / "config", site.feeds_yaml(every="1s"))
        with Daemon(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=api.url) as daemon:
            daemon.wait(lambda: "started" in daemon.log)
            api.user_says(42, "/suivre essai flash")
            daemon.wait(lambda: api.chat(42).messages)
            api.fail(Fault("slow", late=30.0))
            daemon.wait(lambda: "new=1" in daemon.log or site.publish("essai", f"SecNumCloud {os.urandom(4).hex()}"))
            daemon.wait(lambda: len(api.chat(42).messages) == 2)
            begun = time.monotonic()
            code = daemon.stop()
            spent = time.monotonic() - begun
        store = open_store(config / "vigie.sqlite")
        waiting = store.figures(now()).waiting
        store.close()
        return f"ended with {code} after {spent:.1f} s, {waiting.sending} message recorded in flight"


def size() -> str:
    """What a tick asks of a store that has sent a million messages, beside one that has sent none."""
    with tempfile.TemporaryDirectory() as place:
        store = hurried(open_store(Path(place) / "vigie.db"))
        moment = now()
        for number in range(1, MANY + 1):
            store.chats.arrive(number, "private", "fr", moment)
        fresh = _tick(store, moment)
        rows = [
            {"chat_id": number % MANY + 1, "thread": 0, "lane": "daily", "rank": 2, "item": f"d{number}",
             "part": 1, "body": "", "state": "done", "tries": 1, "doubts": int(number % 1000 == 0), "plain": False,
             "message_id": number, "queued_at": moment - timedelta(seconds=number),
             "settled_at": moment - timedelta(seconds=number)}
            for number in range(SENT)
        ]  # fmt: skip
        with store.database.write() as connection:
            connection.execute(insert(delivery), rows)
        full = _tick(store, moment)
        store.close()
    named = ", ".join(f"{name} {before:.1f} and {full[name]:.1f}" for name, before in fresh.items())
    return f"{SENT} sent to {MANY} chats: ms, before and after: {named}"


def _tick(store: Store, moment: datetime) -> dict[str, float]:
    """Milliseconds of each, medians of nine, with a hundred messages that wait."""
    for number in range(1, 101):
        new = NewDelivery(
            ChatKey(number), "flash", f"w{time.monotonic_ns()}", Message("{}"), not_before=moment + timedelta(days=1)
        )
        store.outbox.enqueue([new], moment)
    asked: dict[str, Callable[[], object]] = {
        "claim": lambda: store.outbox.claim(moment, "run", 32, catch_up=lambda *_: ()),
        "figures": lambda: store.figures(moment).waiting,
        "last minute": lambda: store.outbox.lately(moment - timedelta(minutes=1)),
    }
    return {name: 1000 * statistics.median(_timed(work) for _ in range(9)) for name, work in asked.items()}


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _played(story: Callable[[World], Coroutine[Any, Any, T]]) -> T:
    with tempfile.TemporaryDirectory() as place:
        store = hurried(open_store(Path(place) / "vigie.db"))

        async def played() -> T:
            return await story(World(store))

        try:
            return run(played())
        finally:
            store.close()


MEASURES = {"rate": rate, "crowd": crowd, "poison": poison, "silence": silence, "stop": stop, "size": size}


def main(names: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    for name in names or MEASURES:
        spent = time.process_time()
        print(f"{name}: {MEASURES[name]()} ({time.process_time() - spent:.0f} s of CPU)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
