"""Who holds what only one daemon may do: each office is a row with a lease and a term, by the clock of the store."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, case, literal, or_, select, type_coerce, update

from storage.database import Database
from storage.dialect import insert, moment
from storage.operators.model import OfficeRow
from storage.schema import Duration, office

NOBODY = ""


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

    def resign(self, holder: str) -> None:
        """Give up every office of this holder at once, so that nobody waits for the end of a lease."""
        with self._database.write_beside() as connection:
            mine = update(office).where(office.c.holder == holder)
            connection.execute(mine.values(holder=NOBODY, until=moment() - literal(timedelta(seconds=1), Duration())))

    def all(self) -> tuple[OfficeRow, ...]:
        """Every office that was ever held, by name; `left` is not positive where nobody holds it."""
        left = type_coerce(office.c.until - moment(), Duration()).label("left")
        query = select(office.c.name, office.c.holder, office.c.term, left).order_by(office.c.name)
        with self._database.read() as connection:
            return tuple(OfficeRow(*row) for row in connection.execute(query))


_TAKE = _take()
