"""The terms that readers follow by themselves, and what they have been told of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, update

from storage.articles.articles import newer_than
from storage.articles.model import StoredArticle
from storage.chats.model import NewDelivery, OwnTerm, TermPlace
from storage.chats.queueing import queue
from storage.chats.rows import chat_of
from storage.database import Database
from storage.ids import ArticleId, ChatKey
from storage.schema import EPOCH, MICROSECOND, article, chat, own_term
from storage.stories.announcements import stories_of

QUOTA = 5  # terms of one chat, all its topics together
MOST = 20_000  # articles looked at for one message, the newest


class OwnTerms:
    """Rows of `own_term`; they go with their chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: ChatKey, thread: int, term: str, now: datetime) -> OwnTerm | None:
        """Follow a term from now on; the same again is the one that is there. None where the chat has its fill."""
        mine = and_(own_term.c.chat_id == key, own_term.c.thread == thread, own_term.c.term == term)
        newest = select(func.coalesce(func.max(article.c.id), 0)).scalar_subquery()
        row = {"chat_id": key, "thread": thread, "term": term, "made_at": now, "slot": "", "told_at": now}
        with self._database.write() as connection:
            known = connection.execute(select(own_term).where(mine)).one_or_none()
            if known is not None:
                return _term_of(known)
            query = select(func.count(), func.max(own_term.c.number)).where(own_term.c.chat_id == key)
            held, last = connection.execute(query).one()
            if held >= QUOTA:
                return None
            number = max((now - EPOCH) // MICROSECOND, (last or 0) + 1)
            added = own_term.insert().values(**row, number=number, seen=newest).returning(own_term)
            return _term_of(connection.execute(added).one())

    def drop(self, key: ChatKey, number: int) -> bool:
        """Follow a term no more; False where this chat has none of that number."""
        mine = and_(own_term.c.chat_id == key, own_term.c.number == number)
        with self._database.write() as connection:
            return connection.execute(delete(own_term).where(mine)).rowcount > 0

    def of(self, key: ChatKey, thread: int = 0) -> tuple[OwnTerm, ...]:
        """The terms of a chat, or of a topic of it, in the order in which they were given."""
        mine = and_(own_term.c.chat_id == key, own_term.c.thread == thread)
        with self._database.read() as connection:
            return tuple(map(_term_of, connection.execute(select(own_term).where(mine).order_by(own_term.c.number))))

    def count(self, key: ChatKey) -> int:
        """How many terms a chat has, all its topics together."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).where(own_term.c.chat_id == key)).scalar_one()

    def places(self) -> tuple[TermPlace, ...]:
        """The chats that may be written to, and their topics, with the terms of each."""
        query = (
            select(chat, own_term.c.number, own_term.c.thread, own_term.c.term, own_term.c.seen)
            .add_columns(own_term.c.slot, own_term.c.told_at)
            .join(own_term, own_term.c.chat_id == chat.c.id)
            .where(chat.c.state == "active")
            .order_by(chat.c.id, own_term.c.thread, own_term.c.number)
        )
        found: dict[tuple[int, int], TermPlace] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                term = OwnTerm(row.number, row.term, ArticleId(row.seen))
                held = found.get((row.id, row.thread))
                terms = (*held.terms, term) if held else (term,)
                slot, at = max((row.slot, row.told_at), (held.slot, held.told_at) if held else ("", row.told_at))
                found[row.id, row.thread] = TermPlace(chat_of(row), row.thread, terms, slot, at)
        return tuple(found.values())

    def news(self, after: ArticleId) -> tuple[tuple[StoredArticle, int], ...]:
        """The articles after this one, in order, each with its story (or itself), but those of a first reading."""
        with self._database.read() as connection:
            found = newer_than(connection, after, MOST)
            stories = stories_of(connection, [each.id for each in found])
        return tuple((each, int(stories.get(each.id, each.id))) for each in found)

    def told(
        self, place: TermPlace, seen: ArticleId, slot: str, deliveries: Sequence[NewDelivery], now: datetime
    ) -> bool:
        """Queue what is told of a chat's terms, and move them on: all or nothing. False where that slot was told."""
        mine = and_(own_term.c.chat_id == place.chat.key, own_term.c.thread == place.thread)
        with self._database.write() as connection:
            if connection.execute(select(own_term.c.number).where(mine, own_term.c.slot >= slot)).first() is not None:
                return False
            moved = update(own_term).where(mine).values(seen=seen, slot=slot, told_at=now)
            if connection.execute(moved).rowcount:
                queue(connection, deliveries, now)
        return True


def _term_of(row: Row[Any]) -> OwnTerm:
    return OwnTerm(row.number, row.term, ArticleId(row.seen))
