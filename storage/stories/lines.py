"""One line a story: what a digest shows of the stories that its articles belong to."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, String, bindparam, func, select

from matchers.model import Match
from matchers.official import is_official
from storage.articles.articles import articles_of, matches_of
from storage.articles.model import StoredArticle
from storage.chats.model import DigestItem, Ongoing
from storage.dialect import numbers
from storage.ids import ArticleId, StoryId
from storage.prepared import Prepared
from storage.schema import announcement, article, delivery, feed, grouped, story
from storage.stories.announcements import SOURCES, ChatPlace, shown_in, stories_of

CHUNK = 400  # names in one IN list

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What stories hold, whoever reads them. `story` and `host` of each article asked for, `sources` of each story in
    order of arrival: article, name, when it came. `facts` is the row of each, with when the one `before` opened."""

    story: Mapping[ArticleId, StoryId] = field(default_factory=dict)
    host: Mapping[ArticleId, str] = field(default_factory=dict)
    sources: Mapping[StoryId, Sequence[tuple[ArticleId, str, datetime]]] = field(default_factory=dict)
    facts: Mapping[StoryId, Any] = field(default_factory=dict)


def gathered(connection: Connection, articles: Sequence[ArticleId]) -> Gathered:
    """The stories of these articles, in four statements for every few hundred of them."""
    rows = [row for chunk in chunks(articles) for row in connection.execute(_GROUPED, {"articles": chunk})]
    stories = sorted({row.story_id for row in rows})
    sources: dict[StoryId, list[tuple[ArticleId, str, datetime]]] = {}
    facts: dict[StoryId, Any] = {}
    for chunk in chunks(stories):
        for identifier, source, name, seen in connection.execute(_SOURCES, {"stories": chunk}):
            sources.setdefault(identifier, []).append((source, name, seen))
        facts |= {StoryId(row.id): row for row in connection.execute(_STORIES, {"stories": chunk})}
    return Gathered(
        {ArticleId(row.article_id): StoryId(row.story_id) for row in rows},
        {ArticleId(row.article_id): row.host for row in rows},
        sources,
        facts,
    )


def members_of(connection: Connection, stories: Sequence[StoryId]) -> dict[ArticleId, StoryId]:
    """The articles of these stories, each with its story."""
    found: dict[ArticleId, StoryId] = {}
    for start in range(0, len(stories), CHUNK):
        rows = connection.execute(_MEMBERS, {"stories": stories[start : start + CHUNK]})
        found |= {ArticleId(article_id): StoryId(story_id) for article_id, story_id in rows}
    return found


def by_story(
    connection: Connection, items: Sequence[DigestItem], known: Gathered, place: ChatPlace
) -> tuple[DigestItem, ...]:
    """One item a story, in the order of its first; articles without a story stay as they are. Articles that `place`
    was sent are shown as it was sent them."""
    together: dict[int, list[DigestItem]] = {}
    for item in items:
        together.setdefault(known.story.get(item.article.id, -item.article.id), []).append(item)
    sent = _sent(connection, [StoryId(key) for key in together if key > 0], place)
    announced = articles_of(connection, sorted({shown_in(row) for row in sent.values()}))
    elsewhere = [each for each in announced if each not in known.story]
    more = gathered(connection, elsewhere) if elsewhere else Gathered()
    own = matches_of(connection, sorted(announced)) | {item.article.id: item.matches for item in items}
    told = []
    for key, held in together.items():
        if key < 0:
            told.append(held[0])
            continue
        letter = sent.get(StoryId(key))
        mine = _merged(held, None if letter is None else announced.get(shown_in(letter)), letter is not None, known)
        mine = replace(mine, matches=_own_first(own.get(mine.article.id, ()), mine.matches))
        facts = known if mine.article.id in known.story else more
        told.append(_with_sources(mine, facts, sent))
    return tuple(told)


def _merged(held: Sequence[DigestItem], announced: StoredArticle | None, sent: bool, known: Gathered) -> DigestItem:
    """The item that stands for a story: what the chat was sent of it, else its best source."""
    shown = announced or min(
        (item.article for item in held), key=lambda each: _worth(each, known.host.get(each.id, ""))
    )
    best = _best(match for item in held for match in item.matches)
    return DigestItem(shown, best, sent or any(item.flashed for item in held))


def _best(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The best match of each watchlist, in the order of their first."""
    best: dict[str, Match] = {}
    for match in matches:
        if match.watchlist not in best or match.score > best[match.watchlist].score:
            best[match.watchlist] = match
    return tuple(best.values())


def _own_first(own: Sequence[Match], found: Sequence[Match]) -> tuple[Match, ...]:
    """What is said under a title is about that article: its own match of a watchlist, where it has one."""
    mine = {match.watchlist: match for match in own}
    return tuple(mine.get(match.watchlist, match) for match in found)


def _worth(article: StoredArticle, host: str) -> tuple[bool, bool, bool, ArticleId]:
    """The best first: an official source, then one that can be read, a walled one, an aggregator's."""
    return (
        not is_official(host, article.official),
        "aggregator" in article.flags,
        "paywalled" in article.flags,
        article.id,
    )


def with_sources(
    connection: Connection, items: Sequence[DigestItem], place: ChatPlace | None = None
) -> tuple[DigestItem, ...]:
    """The items with all that their stories match, their other sources and the day of the story that each takes
    further. `place` is where they are read, None where it does not matter."""
    known = gathered(connection, [item.article.id for item in items])
    sent = {} if place is None else _sent(connection, sorted(set(known.story.values())), place)
    matches = matches_of(connection, [each for held in known.sources.values() for each, _, _ in held])
    return tuple(_with_sources(_matched(item, known, matches), known, sent) for item in items)


def _matched(item: DigestItem, known: Gathered, matches: Mapping[ArticleId, tuple[Match, ...]]) -> DigestItem:
    identifier = known.story.get(item.article.id)
    if identifier is None:
        return item
    others = (match for each, _, _ in known.sources.get(identifier, ()) for match in matches.get(each, ()))
    return replace(item, matches=_own_first(item.matches, _best((*item.matches, *others))))


def _with_sources(item: DigestItem, known: Gathered, sent: Mapping[StoryId, Any]) -> DigestItem:
    identifier = known.story.get(item.article.id)
    if identifier is None:
        return item
    first: dict[str, datetime] = {}
    for _, name, seen in known.sources.get(identifier, ()):
        first.setdefault(name, seen)
    others = tuple(name for name in first if name != item.article.source_name)
    letter = sent.get(identifier)
    later = 0 if letter is None or letter.left is None else sum(first[name] > letter.left for name in others)
    mine = known.facts[identifier]
    follows, beside = (None, mine.follows or 0) if mine.unsure else (mine.before, 0)
    told = replace(item, others=others, follows=follows, later=later, articles=mine.articles)
    return replace(told, story=identifier, beside=beside, near=mine.near or "" if beside else "")


def _sent(connection: Connection, stories: Sequence[StoryId], place: ChatPlace) -> dict[StoryId, Any]:
    """The living message that this chat, or topic of it, has of each story, where it has one."""
    asked = {"chat": place[0], "where": place[1], "stories": json.dumps(list(stories))}
    return {StoryId(row.story_id): row for row in _SENT.rows(connection, asked)} if stories else {}


def ongoing(connection: Connection, items: Sequence[DigestItem]) -> tuple[Ongoing, ...]:
    """The dossiers that these stories take further, the newest first; a story alone is none."""
    stories = stories_of(connection, [item.article.id for item in items])
    rows = connection.execute(_ONGOING, {"stories": sorted(set(stories.values()))}).all()
    opening = articles_of(connection, [ArticleId(row.dossier_id) for row in rows])
    return tuple(
        Ongoing(opened.title, opened.url, row.stories, row.sources, row.last_at)
        for row in rows
        if (opened := opening.get(row.dossier_id))
    )


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """A few hundred at a time: what one IN list takes."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


_before = story.alias("before")
_GROUPED = select(grouped.c.article_id, grouped.c.story_id, grouped.c.host).where(
    grouped.c.article_id.in_(bindparam("articles", expanding=True)), grouped.c.story_id.is_not(None)
)
_ranked = (
    select(
        grouped.c.story_id,
        grouped.c.article_id,
        func.row_number().over(partition_by=grouped.c.story_id, order_by=grouped.c.article_id).label("place"),
    )
    .where(grouped.c.story_id.in_(bindparam("stories", expanding=True)))
    .subquery()
)
_SOURCES = (
    select(_ranked.c.story_id, _ranked.c.article_id, feed.c.name, article.c.first_seen)
    .join(article, article.c.id == _ranked.c.article_id)
    .join(feed, feed.c.id == article.c.feed_id)
    .where(_ranked.c.place <= SOURCES)
    .order_by(_ranked.c.article_id)
)
_STORIES = (
    select(
        story.c.id,
        story.c.articles,
        story.c.follows,
        story.c.unsure,
        _before.c.opened.label("before"),
        article.c.title.label("near"),
    )
    .join(_before, _before.c.id == story.c.follows, isouter=True)
    .join(article, article.c.id == story.c.follows, isouter=True)
    .where(story.c.id.in_(bindparam("stories", expanding=True)))
)
_listing, _number = numbers(bindparam("stories", type_=String))
_SENT = Prepared(
    select(announcement.c.story_id, announcement.c.item, announcement.c.shown, delivery.c.settled_at.label("left"))
    .join(
        delivery,
        (delivery.c.chat_id == announcement.c.chat_id)
        & (delivery.c.thread == announcement.c.thread)
        & (delivery.c.item == announcement.c.item)
        & (delivery.c.part == 1),
        isouter=True,
    )
    .where(
        announcement.c.chat_id == bindparam("chat"),
        announcement.c.thread == bindparam("where"),
        announcement.c.kind == "living",
        announcement.c.story_id.in_(select(_number)),
    )
)
_MEMBERS = select(grouped.c.article_id, grouped.c.story_id).where(
    grouped.c.story_id.in_(bindparam("stories", expanding=True))
)
_ONGOING = (
    select(
        story.c.dossier_id,
        func.count(story.c.id.distinct()).label("stories"),
        func.count(grouped.c.host.distinct()).label("sources"),
        func.max(story.c.last_at, type_=story.c.last_at.type).label("last_at"),
    )
    .join(grouped, grouped.c.story_id == story.c.id)
    .where(
        story.c.dossier_id.in_(select(story.c.dossier_id).where(story.c.id.in_(bindparam("stories", expanding=True))))
    )
    .group_by(story.c.dossier_id)
    .having(func.count(story.c.id.distinct()) > 1)
    .order_by(func.max(story.c.last_at).desc(), story.c.dossier_id)
)
