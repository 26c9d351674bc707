"""/echeances: the days that come near for the lists of a chat, and what it puts aside."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.daemon.digests import DigestHour
from bot.digest.calendar import DigestRhythm, DueDigest
from bot.messages.callback_data import Press, base36
from storage.acts.deadlines import keep_deadlines
from storage.acts.model import ActRecord, DeadlineFact
from storage.ids import ArticleId
from tests.bot.conversation.world import READER, World
from tests.bot.digest.telegram_html import read


def set_day(world: World, day: date, act: str = "com:2026-118") -> None:
    """An article of the list `hds` sets a day, by a field."""
    known = world.count + 1
    world.publish("hds", f"La Commission consulte sur {act}")
    fact = DeadlineFact("consultation", day, "Ouverte", act, sure=True)
    with world.store.database.write() as connection:
        keep_deadlines(connection, ArticleId(known), ActRecord((), None, (fact,)), world.now)


def shown(world: World) -> str:
    last = world.screen.edited[-1][2] if world.screen.edited else world.screen.shown[-1][1]
    return read(last.html).text


async def test_the_days_of_ninety_are_shown_the_soonest_first(world: World) -> None:
    await world.says("/start")
    await world.says("/echeances")
    assert "Aucune échéance" in shown(world)
    today = world.now.date()
    set_day(world, today + timedelta(days=40), "com:2026-2")
    set_day(world, today + timedelta(days=4), "com:2026-1")
    set_day(world, today + timedelta(days=91), "com:2026-3")
    await world.says("/deadlines")
    told = shown(world)
    assert told.index("com:2026-1") < told.index("com:2026-2")
    assert "com:2026-3" not in told
    assert "J-4" in told
    assert [len(row) for row in world.screen.shown[-1][1].buttons] == [2, 2]


@pytest.mark.parametrize("value", ["s", "n"])
async def test_a_day_is_put_aside_by_a_button(world: World, value: str) -> None:
    await world.says("/start")
    set_day(world, world.now.date() + timedelta(days=4))
    await world.presses(Press("ed", base36(1), value))
    assert "Aucune échéance" in shown(world)
    set_day(world, world.now.date() + timedelta(days=9))  # moved
    await world.says("/echeances")
    told = read(world.screen.shown[-1][1].html).text
    assert ("Aucune échéance" in told) == (value == "n")


async def test_forged_and_stale_presses_change_nothing(world: World) -> None:
    await world.says("/start")
    set_day(world, world.now.date() + timedelta(days=4))
    for press in (Press("ed", base36(999), "s"), Press("ed", base36(1), "x"), Press("ed"), Press("ec", "all", page=7)):
        await world.presses(press)
    await world.says("/echeances")
    assert "J-4" in read(world.screen.shown[-1][1].html).text


async def test_other_peoples_lists_are_not_shown(world: World) -> None:
    await world.says("/start")
    set_day(world, world.now.date() + timedelta(days=4))
    world.store.chats.unfollow(world.chat(READER).key, "hds")
    await world.says("/echeances")
    assert "Aucune échéance" in shown(world)


# --- in digests ----------------------------------------------------------------------------------------------------
async def digest(world: World, slot: str, lane: DigestRhythm = "daily") -> str:
    """The digest of a day, as it is queued."""
    ports: Any = SimpleNamespace(store=world.store, offload=world.offload, engine=world.engine, clock=lambda: world.now)
    (place,) = world.store.chats.destinations()
    await DigestHour(ports).queue(place, DueDigest(lane, slot, ports.clock()), witness=False)
    return "\n".join(world.queued())


async def test_a_digest_reminds_once_a_step_and_again_of_a_day_that_moved(world: World) -> None:
    await world.says("/start")
    world.now = world.now.replace(hour=7)
    day = world.now.date() + timedelta(days=4)
    set_day(world, day)
    world.queued()
    told = []
    for ahead in range(5):
        told.append("Échéances" in await digest(world, (day - timedelta(days=4 - ahead)).isoformat()))
        world.now += timedelta(days=1)
    assert told == [True, False, True, False, True]
    set_day(world, day + timedelta(days=3))
    world.queued()
    again = await digest(world, (day + timedelta(days=1)).isoformat())
    assert "J-2" in again
    assert "d’abord fixée au" in again


async def test_the_digest_of_a_week_is_the_last_word_on_its_days_for_who_gets_no_other(world: World) -> None:
    await world.says("/start")
    await world.says("/suivre hds hebdo")
    world.store.chats.unfollow(world.chat(READER).key, "secnumcloud")
    monday = date(2026, 11, 30)
    world.now = world.now.replace(day=30, hour=7)
    set_day(world, date(2026, 12, 4))
    world.queued()
    assert "J-4" in await digest(world, monday.isoformat(), "weekly")
    assert world.store.reminders.told(world.chat(READER).key, 0) == {(1, "2026-12-04", 0)}


async def test_a_letter_a_week_reminds_as_a_chat_does(world: World) -> None:
    """A destination that is not on Telegram has the same digests, with the same days."""
    world.now = world.now.replace(day=30, hour=7)
    there = world.store.chats.arrive(-(1 << 60), "elsewhere", "fr", world.now)
    world.store.chats.follow(there.key, "hds", "weekly", world.now)
    set_day(world, date(2026, 12, 4))
    world.queued()
    assert "J-4" in await digest(world, date(2026, 11, 30).isoformat(), "weekly")
    assert world.store.reminders.told(there.key, 0) == {(1, "2026-12-04", 0)}


async def test_a_digest_that_is_not_closed_reminds_of_nothing(world: World) -> None:
    """What is noted and what is queued are one transaction: a slot closed twice notes nothing."""
    await world.says("/start")
    world.now = world.now.replace(hour=7)
    slot = world.now.date().isoformat()
    await digest(world, slot)
    set_day(world, world.now.date() + timedelta(days=4))
    world.queued()
    assert await digest(world, slot) == ""
    assert world.store.reminders.told(world.chat(READER).key, 0) == frozenset()
    assert "Échéances" in await digest(world, (world.now.date() + timedelta(days=1)).isoformat())
