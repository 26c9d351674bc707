"""Floors of quality, on articles of ours: a change that groups worse stops here. Measured: benchmarks/stories.py."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

from matchers.engine import Engine
from tests.grouping.builders import grouped

SHEET = Path(__file__).with_name("stories.jsonl")


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
    for level, floor in (("story", 0.84), ("dossier", 0.80)):
        found = {line["id"]: answers[line["id"]][level] for line in lines}
        assert pair_f1(found, {line["id"]: line[level] for line in lines}) >= floor
    assert all(answer["duplicate_of"] is None for answer in answers.values())


def test_two_events_of_one_affair_stay_two_and_each_is_told(engine: Engine) -> None:
    lines = labelled()
    story = {answer["id"]: answer["story"] for answer in grouped(engine, lines)}
    pairs = [(a, b) for a, b in combinations(lines, 2) if a["dossier"] == b["dossier"] and a["story"] != b["story"]]
    merged = sum(story[a["id"]] == story[b["id"]] for a, b in pairs)
    assert len(pairs) >= 150
    assert merged <= 0.03 * len(pairs)
    opened = [line["story"] for line in lines if story[line["id"]] == line["id"]]
    silent = {line["story"] for line in lines} - set(opened)
    assert len(silent) <= 1, "hardly an event is without a story of its own"
    assert len(opened) <= 1.3 * len(set(opened)), "nor told over and over"
