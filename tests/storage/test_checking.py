"""Rows that hold what no column of ours can: whoever has the file of a copy can write anything into it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, LargeBinary

from bot.model import Button, Message
from storage import StoreError, open_store
from storage.backup import backup, restore
from storage.checking import Misfit, misfit
from storage.contents import HOLDS
from storage.database import Database
from storage.holding import fits
from storage.migrations import MIGRATIONS
from storage.schema import METADATA, AnyText
from storage.shapes import KeptMessage
from tests.storage.builders import a_feed, a_match, an_entry, poll

pytestmark = pytest.mark.file

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
_GOOD = (
    *("", "fr", "private", "active", "none", "silent", "flash", "queued", "open", "must", "new", "living", "kept"),
    *("urgent", "feed", "page", "is", "consultation", "near", "failing", "added", "Europe/Paris", "2026-11-24", "[]"),
    '{"article":1,"title":"","summary":"","text":"","matches":[]}',
    *("{}", '{"points":[],"hits":[]}', '{"html":"x","buttons":[]}', '[["a"],"",null,[]]', 0),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A base with one row in each table, made of what the schema says."""
    path = tmp_path_factory.mktemp("made") / "base"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        for table in METADATA.sorted_tables:
            columns = list(table.columns)
            connection.execute(f'DELETE FROM "{table.name}"')
            marks = ", ".join("?" * len(columns))
            names = ", ".join(f'"{each.name}"' for each in columns)
            connection.execute(
                f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', [_good(each) for each in columns]
            )
        connection.commit()
        yield connection


@pytest.fixture
def raw(made: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The same, as it was."""
    yield made
    made.rollback()
    made.text_factory = str


def _good(column: Column[Any]) -> Any:
    if isinstance(column.type, LargeBinary):
        return b""
    if (column.table.name, column.name) in HOLDS:
        kind = str if isinstance(column.type, AnyText) else int
        return next(each for each in _GOOD if isinstance(each, kind) and HOLDS[column.table.name, column.name](each))
    return "x" if isinstance(column.type, AnyText) else 1


def test_what_columns_hold_is_said_of_columns_that_there_are() -> None:
    assert {each for each in HOLDS if each[1] not in METADATA.tables[each[0]].c} == set()


def test_what_the_schema_says_fits(raw: sqlite3.Connection) -> None:
    assert misfit(raw) is None


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_a_value_of_another_type_is_told_of_every_column(raw: sqlite3.Connection, table: Any) -> None:
    for column in table.columns:
        for value in _foreign(column):
            was = raw.execute(f'SELECT "{column.name}" FROM "{table.name}"').fetchone()
            try:
                raw.execute(f'UPDATE "{table.name}" SET "{column.name}" = ?', (value,))
            except sqlite3.IntegrityError:  # the number of a row: SQLite itself takes nothing else
                continue
            assert misfit(raw) == Misfit(table.name, column.name, 1, 1), value
            raw.execute(f'UPDATE "{table.name}" SET "{column.name}" = ?', was)


def _foreign(column: Column[Any]) -> tuple[Any, ...]:
    if isinstance(column.type, AnyText):
        return "a\0b", b"\xc3("
    return ("texte",) if isinstance(column.type, LargeBinary) else (7 if isinstance(column.type, Boolean) else 1.5, "x")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("feed.health", "malade"),
        ("feed.kind", "gopher"),
        ("feed.listing", '{"key": 3}'),
        ("feed.due_at", 1 << 62),
        ("feed.every", -(1 << 62)),
        ("article.flags", "["),
        ("article.flags", '{"a": 1}'),
        ("article.flags", "[1]"),
        ("article.links", '[["a", "b"]]'),
        ("article.published", -(1 << 62)),
        ("article_match.level", "hurlement"),
        ("article_match.detail", '{"points": [{"kind": "term"}], "hits": []}'),
        ("article_match.detail", '{"points": [], "hits": [], "more": 1}'),
        ("grouped.sketch", b"abc"),
        ("grouped.topic", "[" * 100_000),
        ("grouped.topic", '{"title": [1]}'),
        ("digest.lines", '[[1, "hds"]]'),
        ("digest.lines", '[[1, "hds", "loud"]]'),
        ("delivery.body", '{"html": [1], "buttons": []}'),
        ("delivery.body", '{"html": "x", "buttons": [[{"data": "x"}]]}'),
        ("delivery.body", "null"),
        ("delivery.state", "flying"),
        ("override.moved", '{"a": [1]}'),
        ("decision.numbers", "NaN"),
        ("wave.before", '{"matches": [{}]}'),
        ("wave.watchlists", "{}"),
        ("list_state.known", '{"rows": [[1]]}'),
        ("list_event.listed", "[]"),
        ("deadline.day", "bientôt"),
        ("deadline.day", "20261124"),
        ("chat.timezone", "../../etc/passwd"),
        ("chat.language", "klingon"),
        ("chat.digest_at", 1_440),
        ("chat.quiet_from", -5),
        ("triage.state", "perdu"),
    ],
)
def test_a_value_of_its_type_that_a_column_never_holds_is_told(raw: sqlite3.Connection, place: str, value: Any) -> None:
    table, _, column = place.partition(".")
    raw.execute(f'UPDATE "{table}" SET "{column}" = ?', (value,))
    assert misfit(raw) == Misfit(table, column, 1, 1)


def test_a_message_is_kept_as_the_schema_says() -> None:
    kept = Message("<b>x</b>", ((Button("Lire", url="https://a.example"), Button("Plus", data="m:1")),), brief="x")
    with closing(sqlite3.connect(":memory:")) as raw:
        (written,) = raw.execute("SELECT json(?)", (kept.to_json(),)).fetchone()
    assert HOLDS["delivery", "body"](written)
    assert not fits({"html": "x"}, KeptMessage)


# --- put back ------------------------------------------------------------------------------------------------------
def test_a_copy_with_such_rows_is_refused_in_one_line_and_the_store_stays(tmp_path: Path) -> None:
    base, copy = tmp_path / "vigie.sqlite", tmp_path / "copie"
    with closing(open_store(base)) as store:
        store.feeds.sync([a_feed()], NOW)
        poll(store, an_entry(matches=(a_match(),)))
    backup(base, copy)
    before = base.read_bytes()
    with closing(sqlite3.connect(copy)) as raw:
        raw.execute("UPDATE article SET first_seen = 'hier'")
        raw.commit()
    with pytest.raises(StoreError) as told:
        restore(base, copy, NOW)
    assert str(told.value).startswith(f"« {copy} » : « article.first_seen » ne tient pas ce que Vigie y écrit (1 ligne")
    assert str(told.value).isprintable()
    assert base.read_bytes() == before


def test_an_older_copy_that_cannot_be_brought_on_is_refused_in_one_line(tmp_path: Path) -> None:
    number = [each.__name__ for each in MIGRATIONS].index("events")
    copy = tmp_path / "copie"
    Database(copy, migrations=MIGRATIONS[:number]).close()
    with closing(sqlite3.connect(copy)) as raw:
        raw.execute("INSERT INTO feed SELECT * FROM feed")
        columns = [row[1] for row in raw.execute("PRAGMA table_info(grouped)")]
        values = ["5" if name == "topic" else 1 for name in columns]
        raw.execute("PRAGMA foreign_keys = OFF")
        _article(raw)
        raw.execute(f"INSERT INTO grouped VALUES ({', '.join('?' * len(columns))})", values)
        raw.commit()
    with pytest.raises(StoreError, match="ne peut être portée à cette version"):
        restore(tmp_path / "vigie.sqlite", copy, NOW)
    assert not (tmp_path / "vigie.sqlite").exists()


def _article(raw: sqlite3.Connection) -> None:
    for table, own in (("feed", {"id": "a"}), ("article", {"id": 1, "feed_id": "a"})):
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        raw.execute(
            f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", [own.get(each, 0) for each in columns]
        )
