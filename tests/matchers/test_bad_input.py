"""What a user or a page may throw at matching: one clear problem at its place, or a right answer."""

from typing import Any

import pytest

from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.trials.lint import build
from matchers.watchlists.watchlist import read_watchlist
from tests.matchers.builders import engine, entities, lint, match, said, spans, watchlist


def test_a_term_of_one_letter_is_a_whole_word() -> None:
    assert spans(engine(any=["O!"]), "Cédric O, Orange, H2O et l’O") == ["O", "O"]
    assert spans(engine(any=["à"]), "De A à Z") == ["A", "à"]


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"any": []}, ("any",)),
        ({"all": [{"any": []}]}, ("all", 0, "any")),
        ({"near": {"terms": []}}, ("near", "terms")),
        ({"at_least": {"n": 1, "of": []}}, ("at_least", "of")),
        ({"none": ["alpha"]}, ()),
        ({"any": [{"none": ["alpha"]}]}, ()),
        ({"all": [{"none": ["alpha"]}, {"none": ["beta"]}]}, ()),
        ({"at_least": {"n": 1, "of": ["alpha", {"none": ["beta"]}]}}, ()),
        ({"any": ["@personne"]}, ("any", 0)),
        ({"any": ["", " ", "…"]}, ("any", 0)),
        ({"at_least": {"n": 2, "of": ["alpha", "alpha"]}}, ("at_least", "n")),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(keys: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = said(lint({"x": watchlist(**keys)}, entities({})))
    assert path in [where for where, _ in found]
    assert build({"x": watchlist(**keys)}, entities({})).engine is None


def test_a_required_term_beside_a_refused_one_is_a_gate() -> None:
    assert said(lint({"x": watchlist(at_least={"n": 2, "of": ["alpha", {"none": ["beta"]}]})}, {})) == []


def test_entities_may_vouch_for_each_other_in_a_circle() -> None:
    circle = entities(
        {
            "a": {"name": "Alpha", "ambiguous": {"aliases": ["Alpha!"], "context": ["@b"]}},
            "b": {"name": "Beta", "aliases": ["Betacorp"], "ambiguous": {"aliases": ["Beta!"], "context": ["@a"]}},
        }
    )
    assert said(lint({"x": watchlist(any=["@a", "@b"])}, circle)) == []
    built = compile_engine({"x": watchlist(any=["@a", "@b"])}, circle)
    assert spans(built, "Alpha et Beta") == []
    assert spans(built, "Alpha et Betacorp") == ["Alpha", "Betacorp"]


def test_blocks_as_deep_as_a_file_may_go_are_read() -> None:
    block: dict[str, Any] = {"any": ["alpha"]}
    for _ in range(40):
        block = {"all": [block]}
    assert match(engine(**block), "alpha") is not None


def test_ten_thousand_terms_are_one_watchlist_like_another() -> None:
    terms = [f"=x{number} y{number}" for number in range(10_000)]
    built = compile_engine({"x": watchlist(any=terms)}, {})
    assert spans(built, "Le x9999 y9999 et le x5 «\u00a0y5\u00a0»") == ["x9999 y9999", "x5 «\u00a0y5"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Bleu et le cloud, puis Les Bleus de Capgemini. ",
        "Bleu " + "mot " * 30 + "cloud " + "mot " * 30,
        "Un Bleu, une Orange ; ",
        "alpha «\u00a0beta\u00a0» (alpha) ",
        "e\u0301\u00ad  \ud800\u200b",
    ],
)
def test_a_long_article_full_of_doubtful_names_is_read_to_its_end(sentence: str) -> None:
    built = engine(any=["@bleu", "fin"], none=["alpha beta gamma"], near={"terms": ["@orange", "alpha", "fin"]})
    lists = {"x": built, "y": engine(any=["fin du texte"], boost={"@bleu": 1})}
    text = sentence * (150_000 // len(sentence.encode("utf-8", "replace"))) + " fin du texte"
    assert spans(lists["y"], text=text)[-1] == "fin du texte"
    assert built.match(Article(text=text)) == ()


def test_lone_surrogates_anywhere_are_read() -> None:
    title = "\udc00 Le \ud800SNDS\udfff et la pla\u0302t\ud83d"
    assert spans(engine(any=["SNDS!"]), title) == ["SNDS"]
    assert said(lint({"x": watchlist(any=["\ud800"])}, {}))[0][0] == ("any", 0)


def test_an_article_without_title_or_without_anything_is_read() -> None:
    built = engine(any=["alpha"])
    assert spans(built, summary="alpha") == spans(built, text="alpha") == ["alpha"]
    assert built.match(Article()) == ()
    assert built.match(Article(title="\u200b", summary=" ", text="\u0301")) == ()


@pytest.mark.parametrize("value", [None, [], "alpha", 3, {"any": {"a": 1}}, {"name": "x", "any": [[["x"]]]}])
def test_a_file_of_another_shape_is_told_and_never_crashes(value: object) -> None:
    assert said(read_watchlist("x", value))
