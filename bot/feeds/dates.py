"""The one reader of dates, for feeds, lists and pages: a text is explained whole, or it is no date."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

PARIS = ZoneInfo("Europe/Paris")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1995, 2098  # the web's first feeds; dates beyond are placeholders
SOON = timedelta(days=1)  # how far ahead a clock may be

_LONGEST = 120  # characters; « Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time) » has 62
_FARTHEST = timedelta(hours=15, minutes=59)
_NEAR_CENTURY = 50  # RFC 2822: 49 is 2049, 50 is 1950

# One row a month: French, English, then German, Spanish, Italian and Dutch, folded, as they are cut.
# « jui » may be June or July, so it is neither.
_MONTHS = {
    word: number
    for number, words in enumerate((
        "janvier janv jan january januar jaenner enero ene gennaio gen januari",
        "fevrier fevr fev february feb febr februar febrero febbraio februari",
        "mars mar march mrz marz maerz marzo maart mrt",
        "avril avr april apr abril abr aprile",
        "mai may mayo maggio mag mei",
        "juin june jun juni junio giugno giu",
        "juillet juil juill july jul juli julio luglio lug",
        "aout aou august aug agosto ago augustus",
        "septembre sept sep september septiembre settembre set",
        "octobre oct october okt oktober octubre ottobre ott",
        "novembre nov november noviembre",
        "decembre dec december dez dezember diciembre dic dicembre",
    ), 1)
    for word in words.split()
}  # fmt: skip
_WEEKDAYS = {
    word: number
    for number, words in enumerate((
        "lundi lun monday mon montag mo lunes lunedi maandag ma",
        "mardi mar tuesday tue tues dienstag di martes martedi dinsdag",
        "mercredi mer wednesday wed weds mittwoch mi miercoles mie mercoledi woensdag wo",
        "jeudi jeu thursday thu thur thurs donnerstag do jueves jue giovedi gio donderdag",
        "vendredi ven friday fri freitag fr viernes vie venerdi vrijdag vr",
        "samedi sam saturday sat samstag sa sabado sab sabato zaterdag za",
        "dimanche dim sunday sun sonntag so domingo dom domenica zondag zo",
    ))
    for word in words.split()
}  # fmt: skip
_FILLERS = frozenset((
    "le", "a", "at", "on", "the", "of", "um", "uhr", "de", "del", "date", "publie", "publiee", "published", "posted",
    "mis", "mise", "jour", "en", "ligne", "modifie", "modifiee", "updated", "publication", "parution", "modification",
))  # fmt: skip
_AMERICAN = frozenset({"est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "akst", "akdt", "hst"})
# Names that mean one zone only: IST is India, Ireland and Israel.
_ZONES = {
    name: timedelta(hours=hours)
    for hours, names in {
        -10: "hst", -9: "akst", -8: "akdt pst", -7: "pdt mst", -6: "mdt cst", -5: "cdt est", -4: "edt",
        0: "z ut utc gmt wet", 1: "cet met mez bst west", 2: "cest mest mesz eet", 3: "eest msk",
        8: "sgt hkt awst", 9: "jst kst", 10: "aest", 11: "aedt", 12: "nzst", 13: "nzdt",
    }.items()
    for name in names.split()
}  # fmt: skip

_RFC822 = re.compile(r"(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4}|[a-z]{1,4})")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?)?(z|[+-]\d\d:?\d\d)?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,6})?")
_TOKEN = re.compile(
    r"""(?P<gap>[\s,;|]+|[-–—.:](?=\s|$)|(?<=[\d:])t(?=\d))
    |(?P<time>(?<!\d)(?:
        (?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,12})?)?
        |(?P<hour_h>\d{1,2})\s?h(?:eures?)?(?![a-z])(?:\s?(?P<minute_h>\d{2})(?!\d)(?:\s?min(?:utes)?(?![a-z]))?)?
        |(?P<hour_m>\d{1,2})(?=\s?[ap]\.?\s?m\b))
        (?:\s?(?P<half>[ap])\.?\s?m(?:\.|\b))?(?![:\d]))
    |(?P<numeric>(?<!\d)(?P<one>\d{1,4})(?P<mark>[-/.])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<three>\d{1,4})(?!\d))
    |(?P<offset>(?:utc|gmt|ut)?\s?[+−-]\d{1,2}(?::?\d\d(?::00)?)?(?!\d))
    |(?P<number>\d{1,4})(?:st|nd|rd|th|er|re|eme|e)?(?![a-z\d])[-/.]?
    |(?P<comment>\([^()]{0,60}\)|\[[a-z_/+\-\d]{1,60}\])
    |(?P<place>[a-z]{2,20}/[a-z][a-z_+\-\d]{1,30}(?:/[a-z_]{1,30})?)(?![/\d])
    |(?P<word>[a-z]+)\.?[/-]?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as it was written, aware, in UTC. `day_only`: it names no hour, and stands for the midnight that begins
    it; `zoned`: it names its zone, so that none was supposed."""

    moment: datetime
    day_only: bool = False
    zoned: bool = True


def read(text: str, zone: tzinfo = PARIS) -> Dated | None:
    """What `text` says as a whole; None where a word or a number of it is left over, or where it may mean two days.

    French and English, with the days and months of German, Spanish, Italian and Dutch. Without a zone, that of the
    source: `zone`. « 05/06/2026 » is the 5th of June, unless its zone or its day of the week says otherwise.
    """
    if len(text) > _LONGEST:
        return None
    folded = _folded(text)
    return _usual(folded) or _digits(folded, zone) or _by_tokens(folded, zone)


def moment(text: str, zone: tzinfo = PARIS) -> datetime | None:
    """The same, as an aware moment in UTC."""
    found = read(text, zone)
    return found.moment if found else None


def zone_of(language: str) -> tzinfo:
    """The zone of what a source writes without one: Paris for a French one."""
    return PARIS if language == "fr" else UTC


def plausible(moment: datetime, now: datetime | None = None) -> bool:
    """Whether something on the web may have been published then: since 1995, and not after `now`, None if that is
    unknown."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR and (now is None or moment <= now + SOON)


def first_plausible(moments: Iterable[datetime | None], now: datetime | None = None) -> datetime | None:
    """The first that may be true; None without one."""
    return next((moment for moment in moments if moment is not None and plausible(moment, now)), None)


def newest(moments: Sequence[datetime | None], most: int) -> list[int]:
    """The places of the `most` newest, in their order. Of those with one date, or none, those at both ends go first,
    since either may be the newer."""
    last = len(moments) - 1
    ranked = sorted(
        range(len(moments)), key=lambda place: (moments[place] or LONG_AGO, max(place, last - place)), reverse=True
    )
    return sorted(ranked[:most])


def _folded(text: str) -> str:
    if text.isascii():
        return text.strip().lower()
    decomposed = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("−", "-")


# --- the two forms that nearly all feeds write ---------------------------------------------------------------------
def _usual(text: str) -> Dated | None:
    found = _RFC822.fullmatch(text)
    month = found and _MONTHS.get(found[2])
    offset = _offset(found[7]) if found else None
    if not found or not month or offset is None:
        return None
    return _dated(int(found[3]), month, int(found[1]), (int(found[4]), int(found[5]), int(found[6])), offset)


def _digits(text: str, zone: tzinfo) -> Dated | None:
    """Digits alone: seconds or milliseconds since 1970, or a date in which nothing stands between the numbers."""
    if epoch := _EPOCH.fullmatch(text):
        return Dated(datetime.fromtimestamp(int(epoch[1]), UTC))
    found = _DIGITS.fullmatch(text)
    if found is None or not (1900 <= int(found[1]) < 2100):
        return None
    clock = (int(found[4]), int(found[5]), int(found[6] or 0)) if found[4] else None
    named = _offset(found[7]) if found[7] else None
    where = zone if named is None else named
    return _dated(int(found[1]), int(found[2]), int(found[3]), clock, where, named is not None)


# --- any other ------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Parts:
    """What the tokens of a text say, each thing once."""

    numbers: list[str]
    words: list[str]
    numeric: re.Match[str] | None = None
    clock: tuple[int, int, int] | None = None
    half_day: bool = False  # said with « a.m. » or « p.m. »
    offset: timedelta | None = None
    named: timedelta | None = None
    place: tzinfo | None = None

    @property
    def zone(self) -> timedelta | tzinfo | None:
        """An offset is surer than the name beside it: « GMT -07:00 », « -05:00Z »."""
        return self.offset if self.offset is not None else self.named if self.named is not None else self.place

    @property
    def american(self) -> bool:
        return self.named is not None and any(word in _AMERICAN for word in self.words)


def _by_tokens(text: str, zone: tzinfo) -> Dated | None:
    parts, position = _Parts([], []), 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or not _taken(parts, token):
            return None
        position = token.end()
    day = _day(parts)
    where = zone if parts.zone is None else parts.zone
    return _dated(*day, parts.clock, where, parts.zone is not None) if day else None


def _taken(parts: _Parts, token: re.Match[str]) -> bool:
    """Whether this token says something that was not said yet."""
    match token.lastgroup:
        case "gap":
            return True
        case _ if token["time"]:
            return _take_time(parts, token)
        case _ if token["numeric"]:
            fresh, parts.numeric = parts.numeric is None, token
            return fresh
        case _ if token["offset"]:
            return _take_offset(parts, token["offset"])
        case _ if token["number"]:
            parts.numbers.append(token["number"])
            return len(parts.numbers) <= 3
        case _ if token["comment"]:
            return _take_comment(parts, token["comment"][1:-1].strip())
        case _ if token["place"]:
            return _take_place(parts, token["place"])
        case _:
            return _take_word(parts, token["word"])


def _take_time(parts: _Parts, token: re.Match[str]) -> bool:
    hour = int(token["hour"] or token["hour_h"] or token["hour_m"])
    minute, second = int(token["minute"] or token["minute_h"] or 0), min(int(token["second"] or 0), 59)
    if token["half"]:
        if hour > 12 and token["half"] == "a":
            return False
        hour = hour if hour > 12 else hour % 12 + 12 * (token["half"] == "p")
        parts.half_day = True
    fresh, parts.clock = parts.clock is None, (hour, minute, second)
    return fresh


def _take_offset(parts: _Parts, text: str) -> bool:
    named, read_as = re.match(r"[a-z]", text), _offset(re.sub(r"^[a-z]+\s?", "", text.strip()))
    if read_as is None or (parts.clock is None and not named):
        return False
    fresh = parts.offset is None or parts.offset == read_as
    parts.offset = read_as
    return fresh


def _take_comment(parts: _Parts, text: str) -> bool:
    """RFC 822 lets a sender say the zone again in words; alone, it must be one that we know."""
    if parts.zone is not None:
        return True
    if (ahead := re.fullmatch(r"(?:utc|gmt)\s?([+-]\d{1,2}(?::?\d\d)?)", text)) is not None:
        parts.named = _offset(ahead[1])
        return parts.named is not None
    if text in ("heure de paris", "paris", "heure locale de paris"):
        parts.place = PARIS
        return True
    if text in _places():
        return _take_place(parts, text)
    parts.named = _ZONES.get(text)
    return parts.named is not None


def _take_place(parts: _Parts, name: str) -> bool:
    parts.place = _places().get(name)
    return parts.place is not None


@cache
def _places() -> dict[str, ZoneInfo]:
    """All of them at once (80 ms): behind the wall of a worker no file can be opened any more."""
    return {name.lower(): ZoneInfo(name) for name in available_timezones()}


def _take_word(parts: _Parts, word: str) -> bool:
    if word in _ZONES and parts.named is None and (parts.clock is not None or word != "z"):
        parts.named = _ZONES[word]
        parts.words.append(word)
        return True
    if word in _MONTHS or word in _WEEKDAYS:
        parts.words.append(word)
        return True
    return word in _FILLERS


def _offset(text: str) -> timedelta | None:
    """`+0200`, `+02:00`, `-5`, or the name of a zone."""
    if text in _ZONES:
        return _ZONES[text]
    found = re.fullmatch(r"([+-])(\d{1,2})(?::?(\d\d))?(?::00)?", text)
    if found is None:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if ahead > _FARTHEST or int(found[3] or 0) > 59:
        return None
    return -ahead if found[1] == "-" else ahead


# --- which day ------------------------------------------------------------------------------------------------------
def _day(parts: _Parts) -> tuple[int, int, int] | None:
    """Year, month and day; None where they are not all there, or more than that is."""
    names = [word for word in parts.words if word not in _ZONES]
    months = [word for word in names if word in _MONTHS]
    weekdays = [word for word in names if word in _WEEKDAYS]
    if parts.numeric is not None or len(parts.numbers) == 3:
        numbers = parts.numbers if parts.numeric is None else [parts.numeric[name] for name in ("one", "two", "three")]
        if (parts.numeric is not None and parts.numbers) or len(names) > 1 or len(weekdays) != len(names):
            return None
        return _by_numbers(numbers, parts, _WEEKDAYS[weekdays[0]] if weekdays else None)
    if len(months) > 1:  # « mar., 01 déc. » : Tuesday, and « mar » is March elsewhere
        months = [word for word in months if word not in _WEEKDAYS]
    if len(months) != 1 or len(names) > 2 or len(parts.numbers) != 2 or len(names) - 1 > len(weekdays):
        return None
    return _by_name(_MONTHS[months[0]], *parts.numbers)


def _by_name(month: int, one: str, two: str) -> tuple[int, int, int] | None:
    if len(one) == 4 and len(two) <= 2:
        return int(one), month, int(two)
    if len(one) > 2 or len(two) not in (2, 4):
        return None
    return _year(two), month, int(one)


def _by_numbers(numbers: list[str], parts: _Parts, weekday: int | None) -> tuple[int, int, int] | None:
    one, two, three = numbers
    if len(one) == 4:
        return (int(one), int(two), int(three)) if len(three) <= 2 else None
    if len(one) > 2 or len(two) > 2 or len(three) not in (2, 4):
        return None
    if len(three) == 2 and parts.numeric is not None and parts.numeric["mark"] == "-":
        return None  # 20-11-08: the year may stand at either end
    year = _year(three)
    both = [(year, int(two), int(one)), (year, int(one), int(two))]
    real = [day for day in dict.fromkeys(both) if _weekday(*day) is not None]
    agreed = [day for day in real if weekday is None or _weekday(*day) == weekday]
    if len(real) < 2 or len(agreed) == 1:
        return next(iter(agreed or real), None)
    if parts.american:
        return both[1]
    return None if weekday is not None or parts.half_day else both[0]


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < _NEAR_CENTURY else 1900)


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return datetime(year, month, day, tzinfo=UTC).weekday()
    except ValueError:
        return None


def _dated(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None, zone: timedelta | tzinfo, zoned: bool = True
) -> Dated | None:
    hour, minute, second = clock or (0, 0, 0)
    where = timezone(zone) if isinstance(zone, timedelta) else zone
    next_day = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
    try:
        local = datetime(year, month, day, 0 if next_day else hour, minute, min(second, 59), tzinfo=where) + next_day
        return Dated(local.astimezone(UTC), day_only=clock is None, zoned=zoned)
    except (ValueError, OverflowError):
        return None
