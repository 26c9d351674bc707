"""The affairs: what is open, one as a timeline, and what people put together or apart: their word wins."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.articles import articles_of
from storage.database import Database
from storage.model import Affair, ArticleId, Chapter, Order, OrderKind, Reason, StoryId
from storage.schema import decision, grouped, override, story, story_term
from storage.telling import Retell, refresh, sources_of

OPEN = timedelta(days=30)  # since its newest article


class Affairs:
    """Dossiers as readers see them, and the orders that people gave."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, now: datetime, limit: int) -> tuple[Affair, ...]:
        """The affairs that had an article in the last 30 days, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(_OPEN, {"since": now - OPEN, "limit": limit}).all()
            titles = articles_of(connection, [ArticleId(row.dossier_id) for row in rows])
            return tuple(
                Affair(StoryId(row.dossier_id), titles[row.dossier_id].title, row.stories, row.articles, row.last_at)
                for row in rows
                if row.dossier_id in titles
            )

    def timeline(self, number: int) -> tuple[Chapter, ...]:
        """The stories of the affair of this article, story or dossier, in order of time; empty if there is none."""
        with self._database.read() as connection:
            mine = _story_of(connection, number)
            if mine is None:
                return ()
            rows = connection.execute(_CHAPTERS, {"dossier": mine.dossier_id}).all()
            return tuple(Chapter(StoryId(row.id), row.opened, sources_of(connection, StoryId(row.id))) for row in rows)

    def reasons(self, article: ArticleId) -> tuple[Reason, ...]:
        """Why the article stands where it does: every decision on it, in order."""
        query = select(decision).where(decision.c.article_id == article).order_by(decision.c.number)
        with self._database.read() as connection:
            return tuple(
                Reason(row.level, row.rule, row.target_id, json.loads(row.numbers), row.grouping, row.at)
                for row in connection.execute(query)
            )

    def suggestions(self) -> tuple[Order, ...]:
        """What readers would put together or apart, and nobody has decided."""
        query = select(override).where(override.c.moved.is_(None)).order_by(override.c.id)
        with self._database.read() as connection:
            return tuple(_order(row) for row in connection.execute(query))

    def suggest(self, kind: OrderKind, a: ArticleId, b: ArticleId, by: int, now: datetime) -> Order:
        """Note what a reader asks for; nothing moves."""
        with self._database.write() as connection:
            return _note(connection, kind, a, b, by, None, now)

    def split(self, article: ArticleId, by: int, retell: Retell, now: datetime) -> Order | None:
        """Put an article, with its copies, out of its story; None where it has none, or is all of it."""
        with self._database.write() as connection:
            mine = connection.execute(_ONE, {"article": article}).one_or_none()
            if mine is None or mine.story_id is None:
                return None
            held = connection.execute(_MEMBERS, {"story": mine.story_id}).all()
            moved = [row.article_id for row in held if row.copy_of == mine.copy_of]
            rest = [row.article_id for row in held if row.copy_of != mine.copy_of]
            if not rest:
                return None
            # a story keeps the id of its first article
            leaving = rest if mine.story_id in moved else moved
            order = _note(connection, "never", article, ArticleId(mine.story_id), by, leaving, now)
            _move(connection, leaving, StoryId(min(leaving)), retell, now)
            return order

    def merge(self, a: ArticleId, b: ArticleId, by: int, retell: Retell, now: datetime) -> Order | None:
        """Make one story of those of two articles; None where that is not two."""
        with self._database.write() as connection:
            one, two = _story_of(connection, a), _story_of(connection, b)
            if one is None or two is None or one.id == two.id:
                return None
            kept, gone = sorted((one.id, two.id))
            moved = list(connection.execute(_MEMBERS, {"story": gone}).scalars())
            order = _note(connection, "must", ArticleId(kept), ArticleId(gone), by, moved, now)
            _move(connection, moved, StoryId(kept), retell, now)
            return order

    def undo(self, identifier: int, within: timedelta, retell: Retell, now: datetime) -> bool:
        """Move back what an order moved; False where there is none so recent, or it is undone."""
        with self._database.write() as connection:
            row = connection.execute(select(override).where(override.c.id == identifier)).one_or_none()
            if row is None or row.undone or row.moved is None or row.at < now - within:
                return False
            connection.execute(update(override).where(override.c.id == identifier).values(undone=True))
            _move(connection, json.loads(row.moved), StoryId(row.b), retell, now)
            return True


# --- moving --------------------------------------------------------------------------------------------------------
def _move(connection: Connection, articles: Sequence[int], to: StoryId, retell: Retell, now: datetime) -> None:
    """Put articles into a story, made or brought back if need be, and let its messages and the others' say so."""
    origins = set(connection.execute(_STORIES, {"articles": list(articles)}).scalars())
    home = connection.execute(select(story).where(story.c.id.in_(sorted(origins))).limit(1)).one()
    row = {"id": to, "dossier_id": home.dossier_id, "opened": now, "last_at": now, "articles": 0, "texts": 0}
    connection.execute(insert(story).values(**row).on_conflict_do_nothing())
    for chunk in _chunks(articles):
        connection.execute(update(grouped).where(grouped.c.article_id.in_(chunk)).values(story_id=to))
    for each in sorted({*origins, to}):
        _recount(connection, StoryId(each), to)
    for each in sorted({*origins, to}):
        refresh(connection, StoryId(each), retell, now)


def _recount(connection: Connection, identifier: StoryId, to: StoryId) -> None:
    """Make a story's figures and words those of its articles; one without any is another name of `to`."""
    members = connection.execute(_MEMBERS, {"story": identifier}).all()
    mine = story.c.id == identifier
    connection.execute(delete(story_term).where(story_term.c.story_id == identifier))
    if not members:
        connection.execute(update(story).where(mine).values(articles=0, texts=0, alias_of=to))
        return
    moments = [row.at for row in members]
    figures = {"articles": len(members), "texts": len({row.copy_of for row in members}), "alias_of": None}
    connection.execute(update(story).where(mine).values(opened=min(moments), last_at=max(moments), **figures))
    weights: dict[str, int] = {}
    for row in members:
        for term, weight in json.loads(row.vector or "[]"):
            weights[term] = weights.get(term, 0) + weight
    if weights:
        rows = [{"term": term, "story_id": identifier, "weight": weights[term]} for term in sorted(weights)]
        connection.execute(story_term.insert(), rows)


def _story_of(connection: Connection, number: int) -> Any:
    """The story of an article; that of a story's or a dossier's first one is the same question."""
    return connection.execute(_OF, {"article": number}).one_or_none()


def _note(
    connection: Connection,
    kind: OrderKind,
    a: ArticleId,
    b: ArticleId,
    by: int,
    moved: Iterable[int] | None,
    now: datetime,
) -> Order:
    values = {"kind": kind, "a": a, "b": b, "by": by, "at": now, "undone": False}
    written = None if moved is None else json.dumps(sorted(moved))
    row = connection.execute(override.insert().values(**values, moved=written).returning(override)).one()
    return _order(row)


def _order(row: Any) -> Order:
    return Order(row.id, row.kind, ArticleId(row.a), ArticleId(row.b), row.by, row.at)


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(values), 400):
        yield values[start : start + 400]


_OPEN = (
    select(
        story.c.dossier_id,
        func.count().label("stories"),
        func.sum(story.c.articles).label("articles"),
        func.max(story.c.last_at, type_=story.c.last_at.type).label("last_at"),
    )
    .where(story.c.articles > 0)
    .group_by(story.c.dossier_id)
    .having(func.max(story.c.last_at, type_=story.c.last_at.type) >= bindparam("since", type_=story.c.last_at.type))
    .order_by(func.max(story.c.last_at).desc(), story.c.dossier_id)
    .limit(bindparam("limit"))
)
_CHAPTERS = (
    select(story)
    .where(story.c.dossier_id == bindparam("dossier"), story.c.articles > 0)
    .order_by(story.c.opened, story.c.id)
)
_OF = select(story).join(grouped, grouped.c.story_id == story.c.id).where(grouped.c.article_id == bindparam("article"))
_ONE = select(grouped).where(grouped.c.article_id == bindparam("article"))
_MEMBERS = select(grouped).where(grouped.c.story_id == bindparam("story")).order_by(grouped.c.article_id)
_STORIES = select(grouped.c.story_id).where(
    grouped.c.article_id.in_(bindparam("articles", expanding=True)), grouped.c.story_id.is_not(None)
)
