"""What menus share: pages that turn, the head of a place, what is echoed. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.conversation.model import View
from bot.messages import markup
from bot.model import Button, Message

T = TypeVar("T")

ROWS, SPARE = 8, 2
BELOW = "below"  # a button that only heads the row under it
BUTTON = 30  # code points; a longer name is cut, and whole in the text above
ECHO = 60  # code points of what somebody wrote


def placed(view: View, message: Message) -> Message:
    """The message, headed by the group or channel that it sets, where that is not the chat in which it stands."""
    if view.place is None or not view.where:
        return message
    return replace(message, html=f"📍 {markup.bold(markup.cut(view.where, ECHO))}\n{message.html}")


def turner(view: View, verb: str, target: str, page: int, pages: int, count: int) -> tuple[tuple[Button, ...], ...]:
    """The row that turns the pages of a menu (`page` counts from 0), the last one to the first; none where there is one
    page."""
    if pages <= 1:
        return ()
    middle = view.key(view.say("button.page", page=page + 1, pages=pages, n=count), "n")
    back = view.key("‹", verb, target, page=(page - 1) % pages)
    forth = view.key("›", verb, target, page=(page + 1) % pages)
    return ((back, middle, forth),)


def leaf(rows: Sequence[T], page: int, spare: int = SPARE) -> tuple[int, int, Sequence[T]]:
    """The rows of one page of eight: its number, held to the last one, how many there are, and the rows. So few more as
    `spare` are no page of their own."""
    pages = max(-(-(len(rows) - spare) // ROWS), 1)
    page = min(page, pages - 1)
    return page, pages, rows[page * ROWS : None if page == pages - 1 else (page + 1) * ROWS]


def health_word(state: str) -> str:
    """The word of the catalogues for the health of a source: several kinds of trouble have one."""
    return state if state in ("ok", "failing", "blocked", "dead", "gone", "quiet", "new") else "troubled"
