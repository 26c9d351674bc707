from typing import Any

import pytest

from matchers.trials.lint import build
from matchers.watchlists.watchlist import json_schema, read_watchlist
from tests.matchers.builders import ENTITIES, entities, lint, said, watchlist


def errors(entries: dict[str, Any] | None = None, **keys: Any) -> list[tuple[tuple[str | int, ...], str]]:
    return said(lint({"x": watchlist(**keys)}, entities(entries or {})))


def test_a_sound_configuration_has_no_error() -> None:
    examples = {"match": ["Le Health Data Hub", {"title": "x", "text": "alpha"}], "ignore": ["Rien"]}
    found = lint({"x": watchlist(any=["@hdh", "alpha"], examples=examples)}, entities(ENTITIES))
    assert said(found) == []


def test_two_names_as_near_are_both_proposed() -> None:
    known = {name: {"name": name, "kind": "org"} for name in ("cnil", "cnll", "anssi")}
    ((_, message),) = errors(known, any=["@cnill"])
    assert message.endswith("vouliez-vous «\u00a0@cnil\u00a0» ou «\u00a0@cnll\u00a0»\u00a0?"), "what begins alike first"
    ((_, message),) = errors(known, any=["@ansi"])
    assert message.endswith("vouliez-vous «\u00a0@anssi\u00a0»\u00a0?")


def test_what_is_proven_is_not_looked_at_again_and_keeps_its_warnings() -> None:
    lists = {"x": watchlist(any=["alpha"], examples={"match": ["beta"]}), "y": watchlist(any=["beta"])}
    first = build({"y": lists["y"]}, {})
    assert {problem.file for problem in first.problems} == {"y"}
    assert build(lists, {}, {"y": first.problems}).engine is None, "x has an example that fails"
    again = build(lists, {}, {"x": (), "y": first.problems})
    assert again.problems == first.problems
    assert again.engine is not None
    assert set(again.engine.watchlists) == {"x", "y"}


@pytest.mark.parametrize(
    ("keys", "path", "words"),
    [
        ({"any": ["@hdz"]}, ("any", 0), "@hdh"),
        ({"any": ["~heberge"]}, ("any", 0), "~héberger"),
        ({"any": ["..."]}, ("any", 0), "aucune lettre"),
        ({"any": []}, ("any",), "vide"),
        ({}, (), "bloc est vide"),
        ({"all": ["alpha", {"any": []}]}, ("all", 1, "any"), "vide"),
        ({"at_least": {"n": 3, "of": ["a", "b"]}}, ("at_least", "n"), "2 éléments"),
        ({"near": {"terms": ["alpha"]}}, ("near", "terms"), "deux termes"),
        ({"near": {"terms": ["alpha", []]}}, ("near", "terms", 1), "vide"),
        ({"near": {"terms": ["alpha", ["@hdz"]]}}, ("near", "terms", 1, 0), "inconnue"),
        ({"none": ["alpha"]}, (), "tous les articles"),
        ({"any": ["alpha"], "none": ["alphas"]}, ("none", 0), "exclu"),
        ({"all": ["données de santé"], "none": ["santé"]}, ("none", 0), "exclu"),
        ({"all": [{"all": ["HDS!"]}], "none": ["HDS!"]}, ("none", 0), "exclu"),
        ({"near": {"terms": ["@hdh", "beta"]}, "none": ["@hdh"]}, ("none", 0), "exclu"),
        ({"any": ["alpha"], "threshold": 9}, ("threshold",), "8"),
        ({"any": ["alpha"], "boost": {"@hdz": 1}}, ("boost", "@hdz"), "inconnue"),
        ({"any": ["alpha"], "examples": {"match": ["beta"]}}, ("examples", "match", 0), "devrait alerter"),
        ({"any": ["alpha"], "threshold": 4, "examples": {"match": ["alpha"]}}, ("examples", "match", 0), "score 3"),
        ({"any": ["alpha"], "examples": {"ignore": ["alpha"]}}, ("examples", "ignore", 0), "ne devrait pas"),
    ],
)
def test_a_wrong_watchlist_is_told_where_and_why(keys: dict[str, Any], path: tuple[str | int, ...], words: str) -> None:
    found = errors({"hdh": {"name": "Health Data Hub"}}, **keys)
    assert any(words in message for where, message in found if where == path)


def test_a_title_exclusion_leaves_the_rest_possible() -> None:
    assert errors(any=["alpha"], none=["title:alpha"]) == []
    assert errors(any=["alpha"], none=["alpha!", {"any": ["beta"]}]) == []
    assert errors(any=[{"near": {"terms": ["alpha", "beta"]}}, {"at_least": {"n": 1, "of": ["alpha"]}}]) == []


@pytest.mark.parametrize(
    ("entry", "path", "words", "severity"),
    [
        ({"name": "A B", "aliases": ["@b"]}, ("a", "aliases", 0), "alias d'une autre", "error"),
        ({"name": "A B", "aliases": ["regex:ab+"]}, ("a", "aliases", 0), "ne nomment une entité", "error"),
        ({"name": "A B", "not": ["source:Le Fil"]}, ("a", "not", 0), "ne nomment une entité", "error"),
        ({"name": "...", "aliases": ["b"]}, ("a", "name"), "aucune lettre", "error"),
        ({"name": "HDS", "not": ["HDS+"]}, ("a", "not", 0), "alias", "warning"),
        (
            {"name": "M 365", "ambiguous": {"aliases": ["M 365"], "context": ["M"]}},
            ("a", "ambiguous", "context", 0),
            "ne prouve rien",
            "warning",
        ),
        (
            {"name": "Alpha", "ambiguous": {"aliases": ["Alpha!"], "context": ["@b"]}},
            ("a", "ambiguous", "context", 0),
            "inconnue",
            "error",
        ),
    ],
)
def test_a_doubtful_entity_is_told(
    entry: dict[str, Any], path: tuple[str | int, ...], words: str, severity: str
) -> None:
    found = {problem.path: problem for problem in lint({}, entities({"a": entry}))}
    assert words in found[path].message
    assert found[path].severity == severity


def test_doubtful_terms_are_warnings() -> None:
    found = lint({"x": watchlist(any=["SNDS", "ab*", "CNIL"])}, {})
    assert [problem.path for problem in found] == [("any", 0), ("any", 1), ("examples",), ("examples",)]
    assert {problem.severity for problem in found} == {"warning"}


@pytest.mark.parametrize(
    ("keys", "path", "words"),
    [
        ({"any": [False]}, ("any", 0), "guillemets"),
        ({"any": [None]}, ("any", 0), "rien"),
        ({"any": [3.2]}, ("any", 0), "3.2"),
        ({"any": [{"title": "x"}]}, ("any", 0), "title:x"),
        ({"any": [{"lead": "x"}]}, ("any", 0), "lead:x"),
        ({"near": {"terms": ["a", {"b": 1}]}}, ("near", "terms", 1), "bloc"),
        ({"near": {"terms": ["a", "b"], "within": 101}}, ("near", "within"), "100"),
        ({"any": [["x"]]}, ("any", 0), "terme"),
        ({"anyy": ["x"]}, ("anyy",), "inconnue"),
        ({"level": "vite"}, ("level",), "flash"),
        ({"threshold": 0}, ("threshold",), "au moins 1"),
        ({"at_least": {"n": 1}}, ("at_least", "of"), "manque"),
        ({"name": ""}, ("name",), "vide"),
    ],
)
def test_a_wrong_shape_is_told_in_french(keys: dict[str, Any], path: tuple[str | int, ...], words: str) -> None:
    found = dict(said(read_watchlist("x", {"name": "x", **keys})))
    assert words in found[path]


def test_editors_get_a_schema() -> None:
    assert "any" in json_schema("watchlist")["properties"]
    assert "$defs" in json_schema("entities")
