"""What became of the sources in a span: followed or not, dead, silent, and back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, or_, select

from storage.changes.model import Fact, Scope, SourceSilence, Span
from storage.database import Database
from storage.operators.model import LOST
from storage.operators.rules_in_force import FOLLOWED
from storage.schema import feed, notice, sheet_version

SPEAKS, NOT_FOLLOWED = "ok", ""
BRIEF = timedelta(days=1)  # a trouble over so soon is no change of a source


@dataclass(frozen=True, slots=True)
class _Trouble:
    kind: str
    start: datetime
    end: datetime | None


def silences(database: Database, span: Span) -> tuple[SourceSilence, ...]:
    """Why sources said nothing within the span, each trouble whole, in order of their beginning."""
    with database.read() as connection:
        troubles = _troubles(connection, span)
        names = {row.id: row.name for row in connection.execute(select(feed.c.id, feed.c.name))}
    found = [
        SourceSilence(identifier, names.get(identifier, identifier), each.kind, each.start, each.end)
        for identifier, held in troubles.items()
        for each in held
    ]
    return tuple(sorted(found, key=lambda each: (each.start, each.feed, each.kind)))


def sources_changed(connection: Connection, span: Span, _: Scope) -> Iterator[Fact]:
    """Every change of a feed's state; which watchlist is asked about plays no part: a source serves all of them."""
    followed, troubles = _followed(connection, span), _troubles(connection, span)
    turning = {name for (_, before), (_, after) in pairwise(followed) for name in before.keys() ^ after.keys()}
    names = {row.id: row for row in connection.execute(select(feed.c.id, feed.c.name, feed.c.listed_url))}
    for identifier in sorted(turning | troubles.keys()):
        held = [(at, identifier in listed) for at, listed in followed]
        row = names.get(identifier)
        told = (row.name, row.listed_url) if row is not None else (identifier, "")
        for at, before, after in _changes(held, troubles.get(identifier, ()), span):
            yield Fact(at, "source", identifier, before, after, *told)


def _changes(
    held: Sequence[tuple[datetime, bool]], troubles: Sequence[_Trouble], span: Span
) -> Iterator[tuple[datetime, str, str]]:
    """The moments of the span at which the state of a feed becomes another one, with both."""
    ends = {each.end for each in troubles if each.end is not None}
    moments = {at for at, _ in held[1:]} | {each.start for each in troubles} | ends
    past = [each for each in sorted(moments) if each < span.start]
    state = _state(past[-1], held, troubles) if past else _state_at_first(held)
    for at in sorted(moments):
        if span.start <= at < span.end and (now := _state(at, held, troubles)) != state:
            yield at, state, now
            state = now


def _state_at_first(held: Sequence[tuple[datetime, bool]]) -> str:
    return SPEAKS if not held or held[0][1] else NOT_FOLLOWED


def _state(at: datetime, held: Sequence[tuple[datetime, bool]], troubles: Sequence[_Trouble]) -> str:
    """The gravest trouble of the moment; a source that is not followed has none."""
    versions = [listed for since, listed in held if since <= at] or [listed for _, listed in held[:1]]
    if versions and not versions[-1]:
        return NOT_FOLLOWED
    lasting = [each.kind for each in troubles if each.start <= at and (each.end is None or at < each.end)]
    return min(lasting, key=_gravity, default=SPEAKS)


def _followed(connection: Connection, span: Span) -> list[tuple[datetime, Mapping[str, str]]]:
    """The feeds that were followed, by version of their list."""
    query = select(sheet_version.c.at, sheet_version.c.content).where(
        sheet_version.c.name == FOLLOWED, sheet_version.c.at < span.end
    )
    return [(row.at, json.loads(row.content)) for row in connection.execute(query.order_by(sheet_version.c.id))]


def _troubles(connection: Connection, span: Span) -> dict[str, list[_Trouble]]:
    query = select(notice.c.feed_id, notice.c.kind, notice.c.raised_at, notice.c.ended_at).where(
        notice.c.kind.in_(LOST),
        notice.c.feed_id.is_not(None),
        notice.c.raised_at < span.end,
        or_(notice.c.ended_at.is_(None), notice.c.ended_at >= span.start),
    )
    found: dict[str, list[_Trouble]] = {}
    for row in connection.execute(query.order_by(notice.c.id)):
        if row.ended_at is None or row.ended_at - row.raised_at >= BRIEF:
            found.setdefault(row.feed_id, []).append(_Trouble(row.kind, row.raised_at, row.ended_at))
    return found


def _gravity(kind: str) -> int:
    return LOST.index(kind)
