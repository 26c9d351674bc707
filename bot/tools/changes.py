"""`vigie changes`: what changed in a span, of all lists, of one, or of a dossier."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot import changes, days
from bot.config.document import near
from bot.conversation import changes_view
from bot.conversation.model import View
from bot.ending import FINE, WRONG, Stop
from bot.opening import opened
from matchers.model import Watchlist
from storage import Store
from storage.changes.model import Scope, Span
from storage.place import Place

PARIS = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class SpanAsked:
    """A span in words, and of what: the id of a list, the number of a dossier, or None for all. "" ends it now."""

    start: str
    end: str
    of: str | None = None


def show(database: Place, asked: SpanAsked, watchlists: Mapping[str, Watchlist], now: datetime, out: TextIO) -> int:
    """Print what changed, read from the store alone. Raises Stop for a span or a name that can't be understood."""
    span = span_of(asked.start, asked.end, now)
    with closing(opened(database)) as store:
        scope = scope_of(store, asked.of, watchlists)
        chronicle = store.chronicle(span, scope)
    view = View("fr", watchlists)
    out.write(changes_view.whole(view, span, chronicle, changes.net(chronicle.facts)))
    return FINE


def span_of(start: str, end: str, now: datetime) -> Span:
    """The span between two moments in words. Raises Stop with the line that says what is wrong with it."""
    found = days.span_between(start, end, now, PARIS)
    if isinstance(found, Span):
        return found
    raise Stop(WRONG, changes_view.refusal(View("fr", {}), found))


def scope_of(store: Store, of: str | None, watchlists: Mapping[str, Watchlist]) -> Scope:
    """What a name or a number stands for. Raises Stop where there is no such thing."""
    if of is None:
        return Scope()
    if of in watchlists:
        return Scope(frozenset((of,)))
    if of.isascii() and of.isdigit() and len(of) <= 15:
        number = store.dossiers.number_of(int(of))
        if number is None:
            raise Stop(WRONG, f"pas de dossier n° {of} : /dossier les montre")
        return Scope(dossier=number)
    known = sorted(watchlists)
    raise Stop(WRONG, f"ni veille ni dossier « {of} »{near(of, known)} ; il y a : {', '.join(known)}")
