"""Whether the SQLite file that is open still stands under its name, with what it held."""

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.files import empty_into
from storage.sqlite_header import LENGTH, Content, header, lost
from storage.sqlite_traces import Reader, Traces, rewritten

Identity = tuple[int, int]

_CLOSED: Identity = (-1, -1)
_REST = 10.0  # seconds between two readings of the tables
_BRIEF = 0.1  # seconds that one may take
_OFTEN = 1000  # steps of SQLite's machine between two looks at the clock
_SMALL = 8 << 20  # bytes of a base whose every page is looked at: 25 ms
_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
_STEP = 500  # rows
_START = ("", -(1 << 63))
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR})


class FileWatch:
    """Looks at a base, at its log and at the index of that log, while one connection of ours keeps them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log, self._index = (path.with_name(f"{path.name}{side}") for side in ("-wal", "-shm"))
        self._opened = self._found()
        self._handle: int | None = None
        self._content: Content | None = None
        self._doubted = False
        self.kept: Path | None = None
        self._written: tuple[int, ...] | None = self._state()
        self._read = float("-inf")
        self._at = _START
        self._reader = Reader(path)
        self._traces: Traces | None = None

    def became(self) -> str | None:
        """What became of the file, in French, where what is written is lost; None while all is well. What the log held
        is `kept` beside a base that was spoilt or replaced: emptied into it, that would spoil it more."""
        found = self._found()
        spoilt = self._spoilt() if found == self._opened else _displaced(self._opened, found)
        if spoilt is None:
            return self._rewritten()  # through its log, which is then its own
        ours = found[1] == self._opened[1] is not None
        if ours and found[0] not in (None, _CLOSED) and self.kept is None:
            self.kept = self._set_log_aside()
        return spoilt

    def stirred(self) -> bool:
        """Whether the file was written since its tables were last read; said every ten seconds at most."""
        rested = time.monotonic() - self._read >= _REST
        return rested and not self._doubted and self._state() != self._written

    def damage(self) -> sqlite3.Error | None:
        """What SQLite says of every page of a small base; of a large one as many rows of its tables as are read in a
        tenth of a second, where the last look ended: one million in some minutes."""
        self._written, self._read = self._state(), time.monotonic()
        error, self._at = _damage(self._path, self._read + _BRIEF, self._at)
        return error

    def rest(self) -> None:
        """Close what reads, before the connections that write are closed."""
        self._reader.close()

    def close(self) -> None:
        """Only once no connection of this process is open: a program that closes a file loses every lock it holds."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _found(self) -> tuple[Identity | None, ...]:
        return tuple(map(_identity, (self._path, self._log, self._index)))

    def _state(self) -> tuple[int, ...] | None:
        """What changes whenever the base itself is written, or its log cut."""
        try:
            base, log = self._path.stat(), self._log.stat()
        except OSError:
            return None
        return base.st_size, base.st_mtime_ns, base.st_ctime_ns, log.st_size

    def _spoilt(self) -> str | None:
        try:
            if self._handle is None:
                self._handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            found = Content(header(os.pread(self._handle, LENGTH, 0)), os.fstat(self._handle).st_size)
        except OSError:  # it can't be read just now; transactions say so
            return None
        before = self._content or found
        spoilt = lost(before, found)
        doubted, self._doubted = self._doubted, spoilt is not None
        if spoilt is None:
            self._content = found
        return spoilt if doubted else None  # seen twice: it was not being written

    def _rewritten(self) -> str | None:
        found = self._reader.read()
        if found is None:
            return None
        before, self._traces = self._traces or found, found
        said = rewritten(before, found)
        if said is not None:
            self._traces = before  # it is said again at the next look
            self._reader.forget()
        return said

    def _set_log_aside(self) -> Path | None:
        kept = self._path.with_name(f"{self._path.name}.avant-{datetime.now(UTC):%Y%m%d-%H%M%S}-wal")
        try:
            if not self._log.stat().st_size:
                return None
            empty_into(self._log, kept)
        except OSError:
            return None
        return kept


def _identity(path: Path) -> Identity | None:
    """Which file stands under this name: device and inode; None where none does, or none can be seen."""
    try:
        found = path.stat()
    except PermissionError:
        return _CLOSED
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _displaced(before: tuple[Identity | None, ...], found: tuple[Identity | None, ...]) -> str:
    match found:
        case (None, *_):
            return "a été effacée, ou son disque est parti,"
        case (base, *_) if base == _CLOSED:
            return "a été fermée à Vigie (droits de son dossier)"
        case (base, *_) if base != before[0]:
            return "a été remplacée"
        case _:
            return "a perdu son journal (-wal, -shm), effacé ou remplacé"


def _damage(path: Path, end: float, at: tuple[str, int]) -> tuple[sqlite3.Error | None, tuple[str, int]]:
    """By a connection of its own, which remembers no page. Then where the next look goes on."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0, isolation_level=None)) as raw:
            raw.set_progress_handler(lambda: time.monotonic() > end, _OFTEN)
            if path.stat().st_size <= _SMALL:
                return _checked(raw), _START
            raw.execute("PRAGMA cell_size_check = ON")
            return None, _toured(raw, at)
    except sqlite3.Error as error:
        return error if error.sqlite_errorcode & 0xFF in _DAMAGE else None, _START
    except OSError:
        return None, _START


def _checked(raw: sqlite3.Connection) -> sqlite3.Error | None:
    ((said, *_), *_) = raw.execute("PRAGMA quick_check(1)").fetchall()
    if said == "ok":
        return None
    damaged = sqlite3.DatabaseError(" ".join(str(said).rpartition("***")[2].split()))
    damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return damaged


def _toured(raw: sqlite3.Connection, at: tuple[str, int]) -> tuple[str, int]:
    """Read rows from (table, rowid) on, until it is interrupted or the last of them; the place that was reached."""
    for name, sql in raw.execute(_TABLES).fetchall():
        if name < at[0]:
            continue
        quoted = '"' + name.replace('"', '""') + '"'
        began = after = at[1] if name == at[0] else _START[1]
        try:
            if "WITHOUT ROWID" in sql:
                raw.execute(f"SELECT count(*) FROM {quoted} NOT INDEXED").fetchone()  # noqa: S608 # what a base names its own
                continue
            rows = f"SELECT max(r) FROM (SELECT rowid AS r FROM {quoted} WHERE rowid > ? ORDER BY rowid LIMIT {_STEP})"  # noqa: S608
            while (last := raw.execute(rows, (after,)).fetchone()[0]) is not None:
                after = last
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return (name, after) if after > began else (f"{name}\0", _START[1])  # never at the same place twice
    return _START
