"""What SQLite and PostgreSQL say differently comes to the same; no other module knows to which of them it speaks."""

import re
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from storage.chats.model import Level, NewDelivery
from storage.dialect import elements, first_of, insert, later, number_in, numbers, reassign, sooner
from storage.prepared import Prepared
from storage.schema import METADATA, chat, memo, subscription
from storage.store import Store
from tests.storage.builders import NOW, Words, a_chat

STORAGE = Path(__file__).parents[2] / "storage"
KNOWING = {"dialect.py", "migrations.py", "search.py"}


def test_few_modules_know_the_engine() -> None:
    """Whatever else differs belongs in storage/dialect.py, under a name."""
    found = {each.name for each in STORAGE.rglob("*.py") if "dialect.name" in each.read_text(encoding="utf-8")}
    assert found == KNOWING


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_an_upsert_is_written_for_both(dialect: object) -> None:
    row = insert(memo).values(name="a", value="b")
    told = str(row.on_conflict_do_update(index_elements=["name"], set_={"value": "c"}).compile(dialect=dialect))
    assert "ON CONFLICT (name) DO UPDATE SET value = " in told
    assert "ON CONFLICT DO NOTHING" in str(row.on_conflict_do_nothing().compile(dialect=dialect))


def asked(store: Store, query: object, **values: object) -> list[object]:
    with store.database.read() as connection:
        return list(connection.execute(query, values).scalars())


def test_later_and_sooner_take_one_of_two(store: Store) -> None:
    assert asked(store, select(later(literal(3), literal(5)))) == [5]
    assert asked(store, select(sooner(literal(3), literal(5)))) == [3]


def test_an_array_in_json_is_rows(store: Store) -> None:
    _, each = numbers(bindparam("them", "[5, -3, 9223372036854775807]"))
    assert sorted(asked(store, select(each))) == [-3, 5, 9223372036854775807]
    rows = elements(bindparam("them", "[[7, 8], [9, 1]]"))
    assert sorted(asked(store, select(first_of(rows.c.value)))) == [7, 9]


@pytest.mark.parametrize(("item", "number"), [("a12", 12), ("a9000000000", 9_000_000_000)])
def test_a_number_is_read_out_of_an_item(store: Store, item: str, number: int) -> None:
    assert asked(store, select(number_in(literal(item)))) == [number]


def test_an_item_without_a_number_is_no_error(store: Store) -> None:
    found = asked(store, select(func.coalesce(number_in(literal("catch-up")), 0)))
    assert found == [0]


def test_how_many_rows_came_is_known(store: Store) -> None:
    statement = Prepared(insert(memo).on_conflict_do_nothing(), ("name", "value"))
    with store.database.write() as connection:
        assert statement.run_each(connection, [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]) == 2
        assert statement.run_each(connection, [{"name": "b", "value": "3"}, {"name": "c", "value": "4"}]) == 1
        assert statement.run_each(connection, []) == 0
    assert store.key_values.get("b") == "2"


def followed(store: Store, thread: int, **levels: Level | None) -> int:
    key = a_chat(store).key
    for name, level in levels.items():
        store.chats.follow(key, name, level, NOW, thread)
    return key


def test_rows_that_are_given_away_leave_alone_who_has_the_place(store: Store) -> None:
    key = followed(store, 0, hds="daily")
    followed(store, 7, hds="flash", eucs="flash")
    with store.database.write() as connection:
        connection.execute(reassign(subscription, lambda each: each.c.thread == 7, {"thread": 0}))
    here = {each.watchlist: each.level for each in store.chats.following(key)}
    assert here == {"hds": "daily", "eucs": "flash"}
    assert [each.watchlist for each in store.chats.following(key, 7)] == ["hds"]


def test_of_two_rows_that_come_to_one_place_one_comes(store: Store) -> None:
    key = followed(store, 8, hds="flash")
    followed(store, 7, hds="daily")
    with store.database.write() as connection:
        connection.execute(reassign(subscription, lambda each: each.c.chat_id == key, {"thread": 0}))
    assert [each.level for each in store.chats.following(key)] == ["daily"]
    assert len(store.chats.following(key, 8)) == 1


@pytest.mark.parametrize("words", ["avant\0après", "avant\ud800après"])
def test_what_an_engine_cannot_write_keeps_its_place(store: Store, words: str) -> None:
    store.key_values.put("titre", words)
    assert store.key_values.get("titre") == "avant\ufffdaprès"


def test_words_stand_in_the_order_of_their_code_points(store: Store) -> None:
    names = ["Zoé", "eucs", "Été", "_a", "~"]
    for name in names:
        store.key_values.put(name, "")
    with store.database.read() as connection:
        kept = select(memo.c.name).where(memo.c.name.in_(names)).order_by(memo.c.name)
        assert list(connection.execute(kept).scalars()) == sorted(names)


def test_numbers_have_64_bits(store: Store) -> None:
    key, large = a_chat(store).key, 1 << 40
    with store.database.write() as connection:
        connection.execute(chat.update().where(chat.c.id == key).values(per_day=large, per_week=large))
    found = store.chats.get(key)
    assert found is not None
    assert (found.per_day, found.per_week) == (large, large)
    message = NewDelivery(key, "flash", "a1", Words("{}"), thread=large, target="a0")
    assert store.outbox.enqueue([message], NOW) == 1
    assert [each.thread for each in store.outbox.claim(NOW, "run", 9)] == [large]


def test_no_column_of_a_server_is_shorter() -> None:
    """What SQLite calls INTEGER holds 64 bits, and 32 on a server: `Number` says which is meant."""
    made = [str(CreateTable(each).compile(dialect=postgresql.dialect())) for each in METADATA.tables.values()]
    assert [short for each in made for short in re.findall(r"\w+ (?:INTEGER|SERIAL)\b", each)] == []
