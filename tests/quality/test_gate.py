"""The quality gate: the default watchlists against labelled French titles and leads, with floors that only rise.

The labels are an analyst's, given before anything was measured: `lists` names the watchlists that should keep the text
(none: it should be left alone), `kind` the trap or the reason it is there. To see the mistakes:
python -m benchmarks.quality --show
"""

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import PRESS, Judged, item, judge, of_list, rows, score
from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from matchers.engine.engine import Engine

HERE = Path(__file__).parent
DIGEST = "ae622520c4ac988f522a17343db94b57046c6746a0d6628db8f36c4fc0bd6a44"
"""A text or a label that changes moves this: say why in the commit, and add an entry to floors.json."""

TRAPS = {
    "ans", "m365", "azure", "bleu", "orange", "sens", "free", "hds", "dns", "cnam", "ema", "pds", "conseil-etat",
    "cnil", "souverainete", "cloud", "hebergement", "certification", "fuite", "cyber", "hopital", "sanction",
    "sante-objets", "offre", "casse",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Engine:
    read = load_rules(starter())
    assert isinstance(read, Rules), "\n".join(map(str, read))
    return read.engine


@pytest.fixture(scope="module")
def judged(engine: Engine) -> list[Judged]:
    return judge(engine, rows(PRESS), item, lambda row: bool(row["lists"]))


@pytest.fixture(scope="module")
def floors() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
    return read


def test_the_labelled_texts_are_those_that_the_floors_were_set_on() -> None:
    assert hashlib.sha256(PRESS.read_bytes()).hexdigest() == DIGEST


def test_the_labelled_texts_hold_every_trap_and_every_watchlist(engine: Engine) -> None:
    texts = list(rows(PRESS))
    assert len({text["id"] for text in texts}) == len({text["title"] for text in texts}) == len(texts) >= 400
    assert {text["kind"] for text in texts if not text["lists"]} >= TRAPS
    for name in engine.watchlists:
        assert sum(name in text["lists"] for text in texts) >= 20, name


def test_the_default_watchlists_stay_above_their_floors(judged: list[Judged], floors: list[dict[str, Any]]) -> None:
    floor, measured = floors[-1], score(judged)
    assert measured.precision >= floor["precision"]
    assert measured.recall >= floor["recall"]
    assert measured.false_per_thousand <= floor["false_per_thousand"]


def test_each_watchlist_stays_above_its_own_floor(
    engine: Engine, judged: list[Judged], floors: list[dict[str, Any]]
) -> None:
    assert set(floors[-1]["recall_of"]) == set(engine.watchlists)
    for name, floor in floors[-1]["recall_of"].items():
        assert of_list(judged, name).recall >= floor, name


def test_floors_only_rise(floors: list[dict[str, Any]]) -> None:
    for before, after in pairwise(floors):
        assert after["since"] > before["since"]
        assert after["precision"] >= before["precision"]
        assert after["recall"] >= before["recall"]
        assert after["false_per_thousand"] <= before["false_per_thousand"]
        assert all(after["recall_of"][name] >= floor for name, floor in before["recall_of"].items())


def test_the_gate_can_fail(judged: list[Judged], floors: list[dict[str, Any]]) -> None:
    nothing = score(Judged(each.row, (), each.wanted) for each in judged)
    everything = score(Judged(each.row, ("hds",), each.wanted) for each in judged)
    assert nothing.recall < floors[0]["recall"]
    assert everything.precision < floors[0]["precision"]
    assert everything.false_per_thousand > floors[0]["false_per_thousand"]
