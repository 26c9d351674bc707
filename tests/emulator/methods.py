"""The parameters of the methods Vigie calls: names, types, lengths. Anything else is refused, and remembered."""

import json
from typing import Any

KNOWN: dict[str, dict[str, str]] = {
    "getMe": {},
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getUpdates": {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"},
    "sendMessage": {
        "chat_id!": "int", "text!": "str", "parse_mode": "str", "message_thread_id": "int", "reply_markup": "json",
        "disable_notification": "bool", "link_preview_options": "json", "reply_parameters": "json",
        "protect_content": "bool",
    },
    "sendDocument": {
        "chat_id!": "int", "document!": "str", "caption": "str", "file_name": "str", "message_thread_id": "int",
    },
    "editMessageText": {
        "chat_id!": "int", "message_id!": "int", "text!": "str", "parse_mode": "str", "reply_markup": "json",
        "link_preview_options": "json",
    },
    "editMessageReplyMarkup": {"chat_id!": "int", "message_id!": "int", "reply_markup": "json"},
    "answerCallbackQuery": {
        "callback_query_id!": "str", "text": "str", "show_alert": "bool", "url": "str", "cache_time": "int",
    },
    "setMyCommands": {"commands!": "json", "scope": "json", "language_code": "str"},
    "getChatMember": {"chat_id!": "int", "user_id!": "int"},
    "getChat": {"chat_id!": "int"},
    "sendChatAction": {"chat_id!": "int", "action!": "str", "message_thread_id": "int"},
}  # fmt: skip


class Bad(Exception):
    """The call is refused. `code` is the HTTP status."""

    def __init__(self, description: str, code: int = 400, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}


def read(method: str, given: dict[str, str]) -> dict[str, Any]:
    """Typed parameters. Raises Bad for an unknown, missing or mistyped one."""
    if method not in KNOWN:
        raise Bad("Not Found", 404)
    known = {name.rstrip("!"): kind for name, kind in KNOWN[method].items()}
    required = {name.rstrip("!") for name in KNOWN[method] if name.endswith("!")}
    if unknown := given.keys() - known.keys():
        raise Bad(f"Bad Request: unknown parameters {sorted(unknown)}")
    if missing := required - given.keys():
        raise Bad(f"Bad Request: parameters missing {sorted(missing)}")
    return {name: _typed(name, known[name], value) for name, value in given.items()}


def _typed(name: str, kind: str, value: str) -> Any:
    try:
        if kind == "int":
            return int(value)
        if kind == "json":
            return json.loads(value)
    except ValueError:
        raise Bad(f"Bad Request: can't parse {name}") from None
    if kind == "bool":
        if value.lower() not in ("true", "false"):
            raise Bad(f"Bad Request: {name} is not a boolean")
        return value.lower() == "true"
    return value


def buttons(markup: dict[str, Any] | None, usable: Any) -> tuple[tuple[dict[str, Any], ...], ...]:
    """The rows of an inline keyboard. Raises Bad."""
    if not markup:
        return ()
    if markup.get("force_reply") is True and set(markup) <= {"force_reply", "selective", "input_field_placeholder"}:
        return ()
    if set(markup) != {"inline_keyboard"}:
        raise Bad("Bad Request: object expected as reply markup")
    rows = tuple(tuple(row) for row in markup["inline_keyboard"])
    keys = [key for row in rows for key in row]
    if len(keys) > 100:
        raise Bad("Bad Request: reply markup is too long")
    for key in keys:
        _check_key(key, usable)
    return rows


def _check_key(key: dict[str, Any], usable: Any) -> None:
    if not key.get("text"):
        raise Bad('Bad Request: can\'t parse inline keyboard button: field "text" must be non-empty')
    if ("callback_data" in key) == ("url" in key):
        raise Bad("Bad Request: can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if not 1 <= len(key.get("callback_data", "x").encode()) <= 64:
        raise Bad("Bad Request: BUTTON_DATA_INVALID")
    if "url" in key and not usable(key["url"]):
        raise Bad("Bad Request: BUTTON_URL_INVALID")
