"""What is kept no longer: rows that nothing reads any more. What concerns texts and messages is elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, tuple_

from storage.database import Database
from storage.operators.model import LASTING, LOST, Retention
from storage.schema import announcement, brief_choice, digest, digest_slot, miss, notice, override, vote

YEAR = timedelta(days=365)
"""For what the year's figures are made of: votes, misses, what was said of a story, what nobody has decided, and why a
source was silent."""

SHARE = 500  # rows a transaction: 10 to 50 ms


def in_shares(database: Database, forget: Callable[[Connection, int], int]) -> int:
    """Forget so many rows at most in a transaction, until there are no more; the number of all. Raises StoreError."""
    done, found = 0, SHARE
    while found >= SHARE:
        with database.write() as connection:
            found = forget(connection, SHARE)
        done += found
    return done


def forget_told(now: datetime, connection: Connection, most: int) -> int:
    """Forget what was said of a story a year ago, so many rows at most; how many there were."""
    which = tuple_(*(announcement.c[name] for name in ("chat_id", "thread", "story_id", "kind", "seq")))
    old = select(*which.clauses).where(announcement.c.at < now - YEAR).limit(most)
    return connection.execute(delete(announcement).where(which.in_(old))).rowcount


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
