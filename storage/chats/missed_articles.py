"""What readers should have received, and did not."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from storage.database import Database
from storage.dialect import insert
from storage.ids import ArticleId, ChatKey
from storage.schema import miss

A_DAY = 20  # of one chat


class MissedArticles:
    """Rows of `miss`: an address counts once for a chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, key: ChatKey, url: str, of: ArticleId | None, fate: str, now: datetime) -> int | None:
        """Its number; 0 where this chat has said so already, None where it has said enough today."""
        mine = (miss.c.chat_id == key) & (miss.c.said_at > now - timedelta(days=1))
        row = insert(miss).values(chat_id=key, url=url, article_id=of, fate=fate, said_at=now)
        with self._database.write() as connection:
            if connection.execute(select(func.count()).where(mine)).scalar_one() >= A_DAY:
                return None
            added = connection.execute(
                row.on_conflict_do_nothing(index_elements=["chat_id", "url"]).returning(miss.c.id)
            )
            return added.scalar() or 0

    def confirm(self, number: int, watchlist: str) -> bool:
        """An operator says which watchlist should have kept it; False where it is not known any more."""
        with self._database.write() as connection:
            named = update(miss).where(miss.c.id == number).values(watchlist=watchlist)
            return connection.execute(named).rowcount > 0

    def confirmed(self, since: datetime) -> Mapping[str, int]:
        """The misses of some time that were confirmed, by watchlist."""
        query = (
            select(miss.c.watchlist, func.count())
            .where(miss.c.said_at > since, miss.c.watchlist.is_not(None))
            .group_by(miss.c.watchlist)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def wanted(self) -> tuple[tuple[ArticleId, str], ...]:
        """The missed articles that are here, each with the watchlist that an operator said should have kept it."""
        there = miss.c.article_id.is_not(None) & miss.c.watchlist.is_not(None)
        query = select(miss.c.article_id, miss.c.watchlist).where(there).distinct().order_by(miss.c.article_id)
        with self._database.read() as connection:
            return tuple((ArticleId(row[0]), row[1]) for row in connection.execute(query))

    def fates(self, since: datetime) -> Mapping[str, int]:
        """The misses of some time, by what became of them."""
        query = select(miss.c.fate, func.count()).where(miss.c.said_at > since).group_by(miss.c.fate)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}
