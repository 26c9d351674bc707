"""What the watchlists kept lately, as a press review: stories, newest first, and how much each week brought."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.articles.articles import articles_of, matches_of
from storage.articles.model import PressItem, PressReview, PressStory
from storage.database import Database
from storage.ids import ArticleId
from storage.schema import article, article_match, grouped


def press_review(database: Database, since: datetime, limit: int) -> PressReview:
    """The `limit` newest stories since then, in one consistent view. An article without a story is one by itself."""
    with database.read() as connection:
        found = _grouped(connection, since)
        shown = dict(list(found.items())[:limit])
        identifiers = [each for members in shown.values() for each in members]
        articles, matches = articles_of(connection, identifiers), matches_of(connection, identifiers)
        read = connection.execute(select(func.count()).select_from(article).where(article.c.first_seen >= since))
        return PressReview(
            stories=tuple(
                PressStory(tuple(PressItem(articles[each], matches[each]) for each in sorted(members)))
                for members in shown.values()
            ),
            left=len(found) - len(shown),
            read=read.scalar_one(),
            seen=tuple(_seen(connection, since)),
        )


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
    for identifier, story in connection.execute(query):
        found.setdefault(identifier if story is None else story, []).append(ArticleId(identifier))
    return found


def _seen(connection: Connection, since: datetime) -> Iterable[tuple[str, datetime]]:
    query = (
        select(article_match.c.watchlist, article.c.first_seen)
        .join(article, article.c.id == article_match.c.article_id)
        .where(article_match.c.holds, article.c.first_seen >= since)
    )
    for row in connection.execute(query):
        yield row.watchlist, row.first_seen
