"""A back-test says what matching every article twice would say."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article, Difference
from matchers.trials.backtest import Lists, judge, sides, tally
from tests.matchers.builders import ENTITIES, entities, watchlist

WORDS = [
    "Bleu",
    "cloud",
    "alpha",
    "beta",
    "Orange",
    "Bank",
    "Les",
    "Bleus",
    "delta",
    "HDS",
    "certifié",
    ",",
    "et",
    "de",
]


def lists(written: Mapping[str, Mapping[str, Any]], named: Mapping[str, Any] = ENTITIES) -> Lists:
    return Lists({name: watchlist(**keys) for name, keys in written.items()}, entities(named))


def engine(made: Lists) -> Engine:
    return compile_engine(made.watchlists, made.entities)


def articles(count: int, seed: int) -> list[Article]:
    draw = random.Random(seed)
    return [
        Article(str(number), *(" ".join(draw.choices(WORDS, k=draw.randrange(12))) for _ in range(3)))
        for number in range(count)
    ]


def one(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, title: str) -> Difference | None:
    """The change that one watchlist makes of one title."""
    compared = sides(lists({"x": before} if before else {}), lists({"x": after} if after else {}))
    ((_, _, change, _),) = judge(compared, Article("7", title))
    return change


EDITS: list[tuple[str, dict[str, dict[str, Any]], dict[str, dict[str, Any]], dict[str, Any]]] = [
    ("nothing", {"x": {"any": ["alpha"]}}, {"x": {"any": ["alpha"]}}, ENTITIES),
    (
        "a term",
        {"x": {"any": ["alpha"]}, "y": {"any": ["beta"]}},
        {"x": {"any": ["alpha", "@bleu"]}, "y": {"any": ["beta"]}},
        ENTITIES,
    ),
    ("an exclusion", {"x": {"any": ["alpha"]}}, {"x": {"any": ["alpha"], "none": ["delta"]}}, ENTITIES),
    ("a threshold", {"x": {"any": ["alpha"]}}, {"x": {"any": ["alpha"], "threshold": 5}}, ENTITIES),
    ("a new list and one less", {"x": {"any": ["alpha"]}}, {"z": {"any": ["beta"]}}, ENTITIES),
    (
        # the list is the same, and yet an entity that it does not name swallows one that it does
        "another entity",
        {"x": {"any": ["@bleu", "@orange"]}},
        {"x": {"any": ["@bleu", "@orange"]}},
        {**ENTITIES, "new": {"name": "Bleu cloud"}, "bank": {"name": "et Orange"}},
    ),
]


@pytest.mark.parametrize(("before", "after", "named"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_counts_and_changes_are_those_of_matching_everything_twice(
    before: dict[str, Any], after: dict[str, Any], named: dict[str, Any]
) -> None:
    old, new, texts = lists(before), lists(after, named), articles(400, seed=5)
    for only in (None, *{*before, *after}):
        compared = sides(old, new, only)
        told = tally(compared.names, (judge(compared, article) for article in texts))
        for name in {*before, *after}:
            was, is_now = kept(engine(old), texts, name), kept(engine(new), texts, name)
            if name not in told:
                assert was == is_now or only
                continue
            assert (told[name].before, told[name].after) == (len(was), len(is_now))
            changes = told[name].changes
            assert [change.article for change in changes if change.gained] == [i for i in is_now if i not in was]
            assert [change.article for change in changes if not change.gained] == [i for i in was if i not in is_now]
            assert all(change.terms and change.reason for change in changes)


def kept(engine: Engine, texts: Iterable[Article], name: str) -> list[str]:
    return [article.id for article in texts if name in {match.watchlist for match in engine.match(article)}]


@pytest.mark.parametrize(
    ("before", "after", "title", "terms", "reason"),
    [
        ({"any": ["alpha"]}, {"any": ["alpha", "beta"]}, "Un beta", ("beta",), "+3 beta, titre, «\u00a0beta\u00a0»"),
        ({"any": ["alpha", "beta"]}, {"any": ["alpha"]}, "Un beta", ("beta",), "ne compte plus\u00a0: beta"),
        (
            {"any": ["alpha"]},
            {"any": ["alpha"], "none": ["delta"]},
            "alpha delta",
            ("none, exclu par\u00a0: delta, titre",),
            "none, exclu par\u00a0: delta, titre",
        ),
        (
            {"any": ["alpha"]},
            {"any": ["alpha"], "threshold": 5},
            "alpha",
            ("score 3, seuil 5\u00a0: il manque 2 points",),
            "score 3, seuil 5\u00a0: il manque 2 points",
        ),
        (
            {"any": [{"near": {"terms": ["alpha", "beta"], "within": 5}}]},
            {"any": [{"near": {"terms": ["alpha", "beta"], "within": 1}}]},
            "alpha un deux beta",
            ("near, au plus près à 2 mots (1 permis)",),
            "near, au plus près à 2 mots (1 permis)",
        ),
        (None, {"any": ["alpha"]}, "alpha", ("alpha",), "+3 alpha, titre, «\u00a0alpha\u00a0»"),
        ({"any": ["alpha"]}, None, "alpha", ("alpha",), "veille supprimée"),
        (
            {"any": ["alpha"], "threshold": 5},
            {"any": ["alpha"]},
            "alpha",
            ("+3 alpha, titre, «\u00a0alpha\u00a0»",),
            "+3 alpha, titre, «\u00a0alpha\u00a0»",
        ),
    ],
)
def test_a_change_names_the_terms_and_the_reason(
    before: dict[str, Any] | None, after: dict[str, Any] | None, title: str, terms: tuple[str, ...], reason: str
) -> None:
    change = one(before, after, title)
    assert change is not None
    assert (change.article, change.title, change.watchlist) == ("7", title, "x")
    assert (change.terms, change.reason) == (terms, reason)


def test_without_another_side_everything_counts_on_both() -> None:
    new, texts = lists({"x": {"any": ["alpha"]}}), articles(50, seed=6)
    told = tally("x", (judge(sides(None, new), article) for article in texts))
    assert told["x"].before == told["x"].after == len(kept(engine(new), texts, "x")) > 0
    assert told["x"].changes == []


def test_a_list_of_which_only_the_wording_changed_is_the_same() -> None:
    before, after = {"any": ["alpha"], "question": "Quoi ?"}, {"any": ["alpha"], "question": "Qui ?"}
    assert sides(lists({"x": before}), lists({"x": after})).names == ()


FLASH = {"any": ["alpha"], "level": "flash"}
NEWS = {**FLASH, "news": {"words": ["obtient"]}}
PASSING = "Rien ici. " * 60 + "On y nomme alpha. Puis " + "rien encore. " * 60


@pytest.mark.parametrize(
    ("before", "after", "article", "kinds", "reason"),
    [
        (FLASH, FLASH, Article(title="alpha"), [], ""),
        ({"any": ["alpha"]}, FLASH, Article(title="alpha"), ["rings"], "sonne"),
        (FLASH, {"any": ["alpha"]}, Article(title="alpha"), ["silent"], "sonnerait en flash"),
        (FLASH, NEWS, Article(title="alpha"), ["silent"], "aucun fait de news"),
        (FLASH, NEWS, Article(title="alpha obtient un label"), [], ""),
        (NEWS, FLASH, Article(title="alpha"), ["rings"], "sonne"),
        (FLASH, {**FLASH, "none": ["beta"]}, Article(title="alpha beta"), ["silent"], "n’est plus retenu"),
        ({"any": ["beta"]}, FLASH, Article(title="alpha"), ["rings"], "sonne"),
        (None, FLASH, Article(title="alpha"), ["rings"], "sonne"),
        (FLASH, None, Article(title="alpha"), ["silent"], "n’est plus retenu"),
        (
            FLASH,
            {**FLASH, "any": ["alpha", "beta"]},
            Article(title="Un beta", text=PASSING),
            ["rings", "subject"],
            "titre",
        ),
        (
            {**FLASH, "any": ["alpha", "beta"]},
            FLASH,
            Article(title="Un beta", text=PASSING),
            ["silent", "mention"],
            "loin",
        ),
        (FLASH, {"any": ["alpha"], "level": "flash", "threshold": 9}, Article(title="beta", text=PASSING), [], ""),
    ],
)
def test_what_would_ring_and_what_is_only_named_is_told(
    before: dict[str, Any] | None, after: dict[str, Any] | None, article: Article, kinds: list[str], reason: str
) -> None:
    compared = sides(lists({"x": before} if before else {}), lists({"x": after} if after else {}), "x")
    turns = tally(compared.names, [judge(compared, article)])["x"].turns
    assert [turn.kind for turn in turns] == kinds
    assert not turns or reason in turns[-1].reason
