"""A wall is known by its sentence, and what closes something else is none."""

import json

import pytest

from bot.reading.page import read_page
from bot.reading.walls import says, trim
from tests.bot.reading.pages import BODY, MENU, PARAGRAPHS, TEXT, ld, page

WALLS = (
    "Ce contenu vous est réservé si vous êtes abonné",
    "Cet article fait partie de l’édition abonnés",
    "Offrez-vous la suite de cette enquête",
    "Profitez de cet article en intégralité en vous abonnant",
    "Poursuivez votre lecture : essai gratuit pendant 30 jours",
    "Plus que quelques lignes. Abonnez-vous pour continuer",
    "Votre abonnement a expiré",
    "Le contenu entier est disponible dans l’édition papier",
    "Cette dépêche est réservée aux clients du service",
    "Article complet accessible sur abonnement",
    "Lire l’article complet sur l’édition numérique (abonnés)",
    "Cet article est réservé aux abonnés",
    "Pour lire la suite de cet article, abonnez-vous",
    "Abonnez-vous pour lire la suite",
    "Connectez-vous pour lire la suite de l’article",
    "Ce contenu est accessible uniquement aux abonnés",
    "La suite de cet article est réservée à nos abonnés",
    "Cet article n'est accessible qu'aux abonnés",
    "Vous devez être abonné pour lire l’intégralité de cet article",
    "Il vous reste 75 % de cet article à lire.",
    "Vous avez lu 20 % de cet article",
    "Inscrivez-vous gratuitement pour continuer votre lecture",
    "Créez un compte pour accéder à l'article complet",
    "Identifiez-vous pour consulter ce document",
    "Afin de poursuivre votre lecture, connectez-vous",
    "Vous avez atteint votre limite d’articles gratuits ce mois-ci",
    "L'intégralité de cet article est disponible pour nos abonnés",
    "L'accès à cet article est réservé aux abonnés de la lettre",
    "Devenez adhérent pour lire la suite",
    "La lecture de cet article est réservée aux abonné·es.",
    "Cette enquête est réservée à nos abonné(e)s",
    "Le reste de l’article est réservé aux abonnés",
    "Cet article est payant",
    "Envie de lire la suite ?",
    "Débloquez cet article",
    "Accédez à l’intégralité de cet article en vous abonnant",
    "Lisez la suite de cet article en vous connectant",
    "Il vous reste 1 200 mots à lire",
    "Pas encore abonné ? Lisez cet article pour 1 €",
    "Cet article fait partie de notre offre abonnés",
    "Retrouvez l’intégralité de cet entretien dans notre magazine",
    "Vous devez être abonné pour lire cette dépêche",
    "Pour continuer la lecture, identifiez-vous ou demandez un essai",
    "Cette étude est réservée aux membres du cercle",
    "Cet article est réservé aux personnes abonnées",
    "L’accès à l’intégralité de ce dossier requiert une inscription",
    "Le texte complet est consultable dans l’espace abonnés",
    "Seuls nos adhérents peuvent consulter cette fiche",
    "Abonnement requis",
    "Cette note est accessible aux seuls adhérents",
    "Votre quota d’articles gratuits est atteint",
    "Terminez votre lecture en ouvrant un compte",
    "[85 % reste à lire]",
    "Plus que 900 mots à lire",
    "Vous n’avez pas accès à ce contenu",
    "Cette synthèse est en accès réservé",
    "Inscrivez-vous, c’est gratuit, et poursuivez votre lecture",
    "Essayez gratuitement pendant un mois pour lire cet article",
)
FREE = (
    "Réagissez à cet article (réservé aux membres inscrits)",
    "Offre réservée à nos inscrits",
    "Réservé aux utilisateurs connectés",
    "Commentaires réservés aux abonnés",
    "Abonnez-vous pour recevoir la newsletter",
    "Connectez-vous pour commenter cet article",
    "Cet article, initialement réservé aux abonnés, est en accès libre",
    "Cet article vous est offert par un abonné",
    "Inscrivez-vous à notre newsletter pour lire la suite de l'actualité",
    "L'accès aux données est réservé aux professionnels habilités",
    "Ce document est accessible aux membres du comité",
    "« Cet article est réservé aux abonnés »",
    "Webinaire réservé aux adhérents",
    "Ce contenu est réservé aux professionnels de santé",
    "La lettre est réservée aux abonnés",
    "Il vous reste 3 jours pour répondre",
    "Ce dispositif est réservé aux adhérents de la centrale d’achat",
    "L’accès au service nécessite un abonnement de douze mois",
    "Ce contenu est bloqué car vous avez refusé les cookies",
    "Consultez la version intégrale du rapport sur le site de l’agence",
    "Créez un compte pour suivre ce sujet",
    "Cet article fait partie d’une série de cinq",
    "Retrouvez la suite de nos échanges dans notre salon",
    "Lisez aussi nos enquêtes pour comprendre le marché à 300 M€",
)
LABELS = (
    "Article réservé aux abonnés",
    "Réservé aux abonnés",
    "🔒 Article abonnés",
    "Article payant",
    "Contenu premium",
    "Réservé à nos abonnés numériques. Essayez un mois pour 1 €",
    "Article exclusivement réservé aux abonnés de la revue",
)


def article(after: str = "", before: str = "", kept: int = 8) -> bytes:
    shown = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:kept])
    return page(f"{MENU}<main><article>{before}<h1>Valmorin choisit son hébergeur</h1>{shown}{after}</article></main>")


@pytest.mark.parametrize("line", WALLS)
def test_a_sentence_that_closes_the_article_is_a_wall(line: str) -> None:
    assert says(line)
    assert read_page(article(f"<div><p>{line}</p></div>", kept=2)).wall
    assert read_page(article(f"<div><a href='/abo'>{line}</a></div>", kept=2)).wall


@pytest.mark.parametrize("line", FREE)
def test_a_sentence_that_closes_something_else_is_none(line: str) -> None:
    assert not says(line)
    assert not read_page(article(f"<div><p>{line}</p></div>")).wall


@pytest.mark.parametrize("label", LABELS)
def test_a_label_counts_beside_the_title_and_not_in_a_card(label: str) -> None:
    cards = "".join(
        f"<li class='carte'><a href='/{n}'>Un autre sujet, numéro {n}</a><p>{label}</p></li>" for n in range(4)
    )
    assert read_page(article(before=f"<p>{label}</p>", kept=2)).wall
    assert not read_page(article(f"<ul>{cards}</ul>")).wall


@pytest.mark.parametrize("line", WALLS[:6])
def test_an_article_that_speaks_of_walls_goes_on_around_them(line: str) -> None:
    half = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert not read_page(page(f"<article>{half}<p>{line}, lit-on partout.</p>{half}</article>")).wall


@pytest.mark.parametrize(
    ("head", "wall"),
    [
        (ld(isAccessibleForFree=False), True),
        (ld(isAccessibleForFree="http://schema.org/False"), True),
        (ld(isAccessibleForFree=True), False),
        (ld(hasPart={"@type": "Article", "isAccessibleForFree": False, "url": "https://exemple.fr/b"}), False),
        (ld(hasPart={"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".coffre"}), True),
        (ld(isAccessibleForFree=False, hasPart={"isAccessibleForFree": False, "cssSelector": ".texte"}), False),
        ('<meta name="content_tier" content="locked">', True),
        ('<meta property="article:content_tier" content="metered">', False),
        ('<meta property="article:content_tier" content="free">', False),
    ],
)
def test_data_close_a_page_unless_it_shows_what_they_close(head: str, wall: bool) -> None:
    assert read_page(page(f"<article class='texte'>{BODY}</article>", head)).wall is wall


def test_microdata_close_a_page() -> None:
    closed = "<meta itemprop='isAccessibleForFree' content='False'><h1 itemprop='headline'>Valmorin</h1>"
    article = f"<article itemscope itemtype='https://schema.org/NewsArticle'>{closed}{BODY}</article>"
    assert read_page(page(article)).wall


def test_a_metered_page_that_shows_its_beginning_is_partial() -> None:
    head = '<meta property="article:content_tier" content="metered">'
    assert read_page(page(f"<article><p>{PARAGRAPHS[0]}</p></article>", head)).wall


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Lire aussi : Nimbora lève 3 millions", False),
        (">> Lire : Nimbora lève 3 millions", False),
        ("→ À lire également : Nimbora lève 3 millions", False),
        ("Voir aussi notre dossier : Nimbora, le cloud", False),
        ("► Relire notre enquête : Nimbora", False),
        ("Lire la décision : elle vise Nimbora", True),
        ("À relire l’avis de la CNIL, rien ne change.", True),
    ],
)
def test_a_line_that_leads_to_another_article_is_left_out(line: str, stays: bool) -> None:
    assert (line in trim(f"Un paragraphe.\n{line}\nUn autre paragraphe.", wall=False)) is stays


_BODY_AS_DATA = f'<meta itemprop="articleBody" content="{TEXT}">'
_CLOSES = "<p>La suite de cet article est réservée aux abonnés.</p>"


@pytest.mark.parametrize(
    ("head", "kept_back"),
    [
        (ld(articleBody=TEXT, isAccessibleForFree=False), ""),
        (ld(articleBody=TEXT), ""),
        ("", f"<div style='display:none'>{BODY}</div>"),
        ("", f"<section style='visibility: hidden'>{BODY}</section>"),
        ("", f"<div hidden>{BODY}</div>"),
        ("", f"<dialog>{BODY}</dialog>"),
        ("", f"<template>{BODY}</template>"),
        ("", f"<noscript>{BODY}</noscript>"),
        ("", f'<div itemscope itemtype="https://schema.org/NewsArticle">{_BODY_AS_DATA}</div>'),
    ],
)
def test_what_a_wall_keeps_from_readers_is_not_read(head: str, kept_back: str) -> None:
    shown = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:3])
    closed = read_page(page(f"<article><h1>Valmorin</h1>{shown}{_CLOSES}{kept_back}</article>", head))
    assert closed.wall
    assert PARAGRAPHS[2] in closed.text
    assert PARAGRAPHS[-1] not in closed.text + closed.ld_body


def test_what_scripts_would_show_to_subscribers_is_not_read() -> None:
    data = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"body": TEXT})}</script>'
    closed = read_page(page(f'<div id="__next"><h1>Valmorin</h1>{_CLOSES}</div>{data}'))
    assert (closed.wall, closed.problem) == (True, None)
    assert PARAGRAPHS[-1] not in closed.text


def test_what_an_open_page_unfolds_is_read() -> None:
    folded = f"<p>{PARAGRAPHS[0]}</p><div style='display:none'>{BODY}</div>"
    assert PARAGRAPHS[-1] in read_page(page(f"<article><h1>Valmorin</h1>{folded}</article>")).text
