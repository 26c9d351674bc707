"""Small facts of this installation, by name."""

from collections.abc import Callable

from sqlalchemy import delete, select

from storage.database import Database
from storage.schema import memo, upsert

_PUT = upsert(memo, "name", changing=("value",))


class KeyValues:
    """Rows of `memo`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        with self._database.read() as connection:
            return connection.execute(select(memo.c.value).where(memo.c.name == name)).scalar()

    def put(self, name: str, value: str | None) -> None:
        """Keep a fact; None forgets it."""
        with self._database.write() as connection:
            if value is None:
                connection.execute(delete(memo).where(memo.c.name == name))
            else:
                connection.execute(_PUT, {"name": name, "value": value})

    def make(self, name: str, made: Callable[[], str]) -> str:
        """The fact of this name, made once and for all."""
        with self._database.write() as connection:
            known = connection.execute(select(memo.c.value).where(memo.c.name == name)).scalar()
            if known is None:
                known = made()
                connection.execute(_PUT, {"name": name, "value": known})
        return known
