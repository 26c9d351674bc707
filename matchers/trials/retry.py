"""Which examples may read otherwise once some entities are others: those that a name of one of these stands in."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article
from matchers.watchlists.watchlist import EntityEntry, Example, WatchlistFile

ExamplePlace = tuple[str, str, int]
"""A watchlist, the side (`match` or `ignore`), and the place in it."""

_APART = " \n.\n "


def changed(before: Mapping[str, EntityEntry], after: Mapping[str, EntityEntry]) -> frozenset[str]:
    """The entities that came, went, or are others."""
    return frozenset(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def names_any(engine: Engine, watchlist: str, entities: Collection[str]) -> bool:
    """Does a watchlist name one of these?"""
    plan = engine.plans[watchlist]
    return any(engine.terms[term].entity in entities for term in (*plan.positive, *plan.extra, *plan.mentioned))


def concerned(
    watchlists: Mapping[str, WatchlistFile], before: Mapping[str, EntityEntry], after: Mapping[str, EntityEntry]
) -> frozenset[ExamplePlace]:
    """The examples in which a name, a context or a phrase of an entity that changed is seen, as it was or as it is.

    The examples of a watchlist are read as one text; where a phrase goes on from one to the next, both are named.
    """
    names = changed(before, after)
    if not watchlists or not names:
        return frozenset()
    engine = compile_engine(
        {},
        {f"was-{name}": before[name] for name in sorted(names) if name in before}
        | {f"is-{name}": after[name] for name in sorted(names) if name in after},
    )
    return frozenset(place for name, watchlist in watchlists.items() for place in _seen(engine, name, watchlist))


def _seen(engine: Engine, name: str, watchlist: WatchlistFile) -> Iterator[ExamplePlace]:
    places, starts, parts, length = list[ExamplePlace](), list[int](), list[str](), 0
    for place, text in _texts(name, watchlist):
        places.append(place)
        starts.append(length)
        parts.append(text)
        length += len(text) + len(_APART)
    scan = engine.scan(Article(text=_APART.join(parts)))
    refused = (refusal.span for group in scan.sightings.refused.values() for refusal in group)
    for span in (*(span for spans in scan.sightings.seen.values() for span in spans), *refused):
        _, start, end = scan.page.place(span)
        yield from places[bisect_right(starts, start) - 1 : bisect_right(starts, end)]


def _texts(name: str, watchlist: WatchlistFile) -> Iterator[tuple[ExamplePlace, str]]:
    for side, examples in (("match", watchlist.examples.match), ("ignore", watchlist.examples.ignore)):
        for index, example in enumerate(examples):
            yield (name, side, index), _text(example)


def _text(example: str | Example) -> str:
    return example if isinstance(example, str) else _APART.join((example.title, example.summary, example.text))
