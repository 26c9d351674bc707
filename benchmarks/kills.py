"""Kills the sender again and again, while every tenth call goes wrong: what is lost, comes twice, or out of order.

python -m benchmarks.kills [SEEDS] [KILLS] [AIM: 1, or 0 for at random]

The process that is killed is the real one: store, courier, python-telegram-bot, HTTP. Its clock runs 20 times faster,
so that a doubt waits two seconds: faster, a call on a busy machine outlasts the longest there is. It is killed at
random, or (AIM, the default) at the moment of sending: as soon as a call for a message has come in, before its answer
is read. Ends with a traceback where something was lost, doubled without a doubt on record, or out of order.
"""

import asyncio
import logging
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.delivery.deliver import Courier, Times, Ways
from bot.delivery.pacer import FREE, Pacer
from bot.delivery.probe import Probe
from bot.delivery.telegram import Telegram
from bot.store_thread import store_thread
from storage import Store, open_store
from storage.chats.model import ChatKind, Lane
from storage.ids import ChatKey
from tests.bot.delivery.promise import Promise
from tests.emulator import TOKEN, Emulator, Fault

SPEED = 20
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CHATS, GROUPS, BATCH = 40, 8, 64
FAULTS = ("drop", "cut", "garbage", "status", "slow")  # 2 % each
LANES: tuple[Lane, ...] = ("flash", "flash", "daily", "weekly")


def clock(started: float, ahead: timedelta) -> datetime:
    return START + timedelta(seconds=(time.time() - started) * SPEED) + ahead


def sender(path: Path, url: str, started: float, ahead: timedelta) -> None:
    """The process that will be killed."""
    logging.disable(logging.CRITICAL)
    asyncio.run(_send(path, url, started, ahead))


async def _send(path: Path, url: str, started: float, ahead: timedelta) -> None:
    store = open_store(path)
    with store_thread() as offload:
        async with Telegram(TOKEN, url) as telegram:
            times = Times(lambda: clock(started, ahead), timer=lambda: time.monotonic() * SPEED)
            pacer = Pacer(FREE)
            ways = Ways(telegram, pacer, Probe(store.proof, offload, telegram, pacer, times.now))
            courier = Courier(store.outbox, offload, uuid.uuid4().hex, ways, times)
            await courier.recover()
            while True:
                await courier.tick()
                await asyncio.sleep(0.02)


def run(seed: int, kills: int, *, aimed: bool) -> tuple[int, int, int, int]:
    """Deliveries, kills, copies and doubts; raises AssertionError where the promise was broken."""
    chance = random.Random(seed)
    started = time.time()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.delivery.telegram", "tests.bot.delivery.promise"])
    with tempfile.TemporaryDirectory() as folder, Emulator(limits=False, strict=False) as api:
        path = Path(folder) / "vigie.db"
        store = open_store(path)
        promise = Promise(store, api)
        numbers = (*range(1, CHATS + 1), *range(-GROUPS, 0))
        keys = [_arrived(store, api, number) for number in numbers]
        api.fail(*(Fault(kind, chance=0.02, times=10**9, status=502, body=b"<html>", delay=0.3 * (kind == "slow"))
                   for kind in FAULTS))  # fmt: skip

        def live(seconds: float, ahead: timedelta = timedelta()) -> None:
            process = context.Process(target=sender, args=(path, api.url, started, ahead))
            process.start()
            before = len(api.calls)
            api.wait(lambda: len(api.calls) > before, 60.0)  # it has started
            if aimed:
                sends = len(api.called("sendMessage")) + chance.randrange(4)
                with suppress(AssertionError):  # it may have nothing to send but probes: then whenever
                    api.wait(lambda: len(api.called("sendMessage")) > sends, seconds)
            else:
                time.sleep(seconds)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()

        for _ in range(kills):
            batch = [promise.message(chance.choice(keys), chance.choice(LANES)) for _ in range(BATCH)]
            store.outbox.enqueue(batch, clock(started, timedelta()))
            live(chance.uniform(0.1, 0.8))
        api.heal()
        ahead = timedelta()
        while (left := store.figures(clock(started, ahead)).waiting).queued + left.sending:
            kills += 1
            live(5.0, ahead)
            ahead += (
                timedelta(hours=6) if left.queued < CHATS else timedelta()
            )  # those that were in doubt again and again
        promise.check()
        assert not [each for each in store.notices.open() if each.kind == "probe"], "no probe changed anything"
        result = len(promise.accepted), kills, promise.copies(), promise.doubts()
        store.close()
        return result


def _arrived(store: Store, api: Emulator, number: int) -> ChatKey:
    """A reader, or a group, that has said hello, as all do."""
    kind: ChatKind = "private" if number > 0 else "supergroup"
    key = store.chats.arrive(number, kind, "fr", START).key
    store.proof.witness(number, api.user_says(number, "/start"), START)
    return key


def main(seeds: int, kills: int, aimed: bool) -> None:
    for seed in range(1, seeds + 1):
        begun = time.monotonic()
        accepted, killed, copies, doubts = run(seed, kills, aimed=aimed)
        print(
            f"seed {seed}: {accepted} deliveries, {killed} kills, 0 lost or inverted, {copies} doubled, {doubts} doubts"
            f", {time.monotonic() - begun:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    given = (*sys.argv[1:], *("3", "70", "1")[len(sys.argv) - 1 :])
    main(int(given[0]), int(given[1]), given[2] != "0")
