"""What a base can't have become while it is open is told; what it may have become is not."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import Store, open_store, sqlite_watch
from storage.backup import backup
from storage.sqlite_header import Content, Header, header, lost

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
NEW = Header(4096, 7, 10, 1)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Content(None, 0), "vidée"),
        (Content(None, 40_960), "pas une base"),
        (Content(Header(4096, 7, 10, 2), 40_960), "autre base"),
        (Content(Header(1024, 7, 10, 1), 40_960), "autre base"),
        (Content(Header(4096, 6, 10, 1), 40_960), "plus ancienne"),
        (Content(NEW, 36_864), "tronquée"),
        (Content(NEW, 100), "tronquée"),
    ],
)
def test_what_a_base_cannot_become_is_told(found: Content, said: str) -> None:
    assert said in str(lost(Content(NEW, 40_960), found))


@pytest.mark.parametrize(
    "found",
    [
        Content(NEW, 40_960),
        Content(Header(4096, 8, 12, 1), 40_960),  # its log is being emptied: the first page comes first
        Content(Header(4096, 8, 12, 1), 49_152),
        Content(Header(4096, 9, 5, 1), 20_480),  # another program made it smaller (VACUUM)
    ],
)
def test_what_a_base_becomes_by_itself_is_not(found: Content) -> None:
    assert lost(Content(NEW, 40_960), found) is None


def test_a_base_that_was_just_made_becomes_ours_once_its_log_is_emptied() -> None:
    assert lost(Content(Header(4096, 1, 1, 0), 4096), Content(Header(4096, 2, 90, 1), 368_640)) is None


def test_a_page_of_64_kibibytes_is_written_as_one() -> None:
    first = bytearray(b"SQLite format 3\0".ljust(100, b"\0"))
    first[16:18] = b"\0\1"
    assert header(bytes(first)) == Header(1 << 16, 0, 0, 0)
    assert header(bytes(first[:99])) is None


# --- the file under a store that is open ---------------------------------------------------------------------------
def told(store: Store) -> str:
    """What the second look says: the first may fall into a write."""
    store.database.displaced()
    return str(store.database.displaced() or "")


def written(store: Store, number: int = 20) -> None:
    for at in range(number):
        store.key_values.put(f"clé {at}", "v" * 50_000)
    assert store.database.scrub()
    store.key_values.put("dans le journal", os.urandom(4).hex())


def random_bytes(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))


def zeros(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(4096))


def text(path: Path) -> None:
    path.write_text("Bonjour\n" * 9000)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def header_alone(path: Path) -> None:
    os.truncate(path, 100)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def older_copy(path: Path) -> None:
    shutil.copyfile(path.with_name("copie.sqlite"), path)


def foreign_base(path: Path) -> None:
    other = path.with_name("autre.sqlite")
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE t (a)")
        raw.commit()
    shutil.copyfile(other, path)


@pytest.mark.parametrize("loss", [random_bytes, zeros, text, cut, header_alone, empty, older_copy, foreign_base])
def test_a_base_written_over_is_told_and_its_log_is_kept(path: Path, loss: Callable[[Path], None]) -> None:
    with closing(open_store(path)) as store:
        written(store, 3)
        backup(path, path.with_name("copie.sqlite"))
        written(store)
        log = path.with_name(f"{path.name}-wal")
        held = log.read_bytes()
        assert told(store) == ""
        loss(path)
        said = told(store)
        assert f"« {path} » a été" in said
        (kept,) = path.parent.glob(f"{path.name}.avant-*-wal")
        assert str(kept) in said
        assert (kept.read_bytes(), kept.stat().st_mode & 0o777, log.stat().st_size) == (held, 0o600, 0)
        after = path.read_bytes()
    assert path.read_bytes() == after, "the log of another base was emptied into this one"


def test_a_copy_put_back_by_sqlite_is_told_though_only_a_setting_changed_since(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.key_values.put("un réglage", "avant")
        backup(path, path.with_name("copie.sqlite"))
        assert told(store) == ""
    with closing(open_store(path)) as store:
        store.key_values.put("un réglage", "après")
        assert told(store) == ""
        with closing(sqlite3.connect(path.with_name("copie.sqlite"))) as copy, closing(sqlite3.connect(path)) as base:
            copy.backup(base)
        assert "plus ancienne" in told(store)


def test_an_older_copy_put_over_a_running_base_opens_as_it_is(path: Path) -> None:
    with closing(open_store(path)) as store:
        written(store, 3)
        backup(path, path.with_name("copie.sqlite"))
        written(store)
        told(store)
        older_copy(path)
        assert "plus ancienne" in told(store)
    with closing(open_store(path)) as store:
        assert store.key_values.get("clé 2") == "v" * 50_000
        assert store.key_values.get("clé 12") is None


def test_a_copy_that_takes_the_name_of_a_running_base_opens_as_it_is(path: Path) -> None:
    with closing(open_store(path)) as store:
        written(store, 3)
        backup(path, path.with_name("copie.sqlite"))
        written(store)
        path.with_name("copie.sqlite").replace(path)
        assert "a été remplacée" in told(store)
        assert "Ce qu’elle venait d’écrire est dans" in told(store)
    with closing(open_store(path)) as store:
        assert store.key_values.get("clé 12") is None
        assert store.key_values.get("clé 2") == "v" * 50_000


def vacuum(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("VACUUM")


def checkpoint(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def another_store(path: Path) -> None:
    with closing(open_store(path)) as other:
        written(other, 5)


def touch(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize("deed", [vacuum, checkpoint, another_store, touch])
def test_what_others_may_do_to_a_running_base_is_not_told(path: Path, deed: Callable[[Path], None]) -> None:
    with closing(open_store(path)) as store:
        assert told(store) == ""
        for _ in range(3):
            written(store, 4)
            deed(path)
            assert told(store) == ""
            store.database.examine()
            assert store.database.hurt() is None


@pytest.mark.parametrize("small", [8 << 20, 0])
def test_a_base_damaged_behind_its_header_is_told(path: Path, small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_watch, "_SMALL", small)  # 0: only some rows of each table are read
    with closing(open_store(path)) as store:
        written(store)
        assert store.database.stirred()
        store.database.examine()
        assert not store.database.stirred(), "said every ten seconds at most"
        assert store.database.hurt() is None
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(path.stat().st_size - 4096))
        assert told(store) == ""
        store.database.examine()
        assert "abîmée" in str(store.database.hurt())
        store.key_values.put("encore", "écrit dans le journal")
        assert "abîmée" in str(store.database.hurt()), "for good"


# --- what another program writes through SQLite itself -------------------------------------------------------------
def through_sqlite(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def copied_over(path: Path, source: Path) -> None:
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(path)) as base:
        copy.backup(base)


def other_installation(path: Path) -> Path:
    other = path.with_name("autre.sqlite")
    with closing(open_store(other)) as store:
        store.key_values.put("links", "une autre clef")
        for chat in range(5):
            store.chats.arrive(chat + 10, "private", "fr", NOW)
    return other


OVERWRITES: dict[str, tuple[Callable[[Path], None], str]] = {
    "an older copy of its own": (lambda path: copied_over(path, path.with_name("copie.sqlite")), "plus ancienne"),
    "the base of others": (lambda path: copied_over(path, other_installation(path)), "par une autre base"),
    "a table gone": (lambda path: through_sqlite(path, "DROP TABLE vote"), "par un autre programme"),
    "a trigger more": (
        lambda path: through_sqlite(path, "CREATE TRIGGER t AFTER INSERT ON chat BEGIN DELETE FROM chat; END"),
        "par un autre programme ('trigger t')",
    ),
    "a view with odd signs": (lambda path: through_sqlite(path, 'CREATE VIEW "a\nb" AS SELECT 1'), "('view a\\nb')"),
    "a version more": (lambda path: through_sqlite(path, "PRAGMA user_version = 4000"), "une autre version"),
}


@pytest.mark.parametrize("kind", OVERWRITES)
def test_a_base_written_over_through_sqlite_is_told_and_keeps_its_log(path: Path, kind: str) -> None:
    overwrite, said = OVERWRITES[kind]
    with closing(open_store(path)) as store:
        store.key_values.put("links", "notre clef")
        backup(path, path.with_name("copie.sqlite"))
        store.chats.arrive(5, "private", "fr", NOW)
        assert told(store) == ""
        overwrite(path)
        assert said in told(store)
        assert said in told(store), "said once alone"
    assert not list(path.parent.glob("*.avant-*"))


def test_what_other_programs_may_do_is_not_told(path: Path) -> None:
    with closing(open_store(path)) as store:
        written(store, 3)
        assert told(store) == ""
        with closing(open_store(path)) as other:
            other.chats.arrive(5, "private", "fr", NOW)
            other.key_values.put("clé 1", None)
        assert told(store) == ""
        through_sqlite(path, "ANALYZE")
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("VACUUM")
        store.key_values.put("après", "oui")
        assert told(store) == ""


def test_any_page_of_a_large_base_is_found_damaged_in_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_watch, "_SMALL", 0)
    with closing(open_store(path)) as store:
        with store.database.write() as connection:
            for at in range(3000):
                connection.exec_driver_sql("INSERT INTO memo (name, value) VALUES (?, ?)", (f"clé {at}", "v" * 500))
        store.database.scrub()
        store.database.examine()
        assert store.database.hurt() is None
        with closing(sqlite3.connect(path)) as raw:
            table = "SELECT pageno FROM dbstat WHERE name = 'memo' AND pagetype = 'leaf'"
            try:
                pages = [page for (page,) in raw.execute(table)]
            except sqlite3.OperationalError:  # this SQLite tells no pages
                pages = [path.stat().st_size // 4096 // 2]
        with path.open("r+b") as file:
            file.seek((pages[len(pages) // 2] - 1) * 4096)
            file.write(os.urandom(4096))
        for _ in range(50):
            store.database.examine()
        assert store.database.hurt() is not None
