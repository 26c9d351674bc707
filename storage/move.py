"""A whole base carried from one engine to the other: every row, every number given, and all of it counted again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, Table, exists, func, select

from storage.articles.register import Register
from storage.articles.triage import Triage
from storage.database import Database
from storage.dialect import numbers_given, set_numbers_given
from storage.failure import StoreError
from storage.operators.offices import daemons
from storage.place import Place
from storage.schema import METADATA, daemon, memo
from storage.sqlite_traces import BEAT_NAME

ROWS = 1_000  # written at a time
_TABLES = tuple(table for table in METADATA.sorted_tables if table is not daemon)  # who works there does not come along


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried: rows by table, in the order written."""

    rows: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.rows)


def move(source: Place, target: Place) -> Carried:
    """Copy every row of `source` to `target`, which must hold none; all of it or nothing, and `source` stays as it is.

    Nobody may write to either meanwhile: refused where daemons work on a server. Raises StoreError.
    """
    if not source.exists():
        raise StoreError(f"« {source} » n’existe pas : rien à déplacer (VIGIE_DATABASE).")
    if str(source) == str(target):
        raise StoreError(f"« {target} » est la base elle-même : donnez-en une autre.")
    before, after = Database(source), Database(target)
    try:
        with before.read() as old, after.write() as new:
            for place, connection in ((source, old), (target, new)):
                _refuse_manned(place, connection)
            _refuse_full(target, new)
            moved = Carried(tuple((table.name, _carry(old, new, table)) for table in _TABLES))
            set_numbers_given(new, numbers_given(old, METADATA), METADATA)
            _count(target, new, moved)
        _hold_against(before, after)
        after.analyse()
    finally:
        before.close()
        after.close()
    return moved


def _refuse_manned(place: Place, connection: Connection) -> None:
    if machines := sorted({each.machine for each in daemons(connection) if each.alive}):
        raise StoreError(f"Vigie travaille sur « {place} » ({', '.join(machines)}) : arrêtez tous ses démons d’abord.")


def _refuse_full(target: Place, connection: Connection) -> None:
    for table in _TABLES:
        if connection.execute(select(exists(_carried(table)))).scalar():
            raise StoreError(f"« {target} » contient déjà des lignes (« {table.name} ») : donnez une base vide.")


def _carried(table: Table) -> Select[Any]:
    """All of its rows but the one that a file keeps of itself: how often it was written."""
    return select(table).where(memo.c.name != BEAT_NAME) if table is memo else select(table)


def _carry(old: Connection, new: Connection, table: Table) -> int:
    found = old.execution_options(yield_per=ROWS).execute(_carried(table)).mappings()
    number = 0
    for rows in _batches(found):
        new.execute(table.insert(), rows)
        number += len(rows)
    return number


def _batches(found: Any) -> Iterator[Sequence[dict[str, Any]]]:
    rows = iter(found)
    while batch := [dict(row) for row in islice(rows, ROWS)]:
        yield batch


def _count(target: Place, connection: Connection, moved: Carried) -> None:
    for name, number in moved.rows:
        there = connection.execute(
            select(func.count()).select_from(_carried(METADATA.tables[name]).subquery())
        ).scalar_one()
        if there != number:
            raise StoreError(f"« {target} » n’a pas pris toutes les lignes de « {name} » ({there} sur {number}).")


def _hold_against(before: Database, after: Database) -> None:
    """The chains are sealed line by line: what they say of themselves is the same on both sides."""
    for chain in (Register, Triage):
        if chain(before).flaws() != chain(after).flaws():
            raise StoreError(f"« {after.place} » : le registre ne s’y lit pas comme avant. Effacez cette copie.")
