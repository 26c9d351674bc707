"""What an article is to the acts that it names: the act itself, founded on it, or only citing it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchers.acts.acts import acts
from matchers.acts.deadlines import sets_deadlines
from matchers.language.text import fold
from matchers.model import ActRole, Article, Field
from matchers.sites import host

_LEAD = 600  # characters of a text that stand for a lead where there is none
_NATURES = re.compile(
    rb" *(?:deliberation|decret|lois?|ordonnance|arrete|arret|decision|reglement|directive|avis|recommandation"
    rb"|jugement|referentiel|communication|proposition)s? "
)
# What is cited for years as the law of the land; a decision, a tender or a text of the JO is an event
_LASTING = frozenset({"loi", "ordonnance", "decret", "celex", "cnil", "cjue"})
_SERIES = re.compile(r"cnil:[A-Z]")
_BILL = re.compile("(?:senat|an):")  # its dossier is no act, and its page changes for months
_SPAN = {"cjue": 3}  # years from a number to its event: a case is judged two years after it came


@dataclass(frozen=True, slots=True)
class ActPlace:
    """An act named, with its place: code points of the field as given."""

    id: str
    field: Field
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class ActNames:
    """The sure ids of an article: those of `title` and of `lead`, in the order in which they stand; `own`: its names if
    it is an act itself."""

    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def names(article: Article, places: Sequence[ActPlace]) -> ActNames:
    """What title and lead name; the beginning of a text stands for a lead that is missing."""
    lead = "summary" if article.summary else "text"
    title = tuple(each.id for each in places if each.field == "title" and each.sure)
    below = [each.id for each in places if each.field == lead and each.sure and each.start < _LEAD]
    return ActNames(title, tuple(name for name in below if name not in title), own(article, places))


def own(article: Article, places: Sequence[ActPlace]) -> tuple[str, ...]:
    """The names of the act that an item of an authority is: by its address, its title and the NOR below; () for none.

    Dated names are among them, last: several acts may bear one.
    """
    site = host(article.url)
    if not site or not sets_deadlines(site):
        return ()
    by_address = [each.id for each in acts(Article(text=article.url)) if each.sure and not _BILL.match(each.id)]
    opening = _NATURES.match(fold(article.title + " "))
    first = [each for each in places if each.field == "title" and opening]
    by_title = [each.id for each in first if each.start <= first[0].end + 1 and (each.sure or each is first[0])]
    if not by_address and not by_title:
        return ()
    coded = [each.id for each in places if each.id.startswith("nor:") and each.field != "title" and each.start < _LEAD]
    found = dict.fromkeys((*by_address, *by_title, *coded[:1]))
    return tuple(sorted(found, key=lambda name: "@" in name))


def is_act(article: Article) -> bool:
    """Is it an official act itself, by its address and title alone?"""
    if not sets_deadlines(host(article.url)):
        return False
    headed = Article(title=article.title, url=article.url)
    places = [ActPlace(each.id, "title", each.start, each.end, each.sure) for each in acts(headed)]
    return any("@" not in name for name in own(headed, places))


def founding(told: ActNames, year: int) -> frozenset[str]:
    """The sure acts on which an article of this year founds: its own, those of its title, the new ones of its lead."""
    if told.own:
        return frozenset(name for name in told.own if "@" not in name)
    return frozenset((*told.title, *(name for name in told.lead if not is_old(name, year))))


def is_old(name: str, year: int) -> bool:
    """Is it a law of earlier years, named as everybody names it?"""
    kind = name.partition(":")[0]
    if kind not in _LASTING or _SERIES.match(name):
        return False
    written = _written_year(name, kind)
    return written is not None and written < year - _SPAN.get(kind, 1)


def _written_year(name: str, kind: str) -> int | None:
    number = name.partition(":")[2]
    if kind == "celex":
        return int(number[1:5])
    if kind == "cjue":
        short = int(number[-2:])
        return 1900 + short if short > 50 else 2000 + short
    short = int(number.partition("-")[0])
    return 1900 + short if short < 100 else short


def roles(article: Article, places: Sequence[ActPlace], year: int) -> Mapping[str, ActRole]:
    """The role of each act named, sure or dated, in the order in which they stand; its own names first."""
    told = names(article, places)
    found: dict[str, ActRole] = dict.fromkeys(told.own, "is")
    grounds = founding(told, year)
    for each in places:
        found.setdefault(each.id, "founds" if each.id in grounds else "cites")
    return found
