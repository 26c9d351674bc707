"""What a revision of title or lead changes: its typography, or what is told. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from matchers.acts.acts import acts
from matchers.language.text import clean, fold
from matchers.model import Article, Match
from matchers.stories.topics import bulletins

Facts = dict[str, str]
"""What a text tells that must not change unsaid: a name that no spelling changes, and how the text writes it."""


@dataclass(frozen=True, slots=True)
class Worded:
    """An article as one revision has it, with what its watchlists saw in it."""

    article: Article
    matches: tuple[Match, ...] = ()


def news(before: Worded, after: Worded, watchlists: Iterable[str]) -> Facts:
    """What the new title and lead tell that the old ones did not: figures, decisions, terms of these watchlists.

    A lead that was not there, or that was only cut elsewhere, is no revision; nor is a figure in it that the text told.
    """
    old = facts(before.article.title) | facts(before.article.summary)
    new = facts(after.article.title)
    if _is_reworded(before.article.summary, after.article.summary):
        told = _figures(before.article.text[:_READ])
        new |= {key: written for key, written in facts(after.article.summary).items() if key not in told}
    found = {key: written for key, written in new.items() if key not in old} if before.article.title else {}
    wrong = _words(f"{before.article.title} {before.article.summary}") - _words(" ".join(old.values()))
    found = {key: written for key, written in found.items() if not _is_typo(key, written, wrong)}
    return found | _terms(before, after, frozenset(watchlists))


_ALIKE = 0.8  # of two words, by difflib
_READ = 20_000  # characters of the old text that are searched for a figure of the new lead


def facts(text: str) -> Facts:
    """The figures and the decisions of a text."""
    return _figures(text) | _decisions(text)


def _is_reworded(old: str, new: str) -> bool:
    one, other = (b" ".join(fold(lead).split()) for lead in (old, new))
    return bool(one and other) and not one.startswith(other) and not other.startswith(one)


def _words(text: str) -> set[str]:
    return {word.decode("latin-1") for word in fold(text).split()}


def _is_typo(key: str, written: str, wrong: set[str]) -> bool:
    """Did the old text mean this very word? « Amande » for « amende »."""
    last = fold(written).split()[-1].decode("latin-1")
    return key.startswith("decision:") and bool(get_close_matches(last, wrong, n=1, cutoff=_ALIKE))


# --- terms ---------------------------------------------------------------------------------------------------------
def _terms(before: Worded, after: Worded, watchlists: frozenset[str]) -> Facts:
    """The terms seen in title or lead that stood nowhere in the article before."""
    known = {(match.watchlist, point.term) for match in before.matches for point in match.points}
    old = before.article
    was = " ".join(fold(f"{old.title}\n{old.summary}\n{old.text}").decode("latin-1").split())
    return {
        f"term:{hit.term}": hit.text
        for match in after.matches
        if match.watchlist in watchlists
        for hit in match.hits
        if hit.field != "text"
        and (match.watchlist, hit.term) not in known
        and " ".join(fold(hit.text).decode("latin-1").split()) not in was
    }


# --- figures -------------------------------------------------------------------------------------------------------
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " ")
_MONTH = r"(?:janv|f[ée]vr?|mars|avr|mai|juin|juil|ao[ûu]t|sept|oct|nov|d[ée]c)\w*\.?"
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
# When it was written, or brought up to date: the press moves these at every revision. A date that a decision moves
# comes with a word that says so (« repousse », « reporte »).
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:er)?\s+{_MONTH}(?:\s+\d{{4}})?\b|\b{_MONTH}\s+(?:19|20)\d\d\b|\b(?:{_DAYS})\s+\d{{1,2}}(?:er)?\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}\b"
    r"|\b\d{1,2}\s?h(?:\s?\d\d)?\b|\bà\s+\d{1,2}\s+heures?\b|(?<![\d.,])\b(?:19|20)\d\d\b(?![\d.,]*\s?(?:%|€|euros?\b))",
    re.IGNORECASE,
)
_SCALES = {"k": 3, "mille": 3, "milliers": 3, "M": 6, "million": 6, "millions": 6, "Md": 9, "Mds": 9, "milliard": 9,
           "milliards": 9}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![\w/-])(?<!\d[.,])(?P<whole>\d{1,3}(?:[ .,'’]\d{3})+(?!\d)|\d+)(?P<rest>(?:[.,]\d+)*)"
    r"(?:\s?(?P<scale>(?i:mille|milli(?:ers|ons?|ards?))|Mds?|M|k)(?=[\s€.,;:!?)’']|\Z))?(?![^\W\d_])"
)
_COUNTING = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100, "mille": 1_000,
    "million": 10**6, "milliard": 10**9,
}  # fmt: skip
_COUNT = "|".join(sorted(_COUNTING, key=len, reverse=True))
_WRITTEN_OUT = re.compile(rf"(?<![\w.,])(?:{_COUNT})s?(?:(?:[ -]et[ -]|[ -])(?:{_COUNT})s?)*\b", re.IGNORECASE)


def _figures(text: str) -> Facts:
    """Numbers by their value, however they are written, and the numbers of official acts; no dates, no times."""
    plain = clean(text).text.translate(_BLANKS)
    numbers = (*bulletins(plain), *(each.id for each in acts(Article(title=plain)) if each.sure))
    found = {f"act:{act}": act.partition(":")[2].upper() for act in numbers}
    plain = _DATE.sub(" ; ", plain.replace("pour cent", "%"))
    for match in _FIGURE.finditer(plain):
        found.setdefault(f"figure:{_value(match)}", match[0].strip())
    for match in _WRITTEN_OUT.finditer(_FIGURE.sub(" ; ", plain)):
        if (value := _counted(match[0])) > 1:
            found.setdefault(f"figure:{value}", match[0])
    return found


def _value(match: re.Match[str]) -> str:
    whole, rest = re.sub(r"\D", "", match["whole"]), match["rest"]
    if len(rest.replace(",", ".").split(".")) > 2:  # a version: 3.2.1
        return whole + rest.replace(",", ".")
    number = Decimal(whole + rest.replace(",", ".")).scaleb(_scale(match["scale"] or ""))
    return f"{number.normalize():f}"


def _scale(written: str) -> int:
    return _SCALES.get(written) or _SCALES.get(written.lower(), 0)


def _counted(written: str) -> int:
    """« deux cent mille » as 200,000; « quatre-vingt-dix » as 90."""
    total = part = 0
    for word in re.split(r"[ -]+(?:et[ -]+)?", written.casefold()):
        value = _COUNTING.get(word) or _COUNTING.get(word.removesuffix("s"), 0)
        if value >= 1_000:
            total, part = total + max(part, 1) * value, 0
        elif value == 100 or (value == 20 and part % 10 == 4):
            part = max(part, 1) * value
        else:
            part += value
    return total + part


# --- decisions -----------------------------------------------------------------------------------------------------
# Kinds of decision, by how their words begin, folded. A word of the same kind is another wording, not another decision.
_DECISIONS: Sequence[tuple[str, str]] = (
    ("lift", r"(?:lev(?:e|es|ent|ee|ees|er)|levee de)\s++(?:(?:l|la|le|les|sa|son|ses)\s*+)?"
             r"(?:suspen|interdi|sancti)\w*"),
    ("refuse", r"refus|rejet|debout|retoqu|invalid|ecart(?:e|es|ent|ee|ees|er)\b|avis\s+defavorable|non\s+conforme"),
    ("grant", r"autoris|approuv|homologu|qualifi(?:e|es|ent|ee|ees|er)\b|certifi(?:e|es|ent|ee|ees|er)\b|decroch"
              r"|accord(?:e|es|ent|ee|ees|er)\b|agre(?:e|es|ent|ee|ees|er)\b|valid(?:e|es|ent|ee|ees|er|ation)\b"
              r"|obtien|obtenu|feu\s+vert|remport|retenu|retien(?:t|nent)|attribu"),
    ("suspend", r"suspen|interromp|gel(?:e|es|ent|ee|ees|er)\b"),
    ("withdraw", r"retir|retrait|perd(?:ent|re)?\b|perdu|perte\s+d|revoqu|abandonn|renonc|resili"),
    ("annul", r"annul|abrog|cass(?:e|es|ent|ee|ees)\b"),
    ("forbid", r"interdi"),
    ("clear", r"relax(?:e|es|ent|ee|ees)\b|blanchi|non\s+lieu\b|class(?:e|ee|ement)\s+sans\s+suite"),
    ("punish", r"sanction|amende|condamn|inflig|(?:met|mise|mettent)\s+en\s+demeure"),
    ("delay", r"report(?:e|es|ent|ee|ees|er)?\b|repouss|ajourn|decal"),
    ("uphold", r"confirm|maintien|maintenu"),
    ("adopt", r"adopt|promulgu|vot(?:e|es|ent|ee|ees|er)\b|entre(?:nt|e|es|r)?\s+en\s+vigueur"),
    ("challenge", r"contest|recours|saisi(?:t|e|s|es|ssent)?\b|fai(?:t|re)\s+appel|porte(?:nt)?\s+plainte|refere\b"),
    ("buy", r"rachet|rachat|acquier|acquis|fusionn"),
)  # fmt: skip
_DECISION = re.compile("|".join(rf"(?P<{kind}>(?<![a-z])(?:{form})[a-z]*)" for kind, form in _DECISIONS))
_DENIED = re.compile(r"(?:(?<![a-z])(?:n|ne)(?:\s+[a-z]+){0,4}|(?<![a-z])(?:aucune?|sans|jamais|non))\s+\Z")
_WISHED = re.compile(
    r"(?<![a-z])(?:pourrai|devrai|envisag|menac|projet|veut|veulent|souhait|demand|reclam|esper|vis(?:e|ent)\b|compt"
    r"|prevoi|cherch|risqu|candidat|brigu)[a-z]*(?:\s+[a-z]+){0,3}\s+\Z"
)
_NEARBY = 60  # characters before a word that say whether it is denied or only wished for


def _decisions(text: str) -> Facts:
    """Decisions by their kind, and whether they are taken, denied or only wished for."""
    cleaned = clean(text)
    folded = cleaned.folded.decode("latin-1")
    found: Facts = {}
    for match in _DECISION.finditer(folded):
        before = folded[max(match.start() - _NEARBY, 0) : match.start()]
        denied, wished = _DENIED.search(before), _WISHED.search(before)
        manner = "no" if denied else "maybe" if wished else "yes"
        turn = denied or wished
        start = match.start() - (len(turn[0]) if turn else 0)
        found.setdefault(f"decision:{match.lastgroup}:{manner}", cleaned.text[start : match.end()])
    return found
