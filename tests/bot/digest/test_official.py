"""What an authority publishes is marked, and an act among it by a word of its own."""

import pytest

from bot.digest import render
from bot.digest.official import mark
from matchers.acts.act_roles import is_act
from matchers.model import Article
from tests.bot.digest.builders import WATCHLISTS, article, match

JORF = "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000049547447"


@pytest.mark.parametrize(
    ("title", "url", "word"),
    [
        ("Arrêté du 26 avril 2024 modifiant un autre", JORF, "🏛 acte"),
        ("Délibération n° 2025-013 du 13 février 2025", "https://www.cnil.fr/fr/deliberation", "🏛 acte"),
        ("La CNIL publie son bilan", "https://www.cnil.fr/fr/bilan", "source officielle"),
        ("Le décret n° 2026-272 est paru", "https://journal.example/1", ""),
    ],
)
def test_an_act_is_called_so_and_other_words_of_an_authority_are_not(title: str, url: str, word: str) -> None:
    assert mark(article(title=title, url=url, official=None), "fr") == word


def test_a_page_of_an_authority_that_opens_with_a_number_is_no_act() -> None:
    assert not is_act(Article(title="2023-146 : la CNIL répond", url="https://www.cnil.fr/fr/2023-146"))
    assert not is_act(Article(title="Projet de loi", url="https://www.senat.fr/dossier-legislatif/pjl26-12.html"))


def test_an_alert_says_that_it_is_the_act() -> None:
    told = article(title="Décret n° 2026-272 du 2 avril 2026", url=JORF)
    html = render.flash(told, [match(told)], WATCHLISTS, "fr", "Europe/Paris").html
    assert "\n🏛 acte\n" in f"{html}\n"
    other = article(title="Décret n° 2026-272 du 2 avril 2026", url="https://journal.example/1")
    assert "🏛" not in render.flash(other, [match(other)], WATCHLISTS, "fr", "Europe/Paris").html
