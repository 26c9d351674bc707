"""A base that is carried elsewhere is the same there, whatever engine keeps it, and goes on as it would have."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.chats.model import NewDigest
from storage.failure import StoreError
from storage.move import move
from storage.operators.model import Presence
from storage.place import Place
from storage.schema import METADATA, register
from storage.sqlite_traces import BEAT_NAME
from storage.store import Store, open_store
from tests.storage.builders import NOW, A, B, a_chat, a_feed, a_flash, a_match, an_entry, poll


def filled(place: Place) -> Store:
    """A base with rows in most tables, some of which are gone."""
    store = open_store(place)
    store.feeds.sync([a_feed(A), a_feed(B)], NOW, {"entities.yaml": "{}"})
    chat, gone = a_chat(store), a_chat(store, 7)
    store.chats.follow(chat.key, "hds", None, NOW)
    for number in range(4):
        entry = an_entry(str(number), urls=[f"u{number}"], matches=[a_match()], title=f"Titre {number} « œ »")
        poll(store, entry, now=NOW + timedelta(days=number))
    store.outbox.enqueue([a_flash(gone.key, "x1"), a_flash(chat.key, "x2")], NOW)
    store.chats.forget(gone.key)
    store.digests.close(chat.key, ("daily",), "2026-11-24", 3, NewDigest((a_flash(chat.key, "d1", "daily"),)), NOW)
    return store


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.database.read() as connection:
        found = {name: connection.execute(select(table)).all() for name, table in METADATA.tables.items()}
    found["memo"] = [row for row in found["memo"] if row.name != BEAT_NAME]  # of the file, which does not move
    return {name: sorted((tuple(row) for row in held), key=repr) for name, held in found.items()}


def test_a_base_comes_back_as_it_went(home: Place, tmp_path: Path) -> None:
    store, back = filled(tmp_path / "before.db"), tmp_path / "back.db"
    before = rows(store)
    store.close()
    there = move(tmp_path / "before.db", home)
    move(home, back)
    with closing(open_store(home)) as middle, closing(open_store(back)) as last:
        assert rows(middle) == before
        assert rows(last) == before
        assert middle.register.flaws() == last.register.flaws() == ()
    assert there.total == sum(map(len, before.values()))
    assert there.total > 30


@pytest.mark.file
def test_a_base_that_was_only_written_to_is_empty_still(tmp_path: Path) -> None:
    filled(tmp_path / "before.db").close()
    with closing(open_store(tmp_path / "after.db")) as store:
        store.key_values.put("un réglage", "x")
        store.key_values.put("un réglage", None)
        assert store.key_values.get(BEAT_NAME) is not None
    assert move(tmp_path / "before.db", tmp_path / "after.db").total > 30


def test_no_number_is_given_twice(home: Place, tmp_path: Path) -> None:
    store = filled(tmp_path / "before.db")
    with store.database.write() as connection:
        connection.execute(register.delete().where(register.c.number == 4))
    store.close()
    move(tmp_path / "before.db", home)
    with closing(open_store(home)) as moved:
        assert [flaw.kind for flaw in moved.register.flaws()] == ["cut"], "the line taken away is still missed"
        assert a_chat(moved, 99).key == 3, "2 was the chat that is gone"
        poll(moved, an_entry("9", urls=["u9"], matches=[a_match()]), now=NOW + timedelta(days=9))
        assert moved.register.lines()[1][-1].number == 5


def test_a_base_that_holds_something_is_refused_and_left(home: Place, tmp_path: Path) -> None:
    filled(tmp_path / "before.db").close()
    with closing(open_store(home)) as other:
        a_chat(other, 42)
    with pytest.raises(StoreError, match="contient déjà des lignes"):
        move(tmp_path / "before.db", home)
    with closing(open_store(home)) as other:
        assert [each.telegram_id for each in other.chats.active()] == [42]


def test_a_base_on_which_daemons_work_is_refused_either_way(home: Place, tmp_path: Path) -> None:
    with closing(filled(home)) as store:
        store.offices.present(Presence("un/1", "polls"), NOW, timedelta(minutes=5))
        with pytest.raises(StoreError, match=r"travaille sur .*\(un\) : arrêtez"):
            move(home, tmp_path / "after.db")
        with closing(open_store(tmp_path / "other.db")) as other:
            other.offices.present(Presence("deux/1", "polls"), NOW, timedelta(minutes=5))
        store.offices.resign("un/1")
        with pytest.raises(StoreError, match=r"\(deux\)"):
            move(home, tmp_path / "other.db")
        store.offices.present(Presence("un/1", "polls"), NOW, timedelta(seconds=-1))
    move(home, tmp_path / "after.db")
    with closing(open_store(tmp_path / "after.db")) as moved:
        assert moved.offices.daemons() == (), "who died there is not missed here"


def test_what_is_not_there_is_not_moved(home: Place, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="rien à déplacer"):
        move(tmp_path / "nowhere.db", home)
    filled(tmp_path / "a.db").close()
    with pytest.raises(StoreError, match="elle-même"):
        move(tmp_path / "a.db", tmp_path / "a.db")
