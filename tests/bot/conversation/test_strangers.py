"""What people on Telegram may send: data that no client of ours made, numbers, names and words without measure."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.conversation import limits, registry
from bot.conversation.limits import EVERYBODY, Patience
from bot.messages.callback_data import base36, parse
from tests.bot.conversation.world import ADMIN, GROUP, READER, World
from tests.bot.digest.builders import NOW


@pytest.fixture
def bugs(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was logged as an error, until it is asked."""
    return lambda: [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


FORGED = (
    ".zzzzzzzzzzzzz", ".-zzzzzzzzzzzzz", ".1.99999999.p999", ".1@c1-zzzzzzzzzzzzz", "@czzzzzzzzzzzzz",
    "@c-zzzzzzzzzzzzz-zzzzzzzzzzzzz", ".0", "\n", "💥" * 16,
)  # fmt: skip


async def test_data_that_nobody_was_given_is_an_old_menu_at_most(world: World, bugs: Callable[[], list[str]]) -> None:
    world.screen.admins, world.door.admins = {READER}, frozenset({READER})
    world.publish("hds", "Cirrova quitte Paris")
    await world.says("/start")
    for place, verb in enumerate(sorted(registry.verbs())):
        world.now += timedelta(seconds=10)
        await world.presses(f"1{verb}{FORGED[place % len(FORGED)]}", chat=GROUP if place % 2 else READER)
    assert bugs() == []


@pytest.mark.parametrize("data", ["1x@czzzzzzzzzzzzz", "1x@c1-zzzzzzzzzzzzz", "1x@c-zzzzzzzzzzzzz"])
def test_a_place_that_no_store_can_hold_is_none(data: str) -> None:
    assert parse(data) is None


async def test_nobody_sets_or_sees_the_chat_of_another_by_its_number(
    world: World, bugs: Callable[[], list[str]]
) -> None:
    other = 777
    world.screen.admins = {ADMIN}
    await world.says("/suivre hds flash", chat=other, user=other)
    await world.says("/suivre hds flash", chat=GROUP, user=ADMIN)
    world.screen.titles = {GROUP: "Cellule de crise"}
    before = [(world.chat(each), world.following(each)) for each in (other, GROUP)]
    for number, verb in enumerate(sorted(registry.verbs())):
        world.now += timedelta(seconds=10)
        await world.presses(f"1{verb}.y@c{base36(world.chat(GROUP if number % 2 else other).key)}")
    assert [(world.chat(each), world.following(each)) for each in (other, GROUP)] == before
    assert "Cellule" not in str(world.screen.shown[2:]) + str(world.screen.edited) + str(world.screen.notices)
    assert bugs() == []


WORDS = (
    "a" * 4096, "9" * 4096, "²", "\x00\ud800", "31/02/2026", "depuis 999999999999 ans", "25h61", "NEAR(a b) OR *",
    "https://[::1", "http://a:99999999/", "re:(a+)+$", "e\u0301" * 2000, "je veux suivre " * 270,
    "Europe/../../etc/passwd",
)  # fmt: skip


async def test_no_word_makes_a_command_fail(world: World, bugs: Callable[[], list[str]]) -> None:
    world.screen.admins, world.door.admins = {READER}, frozenset({READER})
    await world.says("/start")
    for place, command in enumerate(each for each in registry.commands() if each.name != "stop"):
        world.now += timedelta(seconds=10)
        await world.says(f"/{command.name} {WORDS[place % len(WORDS)]}")
    for word in WORDS:
        world.now += timedelta(seconds=10)
        await world.says(word)
    assert bugs() == []


def test_a_crowd_that_is_not_heard_breaks_nothing_for_those_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was refused for the crowd has asked nothing that is remembered: forgetting them must not look for it."""
    monkeypatch.setattr(limits, "REMEMBERED", EVERYBODY + 5)
    now = [NOW]
    patience = Patience(lambda: now[0], frozenset({1}))
    assert [patience.verdict(who) for who in range(2, EVERYBODY + 9)][-3:] == ["silence"] * 3
    assert patience.verdict(1) == "fine"
    now[0] += timedelta(minutes=2)
    assert patience.verdict(2) == "fine"
