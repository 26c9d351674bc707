"""Writes down the numbers of our replies, and of what people write: no message in doubt is sought under them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.delivery.chat import Answer, Sent, Unsure
from bot.store_thread import Offload

if TYPE_CHECKING:
    from storage.chats.proof import Proof


@dataclass(frozen=True, slots=True)
class Witness:
    """What leaves beside the outbox: a reply is on record before it leaves, and has its number once it is known. One
    whose answer was lost stays on record: no message is sought in its chat around that moment."""

    proof: "Proof"
    offload: Offload
    clock: Clock

    async def leaves(self, chat_id: int) -> int | None:
        """A reply is about to leave for that chat; what to give to `left`."""
        return await self.offload(self.proof.reply, chat_id, self.clock())

    async def left(self, reply: int | None, answer: Answer) -> None:
        """What became of it."""
        if reply is not None and not isinstance(answer, Unsure):
            number = answer.message_id if isinstance(answer, Sent) else None
            await self.offload(self.proof.replied, reply, number)

    async def came(self, chat_id: int, message_id: int) -> None:
        """Somebody wrote in that chat."""
        await self.offload(self.proof.witness, chat_id, message_id, self.clock())
