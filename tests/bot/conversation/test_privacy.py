"""What is kept of a chat, what it can take away, who may come in, and how much one may ask."""

import csv
import io
import json
from datetime import timedelta

import pytest

from bot.conversation import group_setup
from bot.conversation.files import table
from bot.conversation.limits import EVERYBODY, Patience
from bot.delivery.chat import ChatGone
from bot.messages import texts
from bot.messages.callback_data import Place, Press, token
from bot.model import Incoming
from storage import retention, store
from storage.chats.model import Alert
from storage.ids import ArticleId
from storage.operators.retention import Retention
from tests.bot.conversation.world import ADMIN, GROUP, NOW, READER, World, stands_in

CHANNEL = -100888


async def test_an_export_holds_all_that_is_kept_and_the_alerts_as_a_table(world: World) -> None:
    await world.says("/suivre hds flash")
    world.publish("hds", "=Un titre")
    world.queued()
    await world.says("/export")
    files = dict(world.screen.files)
    kept = json.loads(files["vigie.json"])
    assert kept["chat"][0]["telegram_id"] == READER
    assert [row["watchlist"] for row in kept["subscription"]] == ["hds"]
    ((_, title, url),) = list(csv.reader(io.StringIO(files["vigie.csv"].decode("utf-8-sig")), delimiter=";"))[1:]
    assert (title, url) == ("'=Un titre", "https://fil.example/1")


async def test_an_export_is_for_private_chats_that_are_known(world: World) -> None:
    await world.says("/export")
    assert "rien" in world.screen.last.lower()
    world.screen.admins = {READER}
    await world.says("/suivre hds", chat=GROUP)
    await world.says("/export", chat=GROUP)
    assert world.screen.last == "L’export ne se demande qu’en privé."
    assert world.screen.files == []


async def test_an_export_that_does_not_leave_says_so(world: World) -> None:
    await world.says("/suivre hds")
    world.screen.answers = [ChatGone("non")]
    await world.says("/export")
    assert world.screen.last == "L’export n’est pas parti. Réessayez dans un moment."


async def test_what_is_kept_is_told_in_both_languages(world: World) -> None:
    await world.says("/confidentialite")
    assert "Ni votre nom, ni ce que vous écrivez" in world.screen.last
    await world.says("/privacy", language="en")
    assert "Neither your name, nor what you write" in world.screen.last


async def test_leaving_takes_a_person_off_the_groups_they_set_up(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre hds", chat=GROUP)
    await world.says("/suivre hds")
    assert world.chat(GROUP).set_by == READER
    world.store.dossiers.suggest("never", ArticleId(1), ArticleId(2), READER, world.now)
    await world.says("/stop oui")
    assert world.chat(GROUP).set_by is None
    with world.store.database.read() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        cells = [str(cell) for name in tables for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
                 for cell in row]  # fmt: skip
    assert not [cell for cell in cells if stands_in(READER, cell)]


async def test_a_table_shows_the_reader_s_own_time() -> None:
    (_, row) = csv.reader(
        io.StringIO(table([Alert(NOW, "Titre", "u")], "Indian/Reunion").decode("utf-8-sig")), delimiter=";"
    )
    assert row == ["2026-11-24T12:10:00+04:00", "Titre", "u"]


async def test_twenty_commands_a_minute_are_answered_then_one_word_then_none(world: World) -> None:
    for _ in range(25):
        await world.says("/aide")
    assert len(world.screen.shown) == 21
    assert "vingt par minute" in world.screen.last
    await world.says("/aide", user=READER + 1, chat=READER + 1)
    assert len(world.screen.shown) == 22, "nobody else waits"
    await world.presses(Press("v"))
    assert world.screen.notices == [("c1", "")]
    world.now += timedelta(minutes=1)
    await world.says("/aide")
    assert len(world.screen.shown) == 23


async def joined(world: World, status: str, user: int = READER) -> None:
    await world.talk.handle(Incoming("membership", CHANNEL, "channel", user=user, language="fr", text=status))


async def test_a_channel_is_set_in_private_by_who_made_us_its_administrator(world: World) -> None:
    await joined(world, "administrator")
    (whose, _), *_ = world.screen.shown
    assert (whose, world.chat(CHANNEL).kind, world.chat(CHANNEL).set_by) == (READER, "channel", READER)
    world.screen.admins = {READER}
    await world.presses(Press("f", token("hds"), "f", place=Place(world.chat(CHANNEL).key)))
    assert world.publish("hds", "Titre") == 1
    await joined(world, "restricted")
    assert world.chat(CHANNEL).state == "held"
    await joined(world, "administrator")
    assert world.chat(CHANNEL).state == "active"
    await joined(world, "left")
    assert world.chat(CHANNEL).state == "gone"
    assert len(world.screen.shown) == 1, "it is greeted once"


async def test_a_closed_vigie_enters_no_channel_but_its_administrators(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({ADMIN})
    await joined(world, "administrator")
    assert world.store.chats.find(CHANNEL) is None
    assert world.screen.shown == []
    await joined(world, "administrator", user=ADMIN)
    assert world.chat(CHANNEL).set_by == ADMIN


async def test_a_topic_that_closes_waits_and_goes_on_when_it_opens(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre hds flash", chat=GROUP, thread=7)
    world.publish("hds", "Titre")
    await world.talk.handle(Incoming("topic", GROUP, "supergroup", text="closed", thread=7))
    assert world.queued() == []
    await world.talk.handle(Incoming("topic", GROUP, "supergroup", text="open", thread=7))
    assert len(world.queued()) == 1


async def test_who_asks_to_come_in_is_let_in_or_refused_by_an_administrator(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({ADMIN})
    await world.says("/start")
    await world.says("/start")
    (whose, asked), (asker, told) = world.screen.shown
    assert (whose, asker, told.html) == (ADMIN, READER, "Demande transmise.")
    accept, refuse = (key.data or "" for key in asked.buttons[0])
    await world.presses(refuse, chat=ADMIN, user=ADMIN)
    assert world.store.chats.find(READER) is None
    assert world.screen.edited[-1][2].html.endswith("Refusé. Rien n’est gardé de cette demande.")
    await world.presses(accept, chat=ADMIN, user=READER + 1)
    assert world.store.chats.find(READER) is None, "only an administrator lets in"
    await world.presses(accept, chat=ADMIN, user=ADMIN)
    assert world.chat(READER).state == "active"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", " +", "\u00a0-", "\t", "\n"])
def test_a_spreadsheet_runs_no_title(mark: str) -> None:
    written = table([Alert(NOW, f"{mark}1", "u")], "UTC").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))
    assert rows[1][1] == f"'{mark}1"


async def test_a_question_waits_ten_minutes_and_a_thousand_of_them_at_once(world: World) -> None:
    await world.says("/pourquoi")
    world.now += timedelta(minutes=11)
    for user in range(1, 1_200):
        world.now += timedelta(milliseconds=150)  # together they may ask for so much
        await world.says("/pourquoi", chat=user, user=user)
    assert len(world.talk._questions) == 1_000
    assert max(until for _, until in world.talk._questions.values()) == world.now + timedelta(minutes=10)
    await world.says("https://fil.example/1", chat=1_199, user=1_199)
    assert "fil.example" in world.screen.last


async def test_a_crowd_of_strangers_has_a_bound_together_and_operators_are_heard(world: World) -> None:
    asked = Patience(lambda: world.now, frozenset({1}))
    verdicts = [asked.verdict(10 + number) for number in range(EVERYBODY + 50)]
    assert verdicts == ["fine"] * EVERYBODY + ["silence"] * 50
    assert asked.verdict(1) == "fine"
    world.now += timedelta(minutes=1)
    assert asked.verdict(10) == "fine"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_privacy_says_what_a_dpo_looks_for(world: World, language: str) -> None:
    world.door.controller = "CHU de Valmorin <&>"
    world.door.contact = "dpo@chu.example"
    await world.says("/confidentialite", language=language)
    said = world.screen.last
    needed = [
        "CHU de Valmorin <&>",
        "dpo@chu.example",
        "6-1-b",
        "Telegram",
        "CNIL",
        "/export",
        "/stop",
        "90",
        "30",
    ]
    assert [word for word in needed if word not in said] == []
    assert len(said) < 4_096


@pytest.mark.parametrize(
    ("language", "messages", "chats"), [("fr", "400 jours", "1 jour"), ("en", "400 days", "1 day")]
)
async def test_what_is_promised_lasts_as_long_as_the_settings_say(
    world: World, language: str, messages: str, chats: str
) -> None:
    world.door.keep = Retention(timedelta(days=3), timedelta(days=400), timedelta(days=1))
    await world.says("/confidentialite", language=language)
    said = world.screen.last.replace("\u00a0", " ")
    assert messages in said
    assert f"{chats}." in said
    assert "90 " not in said


def test_the_durations_that_no_setting_changes_are_those_of_the_words() -> None:
    assert timedelta(days=365) == retention.YEAR
    assert timedelta(days=2) == store.ASKED
    assert timedelta(minutes=15) == group_setup.LIFE
    for phrases in (("un an", "deux jours", "un quart d’heure"), ("a year", "two days", "a quarter of an hour")):
        said = texts.text("fr" if "un an" in phrases else "en", "privacy.text", messages="", chats="")
        assert [phrase for phrase in phrases if phrase not in said] == []
