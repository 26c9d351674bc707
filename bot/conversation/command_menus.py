"""The commands that clients propose in one chat: told to Telegram when they change, beside everything else."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field

from bot.conversation import menus
from bot.delivery.chat import Messenger
from bot.messages.texts import Language, language_of
from bot.store_thread import Offload
from storage import Store
from storage.chats.model import Chat

log = logging.getLogger("vigie.conversation")


@dataclass(slots=True)
class Offers:
    """A refusal leaves what was known: it is tried again the next time."""

    store: Store
    offload: Offload
    messenger: Messenger
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def review(self, telegram_id: int, client: str | None, *, operator: bool) -> None:
        """Give a chat a list of its own where it needs one: who runs Vigie has more commands, and a chat may speak
        another language than its client (`client` is that one's code)."""
        chat = await self.offload(self.store.chats.find, telegram_id)
        if chat is None:
            return
        before = await self.offload(self.store.chats.offered, chat.key)
        language = language_of(chat.language)
        if before is None and not operator and language == language_of(client):
            return
        # Telegram keeps each call waiting for 1.5 s: nobody else should wait with it
        task = asyncio.create_task(self._publish(chat, language, before, operator=operator), name="chat-menus")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def rest(self) -> None:
        """Until all that is under way is told."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _publish(self, chat: Chat, language: Language, before: str | None, *, operator: bool) -> None:
        own = menus.own_commands(chat, language, operator=operator)
        digest = hashlib.sha256(repr(own).encode()).hexdigest()
        try:
            if digest != before and await self.messenger.set_commands(own):
                await self.offload(self.store.chats.offer, chat.key, digest)
        except Exception:  # a bug of ours, which nobody waits for
            log.exception("commands not offered", extra={"chat": chat.key})
