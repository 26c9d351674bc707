from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.calendar import DueDigest, due_slots, easter, holidays, hour_of, is_on, loudness, next_slot, wall
from storage.chats.model import Chat, ClosedSlot, Loudness
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
    sent: list[DueDigest] = []
    for minute in range(0, 12 * 60, 10):
        for slot in due_slots(reader, closed, start + timedelta(minutes=minute)):
            sent.append(slot)
            closed.append(ClosedSlot(slot.lane, slot.id, slot.at))
    assert [slot.id for slot in sent if slot.lane == "daily" and slot.at > start] == [first]


def test_the_next_digest_is_announced_across_the_clock_change() -> None:
    assert next_slot(chat(), "daily", utc(2026, 3, 28, 7, 0)) == utc(2026, 3, 29, 6)
    assert next_slot(chat(), "weekly", utc(2026, 11, 24, 7, 0)) == utc(2026, 11, 30, 7)


# --- days ----------------------------------------------------------------------------------------------------------
OPEN = chat(days="open")


def slots_of(reader: Chat, start: datetime, days: int) -> list[str]:
    """The daily and weekly digests of some days, asked for every half hour, in the reader's zone."""
    closed, sent = list[ClosedSlot](), list[str]()
    for half in range(days * 48):
        now = start + timedelta(minutes=30 * half)
        for slot in due_slots(reader, closed, now):
            closed.append(ClosedSlot(slot.lane, slot.id, now))
            local = now.astimezone(ZoneInfo(reader.timezone))
            sent.append(f"{slot.lane[0]}{slot.id[5:]} {local:%d %H:%M}")
    return sent


def test_on_14_july_the_digest_comes_as_usual() -> None:
    assert slots_of(chat(), utc(2026, 7, 13, 16), 3)[:2] == ["d07-14 14 08:00", "d07-15 15 08:00"]


def test_with_working_days_15_july_covers_both() -> None:
    assert slots_of(OPEN, utc(2026, 7, 13, 13), 3) == ["d07-15 15 08:00", "d07-16 16 08:00"]


def test_easter_sunday_and_the_clock_change_on_one_day() -> None:
    assert slots_of(OPEN, utc(2027, 3, 26, 16), 5) == ["d03-30 30 08:00", "w03-29 30 08:00", "d03-31 31 08:00"]
    assert [each for each in slots_of(chat(), utc(2027, 3, 27, 16), 3) if each.startswith("d")] == [
        "d03-28 28 08:00", "d03-29 29 08:00", "d03-30 30 08:00",
    ]  # fmt: skip


@pytest.mark.parametrize("start", [utc(2026, 3, 28, 16), utc(2026, 10, 24, 16)])
def test_over_both_clock_changes_there_is_one_digest_at_eight(start: datetime) -> None:
    (only,) = [each for each in slots_of(chat(), start, 1) if each.startswith("d")]
    assert only.endswith("08:00")


@pytest.mark.parametrize("day", [date(2026, 8, 15), date(2026, 11, 1)])
def test_a_holiday_on_a_weekend_is_off_once(day: date) -> None:
    monday = day + timedelta(days=7 - day.weekday())
    assert not is_on(OPEN, day)
    assert is_on(OPEN, monday)


def test_ascension_may_fall_on_8_may() -> None:
    assert date(2059, 5, 8) - easter(2059) == timedelta(days=39)
    assert not is_on(OPEN, date(2059, 5, 8))
    assert is_on(OPEN, date(2059, 5, 9)), "the Friday after Ascension is worked"
    assert len(holidays(2059, "fr")) == 10


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25)),
     (1961, date(1961, 4, 2)), (2285, date(2285, 3, 22))],
)  # fmt: skip
def test_easter_is_computed(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_there_are_eleven_public_holidays() -> None:
    assert sorted(f"{day:%m-%d}" for day in holidays(2026, "fr")) == [
        "01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25",
    ]  # fmt: skip


def test_alsace_and_moselle_have_two_more_and_one_may_have_none() -> None:
    assert sorted(holidays(2026, "alsace") - holidays(2026, "fr")) == [date(2026, 4, 3), date(2026, 12, 26)]
    assert is_on(chat(days="open", holidays="none"), date(2026, 7, 14))
    assert not is_on(chat(days="open", holidays="none"), date(2026, 7, 18)), "a Saturday"


def test_chosen_days_hold_whatever_the_holiday() -> None:
    reader = chat(days="24")
    assert slots_of(reader, utc(2026, 7, 13, 16), 7) == ["d07-14 14 08:00", "w07-13 14 08:00", "d07-16 16 08:00"]


def test_the_next_digest_skips_days_off() -> None:
    assert next_slot(OPEN, "daily", utc(2026, 7, 13, 7)) == utc(2026, 7, 15, 6)
    assert next_slot(OPEN, "weekly", utc(2027, 3, 27)) == utc(2027, 3, 30, 6)


def test_a_zone_changed_at_noon_sends_no_day_twice() -> None:
    closed = (daily("2026-11-24"), weekly("2026-11-23"))
    moved = chat(timezone="America/Martinique")  # there it is 08:00 again at 12:00 UTC
    assert due(utc(2026, 11, 24, 12, 1), *closed, reader=moved) == []
    assert due(utc(2026, 11, 25, 12, 1), *closed, reader=moved) == ["daily 2026-11-25"]


# --- quiet hours ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "end", "quiet"),
    [
        (20 * 60, 8 * 60, ["00:00", "07:59", "20:00", "23:59"]),
        (0, 0, []),
        (9 * 60, 9 * 60, []),
        (0, 24 * 60, ["00:00", "07:59", "08:00", "12:00", "19:59", "20:00", "23:59"]),
        (12 * 60, 20 * 60, ["12:00", "19:59"]),
    ],
)
def test_quiet_hours_over_midnight_empty_and_all_day(start: int, end: int, quiet: list[str]) -> None:
    reader = chat(quiet_from=start, quiet_to=end)
    asked = ("00:00", "07:59", "08:00", "12:00", "19:59", "20:00", "23:59")
    moments = {said: wall(date(2026, 11, 24), int(said[:2]) * 60 + int(said[3:]), PARIS) for said in asked}
    assert [said for said, now in moments.items() if loudness(reader, now) != "sound"] == quiet


@pytest.mark.parametrize("choice", ["silent", "sound", "wait"])
def test_a_reader_chooses_what_a_flash_does_in_quiet_hours_and_on_days_off(choice: Loudness) -> None:
    reader = chat(quiet_from=20 * 60, quiet_to=8 * 60, quiet_flash=choice, days="open")
    assert loudness(reader, utc(2026, 11, 24, 20)) == choice
    assert loudness(reader, utc(2026, 11, 22, 12)) == choice, "a Sunday"
    assert loudness(reader, utc(2026, 11, 24, 12)) == "sound"


def test_quiet_hours_follow_the_wall_over_both_clock_changes() -> None:
    reader = chat(quiet_from=20 * 60, quiet_to=8 * 60)
    for end in (utc(2026, 3, 29, 6), utc(2026, 10, 25, 7)):
        assert loudness(reader, end - timedelta(minutes=1)) == "silent"
        assert loudness(reader, end) == "sound"


@pytest.mark.parametrize(
    ("digest", "start", "end", "hour"),
    [(420, 1200, 480, 480), (480, 1200, 480, 480), (1260, 1200, 480, 480), (480, 0, 1440, 480), (480, 0, 0, 480)],
)
def test_a_digest_within_quiet_hours_waits_for_their_end(digest: int, start: int, end: int, hour: int) -> None:
    assert hour_of(chat(digest_at=digest, quiet_from=start, quiet_to=end)) == hour


@given(
    st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), max_size=30),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from([PARIS, "UTC", "America/Cayenne", "Pacific/Noumea", "Indian/Reunion"]),
    st.sampled_from(["all", "open", "1", "67", "135"]),
)
def test_whatever_the_clock_does_a_slot_is_sent_once_and_never_too_early(
    moments: Iterable[datetime], minutes: int, zone: str, days: str
) -> None:
    reader, closed = chat(digest_at=minutes, timezone=zone, days=days), list[ClosedSlot]()
    for now in moments:
        for slot in due_slots(reader, closed, now):
            assert slot.at <= now <= slot.at + timedelta(hours=6)
            assert all(slot.id > done.slot for done in closed if done.lane == slot.lane)
            closed.append(ClosedSlot(slot.lane, slot.id, now))
