"""What operators are told of the feeds: each trouble once, and once that it is over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.database import Database
from storage.model import LASTING, FeedId, NewNotice, Note, Notice, NoticeKind
from storage.outbox import tell
from storage.schema import feed, notice


class Notices:
    """Rows of `notice`. One that ends before it was said is never said, nor is its end."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, of: FeedId, notices: Sequence[NewNotice], over: Collection[NoticeKind], now: datetime) -> None:
        """Begin some notices about a feed, and end some; what is already said is not said again."""
        with self._database.write() as connection:
            end(connection, of, over, now)
            begin(connection, of, notices, now)

    def unsaid(self) -> tuple[Notice, ...]:
        """What is still to be told, the oldest first: what began (`ended` None) and what is over."""
        began = and_(notice.c.said_at.is_(None), notice.c.ended_at.is_(None))
        ended = and_(notice.c.ended_at.is_not(None), notice.c.said_at.is_not(None), notice.c.end_said_at.is_(None))
        return self._where(or_(began, ended))

    def open(self) -> tuple[Notice, ...]:
        """What lasts, told or not, the oldest first."""
        return self._where(notice.c.ended_at.is_(None))

    def say(self, told: Sequence[Notice], note: Note | None, now: datetime) -> int:
        """Queue the note that tells them, and never tell them again; the number of messages.

        Where nobody the note is for has a chat with us yet, they stay untold. None: they were told otherwise.
        """
        with self._database.write() as connection:
            queued = tell(connection, note, now)
            if note is not None and not queued:
                return 0
            for each in told:
                said = ["said_at"] if each.ended is None else ["end_said_at"]
                if each.kind not in LASTING:  # it happened, and is over: the next one will be told again
                    said = ["said_at", "ended_at", "end_said_at"]
                connection.execute(update(notice).where(notice.c.id == each.id).values(dict.fromkeys(said, now)))
        return queued

    def _where(self, condition: Any) -> tuple[Notice, ...]:
        query = _ALL.where(condition).order_by(notice.c.id)
        with self._database.read() as connection:
            return tuple(Notice(*row) for row in connection.execute(query))


_ALL = select(
    notice.c.id, feed.c.id, feed.c.name, feed.c.listed_url, notice.c.kind, notice.c.detail, notice.c.since,
    notice.c.ended_at,
).join(feed, feed.c.id == notice.c.feed_id)  # fmt: skip


def begin(connection: Connection, of: FeedId, notices: Sequence[NewNotice], now: datetime) -> None:
    """`Notices.put`'s first half, inside the caller's transaction."""
    for each in notices:
        row = {"feed_id": of, "kind": each.kind, "detail": each.detail, "since": each.since, "raised_at": now}
        connection.execute(insert(notice).values(**row).on_conflict_do_nothing())


def end(connection: Connection, of: FeedId, kinds: Collection[NoticeKind], now: datetime) -> None:
    """`Notices.put`'s second half, inside the caller's transaction."""
    if kinds:
        mine = and_(notice.c.feed_id == of, notice.c.kind.in_(list(kinds)), notice.c.ended_at.is_(None))
        connection.execute(update(notice).where(mine).values(ended_at=now))


def end_all(connection: Connection, of: FeedId, now: datetime) -> None:
    """The feed has another address, or is followed no more: nothing is to be said of what was."""
    mine = and_(notice.c.feed_id == of, notice.c.ended_at.is_(None))
    connection.execute(update(notice).where(mine).values(ended_at=now, said_at=now, end_said_at=now))
