"""Small facts of this installation, by name."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select

from storage.database import Database
from storage.schema import memo, upsert

_PUT = upsert(memo, "name", changing=("value",))


class KeyValues:
    """Rows of `memo`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """None where the fact is not known."""
        with self._database.read() as connection:
            return get(connection, name)

    def put(self, name: str, value: str | None) -> None:
        """Keep a fact; None forgets it."""
        with self._database.write() as connection:
            put(connection, name, value)

    def make(self, name: str, made: Callable[[], str]) -> str:
        """The fact of this name, made once and for all."""
        with self._database.write() as connection:
            known = get(connection, name)
            if known is None:
                known = made()
                put(connection, name, known)
        return known


def get(connection: Connection, name: str) -> str | None:
    """`KeyValues.get`, inside the caller's transaction."""
    return connection.execute(select(memo.c.value).where(memo.c.name == name)).scalar()


def put(connection: Connection, name: str, value: str | None) -> None:
    """`KeyValues.put`, inside the caller's transaction."""
    if value is None:
        connection.execute(delete(memo).where(memo.c.name == name))
    else:
        connection.execute(_PUT, {"name": name, "value": value})
