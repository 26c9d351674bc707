"""The emulated Bot API without its wire: what it answers, what its readers see, and what a test may do to it."""

import json
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.emulator.chats import Chat, Post, Rates, State
from tests.emulator.entities import BadEntities, parse, usable
from tests.emulator.methods import Bad, buttons, read

TOKEN = "123456789:AAEmulatorTokenThatNobodyElseHas0123456"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Vigie", "username": "vigie_test_bot",
       "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next `times` calls of `method` (in `chat`, with `text` in them, if given), each with
    this `chance`.

    drop: the line is cut before the call is processed · cut: after · garbage: processed, then a body that is no JSON ·
    status: not processed; `status` with `description` and `parameters` as JSON, or `body` as it is · slow: nothing
    else · block, migrate: that happens to the chat, to the id `to`, just before. `delay` seconds pass before anything,
    `late` seconds before the answer leaves. It happens between `since` and `until`, in seconds of the emulator's clock.
    """

    kind: Literal["drop", "cut", "garbage", "status", "slow", "block", "migrate"]
    method: str = "sendMessage"
    chat: int | None = None
    times: int = 1
    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    late: float = 0.0
    text: str = ""
    chance: float = 1.0
    to: int = 0
    since: float = float("-inf")
    until: float = float("inf")

    def concerns(self, method: str, given: dict[str, str], now: float) -> bool:
        return (
            self.since <= now < self.until
            and self.method in (method, "*")
            and self.chat in (None, int(given.get("chat_id", 0)))
            and self.text in given.get("text", "")
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came, when (seconds of the emulator's clock), and its HTTP status (0: the line was cut)."""

    method: str
    parameters: dict[str, Any]
    status: int
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and body; `late` seconds pass before they leave."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    late: float = 0.0


_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")


class BotApi:
    """The Bot API in memory. `clock` gives monotonic seconds, `seed` decides the faults that have a chance."""

    def __init__(
        self, token: str = TOKEN, *, clock: Callable[[], float] = time.monotonic, seed: int = 0, limits: bool = True
    ) -> None:
        """`limits` False: any number of messages at once."""
        self.token = token
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.answered: list[str] = []
        self.files: list[tuple[int, str, bytes]] = []
        self.file_threads: list[int] = []  # the topic of each
        self.webhook = False
        self.clock = clock
        self._limits = limits
        self._chance = random.Random(seed)
        self._chats: dict[int, Chat] = {}
        self._faults: list[Fault] = []
        self._rates = Rates()
        self._updates: list[dict[str, Any]] = []
        self._allowed: list[str] | None = None
        self._poll = 0
        self._number = 0  # of updates and presses
        self._last = 0  # of messages, where chats share their numbers
        self._changed = threading.Condition()
        self._stopped = False

    # --- what a test does ------------------------------------------------------------------------------------------
    def chat(self, chat_id: int, kind: str | None = None) -> Chat:
        """The chat with this id, open, made on first use (private for a positive id, a supergroup else)."""
        with self._changed:
            made = kind or ("private" if chat_id > 0 else "supergroup")
            return self._chats.setdefault(chat_id, Chat(chat_id, made))

    def fail(self, *faults: Fault) -> None:
        """These go wrong, in this order of preference."""
        with self._changed:
            self._faults.extend(faults)

    def faults(self) -> tuple[Fault, ...]:
        """What is still to go wrong."""
        return tuple(self._faults)

    def said(self) -> list[dict[str, Any]]:
        """What has come from chats since the last time: each update once, without a poll."""
        with self._changed:
            said, self._updates = self._updates, []
            return said

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        with self._changed:
            self._faults.clear()

    def user_says(
        self, chat_id: int, text: str, language: str = "fr", *, user: int | None = None, anonymous: bool = False,
        thread: int | None = None, topic: bool = False, as_channel: int | None = None,
    ) -> int:  # fmt: skip
        """Somebody writes in a chat (which opens a private one); returns the number of the message."""
        chat = self.chat(chat_id)
        if chat.kind == "private":
            chat.state = "open"
        message = self._message(chat, user or abs(chat_id), language)
        message["text"] = text
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if anonymous:
            message["sender_chat"] = chat.json()
            message["from"] = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        if as_channel is not None:
            message["sender_chat"] = {"id": as_channel, "type": "channel", "title": "Un canal"}
            message["from"] = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
        if thread is not None:
            message["message_thread_id"] = thread
            if topic:
                message["is_topic_message"] = True
        if chat.kind == "channel":
            message["sender_chat"] = chat.json()
            del message["from"]
        self._push({"channel_post" if chat.kind == "channel" else "message": message})
        return int(message["message_id"])

    def press(self, chat_id: int, message_id: int, data: str, language: str = "fr", *, user: int | None = None) -> str:
        """Somebody presses a button; returns the id of the press, later found in `answered`."""
        chat = self.chat(chat_id)
        post = self._post(chat, message_id)
        shown = {"message_id": message_id, "date": 1_790_000_000, "chat": chat.json(), "text": post.text, "from": BOT}
        shown |= {"message_thread_id": post.thread, "is_topic_message": True} if post.thread else {}
        with self._changed:
            self._number += 1
            press = f"press{self._number}"
        query = {"id": press, "from": _user(user or abs(chat_id), language), "message": shown, "data": data,
                 "chat_instance": "1"}  # fmt: skip
        self._push({"callback_query": query})
        return press

    def membership(self, chat_id: int, status: str, *, user: int | None = None, language: str = "fr") -> None:
        """The bot's own standing in a chat changes: kicked (in private: blocked), left, member, administrator."""
        chat = self.chat(chat_id)
        lost: State = "blocked" if chat.kind == "private" else "left" if status == "left" else "kicked"
        chat.state = "open" if status in ("member", "administrator") else lost
        old = {"user": BOT, "status": "left"}
        new = {"user": BOT, "status": status}
        if status == "kicked":
            new["until_date"] = 0
        if status == "administrator":
            new |= dict.fromkeys(_RIGHTS, False)
        if status == "restricted":
            new |= dict.fromkeys(_PERMISSIONS, False) | {"is_member": True, "until_date": 0}
        change = {"chat": chat.json(), "from": _user(user or abs(chat_id), language), "date": 1_790_000_000,
                  "old_chat_member": old, "new_chat_member": new}  # fmt: skip
        self._push({"my_chat_member": change})

    def topic(self, chat_id: int, thread: int, *, open_: bool) -> None:
        """A topic is closed or opened again, and the chat says so (thread 0: General)."""
        chat = self.chat(chat_id)
        if thread:
            chat.topics[thread] = open_
        chat.shut = chat.shut if thread else not open_
        place = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        event: dict[str, Any] = {"forum_topic_reopened" if open_ else "forum_topic_closed": {}}
        self._push({"message": self._message(chat, 1, "fr") | place | event})

    def migrate(self, old: int, new: int, *, announce: bool = True) -> None:
        """A group becomes a supergroup; `announce` also says so by a service message in each of them."""
        chat = self.chat(old, "group")
        chat.state, chat.migrated_to = "migrated", new
        if announce:
            self._push({"message": self._message(chat, 1, "fr") | {"migrate_to_chat_id": new}})
            self._push({"message": self._message(self.chat(new), 1, "fr") | {"migrate_from_chat_id": old}})

    def flood(self, chat_id: int, seconds: float) -> None:
        """The next calls for this chat are told to wait that long."""
        self._rates.freeze(chat_id, self.clock() + seconds)

    def unheard(self, chat_id: int) -> None:
        """What this chat answered last was read by nobody."""
        self._rates.unheard(chat_id)

    def chats(self) -> tuple[Chat, ...]:
        return tuple(self._chats.values())

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    # --- answering -------------------------------------------------------------------------------------------------
    def fault(self, method: str, given: dict[str, str]) -> Fault | None:
        """What goes wrong with this call, if anything; its `delay` is the caller's to wait."""
        with self._changed:
            for fault in self._faults:
                if fault.concerns(method, given, self.clock()) and (
                    fault.chance >= 1 or self._chance.random() < fault.chance
                ):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def answer(self, token: str, method: str, given: dict[str, str], fault: Fault | None = None) -> Response | None:
        """What a call is answered; None where the line is cut."""
        if fault is not None and fault.kind == "drop":
            return self._done(method, given, None)
        if fault is not None and fault.kind == "status":
            return self._done(method, given, replace(_failed(fault), late=fault.late))
        if fault is not None and fault.kind == "block":
            self.chat(int(given["chat_id"])).state = "blocked"
        if fault is not None and fault.kind == "migrate":
            self.migrate(int(given["chat_id"]), fault.to)
        response = self._process(token, method, given)
        if fault is not None and fault.kind in ("cut", "garbage") and response.status == 429:
            self.unheard(int(given.get("chat_id", 0)))
        if fault is not None and fault.kind == "cut":
            return self._done(method, given, None)
        if fault is not None and fault.kind == "garbage":
            response = Response(response.status, b"<html>bad gateway</html>")
        if fault is not None and fault.late:
            response = replace(response, late=fault.late)
        return self._done(method, given, response)

    def _process(self, token: str, method: str, given: dict[str, str]) -> Response:
        if token != self.token:
            return Response(401, _error(401, "Unauthorized", {}))
        try:
            values = read(method, given)
            result = getattr(self, f"_{method}")(**values)
        except Bad as bad:
            if bad.code == 400 and not bad.parameters and not _expected(bad.description):
                self.violations.append(f"{method}: {bad.description} {given}")
            return _refused(bad.code, bad.description, bad.parameters)
        return Response(200, json.dumps({"ok": True, "result": result}).encode())

    def _done(self, method: str, given: dict[str, Any], response: Response | None) -> Response | None:
        with self._changed:
            self.calls.append(Call(method, dict(given), response.status if response else 0, self.clock()))
            self._changed.notify_all()
        return response

    def _getMe(self) -> dict[str, Any]:  # noqa: N802 - the methods are named as Telegram names them
        return dict(BOT)

    def _deleteWebhook(self, drop_pending_updates: bool = False) -> bool:  # noqa: N802
        self.webhook = False
        return True

    def _getUpdates(  # noqa: N802
        self, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: list[str] | None = None
    ) -> list[dict[str, Any]]:
        if self.webhook:
            raise Bad("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first", 409)
        end = time.monotonic() + min(timeout, 50)
        with self._changed:
            self._poll += 1
            mine = self._poll
            self._changed.notify_all()
            self._allowed = allowed_updates or self._allowed
            if offset > 0:
                self._updates = [update for update in self._updates if update["update_id"] >= offset]
            while not self._updates and not self._stopped and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
                if mine != self._poll:
                    raise Bad("Conflict: terminated by other getUpdates request; make sure that only one bot "
                              "instance is running", 409)  # fmt: skip
            return self._updates[: max(1, min(limit, 100))]

    def _sendMessage(self, chat_id: int, text: str, **options: Any) -> dict[str, Any]:  # noqa: N802
        chat = self._writable(chat_id)
        keys = buttons(options.get("reply_markup"), usable)
        shown, links = self._shown(text, options.get("parse_mode"))
        self._check_preview(options.get("link_preview_options"))
        thread = options.get("message_thread_id", 0)
        if (closed := chat.closed(thread)) is not None:
            raise Bad(closed)
        reply = _answered(chat, options.get("reply_parameters"))
        self._take_turn(chat)
        with self._changed:
            silent = bool(options.get("disable_notification"))
            post = Post(self._next_number(chat), shown, text, links, keys, silent, reply, thread)
            chat.messages.append(post)
        return self._as_message(chat, post)

    def _sendDocument(  # noqa: N802
        self, chat_id: int, document: str, caption: str = "", file_name: str = "", message_thread_id: int = 0
    ) -> dict[str, Any]:
        chat = self._writable(chat_id)
        if len(caption) > 1024:
            raise Bad("Bad Request: message caption is too long")
        if (closed := chat.closed(message_thread_id)) is not None:
            raise Bad(closed)
        self._take_turn(chat)
        with self._changed:
            number = self._next_number(chat)
            self.files.append((chat_id, file_name, document.encode("utf-8", "surrogateescape")))
            self.file_threads.append(message_thread_id)
        return {"message_id": number, "date": 1_790_000_000, "chat": chat.json(), "from": BOT,
                "caption": caption}  # fmt: skip

    def _editMessageText(self, chat_id: int, message_id: int, text: str, **options: Any) -> dict[str, Any]:  # noqa: N802
        chat = self._writable(chat_id)
        post = self._post(chat, message_id)
        keys = buttons(options.get("reply_markup"), usable)
        shown, links = self._shown(text, options.get("parse_mode"))
        self._check_preview(options.get("link_preview_options"))
        self._take_turn(chat)
        if (shown, links, keys) == (post.text, post.links, post.buttons):
            raise Bad("Bad Request: message is not modified: specified new message content and reply markup are "
                      "exactly the same as a current content and reply markup of the message")  # fmt: skip
        post.before += (post.text,)
        post.text, post.html, post.links, post.buttons = shown, text, links, keys
        post.edits += 1
        return self._as_message(chat, post)

    def _editMessageReplyMarkup(  # noqa: N802
        self, chat_id: int, message_id: int, reply_markup: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        chat = self._writable(chat_id)
        post = self._post(chat, message_id)
        self._take_turn(chat)
        post.buttons = buttons(reply_markup, usable)
        post.edits += 1
        return self._as_message(chat, post)

    def _answerCallbackQuery(self, callback_query_id: str, text: str = "", **options: Any) -> bool:  # noqa: N802
        if len(text) > 200:
            raise Bad("Bad Request: MESSAGE_TOO_LONG")
        if callback_query_id in self.answered:
            raise Bad("Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.append(callback_query_id)
        return True

    def _setMyCommands(  # noqa: N802
        self, commands: list[dict[str, str]], scope: dict[str, Any] | None = None, language_code: str = ""
    ) -> bool:
        names = [command["command"] for command in commands]
        good = all(_COMMAND.fullmatch(name) for name in names) and len(set(names)) == len(names) <= 100
        if not good or not all(1 <= len(command["description"]) <= 256 for command in commands):
            raise Bad("Bad Request: BOT_COMMAND_INVALID")
        self.commands[self._audience(scope or {"type": "default"}), language_code] = commands
        return True

    def _audience(self, scope: dict[str, Any]) -> str:
        """The scope's type, with the chat of one that has one: a chat that never spoke to us is refused."""
        kind = scope.get("type", "")
        if kind in _SCOPES and set(scope) == {"type"}:
            return str(kind)
        if kind not in ("chat", "chat_administrators") or set(scope) != {"type", "chat_id"}:
            raise Bad("Bad Request: BotCommandScope is invalid")
        there = self._writable(int(scope["chat_id"]))
        if there.kind == "channel" or (kind == "chat_administrators" and there.kind == "private"):
            raise Bad("Bad Request: BotCommandScope is invalid for this chat")
        return f"{kind} {there.id}"

    def _getChatMember(self, chat_id: int, user_id: int) -> dict[str, Any]:  # noqa: N802
        if chat_id not in self._chats:
            raise Bad("Bad Request: chat not found")
        member: dict[str, Any] = {"user": _user(user_id, "fr"), "status": "member"}
        if user_id in self._chats[chat_id].admins:
            member |= {"status": "administrator"} | dict.fromkeys(_RIGHTS, False)
        if user_id in self._chats[chat_id].strangers:
            member["status"] = "left"
        return member

    def _getChat(self, chat_id: int) -> dict[str, Any]:  # noqa: N802
        return self._writable(chat_id).json() | {"accent_color_id": 0, "max_reaction_count": 11}

    def _sendChatAction(self, chat_id: int, action: str, message_thread_id: int = 0) -> bool:  # noqa: N802
        self._writable(chat_id)
        return True

    # --- checks ----------------------------------------------------------------------------------------------------
    def _writable(self, chat_id: int) -> Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            raise Bad("Bad Request: chat not found")
        if (refusal := chat.refusal()) is not None:
            raise Bad(refusal[1], refusal[0], refusal[2])
        return chat

    def _shown(self, text: str, parse_mode: str | None) -> tuple[str, tuple[str, ...]]:
        if parse_mode not in (None, "HTML"):
            raise Bad("Bad Request: unsupported parse_mode")
        shown, links = text, ()
        if parse_mode == "HTML":
            try:
                parsed = parse(text)
            except BadEntities as bad:
                raise Bad(f"Bad Request: can't parse entities: {bad}") from None
            shown, links = parsed.text, tuple(entity.url for entity in parsed.entities if entity.url)
            self.violations.extend(f"link dropped: {url!r}" for url in parsed.dropped)
            if len(parsed.entities) > 100:
                self.violations.append(f"{len(parsed.entities)} entities, 100 are kept")
        shown = shown.strip()
        if not shown:
            raise Bad("Bad Request: message text is empty")
        if len(shown) > 4096:
            raise Bad("Bad Request: message is too long")
        return shown, links

    def _check_preview(self, options: dict[str, Any] | None) -> None:
        if options and "url" in options and not usable(options["url"]):
            raise Bad("Bad Request: WEBPAGE_URL_INVALID")

    def _take_turn(self, chat: Chat) -> None:
        refused = self._rates.refuse(chat, self.clock()) if self._limits else None
        if refused is None:
            return
        wait, warned = refused
        if warned:
            self.violations.append(f"chat {chat.id}: called again before retry_after")
        raise Bad(f"Too Many Requests: retry after {wait}", 429, {"retry_after": wait})

    def _post(self, chat: Chat, message_id: int) -> Post:
        if message_id in chat.of_others:
            raise Bad("Bad Request: message can't be edited")
        if (post := chat.post(message_id)) is None:
            raise Bad("Bad Request: message to edit not found")
        return post

    def _next_number(self, chat: Chat) -> int:
        """Private chats and basic groups share one sequence, that of the bot; others have one each."""
        if chat.counts_alone:
            chat.last += 1
            return chat.last
        self._last += 1
        return self._last

    def _as_message(self, chat: Chat, post: Post) -> dict[str, Any]:
        return {"message_id": post.id, "date": 1_790_000_000, "chat": chat.json(), "from": BOT, "text": post.text}

    def _message(self, chat: Chat, user: int, language: str) -> dict[str, Any]:
        with self._changed:
            number = self._next_number(chat)
            chat.of_others.add(number)
            return {"message_id": number, "date": 1_790_000_000, "chat": chat.json(),
                    "from": _user(user, language)}  # fmt: skip

    def _push(self, update: dict[str, Any]) -> None:
        with self._changed:
            if self._allowed is not None and not self._allowed_kind(update):
                return
            self._number += 1
            self._updates.append({"update_id": self._number, **update})
            self._changed.notify_all()

    def _allowed_kind(self, update: dict[str, Any]) -> bool:
        return self._allowed is not None and next(iter(update)) in self._allowed


_RIGHTS = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
           "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
           "can_edit_stories", "can_delete_stories")  # fmt: skip


_PERMISSIONS = ("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
                "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
                "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages",
                "can_manage_topics", "can_edit_tag", "can_react_to_messages")  # fmt: skip


def _answered(chat: Chat, parameters: dict[str, Any] | None) -> int | None:
    """The message that is answered; None where there is none, or where it is gone and that was allowed for."""
    if not parameters:
        return None
    if chat.post(parameters["message_id"]) is not None:
        return int(parameters["message_id"])
    if parameters.get("allow_sending_without_reply"):
        return None
    raise Bad("Bad Request: message to be replied not found")


def _expected(description: str) -> bool:
    """Refusals that come from the state of a chat, or of a message, and not from a badly made call."""
    said = (
        "chat not found",
        "not enough rights",
        "need administrator rights",
        "topic_closed",
        "message is not modified",
        "too old",
        "edit not found",
        "can't be edited",
        "thread not found",
    )
    return any(text in description.lower() for text in said)


def _user(user: int, language: str) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "Claire", "language_code": language}


def _failed(fault: Fault) -> Response:
    if fault.body is not None:
        return Response(fault.status, fault.body)
    return _refused(fault.status, fault.description, fault.parameters)


def _refused(status: int, description: str, parameters: dict[str, Any]) -> Response:
    """As tdlib/telegram-bot-api writes it: what it forbids by a code alone, `CHANNEL_PRIVATE`, comes as 400."""
    if status == 403 and _CODE.fullmatch(description):
        status, description = 400, f"Bad Request: {description}"
    wait = parameters.get("retry_after")
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Response(status, _error(status, description, parameters), headers)


def _error(status: int, description: str, parameters: dict[str, Any]) -> bytes:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()
