"""A whole delivery in memory: the real store, courier and pacer, an emulated Bot API, a clock that jumps.

And what must be true of it afterwards, whatever happened.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.delivery.deliver import Courier
from bot.delivery.pacer import TELEGRAM, Pacer, Rates
from bot.model import Message
from storage import Store, StoreError
from storage.model import ChatKey, ChatKind, Lane, NewDelivery
from storage.outbox import ASIDE
from storage.schema import chat, delivery, held_topic
from tests.emulator import BotApi
from tests.emulator.direct import Direct

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ADMIN = 77
MARK = re.compile(r"⟦(\w+)⟧")  # each message holds its own, so that it is known wherever it is read


class Killed(BaseException):
    """The process ended here."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that was queued, and its mark."""

    chat: ChatKey
    item: str
    mark: str


def hurried(store: Store) -> Store:
    """The store without the waits for the disk: what is killed here is a process, never the machine."""
    with closing(store.database._engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()
    return store


@dataclass(slots=True)
class World:
    """`lives` is how many writes the process lives through; None: it is not killed."""

    store: Store
    seed: int = 0
    rates: Rates = TELEGRAM
    limits: bool = True
    lives: int | None = None
    shift: timedelta = timedelta()
    accepted: list[Accepted] = field(default_factory=list)
    runs: int = 0
    kills: int = 0
    api: BotApi = field(init=False)
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.api = BotApi(clock=self.seconds, seed=self.seed, limits=self.limits)

    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds()) + self.shift

    # --- what happens ----------------------------------------------------------------------------------------------
    def chat(self, telegram_id: int, kind: ChatKind | None = None) -> ChatKey:
        found = kind or ("private" if telegram_id > 0 else "supergroup")
        self.api.chat(telegram_id, found)
        return self.store.chats.arrive(telegram_id, found, "fr", self.now()).key

    def queue(self, key: ChatKey, *lanes: Lane, thread: int = 0, target: str | None = None) -> list[str]:
        """Queue a message on each of these lanes; their items."""
        made = []
        for lane in lanes:
            mark = f"m{len(self.accepted)}"
            brief = f"<b>alerte</b> ⟦{mark}⟧" if lane == "flash" else ""
            body = Message(f"<b>message</b> &amp; ⟦{mark}⟧", brief=brief, silent=lane != "flash").to_json()
            new = NewDelivery(key, lane, f"i{mark}", body, thread=thread, target=target)
            self.store.outbox.enqueue([new], self.now())
            self.accepted.append(Accepted(key, new.item, mark))
            made.append(new.item)
        return made

    async def offload(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.lives == 0:
            raise Killed
        done = function(*arguments, **named)
        if self.lives is not None and function.__name__ != "lately" and done != ():  # that is, if it wrote something
            self.lives -= 1
            if self.lives == 0:
                self.kills += 1
                raise Killed
        return done

    async def start(self) -> None:
        """A new process on the same file."""
        self.runs += 1
        self.courier = Courier(
            self.store.outbox,
            self.offload,
            Direct(self.api),
            Pacer(self.rates, clock=self.seconds),
            self.now,
            f"run{self.runs}",
            admins=frozenset({ADMIN}),
            timer=self.seconds,
            chance=lambda: 0.5,
        )
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

    async def delays(self, limit: timedelta = timedelta(minutes=20)) -> dict[int, float]:
        """Deliver until nothing is due now: after how many seconds each chat had its last message."""
        started = self.seconds()
        await self.start()
        while self.store.outbox.waiting(self.now()).due or self.store.outbox.waiting(self.now()).sending:
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
        due = self.store.outbox.next_due(self.now())
        if due is not None:
            return (due - self.now()).total_seconds()
        return 0.0 if self.store.outbox.waiting(self.now()).sending else None

    # --- what must be true -----------------------------------------------------------------------------------------
    def check(self) -> None:
        """Everything accepted came once, or is accounted for. Call it once nothing is left to do."""
        rows = self._rows()
        seen = self._seen()
        for each in self.accepted:
            self._arrived(rows[each.chat, each.item], len(seen[each.mark]), rows)
        self._ordered(rows, seen)
        self.rates_kept()
        assert self.api.violations == []
        with self.store.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    def copies(self) -> int:
        """How many messages came more often than once."""
        return sum(len(numbers) - 1 for numbers in self._seen().values())

    def doubts(self) -> int:
        return sum(row.doubts for row in self._rows().values())

    def _rows(self) -> dict[tuple[ChatKey, str], Any]:
        with self.store.database.read() as connection:
            found = connection.execute(select(delivery).where(delivery.c.part == 1)).all()
        return {(ChatKey(row.chat_id), row.item): row for row in found}

    def _seen(self) -> dict[str, list[int]]:
        """Where each mark stands: the numbers of the messages."""
        found: dict[str, list[int]] = defaultdict(list)
        for each in self.api.chats():
            for post in each.messages:
                for mark in MARK.findall(post.text):
                    found[mark].append(post.id)
        return found

    def _arrived(self, row: Any, copies: int, rows: dict[tuple[ChatKey, str], Any]) -> None:
        doubts = row.doubts
        if row.state == "muted":
            row = rows[ChatKey(row.chat_id), row.error]  # the catch-up that tells of it, or one that tells of that
            self._arrived(row, copies, rows)
        elif row.state == "done":
            assert 1 <= copies <= 1 + doubts, row
        elif row.state == "dead":
            assert row.error, row
            assert (self._admin(), f"n{row.id}") in rows or self._admin() is None, "the administrator was told"
        else:
            assert row.state == "queued", row
            assert self._shut(row), row

    def _admin(self) -> ChatKey | None:
        found = self.store.chats.find(ADMIN)
        return None if found is None else found.key

    def _shut(self, row: Any) -> bool:
        """Whether its chat or its topic takes nothing now."""
        with self.store.database.read() as connection:
            state = connection.execute(select(chat.c.state).where(chat.c.id == row.chat_id)).scalar()
            held = select(held_topic).where(held_topic.c.chat_id == row.chat_id, held_topic.c.thread == row.thread)
            return state != "active" or connection.execute(held).first() is not None

    def _ordered(self, rows: dict[tuple[ChatKey, str], Any], seen: dict[str, list[int]]) -> None:
        """Within a chat, a thread and a lane, what was queued first came first, but for what stepped aside."""
        came: dict[tuple[int, int, str], list[int]] = defaultdict(list)
        for each in self.accepted:
            row = rows[each.chat, each.item]
            if row.state == "done" and row.doubts < ASIDE and row.lane not in ("edit", "catchup"):
                came[row.chat_id, row.thread, row.lane].append(min(seen[each.mark]))
        for order in came.values():
            assert order == sorted(order)

    def rates_kept(self) -> None:
        """In no second more than 30 calls that send, in no minute more than 20 to a group."""
        moments: dict[int, list[float]] = defaultdict(list)
        for call in self.api.calls:
            if call.method in ("sendMessage", "editMessageText"):
                moments[0].append(call.at)
                if (to := int(call.parameters["chat_id"])) < 0:
                    moments[to].append(call.at)
        for to, times in moments.items():
            many, span = (20, 60.0) if to else (30, 1.0)
            assert all(later - first > span - 1e-6 for first, later in zip(times, times[many:], strict=False)), to
