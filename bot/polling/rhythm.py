"""How often a source writes and at what hours, learnt from the dates of its entries; and when to look next. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log, sqrt

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HALF_LIFE = 14 * DAY
LIFE = 14 / log(2)  # days: what an entry weighs in all while it fades
PRIOR, PRIOR_DAYS = 0.5, 15.0  # a source nobody knows yet: half an entry in fifteen days
SHRINK = 6.0  # entries' worth of a flat profile
COST = 0.011
"""Entry-hours of expected waiting that make a look worth while: the one knob. With it the sources of
benchmarks/polling.py are looked at 12 times a day, half of what every hour would be."""

_WEEKDAY, _BINS = 24, 48  # 24 hours of week days, then 24 of week-ends, in UTC: smoothing covers the summer hour
_SHARE = tuple([5 / 168] * _WEEKDAY + [2 / 168] * _WEEKDAY)  # of a week, that each bin is
_LONGEST_WALK = 8 * DAY


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Entries seen, fading by half in 14 days, by hour: `weights` are 48 numbers as they stood at `at`."""

    weights: tuple[float, ...]
    at: datetime

    @classmethod
    def unknown(cls, now: datetime) -> "Rhythm":
        return cls((0.0,) * _BINS, now)

    @classmethod
    def read(cls, text: str | None, now: datetime) -> "Rhythm":
        """From `write`'s text; an unreadable one is forgotten."""
        try:
            at, *weights = [float(part) for part in (text or "").split()]
            if len(weights) == _BINS:
                return cls(tuple(weights), datetime.fromtimestamp(at, UTC))
        except (ValueError, OverflowError, OSError):
            pass
        return cls.unknown(now)

    def write(self) -> str:
        return " ".join((f"{self.at.timestamp():.0f}", *(f"{weight:.3g}" for weight in self.weights)))

    def learn(self, dates: Iterable[datetime | None], now: datetime) -> "Rhythm":
        """With new entries of these dates; one without a date, or dated ahead, counts as of `now`."""
        weights = [weight * _fade(now - self.at) for weight in self.weights]
        for date in dates:
            moment = now if date is None or date > now else date
            weights[_bin(moment)] += _fade(now - moment)
        return Rhythm(tuple(weights), now)

    def per_day(self, now: datetime, prior: float = PRIOR) -> float:
        return (sum(self.weights) * _fade(now - self.at) + prior) / (LIFE + PRIOR_DAYS)

    def expected(self, since: datetime, until: datetime) -> float:
        """How many entries its pace of `since` would have brought until then; what is only guessed brings none."""
        weeks, rest = divmod(until - since, 7 * DAY)
        hourly = self._hourly(since, prior=0.0)
        walked = sum(hourly[each] * hours for each, hours in _pieces(since, rest))
        return walked + weeks * 7 * self.per_day(since, prior=0.0)

    def next_look(self, now: datetime, floor: timedelta, ceiling: timedelta, cost: float = COST) -> timedelta:
        """How long until what is expected has waited `cost` entry-hours in all, within [floor, ceiling]."""
        hourly = self._hourly(now)
        waited = count = passed = 0.0  # entry-hours so far, entries so far, hours so far
        for each, hours in _pieces(now, min(ceiling, _LONGEST_WALK)):
            pace = hourly[each]
            after = waited + count * hours + pace * hours * hours / 2
            if after >= cost:
                missing = cost - waited
                enough = 2 * missing / (count + sqrt(count * count + 2 * pace * missing))
                return max(floor, min((passed + enough) * HOUR, ceiling))
            waited, count, passed = after, count + pace * hours, passed + hours
        return max(floor, ceiling)

    def _hourly(self, now: datetime, prior: float = PRIOR) -> tuple[float, ...]:
        """Entries per hour in each bin: a smoothed profile, pulled towards flat where little is known."""
        total = sum(self.weights)
        pace = self.per_day(now, prior) / 24
        smooth = _smoothed(self.weights[:_WEEKDAY]) + _smoothed(self.weights[_WEEKDAY:])
        shares = ((weight + SHRINK * share) / (total + SHRINK) for weight, share in zip(smooth, _SHARE, strict=True))
        return tuple(pace * mine / share for mine, share in zip(shares, _SHARE, strict=True))


def _fade(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta()) / HALF_LIFE))


def _bin(moment: datetime) -> int:
    return moment.hour + (_WEEKDAY if moment.weekday() >= 5 else 0)


def _smoothed(day: tuple[float, ...]) -> list[float]:
    return [(day[hour - 1] + 2 * day[hour] + day[(hour + 1) % _WEEKDAY]) / 4 for hour in range(_WEEKDAY)]


def _pieces(start: datetime, length: timedelta) -> Iterator[tuple[int, float]]:
    """The time from `start` on, cut at each full hour: the bin of each piece, and its length in hours."""
    hour = int(start.timestamp()) // 3600
    left = length / HOUR
    piece = hour + 1 - start.timestamp() / 3600
    while left > 0:
        week_end = (hour // 24 + 3) % 7 >= 5  # the first of January 1970 was a Thursday
        yield hour % 24 + (_WEEKDAY if week_end else 0), min(piece, left)
        left, hour, piece = left - piece, hour + 1, 1.0
