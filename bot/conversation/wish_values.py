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
_NOT = re.compile(
    r"\b(?:pas|rien|sauf|except|hormis|aucune?|no|not|never|jamais|don'?t|stop|arrete[zr]?|sans|coupe[zr]?)\b"
)
_ONLY = re.compile(r"\b(?:que|qu|only|uniquement|seulement|juste|just)\b")
_AFTER = re.compile(r"\b(?:apres|after|a partir de|des|from|passe)\b")
_BEFORE = re.compile(r"\b(?:avant|before|jusqu ?'?a|until|till)\b")
_EVENING, _MORNING = 20 * 60, 8 * 60


def hours_named(said: str) -> tuple[int, ...]:
    """Each hour that is named, as minutes since midnight: « 7h30 », « 7 pm », « midi »."""
    return tuple(minutes for found in _HOUR.finditer(plain(said)) if (minutes := _minutes(found)) < 24 * 60)


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
    return f"{_EVENING:04d}{hours[0]:04d}" if len(hours) == 1 and _BEFORE.search(told) else ""


def days_named(said: str) -> str:
    """The days on which a digest is wished, "15" for Mondays and Fridays; "" for none, or for all."""
    told = plain(said).replace("’", "'")
    named = {str(day) for day, names in enumerate(_DAYS, 1) if any(re.search(rf"\b{name}s?\b", told) for name in names)}
    named |= set("67") if _WEEKEND.search(told) else set()
    wanted = set("1234567") - named if named and _NOT.search(told) and not _ONLY.search(told) else named
    return "".join(sorted(wanted)) if 0 < len(wanted) < 7 else ""
