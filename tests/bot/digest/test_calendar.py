from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.calendar import Slot, due_slots, next_slot, wall
from storage.model import Chat, ClosedSlot
from tests.bot.digest.builders import chat

PARIS = "Europe/Paris"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # mypy can't count the parts


def daily(slot: str) -> ClosedSlot:
    return ClosedSlot("daily", slot, utc(2026, 1, 1))


def weekly(slot: str) -> ClosedSlot:
    return ClosedSlot("weekly", slot, utc(2026, 1, 1))


def due(now: datetime, *closed: ClosedSlot, reader: Chat | None = None) -> list[str]:
    return [f"{slot.lane} {slot.id}{' late' * slot.late}" for slot in due_slots(reader or chat(), closed, now)]


def test_a_digest_is_due_at_eight_in_paris_and_not_before() -> None:
    assert due(utc(2026, 11, 24, 6, 59)) == []
    assert due(utc(2026, 11, 24, 7, 0)) == ["daily 2026-11-24"]


def test_the_weekly_digest_joins_on_monday() -> None:
    assert due(utc(2026, 11, 23, 7, 0)) == ["daily 2026-11-23", "weekly 2026-11-23"]
    assert due(utc(2026, 11, 24, 7, 0), weekly("2026-11-23")) == ["daily 2026-11-24"]


def test_a_closed_slot_never_comes_again() -> None:
    assert due(utc(2026, 11, 24, 7, 1), daily("2026-11-24")) == []


def test_a_clock_set_back_a_day_sends_no_slot_twice() -> None:
    assert due(utc(2026, 11, 23, 7, 1), daily("2026-11-24"), weekly("2026-11-23")) == []


def test_a_digest_on_request_closes_no_day() -> None:
    assert due(utc(2026, 11, 24, 7, 0), daily("now-2026-11-24T06:00:00")) == ["daily 2026-11-24"]


def test_a_digest_up_to_six_hours_late_says_so() -> None:
    assert due(utc(2026, 11, 24, 7, 20)) == ["daily 2026-11-24 late"]
    assert due(utc(2026, 11, 24, 13, 0)) == ["daily 2026-11-24 late"]


def test_a_digest_later_than_six_hours_joins_the_next() -> None:
    assert due(utc(2026, 11, 24, 13, 1)) == []


def test_down_from_friday_to_monday_there_is_one_digest() -> None:
    assert due(utc(2026, 11, 23, 9, 0), daily("2026-11-20"), weekly("2026-11-16")) == [
        "daily 2026-11-23 late",
        "weekly 2026-11-23 late",
    ]


def test_a_late_evening_digest_may_still_leave_after_midnight() -> None:
    assert due(utc(2026, 11, 24, 23, 30), reader=chat(digest_at=23 * 60)) == ["daily 2026-11-24 late"]


def test_the_hour_moved_earlier_fires_at_once_and_once() -> None:
    moved = chat(digest_at=7 * 60)
    now = utc(2026, 11, 24, 6, 30)
    assert due(now, daily("2026-11-23"), reader=moved) == ["daily 2026-11-24 late"]
    assert due(now + timedelta(minutes=40), daily("2026-11-24"), reader=moved) == []


def test_the_hour_moved_later_the_same_day_sends_no_second_digest() -> None:
    assert due(utc(2026, 11, 24, 9, 0), daily("2026-11-24"), reader=chat(digest_at=10 * 60)) == []


def test_who_arrives_after_eight_gets_the_first_digest_tomorrow() -> None:
    newcomer = chat(arrived=utc(2026, 11, 24, 7, 30))
    assert due(utc(2026, 11, 24, 7, 31), reader=newcomer) == []
    assert due(utc(2026, 11, 25, 7, 0), reader=newcomer) == ["daily 2026-11-25"]


@pytest.mark.parametrize(
    ("day", "minutes", "instant"),
    [
        (date(2026, 3, 28), 8 * 60, utc(2026, 3, 28, 7)),
        (date(2026, 3, 29), 8 * 60, utc(2026, 3, 29, 6)),
        (date(2026, 3, 29), 150, utc(2026, 3, 29, 1, 30)),  # 02:30 does not exist: 03:30
        (date(2026, 10, 25), 150, utc(2026, 10, 25, 0, 30)),  # 02:30 exists twice: the first
        (date(2026, 10, 26), 8 * 60, utc(2026, 10, 26, 7)),
    ],
)
def test_both_clock_changes_keep_the_hour_on_the_wall(day: date, minutes: int, instant: datetime) -> None:
    assert wall(day, minutes, PARIS) == instant


@pytest.mark.parametrize(
    ("start", "first"),
    [(utc(2026, 3, 28, 20), "2026-03-29"), (utc(2026, 10, 24, 20), "2026-10-25")],
)
def test_a_digest_in_the_hour_that_changes_comes_exactly_once(start: datetime, first: str) -> None:
    reader, closed = chat(digest_at=150), [daily("2026-03-28"), weekly("2026-03-23")]
    sent: list[Slot] = []
    for minute in range(0, 12 * 60, 10):
        for slot in due_slots(reader, closed, start + timedelta(minutes=minute)):
            sent.append(slot)
            closed.append(ClosedSlot(slot.lane, slot.id, slot.at))
    assert [slot.id for slot in sent if slot.lane == "daily" and slot.at > start] == [first]


def test_the_next_digest_is_announced_across_the_clock_change() -> None:
    assert next_slot(chat(), "daily", utc(2026, 3, 28, 7, 0)) == utc(2026, 3, 29, 6)
    assert next_slot(chat(), "weekly", utc(2026, 11, 24, 7, 0)) == utc(2026, 11, 30, 7)


@given(
    st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), max_size=30),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from([PARIS, "UTC", "America/Cayenne", "Pacific/Noumea", "Indian/Reunion"]),
)
def test_whatever_the_clock_does_a_slot_is_sent_once_and_never_too_early(
    moments: Iterable[datetime], minutes: int, zone: str
) -> None:
    reader, closed = chat(digest_at=minutes, timezone=zone), list[ClosedSlot]()
    for now in moments:
        for slot in due_slots(reader, closed, now):
            assert slot.at <= now <= slot.at + timedelta(hours=6)
            assert all(slot.id > done.slot for done in closed if done.lane == slot.lane)
            closed.append(ClosedSlot(slot.lane, slot.id, now))
