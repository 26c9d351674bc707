"""The watchlists and entities that the daemon runs, as it read them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.database import Database
from storage.operators.model import RulesInForce
from storage.schema import live_sheet


class RulesOnFile:
    """What is in force: the last that `Feeds.sync` put there, also after the daemon has stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> RulesInForce | None:
        """None where no daemon has worked on this base yet."""
        with self._database.read() as connection:
            rows = connection.execute(select(live_sheet).order_by(live_sheet.c.name)).all()
        return RulesInForce(rows[0].since, {row.name: row.content for row in rows}) if rows else None


def adopt(connection: Connection, contents: Mapping[str, str], now: datetime) -> None:
    """Put these sheets into force, whole; those that are already keep their date."""
    known = {row.name: row.content for row in connection.execute(select(live_sheet))}
    if known == contents:
        return
    connection.execute(delete(live_sheet))
    if contents:
        rows = [{"name": name, "content": content, "since": now} for name, content in contents.items()]
        connection.execute(insert(live_sheet), rows)
