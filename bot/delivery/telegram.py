"""Telegram: the only module that knows python-telegram-bot."""

import asyncio
import json
import logging
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar, get_args

import telegram as ptb
from telegram.constants import ChatAction, ParseMode
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.delivery.answers import LARGEST, judge, looked, unanswered
from bot.delivery.chat import (
    Answer,
    Audience,
    CommandMenu,
    Look,
    MessageRefused,
    OnIncoming,
    Retry,
    Sent,
    TokenDead,
    Unsure,
)
from bot.delivery.in_hand import InHand
from bot.delivery.place_names import NamesHeard
from bot.messages.visible import plain as plain_text
from bot.model import Button, Incoming, Keyboard, Message, person
from bot.web.fetch import tls
from bot.web.network import DIRECT, Network
from bot.web.post import only_short
from matchers.language.graphemes import border

log = logging.getLogger("vigie.telegram")

UPDATES = ("message", "callback_query", "my_chat_member", "channel_post")
CONNECT, EXCHANGE = 5.0, 30.0  # seconds: PTB's 5 s for everything turns slow answers into doubts
LONG_POLL = timedelta(seconds=50)  # the server's own ceiling
WHOLE = 180.0  # seconds for a call, however slowly its answer comes
BREATH = 1.0  # seconds between two polls that bring nothing
GLANCE = 0.3  # seconds between two polls while somebody is being answered
FAREWELL = 1.0  # seconds to tell the server, as we stop, what was answered
CONFLICT_WAIT = 60.0  # seconds left to the other instance
LONGEST_WAIT = 30.0  # seconds between two attempts to reach the server again
BELIEVED = 300.0  # seconds: who reads a chat, and what it is called
MENU_PAUSE = 1.5  # seconds between two calls of setMyCommands
HANDLERS_END = 0.8  # seconds left to commands under way when we stop: the courier has had half of the 5 there are
INTRODUCTION = 5.0  # seconds: a server that is slow to say who we are must hold up neither the start nor the polls
ANSWER_LIMIT = 200  # characters of the answer to a press
_NAMED = re.compile(r"(/\w+)?@(\w+)(.*)", re.DOTALL)

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_SCOPES: dict[Audience, ptb.BotCommandScope] = {
    "everyone": ptb.BotCommandScopeDefault(),
    "private": ptb.BotCommandScopeAllPrivateChats(),
    "groups": ptb.BotCommandScopeAllGroupChats(),
    "group_admins": ptb.BotCommandScopeAllChatAdministrators(),
}
_CHAT_SCOPES: dict[Audience, Callable[[int], ptb.BotCommandScope]] = {
    "chat": ptb.BotCommandScopeChat,
    "chat_admins": ptb.BotCommandScopeChatAdministrators,
}
assert {*_SCOPES, *_CHAT_SCOPES} == set(get_args(Audience))


class TokenRefused(Exception):
    """Telegram does not know this token. The text is one French line for the operator."""


class _Answered(NetworkError):
    """What Telegram, or the way to it, said instead of yes."""

    def __init__(self, answer: Answer, status: int = 0) -> None:
        super().__init__(str(answer))
        self.answer = answer
        self.status = status


class _Request(HTTPXRequest):
    """Judges the bare status and body: PTB folds a 429 without parameters, a 502 and a cut line into one class."""

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            async with asyncio.timeout(WHOLE):
                status, payload = await super().do_request(url, method, *args, **kwargs)
        except TelegramError as error:
            raise _Answered(unanswered(error.__cause__, error.message)) from error
        except Exception as error:  # whatever else the HTTP library throws: the class decides whether it was sent
            raise _Answered(unanswered(error, str(error))) from error
        answer = judge(status, payload)
        if answer is None and url.endswith(("/sendMessage", "/sendDocument")) and not _has_id(payload):
            answer = Unsure("réponse sans numéro de message")
        if answer is not None:
            raise _Answered(answer, status)
        return status, _legible(payload) if url.endswith("/getUpdates") else payload


def _has_id(payload: bytes) -> bool:
    result = json.loads(payload)["result"]
    number = result.get("message_id") if isinstance(result, dict) else None
    return type(number) is int and 0 < number < LARGEST


def _legible(payload: bytes) -> bytes:
    """Updates as they came; one that PTB cannot read by its number alone, since it would hide all those beside it."""
    body = json.loads(payload)
    if not isinstance(body["result"], list) or _reads(body["result"]):
        return payload
    numbered = [each for each in body["result"] if isinstance(each, dict) and type(each.get("update_id")) is int]
    body["result"] = [each if _reads([each]) else {"update_id": each["update_id"]} for each in numbered]
    log.error("update unreadable", extra={"updates": sum(len(each) == 1 for each in body["result"])})
    return json.dumps(body).encode()


def _reads(updates: list[Any]) -> bool:
    try:
        ptb.Update.de_list(updates, None)
    except Exception:  # PTB looks up what must be there, and says so in many ways
        return False
    return True


async def _told(call: Awaitable[_Value]) -> _Value:
    """What the server answers. Raises TelegramError, also where what it says is no answer to that call."""
    try:
        return await call
    except TelegramError:
        raise
    except Exception as problem:  # of a reader of PTB's
        raise _Answered(Unsure(f"réponse illisible ({type(problem).__name__})")) from problem


class Telegram:
    """A bot on Telegram, or on another Bot API server. An async context manager.

    Entering asks who we are: raises `TokenRefused` for a token the server does not know; a server that cannot be
    reached is no error, it is tried again while listening.
    """

    def __init__(
        self, token: str, api_url: str | None = None, network: Network = DIRECT, *, menu_pause: float = MENU_PAUSE
    ) -> None:
        """`api_url`: a server that answers at `/bot<token>/<method>`; None is Telegram's own. `network` leads there."""
        server = (api_url or "https://api.telegram.org").rstrip("/")
        self._server = server
        self._proxy = network.proxy_for(server)
        self._requests = (_request(server, network, pool=64), _request(server, network, pool=2))
        self._bot = ptb.Bot(
            token=token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._menu_pause = menu_pause
        self._menu_turn = asyncio.Lock()
        self._menu_at = -menu_pause
        self._poller: asyncio.Task[None] | None = None
        self._in_hand = InHand()
        self._last: dict[int, asyncio.Task[None]] = {}
        self._members: dict[tuple[int, int], tuple[ptb.ChatMember, float]] = {}
        self._titles: dict[int, tuple[str, float]] = {}
        self._heard = NamesHeard()
        self.username = ""
        """The bot's own name, without @; empty until the server has told it."""

    @property
    def number(self) -> int:
        """The number of the bot itself, which is the first part of its token."""
        return int(self._bot.token.partition(":")[0])

    def __repr__(self) -> str:
        return f"Telegram({self._server!r})"

    async def __aenter__(self) -> Self:
        # Not Bot.initialize(): it insists on an answer from the server
        answer = await self._introduce()
        if isinstance(answer, TokenDead):
            await self._close()
            raise TokenRefused(f"Telegram refuse le jeton du bot ({answer.detail}) : vérifiez-le auprès de @BotFather")
        if answer is not None:
            log.warning(
                "telegram unreachable, will try again",
                extra={"server": self._server, "proxy": self._proxy, "answer": answer},
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._poller is not None:
            self._poller.cancel()
            with suppress(asyncio.CancelledError):
                await self._poller
        await self._finish_handlers()
        await self._close()

    # --- sending ---------------------------------------------------------------------------------------------------
    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        """See `Messenger.send`."""
        try:
            sent = await _told(
                self._bot.send_message(
                    chat_id,
                    plain_text(message.html) if plain else message.html,
                    parse_mode=None if plain else ParseMode.HTML,
                    disable_notification=message.silent,
                    link_preview_options=_preview(None if plain else message.preview),
                    reply_markup=None if plain else _keyboard(message),
                    reply_parameters=_reply(reply_to),
                    message_thread_id=thread,
                )
            )
        except TelegramError as error:
            return _answer(error)
        return Sent(sent.message_id)

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        """See `Messenger.edit`."""
        return _edited(message_id, await self._replace(chat_id, message_id, message, plain=plain))

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        """See `Messenger.probe`."""
        return looked(await self._replace(chat_id, message_id, message, plain=plain))

    async def _replace(self, chat_id: int, message_id: int, message: Message, *, plain: bool) -> Answer:
        try:
            await _told(
                self._bot.edit_message_text(
                    plain_text(message.html) if plain else message.html,
                    chat_id,
                    message_id,
                    parse_mode=None if plain else ParseMode.HTML,
                    link_preview_options=_preview(None if plain else message.preview),
                    reply_markup=None if plain else _inline(message.buttons),
                )
            )
        except TelegramError as error:
            return _answer(error)
        return Sent(message_id)

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        """See `Messenger.keys`."""
        try:
            await _told(self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=_inline(buttons)))
        except TelegramError as error:
            return _edited(message_id, _answer(error))
        return Sent(message_id)

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        """See `Messenger.file`."""
        try:
            upload = self._bot.send_document(chat_id, content, caption=caption, filename=name, message_thread_id=thread)
            sent = await _told(upload)
        except TelegramError as error:
            return _answer(error)
        return Sent(sent.message_id)

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None:
        """See `Messenger.answer`."""
        shown = text[: border(text, ANSWER_LIMIT)] or None
        await self._quietly(self._bot.answer_callback_query(callback, shown, url=url))

    async def typing(self, chat_id: int) -> None:
        """See `Messenger.typing`."""
        await self._quietly(self._bot.send_chat_action(chat_id, ChatAction.TYPING))

    async def reachable(self) -> bool:
        """See `Messenger.reachable`."""
        return await self._introduce() is None

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_admin`. Believed for five minutes."""
        member = await self._member(chat_id, user_id)
        return member is not None and member.status in (ptb.ChatMember.OWNER, ptb.ChatMember.ADMINISTRATOR)

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_member`. Believed for five minutes."""
        member = await self._member(chat_id, user_id)
        if isinstance(member, ptb.ChatMemberRestricted):
            return member.is_member
        return member is not None and member.status not in (ptb.ChatMember.LEFT, ptb.ChatMember.BANNED)

    async def _member(self, chat_id: int, user_id: int) -> ptb.ChatMember | None:
        known, until = self._members.get((chat_id, user_id), (None, 0.0))
        if time.monotonic() < until:
            return known
        try:
            member = await _told(self._bot.get_chat_member(chat_id, user_id))
        except TelegramError as error:
            log.info("chat member unknown", extra={"answer": _answer(error)})
            return None
        self._members = _remembered(self._members, (chat_id, user_id), member)
        return member

    async def title(self, chat_id: int) -> str:
        """See `Messenger.title`. Believed for five minutes."""
        known, until = self._titles.get(chat_id, ("", 0.0))
        if time.monotonic() < until:
            return known
        try:
            title = (await _told(self._bot.get_chat(chat_id))).title or ""
        except TelegramError as error:
            log.info("chat title unknown", extra={"answer": _answer(error)})
            return self._heard.of(chat_id)
        self._titles = _remembered(self._titles, chat_id, title)
        return title

    def topic(self, chat_id: int, thread: int) -> str:
        """See `Messenger.topic`."""
        return self._heard.of(chat_id, thread)

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        """See `Messenger.set_commands`. Calls are 1.5 s apart, whoever asks: the server is touchy about them."""
        for menu in menus:
            async with self._menu_turn:
                await asyncio.sleep(self._menu_at + self._menu_pause - time.monotonic())
                try:
                    set_them = self._bot.set_my_commands
                    await _told(set_them(menu.commands, scope=_scope(menu), language_code=menu.language))
                except TelegramError as error:
                    log.warning("commands not published", extra={"audience": menu.audience, "answer": _answer(error)})
                    return False
                finally:
                    self._menu_at = time.monotonic()
        return True

    async def _quietly(self, call: Awaitable[Any]) -> None:
        try:
            await _told(call)
        except TelegramError as error:
            log.info("not shown", extra={"answer": _answer(error)})

    async def _introduce(self) -> Answer | None:
        """Learn who we are; None where the server told it."""
        try:
            async with asyncio.timeout(INTRODUCTION):
                me = await _told(self._bot.get_me())
        except TimeoutError:
            return Unsure("pas de réponse")
        except TelegramError as error:
            return _answer(error)
        self.username = me.username or ""
        return None

    # --- listening -------------------------------------------------------------------------------------------------
    def listen(self, on_incoming: OnIncoming) -> None:
        """See `Listener.listen`."""
        self.stop_listening()
        self._poller = asyncio.create_task(self._listen(on_incoming), name="telegram-updates")

    def stop_listening(self) -> None:
        """See `Listener.stop_listening`."""
        if self._poller is not None:
            self._poller.cancel()

    async def hush(self) -> None:
        """See `Listener.hush`."""
        listened = self._poller is not None and not self._poller.done()
        self.stop_listening()
        await self._finish_handlers()
        if not listened or not (offset := self._in_hand.offset(time.monotonic())):
            return
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await _told(self._bot.get_updates(offset, limit=1, timeout=0, allowed_updates=UPDATES))

    async def _listen(self, on_incoming: OnIncoming) -> None:
        """Ask for what was said until cancelled. The server forgets what is before the number that we ask from: that is
        the first whose answer is under way, so that who is killed in the middle leaves it to the next."""
        failures, came = 0, False
        said_before: list[ptb.Update] = []  # told as read before we touch it: who came before us may have died of it
        while True:
            try:
                if failures or not came:
                    await self._open_line()
                asked = time.monotonic()
                offset = self._in_hand.offset(asked) if came else None
                updates = await self._ask(offset, hurried=bool(said_before) or not came)
            except TelegramError as error:
                failures += 1
                if not await self._hold_on(error, failures):
                    return
                continue
            failures = 0
            numbered = (each for each in updates if type(each.update_id) is int)
            new = [each for each in numbered if self._in_hand.take(each.update_id, asked)]
            if not came:
                said_before, came = new, True
                for update in new:
                    self._in_hand.answered(update.update_id)
                continue
            for update in (*said_before, *new):
                self._hand_over(update, on_incoming)
            if self._in_hand and self._last:
                await asyncio.wait(set(self._last.values()), timeout=GLANCE)
            elif not new:  # a server that does not wait would be asked without end
                await asyncio.sleep(asked + BREATH - time.monotonic())
            said_before = []

    async def _ask(self, offset: int | None, *, hurried: bool) -> tuple[ptb.Update, ...]:
        wait = timedelta() if hurried or self._in_hand else LONG_POLL
        return await _told(self._bot.get_updates(offset, timeout=wait, read_timeout=EXCHANGE, allowed_updates=UPDATES))

    async def _open_line(self) -> None:
        """Before the first poll, and after each break: a webhook left by somebody would refuse every poll."""
        if not self.username:
            self.username = (await _told(self._bot.get_me())).username or ""
        await _told(self._bot.delete_webhook())

    async def _hold_on(self, error: TelegramError, failures: int) -> bool:
        """Say what is wrong and wait as long as it deserves; False where waiting is of no use."""
        answer = _answer(error)
        if isinstance(answer, TokenDead):
            log.critical("telegram refuses the token: commands are no longer read", extra={"answer": answer.detail})
            return False
        wait = min(LONGEST_WAIT, 2.0 ** min(failures - 1, 10))
        if isinstance(error, _Answered) and error.status == 409:
            wait = CONFLICT_WAIT
            log.error("another instance reads this bot's messages: stop one of them", extra={"again_in": wait})
        elif isinstance(answer, Retry) and answer.after:
            wait = answer.after.total_seconds()
        else:
            level = logging.WARNING if failures == 1 else logging.INFO
            log.log(level, "telegram unreachable", extra={"answer": answer, "failures": failures, "again_in": wait})
        await asyncio.sleep(wait)
        return True

    def _hand_over(self, update: ptb.Update, on_incoming: OnIncoming) -> None:
        incoming = None
        try:
            for chat, thread, name in names_in(update):
                self._heard.hear(chat, thread, name)
            incoming = to_incoming(update, self.username)
            kept = incoming is not None and _is_kept(incoming)
        except Exception:  # of other types than it should be: the listening goes on
            log.exception("update unreadable")
            kept = False
        if incoming is None or not kept:
            self._in_hand.answered(update.update_id)
            return
        before = self._last.get(incoming.chat)
        task = asyncio.create_task(self._handle(incoming, on_incoming, before))
        self._last[incoming.chat] = task
        task.add_done_callback(lambda done: self._forget(incoming.chat, update.update_id, done))

    def _forget(self, chat: int, number: int, done: asyncio.Task[None]) -> None:
        if not done.cancelled():
            self._in_hand.answered(number)
        if self._last.get(chat) is done:
            del self._last[chat]

    async def _handle(self, incoming: Incoming, on_incoming: OnIncoming, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await on_incoming(incoming)
        except Exception:  # a bug of ours: this command is lost, the listening goes on
            log.exception("command failed", extra={"kind": incoming.kind})

    # --- closing ---------------------------------------------------------------------------------------------------
    async def _finish_handlers(self) -> None:
        if not self._last:
            return
        # The last of each chat ends after all those before it
        _, late = await asyncio.wait(set(self._last.values()), timeout=HANDLERS_END)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _close(self) -> None:
        for request in self._requests:
            await request.shutdown()


def _scope(menu: CommandMenu) -> ptb.BotCommandScope:
    if menu.chat is None:
        return _SCOPES[menu.audience]
    return _CHAT_SCOPES[menu.audience](menu.chat)


def to_incoming(update: ptb.Update, username: str) -> Incoming | None:
    """The update without its Telegram types; None for what no part of Vigie listens to."""
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    message = update.message or update.channel_post
    return _message(message, username) if message is not None else None


def _is_kept(incoming: Incoming) -> bool:
    """Whether the store can hold its numbers."""
    numbers = (incoming.chat, incoming.user, incoming.message, incoming.thread, incoming.reply_to, incoming.moved_to)
    return all(abs(each or 0) < LARGEST for each in numbers)


def names_in(update: ptb.Update) -> Iterator[tuple[int, int, str]]:
    """The names that an update bears: that of its group or channel, that of its topic. Each message of a topic quotes
    the one that opened it."""
    chat, message = update.effective_chat, update.effective_message
    if chat is not None and chat.title:
        yield chat.id, 0, chat.title
    if chat is None or message is None or not message.message_thread_id:
        return
    opening = message.reply_to_message.forum_topic_created if message.reply_to_message is not None else None
    named = message.forum_topic_edited or message.forum_topic_created or opening
    if named is not None and named.name:
        yield chat.id, message.message_thread_id, named.name


def _said(message: ptb.Message) -> str:
    """What it says, the caption of a picture too, with the addresses behind its words."""
    hidden = [each.url for each in (*message.entities, *message.caption_entities) if each.url]
    return "\n".join((message.text or message.caption or "", *hidden))


def _message(message: ptb.Message, username: str) -> Incoming | None:
    if message.migrate_to_chat_id is not None:
        return Incoming("migration", message.chat.id, _kind(message.chat), moved_to=message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Incoming("migration", message.migrate_from_chat_id, _kind(message.chat), moved_to=message.chat.id)
    if message.forum_topic_closed is not None or message.forum_topic_reopened is not None:
        thread = message.message_thread_id if message.is_topic_message else None
        now = "closed" if message.forum_topic_closed is not None else "open"
        return Incoming("topic", message.chat.id, _kind(message.chat), text=now, thread=thread)
    said = _said(message)
    text = addressed(said, username)
    if not text and (message.chat.type != "private" or message.effective_attachment is None):
        return None  # in private, who sends a voice or a picture is told that only words are read
    itself = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    writer = message.from_user if message.sender_chat is None else None
    return Incoming(
        "message",
        message.chat.id,
        _kind(message.chat),
        user=person(writer.id) if writer is not None else None,
        language=message.from_user.language_code if message.from_user is not None else None,
        text=text,
        message=message.message_id,
        # a reply inside General carries a thread id that is no topic
        thread=message.message_thread_id if message.is_topic_message else None,
        reply_to=message.reply_to_message.message_id if message.reply_to_message is not None else None,
        anonymous=itself,
        called=text != said,
    )


def _press(query: ptb.CallbackQuery) -> Incoming | None:
    if query.message is None or query.data is None:
        return None
    shown = query.message if isinstance(query.message, ptb.Message) else None  # else it is too old to be read
    return Incoming(
        "press",
        query.message.chat.id,
        _kind(query.message.chat),
        user=person(query.from_user.id),
        language=query.from_user.language_code,
        message=query.message.message_id,
        thread=shown.message_thread_id if shown is not None and shown.is_topic_message else None,
        callback=query.id,
        data=query.data,
    )


def _membership(change: ptb.ChatMemberUpdated) -> Incoming:
    return Incoming(
        "membership",
        change.chat.id,
        _kind(change.chat),
        user=person(change.from_user.id),
        language=change.from_user.language_code,
        text=_standing(change.new_chat_member),
    )


def _standing(member: ptb.ChatMember) -> str:
    """Our own status; `restricted` where we may not write."""
    if isinstance(member, ptb.ChatMemberRestricted):
        return "left" if not member.is_member else "member" if member.can_send_messages else "restricted"
    if isinstance(member, ptb.ChatMemberAdministrator) and member.can_post_messages is False:
        return "restricted"
    return str(member.status)


def addressed(text: str, username: str) -> str:
    """`text` without our name after its command (`/aide@vigie_bot`) or before all (`@vigie_bot aide`); "" for a command
    meant for another bot."""
    found = _NAMED.match(text)
    if found is None:
        return text
    command, bot, rest = found.groups()
    if bot.lower() == username.lower() or (command and not username):
        return f"{command}{rest}" if command else rest.lstrip(" ,:\n\t\u00a0\u202f") or "?"
    return "" if command else text


def _kind(chat: ptb.Chat) -> Any:
    return str(chat.type)


def _answer(error: TelegramError) -> Answer:
    return error.answer if isinstance(error, _Answered) else Unsure(f"{type(error).__name__}: {error}")


def _edited(message_id: int, answer: Answer) -> Answer:
    """What an edit led to: a message that already reads so is as it should be."""
    unchanged = isinstance(answer, MessageRefused) and "message is not modified" in answer.detail.lower()
    return Sent(message_id) if unchanged else answer


def _remembered(known: dict[_Key, tuple[_Value, float]], key: _Key, value: _Value) -> dict[_Key, tuple[_Value, float]]:
    """What is still believed, and one more thing."""
    now = time.monotonic()
    return {held: seen for held, seen in known.items() if seen[1] > now} | {key: (value, now + BELIEVED)}


def _reply(message_id: int | None) -> ptb.ReplyParameters | None:
    return ptb.ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _preview(address: str | None) -> ptb.LinkPreviewOptions:
    if address is None:
        return ptb.LinkPreviewOptions(is_disabled=True)
    return ptb.LinkPreviewOptions(url=address, prefer_small_media=True)


def _keyboard(message: Message) -> ptb.InlineKeyboardMarkup | ptb.ForceReply | None:
    return ptb.ForceReply(selective=True) if message.ask else _inline(message.buttons)


def _inline(buttons: Keyboard) -> ptb.InlineKeyboardMarkup | None:
    rows = [[_key(button) for button in row] for row in buttons if row]
    return ptb.InlineKeyboardMarkup(rows) if rows else None


def _key(button: Button) -> ptb.InlineKeyboardButton:
    return ptb.InlineKeyboardButton(button.text, callback_data=button.data, url=button.url)


def _request(server: str, network: Network, pool: int) -> _Request:
    proxy = network.proxy_for(server)
    # reading the certificates takes 0.25 s of CPU
    verify = tls(network) if server.startswith("https") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _Request(
        proxy=proxy.url if proxy else None,
        connection_pool_size=pool,
        connect_timeout=CONNECT,
        read_timeout=EXCHANGE,
        write_timeout=EXCHANGE,
        pool_timeout=EXCHANGE,
        httpx_kwargs={
            "trust_env": False,
            "verify": verify,
            "headers": {"Accept-Encoding": "identity"},
            "event_hooks": {"response": [only_short]},
        },
    )
