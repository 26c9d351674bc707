"""A reader says once what his trade is: an act that says to concern others does not ring, and is not lost."""

from dataclasses import replace

import pytest

from bot.conversation import explain_article
from bot.conversation.model import View
from bot.digest.compose import flashes
from bot.digest.official import concerns
from bot.fate import judge
from bot.messages.callback_data import Press
from matchers.acts.publics import PUBLIC_ROLES
from storage.articles.model import StoredArticle
from storage.chats.model import Subscription
from storage.stories.model import ArticleTrace
from tests.bot.conversation.world import READER, World, rules
from tests.bot.digest.builders import WATCHLISTS, article, chat, follower, match
from tests.bot.digest.telegram_html import read

JORF = "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000049547447"


def act(concerned: str, after: str = " · Entrée en vigueur : demain, aux hébergeurs aussi") -> StoredArticle:
    summary = f"Ministère de la santé · NOR : TSSD2325104A · Concerne : {concerned}{after}"
    return article(title="Décret n° 2026-272 du 2 avril 2026", url=JORF, summary=summary)


@pytest.mark.parametrize(
    ("concerned", "role", "holds"),
    [
        ("établissements de santé", "", True),
        ("établissements de santé", "etablissement", True),
        ("établissements de santé", "hebergeur", False),
        ("établissements de santé", "journaliste", True),
        ("tout public", "hebergeur", True),
        ("établissements de santé " + "publics, " * 40, "hebergeur", True),
    ],
)
def test_an_act_concerns_whom_it_names_and_everybody_where_it_names_nobody(
    concerned: str, role: str, holds: bool
) -> None:
    assert concerns(act(concerned), role) is holds


def test_press_concerns_everybody_and_so_does_an_act_that_says_nothing() -> None:
    told = act("communes")
    assert concerns(article(title=told.title, url="https://journal.example/1", summary=told.summary), "editeur")
    assert concerns(article(title=told.title, url=JORF, summary="Ministère de la santé"), "editeur")


def test_what_concerns_others_rings_nowhere_and_waits_for_the_digest() -> None:
    told = act("établissements de santé, SecNumCloud", after="")
    found = match(told, "secnumcloud", level="flash")
    assert flashes(told, [found], follower("secnumcloud")) == (found,)
    assert flashes(told, [found], follower("secnumcloud", role="hebergeur")) == ()
    assert flashes(told, [found], follower("secnumcloud", role="etablissement")) == (found,)
    assert chat(role="hebergeur").role == "hebergeur"


def test_who_asks_why_an_act_did_not_ring_is_told_that_his_trade_is_another() -> None:
    told = act("établissements de santé, SecNumCloud", after="")
    found = match(told, "secnumcloud", level="flash")
    followed = (Subscription("secnumcloud", None, 0),)
    facts = ArticleTrace(article=told, matches=(found,), followed=("secnumcloud",))
    reader = View("fr", WATCHLISTS, chat(role="hebergeur"), followed)
    line = "cet acte dit viser d’autres métiers que le vôtre (hébergeur, infogérant)"
    for view, said in ((reader, True), (replace(reader, chat=chat(role="etablissement")), False)):
        answer = explain_article.told(view, judge(facts, rules()))
        assert (line in read(answer.html).text) == said


async def test_the_role_is_set_and_said(world: World) -> None:
    await world.says("/start")
    await world.presses(Press("g", "r", "hebergeu"))
    assert "Métier\u00a0: hébergeur, infogérant." in read(world.screen.edited[-1][2].html).text
    assert world.chat(READER).role == "hebergeur"
    await world.says("/reglages")
    assert any("Métier\u00a0: hébergeur" in key.text for row in world.screen.shown[-1][1].buttons for key in row)
    await world.presses(Press("g", "r", "all"))
    assert world.chat(READER).role == ""


@pytest.mark.parametrize("value", ["roi", "0", "hebergeo"])
async def test_a_forged_role_sets_nothing(world: World, value: str) -> None:
    await world.says("/start")
    await world.presses(Press("g", "r", value))
    assert world.chat(READER).role == ""


async def test_every_role_has_its_button(world: World) -> None:
    await world.says("/start")
    for role in PUBLIC_ROLES:
        await world.presses(Press("g", "r", role[:8]))
        assert world.chat(READER).role == role
