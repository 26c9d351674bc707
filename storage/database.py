"""The way into the store, whichever engine keeps it: transactions, and no other."""

from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from storage.dialect import Queue
from storage.failure import StoreError
from storage.migrations import MIGRATIONS, Migration, version
from storage.place import Place, Server
from storage.sqlite_file import PATIENCE, SqliteFile

__all__ = ["PATIENCE", "Database", "StoreError"]


class Backend(Protocol):
    """What keeps the tables: a file, or a server."""

    def read(self) -> AbstractContextManager[Connection]: ...
    def write(self) -> AbstractContextManager[Connection]: ...
    def write_beside(self, queue: Queue | None = None) -> AbstractContextManager[Connection]: ...
    def size(self) -> int: ...
    def held_back(self) -> timedelta | None: ...
    def scrub(self) -> bool: ...
    def analyse(self) -> None: ...
    def close(self) -> None: ...


class Database:
    """One open base, of version `schema`. Its transactions are the only way in; several processes may share it."""

    def __init__(
        self,
        place: Place,
        *,
        patience: timedelta = PATIENCE,
        migrations: Sequence[Migration] = MIGRATIONS,
        migrating: bool = True,
    ) -> None:
        """Open or create it, and migrate it, unless a server's is to be taken as it stands. Raises StoreError."""
        self.place = place.absolute() if isinstance(place, Path) else place
        self.schema = len(migrations)
        self._engine = _opened(self.place, patience, migrations, migrating)

    @property
    def shared(self) -> bool:
        """Whether other daemons may work on it at the same time: never on a file, whose lock one of them holds."""
        return isinstance(self.place, Server)

    @property
    def path(self) -> Path:
        """The file. Only for what concerns files: LookupError for a server."""
        if isinstance(self.place, Path):
            return self.place
        raise LookupError(f"{self.place} is no file")

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent view of the base. Raises StoreError."""
        return self._engine.read()

    def write(self) -> AbstractContextManager[Connection]:
        """All of it or nothing, and nobody else writes meanwhile. Raises StoreError."""
        return self._engine.write()

    def write_beside(self, queue: Queue | None = None) -> AbstractContextManager[Connection]:
        """All of it or nothing, waiting on a server for no writer but who takes from the same `queue`: for what holds
        by the conditions of its own statements, or by the locks of the rows that it reads. Raises StoreError."""
        return self._engine.write_beside(queue)

    def version(self) -> int:
        """That of the schema. Raises StoreError."""
        with self.read() as connection:
            return version(connection) or 0

    def engine(self) -> str:
        """« SQLite 3.45.1 », « PostgreSQL 15.8 ». Raises StoreError."""
        name = "SQLite" if isinstance(self.place, Path) else "PostgreSQL"
        with self.read() as connection:
            return f"{name} {'.'.join(map(str, connection.dialect.server_version_info or ()))}"

    def size(self) -> int:
        """Bytes on the disk, a file's write-ahead log included, not a server's. Raises StoreError."""
        return self._engine.size()

    def held_back(self) -> timedelta | None:
        """Since when somebody keeps a transaction open on the server, so that it can tidy nothing up: None unless that
        is for five minutes."""
        return self._engine.held_back()

    def scrub(self) -> bool:
        """See to it that what was deleted is in no file, as far as the engine can. False if a reader still needs it."""
        return self._engine.scrub()

    def analyse(self) -> None:
        """Count again what the indexes hold: a plan is chosen by it."""
        self._engine.analyse()

    def written(self) -> Hashable:
        """What changes with whatever anybody writes to the file, looked up without opening it; None where that can't be
        told: of a server, of a file that was written just now."""
        return self._engine.written() if isinstance(self._engine, SqliteFile) else None

    def displaced(self) -> StoreError | None:
        """What became of the file under its name, if it is no longer the one that is open: what is written is lost."""
        return self._engine.displaced() if isinstance(self._engine, SqliteFile) else None

    def stirred(self) -> bool:
        """Whether the file was written since `examine` last read it; said every ten seconds at most."""
        return isinstance(self._engine, SqliteFile) and self._engine.stirred()

    def examine(self) -> None:
        """Read anew, past what is remembered, whether the file still holds tables: `hurt` tells."""
        if isinstance(self._engine, SqliteFile):
            self._engine.examine()

    def hurt(self) -> StoreError | None:
        """What keeps the file from being read or written, until it is written again; for good where it is damaged."""
        return self._engine.hurt if isinstance(self._engine, SqliteFile) else None

    def close(self) -> None:
        """Close every connection. Closing twice is fine."""
        self._engine.close()


def _opened(place: Place, patience: timedelta, migrations: Sequence[Migration], migrating: bool) -> Backend:
    if isinstance(place, Path):
        return SqliteFile(place, patience=patience, migrations=migrations)
    try:
        from storage.server import PostgresServer  # psycopg is an extra: only who names a server needs it
    except ModuleNotFoundError as missing:
        raise StoreError(
            f"« {place} » est un serveur PostgreSQL : il y faut un module de plus (pip install 'vigie[postgres]')."
        ) from missing
    return PostgresServer(place, patience=patience, migrations=migrations, migrating=migrating)
