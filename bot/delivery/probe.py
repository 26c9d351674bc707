"""Looks for a message in doubt in its chat, and changes nothing there: an edit to what it reads already."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from bot.clock import Clock
from bot.delivery.chat import (
    Absent,
    Altered,
    ChatGone,
    MessageRefused,
    Messenger,
    Moved,
    Retry,
    Stands,
    TokenDead,
    Unsure,
)
from bot.delivery.pacer import Pacer
from bot.model import Message
from bot.store_thread import Offload
from storage.chats.model import Delivery

if TYPE_CHECKING:
    from storage.chats.proof import Proof

log = logging.getLogger("vigie.probe")


@dataclass(frozen=True, slots=True)
class Found:
    """It arrived, and bears this number."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Under none of the numbers that it could bear."""


@dataclass(frozen=True, slots=True)
class Unprovable:
    """Nobody can tell: to ask is forbidden, useless, or could change another message."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Who was asked did not answer; `after` is what they ask to wait for, None where they do not say."""

    after: timedelta | None = None


Proved = Found | Missing | Unprovable | Unanswered


class Probe:
    """Asks chats for messages in doubt, at the pace of edits. `allowed`: the operator's own word.

    One answer that says something was changed ends it for all chats, until an operator says that it may go on
    (`vigie doctor --probe`).
    """

    def __init__(
        self,
        proof: "Proof",
        offload: Offload,
        messenger: Messenger,
        pacer: Pacer,
        clock: Clock,
        *,
        allowed: bool = True,
    ) -> None:
        self._proof = proof
        self._offload = offload
        self._messenger = messenger
        self._pacer = pacer
        self._clock = clock
        self._allowed = allowed

    async def look(self, delivery: Delivery) -> Proved:
        """Where a message is whose answer was lost. Not for edits: done twice, they are done once."""
        if not self._allowed or delivery.chat.kind in ("console", "elsewhere"):
            return Unprovable()
        numbers = await self._offload(self._proof.candidates, delivery.id)
        if numbers is None:
            return Unprovable()
        try:
            message = Message.from_json(delivery.body)
        except (ValueError, TypeError, KeyError):
            return Unprovable()
        return await self._among(numbers, delivery, message)

    async def _among(self, numbers: tuple[int, ...], delivery: Delivery, message: Message) -> Proved:
        chat = delivery.chat.telegram_id
        for number in numbers:
            await self._pacer.turn(chat, "edit")
            match await self._messenger.probe(chat, number, message, plain=delivery.plain):
                case Stands():
                    return Found(number)
                case Absent():
                    pass
                case Altered():
                    await self._alarm(delivery, number)
                    return Unprovable()
                case Retry(after, True):
                    return Unanswered(after)
                case Retry() | Unsure() | TokenDead():
                    return Unanswered()
                case Moved() | ChatGone() | MessageRefused():
                    return Missing()  # it is not there to be read; the next call says so too
                case never:
                    assert_never(never)
        return Missing()

    async def _alarm(self, delivery: Delivery, number: int) -> None:
        log.critical("a probe changed a message: no more probes", extra={"delivery": delivery.id, "number": number})
        await self._offload(self._proof.forbid, f"@{delivery.chat.key} {number}", self._clock())
