"""How stories stand in the triage: by the newest entry on any of their articles."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, String, bindparam, select

from storage.articles.model import Sorted
from storage.dialect import numbers
from storage.ids import ArticleId
from storage.prepared import Prepared
from storage.schema import grouped, triage


def standing(connection: Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, Sorted]:
    """How each article stands: see `Triage.of`."""
    mates = story_mates(connection, articles)
    newest: dict[ArticleId, Sorted] = {}
    for entry in entries_on(connection, sorted({each for held in mates.values() for each in held})):
        if entry.article not in newest or newest[entry.article].number < entry.number:
            newest[entry.article] = entry
    found = {}
    for each, held in mates.items():
        if said := [newest[other] for other in held if other in newest]:
            found[each] = max(said, key=lambda entry: entry.number)
    return found


def story_mates(connection: Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, list[ArticleId]]:
    """Each article with those of its story on which something was said, itself first."""
    mine = {ArticleId(key): held for key, held in _STORY.rows(connection, {"few": json.dumps(list(articles))})}
    members: dict[int, list[ArticleId]] = {}
    for key, held in _MENTIONED.rows(connection, {"few": json.dumps(sorted(set(mine.values())))}):
        members.setdefault(held, []).append(ArticleId(key))
    return {each: [each, *members.get(mine.get(each, 0), ())] for each in articles}


def entries_on(connection: Connection, articles: Sequence[ArticleId]) -> Iterable[Sorted]:
    """Every entry on these articles, in no order."""
    return map(sorted_of, _ON.rows(connection, {"few": json.dumps(list(articles))}))


def sorted_of(row: Any) -> Sorted:
    """The entry of a row."""
    values = row._asdict()
    return Sorted(article=ArticleId(values.pop("article_id")), **values)


_listing, _number = numbers(bindparam("few", type_=String))
_FEW = select(_number)
_ON = Prepared(select(triage).where(triage.c.article_id.in_(_FEW)))
_STORY = Prepared(
    select(grouped.c.article_id, grouped.c.story_id).where(
        grouped.c.article_id.in_(_FEW), grouped.c.story_id.is_not(None)
    )
)
_MENTIONED = Prepared(
    select(grouped.c.article_id, grouped.c.story_id).where(
        grouped.c.story_id.in_(_FEW), grouped.c.article_id.in_(select(triage.c.article_id))
    )
)
