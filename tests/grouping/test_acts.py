"""Stories and the official acts that they found on: what joins an act and its press, what parts two acts."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.grouping import Grouper
from matchers.engine.engine import Engine
from matchers.stories.grouping import Candidate, Grouping, Member, SketchedText, Topic, Traits, Usage
from tests.grouping.builders import grouped, line, prose
from tests.grouping.test_group import stories
from tests.storage.builders import NOW

PAIRS = [json.loads(each) for each in Path(__file__).with_name("acts.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["why"])
def test_an_act_and_its_press_are_one_story_and_two_acts_are_two(
    pair: dict[str, Any], order: tuple[str, str], engine: Engine
) -> None:
    told = [{"url": f"https://s{each}.example/x", "published": "2026-06-20T08:00:00Z", **pair[each]} for each in order]
    lines = [{"id": number, **each} for number, each in enumerate(told)]
    first, second = stories(grouped(engine, lines))
    assert (first == second) is (pair["want"] == "same")


def test_a_call_and_its_award_are_two_stories_of_one_affair(engine: Engine) -> None:
    title = "Le CHU de Sens publie son marché d’hébergement HDS"
    lines = [
        line(n, f"https://www.boamp.fr/avis/{number}", title, summary=f"Avis BOAMP n° {number}.")
        for n, number in enumerate(("26-104512", "26-131002"))
    ]
    answers = grouped(engine, lines)
    assert stories(answers) == [0, 1]
    assert {each["dossier"] for each in answers} == {0}


def test_an_act_that_twenty_stories_found_on_is_a_topic_and_says_nothing(engine: Engine) -> None:
    lines = [line(n, f"https://s{n}.example/x", f"Loi n° 2026-77 : {prose(n, 4)}") for n in range(24)]
    answers = grouped(engine, lines)
    assert len(set(stories(answers))) == 24
    counted = [each["reason"].get("odds", 0) for each in answers]
    assert counted[1] - counted[-1] == Grouping().odds_act


def test_the_act_that_joins_its_press_bears_it_out_and_so_rings() -> None:
    act, press = Topic(own=("decret:2026-272",)), Topic(acts=("decret:2026-272",))
    for one, other, backs in ((act, press, True), (press, act, False)):
        candidate = Candidate(1, 1, NOW, NOW, (Member(1, "s.example", NOW, "Un titre", other),))
        placed = Grouper().placed(Traits("t.example", SketchedText(), one), NOW, Usage(), (candidate,))
        assert (placed.story, placed.rule, placed.backs) == (1, "act", backs)
