"""Short ways to a configuration, an engine and an article."""

from collections.abc import Mapping
from typing import Any

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article, Match, Problem
from matchers.trials.doubts import doubts
from matchers.trials.lint import build
from matchers.watchlists.watchlist import EntitiesFile, EntityEntry, WatchlistFile, read_watchlist

ENTITIES: dict[str, Any] = {
    "secnumcloud": {"name": "SecNumCloud", "kind": "label", "aliases": ["visa SecNumCloud"]},
    "azure": {"name": "Azure", "aliases": ["Microsoft Azure"]},
    "hdh": {
        "name": "Health Data Hub",
        "aliases": ["HDH!", "plateforme des données de santé", "EMC2!"],
        "ambiguous": {"aliases": ["PDS!"], "context": ["données de santé", "CNIL", "SNDS"], "within": 40},
        "not": ["Parti démocratique sénégalais"],
    },
    "bleu": {
        "name": "Bleu",
        "ambiguous": {
            "aliases": ["Bleu!"],
            "context": ["Capgemini", "co-entreprise", "cloud", "@orange"],
            "within": 25,
        },
        "not": ["Les Bleus", "France Bleu"],
    },
    "orange": {
        "name": "Orange",
        "aliases": ["Orange Business"],
        "ambiguous": {"aliases": ["Orange!"], "context": ["opérateur", "Capgemini", "Bleu", "télécom*"], "within": 30},
        "not": ["vigilance orange", "Orange Bank"],
    },
    "m365": {
        "name": "Microsoft 365",
        "ambiguous": {"aliases": ["Microsoft 365"], "context": ["Microsoft", "souveraineté"], "within": 20},
    },
    "hds": {
        "name": "hébergeur de données de santé",
        "aliases": ["certification HDS"],
        "ambiguous": {"aliases": ["HDS!"], "context": ["~certifier", "~héberger"], "within": 40},
        "not": ["Hauts-de-Seine", "HDS mag", "HDS+!"],
    },
    "barrot": {"name": "Barrot"},
    "jnb": {"name": "Jean-Noël Barrot"},
}


def entities(value: Mapping[str, Any] | None = None) -> Mapping[str, EntityEntry]:
    return EntitiesFile.model_validate(ENTITIES if value is None else dict(value)).root


def watchlist(**keys: Any) -> WatchlistFile:
    """A watchlist of threshold 1, so that tests speak of what holds."""
    read = read_watchlist("x", {"name": "Une veille", "threshold": 1, **keys})
    assert isinstance(read, WatchlistFile), read
    return read


def engine(**keys: Any) -> Engine:
    """One watchlist, with the entities above if it names any."""
    return compile_engine({"x": watchlist(**keys)}, entities() if "@" in str(keys) else {})


def match(built: Engine, title: str = "", summary: str = "", text: str = "") -> Match | None:
    found = built.match(Article(title=title, summary=summary, text=text))
    return found[0] if found else None


def spans(built: Engine, title: str = "", summary: str = "", text: str = "") -> list[str]:
    """What was found, as written in the article."""
    found = match(built, title, summary, text)
    return [hit.text for hit in found.hits] if found else []


def finds(term: str, title: str) -> bool:
    """Does this term alone, without any entity, find something in the title?"""
    built = compile_engine({"x": watchlist(any=[term])}, {})
    return match(built, title) is not None


def lint(watchlists: Mapping[str, WatchlistFile], entries: Mapping[str, EntityEntry]) -> tuple[Problem, ...]:
    """Every problem, and every doubt where there is no error."""
    built = build(watchlists, entries)
    return (*built.problems, *(doubts(watchlists, entries) if built.engine else ()))


def said(problems: object) -> list[tuple[tuple[str | int, ...], str]]:
    assert isinstance(problems, tuple)
    assert all(isinstance(problem, Problem) for problem in problems)
    return [(problem.path, problem.message) for problem in problems if problem.severity == "error"]
