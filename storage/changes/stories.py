"""The events that became known in a span: each story once, at the moment when its first article was seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, union_all

from matchers.official import is_official
from storage.changes.model import Fact, Scope, Span
from storage.ids import ArticleId, StoryId
from storage.schema import article, article_match, feed, grouped, story
from storage.stories.lines import chunks

NONE, TOLD = "", "told"


@dataclass(frozen=True, slots=True)
class KnownStory:
    """A story that became known at `at`. `article` is its best text: that of an authority which surely tells the event
    before another, an outlet's before an aggregator's; `lists` kept it."""

    story: StoryId
    at: datetime
    article: ArticleId
    official: bool
    lists: tuple[str, ...]


def stories_told(connection: Connection, span: Span, scope: Scope) -> Iterator[Fact]:
    """One fact a story."""
    known = {each.article: each for each in stories_known(connection, span, scope)}
    near = _near(connection, sorted(each.story for each in known.values()))
    for row in _texts(connection, sorted(known)):
        each = known[ArticleId(row.id)]
        number = str(each.story)
        told = Fact(each.at, "story", number, NONE, TOLD, row.title, row.url, row.name, each.official, each.lists)
        yield replace(told, near=near.get(each.story, ""))


def stories_known(connection: Connection, span: Span, scope: Scope) -> list[KnownStory]:
    """The stories of the span that a list of the scope kept, in order of time.

    What a first reading brought was there before we looked: it counts on the day that it bears.
    """
    opened = {row.id: row.at for row in connection.execute(_opened(span, scope))}
    members: dict[int, list[Row[Any]]] = {}
    lists: dict[int, set[str]] = {}
    for chunk in chunks(sorted(opened)):
        for row in connection.execute(_members(chunk)):
            members.setdefault(row.story_id, []).append(row)
        for row in connection.execute(_lists(chunk)):
            lists.setdefault(row.story_id, set()).add(row.watchlist)
    found = [
        _known(StoryId(each), opened[each], min(held, key=_worth), tuple(sorted(lists[each])))
        for each, held in members.items()
        if each in lists and (scope.lists is None or not scope.lists.isdisjoint(lists[each]))
    ]
    return sorted(found, key=lambda each: (each.at, each.story))


def _known(number: StoryId, at: datetime, best: Row[Any], lists: tuple[str, ...]) -> KnownStory:
    return KnownStory(number, at, ArticleId(best.article_id), _is_authority(best), lists)


def _worth(row: Row[Any]) -> tuple[bool, bool, int]:
    return not _is_authority(row), row.aggregator, row.article_id


def _is_authority(row: Row[Any]) -> bool:
    """Does an authority surely tell this event?"""
    return bool(row.sure) and is_official(row.host, row.official)


def _opened(span: Span, scope: Scope) -> Any:
    """A story bears the id of its first article."""
    lives = [story.c.articles > 0, *([story.c.dossier_id == scope.dossier] if scope.dossier is not None else [])]
    seen = and_(~article.c.muted, article.c.first_seen >= span.start, article.c.first_seen < span.end)
    opened = story.c.opened
    dated = and_(article.c.muted, story.c.last_at >= span.start, opened >= span.start, opened < span.end)
    joined = story.join(article, article.c.id == story.c.id)
    return union_all(
        select(story.c.id, article.c.first_seen.label("at")).select_from(joined).where(seen, *lives),
        select(story.c.id, story.c.opened.label("at")).select_from(joined).where(dated, *lives),
    )


def _members(stories: Sequence[int]) -> Any:
    is_copy, is_first = grouped.c.copy_of != grouped.c.article_id, grouped.c.article_id == grouped.c.story_id
    sure = or_(grouped.c.backs, is_copy, is_first).label("sure")
    columns = (grouped.c.story_id, grouped.c.article_id, grouped.c.host, grouped.c.aggregator, feed.c.official, sure)
    return (
        select(*columns)
        .join(article, article.c.id == grouped.c.article_id)
        .join(feed, feed.c.id == article.c.feed_id)
        .where(grouped.c.story_id.in_(stories))
    )


def _lists(stories: Sequence[int]) -> Any:
    return (
        select(grouped.c.story_id, article_match.c.watchlist)
        .join(article_match, article_match.c.article_id == grouped.c.article_id)
        .where(grouped.c.story_id.in_(stories), article_match.c.holds)
        .distinct()
    )


def _near(connection: Connection, stories: Sequence[int]) -> dict[StoryId, str]:
    """The title of the story that each doubtful one may be; those of which nothing is in doubt are left out."""
    found: dict[StoryId, str] = {}
    for chunk in chunks(stories):
        query = (
            select(story.c.id, article.c.title)
            .join(article, article.c.id == story.c.follows)
            .where(story.c.id.in_(chunk), story.c.unsure)
        )
        found |= {StoryId(row.id): row.title for row in connection.execute(query)}
    return found


def _texts(connection: Connection, articles: Sequence[int]) -> Iterator[Any]:
    for chunk in chunks(articles):
        query = (
            select(article.c.id, article.c.title, article.c.url, feed.c.name)
            .join(feed, feed.c.id == article.c.feed_id)
            .where(article.c.id.in_(chunk))
        )
        yield from connection.execute(query).all()
