"""Whether an article tells an event of its subject: its words, how many people, who says so. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchers import sites
from matchers.official import is_official
from matchers.page import Layout, Span, sentence_ends

_OPENING = 500  # characters of the text: what comes later is no longer what the article announces
_BEFORE = 45  # characters before an event's word in which somebody only wishes for it, or denies it
_WISHED = re.compile(
    r"\b(?:veut|veulent|voudrait|voudraient|vise|visent|viser|espere|esperent|esperait|souhaite|souhaitent|souhaitait"
    r"|pourrait|pourraient|devrait|devraient|compte|comptent|cherche|cherchent|tente|tentent|tenter|envisage|envisagent"
    r"|afin de|afin d|pour|en vue|candidate?s?|prepare|preparent|avant de|avant d|sans|jamais|dement|dementent|si|faut"
    r"|faudrait|ne|n|risque|risquent|menace de|promet|objectif)\b[^.]*\Z"
)
_AFTER = re.compile(r"\A (?:pas|jamais|aucun|aucune|bientot|peut etre)\b")


@dataclass(frozen=True, slots=True)
class EventRule:
    """What makes news of a watchlist: numbers of the engine's terms; the fewest people hit, None: no count is news."""

    words: tuple[int, ...]
    people: int | None
    official: bool


def event(page: Layout, rule: EventRule, subject: Iterable[Span], present: Mapping[int, Sequence[Span]]) -> str | None:
    """The words that make this article news, as they stand in it; None if nothing does.

    A word counts in the title, the summary or the opening of the text, in a sentence that names the subject.
    """
    zones = tuple(_zones(page, tuple(subject)))
    words = sorted(span for term in rule.words for span in present.get(term, ()))
    for zone in zones:
        for span in words:
            if zone[0] <= span[0] and span[1] <= zone[1] and not _is_wished(page, zone, span):
                return page.chars(*span)
    if rule.people is not None:
        for zone in zones:
            if (count := crowd(page.chars(*zone), rule.people)) is not None:
                return count
    return _authority(page) if rule.official else None


def _zones(page: Layout, subject: Sequence[Span]) -> Iterable[Span]:
    """The sentences that name the subject, where an article announces what it tells."""
    for index, begin in enumerate(page.begins):
        text = page.texts[index]
        start, stop = 0, len(text)
        if index == 2:
            start = page.opening - begin
            stop = min(stop, start + _OPENING)
        ends = [start + end for end in sentence_ends(text[start:stop])]
        for first, last in zip([start, *ends], [*ends, stop], strict=True):
            zone = (begin + first, begin + last)
            if any(zone[0] <= span[0] < zone[1] for span in subject):
                yield zone


def _is_wished(page: Layout, zone: Span, span: Span) -> bool:
    before = page.haystack[max(zone[0], span[0] - _BEFORE) : span[0]].decode("latin-1")
    after = page.haystack[span[1] : span[1] + _BEFORE].decode("latin-1")
    return _WISHED.search(before) is not None or _AFTER.match(after) is not None


def _authority(page: Layout) -> str | None:
    site = sites.site(page.article.url)
    return site if is_official(site, page.article.official) else None


# --- how many people -------------------------------------------------------------------------------------------------
_UNITS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
          "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30, "cent": 100}  # fmt: skip
_SCALES = {"mille": 1_000, "milliers": 2_000, "million": 1_000_000, "millions": 1_000_000, "milliard": 10**9}
_WHO = (
    r"(?:patient|personne|assuré|client|français|citoyen|usager|utilisateur|adhérent|bénéficiaire|victime|compte|dossier"
    r"|médecin|soignant|professionnel|abonné|salarié|agent|habitant|allocataire|résident|mutualiste|internaute)"
)
_CROWD = re.compile(
    rf"\b(\d{{1,3}}(?:[\s.]\d{{3}})+|\d+(?:,\d+)?|{'|'.join(_UNITS)}|des|plusieurs)\s*"
    rf"({'|'.join(_SCALES)}|[mk])?\b(?:\s+d(?:e|es)\s|\s+d['’]|\s+)(?:[\w'’-]+\s+){{0,4}}?{_WHO}\w*",
    re.IGNORECASE,
)


def crowd(text: str, least: int) -> str | None:
    """The first count of people that is at least so many, as written: « 15 millions de patients »."""
    for found in _CROWD.finditer(text):
        if _number(found[1].lower(), (found[2] or "").lower()) >= least:
            return " ".join(found[0].split())
    return None


def _number(written: str, scale: str) -> float:
    digits = re.sub(r"[\s.]", "", written).replace(",", ".")
    times = _SCALES.get(scale) or {"m": 1_000_000, "k": 1_000}.get(scale, 1)
    if written in ("des", "plusieurs"):
        return 2.0 * times if scale else 0.0
    return (_UNITS.get(written) or float(digits)) * times
