"""What one poll writes, in one transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, or_, select, update

from matchers.model import Match
from storage.acts.acts import keep_acts
from storage.acts.deadlines import keep_deadlines
from storage.articles.articles import (
    READING,
    add_addresses,
    add_each,
    addresses,
    article_of,
    by_address,
    match_columns,
    matches_of,
    reading_columns,
    sighted,
    standing,
)
from storage.articles.model import ArticleText, EntryRecord, PageRecord, PollRecord, Recorded, Standing
from storage.articles.pages import settle, wait
from storage.articles.register import keep
from storage.database import Database
from storage.dialect import insert
from storage.feeds.feeds import HELD, held, holder, listed_at, state_columns, state_names
from storage.feeds.model import Claim, FeedState
from storage.ids import ArticleId
from storage.lists.lists import record_list
from storage.operators.causes import begin, end, lasting
from storage.operators.rules_in_force import outdated
from storage.prepared import Prepared
from storage.schema import article, article_match, clean, feed, sighting, upsert
from storage.stories.announcements import announce_article, announce_story
from storage.stories.model import Edition, Grouped
from storage.stories.newsroom import Newsroom
from storage.stories.stories import group
from storage.stories.waves import put_off

AHEAD = timedelta(hours=1)  # a clock may be wrong by that much: a later date is no date

# Of what runs for every entry the text is made once: a first poll has hundreds.
_RANG = bindparam("rang", type_=feed.c.flashed_at.type)
_SETTLE = Prepared(  # a page that was read meanwhile may have rung: the later of the two counts
    update(feed)
    .where(HELD)
    .values(flashed_at=case((or_(_RANG.is_(None), feed.c.flashed_at > _RANG), feed.c.flashed_at), else_=_RANG)),
    (*(name for name in state_names() if name != "flashed_at"), "lease_owner", "lease_until"),
)
_INSERT = Prepared(
    article.insert().returning(article.c.id),
    ("feed_id", "first_seen", "revision", "muted", *READING),
)
_MATCHED = Prepared(select(article_match.c.watchlist).where(article_match.c.article_id == bindparam("known")))
_SEEN = insert(sighting)
_SIGHT = Prepared(
    _SEEN.on_conflict_do_update(
        index_elements=("feed_id", "key"),
        set_={name: _SEEN.excluded[name] for name in ("content", "article_id", "title", "day", "address")}
        # a key that is used again, for another article, is new
        | {"first_seen": case((sighting.c.article_id == _SEEN.excluded.article_id, sighting.c.first_seen),
                              else_=_SEEN.excluded.first_seen)},
    ),
    ("feed_id", "key", "content", "article_id", "first_seen", "title", "day", "address"),
)  # fmt: skip
# The row keeps its id, and so its place before the cursors of the digests that have shown it.
_MATCH = Prepared(
    upsert(
        article_match,
        "article_id",
        "watchlist",
        changing=("score", "threshold", "level", "version", "subject", "detail", "holds"),
    ).inline(),
    ("article_id", "watchlist", "score", "threshold", "level", "version", "subject", "detail", "holds"),
)


@dataclass(frozen=True, slots=True)
class _News:
    """An article that may be announced, with the matches that are new. `before` is what it said until a revision;
    `added`: it was not there before."""

    article: ArticleId
    matches: tuple[Match, ...]
    before: Edition | None = None
    grouped: Grouped | None = None
    added: bool = False


class _Addresses:
    """Which article is at which address, while the entries of one poll are written: asked once for all of them. The
    first that comes to an address keeps it."""

    def __init__(self, connection: Connection, entries: Iterable[EntryRecord]) -> None:
        asked = {key for each in entries for key in _url_keys(each)}
        self._known = addresses(connection, sorted(asked)) if asked else {}
        self._fresh: dict[str, ArticleId] = {}

    def of(self, url_keys: Iterable[str]) -> ArticleId | None:
        return by_address(url_keys, self._known)

    def give(self, known: ArticleId, url_keys: Iterable[str]) -> None:
        """Give an article these addresses, except those that another one has."""
        for key in map(clean, url_keys):
            if key not in self._known:
                self._known[key] = self._fresh[key] = known

    def write(self, connection: Connection) -> None:
        add_each(connection, self._fresh)


def _url_keys(entry: EntryRecord) -> Iterator[str]:
    yield from entry.key.url_keys
    if entry.key.number:
        yield entry.key.number
    if entry.reading is not None:
        yield from entry.reading.url_keys


class Polls:
    """The results of polls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, record: PollRecord, newsroom: Newsroom) -> Recorded:
        """Write the feed's state, its entries, articles and matches, and queue what the newsroom makes of them.

        Articles that have traits are grouped; the others stand alone. The lease ends with it. Where it had passed to
        another worker, or rules that are past judged it, nothing is written; in the second case the feed is due still.
        """
        if _is_quiet(record) and (settled := self._settle_beside(record)) is not None:
            return settled
        with self._database.write() as connection:
            if record.entries and outdated(connection, record.ruleset):
                connection.execute(update(feed).where(held(record.claim)).values(lease_owner=None, lease_until=None))
                return Recorded(lost=True)
            if not _settle(connection, record.claim, _settled(connection, record)):
                return Recorded(lost=True)
            end(connection, record.claim.feed.id, record.over, record.now)
            of = record.claim.feed.id
            begin(connection, of, record.notices, record.now, of=of)
            if record.listing is not None:
                record_list(connection, record.claim.feed, record.listing)
            news = _entries(connection, record, newsroom)
            for each in news:
                keep(connection, each.article, each.matches, record.now)
            fresh = [] if record.muted else news
            queued = sum(_announce(connection, each, newsroom, record.now) for each in fresh)
        revised = sum(each.before is not None for each in news)
        return Recorded(new=len(news) - revised, revised=revised, deliveries=queued)

    def _settle_beside(self, record: PollRecord) -> Recorded | None:
        """Write a poll that brought nothing, waiting for no writer; None, and nothing, where a cause ends with it."""
        with self._database.write_beside() as connection:
            if lasting(connection, record.claim.feed.id, record.over):
                return None
            return Recorded(lost=not _settle(connection, record.claim, record.state))

    def record_page(self, record: PageRecord, newsroom: Newsroom) -> Recorded:
        """Write an article whose page was read after its feed's poll, and queue what is new in it.

        `lost` where the page was settled meanwhile (an edit of the article brought it), or was judged by rules that are
        past: then nothing is written.
        """
        with self._database.write() as connection:
            if outdated(connection, record.ruleset) or not settle(connection, record.article):
                return Recorded(lost=True)
            known = by_address(record.reading.url_keys, addresses(connection, record.reading.url_keys))
            if known not in (None, record.article):  # its page says it is an article that we have
                return Recorded()
            news = _reread(connection, record.article, record.reading, record.matches, record.now)
            add_addresses(connection, record.article, record.reading.url_keys)
            keep(connection, news.article, news.matches, record.now)
            if any(match.level == "flash" for match in record.matches):
                _rang(connection, news.article, record.now)
            _keep_acts(connection, news, record, record.now)
            news = _grouped(connection, news, record, newsroom, record.now)
            return Recorded(revised=1, deliveries=_announce(connection, news, newsroom, record.now))


def _is_quiet(record: PollRecord) -> bool:
    """Whether nothing but the feed's own row is to be written, as after most polls."""
    same_place = record.state.url == record.claim.state.url
    return same_place and not record.entries and not record.notices and record.listing is None


def _settle(connection: Connection, claim: Claim, state: FeedState) -> bool:
    """Write the state with which a poll ends, and its lease; False where that had passed on."""
    settled = {**state_columns(state), "lease_owner": None, "lease_until": None, "rang": state.flashed_at}
    return _SETTLE.run(connection, settled | holder(claim)) > 0


def _settled(connection: Connection, record: PollRecord) -> FeedState:
    """The state to store: a feed that has just moved to where another one is read is that one."""
    if record.state.url == record.claim.state.url:
        return record.state
    return replace(record.state, same_as=listed_at(connection, record.state.url, record.claim.feed.id))


def _entries(connection: Connection, record: PollRecord, newsroom: Newsroom) -> list[_News]:
    """Write the entries and group them; what they bring and change, in their order."""
    if not record.entries:
        return []
    origin = record.claim.feed.id
    # Asked again inside the transaction: another feed may have brought the same meanwhile.
    standings = standing(connection, origin, [entry.key for entry in record.entries], record.now)
    settled = sighted(connection, origin, [entry.key for entry in record.entries])
    places = _Addresses(connection, record.entries)
    news: list[_News] = []
    sights: list[dict[str, Any]] = []
    for entry, known in zip(record.entries, standings, strict=True):
        if entry.key.key not in settled:
            settled.add(entry.key.key)
            article, found = _entry(connection, record, entry, known, places)
            if article is not None:
                sights.append(_sight(record, entry, article))
            if found is not None:
                _keep_acts(connection, found, entry, record.now)
                news.append(_grouped(connection, found, entry, newsroom, record.now))
    _SIGHT.run_each(connection, sights)
    places.write(connection)
    return news


def _entry(
    connection: Connection, record: PollRecord, entry: EntryRecord, known: Standing, places: _Addresses
) -> tuple[ArticleId | None, _News | None]:
    """Write one entry: the article that it is, None where it is not sighted either and the next poll asks again; and
    what it brings or changes, None where that is nothing."""
    if known.article is None:
        return _unknown(connection, record, entry, places)
    if known.kind == "revised" and entry.standing.kind == "revised":
        return known.article, _revised(connection, record, entry, known.article, places)
    places.give(known.article, entry.key.url_keys)
    return known.article, None


def _unknown(
    connection: Connection, record: PollRecord, entry: EntryRecord, places: _Addresses
) -> tuple[ArticleId | None, _News | None]:
    if entry.reading is None:
        return None, None
    url_keys = (*entry.key.url_keys, *entry.reading.url_keys)
    # An earlier entry of this very document may have brought it, or the page may have given another address.
    known = places.of(url_keys)
    if known is not None:
        places.give(known, url_keys)
        return known, None
    known = _insert(connection, record, entry.reading, muted=record.muted or entry.muted)
    _MATCH.run_each(connection, [{"article_id": known, **match_columns(each)} for each in entry.matches])
    if entry.later is not None:
        wait(connection, known, entry.later)
    if entry.key.url_keys and entry.key.number:
        places.give(known, (entry.key.number,))
    places.give(known, url_keys)
    return known, _News(known, entry.matches, added=True)


def _revised(
    connection: Connection, record: PollRecord, entry: EntryRecord, known: ArticleId, places: _Addresses
) -> _News | None:
    if entry.reading is None:  # nothing better is known of it; its page may be read later
        if entry.later is not None:
            wait(connection, known, entry.later)
        return None
    wait(connection, known, entry.later)
    places.give(known, (*entry.key.url_keys, *entry.reading.url_keys))
    return _reread(connection, known, entry.reading, entry.matches, record.now)


def _reread(
    connection: Connection, known: ArticleId, reading: ArticleText, matches: Iterable[Match], now: datetime
) -> _News:
    values, before = reading_columns(reading, now), _edition(connection, known)
    connection.execute(update(article).where(article.c.id == known).values(**values, revision=article.c.revision + 1))
    return _News(known, _match(connection, known, matches), before)


def _rang(connection: Connection, of: ArticleId, now: datetime) -> None:
    """Its source is one that rings, as if its feed had said so."""
    source = select(article.c.feed_id).where(article.c.id == of).scalar_subquery()
    connection.execute(update(feed).where(feed.c.id == source).values(flashed_at=now))


def _edition(connection: Connection, known: ArticleId) -> Edition | None:
    stored = article_of(connection, known)
    matches = matches_of(connection, (known,)).get(known, ())
    return None if stored is None else Edition(known, stored.title, stored.summary, stored.text, matches)


def _insert(connection: Connection, record: PollRecord, reading: ArticleText, *, muted: bool) -> ArticleId:
    values = reading_columns(reading, record.now)
    row = {"feed_id": record.claim.feed.id, "first_seen": record.now, "revision": 0, "muted": muted, **values}
    return ArticleId(int(_INSERT.scalar(connection, row)))


def _sight(record: PollRecord, entry: EntryRecord, known: ArticleId) -> dict[str, Any]:
    """That the feed showed the article, as a row."""
    return {
        "feed_id": record.claim.feed.id,
        "key": entry.key.key,
        "content": entry.key.content,
        "article_id": known,
        "first_seen": record.now,
        "title": entry.key.title,
        "day": entry.key.day,
        "address": entry.key.url_keys[0] if entry.key.url_keys else "",
    }


def _match(connection: Connection, known: ArticleId, matches: Iterable[Match]) -> tuple[Match, ...]:
    """Make the article's matches these; the answer is those of watchlists that had never held for it."""
    before = {row.watchlist for row in _MATCHED.rows(connection, {"known": known})}
    if before:
        connection.execute(update(article_match).where(article_match.c.article_id == known).values(holds=False))
    added = []
    for each in matches:
        _MATCH.run(connection, {"article_id": known, **match_columns(each)})
        if each.watchlist not in before:
            added.append(each)
    return tuple(added)


def _keep_acts(connection: Connection, news: _News, told: EntryRecord | PageRecord, now: datetime) -> None:
    keep_acts(connection, news.article, told.acts, added=news.added)
    keep_deadlines(connection, news.article, told.acts, now)


def _grouped(
    connection: Connection, news: _News, source: EntryRecord | PageRecord, newsroom: Newsroom, now: datetime
) -> _News:
    """The news, with what its article goes together with."""
    if source.traits is None or source.reading is None:
        return news
    published = source.reading.published
    at = now if published is None or published > now + AHEAD else published
    tell, judge = bool(source.matches), newsroom.judge
    found = group(connection, news.article, source.traits, at, judge, tell=tell, added=news.added)
    return _News(news.article, news.matches, news.before, found, news.added)


def _announce(connection: Connection, news: _News, newsroom: Newsroom, now: datetime) -> int:
    """Queue what is to be said of an article, or put it off where many are told; the number of messages queued now."""
    if put_off(connection, news.grouped or Grouped(news.article), news.matches, news.before):
        return 0
    if news.grouped is not None and news.grouped.story is not None:
        return announce_story(connection, news.grouped, news.matches, newsroom, now, news.before)
    return announce_article(connection, news.article, news.matches, newsroom.announce, now)
