"""The one reader of dates: a text is explained whole, or it is no date."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds import dates

# What is written, and the moment it means, in UTC. Without a zone: Paris.
READ = {
    "Tue, 24 Nov 2026 10:00:00 GMT": "2026-11-24 10:00",
    "24 Nov 2026 10:00 +0100": "2026-11-24 09:00",
    "Tue, 24 Nov 2026 10:00:00": "2026-11-24 09:00",
    "Tue, 4 Aug 2026 10:00": "2026-08-04 08:00",
    "Tuesday, 24-Nov-26 10:00:00 UTC": "2026-11-24 10:00",
    "Tue Nov 24 10:00:00 CET 2026": "2026-11-24 09:00",
    "Tue, 24 Nov 2026 10:00:00 CEST": "2026-11-24 08:00",
    "Tue, 24 Nov 2026 10:00:00 EST": "2026-11-24 15:00",
    "Tue, 24 Nov 2026 10:00:00 Europe/Paris": "2026-11-24 09:00",
    "Sat, 4 Jul 2026 10:00:00 europe/brussels": "2026-07-04 08:00",
    "2026-11-24 10:00 UTC+2": "2026-11-24 08:00",
    "Tue, 24 Nov 2026 10:00:00 GMT-05:00": "2026-11-24 15:00",
    "Tue Nov 24 2026 10:00:00 GMT+0100 (heure normale d’Europe centrale)": "2026-11-24 09:00",
    "24 novembre 2026 à 10h00 (heure de Paris)": "2026-11-24 09:00",
    "2026-11-24T10:00:00Z": "2026-11-24 10:00",
    "2026-11-24T10:00:00+01:00[Europe/Paris]": "2026-11-24 09:00",
    "24/11/2026 10:00 (UTC+2)": "2026-11-24 08:00",
    "24/11/2026 10:00 (GMT -05:00)": "2026-11-24 15:00",
    "2026-11-24T10:00:00.123456789+01:00": "2026-11-24 09:00",
    "2026-11-24T10:00": "2026-11-24 09:00",
    "2026-11-24 10:00:00 +0000 UTC": "2026-11-24 10:00",
    "2026-11-24T10:00:00-05:00Z": "2026-11-24 15:00",
    "2026-11-24": "2026-11-23 23:00",
    "20261124T100000Z": "2026-11-24 10:00",
    "202611241000": "2026-11-24 09:00",
    "1796032800": "2026-11-30 10:00",
    "1796032800000": "2026-11-30 10:00",
    "2026/11/05": "2026-11-04 23:00",
    "24-11-2026": "2026-11-23 23:00",
    "24.11.26": "2026-11-23 23:00",
    "17/11/2026 14h05": "2026-11-17 13:05",
    "17/11/2026 à 14 h 05": "2026-11-17 13:05",
    "Mon, 03/30/2020 - 19:19": "2020-03-30 17:19",
    "lun 30/03/2020 - 19:19": "2020-03-30 17:19",
    "Sat, 11 04 2020 08:51:49 +0100": "2020-04-11 07:51",
    "05/06/2026": "2026-06-04 22:00",
    "05/06/2026 4:20 pm PST": "2026-05-07 00:20",
    "mer, 25 nov 2026 10:00:00 +0100": "2026-11-25 09:00",
    "ven., 03 juil. 2020 15:09:58 +0000": "2020-07-03 15:09",
    "jeu., 05 févr. 2026 08:30": "2026-02-05 07:30",
    "mar., 01 déc. 2020 16:11:02 +0000": "2020-12-01 16:11",
    "mar. 24 mars 2026": "2026-03-23 23:00",
    "Lundi, 16. Novembre 2020 - 15:54": "2020-11-16 14:54",
    "le 1er décembre 2025 à 9h": "2025-12-01 08:00",
    "Mis à jour le 14 juill. 2026": "2026-07-13 22:00",
    "Mis en ligne le mardi 14 juillet 2026": "2026-07-13 22:00",
    "2026-11-24T10:00:00[Europe/Paris]": "2026-11-24 09:00",
    "Publié le 14 juill. 2026": "2026-07-13 22:00",
    "24 AOÛT 2025 18H30": "2025-08-24 16:30",
    "samedi 14 mars 2026, 10 heures 30": "2026-03-14 09:30",
    "Aug 15, 2026": "2026-08-14 22:00",
    "November 24th, 2026 at 9:05 a.m.": "2026-11-24 08:05",
    "5 November 2025 - 09:01": "2025-11-05 08:01",
    "Do, 29 Mär 2018 00:00:00 +0200": "2018-03-28 22:00",
    "Sat, 31 Jan 2026 24:00:00 GMT": "2026-02-01 00:00",
}
NO_DATES = (
    *("", "hier", "il y a 3 heures", "2026", "novembre 2026", "24 novembre", "10:00", "aujourd’hui à 10h"),
    *("2026-02-30", "31/02/2026", "32 janvier 2026", "24 nov 2026 25:00", "24 nov 2026 10:61", "13/13/2026"),
    *("24 brumaire 2026", "Tue, 24 Nov 2026 10:00:00 XYZ", "Tue, 24 Nov 2026 10:00:00 Europe/Nowhere"),
    *("24 nov. 2026, mis à jour le 25 nov. 2026", "10 000 lecteurs", "Article 24 du 11/2026", "v2.11.2026"),
    *("0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "2026-11-24T10:00:00+99:00", "1" * 5000),
)
# May mean two days: « jui » is June or July, 4:20 pm is American or English, the year of 20-11-08 is at either end
AMBIGUOUS = ("14 jui 2026", "06/05/2026 4:20 pm", "20-11-08", "Mon, 03/02/2020 - 19:19", "24 Nov 2026 10:00 IST")


@pytest.mark.parametrize(("written", "meant"), READ.items())
def test_a_date_is_read_as_it_is_written_around_us(written: str, meant: str) -> None:
    moment = dates.moment(written)
    assert moment is not None
    assert moment.replace(second=0, microsecond=0) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize("written", NO_DATES)
def test_what_is_not_explained_whole_is_no_date(written: str) -> None:
    assert dates.read(written) is None


@pytest.mark.parametrize("written", AMBIGUOUS)
def test_what_may_mean_two_days_is_not_guessed(written: str) -> None:
    assert dates.read(written) is None


def test_what_was_supposed_is_said() -> None:
    day, hour, whole = (dates.read(text) for text in ("24/11/2026", "24/11/2026 10h", "2026-11-24T10:00Z"))
    assert day is not None
    assert hour is not None
    assert whole is not None
    assert (day.day_only, day.zoned) == (True, False)
    assert (hour.day_only, hour.zoned) == (False, False)
    assert (whole.day_only, whole.zoned) == (False, True)


def test_a_source_that_is_not_french_has_its_own_zone() -> None:
    assert dates.moment("24 Nov 2026 10:00", UTC) == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_the_first_plausible_date_wins() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    placeholder, good, ahead = datetime(1970, 1, 1, tzinfo=UTC), now - timedelta(days=1), now + timedelta(days=30)
    assert dates.first_plausible((placeholder, None, good), now) == good
    assert dates.first_plausible((ahead, good), now) == good
    assert dates.first_plausible((ahead, None), now) is None
    assert dates.first_plausible((None,), now) is None
