"""The articles: what is known of an entry or an address, and what matched."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    String,
    bindparam,
    func,
    literal_column,
    select,
    type_coerce,
)

from matchers.model import ActLink, Hit, Match, Point
from storage.articles.model import ArticleText, EntryKey, Standing, StoredArticle
from storage.database import Database
from storage.dialect import elements, insert, numbers, sooner
from storage.flat import flat
from storage.ids import ArticleId, FeedId
from storage.prepared import Prepared
from storage.schema import MICROSECOND, Instant, article, article_match, article_url, clean, feed, sighting

T = TypeVar("T")

REUSED = timedelta(days=30)  # a key that comes back on another article after so long is another entry
_CHUNK = 400  # rows that are fetched at a time
_HOUR: ColumnElement[int] = literal_column(str(timedelta(hours=1) // MICROSECOND), BigInteger)

READING = ("title", "summary", "text", "url", "author", "published", "site", "lang", "source", "flags", "read_at")
"""The columns of an article that a reading fills."""

# Of what runs for every new entry the text is made once.
_asked = elements(bindparam("keys", type_=String))
_AT = Prepared(
    select(article_url.c.url_key, article_url.c.article_id).where(article_url.c.url_key.in_(select(_asked.c.value)))
)
_SIGHTINGS = Prepared(
    select(*sighting.c, article.c.feed_id.label("origin"))
    .join(article, article.c.id == sighting.c.article_id)
    .where(sighting.c.feed_id == bindparam("feed"), sighting.c.key.in_(select(_asked.c.value)))
)
_DAYS = Prepared(
    select(sighting.c.day, sighting.c.article_id).where(
        sighting.c.feed_id == bindparam("feed"), sighting.c.day.in_(select(_asked.c.value))
    )
)
_listing, _id = numbers(bindparam("ids", type_=String))
_CONTENTS = Prepared(
    select(sighting.c.article_id, sighting.c.content).where(
        sighting.c.feed_id == bindparam("feed"), sighting.c.article_id.in_(select(_id))
    )
)
_when = sooner(func.coalesce(article.c.published, article.c.first_seen), article.c.first_seen, type_=Instant)
_hour = type_coerce(type_coerce(_when, BigInteger) // _HOUR * _HOUR, Instant)  # the same words where it is grouped by
_APPEARED = Prepared(
    select(_hour.label("hour"), func.count().label("number"))
    .where(
        article.c.feed_id == bindparam("feed"),
        article.c.first_seen > bindparam("since"),  # none appears later than it is seen, and that is in the index
        _when > bindparam("since"),
    )
    .group_by(_hour)
)
_ARTICLES = select(article, feed.c.name, feed.c.reading, feed.c.official, feed.c.listed_url).join(
    feed, feed.c.id == article.c.feed_id
)
_THESE = Prepared(_ARTICLES.where(article.c.id.in_(select(_id))))
_MATCHES = Prepared(
    select(article_match)
    .where(article_match.c.holds, article_match.c.article_id.in_(select(_id)))
    .order_by(article_match.c.watchlist)
)
_ADD = Prepared(insert(article_url).on_conflict_do_nothing(), ("url_key", "article_id"))


class Articles:
    """What was read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, feed: FeedId, keys: Sequence[EntryKey], now: datetime) -> tuple[Standing, ...]:
        """What the store knows of each entry of a feed, in the same order."""
        with self._database.read() as connection:
            return standing(connection, feed, keys, now)

    def titles(self, feed: FeedId) -> frozenset[str]:
        """The titles under which a feed gave its entries, as digests (see EntryKey)."""
        with self._database.read() as connection:
            query = select(sighting.c.title).where(sighting.c.feed_id == feed, sighting.c.title != "")
            return frozenset(connection.execute(query).scalars())

    def appeared(self, since: datetime, feeds: Sequence[FeedId]) -> dict[FeedId, dict[datetime, int]]:
        """How many articles of these feeds appeared in each hour after `since`: published, or first seen if that is
        unknown. Feeds without any are left out, and so are hours."""
        with self._database.read() as connection:
            found = {each: dict(_APPEARED.rows(connection, {"feed": each, "since": since})) for each in feeds}
        return {each: hours for each, hours in found.items() if hours}

    def spared(self) -> dict[FeedId, int]:
        """How many articles each feed gave whole, so that no page was asked for; feeds without any are left out."""
        query = select(article.c.feed_id, func.count()).where(article.c.source == "feed_full")
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(article.c.feed_id)).all()
        return {FeedId(name): number for name, number in rows}

    def oldest_of(self, feed: FeedId, count: int) -> datetime | None:
        """The oldest date among the `count` articles of a feed that are dated latest; None where none has a date."""
        latest = (
            select(article.c.published)
            .join(sighting, sighting.c.article_id == article.c.id)
            .where(sighting.c.feed_id == feed, article.c.published.is_not(None))
            .order_by(article.c.published.desc())
            .limit(count)
            .subquery()
        )
        with self._database.read() as connection:
            return connection.execute(select(func.min(latest.c.published, type_=article.c.published.type))).scalar()

    def get(self, identifier: ArticleId) -> StoredArticle | None:
        with self._database.read() as connection:
            return article_of(connection, identifier)

    def recent(self, since: datetime, most: int) -> tuple[StoredArticle, ...]:
        """The articles first seen after `since`, the newest first, at most so many."""
        query = _ARTICLES.where(article.c.first_seen > since).order_by(article.c.id.desc()).limit(most)
        with self._database.read() as connection:
            return tuple(map(_stored, connection.execute(query)))

    def by_url(self, url_keys: Sequence[str]) -> StoredArticle | None:
        """The article with one of these identities, the first that is known; None if none is."""
        with self._database.read() as connection:
            identifier = by_address(url_keys, addresses(connection, url_keys))
            return None if identifier is None else article_of(connection, identifier)

    def numbered(self, numbers: Sequence[str], learnt: int) -> dict[str, StoredArticle]:
        """The articles with these numbers, where at least `learnt` others of their site are numbered alike."""
        with self._database.read() as connection:
            known = addresses(connection, numbers)
            sure = {number: each for number, each in known.items() if _is_numbered(connection, number, learnt)}
            stored = articles_of(connection, list(sure.values()))
        return {number: stored[each] for number, each in sure.items() if each in stored}

    def matches(self, identifier: ArticleId) -> tuple[Match, ...]:
        """The watchlists that hold for an article, by id."""
        with self._database.read() as connection:
            return matches_of(connection, (identifier,)).get(identifier, ())

    def extent(self, since: datetime) -> tuple[int, datetime | None]:
        """How many articles were first seen since then, and when the first of them was."""
        query = select(func.count(), func.min(article.c.first_seen)).where(article.c.first_seen >= since)
        with self._database.read() as connection:
            count, first = connection.execute(query).one()
        return count, first

    def archive(self, since: datetime, newest: int | None = None) -> Iterator[StoredArticle]:
        """The articles first seen since then, matched or not, in order of arrival, as one view of the file has them.
        `newest`: no more than so many, the last ones."""
        query = _ARTICLES.where(article.c.first_seen >= since).order_by(article.c.id)
        if newest is not None:
            older = select(article.c.id).order_by(article.c.id.desc()).offset(newest).limit(1).scalar_subquery()
            query = query.where(article.c.id > func.coalesce(older, 0))
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query):
                yield _stored(row)


# --- what is known -------------------------------------------------------------------------------------------------
def standing(connection: Connection, feed: FeedId, keys: Sequence[EntryKey], now: datetime) -> tuple[Standing, ...]:
    """`Articles.standing`, inside the caller's transaction."""
    seen = _sightings(connection, feed, [each.key for each in keys])
    places = addresses(connection, [url for each in keys for url in each.url_keys])
    strange = [each.day for each in keys if each.day and clean(each.key) not in seen]
    days = _days(connection, feed, strange) if strange else {}
    contents = _contents(connection, feed, {*places.values(), *days.values()})
    known = _Known(feed, now, seen, places, days, contents)
    return tuple(_stand(each, known) for each in keys)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store holds about a document's entries."""

    feed: FeedId
    now: datetime
    seen: Mapping[str, Any]
    places: Mapping[str, ArticleId]
    days: Mapping[str, ArticleId]
    contents: Mapping[ArticleId, set[str]]


def sighted(connection: Connection, feed: FeedId, keys: Sequence[EntryKey]) -> set[str]:
    """Those of these keys under which the feed gave the very same content: nothing is to be written for them."""
    seen = _sightings(connection, feed, [each.key for each in keys])
    known = {key: row.content for key, row in seen.items()}
    return {each.key for each in keys if known.get(clean(each.key)) == clean(each.content)}


def _stand(each: EntryKey, known: _Known) -> Standing:
    sighted = known.seen.get(clean(each.key))
    if sighted is not None and not _reused(each, sighted, known.now):
        if sighted.content == clean(each.content):
            return Standing("same", sighted.article_id)
        # Only the feed that brought an article may change it: two outlets with one address would change it for ever.
        return Standing("revised" if sighted.origin == known.feed else "elsewhere", sighted.article_id)
    # Its key has changed perhaps, and not the entry: its address tells, else its title and date.
    found = by_address(each.url_keys, known.places)
    if found is None and sighted is None:
        found = known.days.get(each.day)
    if found is None:
        return Standing("new")
    if found not in known.contents:
        return Standing("elsewhere", found)
    return Standing("same" if clean(each.content) in known.contents[found] else "revised", found)


def _reused(each: EntryKey, sighted: Any, now: datetime) -> bool:
    """A known key on another article: another address and another title, long after."""
    if now - sighted.first_seen <= REUSED or not (each.url_keys and sighted.address and each.title and sighted.title):
        return False
    return sighted.address not in each.url_keys and sighted.title != each.title


def _sightings(connection: Connection, feed: FeedId, keys: Sequence[str]) -> dict[str, Any]:
    asked = json.dumps([clean(each) for each in keys])
    return {row.key: row for row in _SIGHTINGS.rows(connection, {"feed": feed, "keys": asked})}


def _days(connection: Connection, feed: FeedId, days: Sequence[str]) -> dict[str, ArticleId]:
    """The articles that a feed gave under these titles and dates, and under no other."""
    found: dict[str, set[ArticleId]] = {}
    for row in _DAYS.rows(connection, {"feed": feed, "keys": json.dumps([clean(each) for each in days])}):
        found.setdefault(row.day, set()).add(ArticleId(row.article_id))
    return {day: articles.pop() for day, articles in found.items() if len(articles) == 1}


def _contents(connection: Connection, feed: FeedId, articles: Iterable[ArticleId]) -> dict[ArticleId, set[str]]:
    """The contents under which a feed gave these articles; those it never gave are left out."""
    found: dict[ArticleId, set[str]] = {}
    for row in _CONTENTS.rows(connection, {"feed": feed, "ids": json.dumps(sorted(articles))}):
        found.setdefault(row.article_id, set()).add(row.content)
    return found


def addresses(connection: Connection, url_keys: Sequence[str]) -> dict[str, ArticleId]:
    """The articles at these addresses; unknown ones are left out."""
    asked = json.dumps([clean(key) for key in url_keys])
    return {key: ArticleId(identifier) for key, identifier in _AT.rows(connection, {"keys": asked})}


def _is_numbered(connection: Connection, number: str, learnt: int) -> bool:
    way = number.rpartition("/")[0] + "/"
    alike = select(article_url.c.url_key).where(article_url.c.url_key >= way, article_url.c.url_key < way + ":")
    return len(connection.execute(alike.limit(learnt + 1)).all()) > learnt


def by_address(url_keys: Iterable[str], places: Mapping[str, ArticleId]) -> ArticleId | None:
    """The article of the best address that is known."""
    return next((places[clean(key)] for key in url_keys if clean(key) in places), None)


# --- articles ------------------------------------------------------------------------------------------------------
def article_of(connection: Connection, identifier: ArticleId) -> StoredArticle | None:
    return articles_of(connection, (identifier,)).get(identifier)


def newer_than(connection: Connection, after: ArticleId, most: int) -> tuple[StoredArticle, ...]:
    """The newest `most` articles after this one, in order of arrival, but those of a first reading."""
    query = _ARTICLES.where(article.c.id > after, ~article.c.muted).order_by(article.c.id.desc()).limit(most)
    return tuple(reversed([_stored(row) for row in connection.execute(query)]))


def articles_of(connection: Connection, identifiers: Sequence[ArticleId]) -> dict[ArticleId, StoredArticle]:
    return {row.id: _stored(row) for row in _THESE.rows(connection, {"ids": json.dumps(list(identifiers))})}


def _stored(row: Any) -> StoredArticle:
    return StoredArticle(
        ArticleId(row.id),
        row.title,
        row.summary,
        row.text,
        row.url,
        row.name,
        row.published,
        row.first_seen,
        row.source,
        tuple(json.loads(row.flags)),
        row.reading,
        row.read_at,
        row.site or "",
        row.official,
        row.listed_url,
        tuple(ActLink(*each) for each in json.loads(row.links or "[]")),
    )


def reading_columns(reading: ArticleText, now: datetime) -> dict[str, Any]:
    """A reading as the values of an article's columns."""
    return {
        "title": reading.title,
        "summary": reading.summary,
        "text": reading.text,
        "url": reading.url,
        "author": reading.author,
        "published": reading.published,
        "site": reading.site,
        "lang": reading.lang,
        "source": reading.source,
        "flags": json.dumps(reading.flags),
        "links": json.dumps([astuple(each) for each in reading.links]) if reading.links else "",
        "read_at": now,
    }


def add_addresses(connection: Connection, identifier: ArticleId, url_keys: Iterable[str]) -> None:
    """Give an article these addresses, except those that another one has."""
    add_each(connection, dict.fromkeys(url_keys, identifier))


def add_each(connection: Connection, places: Mapping[str, ArticleId]) -> None:
    """The same for several: which article is to have which address."""
    _ADD.run_each(connection, [{"url_key": key, "article_id": identifier} for key, identifier in places.items()])


def read_count(connection: Connection, since: datetime) -> int:
    query = select(func.count()).select_from(article).where(article.c.first_seen > since)
    return connection.execute(query).scalar_one()


# --- matches -------------------------------------------------------------------------------------------------------
def matches_of(connection: Connection, identifiers: Sequence[ArticleId]) -> dict[ArticleId, tuple[Match, ...]]:
    """The matches that hold for each of these articles, by watchlist id."""
    found: dict[ArticleId, tuple[Match, ...]] = {}
    for row in _MATCHES.rows(connection, {"ids": json.dumps(list(identifiers))}):
        found[row.article_id] = (*found.get(row.article_id, ()), match_from(row))
    return found


def match_columns(match: Match) -> dict[str, Any]:
    """A match as the values of its columns."""
    detail = {
        "points": [flat(each) for each in match.points],
        "hits": [flat(each) for each in match.hits],
        "aspect": match.aspect,
        "news": match.news,
        "quiet": match.quiet,
    }
    return {
        "watchlist": match.watchlist,
        "score": match.score,
        "threshold": match.threshold,
        "level": match.level,
        "version": match.version,
        "subject": match.subject,
        "detail": json.dumps(detail, separators=(",", ":")),
        "holds": True,
    }


def match_from(row: Any) -> Match:
    """A match from a row, or from whatever else has its columns as attributes."""
    detail = json.loads(row.detail)
    return Match(
        row.watchlist,
        row.score,
        row.threshold,
        row.level,
        row.version,
        row.subject,
        tuple(Point(**each) for each in detail["points"]),
        tuple(Hit(**each) for each in detail["hits"]),
        detail.get("aspect", ""),  # matches of before an article had a subject and news have none of these
        detail.get("news"),
        detail.get("quiet"),
    )
