"""What one poll writes, in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update
from sqlalchemy.dialects.sqlite import insert

from matchers.model import Match
from storage.articles import (
    add_addresses,
    addresses,
    article_of,
    by_address,
    match_columns,
    reading_columns,
    sighted,
    standing,
)
from storage.chats import followers
from storage.database import Database
from storage.feeds import held, listed_at, state_columns
from storage.model import (
    ArticleId,
    EntryRecord,
    FeedState,
    Follower,
    NewDelivery,
    PageRecord,
    PollRecord,
    Reading,
    Recorded,
    Standing,
    StoredArticle,
)
from storage.notices import begin, end
from storage.outbox import queue
from storage.pages import settle, wait
from storage.register import keep
from storage.schema import article, article_match, feed, sighting, upsert

Announce = Callable[[StoredArticle, tuple[Match, ...], tuple[Follower, ...], datetime], Sequence[NewDelivery]]
"""Who is told what of an article: pure, called inside the transaction, so quick."""

# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it, and a first poll has hundreds of them.
_INSERT = article.insert().returning(article.c.id)
_MATCHED = select(article_match.c.watchlist).where(article_match.c.article_id == bindparam("known"))
_SEEN = insert(sighting)
_SIGHT = _SEEN.on_conflict_do_update(
    index_elements=("feed_id", "key"),
    set_={name: _SEEN.excluded[name] for name in ("content", "article_id", "title", "day", "address")}
    # a key that is used again, for another article, is new
    | {"first_seen": case((sighting.c.article_id == _SEEN.excluded.article_id, sighting.c.first_seen),
                          else_=_SEEN.excluded.first_seen)},
)  # fmt: skip
# The row keeps its id, and so its place before the cursors of the digests that have shown it.
_MATCH = upsert(
    article_match,
    "article_id",
    "watchlist",
    changing=("score", "threshold", "level", "version", "subject", "detail", "holds"),
)


@dataclass(frozen=True, slots=True)
class _News:
    """An article that may be announced, with the matches that are new."""

    article: ArticleId
    matches: tuple[Match, ...]
    revised: bool = False


class Polls:
    """The results of polls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, record: PollRecord, announce: Announce) -> Recorded:
        """Write the feed's state, its entries, articles and matches, and queue what `announce` makes of them.

        The lease ends with it. Where it had passed to another worker, nothing is written.
        """
        with self._database.write() as connection:
            settled = {**state_columns(_settled(connection, record)), "lease_owner": None, "lease_until": None}
            if connection.execute(update(feed).where(held(record.claim)).values(**settled)).rowcount == 0:
                return Recorded(lost=True)
            end(connection, record.claim.feed.id, record.over, record.now)
            begin(connection, record.claim.feed.id, record.notices, record.now)
            news = _entries(connection, record)
            for each in news:
                keep(connection, each.article, each.matches, record.now)
            fresh = [] if record.muted else news
            queued = sum(_announce(connection, each, announce, record.now) for each in fresh)
        revised = sum(each.revised for each in news)
        return Recorded(new=len(news) - revised, revised=revised, deliveries=queued)

    def record_page(self, record: PageRecord, announce: Announce) -> Recorded:
        """Write an article whose page was read after its feed's poll, and queue what is new in it.

        `lost` where the page was settled meanwhile: an edit of the article brought it, then nothing is written.
        """
        with self._database.write() as connection:
            if not settle(connection, record.article):
                return Recorded(lost=True)
            known = by_address(record.reading.url_keys, addresses(connection, record.reading.url_keys))
            if known not in (None, record.article):  # its page says it is an article that we have
                return Recorded()
            news = _reread(connection, record.article, record.reading, record.matches, record.now)
            keep(connection, news.article, news.matches, record.now)
            return Recorded(revised=1, deliveries=_announce(connection, news, announce, record.now))


def _settled(connection: Connection, record: PollRecord) -> FeedState:
    """The state to store: a feed that has just moved to where another one is read is that one."""
    if record.state.url == record.claim.state.url:
        return record.state
    return replace(record.state, same_as=listed_at(connection, record.state.url, record.claim.feed.id))


def _entries(connection: Connection, record: PollRecord) -> list[_News]:
    """Write the entries; what they bring and change, in their order."""
    origin = record.claim.feed.id
    # Asked again inside the transaction: another feed may have brought the same meanwhile.
    standings = standing(connection, origin, [entry.key for entry in record.entries], record.now)
    settled = sighted(connection, origin, [entry.key for entry in record.entries])
    news: list[_News | None] = []
    for entry, known in zip(record.entries, standings, strict=True):
        if entry.key.key not in settled:
            settled.add(entry.key.key)
            news.append(_entry(connection, record, entry, known))
    return [each for each in news if each is not None]


def _entry(connection: Connection, record: PollRecord, entry: EntryRecord, known: Standing) -> _News | None:
    """Write one entry; None where it brings no article and changes none."""
    if known.article is None:
        return _unknown(connection, record, entry)
    if known.kind == "revised" and entry.standing.kind == "revised":
        return _revised(connection, record, entry, known.article)
    _sight(connection, record, entry, known.article)
    add_addresses(connection, known.article, entry.key.url_keys)
    return None


def _unknown(connection: Connection, record: PollRecord, entry: EntryRecord) -> _News | None:
    if entry.reading is None:
        return None  # not sighted either: the next poll asks again
    url_keys = (*entry.key.url_keys, *entry.reading.url_keys)
    # An earlier entry of this very document may have brought it, or the page may have given another address.
    known = by_address(url_keys, addresses(connection, url_keys))
    if known is None:
        known = _insert(connection, record, entry.reading, muted=record.muted or entry.muted)
        news = _News(known, _match(connection, known, entry.matches))
        wait(connection, known, entry.later)
    else:
        news = None
    add_addresses(connection, known, url_keys)
    _sight(connection, record, entry, known)
    return news


def _revised(connection: Connection, record: PollRecord, entry: EntryRecord, known: ArticleId) -> _News | None:
    if entry.reading is None:
        return None
    _sight(connection, record, entry, known)
    wait(connection, known, entry.later)
    add_addresses(connection, known, entry.key.url_keys)
    return _reread(connection, known, entry.reading, entry.matches, record.now)


def _reread(
    connection: Connection, known: ArticleId, reading: Reading, matches: Iterable[Match], now: datetime
) -> _News:
    values = reading_columns(reading, now)
    connection.execute(update(article).where(article.c.id == known).values(**values, revision=article.c.revision + 1))
    add_addresses(connection, known, reading.url_keys)
    return _News(known, _match(connection, known, matches), revised=True)


def _insert(connection: Connection, record: PollRecord, reading: Reading, *, muted: bool) -> ArticleId:
    values = reading_columns(reading, record.now)
    row = {"feed_id": record.claim.feed.id, "first_seen": record.now, "revision": 0, "muted": muted, **values}
    return ArticleId(int(connection.execute(_INSERT, row).scalar_one()))


def _sight(connection: Connection, record: PollRecord, entry: EntryRecord, known: ArticleId) -> None:
    row = {
        "feed_id": record.claim.feed.id,
        "key": entry.key.key,
        "content": entry.key.content,
        "article_id": known,
        "first_seen": record.now,
        "title": entry.key.title,
        "day": entry.key.day,
        "address": entry.key.url_keys[0] if entry.key.url_keys else "",
    }
    connection.execute(_SIGHT, row)


def _match(connection: Connection, known: ArticleId, matches: Iterable[Match]) -> tuple[Match, ...]:
    """Make the article's matches these; the answer is those of watchlists that had never held for it."""
    before = set(connection.execute(_MATCHED, {"known": known}).scalars())
    if before:
        connection.execute(update(article_match).where(article_match.c.article_id == known).values(holds=False))
    added = []
    for each in matches:
        connection.execute(_MATCH, {"article_id": known, **match_columns(each)})
        if each.watchlist not in before:
            added.append(each)
    return tuple(added)


def _announce(connection: Connection, news: _News, announce: Announce, now: datetime) -> int:
    """Queue what is to be said of an article; the number of messages."""
    if not news.matches or _muted(connection, news.article):
        return 0
    told = followers(connection, [each.watchlist for each in news.matches], news.article, now)
    stored = article_of(connection, news.article)
    if not told or stored is None:
        return 0
    return queue(connection, announce(stored, news.matches, told, now), now)


def _muted(connection: Connection, known: ArticleId) -> bool:
    return bool(connection.execute(select(article.c.muted).where(article.c.id == known)).scalar_one())
