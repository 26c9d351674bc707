"""What comes from chats is answered here, and done: the shell around `commands`."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, assert_never
from zoneinfo import ZoneInfo

from bot.conversation import commands, menus, notices, settings, texts
from bot.conversation.model import (
    SILENCE,
    Admit,
    Change,
    Choose,
    DigestNow,
    Follow,
    FollowAll,
    Forget,
    Preview,
    Reload,
    Reply,
    Scene,
    Unfollow,
    View,
)
from bot.delivery.chat import Gone, Messenger, Moved, Refused, Sent
from bot.digest import compose
from bot.model import Incoming, Message
from bot.reload import Verdict
from matchers.model import Watchlist
from storage import Store
from storage.model import Chat, Lane, StoredArticle

log = logging.getLogger("vigie.conversation")

Clock = Callable[[], datetime]
Offload = Callable[..., Awaitable[Any]]
Lists = Callable[[], Mapping[str, Watchlist]]
"""The watchlists in force, as of now: a reload changes them."""

PREVIEW = 5
COUNTED = 200  # articles weighed for « sur 30 jours »; beyond, it says « au moins »
MONTH = timedelta(days=30)
ON_REQUEST: tuple[Lane, ...] = ("daily", "weekly")


class Doors(Protocol):
    """Who may come in. `access` is `open` or `closed`; `admins` are Telegram user ids."""

    @property
    def access(self) -> str: ...

    @property
    def admins(self) -> frozenset[int]: ...


@dataclass(slots=True)
class Conversation:
    """Answers what comes in. `offload` runs a plain function, with its arguments, where the store may be used.

    `reload` reads the configuration again and puts it into force.
    """

    store: Store
    offload: Offload
    messenger: Messenger
    lists: Lists
    doors: Doors
    clock: Clock
    reload: Callable[[], Awaitable[Verdict]]
    _asked: dict[int, date] = field(default_factory=dict)  # when each outsider was last answered

    async def handle(self, incoming: Incoming) -> None:
        """Answer one message, press or change of membership. Never raises for a bug of ours: it is logged, and told."""
        try:
            await self._handle(incoming)
        except Exception:
            log.exception("conversation failed", extra={"kind": incoming.kind})
            await self._apologise(incoming)

    async def _handle(self, incoming: Incoming) -> None:
        match incoming.kind:
            case "membership":
                await self._membership(incoming)
            case "migration":
                if incoming.moved_to is not None:
                    await self.offload(self.store.chats.migrate, incoming.chat, incoming.moved_to)
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
        known: Chat | None = await self.offload(self.store.chats.find, incoming.chat)
        if known is not None and incoming.text in ("member", "administrator"):
            await self.offload(self.store.chats.arrive, incoming.chat, known.kind, known.language, now)

    # --- talk ------------------------------------------------------------------------------------------------------
    async def _talk(self, incoming: Incoming) -> None:
        """Decide, answer the press before any slow work, so that it never spins, then do and show."""
        try:
            view, reply = await self._decided(incoming)
        except Exception:
            await self._answer(incoming, "")
            raise
        await self._answer(incoming, reply.notice)
        message = await self._done(reply.change, incoming, view) if reply.change else reply.message
        if message is not None:
            await self._show(incoming, message)

    async def _decided(self, incoming: Incoming) -> tuple[View, Reply]:
        view = await self._view(incoming)
        if not self._admitted(incoming, view.chat):
            return view, await self._turned_away(incoming, view)
        scene = Scene(
            view,
            may_change=await self._may_change(incoming),
            private=incoming.chat_kind == "private",
            operator=incoming.user in self.doors.admins,
        )
        return view, commands.reply(incoming, scene)

    async def _answer(self, incoming: Incoming, notice: str) -> None:
        if incoming.callback is not None:
            await self.messenger.answer(incoming.callback, notice)

    async def _view(self, incoming: Incoming) -> View:
        chat: Chat | None = await self.offload(self.store.chats.find, incoming.chat)
        if chat is not None and chat.state != "active":  # who speaks is back
            chat = await self.offload(self.store.chats.arrive, incoming.chat, chat.kind, chat.language, self.clock())
        subscriptions = await self.offload(self.store.chats.following, chat.key) if chat else ()
        today = self.clock().astimezone(ZoneInfo(chat.timezone if chat else "Europe/Paris")).date()
        language = texts.language_of(chat.language if chat else incoming.language)
        return View(language, self.lists(), chat, tuple(subscriptions), today)

    async def _may_change(self, incoming: Incoming) -> bool:
        if incoming.chat_kind == "private" or incoming.anonymous:
            return True
        return await self.messenger.is_admin(incoming.chat, incoming.user)

    async def _show(self, incoming: Incoming, message: Message) -> None:
        """In place of the menu that was pressed, or else as a new message."""
        if incoming.kind == "press" and incoming.message is not None:
            answer = await self.messenger.edit(incoming.chat, incoming.message, message)
            if not isinstance(answer, Refused):
                return
        answer = await self.messenger.send(incoming.chat, message, thread=incoming.thread)
        if isinstance(answer, Moved):
            await self.offload(self.store.chats.migrate, incoming.chat, answer.chat_id)
            await self.messenger.send(answer.chat_id, message)
        elif isinstance(answer, Gone):
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
        person = incoming.user or incoming.chat
        if not incoming.text.startswith("/") or self._asked.get(person) == view.today:
            return SILENCE
        self._asked = {asker: day for asker, day in self._asked.items() if day == view.today} | {person: view.today}
        kind = "private" if incoming.chat_kind == "private" else "group"
        for admin in sorted(self.doors.admins):
            await self.messenger.send(admin, menus.request(view, incoming.chat, kind))
        return Reply(Message(view.say("rights.request")))

    # --- changes ---------------------------------------------------------------------------------------------------
    async def _done(self, change: Change, incoming: Incoming, view: View) -> Message | None:
        """Make the change; the message that tells of it, None where another way tells."""
        match change:
            case Follow() | FollowAll() | Choose():
                return await self._settled(change, incoming, view)
            case Unfollow(watchlist):
                if view.chat:
                    await self.offload(self.store.chats.unfollow, view.chat.key, watchlist.id)
                return menus.unfollowed(await self._view(incoming), watchlist)
            case Preview(watchlist):
                shown = await self._lately(watchlist, PREVIEW)
                return menus.examples(view, watchlist, shown)
            case DigestNow():
                return await self._digest(view)
            case Forget():
                if view.chat:
                    await self.offload(self.store.chats.forget, view.chat.key)
                return Message(view.say("stop.done"))
            case Admit(chat, kind):
                return await self._admit(chat, kind, view)
            case Reload():
                await self.messenger.typing(incoming.chat)
                return notices.reloaded(await self.reload(), view.language)
            case _:
                assert_never(change)

    async def _settled(self, change: Follow | FollowAll | Choose, incoming: Incoming, view: View) -> Message | None:
        """Changes that want a chat: one we did not know arrives first."""
        chats, now = self.store.chats, self.clock()
        chat: Chat = await self.offload(chats.arrive, incoming.chat, incoming.chat_kind, view.language, now)
        match change:
            case Follow(watchlist, level):
                await self.offload(chats.follow, chat.key, watchlist.id, level, now)
                kept = await self._lately(watchlist, COUNTED)
                month = sum(now - article.first_seen <= MONTH for article in kept)
                shown = await self._view(incoming)
                read = await self.offload(self.store.digests.read_count, now - MONTH)
                return menus.following(shown, watchlist, min(PREVIEW, len(kept)), month, month == COUNTED, read)
            case FollowAll():
                await self._follow_all(chat, now)
                return menus.welcome(await self._view(incoming), subscribed=True)
            case Choose(choices, then):
                await self.offload(chats.settings, chat.key, choices)
                return settings.menu(await self._view(incoming), then)
            case _:
                assert_never(change)

    async def _lately(self, watchlist: Watchlist, limit: int) -> tuple[StoredArticle, ...]:
        """The newest articles that the watchlist keeps, newest first."""
        items = await self.offload(self.store.digests.preview, (watchlist.id,), limit)
        return tuple(item.article for item in items)

    async def _digest(self, view: View) -> Message | None:
        """Queue what matched since the last digest; the outbox delivers it, so that it can't be lost."""
        assert view.chat is not None, "no subscription without a chat"
        chat, now = view.chat, self.clock()
        digests = self.store.digests
        levels = {name: watchlist.level for name, watchlist in view.watchlists.items()}
        window = await self.offload(digests.window, chat.key, ON_REQUEST, levels)
        if not window.items:
            return menus.nothing(view, window)
        slot = f"now-{now:%Y-%m-%dT%H:%M:%S}"
        deliveries = compose.digest_messages(window, chat, view.watchlists, now, ON_REQUEST, slot)
        await self.offload(digests.close, chat.key, ON_REQUEST, slot, window.cursor, deliveries, now)
        return None

    async def _admit(self, telegram_id: int, kind: str, view: View) -> Message:
        """Let a chat in: being known is what admits it. It follows everything at once, and is told."""
        known = await self.offload(self.store.chats.find, telegram_id)
        if known is None:
            now = self.clock()
            chat: Chat = await self.offload(self.store.chats.arrive, telegram_id, kind, "fr", now)
            await self._follow_all(chat, now)
            subscriptions = await self.offload(self.store.chats.following, chat.key)
            greeting = menus.welcome(View("fr", view.watchlists, chat, tuple(subscriptions)), subscribed=True)
            said = f"{texts.text('fr', 'rights.welcome')}\n\n{greeting.html}"
            await self.messenger.send(telegram_id, Message(said, greeting.buttons))
        return Message(view.say("rights.admitted"))

    async def _follow_all(self, chat: Chat, now: datetime) -> None:
        for watchlist in self.lists():
            await self.offload(self.store.chats.follow, chat.key, watchlist, None, now)
