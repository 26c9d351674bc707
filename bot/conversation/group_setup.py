"""Groups and channels set up from a private chat: by which link, by whom, and which there are."""

import asyncio
import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from bot.conversation import menus, settings_view, watchlists_view
from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.conversation.registry import button, link
from bot.conversation.scene import arrived, view_of
from bot.delivery.chat import Sent
from bot.messages import markup
from bot.messages.callback_data import Place, Press, build
from bot.messages.deep_links import ADDED
from bot.model import Button, Incoming, Message
from storage.chats.model import Chat, SetupLink

LIFE = timedelta(minutes=15)  # of a link to settings
ASKED = 30  # chats of which Telegram is asked whether a person administers them
POSTING = "startchannel&admin=post_messages"  # and neither to delete nor to ban


# --- the way in ----------------------------------------------------------------------------------------------------
async def setup_link(chat: Chat, thread: int, user: int, context: Context) -> str:
    """The address that opens the settings of this chat to this person, once, for a quarter of an hour; "" while we do
    not know our own name."""
    token, now = secrets.token_urlsafe(24), context.clock()
    opens = SetupLink(chat.key, thread)
    await context.offload(context.store.setup_links.issue, _seal(token, user), opens, now + LIFE, now)
    return context.links.start(f"c_{token}")


async def greet(incoming: Incoming, chat: Chat, context: Context) -> None:
    """Somebody took us into a group or a channel: the way to its settings, in private where we may write to that
    person, else in the group. Nobody speaks in a channel."""
    user, channel = incoming.user, chat.kind == "channel"
    url = await setup_link(chat, 0, user, context) if user is not None else ""
    if user is not None and (channel or await context.offload(context.store.chats.find, user) is not None):
        view = await view_of(incoming, context, Place(chat.key))
        answer = await context.messenger.send(user, menus.placed(view, greeting(view, chat, url)))
        if isinstance(answer, Sent):
            return
    if not channel:
        await context.messenger.send(chat.telegram_id, greeting_here(await view_of(incoming, context), url))


@link("c_", sealed=True)
async def open_place(request: Request, context: Context) -> Message:
    """A link that never was, one that is over or was used, and somebody else's: all answer alike."""
    user, view = request.incoming.user, request.view
    chat, thread = await _opened(request.argument, user, context) if user is not None else (None, 0)
    if chat is None:
        return Message(view.say("place.over"), ((view.key(view.say("button.places"), "o"),),))
    there = await view_of(request.incoming, context, Place(chat.key, thread))
    return menus.placed(there, settings_view.menu(there) or watchlists_view.lists(there))


async def _opened(token: str, user: int, context: Context) -> tuple[Chat | None, int]:
    """What a link opens to this person, who still has to administer it."""
    found = await context.offload(context.store.setup_links.take, _seal(token, user), context.clock())
    chat = await context.offload(context.store.chats.get, found.chat) if found else None
    if found is None or chat is None or not await context.messenger.is_admin(chat.telegram_id, user):
        return None, 0
    return chat, found.thread


def _seal(token: str, user: int) -> str:
    """What is kept of a token and of whom it was given to: neither can be read out of it."""
    return hashlib.sha256(f"{token}:{user}".encode()).hexdigest()


# --- from one to the other -----------------------------------------------------------------------------------------
def _page_in_private(request: Request) -> int | None:
    return request.press.page if request.private else None


@button("o", reads=_page_in_private, headed=False)
async def show_places(request: Request, context: Context, page: int) -> Message:
    """The groups and channels that a person may set up."""
    user, view = request.incoming.user, replace(request.view, place=None)
    mine = await _mine(user, context) if user is not None else ()
    return listed(view, mine, page, context.links.name())


async def _mine(user: int, context: Context) -> tuple[tuple[Chat, str], ...]:
    """The chats that this person administers where we are, with what each is called."""
    messenger = context.messenger
    known = await context.offload(context.store.chats.shared, user, ASKED)
    rights = await asyncio.gather(*(messenger.is_admin(chat.telegram_id, user) for chat in known))
    mine = [chat for chat, right in zip(known, rights, strict=True) if right]
    titles = await asyncio.gather(*(messenger.title(chat.telegram_id) for chat in mine))
    return tuple(zip(mine, titles, strict=True))


def _from_a_group(request: Request) -> bool | None:
    return True if not request.private and request.press.place is None else None


async def _lead(request: Request, context: Context, _: bool) -> str:
    user = request.incoming.user
    chat = await arrived(request, context)
    return await setup_link(chat, request.view.thread, user, context) if user is not None else ""


@button("e", reads=_from_a_group, right="administrators", leads=_lead)
async def set_in_private(request: Request, context: Context, _: bool) -> Message | None:
    """From a group: go on with its settings in private; here while we do not know our own name."""
    return settings_view.menu(request.view)


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
    lists = watchlists_view.lists(view)
    said = view.say("place.channel_welcome" if chat.kind == "channel" else "place.group_welcome")
    return Message(f"{said}\n\n{lists.html}", (*lists.buttons, *_open_row(view.say("button.settings"), link)))


def greeting_here(view: View, link: str) -> Message:
    """In the group itself: the lists, and the link for who took us in."""
    lists = (view.key(view.say("button.all_lists"), "v"),)
    return Message(view.say("place.here"), (lists, *_open_row(view.say("button.set_in_private"), link)))


def _open_row(label: str, link: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(label, url=link),),) if link else ()
