"""The watchlists and entities that the daemon runs, as it read them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.database import Database
from storage.model import LiveSheets
from storage.schema import live_sheet


class Sheets:
    """What is in force: the last that was adopted, also after the daemon has stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def adopt(self, contents: Mapping[str, str], now: datetime) -> bool:
        """Put these sheets into force, whole. False, and nothing written, if they are already."""
        with self._database.write() as connection:
            known = {row.name: row.content for row in connection.execute(select(live_sheet))}
            if known == contents:
                return False
            connection.execute(delete(live_sheet))
            rows = [{"name": name, "content": content, "since": now} for name, content in contents.items()]
            if rows:
                connection.execute(insert(live_sheet), rows)
            return True

    def live(self) -> LiveSheets | None:
        """None where no daemon has worked on this base yet."""
        with self._database.read() as connection:
            rows = connection.execute(select(live_sheet).order_by(live_sheet.c.name)).all()
        return LiveSheets(rows[0].since, {row.name: row.content for row in rows}) if rows else None
