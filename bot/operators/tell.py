"""A word to those who run Vigie, where the journal goes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.delivery.chat import Messenger
from bot.messages import texts
from bot.messages.texts import Language
from bot.model import Message
from bot.store_thread import Offload
from storage import Store
from storage.chats.model import Note

log = logging.getLogger("vigie.conversation")


@dataclass(slots=True)
class Operators:
    store: Store
    offload: Offload
    messenger: Messenger
    clock: Clock
    admins: Callable[[], frozenset[int]]

    async def tell(self, item: str, said: Callable[[Language], Message]) -> None:
        """Through the outbox; straight to each of them while none has a chat with us yet. Once for each `item`."""

        def body(language: str) -> Message:
            return said(texts.language_of(language))

        admins = self.admins()
        if not await self.offload(self.store.notices.readers, admins):
            for admin in sorted(admins):
                await self.messenger.send(admin, said("fr"))
            return
        await self.offload(self.store.notices.note, Note(item, admins, body), self.clock())

    async def amend(self, item: str, said: Callable[[Language], Message]) -> None:
        """What was told is so no longer: its message says so, wherever it stands."""

        def body(language: str) -> Message:
            return said(texts.language_of(language))

        await self.offload(self.store.notices.amend, item, body, self.clock())
