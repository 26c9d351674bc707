"""Reads the moments that people name: « hier », « lundi », « le 1er octobre », « 3 days ago ». Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.search import plain
from storage.changes.model import Span

_ONE = timedelta(days=1)
_LONGEST = 60  # code points
_OLDEST = 1990

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"),
         ("vendredi", "friday"), ("samedi", "saturday"), ("dimanche", "sunday"))
    )
    for name in names
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv", "jan", "january"), ("fevrier", "fevr", "fev", "february", "feb"),
            ("mars", "march", "mar"), ("avril", "avr", "april", "apr"), ("mai", "may"), ("juin", "june", "jun"),
            ("juillet", "juil", "july", "jul"), ("aout", "august", "aug"), ("septembre", "sept", "september", "sep"),
            ("octobre", "oct", "october"), ("novembre", "nov", "november"), ("decembre", "dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_AGO = {
    "jour": 1, "jours": 1, "j": 1, "day": 1, "days": 1, "d": 1, "semaine": 7, "semaines": 7, "s": 7, "week": 7,
    "weeks": 7, "w": 7, "an": 365, "ans": 365, "annee": 365, "annees": 365, "a": 365, "year": 365, "years": 365,
    "y": 365,
}  # fmt: skip
_MONTHS_AGO = ("mois", "month", "months", "m")
_HOURS_AGO = ("heure", "heures", "h", "hour", "hours")

_BEFORE = re.compile(
    r"^(?:(?:depuis|since|from|il y a|les|last|the|le|la|l|on|du|de|a partir du|a partir de|debut|past)\b[ ']*)+"
)
_HOUR = re.compile(r"[ ,t]+(?:a |at )?([01]?\d|2[0-3]) ?(?:h|:) ?([0-5]\d)?(?::[0-5]\d)?$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d\d))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? (?:of )?([a-z]{3,9})\.?,? ?(\d{4})?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})?")
_MONTH = re.compile(r"([a-z]{3,9})\.? ?(\d{4})?")
_NUMBERED = re.compile(r"(\d{1,4}|un|une|deux|trois|quatre|cinq|six|dix|a|one|two|three|four|five|ten) ?([a-z]+)")
_WORDS = {
    "un": 1, "une": 1, "a": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4,
    "cinq": 5, "five": 5, "six": 6, "dix": 10, "ten": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnreadSpan:
    """Words that name no moment."""

    words: str


@dataclass(frozen=True, slots=True)
class FutureSpan:
    """A span that begins in the future; at `start`."""

    start: datetime


@dataclass(frozen=True, slots=True)
class ReversedSpan:
    """A span that ends before it begins, or as it does."""

    start: datetime
    end: datetime


NoSpan = UnreadSpan | FutureSpan | ReversedSpan


_BOTH = re.compile(
    r"(?:(?:du\s+)?(?P<du>.+?)\s+(?:au|jusqu['’]au)|(?:de\s+|d['’])(?P<de>.+?)\s+à|entre\s+(?P<entre>.+?)\s+et|"
    r"(?:from\s+)?(?P<from>.+?)\s+(?:to|until)|between\s+(?P<between>.+?)\s+and)\s+(?P<end>.+)",
    re.IGNORECASE,
)
_NOT_YET = timedelta(days=40)  # an end that will have come by then is one that has not come yet
_FIRST = re.compile(r"\d{1,2}|1er|premier", re.IGNORECASE)


def span_of(words: str, now: datetime, zone: str) -> Span | NoSpan:
    """The span that these words name by both its ends, « du 26 au 30 mars », or by the one that begins it."""
    words = " ".join(words.split())  # three parts of the pattern would share a run of blanks
    found = _BOTH.fullmatch(words)
    if found is None:
        return span_between(words, "", now, zone)
    *starts, end = found.groups()
    start = next(filter(None, starts))
    if _FIRST.fullmatch(start):  # what follows the day stands once, behind the second
        start = f"{start} {end.partition(' ')[2]}".strip()
    found_span = span_between(start, end, now, zone)
    if isinstance(found_span, ReversedSpan) and (_end(end, now + _NOT_YET, zone) or now) > now:
        return span_between(start, "", now, zone)  # « du 20 au 30 » on the 24th
    return found_span


def end_told(end: datetime, zone: str) -> datetime:
    """The end of a span as people say it: one that stands at midnight is of the day before, to the minute."""
    local = end.astimezone(ZoneInfo(zone))
    return end - timedelta(minutes=1) if local.time() == time() else end


def span_between(start: str, end: str, now: datetime, zone: str) -> Span | NoSpan:
    """The span between two moments in words; an `end` of "" is `now`.

    A day that ends it is in it, as people say « du 1er au 15 »; one that has not come yet ends it now."""
    first = moment(start, now, zone)
    last = _end(end, now, zone) if end else now
    if first is None or last is None:
        return UnreadSpan(start if first is None else end)
    if first >= now:
        return FutureSpan(first)
    return Span(first, min(last, now)) if first < last else ReversedSpan(first, last)


def moment(words: str, now: datetime, zone: str) -> datetime | None:
    """The moment that is meant, in UTC: a day begins at midnight in `zone`; None for words that name none.

    A day without its year is the last one that has begun; that of a week, the last before today.
    """
    found = _read(words, now.astimezone(ZoneInfo(zone)))
    return None if found is None else found[0].astimezone(UTC)


def is_named(words: str) -> bool:
    """Whether these words name a moment."""
    return _read(words, datetime(2000, 1, 1, tzinfo=UTC)) is not None


def begun(words: str, now: datetime, zone: str) -> datetime | None:
    """The same of what has begun; None for what is to come, too."""
    found = moment(words, now, zone)
    return found if found is not None and found <= now else None


def _end(words: str, now: datetime, zone: str) -> datetime | None:
    found = _read(words, now.astimezone(ZoneInfo(zone)))
    if found is None:
        return None
    at, whole = found
    return (_midnight(at.date() + _ONE, at) if whole else at).astimezone(UTC)


def _read(words: str, local: datetime) -> tuple[datetime, bool] | None:
    """The moment, and whether it stands for its whole day."""
    said = " ".join(plain(words[:_LONGEST]).replace("’", "'").split()).strip(" .?!:")
    if (ago := _ago(_bare(said), local)) is not None:
        return ago
    at = _HOUR.search(f" {said}")
    named = said[: max(at.start() - 1, 0)] if at else said
    day = _day(_bare(named), local.date())
    if at is None:
        return None if day is None else (_midnight(day, local), True)
    hour = time(int(at[1]), int(at[2] or 0))
    if day is None and named:
        return None
    found = datetime.combine(day or local.date(), hour, local.tzinfo)
    return (found - _ONE if day is None and found > local else found), False


def _bare(said: str) -> str:
    return _BEFORE.sub("", f"{said} ").strip()


def _ago(said: str, local: datetime) -> tuple[datetime, bool] | None:
    """So many days, weeks or months back, at midnight; hours to the minute."""
    found = _NUMBERED.fullmatch(re.sub(r" (?:ago|derniers|dernieres)\b", "", said))
    if found is None:
        return None
    number, unit = _WORDS.get(found[1]) or int(found[1]), found[2]
    if unit in _HOURS_AGO and number <= 24 * 366 and (unit != "h" or number > 23):
        return local - number * timedelta(hours=1), False
    if unit in _MONTHS_AGO and number <= 240:
        return _midnight(_months_back(local.date(), number), local), True
    days = _AGO.get(unit, 0) * number
    return (_midnight(local.date() - days * _ONE, local), True) if 0 < days < 20 * 366 else None


def _midnight(day: date, local: datetime) -> datetime:
    return datetime.combine(day, time(), local.tzinfo)


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return _date(year, month + 1, day.day) or date(year, month + 2, 1) - _ONE


def _day(said: str, today: date) -> date | None:
    named = _named(said, today)
    if named is not None:
        return named
    if found := _ISO.fullmatch(said):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(said):
        return _of_year(int(found[2]), int(found[1]), found[3], today)
    if (found := _DAY_MONTH.fullmatch(_without_weekday(said))) and found[2] in _MONTHS:
        return _of_year(_MONTHS[found[2]], int(found[1]), found[3], today)
    if (found := _MONTH_DAY.fullmatch(_without_weekday(said))) and found[1] in _MONTHS:
        return _of_year(_MONTHS[found[1]], int(found[2]), found[3], today)
    if (found := _MONTH.fullmatch(said)) and found[1] in _MONTHS:
        return _of_year(_MONTHS[found[1]], 1, found[2], today)
    return _date(int(said), 1, 1) if re.fullmatch(r"(?:19|20)\d\d", said) else None


def _named(said: str, today: date) -> date | None:
    monday, first = today - today.weekday() * _ONE, today.replace(day=1)
    fixed = {
        "aujourd'hui": today, "today": today, "ce matin": today, "this morning": today, "hier": today - _ONE,
        "yesterday": today - _ONE, "avant-hier": today - 2 * _ONE, "avant hier": today - 2 * _ONE,
        "day before yesterday": today - 2 * _ONE,
        "demain": today + _ONE, "tomorrow": today + _ONE, "cette semaine": monday, "this week": monday,
        "semaine derniere": monday - 7 * _ONE, "week": monday - 7 * _ONE, "semaine": monday, "ce mois": first,
        "ce mois-ci": first, "this month": first, "mois dernier": _months_back(first, 1),
        "month": _months_back(first, 1), "mois": first, "cette annee": today.replace(month=1, day=1),
        "annee": today.replace(month=1, day=1), "this year": today.replace(month=1, day=1),
        "annee derniere": date(today.year - 1, 1, 1), "an dernier": date(today.year - 1, 1, 1),
        "year": date(today.year - 1, 1, 1),
    }  # fmt: skip
    if said in fixed:
        return fixed[said]
    weekday = _WEEKDAYS.get(said.removesuffix(" dernier"))
    return None if weekday is None else today - ((today.weekday() - weekday - 1) % 7 + 1) * _ONE


def _without_weekday(said: str) -> str:
    first, _, rest = said.partition(" ")
    return rest if first.strip(",") in _WEEKDAYS and rest else said


def _of_year(month: int, day: int, year: str | None, today: date) -> date | None:
    """The day of that year; without one, the last time that it came, today included."""
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = (_date(today.year - back, month, day) for back in range(8))  # 29 February is rare
    return next((each for each in found if each is not None and each <= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _OLDEST else None
    except ValueError:
        return None
