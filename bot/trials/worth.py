"""What rings are worth: events that rang, rings for nothing, delay, beside what would ring otherwise. Pure.

The value of a good ring is counted in rings for nothing: at 3, an event in time is worth three wakings in vain. Gain,
pain and delay as for the push notifications of the TREC real-time summarization tracks (2016 to 2018).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.trials.measures import Outcome
from matchers.engine.engine import Engine
from matchers.model import Article

VALUE = 3.0  # of a good ring, in rings for nothing
RESAMPLED = 1000  # times, for the bound
DOUBT = 0.05

Policy = Callable[[Outcome], bool]
"""Would this article ring?"""


@dataclass(frozen=True, slots=True)
class Worth:
    """Of one policy: the events worth a ring that rang, the rings for nothing, how long after the first article of its
    event one rang (median, None where no date says so), the utility at VALUE, and its lower bound, 19 times in 20."""

    gain: int
    pain: int
    delay: timedelta | None
    utility: float
    least: float

    @property
    def break_even(self) -> float | None:
        """The value of a good ring from which on it is better than silence; None where nothing rang rightly."""
        return self.pain / self.gain if self.gain else None


def policies(engine: Engine) -> Mapping[str, Policy]:
    """Vigie, and what one would do without it: nothing, everything, or an alert on the words of the flash lists."""
    flash = {name for name, card in engine.watchlists.items() if card.level == "flash"}
    return {
        "vigie": lambda each: each.rings,
        "silence": lambda _: False,
        "everything": lambda _: True,
        "phrases": lambda each: not flash.isdisjoint(engine.candidates(engine.read(_lead(each.labelled.article)))),
    }


def _lead(article: Article) -> Article:
    """An alert on words has the title and what the feed says."""
    return replace(article, text="")


def worth(outcomes: Sequence[Outcome], policy: Policy) -> Worth:
    """Once an event has rung, its other articles ring no more, whatever the policy."""
    told = [_told(articles, policy) for articles in _by_event(outcomes)]
    gain, pain = sum(good for good, _, _ in told), sum(vain for _, vain, _ in told)
    late = sorted(delay for _, _, delay in told if delay is not None)
    return Worth(gain, pain, late[(len(late) - 1) // 2] if late else None, VALUE * gain - pain, _least(told))


def _by_event(outcomes: Iterable[Outcome]) -> list[list[Outcome]]:
    """The articles of one event together, and each other one alone."""
    found: dict[str, list[Outcome]] = {}
    for each in outcomes:
        found.setdefault(each.labelled.label.event or f"#{each.labelled.id}", []).append(each)
    return list(found.values())


Told = tuple[int, int, timedelta | None]


def _told(articles: Sequence[Outcome], policy: Policy) -> Told:
    rung = [each for each in articles if policy(each)]
    if not rung:
        return 0, 0, None
    if not any(each.labelled.label.flash for each in articles):
        return 0, 1, None
    ours, all_of_it = _dates(rung), _dates(articles)
    return 1, 0, min(ours) - min(all_of_it) if ours else None


def _dates(articles: Iterable[Outcome]) -> list[timedelta]:
    """When they were published, from a fixed moment."""
    dates = (each.labelled.article.published for each in articles)
    return [date - date.min.replace(tzinfo=date.tzinfo) for date in dates if date is not None]


def _least(told: Sequence[Told]) -> float:
    """The lower bound of the utility: the events are drawn anew so many times (the bootstrap of B. Efron, 1979)."""
    chance = Random(0)  # noqa: S311  # a fixed seed: the same file has the same bound
    values = [VALUE * good - vain for good, vain, _ in told]
    drawn = sorted(sum(chance.choices(values, k=len(values))) for _ in range(RESAMPLED if any(values) else 1))
    return drawn[int(DOUBT * len(drawn))] if drawn else 0.0
