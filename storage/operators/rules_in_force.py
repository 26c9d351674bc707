"""The watchlists and entities that the daemon runs, as it read them, and every version that it ever ran."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, select

from storage.database import Database
from storage.operators.model import RulesInForce, RulesVersion
from storage.schema import live_sheet, sheet_version

FOLLOWED = "feeds"
"""Under this name stands which feeds were followed: their names by id, as JSON."""


class RulesOnFile:
    """What is in force: the last that `Feeds.sync` put there, also after the daemon has stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> RulesInForce | None:
        """None where no daemon has worked on this base yet."""
        with self._database.read() as connection:
            rows = connection.execute(select(live_sheet).order_by(live_sheet.c.name)).all()
        return RulesInForce(rows[0].since, {row.name: row.content for row in rows}) if rows else None

    def versions(self, until: datetime) -> tuple[RulesVersion, ...]:
        """Every version of every file that came into force before then, in order; those of the feeds are not among
        them."""
        query = select(sheet_version).where(sheet_version.c.at < until, sheet_version.c.name != FOLLOWED)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(sheet_version.c.id)).all()
        return tuple(RulesVersion(row.at, row.name, row.content) for row in rows)


def adopt(connection: Connection, contents: Mapping[str, str], now: datetime) -> None:
    """Put these sheets into force, whole; those that are already keep their date."""
    known = {row.name: row.content for row in connection.execute(select(live_sheet))}
    if known == contents:
        return
    connection.execute(delete(live_sheet))
    if contents:
        rows = [{"name": name, "content": content, "since": now} for name, content in contents.items()]
        connection.execute(insert(live_sheet), rows)
    _remember(connection, {**dict.fromkeys(known, None), **contents}, now)


def follow(connection: Connection, names: Mapping[str, str], now: datetime) -> None:
    """These are the feeds that are followed from now on: names by id."""
    listed = json.dumps(names, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    _remember(connection, {FOLLOWED: listed}, now)


def _remember(connection: Connection, contents: Mapping[str, str | None], now: datetime) -> None:
    """Add a version of each file that is not what it was last; None: it is no more."""
    last = select(func.max(sheet_version.c.id)).group_by(sheet_version.c.name)
    held = select(sheet_version.c.name, sheet_version.c.content).where(
        and_(sheet_version.c.name.in_(list(contents)), sheet_version.c.id.in_(last))
    )
    before = {row.name: row.content for row in connection.execute(held)}
    rows = [
        {"name": name, "content": content, "at": now}
        for name, content in sorted(contents.items())
        if content != before.get(name)
    ]
    if rows:
        connection.execute(insert(sheet_version), rows)
