"""The days that official items set: open, moved with the old day kept, done or cancelled."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, select, update

from storage.acts.acts import act_of, aliases, aliases_of, read_day
from storage.acts.model import ActRecord, DeadlineFact, DeadlineState, StoredDeadline
from storage.database import Database
from storage.ids import ArticleId, StoryId
from storage.schema import article, article_match, deadline, feed, grouped

_COLUMNS: Select[Any] = (
    select(deadline, article.c.title, article.c.url, feed.c.name.label("source_name"), grouped.c.story_id)
    .join(article, article.c.id == deadline.c.article_id)
    .join(feed, feed.c.id == deadline.c.feed_id)
    .join(grouped, grouped.c.article_id == deadline.c.article_id, isouter=True)
    .order_by(deadline.c.day, deadline.c.id)
)
_SAME = select(deadline).where(
    deadline.c.about == bindparam("about"),
    deadline.c.kind == bindparam("kind"),
    deadline.c.feed_id == bindparam("feed_id"),
)
_ENDED = select(deadline).where(
    deadline.c.about.in_(bindparam("names", expanding=True)), deadline.c.kind == bindparam("kind")
)
_MATCHED = (
    select(article_match.c.article_id, article_match.c.watchlist)
    .where(article_match.c.article_id.in_(bindparam("articles", expanding=True)), article_match.c.holds)
    .order_by(article_match.c.article_id, article_match.c.watchlist)
)


class Deadlines:
    """The days that are known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(
        self, first: date, last: date, states: Iterable[DeadlineState] = ("open", "moved")
    ) -> tuple[StoredDeadline, ...]:
        """Those from one day to another, both included, in their order."""
        days = and_(deadline.c.day >= first.isoformat(), deadline.c.day <= last.isoformat())
        with self._database.read() as connection:
            return _read(connection, _COLUMNS.where(days, deadline.c.state.in_(tuple(states))))

    def since(self, first: date) -> tuple[StoredDeadline, ...]:
        """Those of this day or later, in their order, whatever their state."""
        with self._database.read() as connection:
            return _read(connection, _COLUMNS.where(deadline.c.day >= first.isoformat()))

    def of_act(self, name: str) -> tuple[StoredDeadline, ...]:
        """Those of an act, by any of its names, whatever their state."""
        with self._database.read() as connection:
            return _read(connection, _COLUMNS.where(deadline.c.about.in_(aliases(connection, name))))


def _read(connection: Connection, query: Select[Any]) -> tuple[StoredDeadline, ...]:
    rows = connection.execute(query).all()
    lists: dict[int, list[str]] = {}
    for start in range(0, len(rows), 800):
        wanted = {"articles": [row.article_id for row in rows[start : start + 800]]}
        for row in connection.execute(_MATCHED, wanted):
            lists.setdefault(row.article_id, []).append(row.watchlist)
    return tuple(_stored(connection, row, tuple(lists.get(row.article_id, ()))) for row in rows)


def _stored(connection: Connection, row: Row[Any], watchlists: tuple[str, ...]) -> StoredDeadline:
    return StoredDeadline(
        row.id,
        row.kind,
        date.fromisoformat(row.day),
        row.time,
        row.sentence,
        row.state,
        _best(connection, row.act),
        None if row.story_id is None else StoryId(row.story_id),
        ArticleId(row.article_id),
        row.title,
        row.url,
        row.source_name,
        row.sure,
        row.official,
        read_day(row.old_day),
        row.since,
        row.changed_at,
        watchlists,
        row.changes,
        f"{row.about}\n{row.kind}\n{row.feed_id}",
    )


def _best(connection: Connection, name: str) -> str:
    """The best name of an act of which more names may be known by now."""
    number = act_of(connection, name) if name else None
    return name if number is None else next(iter(aliases_of(connection, number)), name)


# --- inside a transaction ------------------------------------------------------------------------------------------
def keep_deadlines(connection: Connection, known: ArticleId, told: ActRecord, now: datetime) -> None:
    """Write the days that an official item sets: a day told before by its source and changed since is moved."""
    if not told.deadlines:
        return
    origin = connection.execute(select(article.c.feed_id).where(article.c.id == known)).scalar_one()
    for fact in told.deadlines:
        if fact.day is None:
            _end(connection, fact, now)
        else:
            _set(connection, fact, fact.day, (known, str(origin)), now)


def _end(connection: Connection, fact: DeadlineFact, now: datetime) -> None:
    names = aliases(connection, fact.act)
    for row in connection.execute(_ENDED, {"names": names, "kind": fact.kind}).all():
        if row.state in ("open", "moved"):
            values = {"state": fact.ends or "cancelled", "changed_at": now, "changes": deadline.c.changes + 1}
            connection.execute(update(deadline).where(deadline.c.id == row.id).values(**values))


def _set(connection: Connection, fact: DeadlineFact, day: date, origin: tuple[ArticleId, str], now: datetime) -> None:
    known, of = origin
    about = _about(connection, fact, known, of)
    row = connection.execute(_SAME, {"about": about, "kind": fact.kind, "feed_id": of}).one_or_none()
    said = {"time": fact.time, "sentence": fact.sentence, "sure": fact.sure, "official": True}
    if row is None:
        values = {
            "about": about,
            "act": fact.act,
            "kind": fact.kind,
            "feed_id": of,
            "article_id": known,
            "state": "open",
        }
        days = {"day": day.isoformat(), "since": now, "changed_at": now}
        connection.execute(deadline.insert().values(**values, **said, **days))
    elif row.day != day.isoformat():
        moved = {"day": day.isoformat(), "old_day": row.day, "state": "moved", "article_id": known, "changed_at": now}
        moved["changes"] = row.changes + 1
        connection.execute(update(deadline).where(deadline.c.id == row.id).values(**said, **moved))
    elif row.time != fact.time:
        connection.execute(update(deadline).where(deadline.c.id == row.id).values(**said, changed_at=now))


def _about(connection: Connection, fact: DeadlineFact, known: ArticleId, of: str) -> str:
    """What a deadline is of: the name under which its source has told it before, else its act's, else its article."""
    if not fact.act:
        return f"article:{known}"
    names = aliases(connection, fact.act)
    told = select(deadline.c.about).where(
        deadline.c.about.in_(names), deadline.c.kind == fact.kind, deadline.c.feed_id == of
    )
    return connection.execute(told.order_by(deadline.c.id).limit(1)).scalar() or fact.act
