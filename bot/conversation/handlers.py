"""What comes from chats is answered here, and done: the shell around `commands`."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.conversation import commands, menus
from bot.conversation.actions import Deeds, Doors, Keys, Shown, WatchlistsNow
from bot.conversation.command_menus import Offers
from bot.conversation.limits import Patience
from bot.conversation.model import (
    SILENCE,
    Ask,
    Change,
    Choose,
    MyPlaces,
    OpenPlace,
    Reply,
    Scene,
    SetInPrivate,
    View,
    WhyArticle,
    WhyLink,
)
from bot.conversation.trials import Bench
from bot.daemon.reloaded import ReloadOutcome
from bot.delivery.chat import ChatGone, MessageRefused, Messenger, Moved, Sent
from bot.messages import callback_data, texts
from bot.messages.deep_links import Links
from bot.model import Incoming, Message
from bot.store_thread import Offload
from matchers.engine import Engine
from storage import Store, StoreError
from storage.chats.model import Chat
from storage.ids import ChatKey
from storage.operators.model import NewNotice

log = logging.getLogger("vigie.conversation")

QUESTIONS = 1_000  # that wait for an answer at once
PATIENCE = timedelta(minutes=10)  # for the answer to a question of ours


@dataclass(slots=True)
class Conversation:
    """Answers what comes in. `offload` runs a plain function, with its arguments, where the store may be used.

    `reload` reads the configuration again and puts it into force; `bench` tries what is not. `engine` gives the rules
    in force; `links` lead to our own private chat.
    """

    store: Store
    offload: Offload
    messenger: Messenger
    lists: WatchlistsNow
    doors: Doors
    clock: Clock
    reload: Callable[[], Awaitable[ReloadOutcome]]
    bench: Bench
    engine: Callable[[], Engine]
    links: Links
    _questions: dict[tuple[int, int], tuple[str, datetime]] = field(default_factory=dict)  # asked, until when
    offers: Offers = field(init=False)
    _deeds: Deeds = field(init=False)
    _patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self._patience = Patience(self.clock)
        self.offers = Offers(self.store, self.offload, self.messenger)
        self._deeds = Deeds(
            self.store,
            self.offload,
            self.messenger,
            self.lists,
            self.clock,
            self.reload,
            self._view,
            self.bench,
            self.engine,
            self.doors,
            self.links,
        )

    async def handle(self, incoming: Incoming) -> None:
        """Answer one message, press or change of membership. Never raises for a bug of ours: it is logged, and told."""
        try:
            await self._handle(incoming)
        except Exception as bug:
            log.exception("conversation failed", extra={"kind": incoming.kind})
            await self._apologise(incoming)
            with suppress(StoreError):  # it may be the store that failed: the log has it
                told = NewNotice("bug", type(bug).__name__, self.clock())
                await self.offload(self.store.notices.put, None, (told,), (), self.clock())

    async def _handle(self, incoming: Incoming) -> None:
        match incoming.kind:
            case "membership":
                await self._membership(incoming)
            case "migration":
                if incoming.moved_to is not None:
                    await self.offload(self.store.chats.migrate, incoming.chat, incoming.moved_to)
            case "topic":
                await self._topic(incoming)
            case "message" | "press":
                if incoming.chat_kind != "channel":
                    await self._talk(incoming)
            case _:
                assert_never(incoming.kind)

    async def _membership(self, incoming: Incoming) -> None:
        """A chat that leaves is no longer written to; one that we know and that comes back is."""
        now = self.clock()
        if incoming.text in ("left", "kicked"):
            await self.offload(self.store.chats.leave, incoming.chat, now)
            return
        if incoming.text == "restricted":
            await self.offload(self.store.chats.silence, incoming.chat)
            return
        known = await self.offload(self.store.chats.find, incoming.chat)
        if known is not None:
            await self.offload(self.store.chats.arrive, incoming.chat, incoming.chat_kind, known.language, now)
        elif incoming.chat_kind != "private" and self._admitted(incoming, None):
            language, setter = texts.language_of(incoming.language), incoming.user or None
            arrive = self.store.chats.arrive
            chat = await self.offload(arrive, incoming.chat, incoming.chat_kind, language, now, setter)
            await self._deeds.places.greet(incoming, chat)

    async def _topic(self, incoming: Incoming) -> None:
        chats, thread = self.store.chats, incoming.thread or 0
        if incoming.text == "closed":
            await self.offload(chats.close_topic, incoming.chat, thread, self.clock())
        else:
            await self.offload(chats.free_topic, incoming.chat, thread, self.clock())

    # --- talk ------------------------------------------------------------------------------------------------------
    async def _talk(self, incoming: Incoming) -> None:
        """Decide, answer the press before any slow work, so that it never spins, then do and show."""
        incoming = self._answered(incoming)
        try:
            view, reply = await self._decided(incoming)
        except Exception:
            await self._answer(incoming, "")
            raise
        if link := await self._link(reply.change, incoming, view):
            await self.messenger.answer(incoming.callback or "", url=link)
            return
        await self._answer(incoming, reply.notice)
        if isinstance(reply.change, Ask):
            self._remember(incoming, reply.change.command)
        shown = await self._deeds.do(reply.change, incoming, view) if reply.change else reply.message
        if isinstance(shown, Message) and not isinstance(reply.change, MyPlaces):
            shown = menus.placed(view, shown)
        if reply.beside and isinstance(shown, Message):
            await self._send(incoming, shown, reply_to=incoming.message)  # the alert stays, and is answered
        else:
            await self._show(incoming, shown)
        await self._offer(reply.change, incoming, view)

    async def _offer(self, change: Change | None, incoming: Incoming, view: View) -> None:
        """The commands that this chat's clients propose may be others now."""
        chosen = isinstance(change, Choose) and change.choices.language is not None
        if not chosen and not incoming.text.startswith("/start"):
            return
        there = view.chat.telegram_id if view.place and view.chat else incoming.chat
        operator = there == incoming.user and there in self.doors.admins
        await self.offers.review(there, incoming.language, operator=operator)

    def _remember(self, incoming: Incoming, command: str) -> None:
        """A question waits for ten minutes; the oldest gives way where many are asked."""
        now = self.clock()
        waiting = [(who, asked) for who, asked in self._questions.items() if now <= asked[1]]
        self._questions = dict(waiting[-QUESTIONS + 1 :])
        self._questions[incoming.chat, incoming.user] = (command, now + PATIENCE)

    def _answered(self, incoming: Incoming) -> Incoming:
        """An answer to what we asked stands for the whole command."""
        if incoming.kind != "message":
            return incoming
        command, until = self._questions.pop((incoming.chat, incoming.user), ("", self.clock()))
        fits = incoming.reply_to is not None or incoming.chat_kind == "private"
        if not command or not fits or incoming.text.startswith("/") or self.clock() > until:
            return incoming
        return replace(incoming, text=f"/{command} {incoming.text}")

    async def _decided(self, incoming: Incoming) -> tuple[View, Reply]:
        view = await self._view(incoming)
        if (verdict := self._patience.verdict(incoming.user or incoming.chat)) != "fine":
            return view, _too_much(incoming, view) if verdict == "enough" else SILENCE
        may_change = view.place is not None and await self._may_change(incoming, view)
        if view.place is not None and not may_change:  # a client may press data of its own: it sees nothing of others
            return view, Reply(notice=view.say("rights.admins"))
        scene = Scene(
            view,
            may_change=may_change or await self._may_change(incoming, view),
            private=incoming.chat_kind == "private",
            operator=incoming.user in self.doors.admins,
            reply_to=incoming.reply_to,
        )
        reply = commands.reply(incoming, scene)
        # A link of ours opens what it was made for: who reads or administers an admitted chat has no need to ask
        if not self._admitted(incoming, view.chat) and not isinstance(reply.change, OpenPlace | WhyLink):
            return view, await self._turned_away(incoming, view)
        return view, reply

    async def _link(self, change: Change | None, incoming: Incoming, view: View) -> str | None:
        """Where what was pressed in a group opens in private instead; None or "" for any other."""
        if incoming.chat_kind == "private":
            return None
        if isinstance(change, SetInPrivate):
            arrive, setter = self.store.chats.arrive, incoming.user or None
            chat = await self.offload(arrive, incoming.chat, incoming.chat_kind, view.language, self.clock(), setter)
            return await self._deeds.places.link(chat, view.thread, incoming.user)
        if isinstance(change, WhyArticle) and view.chat is not None:
            told = await self.offload(self.store.traces.behind_message, view.chat.key, incoming.message or 0)
            return self.links.why(told) if told else None
        return None

    async def _answer(self, incoming: Incoming, notice: str) -> None:
        if incoming.callback is not None:
            await self.messenger.answer(incoming.callback, notice)

    async def _view(self, incoming: Incoming, place: callback_data.Place | None = None) -> View:
        """The conversation as it stands: `place`, what a press sets from another chat, or this chat and its topic."""
        here = await self.offload(self.store.chats.find, incoming.chat)
        if here is not None and here.state != "active":  # who speaks is back
            here = await self.offload(self.store.chats.arrive, incoming.chat, here.kind, here.language, self.clock())
        language = texts.language_of(here.language if here else incoming.language)
        press = callback_data.parse(incoming.data) if incoming.kind == "press" else None
        place = place or (press.place if press else None)
        chat = await self.offload(self.store.chats.get, ChatKey(place.chat)) if place else here
        thread = place.thread if place else incoming.thread or 0
        subscriptions = await self.offload(self.store.chats.following, chat.key, thread) if chat else ()
        held = await self.offload(self.store.chats.held_topics, chat.key) if chat and chat.kind == "supergroup" else ()
        today = self.clock().astimezone(ZoneInfo(chat.timezone if chat else "Europe/Paris")).date()
        where = await self.messenger.title(chat.telegram_id) if place and chat else ""
        private = incoming.chat_kind == "private"
        return View(language, self.lists(), chat, tuple(subscriptions), today, place, thread, held, private, where)

    async def _may_change(self, incoming: Incoming, view: View) -> bool:
        """Rights come from who presses, and are asked again each time; a button carries none."""
        if view.place is not None:
            there = view.chat
            return there is not None and await self.messenger.is_admin(there.telegram_id, incoming.user)
        if incoming.chat_kind == "private" or incoming.anonymous:
            return True
        return await self.messenger.is_admin(incoming.chat, incoming.user)

    async def _show(self, incoming: Incoming, shown: Shown) -> None:
        """In place of the menu that was pressed, or else as a new message."""
        if shown is None:
            return
        if isinstance(shown, Keys):
            if incoming.message is not None:
                await self.messenger.keys(incoming.chat, incoming.message, shown.buttons)
            return
        if incoming.kind == "press" and incoming.message is not None:
            answer = await self.messenger.edit(incoming.chat, incoming.message, shown)
            if not isinstance(answer, MessageRefused):
                return
        await self._send(incoming, shown)

    async def _send(self, incoming: Incoming, message: Message, reply_to: int | None = None) -> None:
        answer = await self.messenger.send(incoming.chat, message, reply_to=reply_to, thread=incoming.thread)
        if isinstance(answer, Moved):
            await self.offload(self.store.chats.migrate, incoming.chat, answer.chat_id)
            await self.messenger.send(answer.chat_id, message)
        elif isinstance(answer, ChatGone):
            await self.offload(self.store.chats.leave, incoming.chat, self.clock())
        elif not isinstance(answer, Sent):
            log.warning("reply not sent", extra={"answer": type(answer).__name__})

    async def _apologise(self, incoming: Incoming) -> None:
        if incoming.kind in ("message", "press") and incoming.chat_kind != "channel":
            sorry = texts.text(texts.language_of(incoming.language), "error.reader")
            await self.messenger.send(incoming.chat, Message(sorry), thread=incoming.thread)

    # --- access ----------------------------------------------------------------------------------------------------
    def _admitted(self, incoming: Incoming, chat: Chat | None) -> bool:
        return self.doors.access != "closed" or chat is not None or incoming.user in self.doors.admins

    async def _turned_away(self, incoming: Incoming, view: View) -> Reply:
        """An outsider's command is answered once a day, and the administrators are asked as often."""
        if incoming.kind == "press":
            return Reply(notice=view.say("rights.request"))
        if not incoming.text.startswith("/"):
            return SILENCE
        person = await self._deeds.person(incoming.user or incoming.chat)
        if not await self.offload(self.store.chats.knock, person, view.today):
            return SILENCE
        value = f"{'p' if incoming.chat_kind == 'private' else 'g'}{view.language}"
        item = await self._deeds.request_item(incoming.chat, view.today)
        await self._deeds.operators.tell(item, lambda language: menus.request(language, incoming.chat, value))
        return Reply(Message(view.say("rights.request")))


def _too_much(incoming: Incoming, view: View) -> Reply:
    said = view.say("rights.slower")
    return Reply(notice=said) if incoming.kind == "press" else Reply(Message(said))
