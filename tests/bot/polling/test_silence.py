"""A source that is silent against its own habit, in the days on which it is open."""

from datetime import date, timedelta

import pytest

from bot.digest.calendar import holidays
from bot.polling.silence import Silence, silence

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
