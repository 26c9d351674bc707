"""The affairs: what is open, one as a timeline, and what people put together or apart: their word wins."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from storage.articles.articles import articles_of
from storage.database import Database
from storage.dialect import insert
from storage.ids import ArticleId, StoryId
from storage.operators.causes import begin
from storage.operators.model import NewNotice
from storage.schema import decision, grouped, override, story
from storage.stories.announcements import close, readdress, refresh, sources_of
from storage.stories.desk import desk_of
from storage.stories.model import Chapter, Decision, Dossier, Override, OverrideKind
from storage.stories.newsroom import Retell
from storage.stories.overrides import order_of, orders_on

OPEN = timedelta(days=30)  # since its newest article


class Dossiers:
    """Dossiers as readers see them, and the orders that people gave."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, now: datetime, limit: int) -> tuple[Dossier, ...]:
        """The affairs that had an article in the last 30 days, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(_OPEN, {"since": now - OPEN, "limit": limit}).all()
            titles = articles_of(connection, [ArticleId(row.dossier_id) for row in rows])
            return tuple(
                Dossier(StoryId(row.dossier_id), titles[row.dossier_id].title, row.stories, row.articles, row.last_at)
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
            return tuple(
                Chapter(
                    StoryId(row.id),
                    row.opened,
                    sources_of(connection, StoryId(row.id)),
                    StoryId(row.follows) if row.unsure and row.follows is not None else None,
                )
                for row in rows
            )

    def number_of(self, number: int) -> StoryId | None:
        """The dossier of this article, story or dossier; None if there is none."""
        with self._database.read() as connection:
            mine = _story_of(connection, number)
            return None if mine is None else StoryId(mine.dossier_id)

    def suggestions(self) -> tuple[Override, ...]:
        """What readers would put together or apart, and nobody has decided."""
        query = select(override).where(override.c.moved.is_(None)).order_by(override.c.id)
        with self._database.read() as connection:
            found = {(order.kind, order.a, order.b): order for order in map(order_of, connection.execute(query))}
            return tuple(order for order in found.values() if _undecided(connection, order))

    def suggest(self, kind: OverrideKind, a: ArticleId, b: ArticleId, by: int, now: datetime) -> Override:
        """Note what a reader asks for, and let the operators know; nothing moves."""
        with self._database.write() as connection:
            known = articles_of(connection, [a])
            title = known[a].title if a in known else ""
            begin(connection, f"{kind} {a} {b}", (NewNotice("suggested", f"{kind} {a} {b} {title}", now),), now)
            return _note(connection, kind, a, b, by, None, now)

    def split(self, article: ArticleId, by: int, retell: Retell, now: datetime) -> Override | None:
        """Put an article, with its copies, out of its story; None where it has none, or is all of it.

        In a story that is one text with its copies, a copy goes, with those that were found by it.
        """
        with self._database.write() as connection:
            mine = connection.execute(_ONE, {"article": article}).one_or_none()
            if mine is None or mine.story_id is None:
                return None
            held = connection.execute(_MEMBERS, {"story": mine.story_id}).all()
            leaving = _leaving(connection, mine, held)
            if not leaving:
                return None
            rows = [row for row in held if row.article_id in leaving]
            order = _note(connection, "never", article, ArticleId(mine.story_id), by, rows, now)
            if all(row.copy_of == mine.copy_of for row in held):
                _regroup(connection, dict.fromkeys(leaving, min(leaving)))
            apart = story.c.id == min(leaving)  # it may have been in doubt before it was put together
            connection.execute(update(story).where(apart).values(unsure=False))
            _move(connection, leaving, StoryId(min(leaving)), retell, now)
            return order

    def merge(self, a: ArticleId, b: ArticleId, by: int, retell: Retell, now: datetime) -> Override | None:
        """Make one story of those of two articles; None where that is not two."""
        with self._database.write() as connection:
            one, two = _story_of(connection, a), _story_of(connection, b)
            if one is None or two is None or one.id == two.id:
                return None
            kept, gone = sorted((one.id, two.id))
            rows = connection.execute(_MEMBERS, {"story": gone}).all()
            order = _note(connection, "must", ArticleId(kept), ArticleId(gone), by, rows, now)
            _move(connection, [row.article_id for row in rows], StoryId(kept), retell, now)
            return order

    def same_event(self, article: ArticleId, by: int, retell: Retell, now: datetime) -> Override | None:
        """Make one story of a doubtful one and of the one that it may be; None where nothing is in doubt."""
        near = self.doubt(article)
        return None if near is None else self.merge(near, article, by, retell, now)

    def other_event(self, article: ArticleId, by: int, retell: Retell, now: datetime) -> Override | None:
        """A doubtful story is one of its own; None where nothing is in doubt."""
        with self._database.write() as connection:
            mine = _in_doubt(connection, article)
            if mine is None:
                return None
            _doubt(connection, StoryId(mine.id), False, retell, now)
            return _note(connection, "never", ArticleId(mine.id), ArticleId(mine.follows), by, (), now)

    def doubt(self, article: ArticleId) -> ArticleId | None:
        """The story that the doubtful one of this article may be, by its first article; None where nothing is."""
        with self._database.read() as connection:
            mine = _in_doubt(connection, article)
        return None if mine is None else ArticleId(mine.follows)

    def undo(self, identifier: int, within: timedelta, retell: Retell, now: datetime) -> bool:
        """Move back what an order moved; False where there is none so recent, or it is undone."""
        with self._database.write() as connection:
            row = connection.execute(select(override).where(override.c.id == identifier)).one_or_none()
            if row is None or row.undone or row.moved is None or row.at < now - within:
                return False
            connection.execute(update(override).where(override.c.id == identifier).values(undone=True))
            moved: dict[int, int] = dict(json.loads(row.moved))
            if not moved:
                _doubt(connection, StoryId(row.a), True, retell, now)
                return True
            _regroup(connection, moved)
            _move(connection, list(moved), StoryId(row.b), retell, now)
            return True


def reasons_of(connection: Connection, article: ArticleId) -> tuple[Decision, ...]:
    """Every decision on an article, in order, then the orders that moved it and still stand."""
    decided = connection.execute(_DECIDED, {"article": article})
    found = [
        Decision(row.level, row.rule, row.target_id, json.loads(row.numbers), row.grouping, row.at) for row in decided
    ]
    orders = orders_on(connection, article)
    return (*found, *(Decision("order", each.kind, each.b, {"by": each.by}, "", each.at) for each in orders))


# --- moving --------------------------------------------------------------------------------------------------------
def _leaving(connection: Connection, mine: Row[Any], held: Sequence[Row[Any]]) -> list[int]:
    """Who goes where an article is put out of its story; nobody where there is nothing to leave."""
    copies = [row.article_id for row in held if row.copy_of == mine.copy_of]
    rest = [row.article_id for row in held if row.copy_of != mine.copy_of]
    if not rest:
        return _found_by(connection, mine.article_id, copies) if mine.article_id != mine.copy_of else []
    # a story keeps the id of its first article
    return rest if mine.story_id in copies else copies


def _found_by(connection: Connection, article: int, copies: Sequence[int]) -> list[int]:
    """The article, and those of its copies that were found by their likeness to it, or to one of them."""
    rows = connection.execute(_COPIED, {"articles": list(copies)})
    nearest = {row.article_id: row.target_id for row in rows}
    found = {article}
    for each in copies:  # by number: a copy comes after what it was found by
        if nearest.get(each) in found:
            found.add(each)
    return sorted(found)


def _doubt(connection: Connection, identifier: StoryId, unsure: bool, retell: Retell, now: datetime) -> None:
    """Whether a story may be the one that it follows; its messages say so."""
    connection.execute(update(story).where(story.c.id == identifier).values(unsure=unsure))
    refresh(connection, identifier, retell, now)


def _regroup(connection: Connection, groups: Mapping[int, int]) -> None:
    for article, first in groups.items():
        connection.execute(update(grouped).where(grouped.c.article_id == article).values(copy_of=first))


def _move(connection: Connection, articles: Sequence[int], to: StoryId, retell: Retell, now: datetime) -> None:
    """Put articles into a story, made or brought back if need be, and let its messages and the others' say so."""
    held = connection.execute(_STORIES, {"articles": list(articles)}).all()
    origins = {row.story_id for row in held}
    home = connection.execute(select(story).where(story.c.id.in_(sorted(origins))).limit(1)).one()
    row = {
        "id": to,
        "dossier_id": home.dossier_id,
        "opened": now,
        "last_at": now,
        "articles": 0,
        "texts": 0,
        "unsure": False,
    }
    connection.execute(insert(story).values(**row).on_conflict_do_nothing())
    for chunk in _chunks(articles):
        connection.execute(update(grouped).where(grouped.c.article_id.in_(chunk)).values(story_id=to))
    for each in sorted({*origins, to}):
        _recount(connection, StoryId(each), to)
    desk_of(connection).clear()
    readdress(connection, sorted({*origins, to}))
    for each in sorted({*origins, to}):
        refresh(connection, StoryId(each), retell, now)
    for each in sorted(origins):
        gone = [ArticleId(row.article_id) for row in held if row.story_id == each]
        close(connection, StoryId(each), gone, to, retell, now)


def _recount(connection: Connection, identifier: StoryId, to: StoryId) -> None:
    """Make a story's figures those of its articles; one without any is another name of `to`."""
    members = connection.execute(_MEMBERS, {"story": identifier}).all()
    mine = story.c.id == identifier
    if not members:
        connection.execute(update(story).where(mine).values(articles=0, texts=0, alias_of=to))
        return
    moments = [row.at for row in members]
    figures = {"articles": len(members), "texts": len({row.copy_of for row in members}), "alias_of": None}
    connection.execute(update(story).where(mine).values(opened=min(moments), last_at=max(moments), **figures))


def _undecided(connection: Connection, order: Override) -> bool:
    """Whether what a reader suggests has not been done since."""
    if order.kind == "must":
        one, two = _story_of(connection, order.a), _story_of(connection, order.b)
        return one is not None and two is not None and bool(one.id != two.id)
    return not any(done.kind == "never" and done.at >= order.at for done in orders_on(connection, order.a))


def _story_of(connection: Connection, number: int) -> Any:
    """The story of an article; that of a story's or a dossier's first one is the same question."""
    return connection.execute(_OF, {"article": number}).one_or_none()


def _in_doubt(connection: Connection, article: int) -> Any:
    """The doubtful story of an article; None where nothing is in doubt, or a person has moved the article: the story
    that it is in now may be in doubt of its own, and was not asked about."""
    mine = _story_of(connection, article)
    asked = mine is not None and mine.unsure and mine.follows is not None
    return mine if asked and not orders_on(connection, article) else None


def _note(
    connection: Connection,
    kind: OverrideKind,
    a: ArticleId,
    b: ArticleId,
    by: int,
    moved: Iterable[Row[Any]] | None,
    now: datetime,
) -> Override:
    """`moved`: the rows that move, as they are before: where they go back if it is undone. None for a suggestion."""
    values = {"kind": kind, "a": a, "b": b, "by": by, "at": now, "undone": False}
    written = None if moved is None else json.dumps([[row.article_id, row.copy_of] for row in moved])
    row = connection.execute(override.insert().values(**values, moved=written).returning(override)).one()
    return order_of(row)


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
_STORIES = (
    select(grouped.c.article_id, grouped.c.story_id)
    .where(grouped.c.article_id.in_(bindparam("articles", expanding=True)), grouped.c.story_id.is_not(None))
    .order_by(grouped.c.article_id)
)
_DECIDED = select(decision).where(decision.c.article_id == bindparam("article")).order_by(decision.c.number)
_COPIED = (
    select(decision.c.article_id, decision.c.target_id)
    .where(decision.c.article_id.in_(bindparam("articles", expanding=True)), decision.c.level == "copy")
    .order_by(decision.c.article_id, decision.c.number)
)
