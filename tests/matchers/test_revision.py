"""What of a revision is told: a figure, a decision, a term; never its typography."""

import pytest

from matchers.model import Article, Hit, Match, Point
from matchers.stories.revision import Worded, facts, news

SILENT = (
    ("Fuite de donnees chez Medilia", "Fuite de données chez Medilia"),
    ("L'hôpital d'Armor victime d'une cyberataque", "L’hôpital d’Armor victime d’une cyberattaque"),
    ("CYBERATTAQUE À L'HÔPITAL : 1500 PATIENTS", "Cyberattaque à l’hôpital : 1 500 patients"),
    ("1 500 patients touchés", "1.500 patients touchés"),
    ("1\u202f500 patients touchés", "1500 patients touchés"),
    ("1\u00a0500 patients touchés", "1'500 patients touchés"),
    ("Amende de 1,5 million d’euros", "Amende de 1 500 000 euros"),
    ("Amende de 1,5 M€", "Une amende de 1,5 million d'euros"),
    ("Amende de 40 k€", "Amende de 40 000 euros"),
    ("15% des hôpitaux", "15 % des hôpitaux"),
    ("15 pour cent des hôpitaux", "15 % des hôpitaux"),
    ("Deux hôpitaux touchés", "2 hôpitaux touchés"),
    ("Vingt-deux hôpitaux touchés", "22 hôpitaux touchés"),
    ("Quatre-vingt-dix sites", "90 sites"),
    ("Deux cent mille dossiers", "200 000 dossiers"),
    ("Vingt et un dossiers", "21 dossiers"),
    ("La Cnil rejette la demande de Medilia", "La Cnil refuse la demande de Medilia"),
    ("Nébulis obtient SecNumCloud", "Nébulis décroche SecNumCloud"),
    ("La Cnil suspend Medilia", "Medilia suspendu par la Cnil"),
    ("Medilia n’est pas autorisé par la Cnil", "La Cnil n’a pas autorisé Medilia"),
    ("Panne : le point mardi 24 novembre à 9h30", "Panne : le point mercredi 25 novembre à 18 h"),
    ("Panne (mis à jour le 24/11/2026)", "Panne (mis à jour le 25/11/2026)"),
    ("Le budget de la Cnil", "Le budget 2026 de la Cnil"),
    ("SecNumCloud 3.2 : mode d’emploi", "SecNumCloud 3.2, le mode d’emploi"),
    ("Cyberattaque : 1 500 patients touchés", "Cyberattaque à l’hôpital d’Armor"),
    ("SecNumCloud : amande pour Medilia", "SecNumCloud : amende pour Medilia"),
    ("La Cnil supsend Medilia", "La Cnil suspend Medilia"),
    ("Un hôpital touché", "L’hôpital touché"),
    ("La 5G dans les hôpitaux", "La 4G dans les hôpitaux"),
    ("Le standard A320 retenu", "Le standard A321 retenu"),
    ("", "Amende de 3 millions"),
)
TOLD = (
    ("1 500 patients touchés", "2 000 patients touchés", {"figure:2000": "2 000"}),
    ("15 % des hôpitaux", "25 % des hôpitaux", {"figure:25": "25"}),
    ("Amende de 1,5 M€", "Amende de 2,5 M€", {"figure:2500000": "2,5 M"}),
    ("Amende de 3 millions", "Amende de 3 milliards", {"figure:3000000000": "3 milliards"}),
    ("Deux hôpitaux touchés", "Trois hôpitaux touchés", {"figure:3": "Trois"}),
    ("SecNumCloud 3.1 publié", "SecNumCloud 3.2 publié", {"figure:3.2": "3.2"}),
    ("Noyau 5.10.1 corrigé", "Noyau 5.10.2 corrigé", {"figure:5.10.2": "5.10.2"}),
    ("SAN-2026-001 : sanction", "SAN-2026-002 : sanction", {"act:cnil:SAN-2026-002": "SAN-2026-002"}),
    ("Cyberattaque à l’hôpital", "Cyberattaque à l’hôpital : 1 500 patients", {"figure:1500": "1 500"}),
    ("La Cnil autorise l’entrepôt", "La Cnil suspend l’entrepôt", {"decision:suspend:yes": "suspend"}),
    ("La Cnil autorise l’entrepôt", "La Cnil n’a pas autorisé l’entrepôt", {"decision:grant:no": "n’a pas autorisé"}),
    ("La Cnil autorise l’entrepôt", "La Cnil refuse l’entrepôt", {"decision:refuse:yes": "refuse"}),
    ("Nébulis pourrait perdre son visa", "Nébulis perd son visa", {"decision:withdraw:yes": "perd"}),
    ("Nébulis perd son visa", "Nébulis pourrait perdre son visa", {"decision:withdraw:maybe": "pourrait perdre"}),
    ("La Cour rejette le recours", "La Cour annule la décision", {"decision:annul:yes": "annule"}),
    ("Le Sénat adopte le texte", "Le Sénat rejette le texte", {"decision:refuse:yes": "rejette"}),
    ("Le décret entre en vigueur", "Le décret repoussé", {"decision:delay:yes": "repoussé"}),
    ("Suspension de Nébulis", "Levée de la suspension de Nébulis", {"decision:lift:yes": "Levée de la suspension"}),
    ("Nébulis qualifié SecNumCloud", "Nébulis retiré du catalogue", {"decision:withdraw:yes": "retiré"}),
    ("Medilia condamné", "Medilia relaxé", {"decision:clear:yes": "relaxé"}),
    ("Medilia relaxé", "MEDILIA CONDAMNÉ", {"decision:punish:yes": "CONDAMNÉ"}),
    ("Le traitement autorisé", "Le traitement interdit", {"decision:forbid:yes": "interdit"}),
    ("Amende de Medilia confirmée", "Amende de Medilia annulée", {"decision:annul:yes": "annulée"}),
    ("Nébulis candidat à un label", "Nébulis rachète un label", {"decision:buy:yes": "rachète"}),
)


def revised(title: str, new: str, lead: str = "", new_lead: str = "", text: str = "") -> dict[str, str]:
    before = Worded(Article(title=title, summary=lead, text=text))
    return news(before, Worded(Article(title=new, summary=new_lead)), ())


@pytest.mark.parametrize(("old", "new"), SILENT)
def test_typography_dates_and_other_words_for_the_same_are_silent(old: str, new: str) -> None:
    assert revised(old, new) == {}


@pytest.mark.parametrize(("old", "new", "told"), TOLD)
def test_a_figure_or_a_decision_that_changes_is_told(old: str, new: str, told: dict[str, str]) -> None:
    assert revised(old, new) == told


@pytest.mark.parametrize(("title", "_", "told"), TOLD)
def test_what_is_the_same_after_a_fold_is_the_same(title: str, _: str, told: dict[str, str]) -> None:
    assert facts(title).keys() == facts(title.upper().replace(" ", "\u00a0")).keys()
    assert told


def test_a_lead_that_says_something_else_is_told() -> None:
    old, new = "Selon la Cnil, 1 500 patients sont touchés.", "Selon la Cnil, 2 000 patients sont touchés."
    assert revised("Fuite", "Fuite", old, new) == {"figure:2000": "2 000"}
    assert revised("Fuite", "Fuite", old, new, text="On parle de 2 000 patients.") == {}, "the text had told it"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "La Cnil suspend 1 500 comptes."),
        ("La Cnil suspend", "La Cnil suspend 1 500 comptes et en annule 300."),
        ("La Cnil suspend 1 500 comptes et en annule 300.", "La Cnil suspend 1 500"),
    ],
)
def test_a_lead_that_comes_or_is_cut_elsewhere_is_no_revision(old: str, new: str) -> None:
    assert revised("Fuite", "Fuite", old, new) == {}


def seen(*terms: str, field: str = "title") -> Match:
    hits = tuple(Hit(term, None, field, 0, 1, term) for term in terms)  # type: ignore[arg-type]
    points = tuple(Point("term", term, 1, title=1) for term in terms)
    return Match("essai", 1, 1, "flash", "000000", True, points, hits)


def test_a_term_of_a_watchlist_that_appears_is_told_to_who_follows_it() -> None:
    old = Worded(Article(title="Nébulis candidat"), (seen("Nébulis"),))
    new = Worded(Article(title="Nébulis candidat à SecNumCloud"), (seen("Nébulis", "SecNumCloud"),))
    assert news(old, new, ["essai"]) == {"term:SecNumCloud": "SecNumCloud"}
    assert news(old, new, ["autre"]) == {}
    assert news(old, Worded(new.article, (seen("SecNumCloud", field="text"),)), ["essai"]) == {}


def test_a_term_that_stood_in_the_article_is_no_news() -> None:
    new = Worded(Article(title="SecNumCloud : Nébulis"), (seen("SecNumCloud"),))
    assert news(Worded(Article(title="Nébulis", text="… secnumcloud …")), new, ["essai"]) == {}
    assert news(Worded(Article(title="Nébulis"), (seen("SecNumCloud"),)), new, ["essai"]) == {}
