"""What is kept no longer: rows that nothing reads any more. What concerns texts and messages is elsewhere."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from storage.operators.model import LASTING, LOST, Retention
from storage.schema import announcement, brief_choice, digest, digest_slot, miss, notice, override, vote

YEAR = timedelta(days=365)
"""For what the year's figures are made of: votes, misses, what was said of a story, what nobody has decided, and why a
source was silent."""


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
    connection.execute(delete(announcement).where(announcement.c.at < year))
    connection.execute(delete(brief_choice).where(brief_choice.c.at < year))
    connection.execute(delete(vote).where(vote.c.voted_at < year))
    connection.execute(delete(miss).where(miss.c.said_at < year))
