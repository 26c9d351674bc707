"""The silence alarm on made-up sources: how often it rings for one that lives, and how late for one that has died.

python -m benchmarks.silence [SEEDS]
"""

import random
import statistics
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from bot.digest.calendar import holidays
from bot.polling.silence import Silence, silence

DAY = timedelta(days=1)
HISTORY, QUARTER = 180, 90  # days read before the alarm is looked at, and days looked at
FIRST = date(2024, 1, 1)
OFF = frozenset(day for year in range(2023, 2027) for day in holidays(year, "fr"))
RATES = (0.2, 0.6, 3.0, 12.0)  # articles a day
LULL = 0.25  # of its rate, in August
BURST = 5  # articles that come together

Rule = Callable[[Sequence[date], date, Collection[date]], Silence | None]


# --- made-up sources -----------------------------------------------------------------------------------------------
def every_day(rate: float, chance: random.Random, days: Sequence[date]) -> list[int]:
    return [_poisson(rate, chance) for _ in days]


def on_weekdays(rate: float, chance: random.Random, days: Sequence[date]) -> list[int]:
    """As much a week, nothing on Saturdays, Sundays and holidays."""
    return [0 if day.weekday() > 4 or day in OFF else _poisson(rate * 7 / 5, chance) for day in days]


def in_bursts(rate: float, chance: random.Random, days: Sequence[date]) -> list[int]:
    """Several at once, or on the days after."""
    counts = [0] * (len(days) + 3)
    for place in range(len(days)):
        for _ in range(_poisson(rate / BURST, chance)):
            for _ in range(BURST):
                counts[place + chance.choice((0, 0, 0, 1, 2))] += 1
    return counts[: len(days)]


def regularly(rate: float, chance: random.Random, days: Sequence[date]) -> list[int]:
    """At even distances, give or take a tenth."""
    counts, at = [0] * len(days), chance.random() / rate
    while at < len(days):
        counts[int(at)] += 1
        at += (0.9 + 0.2 * chance.random()) / rate
    return counts


def but_in_august(rate: float, chance: random.Random, days: Sequence[date]) -> list[int]:
    """Every day, a quarter of it in August."""
    return [_poisson(rate * (LULL if day.month == 8 else 1), chance) for day in days]


Pattern = Callable[[float, random.Random, Sequence[date]], list[int]]
PATTERNS: tuple[Pattern, ...] = (every_day, on_weekdays, in_bursts, regularly, but_in_august)
CADENCES = tuple((pattern, rate) for pattern in PATTERNS for rate in RATES)


def articles(pattern: Pattern, rate: float, seed: int) -> tuple[date, list[date]]:
    """The first day of a quarter of some year, and the day of each article up to its end."""
    chance = random.Random(f"{pattern.__name__} {rate} {seed}")
    start = FIRST + chance.randrange(2 * 365) * DAY
    days = [start + number * DAY for number in range(-HISTORY, QUARTER)]
    counts = pattern(rate, chance, days)
    return start, [day for day, count in zip(days, counts, strict=True) for _ in range(count)]


def _poisson(rate: float, chance: random.Random) -> int:
    """Arrivals at that rate, counted over one day."""
    count, at = 0, chance.expovariate(rate)
    while at < 1:
        count += 1
        at += chance.expovariate(rate)
    return count


# --- rules ---------------------------------------------------------------------------------------------------------
def fixed(length: int) -> Rule:
    """So many days without an article, whatever the source."""

    def rule(read: Sequence[date], today: date, _: Collection[date]) -> Silence | None:
        quiet = (today - read[-1]).days - 1
        return Silence(read[-1], quiet, length) if quiet > length else None

    return rule


def without_calendar(read: Sequence[date], today: date, _: Collection[date]) -> Silence | None:
    """Twice the 90th percentile of its gaps, every day being open."""
    days = sorted(set(read))[-60:]
    if len(days) < 9:
        return None
    gaps = sorted((later - sooner).days for sooner, later in pairwise(days))
    usual = gaps[ceil(0.9 * len(gaps)) - 1]
    quiet = (today - days[-1]).days - 1
    return Silence(days[-1], quiet, usual) if quiet > 2 * usual else None


RULES: dict[str, Rule] = {
    "2 days": fixed(2),
    "7 days": fixed(7),
    "14 days": fixed(14),
    "2 x p90, no calendar": without_calendar,
    "2 x p90, open days (ours)": silence,
}


# --- measures ------------------------------------------------------------------------------------------------------
def false_alarms(rule: Rule, pattern: Pattern, rate: float, seed: int) -> int:
    """How often it rings in a quarter, once a silence, for a source that lives."""
    start, read = articles(pattern, rate, seed)
    rung: set[date] = set()
    for today, known in _mornings(start, read, QUARTER):
        found = rule(known, today, OFF)
        if found is not None:
            rung.add(found.last)
    return len(rung)


def delay(rule: Rule, pattern: Pattern, rate: float, seed: int) -> tuple[int, int, int] | None:
    """A source that says no more after its history: how many days pass till it rings, how many of them it was open, and
    the 90th percentile of its gaps, as the rule counts them; None where it never rings."""
    start, read = articles(pattern, rate, seed)
    alive = [day for day in read if day < start]
    for number in range(1, 2 * HISTORY):
        found = rule(alive, alive[-1] + number * DAY, OFF)
        if found is not None:
            return number, found.days, found.usual
    return None


def _mornings(start: date, read: Sequence[date], count: int) -> Iterator[tuple[date, Sequence[date]]]:
    """Each day with what was read before it."""
    place = 0
    for today in (start + number * DAY for number in range(count)):
        while place < len(read) and read[place] < today:
            place += 1
        yield today, read[:place]


@dataclass(frozen=True, slots=True)
class Figures:
    """False alarms per source and quarter: `mean` over all cadences, `worst` of one, which is `where`. Of the sources
    that died: the share told `within` three times their p90 gap, the `slowest` in p90 gaps, how many were `missed`."""

    mean: float
    worst: float
    where: str
    within: float
    slowest: float
    missed: int


def measured(rule: Rule, seeds: range) -> Figures:
    """Every cadence with each of these seeds."""
    alarms = {
        f"{pattern.__name__} {rate:g}/day": statistics.mean(false_alarms(rule, pattern, rate, seed) for seed in seeds)
        for pattern, rate in CADENCES
    }
    told = [delay(rule, pattern, rate, seed) for pattern, rate in CADENCES for seed in seeds]
    ratios = [opened / usual for _, opened, usual in filter(None, told)]
    where = max(alarms, key=lambda name: alarms[name])
    within = sum(ratio <= 3 for ratio in ratios) / len(told)
    return Figures(statistics.mean(alarms.values()), alarms[where], where, within, max(ratios), len(told) - len(ratios))


def main(seeds: int) -> None:
    print(f"{len(CADENCES)} cadences, {seeds} seeds, {QUARTER} days; a source that dies: days till told, median")
    print(f"{'rule':27} {'mean':>6} {'worst':>6}  {'on':24} {'<= 3 p90':>8} {'slowest':>8}  3/day  0.6/day")
    for name, rule in RULES.items():
        found = measured(rule, range(seeds))
        speed = [_median(rule, rate, seeds) for rate in (3.0, 0.6)]
        ours = (f"{found.within:8.1%}", f"{found.slowest:6.1f}x") if rule in (silence, without_calendar) else ("", "")
        print(
            f"{name:27} {found.mean:6.2f} {found.worst:6.2f}  {found.where:24} {ours[0]:>8} {ours[1]:>8}"
            f" {speed[0]:6.0f} {speed[1]:8.0f}"
        )
        if found.missed:
            print(f"{'':27} {found.missed} dead sources never told")


def _median(rule: Rule, rate: float, seeds: int) -> float:
    told = (delay(rule, pattern, rate, seed) for pattern in PATTERNS for seed in range(seeds))
    return statistics.median(days for days, _, _ in filter(None, told))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
