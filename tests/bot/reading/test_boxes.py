"""Boxes inside an article are left out, whatever they are nested in; what the article lists itself stays."""

import pytest

from bot.reading.page import read_page
from tests.bot.reading.pages import BODY, PARAGRAPHS, page

LINKS = "".join(f"<li><a href='/{n}'>Nimbora, numéro {n}</a></li>" for n in range(3))
LABELS = (
    "À lire aussi", "Lire aussi :", "A lire également", "Sur le même sujet", "Dans la même rubrique",
    "Articles similaires",
    "Articles du même auteur", "Les plus lus", "Nos derniers articles", "Dernières actualités", "Pour aller plus loin",
    "Ces articles pourraient vous intéresser", "Vous aimerez aussi", "Contenus associés",
    "En savoir plus", "Voir aussi",
    "Actualités récentes", "À découvrir également",
)  # fmt: skip
NESTED = (
    "<div class='x'><h3>{label}</h3><ul>{links}</ul></div>",
    "<div><div><p><strong>{label}</strong></p></div><div><ul>{links}</ul></div></div>",
    "<h3>{label}</h3><ul>{links}</ul>",
    "<p>{label}</p><ul>{links}</ul>",
    "<section><header><h2>{label}</h2></header><div><div>{links}</div></div></section>",
    "<blockquote><span>{label}</span><br>{links}</blockquote>",
)


def text(box: str) -> str:
    half = len(BODY) // 2
    at = BODY.index("<p>", half)
    return read_page(page(f"<main><article><h1>Valmorin</h1>{BODY[:at]}{box}{BODY[at:]}</article></main>")).text


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("nested", NESTED, ids=range(len(NESTED)))
def test_a_box_of_other_articles_is_left_out(label: str, nested: str) -> None:
    found = text(nested.format(label=label, links=LINKS))
    assert "Nimbora" not in found
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in found] == []


@pytest.mark.parametrize(
    "box",
    [
        "<div><h4>À propos de l’auteur</h4><p>Anne Lys suit Nimbora depuis dix ans.</p></div>",
        "<div class='author-bio'><img src='a'><p>Anne Lys, ancienne de Nimbora, écrit sur la santé depuis dix ans et "
        "anime un podcast.</p></div>",
        "<section class='bio'><p>Anne Lys a dirigé Nimbora.</p></section>",
        "<blockquote class='embed'><a href='/n'>Nimbora et la protection des données</a></blockquote>",
        "<h3>L’auteur</h3><p>Anne Lys vient de chez Nimbora.</p>",
        "<div><p>Recevez chaque matin l’actualité de Nimbora</p><form><input type='email'></form></div>",
        "<div><h3>Newsletter</h3><p>Tout Nimbora, une fois par semaine.</p><form><input name='mail'></form></div>",
        "<p><em>Lire notre enquête : <a href='/n'>Nimbora, le cloud et nous</a></em></p>",
        "<p><b>[Vidéo]</b> <a href='/n'>Nimbora expliqué en trois minutes</a></p>",
        "<p><strong>LIRE AUSSI. </strong><a href='/n'>Nimbora, le cloud et nous</a></p>",
        "<p><strong>Sur le même sujet :</strong> <a href='/n'>Nimbora en trois dates</a></p>",
        "<p>EN IMAGES. <a href='/n'>Le siège de Nimbora</a></p>",
        "<p>🎧 À écouter : <a href='/n'>le balado de Nimbora</a></p>",
        "<div><p>Publi-rédactionnel</p><a href='/n'>Nimbora présente son offre</a></div>",
        "<div><form><label>Nimbora par courriel</label><input type='email' name='e'></form></div>",
    ],
)
def test_who_wrote_it_and_what_may_be_subscribed_to_are_left_out(box: str) -> None:
    found = text(box)
    assert "Nimbora" not in found
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in found] == []


def test_cards_without_a_label_are_left_out() -> None:
    cards = "".join(f"<div class='c'><h3><a href='/{n}'>Nimbora, n° {n}</a></h3><p>Hier</p></div>" for n in range(4))
    assert "Nimbora" not in text(f"<div>{cards}</div>")


@pytest.mark.parametrize(
    "listed",
    [
        "<p>Les prestataires qualifiés sont les suivants.</p><ul><li>Nimbora, qualifié en 2028</li>"
        "<li>Cirrova, qualifié en 2027 pour ses deux sites</li></ul>",
        "<table><tr><td>Nimbora, numéro 1</td><td>qualifié</td></tr><tr><td>Nimbora, 2</td><td>non</td></tr></table>",
        "<p>À lire aussi dans ce dossier, que Nimbora a rendu public : une étude de cent pages sur l’hébergement.</p>",
        "<p>Lire entre les lignes : <a href='/r'>le rapport</a>, que Nimbora conteste, ne dit rien de ses coûts.</p>",
        "<p>Dossier : Nimbora et <a href='/c'>ses clients</a> publics, que la chambre a contrôlés deux ans.</p>",
        "<blockquote>Nimbora, écrit-elle, tient <a href='/p'>sa promesse</a>.</blockquote>",
        "<h2>Nimbora en savait plus</h2><p>La direction de l’hôpital l’a appris en lisant le rapport de l’agence.</p>",
    ],
)
def test_what_the_article_lists_or_says_itself_stays(listed: str) -> None:
    assert "Nimbora" in text(listed)
