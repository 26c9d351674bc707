"""Every command, in both languages, in every kind of chat, by an administrator or not; then every button shown."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest

from bot.conversation.commands import NAMES
from bot.conversation.handlers import Conversation
from bot.delivery.telegram import Telegram
from bot.model import Incoming
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
    async with Telegram(TOKEN, emulator.url) as telegram:
        talk = world.conversation(telegram)
        base: dict[str, Any] = {"user": 5, "language": language, "thread": thread}
        for name in NAMES:
            for argument in ("", ARGUMENTS.get(NAMES[name], "")):
                world.now += timedelta(seconds=10)  # twenty commands a minute are borne
                if NAMES[name] != "stop" or not argument:
                    await talk.handle(Incoming("message", chat, kind, text=f"/{name}{argument}", message=1, **base))
        pressed = await press_everything(world, talk, emulator, chat, kind, base)
    assert len(emulator.answered) == len(pressed)
    assert (kind == "channel") == (there.messages == [])
    said = "\n".join(post.text for post in there.messages)
    assert "Je n’ai pas pu le faire" not in said
    assert "I could not" not in said
    assert "Trop de demandes" not in said


async def press_everything(
    world: World, talk: Conversation, emulator: Emulator, chat: int, kind: Kind, base: dict[str, Any]
) -> list[str]:
    """Press each button that is shown, once, and those that this shows."""
    pressed: list[str] = []
    before = -1
    while len(pressed) != before:
        before = len(pressed)
        for post in tuple(emulator.chat(chat).messages):
            for key in [key for row in post.buttons for key in row]:
                data = key.get("callback_data", "")
                if data and data not in pressed and data not in FINAL:
                    pressed.append(data)
                    world.now += timedelta(seconds=10)
                    press = Incoming(
                        "press", chat, kind, message=post.id, callback=f"c{len(pressed)}", data=data, **base
                    )
                    await talk.handle(press)
    return pressed
