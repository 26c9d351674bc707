"""Whoever is asked whether two events are one says so by a button, or by a link of a channel, in either language."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digest import keys
from bot.messages.texts import text
from bot.model import Incoming, Message
from storage.ids import ArticleId
from storage.stories.model import Announced
from tests.bot.conversation import world as talking
from tests.bot.digest.telegram_html import read
from tests.grouping.builders import prose
from tests.grouping.test_doubts import DOUBTFUL, LEAD, TITLE, WARY
from tests.grouping.world import ENGINE, World, opened
from tests.storage.builders import a_chat

OPERATOR, READER, GROUP = 9, 555, -100777


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Article 2 may tell the event of article 1, and the chat was asked."""
    with opened(tmp_path) as made:
        made.article(0, TITLE, prose("a", 60), summary=LEAD)
        made.send()
        made.newsroom = WARY
        made.now += timedelta(hours=1)
        made.article(1, DOUBTFUL[0][0], prose(0, 60), summary=DOUBTFUL[0][1], published=made.now)
        made.send()
        yield made


def talk(world: World) -> talking.World:
    door = talking.Door(admins=frozenset({OPERATOR}))
    return talking.World(world.store, now=world.now, watchlists=dict(ENGINE.watchlists), door=door)


async def pressed(world: World, data: str, user: int, chat: int, language: str) -> talking.Screen:
    """What the chat shows after this button; a group has been set up by the operator, who administers it."""
    if chat < 0:
        a_chat(world.store, chat)
    speaking = talk(world)
    kind: Any = "private" if chat > 0 else "supergroup"
    press = Incoming("press", chat, kind, user=user, language=language, message=7, callback="c1", data=data)
    await speaking.talk.handle(press)
    return speaking.screen


def asked(kind: str) -> str:
    """The data of the button, as the message bears it."""
    same, other = keys.doubt("fr", 2)[0]
    return same.data if kind == "ms" else other.data


def stories(world: World) -> list[int]:
    return [row[9] for row in world.rows("grouped")]


def unsure(world: World) -> bool:
    return any(row[-1] and row[0] in stories(world) for row in world.rows("story"))


def test_a_press_review_says_which_event_it_may_be_until_somebody_decides(world: World) -> None:
    def beside() -> list[tuple[int, int | None]]:
        stories = world.store.press_review(world.now - timedelta(days=1), 9, world.now).stories
        return [(each.number, each.beside.id if each.beside else None) for each in stories]

    assert beside() == [(2, 1), (1, None)]
    world.store.dossiers.other_event(ArticleId(2), OPERATOR, lambda *_: (), world.now)
    assert beside() == [(2, None), (1, None)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("chat", [OPERATOR, GROUP])
@pytest.mark.parametrize(("kind", "after"), [("ms", [1, 1]), ("mo", [1, 2])])
async def test_an_operator_decides_by_a_button(
    world: World, kind: str, after: list[int], chat: int, language: str
) -> None:
    screen = await pressed(world, asked(kind), OPERATOR, chat, language)
    assert (stories(world), unsure(world)) == (after, False)
    assert [said for _, said in screen.notices] in ([text(one, "affair.noted")] for one in ("fr", "en"))
    ((where, message, keyboard),) = screen.keyboards
    assert (where, message) == (chat, 7)
    assert not any("Même" in key.text or "Same" in key.text for row in keyboard for key in row), "asked no more"


@pytest.mark.parametrize("chat", [READER, GROUP])
@pytest.mark.parametrize(("kind", "noted"), [("ms", ("must", 1, 2)), ("mo", ("never", 2, 2))])
async def test_anybody_else_leaves_a_suggestion_and_moves_nothing(
    world: World, kind: str, noted: tuple[str, int, int], chat: int
) -> None:
    screen = await pressed(world, asked(kind), READER, chat, "fr")
    assert (stories(world), unsure(world)) == ([1, 2], True)
    assert [(each.kind, each.a, each.b) for each in world.store.dossiers.suggestions()] == [noted]
    assert [said for _, said in screen.notices] == [text("fr", "affair.suggested")]


@pytest.mark.parametrize("kind", ["ms", "mo"])
async def test_what_was_decided_by_a_button_is_taken_back_by_the_one_below_it(world: World, kind: str) -> None:
    screen = await pressed(world, asked(kind), OPERATOR, OPERATOR, "fr")
    ((where, below),) = screen.shown
    assert where == OPERATOR
    ((undo,),) = below.buttons
    assert undo.text == text("fr", "button.undo")
    await pressed(world, str(undo.data), OPERATOR, OPERATOR, "fr")
    assert (stories(world), unsure(world)) == ([1, 2], True)
    again = await pressed(world, asked(kind), READER, READER, "fr")
    assert again.shown == [], "who only suggests has nothing to take back"


@pytest.mark.parametrize("kind", ["ms", "mo"])
async def test_pressed_again_nothing_more_is_decided_though_the_story_it_went_into_is_in_doubt_itself(
    world: World, kind: str
) -> None:
    world.now += timedelta(hours=1)
    world.article(2, DOUBTFUL[1][0], prose(1, 60), summary=DOUBTFUL[1][1], published=world.now)
    world.store.dossiers.merge(ArticleId(2), ArticleId(3), OPERATOR, lambda *_: (), world.now)
    same, other = keys.doubt("fr", 3)[0]
    screen = await pressed(world, str((same if kind == "ms" else other).data), OPERATOR, OPERATOR, "fr")
    assert (stories(world), unsure(world)) == ([1, 2, 2], True)
    assert [said for _, said in screen.notices] == [text("fr", "affair.settled")]
    assert screen.shown == [], "said once"


async def test_nobody_is_thanked_for_a_suggestion_where_nothing_is_left_to_decide(world: World) -> None:
    world.store.dossiers.other_event(ArticleId(2), OPERATOR, lambda *_: (), world.now)
    screen = await pressed(world, asked("ms"), READER, READER, "fr")
    assert [said for _, said in screen.notices] == [text("fr", "affair.settled")]
    assert world.store.dossiers.suggestions() == ()


@pytest.mark.parametrize(("chat", "asks_on"), [(GROUP, True), (READER, False)])
async def test_a_suggestion_leaves_a_group_its_buttons_since_an_operator_may_decide_there(
    world: World, chat: int, asks_on: bool
) -> None:
    screen = await pressed(world, asked("ms"), READER, chat, "fr")
    assert (screen.keyboards == []) is asks_on
    await pressed(world, asked("ms"), OPERATOR, GROUP, "fr")
    assert (stories(world), unsure(world)) == ([1, 1], False)


async def test_a_story_in_doubt_is_put_apart_as_the_line_about_a_suggestion_says(world: World) -> None:
    speaking = talk(world)
    await speaking.says("/separer 2", chat=OPERATOR, user=OPERATOR)
    ((_, answer),) = speaking.screen.shown
    assert read(answer.html).text == text("fr", "affair.apart")
    assert (stories(world), unsure(world)) == ([1, 2], False)
    await pressed(world, str(answer.buttons[0][0].data), OPERATOR, OPERATOR, "fr")
    assert unsure(world)


async def test_a_press_that_fails_is_answered_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(world.store.dossiers, "same_event", broken)
    screen = await pressed(world, asked("ms"), OPERATOR, OPERATOR, "fr")
    assert [said for _, said in screen.notices] == [""]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("kind", "after"), [("s", [1, 1]), ("o", [1, 2])])
async def test_a_link_of_a_channel_does_the_same_once(world: World, kind: str, after: list[int], language: str) -> None:
    link = await opened_by(world, f"{kind}_{signed(world)}", OPERATOR, language)
    assert (stories(world), unsure(world)) == (after, False)
    assert link == read(text(language, "affair.merged" if kind == "s" else "affair.apart")).text
    assert await opened_by(world, f"{kind}_{signed(world)}", OPERATOR, language) == text(language, "affair.settled")


@pytest.mark.parametrize("kind", ["s", "o"])
async def test_a_stranger_who_opens_that_link_suggests_and_one_who_makes_it_up_does_nothing(
    world: World, kind: str
) -> None:
    assert await opened_by(world, f"{kind}_2-1-0_{'a' * 16}", READER, "fr") == text("fr", "affair.settled")
    assert world.store.dossiers.suggestions() == ()
    assert await opened_by(world, f"{kind}_{signed(world)}", READER, "fr") == text("fr", "affair.suggested")
    assert (stories(world), unsure(world)) == ([1, 2], True)
    assert len(world.store.dossiers.suggestions()) == 1


@pytest.mark.parametrize("written", ["2", "n° 2", "N°2", "no. 2", "No 2"])
async def test_why_is_answered_for_the_number_that_a_dossier_shows(world: World, written: str) -> None:
    speaking = talk(world)
    await speaking.says(f"/pourquoi {written}", chat=OPERATOR, user=OPERATOR)
    assert DOUBTFUL[0][0] in read(speaking.screen.shown[-1][1].html).text
    await speaking.says("/pourquoi 99", chat=OPERATOR, user=OPERATOR)
    assert read(speaking.screen.shown[-1][1].html).text == text("fr", "fate.unknown")


def signed(world: World) -> str:
    return talking.LINKS.payload(Announced(ArticleId(2), world.chat.key, 0))


async def opened_by(world: World, payload: str, user: int, language: str) -> str:
    """What the private chat answers to somebody who follows a link there."""
    speaking = talk(world)
    await speaking.says(f"/start {payload}", chat=user, user=user, language=language)
    shown: Message = speaking.screen.shown[-1][1]
    return read(shown.html).text
