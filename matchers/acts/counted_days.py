"""Days that are counted from the day on which an act is published: « le lendemain », « six mois après ». Pure."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from matchers.language.months import MONTH, MONTHS

# What an act bids in the present tense, as acts do: « les établissements transmettent leur plan au plus tard le … »
DUTIES = (
    "(?:transmett|adress|communiqu|declar|notifi|design|depos|remett|enregistr|realis|proced|produis|fourniss|publi"
    "|adopt|inform|elabor|etabliss|migr|cess|supprim|prenn|mett|identifi|recens|justifi|renouvell|remplac|soumett)ent|transmet|remet|etablit"
)
_ORDINALS = {
    "premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6,
    "dixieme": 10, "quinzieme": 15, "vingtieme": 20, "trentieme": 30,
}  # fmt: skip
_NTH = "|".join(_ORDINALS)
_NUMBERS = {
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "neuf": 9, "dix": 10, "douze": 12, "quinze": 15,
    "dix huit": 18, "dix-huit": 18, "vingt": 20, "vingt-quatre": 24, "vingt quatre": 24, "trente": 30,
}  # fmt: skip
_IN_FORCE = (
    r"(?:entr(?:e|era|ent|eront) en (?:vigueur|application)|entree en vigueur ?:|(?:est|sont|sera"
    r"|seront) applicables?"
    r"|s'appli(?:que|quent|quera|queront)|pren(?:d|nent|dra|dront) effet) "
)
_SELF = (  # this act's own publication, and no other's
    r"(?:sa (?:date de )?publication"
    r"|(?:la )?(?:date de )?publication(?: d(?:u present|e la presente) [a-z]+| du (?:texte|decret)(?=[,.)]|$)"
    r"|(?= au journal|[,.)]|$)))"
)
_NEXT = re.compile(_IN_FORCE + rf"(?:(?:le|au|des le) )?(?:lendemain (?:du jour )?de|jour suivant celui de) {_SELF}")
_NTH_DAY = re.compile(_IN_FORCE + rf"le (?P<nth>{_NTH}) jour suivant (?:celui de )?{_SELF}")
_NTH_MONTH = re.compile(
    _IN_FORCE
    + rf"(?:(?:le|au|a compter du) )?(?:premier|1 ?er) jour du (?:(?P<nth>{_NTH}) )?(?P<unit>mois|trimestre civil)"
    rf" (?:suivant|qui suit) (?:celui de )?{_SELF}"
)
_SPAN = rf"(?P<many>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|[1-9][0-9]?) (?P<unit>mois|jours|ans?|annees?)"
_LATER = re.compile(_IN_FORCE + rf"(?:a l'issue d'un delai de )?{_SPAN} (?:apres|a compter de) {_SELF}")
_WITHIN = re.compile(
    rf"(?:en conformite|{DUTIES}|doivent|devront|disposent)(?: [a-z',]+){{0,14}}? "
    rf"(?:(?:dans|d')(?: ?un delai de| les)?|au plus tard) {_SPAN} (?:apres|a compter de|suivant|qui suivent) {_SELF}"
)
_IN_ENGLISH = re.compile(
    r"enters? into force on the (?:(?P<nth>twentieth|third) )?day following that of its publication"
)
_GAZETTE = re.compile(
    rf"(?:jo|jorf|journal officiel) du (?P<day>[0-9]{{1,2}})(?: ?er)? (?P<month>{MONTH})\.? (?P<year>[0-9]{{4}})"
)


def gazetted(clause: str) -> date | None:
    """The day of publication that the sentence itself names."""
    found = _GAZETTE.search(clause)
    return made(int(found["year"]), MONTHS[found["month"]], int(found["day"])) if found else None


Counting = Callable[[str, date], tuple[date, re.Match[str]] | None]


def in_force_from(clause: str, start: date) -> tuple[date, re.Match[str]] | None:
    """The day from which an act that is out on `start` is in force, and the words that say so."""
    if found := _NEXT.search(clause):
        return start + timedelta(days=1), found
    if found := _NTH_DAY.search(clause):
        return start + timedelta(days=_ORDINALS[found["nth"]]), found
    if found := _IN_ENGLISH.search(clause):
        return start + timedelta(days={"twentieth": 20, "third": 3}.get(found["nth"], 1)), found
    if found := _NTH_MONTH.search(clause):
        return _first_of(start, found["unit"], _ORDINALS.get(found["nth"], 1)), found
    return _later(start, found) if (found := _LATER.search(clause)) else None


def due_within(clause: str, start: date) -> tuple[date, re.Match[str]] | None:
    found = _WITHIN.search(clause)
    return _later(start, found) if found else None


def _first_of(start: date, unit: str, nth: int) -> date:
    """The first day of the nth month after this one, or of the next quarter."""
    if unit != "mois":
        nth = 3 * nth - (start.month - 1) % 3
    month = start.month - 1 + nth
    return date(start.year + month // 12, month % 12 + 1, 1)


def _later(start: date, found: re.Match[str]) -> tuple[date, re.Match[str]]:
    """So many days, months or years after a day: the same day of the month, or the month's last."""
    many = _NUMBERS.get(found["many"]) or int(found["many"])
    if found["unit"] == "jours":
        return start + timedelta(days=many), found
    month = start.month - 1 + (many if found["unit"] == "mois" else 12 * many)
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])), found


def made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
