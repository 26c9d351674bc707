"""Judging an alert: by its buttons, by a command, by whoever works with this Vigie and by nobody else."""

import json
from datetime import timedelta

import pytest

from bot.conversation.triage import wish
from bot.messages.callback_data import Press
from bot.messages.texts import text
from bot.model import Message
from storage.articles.model import Sorting
from storage.ids import ArticleId
from tests.bot.conversation.world import ADMIN, GROUP, READER, World
from tests.bot.digest.telegram_html import read

CHANNEL = -1009
NBSP = "\u00a0"
TITLE = "Nébulis obtient SecNumCloud"


@pytest.fixture
def world(world: World) -> World:
    """An alert has come to an operator, in private."""
    world.door.admins = frozenset({ADMIN})
    world.in_stories = True
    return world


async def alerted(world: World, chat: int = ADMIN, title: str = TITLE) -> list[list[str]]:
    """The labels of the buttons of an alert that this chat gets as its message 7."""
    world.screen.admins = {ADMIN, READER}
    await world.says("/suivre secnumcloud flash", chat=chat, user=ADMIN if chat != READER else READER)
    world.publish("secnumcloud", title)
    (due,) = [each for each in world.store.outbox.claim(world.now, "run", 9) if each.chat.telegram_id == chat]
    world.store.outbox.sent(due.id, 7, world.now)
    return [[key.text for key in row] for row in Message.from_json(due.body).buttons]


def stands(world: World, article: int = 1) -> tuple[str, str, str] | None:
    entry = world.store.triage.of([ArticleId(article)]).get(ArticleId(article))
    return (entry.state, entry.owner, entry.note) if entry else None


def keyboard(world: World) -> list[str]:
    return [key.text for row in world.screen.keyboards[-1][2] for key in row]


def edits(world: World) -> list[Message]:
    """The edits that may leave now, which do."""
    found = []
    while due := world.store.outbox.claim(world.now, "run", 9):
        for each in due:
            world.store.outbox.sent(each.id, each.about or 8, world.now)
        found += [Message.from_json(each.body) for each in due if each.lane == "edit"]
    return found


async def in_channel(world: World, access: str) -> Message:
    """What a channel that an operator set up gets of an article."""
    world.door.access = access
    world.store.chats.arrive(ADMIN, "private", "fr", world.now)
    channel = world.store.chats.arrive(CHANNEL, "channel", "fr", world.now, ADMIN)
    world.store.chats.follow(channel.key, "secnumcloud", "flash", world.now)
    world.publish("secnumcloud", TITLE)
    (due,) = world.store.outbox.claim(world.now, "run", 9)
    world.store.outbox.sent(due.id, 7, world.now)
    return Message.from_json(due.body)


async def test_an_alert_is_judged_by_two_presses_and_shows_how_it_stands(world: World) -> None:
    assert (await alerted(world))[-1] == ["Pourquoi" + NBSP + "?", "Tri"]
    await world.presses(Press("tr", "1"), chat=ADMIN, user=ADMIN)
    assert keyboard(world)[:4] == ["● À qualifier", "Applicable", "Sans objet", "Traité"]
    for _ in range(2):  # a button sets: pressed twice, it says one thing
        await world.presses(Press("ts", "1", "applies"), chat=ADMIN, user=ADMIN)
        assert keyboard(world)[-1] == "Tri"
    assert stands(world) == ("applies", "", "")
    assert len(world.store.triage.lines()[1]) == 1
    (edited,) = edits(world)
    assert read(edited.html).text.splitlines()[-1] == f"Tri{NBSP}: applicable"
    assert edited.buttons[-1][-1].text == "Tri"
    await world.presses(Press("tr", "1"), chat=ADMIN, user=ADMIN)
    assert keyboard(world)[:4] == ["À qualifier", "● Applicable", "Sans objet", "Traité"]


async def test_how_it_stands_is_shown_at_once_and_stays_through_later_edits(world: World) -> None:
    await alerted(world)
    await world.says("/tri applicable @Claire", chat=ADMIN, user=ADMIN, reply_to=7)
    assert len(edits(world)) == 1
    world.publish("secnumcloud", "Nébulis qualifiée ce mardi")
    await world.says("/fusionner 1 2", chat=ADMIN, user=ADMIN)
    await world.says("/tri traité", chat=ADMIN, user=ADMIN, reply_to=7)
    (edited,) = edits(world)  # ten minutes are not waited for, and one edit says both
    assert f"Tri{NBSP}: traité · Claire" in read(edited.html).text
    world.now += timedelta(days=5)  # a message that is left as it is otherwise
    await world.says("/tri sans objet @-", chat=ADMIN, user=ADMIN, reply_to=7)
    (edited,) = edits(world)
    assert read(edited.html).text.splitlines()[-1] == f"Tri{NBSP}: sans objet"


async def test_the_card_says_at_once_what_its_buttons_set(world: World) -> None:
    await alerted(world)
    await world.says("/tri 1", chat=ADMIN, user=ADMIN)
    world.screen.edited.clear()
    await world.presses(Press("ts", "1", "done"), chat=ADMIN, user=ADMIN, message=99)
    assert f"{NBSP}: traité" in read(world.screen.edited[-1][2].html).text


async def test_why_says_it_to_the_team_alone(world: World) -> None:
    world.screen.admins = {ADMIN, READER}
    await world.says("/suivre secnumcloud flash")
    await alerted(world)
    await world.says("/tri 1 applicable @Claire", chat=ADMIN, user=ADMIN)
    await world.presses(Press("y", "1"), chat=ADMIN, user=ADMIN)
    assert world.screen.last.splitlines()[-1] == f"Tri{NBSP}: applicable · Claire"
    await world.presses(Press("y", "1"))
    assert "Claire" not in world.screen.last
    shown = {
        each.chat.telegram_id: Message.from_json(each.body).html for each in world.store.outbox.claim(world.now, "r", 9)
    }
    assert "Claire" in shown[ADMIN]
    assert READER not in shown


async def test_a_channel_of_the_team_has_a_link_and_shows_it(world: World) -> None:
    channel = await in_channel(world, "closed")
    assert "?start=t_1" in channel.html
    await world.says("/start t_1", chat=ADMIN, user=ADMIN)
    assert f"Tri de «{NBSP}{TITLE}{NBSP}»{NBSP}: à qualifier" in world.screen.last
    await world.presses(Press("ts", "1", "done"), chat=ADMIN, user=ADMIN)
    (edited,) = edits(world)
    assert f"Tri{NBSP}: traité" in read(edited.html).text
    for nothing in ("t_9", "t_", "t_zz!"):
        await world.says(f"/start {nothing}", chat=ADMIN, user=ADMIN)
        assert "ne connais pas" in world.screen.last


async def test_the_public_of_an_open_channel_sees_nothing_of_the_triage(world: World) -> None:
    channel = await in_channel(world, "open")
    assert "?start=p_" in channel.html
    assert "?start=t_" not in channel.html
    await world.says("/start t_1")
    assert world.screen.last == text("fr", "triage.team")
    await world.says("/tri 1 applicable @Claire", chat=ADMIN, user=ADMIN)
    assert edits(world) == []


async def test_an_owner_and_a_note_are_asked_for_and_taken_away(world: World) -> None:
    await alerted(world)
    for verb, answer in (("tw", "Claire de Witt"), ("tn", "traité par le DPO <b>"), ("tw", "-")):
        await world.presses(Press(verb, "1"), chat=ADMIN, user=ADMIN)
        assert world.screen.shown[-1][1].ask
        await world.says(answer, chat=ADMIN, user=ADMIN)
    assert [(each.owner, each.note) for each in world.store.triage.lines()[1]] == [
        ("Claire de Witt", ""), ("Claire de Witt", "traité par le DPO <b>"), ("", "traité par le DPO <b>"),
    ]  # fmt: skip
    assert stands(world) == ("open", "", "traité par le DPO <b>")


async def test_a_reply_to_the_alert_says_all_of_it(world: World) -> None:
    await alerted(world, GROUP)
    await world.says("/tri traité @Claire réunion lundi", chat=GROUP, user=READER, reply_to=7)
    assert stands(world) == ("done", "Claire", "réunion lundi")
    lines = [f"Tri de «{NBSP}{TITLE}{NBSP}»{NBSP}: traité", f"Responsable{NBSP}: Claire", f"Note{NBSP}: réunion lundi"]
    assert world.screen.last.splitlines() == lines
    await world.says("/triage not applicable", chat=GROUP, user=READER, reply_to=7, language="en")
    assert stands(world) == ("void", "Claire", "réunion lundi")
    await world.says("/tri 1", chat=GROUP, user=READER)
    assert "sans objet" in world.screen.last
    await world.says("/tri 99 traité", chat=GROUP, user=READER)
    assert "Je ne connais pas cet article" in world.screen.last


async def test_where_anybody_may_come_in_a_stranger_judges_nothing(world: World) -> None:
    assert (await alerted(world, READER))[-1] == ["Pourquoi" + NBSP + "?"]
    said = text("fr", "triage.team")
    for press in (Press("tr", "1"), Press("ts", "1", "done"), Press("tw", "1"), Press("tn", "1")):
        await world.presses(press)
        assert world.screen.last == said
    await world.presses(Press("tl", "open"))
    for command in ("/tri 1 traité", "/dossier traité"):
        await world.says(command)
        assert world.screen.last == said
    await world.says("/dossier")
    assert not any("Traité" in key.text for row in world.screen.shown[-1][1].buttons for key in row)
    assert world.store.triage.lines()[1] == ()


async def test_where_access_is_closed_whoever_was_let_in_is_of_the_team(world: World) -> None:
    world.store.chats.arrive(READER, "private", "fr", world.now)
    world.door.access = "closed"
    assert (await alerted(world, READER))[-1][-1] == "Tri"
    await world.presses(Press("ts", "1", "void"))
    assert stands(world) == ("void", "", "")


async def test_the_affairs_are_filtered_by_how_their_stories_stand(world: World) -> None:
    await alerted(world)
    for number in range(2, 13):
        world.publish("secnumcloud", f"Cirrova tient l’épisode {number}")
    await world.says("/tri 3 applicable @Claire voir <le texte>", chat=ADMIN, user=ADMIN)
    await world.says("/dossier", chat=ADMIN, user=ADMIN)
    labels = [key.text for row in world.screen.shown[-1][1].buttons[-2:] for key in row]
    assert labels == [f"À qualifier{NBSP}: 11", f"Applicable{NBSP}: 1", f"Sans objet{NBSP}: 0", f"Traité{NBSP}: 0"]
    await world.presses(Press("tl", "open"), chat=ADMIN, user=ADMIN)
    shown = world.screen.edited[-1][2]
    assert "11 sujets" in shown.html
    assert [key.text for key in shown.buttons[8]] == ["‹", "1/2 (11)", "›"]
    await world.says("/dossier applicable", chat=ADMIN, user=ADMIN)
    assert "épisode 3 · Claire · «" in world.screen.last.replace(NBSP, " ")
    await world.says("/tri", chat=ADMIN, user=ADMIN)
    assert "à qualifier" in world.screen.last


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("à qualifier", Sorting("open")),
        ("A QUALIFIER, plus tard", Sorting("open", None, "plus tard")),
        ("sans objet : hors champ", Sorting("void", None, "hors champ")),
        ("done", Sorting("done")),
        ("not applicable @bob", Sorting("void", "bob")),
        ("@Claire", Sorting(None, "Claire")),
        ("@ Claire de Witt", Sorting(None, "Claire de Witt")),
        ("une note", Sorting(None, None, "une note")),
        (": traité par X", Sorting(None, None, "traité par X")),
        (": -", Sorting(None, None, "")),
        ("@ —", Sorting(None, "")),
        ("traitée", Sorting(None, None, "traitée")),
        ("", Sorting()),
        ("traité\u00a0\nvu\x00\x07", Sorting("done", None, "vu")),
    ],
)
def test_what_is_asked_for_is_read_in_both_languages(said: str, found: Sorting) -> None:
    assert wish(said) == found


@pytest.mark.parametrize("said", [": " + "é" * 5_000, "@ " + "a" * 900, "@" + "b" * 900, "x" * 9_000, "@", "@ ", ":"])
def test_what_is_too_long_or_empty_is_cut_to_what_a_register_bears(said: str) -> None:
    asked = wish(said)
    assert len(asked.owner or "") <= 60
    assert len(asked.note or "") <= 300


async def test_no_hash_of_who_judged_leads_to_the_person(world: World) -> None:
    await alerted(world)
    await world.presses(Press("ts", "1", "done"), chat=ADMIN, user=ADMIN)
    ((entry,),) = [world.store.triage.lines()[1]]
    assert str(ADMIN) != entry.by
    assert len(entry.by) == 32
    assert json.dumps(entry.by).isascii()


@pytest.mark.parametrize(
    ("said", "titled"),
    [
        ("/tri sans objet", "sans objet"),
        ("/tri traité", "traité"),
        ("/triage done", "traité"),
        ("/tri\u00a0À QUALIFIER", "à qualifier"),
    ],
)
async def test_a_state_alone_lists_what_stands_so(world: World, said: str, titled: str) -> None:
    await alerted(world)
    await world.says(said, chat=ADMIN, user=ADMIN)
    assert read(world.screen.last).text.startswith(f"Tri\u00a0: {titled}")
