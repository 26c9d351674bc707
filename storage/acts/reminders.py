"""What chats were reminded of, and the days that they put aside."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, select

from storage.acts.model import Reminder, Step
from storage.database import Database
from storage.dialect import insert
from storage.ids import ChatKey
from storage.schema import reminder

Told = frozenset[tuple[int, str, int]]
"""The numbers of deadlines, with the day that was told ("" for any) and the step."""


class Reminders:
    """Rows of `reminder`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, key: ChatKey, thread: int) -> Told:
        """What this chat, or this topic of it, was told and put aside."""
        mine = and_(reminder.c.chat_id == key, reminder.c.thread == thread)
        query = select(reminder.c.deadline_id, reminder.c.day, reminder.c.step).where(mine)
        with self._database.read() as connection:
            return frozenset((row.deadline_id, row.day, row.step) for row in connection.execute(query))

    def put_aside(self, key: ChatKey, thread: int, number: int, day: str, step: Step, now: datetime) -> None:
        """A reader has seen a deadline (of this day), or says that it is not his (of any day, "")."""
        with self._database.write() as connection:
            _keep(connection, [_row(key, thread, number, day, step, now)])


def keep_reminders(
    connection: Connection, key: ChatKey, thread: int, reminders: Sequence[Reminder], now: datetime
) -> None:
    """Note what a digest tells, so that it is never told twice."""
    _keep(
        connection,
        [_row(key, thread, each.deadline.id, each.deadline.day.isoformat(), each.step, now) for each in reminders],
    )


def _row(key: ChatKey, thread: int, number: int, day: str, step: Step, now: datetime) -> dict[str, object]:
    return {"chat_id": key, "thread": thread, "deadline_id": number, "day": day, "step": step, "at": now}


def _keep(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        known = ["chat_id", "thread", "deadline_id", "day", "step"]
        connection.execute(insert(reminder).on_conflict_do_nothing(index_elements=known), rows)
