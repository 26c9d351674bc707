"""The blocks of a YAML file, and the queries in them, as one tree whose terms are as written."""

from collections.abc import Iterable, Sequence

from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Path, Some, label_of
from matchers.watchlists.query import BadQuery, read_query
from matchers.watchlists.terms import TermKind, parse
from matchers.watchlists.watchlist import Block, Near


def tree_of(block: Block, path: Path = ()) -> Every[str]:
    """All that the block requires. BadQuery: lint first."""
    children: list[Node[str]] = []
    if block.all_of is not None:
        children.append(Every(_nodes(block.all_of, (*path, "all")), (*path, "all")))
    if block.any_of is not None:
        children.append(Some(1, _nodes(block.any_of, (*path, "any")), (*path, "any")))
    if block.at_least is not None:
        of = _nodes(block.at_least.of, (*path, "at_least", "of"))
        children.append(Some(block.at_least.n, of, (*path, "at_least")))
    if block.near is not None:
        children.append(_close(block.near, (*path, "near")))
    if block.query is not None:
        children.append(read_query(block.query, (*path, "query")))
    if block.none_of is not None:
        children.append(No(_nodes(block.none_of, (*path, "none")), (*path, "none")))
    return Every(tuple(children), path)


def bad_queries(block: Block, path: Path = ()) -> Iterable[tuple[Path, BadQuery]]:
    """Each query that cannot be read, with its place: nothing can be made of the block before they are mended."""
    if block.query is not None:
        try:
            read_query(block.query, path)
        except BadQuery as bad:
            yield (*path, "query", bad.at), bad
    for key, nodes in _lists(block):
        for index, node in enumerate(nodes):
            if isinstance(node, Block):
                yield from bad_queries(node, (*path, *key, index))


def _lists(block: Block) -> Iterable[tuple[Path, Sequence[str | Block]]]:
    yield ("all",), block.all_of or ()
    yield ("any",), block.any_of or ()
    yield ("at_least", "of"), block.at_least.of if block.at_least else ()
    yield ("none",), block.none_of or ()


def _nodes(nodes: Sequence[str | Block], path: Path) -> tuple[Node[str], ...]:
    return tuple(
        tree_of(node, (*path, index)) if isinstance(node, Block) else _leaf(node, (*path, index))
        for index, node in enumerate(nodes)
    )


def _leaf(written: str, path: Path) -> Leaf[str] | From:
    return From(written, path) if parse(written).kind is TermKind.SOURCE else Leaf(written, path)


def _close(near: Near, path: Path) -> Close[str]:
    items: list[tuple[str, ...]] = []
    places: list[tuple[Path, ...]] = []
    for index, item in enumerate(near.terms):
        here = (*path, "terms", index)
        items.append((item,) if isinstance(item, str) else tuple(item))
        places.append((here,) if isinstance(item, str) else tuple((*here, number) for number in range(len(item))))
    return Close(tuple(items), near.within, near.ordered, near.sentence, label_of(items), path, tuple(places))
