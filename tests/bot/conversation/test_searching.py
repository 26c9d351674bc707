"""Searching as a reader does it: in words, in pages, with mistakes."""

from datetime import timedelta

import pytest

from bot.messages.callback_data import Press
from tests.bot.conversation.world import GROUP, READER, World
from tests.bot.digest.telegram_html import read


def shown(world: World) -> list[str]:
    return read(world.screen.shown[-1][1].html).text.splitlines()


async def test_plain_words_in_private_are_a_search(world: World) -> None:
    world.publish("hds", "Cirrova quitte Paris")
    await world.says("cirrova")
    assert shown(world)[:4] == [
        "Recherche\u00a0: cirrova · 1 article", "", "1. Cirrova quitte Paris", "Le Fil · mar. 24 nov. 09:40",
    ]  # fmt: skip
    await world.says("comité")
    assert "<b>comité</b>" in world.screen.shown[-1][1].html
    assert world.store.chats.find(READER) is None, "a search leaves no trace"


async def test_in_a_group_words_are_left_alone_and_the_command_works(world: World) -> None:
    world.publish("hds", "Cirrova quitte Paris")
    await world.says("cirrova", chat=GROUP)
    assert world.screen.shown == []
    await world.says("/search cirrova", chat=GROUP)
    assert "1 article" in shown(world)[0]


async def test_a_missing_argument_is_asked_for_and_the_answer_taken(world: World) -> None:
    world.publish("hds", "Cirrova quitte Paris")
    await world.says("/recherche")
    assert world.screen.shown[-1][1].ask
    await world.says("cirrova", reply_to=1)
    assert "1 article" in shown(world)[0]


async def test_in_a_group_only_a_reply_answers_the_question_and_only_for_ten_minutes(world: World) -> None:
    await world.says("/recherche", chat=GROUP)
    await world.says("autre chose", chat=GROUP)
    assert len(world.screen.shown) == 1
    await world.says("/recherche", chat=GROUP)
    world.now += timedelta(minutes=11)
    await world.says("cirrova", chat=GROUP, reply_to=1)
    assert len(world.screen.shown) == 2


async def test_pages_turn_by_edit_and_a_forgotten_search_says_so(world: World) -> None:
    for number in range(10):
        world.publish("hds", f"Cirrova {number}")
    await world.says("cirrova")
    keys = world.screen.shown[-1][1].buttons[0]
    assert [key.text for key in keys] == ["‹", "1/2 (10)", "›"]
    await world.presses(keys[2].data or "")
    assert len(read(world.screen.edited[-1][2].html).text.split("\n\n")) == 3
    await world.presses(Press("z", "aaaaaaaa", page=1))
    assert "refaites-la" in world.screen.edited[-1][2].html


async def test_nothing_found_says_where_it_looked_and_how_it_may_be_spelt(world: World) -> None:
    await world.says("secnumclud")
    assert shown(world)[1] == "Je n’ai encore rien lu."
    world.publish("hds", "Cirrova vise SecNumCloud")
    await world.says("secnumclud")
    assert shown(world) == [
        "Rien pour «\u00a0secnumclud\u00a0».",
        "J’ai cherché dans tout ce que j’ai lu depuis mar. 24 nov. 09:40.",
        "«\u00a0secnumclud\u00a0»\u00a0: vouliez-vous dire «\u00a0secnumcloud\u00a0»\u00a0?",
        '"une expression" · -sans · titre:mot · source:nom · depuis:7j',
    ]


@pytest.mark.parametrize(
    ("title", "asked", "near"),
    [
        ("Cirrova équipe l’hôpital de Sens", "hopitall", "hôpital"),
        ("CIRROVA ÉQUIPE L’HÔPITAL", "hopitall", "hôpital"),
        ("Une fuite à Saint-Étienne", "etiene", "étienne"),
        ("Un référé déposé", "refferé", "référé"),
        ("Cirrova vise SecNumCloud", "secnumclud", "secnumcloud"),
    ],
)
async def test_a_spelling_is_suggested_with_its_accents(world: World, title: str, asked: str, near: str) -> None:
    world.publish("hds", title)
    await world.says(asked)
    assert f"vouliez-vous dire «\u00a0{near}\u00a0»\u00a0?" in shown(world)[2]


async def test_a_date_that_is_none_is_explained(world: World) -> None:
    await world.says("/recherche depuis:bientôt cirrova")
    assert "« bientôt »" in shown(world)[0].replace("\u00a0", " ")


async def test_a_source_of_titles_alone_shows_no_passage(world: World) -> None:
    world.publish("hds", "Cirrova quitte Paris")
    with world.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE feed SET reading = 'summary'")
    await world.says("comité")
    assert len(shown(world)) == 4


@pytest.mark.parametrize(
    "said",
    ["Vu ceci\u00a0? https://ailleurs.example/1", "https://ailleurs.example/1 et https://ailleurs.example/2",
     "Un titre\nhttps://ailleurs.example/1", "(https://ailleurs.example/1)"],
)  # fmt: skip
async def test_a_sentence_with_an_address_asks_why_and_searches_nothing(world: World, said: str) -> None:
    await world.says(said)
    assert "Je ne suis aucune source de ce site" in world.screen.last
