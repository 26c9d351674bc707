"""A Messenger straight on the emulated Bot API: no wire, no library, and time as the loop has it."""

import asyncio
import json
from typing import Any

from httpx import ConnectError, ReadError

from bot.delivery.answers import judge, looked, unanswered
from bot.delivery.chat import Answer, CommandMenu, Look, Sent, Stands
from bot.messages.visible import plain as plain_text
from bot.model import Keyboard, Message
from tests.emulator.api import BotApi


class Direct:
    """See `Messenger`. A call takes `seconds`, and what the faults add to it. `down`: the server cannot be reached."""

    def __init__(self, api: BotApi, *, seconds: float = 0.05) -> None:
        self._api = api
        self._seconds = seconds
        self.down = False

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        reply = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
        given = _text(message, plain) | {
            "chat_id": chat_id,
            "disable_notification": message.silent,
            "reply_parameters": reply,
            "message_thread_id": thread,
        }
        answer = await self._call("sendMessage", given)
        return Sent(answer["message_id"]) if isinstance(answer, dict) else answer

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        answer = await self._replace(chat_id, message_id, message, plain)
        return Sent(message_id) if isinstance(looked(answer), Stands) else answer

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        return looked(await self._replace(chat_id, message_id, message, plain))

    async def _replace(self, chat_id: int, message_id: int, message: Message, plain: bool) -> Answer:
        given = _text(message, plain) | {"chat_id": chat_id, "message_id": message_id}
        answer = await self._call("editMessageText", given)
        return Sent(message_id) if isinstance(answer, dict) else answer

    async def reachable(self) -> bool:
        return isinstance(await self._call("getMe", {}), dict)

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        given = {"chat_id": chat_id, "message_id": message_id, "reply_markup": _markup(buttons)}
        answer = await self._call("editMessageReplyMarkup", given)
        return Sent(message_id) if isinstance(answer, dict) else answer

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        given = {
            "chat_id": chat_id,
            "document": content.decode("utf-8", "surrogateescape"),
            "caption": caption,
            "file_name": name,
        }
        given |= {"message_thread_id": thread} if thread else {}
        answer = await self._call("sendDocument", given)
        return Sent(answer["message_id"]) if isinstance(answer, dict) else answer

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None:
        await self._call("answerCallbackQuery", {"callback_query_id": callback, "text": text, "url": url})

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        member = await self._call("getChatMember", {"chat_id": chat_id, "user_id": user_id})
        return isinstance(member, dict) and member["status"] == "administrator"

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        return isinstance(await self._call("getChatMember", {"chat_id": chat_id, "user_id": user_id}), dict)

    async def title(self, chat_id: int) -> str:
        return ""

    def topic(self, chat_id: int, thread: int) -> str:
        return ""

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        return True

    async def typing(self, chat_id: int) -> None: ...

    async def _call(self, method: str, given: dict[str, Any]) -> Any:
        sent = {name: _wire(value) for name, value in given.items() if value is not None}
        if self.down:
            return unanswered(ConnectError("no route"), "no route")
        fault = self._api.fault(method, sent)
        await asyncio.sleep(self._seconds + (fault.delay if fault else 0.0))
        response = self._api.answer(self._api.token, method, sent, fault)
        if response is None:
            return unanswered(ReadError("cut"), f"https://api.example/bot{self._api.token}/{method}")
        await asyncio.sleep(response.late)
        judged = judge(response.status, response.body)
        return json.loads(response.body)["result"] if judged is None else judged


def _text(message: Message, plain: bool) -> dict[str, Any]:
    if plain:
        return {"text": plain_text(message.html)}
    return {
        "text": message.html,
        "parse_mode": "HTML",
        "link_preview_options": {"url": message.preview} if message.preview else {"is_disabled": True},
        "reply_markup": _markup(message.buttons),
    }


def _markup(buttons: Keyboard) -> dict[str, Any] | None:
    keys = [[{"text": key.text} | ({"url": key.url} if key.url else {"callback_data": key.data}) for key in row]
            for row in buttons]  # fmt: skip
    return {"inline_keyboard": keys} if keys else None


def _wire(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
