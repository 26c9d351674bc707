"""A watchlist's blocks as a tree, and what of it holds in an article: steps 7 and 8, then the score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from matchers.gazetteer import containers, overlaps
from matchers.model import Point
from matchers.page import Page, Span
from matchers.surfaces import Refusal, Why

TITLE_POINTS, SUMMARY_POINTS, TEXT_HITS, NEAR_POINTS = 3, 2, 3, 2

Path = tuple[str | int, ...]


# --- the tree ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Leaf:
    """A term. `term` is its number among the compiled terms."""

    term: int
    path: Path


@dataclass(frozen=True, slots=True)
class Every:
    """All children are required."""

    children: tuple["Node", ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Some:
    """At least `least` children are required."""

    least: int
    children: tuple["Node", ...]
    path: Path


@dataclass(frozen=True, slots=True)
class No:
    """No child may hold; children see occurrences of steps 1 to 4, without context or nesting."""

    children: tuple["Node", ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Close:
    """One hit of each item, in one field, with at most `within` words between the first and the last."""

    items: tuple[tuple[int, ...], ...]
    within: int
    ordered: bool
    sentence: bool
    label: str
    path: Path


Node = Leaf | Every | Some | No | Close


def leaves(node: Node) -> Iterable[int]:
    """The positive terms in the order of the file, with repeats."""
    match node:
        case Leaf():
            yield node.term
        case Every() | Some():
            for child in node.children:
                yield from leaves(child)
        case No():
            return
        case Close():
            for item in node.items:
                yield from item
        case _:
            assert_never(node)


def gate(node: Node, cost: Mapping[int, float]) -> frozenset[int] | None:
    """Terms of which one at least is seen whenever the tree holds, as few and as rare as can be; None: no such set."""
    match node:
        case Leaf():
            return frozenset((node.term,))
        case Every():
            return min(_gates(node.children, cost), key=lambda terms: _price(terms, cost), default=None)
        case Some():
            children = sorted(_gates(node.children, cost), key=lambda terms: _price(terms, cost))
            needed = len(node.children) - node.least + 1
            return frozenset().union(*children[:needed]) if 0 < needed <= len(children) else None
        case No():
            return None
        case Close():
            return min((frozenset(item) for item in node.items), key=lambda terms: _price(terms, cost), default=None)
        case _:
            assert_never(node)


def _gates(children: Iterable[Node], cost: Mapping[int, float]) -> list[frozenset[int]]:
    return [terms for child in children if (terms := gate(child, cost)) is not None]


def _price(terms: frozenset[int], cost: Mapping[int, float]) -> tuple[float, list[int]]:
    return sum(cost.get(term, 1.0) for term in terms), sorted(terms)


# --- step 7: what each term owns -----------------------------------------------------------------------------------
@dataclass(slots=True)
class Holdings:
    """What each term of one watchlist has in one article. `loose`: occurrences of steps 1 to 4, for `none`."""

    page: Page
    owned: dict[int, list[Span]]
    loose: Mapping[int, Sequence[Span]]
    refused: dict[int, list[Refusal]] = field(default_factory=dict)


def share(
    page: Page,
    terms: Sequence[int],
    boosts: Sequence[int],
    seen: Mapping[int, Sequence[Span]],
    loose: Mapping[int, Sequence[Span]],
) -> Holdings:
    """Give each span to one positive term: the longest wins, and the first in the file where spans are equal.

    A boost may stand on the very span of a positive term, but not inside a longer one.
    """
    holdings = Holdings(page, {}, loose)
    owners: dict[Span, int] = {}
    for term in terms:
        for span in seen.get(term, ()):
            owners.setdefault(span, term)
    nested = containers(owners)
    for term in terms:
        for span in seen.get(term, ()):
            if span in nested or owners[span] != term:
                holdings.refused.setdefault(term, []).append(Refusal(span, Why.NESTED, nested.get(span, span)))
            else:
                holdings.owned.setdefault(term, []).append(span)
    kept = [span for span in owners if span not in nested]
    for term in boosts:
        if term not in terms:
            free = [span for span in seen.get(term, ()) if not any(_within(span, longer) for longer in kept)]
            if free:
                holdings.owned[term] = free
    return holdings


def _within(span: Span, longer: Span) -> bool:
    return span != longer and longer[0] <= span[0] and span[1] <= longer[1]


# --- step 8: what holds --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """A block that holds: the terms that make it hold, and the proximities."""

    terms: frozenset[int] = frozenset()
    nears: tuple[str, ...] = ()


def hold(node: Node, holdings: Holdings) -> Held | None:
    """What makes the node hold; None if it does not."""
    match node:
        case Leaf():
            return Held(frozenset((node.term,))) if holdings.owned.get(node.term) else None
        case Every():
            return _enough(node.children, len(node.children), holdings)
        case Some():
            return _enough(node.children, node.least, holdings)
        case No():
            return None if any(_seen_loosely(child, holdings) for child in node.children) else Held()
        case Close():
            return _close(node, holdings)
        case _:
            assert_never(node)


def _enough(children: Sequence[Node], least: int, holdings: Holdings) -> Held | None:
    held = [found for child in children if (found := hold(child, holdings)) is not None]
    if len(held) < least:
        return None
    terms = frozenset().union(*(found.terms for found in held)) if held else frozenset()
    return Held(terms, tuple(label for found in held for label in found.nears))


def _seen_loosely(node: Node, holdings: Holdings) -> bool:
    loose = Holdings(holdings.page, {term: list(spans) for term, spans in holdings.loose.items()}, holdings.loose)
    return hold(node, loose) is not None


# --- near ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Spot:
    """A hit counted in words of the haystack: `first` is its first word's number, `last` one past its last."""

    span: Span
    items: frozenset[int]
    first: int
    last: int


def _close(node: Close, holdings: Holdings) -> Held | None:
    spots = _spots(node, holdings)
    if not any(_completes(node, holdings.page, spots, index) for index in range(len(spots))):
        return None
    terms = frozenset(term for item in node.items for term in item if holdings.owned.get(term))
    return Held(terms, (node.label,))


def _spots(node: Close, holdings: Holdings) -> list[_Spot]:
    items: dict[Span, set[int]] = {}
    for number, item in enumerate(node.items):
        for term in item:
            for span in holdings.owned.get(term, ()):
                items.setdefault(span, set()).add(number)
    spots: list[_Spot] = []
    words, at = 0, 0
    for span in sorted(items):
        words += len(holdings.page.haystack[at : span[0]].split())
        at = span[0]
        length = len(holdings.page.haystack[span[0] : span[1]].split())
        spots.append(_Spot(span, frozenset(items[span]), words, words + length))
    return spots


def _completes(node: Close, page: Page, spots: list[_Spot], index: int) -> bool:
    """Is there a choice of one spot per item, of which this one is the leftmost?"""
    first = spots[index]
    window: list[_Spot] = []
    for spot in spots[index + 1 :]:
        if spot.first - first.last > node.within or not page.same_field(first.span, spot.span):
            break
        if not overlaps(first.span, spot.span) and _in_sentence(node, page, first, spot):
            window.append(spot)
    wanted = range(len(node.items))
    if node.ordered:
        return 0 in first.items and _follow(wanted[1:], window, first)
    return any(_choose([other for other in wanted if other != item], window, ()) for item in first.items)


def _in_sentence(node: Close, page: Page, first: _Spot, spot: _Spot) -> bool:
    return not node.sentence or page.one_sentence(first.span[1], spot.span[0])


def _follow(items: Sequence[int], window: list[_Spot], before: _Spot) -> bool:
    """Do the items come in this order after `before`? The spot that ends first leaves most room."""
    for item in items:
        after = [spot for spot in window if item in spot.items and spot.span[0] >= before.span[1]]
        if not after:
            return False
        before = min(after, key=lambda spot: spot.span[1])
    return True


def _choose(items: Sequence[int], window: list[_Spot], taken: tuple[_Spot, ...]) -> bool:
    if not items:
        return True
    if any(all(item not in spot.items for spot in window) for item in items):
        return False
    return any(
        _choose(items[1:], window, (*taken, spot))
        for spot in window
        if items[0] in spot.items and not any(overlaps(spot.span, other.span) for other in taken)
    )


# --- score ---------------------------------------------------------------------------------------------------------
def term_point(page: Page, written: str, spans: Iterable[Span]) -> Point:
    """3 in the title, 2 in the summary, 1 for each of three hits of the text; what is repeated is counted once."""
    title = summary = text = 0
    for span in spans:
        match page.field_of(span[0]):
            case 0:
                title += 1
            case 1:
                summary += not page.summary_repeats_title
            case _:
                text += span[0] >= page.opening
    points = TITLE_POINTS * min(title, 1) + SUMMARY_POINTS * min(summary, 1) + min(text, TEXT_HITS)
    return Point("term", written, points, title, summary, text)
