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


@dataclass(frozen=True, slots=True)
class Operators:
    """Those who run Vigie: `admins` are their Telegram ids."""

    store: Store
    offload: Offload
    messenger: Messenger
    clock: Clock
    admins: frozenset[int]

    async def tell(self, item: str, said: Callable[[Language], Message]) -> None:
        """Through the outbox; straight to each of them while none has a chat with us yet. Once for each `item`."""

        if not await self.offload(self.store.notices.readers, self.admins):
            for admin in sorted(self.admins):
                await self.messenger.send(admin, said("fr"))
            return
        await self.offload(self.store.notices.note, Note(item, self.admins, _body(said)), self.clock())

    async def amend(self, item: str, said: Callable[[Language], Message]) -> None:
        """What was told is so no longer: its message says so, wherever it stands."""

        await self.offload(self.store.notices.amend, item, _body(said), self.clock())


def _body(said: Callable[[Language], Message]) -> Callable[[str], Message]:
    return lambda language: said(texts.language_of(language))
