"""Every command, in both languages, in every kind of chat, by an administrator or not; then every button shown."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest

from bot.conversation.commands import NAMES
from bot.conversation.handlers import Conversation
from bot.delivery.telegram import Telegram
from bot.messages.callback_data import parse
from bot.model import Incoming
from tests.bot.conversation.french import french
from tests.bot.conversation.world import World
from tests.emulator import TOKEN, Emulator

Kind = Literal["private", "supergroup", "channel"]
PLACES: tuple[tuple[int, Kind, int | None], ...] = (
    (5, "private", None), (-1005, "supergroup", None), (-1006, "supergroup", 7), (-1007, "channel", None),
)  # fmt: skip
ARGUMENTS = {"suivre": " hds flash", "recherche": " cirrova", "pourquoi": " https://fil.example/1",
             "manque": " https://fil.example/1", "pause": " 30m"}  # fmt: skip
FINAL = ("1s.y",)  # it would leave nothing for the next


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(speed=10_000) as made:
        yield made


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("chat", "kind", "thread"), PLACES)
@pytest.mark.parametrize("administrator", [True, False])
async def test_no_call_is_refused_and_every_press_is_answered(
    world: World, emulator: Emulator, language: str, chat: int, kind: Kind, thread: int | None, administrator: bool
) -> None:
    there = emulator.chat(chat, kind)
    there.topics = {7: True}
    there.admins = {5} if administrator else set()
    world.door.admins = frozenset({5}) if administrator else frozenset()
    world.publish("hds", "Cirrova quitte Paris")
    async with Telegram(TOKEN, emulator.url, menu_pause=0) as telegram:
        talk = world.conversation(telegram)
        base: dict[str, Any] = {"user": 5, "language": language, "thread": thread}
        for name in NAMES:
            for argument in dict.fromkeys(("", ARGUMENTS.get(NAMES[name], ""))):
                world.now += timedelta(seconds=10)  # twenty commands a minute are borne
                if NAMES[name] != "stop" or not argument:
                    await talk.handle(Incoming("message", chat, kind, text=f"/{name}{argument}", message=1, **base))
        pressed = await press_everything(world, talk, emulator, chat, kind, base)
        await talk.offers.rest()
    assert len(emulator.answered) == len(pressed)
    assert (kind == "channel") == (there.messages == [])
    said = "\n".join(post.text for post in there.messages)
    assert "Je n’ai pas pu le faire" not in said
    assert "I could not" not in said
    if language == "en":
        everything = [text for post in there.messages for text in (post.text, *post.before)]
        everything += [key["text"] for post in there.messages for row in post.buttons for key in row]
        assert {piece: text for text in everything for piece in french(text)} == {}
    assert "Trop de demandes" not in said


@pytest.mark.parametrize(("chat", "kind", "language"), [(-1005, "supergroup", "fr"), (-1007, "channel", "en")])
async def test_a_group_or_a_channel_is_set_up_from_private_from_end_to_end(
    world: World, emulator: Emulator, chat: int, kind: Kind, language: str
) -> None:
    emulator.chat(chat, kind).admins = {5}
    private = emulator.chat(5, "private")
    async with Telegram(TOKEN, emulator.url, menu_pause=0) as telegram:
        talk = world.conversation(telegram)
        base: dict[str, Any] = {"user": 5, "language": language, "thread": None}
        await talk.handle(Incoming("message", 5, "private", text="/start", message=1, **base))
        await talk.handle(Incoming("membership", chat, kind, text="administrator", **base))
        url = next(key["url"] for row in private.messages[-1].buttons for key in row if "url" in key)
        await talk.handle(Incoming("message", 5, "private", text=f"/start {url.partition('=')[2]}", message=2, **base))
        assert private.messages[-1].text.startswith("📍 Salon\n")
        del private.messages[:-1]  # else the menus of the private chat are pressed too
        pressed = await press_everything(world, talk, emulator, 5, "private", base)
    assert len(emulator.answered) == len(pressed)
    assert emulator.chat(chat).messages == []
    place = f"@c{world.chat(chat).key}"
    assert len([data for data in pressed if data.endswith(place)]) > 40
    for each in (chat, 5):  # the way to one's own settings is there too
        assert world.chat(each).timezone != "Europe/Paris"


async def press_everything(
    world: World, talk: Conversation, emulator: Emulator, chat: int, kind: Kind, base: dict[str, Any]
) -> list[str]:
    """Press each button that is shown, once, and those that this shows, however deep; of the values of one setting
    two, since each shows the same menu again."""
    seen: dict[str, int] = {}
    values: Counter[tuple[str, str]] = Counter()
    pressed: list[str] = []

    def look() -> None:
        for post in emulator.chat(chat).messages:
            for data in (key.get("callback_data", "") for row in post.buttons for key in row):
                skipped = (
                    (*FINAL, "1g.l.fr") if base["language"] == "en" else FINAL
                )  # she would read French from then on
                if not data or data in seen or data.startswith(skipped):
                    continue
                press = parse(data)
                assert press is not None
                if press.verb == "g" and press.value:
                    values[press.target, data.partition("@")[2]] += 1
                if values[press.target, data.partition("@")[2]] <= 2 or not press.value:
                    seen[data] = post.id

    look()
    while waiting := [data for data in seen if data not in pressed]:
        pressed.append(waiting[0])
        world.now += timedelta(seconds=10)
        await talk.handle(
            Incoming(
                "press", chat, kind, message=seen[waiting[0]], callback=f"c{len(pressed)}", data=waiting[0], **base
            )
        )
        look()
    return pressed
