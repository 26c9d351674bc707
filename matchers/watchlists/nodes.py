"""A watchlist's blocks as a tree, and what can be told of it before any article is read."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Generic, TypeVar, assert_never

Path = tuple[str | int, ...]


# T: a term as written while the tree is read and checked, its number once it is compiled.
T = TypeVar("T", bound=Hashable)
U = TypeVar("U", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """A term."""

    term: T
    path: Path


@dataclass(frozen=True, slots=True)
class From:
    """A condition on the name of the feed or site (`source:Le Monde`): it has no hit and earns no point."""

    written: str
    path: Path


class _Choice(Generic[T]):
    """Children of which some or all are required."""

    children: tuple["Node[T]", ...]

    @cached_property
    def terms(self) -> frozenset[T]:
        """The terms that are its children."""
        return frozenset(child.term for child in self.children if isinstance(child, Leaf))

    @cached_property
    def blocks(self) -> "tuple[Node[T], ...]":
        """The other children."""
        return _blocks(self.children)

    @cached_property
    def asked(self) -> "tuple[tuple[frozenset[T], ...], tuple[Node[T], ...]]":
        """What must be seen for all children to hold: a term of each of these sets, and what these blocks ask for."""
        sets: list[frozenset[T]] = []
        rest: list[Node[T]] = []
        for child in self.children:
            match child:
                case Leaf():
                    sets.append(frozenset((child.term,)))
                case Close():
                    sets += child.choices
                case Some(least=1) if not child.blocks:
                    sets.append(child.terms)
                case Some():
                    rest.append(child)
                case Every():
                    sets += child.asked[0]
                    rest += child.asked[1]
                case No() | From():
                    pass
                case _:
                    assert_never(child)
        return tuple(dict.fromkeys(sets)), tuple(rest)

    @cached_property
    def doors(self) -> tuple[tuple[int, ...], dict[T, tuple[int, ...]]]:
        """The numbers of the blocks that any article may make hold, and of those for which a term must be seen."""
        return _doors(self.blocks)


@dataclass(frozen=True)
class Every(_Choice[T]):
    """All children are required."""

    children: tuple["Node[T]", ...]
    path: Path


@dataclass(frozen=True)
class Some(_Choice[T]):
    """At least `least` children are required; a term written twice is one."""

    least: int
    children: tuple["Node[T]", ...]
    path: Path


@dataclass(frozen=True)
class No(Generic[T]):
    """No child may hold; children see occurrences of steps 1 to 4, without context or nesting."""

    children: tuple["Node[T]", ...]
    path: Path


@dataclass(frozen=True)
class Close(Generic[T]):
    """One hit of each item, in one field, with at most `within` words between the first and the last.

    An item is a choice of terms; `places` tells where each was written.
    """

    items: tuple[tuple[T, ...], ...]
    within: int
    ordered: bool
    sentence: bool
    label: str
    path: Path
    places: tuple[tuple[Path, ...], ...] = field(default=(), compare=False)

    @cached_property
    def choices(self) -> tuple[frozenset[T], ...]:
        """Its items as sets."""
        return tuple(map(frozenset, self.items))


Node = Leaf[T] | From | Every[T] | Some[T] | No[T] | Close[T]


def _blocks(children: Iterable[Node[T]]) -> tuple[Node[T], ...]:
    once = {child.written if isinstance(child, From) else child.path: child for child in children}
    return tuple(child for child in once.values() if not isinstance(child, Leaf))


def priced(node: Node[T], cost: Mapping[T, float]) -> None:
    """Let the blocks of a tree be looked at where the rarest of their terms are seen: without it, the fewest."""
    if isinstance(node, Every | Some):
        vars(node)["doors"] = _doors(node.blocks, cost)
    for child in () if isinstance(node, Leaf | From | Close) else node.children:
        priced(child, cost)


def _doors(
    blocks: Iterable[Node[T]], cost: Mapping[T, float] = MappingProxyType({})
) -> tuple[tuple[int, ...], dict[T, tuple[int, ...]]]:
    free: list[int] = []
    by_term: dict[T, tuple[int, ...]] = {}
    for number, block in enumerate(blocks):
        needs = gate(block, cost)
        if needs is None:
            free.append(number)
        for term in needs or ():
            by_term[term] = (*by_term.get(term, ()), number)
    return tuple(free), by_term


def label_of(items: Iterable[Iterable[str]]) -> str:
    """A proximity in words."""
    return " … ".join("|".join(item) for item in items)


def renamed(node: Node[T], name: Callable[[T], U]) -> Node[U]:
    """The same tree with every term under another name."""
    match node:
        case Leaf():
            return Leaf(name(node.term), node.path)
        case From():
            return node
        case Every():
            return Every(tuple(renamed(child, name) for child in node.children), node.path)
        case Some():
            return Some(node.least, tuple(renamed(child, name) for child in node.children), node.path)
        case No():
            return No(tuple(renamed(child, name) for child in node.children), node.path)
        case Close():
            items = tuple(tuple(map(name, item)) for item in node.items)
            return Close(items, node.within, node.ordered, node.sentence, node.label, node.path, node.places)
        case _:
            assert_never(node)


def leaves(node: Node[T], *, refused: bool = False) -> Sequence[Leaf[T]]:
    """The terms that count, each where it is written, in the order of the file; or those below a `none`."""
    found: list[Leaf[T]] = []
    _gather(node, found, refused=refused)
    return found


def _gather(node: Node[T], found: list[Leaf[T]], *, refused: bool) -> None:
    match node:
        case Leaf():
            if not refused:
                found.append(node)
        case From():
            return
        case Every() | Some():
            for child in node.children:
                _gather(child, found, refused=refused)
        case No():
            for child in node.children if refused else ():
                _gather(child, found, refused=False)
                _gather(child, found, refused=True)
        case Close():
            for item, places in () if refused else zip(node.items, node.places, strict=True):
                found += map(Leaf, item, places)
        case _:
            assert_never(node)


def sources(node: Node[T]) -> Iterable[From]:
    """The conditions on the source, wherever they stand."""
    match node:
        case From():
            yield node
        case Every() | Some() | No():
            for child in node.children:
                yield from sources(child)
        case Leaf() | Close():
            return
        case _:
            assert_never(node)


def gate(node: Node[T], cost: Mapping[T, float]) -> frozenset[T] | None:
    """Terms of which one at least is seen whenever the tree holds, as few and as rare as can be; None: no such set."""
    match node:
        case Leaf():
            return frozenset((node.term,))
        case Every():
            return _rarest(_gates(node.children, cost), cost)
        case Some(least=1):  # nearly every one: a term of each child
            blocks = _gates(node.blocks, cost)
            return node.terms.union(*blocks) if node.children and len(blocks) == len(node.blocks) else None
        case Some():
            children = sorted(
                _gates(node.children, cost), key=lambda terms: (_price(terms, cost), sorted(map(str, terms)))
            )
            needed = len(node.children) - node.least + 1
            return frozenset[T]().union(*children[:needed]) if 0 < needed <= len(children) else None
        case No() | From():
            return None
        case Close():
            return _rarest(node.choices, cost)
        case _:
            assert_never(node)


def _gates(children: Iterable[Node[T]], cost: Mapping[T, float]) -> list[frozenset[T]]:
    return [terms for child in children if (terms := gate(child, cost)) is not None]


def _rarest(choices: Collection[frozenset[T]], cost: Mapping[T, float]) -> frozenset[T] | None:
    """The choice that costs least, the first by its terms where several do."""
    prices = [_price(terms, cost) for terms in choices]
    least = min(prices, default=0.0)
    found = [terms for terms, price in zip(choices, prices, strict=True) if price == least]
    return min(found, key=lambda terms: sorted(map(str, terms))) if len(found) > 1 else next(iter(found), None)


def _price(terms: frozenset[T], cost: Mapping[T, float]) -> float:
    return sum([cost.get(term, 1.0) for term in terms])
