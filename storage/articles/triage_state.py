"""How stories stand in the triage: by the newest entry on any of their articles."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from storage.articles.model import Sorted
from storage.ids import ArticleId
from storage.schema import grouped, triage

_CHUNK = 400  # names in one IN list


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
    mine: dict[ArticleId, int] = {}
    for chunk in _chunks(articles):
        mine |= {ArticleId(key): held for key, held in connection.execute(_STORY, {"articles": chunk})}
    members: dict[int, list[ArticleId]] = {}
    for chunk in _chunks(sorted(set(mine.values()))):
        for key, held in connection.execute(_MENTIONED, {"stories": chunk}):
            members.setdefault(held, []).append(ArticleId(key))
    return {each: [each, *members.get(mine.get(each, 0), ())] for each in articles}


def entries_on(connection: Connection, articles: Sequence[ArticleId]) -> Iterable[Sorted]:
    """Every entry on these articles, in no order."""
    for chunk in _chunks(list(dict.fromkeys(articles))):
        yield from map(sorted_of, connection.execute(_ON, {"articles": chunk}))


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def sorted_of(row: Row[Any]) -> Sorted:
    """The entry of a row."""
    values = dict(row._mapping)
    return Sorted(article=ArticleId(values.pop("article_id")), **values)


_ON = select(triage).where(triage.c.article_id.in_(bindparam("articles", expanding=True)))
_STORY = select(grouped.c.article_id, grouped.c.story_id).where(
    grouped.c.article_id.in_(bindparam("articles", expanding=True)), grouped.c.story_id.is_not(None)
)
_MENTIONED = select(grouped.c.article_id, grouped.c.story_id).where(
    grouped.c.story_id.in_(bindparam("stories", expanding=True)),
    grouped.c.article_id.in_(select(triage.c.article_id)),
)
