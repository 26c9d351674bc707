"""The file: created, recognised, migrated, guarded."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Hashable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect

from storage.database import Database, StoreError
from storage.dialect import others_wrote
from storage.ids import ArticleId
from storage.migrations import APPLICATION, MIGRATIONS
from storage.schema import METADATA
from storage.store import Store, open_store
from tests.storage.builders import NOW, a_chat, an_entry, poll

pytestmark = pytest.mark.file


SHORT = timedelta(milliseconds=20)
SENTINEL = "sentinelle-7f3a9c"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def family(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}*"))


def user_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("PRAGMA user_version").fetchone()[0])


def a_raw_file(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as raw:
        for each in statements:
            raw.execute(each)
        raw.commit()
    return path


def second(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE later (id INTEGER)")


def broken(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
    raise RuntimeError("power cut")


# --- modes ---------------------------------------------------------------------------------------------------------
def test_the_files_are_for_their_owner_alone(path: Path, store: Store) -> None:
    a_chat(store)
    assert [each.name for each in family(path)] == ["vigie.db", "vigie.db-shm", "vigie.db-wal"]
    assert {mode(each) for each in family(path)} == {0o600}


def test_a_folder_is_created_for_its_owner_alone_and_an_existing_one_is_left(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_store(tmp_path / "deep" / "er" / "vigie.db").close()
    assert [mode(tmp_path), mode(tmp_path / "deep"), mode(tmp_path / "deep" / "er")] == [0o755, 0o700, 0o700]


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    open_store(path).close()
    path.chmod(0o644)
    open_store(path).close()
    assert mode(path) == 0o600


def test_every_connection_is_durable_and_strict(store: Store) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with store.database.read() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {each}").scalar() for each in asked]
    assert found == ["wal", 2, 1, 1, 5000]


WORKED_OUT = {"story_term", "term_count"}  # held nothing that other tables do not
PLACE = re.compile(" at 0x[0-9a-f]+")  # in the repr of an index's condition


# --- migrations ----------------------------------------------------------------------------------------------------
def _expressions(engine: Engine) -> list[str]:
    """The indexes of expressions, which are not looked at above."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%CASE%'")
        return [" ".join(sql.split()) for sql in found.scalars()]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_the_tables_of_the_schema(path: Path) -> None:
    open_store(path).close()
    migrated, declared = create_engine(f"sqlite:///{path}"), create_engine("sqlite://")
    METADATA.create_all(declared)
    left, right = inspect(migrated), inspect(declared)
    for table in METADATA.tables:
        for facts in ("get_columns", "get_pk_constraint", "get_foreign_keys", "get_unique_constraints", "get_indexes"):
            found, wanted = (PLACE.sub("", repr(getattr(each, facts)(table))) for each in (left, right))
            assert found == wanted, (table, facts)
    assert _expressions(migrated) == _expressions(declared)
    own = [name for name in left.get_table_names() if not name.startswith(("article_words", "article_vocabulary"))]
    assert sorted(own) == sorted(METADATA.tables)
    migrated.dispose()
    declared.dispose()


def test_an_empty_file_is_a_new_store(path: Path) -> None:
    path.touch()
    open_store(path).close()
    assert user_version(path) == len(MIGRATIONS)


def test_an_earlier_version_is_brought_to_this_one_with_its_rows(path: Path) -> None:
    store = open_store(path)
    a_chat(store, 5)
    store.close()
    newer = Database(path, migrations=(*MIGRATIONS, second))
    newer.close()
    assert user_version(path) == len(MIGRATIONS) + 1
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT telegram_id FROM chat").fetchall() == [(5,)]


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS)))
def test_a_file_of_any_earlier_version_is_brought_to_this_one(path: Path, number: int) -> None:
    Database(path, migrations=MIGRATIONS[:number]).close()
    with closing(sqlite3.connect(path)) as raw:
        tables = {name: raw.execute(f"PRAGMA table_info({name})").fetchall() for name in _tables(raw)}
        for table, columns in tables.items():
            names = ", ".join(f'"{column[1]}"' for column in columns)
            row = ["x" if column[2] == "VARCHAR" else 1 for column in columns]
            raw.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", row)
        raw.commit()
    open_store(path).close()
    fresh = path.with_name("fresh")
    open_store(fresh).close()
    with closing(sqlite3.connect(path)) as raw, closing(sqlite3.connect(fresh)) as new:
        tables = {name: columns for name, columns in tables.items() if name not in WORKED_OUT}
        assert {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables} == dict.fromkeys(
            tables, 1
        )
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert _shape(raw) == _shape(new)


def test_what_an_order_moved_is_kept_with_the_first_of_its_copies(path: Path) -> None:
    names = [each.__name__ for each in MIGRATIONS]
    Database(path, migrations=MIGRATIONS[: names.index("orders")]).close()
    row = "INSERT INTO override (a, b, kind, by, moved, at, undone) VALUES (1, 2, 'never', 7, ?, 0, 0)"
    with closing(sqlite3.connect(path)) as raw:
        for moved in ("[4, 5]", None):
            raw.execute(row, (moved,))
        raw.commit()
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT moved FROM override").fetchall() == [("[[4,4],[5,5]]",), (None,)]


def _tables(raw: sqlite3.Connection) -> list[str]:
    """The tables that hold rows of ours: the search keeps its own, and follows the articles."""
    found = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in found if not name.startswith(("article_words", "article_vocabulary"))]


def _shape(raw: sqlite3.Connection) -> dict[str, list[object]]:
    """Every table with its columns, whatever their order."""
    return {name: sorted(column[1:] for column in raw.execute(f"PRAGMA table_info({name})")) for name in _tables(raw)}


def test_a_source_that_rang_before_is_known_as_one_that_rings(path: Path) -> None:
    names = [each.__name__ for each in MIGRATIONS]
    Database(path, migrations=MIGRATIONS[: names.index("flash_sources")]).close()
    with closing(sqlite3.connect(path)) as raw:
        for table in ("feed", "article", "article_match"):
            columns = raw.execute(f"PRAGMA table_info({table})").fetchall()
            values = {column[1]: "x" if column[2] == "VARCHAR" else 1 for column in columns}
            told = {"feed": {}, "article": {"first_seen": 77}, "article_match": {"level": "flash"}}[table]
            row = {**values, **told}
            marks = ", ".join("?" * len(row))
            raw.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        raw.commit()
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT flashed_at FROM feed").fetchall() == [(77,)]


def test_an_interrupted_migration_leaves_the_file_as_it_was(path: Path) -> None:
    store = open_store(path)
    a_chat(store, 5)
    store.close()
    with pytest.raises(RuntimeError):
        Database(path, migrations=(*MIGRATIONS, second, broken))
    again = open_store(path)
    assert user_version(path) == len(MIGRATIONS)
    assert again.chats.find(5) is not None
    again.close()


def test_an_interrupted_creation_leaves_an_empty_file(path: Path) -> None:
    with pytest.raises(RuntimeError):
        Database(path, migrations=(broken,))
    open_store(path).close()
    assert user_version(path) == len(MIGRATIONS)


def test_processes_that_start_together_share_one_new_file(path: Path) -> None:
    script = "import sys; from storage import open_store; open_store(sys.argv[1]).close()"
    processes = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(2)]
    assert [each.wait() for each in processes] == [0, 0]


# --- files that will not do ----------------------------------------------------------------------------------------
def refusal(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(path, patience=SHORT).close()
    (line,) = str(caught.value).splitlines()
    assert str(path) in line
    return line


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    assert "plus récente" in refusal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE theirs (a)",),
        ("CREATE TABLE theirs (a)", f"PRAGMA user_version = {len(MIGRATIONS)}"),
        ("PRAGMA application_id = 77",),
    ],
)
def test_somebody_elses_database_is_refused_and_left_alone(path: Path, statements: tuple[str, ...]) -> None:
    a_raw_file(path, *statements)
    before = path.read_bytes()
    assert "n’est pas une base de Vigie" in refusal(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"<?xml version='1.0'?>" * 100)
    assert "n’est pas une base de Vigie" in refusal(path)
    assert path.read_bytes().startswith(b"<?xml")


def test_a_folder_is_no_store(path: Path) -> None:
    path.mkdir()
    assert "n’est pas un fichier" in refusal(path)


def test_a_damaged_file_is_told_and_not_a_traceback(path: Path) -> None:
    open_store(path).close()
    body = bytearray(path.read_bytes())
    body[100:] = b"\xff" * (len(body) - 100)
    path.write_bytes(body)
    assert "abîmée" in refusal(path)


def test_a_file_that_another_program_holds_is_told_as_passing(path: Path) -> None:
    store = open_store(path, patience=SHORT)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="occupée") as caught:
            a_chat(store)
        assert caught.value.passing
        assert store.chats.find(5) is None
    assert a_chat(store).telegram_id == 5
    store.close()


def test_a_full_disk_is_told_as_passing_and_the_work_resumes(store: Store) -> None:
    with store.database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="Plus de place") as caught:
        poll(store, an_entry(text="x" * 100_000))
    assert caught.value.passing
    with store.database.read() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    store.feeds.release(store.feeds.claim_all(NOW + timedelta(hours=1), "x", SHORT))
    assert poll(store, an_entry()).new == 1


@pytest.fixture
def someone() -> Iterator[Path]:
    """A folder of an ordinary user; root is one for the time of the test, since root may write anywhere."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_file_is_refused(someone: Path) -> None:
    path = someone / "vigie.db"
    open_store(path).close()
    path.chmod(0o400)
    assert "lecture seule" in refusal(path)


def test_a_read_only_folder_is_refused(someone: Path) -> None:
    path = someone / "vigie.db"
    open_store(path).close()
    someone.chmod(0o500)
    assert "lecture seule" in refusal(path)
    assert "Impossible de créer" in refusal(someone / "other.db")


# --- what stays in the files ---------------------------------------------------------------------------------------
def test_a_torn_log_leaves_a_beginning_of_the_history(path: Path, tmp_path: Path) -> None:
    store = open_store(path)
    first = Path(f"{path}-wal").stat().st_size
    for number in range(1, 21):
        a_chat(store, number)
    copy = tmp_path / "torn.db"
    shutil.copy(path, copy)
    log = Path(f"{path}-wal").read_bytes()
    Path(f"{copy}-wal").write_bytes(log[: (first + len(log)) // 2] + os.urandom(500))
    store.close()
    torn = open_store(copy)
    found = [each.telegram_id for each in torn.chats.active()]
    torn.close()
    assert found == list(range(1, len(found) + 1))
    assert 0 < len(found) < 20


def test_a_purged_text_is_in_no_byte_of_the_files(path: Path, store: Store) -> None:
    for number in range(6):
        text = f"{SENTINEL} " * (1 + number * 200)
        poll(store, an_entry(str(number), urls=[f"u{number}"], text=text))
    assert any(SENTINEL.encode() in each.read_bytes() for each in family(path))
    pruned = store.prune(NOW + timedelta(days=31))
    assert pruned.texts == 6
    assert not any(SENTINEL.encode() in each.read_bytes() for each in family(path))
    kept = store.articles.get(ArticleId(1))
    assert kept is not None
    assert (kept.title, kept.text) == ("Titre", "")


def test_no_word_of_a_purged_text_is_left_in_the_index(path: Path, store: Store) -> None:
    for number in range(6):
        poll(store, an_entry(str(number), urls=[f"u{number}"], text="motsecret9f3a chiffrement " * 20))
    poll(store, an_entry("9", urls=["u9"], text="une phrase gardée"), now=NOW + timedelta(days=20))
    assert any(b"motsecret9f3a" in each.read_bytes() for each in family(path))
    assert store.prune(NOW + timedelta(days=31)).texts == 6
    assert not any(b"motsecret9f3a" in each.read_bytes() for each in family(path))


def test_a_young_text_is_kept(store: Store) -> None:
    poll(store, an_entry())
    assert store.prune(NOW + timedelta(days=29)).texts == 0


def test_closing_twice_is_fine(path: Path) -> None:
    store = open_store(path)
    store.close()
    store.close()


def test_the_file_says_whose_it_is(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION,)


@pytest.mark.file
def test_a_connection_lent_beside_another_takes_no_turn_afterwards(store: Store) -> None:
    """What a writer keeps in memory is read anew where another connection wrote: a question must not look like one."""

    def seen() -> Hashable:
        with store.database.write() as connection:
            return others_wrote(connection)

    before = seen()
    with store.database.read(), store.database.read():
        pass
    assert {seen(), seen(), seen()} == {before}


def test_a_second_look_at_the_same_file_costs_the_first_no_lock(path: Path) -> None:
    """Another program that leaves would take the log away, and with it all that the daemon writes from then on."""
    with closing(open_store(path)) as store:
        open_store(path).close()
        code = (
            f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('SELECT * FROM feed').fetchall(); c.close()"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
        assert path.with_name(f"{path.name}-wal").exists()
        assert store.database.displaced() is None


@pytest.mark.parametrize("part", ["wal", "shm"])
def test_a_log_that_is_taken_away_is_told(path: Path, part: str) -> None:
    with closing(open_store(path)) as store:
        path.with_name(f"{path.name}-{part}").unlink()
        assert "a perdu son journal" in str(store.database.displaced())
