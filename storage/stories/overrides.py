"""What people ordered of an article, and what still stands of it."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.dialect import elements, first_of
from storage.ids import ArticleId
from storage.prepared import Prepared
from storage.schema import override
from storage.stories.model import Override


def orders_on(connection: Connection, article: int) -> tuple[Override, ...]:
    """The orders that moved this article and were not undone, in their order."""
    return tuple(map(order_of, _ON.rows(connection, {"article": article})))


def order_of(row: Any) -> Override:
    return Override(row.id, row.kind, ArticleId(row.a), ArticleId(row.b), row.by, row.at)


_moved = elements(override.c.moved)
_ON = Prepared(
    select(override)
    .where(
        override.c.moved.is_not(None),
        override.c.undone.is_(False),
        # each is an article with the first of its copies
        first_of(_moved.c.value) == bindparam("article"),
    )
    .order_by(override.c.id)
)
