"""Has a source gone quiet against its own habit? Counted in the days on which it is open. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from math import ceil

from storage.ids import FeedId

WINDOW = 180  # days looked at
MOST_DAYS, FEWEST_DAYS = 60, 9  # with an article: those looked at, and below which nothing is known
CLOSED = 0.15  # of an average day's share: a day of the week with less is one on which it is closed
BEYOND, AT_MOST = 2, 3  # times the 90th percentile of its own gaps, as its longest gap was
_DAY = timedelta(days=1)
RECENT = timedelta(days=100)  # in which a source of week days has as many days with an article as are looked at

Appeared = Callable[[datetime, Sequence[FeedId]], Mapping[FeedId, Mapping[datetime, int]]]
"""How many articles of these sources appeared in each hour after a moment."""


@dataclass(frozen=True, slots=True)
class Silence:
    """`days` open days without an article since `last`; nine gaps out of ten were `usual` at most."""

    last: date
    days: int
    usual: int


def silence(articles: Iterable[date], today: date, holidays: Collection[date], patience: int = 1) -> Silence | None:
    """The silence of a source that is longer than twice its habit, None if it is not; one per article in `articles`.

    Its habit is that of the 180 days before its last article: a silence that goes on changes nothing in it, and is
    forgotten after as long.
    `patience`: longer than so many times that.
    """
    known = sorted(day for day in articles if day <= today)
    if not known or known[-1] < today - WINDOW * _DAY:
        return None
    recent = [day for day in known if day >= known[-1] - WINDOW * _DAY]
    days = sorted(set(recent))[-MOST_DAYS:]
    if len(days) < FEWEST_DAYS:
        return None
    closed = _closed([day for day in recent if day >= days[0]], days, holidays)
    gaps = sorted(_open_days(before, after, closed, holidays) for before, after in pairwise(days))
    usual = max(1, gaps[ceil(0.9 * len(gaps)) - 1])
    # Bursts have many short gaps, which hide the long ones from a percentile
    longest = gaps[-1] + gaps[-1] // 4
    borne = max(BEYOND * usual, min(longest, AT_MOST * usual - 1))
    quiet = _open_days(days[-1], today - _DAY, closed, holidays)  # today is not over
    return Silence(days[-1], quiet, usual) if quiet > patience * borne else None


def histories(appeared: Appeared, sources: Sequence[FeedId], now: datetime, zone: tzinfo) -> dict[FeedId, list[date]]:
    """The days of each source's articles that `silence` wants: of its last months, where it has brought something on
    more days than are looked at, so that a source of many articles is no dearer by its age; else of all."""
    short = _days(appeared(now - RECENT, sources), zone)
    rest = [each for each in sources if len(set(short.get(each, ()))) <= MOST_DAYS]
    return short | _days(appeared(now - 2 * WINDOW * _DAY, rest), zone)


def _days(hours: Mapping[FeedId, Mapping[datetime, int]], zone: tzinfo) -> dict[FeedId, list[date]]:
    return {
        source: [day for hour, number in counted.items() for day in (hour.astimezone(zone).date(),) * number]
        for source, counted in hours.items()
    }


@dataclass(frozen=True, slots=True)
class _Closed:
    week: frozenset[int]
    holidays: bool

    def on(self, day: date, holidays: Collection[date]) -> bool:
        return day.weekday() in self.week or (self.holidays and day in holidays)


def _closed(articles: list[date], days: list[date], holidays: Collection[date]) -> _Closed:
    counted = Counter(day.weekday() for day in articles)
    average = len(articles) / 7
    week = frozenset(number for number in range(7) if counted[number] < CLOSED * average)
    length = (days[-1] - days[0]).days + 1
    span = {days[0] + number * _DAY for number in range(length)}
    off = [day for day in holidays if day in span and day.weekday() not in week]
    kept = sum(day in off for day in articles)
    return _Closed(week, not off or kept < CLOSED * len(off) * len(articles) / length)


def _open_days(after: date, until: date, closed: _Closed, holidays: Collection[date]) -> int:
    """From the day after `after` to `until`, both ends of which count if open."""
    return sum(not closed.on(after + number * _DAY, holidays) for number in range(1, (until - after).days + 1))
