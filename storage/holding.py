"""Ways to say what a column holds beyond its type."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

Holds = Callable[[Any], bool]


def words(*of: Any) -> Holds:
    """A column that holds one of the words of these `Literal`s, and no other. A word is never taken out of them: a copy
    of an older base would be refused."""
    known = frozenset(word for each in of for word in get_args(each))
    return lambda value: value in known


def numbers(least: int, most: int) -> Holds:
    """A column of numbers from `least` to `most`."""
    return lambda value: least <= value <= most


def written(shape: Any) -> Holds:
    """A column of JSON, by the type that it is read as: a dataclass, `list[...]`, `tuple[...]`... Where the type allows
    None, "" stands for it."""
    empty = type(None) in get_args(shape)

    def holds(value: str) -> bool:
        if not value:
            return empty
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            return False
        return read is not None and fits(read, shape)

    return holds


def read_by(reader: Callable[[str], Any]) -> Holds:
    """A column of texts that this function reads, or "" for none."""
    return lambda value: not value or _is_read(reader, value)


def days() -> Holds:
    """A column of days, as 2026-04-02."""
    return lambda value: len(value) == len("2026-04-02") and _is_read(date.fromisoformat, value)


def packed(width: int) -> Holds:
    """A column of bytes, of so many each."""
    return lambda value: len(value) % width == 0


def zones() -> Holds:
    """A column of names of time zones."""
    return cache(lambda value: _is_read(ZoneInfo, value))


def _is_read(reader: Callable[[str], Any], value: str) -> bool:
    try:
        reader(value)
    except (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError):
        return False
    return True


# --- the shape of JSON ---------------------------------------------------------------------------------------------
def fits(value: Any, shape: Any) -> bool:
    """Whether a value read from JSON is what this type is made from. An object with a name that the type has not, or
    without one that it wants, is not."""
    origin, inner = get_origin(shape), get_args(shape)
    match origin:
        case None if is_dataclass(shape):
            return _is_made(value, shape)
        case None:
            return shape is Any or type(value) is (shape or type(None)) or (shape is float and type(value) is int)
        case _ if origin in (Union, UnionType):
            return any(fits(value, each) for each in inner)
        case _ if origin is Literal:
            return value in inner and type(value) is type(inner[inner.index(value)])
        case _ if origin is tuple and inner[-1] is not ...:
            return isinstance(value, list) and len(value) == len(inner) and all(map(fits, value, inner))
        case _ if issubclass(origin, Mapping):
            return isinstance(value, dict) and all(fits(each, inner[1]) for each in value.values())
        case _ if issubclass(origin, Sequence):
            return isinstance(value, list) and all(fits(each, inner[0]) for each in value)
    raise TypeError(f"{shape} is no type of JSON")


def _is_made(value: Any, made: Any) -> bool:
    known, wanted = _fields(made)
    return isinstance(value, dict) and wanted <= value.keys() and all(_is_field(known, *each) for each in value.items())


def _is_field(known: Mapping[str, Any], name: str, value: Any) -> bool:
    return name in known and fits(value, known[name])


@cache
def _fields(made: Any) -> tuple[Mapping[str, Any], frozenset[str]]:
    """The types of a dataclass's fields, and the names of those that have no default."""
    wanted = (each.name for each in fields(made) if each.default is MISSING and each.default_factory is MISSING)
    return get_type_hints(made), frozenset(wanted)
