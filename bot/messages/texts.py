"""Every sentence a reader sees, in his language: the only door to Babel."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language. `sentences` holds one form per key, or (singular, plural) where the key counts `n`."""

    locale: Locale
    sentences: dict[str, tuple[str, ...]]


def language_of(code: str | None) -> Language:
    """The language for a Telegram language code: `en`, `en-GB`, … → English, any other and None → French."""
    return "en" if re.match(r"en\b", code or "", re.IGNORECASE) else "fr"


def text(language: str, key: str, /, **values: str | int) -> str:
    """The sentence `key`, with its `{names}` replaced. Numbers are written as the language does.

    A sentence that counts wants `n`. KeyError: no such key or value, which is a bug.
    """
    held = catalogue(language)
    forms = held.sentences[key]
    form = forms[0]
    if len(forms) > 1 and held.locale.plural_form(int(values["n"])) != "one":
        form = forms[1]
    return form.format_map({name: _shown(value, held.locale) for name, value in values.items()})


@cache
def catalogue(language: str) -> Catalogue:
    """The sentences of a language, read once; an unknown language reads French."""
    known = language_of(language)
    with resources.files(__package__).joinpath(f"{known}.po").open("rb") as file:
        entries = read_po(file, locale=known, abort_invalid=True)
    sentences = {_key(message.id): _forms(message.string) for message in entries if message.id}
    return Catalogue(Locale.parse(known), sentences)


def moment(language: str, when: datetime, timezone: str, year: bool = False) -> str:
    """« mar. 24 nov. 09:04 » in the reader's zone; with its year where that is worth saying."""
    local = when.astimezone(ZoneInfo(timezone))
    pattern = f"EEE {_d(language, local)} MMM y HH:mm" if year else f"EEE {_d(language, local)} MMM HH:mm"
    return format_datetime(local, pattern, locale=catalogue(language).locale)


def clock(minutes: int) -> str:
    """« 08:00 » for minutes after midnight."""
    hours, rest = divmod(minutes, 60)
    return f"{hours:02d}:{rest:02d}"


def day(language: str, when: date) -> str:
    """« mercredi 25 novembre »."""
    return format_date(when, f"EEEE {_d(language, when)} MMMM", locale=catalogue(language).locale)


def short_day(language: str, when: date) -> str:
    """« jeu. 26 »."""
    return format_date(when, f"EEE {_d(language, when)}", locale=catalogue(language).locale)


def day_name(language: str, when: date) -> str:
    """« lundi »."""
    return format_date(when, "EEEE", locale=catalogue(language).locale)


def day_of_month(language: str, when: date) -> str:
    """« 12 novembre »."""
    return format_date(when, f"{_d(language, when)} MMMM", locale=catalogue(language).locale)


def month(language: str, when: date) -> str:
    """« nov. »."""
    return format_date(when, "MMM", locale=catalogue(language).locale)


def weekday(language: str, number: int) -> str:
    """« lun. » for 1, as ISO counts them."""
    return str(catalogue(language).locale.days["format"]["abbreviated"][number - 1])


def span(language: str, first: date, last: date) -> str:
    """« 23 au 29 novembre », « 30 novembre au 6 décembre »."""
    locale = catalogue(language).locale
    start = _d(language, first) if first.month == last.month else f"{_d(language, first)} MMMM"
    end = f"{_d(language, last)} MMMM"
    dates = (format_date(when, pattern, locale=locale) for when, pattern in ((first, start), (last, end)))
    return text(language, "digest.span", **dict(zip(("first", "last"), dates, strict=True)))


def length(language: str, span: timedelta) -> str:
    """« 6 h »: in its largest unit."""
    return str(format_timedelta(span, granularity="minute", format="short", locale=catalogue(language).locale))


def decimal(language: str, value: float, digits: int = 1) -> str:
    """« 2,9 »: so many digits behind the comma."""
    return str(format_decimal(round(value, digits), format=f"#,##0.{'0' * digits}", locale=catalogue(language).locale))


def _d(language: str, when: date) -> str:
    """The pattern of a day's number: French says « 1er », then « 2 »."""
    return "d'er'" if when.day == 1 and language_of(language) == "fr" else "d"


def _shown(value: str | int, locale: Locale) -> str:
    return format_decimal(value, locale=locale) if isinstance(value, int) else value


def _key(identity: object) -> str:
    return str(identity[0]) if isinstance(identity, list | tuple) else str(identity)


def _forms(string: object) -> tuple[str, ...]:
    return tuple(map(str, string)) if isinstance(string, list | tuple) else (str(string),)
