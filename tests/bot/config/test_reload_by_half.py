"""What is tried again after a change of entities.yaml is enough: the verdict is that of a folder read anew."""

from pathlib import Path

import pytest

from bot.config.configuration import Configuration
from bot.config.folder import load
from matchers.trials import retry
from matchers.watchlists.watchlist import EntitiesFile, WatchlistFile
from tests.matchers.builders import entities, watchlist

LISTS = {
    "bleu": "any: ['@bleu']\nexamples:\n  match: ['Bleu, la co-entreprise de Capgemini']\n  ignore: ['Les Bleus']",
    "orange": "any: ['@orange']\nexamples:\n  match: ['Orange Business recrute']\n  ignore: ['vigilance orange']",
    "autre": "any: [souveraineté]\nexamples:\n  match: ['La souveraineté']\n  ignore: ['Rien de tel']",
    "mixte": "all: ['@bleu', offre]\nexamples:\n  match: ['Bleu et Orange : une offre de cloud']",
}
BEFORE = """
bleu: {name: Bleu, ambiguous: {aliases: [Bleu!], context: [Capgemini, cloud, '@orange'], within: 25}, not: [Les Bleus]}
orange: {name: Orange, aliases: [Orange Business], not: [vigilance orange]}
seul: {name: Tout Seul}
"""
CHANGES = {
    "an alias less": ("aliases: [Orange Business]", "aliases: []"),
    "an alias more, that hides another": ("name: Tout Seul", "name: Tout Seul, aliases: [Bleu et Orange]"),
    "a phrase that denies": ("not: [Les Bleus]", "not: [Les Bleus, 'Bleu, la']"),
    "a context less": ("context: [Capgemini, cloud, '@orange']", "context: [opérateur]"),
    "another name": ("name: Tout Seul", "name: Tout Seulement"),
    "an entity more": ("seul:", "neuf: {name: co-entreprise}\nseul:"),
    "an entity less": ("seul: {name: Tout Seul}\n", ""),
    "an entity that a list names, gone": ("orange: {name", "rouge: {name"),
}


def written(at: Path, entries: str) -> Path:
    (at / "watchlists").mkdir(parents=True, exist_ok=True)
    (at / "feeds.yaml").write_text("feeds:\n  - url: https://exemple.fr/rss\n", "utf-8")
    (at / "entities.yaml").write_text(entries, "utf-8")
    for name, text in LISTS.items():
        (at / "watchlists" / f"{name}.yaml").write_text(f"name: {name}\nthreshold: 1\n{text}\n", "utf-8")
    return at


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_entities_is_judged_as_if_all_were_read_anew(tmp_path: Path, change: str) -> None:
    first = load(written(tmp_path, BEFORE))
    assert isinstance(first, Configuration), first
    one, other = CHANGES[change]
    assert one in BEFORE
    at = written(tmp_path, BEFORE.replace(one, other))
    again, anew = load(at, first), load(at)
    told = [each.problems if isinstance(each, Configuration) else each for each in (again, anew)]
    assert [type(again), told[0]] == [type(anew), told[1]]
    if isinstance(again, Configuration) and isinstance(anew, Configuration):
        assert again.engine.watchlists == anew.engine.watchlists
        assert again.engine.patterns == anew.engine.patterns
        assert again.engine.plans == anew.engine.plans
        assert again.engine.terms == anew.engine.terms
        assert again.engine.wanted == anew.engine.wanted
        assert again.engine.entities == anew.engine.entities


def test_what_speaks_of_no_changed_entity_is_not_compiled_again(tmp_path: Path) -> None:
    first = load(written(tmp_path, BEFORE))
    again = load(
        written(tmp_path, BEFORE.replace("aliases: [Orange Business]", "aliases: [Orange Business, OBS!]")), first
    )
    assert isinstance(first, Configuration)
    assert isinstance(again, Configuration)
    kept = {name for name, plan in again.engine.plans.items() if plan is first.engine.plans[name]}
    assert kept == {"bleu", "autre", "mixte"}


def test_a_list_more_or_less_is_compiled_with_all_others(tmp_path: Path) -> None:
    first = load(written(tmp_path, BEFORE))
    at = written(tmp_path, BEFORE.replace("name: Tout Seul", "name: Tout Seulement"))
    (at / "watchlists" / "autre.yaml").unlink()
    (at / "watchlists" / "neuve.yaml").write_text("name: neuve\nthreshold: 1\nany: [neuf, '@seul']\n", "utf-8")
    again, anew = load(at, first if isinstance(first, Configuration) else None), load(at)
    assert isinstance(again, Configuration), again
    assert isinstance(anew, Configuration), anew
    assert (again.engine.plans, again.engine.terms) == (anew.engine.plans, anew.engine.terms)


def test_only_what_a_changed_name_stands_in_is_tried_again() -> None:
    lists = {name: WatchlistFile.model_validate(watchlist(any=["x"], examples=said).model_dump(by_alias=True))
             for name, said in {"a": {"match": ["Bleu et Capgemini", "Rien"], "ignore": ["Les Bleus"]},
                                "b": {"match": ["Azure"]}}.items()}  # fmt: skip
    before = entities()
    after = EntitiesFile.model_validate({"bleu": {"name": "Bleu Nuit"}}).root
    assert retry.concerned(lists, {"bleu": before["bleu"]}, after) == {("a", "match", 0), ("a", "ignore", 0)}
