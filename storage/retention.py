"""What is kept no longer: rows that nothing reads any more. What concerns texts and messages is elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Row, Select, Update, delete, select, tuple_

from storage.database import Database
from storage.operators.model import LASTING, LOST
from storage.operators.retention import Retention
from storage.schema import announcement, brief_choice, digest, digest_slot, miss, notice, override, vote

YEAR = timedelta(days=365)
"""For what the year's figures are made of: votes, misses, what was said of a story, what nobody has decided, and why a
source was silent."""

SHARE = 500  # rows a transaction: 10 to 50 ms


@dataclass(frozen=True, slots=True)
class Old:
    """Rows that go: how they are found, and how some of them are forgotten, each looked at again, and how many were.
    `weight`: how many rows of the base one of them stands for."""

    found: Select[Any]
    forget: Callable[[Connection, Sequence[Row[Any]]], int]
    weight: int = 1


def old_rows(keys: Sequence[ColumnElement[Any]], old: ColumnElement[bool], act: Update | Delete) -> Old:
    """Those for which `old` is true are changed or deleted by `act`."""

    def forget(connection: Connection, rows: Sequence[Row[Any]]) -> int:
        return connection.execute(act.where(tuple_(*keys).in_([tuple(row) for row in rows]), old)).rowcount

    return Old(select(*keys).where(old), forget)


def in_shares(database: Database, old: Old) -> int:
    """Forget them, so many in a transaction; the number of all. They are looked for once, and without the lock that
    writers wait for: what is kept for ever may have to be walked through. Raises StoreError."""
    with database.read() as connection:
        rows = connection.execute(old.found).all()
    done, share = 0, max(1, SHARE // old.weight)
    for start in range(0, len(rows), share):
        with database.write() as connection:
            done += old.forget(connection, rows[start : start + share])
    return done


def told_long_ago(now: datetime) -> Old:
    """What was said of a story a year ago."""
    keys = [announcement.c[name] for name in ("chat_id", "thread", "story_id", "kind", "seq")]
    return old_rows(keys, announcement.c.at < now - YEAR, delete(announcement))


def forget_unused(connection: Connection, keep: Retention, now: datetime) -> None:
    """Forget it, inside the caller's transaction."""
    settled, year = now - keep.messages, now - YEAR
    # Slots go as well; the cursors of the digests stay.
    connection.execute(delete(digest_slot).where(digest_slot.c.closed_at < settled))
    connection.execute(delete(digest).where(digest.c.made_at < settled))
    connection.execute(delete(override).where(override.c.undone, override.c.at < settled))
    connection.execute(delete(override).where(override.c.moved.is_(None), override.c.at < year))
    # what happened once and nobody was there to be told
    connection.execute(delete(notice).where(notice.c.kind.not_in(LASTING), notice.c.raised_at < year))
    connection.execute(delete(notice).where(notice.c.kind.in_(LOST), notice.c.ended_at < year))
    connection.execute(delete(brief_choice).where(brief_choice.c.at < year))
    connection.execute(delete(vote).where(vote.c.voted_at < year))
    connection.execute(delete(miss).where(miss.c.said_at < year))
