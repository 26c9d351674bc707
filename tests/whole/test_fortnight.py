"""Two weeks of the whole daemon in a few seconds: a night when the clocks change, Easter Monday, every command, every
button, votes, edits, a group with topics, a channel, weekly messages. What any of it left out would be missing here."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.commands import NAMES
from storage.chats.model import Choices
from storage.checking import misfit
from tests.emulator.virtual import run
from tests.grouping.builders import prose
from tests.whole.daemon import folder, opened
from tests.whole.stepped import Stepped

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 3, 26, 5, 0, tzinfo=UTC)  # a Thursday; clocks change on the 29th, and 6 April is Easter Monday
END = START + timedelta(days=14)
CLAIRE, JOHN, BOSS = 11, 12, 9
FORUM, CHANNEL, TOPIC = -1001, -1002, 7
WATCHLISTS = {
    "nuage": """
name: Hébergement
question: Qui héberge ?
level: flash
any: [SecNumCloud, hébergement de santé]
threshold: 1
examples: {match: [Cirrova vise SecNumCloud], ignore: [Une école ouvre]}
""",
    "fuites": """
name: Fuites
question: Qui perd des données ?
level: daily
any: [fuite de données]
threshold: 1
examples: {match: [Fuite de données à Sens], ignore: [Une école ouvre]}
""",
    "lois": """
name: Lois
question: Quelles règles changent ?
level: weekly
any: [projet de loi]
threshold: 1
examples: {match: [Le projet de loi au Sénat], ignore: [Une école ouvre]}
""",
}
FEEDS = "feeds:\n" + "".join(
    f"  - {{id: {name}, name: {name.title()}, url: 'https://{name}.example/rss', every: 2h}}\n"
    for name in ("fil", "gazette", "courrier")
)
TOWNS = (
    "Sens",
    "Agen",
    "Brest",
    "Dole",
    "Vichy",
    "Albi",
    "Laon",
    "Gap",
    "Foix",
    "Tulle",
    "Rodez",
    "Auch",
    "Nevers",
    "Blois",
)


@pytest.fixture
def world(tmp_path: Path) -> Stepped:
    chosen, configuration = opened(folder(tmp_path / "config", FEEDS, WATCHLISTS), VIGIE_ADMINS=str(BOSS))
    return Stepped(chosen, configuration, START)


def publish(world: Stepped) -> None:
    """A morning and an evening of news a day: a flash every other day, told by a second outlet two hours later."""
    for outlet in ("fil", "gazette", "courrier"):
        world.press.publish(outlet, START - timedelta(days=2), f"Archive de {outlet}")
    for day, town in enumerate(TOWNS):
        noon = START + timedelta(days=day, hours=6)
        if day % 2:
            told = f"L’hôpital de {town} choisit un hébergeur qualifié SecNumCloud"
            world.press.publish("fil", noon, told, f"{told}, pour {day + 11} millions d’euros. {prose(f'fil-{day}')}")
            again = f"SecNumCloud : {town} confie ses dossiers à un hébergeur qualifié pour {day + 11} millions"
            world.press.publish("gazette", noon + timedelta(hours=2), again, f"{again}. {prose(f'gazette-{day}')}")
        leak = f"Fuite de données à la mairie de {town}"
        world.press.publish("courrier", noon + timedelta(hours=3), leak, f"{leak}. {prose(f'fuite-{day}')}")
        world.press.publish("gazette", noon + timedelta(hours=4), f"Le marché de {town} rouvre", prose(f"marché-{day}"))
    law = "Le projet de loi sur le nuage arrive au Sénat"
    world.press.publish("fil", START + timedelta(days=5), law, f"{law}. {prose('loi')}")


def local(moment: datetime) -> datetime:
    return moment.astimezone(PARIS)


async def settle_in(world: Stepped) -> None:
    for number, language in ((CLAIRE, "fr"), (JOHN, "en"), (BOSS, "fr")):
        await world.say(number, "/start", language=language)
        for watchlist in WATCHLISTS:
            await world.say(number, f"/{'follow' if language == 'en' else 'suivre'} {watchlist}", language=language)
    forum = world.api.chat(FORUM, "supergroup")
    forum.topics, forum.admins = {TOPIC: True}, {CLAIRE}
    world.api.membership(FORUM, "administrator", user=CLAIRE)
    await world.ears.hear()
    await world.say(FORUM, "/suivre nuage", user=CLAIRE, thread=TOPIC, topic=True)
    world.api.chat(CHANNEL, "channel").admins = {CLAIRE}
    world.api.membership(CHANNEL, "administrator", user=CLAIRE)
    await world.ears.hear()
    link = next(key["url"] for post in reversed(world.api.chat(CLAIRE).messages) for row in post.buttons for key in row
                if "start=" in key.get("url", ""))  # fmt: skip
    await world.say(CLAIRE, f"/start {link.partition('start=')[2]}")
    john = world.store.chats.find(JOHN)
    assert john is not None
    world.store.chats.settings(john.key, Choices(days="open"))
    channel = next(each for each in world.store.chats.active() if each.telegram_id == CHANNEL)
    world.store.chats.follow(channel.key, "nuage", None, world.now())


async def say_everything(world: Stepped, chat: int, user: int, language: str) -> None:
    """Every command, with and without words, but the one that ends it all."""
    for name, french in NAMES.items():
        if french in ("stop", "pause"):
            continue
        for words in ("", " nuage", " https://fil.example/1"):
            await world.say(chat, f"/{name}{words}", user=user, language=language)


async def press_everything(world: Stepped, chat: int, user: int, language: str, most: int = 60) -> int:
    """The buttons of the newest messages, each kind of them once."""
    pressed: set[str] = set()
    for post in tuple(world.api.chat(chat).messages)[-80:]:
        for data in [key["callback_data"] for row in post.buttons for key in row if "callback_data" in key]:
            verb = data.split(".")[0]
            if verb not in pressed and verb != "1s" and len(pressed) < most:
                pressed.add(verb)
                await world.press_button(chat, post.id, data, user=user, language=language)
    return len(pressed)


def sent(world: Stepped, chat: int) -> list[tuple[datetime, str]]:
    """What was sent to that chat, as it was sent and shown, and when, in Paris."""
    calls = [call for call in world.api.called("sendMessage") if call.status == 200]
    mine = [call for call in calls if call.parameters["chat_id"] == str(chat)]
    return [(local(START + timedelta(seconds=call.at)), shown(call.parameters["text"])) for call in mine]


def shown(text: str) -> str:
    return re.sub("<[^>]+>", "", text)


def days_of(world: Stepped, chat: int, mark: str) -> list[datetime]:
    """When what bears this mark was sent to that chat."""
    return [when for when, text in sent(world, chat) if mark in text]


SPEAKERS = ((CLAIRE, CLAIRE, "fr"), (JOHN, JOHN, "en"), (FORUM, CLAIRE, "fr"), (BOSS, BOSS, "fr"))


def test_two_weeks_of_everything(world: Stepped) -> None:
    publish(world)

    async def fortnight() -> None:
        async with world.running():
            await world.until(START + timedelta(minutes=30))
            await settle_in(world)
            await world.until(START + timedelta(days=3, hours=4))
            await votes(world)
            presses = 0
            for chat, user, language in (
                (CLAIRE, CLAIRE, "fr"),
                (JOHN, JOHN, "en"),
                (FORUM, CLAIRE, "fr"),
                (BOSS, BOSS, "fr"),
            ):
                await world.until(world.now() + timedelta(minutes=20))
                await say_everything(world, chat, user, language)
                presses += await press_everything(world, chat, user, language)
            assert len(world.api.answered) >= presses > 25
            for number in (CLAIRE, JOHN, BOSS):  # whatever the buttons changed
                for watchlist in WATCHLISTS:
                    await world.say(number, f"/suivre {watchlist}")
            await world.until(END)
            check(world)
            with closing(sqlite3.connect(world.store.database.path)) as raw:
                assert misfit(raw) is None, "what Vigie writes is what the schema says: a copy of it can be put back"

    run(fortnight())


async def votes(world: Stepped) -> None:
    """Each reader says of his first alert what he thinks of it."""
    for number, label in ((CLAIRE, "👍"), (JOHN, "👎"), (BOSS, "Pas urgent")):
        post = next(post for post in world.api.chat(number).messages if "SecNumCloud" in post.text and post.buttons)
        await world.press_button(number, post.id, post.data(label))


def check(world: Stepped) -> None:
    assert world.troubles.lines == []
    assert world.api.violations == []
    for number in (CLAIRE, JOHN, BOSS, FORUM, CHANNEL):
        alerts = "\n".join(text for _, text in sent(world, number) if "\n⚡ " in text)
        assert {town for town in TOWNS if town in alerts} == set(TOWNS[1::2]), number
        assert any(post.edits for post in world.api.chat(number).messages), "a second outlet joins in silence"
    mornings = days_of(world, CLAIRE, "Quotidien")
    assert {(when.hour, when.minute // 20) for when in mornings} == {(8, 0)}, "before and after the clocks change"
    assert [when.date() for when in mornings] == days_from(START, END)[1:], "on the first one nothing was read yet"
    assert {when.isoweekday() for when in days_of(world, CLAIRE, "Hebdo")} == {1}
    told = "".join(text.partition("Déjà envoyé en flash")[2] for _, text in sent(world, CLAIRE) if "Quotidien" in text)
    assert {town for town in TOWNS if town in told} == set(TOWNS[1:-1:2]), "each flash stands in the next digest"
    witnessed = [when.date() for when in days_of(world, CLAIRE, "Témoin du registre") if when.hour == 8]
    assert len(witnessed) == len(set(witnessed)) > 0, "once a week, though two digests open it"
    assert "projet de loi" in "".join(text for _, text in sent(world, CLAIRE) if "Hebdo" in text)
    assert not [when for when in days_of(world, JOHN, "Daily") if closed(when.date())], "nor on Easter Monday"
    assert [when.isoweekday() for when in days_of(world, BOSS, "Qualité, semaine")] == [1, 1]
    assert "précision 2/3 · 1 flash qui n’en valait pas un" in sent_with(world, BOSS, "Qualité, semaine")
    asked = [when.isoweekday() for when in days_of(world, BOSS, "Titres non retenus")]
    assert asked, "what is missed is asked for by the daemon itself"
    assert set(asked) == {1}


def days_from(start: datetime, end: datetime) -> list[date]:
    first = local(start).date()
    return [first + timedelta(days=number) for number in range((local(end).date() - first).days)]


def closed(day: date) -> bool:
    return day.isoweekday() > 5 or day == date(2026, 4, 6)


def sent_with(world: Stepped, chat: int, mark: str) -> str:
    return next(text for _, text in sent(world, chat) if mark in text)
