"""Copies that can be trusted, and their way back."""

import os
import resource
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import StoreError, open_store
from storage.backup import backup, restore, strange, verify
from storage.database import Database
from storage.migrations import MIGRATIONS
from storage.operators.model import Backup

pytestmark = pytest.mark.file


NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A store with one chat, in use: its write-ahead log is not in the file yet."""
    path = tmp_path / "vigie.sqlite"
    arrive(path, 5)
    return path


def arrive(path: Path, telegram_id: int) -> None:
    store = open_store(path)
    store.chats.arrive(telegram_id, "private", "fr", NOW)
    store.close()


def chats(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as raw:
        return [each for (each,) in raw.execute("SELECT telegram_id FROM chat ORDER BY telegram_id")]


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_copy_holds_everything_and_is_for_its_owner_only(base: Path, tmp_path: Path) -> None:
    store = open_store(base)
    store.chats.arrive(6, "private", "fr", NOW)  # in the log only
    made = backup(base, tmp_path / "copie")
    store.close()
    assert made == Backup((tmp_path / "copie").stat().st_size, len(MIGRATIONS), 0, 2)
    assert chats(tmp_path / "copie") == [5, 6]
    assert stat.S_IMODE((tmp_path / "copie").stat().st_mode) == 0o600
    assert not {name for name in left(tmp_path) if name.startswith(".")}


def test_a_copy_is_one_moment_though_others_write(base: Path, tmp_path: Path) -> None:
    """Two chats come in one transaction each time: no copy holds one of a pair."""
    done = threading.Event()

    def write() -> None:
        store = open_store(base)
        for number in range(100, 400, 2):
            with store.database.write() as connection:
                for each in (number, number + 1):
                    connection.exec_driver_sql("UPDATE chat SET digest_at = ?", (each,))
                    connection.exec_driver_sql("UPDATE chat SET gone_at = ?", (each,))
        store.close()
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        backup(base, tmp_path / "copie")
        with closing(sqlite3.connect(tmp_path / "copie")) as raw:
            ((one, other),) = raw.execute("SELECT digest_at, gone_at FROM chat").fetchall()
        assert one == other or other is None
    writer.join()


def test_an_older_copy_stays_until_the_new_one_is_good(base: Path, tmp_path: Path) -> None:
    target = tmp_path / "copie"
    backup(base, target)
    arrive(base, 6)
    with limited(8192), pytest.raises(StoreError, match="disque"):
        backup(base, target)
    assert chats(target) == [5]
    assert not {name for name in left(tmp_path) if name.startswith(".")}, "nothing half made is left"
    backup(base, target)
    assert chats(target) == [5, 6]


@contextmanager
def limited(size: int) -> Iterator[None]:
    """No file may grow beyond `size`: what a full disk does to a copy."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_copy_never_replaces_the_store_itself_nor_a_folder(base: Path, tmp_path: Path) -> None:
    (tmp_path / "dossier").mkdir()
    for target in (base, tmp_path / "dossier", tmp_path / "nulle-part" / "copie"):
        with pytest.raises(StoreError):
            backup(base, target)
    with pytest.raises(StoreError, match="rien à sauvegarder"):
        backup(tmp_path / "absente", tmp_path / "copie")
    assert chats(base) == [5]


def test_a_copy_put_back_brings_back_what_was_and_keeps_what_is(base: Path, tmp_path: Path) -> None:
    backup(base, tmp_path / "copie")
    arrive(base, 6)
    made, kept = restore(base, tmp_path / "copie", NOW)
    assert made.chats == 1
    assert chats(base) == [5]
    assert kept is not None
    assert kept.name == "vigie.sqlite.avant-20261124-080000"
    assert chats(kept) == [5, 6]
    assert stat.S_IMODE(base.stat().st_mode) == 0o600
    store = open_store(base)
    assert store.chats.find(5) is not None
    store.close()


def test_what_only_the_log_held_is_kept_too(base: Path, tmp_path: Path) -> None:
    backup(base, tmp_path / "copie")
    killed = open_store(base)  # never closed, as after a kill: its log stays
    killed.chats.arrive(7, "private", "fr", NOW)
    _, kept = restore(base, tmp_path / "copie", NOW)
    killed.close()
    assert kept is not None
    assert chats(kept) == [5, 7]
    assert chats(base) == [5]


def test_a_store_is_put_where_there_was_none(base: Path, tmp_path: Path) -> None:
    backup(base, tmp_path / "copie")
    _, kept = restore(tmp_path / "neuve", tmp_path / "copie", NOW)
    assert kept is None
    assert chats(tmp_path / "neuve") == [5]


def test_an_older_copy_is_brought_to_this_version(tmp_path: Path) -> None:
    Database(tmp_path / "ancienne", migrations=MIGRATIONS[:1]).close()
    made, _ = restore(tmp_path / "neuve", tmp_path / "ancienne", NOW)
    assert made.version == len(MIGRATIONS)


def broken_files(base: Path, folder: Path) -> Iterator[Path]:
    backup(base, folder / "bonne")
    whole = (folder / "bonne").read_bytes()
    for name, content in {
        "tronquee": whole[: len(whole) // 2],
        "abimee": whole[:8192] + bytes(len(whole) - 8192),
        "texte": b"pas une base",
        "vide": b"",
        "plus-recente": whole[:60] + (999).to_bytes(4, "big") + whole[64:],
        "etrangere": whole[:68] + b"AUTR" + whole[72:],
    }.items():
        (folder / name).write_bytes(content)
        yield folder / name
    yield folder / "absente"
    yield folder


def test_a_broken_copy_is_refused_and_changes_nothing(base: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    before, names = base.read_bytes(), left(tmp_path)
    for source in broken_files(base, tmp_path / "copies"):
        with pytest.raises(StoreError) as refusal:
            restore(base, source, NOW)
        assert "Arrêtez Vigie" not in str(refusal.value), "a bad copy is no reason to touch the store"
        assert base.read_bytes() == before, source
        assert left(tmp_path) == names, source
    with pytest.raises(StoreError, match="elle-même"):
        restore(base, base, NOW)


def test_a_copy_whose_index_alone_is_broken_is_refused_too(base: Path, tmp_path: Path) -> None:
    source = tmp_path / "copie"
    backup(base, source)
    with closing(sqlite3.connect(source)) as raw:
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'subscription_watchlist'").fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    whole, start = bytearray(source.read_bytes()), (page - 1) * size
    whole[start : start + 200] = bytes(255 - each for each in whole[start : start + 200])
    source.write_bytes(whole)
    with pytest.raises(StoreError, match="autre sauvegarde"):
        restore(base, source, NOW)


@pytest.mark.parametrize("named", [b"CREATE TABLE feed", b"CREATE TABLE chat"])
def test_a_file_whose_tables_have_names_that_are_no_text_is_told_in_one_line(
    base: Path, tmp_path: Path, named: bytes
) -> None:
    backup(base, tmp_path / "copie")
    for path, act in ((tmp_path / "copie", verify), (base, Database)):
        whole = bytearray(path.read_bytes())
        at = whole.find(named)
        whole[at : at + 3] = b"\xa8\xfe\xc3"
        path.write_bytes(whole)
        with pytest.raises(StoreError, match="abîmée"):
            act(path)


def test_a_broken_store_is_replaced_and_still_kept(base: Path, tmp_path: Path) -> None:
    backup(base, tmp_path / "copie")
    base.write_bytes(base.read_bytes()[:4096] + b"\0" * 4096)
    _, kept = restore(base, tmp_path / "copie", NOW)
    assert chats(base) == [5]
    assert kept is not None
    assert kept.stat().st_size == 8192


def test_a_good_file_is_verified(base: Path) -> None:
    assert verify(base).chats == 1


# --- somebody else's hand ------------------------------------------------------------------------------------------
STRANGE = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON delivery BEGIN DELETE FROM delivery; END",
    "a trigger on chats": "CREATE TRIGGER t AFTER INSERT ON chat BEGIN UPDATE chat SET telegram_id = 6; END",
    "a trigger of one of our names": "DROP TRIGGER article_words_delete; CREATE TRIGGER article_words_delete "
    "AFTER DELETE ON article BEGIN DELETE FROM chat; END",
    "a view in the place of a table": "DROP TABLE knock; CREATE VIEW knock AS SELECT '' AS person, '' AS day",
    "a view": "CREATE VIEW v AS SELECT * FROM chat",
    "a table": "CREATE TABLE extra (a)",
    "a table whose name breaks a line": 'CREATE TABLE "a\nb\x1b[2K" (a)',
    "a table less": "DROP TABLE knock",
    "an index less": "DROP INDEX chat_back",
    "a column": "ALTER TABLE chat ADD COLUMN extra VARCHAR",
    "a virtual table": "CREATE VIRTUAL TABLE extra USING fts5(a)",
    "a column that computes": "ALTER TABLE knock ADD COLUMN b GENERATED ALWAYS AS (upper(day)) VIRTUAL",
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_restore_takes_only_what_our_migrations_make(base: Path, tmp_path: Path, name: str) -> None:
    backup(base, tmp_path / "copie")
    with closing(sqlite3.connect(tmp_path / "copie")) as raw:
        raw.executescript(STRANGE[name])
    before = base.read_bytes()
    with pytest.raises(StoreError, match="quelqu’un l’a changée") as told:
        restore(base, tmp_path / "copie", NOW)
    assert str(told.value).isprintable()
    assert base.read_bytes() == before
    assert strange(tmp_path / "copie")


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS)))
def test_a_copy_of_any_earlier_version_is_ours(base: Path, tmp_path: Path, number: int) -> None:
    Database(tmp_path / "old", migrations=MIGRATIONS[:number]).close()
    made, _ = restore(base, tmp_path / "old", NOW)
    assert made.version == len(MIGRATIONS)
    assert strange(base) is None


def test_a_store_in_use_for_long_is_ours(base: Path) -> None:
    with closing(sqlite3.connect(base)) as raw:
        raw.executescript("ANALYZE; VACUUM")
    assert strange(base) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("there", [True, False])
def test_a_restore_by_root_leaves_the_store_to_whom_it_belonged(base: Path, tmp_path: Path, there: bool) -> None:
    backup(base, tmp_path / "copie")
    home = tmp_path / "home"
    home.mkdir()
    if there:
        base.rename(home / "vigie.sqlite")
        os.chown(home / "vigie.sqlite", 12345, 54321)
    else:
        os.chown(home, 12345, 54321)
    restore(home / "vigie.sqlite", tmp_path / "copie", NOW)
    found = (home / "vigie.sqlite").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 54321, 0o600)


@pytest.mark.parametrize("kind", ["target", "old draft", "set aside"])
def test_a_planted_link_is_not_followed(base: Path, tmp_path: Path, kind: str) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_text("à un autre")
    copy = tmp_path / "copie"
    names = {"target": copy, "old draft": tmp_path / f".copie.{os.getpid()}"}
    if kind in names:
        names[kind].symlink_to(foreign)
        backup(base, copy)
    else:
        backup(base, copy)
        base.with_name(f"{base.name}.avant-{NOW:%Y%m%d-%H%M%S}").symlink_to(foreign)
        with pytest.raises(StoreError, match="déjà pris"):
            restore(base, copy, NOW)
    assert foreign.read_text() == "à un autre"
    assert verify(copy)


def test_no_copy_is_made_where_anybody_may_move_files(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(StoreError, match=r"chmod o-w"):
        backup(base, folder / "copie")
    folder.chmod(0o1777)
    assert backup(base, folder / "copie")


def test_what_restores_set_aside_is_kept_as_long_as_chats_that_left(base: Path, tmp_path: Path) -> None:
    backup(base, tmp_path / "copie")
    kept = [restore(base, tmp_path / "copie", NOW + timedelta(days=day))[1] for day in (0, 10)]
    mine = tmp_path / f"{base.name}.avant-mes-vacances"
    mine.write_text("à l'opérateur")
    store = open_store(base)
    pruned = store.prune(NOW + timedelta(days=31))
    store.close()
    assert pruned.copies == 1
    assert [path is not None and path.exists() for path in kept] == [False, True]
    assert mine.exists()


def test_a_copy_replaces_no_file_but_an_older_copy(base: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "autre.sqlite"
    with closing(sqlite3.connect(foreign)) as raw:
        raw.execute("CREATE TABLE t (a)")
    for name, content in (("feeds.yaml", b"feeds: []"), ("base-wal", b"\x37\x7f\x06\x82"), ("notes.txt", b"a")):
        (tmp_path / name).write_bytes(content)
    for name in ("feeds.yaml", "base-wal", "notes.txt", "autre.sqlite"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(StoreError, match="n’est pas une sauvegarde"):
            backup(base, tmp_path / name)
        assert (tmp_path / name).read_bytes() == before
    (tmp_path / "vide").touch()
    for _ in range(2):
        assert backup(base, tmp_path / "vide").chats == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE sqlite_sequence SET seq = 9223372036854775806", "UPDATE sqlite_sequence SET seq = 'x'",
                  "UPDATE chat SET id = 9223372036854775807"],
)  # fmt: skip
def test_a_copy_whose_numbers_are_spent_is_refused(base: Path, tmp_path: Path, statement: str) -> None:
    backup(base, tmp_path / "copie")
    with closing(sqlite3.connect(tmp_path / "copie")) as raw:
        raw.execute(statement)
        raw.commit()
    with pytest.raises(StoreError, match="numéro de ligne"):
        restore(base, tmp_path / "copie", NOW)
    assert chats(base) == [5]


def test_a_damage_that_sqlite_tells_in_lines_is_told_in_one(base: Path, tmp_path: Path) -> None:
    backup(base, tmp_path / "copie")
    with (tmp_path / "copie").open("r+b") as file:
        file.seek(32)
        file.write(bytes([0, 0, 0, 7, 0, 0, 0, 3]))  # a list of free pages that are not free
    with pytest.raises(StoreError, match="abîmée") as told:
        restore(base, tmp_path / "copie", NOW)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("side", ["-wal", "-shm", "-journal"])
def test_a_copy_takes_no_name_of_a_log_though_none_is_there(base: Path, side: str) -> None:
    with pytest.raises(StoreError, match="journal d’une base"):
        backup(base, base.with_name(base.name + side))
    assert left(base.parent) == {base.name}
