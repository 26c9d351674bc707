"""The statuses that moved on official lists in a span: who came, who went, and what changed of whom."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from matchers.lists.model import ListRow
from storage.changes.model import Fact, Scope, Span
from storage.lists.codec import row_read
from storage.schema import feed, list_event

NONE, LISTED, RENAMED, EXPIRED = "", "listed", "renamed", "expired?"


def statuses_moved(connection: Connection, span: Span, scope: Scope) -> Iterator[Fact]:
    """One fact an event, when it was told; what is neither a status nor an end is left out. A list is everybody's:
    which watchlist is asked about plays no part, but a dossier has none."""
    if scope.dossier is not None:
        return
    query = (
        select(list_event, feed.c.name)
        .join(feed, feed.c.id == list_event.c.feed_id)
        .where(list_event.c.told_at >= span.start, list_event.c.told_at < span.end, ~list_event.c.quiet)
        .order_by(list_event.c.id)
    )
    for row in connection.execute(query):
        listed = row_read(row.listed)
        field, before, after = _turn(row, listed)
        about = f"{row.feed_id} | {listed.name} | {field}"
        yield Fact(row.told_at, "status", about, before, after, _named(listed, field), row.url, row.name, official=True)


def _turn(row: Any, listed: ListRow) -> tuple[str, str, str]:
    """Which field moved ("" for the status), and from what to what."""
    standing = listed.status or LISTED
    match row.kind:
        case "added":
            return "", NONE, standing
        case "removed":
            return "", standing, NONE
        case "renamed":
            return RENAMED, listed.name, row.after
        case "expired?":
            return EXPIRED, row.before, EXPIRED
        case _ if row.after == listed.status != listed.until:
            return "", row.before or LISTED, row.after or LISTED
        case _:
            return row.field, row.before, row.after


def _named(listed: ListRow, field: str) -> str:
    return f"{listed.name}, {field}" if field not in ("", RENAMED, EXPIRED) else listed.name
