"""A Messenger straight on the emulated Bot API: no wire, no library, and time as the loop has it."""

import asyncio
import json
from typing import Any

from bot.delivery.answers import judge
from bot.delivery.chat import Answer, CommandMenu, Refused, Sent, Unsure
from bot.delivery.visible import plain as plain_text
from bot.model import Message
from tests.emulator.api import BotApi


class Direct:
    """See `Messenger`. A call takes `seconds`, and what the faults add to it."""

    def __init__(self, api: BotApi, *, seconds: float = 0.05) -> None:
        self._api = api
        self._seconds = seconds

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
        given = _text(message, plain) | {"chat_id": chat_id, "message_id": message_id}
        answer = await self._call("editMessageText", given)
        if isinstance(answer, Refused) and "not modified" in answer.detail:
            return Sent(message_id)
        return Sent(message_id) if isinstance(answer, dict) else answer

    async def reachable(self) -> bool:
        return isinstance(await self._call("getMe", {}), dict)

    async def answer(self, callback: str, text: str = "") -> None:
        await self._call("answerCallbackQuery", {"callback_query_id": callback, "text": text})

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        member = await self._call("getChatMember", {"chat_id": chat_id, "user_id": user_id})
        return isinstance(member, dict) and member["status"] == "administrator"

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        return True

    async def typing(self, chat_id: int) -> None: ...

    async def _call(self, method: str, given: dict[str, Any]) -> Any:
        sent = {name: _wire(value) for name, value in given.items() if value is not None}
        fault = self._api.fault(method, sent)
        await asyncio.sleep(self._seconds + (fault.delay if fault else 0.0))
        response = self._api.answer(self._api.token, method, sent, fault)
        if response is None:
            return Unsure("ligne coupée")
        await asyncio.sleep(response.late)
        judged = judge(response.status, response.body)
        return json.loads(response.body)["result"] if judged is None else judged


def _text(message: Message, plain: bool) -> dict[str, Any]:
    if plain:
        return {"text": plain_text(message.html)}
    keys = [[{"text": key.text} | ({"url": key.url} if key.url else {"callback_data": key.data}) for key in row]
            for row in message.buttons]  # fmt: skip
    return {
        "text": message.html,
        "parse_mode": "HTML",
        "link_preview_options": {"url": message.preview} if message.preview else {"is_disabled": True},
        "reply_markup": {"inline_keyboard": keys} if keys else None,
    }


def _wire(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
