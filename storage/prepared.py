"""Statements made once as SQL text: of what runs for every article, SQLAlchemy takes ten times as long as SQLite."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

from storage.dialect import ran, ran_each

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]


class Unprepared(Exception):
    """The statement can't be one text, whatever its values: a bug of who wrote it."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement in the words of one engine: how its values are bound, and how an answer is read."""

    sql: str
    bound: Callable[[Values], Any]
    row: Callable[[Sequence[Any]], Any]


@dataclass(slots=True)
class Prepared:
    """A statement of Core's, run on the driver. What it binds has a name and one value: no list of names.

    `given`: the columns of an INSERT that names none. Answers are tuples whose fields bear the names of the columns.
    """

    statement: Any
    given: tuple[str, ...] = ()
    _texts: dict[type[Dialect], _Text] = field(default_factory=dict)

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """What is found. Raises what the driver raises."""
        text = self._text(connection)
        return list(map(text.row, ran(connection, text.sql, text.bound(values)).fetchall()))

    def one(self, connection: Connection, values: Values) -> Any:
        """The row, None where there is none; of several the first."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def scalar(self, connection: Connection, values: Values) -> Any:
        """The first column of the row, None where there is none."""
        found = self.one(connection, values)
        return None if found is None else found[0]

    def run(self, connection: Connection, values: Values) -> int:
        """How many rows it wrote."""
        text = self._text(connection)
        return int(ran(connection, text.sql, text.bound(values)).rowcount)

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> int:
        """Run it once for each of these; how many rows it wrote in all."""
        if not rows:
            return 0
        text = self._text(connection)
        return ran_each(connection, text.sql, list(map(text.bound, rows)))

    def _text(self, connection: Connection) -> _Text:
        kind = type(connection.dialect)
        if kind not in self._texts:
            self._texts[kind] = _prepared(self.statement, self.given, connection.dialect)
        return self._texts[kind]


def _prepared(statement: Any, given: tuple[str, ...], dialect: Dialect) -> _Text:
    made = statement.compile(dialect=dialect, column_keys=list(given) or None)
    assert isinstance(made, SQLCompiler)
    if made.literal_execute_params or made.post_compile_params:
        raise Unprepared(made.string)
    kinds = {name: bind for bind, name in made.bind_names.items()}
    names = tuple(made.positiontup or kinds)
    converts = {name: convert for name in names if (convert := _bind(kinds[name].type, dialect)) is not None}
    fixed = {
        name: converts[name](value) if name in converts else value
        for name, value in made.construct_params(_check=False).items()
        if name in kinds and not kinds[name].required and name not in given
    }
    bound = _bound(names, {name: each for name, each in converts.items() if name not in fixed}, fixed)
    return _Text(made.string, bound if made.positiontup else _by_name(names, bound), _row(statement, dialect))


def _bound(names: tuple[str, ...], converts: Mapping[str, Convert], fixed: Values) -> Callable[[Values], Sequence[Any]]:
    """How the values that are given become those that the driver wants, in the order of these names."""
    steps = [(place, converts[name]) for place, name in enumerate(names) if name in converts]

    def bound(values: Values) -> Sequence[Any]:
        known = {**values, **fixed} if fixed else values
        found = [known[name] for name in names]
        for place, convert in steps:
            found[place] = convert(found[place])
        return found

    return bound


def _by_name(names: tuple[str, ...], bound: Callable[[Values], Sequence[Any]]) -> Callable[[Values], Mapping[str, Any]]:
    return lambda values: dict(zip(names, bound(values), strict=True))


def _bind(kind: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _row(statement: Executable, dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
    """How a row is read: a tuple with names, each value as its column means it."""
    columns = list(getattr(statement, "exported_columns", ()))
    if not columns:
        return tuple
    make: Any = namedtuple
    build = make("Row", [column.key for column in columns], rename=True)._make
    reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    if not any(reads):
        return build  # type: ignore[no-any-return]
    places = [(place, read) for place, read in enumerate(reads) if read is not None]

    def read_row(found: Sequence[Any]) -> Any:
        values = list(found)
        for place, read in places:
            values[place] = read(values[place])
        return build(values)

    return read_row
