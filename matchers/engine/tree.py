"""What of a watchlist's tree holds in an article: steps 7 and 8, then the score."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from matchers.model import Point
from matchers.scan.page import Layout, Span
from matchers.scan.spans import Cover, overlaps
from matchers.scan.surfaces import Discounted, Refusal
from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Some, T
from matchers.watchlists.terms import is_from

TITLE_POINTS, SUMMARY_POINTS, TEXT_HITS, NEAR_POINTS = 3, 2, 3, 2


# --- step 7: what each term owns -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Kinship:
    """What the terms of a watchlist are to each other.

    `plain`: of each `title:term` or `lead:term` whose term the watchlist names too, or names in more fields, that one:
    the two are one, seen in the first fields. `same`: that one among all the terms, those of `none` too. `reach`: how
    many fields are first. `named`: the terms that are entities.
    """

    plain: Mapping[int, int] = field(default_factory=dict)
    same: Mapping[int, int] = field(default_factory=dict)
    reach: Mapping[int, int] = field(default_factory=dict)
    named: frozenset[int] = frozenset()

    def one_of(self, terms: Collection[int]) -> Iterable[int]:
        """These terms, less what is told with another one of them: a term seen in the title, of the term itself."""
        widest: dict[int, int] = {}
        for term in sorted(terms, key=lambda term: self.reach.get(term, 0)):
            widest[self.plain.get(term, term)] = term
        return widest.values()


@dataclass(slots=True)
class Holdings:
    """What each term of one watchlist has in one article. `loose`: occurrences of steps 1 to 4, for `none`."""

    page: Layout
    owned: Mapping[int, Sequence[Span]]
    loose: Mapping[int, Sequence[Span]]
    kin: Kinship
    refused: dict[int, list[Refusal]] = field(default_factory=dict)
    denials: dict[int, bool] = field(default_factory=dict)  # by the identity of a `none`, asked of `loose` once


def share(
    page: Layout,
    terms: Sequence[int],
    boosts: Sequence[int],
    seen: Mapping[int, Sequence[Span]],
    loose: Mapping[int, Sequence[Span]],
    kin: Kinship,
) -> Holdings:
    """Give each span to one positive term: the longest wins, and the first in the file where spans are equal.

    A term and the same in the title or the lead share theirs, whichever is written first.

    `terms` and `boosts` are those seen, in the order of the file; no term is both. A boost may stand on the very span
    of a term, but not inside a longer one.
    """
    if len(terms) == 1 and not boosts:  # the occurrences of one term never hold one another
        return Holdings(page, {terms[0]: seen[terms[0]]}, loose, kin)
    apart = [term for term in terms if term not in kin.plain] if kin.plain else terms
    owners: dict[Span, int] = {}
    for term in apart:
        for span in seen[term]:
            owners.setdefault(span, term)
    cover = Cover(owners)
    owned, refused = _won(apart, seen, owners, cover)
    for term, plain in kin.plain.items():
        if plain in owned and (free := page.ahead(owned[plain], kin.reach[term])):
            owned[term] = free
    for term in boosts:
        free = [span for span in seen[term] if cover.longer(span) is None]
        if free:
            owned[term] = free
    return Holdings(page, owned, loose, kin, refused)


def _won(
    terms: Sequence[int], seen: Mapping[int, Sequence[Span]], owners: Mapping[Span, int], cover: Cover
) -> tuple[dict[int, Sequence[Span]], dict[int, list[Refusal]]]:
    """The spans that each term has, and those that it lost to another one."""
    owned: dict[int, Sequence[Span]] = {}
    refused: dict[int, list[Refusal]] = {}
    for term in terms:
        free = [span for span in seen[term] if owners[span] == term and cover.longer(span) is None]
        if free:
            owned[term] = free
        if len(free) < len(seen[term]):
            others = (span for span in seen[term] if owners[span] != term or cover.longer(span))
            refused[term] = [Refusal(span, Discounted.NESTED, cover.holder(span)) for span in others]
    return owned, refused


# --- step 8: what holds --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """A block that holds: the terms that make it hold, and the proximities."""

    terms: frozenset[int] = frozenset()
    nears: tuple[str, ...] = ()


_FEW_BLOCKS = 3


def reached(node: Every[T] | Some[T], present: Collection[T]) -> Sequence[Node[T]]:
    """The blocks below that can hold where these terms were seen: of dozens, hardly any."""
    if len(node.blocks) <= _FEW_BLOCKS:
        return node.blocks
    free, by_term = node.doors
    opened = [by_term[term] for term in by_term.keys() & present]
    return [node.blocks[number] for number in sorted({*free}.union(*opened))] if opened or free else ()


def may_hold(node: Node[int], present: Collection[int]) -> bool:
    """Can it hold where these terms were seen, before anything else is asked? A quick no for most candidates."""
    match node:
        case Every():
            sets, rest = node.asked
            return _meets(sets, present) and _may_all(rest, present)
        case Some():
            lacking = node.least - len(node.terms.intersection(present))
            for block in reached(node, present) if lacking > 0 else ():
                lacking -= may_hold(block, present)
                if lacking <= 0:
                    break
            return lacking <= 0
        case Close():
            return _meets(node.choices, present)
        case Leaf():
            return node.term in present
        case No() | From():
            return True
        case _:
            assert_never(node)


def _meets(choices: Iterable[frozenset[int]], present: Collection[int]) -> bool:
    """Was a term of each of these sets seen?"""
    for choice in choices:  # noqa: SIM110 - asked of every article, and a generator costs as much as the answer
        if choice.isdisjoint(present):
            return False
    return True


def _may_all(nodes: Iterable[Node[int]], present: Collection[int]) -> bool:
    for node in nodes:  # noqa: SIM110 - as above
        if not may_hold(node, present):
            return False
    return True


def hold(node: Node[int], holdings: Holdings) -> Held | None:
    """What makes the node hold; None if it does not."""
    match node:
        case Leaf():
            return Held(frozenset((node.term,))) if holdings.owned.get(node.term) else None
        case Every():
            return _all(node, holdings)
        case Some():
            return _enough(node, holdings)
        case No():
            return None if _is_denied(node, holdings) else Held()
        case Close():
            return _close(node, holdings)
        case From():
            return Held() if is_from(node.written, holdings.page.article.source) else None
        case _:
            assert_never(node)


def _all(node: Every[int], holdings: Holdings) -> Held | None:
    """The first child that does not hold decides: of the blocks that are looked at, few do."""
    owned = holdings.owned
    blocks = reached(node, owned)
    if len(blocks) < len(node.blocks) or not owned.keys() >= node.terms:
        return None
    held: list[Held] = []
    for block in blocks:
        if (inner := hold(block, holdings)) is None:
            return None
        held.append(inner)
    return _together(node.terms, held)


def _together(terms: frozenset[int], held: Sequence[Held]) -> Held:
    return Held(
        terms.union(*[inner.terms for inner in held]), tuple([label for inner in held for label in inner.nears])
    )


def _enough(node: Some[int], holdings: Holdings) -> Held | None:
    """Of many children few are seen: the leaves are met as sets, and blocks none of whose terms is seen are skipped.

    Terms that are one to `kin` count once.
    """
    owned, kin = holdings.owned, holdings.kin
    found = node.terms.intersection(owned)
    held = [inner for block in reached(node, owned) if (inner := hold(block, holdings)) is not None]
    if len(held) + (len({kin.same.get(term, term) for term in found}) if kin.same else len(found)) < node.least:
        return None
    return _together(found, held)


def _is_denied(node: No[int], holdings: Holdings) -> bool:
    if id(node) not in holdings.denials:
        loose = holdings.loose
        loosely = Holdings(holdings.page, loose, loose, holdings.kin)
        children = (child for child in node.children if may_hold(child, loose))
        holdings.denials[id(node)] = any(hold(child, loosely) is not None for child in children)
    return holdings.denials[id(node)]


# --- near ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Spot:
    """A hit counted in words: `first` is its first word's number, `last` one past its last. `named`: its entities.

    Numbers tell how far two hits are from each other only up to the width of the proximity.
    """

    span: Span
    items: frozenset[int]
    named: frozenset[int]
    first: int
    last: int


def _close(node: Close[int], holdings: Holdings) -> Held | None:
    owned = holdings.owned
    if any(choice.isdisjoint(owned) for choice in node.choices):
        return None
    spots = _spots(node, holdings)
    if not any(_completes(node, holdings.page, spots, index) for index in range(len(spots))):
        return None
    return Held(frozenset[int]().union(*(choice.intersection(owned) for choice in node.choices)), (node.label,))


def _spots(node: Close[int], holdings: Holdings) -> list[_Spot]:
    items: dict[Span, set[int]] = {}
    named: dict[Span, set[int]] = {}
    kin = holdings.kin
    for number, choice in enumerate(node.choices):
        for term in choice.intersection(holdings.owned):
            for span in holdings.owned[term]:
                items.setdefault(span, set()).add(number)
                if term in kin.named:
                    named.setdefault(span, set()).add(kin.same.get(term, term))
    haystack = holdings.page.haystack
    spots: list[_Spot] = []
    words, at, reach = 0, 0, 0
    for span in sorted(items):
        # split stops counting once the gap is too wide to matter: an article is never read through
        words += len(haystack[at : span[0]].split(None, reach - words + node.within + 1))
        at = span[0]
        last = words + len(haystack[at : span[1]].split())
        reach = max(reach, last)
        spots.append(_Spot(span, frozenset(items[span]), frozenset(named.get(span, ())), words, last))
    return spots


def _completes(node: Close[int], page: Layout, spots: list[_Spot], index: int) -> bool:
    """Is there a choice of one spot per item, of which this one is the leftmost?"""
    first = spots[index]
    window: list[_Spot] = []
    for spot in spots[index + 1 :]:
        if spot.first - first.last > node.within or not page.same_field(first.span, spot.span):
            break
        if _are_two(first, spot) and _in_sentence(node, page, first, spot):
            window.append(spot)
    wanted = range(len(node.items))
    if node.ordered:
        return 0 in first.items and _follow(wanted[1:], window, first)
    return any(_choose([other for other in wanted if other != item], window, ()) for item in first.items)


def _in_sentence(node: Close[int], page: Layout, first: _Spot, spot: _Spot) -> bool:
    return not node.sentence or page.one_sentence(first.span[1], spot.span[0])


def _are_two(one: _Spot, other: _Spot) -> bool:
    """Are they two things? Two entities may share a word: souveraineté des données, données de santé."""
    if not overlaps(one.span, other.span):
        return True
    (start, end), (begin, stop) = sorted((one.span, other.span))
    return start < begin and end < stop and bool(one.named and other.named) and one.named.isdisjoint(other.named)


def _follow(items: Sequence[int], window: list[_Spot], before: _Spot) -> bool:
    """Do the items come in this order after `before`? The spot that ends first leaves most room."""
    for item in items:
        after = [spot for spot in window if item in spot.items and spot.span > before.span and _are_two(before, spot)]
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
        if items[0] in spot.items and all(_are_two(spot, other) for other in taken)
    )


# --- score ---------------------------------------------------------------------------------------------------------
def term_point(page: Layout, written: str, spans: Iterable[Span]) -> Point:
    """3 in the title, 2 in the summary, 1 for each of three hits of the text."""
    title = summary = text = 0
    for span in spans:
        match page.field_of(span[0]):
            case 0:
                title += 1
            case 1:
                summary += 1
            case _:
                text += 1
    points = TITLE_POINTS * min(title, 1) + SUMMARY_POINTS * min(summary, 1) + min(text, TEXT_HITS)
    return Point("term", written, points, title, summary, text)
