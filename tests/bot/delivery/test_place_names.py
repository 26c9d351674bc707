"""What places are called is heard in what Telegram says anyway, and forgotten with the process."""

from typing import Any

import pytest
import telegram as ptb

from bot.delivery.place_names import HEARD, NamesHeard, PlaceName
from bot.delivery.telegram import names_in

GROUP = {"id": -8, "type": "supergroup", "title": "DSI", "is_forum": True}
OPENING = {"message_id": 3, "date": 1, "chat": GROUP, "forum_topic_created": {"name": "Nuage", "icon_color": 1}}


def update(**message: Any) -> ptb.Update:
    said = {"message_id": 9, "date": 1, "chat": GROUP} | message
    read = ptb.Update.de_json({"update_id": 1, "message": said}, None)
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ({"text": "bonjour"}, [(-8, 0, "DSI")]),
        ({"message_thread_id": 3, "reply_to_message": OPENING}, [(-8, 0, "DSI"), (-8, 3, "Nuage")]),
        ({"message_thread_id": 3, "forum_topic_edited": {"name": "Santé"}}, [(-8, 0, "DSI"), (-8, 3, "Santé")]),
        ({"message_thread_id": 3, "forum_topic_edited": {}}, [(-8, 0, "DSI")]),
        ({"chat": {"id": 5, "type": "private", "first_name": "Anne"}, "text": "bonjour"}, []),
    ],
)
def test_an_update_names_its_group_and_its_topic(message: dict[str, Any], heard: list[Any]) -> None:
    assert list(names_in(update(**message))) == heard


def test_the_newest_names_are_remembered_and_no_more_of_them_than_that() -> None:
    names = NamesHeard()
    names.hear(-8, 0, "DSI")
    for thread in range(1, HEARD + 1):
        names.hear(-8, thread, f"sujet {thread}")
    assert (names.of(-8), names.of(-8, HEARD)) == ("", f"sujet {HEARD}")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (PlaceName("c5"), "Chat c5"),
        (PlaceName("c5", 7), "Chat c5, sujet n°\u00a07"),
        (PlaceName("c5", 7, "D<S>I", "Nuage"), "D&lt;S&gt;I (c5), sujet «\u00a0Nuage\u00a0»"),
    ],
)
def test_a_place_is_said_by_its_name_or_by_its_number(place: PlaceName, said: str) -> None:
    assert place.said("fr") == said
