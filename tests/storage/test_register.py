"""The register: what was kept, sealed line by line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.articles.model import Flaw
from storage.articles.register import GAP, START, flaws, seal, written
from storage.store import Store
from tests.storage.builders import NEWSROOM, NOW, a_match, an_entry, poll


def keep(store: Store, *names: str) -> None:
    for name in names:
        poll(store, an_entry(name, urls=(name,), title=f"Titre {name}", matches=[a_match()]))


def test_what_is_kept_is_a_line_with_its_version_time_and_source(store: Store) -> None:
    poll(store, an_entry(title="Un  titre\nsur deux lignes", matches=[a_match(), a_match("secnumcloud", "daily", 9)]))
    poll(store, an_entry("2", urls=("u2",)))
    before, (first, second) = store.register.lines()
    assert before == START
    assert (first.number, first.at, first.watchlist, first.version) == (1, NOW.replace(microsecond=0), "hds", "abc123")
    assert (first.title, first.source, first.feed, first.announced) == ("Un titre sur deux lignes", "A", "a", True)
    assert (second.number, second.watchlist, second.score) == (2, "secnumcloud", 9)
    assert first.digest == seal(START, written(first))
    assert second.digest == seal(first.digest, written(second))


def test_a_first_reading_is_kept_and_said_to_be_one(store: Store) -> None:
    poll(store, an_entry(matches=[a_match()]), muted=True)
    assert [line.announced for line in store.register.lines()[1]] == [False]


def test_an_edit_adds_a_line_only_for_a_list_that_had_not_kept_it(store: Store) -> None:
    poll(store, an_entry(matches=[a_match()]))
    later = NOW + timedelta(hours=1)
    poll(store, an_entry(content="d", title="Autre titre", matches=[a_match(), a_match("eucs")]), now=later)
    lines = store.register.lines()[1]
    assert [(line.watchlist, line.title) for line in lines] == [("hds", "Titre"), ("eucs", "Autre titre")]
    assert lines[1].at == later.replace(microsecond=0)


def test_a_poll_that_breaks_adds_nothing(store: Store) -> None:
    def breaks(*_: object) -> tuple[()]:
        raise RuntimeError("killed here")

    chat = store.chats.arrive(5, "private", "fr", NOW)
    store.chats.follow(chat.key, "hds", None, NOW)
    with pytest.raises(RuntimeError):
        poll(store, an_entry(matches=[a_match()]), newsroom=replace(NEWSROOM, announce=breaks))
    assert store.register.lines() == (START, ())
    assert store.register.flaws() == ()


def test_lines_of_a_day_follow_those_before(store: Store) -> None:
    keep(store, "1", "2")
    poll(store, an_entry("3", urls=("3",), matches=[a_match()]), now=NOW + timedelta(days=1))
    whole = store.register.lines()[1]
    assert store.register.lines(NOW + timedelta(hours=1)) == (whole[1].digest, whole[2:])
    assert store.register.lines(NOW + timedelta(days=9)) == (whole[2].digest, ())


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE register SET title = 'Autre' WHERE number = 2", [Flaw(2, "altered")]),
        ("UPDATE register SET at = at + 1000000 WHERE number = 3", [Flaw(3, "altered")]),
        ("UPDATE register SET announced = false WHERE number = 1", [Flaw(1, "altered")]),
        ("UPDATE register SET digest = 'x' WHERE number = 2", [Flaw(2, "altered"), Flaw(3, "altered")]),
        ("DELETE FROM register WHERE number = 2", [Flaw(2, "missing")]),
        ("DELETE FROM register WHERE number = 1", [Flaw(1, "missing")]),
        ("DELETE FROM register WHERE number = 4", [Flaw(4, "cut")]),
        ("DELETE FROM register", [Flaw(1, "cut")]),
    ],
)
def test_whatever_is_done_to_a_line_shows(store: Store, harm: str, found: list[Flaw]) -> None:
    keep(store, "1", "2", "3", "4")
    assert store.register.flaws() == ()
    with store.database.write() as connection:
        connection.exec_driver_sql(harm)
    assert list(store.register.flaws()) == found


def test_a_renumbered_register_does_not_pass(store: Store) -> None:
    keep(store, "1", "2", "3")
    held = [(written(line), line.digest) for line in store.register.lines()[1]]
    closed = [held[0], (("2", *held[2][0][1:]), held[2][1])]
    assert list(flaws(closed, START)) == [Flaw(2, "altered")]


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "9" * 18, "²"])
def test_a_number_that_is_none_of_ours_is_answered_at_once(number: str) -> None:
    found = list(flaws([((number, "mot"), "sceau")], START))
    assert 1 <= len(found) <= GAP + 1
