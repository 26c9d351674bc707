"""Who speaks, from where and with which rights: asked of the store and of Telegram."""

from zoneinfo import ZoneInfo

from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.messages import callback_data, texts
from bot.messages.callback_data import Place
from bot.model import Incoming
from storage.chats.model import Chat
from storage.ids import ChatKey


async def view_of(incoming: Incoming, context: Context, place: Place | None = None) -> View:
    """The conversation as it stands: `place`, what a press sets from another chat, or this chat and its topic."""
    chats, offload, now = context.store.chats, context.offload, context.clock()
    here = await offload(chats.find, incoming.chat)
    if here is not None and here.state != "active":  # who speaks is back
        here = await offload(chats.arrive, incoming.chat, here.kind, here.language, now)
    language = texts.language_of(here.language if here else incoming.language)
    press = callback_data.parse(incoming.data) if incoming.kind == "press" else None
    place = place or (press.place if press else None)
    chat = await offload(chats.get, ChatKey(place.chat)) if place else here
    thread = place.thread if place else await _topic(incoming, here, context)
    subscriptions = await offload(chats.following, chat.key, thread) if chat else ()
    held = await offload(chats.held_topics, chat.key) if chat and chat.kind == "supergroup" else ()
    today = now.astimezone(ZoneInfo(chat.timezone if chat else "Europe/Paris")).date()
    where = await context.messenger.title(chat.telegram_id) if place and chat else ""
    private = incoming.chat_kind == "private"
    lists, entities = context.rules.watchlists, context.rules.engine.entities
    terms = await offload(context.store.own_terms.of, chat.key, thread) if chat else ()
    return View(
        language, lists, chat, tuple(subscriptions), today, place, thread, held, private, where, terms, entities
    )


async def _topic(incoming: Incoming, here: Chat | None, context: Context) -> int:
    """The topic where it was said or pressed, 0 for none. Of a message that Telegram calls too old to be read, it gives
    the number alone: what was sent knows the topic."""
    if incoming.thread or incoming.kind != "press" or here is None or here.kind != "supergroup":
        return incoming.thread or 0
    return await context.offload(context.store.outbox.topic_of, here.key, incoming.message) or 0


async def may_change(incoming: Incoming, view: View, context: Context) -> bool:
    """Rights come from who presses, and are asked again each time; a button carries none."""
    user = incoming.user
    if view.place is not None:
        return view.chat is not None and await _administers(user, view.chat.telegram_id, context)
    if incoming.chat_kind == "private" or incoming.anonymous:
        return True
    return await _administers(user, incoming.chat, context)


async def arrived(request: Request, context: Context) -> Chat:
    """The chat that is set; the one that speaks is made known, and with it who set it up."""
    if request.view.place and request.view.chat:
        return request.view.chat
    incoming, language = request.incoming, request.view.language
    arrive = context.store.chats.arrive
    return await context.offload(arrive, incoming.chat, incoming.chat_kind, language, context.clock(), incoming.user)


async def _administers(user: int | None, chat: int, context: Context) -> bool:
    return user is not None and await context.messenger.is_admin(chat, user)
