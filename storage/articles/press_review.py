"""What the watchlists kept lately, as a press review: stories, newest first, how much a week brought, and from whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from storage.articles.articles import articles_of, matches_of
from storage.articles.model import PressItem, PressReview, PressShare, PressStory
from storage.articles.newcomers import entities_in
from storage.articles.triage_state import standing
from storage.database import Database
from storage.ids import ArticleId
from storage.schema import article, article_match, feed, grouped, story

_CHUNK = 400  # names in one IN list


def press_review(database: Database, since: datetime, limit: int, lately: datetime) -> PressReview:
    """The `limit` newest stories since then, in one consistent view. An article without a story is one by itself.
    Shares are of what was kept since `lately`."""
    with database.read() as connection:
        found = _grouped(connection, since)
        shown = dict(list(found.items())[:limit])
        read = connection.execute(select(func.count()).select_from(article).where(article.c.first_seen >= since))
        return PressReview(
            stories=tuple(_stories(connection, shown)),
            left=len(found) - len(shown),
            read=read.scalar_one(),
            seen=tuple(_seen(connection, since)),
            shares=_shares(connection, lately),
        )


def _stories(connection: Connection, shown: Mapping[int, Sequence[ArticleId]]) -> Iterator[PressStory]:
    keys = [each for members in shown.values() for each in members]
    articles, matches, named = articles_of(connection, keys), matches_of(connection, keys), _entities(connection, keys)
    stands = standing(connection, [min(members) for members in shown.values()])
    doubts = dict(_pairs(connection, _DOUBTS, list(shown)))
    first = articles_of(connection, [ArticleId(each) for each in sorted({*shown, *doubts.values()})])
    for number, members in shown.items():
        items = tuple(PressItem(articles[each], matches[each], named.get(each, ())) for each in sorted(members))
        opened, beside = first.get(ArticleId(number)), first.get(ArticleId(doubts.get(number, 0)))
        yield PressStory(items, number, opened.url if opened else "", beside, stands.get(min(members)))


def _grouped(connection: Connection, since: datetime) -> dict[int, list[ArticleId]]:
    """The articles kept, by story, the story with the newest article first."""
    kept = select(article_match.c.article_id).where(article_match.c.holds)
    query = (
        select(article.c.id, grouped.c.story_id)
        .outerjoin(grouped, grouped.c.article_id == article.c.id)
        .where(article.c.first_seen >= since, article.c.id.in_(kept))
        .order_by(article.c.first_seen.desc(), article.c.id.desc())
    )
    found: dict[int, list[ArticleId]] = {}
    for identifier, story_id in connection.execute(query):
        found.setdefault(identifier if story_id is None else story_id, []).append(ArticleId(identifier))
    return found


def _seen(connection: Connection, since: datetime) -> Iterable[tuple[str, datetime]]:
    query = (
        select(article_match.c.watchlist, article.c.first_seen)
        .join(article, article.c.id == article_match.c.article_id)
        .where(article_match.c.holds, article.c.first_seen >= since)
    )
    for row in connection.execute(query):
        yield row.watchlist, row.first_seen


def _shares(connection: Connection, since: datetime) -> tuple[PressShare, ...]:
    kept = connection.execute(_KEPT, {"since": since}).all()
    named = _entities(connection, sorted({ArticleId(row.article_id) for row in kept}))
    sources = Counter((row.watchlist, row.name) for row in kept)
    entities = Counter((row.watchlist, each) for row in kept for each in named.get(row.article_id, ()))
    found = [PressShare(watchlist, "source", name, n) for (watchlist, name), n in sources.items()]
    found += [PressShare(watchlist, "entity", name, n) for (watchlist, name), n in entities.items()]
    return tuple(sorted(found, key=lambda each: (each.watchlist, -each.articles, each.name)))


def _entities(connection: Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, tuple[str, ...]]:
    """The entities that each article names; a copy names whom its original names. Those that name none are left out."""
    originals = dict(_pairs(connection, _COPIES, articles))
    topics = {
        key: tuple(sorted({term.removeprefix("@") for term in entities_in(topic)}))
        for key, topic in _pairs(connection, _TOPICS, sorted({*originals, *originals.values()}))
    }
    named = {ArticleId(key): topics.get(key) or topics.get(first, ()) for key, first in originals.items()}
    return {key: found for key, found in named.items() if found}


def _pairs(connection: Connection, query: Select[Any], keys: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """The (key, value) rows of a query about `keys`."""
    for chunk in _chunks(keys):
        yield from ((key, value) for key, value in connection.execute(query, {"keys": chunk}))


def _chunks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


_DOUBTS = select(story.c.id, story.c.follows).where(
    story.c.id.in_(bindparam("keys", expanding=True)), story.c.unsure, story.c.follows.is_not(None)
)
_KEPT = (
    select(article_match.c.article_id, article_match.c.watchlist, feed.c.name)
    .join(article, article.c.id == article_match.c.article_id)
    .join(feed, feed.c.id == article.c.feed_id)
    .where(article_match.c.holds, article.c.first_seen >= bindparam("since", type_=article.c.first_seen.type))
)
_COPIES = select(grouped.c.article_id, grouped.c.copy_of).where(
    grouped.c.article_id.in_(bindparam("keys", expanding=True))
)
_TOPICS = select(grouped.c.article_id, grouped.c.topic).where(
    grouped.c.article_id.in_(bindparam("keys", expanding=True)), grouped.c.topic.is_not(None)
)
