"""What people ordered of an article, and what still stands of it."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from storage.ids import ArticleId
from storage.schema import override
from storage.stories.model import Override


def orders_on(connection: Connection, article: int) -> tuple[Override, ...]:
    """The orders that moved this article and were not undone, in their order."""
    return tuple(map(order_of, connection.execute(_ON, {"article": article})))


def order_of(row: Any) -> Override:
    return Override(row.id, row.kind, ArticleId(row.a), ArticleId(row.b), row.by, row.at)


_moved = func.json_each(override.c.moved).table_valued("value", joins_implicitly=True)
_ON = (
    select(override)
    .where(
        override.c.moved.is_not(None),
        override.c.undone.is_(False),
        # each is an article with the first of its copies
        func.json_extract(_moved.c.value, "$[0]") == bindparam("article"),
    )
    .order_by(override.c.id)
)
