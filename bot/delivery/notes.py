"""What whoever set a chat up is told of a message that could not go. Pure."""

from collections.abc import Callable

from bot.messages import markup, texts
from bot.model import Message
from storage.chats.model import Delivery, Note

DETAIL = 200  # characters of what Telegram said


def rights(delivery: Delivery, detail: str) -> Note | None:
    """The bot may not write there any more; None where nobody is known to have set the chat up."""

    def body(language: str) -> Message:
        return _message(texts.text(language, "note.rights", chat=str(delivery.chat.key), detail=_said(detail)))

    return _to_keeper(f"nr{delivery.id}", delivery, body)


def topic(delivery: Delivery, detail: str) -> Note | None:
    """A topic is closed or deleted: told likewise."""

    def body(language: str) -> Message:
        return _message(texts.text(language, "note.topic", chat=str(delivery.chat.key), detail=_said(detail)))

    return _to_keeper(f"nt{delivery.id}", delivery, body)


def _to_keeper(item: str, delivery: Delivery, body: Callable[[str], Message]) -> Note | None:
    keeper = delivery.chat.set_by
    return None if keeper is None else Note(item, frozenset((keeper,)), body, journal=False)


def _said(detail: str) -> str:
    return markup.escape(markup.cut(detail, DETAIL))


def _message(html: str) -> Message:
    return Message(html, silent=True)
