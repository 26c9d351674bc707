"""The server: recognised, guarded, explained in one line; what it says of itself, and what it never says."""

import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial, partialmethod
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import psycopg
import pytest
from sqlalchemy import Connection, event

from benchmarks.claims import fill
from bot.tools import doctor
from storage import server as engine
from storage.articles.model import PollRecord
from storage.database import Database
from storage.dump import dump
from storage.failure import StoreError, Superseded
from storage.migrations import APPLICATION, MIGRATIONS, _run, translated
from storage.operators.model import Presence
from storage.operators.offices import make_room
from storage.place import Server, place
from storage.schema import METADATA
from storage.store import open_store
from tests import line as lines
from tests.server import a_base, named, tools
from tests.storage.builders import NEWSROOM, NOW, a_chat, a_feed, claim
from tests.storage.engines import engine_of

SECRET = "motdepasse-9f3a"


@pytest.fixture
def bare(server: str) -> Iterator[Server]:
    """A base that nobody has opened yet."""
    with a_base(server, "vigie_fresh") as made:
        yield made


@pytest.fixture(scope="module")
def opened_once(server: str) -> Iterator[str]:
    """A base whose tables are made: the copy of it takes a tenth of the time that making them does."""
    with a_base(server, "vigie_pattern") as made:
        open_store(made).close()
        yield "vigie_pattern"


@pytest.fixture
def fresh(server: str, opened_once: str) -> Iterator[Server]:
    """A base that has its tables, and nothing in them."""
    with a_base(server, "vigie_fresh", like=opened_once) as made:
        yield made


@pytest.fixture
def role(server: str) -> Iterator[str]:
    """Somebody who may come in, and no more."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE vigie_guest LOGIN PASSWORD '{SECRET}'")
        yield "vigie_guest"
        admin.execute("DROP ROLE vigie_guest")


def told(base: Server, *statements: str) -> None:
    with psycopg.connect(base.address, autocommit=True) as raw:
        for each in statements:
            raw.execute(each)


def refusal(base: Server) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_store(base).close()
    (line,) = str(caught.value).splitlines()
    assert SECRET not in line
    assert str(base) in line
    return caught.value


# --- bases that will not do ----------------------------------------------------------------------------------------
def test_a_server_that_is_down_is_told_as_passing() -> None:
    found = place(f"postgresql://vigie:{SECRET}@127.0.0.1:1/vigie")
    assert isinstance(found, Server)
    down = refusal(found)
    assert down.passing
    assert "ne répond pas" in str(down)


@pytest.mark.parametrize(
    "said",
    [f"u:{SECRET}%zz@127.0.0.1:1/x", f"u:{SECRET}@127.0.0.1:1/x?foo=1", f"u:{SECRET}@{'a' * 70}.example/x", "u@.../x"],
)
def test_an_address_that_is_none_is_told_without_its_password(said: str) -> None:
    found = place(f"postgresql://{said}")
    assert isinstance(found, Server)
    assert "n’est pas une adresse" in str(refusal(found))


def test_a_wrong_password_is_told(server: str, role: str) -> None:
    other = named(server, "postgres", user=role, password="un-autre")
    try:
        psycopg.connect(other.address).close()
    except psycopg.OperationalError:
        assert "mot de passe" in str(refusal(other))
    else:
        pytest.skip("this server lets everybody in")


@pytest.mark.parametrize(
    ("said", "line", "passing"),
    [
        ("server does not support SSL, but SSL was required", "chiffrée", False),
        ('root certificate file "/nulle/part.pem" does not exist', "chiffrée", False),
        ('invalid sslmode value: "peut-être"', "pas une adresse", False),
        ('invalid channel_binding value: "oui"', "pas une adresse", False),
        ('invalid port number: "70000"', "pas une adresse", False),
        ('could not parse network address "999.1.1.1": Name or service not known', "pas une adresse", False),
        ("GSSAPI encryption required but was impossible (possibly no credential cache)", "chiffrée", False),
        ("server is not in hot standby mode", "target_session_attrs", False),
        ('FATAL:  could not extend file "base/16384/2601": No space left on device', "Plus de place", True),
        ('definition of service "vigie" not found', "pas une adresse", False),
        ('FATAL:  role "ssl" is not permitted to log in', "refuse ce nom", False),
        ("FATAL:  le rôle « ssl » n’est pas autorisé à se connecter", "refuse ce nom", False),
        ('FATAL:  permission denied for database "tls"', "n’a pas les droits", False),
        ('FATAL:  too many connections for role "mot de passe"', "plus de connexion libre", True),
        ("FATAL:  sorry, too many clients already", "plus de connexion libre", True),
        ('FATAL:  database "certificats" does not exist', "n’a pas cette base", False),
        ("FATAL:  la base de données « ssl » n’existe pas", "n’a pas cette base", False),
        ("session is read-only", "lecture seule", True),
        ("Connection refused", "ne répond pas", True),
    ],
)
def test_what_libpq_says_is_one_line_in_french(said: str, line: str, passing: bool) -> None:
    found = engine._unreached(Server("postgresql://v@h/ssl", "postgresql://v@h/ssl"), said)
    assert line in str(found)
    assert found.passing is passing


@pytest.mark.parametrize(
    ("code", "line", "passing"),
    [
        ("22003", "ne peut garder", False),
        ("22P05", "ne peut garder", False),
        ("54000", "ne peut garder", False),
        ("42883", "n’a pas, ou n’a plus", False),
        ("42P07", "n’a pas, ou n’a plus", False),
        ("P0001", "n’a pas, ou n’a plus", False),
        ("23514", "n’a pas, ou n’a plus", False),
        ("58P01", "n’a pas, ou n’a plus", False),
        ("58030", "ne répond pas", True),
        ("25P03", "fin à une transaction", True),
        ("25P04", "fin à une transaction", True),
        ("57014", "occupée", True),
        ("57P05", "ne répond pas", True),
        ("53300", "plus de connexion libre", True),
        ("53100", "Plus de place", True),
        ("25006", "lecture seule", True),
        ("42501", "n’a pas les droits", False),
        ("42P01", "n’a plus, tout", False),
        ("XX001", "n’a plus, tout", False),
    ],
)
def test_what_a_server_says_is_one_line_in_french(code: str, line: str, passing: bool) -> None:
    error = psycopg.errors.lookup(code)("")
    with pytest.raises(StoreError, match=line) as caught:
        engine.explain(Server("postgresql://v@h/b", "postgresql://v@h/b"), error, error)
    assert caught.value.passing is passing


def test_a_base_of_ours_in_another_schema_is_not_begun_anew(fresh: Server) -> None:
    told(fresh, "CREATE SCHEMA autre", "ALTER DATABASE vigie_fresh SET search_path = autre")
    assert "schéma « public »" in str(refusal(fresh))


def test_a_base_that_is_not_there_is_told(server: str) -> None:
    assert "n’a pas cette base" in str(refusal(named(server, "vigie_nowhere")))


def test_a_role_without_rights_is_told(server: str, bare: Server, role: str) -> None:
    told(bare, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    guest = named(server, "vigie_fresh", user=role, password=SECRET)
    assert "n’a pas les droits" in str(refusal(guest))


@pytest.mark.parametrize("policy", ["", "CREATE POLICY tous ON feed USING (true)"])
def test_a_base_that_may_hide_rows_from_us_is_refused(server: str, role: str, fresh: Server, policy: str) -> None:
    open_store(fresh).close()
    told(fresh, *(f"GRANT ALL ON ALL {each} IN SCHEMA public TO {role}" for each in ("TABLES", "SEQUENCES")))
    told(fresh, "ALTER TABLE feed ENABLE ROW LEVEL SECURITY", policy)
    guest = named(server, "vigie_fresh", user=role, password=SECRET)
    assert "table « feed »" in str(refusal(guest))
    assert (doctor.server(guest).verdict, doctor.server(guest).advice) == ("wrong", "")
    open_store(fresh).close()  # it hides nothing from who may see all
    told(fresh, "ALTER TABLE feed DISABLE ROW LEVEL SECURITY", "ALTER TABLE chat ENABLE ROW LEVEL SECURITY")
    told(fresh, f"ALTER TABLE chat OWNER TO {role}")
    open_store(guest).close()  # nor this one from its owner
    told(fresh, "ALTER TABLE chat FORCE ROW LEVEL SECURITY")
    assert "table « chat »" in str(refusal(guest))


def test_another_encoding_is_refused(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        for encoding in ("LATIN1", "SQL_ASCII"):
            admin.execute(
                f"CREATE DATABASE vigie_latin ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
            )
            try:
                assert "UTF-8" in str(refusal(named(server, "vigie_latin")))
            finally:
                admin.execute("DROP DATABASE vigie_latin WITH (FORCE)")


def test_a_server_that_is_too_old_is_refused(bare: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OLDEST", 990_000)
    assert "demande la version 99" in str(refusal(bare))


def test_a_base_that_can_only_be_read_is_told_as_passing(fresh: Server) -> None:
    with closing(open_store(fresh)) as before:
        a_chat(before)
    told(fresh, "ALTER DATABASE vigie_fresh SET default_transaction_read_only = on")
    with closing(open_store(fresh)) as store:
        assert store.chats.find(5) is not None
        with pytest.raises(StoreError, match="lecture seule") as caught:
            a_chat(store, 6)
        assert caught.value.passing


def test_the_tables_of_another_program_are_left_alone(bare: Server) -> None:
    told(bare, "CREATE TABLE theirs (a int)")
    assert "autre programme" in str(refusal(bare))
    told(bare, "DROP TABLE theirs", "CREATE TABLE base (application bigint, version bigint)")
    assert "autre programme" in str(refusal(bare))


def test_a_newer_base_is_refused(fresh: Server) -> None:
    open_store(fresh).close()
    told(fresh, "UPDATE base SET version = 99")
    assert "plus récente" in str(refusal(fresh))


# --- what happens to it --------------------------------------------------------------------------------------------
def test_a_connection_that_is_cut_is_told_as_passing_and_the_work_resumes(fresh: Server) -> None:
    with closing(open_store(fresh)) as store:
        a_chat(store)
        told(fresh, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vigie'")
        with pytest.raises(StoreError) as caught:
            a_chat(store, 6)
        assert caught.value.passing
        assert a_chat(store, 6).telegram_id == 6


class Line:
    """A connection as libpq tells of it: which process of the server it was greeted by, and which one answers."""

    def __init__(self, greeted: int, answers: int) -> None:
        self.autocommit, self.prepare_threshold = False, 5
        self.info, self._answers = SimpleNamespace(backend_pid=greeted), answers

    def execute(self, _: str) -> Self:
        return self

    def fetchone(self) -> tuple[int]:
        return (self._answers,)


@pytest.mark.parametrize(("answers", "threshold"), [(7, 5), (8, None)])
def test_nothing_is_prepared_behind_a_pooler(answers: int, threshold: int | None) -> None:
    """Each transaction goes to another process there: « prepared statement already exists »."""
    line = Line(7, answers)
    engine._on_connect(timedelta(seconds=5))(line, None)
    assert (line.prepare_threshold, line.autocommit) == (threshold, False)


def test_daemons_that_start_together_make_one_base(bare: Server) -> None:
    failed: list[Exception] = []

    def start() -> None:
        try:
            open_store(bare).close()
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []


class Counted(lines.Line):
    """Counts how often the server has answered: each time somebody waited for it."""

    answers = 0

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        held = b""
        from_server = source.family == socket.AF_UNIX
        with suppress(OSError):
            while said := source.recv(1 << 16):
                # a lone N: no TLS here
                held += said if from_server and said != b"N" else b""
                while len(held) >= 5 and len(held) > int.from_bytes(held[1:5]):
                    self.answers += held[:1] == b"Z"
                    held = held[1 + int.from_bytes(held[1:5]) :]
                target.sendall(said)


@pytest.mark.enable_socket
@pytest.mark.skipif("TEST_SERVER" in os.environ, reason="the answers of our own server are counted on its socket")
def test_a_poll_that_brought_nothing_waits_for_the_server_three_times(fresh: Server) -> None:
    with Counted(fresh) as line, closing(open_store(line.base)) as store:
        store.feeds.sync([a_feed()], NOW)
        for _ in range(3):
            mine = claim(store)
            before = line.answers
            store.polls.record(PollRecord(mine, mine.state, NOW), NEWSROOM)
            assert line.answers - before == 3, "the transaction with its lock, the feed, the end"


def test_a_writer_is_waited_for_but_by_who_writes_beside(fresh: Server) -> None:
    database, entered = Database(fresh), list[str]()

    def write() -> None:
        with database.write():
            entered.append("second")

    with closing(database):
        thread = threading.Thread(target=write)
        with database.write():
            thread.start()
            with database.write_beside():
                assert entered == []
        thread.join()
        assert entered == ["second"]


def test_a_later_step_is_written_for_the_file_and_done_on_a_server(fresh: Server) -> None:
    def later(connection: object) -> None:
        _run(
            connection,  # type: ignore[arg-type]
            """CREATE TABLE later (
                id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR NOT NULL,
                seen BOOLEAN NOT NULL DEFAULT 0, b BLOB
            );
            CREATE INDEX later_seen ON later (id) WHERE seen = 1 AND name IS NOT NULL;
            ALTER TABLE feed ADD COLUMN later BOOLEAN NOT NULL DEFAULT 1;""",
        )

    open_store(fresh).close()
    newer = Database(fresh, migrations=(*MIGRATIONS, later))
    with closing(newer):
        assert newer.version() == len(MIGRATIONS) + 1
        with newer.write() as connection:
            connection.exec_driver_sql("INSERT INTO later (name) VALUES ('a')")
            found = connection.exec_driver_sql("SELECT id, seen FROM later").one()
    assert tuple(found) == (1, False)


def more(connection: Connection) -> None:
    """A step that this program does not know."""
    _run(connection, "CREATE TABLE later (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT);")


NEWER = (*MIGRATIONS, more)
ONE, TWO = Presence("un/1", "polls"), Presence("deux/1", "polls")
LEASE = timedelta(minutes=5)


def test_tables_are_not_changed_under_the_hands_of_an_older_daemon(fresh: Server) -> None:
    with closing(open_store(fresh)) as store:
        store.offices.present(ONE, NOW, LEASE)
        with pytest.raises(StoreError, match=r"plus ancienne de Vigie y travaille \(un\)") as caught:
            Database(fresh, migrations=NEWER)
        assert caught.value.passing
        a_chat(store)
        store.offices.resign(ONE.run)
        Database(fresh, migrations=NEWER).close()
        assert store.database.version() == len(NEWER)


def test_who_finds_a_newer_base_writes_nothing_though_it_waited_for_the_lock(fresh: Server) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with closing(open_store(fresh, patience=LEASE)) as store, psycopg.connect(fresh.address) as migrating:
        a_chat(store)
        migrating.execute(f"{engine._ALONE}, nextval('story_turn')")
        failed: list[Exception] = []

        def refused(work: Callable[[], object]) -> None:
            try:
                work()
            except StoreError as problem:
                failed.append(problem)

        beside = partial(store.hosts.reserve, "s.example", NOW, LEASE, LEASE)
        threads = [threading.Thread(target=refused, args=(work,)) for work in (partial(a_chat, store, 6), beside)]
        for thread in threads:
            thread.start()
        while all(each.is_alive() for each in threads) and migrating.execute(waiting).fetchone() != (2,):
            pass
        migrating.execute("UPDATE base SET version = version + 1")
        migrating.commit()
        for thread in threads:
            thread.join()
        assert [type(each) for each in failed] == [Superseded, Superseded]
        assert store.chats.find(6) is None
        with pytest.raises(Superseded):
            store.offices.present(ONE, NOW, LEASE)
        with pytest.raises(Superseded):
            store.offices.take("sender", ONE.run, LEASE)


def test_an_older_daemon_hears_that_a_newer_one_waits_and_makes_room(
    bare: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_room(bare, TWO, NOW, LEASE) == (), "there is no base yet"
    with closing(open_store(bare)) as store:
        store.offices.present(ONE, NOW, LEASE)
        monkeypatch.setattr(Database, "__init__", partialmethod(Database.__init__, migrations=NEWER))
        assert make_room(bare, TWO, NOW, LEASE) == ("un",)
        with pytest.raises(Superseded, match=r"\(deux\) attend la base"):
            store.offices.present(ONE, NOW, LEASE)
        a_chat(store)
        assert make_room(bare, TWO, NOW, LEASE) == ("un",), "it ends what it has in hand"
        store.offices.resign(ONE.run)
        assert make_room(bare, TWO, NOW, LEASE) == ()
        Database(bare).close()
        assert store.database.version() == len(NEWER)


SEAM = 30
"""The version of the first bases that a server had: what came later was translated there."""
_OF_A_SERVER = re.compile(r"(base|numbering|word)\b|article[._]words$")  # made with every base of a server, by no step
_SHAPE = (
    """SELECT table_name || '.' || column_name, concat_ws(' ', data_type, collation_name, is_nullable,
        column_default LIKE 'nextval%') FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid), '' FROM pg_constraint
        WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace""",
    """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        AND indexname NOT IN (SELECT conname FROM pg_constraint)""",
    """SELECT 'as kept: ' || relname, array_to_string(reloptions, ' ') FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL""",
)


def shape(base: Server) -> dict[str, str]:
    """Columns, keys and indexes of a base, each with what is to be said of it."""
    with psycopg.connect(base.address) as raw:
        return dict(row for question in _SHAPE for row in raw.execute(question).fetchall())


def at_the_seam(base: Server, file: Path) -> None:
    """Make what a server had then, out of what a file had."""
    Database(file, migrations=MIGRATIONS[:SEAM]).close()
    with closing(sqlite3.connect(file)) as raw:
        wanted = "SELECT tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        left = [sql for name, sql in raw.execute(f"{wanted} ORDER BY type DESC, rowid") if name in METADATA.tables]
    with psycopg.connect(base.address, autocommit=True) as raw_server:
        while left:  # a table comes after those that it names
            for sql in tuple(left):
                with suppress(psycopg.errors.UndefinedTable):
                    raw_server.execute(translated(sql))
                    left.remove(sql)


def test_the_steps_since_make_of_an_old_base_what_a_new_one_is(server: str, fresh: Server, tmp_path: Path) -> None:
    open_store(fresh).close()
    with a_base(server, "vigie_seam") as old:
        at_the_seam(old, tmp_path / "seam.db")
        told(old, "CREATE SEQUENCE story_turn", "CREATE TABLE base (application bigint, version bigint)")
        told(old, f"INSERT INTO base VALUES ({APPLICATION}, {SEAM})")
        before = shape(old)
        Database(old).close()
        after, new = shape(old), shape(fresh)
    stepped = {name: said for name, said in after.items() if before.get(name) != said}
    assert len(stepped) > 60
    assert stepped == {name: new.get(name) for name in stepped}
    assert {name for name in new.keys() - after.keys() if not _OF_A_SERVER.match(name)} == set()


def test_the_doctor_is_told_who_holds_it_back(fresh: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Database(fresh)) as database, psycopg.connect(fresh.address) as idle:
        assert database.held_back() is None
        idle.execute("SELECT 1")
        monkeypatch.setattr(engine, "LONG", 0)
        assert database.held_back() is not None


def test_tidying_up_may_last_and_no_other_question(fresh: Server) -> None:
    with closing(Database(fresh)) as database:
        with database.write() as connection:
            connection.exec_driver_sql("SET statement_timeout = '1ms'")
        assert database.scrub()
        with database.read() as connection:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "1min"


def test_the_queue_is_walked_however_much_waits(fresh: Server) -> None:
    """It took 200 ms of 20,000 messages that were found and sorted, and 0.5 walked."""
    asked: list[tuple[str, Any]] = []
    with closing(open_store(fresh)) as store:
        fill(store, 2_000)
        event.listen(
            engine_of(store), "before_cursor_execute", lambda _c, _u, said, given, *_: asked.append((said, given))
        )
        assert len(store.outbox.claim(NOW + timedelta(days=30), "run", 8)) == 8
    (number,) = (n for n, (said, _) in enumerate(asked) if "delivery.rank \nFROM" in said)
    with psycopg.connect(fresh.address) as raw:
        before, (walked, given) = asked[number - 1][0], asked[number]
        raw.execute(before)
        plan = "\n".join(line for (line,) in raw.execute(f"EXPLAIN {walked}", given).fetchall())
    assert "using delivery_queue on delivery" in plan
    assert "Sort" not in plan, plan


def test_a_transaction_left_open_keeps_the_queue_from_no_walk(fresh: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reads for an hour: what is sent meanwhile can't be tidied up, and is neither passed over nor unsaid."""
    with closing(open_store(fresh)) as store, psycopg.connect(fresh.address) as idle:
        fill(store, 2_000)
        idle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        idle.execute("SELECT count(*) FROM delivery")
        monkeypatch.setattr(engine, "LONG", 0)
        assert doctor.server(fresh).verdict == "doubt"
        assert "pg_stat_activity" in doctor.server(fresh).advice
        taken = []
        while found := store.outbox.claim(NOW + timedelta(days=30), "run", 50):
            for each in found:
                store.outbox.sent(each.id, 1, NOW)
            taken += [each.id for each in found]
        assert len(taken) == len(set(taken)) == 2_000
        assert idle.execute("SELECT count(*) FROM delivery WHERE state = 'queued'").fetchone() == (2_000,)


def test_it_says_what_it_is(fresh: Server) -> None:
    with closing(open_store(fresh)) as store:
        figures = store.figures(NOW)
    assert figures.engine.startswith("PostgreSQL ")
    assert figures.size > 1_000_000
    assert figures.version == len(MIGRATIONS)


# --- copies --------------------------------------------------------------------------------------------------------
def test_a_copy_can_be_read_again_and_shows_no_password(
    server: str, fresh: Server, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(fresh)) as store:
        a_chat(store)
    monkeypatch.setenv("PATH", tools(), prepend=os.pathsep)
    target = tmp_path / "copie.dump"
    made = dump(fresh, target)
    assert (made.chats, made.articles, made.version) == (1, 0, len(MIGRATIONS))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with a_base(server, "vigie_again") as again:
        restore = ("pg_restore", "--no-owner", "--single-transaction", "-d", again.address, str(target))
        subprocess.run(restore, check=True)
        told(again, "DELETE FROM chat")
        twice = subprocess.run(restore, check=False, capture_output=True)
        assert twice.returncode, "what stands there is neither mixed with the copy nor lost"
        with psycopg.connect(again.address) as raw:
            assert raw.execute("SELECT count(*) FROM chat").fetchone() == (0,)
        told(again, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        subprocess.run(restore, check=True)
        with closing(open_store(again)) as store:
            assert [each.telegram_id for each in store.chats.active()] == [5]
    with pytest.raises(StoreError, match=r"a échoué|n’a pas les droits") as caught:
        dump(named(server, "vigie_fresh", user=role, password=SECRET), target)
    assert SECRET not in str(caught.value)
    assert target.stat().st_size == made.size, "the copy of before stays"


def test_without_the_tool_what_to_type_is_said(fresh: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="pg_dump -Fc"):
        dump(fresh, tmp_path / "copie.dump")


# --- addresses -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    [
        f"postgresql://vigie:{SECRET}@db.example:5433/veille?sslmode=require",
        f"postgres://vigie@db.example:5433/veille?password={SECRET}",
        f"POSTGRESQL://vigie:{SECRET}@db.example:5433/veille",
    ],
)
def test_a_password_is_never_shown(written: str) -> None:
    found = place(written)
    assert isinstance(found, Server)
    assert str(found) == "postgresql://vigie@db.example:5433/veille"
    assert SECRET not in repr(found)
    bare, password = found.apart()
    assert SECRET not in bare
    assert password == SECRET


@pytest.mark.parametrize(
    "written",
    ["mysql://h/b", "postgresql+asyncpg://h/b", "sqlite:///x", "postgresql://", "postgresql://h", "postgresql://[h/b"],
)
def test_an_address_that_leads_nowhere_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"postgresql://|base"):
        place(written)


def test_a_password_may_come_from_a_file_of_its_own() -> None:
    found = place("postgresql://vigie@h/b?sslmode=require")
    assert isinstance(found, Server)
    assert found.opened_by("a b&c/é").apart()[1] == "a b&c/é"


def test_a_file_never_loads_what_only_a_server_needs() -> None:
    """PostgreSQL's side of SQLAlchemy and its driver take 40 ms of every command that opens a store."""
    script = (
        "import sys, storage.store; print([name for name in sys.modules if 'postgresql' in name or 'psycopg' in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_an_index_holds_is_the_same_on_both(fresh: Server) -> None:
    open_store(fresh).close()
    with psycopg.connect(fresh.address) as raw:
        rows = raw.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %' ORDER BY 1").fetchall()
    partial = [index.name for table in METADATA.tables.values() for index in table.indexes if "where" in index.info]
    assert [name for (name,) in rows] == sorted(partial)
    told = [index.dialect_options["sqlite"]["where"] for table in METADATA.tables.values() for index in table.indexes]
    assert len([each for each in told if each is not None]) == len(partial)
