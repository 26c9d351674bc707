"""The titles drawn each week of what was not kept, and what operators said of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, insert, select, update

from storage.articles.articles import addresses, articles_of, by_address
from storage.articles.model import StoredArticle
from storage.database import Database
from storage.ids import ArticleId, FeedId
from storage.operators.model import SampledTitle, Samples, SampleTally, Stratum
from storage.schema import article, article_match, feed, sampled_title, sampled_week, sighting


class RecallSamples:
    """Rows of `sampled_week` and `sampled_title`, and what was seen of what a site lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unkept(self, since: datetime, until: datetime, after: int, limit: int) -> tuple[StoredArticle, ...]:
        """So many of the articles of a span that no watchlist kept, by id, from the one after `after`."""
        wanted = select(article.c.id).where(*_during(since, until), ~_KEPT, article.c.id > after)
        with self._database.read() as connection:
            found = list(connection.execute(wanted.order_by(article.c.id).limit(limit)).scalars())
            stored = articles_of(connection, [ArticleId(each) for each in found])
        return tuple(stored[ArticleId(each)] for each in found)

    def kept(self, since: datetime, until: datetime) -> int:
        """How many articles of a span some watchlist kept."""
        query = select(func.count()).select_from(article).where(*_during(since, until), _KEPT)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def recent(self, source: FeedId, most: int) -> tuple[tuple[str, str], ...]:
        """The addresses and titles of the last articles that a feed brought, the newest first."""
        query = (
            select(article.c.url, article.c.title)
            .join(sighting, sighting.c.article_id == article.c.id)
            .where(sighting.c.feed_id == source, article.c.url != "")
            .order_by(article.c.id.desc())
            .limit(most)
        )
        with self._database.read() as connection:
            return tuple((row.url, row.title) for row in connection.execute(query))

    def seen(self, places: Sequence[Sequence[str]]) -> tuple[bool, ...]:
        """Is there an article at one of these addresses of each?"""
        with self._database.read() as connection:
            known = addresses(connection, [key for keys in places for key in keys])
        return tuple(by_address(keys, known) is not None for keys in places)

    def put(
        self,
        week: str,
        sizes: Mapping[Stratum, int],
        kept: int,
        drawn: Iterable[tuple[Stratum, int]],
        now: datetime,
    ) -> None:
        """A week's draw, once: the size of each stratum, and the articles drawn of it."""
        sized = {"week": week, "near": sizes["near"], "rest": sizes["rest"], "kept": kept, "drawn_at": now}
        rows = [{"week": week, "stratum": stratum, "article_id": each} for stratum, each in drawn]
        with self._database.write() as connection:
            if connection.execute(select(sampled_week.c.week).where(sampled_week.c.week == week)).first() is None:
                connection.execute(insert(sampled_week), sized)
                if rows:
                    connection.execute(insert(sampled_title), rows)

    def titles(self, week: str) -> tuple[SampledTitle, ...]:
        """The titles of a week's draw, in an order that does not tell their strata."""
        query = (
            select(sampled_title.c.id, sampled_title.c.wanted, article.c.title, article.c.url, feed.c.name)
            .outerjoin(article, article.c.id == sampled_title.c.article_id)
            .outerjoin(feed, feed.c.id == article.c.feed_id)
            .where(sampled_title.c.week == week)
            .order_by(article.c.id, sampled_title.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(SampledTitle(row.id, row.title or "", row.name or "", row.url or "", row.wanted) for row in rows)

    def judge(self, number: int, wanted: bool, now: datetime) -> str | None:
        """Should it have been kept? The last answer counts. The week of its draw; None where there is no such title."""
        row = update(sampled_title).where(sampled_title.c.id == number).values(wanted=wanted, judged_at=now)
        with self._database.write() as connection:
            week: str | None = connection.execute(row.returning(sampled_title.c.week)).scalar()
        return week

    def since(self, moment: datetime) -> Samples:
        """What was judged of the draws since then. A week of which nothing was judged proves nothing: it is left out,
        with what was kept in it."""
        judged = func.count(sampled_title.c.wanted)
        missed = func.sum(case((sampled_title.c.wanted, 1), else_=0))
        query = (
            select(sampled_week, sampled_title.c.stratum, judged.label("judged"), missed.label("missed"))
            .join(sampled_title, sampled_title.c.week == sampled_week.c.week)
            .where(sampled_week.c.drawn_at > moment)
            .group_by(sampled_week.c.week, sampled_title.c.stratum)
            .having(judged > 0)
            .order_by(sampled_week.c.week, sampled_title.c.stratum)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        told = tuple(
            SampleTally(row.stratum, row.near if row.stratum == "near" else row.rest, row.judged, row.missed)
            for row in rows
        )
        return Samples(told, sum({row.week: row.kept for row in rows}.values()))


_KEPT = exists().where(article_match.c.article_id == article.c.id, article_match.c.holds)


def _during(since: datetime, until: datetime) -> Sequence[ColumnElement[bool]]:
    return article.c.first_seen >= since, article.c.first_seen < until, ~article.c.muted
