"""A statement made once as text says what it says through SQLAlchemy, on both engines."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import String, bindparam, case, literal, select, update

from storage import Store
from storage.dialect import elements, insert
from storage.prepared import Prepared, Unprepared
from storage.schema import Instant, boilerplate, memo
from tests.storage.builders import NOW

SEEN = Prepared(select(boilerplate.c.host, boilerplate.c.last_seen).where(boilerplate.c.h == bindparam("h")))
ROW = {"h": -(2**62), "host": "a\ud800b", "last_seen": NOW}
ADD = Prepared(insert(boilerplate).on_conflict_do_nothing(), ("h", "host", "last_seen"))


def test_what_is_written_is_read_back_as_its_columns_mean_it(store: Store) -> None:
    with store.database.write() as connection:
        ADD.run_each(connection, [ROW, ROW, {**ROW, "host": "c"}])
        found = SEEN.rows(connection, {"h": ROW["h"]})
        plain = connection.execute(SEEN.statement, {"h": ROW["h"]}).all()
    assert sorted((row.host, row.last_seen) for row in found) == [("a\ufffdb", NOW), ("c", NOW)]
    assert list(map(tuple, found)) == list(map(tuple, plain))


def test_values_of_its_own_need_not_be_given_again(store: Store) -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    move = Prepared(
        update(boilerplate)
        .where(boilerplate.c.h == bindparam("which"))
        .values(last_seen=case((boilerplate.c.host == "c", literal(later, Instant)), else_=boilerplate.c.last_seen))
    )
    with store.database.write() as connection:
        ADD.run_each(connection, [ROW, {**ROW, "host": "c"}])
        assert move.run(connection, {"which": ROW["h"]}) == 2
        assert {row.last_seen for row in SEEN.rows(connection, {"h": ROW["h"]})} == {NOW, later}
        assert move.run(connection, {"which": 1}) == 0
        assert SEEN.one(connection, {"h": 1}) is None
        assert SEEN.scalar(connection, {"h": 1}) is None


def test_a_list_of_names_is_one_value_written_as_json(store: Store) -> None:
    asked = elements(bindparam("names", type_=String))
    found = Prepared(select(memo.c.name).where(memo.c.name.in_(select(asked.c.value))).order_by(memo.c.name))
    keep = Prepared(insert(memo), tuple(memo.c.keys()))
    values: dict[str, Any] = dict.fromkeys(memo.c.keys(), "x")
    with store.database.write() as connection:
        keep.run_each(connection, [{**values, "name": each} for each in ("é%s", "b", "c")])
        assert [row.name for row in found.rows(connection, {"names": '["\\u00e9%s", "c", "d"]'})] == ["c", "é%s"]


def test_what_depends_on_how_many_values_there_are_is_refused(store: Store) -> None:
    many = Prepared(select(memo.c.name).where(memo.c.name.in_(bindparam("names", expanding=True))))
    with store.database.read() as connection, pytest.raises(Unprepared):
        many.rows(connection, {"names": ["a"]})
