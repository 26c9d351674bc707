"""Entities: one thing under several names; steps 5 and 6, longer names first, and ambiguous names in context."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from matchers.page import Page, Span
from matchers.surfaces import Refusal, Sightings, Why


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity compiled: surface numbers, except `context_entities`, which are entities' ids."""

    id: str
    sure: tuple[int, ...]
    ambiguous: tuple[int, ...] = ()
    context: tuple[int, ...] = ()
    context_entities: tuple[str, ...] = ()
    denied: tuple[int, ...] = ()
    within: int = 0
    kind: str = ""


@dataclass(slots=True)
class Recognised:
    """The occurrences of each entity that count, sorted, and the refused ones with the reason."""

    seen: dict[str, list[Span]] = field(default_factory=dict)
    refused: dict[str, list[Refusal]] = field(default_factory=dict)

    def refuse(self, entity: str, refusal: Refusal) -> None:
        self.refused.setdefault(entity, []).append(refusal)


def overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def containers(spans: Iterable[Span]) -> dict[Span, Span]:
    """Each span that lies within a longer one -> that one."""
    nested: dict[Span, Span] = {}
    outer: Span = (-1, -1)
    for span in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if span[1] <= outer[1]:
            nested[span] = outer
        else:
            outer = span
    return nested


def recognise(page: Page, sightings: Sightings, entities: Mapping[str, Entity], ids: Iterable[str]) -> Recognised:
    """Decide on every alias seen. `ids`: the entities of which an alias was seen."""
    named = [entities[name] for name in sorted(ids)]
    result = Recognised()
    sure, ambiguous = _unnested(named, sightings, result)
    doubtful = [span for spans in ambiguous.values() for span in spans]
    for entity in named:
        accepted = set(sure[entity.id])
        for span in ambiguous[entity.id]:
            if refusal := _out_of_context(page, sightings, entity, span, doubtful, sure):
                result.refuse(entity.id, refusal)
            else:
                accepted.add(span)
        if accepted:
            result.seen[entity.id] = sorted(accepted)
    return result


def _spans(sightings: Sightings, surfaces: Iterable[int]) -> list[Span]:
    return [span for surface in surfaces for span in sightings.seen.get(surface, ())]


def _unnested(
    named: list[Entity], sightings: Sightings, result: Recognised
) -> tuple[dict[str, list[Span]], dict[str, list[Span]]]:
    """Step 5: the sure and the ambiguous spans of each entity, less those in a longer alias or on a `not` phrase."""
    nested = containers(_spans(sightings, [s for entity in named for s in (*entity.sure, *entity.ambiguous)]))
    sure: dict[str, list[Span]] = {}
    ambiguous: dict[str, list[Span]] = {}
    for entity in named:
        denied = _spans(sightings, entity.denied)
        for surfaces, kept in ((entity.sure, sure), (entity.ambiguous, ambiguous)):
            kept[entity.id] = []
            for span in sorted(set(_spans(sightings, surfaces))):
                other = nested.get(span) or next((phrase for phrase in denied if overlaps(phrase, span)), None)
                if other:
                    result.refuse(entity.id, Refusal(span, Why.NESTED, other))
                else:
                    kept[entity.id].append(span)
    return sure, ambiguous


def _out_of_context(
    page: Page,
    sightings: Sightings,
    entity: Entity,
    span: Span,
    doubtful: list[Span],
    sure: Mapping[str, list[Span]],
) -> Refusal | None:
    """Step 6: why an ambiguous alias does not count; None if it does."""
    if span in sure[entity.id]:
        return None
    denied = _nearest(page, span, _spans(sightings, entity.denied))
    if denied and page.distance(denied, span) <= entity.within:
        return Refusal(span, Why.DENIED, denied)
    context = _spans(sightings, entity.context)
    context += [found for name in entity.context_entities for found in sure.get(name, ())]
    vouching = [
        found
        for found in context
        if not overlaps(found, span) and not any(name[0] <= found[0] and found[1] <= name[1] for name in doubtful)
    ]
    nearest = _nearest(page, span, vouching)
    if nearest and page.distance(nearest, span) <= entity.within:
        return None
    return Refusal(span, Why.CONTEXT, nearest)


def _nearest(page: Page, span: Span, others: list[Span]) -> Span | None:
    """The nearest in words, in the same field. Only the last before and the first after can be."""
    here = [other for other in others if page.same_field(span, other)]
    before = max((other for other in here if other[0] < span[0]), key=lambda other: other[1], default=None)
    after = min((other for other in here if other[0] >= span[0]), default=None)
    return min((side for side in (before, after) if side), key=lambda side: page.distance(side, span), default=None)
