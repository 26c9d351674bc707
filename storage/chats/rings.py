"""The articles that a chat's watchlists kept, as they came: what its flashes would have been."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from storage.articles.articles import articles_of, matches_of
from storage.chats.model import KeptArticle
from storage.database import Database
from storage.ids import ArticleId
from storage.schema import article, article_match, grouped


class Rings:
    """Reads `article_match` with the story of each article."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stories(self, since: datetime) -> dict[int, int]:
        """The story of each article that came since then and could be announced; negative where it is alone."""
        story = func.coalesce(grouped.c.story_id, -article.c.id).label("story")
        query = (
            select(article.c.id, story)
            .outerjoin(grouped, grouped.c.article_id == article.c.id)
            .where(article.c.first_seen >= since, ~article.c.muted)
        )
        with self._database.read() as connection:
            return {row.id: row.story for row in connection.execute(query)}

    def kept(self, watchlists: Collection[str], since: datetime) -> tuple[KeptArticle, ...]:
        """The articles kept since then by one of these watchlists, in the order in which they came, each with the
        story it was put in (itself, where it has none)."""
        story = func.coalesce(grouped.c.story_id, -article.c.id).label("story")
        query = (
            select(article.c.id, story)
            .join(article_match, article_match.c.article_id == article.c.id)
            .outerjoin(grouped, grouped.c.article_id == article.c.id)
            .where(article_match.c.watchlist.in_(watchlists), article_match.c.holds)
            .where(article.c.first_seen > since, ~article.c.muted)
            .distinct()
            .order_by(article.c.id)
        )
        with self._database.read() as connection:
            stories = {ArticleId(row.id): row.story for row in connection.execute(query)}
            stored, matches = articles_of(connection, list(stories)), matches_of(connection, list(stories))
        return tuple(KeptArticle(stored[each], matches.get(each, ()), story) for each, story in stories.items())
