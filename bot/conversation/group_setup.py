"""Groups and channels set up from a private chat: by which link, by whom, and which there are."""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from bot.clock import Clock
from bot.conversation import menus, settings
from bot.conversation.commands import ADDED
from bot.conversation.model import MyPlaces, OpenPlace, PlaceChange, View
from bot.delivery.chat import Messenger, Sent
from bot.messages import markup
from bot.messages.callback_data import Place, Press, build
from bot.messages.deep_links import Links
from bot.model import Button, Incoming, Message
from bot.store_thread import Offload
from storage import Store
from storage.chats.model import Chat, SetupLink

LIFE = timedelta(minutes=15)  # of a link to settings
ASKED = 30  # chats of which Telegram is asked whether a person administers them
POSTING = "startchannel&admin=post_messages"  # and neither to delete nor to ban


@dataclass(slots=True)
class Places:
    """`view` draws the conversation afresh, with a place to set from it."""

    store: Store
    offload: Offload
    messenger: Messenger
    clock: Clock
    links: Links
    view: Callable[[Incoming, Place | None], Awaitable[View]]

    async def do(self, change: PlaceChange, incoming: Incoming, view: View) -> Message:
        match change:
            case OpenPlace(token):
                return await self._open(token, incoming, view)
            case MyPlaces(page):
                return listed(replace(view, place=None), await self._mine(incoming.user), page, self.links.name())
            case _:
                assert_never(change)

    async def link(self, chat: Chat, thread: int, user: int) -> str:
        """The address that opens the settings of this chat to this person, once, for a quarter of an hour; "" while
        we do not know our own name."""
        token, now = secrets.token_urlsafe(24), self.clock()
        opens = SetupLink(chat.key, thread)
        await self.offload(self.store.setup_links.issue, _seal(token, user), opens, now + LIFE, now)
        return self.links.start(f"c_{token}")

    async def greet(self, incoming: Incoming, chat: Chat) -> None:
        """Somebody took us into a group or a channel: the way to its settings, in private where we may write to that
        person, else in the group. Nobody speaks in a channel."""
        view = await self.view(incoming, Place(chat.key))
        link = await self.link(chat, 0, incoming.user) if incoming.user else ""
        if chat.kind == "channel" or await self.offload(self.store.chats.find, incoming.user) is not None:
            answer = await self.messenger.send(incoming.user, menus.placed(view, greeting(view, chat, link)))
            if isinstance(answer, Sent) or chat.kind == "channel":
                return
        await self.messenger.send(chat.telegram_id, greeting_here(await self.view(incoming, None), link))

    async def _open(self, token: str, incoming: Incoming, view: View) -> Message:
        """A link that never was, one that is over or was used, and somebody else's: all answer alike."""
        found = await self.offload(self.store.setup_links.take, _seal(token, incoming.user), self.clock())
        chat = await self.offload(self.store.chats.get, found.chat) if found else None
        if found is None or chat is None or not await self.messenger.is_admin(chat.telegram_id, incoming.user):
            return Message(view.say("place.over"), ((view.key(view.say("button.places"), "o"),),))
        there = await self.view(incoming, Place(chat.key, found.thread))
        return menus.placed(there, settings.menu(there) or menus.lists(there))

    async def _mine(self, user: int) -> tuple[tuple[Chat, str], ...]:
        """The chats that this person administers where we are, with what each is called."""
        known = await self.offload(self.store.chats.shared, user, ASKED)
        rights = await asyncio.gather(*(self.messenger.is_admin(chat.telegram_id, user) for chat in known))
        mine = [chat for chat, right in zip(known, rights, strict=True) if right]
        titles = await asyncio.gather(*(self.messenger.title(chat.telegram_id) for chat in mine))
        return tuple(zip(mine, titles, strict=True))


def _seal(token: str, user: int) -> str:
    """What is kept of a token and of whom it was given to: neither can be read out of it."""
    return hashlib.sha256(f"{token}:{user}".encode()).hexdigest()


# --- shown ---------------------------------------------------------------------------------------------------------
def listed(view: View, mine: tuple[tuple[Chat, str], ...], page: int, name: str) -> Message:
    """The groups and channels of a person, each a button that opens its settings; and the ways to add one."""
    page, pages, shown = menus.leaf(mine, page)
    rows = [(Button(_label(view, chat, title), build(Press("g", place=Place(chat.key)))),) for chat, title in shown]
    add = (
        (
            Button(view.say("button.add_group"), url=f"https://t.me/{name}?startgroup={ADDED}"),
            Button(view.say("button.add_channel"), url=f"https://t.me/{name}?{POSTING}"),
        ),
    )
    said = view.say("place.choose" if mine else "place.none")
    turner = menus.turner(view, "o", "all", page, pages, len(mine))
    return Message(said, (*rows, *turner, *(add if name else ()), (view.key(view.say("button.settings"), "g"),)))


def _label(view: View, chat: Chat, title: str) -> str:
    """A channel and its group may bear one name."""
    kind, mark = ("place.channel", "📢") if chat.kind == "channel" else ("place.group", "👥")
    return markup.cut(f"{mark} {title or view.say(kind, key=str(chat.key))}", menus.BUTTON)


def greeting(view: View, chat: Chat, link: str) -> Message:
    """In private, to who took us in: the lists, each button for there, and the link to its settings."""
    lists = menus.lists(view)
    said = view.say("place.channel_welcome" if chat.kind == "channel" else "place.group_welcome")
    return Message(f"{said}\n\n{lists.html}", (*lists.buttons, *_open_row(view.say("button.settings"), link)))


def greeting_here(view: View, link: str) -> Message:
    """In the group itself: the lists, and the link for who took us in."""
    lists = (view.key(view.say("button.all_lists"), "v"),)
    return Message(view.say("place.here"), (lists, *_open_row(view.say("button.set_in_private"), link)))


def _open_row(label: str, link: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(label, url=link),),) if link else ()
