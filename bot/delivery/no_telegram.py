"""Stands where there is no Telegram: its chats wait."""

from datetime import timedelta

from bot.delivery.chat import Answer, CommandMenu, Look, Retry
from bot.model import Keyboard, Message

UNKNOWN = timedelta(hours=1)  # a chat of Telegram, while there is no Telegram
_WAIT = Retry(UNKNOWN, chat_only=True)


class NoTelegram:
    """A Messenger that sends nothing: see `Messenger`."""

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        return _WAIT

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        return _WAIT

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        return _WAIT

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        return _WAIT

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        return _WAIT

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None: ...

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        return False

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        return False

    async def title(self, chat_id: int) -> str:
        return ""

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        return True

    async def reachable(self) -> bool:
        return True

    async def typing(self, chat_id: int) -> None: ...
