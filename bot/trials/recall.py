"""How much is missed at most: which titles are read among those not kept, and what the answers prove.

The articles of a week that were not kept are of two strata: `near`, that a watchlist came near to keeping, and `rest`.
So many titles of each are drawn by chance and judged by an operator. What was missed in all is then estimated by the
weights of D. G. Horvitz and D. J. Thompson (Journal of the American Statistical Association 47, 1952), and bounded
exactly, as in an elusion test: the largest number of misses of which so few would still be drawn once in so many times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p
from random import Random

from matchers.engine.engine import Engine, Reading
from matchers.model import Article
from storage import Store
from storage.operators.model import Samples, SampleTally, Stratum

QUARTER = timedelta(days=91)
OF_EACH = 5  # titles a week and stratum
DOUBT = 0.05  # how often a bound may fail
TERMS = 4  # of one watchlist in title and lead: 19 % of real items not kept hold as many, and 18 of 19 of those missed
LEAD = 300  # characters of the text, where there is no summary


def stratum(engine: Engine, article: Article) -> Stratum:
    """Of an article that was not kept: did a watchlist come near, by its score or by its words in title and lead?"""
    reading = engine.read(article)
    if any(engine.judge(reading, name).held is not None for name in engine.candidates(reading)):
        return "near"
    lead = engine.read(replace(article, text="" if article.summary else article.text[:LEAD]))
    return "near" if any(_terms(engine, lead, name) >= TERMS for name in engine.candidates(lead)) else "rest"


def _terms(engine: Engine, reading: Reading, watchlist: str) -> int:
    owned = engine.judge(reading, watchlist).holdings.owned
    return sum(1 for spans in owned.values() if spans)


def draw(articles: Sequence[int], others: Sequence[int], chance: Random) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """So many of the near ones and so many of the rest; where one has too few, the other gives more."""
    room = 2 * OF_EACH
    near = min(len(articles), max(OF_EACH, room - len(others)))
    rest = min(len(others), room - near)
    return tuple(chance.sample(articles, near)), tuple(chance.sample(others, rest))


@dataclass(frozen=True, slots=True)
class Recall:
    """What share of what should be kept was: at least `low`, 19 times in 20, of all that was read; at least `near` of
    what a watchlist kept or came near to. `estimate` is the likeliest, of all. `titles` were judged; `whole` where that
    is every one that was not kept."""

    low: float
    near: float
    estimate: float
    titles: int
    whole: bool = False


def recall(samples: Samples, useful: int, noise: int) -> Recall | None:
    """None where nothing was judged. `useful` and `noise`: the votes on what was kept, which bound how much of it was
    kept rightly. Without a vote all is taken to be."""
    answered, kept = [each for each in samples.judged if each.titles], samples.kept
    if not answered or not kept:
        return None
    near = [each for each in answered if each.stratum == "near"]
    rest = [each for each in answered if each.stratum == "rest"]
    votes = useful + noise
    parts = 3 if votes else 2
    rightly = kept * (share_at_least(useful, votes, DOUBT / parts) if votes else 1.0)
    beside = most_missed(near, DOUBT / parts)
    missed = beside + most_missed(rest, DOUBT / parts)
    likely = sum(each.missed * each.population / each.titles for each in answered)
    found = kept * (useful / votes if votes else 1.0)
    return Recall(
        low=_share(rightly, missed),
        near=_share(rightly, beside),
        estimate=_share(found, likely),
        titles=sum(each.titles for each in answered),
        whole=all(each.titles == each.population for each in samples.judged),
    )


def measured(store: Store, now: datetime) -> Recall | None:
    """What the answers of a quarter prove, with all votes; None while nobody has answered."""
    return recall(store.samples.since(now - QUARTER), *store.votes.verdicts())


def _share(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 0.0


def most_missed(judged: Sequence[SampleTally], doubt: float) -> int:
    """The largest number of missed articles of which so few titles would be drawn more often than `doubt`.

    They are put where a title is drawn least often, which is the worst case; drawing with replacement, which finds them
    less surely than what is done, keeps the bound on the safe side.
    """
    seen = sum(each.missed for each in judged)
    low, high = seen, sum(each.population for each in judged)
    while low < high:
        middle = (low + high + 1) // 2
        if _drawn_at_most(seen, middle, judged) >= doubt:
            low = middle
        else:
            high = middle - 1
    return low


def _drawn_at_most(seen: int, missed: int, judged: Sequence[SampleTally]) -> float:
    """The chance to draw no more than `seen` of so many missed articles."""
    chances, left = [1.0] + [0.0] * seen, missed
    for each in sorted(judged, key=lambda each: each.titles / each.population):
        here = min(left, each.population)
        left -= here
        more = [binomial(count, here, each.titles / each.population) for count in range(seen + 1)]
        chances = [sum(chances[one] * more[total - one] for one in range(total + 1)) for total in range(seen + 1)]
    return sum(chances)


def share_at_least(part: int, whole: int, doubt: float) -> float:
    """The lower bound of a share by C. J. Clopper and E. S. Pearson (Biometrika 26, 1934)."""
    low, high = 0.0, part / whole
    for _ in range(50):
        middle = (low + high) / 2
        if sum(binomial(count, whole, middle) for count in range(part, whole + 1)) > doubt:
            high = middle
        else:
            low = middle
    return low


def binomial(count: int, whole: int, chance: float) -> float:
    """The probability of `count` hits in so many tries."""
    if count > whole or chance <= 0.0 or chance >= 1.0:
        return float(count == (whole if chance >= 1.0 else 0))
    ways = lgamma(whole + 1) - lgamma(count + 1) - lgamma(whole - count + 1)
    return exp(ways + count * log(chance) + (whole - count) * log1p(-chance))
