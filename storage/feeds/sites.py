"""What sites allow: robots.txt and reservations, kept so that neither a restart nor a second process asks again."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, bindparam, or_, select, update

from storage.database import Database
from storage.dialect import insert
from storage.feeds.model import SiteRights
from storage.prepared import Prepared
from storage.schema import Instant, site, upsert

_COLUMNS = tuple(field.name for field in fields(SiteRights))
_GET = Prepared(select(site).where(site.c.origin == bindparam("origin")))
_SAVE = upsert(site, "origin", changing=[name for name in _COLUMNS if name not in ("origin", "page_at")])


def _page() -> Any:
    row = insert(site)
    free = or_(site.c.page_at.is_(None), site.c.page_at <= bindparam("since", type_=Instant()))
    now = {"page_at": row.excluded.page_at}
    return row.on_conflict_do_update(index_elements=["origin"], set_=now, where=free).returning(site.c.origin)


_PAGE = _page()


class Sites:
    """One row for each site whose pages we wished to read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, origin: str) -> SiteRights:
        """What is known of it; nothing yet for a new one."""
        with self._database.read() as connection:
            row = _GET.one(connection, {"origin": origin})
        return SiteRights(origin) if row is None else _site(row)

    def save(self, found: SiteRights) -> None:
        """Keep all of it except the moment of the last page, which is `asked`'s."""
        with self._database.write_beside() as connection:
            connection.execute(_SAVE, _values(found))

    def take_turn(self, origin: str, now: datetime, gap: timedelta) -> datetime | None:
        """Ask for one of its pages now, where `gap` has passed since the last one; else when it will have. Of two who
        ask at the same moment, one waits."""
        asked = {**_values(SiteRights(origin, page_at=now)), "since": now - gap}
        with self._database.write_beside() as connection:
            if connection.execute(_PAGE, asked).scalar() is not None:
                return None
            last = connection.execute(select(site.c.page_at).where(site.c.origin == origin)).scalar_one()
        return cast("datetime", last) + gap

    def reserve(self, origin: str, until: datetime) -> None:
        """One of its pages said that they may not be mined."""
        with self._database.write_beside() as connection:
            connection.execute(update(site).where(site.c.origin == origin).values(reserved_until=until))

    def forget(self, now: datetime, unused: timedelta = timedelta(days=60)) -> int:
        """Remove the sites that were not asked anything for so long; how many there were."""
        idle = or_(site.c.robots_due.is_(None), site.c.robots_due < now - unused)
        with self._database.write() as connection:
            return connection.execute(site.delete().where(idle)).rowcount


def _values(found: SiteRights) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _COLUMNS}


def _site(row: Row[Any]) -> SiteRights:
    return SiteRights(**{name: getattr(row, name) for name in _COLUMNS})
