"""Figures of a text: what is counted or paid, by value however it is written, and where. Pure."""

import re
from collections.abc import Iterator

MARK = "#"
LEAST = 10  # below, a number tells nothing of an event
DIGITS = 15  # beyond, it is no quantity

_UNITS = {
    **dict.fromkeys(("mille", "millier", "milliers", "k€", "k"), 1_000),
    **dict.fromkeys(("million", "millions", "m€", "m"), 1_000_000),
    **dict.fromkeys(("milliard", "milliards", "md€", "mds"), 1_000_000_000),
}
_PERCENT = frozenset({"%", "pour cent"})
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_ANY_CASE = (*(_UNITS.keys() - {"m"}), *_PERCENT)  # a small m is a metre
_NUMBER = re.compile(
    r"(?<![\w.,/-])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?"
    rf"(?:\s*({'|'.join(sorted(map(re.escape, _ANY_CASE), key=len, reverse=True))}|(?-i:M)))?"
    r"(?![\w/-])",
    re.IGNORECASE,
)
_TO_SIXTEEN = (
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_SMALL = {word: value for value, word in enumerate(_TO_SIXTEEN, start=1)}
_SAID = {
    **_SMALL,
    "une": 1,
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "dizaine": 10,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
    "cent": 100,
    "cents": 100,
}
_LARGE = {"mille": 1_000, "millier": 1_000, "milliers": 1_000, "million": 1_000_000, "millions": 1_000_000}
_LARGE |= {"milliard": 1_000_000_000, "milliards": 1_000_000_000}
_ONE = "|".join(sorted((*_SAID, *_LARGE), key=len, reverse=True))
_WORDS = re.compile(rf"(?<![\w-])(?<!pour )(?:{_ONE})(?:[ -](?:et[ -])?(?:{_ONE})){{0,24}}(?![\w-])", re.IGNORECASE)
_PART = re.compile(
    r"(?<![\w-])(?:(un|trois)\s(quarts?)\sde\s|(?:un\s)?(demi)[-\s])(million|milliard|millier)(?![\w-])", re.IGNORECASE
)
_AND_HALF = re.compile(r"\s(million|milliard)s?\set\sdemi(?![\w-])", re.IGNORECASE)
_SHARE = re.compile(r"\s++pour\s++cent\b", re.IGNORECASE)
_DAY = re.compile(rf"(?:\s*+er)?\s++(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_YEARS = range(1900, 2101)


def figures(text: str) -> Iterator[tuple[str, int, int]]:
    """Each figure as `#value`, its units folded (« 15 millions » and « 15 000 000 » are one), or `#value%`, with where
    it stands. Days of a month, bare years and numbers below ten are none; a share of a hundred always is one."""
    for found in _NUMBER.finditer(text):
        value = _value(found)
        if value and not _DAY.match(text, found.end()):
            yield f"{MARK}{value}", found.start(), found.end()
    parts = {found.end(): found for found in _PART.finditer(text)}
    for end, found in parts.items():
        yield f"{MARK}{_part(found)}", found.start(), end
    for found in _WORDS.finditer(text):
        said, end = _said(found[0].lower()), found.end()
        if end in parts:  # « un demi millier » is no thousand
            continue
        if half := _AND_HALF.match(text, found.end() - len(found[0].split()[-1]) - 1):
            said, end = said + _LARGE[half[1].lower()] // 2, half.end()
        if said >= LEAST and not _DAY.match(text, end):
            yield f"{MARK}{said}{'%' if _SHARE.match(text, end) else ''}", found.start(), end


def _part(found: re.Match[str]) -> int:
    """« un quart de milliard », « un demi-million »."""
    whole = _LARGE[found[4].lower()]
    return whole // 2 if found[3] else whole // 4 * (3 if found[1].lower() == "trois" else 1)


def is_rounded(one: str, other: str) -> bool:
    """Does one of these figures say the other in round numbers: « plus de 750 000 » for 758 912?"""
    if one.endswith("%") or other.endswith("%"):
        return False
    low, high = sorted((int(one[1:]), int(other[1:])))
    if low < _COUNTED or (high - low) * 100 > _ROUNDING * high:
        return False
    digits = sorted(len(str(each).rstrip("0")) for each in (low, high))
    return digits[0] < digits[1] and digits[0] <= _ROUND


_COUNTED = 1_000  # below, two numbers are two
_ROUNDING = 6  # per cent
_ROUND = 2  # digits of a round number before its zeros


def _said(words: str) -> int:
    """The value of a number in words; 0 for what counts nothing by itself (« millions »)."""
    if words.startswith(("million", "milliard")):
        return 0
    whole = thousands = part = 0
    for word in re.split(r"[ -]", words):
        if word in ("mille", "millier", "milliers"):
            thousands, part = thousands + max(part, 1) * _LARGE[word], 0
        elif word in _LARGE:
            whole, thousands, part = whole + max(thousands + part, 1) * _LARGE[word], 0, 0
        elif word in ("vingt", "vingts") and part % 100 == 4:
            part += 76
        elif word in ("cent", "cents") and 0 < part < _SAID["cent"]:
            part *= _SAID["cent"]
        elif word.endswith("aine"):
            part = _SAID[word]
        else:
            part += _SAID.get(word, 0)
    return whole + thousands + part


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
