"""Whether a page says that it shows a part of a list only. Called in a worker process."""

import re
from itertools import islice
from typing import Any

_RANGE = re.compile(
    r"\b\d{1,5}\s*(?:à|-|–|—|to|au)\s*(\d{1,5})\s*(?:sur|of|de|/)\s*(?:un total de\s*)?(\d{1,5})\b", re.IGNORECASE
)
_MORE = re.compile(
    r"(?:page )?(?:suivante?s?|next)(?: page)?\W*|(?:afficher|voir|charger) (?:plus|la suite)\b.{0,20}"
    r"|(?:show|load|view) more\b.{0,20}|[›»→]",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\d.,/])(\d{1,6}) (?:prestataires?|services?|offres?|résultats?|lignes?|entrées|éléments|enregistrements"
    r"|hébergeurs?|organismes?|fournisseurs?|produits?|results?|entries|items|rows)\b"
    r"|(?:sur|of) (?:un total de )?(\d{1,6})\b",
    re.IGNORECASE,
)
_HEAD = 200_000  # characters of a page in which it may say how much it lists
_PAGER = re.compile(r"paginat|pager", re.IGNORECASE)
_OUTSIDE_ROWS = "//text()[not(ancestor::tr or ancestor::script or ancestor::style)]"


def announced(tree: Any, rows: int) -> int:
    """The least number of things that the page says it lists, and that is not below those it shows; 0 for none."""
    told = (int(found[1] or found[2]) for found in _COUNT.finditer(_said(tree)))
    return min((number for number in told if number >= rows), default=0)


def goes_on(tree: Any) -> bool:
    """Does it show « 1 à 25 sur 40 », or a link or a button to the rest of it?"""
    if any(int(found[1]) < int(found[2]) for found in _RANGE.finditer(_said(tree))):
        return True
    return any(
        "next" in str(each.get("rel") or "").split()
        or _MORE.fullmatch(" ".join("".join(each.itertext()).split())) is not None
        or (each.tag == "a" and _is_in_pager(each))
        for each in tree.iter("a", "button", "link")
    )


def _is_in_pager(link: Any) -> bool:
    around = islice(link.iterancestors("nav", "ul", "div"), 3)
    return any(_PAGER.search(f"{each.get('class')} {each.get('aria-label')}") is not None for each in around)


def _said(tree: Any) -> str:
    """What stands outside the rows."""
    return " ".join(" ".join(tree.xpath(_OUTSIDE_ROWS))[:_HEAD].split())
