"""Letters and events under a process that is killed after each thing it writes: the real store, servers on loopback."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from bot.config.destinations import Mailbox, Outside, Webhook
from bot.config.secret import Secret
from bot.delivery.deliver import Courier, Times, Ways
from bot.delivery.no_telegram import NoTelegram
from bot.delivery.pacer import FREE, Pacer
from bot.delivery.places import Places, identity
from bot.delivery.probe import Probe
from bot.delivery.webhook import EventArticle
from bot.model import Message
from bot.web.guard import Guard
from bot.web.network import DIRECT
from bot.web.post import Poster
from storage import Store, open_store
from storage.chats.model import NewDelivery
from tests.bot.delivery.history import Killed, hurried
from tests.bot.delivery.outside import hook_server, mail_server
from tests.file import an_empty_file

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TOLD = EventArticle(1, "Nébulis", "https://fil.example/1", "Le Fil", None, START.isoformat())


async def about(item: str) -> EventArticle | None:
    return TOLD if item.startswith("a") else None


async def witness(language: str) -> str:
    return f"Témoin {language} 3:abc"


class World:
    """`lives`: how many calls of the store the process lives through. Each tick is a quarter of an hour."""

    def __init__(self, store: Store, *held: Outside) -> None:
        self.store = store
        self.now = START
        self.lives = 0
        self.runs = 0
        self.poster = Poster(Guard(), DIRECT, "Vigie/essai", patience=5.0)
        self.places = Places(DIRECT, self.poster, lambda: self.now, about, witness)
        self.places.adopt(held, "abc")
        for each in held:
            key = store.chats.arrive(identity(each.name), "elsewhere", "fr", START).key
            first = NewDelivery(key, "flash", "a1", Message("<b>Un</b>\nLe Fil"))
            rest = [
                NewDelivery(key, "flash", f"s{number}", Message(f"<b>Suite {number}</b>"), target="a1")
                for number in range(2)
            ]
            digest = NewDelivery(key, "daily", "d2026-11-24", Message("Digest"))
            store.outbox.enqueue([first, *rest, digest], START)

    async def offload(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.lives == 0:
            raise Killed
        self.lives -= 1
        done = function(*arguments, **named)
        if self.lives == 0:
            raise Killed
        return done

    async def live(self, lives: int) -> None:
        self.lives, self.runs = lives, self.runs + 1
        pacer, nobody = Pacer(FREE), NoTelegram()
        probe = Probe(self.store.proof, self.offload, nobody, pacer, lambda: self.now)
        ways = Ways(nobody, pacer, probe, self.places)
        courier = Courier(self.store.outbox, self.offload, f"run{self.runs}", ways, Times(lambda: self.now))
        with suppress(Killed):
            await courier.recover()
            for _ in range(12):
                await courier.finish()
                self.now += timedelta(minutes=15)

    def doubts(self) -> int:
        return self.store.figures(self.now).waiting.doubts


def mailbox(port: int) -> Outside:
    return Outside("direction", Mailbox("127.0.0.1", port, "none", "vigie@exemple.fr", ("a@exemple.fr",)))


def webhook(url: str) -> Outside:
    return Outside("siem", Webhook(Secret(url), Secret("clef"), private=True))


WANTED = {"abc-1", "abc-2", "abc-3", "abc-4"}


@pytest.mark.parametrize("lives", range(1, 26))
async def test_killed_at_every_step_no_event_is_lost_and_each_bears_one_key(tmp_path: Path, lives: int) -> None:
    with hook_server() as hooks:
        hooks.answers = [500, 200, 0]
        world = World(hurried(open_store(an_empty_file(tmp_path / "v.sqlite"))), webhook(hooks.url))
        await world.live(lives)
        await world.live(10_000)
    taken = [event["id"] for _, event, _ in hooks.got]
    assert set(taken) == WANTED
    assert len({(event["id"], event["data"]["text"]) for _, event, _ in hooks.got}) == len(WANTED)
    assert world.store.figures(world.now).waiting.queued == 0
    world.store.close()
    await world.poster.aclose()


@pytest.mark.parametrize("lives", range(1, 26))
async def test_killed_at_every_step_no_letter_is_lost_and_doubles_are_doubts(tmp_path: Path, lives: int) -> None:
    async with mail_server() as mails:
        mails.says, mails.cut = {"a@exemple.fr": ["450 liste grise"]}, 1
        world = World(hurried(open_store(an_empty_file(tmp_path / "v.sqlite"))), mailbox(mails.port))
        await world.live(lives)
        await world.live(10_000)
    letters = [message_from_bytes(content) for _, content in mails.got]
    taken = [letter["Message-ID"] for letter in letters]
    assert set(taken) == {f"<{name}@exemple.fr>" for name in WANTED}
    bodies = [part for each in letters for part in each.walk() if not part.is_multipart()]
    assert all("Témoin fr 3:abc" in str(part.get_payload(decode=True), "utf-8") for part in bodies)
    assert len(taken) - len(WANTED) <= world.doubts()
    assert {letter["References"] for letter in letters if letter["Message-ID"][5] in "23"} == {"<abc-1@exemple.fr>"}
    world.store.close()
    await world.poster.aclose()


async def test_an_event_names_what_it_is_about(tmp_path: Path) -> None:
    with hook_server() as hooks:
        world = World(hurried(open_store(an_empty_file(tmp_path / "v.sqlite"))), webhook(hooks.url))
        await world.live(10_000)
    events = {event["subject"]: event for _, event, _ in hooks.got}
    assert events["a1"]["type"] == "vigie.match"
    assert events["a1"]["source"] == "/vigie/siem"
    assert events["a1"]["data"]["article"]["url"] == "https://fil.example/1"
    assert events["s0"]["data"]["follows"] == events["a1"]["id"]
    assert events["d2026-11-24"]["type"] == "vigie.digest"
    world.store.close()
    await world.poster.aclose()


async def test_what_the_operator_must_mend_holds_everything_and_loses_nothing(tmp_path: Path) -> None:
    with hook_server() as hooks:
        hooks.answers = [401]
        place = webhook(hooks.url)
        world = World(hurried(open_store(an_empty_file(tmp_path / "v.sqlite"))), place)
        await world.live(10_000)
        assert len(hooks.got) == 1
        world.store.chats.arrive(identity(place.name), "elsewhere", "fr", START)  # a reload
        await world.live(10_000)
    caught_up = hooks.got[-1][1]["data"]["text"]
    assert all(text in caught_up for text in ("Un", "Suite 0", "Suite 1", "Digest"))
    world.store.close()
    await world.poster.aclose()


async def test_what_keeps_a_place_from_taking_is_said_while_it_lasts(tmp_path: Path) -> None:
    with hook_server() as hooks:
        hooks.answers = [500] * 4
        world = World(hurried(open_store(an_empty_file(tmp_path / "v.sqlite"))), webhook(hooks.url))
        await world.live(8)
        (stuck,) = world.store.figures(world.now).stuck
        assert (stuck.detail, stuck.messages, stuck.since) == ("destination « siem » : réponse 500", 4, START)
        await world.live(10_000)
        assert world.store.figures(world.now).stuck == ()
    world.store.close()
    await world.poster.aclose()
