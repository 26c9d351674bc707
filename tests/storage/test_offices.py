"""Offices: one holder at a time, by the clock of the store, and a number that grows with each."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import literal, update

from storage.migrations import MIGRATIONS
from storage.operators.model import Presence
from storage.schema import Duration, daemon, office
from storage.store import Store
from tests.storage.builders import NOW

LEASE = timedelta(seconds=10)


def pass_by(store: Store, time: timedelta) -> None:
    """As if so much time had passed on the store's clock."""
    with store.database.write() as connection:
        for table in (office, daemon):
            connection.execute(update(table).values(until=table.c.until - literal(time, Duration())))


def test_one_has_it_and_keeps_it_in_the_same_term(store: Store) -> None:
    assert store.offices.take("sender", "one", LEASE) == 1
    assert store.offices.take("sender", "two", LEASE) is None
    assert store.offices.take("sender", "one", LEASE) == 1
    assert store.offices.take("desk", "two", LEASE) == 1, "each office apart"


def test_it_is_free_once_its_lease_is_over_and_not_before(store: Store) -> None:
    store.offices.take("sender", "one", LEASE)
    pass_by(store, LEASE - timedelta(seconds=1))
    assert store.offices.take("sender", "two", LEASE) is None
    pass_by(store, timedelta(seconds=2))
    assert store.offices.take("sender", "two", LEASE) == 2
    assert store.offices.take("sender", "one", LEASE) is None, "who slept through it finds it taken"


def test_who_slept_and_finds_nobody_in_his_place_goes_on(store: Store) -> None:
    store.offices.take("sender", "one", LEASE)
    pass_by(store, 3 * LEASE)
    assert store.offices.take("sender", "one", LEASE) == 1


def test_who_resigns_leaves_at_once_all_that_he_held(store: Store) -> None:
    for name in ("sender", "desk"):
        store.offices.take(name, "one", LEASE)
    store.offices.resign("one")
    assert store.offices.take("sender", "two", LEASE) == 2
    store.offices.resign("one")
    assert [(each.name, each.holder, each.term) for each in store.offices.all()] == [
        ("desk", "", 1),
        ("sender", "two", 2),
    ]
    desk, sender = store.offices.all()
    assert desk.left <= timedelta() < sender.left


def alive(store: Store) -> dict[str, bool]:
    return {each.run: each.alive for each in store.offices.daemons()}


def test_who_is_at_work_is_known_and_who_went_without_a_word_until_his_machine_is_back(store: Store) -> None:
    for run in ("a/1", "b/1"):
        store.offices.present(Presence(run, "polls"), NOW, LEASE)
    pass_by(store, 2 * LEASE)
    store.offices.present(Presence("b/1", "polls"), NOW, LEASE)
    assert alive(store) == {"a/1": False, "b/1": True}
    store.offices.present(Presence("ab/1", "polls"), NOW, LEASE)
    assert alive(store) == {"a/1": False, "ab/1": True, "b/1": True}, "no other machine comes in its place"
    store.offices.present(Presence("b/2", "polls"), NOW, LEASE)
    store.offices.present(Presence("b/1", "polls"), NOW, -LEASE)
    store.offices.present(Presence("b/2", "polls"), NOW, LEASE)
    assert not alive(store)["b/1"], "nor does a neighbour that was there before"
    store.offices.resign("b/2")
    store.offices.present(Presence("b/1", "polls"), NOW, LEASE)
    store.offices.present(Presence("a/2", "messages,polls"), NOW, LEASE)
    assert alive(store) == {"a/2": True, "ab/1": True, "b/1": True}
    store.offices.resign("b/1")
    assert alive(store) == {"a/2": True, "ab/1": True}
    pass_by(store, timedelta(days=2))
    store.offices.present(Presence("ab/1", "polls"), NOW, LEASE)
    assert alive(store) == {"ab/1": True}, "forgotten in the end"


def test_a_clock_that_is_not_the_stores_is_known(store: Store) -> None:
    right, late = datetime.now(UTC), datetime.now(UTC) - timedelta(seconds=90)
    store.offices.present(Presence("a/1", "polls"), right, LEASE)
    store.offices.present(Presence("b/1", "polls"), late, LEASE)
    one, two = store.offices.daemons()
    assert (one.astray, two.astray) == (False, True)
    assert timedelta(seconds=-95) < two.ahead <= timedelta(seconds=-90)
    assert (two.machine, two.roles, two.version) == ("b", "polls", len(MIGRATIONS))
    store.offices.present(Presence("b/1", "polls"), datetime.now(UTC), LEASE)
    assert not any(each.astray for each in store.offices.daemons())
