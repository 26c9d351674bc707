"""The chats: where messages go, and what each one follows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    delete,
    distinct,
    func,
    literal,
    null,
    select,
    update,
)

from matchers.model import Level
from storage.chats.model import Alert, Chat, ChatKind, ChatState, Choices, Destination, Follower, Subscription
from storage.chats.proof import forget_sequence
from storage.chats.rows import chat_of
from storage.database import Database
from storage.dialect import elements, insert, number_in, numbers, reassign
from storage.ids import ArticleId, ChatKey
from storage.operators.causes import about_chat, begin, end, forget_chat, forget_topics
from storage.operators.model import NewNotice
from storage.prepared import Prepared
from storage.schema import METADATA, Instant, article, chat, delivery, held_topic, knock, override, subscription

TIMEZONE = "Europe/Paris"
DIGEST_AT = 8 * 60  # minutes after midnight
CONSOLE = 0  # the telegram_id that no Telegram chat has
NOBODY = 0  # the user id that no person has
FEW = 400  # chats that are looked up at once


class Chats:
    """The destinations and their subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def arrive(self, telegram_id: int, kind: ChatKind, language: str, now: datetime, set_by: int | None = None) -> Chat:
        """Create the chat, or make it active again; one that is known keeps its language, and who set it up."""
        row = insert(chat).values(
            telegram_id=telegram_id,
            kind=kind,
            language=language,
            timezone=TIMEZONE,
            digest_at=DIGEST_AT,
            state="active",
            arrived_at=now,
            set_by=set_by,
        )
        returned = case((chat.c.state != "active", literal(now, Instant())), else_=chat.c.back_at)
        back = {"kind": kind, "state": "active", "gone_at": None, "back_at": returned}
        with self._database.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["telegram_id"], set_=back))
            found = _required(connection, chat.c.telegram_id == telegram_id)
            end(connection, about_chat(found.key), ("left", "rights"), now)
            return found

    def find(self, telegram_id: int) -> Chat | None:
        """The chat with this Telegram id, whatever its state; None if it never came, or left for good."""
        with self._database.read() as connection:
            return _one(connection, chat.c.telegram_id == telegram_id)

    def get(self, key: ChatKey) -> Chat | None:
        with self._database.read() as connection:
            return _one(connection, chat.c.id == key)

    def console(self, now: datetime) -> Chat:
        """The terminal, created on first use."""
        return self.arrive(CONSOLE, "console", "fr", now)

    def active(self) -> tuple[Chat, ...]:
        """The chats that may be written to, by key."""
        with self._database.read() as connection:
            rows = connection.execute(select(chat).where(chat.c.state == "active").order_by(chat.c.id))
            return tuple(chat_of(row) for row in rows)

    def shared(self, user: int, limit: int) -> tuple[Chat, ...]:
        """The groups and channels where we are: those that this person set up, then the newest."""
        query = (
            select(chat)
            .where(chat.c.kind.in_(("group", "supergroup", "channel")), chat.c.state != "gone")
            .order_by(chat.c.set_by.is_not_distinct_from(user).desc(), chat.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(chat_of(row) for row in connection.execute(query))

    def follow(self, key: ChatKey, watchlist: str, level: Level | None, now: datetime, thread: int = 0) -> None:
        """Subscribe, or change the level; `thread` is the topic it goes to, 0 the chat itself.

        What was stored before the first subscription stays old news.
        """
        newest = select(func.coalesce(func.max(article.c.id), 0)).scalar_subquery()
        row = insert(subscription).values(
            chat_id=key, thread=thread, watchlist=watchlist, level=level, since=newest, made_at=now
        )
        with self._database.write() as connection:
            connection.execute(
                row.on_conflict_do_update(index_elements=["chat_id", "thread", "watchlist"], set_={"level": level})
            )

    def unfollow(self, key: ChatKey, watchlist: str, thread: int = 0) -> bool:
        """End a subscription; False if there was none."""
        mine = and_(_destined(key, thread), subscription.c.watchlist == watchlist)
        with self._database.write() as connection:
            return connection.execute(delete(subscription).where(mine)).rowcount > 0

    def following(self, key: ChatKey, thread: int = 0) -> tuple[Subscription, ...]:
        """The subscriptions of a chat, or of a topic of it, by watchlist id."""
        query = select(subscription).where(_destined(key, thread)).order_by(subscription.c.watchlist)
        with self._database.read() as connection:
            return tuple(Subscription(row.watchlist, row.level, row.since) for row in connection.execute(query))

    def destinations(self) -> tuple[Destination, ...]:
        """The chats that may be written to, and their topics, with what each follows; by key and topic."""
        query = (
            select(chat, subscription.c.thread, subscription.c.watchlist, subscription.c.level, subscription.c.since)
            .join(subscription, subscription.c.chat_id == chat.c.id)
            .where(chat.c.state == "active")
            .order_by(chat.c.id, subscription.c.thread, subscription.c.watchlist)
        )
        with self._database.read() as connection:
            return _destinations(connection.execute(query))

    def settings(self, key: ChatKey, choices: Choices) -> Chat:
        """Change what is given; LookupError if the chat is not known."""
        given = {name: value for name, value in asdict(choices).items() if value is not None}
        with self._database.write() as connection:
            if given:
                connection.execute(update(chat).where(chat.c.id == key).values(**given))
            return _required(connection, chat.c.id == key)

    def leave(self, telegram_id: int, now: datetime) -> None:
        """The bot may not write there any more: its rows are kept for a while, then pruned."""
        with self._database.write() as connection:
            set_gone(connection, chat.c.telegram_id == telegram_id, now)

    def free_topic(self, telegram_id: int, thread: int, now: datetime) -> None:
        """A topic is open again: what was held for it goes out."""
        with self._database.write() as connection:
            found = _one(connection, chat.c.telegram_id == telegram_id)
            if found is not None:
                mine = and_(held_topic.c.chat_id == found.key, held_topic.c.thread == thread)
                connection.execute(delete(held_topic).where(mine))
                end(connection, about_chat(found.key, thread), ("topic",), now)

    def close_topic(self, telegram_id: int, thread: int, now: datetime) -> None:
        """A topic is closed: what goes there waits."""
        with self._database.write() as connection:
            found = _one(connection, chat.c.telegram_id == telegram_id)
            if found is not None:
                hold_topic(connection, found.key, thread, now)

    def held_topics(self, key: ChatKey) -> tuple[int, ...]:
        """The topics of a chat that are closed or gone, and for which something is kept."""
        awaited = select(subscription.c.thread).where(subscription.c.chat_id == key)
        waiting = select(delivery.c.thread).where(delivery.c.chat_id == key, delivery.c.state == "queued")
        query = select(held_topic.c.thread).where(
            held_topic.c.chat_id == key, held_topic.c.thread.in_(awaited) | held_topic.c.thread.in_(waiting)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query.order_by(held_topic.c.thread)).scalars())

    def take_over(self, key: ChatKey, held: int, thread: int, now: datetime) -> bool:
        """What a held topic followed, and what waits for it, goes to another one, 0 being the chat itself; where both
        have it, the other keeps its own. False where that topic is not held, or is this one."""
        mine = and_(held_topic.c.chat_id == key, held_topic.c.thread == held)

        def there(table: Any) -> ColumnElement[bool]:
            return and_(table.c.chat_id == key, table.c.thread == held)

        with self._database.write() as connection:
            if held == thread or connection.execute(delete(held_topic).where(mine)).rowcount == 0:
                return False
            for table in _tables("chat_id", "thread"):
                connection.execute(reassign(table, there, {"thread": thread}))
                connection.execute(delete(table).where(there(table)))
            end(connection, about_chat(key, held), ("topic",), now)
        return True

    def silence(self, telegram_id: int) -> None:
        """The bot may read there, and not write: what goes there waits for the right to come back."""
        mine = (chat.c.telegram_id == telegram_id) & (chat.c.state == "active")
        with self._database.write() as connection:
            connection.execute(update(chat).where(mine).values(state="held"))

    def migrate(self, old: int, new: int) -> None:
        """The chat `old` is now `new` on Telegram; everything else stays. Saying it again changes nothing."""
        with self._database.write() as connection:
            move(connection, old, new)

    def forget(self, key: ChatKey) -> None:
        """Delete everything about a chat, from the files too."""
        with self._database.write() as connection:
            # A person's chat has that person's id, which may stand beside a group as who set it up
            person = select(chat.c.telegram_id).where(chat.c.id == key).scalar_subquery()
            connection.execute(update(chat).where(chat.c.set_by == person).values(set_by=None))
            # and beside what they asked to put together or apart: what moved stays, what nobody decided goes
            asked = override.c.by == person
            connection.execute(delete(override).where(asked, override.c.moved.is_(None)))
            connection.execute(update(override).where(asked).values(by=NOBODY))
            connection.execute(delete(chat).where(chat.c.id == key))
            forget_chat(connection, key)
            forget_sequence(connection, key)
        self._database.scrub()

    def offered(self, key: ChatKey) -> str | None:
        """The digest of the commands that this chat's clients were last told; None: those of all chats."""
        with self._database.read() as connection:
            return connection.execute(select(chat.c.commands).where(chat.c.id == key)).scalar()

    def offer(self, key: ChatKey, digest: str) -> None:
        with self._database.write() as connection:
            connection.execute(update(chat).where(chat.c.id == key).values(commands=digest))

    def knock(self, person: str, day: date) -> bool:
        """Somebody asks to be let in; False where that person (a hash) already did today."""
        row = insert(knock).values(person=person, day=day.isoformat())
        again = row.on_conflict_do_update(
            index_elements=["person"], set_={"day": row.excluded.day}, where=knock.c.day != row.excluded.day
        )
        with self._database.write() as connection:
            return connection.execute(again.returning(knock.c.person)).first() is not None

    def forget_knock(self, person: str) -> None:
        """Nobody remembers that this person (a hash) asked to be let in."""
        with self._database.write() as connection:
            connection.execute(delete(knock).where(knock.c.person == person))

    def alerts(self, key: ChatKey, since: datetime) -> tuple[Alert, ...]:
        """The alerts that reached this chat since then, oldest first."""
        query = (
            select(delivery.c.settled_at, article.c.title, article.c.url)
            # by its key: else every article would be held against every message
            .join(article, article.c.id == number_in(delivery.c.item))
            .where(delivery.c.chat_id == key, delivery.c.state == "done", delivery.c.settled_at > since)
            .where(delivery.c.item == literal("a") + cast(article.c.id, String))
            .order_by(delivery.c.id)
        )
        with self._database.read() as connection:
            return tuple(Alert(*row) for row in connection.execute(query))

    def export(self, key: ChatKey) -> str | None:
        """Everything kept about a chat, as JSON: one list of rows per table; None if it is not known."""
        with self._database.read() as connection:
            mine = _rows(connection, chat, chat.c.id == key)
            if not mine:
                return None
            held = {
                table.name: _rows(connection, table, table.c.chat_id == key)
                for table in METADATA.sorted_tables
                if "chat_id" in table.c
            }
        return json.dumps({"chat": mine, **held}, ensure_ascii=False, indent=2)


def followers(
    connection: Connection,
    watchlists: Sequence[str],
    before: ArticleId,
    now: datetime,
    within: tuple[int, int],
) -> tuple[Follower, ...]:
    """The chats that followed one of these watchlists before this article came; by key, and of those keys that come
    after the first of `within`, up to the second. One that we may not write to
    has it waiting for its return, as one digest of what it missed."""
    asked = {"names": json.dumps(list(watchlists)), "before": before, "after": within[0], "upto": within[1]}
    found = _destinations(_FOLLOWERS.rows(connection, asked))
    budgets = any(each.chat.per_week for each in found)
    rung = _rung(connection, sorted({each.chat.key for each in found}), budgets, now)
    return tuple(
        Follower(each.chat, each.subscriptions, *rung.get(each.chat.key, (0, 0, 0)), each.thread) for each in found
    )


def _destinations(rows: Iterable[Any]) -> tuple[Destination, ...]:
    """Rows of subscriptions with their chat, those of one destination together."""
    grouped = groupby(rows, key=lambda row: (row.id, row.thread))
    found = []
    for (_, thread), held in grouped:
        mine = list(held)
        theirs = tuple(Subscription(row.watchlist, row.level, row.since) for row in mine)
        found.append(Destination(chat_of(mine[0]), thread, theirs))
    return tuple(found)


def _destined(key: ChatKey, thread: int) -> ColumnElement[bool]:
    return and_(subscription.c.chat_id == key, subscription.c.thread == thread)


def _rung(
    connection: Connection, keys: Sequence[ChatKey], budgets: bool, now: datetime
) -> dict[int, tuple[int, int, int]]:
    """The flashes queued for each of these chats over an hour, a day and a week; one told in several topics is one.
    `budgets`: is the week of any chat worth counting?"""
    asked = {"hour": now - _AN_HOUR, "day": now - _A_DAY, "since": now - (_A_WEEK if budgets else _A_DAY)}
    found: dict[int, tuple[int, int, int]] = {}
    for start in range(0, len(keys), FEW):
        rows = _RUNG.rows(connection, asked | {"few": json.dumps(keys[start : start + FEW])})
        found |= {key: (hour, day, week if budgets else 0) for key, hour, day, week in rows}
    return found


_names = elements(bindparam("names", type_=String))
_FOLLOWERS = Prepared(
    select(chat, subscription.c.thread, subscription.c.watchlist, subscription.c.level, subscription.c.since)
    .join(subscription, subscription.c.chat_id == chat.c.id)
    .where(
        subscription.c.watchlist.in_(select(_names.c.value)),
        subscription.c.since < bindparam("before"),
        subscription.c.chat_id > bindparam("after"),
        subscription.c.chat_id <= bindparam("upto"),
    )
    .order_by(chat.c.id, subscription.c.thread, subscription.c.watchlist)
)
_AN_HOUR, _A_DAY, _A_WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
_LATELY, _TODAY = (
    case((delivery.c.queued_at > bindparam(span, type_=Instant()), delivery.c.item), else_=null())
    for span in ("hour", "day")
)
_listing, _few = numbers(bindparam("few", type_=String))
_RUNG = Prepared(
    select(
        delivery.c.chat_id,
        func.count(distinct(_LATELY)),
        func.count(distinct(_TODAY)),
        func.count(distinct(delivery.c.item)),
    )
    .where(
        delivery.c.lane == "flash",
        delivery.c.chat_id.in_(select(_few)),
        delivery.c.queued_at > bindparam("since", type_=Instant()),
    )
    .group_by(delivery.c.chat_id)
)


def set_gone(connection: Connection, which: Any, now: datetime) -> None:
    """Mark a chat gone; saying it again does not lengthen the time its rows are kept.

    A team that hears nothing any more may not know it: operators are told, though not of who leaves a private chat.
    """
    for row in connection.execute(select(chat).where(which, chat.c.state != "gone")).all():
        connection.execute(update(chat).where(chat.c.id == row.id).values(state="gone", gone_at=now))
        if row.kind in ("group", "supergroup", "channel"):
            waiting = select(func.count()).where(delivery.c.chat_id == row.id, delivery.c.state == "queued")
            left = NewNotice("left", str(connection.execute(waiting).scalar_one()), now)
            begin(connection, about_chat(row.id), (left,), now)


def set_state(connection: Connection, key: ChatKey, state: ChatState) -> None:
    connection.execute(update(chat).where(chat.c.id == key).values(state=state))


def hold_topic(connection: Connection, key: ChatKey, thread: int, now: datetime) -> None:
    """Hold what goes to a topic, until it is free again."""
    row = insert(held_topic).values(chat_id=key, thread=thread, held_at=now)
    connection.execute(row.on_conflict_do_nothing(index_elements=["chat_id", "thread"]))


def move(connection: Connection, old: int, new: int) -> None:
    """`Chats.migrate`, inside the caller's transaction."""
    kept = connection.execute(select(chat.c.id).where(chat.c.telegram_id == old)).scalar()
    if kept is None or old == new:
        return
    newcomer = connection.execute(select(chat.c.id).where(chat.c.telegram_id == new)).scalar()
    if newcomer is not None:
        _absorb(connection, newcomer, kept)
    connection.execute(update(chat).where(chat.c.id == kept).values(telegram_id=new, kind="supergroup"))
    forget_sequence(connection, ChatKey(kept))
    # A group has no topics, and the supergroup's are not the ones we knew
    connection.execute(delete(held_topic).where(held_topic.c.chat_id == kept))
    forget_topics(connection, kept)
    waiting = reassign(delivery, lambda each: and_(each.c.chat_id == kept, each.c.state == "queued"), {"thread": 0})
    connection.execute(waiting)


def _absorb(connection: Connection, newcomer: int, kept: int) -> None:
    """Give the rows of one chat to another, which keeps its own where both have one."""
    for table in _tables("chat_id"):
        connection.execute(reassign(table, lambda each: each.c.chat_id == newcomer, {"chat_id": kept}))
    connection.execute(delete(chat).where(chat.c.id == newcomer))

    forget_chat(connection, newcomer)


def _tables(*columns: str) -> list[Table]:
    """The tables that have these columns."""
    return [table for table in METADATA.sorted_tables if all(name in table.c for name in columns)]


def _rows(connection: Connection, table: Table, which: Any) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(which)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    """As JSON has it: a moment in ISO 8601, a duration in seconds, bytes in hexadecimal."""
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return value.hex()
    return value


def _one(connection: Connection, which: Any) -> Chat | None:
    row = connection.execute(select(chat).where(which)).one_or_none()
    return None if row is None else chat_of(row)


def _required(connection: Connection, which: Any) -> Chat:
    found = _one(connection, which)
    if found is None:
        raise LookupError("no such chat")
    return found
