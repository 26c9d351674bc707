"""When the next message may leave: what Telegram bears, shared out by priority."""

import asyncio
import itertools
import time
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from bot.delivery.chat import Answer, Messenger
from bot.delivery.witness import Witness
from bot.model import Keyboard, Message

Priority = Literal["reply", "flash", "edit", "daily", "weekly", "catchup"]
_RANK: dict[Priority, int] = {name: rank for rank, name in enumerate(get_args(Priority))}
_BUCKETS = 10_000  # chats remembered before those at rest are let go
BUSY = 1.5  # seconds a chat may keep a message waiting for its turn: longer, and it is not asked for yet


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `per_second` tokens flow in, at most `burst` are kept. An hour never sees more than
    3600 * per_second + burst."""

    per_second: float
    burst: float = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """What a service bears: in all, in a chat, and `group` messages a minute in a group, supergroup or channel."""

    total: Rate
    chat: Rate
    group: int


# Telegram: about 30/s in all, 1/s a chat, 20/min a group
TELEGRAM = Rates(Rate(25.0, burst=2.0), Rate(1.0), 18)
FREE = Rates(Rate(1e9, 1e9), Rate(1e9, 1e9), 1_000_000)  # a terminal
MINUTE = 60.0
TINY = 1e-6  # a wait so short that a clock does not see it is none


class _Bucket:
    """Empty at `start`, so that a restart never bursts. All times are monotonic seconds."""

    __slots__ = ("_at", "_level", "_rate")

    def __init__(self, rate: Rate, start: float) -> None:
        self._rate = rate
        self._level = 0.0
        self._at = start

    def wait(self, now: float, ahead: int = 0) -> float:
        """Seconds until there is a token, `ahead` others having been taken first."""
        missing = 1.0 + ahead - self._filled(now)
        return missing / self._rate.per_second if missing > TINY else 0.0

    def take(self, now: float) -> None:
        self._level = self._filled(now) - 1.0
        self._at = now

    def full(self, now: float) -> bool:
        return self._filled(now) >= self._rate.burst

    def _filled(self, now: float) -> float:
        return min(self._rate.burst, self._level + (now - self._at) * self._rate.per_second)


class _Window:
    """At most `limit` in any minute. All times are monotonic seconds."""

    __slots__ = ("_limit", "_taken")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        while self._taken and self._taken[0] + MINUTE - now < TINY:
            self._taken.popleft()
        return self._taken[-self._limit] + MINUTE - now if len(self._taken) >= self._limit else 0.0

    def take(self, now: float) -> None:
        self._taken.append(now)

    def full(self, now: float) -> bool:
        return self.wait(now) == 0 and not self._taken


@dataclass(frozen=True, slots=True, order=True)
class _Ticket:
    rank: int
    number: int
    chat: int


class Pacer:
    """Hands out turns to send: strictly by priority, then first come, first served; a chat that must wait lets others
    pass. `clock` gives monotonic seconds; `sleep` waits that many."""

    def __init__(
        self,
        rates: Rates = TELEGRAM,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rates = rates
        self._clock = clock
        self._sleep = sleep
        self._start = clock()
        self._total = _Bucket(rates.total, self._start)
        self._chats: dict[int, tuple[_Bucket | _Window, ...]] = {}
        self._queue: list[_Ticket] = []
        self._numbers = itertools.count()

    def remember(self, sent: Iterable[tuple[int, float]]) -> None:
        """What was sent before we started: Telegram chats, and how many seconds ago; oldest first."""
        now = self._clock()
        for chat_id, ago in sent:
            for bucket in self._buckets(chat_id, now):
                if isinstance(bucket, _Window):
                    bucket.take(now - ago)

    def busy(self) -> tuple[int, ...]:
        """The groups that have had their messages of this minute: nothing for them should take up room here."""
        now = self._clock()
        return tuple(chat for chat in self._chats if chat < 0 and self._chat_wait(chat, now) > BUSY)

    async def turn(self, chat_id: int, priority: Priority) -> None:
        """Return once a message may be sent to this Telegram chat; its tokens are then taken."""
        ticket = _Ticket(_RANK[priority], next(self._numbers), chat_id)
        insort(self._queue, ticket)
        try:
            while (wait := self._wait(ticket)) > 0:
                await self._sleep(wait)
            self._take(chat_id)
        finally:
            self._queue.remove(ticket)

    def _wait(self, ticket: _Ticket) -> float:
        now = self._clock()
        own = self._chat_wait(ticket.chat, now)
        if own > 0:
            return own
        ahead = 0
        for other in self._queue:
            if other is ticket:
                break
            if other.chat == ticket.chat:  # it takes this chat's token: look again once it is gone
                return max(1 / self._rates.chat.per_second, self._total.wait(now))
            ahead += self._chat_wait(other.chat, now) == 0
        return self._total.wait(now, ahead)

    def _take(self, chat_id: int) -> None:
        now = self._clock()
        for bucket in (self._total, *self._buckets(chat_id, now)):
            bucket.take(now)

    def _chat_wait(self, chat_id: int, now: float) -> float:
        return max(bucket.wait(now) for bucket in self._buckets(chat_id, now))

    def _buckets(self, chat_id: int, now: float) -> tuple[_Bucket | _Window, ...]:
        if chat_id not in self._chats:
            if len(self._chats) >= _BUCKETS:
                self._chats = {chat: own for chat, own in self._chats.items() if not all(b.full(now) for b in own)}
            own = _Bucket(self._rates.chat, self._start)
            self._chats[chat_id] = (own, _Window(self._rates.group)) if chat_id < 0 else (own,)
        return self._chats[chat_id]


class Paced:
    """A Messenger whose messages wait for their turn first: what replies to people go through, each on record with its
    number; on none without a `witness`, for what is said because the store takes nothing."""

    def __init__(
        self, messenger: Messenger, pacer: Pacer, witness: Witness | None, priority: Priority = "reply"
    ) -> None:
        self._messenger = messenger
        self._pacer = pacer
        self._witness = witness
        self._priority = priority
        self.answer = messenger.answer
        self.is_admin = messenger.is_admin
        self.is_member = messenger.is_member
        self.title = messenger.title
        self.topic = messenger.topic
        self.set_commands = messenger.set_commands
        self.reachable = messenger.reachable
        self.typing = messenger.typing
        self.probe = messenger.probe

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        """See `Messenger.send`."""
        await self._pacer.turn(chat_id, self._priority)
        reply = await self._witness.leaves(chat_id) if self._witness else None
        answer = await self._messenger.send(chat_id, message, plain=plain, reply_to=reply_to, thread=thread)
        if self._witness:
            await self._witness.left(reply, answer)
        return answer

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        """See `Messenger.edit`."""
        await self._pacer.turn(chat_id, self._priority)
        return await self._messenger.edit(chat_id, message_id, message, plain=plain)

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        """See `Messenger.file`."""
        await self._pacer.turn(chat_id, self._priority)
        reply = await self._witness.leaves(chat_id) if self._witness else None
        answer = await self._messenger.file(chat_id, name, content, caption, thread=thread)
        if self._witness:
            await self._witness.left(reply, answer)
        return answer

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        """See `Messenger.keys`."""
        await self._pacer.turn(chat_id, self._priority)
        return await self._messenger.keys(chat_id, message_id, buttons)
