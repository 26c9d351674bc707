"""Floors of quality, on articles of ours: a change that groups worse stops here. Measured: benchmarks/stories.py."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

from matchers.engine.engine import Engine, compile_engine
from matchers.watchlists.watchlist import WatchlistFile
from tests.grouping.builders import grouped

SHEET = Path(__file__).with_name("stories.jsonl")
OUTSIDE = Path(__file__).with_name("outside.jsonl")


def labelled() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SHEET.read_text(encoding="utf-8").splitlines()]


def pair_f1(found: dict[str, str], wanted: dict[str, str]) -> float:
    together = [(found[a] == found[b], wanted[a] == wanted[b]) for a, b in combinations(wanted, 2)]
    right = sum(is_found and is_wanted for is_found, is_wanted in together)
    return 2 * right / sum(is_found + is_wanted for is_found, is_wanted in together)


def test_the_labelled_set_is_large_enough() -> None:
    lines = labelled()
    assert len(lines) >= 100
    assert len({line["story"] for line in lines}) >= 35


def test_stories_and_dossiers_keep_their_floor(engine: Engine) -> None:
    lines = labelled()
    answers = {answer["id"]: answer for answer in grouped(engine, lines)}
    for level, floor in (("story", 0.92), ("dossier", 0.80)):
        found = {line["id"]: answers[line["id"]][level] for line in lines}
        assert pair_f1(found, {line["id"]: line[level] for line in lines}) >= floor
    assert all(answer["duplicate_of"] is None for answer in answers.values())


def test_two_events_of_one_affair_stay_two_and_each_is_told(engine: Engine) -> None:
    lines = labelled()
    story = {answer["id"]: answer["story"] for answer in grouped(engine, lines)}
    pairs = [(a, b) for a, b in combinations(lines, 2) if a["dossier"] == b["dossier"] and a["story"] != b["story"]]
    merged = sum(story[a["id"]] == story[b["id"]] for a, b in pairs)
    assert len(pairs) >= 150
    assert merged <= 0.01 * len(pairs)
    opened = [line["story"] for line in lines if story[line["id"]] == line["id"]]
    silent = {line["story"] for line in lines} - set(opened)
    assert len(silent) <= 1, "hardly an event is without a story of its own"
    assert len(opened) <= 1.3 * len(set(opened)), "nor told over and over"


def test_subjects_that_no_gazetteer_knows_keep_their_floor_too() -> None:
    """Twelve subjects, each a list of its user's own; written before the judge was tried on them."""
    lines = [json.loads(line) for line in OUTSIDE.read_text(encoding="utf-8").splitlines()]
    subjects = sorted({line["subject"] for line in lines})
    lists = {f"l{n}": WatchlistFile(name=each, any=[each], threshold=1) for n, each in enumerate(subjects)}
    found = {answer["id"]: answer["story"] for answer in grouped(compile_engine(lists, {}), lines)}
    assert (len(lines), len(subjects)) == (64, 12)
    told = [(found[a["id"]] == found[b["id"]], a["event"] == b["event"]) for a, b in combinations(lines, 2)]
    assert not any(together and not same for together, same in told)
    assert sum(together for together, same in told if same) >= 0.85 * sum(same for _, same in told)
