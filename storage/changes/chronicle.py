"""Reads what changed in a span: one function for each kind of fact, each from what is stored and from nothing else."""

from collections.abc import Callable, Iterable
from itertools import chain

from sqlalchemy import Connection, func, select

from storage.changes.acts import acts_out, deadlines_changed
from storage.changes.model import Chronicle, Fact, Scope, Span
from storage.changes.rules import rules_changed
from storage.changes.sources import sources_changed
from storage.changes.statuses import statuses_moved
from storage.changes.stories import stories_told
from storage.database import Database
from storage.schema import article, sheet_version

FactSource = Callable[[Connection, Span, Scope], Iterable[Fact]]

SOURCES: tuple[FactSource, ...] = (
    stories_told,
    statuses_moved,
    acts_out,
    deadlines_changed,
    sources_changed,
    rules_changed,
)
"""Adding a kind of fact is adding its function here."""


def chronicle(database: Database, span: Span, scope: Scope) -> Chronicle:
    """What changed in the span, in one consistent view."""
    with database.read() as connection:
        facts = chain.from_iterable(source(connection, span, scope) for source in SOURCES)
        return Chronicle(
            tuple(sorted(facts, key=lambda fact: (fact.at, fact.kind, fact.about))),
            connection.execute(select(func.min(article.c.first_seen, type_=article.c.first_seen.type))).scalar(),
            connection.execute(select(func.min(sheet_version.c.at, type_=sheet_version.c.at.type))).scalar(),
        )
