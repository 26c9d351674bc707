from datetime import date
from typing import Any

import pytest

from matchers.engine.engine import compile_engine
from matchers.model import Archive, Article, Problem
from matchers.trials.archive import survey
from matchers.trials.doubts import doubts, doubts_today
from tests.matchers.builders import entities, watchlist

TODAY = date(2026, 11, 25)


def told(entries: dict[str, Any] | None = None, **keys: Any) -> list[tuple[tuple[str | int, ...], str]]:
    found = doubts({"x": watchlist(**keys)}, entities(entries or {}))
    return [(problem.path, problem.message) for problem in warnings(found)]


def warnings(found: Any) -> list[Problem]:
    problems = list(found)
    assert all(problem.severity == "warning" for problem in problems)
    return problems


@pytest.mark.parametrize(
    ("keys", "path", "words"),
    [
        ({"any": ["CNIL!"]}, ("any", 0), "«\u00a0Cnil\u00a0»"),
        ({"any": ["nuage", "informatique en nuage"]}, ("any", 1), "contient «\u00a0nuage\u00a0»"),
        ({"near": {"terms": ["alpha", ["cloud", "cloud souverain"]]}}, ("near", "terms", 1, 1), "contient"),
        ({"query": 'cloud OR "clouds souverains"'}, ("query", 9), "contient"),
        ({"any": ["alpha"], "threshold": 4}, ("threshold",), "vaut 3 au plus"),
        ({"any": ["présidentes"]}, ("any", 0), "president"),
    ],
)
def test_what_is_doubtful_is_told_at_its_place(keys: dict[str, Any], path: tuple[str | int, ...], words: str) -> None:
    assert any(words in message for where, message in told(**keys) if where == path)


@pytest.mark.parametrize(
    "keys",
    [
        {"any": ["CNIL!", "Cnil!"]},
        {"any": ["cloud", "title:cloud souverain"]},
        {"all": ["cloud", "cloud souverain"]},
        {"any": ["données", "santé"]},
        {"any": ["alpha", "beta"], "threshold": 5},
        {"any": ["alpha"], "boost": {"beta": 1}, "threshold": 4},
        {"near": {"terms": ["cloud", "cloud souverain"]}},
    ],
)
def test_what_is_sound_is_left_alone(keys: dict[str, Any]) -> None:
    assert told(**keys) == []


def test_an_ambiguous_context_is_told() -> None:
    entries = {
        "a": {"name": "Alpha", "ambiguous": {"aliases": ["Alpha!"], "context": ["Beta", "@b", "gamma"]}},
        "b": {"name": "Beta", "ambiguous": {"aliases": ["Beta!"], "context": ["delta"]}},
    }
    assert [path for path, _ in told(entries, any=["@a"])] == [("a", "ambiguous", "context", at) for at in (0, 1)]


def test_an_exact_acronym_that_the_press_writes_two_ways_is_told_once() -> None:
    assert [path for path, _ in told({"a": {"name": "A", "aliases": ["ANSSI!"]}}, any=["@a"])] == [("a", "aliases", 0)]
    assert told({"a": {"name": "A", "aliases": ["ANSSI!", "Anssi!"]}}, any=["@a"]) == []


@pytest.mark.parametrize(
    ("keys", "context", "is_told"),
    [
        ({"any": ["alpha"]}, False, True),
        ({"any": ["alpha"]}, True, False),
        ({"any": ["@a"]}, False, False),
        ({"any": ["title:@a"]}, False, False),
        ({"near": {"terms": ["alpha", ["beta", "@a"]]}}, False, False),
        ({"any": ["alpha"], "none": ["@a"]}, False, False),
        ({"any": ["alpha"], "boost": {"lead:@a": 1}}, False, False),
        ({"query": "alpha OR @a"}, False, False),
    ],
)
def test_an_entity_that_no_watchlist_cites_is_told(keys: dict[str, Any], context: bool, is_told: bool) -> None:
    found = told({"a": {"name": "Aleph", "context": context}}, **keys)
    assert [path for path, _ in found] == ([("a",)] if is_told else [])


def test_an_entity_that_vouches_for_another_is_cited() -> None:
    named = {"a": {"name": "Aleph"}, "b": {"name": "Beth", "ambiguous": {"aliases": ["Beth!"], "context": ["@a"]}}}
    assert told(named, any=["@b"]) == []


def test_watchlists_that_look_for_the_same_are_told() -> None:
    terms = ["alpha", "beta", "gamma", "delta", "epsilon"]
    own = {"a": terms, "b": [*terms, "zeta"], "c": [*terms[:2], "eta"]}
    lists = {name: watchlist(name=name, any=looked_for) for name, looked_for in own.items()}
    (found,) = warnings(doubts(lists, {}))
    assert (found.file, found.path) == ("b", ("name",))
    assert "100\u00a0% ce que cherche déjà «\u00a0a\u00a0»" in found.message


# --- in time ---
def today(archive: Archive, **keys: Any) -> list[tuple[tuple[str | int, ...], str]]:
    return [(each.path, each.message) for each in warnings(doubts_today({"x": watchlist(**keys)}, TODAY, archive))]


def test_a_review_is_overdue_the_day_after() -> None:
    assert today(Archive(), any=["alpha"], review=TODAY) == []
    ((path, message),) = today(Archive(), any=["alpha"], review=date(2026, 11, 24))
    assert path == ("review",)
    assert "24/11/2026" in message


def test_a_common_word_that_suffices_is_told_while_the_archive_is_young() -> None:
    young = Archive(499)
    assert [path for path, _ in today(young, any=["santé", "alpha"])] == [("any", 0)]
    assert today(young, all=["santé", "alpha"]) == []
    assert today(young, any=[{"near": {"terms": ["santé", "alpha"]}}]) == []
    assert today(young, any=["alpha"], boost={"santé": 1}) == []
    assert [path for path, _ in today(young, any=["santé"], none=["alpha"])] == [("any", 0)]


def test_a_grown_archive_decides_what_is_common() -> None:
    archive = Archive(1_000, 30, {"alpha": 51, "santé": 50}, {"x": 51})
    found = today(archive, any=["santé", "alpha"])
    assert [path for path, _ in found] == [("any", 1), ()]
    assert "5\u00a0%" in found[0][1]


def test_a_watchlist_that_never_alerted_is_told_after_half_a_year() -> None:
    assert today(Archive(1_000, 179), any=["alpha"]) == []
    assert "aucune alerte en 180 jours" in today(Archive(1_000, 180), any=["alpha"])[0][1]
    assert today(Archive(1_000, 180, watchlists={"x": 1}), any=["alpha"]) == []


def test_a_survey_counts_articles_and_not_hits() -> None:
    built = compile_engine({"x": watchlist(any=["alpha"], boost={"beta": 1}, threshold=3)}, {})
    articles = [Article(title="alpha alpha"), Article(text="alpha beta"), Article(title="gamma")]
    assert survey(built, articles, 7) == Archive(3, 7, {"alpha": 2, "beta": 1}, {"x": 1})


HUB = {"hub": {"name": "Health Data Hub", "aliases": ["HDH!"]}}


@pytest.mark.parametrize(
    ("terms", "later", "earlier"),
    [
        (["fuite de données", "fuite de donnees"], 1, "fuite de données"),
        (["e-santé", "vol", "e santé"], 2, "e-santé"),
        (["numih", "Numih!"], 1, "numih"),
        (["vols", "=vols"], 1, "vols"),
        (["l'attaque", "l’Attaque"], 1, "l'attaque"),
        (["@hub", "Health Data Hub"], 1, "@hub"),
        (["health data hub", "@hub"], 1, "health data hub"),
        (["hdh", "@hub"], 1, "hdh"),
    ],
)
def test_a_term_spelt_like_another_of_its_list_is_told_with_both_places(
    terms: list[str], later: int, earlier: str
) -> None:
    (found,) = [each for each in told(HUB, any=terms) if "s'écrit comme" in each[1]]
    assert found[0] == ("any", later)
    assert f"«\u00a0{earlier}\u00a0» (any.0)" in found[1]
    engine = compile_engine({"x": watchlist(any=terms)}, entities(HUB))
    (match,) = engine.match(
        Article(title=f"Ici {'HDH' if earlier == 'hdh' else terms[later].strip('=!').replace('@hub', terms[0])}")
    )
    assert {hit.term for hit in match.hits} == {earlier}, "the other finds nothing there"


@pytest.mark.parametrize(
    "terms",
    [
        ["title:fuite", "fuite"],
        ["fuite", "fuites"],
        ["fuite*", "fuite"],
        ["vol", "vol de données"],
        ["fuite"] * 2,
        ["Numih!", "numih"],
        ["=vols", "vols"],
    ],
)
def test_a_term_in_another_place_or_with_other_forms_is_none(terms: list[str]) -> None:
    assert not [message for _, message in told(any=terms) if "s'écrit comme" in message]
