"""The SQLite file: opened, guarded and explained."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import QueuePool

from storage.dialect import STRANGERS, Queue
from storage.failure import StoreError
from storage.files import OURS, close_to_others, create
from storage.migrations import APPLICATION, MIGRATIONS, Migration, migrate, version
from storage.sqlite_header import MAGIC
from storage.sqlite_traces import BEAT
from storage.sqlite_watch import FileWatch
from storage.system import said

PATIENCE = timedelta(seconds=5)
BEGIN_READ: Final = "BEGIN"
BEGIN_WRITE: Final = "BEGIN IMMEDIATE"  # takes the write lock at once: a read that turns into a write could be refused

BEAT_EVERY = 10.0  # seconds of writing
SETTLED = 3_000_000_000  # nanoseconds: no disk of ours counts its times in coarser steps

_PRAGMAS = (
    "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY",
    "cell_size_check = ON",  # a damaged page is noticed where it is read
)  # fmt: skip

_STATISTICS = ("PRAGMA analysis_limit = 1000", "ANALYZE")


class SqliteFile:
    """One open file; several processes may share it."""

    def __init__(self, path: Path, *, patience: timedelta, migrations: Sequence[Migration]) -> None:
        """Open or create an absolute `path`, and migrate it. Raises StoreError."""
        self.path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._patience = patience
        self.hurt: StoreError | None = None
        """What keeps the file from being read or written, until it is written again; for good where it is damaged."""
        self._damaged = False
        self._undone = 0
        self._beaten = float("inf")  # nothing beats before the tables are there
        _prepare_file(self.path)
        with self._explained():
            self._prepare_journal(len(migrations))
            self._engine = self._connect()
        try:
            self._migrate(migrations)
            if len(migrations) >= len(MIGRATIONS):
                self._beaten = float("-inf")
            self._watch = FileWatch(path)
        except BaseException:
            self._engine.dispose()
            raise

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent view of the file. Raises StoreError."""
        return self._transaction(BEGIN_READ)

    def write(self) -> AbstractContextManager[Connection]:
        """All of it or nothing, and nobody else writes meanwhile. Raises StoreError."""
        return self._transaction(BEGIN_WRITE)

    def write_beside(self, _queue: Queue | None = None) -> AbstractContextManager[Connection]:
        """The same: one writer at a time is the rule of a file."""
        return self.write()

    def size(self) -> int:
        """Bytes on the disk, the write-ahead log included."""
        files = (self.path, self._log)
        return sum(file.stat().st_size for file in files if file.exists())

    def held_back(self) -> None:
        """Nobody's transaction keeps a file from being tidied for long: its log is emptied at the next occasion."""

    def scrub(self) -> bool:
        """Empty the write-ahead log, so that what was deleted is in no file. False if a reader still needs it."""
        with self._explained(), closing(self._engine.raw_connection()) as raw:
            cursor = raw.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, *_) = cursor.fetchone() or (1,)
            cursor.close()
        return not busy

    def analyse(self) -> None:
        """Count again what the indexes hold, a sample of each (20 ms at a million articles): a plan is chosen by it."""
        with self.write() as connection:
            for pragma in _STATISTICS:
                connection.exec_driver_sql(pragma)

    def written(self) -> tuple[int, int, int] | None:
        """What changes with every transaction: the write-ahead log's inode, size and time. None without one, and while
        it is so young that the next transaction could bear the same time."""
        try:
            found = self._log.stat()
        except OSError:
            return None
        settled = time.time_ns() - found.st_mtime_ns > SETTLED
        return (found.st_ino, found.st_size, found.st_mtime_ns) if settled else None

    def displaced(self) -> StoreError | None:
        """What became of the file under its name, if it is no longer the one that is open: what is written is lost."""
        became = self._watch.became()
        if became is None:
            return None
        kept = self._watch.kept
        return StoreError(
            f"« {self.path} » {became} pendant que Vigie travaillait : rien de ce qu’elle note "
            "ne serait gardé. Remettez la base, ou une sauvegarde (vigie restore), puis relancez Vigie."
            + ("" if kept is None else f" Ce qu’elle venait d’écrire est dans « {kept} ».")
        )

    def stirred(self) -> bool:
        """Whether the file was written since `examine` last read it; said every ten seconds at most."""
        return self._watch.stirred()

    def examine(self) -> None:
        """Read anew, past what is remembered, whether the file still holds tables: `hurt` tells."""
        with suppress(StoreError), self._explained():
            if (found := self._watch.damage()) is not None:
                raise found

    def close(self) -> None:
        """Close every connection. Closing twice is fine."""
        self._watch.rest()
        self._engine.dispose()
        self._watch.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(begin=begin, **{STRANGERS: self._undone})
                with connection.begin():
                    yield connection
                    if begin == BEGIN_WRITE:
                        self._beat(connection)
        except BaseException as error:
            if begin == BEGIN_WRITE:  # also where the commit failed: what somebody remembers of it is not in the file
                self._undone += 1
            self._explain(error)
            raise
        if begin == BEGIN_WRITE and not self._damaged:
            self.hurt = None

    def _beat(self, connection: Connection) -> None:
        if time.monotonic() - self._beaten >= BEAT_EVERY:
            connection.exec_driver_sql(BEAT)
            self._beaten = time.monotonic()

    def _explain(self, error: BaseException) -> None:
        """Raise what says it in our words, if it is the file's."""
        if isinstance(error, StatementError) and isinstance(error.orig, StoreError):
            raise error.orig from None  # a value that no engine keeps is refused before anything is asked
        if isinstance(error, OverflowError) and "SQLite INTEGER" in str(error):
            raise StoreError(
                f"« {self.path} » ne peut garder un nombre de plus de 64 bits qui est venu. Rien n’en est écrit."
            ) from error
        own = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(own, sqlite3.Error):
            return
        try:
            explain(self.path, own, error)
        except StoreError as problem:
            if not problem.passing:
                self.hurt = problem
                self._damaged |= own.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            self._explain(error)
            raise

    def _prepare_journal(self, newest: int) -> None:
        # A foreign or newer file is looked at and left as it was: only then does a pragma write to it.
        uri = f"{self.path.as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=self._patience.total_seconds())) as raw:
            _refuse_unreadable(self.path, raw)
            refuse_others(self.path, raw, newest)
            _close_to_others(self.path)
            if raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            if raw.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise StoreError(
                    f"« {self.path} » : ce disque ne permet pas le journal de SQLite (disque réseau ?). "
                    "Placez la base sur un disque local (VIGIE_DATABASE)."
                )

    def _connect(self) -> Engine:
        uri = f"{self.path.as_uri()}?mode=rw"  # a file that is gone is not made anew, empty, under a daemon's feet
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(
                uri, uri=True, isolation_level=None, timeout=self._patience.total_seconds(), check_same_thread=False
            ),
            poolclass=QueuePool,
            # One that was lent beside another takes no turn afterwards: for each, others would seem to have written
            pool_use_lifo=True,
            # Texts and chat ids have no place in a traceback.
            hide_parameters=True,
        )
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        with self.read() as connection:
            if version(connection) == len(migrations):
                return
        with self.write() as connection:
            migrate(connection, migrations)


def _on_connect(raw: Any, _record: Any) -> None:
    cursor = raw.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute(connection.get_execution_options().get("begin", BEGIN_READ))


def _prepare_file(path: Path) -> None:
    try:
        _make_folder(path.parent)
        if not path.exists():
            # SQLite gives its -wal and -shm files the mode of the database.
            create(path, b"", OURS)  # unless another process of ours was faster
    except OSError as error:
        raise StoreError(
            f"Impossible de créer la base « {path} » ({said(error)}). "
            "Donnez à Vigie le droit d’écrire dans ce dossier, ou choisissez un autre chemin (VIGIE_DATABASE)."
        ) from error
    refuse_unusable(path)


def _make_folder(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def refuse_unusable(path: Path) -> None:
    """Raise StoreError unless this is a file that we may use.

    It is not opened here: a program that closes a file loses every lock it holds there, those of SQLite included.
    """
    if not path.is_file():
        raise StoreError(f"« {path} » n’est pas un fichier. Indiquez le chemin d’une base (VIGIE_DATABASE).")
    if not (_may(path, os.R_OK | os.W_OK) and _may(path.parent, os.W_OK | os.X_OK)):
        raise _read_only(path)


def refuse_foreign(path: Path) -> None:
    """Raise StoreError unless this reads as a file of SQLite's, or as an empty one."""
    try:
        with path.open("rb") as file:
            first = file.read(len(MAGIC))
    except OSError as error:
        raise StoreError(f"Impossible de lire « {path} » ({said(error)}).") from error
    if first and first != MAGIC:
        raise _foreign(path)


def _refuse_unreadable(path: Path, raw: sqlite3.Connection) -> None:
    try:
        raw.execute("PRAGMA application_id")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise _foreign(path) from None
        raise


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def refuse_others(path: Path, raw: sqlite3.Connection, newest: int) -> None:
    """Raise StoreError if the file is another program's, or of a version after `newest`."""
    owner = raw.execute("PRAGMA application_id").fetchone()[0]
    found = raw.execute("PRAGMA user_version").fetchone()[0]
    try:
        tables = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except UnicodeDecodeError:  # SQLite says what it could not read in the very bytes
        damaged = sqlite3.DatabaseError("malformed database schema")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from None
    if owner != APPLICATION and (owner or found or tables):
        raise _foreign(path)
    if found > newest:
        raise StoreError(
            f"« {path} » vient d’une version plus récente de Vigie (base n° {found}, "
            f"ce programme connaît la n° {newest}). Mettez Vigie à jour, ou choisissez une autre base (VIGIE_DATABASE)."
        )


def _close_to_others(path: Path) -> None:
    for each in (path.resolve(), path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        close_to_others(each)


def _foreign(path: Path) -> StoreError:
    return StoreError(
        f"« {path} » n’est pas une base de Vigie. Choisissez un autre fichier (VIGIE_DATABASE, ou la copie à remettre)."
    )


def _read_only(path: Path) -> StoreError:
    return StoreError(
        f"« {path} » est en lecture seule. Donnez à Vigie le droit d’écrire dans ce fichier et dans son dossier."
    )


def explain(path: Path, error: sqlite3.Error, cause: BaseException) -> NoReturn:
    """Raise what the operator can act upon as a StoreError, anything else (a bug) as it came."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            raise StoreError(
                f"« {path} » est occupée par un autre programme. Attendez qu’il finisse, ou arrêtez-le.", passing=True
            ) from cause
        case sqlite3.SQLITE_FULL:
            raise StoreError(
                f"Plus de place sur le disque pour « {path} ». Libérez de l’espace : rien n’est perdu.", passing=True
            ) from cause
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            raise _read_only(path) from cause
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            raise StoreError(
                f"« {path} » est abîmée ({error}). Arrêtez Vigie, mettez ce fichier de côté, "
                "puis restaurez une sauvegarde ou laissez Vigie repartir d’une base vide."
            ) from cause
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            raise StoreError(
                f"Impossible de lire ou d’écrire « {path} » ({error}). Vérifiez le disque et les droits du dossier."
            ) from cause
        case _:
            raise cause
