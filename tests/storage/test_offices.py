"""Offices: one holder at a time, by the clock of the store, and a number that grows with each."""

from datetime import timedelta

from sqlalchemy import literal, update

from storage.schema import Duration, office
from storage.store import Store

LEASE = timedelta(seconds=10)


def pass_by(store: Store, time: timedelta) -> None:
    """As if so much time had passed on the store's clock."""
    with store.database.write() as connection:
        connection.execute(update(office).values(until=office.c.until - literal(time, Duration())))


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
