"""Figures of a text: what is counted or paid, by value however it is written, and where. Pure."""

import re
from collections.abc import Iterator

MARK = "#"
LEAST = 10  # below, a number tells nothing of an event
DIGITS = 15  # beyond, it is no quantity

_UNITS = {
    **dict.fromkeys(("mille", "millier", "milliers", "k€"), 1_000),
    **dict.fromkeys(("million", "millions", "m€"), 1_000_000),
    **dict.fromkeys(("milliard", "milliards", "md€", "mds"), 1_000_000_000),
}
_PERCENT = frozenset({"%", "pour cent"})
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_NUMBER = re.compile(
    r"(?<![\w.,/-])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?"
    rf"(?:\s*({'|'.join(sorted(map(re.escape, (*_UNITS, *_PERCENT)), key=len, reverse=True))}))?(?![\w/-])",
    re.IGNORECASE,
)
_DAY = re.compile(rf"\s*(?:er)?\s+(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_YEARS = range(1900, 2101)


def figures(text: str) -> Iterator[tuple[str, int, int]]:
    """Each figure as `#value`, its units folded (« 15 millions » and « 15 000 000 » are one), or `#value%`, with where
    it stands. Days of a month, bare years and numbers below ten are none; a share of a hundred always is one."""
    for found in _NUMBER.finditer(text):
        value = _value(found)
        if value and not _DAY.match(text, found.end()):
            yield f"{MARK}{value}", found.start(), found.end()


def _value(found: re.Match[str]) -> str:
    """ "" for what is no figure."""
    whole, rest, unit = re.sub(r"\D", "", found[1]), found[2] or "", (found[3] or "").lower()
    if len(whole) > DIGITS or len(rest) > DIGITS:
        return ""
    if unit in _PERCENT:
        decimals = rest.rstrip("0")
        return f"{int(whole)}{',' if decimals else ''}{decimals}%"
    times = _UNITS.get(unit, 1)
    value = int(whole) * times + (int(rest) * times // 10 ** len(rest) if rest else 0)
    bare = times == 1 and not rest and found[1].isdigit()
    return "" if value < LEAST or (bare and value in _YEARS) else str(value)
