"""Who works on a base, and who holds what only one may do: rows with a lease, by the clock of the store."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, literal, or_, select, type_coerce, update

from storage.database import Database
from storage.dialect import insert, moment
from storage.failure import Superseded
from storage.migrations import SPOKEN, newer, older, version
from storage.operators.model import DaemonRow, OfficeRow, Presence
from storage.place import Place
from storage.schema import Duration, Instant, daemon, office

NOBODY = ""
REMEMBERED = timedelta(days=1)  # who went without a word, unless his machine comes back


def _present() -> Any:
    """One statement: its `ahead` is the caller's clock less the store's."""
    ahead = type_coerce(bindparam("now", type_=Instant()), Instant()) - moment()
    row = insert(daemon).values(
        run=bindparam("who"), roles=bindparam("doing"), version=bindparam("schema"),
        ahead=ahead, until=moment() + bindparam("lease", type_=Duration()),
    )  # fmt: skip
    return row.on_conflict_do_update(
        index_elements=["run"], set_={"ahead": row.excluded.ahead, "until": row.excluded.until}
    ).returning(daemon.c.ahead)


def _take() -> Any:
    """One statement: of two who ask at once, one gets it. Kept, the term stays; taken over, it is the next."""
    lease, row = bindparam("lease", type_=Duration()), insert(office)
    row = row.values(name=bindparam("office"), holder=bindparam("who"), term=1, until=moment() + lease)
    mine = office.c.holder == row.excluded.holder
    values: dict[str, Any] = {"holder": row.excluded.holder, "until": row.excluded.until}
    values["term"] = office.c.term + case((mine, 0), else_=1)
    free = or_(mine, office.c.until < moment())
    return row.on_conflict_do_update(index_elements=["name"], set_=values, where=free).returning(office.c.term)


class Offices:
    """Leases are counted by the store's own clock: those of two machines are never compared."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, holder: str, lease: timedelta) -> int | None:
        """Take an office, or keep it, for `lease` from now; the number of the term. None: it is another's."""
        with self._database.write_beside() as connection:
            asked = {"office": name, "who": holder, "lease": lease}
            return connection.execute(_TAKE, asked).scalar()

    def present(self, me: Presence, now: datetime, lease: timedelta) -> timedelta:
        """This daemon is at work for `lease` from now; one that arrives comes in the place of the dead of its machine.
        How far `now` is ahead of the store's clock.

        Raises Superseded where a newer version is at work, or waits for this one to go."""
        asked = {"who": me.run, "doing": me.roles, "schema": self._database.schema, "now": now, "lease": lease}
        with self._database.write_beside() as connection:
            arrives = connection.execute(select(daemon.c.run).where(daemon.c.run == me.run)).first() is None
            ahead: timedelta = connection.execute(_PRESENT, asked).scalar_one()
            forgotten = daemon.c.until < moment() - literal(REMEMBERED, Duration())
            if arrives:
                of_mine = func.substr(daemon.c.run, 1, len(me.machine) + 1) == f"{me.machine}/"
                forgotten = or_(forgotten, of_mine & (daemon.c.until < moment()))
            connection.execute(delete(daemon).where(forgotten))
            waiting = newer(connection, self._database.schema)
        if waiting:  # what was said holds: we are there until we have left
            raise Superseded(f"Une version plus récente de Vigie ({', '.join(waiting)}) attend la base : à elle.")
        return ahead

    def resign(self, holder: str) -> None:
        """Leave, and give up every office at once, so that nobody waits for the end of a lease."""
        with self._database.write_beside() as connection:
            connection.execute(delete(daemon).where(daemon.c.run == holder))
            mine = update(office).where(office.c.holder == holder)
            connection.execute(mine.values(holder=NOBODY, until=moment() - literal(timedelta(seconds=1), Duration())))

    def all(self) -> tuple[OfficeRow, ...]:
        """Every office that was ever held, by name; `left` is not positive where nobody holds it."""
        with self._database.read() as connection:
            return offices(connection)

    def daemons(self) -> tuple[DaemonRow, ...]:
        """Those at work, and those that went without a word, by machine."""
        with self._database.read() as connection:
            return daemons(connection)


def make_room(place: Place, me: Presence, now: datetime, lease: timedelta) -> tuple[str, ...]:
    """Before a daemon opens a base of a server that others may work on in an older version: these hear that it waits,
    and leave. The machines where they still work; () where it may begin. Raises StoreError."""
    if isinstance(place, Path):
        return ()
    with closing(Database(place, migrating=False)) as database:
        with database.read() as connection:
            if (version(connection) or 0) < SPOKEN:
                return ()
            machines = older(connection, database.schema)
        Offices(database).present(me, now, lease)
    return machines


def offices(connection: Connection) -> tuple[OfficeRow, ...]:
    """Every office that was ever held, by name."""
    left = type_coerce(office.c.until - moment(), Duration()).label("left")
    query = select(office.c.name, office.c.holder, office.c.term, left).order_by(office.c.name)
    return tuple(OfficeRow(*row) for row in connection.execute(query))


def daemons(connection: Connection) -> tuple[DaemonRow, ...]:
    """Those at work, and those that went without a word, by machine."""
    left = type_coerce(daemon.c.until - moment(), Duration()).label("left")
    query = select(daemon.c.run, daemon.c.roles, daemon.c.version, daemon.c.ahead, left).order_by(daemon.c.run)
    return tuple(DaemonRow(*row) for row in connection.execute(query))


_TAKE, _PRESENT = _take(), _present()
