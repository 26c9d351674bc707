"""Hosts: one request at a time, a gap between two, and peace for who asks for it; a restart changes nothing."""

from datetime import timedelta

from storage.place import Place
from storage.store import Store, open_store
from tests.storage.builders import NOW

GAP, HOLD, HOUR, DAY = timedelta(seconds=2), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SITE = "site.example"


def ask(store: Store, now=NOW):
    return store.hosts.reserve(SITE, now, GAP, HOLD)


def test_one_request_at_a_time_then_a_gap(store: Store) -> None:
    turn = ask(store)
    assert turn.granted
    assert not ask(store, NOW + timedelta(seconds=30)).granted
    store.hosts.finish(SITE, turn.number, NOW + timedelta(seconds=30), GAP, fine=True)
    waiting = ask(store, NOW + timedelta(seconds=31))
    assert (waiting.granted, waiting.wait) == (False, timedelta(seconds=1))
    assert ask(store, NOW + timedelta(seconds=32)).granted


def test_the_gap_outlives_a_crash_and_the_turn_of_the_dead_is_over(home: Place, store: Store) -> None:
    assert ask(store).granted
    store.close()
    other = open_store(home)
    assert not ask(other, NOW + GAP).granted, "it may still be asking"
    other.hosts.release_all()
    assert not ask(other, NOW + GAP / 2).granted
    assert ask(other, NOW + GAP).granted
    other.close()


def test_a_turn_that_nobody_gives_back_ends_by_itself(store: Store) -> None:
    assert ask(store).granted
    assert ask(store, NOW + HOLD).granted


def test_a_clock_put_back_makes_nobody_wait_for_long(store: Store) -> None:
    ask(store)
    assert ask(store, NOW - DAY).wait <= HOLD + GAP


def test_a_host_that_wants_peace_has_it_after_a_restart(home: Place, store: Store) -> None:
    ask(store)
    store.hosts.block(SITE, 0, NOW, 3 * HOUR)
    store.close()
    other = open_store(home)
    assert ask(other, NOW + HOUR).blocked == 2 * HOUR
    assert ask(other, NOW + 3 * HOUR).granted
    other.close()


def test_without_a_time_the_peace_doubles_up_to_a_day_until_the_host_is_well(store: Store) -> None:
    now, waits = NOW, []
    for _ in range(7):
        store.hosts.block(SITE, 0, now, None)
        waits.append(ask(store, now).blocked)
        now += waits[-1]
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY]
    store.hosts.finish(SITE, ask(store, now).number, now, GAP, fine=True)
    store.hosts.block(SITE, 0, now, None)
    assert ask(store, now).blocked == HOUR


def test_peace_is_never_shortened_and_never_longer_than_a_week(store: Store) -> None:
    store.hosts.block(SITE, 0, NOW, 3 * HOUR)
    store.hosts.block(SITE, 0, NOW, HOUR)
    assert ask(store).blocked == 3 * HOUR
    store.hosts.block(SITE, 0, NOW, 99 * DAY)
    assert ask(store).blocked == 7 * DAY


def test_what_is_over_is_forgotten(store: Store) -> None:
    ask(store)
    store.hosts.block("other.example", 0, NOW, 3 * DAY)
    assert store.hosts.forget(NOW + 4 * DAY) == 1
    assert store.hosts.forget(NOW + 9 * DAY) == 1


def test_only_the_turn_that_runs_can_end(store: Store) -> None:
    """Who slept through his turn finds another one running: what he says of his own frees nobody's."""
    slept = ask(store)
    running = ask(store, NOW + HOLD)
    later = NOW + HOLD + timedelta(seconds=1)
    store.hosts.finish(SITE, slept.number, later, GAP, fine=True)
    assert not ask(store, later + 2 * GAP).granted, "it is still being asked"
    store.hosts.finish(SITE, running.number, later, GAP, fine=True)
    assert ask(store, later + 2 * GAP).granted


def test_what_a_host_asks_holds_whoever_heard_it_but_ends_no_other_turn(store: Store) -> None:
    slept = ask(store)
    running = ask(store, NOW + HOLD)
    store.hosts.block(SITE, slept.number, NOW + HOLD, timedelta(seconds=10))
    after = NOW + HOLD + timedelta(seconds=11)
    assert (ask(store, after - timedelta(seconds=2)).blocked, ask(store, after).granted) == (
        timedelta(seconds=1),
        False,
    )
    store.hosts.block(SITE, running.number, after, timedelta(seconds=10))
    assert ask(store, after + timedelta(seconds=10)).granted


def test_a_host_that_was_forgotten_gives_no_number_twice(store: Store) -> None:
    slept = ask(store)
    store.hosts.forget(NOW + 3 * DAY)
    again = ask(store, NOW + 3 * DAY)
    assert again.number > slept.number
    store.hosts.finish(SITE, slept.number, NOW + 3 * DAY, GAP, fine=True)
    assert not ask(store, NOW + 3 * DAY + GAP).granted
