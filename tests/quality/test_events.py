"""The flashes of the default watchlists: headlines of events that ring, and others of the same subjects that do not.

Labelled by us: `flash` is whether it is worth telling at once. Their real worth is measured by `vigie evaluate`.
"""

import json
from pathlib import Path

import pytest

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.trials.labels import read_labelled
from bot.trials.measures import Outcome, Scores, figures
from matchers.engine.engine import Engine
from matchers.model import Article

EVENTS = Path(__file__).parent / "events.jsonl"
JUSTIFIED, RUNG = 0.9, 0.9


@pytest.fixture(scope="module")
def engine() -> Engine:
    read = load_rules(starter())
    assert isinstance(read, Rules), "\n".join(map(str, read))
    return read.engine


@pytest.fixture(scope="module")
def measured(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Scores:
    rows = [json.loads(line) for line in EVENTS.read_text(encoding="utf-8").splitlines()]
    judged = tmp_path_factory.mktemp("events") / "judged.jsonl"
    judged.write_text("\n".join(json.dumps({**row, "label": 1}) for row in rows), encoding="utf-8")
    return figures([Outcome(row, engine.match(row.article)) for row in read_labelled(judged)])


def test_flashes_are_worth_one(measured: Scores) -> None:
    assert measured.flashes_justified.whole >= 20
    assert measured.flashes_justified.value is not None
    assert measured.flashes_justified.value >= JUSTIFIED


def test_what_is_worth_a_flash_rings(measured: Scores) -> None:
    assert measured.events_rung.whole >= 25
    assert measured.events_rung.value is not None
    assert measured.events_rung.value >= RUNG


def test_every_headline_of_the_set_is_a_line_of_a_digest_at_least(measured: Scores) -> None:
    assert measured.recall.part >= 0.85 * measured.recall.whole


@pytest.mark.parametrize("form", ["Webinaire : {}", "Tribune : {}", "{} : le guide complet", "Podcast : {}", "{} ?"])
def test_no_guide_opinion_or_meeting_rings(engine: Engine, form: str) -> None:
    for line in EVENTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        matches = engine.match(Article(title=form.format(row["title"]), summary=row["summary"]))
        assert not any(match.rings for match in matches), row["title"]


def test_every_list_says_what_makes_news_for_whom_it_rings_by_level_or_by_choice(engine: Engine) -> None:
    assert [name for name, plan in engine.plans.items() if plan.news is None] == []
