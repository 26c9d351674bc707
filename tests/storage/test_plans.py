"""What is asked at every tick, poll and press is answered from an index: no table that grows is read whole."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import event

from benchmarks.growth import LEVELS, QUIET, YEAR, fill, reader, served
from bot.polling.silence import histories
from matchers.model import Level
from storage.chats.model import NewDelivery, NewDigest, Note
from storage.ids import ArticleId
from storage.store import Store, open_store
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, World, opened
from tests.server import a_base
from tests.storage.builders import NOW, Words, a_chat
from tests.storage.engines import engine_of

pytestmark = pytest.mark.file


GROWING = (
    *("article", "article_url", "sighting", "article_match", "delivery", "digest", "digest_slot", "grouped"),
    *("fingerprint", "story", "decision", "announcement", "register", "vote"),
)
DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


T = TypeVar("T")


def stepped(store: Store, work: Callable[[], T]) -> tuple[T, int]:
    """What it gives, and the steps that SQLite's machine took for it, to the next hundred: some ten for a row."""
    counted = 0

    def step() -> int:
        nonlocal counted
        counted += 100
        return 0

    with closing(engine_of(store).raw_connection()) as raw:  # of a pool that gives the last one back first
        raw.driver_connection.set_progress_handler(step, 100)
        raw.driver_connection.execute("SELECT 1")
    given = work()
    with closing(engine_of(store).raw_connection()) as raw:
        raw.driver_connection.set_progress_handler(None, 0)
    return given, counted


def read(store: Store, work: Callable[[], T]) -> tuple[T, int]:
    """What it gives, and the rows that a server's plan looked at for it, those included that it then left out."""
    counted = 0

    def asked(connection: Any, _cursor: Any, said: str, given: Any, *_: Any) -> None:
        nonlocal counted
        if said.startswith(("SELECT", "WITH")):
            raw = connection.connection.driver_connection
            ((plan,),) = raw.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {said}", given or None).fetchall()
            counted += _looked_at(plan[0]["Plan"])

    event.listen(engine_of(store), "before_cursor_execute", asked)
    given = work()
    event.remove(engine_of(store), "before_cursor_execute", asked)
    return given, counted


def _looked_at(node: dict[str, Any]) -> int:
    below = sum(map(_looked_at, node.get("Plans", ())))
    if "Relation Name" not in node:
        return below
    left_out = sum(value for key, value in node.items() if key.startswith("Rows Removed by"))
    return below + round((node["Actual Rows"] + left_out) * node["Actual Loops"])


@pytest.fixture
def on_a_server(server: str) -> Iterator[Store]:
    """Full: 400 articles in the year of each of fifty sources."""
    with a_base(server, "vigie_plans") as made, closing(open_store(made)) as store:
        fill(store, 20_000, feeds=50)
        store.database.analyse()
        yield store


class Statements:
    """What was asked of a store, each statement once, as SQLite was given it, with the values of its first use."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: dict[str, str] = {}
        event.listen(engine_of(store), "checkout", self._listen)

    def _listen(self, raw: Any, *_: Any) -> None:
        raw.set_trace_callback(self._note)

    def _note(self, said: str) -> None:
        self.seen.setdefault(_VALUE.sub("?", said), said)

    def plan(self, statement: str) -> str:
        with closing(sqlite3.connect(self.store.database.path)) as raw:
            return "\n  ".join(str(row[3]) for row in raw.execute(f"EXPLAIN QUERY PLAN {self.seen[statement]}"))

    def scans(self) -> list[str]:
        """The statements that read a growing table whole, each with its plan."""
        asked = [each for each in self.seen if each.split()[0] in ("SELECT", "UPDATE", "DELETE")]
        assert len(asked) > 5, "the events are heard"
        found = []
        for statement in asked:
            steps = self.plan(statement).splitlines()
            if any(_whole(step) for step in steps) and not _first(statement, steps):
                found.append("\n".join((" ".join(statement.split()), *steps)))
        return found


_VALUE = re.compile(r"x?'(?:[^']|'')*'|(?<![\w.])-?\d+(?:\.\d+)?")


def _whole(step: str) -> bool:
    words = step.split()
    return words[0] == "SCAN" and words[1] in GROWING


def _first(statement: str, steps: list[str]) -> bool:
    """Whether it stops at the first row: in the order of an index, with a limit or for the greatest."""
    asked = " LIMIT " in statement or "max(" in statement or "min(" in statement
    return asked and not any("TEMP B-TREE" in step for step in steps) and "sum(" not in statement


def test_a_tick_of_the_sender_reads_no_table_whole(world: World) -> None:
    store, outbox, now = world.store, world.store.outbox, NOW
    for number in range(1, 30):
        world.article(number % 20, f"SecNumCloud {prose(number, 6)}", prose(number, 80))
    asked = Statements(store)
    note = Note("n1", frozenset({7}), lambda _: Words("{}"))
    outbox.enqueue([NewDelivery(world.chat.key, "edit", "e1", Words("{}"), target="a1")], now)
    flying = outbox.claim(world.now + DAY, "run", 5, catch_up=lambda *_: [Words("{}")])
    assert flying
    outbox.freeze(flying[0], now, DAY)
    outbox.doubt(flying[0], now, DAY)
    outbox.retry(flying[0], now, counts=True)
    outbox.gone(flying[0], "blocked", now)
    outbox.hold(flying[0], "no", now, note)
    outbox.hold_topic(flying[0], "no", now, note)
    outbox.dead(flying[0], "no", now)
    outbox.sent(flying[0].id, 1, now)
    outbox.recover("again")
    outbox.rewind(now)
    outbox.lately(now - timedelta(minutes=1))
    recent = next(each for each in asked.seen if each.startswith("SELECT chat.telegram_id"))
    assert "delivery_settled" in asked.plan(recent), "not all that was ever sent"
    queue = next(each for each in asked.seen if each.startswith("SELECT delivery.id, delivery.chat_id, delivery.rank"))
    assert "delivery_queue" in asked.plan(queue), "walked in its order"
    assert "ORDER BY" not in asked.plan(queue), asked.plan(queue)
    assert asked.scans() == []
    store.figures(now)
    assert [each for each in asked.scans() if "delivery" in each] == [], "nor do its figures"


def test_a_poll_reads_no_table_whole(world: World) -> None:
    world.article(0, "SecNumCloud un", prose("un", 80))
    asked = Statements(world.store)
    for number in range(1, 8):
        world.article(number, f"SecNumCloud {prose('un', 6)}", prose("un", 80))
    world.article(1, "SecNumCloud tout autre chose", prose("autre", 80))
    assert asked.scans() == []


def test_a_digest_and_a_question_read_no_table_whole(world: World) -> None:
    store, levels = world.store, dict[str, Level].fromkeys(ENGINE.watchlists, "daily")
    world.article(0, "SecNumCloud un", prose("un", 80))
    asked = Statements(store)
    window = store.digests.window(world.chat.key, ("daily",), levels)
    store.digests.close(world.chat.key, ("daily",), "2026-11-24", window.cursor, NewDigest(), world.now)
    store.digests.kept(world.chat.key, "d1")
    store.digests.items((ArticleId(1),))
    store.chats.alerts(world.chat.key, NOW - DAY)
    store.votes.cast(ArticleId(1), "v", True, NOW)
    store.traces.of_article(ArticleId(1), world.chat.key)
    store.traces.of_address(("https://site0.example/1",), "site0.example", world.chat.key)
    store.traces.behind_message(world.chat.key, 1)
    assert asked.scans() == []


@pytest.mark.parametrize("analysed", [False, True])
def test_a_digest_visits_what_it_tells_and_no_more(tmp_path: Path, analysed: bool) -> None:
    """On a store that is full: what a plan is worth shows in the rows it visits, not in the words that describe it."""
    with closing(open_store(tmp_path / "full.db")) as store:
        key, levels = reader(store, 7), LEVELS
        fill(store, 30_000)
        served(store, key)
        if analysed:
            store.database.analyse()
        window, steps = stepped(store, lambda: store.digests.window(key, ("daily",), levels))
        items, few = len(window.items), 30_000 / 365 * 1.1  # articles of a day, which are counted
        assert items >= 3
        assert steps < 12 * (few + 40 * items), "about as many steps as there are rows to tell of"


@pytest.mark.parametrize("analysed", [False, True])
def test_a_tick_of_a_store_that_is_full_costs_what_is_due(tmp_path: Path, analysed: bool) -> None:
    with closing(open_store(tmp_path / "full.db")) as store:
        reader(store, 7)
        fill(store, 30_000)
        if analysed:
            store.database.analyse()
        lease, early = timedelta(minutes=10), NOW - 2 * YEAR
        for work in (
            lambda: store.pages.claim(NOW, lease, 5),
            lambda: store.feeds.claim_due(early, "one", lease, 50),
            lambda: store.outbox.claim(NOW, "run", 32, catch_up=lambda *_: ()),
            lambda: store.notices.untold(),
        ):
            assert stepped(store, work)[1] <= 1_000, "nothing is due"


def test_silences_and_figures_visit_what_they_count(tmp_path: Path) -> None:
    """On a store that is full: the articles of the feeds asked about; what is new, and the matches, by an index."""
    with closing(open_store(tmp_path / "full.db")) as store:
        fill(store, 30_000)
        store.database.analyse()
        found, steps = stepped(store, lambda: store.articles.appeared(NOW - YEAR, QUIET[:1]))
        articles = sum(found[QUIET[0]].values())
        assert 100 < articles < 300
        assert steps < 60 * articles, "those of that feed, grouped by hour"
        everything = store.figures(NOW).articles, sum(number for _, number in store.figures(NOW).matches)
        again, steps = stepped(store, lambda: store.figures(NOW))
        assert (again.articles, sum(number for _, number in again.matches)) == everything
        assert steps < 15 * everything[1] < 30_000, (steps, everything)


def test_the_past_of_a_source_of_many_articles_is_that_of_its_last_months(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "full.db")) as store:
        fill(store, 75_000)  # one a day of each source
        store.database.analyse()
        found, steps = stepped(store, lambda: histories(store.articles.appeared, QUIET[:1], NOW, UTC))
        assert 90 < len(found[QUIET[0]]) < 115
        _, year = stepped(store, lambda: store.articles.appeared(NOW - YEAR, QUIET[:1]))
        assert 3 * steps < year


def test_a_server_looks_at_the_articles_of_the_source_that_is_asked_about(on_a_server: Store) -> None:
    appeared = on_a_server.articles.appeared
    found, year = read(on_a_server, lambda: appeared(NOW - YEAR, QUIET[:1]))
    articles = sum(found[QUIET[0]].values())
    assert 395 < articles <= 400
    assert articles <= year <= 1.1 * articles
    past, months = read(on_a_server, lambda: histories(appeared, QUIET[:1], NOW, UTC))
    assert 90 < len(past[QUIET[0]]) < 115
    assert months <= 1.1 * len(past[QUIET[0]]), "those of its last months"
    with on_a_server.database.write() as connection:
        connection.exec_driver_sql("DROP INDEX article_feed")
    assert read(on_a_server, lambda: appeared(NOW - YEAR, QUIET[:1]))[1] >= 20_000, "what it is measured by sees more"


def test_pruning_finds_what_is_old_by_an_index(world: World) -> None:
    a_chat(world.store, 9)
    asked = Statements(world.store)
    world.store.prune(NOW)
    assert [each for each in asked.scans() if "delivery" in each.split("\n")[0]] == []
