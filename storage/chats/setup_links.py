"""What was handed out to open a chat's settings from elsewhere, once."""

from datetime import datetime

from sqlalchemy import Connection, delete

from storage.chats.model import SetupLink
from storage.database import Database
from storage.ids import ChatKey
from storage.schema import ticket


class SetupLinks:
    """Rows of `ticket`. What a ticket opens is known by a hash alone: who reads the file can open nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, seal: str, opens: SetupLink, until: datetime, now: datetime) -> None:
        """Keep what `seal` opens until then; those that are over go."""
        with self._database.write() as connection:
            lapse(connection, now)
            row = {"seal": seal, "chat_id": opens.chat, "thread": opens.thread, "until": until}
            connection.execute(ticket.insert(), row)

    def take(self, seal: str, now: datetime) -> SetupLink | None:
        """What `seal` opens, this once; None for one that was never issued, was taken before, or is over."""
        taken = delete(ticket).where(ticket.c.seal == seal).returning(ticket)
        with self._database.write() as connection:
            row = connection.execute(taken).one_or_none()
        return None if row is None or row.until <= now else SetupLink(ChatKey(row.chat_id), row.thread)


def lapse(connection: Connection, now: datetime) -> None:
    """Forget the tickets that are over."""
    connection.execute(delete(ticket).where(ticket.c.until <= now))
