"""A reader's own term: whether it is one, and which articles hold it. Pure."""

import re
from collections.abc import Sequence

from bot.reading.matched import article_of_stored
from bot.search import plain
from matchers.language.words import EMPTY
from matchers.trials.lint import build
from matchers.watchlists.watchlist import WatchlistFile, read_watchlist
from storage.articles.model import StoredArticle
from storage.ids import ArticleId

SHORTEST, LONGEST = 3, 60  # code points, blanks apart for the first
COMMONEST = 20.0  # articles in 1,000: beyond, a term says nothing
_QUOTED = re.compile(r"""["«“”„'‘’]\s*(.+?)\s*["»“”„'‘’]\s*""", re.DOTALL)
_PLAIN = re.compile(r"[\w\s'’.,/&+°€%-]+")


def quoted(said: str) -> str | None:
    """The words between quotation marks, where somebody wrote nothing else."""
    found = _QUOTED.fullmatch(said.strip())
    return " ".join(found[1].split()) if found else None


def refusal(term: str) -> str | None:
    """The key of the sentence that says why this is no term; None where it is one."""
    letters = sum(each.isalnum() for each in term)
    if letters < SHORTEST:
        return "own.short"
    if len(term) > LONGEST:
        return "own.long"
    if not _PLAIN.fullmatch(term):
        return "own.signs"
    return "own.common" if plain(term).strip().encode() in EMPTY else None


def matching(terms: Sequence[str], articles: Sequence[StoredArticle]) -> dict[ArticleId, frozenset[str]]:
    """Which of these terms each article holds; those that hold none are left out."""
    sheets = {f"t{place}": read_watchlist("terme", _sheet(term)) for place, term in enumerate(terms)}
    lists = {name: sheet for name, sheet in sheets.items() if isinstance(sheet, WatchlistFile)}
    engine = build(lists, {}).engine if lists else None
    if engine is None:
        return {}
    named = {f"t{place}": term for place, term in enumerate(terms)}
    found = {}
    for each in articles:
        if matches := engine.match(article_of_stored(each)):
            found[each.id] = frozenset(named[match.watchlist] for match in matches)
    return found


def _sheet(term: str) -> dict[str, object]:
    return {"name": term, "any": [term], "threshold": 1}
