"""What SQLite and PostgreSQL say differently: each difference has one name here, and no other module knows of it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.functions import FunctionElement, ReturnTypeFromArgs
from sqlalchemy.sql.selectable import TableValuedAlias

__all__ = [
    "Insert", "Queue", "base", "elements", "first_of", "give", "given", "insert", "later", "moment", "number_in",
    "numbering", "numbers", "numbers_given", "others_wrote", "ran", "ran_each", "reassign", "set_numbers_given",
    "sooner", "words",
]  # fmt: skip

# SQLite's `INSERT … ON CONFLICT` is PostgreSQL's, whose compiler asks this one thing more of it. Taking PostgreSQL's
# own would cost every command 40 ms, for the drivers that it imports.
setattr(OnConflictClause, "constraint_target", None)  # noqa: B010


base = Table(
    "base",
    MetaData(),
    Column("application", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)
"""What a file says in its header, and a server in this row: whose it is, and of which version."""

numbering = Table(
    "numbering",
    base.metadata,
    Column("name", String, primary_key=True),
    Column("given", BigInteger, nullable=False),
)
"""On a server, the greatest number of a line of a table whose numbers have no gap: a sequence leaves one where a
transaction is undone, and a gap reads as a line taken away."""

Queue = Literal["feeds", "messages", "pages"]
"""What several daemons take from: those who take from one queue do so one after the other, also beside a writer."""

CHAINS = ("register", "triage")
"""The tables whose numbers have no gap."""

STRANGERS = "strangers"
"""The option of a writer's connection that counts how often what was remembered may be wrong (`others_wrote`): another
writer came in between, or a transaction was undone."""

_SEQUENCE = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_GIVEN = select(numbering.c.given).where(numbering.c.name == bindparam("table"))
_KEEP = insert(numbering).values(name=bindparam("name"), given=bindparam("given"))
_GIVE = (
    insert(numbering)
    .on_conflict_do_update(index_elements=["name"], set_={"given": numbering.c.given + 1})
    .returning(numbering.c.given)
)


def words(dialect: Dialect) -> String:
    """The type of a text, whose order is that of the code points: a server may stand in any language."""
    return String(collation="C") if dialect.name == "postgresql" else String()


class later(ReturnTypeFromArgs[Any]):  # noqa: N801
    """The greatest of values none of which is NULL."""

    inherit_cache = True


class sooner(ReturnTypeFromArgs[Any]):  # noqa: N801
    """The least of values none of which is NULL."""

    inherit_cache = True


class _Elements(FunctionElement[str]):
    inherit_cache = True
    name = "elements"
    type = String()


class first_of(FunctionElement[int]):  # noqa: N801
    """The first element, a number, of an array written as JSON."""

    inherit_cache = True
    name = "first_of"
    type = BigInteger()


class number_in(FunctionElement[int]):  # noqa: N801
    """The number behind the first letter of a text. NULL, or on SQLite whatever digits begin it, where it is none."""

    inherit_cache = True
    name = "number_in"
    type = BigInteger()


class _Number(FunctionElement[int]):
    inherit_cache = True
    name = "number"
    type = BigInteger()


class moment(FunctionElement[int]):  # noqa: N801
    """The time by the clock of the store, which all who use it share, in microseconds since 1970."""

    inherit_cache = True
    name = "moment"
    type = BigInteger()


def elements(json: Any) -> TableValuedAlias:
    """The elements of an array written as JSON, as rows of one column, `value`."""
    return _Elements(json).table_valued("value", joins_implicitly=True)


def numbers(json: Any) -> tuple[FromClause, ColumnElement[int]]:
    """The numbers of an array written as JSON: where they stand, and their column."""
    found = elements(json)
    return found, _Number(found.c.value)


def reassign(table: Table, which: Callable[[Any], ColumnElement[bool]], values: Mapping[str, Any]) -> Update:
    """Give these values to the rows that `which` finds (of the table, or of an alias of it), except where another row
    has the place already that a unique constraint leaves one row: that row keeps it, and this one stays as it was.

    Of several rows that would come to the same place, the one with the least values goes there.
    """
    rival = table.alias("rival")
    kept = [_taken(table, rival, key, which, values) for key in _keys(table) if any(name in values for name in key)]
    return update(table).where(which(table), *kept).values(**values)


def walk(connection: Connection) -> None:
    """What is asked next in this transaction, for its first rows in the order of an index, is walked there: a server
    would find all rows and sort them, where it misjudges how many there are."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_sort = off")


def others_wrote(connection: Connection) -> Hashable:
    """What changes from one transaction of a writer to the next where somebody else has written stories in between, or
    where what the first one wrote was undone."""
    known = int(connection.get_execution_options()[STRANGERS])
    if connection.dialect.name != "sqlite":
        return known
    raw: Any = connection.connection.driver_connection
    return known, id(raw), raw.execute("PRAGMA data_version").fetchone()[0]


def ran(connection: Connection, sql: str, bound: Any) -> Any:
    """The driver's cursor, or what stands for it, after a statement in the words of this engine. SQLite's own errors
    are its file's to explain; of a server's, SQLAlchemy must know which end the connection."""
    if connection.dialect.name != "sqlite":
        return connection.exec_driver_sql(sql, bound)
    raw: Any = connection.connection.driver_connection
    return raw.execute(sql, bound)


def ran_each(connection: Connection, sql: str, bound: Sequence[Any]) -> int:
    """The same for several rows: how many were written in all."""
    if connection.dialect.name != "sqlite":
        told = connection.exec_driver_sql(sql, list(bound), execution_options={"preserve_rowcount": True})
        return int(told.rowcount)
    raw: Any = connection.connection.driver_connection
    return int(raw.executemany(sql, bound).rowcount)


def given(connection: Connection, table: Table) -> int:
    """The greatest number that was ever given to a line of this table, though it be gone; 0 before the first."""
    if connection.dialect.name == "sqlite":
        return int(connection.execute(_SEQUENCE, {"table": table.name}).scalar() or 0)
    return int(connection.execute(_GIVEN, {"table": table.name}).scalar() or 0)


def give(connection: Connection, table: Table) -> int:
    """The number of the next line of this table, which is inserted with it: no gap, whatever is undone."""
    if connection.dialect.name == "sqlite":
        return given(connection, table) + 1  # the file notes what is inserted
    return int(connection.execute(_GIVE, {"name": table.name, "given": 1}).scalar_one())


def numbers_given(connection: Connection, metadata: MetaData) -> dict[str, int]:
    """The greatest number that each table that numbers its rows has ever given, though the row be gone."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in rows if row.name in metadata.tables}
    last = text("SELECT last_value FROM pg_sequences WHERE sequencename = :name AND schemaname = current_schema()")
    asked = {name: {"name": f"{name}_{key}_seq"} for name, key in _numbered(metadata).items()}
    found = {name: connection.execute(last, each).scalar() for name, each in asked.items()}
    found |= {row.name: row.given for row in connection.execute(select(numbering))}
    return {name: int(number) for name, number in found.items() if number}


def set_numbers_given(connection: Connection, noted: Mapping[str, int], metadata: MetaData) -> None:
    """Let the next number of each table be greater than what was given, and than those of its rows."""
    for name, key in _numbered(metadata).items():
        table = metadata.tables[name]
        found = connection.execute(select(func.max(table.c[key]))).scalar() or 0
        if greatest := max(noted.get(name, 0), found):
            _set_given(connection, table, {"name": name, "key": key, "given": greatest})


def _set_given(connection: Connection, table: Table, asked: Mapping[str, Any]) -> None:
    if connection.dialect.name != "sqlite":
        statement = "SELECT setval(pg_get_serial_sequence(:name, :key), :given)"
        connection.execute(_KEEP if table.name in CHAINS else text(statement), asked)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        changed = connection.execute(text("UPDATE sqlite_sequence SET seq = :given WHERE name = :name"), asked).rowcount
        if not changed:
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :given)"), asked)


def _numbered(metadata: MetaData) -> dict[str, str]:
    """The tables that number their rows, with the column."""
    held = ((table, table.autoincrement_column) for table in metadata.sorted_tables)
    return {table.name: column.name for table, column in held if column is not None}


def _keys(table: Table) -> list[list[str]]:
    held = (each for each in table.constraints if isinstance(each, UniqueConstraint | PrimaryKeyConstraint))
    return [[column.name for column in each.columns] for each in held]


def _taken(
    table: Table, rival: Any, key: Sequence[str], which: Callable[[Any], ColumnElement[bool]], values: Mapping[str, Any]
) -> ColumnElement[bool]:
    """Nobody has this place, nor comes to it before."""
    same = [rival.c[name] == table.c[name] for name in key if name not in values]
    there = [rival.c[name] == values[name] for name in key if name in values]
    before = [rival.c[name] < table.c[name] for name in key if name in values]
    return ~exists().where(*same, or_(and_(*there), and_(which(rival), *before)))


@compiles(later, "sqlite")
def _later_file(element: later, compiler: SQLCompiler, **how: Any) -> str:
    return f"max({compiler.process(element.clauses, **how)})"


@compiles(later, "postgresql")
def _later_server(element: later, compiler: SQLCompiler, **how: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **how)})"


@compiles(sooner, "sqlite")
def _sooner_file(element: sooner, compiler: SQLCompiler, **how: Any) -> str:
    return f"min({compiler.process(element.clauses, **how)})"


@compiles(sooner, "postgresql")
def _sooner_server(element: sooner, compiler: SQLCompiler, **how: Any) -> str:
    return f"least({compiler.process(element.clauses, **how)})"


@compiles(_Elements, "sqlite")
def _elements_file(element: _Elements, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Elements, "postgresql")
def _elements_server(element: _Elements, compiler: SQLCompiler, **how: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **how)} AS JSONB))"


@compiles(first_of, "sqlite")
def _first_file(element: first_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **how)}, '$[0]')"


@compiles(first_of, "postgresql")
def _first_server(element: first_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST((CAST({compiler.process(element.clauses, **how)} AS JSONB) ->> 0) AS BIGINT)"


@compiles(number_in, "sqlite")
def _number_in_file(element: number_in, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST(substr({compiler.process(element.clauses, **how)}, 2) AS INTEGER)"


@compiles(number_in, "postgresql")
def _number_in_server(element: number_in, compiler: SQLCompiler, **how: Any) -> str:
    item = compiler.process(element.clauses, **how)  # a cast of anything else would raise
    return f"CASE WHEN {item} ~ '^.[0-9]{{1,18}}$' THEN CAST(substr({item}, 2) AS BIGINT) END"


@compiles(moment, "sqlite")
def _moment_file(_element: moment, _compiler: SQLCompiler, **_how: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"


@compiles(moment, "postgresql")
def _moment_server(_element: moment, _compiler: SQLCompiler, **_how: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


@compiles(_Number, "sqlite")
def _number_file(element: _Number, compiler: SQLCompiler, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(_Number, "postgresql")
def _number_server(element: _Number, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **how)} AS BIGINT)"
