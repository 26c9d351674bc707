"""What the chats and topics are called that causes are about: asked of the store, then of Telegram."""

from collections.abc import Iterable, Mapping

from bot.delivery.chat import Messenger
from bot.delivery.place_names import PlaceName
from bot.store_thread import Offload
from storage import Store
from storage.chats.model import Chat
from storage.operators.causes import chat_about
from storage.operators.model import Notice


async def named(chat: Chat, thread: int, messenger: Messenger | None) -> PlaceName:
    """What a chat or topic is called; people's own chats have a number only. None: there is nobody to ask."""
    key = f"c{chat.key}"
    if messenger is None or chat.kind not in ("group", "supergroup", "channel"):
        return PlaceName(key, thread)
    title = await messenger.title(chat.telegram_id)
    return PlaceName(key, thread, title, messenger.topic(chat.telegram_id, thread))


async def whereabouts(
    notices: Iterable[Notice], store: Store, offload: Offload, messenger: Messenger | None
) -> Mapping[str, PlaceName]:
    """By what the causes are about; those about no chat that we still know are left out."""
    found = {}
    for about in dict.fromkeys(each.about for each in notices):
        place = chat_about(about)
        chat = await offload(store.chats.get, place[0]) if place else None
        if place and chat is not None:
            found[about] = await named(chat, place[1], messenger)
    return found
