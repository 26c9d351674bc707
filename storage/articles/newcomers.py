"""What nothing kept before had named."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from storage.articles.model import Newcomer
from storage.chats.model import DigestItem
from storage.schema import EPOCH, grouped, topic_day
from storage.stories.announcements import stories_of


def newcomers(connection: Connection, items: Sequence[DigestItem], start: datetime) -> tuple[Newcomer, ...]:
    """The entities of these stories that no text kept before `start` names in title or lead, the most named first.

    None where nothing was kept before `start`: all would be new.
    """
    day = (start - EPOCH).days
    oldest = connection.execute(select(func.min(topic_day.c.day)).where(topic_day.c.term == "")).scalar()
    if oldest is None or oldest >= day:
        return ()
    stories = set(stories_of(connection, [item.article.id for item in items]).values())
    rows = connection.execute(_TEXTS, {"stories": sorted(stories)})
    counted = _named([(row.article_id, row.copy_of, row.topic) for row in rows])
    known = set(connection.execute(_BEFORE, {"terms": sorted(counted), "day": day}).scalars())
    midnight = EPOCH + timedelta(days=day)
    for row in connection.execute(_THAT_DAY, {"midnight": midnight, "start": start}):
        known.update(entities_in(row.topic))
    found = [Newcomer(term[1:], n) for term, n in counted.items() if term not in known]
    return tuple(sorted(found, key=lambda each: (-each.articles, each.entity)))


def _named(rows: Sequence[tuple[int, int, str | None]]) -> Mapping[str, int]:
    """In how many of these articles each entity stands; a copy names whom its original names."""
    own = {article: tuple(entities_in(topic)) for article, _, topic in rows if topic}
    return Counter(term for article, original, _ in rows for term in own.get(article) or own.get(original, ()))


def entities_in(topic: str) -> Iterator[str]:
    """The entities that a text names in its title or lead, as `@id`; `topic` as it is kept."""
    told = json.loads(topic)
    return (term for field in ("title", "lead") for term in told[field] if term.startswith("@"))


_TEXTS = select(grouped.c.article_id, grouped.c.copy_of, grouped.c.topic).where(
    grouped.c.story_id.in_(bindparam("stories", expanding=True))
)
_BEFORE = (
    select(topic_day.c.term)
    .where(topic_day.c.day < bindparam("day"), topic_day.c.term.in_(bindparam("terms", expanding=True)))
    .distinct()
)
_THAT_DAY = select(grouped.c.topic).where(
    grouped.c.at >= bindparam("midnight", type_=grouped.c.at.type),
    grouped.c.at < bindparam("start", type_=grouped.c.at.type),
    grouped.c.topic.is_not(None),
)
