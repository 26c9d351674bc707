"""A source that is silent against its own habit, in the days on which it is open."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from benchmarks.silence import fixed, measured
from bot.digest.calendar import holidays
from bot.polling.silence import Silence, histories, silence

DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)  # a Wednesday
OFF = holidays(2026, "fr")


def days(*, until, count=120, on=range(7), step=1, off=()):
    """The days with an article, back from `until`: those of the week in `on`, every `step` of them."""
    back = (until - n * DAY for n in range(count))
    return [day for day in back if day.weekday() in on and day not in off][::step]


def test_a_daily_source_may_miss_two_days():
    assert silence(days(until=TODAY - 3 * DAY), TODAY, OFF) is None
    last = TODAY - 4 * DAY
    assert silence(days(until=last), TODAY, OFF) == Silence(last, 3, 1)


@pytest.mark.parametrize("seed", range(60))
def test_the_last_months_of_a_source_say_what_its_whole_past_says(seed):
    """Whatever its pace, its week, its bursts and its pauses."""
    chance = random.Random(seed)
    pace, week = chance.choice([0.2, 0.6, 1.0]), chance.sample(range(7), chance.randint(1, 7))
    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    at = [
        now - timedelta(hours=hours)
        for hours in range(24 * chance.randint(2, 9), 24 * 360)
        if chance.random() < pace / 8
    ]
    hours = Counter(each.replace(minute=0) for each in at if each.weekday() in week)

    def appeared(since, sources):
        return {each: {hour: number for hour, number in hours.items() if hour > since} for each in sources}

    (recent,) = histories(appeared, ["a"], now, UTC).values()
    whole = [hour.date() for hour, number in hours.items() for _ in range(number)]
    assert silence(recent, TODAY, OFF) == silence(whole, TODAY, OFF)
    assert pace < 1 or len(week) < 5 or len(recent) < len(whole) / 2, "and few are read"


def test_today_is_not_over():
    assert silence(days(until=TODAY - 3 * DAY), TODAY, ()) is None


def test_a_source_of_week_days_is_not_silent_on_sunday():
    friday = date(2026, 11, 20)
    week = range(5)
    assert silence(days(until=friday, on=week), date(2026, 11, 23), OFF) is None, "a Monday"
    assert silence(days(until=friday, on=week), date(2026, 11, 25), OFF) is None
    assert silence(days(until=friday, on=week), date(2026, 11, 26), OFF) == Silence(friday, 3, 1)


def test_holidays_are_closed_to_who_keeps_them():
    eve, week = date(2026, 4, 30), range(5)  # the first of May is a Friday
    today = date(2026, 5, 6)
    keeps = days(until=eve, on=week, off=OFF)
    works = days(until=eve, on=week)
    assert silence(keeps, today, OFF) is None
    assert silence(works, today, OFF) == Silence(eve, 3, 1)


def test_a_source_of_every_third_day_is_given_its_time():
    last = TODAY - 6 * DAY
    assert silence(days(until=last, step=3), TODAY, ()) is None
    last = TODAY - 8 * DAY
    assert silence(days(until=last, step=3), TODAY, ()) == Silence(last, 7, 3)


def test_of_a_source_with_few_days_nothing_is_known():
    assert silence(days(until=TODAY - 60 * DAY, count=8), TODAY, OFF) is None
    assert silence([], TODAY, OFF) is None


def test_many_articles_of_one_day_are_one_day():
    assert silence([TODAY - 90 * DAY] * 50, TODAY, OFF) is None


def test_what_is_older_than_half_a_year_is_forgotten():
    assert silence(days(until=TODAY - 200 * DAY), TODAY, OFF) is None


@pytest.mark.parametrize("ahead", [1, 400])
def test_an_article_dated_ahead_does_not_end_a_silence(ahead):
    last = TODAY - 4 * DAY
    assert silence([*days(until=last), TODAY + ahead * DAY], TODAY, ()) == Silence(last, 3, 1)


def test_a_source_that_comes_in_bursts_may_be_as_quiet_as_it_has_been():
    bursts = [TODAY - n * DAY for start in range(20, 170, 10) for n in range(start, start + 4)]
    gap = [day for day in bursts if day >= TODAY - 60 * DAY or day <= TODAY - 80 * DAY]
    found = silence(bursts, TODAY, ())
    assert (found.days, found.usual) == (19, 7)
    assert silence(gap, TODAY, ()) is None, "it was longer once, and lives"


def test_a_silence_that_goes_on_does_not_become_a_habit():
    last = TODAY - 150 * DAY
    told = {silence(days(until=last), today, OFF).usual for today in (last + 9 * DAY, TODAY, last + 180 * DAY)}
    assert told == {1}


def test_who_says_that_it_is_normal_hears_of_it_twice_as_late():
    read = days(until=TODAY - 5 * DAY)
    assert silence(read, TODAY, OFF) is not None
    assert silence(read, TODAY, OFF, 2) is None
    assert silence(read, TODAY + DAY, OFF, 2) is not None


def test_it_is_calm_on_made_up_sources_and_misses_none_that_dies():
    found = measured(silence, range(1))
    assert found.mean <= 0.2
    assert found.slowest <= 3
    assert found.missed <= 1, "but for one that had no habit yet"
    assert measured(fixed(7), range(1)).mean > 4 * found.mean
