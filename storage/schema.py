"""The tables, as the newest migration leaves them."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.types import TypeEngine

from storage.dialect import Insert, insert, words
from storage.failure import StoreError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
LONGEST = 1 << 26  # code points of one text: a message to a server ends at a gigabyte, and so does a value of SQLite's


def clean(text: str) -> str:
    """The same number of code points, which both engines can keep: a lone surrogate and U+0000 become U+FFFD. Raises
    StoreError for more than `LONGEST`."""
    if len(text) > LONGEST:
        raise StoreError(
            f"Un texte de {len(text)} caractères est venu, et la base en prend {LONGEST} au plus : rien n’en est écrit."
        )
    if "\0" not in text:  # nearly always nothing is to be done, and to encode it is the quickest way to know
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return UNWRITABLE.sub("\ufffd", text)


def _clean_or_none(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _microseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // MICROSECOND


Number = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits. SQLite has no other, and makes an id of what is called INTEGER only."""


class AnyText(TypeDecorator[str]):
    """Text from anywhere: never refused for a lone surrogate, and offsets into it stay true. Its order is that of the
    code points, whatever the language of a server."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(words(dialect))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return _clean_or_none(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        return _clean_or_none  # the same with one call less, of which a poll makes thousands


EARLIEST, LATEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(8000, 1, 1, tzinfo=UTC)
"""What an instant can be: beyond, what is counted from it would be no date any more."""
LONGEST_WAIT = timedelta(days=365_000)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC microseconds since 1970. A naive one is a bug and raises TypeError."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return _microseconds(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return _microseconds

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


class Duration(TypeDecorator[timedelta]):
    """A duration, kept as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else value * MICROSECOND


def upsert(table: Table, *key: str, changing: Sequence[str]) -> Insert:
    """Insert a row; where one with this key is there, only the columns `changing` become those of the new one."""
    row = insert(table)
    return row.on_conflict_do_update(index_elements=key, set_={name: row.excluded[name] for name in changing})


METADATA = MetaData()

# Which rows an index holds; on a server `info` says so (storage/server.py): a word of PostgreSQL's here would
# import all of it, 40 ms of every command
_OPEN = text("ended_at IS NULL")
_DOUBTED = text("doubts > 0")
_ALONE = "same_as IS NULL"


def _of_chat() -> Column[int]:
    return Column("chat_id", Number, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False)


def _of_article() -> Column[int]:
    return Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), nullable=False)


feed = Table(
    "feed",
    METADATA,
    Column("id", AnyText, primary_key=True),
    # as in feeds.yaml
    Column("name", AnyText, nullable=False),
    Column("listed_url", AnyText, nullable=False),
    Column("category", AnyText, nullable=False),
    Column("language", AnyText, nullable=False),
    Column("every", Duration),
    Column("reading", AnyText, nullable=False),
    Column("enabled", Boolean, nullable=False),
    # its state: the columns are those of FeedState
    Column("url", AnyText, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("health", AnyText, nullable=False),
    Column("etag", AnyText),
    Column("last_modified", AnyText),
    Column("failures", Number, nullable=False),
    Column("error", AnyText),
    Column("checked_at", Instant),
    Column("succeeded_at", Instant),
    Column("new_entry_at", Instant),
    Column("failing_since", Instant),
    Column("gone_since", Instant),
    Column("hint_until", Instant),
    Column("body", AnyText),
    Column("baseline", Boolean, nullable=False),
    Column("moved_to", AnyText),
    Column("moved_times", Number, nullable=False),
    Column("moved_since", Instant),
    Column("requests", Number, nullable=False),
    Column("not_modified", Number, nullable=False),
    # its lease
    Column("lease_owner", AnyText),
    Column("lease_until", Instant),
    # as in feeds.yaml, added later
    Column("least", Duration),
    Column("most", Duration),
    Column("kind", AnyText, nullable=False, server_default="feed"),
    Column("links", AnyText, nullable=False, server_default=""),
    Column("selector", AnyText, nullable=False, server_default=""),
    # its state, added later
    Column("answered_by", AnyText),
    Column("fresh_for", Duration),
    Column("ttl", Duration),
    Column("skip_hours", Number, nullable=False, server_default=text("0")),
    Column("skip_days", Number, nullable=False, server_default=text("0")),
    Column("ignored", Number, nullable=False, server_default=text("0")),
    Column("changed_at", Instant),
    Column("probed_at", Instant),
    Column("slow_until", Instant),
    Column("haste", Number, nullable=False, server_default=text("0")),
    Column("rhythm", AnyText),
    Column("memory", AnyText),
    Column("bad_body", AnyText),
    Column("bad_until", Instant),
    Column("same_as", AnyText),
    Column("started_at", Instant),
    # the host it is asked from, NULL for a local one
    Column("host", AnyText),
    # as in feeds.yaml, added last
    Column("permission", AnyText, nullable=False, server_default=""),
    Column("dedup", Boolean, nullable=False, server_default=true()),
    # what operators chose of it in the chat
    Column("paused_until", Instant),
    Column("patience", Number, nullable=False, server_default=text("1")),
    # of its last lease: each has another one, so that an earlier poll is known as such
    Column("claim_no", BigInteger, nullable=False, server_default=text("0")),
    Column("official", Boolean),  # as in feeds.yaml
    Column("listing", AnyText, nullable=False, server_default=""),  # how a list is read, as JSON; "" for what is none
    Column("flashed_at", Instant),  # its state, added last
    Index(
        "feed_due",
        "due_at",
        "id",
        sqlite_where=text(f"enabled = 1 AND {_ALONE}"),
        info={"where": text(f"enabled AND {_ALONE}")},
    ),
    Index("feed_host", "host", "lease_until"),
)

# Who may be asked, and from when on: kept here so that neither a restart nor a second process bothers a host.
host = Table(
    "host",
    METADATA,
    Column("name", AnyText, primary_key=True),
    Column("next_slot_at", Instant, nullable=False),
    # somebody is asking it now; far in the past where nobody is
    Column("held_until", Instant, nullable=False),
    Column("blocked_until", Instant, nullable=False),
    Column("penalty", Duration),
    # of its last turn, as in feed
    Column("claim_no", BigInteger, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    METADATA,
    Column("id", Number, primary_key=True),
    # the feed it is about, NULL for what is about anything else
    Column("feed_id", AnyText, ForeignKey("feed.id")),
    # the feed's id, a chat's key...: with the kind, it is one cause
    Column("about", AnyText, nullable=False),
    Column("kind", AnyText, nullable=False),
    Column("detail", AnyText, nullable=False),
    Column("since", Instant, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("times", Number, nullable=False),
    Column("ended_at", Instant),
    # the item of the message that tells it, NULL while nobody was told
    Column("page", AnyText),
    # whether something happened that this message does not tell yet: an end
    Column("stale", Boolean, nullable=False),
    Index("notice_open", "about", "kind", unique=True, sqlite_where=_OPEN, info={"where": _OPEN}),
    Index("notice_page", "page"),
    sqlite_autoincrement=True,
)

# The messages of the journal, each of which tells some notices and is edited as they change.
journal_page = Table(
    "journal_page",
    METADATA,
    Column("item", AnyText, primary_key=True),
    # urgent · hourly · silence
    Column("sort", AnyText, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("edited_at", Instant, nullable=False),
    # the digest of what it says
    Column("said", AnyText, nullable=False),
)

# Where the journal goes, instead of the administrators' own chats.
journal_place = Table(
    "journal_place",
    METADATA,
    Column("chat_id", Number, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("thread", BigInteger, nullable=False),
)

# Who asked to be let in, and on which day: a hash, so that nobody reads a person out of it.
knock = Table(
    "knock",
    METADATA,
    Column("person", AnyText, primary_key=True),
    Column("day", AnyText, nullable=False),
)

article = Table(
    "article",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("feed_id", AnyText, ForeignKey("feed.id"), nullable=False),
    Column("title", AnyText, nullable=False),
    Column("summary", AnyText, nullable=False),
    Column("text", AnyText, nullable=False),
    Column("url", AnyText, nullable=False),
    Column("author", AnyText),
    Column("published", Instant),
    Column("site", AnyText),
    Column("lang", AnyText),
    Column("source", AnyText, nullable=False),
    Column("flags", AnyText, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("revision", Number, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("links", AnyText, nullable=False, server_default=""),
    Index("article_first_seen", "first_seen"),
    Index("article_read_at", "read_at"),
    Index("article_feed", "feed_id", "first_seen", "published"),
    # Row ids are cursors (subscription.since): never given twice.
    sqlite_autoincrement=True,
)

article_url = Table(
    "article_url",
    METADATA,
    Column("url_key", AnyText, primary_key=True),
    _of_article(),
    Index("article_url_article", "article_id"),
    sqlite_with_rowid=False,
)

sighting = Table(
    "sighting",
    METADATA,
    Column("feed_id", AnyText, ForeignKey("feed.id"), primary_key=True),
    Column("key", AnyText, primary_key=True),
    Column("content", AnyText, nullable=False),
    _of_article(),
    Column("first_seen", Instant, nullable=False),
    # digests of its title, of its title and date, of its address; "" where that is no identity
    Column("title", AnyText, nullable=False, server_default=""),
    Column("day", AnyText, nullable=False, server_default=""),
    Column("address", AnyText, nullable=False, server_default=""),
    Index("sighting_article", "article_id", "feed_id"),
    Index("sighting_day", "feed_id", "day"),
    sqlite_with_rowid=False,
)

# What sites allow their pages to be read for (bot/web/robots.py), by `https://host:port`
site = Table(
    "site",
    METADATA,
    Column("origin", AnyText, primary_key=True),
    Column("robots", AnyText, nullable=False),
    Column("robots_at", Instant),
    Column("robots_due", Instant),
    Column("robots_failures", Number, nullable=False),
    Column("reservations", AnyText, nullable=False),
    Column("reservations_due", Instant),
    Column("reserved_until", Instant),
    Column("page_at", Instant),
    sqlite_with_rowid=False,
)

# Articles whose page is still to be read: over a host's share of a poll, or it failed for now
unread_page = Table(
    "unread_page",
    METADATA,
    Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("host", AnyText, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Number, nullable=False),
    Index("unread_page_due", "due_at"),
)

article_match = Table(
    "article_match",
    METADATA,
    Column("id", Number, primary_key=True),
    _of_article(),
    Column("watchlist", AnyText, nullable=False),
    Column("score", Number, nullable=False),
    Column("threshold", Number, nullable=False),
    Column("level", AnyText, nullable=False),
    Column("version", AnyText, nullable=False),
    Column("subject", Boolean, nullable=False),
    Column("detail", AnyText, nullable=False),
    # False once an edit of the article undid the match: the row stays, so that a second edit announces nothing twice.
    Column("holds", Boolean, nullable=False),
    UniqueConstraint("article_id", "watchlist"),
    Index("article_match_watchlist", "watchlist", "id", "holds"),
    # Row ids are cursors (digest_cursor.cursor).
    sqlite_autoincrement=True,
)

chat = Table(
    "chat",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("kind", AnyText, nullable=False),
    Column("language", AnyText, nullable=False),
    Column("timezone", AnyText, nullable=False),
    Column("digest_at", Number, nullable=False),
    Column("state", AnyText, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("gone_at", Instant),
    Column("frozen_until", Instant),
    # what its readers chose: the columns are those of Chat
    Column("days", AnyText, nullable=False, server_default="all"),
    Column("holidays", AnyText, nullable=False, server_default="fr"),
    Column("quiet_from", Number, nullable=False, server_default="0"),
    Column("quiet_to", Number, nullable=False, server_default="0"),
    Column("quiet_flash", AnyText, nullable=False, server_default="silent"),
    Column("empty_line", Boolean, nullable=False, server_default="1"),
    Column("preview", Boolean, nullable=False, server_default="1"),
    Column("per_hour", Number, nullable=False, server_default="5"),
    Column("per_day", Number, nullable=False, server_default="15"),
    Column("set_by", BigInteger),
    # the wait that frozen_until stands for, so that a clock set back can't stretch it
    Column("frozen_for", Duration),
    # when it came back from having been gone or held; None once what waited for it has been folded
    Column("back_at", Instant),
    # the digest of the commands that its clients propose; None: those of all chats
    Column("commands", AnyText),
    # the flashes it wants in a week at most; 0: as many as come
    Column("per_week", Number, nullable=False, server_default=text("0")),
    Column("digest_closes", Boolean, nullable=False, server_default="0"),
    # whom acts must concern to ring there; "": everybody
    Column("role", AnyText, nullable=False, server_default=""),
    Index("chat_back", "back_at"),
    sqlite_autoincrement=True,
)

held_topic = Table(
    "held_topic",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("held_at", Instant, nullable=False),
    UniqueConstraint("chat_id", "thread"),
)

subscription = Table(
    "subscription",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("watchlist", AnyText, nullable=False),
    Column("level", AnyText),
    Column("since", Number, nullable=False),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("chat_id", "thread", "watchlist"),
    Index("subscription_watchlist", "watchlist", "chat_id"),
)

IN_QUEUE = "CASE WHEN state = 'queued' THEN rank END"
_QUEUED = text(f"({IN_QUEUE}) IS NOT NULL")
delivery = Table(
    "delivery",
    METADATA,
    Column("id", Number, primary_key=True),
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("lane", AnyText, nullable=False),
    Column("rank", Number, nullable=False),
    Column("item", AnyText, nullable=False),
    Column("part", Number, nullable=False),
    # the row of the message that this one edits or replies to; it may have been pruned since
    Column("target", Number),
    Column("body", AnyText, nullable=False),
    Column("state", AnyText, nullable=False),
    Column("tries", Number, nullable=False),
    Column("doubts", Number, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("not_before", Instant),
    # the wait that not_before stands for, as in chat.frozen_for
    Column("wait", Duration),
    Column("message_id", BigInteger),
    Column("run", AnyText),
    Column("error", AnyText),
    Column("queued_at", Instant, nullable=False),
    Column("settled_at", Instant),
    # of the last call: when it was made, and the last number then known in the sequence of its chat
    Column("called_at", Instant),
    Column("floor", BigInteger),
    # how often it was looked for since that call, whose answer was lost; NULL: there is nothing to look for
    Column("looks", Number),
    # of its last claim, as in feed
    Column("claim_no", BigInteger, nullable=False, server_default=text("0")),
    UniqueConstraint("chat_id", "thread", "item", "part"),
    Index("delivery_state", "state", "chat_id", "rank", "id"),
    Index("delivery_queue", text(f"({IN_QUEUE})"), "id", sqlite_where=_QUEUED, info={"where": _QUEUED}),
    Index("delivery_lane", "lane", "chat_id", "queued_at"),
    Index("delivery_waiting", "state", "queued_at"),
    Index("delivery_item", "item", "chat_id"),
    Index("delivery_settled", "settled_at"),
    Index("delivery_doubts", "doubts", sqlite_where=_DOUBTED, info={"where": _DOUBTED}),
    sqlite_autoincrement=True,
)

known_message = Table(
    "known_message",
    METADATA,
    # ours for the chat, or 0: the sequence of the bot
    Column("scope", Number, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("scope", "message_id"),
    sqlite_with_rowid=False,
)

open_reply = Table(
    "open_reply",
    METADATA,
    Column("id", Number, primary_key=True),
    _of_chat(),
    Column("at", Instant, nullable=False),
    Index("open_reply_chat", "chat_id"),
)

digest_cursor = Table(
    "digest_cursor",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("lane", AnyText, nullable=False),
    Column("cursor", Number, nullable=False),
    Column("slot", AnyText, nullable=False),
    Column("closed_at", Instant, nullable=False),
    UniqueConstraint("chat_id", "thread", "lane"),
)

digest_slot = Table(
    "digest_slot",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("lane", AnyText, nullable=False),
    Column("slot", AnyText, nullable=False),
    Column("closed_at", Instant, nullable=False),
    UniqueConstraint("chat_id", "thread", "lane", "slot"),
)

# What a digest held, in the order shown: its buttons ask for it long after its text is gone.
digest = Table(
    "digest",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("head", AnyText, nullable=False),
    Column("lines", AnyText, nullable=False),
    Column("made_at", Instant, nullable=False),
    # what stands above the rest
    Column("foot", AnyText, nullable=False, server_default=""),
    UniqueConstraint("chat_id", "thread", "name"),
)

# One a person and article; who voted is a keyed hash.
vote = Table(
    "vote",
    METADATA,
    Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("voter", AnyText, primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", AnyText, nullable=False),
    Column("voted_at", Instant, nullable=False),
    Index("vote_at", "voted_at"),
    Index("vote_voter", "voter"),
)

# What somebody should have received. `watchlist` is the one that an operator said should have kept it.
miss = Table(
    "miss",
    METADATA,
    Column("id", Number, primary_key=True),
    _of_chat(),
    Column("url", AnyText, nullable=False),
    Column("article_id", Number, ForeignKey("article.id", ondelete="SET NULL")),
    Column("fate", AnyText, nullable=False),
    Column("watchlist", AnyText),
    Column("said_at", Instant, nullable=False),
    UniqueConstraint("chat_id", "url"),
    Index("miss_at", "said_at"),
)

# Official acts; what an article is to the ids that it names is kept as written, so that a name learned later counts.
act = Table(
    "act",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("kind", AnyText, nullable=False),
    Column("title", AnyText, nullable=False),
    Column("body", AnyText, nullable=False),
    # days, as 2026-04-02
    Column("decided", AnyText),
    Column("published", AnyText),
    Column("link", AnyText, nullable=False),
    # whom it concerns and when it enters into force, in its own words; the roles that these words mean
    Column("concerned", AnyText, nullable=False),
    Column("in_force", AnyText, nullable=False),
    Column("audience", AnyText, nullable=False),
    # its own item
    Column("article_id", Number, ForeignKey("article.id", ondelete="SET NULL")),
    Index("act_item", "article_id"),
)

# Each of its ids; a day (« arrete@2026-04-02 ») may be that of several.
act_name = Table(
    "act_name",
    METADATA,
    Column("name", AnyText, nullable=False),
    Column("act_id", Number, ForeignKey("act.id", ondelete="CASCADE"), nullable=False),
    # the best first
    Column("rank", Number, nullable=False),
    PrimaryKeyConstraint("name", "act_id"),
    Index("act_name_act", "act_id"),
)

act_article = Table(
    "act_article",
    METADATA,
    _of_article(),
    Column("name", AnyText, nullable=False),
    # is · founds · cites
    Column("role", AnyText, nullable=False),
    PrimaryKeyConstraint("article_id", "name"),
    Index("act_article_name", "name"),
)

deadline = Table(
    "deadline",
    METADATA,
    Column("id", Number, primary_key=True),
    # whose it is: a name of its act, or `article:` and the number of its item
    Column("about", AnyText, nullable=False),
    Column("act", AnyText, nullable=False),
    Column("kind", AnyText, nullable=False),
    Column("feed_id", AnyText, ForeignKey("feed.id"), nullable=False),
    _of_article(),
    # as 2027-01-15, and 12:00 of Paris
    Column("day", AnyText, nullable=False),
    Column("time", AnyText),
    Column("sentence", AnyText, nullable=False),
    # from a field, not from prose
    Column("sure", Boolean, nullable=False),
    Column("official", Boolean, nullable=False),
    # open · moved · done · cancelled
    Column("state", AnyText, nullable=False),
    Column("old_day", AnyText),
    Column("since", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # how often it was moved or ended: calendars take the higher one for the newer
    Column("changes", Number, nullable=False, server_default=text("0")),
    UniqueConstraint("about", "kind", "feed_id"),
    Index("deadline_day", "day"),
    Index("deadline_changed", "changed_at"),
    Index("deadline_article", "article_id"),
)

# A term that a chat follows by itself. `number` is never given twice in a chat: a button of one that is gone is no
# other's. `seen` is the newest article it was told of, or knew when it began; `slot` the
# day it was last told, "" for never.
own_term = Table(
    "own_term",
    METADATA,
    _of_chat(),
    Column("number", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("term", AnyText, nullable=False),
    Column("seen", Number, nullable=False),
    Column("slot", AnyText, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("told_at", Instant, nullable=False),
    UniqueConstraint("chat_id", "number"),
    UniqueConstraint("chat_id", "thread", "term"),
)

# What a chat was reminded of, or put aside: `step` is 15, 2 or 0 days before, -1 seen, -2 not for us (of any day).
reminder = Table(
    "reminder",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("deadline_id", Number, ForeignKey("deadline.id", ondelete="CASCADE"), nullable=False),
    Column("day", AnyText, nullable=False),
    Column("step", Number, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("chat_id", "thread", "deadline_id", "day", "step"),
    Index("reminder_deadline", "deadline_id"),
)

# Small facts of this installation, by name.
memo = Table(
    "memo",
    METADATA,
    Column("name", AnyText, primary_key=True),
    Column("value", AnyText, nullable=False),
)

# --- grouping ------------------------------------------------------------------------------------------------------
grouped = Table(
    "grouped",
    METADATA,
    Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("host", AnyText, nullable=False),
    Column("aggregator", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", AnyText, nullable=False),
    Column("words", Number, nullable=False),
    Column("content", AnyText, nullable=False),
    # the hashes, ascending, 8 bytes each
    Column("sketch", LargeBinary, nullable=False),
    # the first article of its copies, itself if it is nobody's copy
    Column("copy_of", Number, nullable=False),
    # None for an article that matched nothing
    Column("story_id", Number),
    # as JSON; None for copies, which weigh nothing in their story, and for what matched nothing
    Column("topic", AnyText),
    # it bears out the first text of its story, so that it counts beside it
    Column("backs", Boolean, nullable=False, server_default=false()),
    Index("grouped_title", "title"),
    Index("grouped_copy", "copy_of"),
    Index("grouped_story", "story_id", "at"),
    Index("grouped_at", "at"),
)

fingerprint = Table(
    "fingerprint",
    METADATA,
    # unsigned hashes of 64 bits, as signed ones
    Column("h", BigInteger, primary_key=True),
    # no foreign key: it would need an index as large as the table
    Column("article_id", Number, primary_key=True),
    sqlite_with_rowid=False,
)

boilerplate = Table(
    "boilerplate",
    METADATA,
    Column("h", BigInteger, primary_key=True),
    Column("host", AnyText, primary_key=True),
    Column("last_seen", Instant, nullable=False),
    Index("boilerplate_seen", "last_seen"),
    sqlite_with_rowid=False,
)

story = Table(
    "story",
    METADATA,
    # the id of its first article; that of the first article of its first story, for the dossier
    Column("id", Number, primary_key=True),
    Column("dossier_id", Number, nullable=False),
    # the story whose affair it takes further, None if it opens one
    Column("follows", Number),
    Column("opened", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("articles", Number, nullable=False),
    # texts that are nobody's copy
    Column("texts", Number, nullable=False),
    # the story it was joined to, None while it lives
    Column("alias_of", Number),
    # it may be the event of the story that it follows: nobody has said so yet
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Index("story_dossier", "dossier_id"),
    Index("story_last", "last_at"),
)

topic_day = Table(
    "topic_day",
    METADATA,
    # days since 1970; only entities, and "" for the articles
    Column("day", Number, primary_key=True),
    Column("term", AnyText, primary_key=True),
    Column("n", Number, nullable=False),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    METADATA,
    Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Number, primary_key=True),
    Column("level", AnyText, nullable=False),
    Column("rule", AnyText, nullable=False),
    Column("target_id", Number),
    Column("numbers", AnyText, nullable=False),
    Column("grouping", AnyText, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

override = Table(
    "override",
    METADATA,
    Column("id", Number, primary_key=True),
    # article ids, so that they outlive any regrouping
    Column("a", Number, nullable=False),
    Column("b", Number, nullable=False),
    Column("kind", AnyText, nullable=False),
    Column("by", BigInteger, nullable=False),
    # the articles it moved, each with the first of its copies before, as JSON, to move them back;
    # None: what a reader suggests, and nobody has decided
    Column("moved", AnyText),
    Column("at", Instant, nullable=False),
    Column("undone", Boolean, nullable=False),
    Index("override_a", "a"),
    Index("override_b", "b"),
    sqlite_autoincrement=True,
)

# What was kept, once and for ever: no link to the rows it tells of, which change and go.
register = Table(
    "register",
    METADATA,
    Column("number", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("watchlist", AnyText, nullable=False),
    Column("version", AnyText, nullable=False),
    Column("level", AnyText, nullable=False),
    Column("score", Number, nullable=False),
    Column("threshold", Number, nullable=False),
    Column("title", AnyText, nullable=False),
    Column("url", AnyText, nullable=False),
    Column("source", AnyText, nullable=False),
    Column("feed", AnyText, nullable=False),
    Column("published", Instant),
    Column("reading", AnyText, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("digest", AnyText, nullable=False),
    Index("register_at", "at"),
    # The highest number ever given is known though its row be removed.
    sqlite_autoincrement=True,
)

# What the team decided of it, once and for ever as well: `number` follows the one before.
triage = Table(
    "triage",
    METADATA,
    Column("number", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("article_id", Number, nullable=False),
    Column("title", AnyText, nullable=False),
    Column("url", AnyText, nullable=False),
    # open · applies · void · done
    Column("state", AnyText, nullable=False),
    Column("owner", AnyText, nullable=False),
    Column("note", AnyText, nullable=False),
    # a keyed hash
    Column("by", AnyText, nullable=False),
    Column("digest", AnyText, nullable=False),
    Index("triage_article", "article_id"),
    Index("triage_at", "at"),
    sqlite_autoincrement=True,
)

announcement = Table(
    "announcement",
    METADATA,
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("story_id", Number, nullable=False),
    # living · official · milestone
    Column("kind", AnyText, nullable=False),
    # 0 for the living message; the day of an official source, the number of texts of a milestone
    Column("seq", Number, nullable=False),
    # what its message is in the outbox
    Column("item", AnyText, nullable=False),
    Column("edits", Number, nullable=False),
    # when its last edit goes out, at the earliest
    Column("edited_at", Instant),
    Column("at", Instant, nullable=False),
    # the article whose title the living message bears since an edit; null for the one it announced
    Column("shown", Number),
    UniqueConstraint("chat_id", "thread", "story_id", "kind", "seq"),
    Index("announcement_story", "story_id", "chat_id"),
)

# What opens the settings of a chat from elsewhere, once: `seal` is a hash of it and of whom it was given to.
ticket = Table(
    "ticket",
    METADATA,
    Column("seal", AnyText, primary_key=True),
    _of_chat(),
    Column("thread", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
    Index("ticket_until", "until"),
)

# What a chat decided of a story for its briefs, by the story's best article, and what somebody said of it.
brief_choice = Table(
    "brief_choice",
    METADATA,
    _of_chat(),
    _of_article(),
    # kept · dropped · raised
    Column("choice", AnyText, nullable=False),
    Column("note", AnyText, nullable=False),
    Column("signed", AnyText, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("chat_id", "article_id"),
    Index("brief_choice_article", "article_id"),
)

# Every version of those files that ever was in force, and of the list of feeds. Rows are added and never changed.
sheet_version = Table(
    "sheet_version",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("name", AnyText, nullable=False),
    # null: it was taken away
    Column("content", AnyText),
    Column("at", Instant, nullable=False),
    Index("sheet_version_at", "at"),
    sqlite_autoincrement=True,
)

# What is known of a list (JSON, "" before its first good reading), with the digest of that reading; of a hold, why, how
# many rows it had (null: none could be read) and the mark of its rows.
list_state = Table(
    "list_state",
    METADATA,
    Column("feed_id", AnyText, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    Column("known", AnyText, nullable=False),
    Column("sha256", AnyText, nullable=False),
    Column("read_at", Instant),
    Column("held_at", Instant),
    Column("why", AnyText, nullable=False),
    Column("seen", Number),
    Column("held", AnyText, nullable=False),
    Column("accepted", AnyText, nullable=False),
    Column("ignored", Boolean, nullable=False),
)

# What lists said anew. Rows are added and never changed. `listed` is the row of the list as JSON.
list_event = Table(
    "list_event",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("feed_id", AnyText, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", AnyText, nullable=False),
    Column("listed", AnyText, nullable=False),
    Column("field", AnyText, nullable=False),
    Column("before", AnyText, nullable=False),
    Column("after", AnyText, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("url", AnyText, nullable=False),
    # the readings after and before it
    Column("sha256", AnyText, nullable=False),
    Column("old_sha256", AnyText, nullable=False),
    Column("old_at", Instant),
    Index("list_event_feed", "feed_id"),
    sqlite_autoincrement=True,
)

# Readings of lists as they came, packed: the last one, and those that events tell of.
list_proof = Table(
    "list_proof",
    METADATA,
    Column("feed_id", AnyText, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False),
    Column("sha256", AnyText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("content_type", AnyText, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("feed_id", "sha256"),
)

# The files that the daemon runs, as it read them: what a back-test compares with.
live_sheet = Table(
    "live_sheet",
    METADATA,
    Column("name", AnyText, primary_key=True),
    Column("content", AnyText, nullable=False),
    Column("since", Instant, nullable=False),
)

# Of a week, how many articles were kept and how many not: those that a watchlist came near to keeping, and the rest.
sampled_week = Table(
    "sampled_week",
    METADATA,
    Column("week", AnyText, primary_key=True),
    Column("near", Number, nullable=False),
    Column("rest", Number, nullable=False),
    Column("kept", Number, nullable=False),
    Column("drawn_at", Instant, nullable=False),
)

# The titles drawn of what was not kept, and what an operator said of them.
sampled_title = Table(
    "sampled_title",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("week", AnyText, ForeignKey("sampled_week.week", ondelete="CASCADE"), nullable=False),
    # near · rest
    Column("stratum", AnyText, nullable=False),
    Column("article_id", Number, ForeignKey("article.id", ondelete="SET NULL")),
    # should it have been kept? NULL while nobody said so
    Column("wanted", Boolean),
    Column("judged_at", Instant),
    Index("sampled_title_week", "week"),
    Index("sampled_title_article", "article_id"),
)

# What many chats are to be told, and how far that has come: the messages are made a few hundred chats at a time.
wave = Table(
    "wave",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("story_id", Number),
    _of_article(),
    # what the article was to its story when it came
    Column("copy_of", Number),
    Column("joined", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    # the watchlists that kept it then, as JSON, and whether nobody had been told of its story
    Column("watchlists", AnyText, nullable=False),
    Column("fresh", Boolean, nullable=False),
    # what it said until then, as JSON
    Column("before", AnyText),
    # the last chat that was told
    Column("cursor", Number, nullable=False),
    Index("wave_story", "story_id"),
    sqlite_autoincrement=True,
)

# The rules in force, and those before: what is judged by older ones than the last two is not written.
ruleset = Table(
    "ruleset",
    METADATA,
    Column("number", Number, primary_key=True),
    # a digest of the sheets and of the feeds followed
    Column("mark", AnyText, nullable=False),
    Column("since", Instant, nullable=False),
)

# What only one daemon may do: who does, until when (by the store's own clock), and the how manieth this is.
office = Table(
    "office",
    METADATA,
    Column("name", AnyText, primary_key=True),
    Column("holder", AnyText, nullable=False),
    Column("term", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
)

# Written by programs of other versions too (storage/operators/offices.py): what it has stays as it is
daemon = Table(
    "daemon",
    METADATA,
    Column("run", AnyText, primary_key=True),
    Column("roles", AnyText, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("ahead", Duration, nullable=False),
    Column("until", Instant, nullable=False),
)
