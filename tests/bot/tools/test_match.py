import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.tools import match
from matchers.engine.engine import Engine

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


# What asks the web, keeps a base or shows a message; nothing of it is asked by an article that no list retains
UNASKED = ("asyncio", "ssl", "httpcore", "httpx", "sqlalchemy", "regex", "idna", "cssselect", "Stemmer",
           "bot.config.feedfile", "bot.config.destinations", "bot.web.guard", "bot.model", "matchers.trials.explain",
           "storage.feeds.model", "storage.operators.model")  # fmt: skip
SHOW = f"""
import sys
from bot import cli
code = cli.main(["match"])
print(*sorted(set({UNASKED!r}) & set(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


def matched(folder: Path, line: bytes = b'{"id": 1, "title": "Il pleut"}') -> tuple[int, bytes, str]:
    """What the command answers in a process of its own, and what it says on the other output."""
    env = {**os.environ, "VIGIE_CONFIG": str(folder)}
    done = subprocess.run([sys.executable, "-c", SHOW], input=line, capture_output=True, env=env, check=False)
    return done.returncode, done.stdout, done.stderr.decode().strip()


def test_who_only_matches_loads_nothing_that_asks_the_web() -> None:
    assert matched(starter()) == (0, b'{"id": 1, "matches": []}\n', "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "entities.yaml").write_text("hdh: {name: Health Data Hub}\n", "utf-8")
    return tmp_path


def test_an_example_is_for_what_is_put_in_force(folder: Path) -> None:
    written = "name: Pluie\nany: [pluie]\nexamples: {match: [Il neige], ignore: [Beau temps]}\n"
    (folder / "watchlists" / "pluie.yaml").write_text(written, "utf-8")
    refused = load_rules(folder)
    assert isinstance(refused, tuple)
    assert "devrait alerter" in refused[0].message
    code, found, said = matched(folder, b'{"id": 1, "title": "La pluie"}')
    assert (code, said) == (0, "")
    assert json.loads(found)["matches"][0]["watchlist"] == "pluie"


def test_a_list_that_cannot_be_read_is_told_by_who_matches_too(folder: Path) -> None:
    (folder / "watchlists" / "pluie.yaml").write_text("name: Pluie\nany: ['@hhd']\n", "utf-8")
    code, found, said = matched(folder)
    assert (code, found) == (2, b"")
    assert "pluie.yaml:2" in said
    assert "@hdh" in said
