"""What is learnt of a source's pace and hours, and when it is worth while to look."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polling.rhythm import COST, Rhythm

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def learnt(dates, now=NOW):
    return Rhythm.unknown(now).learn(dates, now)


def every(step):
    return learnt([NOW - step * n for n in range(int(60 * DAY / step))])


def look(rhythm, now=NOW, floor=15 * MINUTE, ceiling=DAY):
    return rhythm.next_look(now, floor, ceiling)


def test_who_writes_more_is_looked_at_sooner():
    waits = [look(Rhythm((weight,) * 48, NOW), floor=MINUTE) for weight in (10, 1, 0.1, 0.01)]
    assert waits == sorted(waits)
    assert waits[0] * 4 < waits[-1]


def test_dates_of_a_first_poll_give_a_pace_at_once():
    assert every(HOUR).per_day(NOW) > 5 * Rhythm.unknown(NOW).per_day(NOW)


def test_what_is_long_past_counts_for_half_after_a_fortnight():
    fresh, stale = learnt([NOW] * 9), learnt([NOW - 14 * DAY] * 9)
    assert sum(stale.weights) == pytest.approx(sum(fresh.weights) / 2)
    assert sum(fresh.learn([], NOW + 14 * DAY).weights) == pytest.approx(sum(fresh.weights) / 2)


def test_an_entry_without_a_date_or_dated_ahead_counts_as_of_now():
    assert learnt([None, NOW + 400 * DAY]) == learnt([NOW, NOW])


def test_a_source_of_the_morning_is_looked_at_in_the_morning():
    mornings = [NOW - DAY * n for n in range(60) if (NOW - DAY * n).weekday() < 5]
    rhythm = learnt(mornings * 2)
    night, morning = NOW.replace(hour=18), NOW.replace(hour=7)
    assert look(rhythm, morning) < 2 * HOUR
    assert look(rhythm, night) > 4 * look(rhythm, morning), "it sleeps through the night"
    saturday = NOW + 4 * DAY
    assert look(rhythm, saturday) > 2 * look(rhythm, morning)


@pytest.mark.parametrize(("since", "days"), [(NOW, 1), (NOW, 7), (NOW + 5 * HOUR, 30), (NOW - 3 * HOUR, 2.5)])
def test_what_is_expected_adds_up(since, days):
    flat = Rhythm(tuple([5.0] * 24 + [2.0] * 24), since)
    assert flat.expected(since, since + DAY * days) == pytest.approx(flat.per_day(since, prior=0) * days)


def test_nothing_is_expected_of_who_is_not_known():
    assert Rhythm.unknown(NOW).expected(NOW, NOW + 900 * DAY) == 0


def test_it_is_written_and_read_again():
    rhythm = every(5 * HOUR)
    again = Rhythm.read(rhythm.write(), NOW)
    assert again.at == rhythm.at
    assert again.weights == pytest.approx(rhythm.weights, rel=0.01)


@pytest.mark.parametrize("text", [None, "", "abc", "1 2 3", " ".join(["1"] * 50), "1e999 " + " ".join(["1"] * 48)])
def test_what_cannot_be_read_is_forgotten(text):
    assert Rhythm.read(text, NOW) == Rhythm.unknown(NOW)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(st.lists(st.none() | moments, max_size=30), moments, st.timedeltas(MINUTE, 3 * DAY), st.floats(0.001, 9))
def test_the_next_look_stays_in_its_bounds_and_comes_later_where_waiting_costs_less(dates, now, floor, cost):
    rhythm = learnt(dates, now)
    ceiling = floor + DAY
    wait = rhythm.next_look(now, floor, ceiling, cost)
    assert floor <= wait <= ceiling
    assert wait <= rhythm.next_look(now, floor, ceiling, 2 * cost)


def test_the_wait_is_where_the_expected_waiting_reaches_its_cost():
    flat = Rhythm(tuple([0.5] * 24 + [0.2] * 24), NOW)
    pace = flat.per_day(NOW) / 24
    assert look(flat) / HOUR == pytest.approx((2 * COST / pace) ** 0.5)
