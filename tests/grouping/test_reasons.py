"""Why an article stands where it does, in words."""

import ast
import inspect
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import explain_article, explain_story
from bot.conversation.model import View
from bot.digest import living
from bot.ending import Stop
from bot.fate import judge
from bot.messages import texts
from bot.messages.markup import visible
from bot.tools import finding
from matchers.stories import vetoes
from matchers.stories.duplicates import passage
from matchers.stories.grouping import Looked, looked_at, near
from matchers.stories.topics import is_roundup
from storage.ids import ArticleId
from storage.stories.model import Decision
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, World, opened

DISPATCH = f"Nébulis obtient la qualification SecNumCloud. {prose('dépêche', 200)}"
TITLE = "Nébulis obtient la qualification SecNumCloud"
LEAD = "L’hébergeur nantais Nébulis a reçu de l’ANSSI la qualification SecNumCloud pour son offre."
RETELL = living.teller(ENGINE.watchlists)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


def why(world: World, number: int, language: texts.Language = "fr") -> str:
    facts = world.store.traces.of_article(ArticleId(number), None)
    return visible("\n".join(explain_story.lines(View(language, ENGINE.watchlists), facts)))


def test_a_copy_is_told_with_its_share_and_the_longest_passage(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.article(1, "Autre titre, SecNumCloud", f"{prose('début', 60)} {DISPATCH} {prose('fin', 60)}")
    told = why(world, 2)
    assert f"Texte repris\u00a0: 100\u00a0% du plus court des deux se retrouvent dans {TITLE}" in told
    assert "il en faut 20\u00a0%" in told
    assert "mots de suite\u00a0: «\u00a0Nébulis obtient la qualification SecNumCloud." in told
    assert "Text taken up: 100%" in why(world, 2, "en")


def test_an_own_text_of_the_same_event_is_told_with_what_was_near(world: World) -> None:
    world.article(0, TITLE, prose(0, 60), summary=LEAD)
    world.article(1, f"{TITLE}, notre article", prose(1, 60), summary=LEAD)
    first, second = why(world, 1), why(world, 2)
    assert "Texte à part" in first
    assert "Nouveau sujet\u00a0: rien d’assez proche" in first
    assert f"Rattaché à {TITLE}\u00a0: mêmes mots rares" in second
    assert "hébergeur, nantais" in second
    assert "le sujet (Nébulis) ne compte pas" in second


def test_a_follow_up_and_a_veto_are_told(world: World) -> None:
    world.article(
        0, "Medilia condamné pour avoir vanté SecNumCloud", "", summary="L’éditeur Medilia paiera une amende."
    )
    world.now += timedelta(days=5)
    lead = "L’éditeur Medilia conteste et fait appel de l’amende qu’il paiera."
    world.article(1, "Medilia conteste l’amende sur SecNumCloud", "", summary=lead, published=world.now)
    assert "mais sujet à part\u00a0: une autre étape du dossier" in why(world, 2)
    assert "another step of the dossier" in why(world, 2, "en")


def test_who_else_was_near_is_told_with_what_spoke_against_it(world: World) -> None:
    for n, name in enumerate(("Nébulis", "Cirrova")):
        lead = f"L’ANSSI a qualifié l’offre de {name}, pour trois ans."
        world.article(n, f"{name} obtient la qualification SecNumCloud", "", summary=lead)
    told = why(world, 2)
    assert "Gardé à part de Nébulis obtient la qualification SecNumCloud\u00a0: d’autres acteurs" in told
    assert "trop peu en commun" not in told
    assert "Aussi regardés" not in told, "it was told already"


def test_an_order_is_told_after_the_decisions(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.article(1, TITLE, DISPATCH)
    world.store.dossiers.split(ArticleId(2), 7, RETELL, world.now)
    told = why(world, 2).splitlines()
    assert "Même texte, mot pour mot" in told[0]
    assert told[-1].startswith("  Mis à part par un administrateur, mar. 24 nov.")
    world.store.dossiers.merge(ArticleId(1), ArticleId(2), 7, RETELL, world.now)
    assert "Réuni à ce sujet par un administrateur" in why(world, 2)


def test_the_chat_and_the_terminal_are_told_the_same(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.article(1, TITLE, DISPATCH)
    facts = world.store.traces.of_article(ArticleId(2), None)
    told = visible(explain_article.told(View("fr", ENGINE.watchlists), judge(facts, ENGINE)).html)
    out = io.StringIO()
    assert finding.fate(world.store.database.path, "2", ENGINE, out) == 0
    with pytest.raises(Stop):
        finding.fate(world.store.database.path, "99", ENGINE, out)
    for text in (told, out.getvalue()):
        assert "Même texte, mot pour mot\u00a0: Nébulis obtient" in text


def refusals() -> set[str]:
    """Every word that matchers/stories/vetoes.py refuses a story by."""
    tree = ast.parse(inspect.getsource(vetoes))
    deciding = [each for each in tree.body if getattr(each, "name", "") in ("veto", "_other_deed", "against")]
    returned = [node.value for each in deciding for node in ast.walk(each) if isinstance(node, ast.Return)]
    words = [node for each in returned if each for node in ast.walk(each) if isinstance(node, ast.Constant)]
    return {node.value for node in words if isinstance(node.value, str)}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"kind": 300_000}, "la même sorte de fait"),
        ({"kinds": 693_147}, "la même sorte de fait"),
        ({"act": 1_000_000, "kind": 300_000}, "le même acte officiel"),
        ({"kind": -1_000_000}, "rien en commun hors du sujet"),
    ],
)
@pytest.mark.parametrize("rule", ["score", "doubt"])
def test_what_speaks_for_one_event_without_a_word_is_named(
    world: World, rule: str, parts: dict[str, int], said: str
) -> None:
    world.article(0, TITLE, DISPATCH)
    numbers = {"words": [], "subject": ["@nebulis"], "near": near([Looked(1, 5)]), **parts}
    reason = Decision("story" if rule == "score" else "new", rule, 1, numbers, "", world.now)
    facts = replace(world.store.traces.of_article(ArticleId(1), None), reasons=(reason,))
    assert said in visible("\n".join(explain_story.lines(View("fr", ENGINE.watchlists), facts)))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_rule_has_its_words(language: texts.Language) -> None:
    view = View(language, ENGINE.watchlists)
    fallback = explain_story.veto(view, "dossier")
    for rule in refusals():
        assert explain_story.veto(view, rule) != fallback, rule
    assert explain_story.veto(view, "window") != fallback
    assert is_roundup("Revue de presse du 3 mars")


def test_the_longest_passage_is_told_as_it_is_written() -> None:
    assert (
        passage("Un, deux, TROIS quatre ; cinq six", "zéro deux trois Quatre cinq sept") == "deux, TROIS quatre ; cinq"
    )
    assert passage("", "un deux") == passage("un", "deux") == ""
    long = prose("a", 2_000)
    assert passage(long, f"{prose('b', 500)} {long[5_000:6_000]}").split()[1:-1] == long[5_000:6_000].split()[1:-1]


def test_the_stories_near_are_read_as_they_were_written() -> None:
    looked = (Looked(3, 250_000), Looked(4, 90_000, "actors"))
    assert looked_at({"near": near(looked)}) == looked
    assert looked_at({}) == ()
