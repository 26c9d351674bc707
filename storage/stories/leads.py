"""Which source was seen first with what was kept, and by how much; whose articles were copies."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median_low
from typing import Any

from sqlalchemy import Connection, select

from storage.ids import FeedId
from storage.schema import article, article_match, grouped
from storage.stories.model import SourceLead


def leads(connection: Connection, since: datetime) -> Mapping[FeedId, SourceLead]:
    """Of each source with an article in a kept story since then. « Seen first with », not « published first by »: what
    counts is when Vigie had it. Articles that its feed brought muted, as a first reading does, count for nobody."""
    kept = select(article_match.c.article_id).where(article_match.c.holds)
    query = (
        select(grouped.c.story_id, article.c.feed_id, article.c.first_seen, grouped.c.article_id, grouped.c.copy_of)
        .join(article, article.c.id == grouped.c.article_id)
        .where(grouped.c.story_id.is_not(None), article.c.first_seen > since, ~article.c.muted)
        .where(grouped.c.article_id.in_(kept))
        .order_by(grouped.c.story_id, article.c.first_seen, article.c.id)
    )
    rows = connection.execute(query).all()
    articles, copies = Counter(row.feed_id for row in rows), Counter[str]()
    shared, ahead = Counter[str](), defaultdict[str, list[timedelta]](list)
    copies.update(row.feed_id for row in rows if row.copy_of != row.article_id)
    for _, held in groupby(rows, key=lambda row: row.story_id):
        came = _arrivals(held)
        if len(came) > 1:
            (leader, at), (_, then) = list(came.items())[:2]
            shared.update(came.keys())
            ahead[leader].append(then - at)
    return {
        FeedId(each): SourceLead(
            shared[each], len(ahead[each]), median_low(ahead[each]) if ahead[each] else None, count, copies[each]
        )
        for each, count in articles.items()
    }


def _arrivals(rows: Iterable[Any]) -> dict[str, datetime]:
    """When each source was first seen with a story, in that order."""
    found: dict[str, datetime] = {}
    for row in rows:
        found.setdefault(row.feed_id, row.first_seen)
    return found
