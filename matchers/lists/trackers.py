"""What several lists of one tracker say together. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from matchers.lists.keys import key_of
from matchers.lists.model import ListEvent
from matchers.lists.ranks import rank


def beside(events: Iterable[ListEvent], others: Mapping[str, str]) -> tuple[tuple[ListEvent, ...], frozenset[int]]:
    """The events of a list beside what others of its tracker say, by key; and the places of those that another list,
    with a higher status, makes no news: where a candidate leaves because it is qualified, it was not withdrawn."""
    told: list[ListEvent] = []
    silent: set[int] = set()
    for event in events:
        other = others.get(key_of(event.row))
        if other is not None and rank(other) > rank(event.row.status):
            silent.add(len(told))
        elif other is not None and event.kind == "added":
            event = replace(event, before=other)
        told.append(event)
    return tuple(told), frozenset(silent)
