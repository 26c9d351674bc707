"""Entities: one thing under several names; steps 5 and 6, longer names first, and ambiguous names in context."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from matchers.scan.page import Layout, Span
from matchers.scan.spans import Cover, NearestSpans
from matchers.scan.surfaces import Discounted, Refusal, Sightings


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
    name: str = ""


class Role(Enum):
    """What a surface is to an entity."""

    SURE = "sure"
    AMBIGUOUS = "ambiguous"
    CONTEXT = "context"
    DENIED = "denied"


Roles = Mapping[int, tuple[tuple[str, Role], ...]]  # surface -> the entities it matters to


def roles_of(entities: Iterable[Entity]) -> Roles:
    """What each surface is to which entity."""
    found: dict[int, list[tuple[str, Role]]] = {}
    for entity in entities:
        parts = (
            (entity.sure, Role.SURE),
            (entity.ambiguous, Role.AMBIGUOUS),
            (entity.context, Role.CONTEXT),
            (entity.denied, Role.DENIED),
        )
        for surfaces, role in parts:
            for surface in dict.fromkeys(surfaces):
                found.setdefault(surface, []).append((entity.id, role))
    return {surface: tuple(roles) for surface, roles in found.items()}


@dataclass(slots=True)
class Recognised:
    """The occurrences of each entity that count, sorted, and the refused ones with the reason."""

    seen: dict[str, list[Span]] = field(default_factory=dict)
    refused: dict[str, list[Refusal]] = field(default_factory=dict)

    def refuse(self, entity: str, refusal: Refusal) -> None:
        self.refused.setdefault(entity, []).append(refusal)


Spans = dict[str, list[Span]]  # by entity


def recognise(page: Layout, sightings: Sightings, entities: Mapping[str, Entity], roles: Roles) -> Recognised:
    """Decide on every alias seen."""
    cast: dict[Role, Spans] = {role: {} for role in Role}
    for surface, spans in sightings.seen.items():
        for name, role in roles.get(surface, ()):
            cast[role].setdefault(name, []).extend(spans)
    result = Recognised()
    if cast[Role.SURE] or cast[Role.AMBIGUOUS]:
        _decide(page, entities, cast, result)
    return result


def _decide(page: Layout, entities: Mapping[str, Entity], cast: dict[Role, Spans], result: Recognised) -> None:
    """Steps 5 and 6."""
    cover = Cover(span for role in (Role.SURE, Role.AMBIGUOUS) for spans in cast[role].values() for span in spans)
    sure, ambiguous = (
        {name: _unnested(name, spans, cover, cast, result) for name, spans in cast[role].items()}
        for role in (Role.SURE, Role.AMBIGUOUS)
    )
    doubtful = Cover(span for spans in ambiguous.values() for span in spans)
    accepted = {name: set(spans) for name, spans in sure.items()}
    for name, spans in ambiguous.items():
        entity = entities[name]
        context = cast[Role.CONTEXT].get(name, [])
        context = [*context, *(span for other in entity.context_entities for span in sure.get(other, ()))]
        vouching = NearestSpans(span for span in context if not doubtful.holder(span))
        denied = NearestSpans(cast[Role.DENIED].get(name, ()))
        for span in spans:
            if span in accepted.get(name, ()):
                continue
            if refusal := _out_of_context(page, entity.within, span, denied, vouching):
                result.refuse(name, refusal)
            else:
                accepted.setdefault(name, set()).add(span)
    result.seen = {name: sorted(spans) for name, spans in accepted.items() if spans}


def _unnested(name: str, spans: list[Span], cover: Cover, cast: Mapping[Role, Spans], result: Recognised) -> list[Span]:
    """Step 5: the spans of an entity, less those in a longer alias or on one of its `not` phrases."""
    denied = Cover(cast[Role.DENIED].get(name, ()))
    kept = []
    for span in sorted(set(spans)):
        other = cover.longer(span) or denied.touching(span)
        if other:
            result.refuse(name, Refusal(span, Discounted.NESTED, other))
        else:
            kept.append(span)
    return kept


def _out_of_context(
    page: Layout, within: int, span: Span, denied: NearestSpans, vouching: NearestSpans
) -> Refusal | None:
    """Step 6: why an ambiguous alias does not count; None if it does. Only the nearest on either side can decide."""
    for phrase in denied.neighbours(span):
        if page.is_within(phrase, span, within):
            return Refusal(span, Discounted.DENIED, phrase)
    others = [other for other in vouching.neighbours(span) if page.read_together(span, other)]
    if any(page.is_within(other, span, within) for other in others):
        return None
    nearest = min(others, key=lambda other: max(span[0] - other[1], other[0] - span[1]), default=None)
    return Refusal(span, Discounted.CONTEXT, nearest)
