"""What an answer of the Bot API means for the message that was sent. Pure."""

import json
from datetime import timedelta
from typing import Any

from bot.delivery.chat import (
    Absent,
    Altered,
    Answer,
    ChatGone,
    Look,
    MessageRefused,
    Moved,
    Retry,
    Sent,
    Stands,
    TokenDead,
    Unsure,
)
from bot.log import redact
from bot.messages import markup

LARGEST = 2**63  # what a column of the store holds is below
DETAIL = 300  # characters of what a server says that are kept
FLOOD_WAIT = timedelta(seconds=30)  # after a 429 that does not say how long
NOT_SENT = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol", "InvalidURL"}
)

# Lower case. An UPPER_CASE code comes as 400 even where 403 would be meant (tdlib/telegram-bot-api, Client.cpp).
_RIGHTS = (
    "not enough rights", "need administrator rights", "have no rights", "chat_write_forbidden", "chat_admin_required",
    "chat_restricted", "chat_send_plain_forbidden", "chat_guest_send_forbidden",
)  # fmt: skip
_THREAD = ("topic_closed", "topic_deleted", "topic_id_invalid", "message thread not found")
_TARGET = (
    "message to edit not found", "message can't be edited", "message_id_invalid", "message to be replied not found",
    "message to reply not found",
)  # fmt: skip
_GONE = ("chat not found", "channel_private", "channel_invalid", "peer_id_invalid", "user not found", "user_is_blocked",
         "user_deactivated", "input_user_deactivated", "group chat was deleted", "group is deactivated")  # fmt: skip


def judge(status: int, payload: bytes) -> Answer | None:
    """The answer that a status and a body stand for; None where the Bot API says `ok` and gives a result."""
    body = _body(payload)
    if status == 429:
        return Retry(_wait(body), chat_only=True)
    if body is None:
        return Unsure(f"réponse {status} illisible")
    if 200 <= status < 300 and body["ok"] and "result" in body:
        return None
    detail = markup.bounded(str(body.get("description") or ""), DETAIL) or f"HTTP {status}"
    if status < 400 or status >= 500:
        return Unsure(detail)
    if status in (401, 404):
        return TokenDead(detail)
    return _refusal(status, detail, _parameters(body))


def _refusal(status: int, detail: str, parameters: dict[str, Any]) -> Answer:
    moved_to = parameters.get("migrate_to_chat_id")
    if type(moved_to) is int and -LARGEST < moved_to < 0:  # only groups move, to supergroups
        return Moved(moved_to)
    said = detail.lower()
    if any(text in said for text in _RIGHTS):
        return MessageRefused(detail, "rights")
    if any(text in said for text in _THREAD):
        return MessageRefused(detail, "thread")
    if any(text in said for text in _TARGET):
        return MessageRefused(detail, "target")
    if status == 403 or any(text in said for text in _GONE):
        return ChatGone(detail)
    return MessageRefused(detail, "ours")


def looked(answer: Answer) -> Look:
    """What an edit says of a message that may read so already. `Sent` is an edit that changed it."""
    match answer:
        case Sent():
            return Altered()
        case MessageRefused(detail, _) if "not modified" in detail.lower() or "not_modified" in detail.lower():
            return Stands()
        case MessageRefused(_, "target"):
            return Absent()
        case _:
            return answer


def unanswered(cause: BaseException | None, detail: str) -> Answer:
    """The answer that a failed exchange stands for, by what made it fail: only some failures prove nothing was sent."""
    name = type(cause).__name__
    if name in NOT_SENT:
        return Retry(timedelta(), chat_only=False)
    if isinstance(cause, UnicodeError):  # the text cannot even be encoded
        return MessageRefused(redact(detail), "ours")
    return Unsure(redact(f"{name}: {detail}" if cause else detail))


def _body(payload: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and isinstance(body.get("ok"), bool) else None


def _parameters(body: dict[str, Any]) -> dict[str, Any]:
    parameters = body.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _wait(body: dict[str, Any] | None) -> timedelta:
    seconds = _parameters(body or {}).get("retry_after")
    if isinstance(seconds, int | float) and 0 < seconds < 1e8:
        return timedelta(seconds=seconds)
    return FLOOD_WAIT
