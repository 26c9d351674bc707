"""A reader sets how many flashes a week he wants, sees what that would have let through, and loses none."""

from datetime import timedelta

import pytest

from bot.messages.callback_data import Press
from tests.bot.conversation.world import READER, World
from tests.bot.digest.telegram_html import read


async def set_to(world: World, count: int) -> str:
    await world.says("/start")
    await world.presses(Press("g", "pw", str(count)))
    return read(world.screen.edited[-1][2].html).text


async def test_the_budget_is_set_and_said(world: World) -> None:
    assert "Budget\u00a0: 2 flashs par semaine au plus" in await set_to(world, 2)
    assert world.chat(READER).per_week == 2
    await world.says("/reglages")
    assert any("2/sem." in key.text for row in world.screen.shown[-1][1].buttons for key in row)
    assert "Aucun budget par semaine" in await set_to(world, 0)


@pytest.mark.parametrize("value", ["4", "999", "x"])
async def test_a_forged_budget_sets_nothing(world: World, value: str) -> None:
    await world.says("/start")
    await world.presses(Press("g", "pw", value))
    assert world.chat(READER).per_week == 0


async def test_what_exceeds_opens_the_next_digest(world: World) -> None:
    await set_to(world, 2)
    titles = [f"Nébulis obtient la qualification numéro {number}" for number in range(1, 6)]
    rang = []
    for title in titles:
        world.now += timedelta(hours=5)
        world.publish("secnumcloud", title)
        rang += [text for text in world.queued() if "⚡" in text]
    assert len(rang) == 2
    assert "digest" in rang[-1], "the last one says where the rest is"
    await world.says("/digest")
    (digest,) = world.queued()
    assert [title for title in titles if title not in digest] == []
    world.now += timedelta(days=7)
    world.publish("secnumcloud", "Une autre qualification, un an après")
    assert len([text for text in world.queued() if "⚡" in text]) == 1, "another week"


async def test_the_replay_names_what_would_have_rung(world: World) -> None:
    await world.says("/start")
    await world.presses(Press("rw"))
    assert "Rien de vos veilles n’aurait sonné" in read(world.screen.edited[-1][2].html).text
    for number, title in enumerate(("Un hébergeur qualifié à Lille", "Deux ministères migrent", "La CNIL sanctionne")):
        world.now += timedelta(hours=number)
        world.publish("secnumcloud", title)
    world.publish("hds", "Rien qui presse")
    await world.presses(Press("rw"))
    lines = read(world.screen.edited[-1][2].html).text.splitlines()
    assert lines[1] == "3 faits sans budget, 1 avec 1 par semaine, 3 avec 3 par semaine, 3 avec 7 par semaine\u00a0:"
    assert [line[0] for line in lines[2:5]] == ["③", "③", "①"]
    assert "Un hébergeur qualifié à Lille" in lines[4]
    assert not any("Rien qui presse" in line for line in lines)


async def test_somebody_unknown_is_shown_nothing(world: World) -> None:
    await world.presses(Press("rw"))
    assert "Rien de vos veilles" in read(world.screen.edited[-1][2].html).text
