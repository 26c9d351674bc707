"""The digests: what each one may hold, and which were closed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, and_, bindparam, func, or_, select

from matchers.model import Level, Match
from storage.acts.reminders import keep_reminders
from storage.articles.articles import articles_of, match_from, matches_of, read_count
from storage.articles.model import RegisterHead
from storage.articles.newcomers import newcomers
from storage.articles.register import head_of
from storage.chats.model import ClosedSlot, Contents, DigestItem, Lane, NewDigest, Window
from storage.chats.queueing import queue
from storage.database import Database
from storage.dialect import elements, insert, later
from storage.ids import ArticleId, ChatKey
from storage.prepared import Prepared
from storage.schema import (
    article,
    article_match,
    chat,
    delivery,
    digest,
    digest_cursor,
    digest_slot,
    feed,
    subscription,
)
from storage.stories.announcements import stories_of
from storage.stories.lines import Gathered, by_story, chunks, gathered, members_of, ongoing, with_sources

KEPT = 4  # closed slots reported per chat and lane: today's, though readers asked for digests in between
_LANE: Mapping[Level, Lane] = {"flash": "daily", "daily": "daily", "weekly": "weekly"}

_Place = tuple[ChatKey, int]
"""A chat and a topic of it."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Lists followed alike: what came after `since` among articles, and after `cursor` among matches."""

    since: int
    cursor: int
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Came:
    """What came that no earlier digest has held, for whoever wants the same; `newest` is the last match there is."""

    items: tuple[DigestItem, ...]
    stories: Gathered
    newest: int


@dataclass(slots=True)
class DigestRound:
    """What was looked up for the digests of one hour: chats that want the same are given the same."""

    came: dict[tuple[_Wanted, ...], _Came] = field(default_factory=dict)
    read: dict[datetime, tuple[int, int]] = field(default_factory=dict)
    head: list[RegisterHead | None] = field(default_factory=list)

    def head_of(self, connection: Connection) -> RegisterHead | None:
        """The register's head as it was at the first digest: chats that read alike are told the same."""
        if not self.head:
            self.head.append(head_of(connection))
        return self.head[0]


class Digests:
    """The daily and the weekly lane of every chat, each with its own cursor."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def window(
        self,
        key: ChatKey,
        lanes: Sequence[Lane],
        levels: Mapping[str, Level],
        thread: int = 0,
        shared: DigestRound | None = None,
    ) -> Window:
        """What came since these lanes of a chat, or of a topic of it, were last closed.

        `levels` are the watchlists' own, for who chose none. A watchlist that neither has a level nor was given one is
        left out. Flash items belong to the daily lane. `shared` is what was looked up for others in the same minute.
        """
        shared = DigestRound() if shared is None else shared
        with self._database.read() as connection:
            closed = _cursors(connection, key, thread)
            cursors = {lane: _cursor(closed, lane) for lane in lanes}
            wanted = _wanted(connection, (key, thread), levels, cursors)
            if wanted not in shared.came:
                shared.came[wanted] = _came(connection, wanted)
            came = shared.came[wanted]
            since = max((closed[lane].closed_at for lane in lanes if lane in closed), default=None)
            start = since or _arrival(connection, key)
            if start is not None and start not in shared.read:
                shared.read[start] = (read_count(connection, start), _sources(connection, start))
            read, sources = (0, 0) if start is None else shared.read[start]
            items = by_story(connection, _flashed(connection, came.items, (key, thread)), came.stories, (key, thread))
            return Window(
                items=items,
                read=read,
                cursor=max([came.newest, *(_cursor(closed, lane) for lane in lanes)]),
                since=since,
                sources=sources,
                ongoing=ongoing(connection, items) if "weekly" in lanes else (),
                newcomers=newcomers(connection, items, start) if "weekly" in lanes and start is not None else (),
                head=shared.head_of(connection),
            )

    def close(
        self,
        key: ChatKey,
        lanes: Sequence[Lane],
        slot: str,
        cursor: int,
        digest: NewDigest,
        now: datetime,
        thread: int = 0,
    ) -> bool:
        """Queue a digest, note what it held and which days it was a reminder of, and move its lanes on; False, and
        nothing done, if a lane's slot was already closed."""
        with self._database.write() as connection:
            if _arrival(connection, key) is None or _is_closed(connection, (key, thread), lanes, slot):
                return False
            for lane in lanes:
                _advance(connection, (key, thread), lane, slot, cursor, now)
            keep_reminders(connection, key, thread, digest.due, now)
            _send(connection, (key, thread), digest, now)
        return True

    def show(self, key: ChatKey, digest: NewDigest, now: datetime, thread: int = 0) -> None:
        """Queue a digest on request, and note what it held: its lanes stay where they are."""
        with self._database.write() as connection:
            if _arrival(connection, key) is None:
                return
            _send(connection, (key, thread), digest, now)

    def kept(self, key: ChatKey, name: str, thread: int = 0) -> Contents | None:
        """What the digest of this name held; None if it is not known any more."""
        mine = and_(digest.c.chat_id == key, digest.c.thread == thread, digest.c.name == name)
        with self._database.read() as connection:
            row = connection.execute(select(digest).where(mine)).one_or_none()
        if row is None:
            return None
        lines = tuple((ArticleId(each), list_, part) for each, list_, part in json.loads(row.lines))
        return Contents(row.name, row.head, lines, row.foot)

    def items(self, articles: Sequence[ArticleId], place: tuple[ChatKey, int] | None = None) -> tuple[DigestItem, ...]:
        """These articles with all that their stories match, in this order; those that are gone are left out. `place` is
        the chat and topic that read them, None where it does not matter."""
        with self._database.read() as connection:
            stored, matches = articles_of(connection, articles), matches_of(connection, articles)
            items = [DigestItem(stored[each], matches.get(each, ())) for each in articles if each in stored]
            return with_sources(connection, items, place)

    def last(self, key: ChatKey, thread: int = 0) -> tuple[ClosedSlot, ...]:
        """The slot last closed on each lane, by lane; lanes without any are left out."""
        with self._database.read() as connection:
            closed = _cursors(connection, key, thread)
        return tuple(ClosedSlot(row.lane, row.slot, row.closed_at) for _, row in sorted(closed.items()))

    def closed_slots(self) -> Mapping[tuple[ChatKey, int], tuple[ClosedSlot, ...]]:
        """The slots last closed on each lane of every chat and topic, newest first, a few of each."""
        order = digest_slot.c.closed_at.desc(), digest_slot.c.slot.desc()
        place = func.row_number().over(
            partition_by=(digest_slot.c.chat_id, digest_slot.c.thread, digest_slot.c.lane), order_by=order
        )
        ranked = select(digest_slot, place.label("place")).subquery()
        query = select(ranked).where(ranked.c.place <= KEPT).order_by(ranked.c.chat_id, ranked.c.place)
        found: dict[tuple[ChatKey, int], tuple[ClosedSlot, ...]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                key = (ChatKey(row.chat_id), row.thread)
                found[key] = (*found.get(key, ()), ClosedSlot(row.lane, row.slot, row.closed_at))
        return found

    def preview(self, watchlists: Sequence[str], limit: int) -> tuple[DigestItem, ...]:
        """The newest articles that match one of these, newest first, those of a first reading included."""
        holding = and_(article_match.c.holds, article_match.c.watchlist.in_(watchlists))
        newest = (
            select(article_match.c.article_id)
            .where(holding)
            .group_by(article_match.c.article_id)
            .order_by(article_match.c.article_id.desc())
            .limit(limit)
        )
        query = (
            select(article_match)
            .where(holding, article_match.c.article_id.in_(newest))
            .order_by(article_match.c.article_id.desc(), article_match.c.watchlist)
        )
        with self._database.read() as connection:
            return _items(connection, connection.execute(query).all())

    def subjects(self, articles: Sequence[ArticleId]) -> int:
        """How many stories these articles tell; one without a story is one."""
        with self._database.read() as connection:
            stories = stories_of(connection, articles)
        return len({stories.get(each, -each) for each in articles})

    def read_count(self, since: datetime) -> int:
        """How many articles were first seen after `since`."""
        with self._database.read() as connection:
            return read_count(connection, since)


def _cursors(connection: Connection, key: ChatKey, thread: int) -> dict[Lane, Any]:
    return {row.lane: row for row in _CURSORS.rows(connection, {"chat": key, "where": thread})}


def _cursor(closed: Mapping[Lane, Any], lane: Lane) -> int:
    return int(closed[lane].cursor) if lane in closed else 0


def _wanted(
    connection: Connection, place: _Place, levels: Mapping[str, Level], cursors: Mapping[Lane, int]
) -> tuple[_Wanted, ...]:
    """What a chat, or a topic of it, follows on these lanes."""
    found: dict[tuple[int, int], list[str]] = {}
    for row in _FOLLOWED.rows(connection, {"chat": place[0], "where": place[1]}):
        level = row.level or levels.get(row.watchlist)
        lane = _LANE[level] if level else None
        if lane is not None and lane in cursors:
            found.setdefault((row.since, cursors[lane]), []).append(row.watchlist)
    return tuple(_Wanted(since, cursor, tuple(lists)) for (since, cursor), lists in sorted(found.items()))


def _came(connection: Connection, wanted: tuple[_Wanted, ...]) -> _Came:
    newest = connection.execute(_NEWEST).scalar() or 0
    after = [row for each in wanted for row in connection.execute(_AFTER, _asked(each))]
    items = _items(connection, sorted(after, key=lambda row: row.id))
    known = gathered(connection, [item.article.id for item in items])
    told = members_of(connection, sorted(set(known.story.values())))
    before: set[ArticleId] = set()
    for chunk in chunks(sorted(told)) if told else ():
        for each in wanted:
            before.update(connection.execute(_HELD, {**_asked(each), "articles": chunk}).scalars())
    over = {told[each] for each in before}
    return _Came(tuple(item for item in items if known.story.get(item.article.id) not in over), known, newest)


def _asked(wanted: _Wanted) -> dict[str, Any]:
    return {"lists": wanted.lists, "since": wanted.since, "cursor": wanted.cursor}


def _flashed(connection: Connection, items: Sequence[DigestItem], place: _Place) -> tuple[DigestItem, ...]:
    """The items, those marked that went out as flashes to this chat, or topic of it."""
    names = [f"a{item.article.id}" for item in items]
    asked = {"chat": place[0], "where": place[1], "names": json.dumps(names)}
    sent = {row.item for row in _SENT.rows(connection, asked)} if names else set()
    marked = zip(items, names, strict=True)
    return (
        tuple(replace(item, flashed=True) if name in sent else item for item, name in marked) if sent else tuple(items)
    )


def _items(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[DigestItem, ...]:
    """One item per article, in the order of its first match."""
    matches: dict[ArticleId, tuple[Match, ...]] = {}
    for row in rows:
        identifier = ArticleId(row.article_id)
        matches[identifier] = (*matches.get(identifier, ()), match_from(row))
    stored = articles_of(connection, tuple(matches))
    return tuple(DigestItem(stored[each], matches[each]) for each in matches)


def _arrival(connection: Connection, key: ChatKey) -> datetime | None:
    arrived: datetime | None = _ARRIVED.scalar(connection, {"chat": key})
    return arrived


def _sources(connection: Connection, since: datetime) -> int:
    query = select(func.count()).select_from(feed).where(feed.c.succeeded_at > since)
    return connection.execute(query).scalar_one()


def _is_closed(connection: Connection, place: _Place, lanes: Sequence[Lane], slot: str) -> bool:
    asked = {"chat": place[0], "where": place[1], "name": slot}
    return any(_CLOSED.one(connection, {**asked, "which": lane}) is not None for lane in lanes)


def _advance(connection: Connection, place: _Place, lane: Lane, slot: str, cursor: int, now: datetime) -> None:
    done = {"chat_id": place[0], "thread": place[1], "lane": lane, "slot": slot, "closed_at": now}
    _SLOT.run(connection, done)
    _FORWARD.run(connection, {**done, "cursor": cursor})


def _send(connection: Connection, place: _Place, digest: NewDigest, now: datetime) -> None:
    if digest.kept is not None:
        _keep(connection, place, digest.kept, now)
    queue(connection, digest.deliveries, now)


def _keep(connection: Connection, place: _Place, kept: Contents, now: datetime) -> None:
    lines = json.dumps(kept.lines, separators=(",", ":"))
    told = {"name": kept.name, "head": kept.head, "foot": kept.foot, "lines": lines, "made_at": now}
    _KEEP.run(connection, {"chat_id": place[0], "thread": place[1], **told})


_ARRIVED = Prepared(select(chat.c.arrived_at).where(chat.c.id == bindparam("chat")))
_CURSORS = Prepared(
    select(digest_cursor).where(
        digest_cursor.c.chat_id == bindparam("chat"), digest_cursor.c.thread == bindparam("where")
    )
)
_CLOSED = Prepared(
    select(digest_slot.c.slot).where(
        digest_slot.c.chat_id == bindparam("chat"),
        digest_slot.c.thread == bindparam("where"),
        digest_slot.c.lane == bindparam("which"),
        digest_slot.c.slot == bindparam("name"),
    )
)
_DONE = ("chat_id", "thread", "lane", "slot", "closed_at")
_SLOT = Prepared(digest_slot.insert().inline(), _DONE)
_moved = insert(digest_cursor)
_FORWARD = Prepared(
    _moved.on_conflict_do_update(
        index_elements=["chat_id", "thread", "lane"],
        set_={
            "slot": _moved.excluded.slot,
            "closed_at": _moved.excluded.closed_at,
            # It never goes back: two digests composed at once must not repeat what the later one has told.
            "cursor": later(digest_cursor.c.cursor, _moved.excluded.cursor),
        },
    ),
    (*_DONE, "cursor"),
)
_KEEP = Prepared(
    insert(digest).on_conflict_do_nothing(index_elements=["chat_id", "thread", "name"]),
    ("chat_id", "thread", "name", "head", "foot", "lines", "made_at"),
)
_FOLLOWED = Prepared(
    select(subscription.c.watchlist, subscription.c.level, subscription.c.since)
    .where(subscription.c.chat_id == bindparam("chat"), subscription.c.thread == bindparam("where"))
    .order_by(subscription.c.watchlist)
)
_NEWEST = select(func.max(article_match.c.id))
_TELLABLE = (
    select(article_match)
    .join(article, article.c.id == article_match.c.article_id)
    .where(
        article_match.c.watchlist.in_(bindparam("lists", expanding=True)),
        article_match.c.holds,
        article_match.c.article_id > bindparam("since"),
        ~article.c.muted,
    )
)
_AFTER = _TELLABLE.where(article_match.c.id > bindparam("cursor"))
# By article, never by list: a list has every match of years
_HELD = _TELLABLE.with_only_columns(article_match.c.article_id).where(
    article_match.c.article_id.in_(bindparam("articles", expanding=True)),
    # « + 0 » keeps the bound out of the index: behind two lists of values, SQLite 3.40 goes past it once it has
    # statistics, and what came since was taken for told
    article_match.c.id + 0 <= bindparam("cursor"),
)
_names = elements(bindparam("names", type_=String))
_SENT = Prepared(
    select(delivery.c.item).where(
        delivery.c.chat_id == bindparam("chat"),
        delivery.c.thread == bindparam("where"),
        or_(delivery.c.lane == "flash", delivery.c.lane == "catchup"),
        delivery.c.item.in_(select(_names.c.value)),
        delivery.c.state != "dead",  # a muted one stands in a catch-up
    )
)
