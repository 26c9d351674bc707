"""The whole store in figures, in one consistent view."""

from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select

from storage.chats import pause
from storage.chats.claims import is_open, is_ripe
from storage.database import Database
from storage.feeds.feeds import overdue
from storage.migrations import version
from storage.operators.model import Figures, Lag, StuckPlace, Waiting
from storage.operators.offices import daemons, offices
from storage.schema import article, article_match, chat, delivery, digest_slot, feed, wave


def figures(database: Database, now: datetime) -> Figures:
    """What an operator looks at first. Reads only."""
    with database.read() as connection:
        listed, not_modified, newest, digest = connection.execute(
            select(
                select(func.coalesce(func.sum(feed.c.requests), 0)).scalar_subquery(),
                select(func.coalesce(func.sum(feed.c.not_modified), 0)).scalar_subquery(),
                select(func.max(article.c.first_seen)).scalar_subquery(),
                select(func.max(digest_slot.c.closed_at)).scalar_subquery(),
            )
        ).one()
        return Figures(
            feeds=_counted(connection, feed, feed.c.health, feed.c.enabled),
            paused=_number(connection, feed, ~feed.c.enabled),
            requests=listed,
            not_modified=not_modified,
            articles=_articles(database, connection),
            newest=newest,
            matches=_counted(connection, article_match, article_match.c.watchlist, article_match.c.holds),
            waiting=Waiting(*connection.execute(_WAITING, {"now": now}).one()),
            sent=_number(connection, delivery, delivery.c.state == "done"),
            chats=_counted(connection, chat, chat.c.state, chat.c.kind != "console"),
            last_digest=digest,
            paused_until=pause.running_until(connection, now),
            version=version(connection) or 0,
            size=database.size(),
            engine=database.engine(),
            lag=_behind(connection, now),
            shared=database.shared,
            daemons=daemons(connection),
            offices=offices(connection),
            stuck=tuple(StuckPlace(*row) for row in connection.execute(_STUCK)),
        )


def lag(database: Database, now: datetime) -> Lag:
    """What waits for somebody to do it."""
    with database.read() as connection:
        return _behind(connection, now)


def _behind(connection: Connection, now: datetime) -> Lag:
    feeds, since = overdue(connection, now)
    return Lag(feeds, now - since if since else timedelta(), _number(connection, wave))


_ARTICLES: WeakKeyDictionary[Database, tuple[int, int]] = WeakKeyDictionary()
"""How many there were when they were counted last, and the greatest number among them: none is ever deleted."""


def _articles(database: Database, connection: Connection) -> int:
    before, last = _ARTICLES.get(database, (0, 0))
    added, newest = connection.execute(_ADDED, {"last": last}).one()
    if added:
        _ARTICLES[database] = (before + added, newest)
    return before + int(added)


_ADDED = select(func.count(), func.max(article.c.id)).where(article.c.id > bindparam("last"))


def _number(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def _counted(
    connection: Connection, table: Table, column: Any, *conditions: ColumnElement[bool]
) -> tuple[tuple[str, int], ...]:
    query = select(column, func.count()).select_from(table).where(*conditions).group_by(column).order_by(column)
    return tuple((name, number) for name, number in connection.execute(query))


# --- the outbox ----------------------------------------------------------------------------------------------------
def _waiting() -> Any:
    """The columns of `Waiting`, in its order, each from an index of its own: most rows are done, and asked by none."""
    queued = delivery.c.state == "queued"
    return select(
        _messages(queued),
        _messages(queued, is_open(), is_ripe()),
        _messages(queued, chat.c.state != "active"),
        _messages(delivery.c.state.in_(("claimed", "sending"))),
        _messages(delivery.c.state == "dead"),
        select(func.coalesce(func.sum(delivery.c.doubts), 0)).where(delivery.c.doubts > 0).scalar_subquery(),
        select(func.min(delivery.c.queued_at)).where(queued).scalar_subquery(),
    )


def _messages(*which: ColumnElement[bool]) -> Any:
    both = delivery.join(chat, chat.c.id == delivery.c.chat_id)
    return select(func.count()).select_from(both).where(*which).scalar_subquery()


# Built once: building it costs more than running it
_WAITING = _waiting()
# The places off Telegram where something waits since a try failed, the longest first
_STUCK = (
    select(func.max(delivery.c.error), func.count(), func.min(delivery.c.queued_at).label("since"))
    .join_from(delivery, chat, delivery.c.chat_id == chat.c.id)
    .where(chat.c.kind == "elsewhere", delivery.c.state.in_(("queued", "claimed", "sending")))
    .group_by(chat.c.id)
    .having(func.max(delivery.c.error).is_not(None))
    .order_by("since")
)
