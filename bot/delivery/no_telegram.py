"""Stands where there is no Telegram: its chats wait."""

from datetime import timedelta
from typing import Any

from bot.delivery.chat import CommandMenu, Retry

UNKNOWN = timedelta(hours=1)  # a chat of Telegram, while there is no Telegram
_WAIT = Retry(UNKNOWN, chat_only=True)


class NoTelegram:
    """A Messenger that sends nothing: see `Messenger`, whatever its calls are given."""

    async def send(self, *_: Any, **__: Any) -> Retry:
        return _WAIT

    edit = probe = keys = file = send

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None: ...

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        return False

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        return False

    async def title(self, chat_id: int) -> str:
        return ""

    def topic(self, chat_id: int, thread: int) -> str:
        return ""

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        return True

    async def reachable(self) -> bool:
        return True

    async def typing(self, chat_id: int) -> None: ...
