"""What whoever set a chat up is told of a message that could not go. Pure."""

from collections.abc import Callable

from bot.delivery.place_names import PlaceName
from bot.messages import markup, texts
from bot.model import Message
from storage.chats.model import Delivery, Note

DETAIL = 200  # characters of what Telegram said


def rights(delivery: Delivery, detail: str, place: PlaceName) -> Note | None:
    """The bot may not write there any more; None where nobody is known to have set the chat up."""
    return _to_keeper(f"nr{delivery.id}", delivery, _said("note.rights", place, detail))


def topic(delivery: Delivery, detail: str, place: PlaceName) -> Note | None:
    """A topic is closed or deleted: told likewise."""
    return _to_keeper(f"nt{delivery.id}", delivery, _said("note.topic", place, detail))


def _to_keeper(item: str, delivery: Delivery, body: Callable[[str], Message]) -> Note | None:
    keeper = delivery.chat.set_by
    return None if keeper is None else Note(item, frozenset((keeper,)), body, journal=False)


def _said(key: str, place: PlaceName, detail: str) -> Callable[[str], Message]:
    shown = markup.escape(markup.cut(detail, DETAIL))
    return lambda language: Message(texts.text(language, key, place=place.said(language), detail=shown), silent=True)
