"""What becomes of a message whose answer was lost: a table."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.doubts import Again, AskLater, GivenUp, judged
from bot.delivery.probe import Found, Missing, Proved, Unanswered, Unprovable
from storage.chats.model import Chat, ChatKind, Delivery
from storage.ids import ChatKey, DeliveryId

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def lost(since: timedelta, *, looks: int = 0, doubts: int = 1, kind: ChatKind = "private") -> Delivery:
    """A message asked for so long ago, and not answered."""
    chat = Chat(ChatKey(1), 1, kind, "fr")
    return Delivery(DeliveryId(1), chat, "flash", "a1", 1, "{}", 1, doubts, called_at=NOW - since, looks=looks)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("delivery", "proved", "then"),
    [
        (lost(seconds(5)), Found(7), Found(7)),
        (lost(seconds(5)), Missing(), AskLater(seconds(30), missing=True)),
        (lost(seconds(34), looks=1), Missing(), AskLater(seconds(5), missing=True)),
        (lost(seconds(35), looks=1), Missing(), Again()),
        (lost(seconds(35), looks=0), Missing(), AskLater(seconds(5), missing=True)),
        (lost(seconds(0)), Unprovable(), AskLater(seconds(35))),
        (lost(seconds(35)), Unprovable(), Again()),
        (lost(seconds(35), doubts=1, kind="elsewhere"), Unprovable(), Again()),
        (lost(seconds(35), doubts=2, kind="elsewhere"), Unprovable(), AskLater(seconds(265))),
        (lost(timedelta(hours=6), doubts=9, kind="elsewhere"), Unprovable(), Again()),
        (lost(seconds(5)), Unanswered(), AskLater(seconds(15))),
        (lost(seconds(90)), Unanswered(), AskLater(seconds(60))),
        (lost(timedelta(minutes=11)), Unanswered(), AskLater(seconds(300))),
        (lost(seconds(5)), Unanswered(seconds(17)), AskLater(seconds(17), whole_chat=True)),
    ],
)
def test_what_was_seen_decides(delivery: Delivery, proved: Proved, then: object) -> None:
    assert judged(delivery, proved, NOW) == then


@pytest.mark.parametrize(
    ("delivery", "proved"),
    [
        (lost(timedelta(minutes=45)), Unanswered()),
        (lost(timedelta(hours=2)), Unanswered(seconds(5))),
        (lost(seconds(0), doubts=2), Unprovable()),
        (lost(seconds(0), doubts=10, kind="elsewhere"), Unprovable()),
        (lost(seconds(40), looks=1, doubts=6), Missing()),
    ],
)
def test_what_is_given_up_says_why(delivery: Delivery, proved: Proved) -> None:
    given_up = judged(delivery, proved, NOW)
    assert isinstance(given_up, GivenUp)
    assert given_up.detail
