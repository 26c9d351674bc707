"""What readers said of what they were sent: one vote a person and article, the last one counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, delete, exists, func, select, update

from storage.chats.model import Balance, VoteTally
from storage.database import Database
from storage.feeds.model import Yield
from storage.ids import ArticleId, FeedId
from storage.schema import article, article_match, feed, upsert, vote


class Votes:
    """Rows of `vote`. A voter is a keyed hash: nobody reads a person out of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cast(self, of: ArticleId, voter: str, useful: bool, now: datetime, urgent: bool | None = None) -> bool:
        """Vote; False where the article is gone. `urgent`: was a flash worth its sound; None where nobody asked."""
        row = upsert(vote, "article_id", "voter", changing=("useful", "reason", "voted_at"))
        values = {"article_id": of, "voter": voter, "useful": useful, "reason": _SOUND[urgent], "voted_at": now}
        with self._database.write() as connection:
            known = connection.execute(select(article.c.id).where(article.c.id == of)).first() is not None
            if known:
                connection.execute(row, values)
        return known

    def explain(self, of: ArticleId, voter: str, reason: str) -> bool:
        """Say why it was noise; False where this person did not say that it was."""
        mine = and_(vote.c.article_id == of, vote.c.voter == voter, ~vote.c.useful)
        with self._database.write() as connection:
            return connection.execute(update(vote).where(mine).values(reason=reason)).rowcount > 0

    def forget(self, voter: str) -> None:
        """Take back every vote of a person."""
        with self._database.write() as connection:
            connection.execute(delete(vote).where(vote.c.voter == voter))

    def by_watchlist(self, since: datetime) -> Mapping[str, VoteTally]:
        """The votes of some time by watchlist that keeps the article, and its flashes that could have waited."""
        ringing = and_(article_match.c.level == "flash", vote.c.reason == _SOUND[False])
        early = func.count(case((ringing, vote.c.article_id)).distinct())
        query = (
            select(article_match.c.watchlist, _USEFUL, func.count(), early)
            .join(vote, vote.c.article_id == article_match.c.article_id)
            .where(vote.c.voted_at > since, article_match.c.holds)
            .group_by(article_match.c.watchlist)
        )
        with self._database.read() as connection:
            return _tallies(connection, query)

    def by_source(self, since: datetime) -> tuple[Yield, ...]:
        """What each source that is followed brought since then: those that brought nothing useful first, and of these
        the noisiest. One that was not there yet is left out."""
        recent = article.c.first_seen > since
        there = exists().where(article.c.feed_id == feed.c.id, ~recent)
        kept = (
            select(article.c.feed_id, func.count(article.c.id.distinct()))
            .join(article_match, and_(article_match.c.article_id == article.c.id, article_match.c.holds))
            .where(recent)
            .group_by(article.c.feed_id)
        )
        voted = (
            select(article.c.feed_id, _USEFUL, func.count())
            .join(vote, vote.c.article_id == article.c.id)
            .where(vote.c.voted_at > since)
            .group_by(article.c.feed_id)
        )
        with self._database.read() as connection:
            matched = {row[0]: row[1] for row in connection.execute(kept)}
            votes = _tallies(connection, voted)
            feeds = connection.execute(select(feed.c.id, feed.c.name).where(feed.c.enabled, there)).all()
        found = []
        for row in feeds:
            tally = votes.get(row.id, VoteTally(0, 0))
            found.append(Yield(FeedId(row.id), row.name, matched.get(row.id, 0), tally.useful, tally.noise))
        return tuple(sorted(found, key=lambda each: (each.useful > 0, -each.noise, each.name)))

    def balances(self) -> Mapping[ArticleId, Balance]:
        """What was said of each article."""
        urgent, early = (func.sum(case((vote.c.reason == _SOUND[each], 1), else_=0)) for each in (True, False))
        query = select(vote.c.article_id, _USEFUL, func.count(), urgent, early).group_by(vote.c.article_id)
        with self._database.read() as connection:
            rows = connection.execute(query)
            return {ArticleId(of): Balance(useful, count - useful, *sound) for of, useful, count, *sound in rows}

    def verdicts(self) -> tuple[int, int]:
        """The articles that most found useful, and those that most found noise; a tie is for the article."""
        balances = self.balances().values()
        useful = sum(each.useful >= each.noise for each in balances)
        return useful, len(balances) - useful

    def noise(self, watchlist: str, since: datetime) -> tuple[tuple[ArticleId, bool], ...]:
        """The articles of a watchlist that were voted on, each with whether most found it useful."""
        useful = func.sum(case((vote.c.useful, 1), else_=-1))
        query = (
            select(vote.c.article_id, useful)
            .join(article_match, and_(article_match.c.article_id == vote.c.article_id, article_match.c.holds))
            .where(vote.c.voted_at > since, article_match.c.watchlist == watchlist)
            .group_by(vote.c.article_id)
            .order_by(vote.c.article_id)
        )
        with self._database.read() as connection:
            return tuple((ArticleId(key), balance >= 0) for key, balance in connection.execute(query))


_SOUND = {None: "", True: "urgent", False: "not_urgent"}  # what `reason` bears of a vote for the article
_USEFUL = func.sum(case((vote.c.useful, 1), else_=0))


def _tallies(connection: Connection, query: Select[Any]) -> dict[str, VoteTally]:
    rows = connection.execute(query)
    return {name: VoteTally(useful, count - useful, *early) for name, useful, count, *early in rows}
