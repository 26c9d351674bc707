"""What those who run Vigie, or set a chat up, are told of a message that could not go. Pure."""

from bot.conversation import texts
from bot.digest import markup
from bot.model import Message
from storage.model import Delivery, Note

DETAIL = 200  # characters of what Telegram said


def dead(delivery: Delivery, detail: str, admins: frozenset[int]) -> Note:
    """A message was given up: told to the administrators."""
    chat, item, said = str(delivery.chat.key), markup.escape(delivery.item), _said(detail)

    def body(language: str) -> str:
        return _message(texts.text(language, "note.dead", chat=chat, item=item, detail=said))

    return Note(f"n{delivery.id}", admins, body)


def rights(delivery: Delivery, detail: str, admins: frozenset[int]) -> Note:
    """The bot may not write there any more: told to whoever set the chat up, else to the administrators."""

    def body(language: str) -> str:
        return _message(texts.text(language, "note.rights", chat=str(delivery.chat.key), detail=_said(detail)))

    return Note(f"nr{delivery.id}", _keeper(delivery, admins), body)


def topic(delivery: Delivery, detail: str, admins: frozenset[int]) -> Note:
    """A topic is closed or deleted: told likewise."""

    def body(language: str) -> str:
        return _message(texts.text(language, "note.topic", chat=str(delivery.chat.key), detail=_said(detail)))

    return Note(f"nt{delivery.id}", _keeper(delivery, admins), body)


def _keeper(delivery: Delivery, admins: frozenset[int]) -> frozenset[int]:
    return admins if delivery.chat.set_by is None else frozenset((delivery.chat.set_by,))


def _said(detail: str) -> str:
    return markup.escape(markup.cut(detail, DETAIL))


def _message(html: str) -> str:
    return Message(html, silent=True).to_json()
