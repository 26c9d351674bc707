"""A bound of recall: it holds, whatever was drawn, and says nothing that the answers do not prove."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from bot.trials.recall import DOUBT, OF_EACH, Recall, binomial, draw, most_missed, recall, share_at_least, stratum
from matchers.model import Article
from storage.operators.model import Samples, SampleTally
from tests.matchers.builders import engine

ENGINE = engine(any=["secnumcloud", "hébergeur", "santé", "données", "azure"], threshold=30)


def samples(*judged: SampleTally, kept: int) -> Samples:
    return Samples(judged, kept)


@pytest.mark.parametrize(
    ("title", "summary", "text", "where"),
    [
        ("Un festival de jazz", "Trois jours de concerts", "", "rest"),
        ("Azure, et rien d’autre", "", "", "near"),  # the watchlist holds, below its threshold
    ],
)
def test_an_article_is_near_where_a_watchlist_came_near(title: str, summary: str, text: str, where: str) -> None:
    assert stratum(ENGINE, Article(title=title, summary=summary, text=text)) == where


@pytest.mark.parametrize(
    ("summary", "text", "where"),
    [
        ("Un hébergeur, des données de santé, et SecNumCloud", "", "near"),
        ("Un hébergeur et des données", "", "rest"),
        ("", "Un hébergeur, des données de santé, et SecNumCloud", "near"),
        ("", "mot " * 200 + "Un hébergeur, des données de santé, et SecNumCloud", "rest"),
    ],
)
def test_the_words_of_title_and_lead_count_where_nothing_holds(summary: str, text: str, where: str) -> None:
    asking = engine(at_least={"n": 5, "of": ["hébergeur", "données", "santé", "secnumcloud", "souverain"]})
    assert stratum(asking, Article(title="Le marché", summary=summary, text=text)) == where


@pytest.mark.parametrize(
    ("near", "rest", "drawn"), [(40, 900, (5, 5)), (2, 900, (2, 8)), (40, 3, (7, 3)), (0, 4, (0, 4)), (0, 0, (0, 0))]
)
def test_ten_titles_are_drawn_half_of_each(near: int, rest: int, drawn: tuple[int, int]) -> None:
    one, other = draw(range(near), range(1000, 1000 + rest), Random(1))
    assert (len(one), len(other)) == drawn
    assert len({*one, *other}) == sum(drawn)
    assert all(each < 1000 for each in one)


def test_every_title_is_drawn_as_often_as_any_other() -> None:
    chance, found = Random(7), Counter[int]()
    for _ in range(2000):
        found.update(draw(range(20), range(20, 60), chance)[0])
    assert all(abs(count - 2000 * OF_EACH / 20) < 110 for count in found.values())
    assert len(found) == 20


@pytest.mark.parametrize(
    ("judged", "missed"),
    [
        ([SampleTally("near", 10, 10, 0)], 0),  # all were read
        ([SampleTally("near", 10, 10, 3)], 3),
        ([], 0),
        ([SampleTally("rest", 100, 5, 0)], 58),  # .95 ** 58 ≥ .05 > .95 ** 59
        ([SampleTally("rest", 100, 5, 5)], 100),
        ([SampleTally("rest", 100, 5, 0), SampleTally("rest", 1000, 5, 0)], 597),  # they may all be of the other week
    ],
)
def test_the_most_that_can_be_missed(judged: Sequence[SampleTally], missed: int) -> None:
    assert most_missed(judged, DOUBT) == missed


def test_known_bounds_of_a_share() -> None:
    assert share_at_least(0, 10, 0.025) == 0
    assert share_at_least(10, 10, 0.025) == pytest.approx(0.6915, abs=1e-4)
    assert share_at_least(5, 10, 0.025) == pytest.approx(0.1871, abs=1e-4)
    assert sum(binomial(count, 12, 0.3) for count in range(13)) == pytest.approx(1)


@pytest.mark.parametrize(
    "given",
    [samples(kept=40), samples(SampleTally("near", 40, 0, 0), kept=40), samples(SampleTally("near", 40, 5, 0), kept=0)],
)
def test_nothing_is_said_where_nothing_is_known(given: Samples) -> None:
    assert recall(given, 3, 1) is None


def test_a_bound_rises_with_each_title_read_and_falls_with_each_miss() -> None:
    def near(titles: int, missed: int) -> Recall:
        found = recall(
            samples(SampleTally("near", 60, titles, missed), SampleTally("rest", 900, titles, 0), kept=80), 0, 0
        )
        assert found is not None
        return found

    bounds = [near(titles, 0).near for titles in (5, 10, 20, 40, 60)]
    assert bounds == sorted(bounds)
    assert bounds[-1] == 1.0
    misses = [near(60, missed).near for missed in (0, 1, 5)]
    assert misses == [1.0, 80 / 81, 80 / 85]
    assert near(20, 0).low < near(20, 0).near, "the rest, of which so little is read, may hide much"


@pytest.mark.parametrize("truth", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("votes", [0, 30])
def test_the_bound_holds(truth: float, votes: int) -> None:
    """A hundred quarters each; benchmarks/README.md has a thousand."""
    held = 0
    for seed in range(100):
        true, found = quarter(truth, votes, Random(seed))
        held += found.low <= true
    assert held >= 95


def quarter(truth: float, votes: int, chance: Random) -> tuple[float, Recall]:
    """Twelve weeks at a true recall: what it is, and what is said of it."""
    judged, rightly, missed, kept = [], 0, 0, list[bool]()
    for _ in range(12):
        good = [not votes or chance.random() < 0.85 for _ in range(chance.randint(5, 40))]
        kept += good
        rightly += sum(good)
        gone = [chance.random() < 0.8 for _ in range(round(sum(good) * (1 - truth) / truth))]
        missed += len(gone)
        near = [True] * sum(gone) + [False] * chance.randint(60, 200)
        rest = [True] * (len(gone) - sum(gone)) + [False] * chance.randint(600, 5000)
        one, other = draw(range(len(near)), range(len(rest)), chance)
        judged += [
            SampleTally("near", len(near), len(one), sum(near[each] for each in one)),
            SampleTally("rest", len(rest), len(other), sum(rest[each] for each in other)),
        ]
    heard = chance.sample(kept, min(len(kept), votes))
    found = recall(samples(*judged, kept=len(kept)), sum(heard), len(heard) - sum(heard))
    assert found is not None
    return rightly / (rightly + missed), found
