"""A whole delivery in memory: the real store, courier and pacer, an emulated Bot API, a clock that jumps."""

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from bot.delivery.deliver import Courier, Times, Ways
from bot.delivery.pacer import TELEGRAM, Pacer, Rates
from bot.delivery.probe import Probe
from storage import Store, StoreError
from storage.chats.model import ChatKind, Lane
from storage.ids import ChatKey
from storage.schema import chat, delivery
from tests.bot.delivery.promise import Promise
from tests.emulator import BotApi
from tests.emulator.direct import Direct
from tests.storage.builders import next_due
from tests.storage.engines import engine_of

_BOTS = count(1)  # every emulated service counts from 1
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process ended here."""


def hurried(store: Store) -> Store:
    """The store without the waits for the disk: what is killed here is a process, never the machine."""
    with closing(engine_of(store).raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()
    return store


class World(Promise):
    """`lives` is how many writes the process lives through; None: it is not killed. `shift` is what the clock of the
    wall is ahead."""

    def __init__(self, store: Store, seed: int = 0, rates: Rates = TELEGRAM) -> None:
        super().__init__(store, BotApi(clock=self.seconds, seed=seed))
        self.messenger = Direct(self.api)
        self.store.proof.speaks(next(_BOTS))
        self.lives: int | None = None
        self.shift = timedelta()
        self._rates = rates
        self._runs = 0
        self.courier: Courier

    def check(self) -> None:
        """And the rates were kept: the emulator was not told to bear more."""
        super().check()
        self.rates_kept()

    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds()) + self.shift

    def chat(self, telegram_id: int, kind: ChatKind | None = None) -> ChatKey:
        found = kind or ("private" if telegram_id > 0 else "supergroup")
        self.api.chat(telegram_id, found)
        key = self.store.chats.arrive(telegram_id, found, "fr", self.now()).key
        self.store.proof.witness(telegram_id, self.api.user_says(telegram_id, "/start"), self.now())
        return key

    def queue(self, key: ChatKey, *lanes: Lane, thread: int = 0, target: str | None = None) -> list[str]:
        """Queue a message on each of these lanes; their items."""
        made = [self.message(key, lane, thread, target) for lane in lanes]
        self.store.outbox.enqueue(made, self.now())
        return [each.item for each in made]

    async def offload(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.lives == 0:
            raise Killed
        done = function(*arguments, **named)
        if (
            self.lives is not None and function.__name__ not in ("lately", "candidates") and done != ()
        ):  # that is, if it wrote something
            self.lives -= 1
            if self.lives == 0:
                raise Killed
        return done

    async def start(self) -> None:
        """A new process on the same file."""
        self._runs += 1
        pacer = Pacer(self._rates, clock=self.seconds)
        probe = Probe(self.store.proof, self.offload, self.messenger, pacer, self.now)
        times = Times(self.now, timer=self.seconds, chance=lambda: 0.5)
        ways = Ways(self.messenger, pacer, probe)
        self.courier = Courier(self.store.outbox, self.offload, f"run{self._runs}", ways, times)
        await self.courier.recover()

    async def live(self, seconds: float, lives: int | None = None) -> bool:
        """A process that works for so long, a tick a second, or until it is killed; whether it was."""
        self.lives = lives
        end = self.seconds() + seconds
        try:
            await self.start()
            while self.seconds() < end and self.lives != 0:
                with suppress(StoreError):  # the daemon logs it, and comes back
                    await self.courier.tick()
                await asyncio.sleep(min(1.0, end - self.seconds()))
        except Killed:
            pass
        killed, self.lives = self.lives == 0, None
        await self._end()
        return killed

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task.get_name().startswith("delivery-")]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        in_flight = select(chat.c.telegram_id).join(delivery, delivery.c.chat_id == chat.c.id)
        with self.store.database.read() as connection:
            for telegram_id in connection.execute(in_flight.where(delivery.c.state == "sending")).scalars():
                self.api.unheard(telegram_id)  # whoever asked is no more

    async def delays(self, limit: timedelta = timedelta(minutes=20)) -> dict[int, float]:
        """Deliver until nothing is due now: after how many seconds each chat had its last message."""
        started = self.seconds()
        await self.start()
        while self.store.figures(self.now()).waiting.due or self.store.figures(self.now()).waiting.sending:
            assert self.seconds() - started < limit.total_seconds(), "it never ends"
            await self.courier.tick()
            await asyncio.sleep(1.0)
        await self._end()
        sent = (call for call in self.api.called("sendMessage") if call.status == 200)
        return {int(call.parameters["chat_id"]): call.at - started for call in sent}

    async def drain(self, limit: timedelta = timedelta(days=3)) -> float:
        """One more process, until nothing is left that could go; how many seconds that took."""
        started = self.seconds()
        await self.start()
        while (wait := self._left()) is not None:
            assert self.seconds() - started < limit.total_seconds(), "it never ends"
            await self.courier.tick()
            await asyncio.sleep(max(1.0, wait))
        await self._end()
        return self.seconds() - started

    def _left(self) -> float | None:
        """Seconds until there is something to do; None when there never will be."""
        due = next_due(self.store, self.now())
        if due is not None:
            return (due - self.now()).total_seconds()
        return 0.0 if self.store.figures(self.now()).waiting.sending else None
