"""Headlines written and labelled before the lists were read, in sixteen batches: what lists and flashes are worth.

What the first reading of each batch scored is in docs/decisions.md; here the lists may only get better.
"""

from pathlib import Path

import pytest

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.trials.labels import read_labelled
from bot.trials.measures import Outcome, Scores, Share, figures

HEADLINES = Path(__file__).parent / "headlines.jsonl"


@pytest.fixture(scope="module")
def measured() -> Scores:
    read = load_rules(starter())
    assert isinstance(read, Rules), "\n".join(map(str, read))
    return figures([Outcome(row, read.engine.match(row.article)) for row in read_labelled(HEADLINES)])


def assert_at_least(measured: Share, floor: float, least: int) -> None:
    assert measured.whole >= least
    assert measured.value is not None
    assert measured.value >= floor


def test_what_is_kept_is_worth_it(measured: Scores) -> None:
    assert_at_least(measured.precision, 0.99, 380)
    assert measured.false_alerts.part <= 1


def test_what_is_worth_it_is_kept(measured: Scores) -> None:
    assert_at_least(measured.recall, 0.95, 450)
    assert_at_least(measured.core_recall, 0.97, 320)


def test_flashes_are_worth_one_and_what_is_worth_one_rings(measured: Scores) -> None:
    assert_at_least(measured.flashes_justified, 0.97, 180)
    assert_at_least(measured.events_rung, 0.93, 190)
