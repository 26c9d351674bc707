"""How a daemon keeps up its offices, and what it does when it has them no more."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.config.environment import ROLES
from bot.daemon import offices
from bot.daemon.offices import Beats
from bot.office import LEASE
from storage import StoreError
from storage.operators.model import Presence


@dataclass
class Shelf:
    """A registry that is told what to answer: who holds which office, or nothing at all."""

    held: dict[str, str] = field(default_factory=dict)
    down: bool = False
    broken: int = 0  # times that it fails as a bug does
    ahead: timedelta = timedelta()
    terms: dict[str, int] = field(default_factory=dict)
    there: dict[str, str] = field(default_factory=dict)

    def present(self, me: Presence, now: datetime, lease: timedelta) -> timedelta:
        if self.down:
            raise StoreError("le serveur ne répond pas", passing=True)
        self.there[me.run] = me.roles
        return self.ahead

    def take(self, name: str, holder: str, lease: timedelta) -> int | None:
        if self.broken:
            self.broken -= 1
            raise RuntimeError("a bug")
        if self.down:
            raise StoreError("le serveur ne répond pas", passing=True)
        if self.held.setdefault(name, holder) != holder:
            return None
        return self.terms.setdefault(name, 1)

    def resign(self, holder: str) -> None:
        if self.down:
            raise StoreError("le serveur ne répond pas", passing=True)
        self.held = {name: who for name, who in self.held.items() if who != holder}
        self.there.pop(holder, None)


class World:
    def __init__(self, roles: frozenset[str] = ROLES) -> None:
        self.shelf, self.now = Shelf(), 100.0
        self.heard: list[bool] = []
        self.beats = Beats("one", self.shelf, roles, lambda: self.now)
        self.beats.changed = self.changed

    async def changed(self, ours: bool) -> None:
        self.heard.append(ours)


async def test_who_sends_also_keeps_the_desk() -> None:
    world = World()
    await world.beats.beat()
    assert world.beats.standing() == {"sender": {"term": 1, "left": LEASE}, "desk": {"term": 1, "left": LEASE}}
    assert world.heard == [True]
    await world.beats.beat()
    assert world.heard == [True], "told once"


async def test_each_beat_sets_the_clock_that_daemons_agree_on() -> None:
    world, ours = World(), datetime(2026, 11, 29, 9, tzinfo=UTC)
    world.beats.agreed.own = lambda: ours
    world.shelf.ahead = timedelta(seconds=90)
    await world.beats.beat()
    assert world.beats.agreed() == ours - timedelta(seconds=90)
    world.shelf.down = True
    await world.beats.beat()
    assert world.beats.agreed() == ours - timedelta(seconds=90), "nothing newer is known"


async def test_where_another_sends_nothing_is_taken_and_both_come_when_he_is_gone() -> None:
    world = World()
    world.shelf.held["sender"] = "two"
    await world.beats.beat()
    assert (world.beats.standing(), world.heard, world.shelf.held) == ({}, [], {"sender": "two"})
    world.shelf.held.clear()
    world.shelf.terms["sender"] = 2
    await world.beats.beat()
    assert (world.beats.sender.term, world.heard) == (2, [True])


async def test_a_store_that_does_not_answer_is_borne_until_the_lease_ends() -> None:
    world = World()
    await world.beats.beat()
    world.shelf.down = True
    world.now += LEASE - 1
    await world.beats.beat()
    assert (world.beats.sender.held, world.heard, world.beats.age()) == (True, [True], LEASE - 1)
    world.now += 1
    await world.beats.beat()
    assert (world.beats.sender.held, world.beats.desk.held, world.heard) == (False, False, [True, False])
    world.shelf.down = False
    await world.beats.beat()
    assert world.heard == [True, False, True]


async def test_who_was_taken_over_while_he_slept_hears_it_at_once() -> None:
    world = World()
    await world.beats.beat()
    world.now += 60
    assert not world.beats.sender.held, "before he has asked anybody"
    world.shelf.held |= {"sender": "two", "desk": "two"}
    await world.beats.beat()
    assert world.heard == [True, False]


async def test_who_was_taken_over_and_takes_it_back_begins_anew() -> None:
    world = World()
    await world.beats.beat()
    world.now += 60
    world.shelf.terms["sender"] = 3
    await world.beats.beat()
    assert world.heard == [True, False, True]


async def test_who_stops_leaves_at_once_even_where_the_store_is_gone() -> None:
    world = World()
    await world.beats.beat()
    await world.beats.resign()
    assert (world.shelf.held, world.beats.standing()) == ({}, {})
    await world.beats.beat()
    world.shelf.down = True
    await world.beats.resign()
    assert not world.beats.sender.held


async def test_a_daemon_without_that_role_takes_nothing_but_says_that_it_is_there() -> None:
    world = World(frozenset({"polls", "talk"}))
    await world.beats.beat()
    assert (world.shelf.held, world.beats.standing(), world.beats.age()) == ({}, {}, 0.0)
    assert world.shelf.there == {"one": "polls,talk"}
    await world.beats.resign()
    assert world.shelf.there == {}


async def test_on_a_file_the_one_daemon_holds_all_without_asking() -> None:
    alone = Beats("one")
    await alone.beat()
    assert (alone.standing(), alone.age()) == ({"sender": {"term": 1}, "desk": {"term": 1}}, None)
    idle = Beats("one", roles=frozenset({"polls"}))
    assert idle.standing() == {}


async def test_a_bug_costs_one_beat_and_not_all_that_would_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offices, "BEAT", 0.01)
    world, taken = World(), asyncio.Event()

    async def changed(_: bool) -> None:
        taken.set()

    world.shelf.broken, world.beats.changed = 1, changed
    keeping = asyncio.create_task(world.beats.keep())
    await asyncio.wait_for(taken.wait(), 10)
    keeping.cancel()
    assert world.beats.sender.held
