"""Values as bytes and back, read by the types that a function declares: what comes back is of those types or nothing.

Unlike pickle, bytes never choose what is built. The reader starts from an annotation (`-> Document | Failed`), and a
frozen dataclass is known by being named there, or in the annotation of a field of one that is.
"""

import dataclasses
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, partial
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any, bytes], Any]
"""A node of the tree, and the bytes that stand behind it -> the value. Raises Unreadable."""

_PLAIN: tuple[type, ...] = (bool, int, str, float)
_LENGTH = 8  # bytes that hold the length of the tree, before it
_LARGEST = 1 << 63  # what a column of the store holds
_STRUCTURE = (b",", b"[", b"{")
_MOST = 2_000_000  # of these; the largest answers have half a million, commas of texts included
_FIRST, _LAST = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # room for sums and other zones


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no database, nor any server, takes


class Unreadable(ValueError):
    """The bytes hold no value of the type that was declared, or that type is none that travels."""


# --- out -----------------------------------------------------------------------------------------------------------
def packed(value: object) -> bytes:
    """A value of the kinds that travel. Raises Unreadable for any other."""
    blobs: list[bytes] = []
    tree = json.dumps(_tree(value, blobs), ensure_ascii=False, separators=(",", ":"))
    head = tree.encode("utf-8", "surrogatepass")
    return b"".join((len(head).to_bytes(_LENGTH), head, *blobs))


def _tree(value: object, blobs: list[bytes]) -> Any:
    kind: Any = type(value)
    if value is None or kind in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [_tree(each, blobs) for each in value]
    if (names := _names(kind)) is not None:
        return {kind.__name__: [_tree(getattr(value, name), blobs) for name in names]}
    return {kind.__name__: _content(value, blobs)}


def _content(value: object, blobs: list[bytes]) -> Any:
    match value:
        case bytes():
            start = sum(map(len, blobs))
            blobs.append(value)
            return [start, len(value)]
        case datetime():
            return value.isoformat()
        case timedelta():
            return [value.days, value.seconds, value.microseconds]
        case Enum():
            return value.name
        case list() | frozenset() | set():
            return [_tree(each, blobs) for each in value]
        case dict():
            return [[_tree(key, blobs), _tree(each, blobs)] for key, each in value.items()]
    raise Unreadable(f"{type(value).__name__} ne passe pas d'un processus à l'autre")


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """Of the fields of a dataclass; None for any other type."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


# --- in ------------------------------------------------------------------------------------------------------------
def unpacked(data: bytes, kind: Any) -> Any:
    """The value of type `kind` that these bytes hold. Raises Unreadable, whatever they are."""
    size = int.from_bytes(data[:_LENGTH])
    start = _LENGTH + size
    if start > len(data):
        raise Unreadable("message coupé")
    try:
        tree = json.loads(_bounded(data[_LENGTH:start]).decode("utf-8", "surrogatepass"))
        return _reader(kind)(tree, data[start:])
    except Unreadable:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise Unreadable(repr(problem)[:200]) from problem


def _bounded(tree: bytes) -> bytes:
    """The same, unless it holds more values than any answer of ours: each is fifty bytes or more of memory here."""
    if sum(map(tree.count, _STRUCTURE)) > _MOST:
        raise Unreadable("trop de valeurs")
    return tree


@cache
def _reader(kind: Any) -> Reader:
    if isinstance(kind, NewType):
        return _reader(kind.__supertype__)
    if kind is None or kind is type(None):
        return partial(_same, (None,))
    build = _GENERIC.get(get_origin(kind))
    return build(*get_args(kind)) if build else _of_class(kind)


def _of_class(kind: Any) -> Reader:
    if kind is str:
        return _text
    if kind in _PLAIN:
        return partial(_plain, (int, float) if kind is float else (kind,))
    if kind in _TAGGED:
        return _TAGGED[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_member, kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _Record(kind)
    raise Unreadable(f"{kind} n'est pas un type de valeur")


def _union(*kinds: Any) -> Reader:
    by_shape: dict[Any, tuple[Reader, ...]] = {}
    for kind in kinds:
        for shape in _shapes(kind):
            by_shape[shape] = (*by_shape.get(shape, ()), _reader(kind))
    return partial(_one_of, by_shape)


def _shapes(kind: Any) -> Iterator[Any]:
    """How a value of this type may stand in the tree: a type of JSON's, or the tag before it."""
    if isinstance(kind, NewType):
        yield from _shapes(kind.__supertype__)
    elif kind is None or kind in _PLAIN:
        yield from (int, float) if kind is float else (type(None) if kind is None else kind,)
    elif (origin := get_origin(kind)) in (types.UnionType, Union):
        yield from dict.fromkeys(shape for each in get_args(kind) for shape in _shapes(each))
    elif origin is Literal:
        yield from dict.fromkeys(map(type, get_args(kind)))
    elif kind is type(None):
        yield kind
    else:
        yield list if origin is tuple else (origin or kind).__name__


def _literal(*values: Any) -> Reader:
    return partial(_same, values)


def _dict(keys: Any, values: Any) -> Reader:
    return partial(_mapping, _reader(keys), _reader(values))


def _tuple(*inner: Any) -> Reader:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return partial(_row, _reader(inner[0]))
    return partial(_cells, tuple(map(_reader, inner)))


def _plain(kinds: tuple[type, ...], tree: Any, _: bytes) -> Any:
    if type(tree) not in kinds:
        raise Unreadable(f"{type(tree).__name__} au lieu de {kinds[-1].__name__}")
    if type(tree) in (int, float) and not -_LARGEST <= tree < _LARGEST:  # nor NaN, which is in no order
        raise Unreadable("nombre hors de portée")
    return tree


def _same(values: tuple[object, ...], tree: Any, _: bytes) -> Any:
    for value in values:
        if type(tree) is type(value) and tree == value:
            return value
    raise Unreadable("valeur inconnue")


def _text(tree: Any, _: bytes) -> str:
    if type(tree) is not str:
        raise Unreadable(f"{type(tree).__name__} au lieu de str")
    try:
        tree.encode()
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("\ufffd", tree)
    return tree.replace("\0", "\ufffd")


def _one_of(by_shape: Mapping[Any, tuple[Reader, ...]], tree: Any, blobs: bytes) -> Any:
    """The first of the types that can stand so, and do."""
    shape = next(iter(tree), None) if type(tree) is dict else type(tree)
    last = Unreadable("rien de tel n'est attendu")
    for reader in by_shape.get(shape, ()):
        try:
            return reader(tree, blobs)
        except Unreadable as problem:
            last = problem
    raise last


def _row(reader: Reader, tree: Any, blobs: bytes) -> tuple[Any, ...]:
    return tuple([reader(each, blobs) for each in _list(tree)])


def _cells(readers: tuple[Reader, ...], tree: Any, blobs: bytes) -> tuple[Any, ...]:
    return tuple([reader(each, blobs) for reader, each in zip(readers, _list(tree), strict=True)])


def _many(kind: Callable[[list[Any]], Any], reader: Reader, tree: Any, blobs: bytes) -> Any:
    return kind([reader(each, blobs) for each in _list(_tagged(tree, kind.__name__))])


def _mapping(keys: Reader, values: Reader, tree: Any, blobs: bytes) -> dict[Any, Any]:
    return {keys(key, blobs): values(value, blobs) for key, value in _list(_tagged(tree, "dict"))}


def _list(tree: Any) -> list[Any]:
    if type(tree) is not list:
        raise Unreadable("une suite est attendue")
    return tree


def _tagged(tree: Any, name: str) -> Any:
    if type(tree) is not dict or len(tree) != 1 or name not in tree:
        raise Unreadable(f"{name} est attendu")
    return tree[name]


def _member(kind: type[Enum], tree: Any, _: bytes) -> Enum:
    name = _tagged(tree, kind.__name__)
    if type(name) is not str or name not in kind.__members__:
        raise Unreadable(f"{kind.__name__} n'a pas ce nom")
    return kind.__members__[name]


def _bytes(tree: Any, blobs: bytes) -> bytes:
    start, size = (_plain((int,), each, b"") for each in _list(_tagged(tree, "bytes")))
    if not 0 <= start <= start + size <= len(blobs):
        raise Unreadable("des octets manquent")
    return blobs[start : start + size]


def _datetime(tree: Any, _: bytes) -> datetime:
    moment = datetime.fromisoformat(_tagged(tree, "datetime"))
    if moment.utcoffset() is None:
        raise Unreadable("une date sans fuseau")
    if not _FIRST <= moment < _LAST:
        raise Unreadable("une date hors de portée")
    return moment


def _timedelta(tree: Any, _: bytes) -> timedelta:
    days, seconds, microseconds = (_plain((int,), each, b"") for each in _list(_tagged(tree, "timedelta")))
    return timedelta(days, seconds, microseconds)


_TAGGED: dict[Any, Reader] = {bytes: _bytes, datetime: _datetime, timedelta: _timedelta}
_GENERIC: dict[Any, Callable[..., Reader]] = {
    types.UnionType: _union,
    Union: _union,
    Literal: _literal,
    tuple: _tuple,
    list: lambda inner: partial(_many, list, _reader(inner)),
    set: lambda inner: partial(_many, set, _reader(inner)),
    frozenset: lambda inner: partial(_many, frozenset, _reader(inner)),
    dict: _dict,
}


class _Record:
    """The reader of a dataclass. Its fields' types are looked up on first use, so that it may hold itself."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self._fields: tuple[Reader, ...] = ()

    def __call__(self, tree: Any, blobs: bytes) -> Any:
        values = _list(_tagged(tree, self._kind.__name__))
        readers = self._fields or self._resolved()
        if len(values) != len(readers):
            raise Unreadable(f"{self._kind.__name__} a {len(readers)} champs")
        return self._kind(*[reader(each, blobs) for reader, each in zip(readers, values, strict=True)])

    def _resolved(self) -> tuple[Reader, ...]:
        hints = get_type_hints(self._kind)
        self._fields = tuple(_reader(hints[name]) for name in _names(self._kind) or ())
        return self._fields
