"""Whether rows hold what the schema says of their columns: whoever has a file can write anything there."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, LargeBinary, Table
from sqlalchemy.types import TypeEngine

from storage.contents import HOLDS
from storage.schema import (
    EARLIEST,
    EPOCH,
    LATEST,
    LONGEST,
    LONGEST_WAIT,
    METADATA,
    MICROSECOND,
    AnyText,
    Duration,
    Instant,
)

_BOUNDS: dict[type[TypeEngine[Any]], tuple[int, int]] = {
    Boolean: (0, 1),
    Instant: ((EARLIEST - EPOCH) // MICROSECOND, (LATEST - EPOCH) // MICROSECOND),
    Duration: (-(LONGEST_WAIT // MICROSECOND), LONGEST_WAIT // MICROSECOND),
}

_NO_TEXT = object()


@dataclass(frozen=True, slots=True)
class Misfit:
    """A column in some of whose rows stands what Vigie never writes there."""

    table: str
    column: str
    rows: int
    of: int


def misfit(raw: sqlite3.Connection) -> Misfit | None:
    """The first column of a base of the newest schema that holds what it can't; None where all can be read. The
    connection gives texts as this wants them from then on."""
    raw.text_factory = _text
    return next((found for table in METADATA.sorted_tables for found in _misfits(raw, table)), None)


def _misfits(raw: sqlite3.Connection, table: Table) -> Iterator[Misfit]:
    columns = list(table.columns)
    counts = ", ".join(f"coalesce(sum(NOT ({_condition(each)})), 0)" for each in columns)
    of, *wrong = raw.execute(f'SELECT count(*), {counts} FROM "{table.name}"').fetchone()  # noqa: S608 # our own names
    found = [(each, number) for each, number in zip(columns, wrong, strict=True) if number]
    if not found:  # the type first: what a column is said to hold is asked of its own type only
        found = [(each, number) for each, number in _unread(raw, table) if number]
    yield from (Misfit(table.name, each.name, number, of) for each, number in found)


def _condition(column: Column[Any]) -> str:
    """SQL that says whether a value has the type of its column."""
    name = f'"{column.name}"'
    if isinstance(column.type, LargeBinary):
        said = f"typeof({name}) = 'blob'"
    elif isinstance(column.type, AnyText):
        said = f"typeof({name}) = 'text' AND length({name}) <= {LONGEST}"
    else:
        least, most = _BOUNDS.get(type(column.type), (-1 << 63, (1 << 63) - 1))
        said = f"typeof({name}) = 'integer' AND {name} BETWEEN {least} AND {most}"
    return f"{name} IS NULL OR ({said})" if column.nullable else said


def _unread(raw: sqlite3.Connection, table: Table) -> list[tuple[Column[Any], int]]:
    """How many values of each column are no text, or not what the column is said to hold: one pass over the table."""
    columns = [each for each in table.columns if (table.name, each.name) in HOLDS or isinstance(each.type, AnyText)]
    checks = [HOLDS.get((table.name, each.name), _is_any) for each in columns]
    wrong = [0] * len(columns)
    names = ", ".join(["NULL", *(f'"{each.name}"' for each in columns)])
    for _, *row in raw.execute(f'SELECT {names} FROM "{table.name}"'):  # noqa: S608 # our own names
        for place, (value, holds) in enumerate(zip(row, checks, strict=True)):
            if value is not None and (value is _NO_TEXT or not holds(value)):
                wrong[place] += 1
    return list(zip(columns, wrong, strict=True))


def _is_any(_: Any) -> bool:
    return True


def _text(stored: bytes) -> object:
    try:
        read = stored.decode()
    except UnicodeDecodeError:
        return _NO_TEXT
    return _NO_TEXT if "\0" in read else read
