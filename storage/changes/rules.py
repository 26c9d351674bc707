"""What changed in the watchlists and entities in a span, from the versions that were ever in force."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.changes.model import Fact, Scope, Span
from storage.operators.rules_in_force import FOLLOWED
from storage.schema import sheet_version

ENTITIES = "entities.yaml"
_FIRST = select(func.min(sheet_version.c.at, type_=sheet_version.c.at.type))


def rules_changed(connection: Connection, span: Span, scope: Scope) -> Iterator[Fact]:
    """Each version that came into force, beside the one before it. Those that Vigie began with are no change."""
    files = sheet_version.c.name != FOLLOWED
    begun = connection.execute(_FIRST.where(files)).scalar()
    before: dict[str, str] = {}
    rows = select(sheet_version).where(sheet_version.c.at < span.end, files)
    for row in connection.execute(rows.order_by(sheet_version.c.id)):
        was, content = before.get(row.name, ""), row.content or ""
        before[row.name] = content
        if row.at != begun and row.at >= span.start and _concerns(row, scope):
            yield Fact(row.at, "rules", row.name, was, content, row.name, lists=_lists(row.name))


def _concerns(row: Row[Any], scope: Scope) -> bool:
    """The names are everybody's."""
    return scope.lists is None or row.name == ENTITIES or not scope.lists.isdisjoint(_lists(row.name))


def _lists(name: str) -> tuple[str, ...]:
    return () if name == ENTITIES else (PurePosixPath(name).stem,)
