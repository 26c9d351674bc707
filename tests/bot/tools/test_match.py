import io
import json

import pytest

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.tools import match
from matchers.engine import Engine

TEXT = "L’entrepôt du Health Data Hub reste sur Microsoft Azure, sans qualification SecNumCloud."


@pytest.fixture(scope="module")
def engine() -> Engine:
    rules = load_rules(starter())
    assert isinstance(rules, Rules)
    return rules.engine


def answers(engine: Engine, *lines: object, only: frozenset[str] | None = None) -> tuple[int, list[dict[str, object]]]:
    out = io.BytesIO()
    given = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=True).encode() for line in lines]
    code = match.run(engine, given, out, only)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_answer_a_line_in_order(engine: Engine) -> None:
    code, found = answers(engine, {"id": "a", "text": TEXT}, {"id": "b", "title": "Le Sénat rentre"}, {"id": "c"})
    assert code == 0
    assert [one["id"] for one in found] == ["a", "b", "c"]
    assert [bool(one["matches"]) for one in found] == [True, False, False]


def test_hits_index_the_field_as_given(engine: Engine) -> None:
    article = {"id": "x", "title": "🔒 Le  Health\u00a0Data\u200b Hub", "summary": None, "text": "e\u0301té : " + TEXT}
    _, [found] = answers(engine, article)
    hits = [hit for one in found["matches"] for hit in one["hits"]]  # type: ignore[attr-defined]
    assert hits
    assert all(article[hit["field"]][hit["start"] : hit["end"]] == hit["text"] for hit in hits)  # type: ignore[index]


@pytest.mark.parametrize(
    "line",
    [b"{", b"[1]", b'{"title": "sans id"}', b'{"id": true}', b'{"id": "a", "title": 3}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_bad_line_is_answered_with_its_number_and_the_others_go_on(engine: Engine, line: bytes) -> None:
    code, found = answers(engine, {"id": "a"}, line, {"id": "b"})
    assert code == 1
    assert [one["id"] for one in found] == ["a", None, "b"]
    assert found[1]["line"] == 2
    assert found[1]["error"]


def test_blank_lines_are_skipped_but_counted(engine: Engine) -> None:
    _, found = answers(engine, b"\n", b"  \n", b"?")
    assert [one["line"] for one in found] == [3]


def test_a_byte_order_mark_is_no_error(engine: Engine) -> None:
    assert answers(engine, b'\xef\xbb\xbf{"id": 7}') == (0, [{"id": 7, "matches": []}])


def test_a_lone_surrogate_passes_through(engine: Engine) -> None:
    code, [found] = answers(engine, {"id": "\ud800", "text": "\ud83d " + TEXT})
    assert code == 0
    assert found["id"] == "\ud800"


def test_only_the_watchlists_asked_for_answer(engine: Engine) -> None:
    _, [found] = answers(engine, {"id": "a", "text": TEXT}, only=frozenset({"health-data-hub"}))
    assert [one["watchlist"] for one in found["matches"]] == ["health-data-hub"]  # type: ignore[attr-defined]


def test_each_answer_is_out_before_the_next_line_is_read(engine: Engine) -> None:
    out = io.BytesIO()
    seen = []

    def lines() -> object:
        for name in ("a", "b"):
            seen.append(out.getvalue().count(b"\n"))
            yield json.dumps({"id": name}).encode()

    match.run(engine, lines(), out)  # type: ignore[arg-type]
    assert seen == [0, 1]
