"""The hours and the days that a wish names, as the settings menus hold them. Pure."""

import re
from itertools import pairwise

from bot.search import plain

_HOUR = re.compile(
    r"(?<![\d/.])(?P<hour>[01]?\d|2[0-4])\s?(?:(?:h|:)\s?(?P<minutes>[0-5]\d)|h(?:eures?|ours?)?\b|(?P<half>[ap])\.?m\b)"
    r"|\b(?P<named>midi|noon|minuit|midnight)\b"
)
_NAMED = {"midi": 12 * 60, "noon": 12 * 60, "minuit": 0, "midnight": 0}
_DAYS = (
    ("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"),
    ("vendredi", "friday"), ("samedi", "saturday"), ("dimanche", "sunday"),
)  # fmt: skip
_WEEKEND = re.compile(r"\bweek ?-?ends?\b|\bwe\b|\bwend\b")
_NUMBERS = {
    "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "vingt et une": 21, "vingt deux": 22, "vingt trois": 23, "vingt": 20, "dix neuf": 19, "dix huit": 18,
    "dix sept": 17,
}  # fmt: skip
_SPELT = re.compile(
    rf"\b({'|'.join(sorted((name.replace(' ', '[ -]') for name in _NUMBERS), key=len, reverse=True))}) heures?\b"
)
_RANGE = re.compile(r"\b(?:du|de|from) (\w+) (?:a|au|to|jusqu'au|jusqu'a|through) (\w+)\b")
_NOT = re.compile(
    r"\b(?:mute[dsz]?|skip|without|cut|block|silence|off|pas|rien|sauf|except|hormis|aucune?|no|not|never|jamais|don'?t|stop|arrete[zr]?|sans|coupe[zr]?)\b"
)
_ONLY = re.compile(r"\b(?:que|qu|only|uniquement|seulement|juste|just)\b")
_AFTER = re.compile(r"\b(?:apres|after|a partir de|des|from|passe)\b")
_BEFORE = re.compile(r"\b(?:avant|before|jusqu ?'?a|until|till)\b")
_EVENING, _MORNING, _NOON = 20 * 60, 8 * 60, 12 * 60


def hours_named(said: str) -> tuple[int, ...]:
    """Each hour that is named, as minutes since midnight: « 7h30 », « 7 pm », « midi »."""
    return tuple(minutes for found in _HOUR.finditer(spelt(plain(said))) if (minutes := _minutes(found)) < 24 * 60)


def spelt(said: str) -> str:
    """Hours in figures where they are written in letters: « six heures »."""
    return _SPELT.sub(lambda each: f"{_NUMBERS[each[1].lower().replace('-', ' ')]}h", said)


def _minutes(found: re.Match[str]) -> int:
    if found["named"]:
        return _NAMED[found["named"]]
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return hour * 60 + int(found["minutes"] or 0)


def hour_named(said: str) -> str:
    """The hour that a digest is wished at, as its button holds it; "" for none, or for several."""
    hours = hours_named(said)
    return str(hours[0]) if len(hours) == 1 else ""


def quiet_named(said: str) -> str:
    """The hours of silence that are wished, as their button holds them: « après 20h » ends at 8; "" for none."""
    told, hours = plain(said), hours_named(said)
    if len(hours) == 2 and hours[0] != hours[1]:
        return next(f"{start:04d}{end:04d}" for start, end in pairwise(hours))
    if len(hours) == 1 and _AFTER.search(told):
        return f"{hours[0]:04d}{_MORNING:04d}" if hours[0] != _MORNING else ""
    before = len(hours) == 1 and hours[0] <= _NOON and _BEFORE.search(told)  # « avant 16h » is of this day alone
    return f"{_EVENING:04d}{hours[0]:04d}" if before else ""


def days_named(said: str) -> str:
    """The days on which a digest is wished, "15" for Mondays and Fridays; "" for none, or for all."""
    told = plain(said).replace("’", "'")
    named = {str(day) for day, names in enumerate(_DAYS, 1) if any(re.search(rf"\b{name}s?\b", told) for name in names)}
    named |= _between(told)
    named |= set("67") if _WEEKEND.search(told) else set()
    wanted = set("1234567") - named if named and _NOT.search(told) and not _ONLY.search(told) else named
    return "".join(sorted(wanted)) if 0 < len(wanted) < 7 else ""


def _between(told: str) -> set[str]:
    """The days of a span, « du lundi au vendredi »."""
    found = _RANGE.search(told)
    ends = [day for word in found.groups() for day, names in enumerate(_DAYS, 1) if word in names] if found else []
    return {str(day) for day in range(ends[0], ends[1] + 1)} if len(ends) == 2 else set()
