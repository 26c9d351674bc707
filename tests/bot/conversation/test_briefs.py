"""A brief made in the chat: stories kept, dropped, raised and commented, and the file that comes of it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.briefs import split_signature
from bot.delivery.telegram import Telegram
from bot.messages.callback_data import parse
from bot.model import Incoming
from tests.bot.briefs.builders import of_docx
from tests.bot.conversation.world import GROUP, READER, World
from tests.bot.digest.telegram_html import read
from tests.emulator import TOKEN, Emulator


def publish(world: World, count: int, name: str = "hds") -> None:
    for number in range(1, count + 1):
        world.publish(name, f"Fait n° {number}")
    world.now += timedelta(minutes=1)
    with world.store.database.write() as connection:  # the world groups nothing: each article is its own story
        connection.exec_driver_sql(
            "INSERT INTO story (id, dossier_id, opened, last_at, articles, texts, unsure) "
            "SELECT id, id, first_seen, first_seen, 1, 1, 0 FROM article"
        )
        connection.exec_driver_sql(
            "INSERT INTO grouped (article_id, host, aggregator, at, title, words, content, sketch, copy_of, story_id, "
            "backs) SELECT id, 'fil.example', 0, first_seen, title, 80, '', x'', id, id, 0 FROM article"
        )


async def says(world: World, text: str, chat: int = READER) -> None:
    world.screen.edited.clear()  # what comes now is the newest
    await world.says(text, chat=chat)


def shown(world: World) -> str:
    edited, sent = world.screen.edited, world.screen.shown
    return read((edited[-1][2] if edited else sent[-1][1]).html).text


def key(world: World, label: str, number: int | None = None) -> str:
    """The data of a button of the brief; that of the row of story `number` where one is given."""
    edited, sent = world.screen.edited, world.screen.shown
    rows = (edited[-1][2] if edited else sent[-1][1]).buttons
    wanted = [row for row in rows if number is None or row[0].text.startswith(f"{number} · ")]
    return next(each.data or "" for row in wanted for each in row if each.text.endswith(label))


async def test_a_story_is_dropped_raised_and_kept_again_and_the_file_says_so(world: World) -> None:
    publish(world, 3)
    await says(world, "/brief hebdo")
    assert "3 sujets" in shown(world)
    await world.presses(key(world, "retirer", 1))
    await world.presses(key(world, "monter", 2))
    assert "2 sujets, 1 monté, 1 retiré" in shown(world)
    await world.presses(key(world, "Word"))
    ((name, content),) = world.screen.files
    assert re.fullmatch(r"brief-\d{4}-\d\d-\d\d\.docx", name)
    text = "\n".join(of_docx(content))
    assert text.count("• ") == 1, "what was raised is the first page"
    await world.presses(key(world, "garder", 1))
    assert "3 sujets, 1 monté" in shown(world)


async def test_a_brief_is_asked_for_by_both_its_ends(world: World) -> None:
    publish(world, 3)
    await says(world, "/brief du 20 au 30 novembre")
    assert "du ven. 20 nov. 00:00 au mar. 24 nov." in shown(world)
    assert "3 sujets" in shown(world)
    await says(world, "/brief du 1er au 3 novembre")
    assert "aucun sujet" in shown(world).lower() or "0 sujet" in shown(world)
    await says(world, "/depuis du 1er au 3 novembre")
    assert "au mar. 3 nov. 23:59" in shown(world)


async def test_an_answer_is_a_comment_signed_once_and_for_the_next_time(world: World) -> None:
    publish(world, 2)
    await says(world, "/brief")
    await world.presses(key(world, "💬", 1))
    await says(world, "À lire <b>avant</b> le comité")
    assert "De qui\u00a0?" in shown(world)
    await says(world, "Claire & Co")
    assert "À lire <b>avant</b> le comité — Claire & Co" in shown(world)
    await world.presses(key(world, "💬", 2))
    await says(world, "Même sujet")
    assert "Même sujet — Claire & Co" in shown(world)
    await world.presses(key(world, "💬", 2))
    await says(world, "Autre avis — Paul")
    assert "Autre avis — Paul" in shown(world)
    await world.presses(key(world, "💬", 2))
    await says(world, "-")
    assert "Paul" not in shown(world)
    await world.presses(key(world, "ODT"))
    assert len(world.screen.files) == 1


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/brief demain", "pas encore venu"),
        ("/brief un jour ou l’autre", "Je ne comprends pas ce jour"),
        ("/brief dossier 999", "Je ne connais pas cet article"),
        ("/brief com abcdefgh 1 x — y", "C’est noté."),
        ("/brief sig abcdefgh 1 abcdefgh y", "Ce brief est trop ancien"),
    ],
)
async def test_what_can_not_be_made_is_one_line(world: World, asked: str, answer: str) -> None:
    await says(world, asked)
    (line,) = shown(world).splitlines()
    assert answer in line


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Autre avis — Paul", ("Autre avis", "Paul")),
        ("Autre avis -- le RSSI", ("Autre avis", "le RSSI")),
        ("Autre avis — Claire D.", ("Autre avis", "Claire D.")),
        ("Autre avis—Claire de Witt", ("Autre avis", "Claire de Witt")),
        ("La CNIL — enfin — tranche — Claire", ("La CNIL — enfin — tranche", "Claire")),
        ("La CNIL — enfin — tranche", None),
        ("La CNIL -- enfin -- tranche", None),
        ("Un hébergeur — de taille — et un autre", None),
        ("La CNIL tranche — il était temps !", None),
        ("La CNIL tranche — la décision suit en janvier pour tous", None),
        ("La CNIL tranche — c’est fait.", None),
        ("La CNIL tranche", None),
        ("— La CNIL tranche", None),
        ("La CNIL tranche —", None),
        ("—", None),
        ("", None),
    ],
)
def test_a_comment_is_signed_by_a_name_and_not_by_the_end_of_its_sentence(
    said: str, found: tuple[str, str] | None
) -> None:
    assert split_signature(said) == found


async def test_a_name_that_could_be_an_aside_is_asked_for_and_stands_once(world: World) -> None:
    publish(world, 1)
    await says(world, "/brief")
    await world.presses(key(world, "💬", 1))
    await says(world, "Important — à lire — Claire")
    assert "De qui\u00a0?" in shown(world)
    await says(world, "claire")
    assert "Important — à lire — claire" in shown(world)


async def test_a_brief_without_stories_is_one_too(world: World) -> None:
    await says(world, "/brief jour")
    assert shown(world).splitlines()[-1] == "Aucun sujet dans ce laps de temps."
    await world.presses(key(world, "Courriel"))
    ((name, content),) = world.screen.files
    assert name.endswith(".eml")
    assert b"X-Unsent: 1" in content


async def test_a_list_and_the_number_of_recipients_may_be_named(world: World) -> None:
    publish(world, 1)
    await says(world, "/brief secnumcloud")
    assert "Aucun sujet" in shown(world)
    await says(world, "/brief hebdo hds pour 25 destinataires")
    await world.presses(key(world, "Usage (CSV)"))
    assert world.screen.files[-1][1].decode().splitlines()[1] == "Le Fil;2026-11;1;25"


@pytest.mark.parametrize("thread", [None, 3])
async def test_a_file_comes_where_it_was_asked_for(world: World, thread: int | None) -> None:
    """A topic of a group: its general one may be closed, and is read by others."""
    publish(world, 1)
    await world.says("/brief", chat=GROUP, thread=thread)
    await world.presses(key(world, "Word"), chat=GROUP, thread=thread)
    assert world.screen.file_threads == [thread]


async def test_in_a_group_only_its_administrators_choose(world: World) -> None:
    publish(world, 1)
    await says(world, "/brief", chat=GROUP)
    data = key(world, "retirer", 1)
    await world.presses(data, chat=GROUP)
    assert "administrat" in world.screen.notices[-1][1]
    await says(world, "/brief com abcdefgh 1 mot — moi", chat=GROUP)
    assert "administrat" in shown(world)
    world.screen.admins.add(READER)
    await world.presses(data, chat=GROUP)
    assert "1 retiré" in shown(world)


async def test_what_was_forgotten_is_said_and_nothing_is_lost(world: World) -> None:
    publish(world, 1)
    await says(world, "/brief")
    data = key(world, "retirer", 1)
    world.talk = world.conversation(world.screen)  # the daemon was started again
    await world.presses(data)
    assert "trop ancien" in shown(world)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(speed=10_000) as made:
        yield made


async def test_a_day_of_nine_stories_is_ready_to_forward_in_twelve_presses(world: World, emulator: Emulator) -> None:
    """Two dropped, three raised, one commented, two pages turned, and the file: as a person does it."""
    publish(world, 9)
    chat = emulator.chat(5, "private")
    base: dict[str, Any] = {"user": 5, "language": "fr", "thread": None}
    pressed = 0
    async with Telegram(TOKEN, emulator.url, menu_pause=0) as telegram:
        talk = world.conversation(telegram)

        async def press(label: str, row: int | None = None) -> None:
            nonlocal pressed
            pressed += 1
            board = next(post for post in reversed(chat.messages) if post.buttons)
            keys = [each for line in board.buttons for each in line
                    if row is None or line[0]["text"].startswith(f"{row} · ")]  # fmt: skip
            data = next(each["callback_data"] for each in keys if each["text"].endswith(label))
            assert parse(data) is not None
            await talk.handle(Incoming("press", 5, "private", message=board.id, callback=f"c{pressed}",
                                       data=data, **base))  # fmt: skip

        await talk.handle(Incoming("message", 5, "private", text="/brief jour", message=1, **base))
        for label, row in (("retirer", 1), ("retirer", 4), ("monter", 2), ("monter", 5), ("monter", 6)):
            await press(label, row)
        await press("💬", 2)
        await talk.handle(Incoming("message", 5, "private", text="Décision le 1er — Claire", message=2, **base))
        await press("›")
        await press("‹")
        await press("Word")
        assert [name for _, name, _ in emulator.files] == ["brief-2026-11-24.docx"]
    assert pressed <= 12
    assert "7 sujets, 3 montés, 2 retirés" in "\n".join(post.text for post in chat.messages)
