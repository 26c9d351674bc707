"""A calendar that Outlook, Thunderbird or Google subscribe to, read back by a calendar library."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from bot.publish.ics import calendar_of
from storage.acts.model import StoredDeadline
from tests.bot.digest.test_due import DAY, deadline

NOW = datetime(2027, 1, 2, 8, tzinfo=UTC)


def events(*deadlines: StoredDeadline, now: datetime = NOW) -> list[Component]:
    made = Calendar.from_ical(calendar_of(deadlines, ["hds"], "Échéances de la veille", now))
    return list(made.walk("VEVENT"))


def test_a_day_is_a_whole_day_and_an_hour_is_of_paris() -> None:
    whole, noon = events(deadline(), deadline(DAY + timedelta(days=1), 2, time="12:00"))
    assert whole["DTSTART"].dt == DAY
    assert noon["DTSTART"].dt == datetime(2027, 1, 16, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert whole["SUMMARY"] == "Fin de la consultation\u00a0: Cloud <souverain> : la Commission consulte"
    assert "https://ec.example/118" in whole["DESCRIPTION"]
    assert "VALARM" not in calendar_of([deadline()], ["hds"], "t", NOW).decode()


def test_a_zone_is_described_only_where_an_hour_needs_it() -> None:
    assert b"VTIMEZONE" not in calendar_of([deadline()], ["hds"], "t", NOW)
    assert b"VTIMEZONE" in calendar_of([deadline(time="09:30")], ["hds"], "t", NOW)


def test_a_move_keeps_the_event_and_a_later_one_counts_more() -> None:
    (first,) = events(deadline())
    (then,) = events(deadline(date(2027, 2, 1), state="moved", old_day=DAY, changes=1))
    assert then["UID"] == first["UID"]
    assert (first["SEQUENCE"], then["SEQUENCE"]) == (0, 1)
    assert "au 15 janv. 2027." in then["DESCRIPTION"]
    (renamed,) = events(deadline(act="decret:2027-1"))
    assert renamed["UID"] == first["UID"], "its act was found to have a better name"
    (other,) = events(deadline(key="com:2026-119\nconsultation\nec"))
    assert other["UID"] != first["UID"]


def test_what_is_cancelled_is_said_for_sixty_days_and_what_is_past_for_ninety() -> None:
    gone = deadline(state="cancelled", changed_at=NOW, changes=1)
    assert [str(each["STATUS"]) for each in events(gone)] == ["CANCELLED"]
    assert events(gone, now=NOW + timedelta(days=61)) == []
    assert len(events(deadline(), now=datetime(2027, 4, 14, tzinfo=UTC))) == 1
    assert events(deadline(), now=datetime(2027, 4, 14, 22, 30, tzinfo=UTC)) == [], "in Paris, it is the 15th"


def test_one_item_with_odd_signs_neither_stops_the_calendar_nor_adds_to_it() -> None:
    odd = "a\r\nBEGIN:VALARM\x00\x1b\ud800\u202eb"
    strange = deadline(title=odd, sentence=odd, source_name="a\r\nb", url="https://a.example/\r\nBEGIN:VALARM")
    scheme = deadline(DAY + timedelta(days=1), 2, url="javascript:alert(1)")
    written = calendar_of([strange, scheme, deadline(DAY + timedelta(days=2), 3)], ["hds"], odd, NOW)
    found = Calendar.from_ical(written)
    assert len(found.walk("VEVENT")) == 3
    assert not found.walk("VALARM")
    assert "aBEGIN" not in written.decode(), "words stay apart"
    assert b"javascript" not in written
    assert len(calendar_of([deadline(title="a" * 10**6)], ["hds"], "t", NOW)) < 2_000
    assert [char for char in written.decode() if ord(char) < 32 and char not in "\r\n"] == []


def test_only_sure_days_of_the_published_lists() -> None:
    assert events(deadline(sure=False), deadline(watchlists=("other",))) == []


def test_the_same_days_are_the_same_bytes_whenever_they_are_written() -> None:
    days = [deadline(DAY + timedelta(days=number % 40), number, title=f"Avis n° {number}") for number in range(1, 1001)]
    one = calendar_of(days, ["hds"], "Échéances", NOW)
    assert one == calendar_of(list(reversed(days)), ["hds"], "Échéances", NOW + timedelta(hours=5))
    assert len(Calendar.from_ical(one).walk("VEVENT")) == 1000


def test_lines_are_folded_at_75_octets_and_cut_no_character() -> None:
    long = deadline(title="Été « hébergé » à l’étranger : " * 12, sentence="é" * 300)
    written = calendar_of([long], ["hds"], "é" * 90, NOW)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    (read,) = events(long)
    assert read["SUMMARY"].endswith(long.title.strip())
    assert "é" * 300 in read["DESCRIPTION"]


def test_hostile_words_stay_words() -> None:
    evil = deadline(title="x\r\nEND:VEVENT\r\nBEGIN:VALARM", sentence="a;b,c\\n\nATTACH:file:///etc", act="")
    (read,) = events(evil)
    assert {name for name, _ in read.property_items()} >= {"UID", "SUMMARY"}
    assert "ATTACH" not in read
    assert read["SUMMARY"].endswith("x END:VEVENT BEGIN:VALARM")


@pytest.mark.parametrize("hour", ["25:61", "12:00\r\nX:1", "midi", "é"])
def test_an_hour_that_no_clock_shows_is_a_whole_day_and_stops_nothing(hour: str) -> None:
    odd, good = events(deadline(time=hour, title="x" * 100_000), deadline(DAY + timedelta(days=1), 2))
    assert odd["DTSTART"].dt == DAY
    assert len(odd["SUMMARY"]) < 600
    assert good["DTSTART"].dt == DAY + timedelta(days=1)
