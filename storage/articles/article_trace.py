"""Everything the store knows of what became of an article, for one chat."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from matchers.stories.grouping import looked_at
from storage.articles.articles import addresses, article_of, articles_of, by_address, matches_of
from storage.articles.triage_state import standing
from storage.chats.model import Posted
from storage.database import Database
from storage.feeds.feeds import feed_of, state_of
from storage.ids import ArticleId, ChatKey
from storage.schema import article, delivery, digest, feed, grouped, sighting, subscription
from storage.stories.announcements import shown_to
from storage.stories.dossiers import reasons_of
from storage.stories.model import Announced, ArticleTrace, Decision, Placing


class ArticleTraces:
    """Read only: nothing is fetched, nothing is judged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_address(self, url_keys: Sequence[str], host: str, key: ChatKey | None, thread: int = 0) -> ArticleTrace:
        """The facts on the article at this address; `host` is whose feeds should have had it."""
        with self._database.read() as connection:
            identifier = by_address(url_keys, addresses(connection, url_keys))
            return _facts(connection, identifier, host, key, thread)

    def of_article(self, identifier: ArticleId, key: ChatKey | None, thread: int = 0) -> ArticleTrace:
        """The facts on an article that is known: on the one that the chat sees, where its message was edited since."""
        with self._database.read() as connection:
            if key is not None:
                identifier = shown_to(connection, identifier, (key, thread))
            return _facts(connection, identifier, "", key, thread)

    def shown(self, told: Announced) -> ArticleId:
        """The article whose title the message of that announcement bears."""
        with self._database.read() as connection:
            return shown_to(connection, told.article, (told.chat, told.thread))

    def is_news(self, key: ChatKey, message: int) -> bool:
        """Whether a message of ours is an alert, a digest or another that the outbox sent, and no menu."""
        with self._database.read() as connection:
            which = and_(delivery.c.chat_id == key, delivery.c.message_id == message)
            return connection.execute(select(delivery.c.id).where(which).limit(1)).first() is not None

    def last_told(self, key: ChatKey, thread: int = 0) -> Announced | None:
        """The article of the last flash that arrived there; None before the first."""
        query = (
            select(delivery.c.item)
            .where(
                delivery.c.chat_id == key,
                delivery.c.thread == thread,
                delivery.c.lane == "flash",
                delivery.c.state == "done",
                delivery.c.item.like("a%"),
            )
            .order_by(delivery.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            item = connection.execute(query).scalar()
        return Announced(ArticleId(int(item.removeprefix("a"))), key, thread) if item is not None else None

    def behind_message(self, key: ChatKey, message: int) -> Announced | None:
        """What a message of ours announced, or what it added to (an official source, a revision); None for a digest, or
        for a message not known any more."""
        which = and_(delivery.c.chat_id == key, delivery.c.message_id == message)
        with self._database.read() as connection:
            row = connection.execute(select(delivery).where(which).limit(1)).one_or_none()
            if row is not None and row.item.startswith("s"):
                row = connection.execute(select(delivery).where(delivery.c.id == row.target)).one_or_none()
        number = row.item.removeprefix("a") if row is not None else ""
        if row is None or not number.isdecimal():
            return None
        return Announced(ArticleId(int(number)), ChatKey(row.chat_id), row.thread)


def _facts(
    connection: Connection, identifier: ArticleId | None, host: str, key: ChatKey | None, thread: int
) -> ArticleTrace:
    if identifier is None:
        return ArticleTrace(feeds=_feeds(connection, host))
    stored = article_of(connection, identifier)
    if stored is None:
        return ArticleTrace(feeds=_feeds(connection, host))
    group = connection.execute(select(grouped).where(grouped.c.article_id == identifier)).one_or_none()
    story = group.story_id if group else None
    members = _members(connection, identifier, story)
    copied = group.copy_of if group and group.copy_of != identifier else None
    reasons = reasons_of(connection, identifier)
    return ArticleTrace(
        article=stored,
        muted=bool(connection.execute(select(article.c.muted).where(article.c.id == identifier)).scalar()),
        brought=_brought(connection, identifier),
        feeds=_feeds(connection, host),
        matches=matches_of(connection, (identifier,)).get(identifier, ()),
        copy_of=article_of(connection, ArticleId(copied)) if copied else None,
        story=article_of(connection, ArticleId(story)) if story and story != identifier else None,
        members=len(members) - 1,
        followed=_followed(connection, key, thread, identifier),
        posted=_posted(connection, key, members),
        placed=_placed(connection, key, thread, members, stored.first_seen),
        elsewhere=_elsewhere(connection, key, members),
        reasons=reasons,
        compared=articles_of(connection, _named(reasons)),
        stands=standing(connection, (identifier,)).get(identifier),
    )


def _named(reasons: Sequence[Decision]) -> list[ArticleId]:
    """The articles that these reasons name; a story has the number of its first one."""
    targets = {each.target for each in reasons if each.target is not None}
    beside = {each.story for reason in reasons for each in looked_at(reason.numbers)}
    return sorted(map(ArticleId, targets | beside))


def _members(connection: Connection, identifier: ArticleId, story: int | None) -> tuple[ArticleId, ...]:
    """The articles of its story, this one first."""
    if story is None:
        return (identifier,)
    query = select(grouped.c.article_id).where(grouped.c.story_id == story, grouped.c.article_id != identifier)
    return (identifier, *map(ArticleId, connection.execute(query).scalars()))


def _brought(connection: Connection, identifier: ArticleId) -> tuple[tuple[str, datetime], ...]:
    query = (
        select(feed.c.name, func.min(sighting.c.first_seen, type_=sighting.c.first_seen.type))
        .join(sighting, sighting.c.feed_id == feed.c.id)
        .where(sighting.c.article_id == identifier)
        .group_by(feed.c.id)
        .order_by(func.min(sighting.c.first_seen))
    )
    return tuple((name, when) for name, when in connection.execute(query))


def _feeds(connection: Connection, host: str) -> tuple[Any, ...]:
    """The feeds of a site, its subdomains included."""
    if not host:
        return ()
    rows = connection.execute(select(feed).where(or_(feed.c.host == host, feed.c.host.endswith(f".{host}"))))
    return tuple((replace(feed_of(row), enabled=row.enabled and not _held(row)), state_of(row)) for row in rows)


def _held(row: Any) -> bool:
    """Whether it was not asked since an operator put it to rest."""
    return row.paused_until is not None and (row.checked_at is None or row.checked_at < row.paused_until)


def _followed(connection: Connection, key: ChatKey | None, thread: int, before: ArticleId) -> tuple[str, ...]:
    if key is None:
        return ()
    query = select(subscription.c.watchlist).where(
        subscription.c.chat_id == key, subscription.c.thread == thread, subscription.c.since < before
    )
    return tuple(connection.execute(query.order_by(subscription.c.watchlist)).scalars())


def _posted(connection: Connection, key: ChatKey | None, members: Sequence[ArticleId]) -> tuple[Posted, ...]:
    """The messages about these articles in this chat, oldest first; those of any chat for None."""
    items = [f"a{each}" for each in members]
    query = select(delivery).where(delivery.c.item.in_(items)).order_by(delivery.c.id)
    if key is not None:
        query = query.where(delivery.c.chat_id == key)
    return tuple(
        Posted(row.item, row.lane, row.state, row.queued_at, row.settled_at, row.doubts, row.error or "")
        for row in connection.execute(query)
    )


def _placed(
    connection: Connection, key: ChatKey | None, thread: int, members: Sequence[ArticleId], since: datetime
) -> Placing | None:
    """The first digest of the chat that held one of these."""
    if key is None:
        return None
    query = select(digest).where(digest.c.chat_id == key, digest.c.thread == thread, digest.c.made_at >= since)
    for row in connection.execute(query.order_by(digest.c.made_at)):
        for number, (held, _, part) in enumerate(json.loads(row.lines), start=1):
            if held in members:
                return Placing(row.name, row.made_at, part, number)
    return None


def _elsewhere(connection: Connection, key: ChatKey | None, members: Sequence[ArticleId]) -> int:
    """How many other chats were sent one of these."""
    items = [f"a{each}" for each in members]
    query = select(func.count(delivery.c.chat_id.distinct())).where(
        delivery.c.item.in_(items), delivery.c.state == "done", delivery.c.chat_id != (key or 0)
    )
    return connection.execute(query).scalar_one()
