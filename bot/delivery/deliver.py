"""Carries due deliveries from the outbox to their chats, and settles each by its answer."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar, assert_never

from bot.clock import Clock
from bot.delivery import notes
from bot.delivery.chat import Answer, ChatGone, MessageRefused, Messenger, Moved, Retry, Sent, TokenDead, Unsure
from bot.delivery.doubts import FIRST_LOOK, Again, AskLater, GivenUp, blind_wait, judged
from bot.delivery.pacer import MINUTE, Pacer
from bot.delivery.place_names import PlaceName
from bot.delivery.places import Carrier
from bot.delivery.probe import Found, Probe
from bot.digest import catchup
from bot.model import Message
from bot.office import Office, certain
from bot.store_thread import Offload
from storage import StoreError
from storage.chats.model import Delivery
from storage.ids import ChatKey

if TYPE_CHECKING:
    from storage.chats.outbox import Outbox

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("vigie.deliver")

IN_FLIGHT = 32  # 25 a second, each up to a second and a bit long
REFILL = 8  # places that are filled together
DRAIN = 2.5  # seconds left to messages under way when the daemon stops
LONGEST_RETRY = 60.0  # seconds
GATE_AFTER = 3  # failures in a row, over all chats
GATE_PROBE = 45.0  # seconds between two looks through a closed gate
FLOOD_TOGETHER = 1.0  # seconds: two chats slowed down within this time mean that the whole bot is
CLOCK_SLACK = timedelta(seconds=5)  # smaller steps back are those of a clock being kept right
LONGEST_SETTLE = 30.0  # seconds between two attempts to write down an answer
LEAVES = 5.0  # seconds after which a call has left us, or has failed to


@dataclass(frozen=True, slots=True)
class Ways:
    """How a message leaves: by `messenger`, at the pace of `pacer`; what is in doubt is sought by `probe`.

    `places`: who carries what is not for Telegram, and must not wait for it; None: nobody. `console`: `messenger` is
    the terminal, which gets its own messages and no others.
    """

    messenger: Messenger
    pacer: Pacer
    probe: Probe
    places: Carrier | None = None
    console: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """What a courier goes by: `now` gives aware UTC, `timer` monotonic seconds, `chance` numbers in [0, 1) for the
    jitter."""

    now: Clock
    timer: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Courier:
    """Sends at most one message per chat at a time, and 32 in all. Nothing is sent that does not stand as `sending`,
    and nothing again that may have arrived, where the probe can tell.

    `run` names this run of the daemon: a row in `sending` under another name is in doubt. `office`: nothing is claimed,
    and no call begins, but while it is held; None: it always is.
    """

    def __init__(
        self,
        outbox: "Outbox",
        offload: Offload,
        run: str,
        ways: Ways,
        times: Times,
        office: Office | None = None,
    ) -> None:
        self._outbox = outbox
        self._offload = offload
        self._run = run
        self._ways = ways
        self._times = times
        self._office = certain("sender") if office is None else office
        self._term = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[asyncio.Task[None], Delivery] = {}
        self._claiming = asyncio.Lock()
        self._more = False
        self._seen: datetime | None = None
        self._stopping = False
        self._gate = _Gate()
        self.token_dead: str | None = None
        """What Telegram said when it stopped knowing our token; None while it does. Nothing is sent any more then."""

    async def recover(self) -> None:
        """As a term begins: what another run left as `sending` may have arrived; it is queued again, in doubt.

        What went out in the last minute counts, so that a restart never bursts.
        """
        now, self._term = self._times.now(), self._office.term
        await self._offload(self._outbox.recover, self._run)
        await self._offload(self._outbox.rewind, now)
        lately = await self._offload(self._outbox.lately, now - timedelta(seconds=MINUTE))
        self._ways.pacer.remember((chat, max(0.0, (now - when).total_seconds())) for chat, when in lately)

    async def tick(self) -> int:
        """Claim what is due, as far as there is room, and start to send it; returns how many were claimed."""
        async with self._claiming:
            if not self._office.held:
                return 0
            if self._term != self._office.term:
                await self.recover()
            await self._watch_clock()
            room = IN_FLIGHT - len(self._tasks)
            if room <= 0 or self._stopping:
                return 0
            telegram = await self._telegram_open()
            if not (telegram or self._ways.places):
                return 0
            due: tuple[Delivery, ...] = await self._offload(
                self._outbox.claim,
                self._times.now(),
                self._run,
                room,
                console=self._ways.console,
                elsewhere=not telegram,
                busy=self._ways.pacer.busy(),
                catch_up=catchup.digest,
            )
            self._more = len(due) == room
            for delivery in due:
                self._start(delivery)
            return len(due)

    async def finish(self) -> None:
        """Send until nothing is due and nothing is under way; what waits for a later hour is left."""
        while await self.tick() or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self, seconds: float = DRAIN) -> None:
        """Stop: claim no more, put back what has not left yet, wait for the rest. What is still without an answer
        then stays `sending`, and is in doubt at the next start."""
        self._stopping = True
        async with self._claiming:
            waiting = dict(self._waiting)
        for task in waiting:
            task.cancel()
        for delivery in waiting.values():
            await self._offload(self._outbox.put_back, delivery)
        under_way = self._tasks - waiting.keys()
        late = (await asyncio.wait(under_way, timeout=seconds))[1] if under_way else set()
        for task in late:
            task.cancel()
        await asyncio.gather(*waiting, *under_way, return_exceptions=True)

    async def _watch_clock(self) -> None:
        """A wait is a length of time: a clock set back must not stretch those that have begun."""
        before, self._seen = self._seen, self._times.now()
        if before is not None and self._seen < before - CLOCK_SLACK:
            log.warning("the clock was set back", extra={"from": before, "to": self._seen})
            await self._offload(self._outbox.rewind, self._seen)

    async def _telegram_open(self) -> bool:
        if self.token_dead is not None:
            return False
        if self._gate.look_due(self._times.timer()):
            self._gate.looked(up := await self._ways.messenger.reachable(), self._times.timer())
            if up:
                await self._offload(self._outbox.wake)
        return self._gate.open(self._times.timer())

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._carry(delivery), name=f"delivery-{delivery.id}")
        self._tasks.add(task)
        self._waiting[task] = delivery
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._waiting.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery failed", exc_info=error)

    async def _carry(self, delivery: Delivery) -> None:
        task = asyncio.current_task()
        assert task is not None
        if delivery.looks is None or delivery.lane == "edit" or await self._missing(delivery):
            await self._ways.pacer.turn(delivery.chat.telegram_id, delivery.lane)
            del self._waiting[task]
            await self._call(delivery)
        self._tasks.discard(task)
        # There was more due than room: the next ones need not wait for the next tick. A few at a time, since a claim
        # is a transaction
        if self._more and len(self._tasks) <= IN_FLIGHT - REFILL:
            await self.tick()

    async def _call(self, delivery: Delivery) -> None:
        round_telegram = delivery.chat.kind == "elsewhere"  # what one answers says nothing of the other
        shut = not round_telegram and (self.token_dead is not None or not self._gate.open(self._times.timer()))
        if shut or self._office.remaining() < LEAVES:
            await self._write(self._outbox.put_back, delivery)
            return
        if not await self._write(self._outbox.start, delivery, self._times.now()):
            log.warning("not sent: another sender has taken it over", extra={"delivery": delivery.id})
            return
        if not self._office.held:  # we slept meanwhile: it has certainly not left
            await self._write(self._outbox.retry, delivery, self._times.now(), counts=False)
            return
        answer = await self._send(delivery)
        if not round_telegram:
            self._gate.heard(answer, delivery.chat.key, self._times.timer())
        await self._settle(delivery, answer)

    async def _missing(self, delivery: Delivery) -> bool:
        """Whether a message in doubt goes out again: it is not there and can't arrive any more, or nobody can tell."""
        outbox = self._outbox
        if self._office.remaining() < LEAVES:
            await self._write(outbox.put_back, delivery)
            return False
        proved, now = await self._ways.probe.look(delivery), self._times.now()
        match judged(delivery, proved, now):
            case Found(message_id):
                await self._write(outbox.sent, delivery.id, message_id, now)
                log.info("found", extra={"delivery": delivery.id, "chat": delivery.chat.key, "looks": delivery.looks})
            case Again():
                return True
            case GivenUp(detail):
                await self._write(outbox.dead, delivery, detail, now)
                log.warning("given up", extra={"delivery": delivery.id, "chat": delivery.chat.key, "why": detail})
            case AskLater(wait, missing, whole_chat):
                if whole_chat:
                    await self._write(outbox.freeze, delivery, now, wait)
                await self._write(outbox.looked if missing else outbox.unproved, delivery, now, wait)
        return False

    async def _send(self, delivery: Delivery) -> Answer:
        try:
            message = Message.from_json(delivery.body)
        except (ValueError, TypeError, KeyError) as error:
            return MessageRefused(f"corps illisible : {error}", "ours")
        try:
            return await self._handed(delivery, message)
        except Exception as error:  # a bug of ours, after which nobody knows what left
            log.exception("send failed", extra={"delivery": delivery.id})
            return Unsure(f"{type(error).__name__} dans l'envoi")

    async def _handed(self, delivery: Delivery, message: Message) -> Answer:
        if delivery.chat.kind == "elsewhere" and self._ways.places is not None:
            return await self._ways.places.post(delivery, message)
        chat, plain = delivery.chat.telegram_id, delivery.plain
        if delivery.lane != "edit":
            thread = delivery.thread or None
            return await self._ways.messenger.send(chat, message, plain=plain, reply_to=delivery.about, thread=thread)
        if delivery.about is None:
            return MessageRefused("le message à modifier n'est pas parti", "target")
        return await self._ways.messenger.edit(chat, delivery.about, message, plain=plain)

    async def _settle(self, delivery: Delivery, answer: Answer) -> None:
        outbox, now = self._outbox, self._times.now()
        fields = {"delivery": delivery.id, "chat": delivery.chat.key, "lane": delivery.lane, "item": delivery.item}
        match answer:
            case Sent(message_id):
                await self._write(outbox.sent, delivery.id, message_id, now)
                log.info("sent", extra={**fields, "tries": delivery.tries, "doubts": delivery.doubts})
                return
            case Retry(after, True, detail):
                await self._write(outbox.freeze, delivery, now, after)
                await self._write(outbox.retry, delivery, now, after, counts=False, why=detail)
            case Retry(_, _, detail):
                await self._write(outbox.retry, delivery, now, self._backoff(delivery.tries), counts=True, why=detail)
            case Unsure(detail):
                await self._doubt(delivery, now, detail)
            case Moved(chat_id):
                await self._write(outbox.moved, delivery, chat_id)
            case ChatGone(detail):
                await self._write(outbox.gone, delivery, detail, now)
            case MessageRefused(detail, kind):
                await self._refused(delivery, detail, kind, now)
            case TokenDead(detail):
                self.token_dead = detail
                await self._write(outbox.retry, delivery, now, counts=False)
                log.critical("telegram refuses the token: nothing is sent any more", extra={"answer": detail})
            case _:
                assert_never(answer)
        said = "Moved" if isinstance(answer, Moved) else answer  # a log names no Telegram chat
        log.warning("not sent", extra={**fields, "answer": said})

    async def _doubt(self, delivery: Delivery, now: datetime, why: str) -> None:
        """It is looked for before anything else goes to that chat. An edit simply goes again: twice is once."""
        wait = blind_wait(delivery.doubts + 1) if delivery.lane == "edit" else FIRST_LOOK
        await self._write(self._outbox.freeze, delivery, now, FIRST_LOOK)
        await self._write(self._outbox.doubt, delivery, now, wait, why)

    async def _refused(self, delivery: Delivery, detail: str, kind: str, now: datetime) -> None:
        outbox = self._outbox
        match kind:
            case "rights":
                note = notes.rights(delivery, detail, await self._place(delivery))
                await self._write(outbox.hold, delivery, detail, now, note)
            case "thread":
                note = notes.topic(delivery, detail, await self._place(delivery, delivery.thread))
                await self._write(outbox.hold_topic, delivery, detail, now, note)
            case "target" if delivery.lane == "edit":
                await self._write(outbox.muted, delivery, detail, now)
            case "target" if delivery.about is not None:
                await self._write(outbox.alone, delivery)
            case _ if delivery.plain:
                await self._write(outbox.dead, delivery, detail, now)
            case _:
                await self._write(outbox.plain, delivery, detail)

    async def _place(self, delivery: Delivery, thread: int = 0) -> PlaceName:
        """What the chat or topic is called: asked only where somebody is told of it."""
        chat = delivery.chat
        title = "" if chat.set_by is None else await self._ways.messenger.title(chat.telegram_id)
        return PlaceName(f"c{chat.key}", thread, title, self._ways.messenger.topic(chat.telegram_id, thread))

    def _backoff(self, tries: int) -> timedelta:
        """1, 2, 4 … 60 s, less up to a tenth, so that chats do not come back all at once."""
        seconds = min(LONGEST_RETRY, 2.0 ** min(tries - 1, 10))
        return timedelta(seconds=seconds * (1 - self._times.chance() / 10))

    async def _write(self, method: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Write an answer down, however long the store is locked or full: an answer forgotten is a message doubled."""
        wait = 1.0
        while True:
            try:
                return await self._offload(method, *arguments, **named)
            except StoreError as problem:
                log.warning("answer not written, will try again", extra={"problem": problem, "wait": wait})
            except Exception:
                log.exception("answer not written, will try again", extra={"wait": wait})
            await self._times.sleep(wait)
            wait = min(LONGEST_SETTLE, wait * 2)


class _Gate:
    """Closes where nobody answers, or where Telegram slows the whole bot down. All times are monotonic seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._next_look = 0.0
        self._quiet_until = float("-inf")
        self._flooded: tuple[ChatKey, float, float] | None = None  # chat, when, until

    def open(self, now: float) -> bool:
        return self._failures < GATE_AFTER and now >= self._quiet_until

    def look_due(self, now: float) -> bool:
        return self._failures >= GATE_AFTER and now >= self._next_look

    def looked(self, reachable: bool, now: float) -> None:
        self._next_look = now + GATE_PROBE
        if reachable:
            log.info("telegram answers again")
            self._failures = 0

    def heard(self, answer: Answer, chat: ChatKey, now: float) -> None:
        match answer:
            case Retry(after, True):
                self._failures = 0
                self._slowed(chat, now, now + after.total_seconds())
            case Retry() | Unsure():
                self._failures += 1
                if self._failures == GATE_AFTER:
                    self._next_look = now + GATE_PROBE
                    log.warning("telegram does not answer: nothing is sent until it does", extra={"answer": answer})
            case _:
                self._failures = 0

    def _slowed(self, chat: ChatKey, now: float, until: float) -> None:
        before, self._flooded = self._flooded, (chat, now, until)
        if before is not None and before[0] != chat and now - before[1] <= FLOOD_TOGETHER:
            # the shorter wait: one chat's hours must not silence the others
            self._quiet_until = min(before[2], until)
