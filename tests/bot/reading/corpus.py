"""Forty-eight French pages of our own, in the layouts of institutions and of the trade press, with what they say.

Three stories in sixteen layouts. Around each article stand a menu, a ticker, cards, a newsletter and a biography, all
of which speak of Nimbora: a word that no article holds.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
STRANGER = "Nimbora"


@dataclass(frozen=True, slots=True)
class Told:
    """A story: what a page of it must give."""

    title: str
    author: str
    day: date
    paragraphs: tuple[str, ...]

    @property
    def french_day(self) -> str:
        number = "1er" if self.day.day == 1 else str(self.day.day)
        return f"{number} {MONTHS[self.day.month - 1]} {self.day.year}"


@dataclass(frozen=True, slots=True)
class Gold:
    """A page and what it says. `author` is None where the layout names nobody, `shown` counts readable paragraphs."""

    name: str
    html: bytes
    told: Told
    author: str | None
    wall: bool = False
    shown: int = 6


def _told(title: str, author: str, day: date, place: str, what: str, who: str) -> Told:
    sentences = (
        f"{place} confie {what} à un hébergeur certifié, au terme d’une consultation de onze mois.",
        f"{who} indique que la bascule se fera par lots, de la paie à l’imagerie, sans interruption de service.",
        f"Le marché court sur quatre ans et prévoit une clause de réversibilité pour {what}.",
        f"Les représentants du personnel de {place} demandent un calendrier détaillé et des formations.",
        f"Une première étape, menée au printemps, a porté sur les annuaires et sur les sauvegardes de {place}.",
        f"Selon {who}, aucune donnée ne quittera l’Espace économique européen pendant la durée du contrat.",
        f"Un comité suivra chaque lot et publiera son bilan, que {place} mettra en ligne.",
    )
    paragraphs = tuple(
        f"{sentences[n]} {sentences[(n + 2) % 7]} Point numéro {n + 1} du dossier de {place}." for n in range(6)
    )
    return Told(title, author, day, paragraphs)


STORIES = (
    _told("Valmorin choisit l’hébergeur de ses dossiers de santé", "Anne Lysandre", date(2026, 3, 4),
          "L’agglomération de Valmorin", "ses dossiers de santé", "Paul Roquebrune"),
    _told("Le groupement de Clairville change de prestataire informatique", "Étienne Marsac", date(2026, 11, 1),
          "Le groupement hospitalier de Clairville", "ses applications cliniques", "la direction du numérique"),
    _told("Port-Ivry : les archives médicales passent à un site certifié", "Salomé d’Hauterive", date(2026, 7, 12),
          "La ville de Port-Ivry", "ses archives médicales", "Inès Dubreuil"),
)  # fmt: skip

MENU = "<nav><ul><li><a href='/'>Accueil</a></li><li><a href='/n'>Nimbora en direct</a></li></ul></nav>"
TICKER = (
    "<div class='fil'><ul>" + "".join(
        f"<li><time datetime='2026-11-2{n}T09:00'>9 h</time> <a href='/f{n}'>Nimbora ouvre son {n}e centre</a></li>"
        for n in range(1, 5)
    ) + "</ul></div>"
)  # fmt: skip
CARDS = "".join(
    f"<div class='carte'><a href='/c{n}'><h3>Nimbora recrute, épisode {n}</h3></a><p>Le 1{n} mai 2021</p></div>"
    for n in range(4)
)
ALSO = (
    "<div><p><strong>À lire aussi</strong></p><ul><li><a href='/a1'>Nimbora et ses clients</a></li>"
    "<li><a href='/a2'>Nimbora, un an après</a></li></ul></div>"
)
LETTER = (
    "<div class='bloc'><h4>Recevez chaque matin notre lettre sur Nimbora</h4><form><input type='email'></form></div>"
)
COMMENTS = (
    "<section id='comments'>" + "".join(
        f"<div class='comment'><a href='/u{n}'>Lecteur {n}</a> <time datetime='2026-11-0{n + 2}'>hier</time>"
        f"<p>Je ne suis pas d’accord avec Nimbora : {'voilà tout ce que j’en pense, et je le redis. ' * 4}</p></div>"
        for n in range(6)
    ) + "</section>"
)  # fmt: skip
FOOTER = "<footer><p>Mentions légales · Accessibilité : partiellement conforme · Nimbora</p></footer>"


def _bio(told: Told) -> str:
    return f"<div><h4>À propos de l’auteur</h4><p>{told.author} suit Nimbora depuis dix ans.</p></div>"


def _paragraphs(told: Told, kept: int = 6, wrap: str = "<p>{}</p>") -> str:
    return "".join(wrap.format(paragraph) for paragraph in told.paragraphs[:kept])


def _page(told: Told, body: str, head: str = "", title: str = "") -> bytes:
    shown = title or f"{told.title} - Le Relais"
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{shown}</title>{head}</head>'
        f"<body>{body}</body></html>"
    ).encode()


def _ld(told: Told, **more: object) -> str:
    node = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": told.title,
        "datePublished": f"{told.day}T08:00:00+02:00", "author": {"@type": "Person", "name": told.author}, **more,
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def _spip(told: Told) -> Gold:
    body = (
        f"<div id='page'>{MENU}<div id='contenu'><div class='cartouche'><h1 class='titre'>{told.title}</h1>"
        f"<p class='info-publi'>Publié le {told.french_day}, par {told.author}</p></div>"
        f"<div class='texte'>{_paragraphs(told)}{ALSO}</div></div>"
        f"<div id='extra'><h2>Dans la même rubrique</h2>{CARDS}</div>{FOOTER}</div>"
    )
    return Gold("spip", _page(told, body), told, told.author)


def _drupal(told: Told) -> Gold:
    body = (
        f"{MENU}{TICKER}<main><article class='node'><h1>{told.title}</h1><div class='node__meta'>"
        f"<span>{told.french_day} à 14h05</span></div><div class='field--name-body'>{_paragraphs(told, 3)}{LETTER}"
        f"{_paragraphs(told)[len(_paragraphs(told, 3)) :]}</div></article></main><aside>{CARDS}</aside>{FOOTER}"
    )
    head = f'<meta name="dcterms.creator" content="{told.author}">'
    return Gold("drupal", _page(told, body, head), told, told.author)


def _typo3(told: Told) -> Gold:
    body = (
        f"{MENU}<div class='frame frame-default'><header><h1>{told.title}</h1></header>"
        f"<p class='news-list-date'><time datetime='{told.day}'>{told.day:%d.%m.%Y}</time></p>"
        f"<div class='ce-bodytext'>{_paragraphs(told)}</div></div><div class='frame'>{CARDS}</div>{FOOTER}"
    )
    return Gold("typo3", _page(told, body, title=f"Le Relais | {told.title}"), told, None)


def _wordpress(told: Told) -> Gold:
    body = (
        f"<header><h1 class='logo'><a href='/'>Le Relais</a></h1>{MENU}</header><main><article class='post'>"
        f"<h1 class='entry-title'>{told.title}</h1><div class='entry-meta'>Par <a rel='author' href='/x'>"
        f"{told.author}</a></div><div class='entry-content'>{_paragraphs(told)}{_bio(told)}</div></article>"
        f"{COMMENTS}</main>{FOOTER}"
    )
    head = (
        f'<meta property="article:published_time" content="{told.day}T07:30:00+00:00">'
        f'<meta property="og:title" content="{told.title}"><meta property="og:site_name" content="Le Relais">'
    )
    return Gold("wordpress", _page(told, body, head), told, told.author)


def _elementor(told: Told) -> Gold:
    widget = (
        "<div class='elementor-element elementor-widget elementor-widget-text-editor'>"
        "<div class='elementor-widget-container'><p>{}</p></div></div>"
    )
    body = (
        f"{MENU}<div class='elementor'><div class='elementor-widget'><h1>{told.title}</h1></div>"
        f"<div class='elementor-widget'><span>{told.french_day}</span></div>{_paragraphs(told, wrap=widget)}</div>"
        f"<div class='elementor-widget related-posts'><h2>Articles similaires</h2>{CARDS}</div>{FOOTER}"
    )
    return Gold("elementor", _page(told, body), told, None)


def _arc(told: Told) -> Gold:
    piece = "<section class='article-body-chunk'><p>{}</p></section><div class='pub'>Publicité</div>"
    body = (
        f"<div id='fusion-app'>{MENU}{TICKER}<main><h1>{told.title}</h1>{_paragraphs(told, wrap=piece)}"
        f"<div class='related'>{CARDS}</div></main>{FOOTER}</div>"
    )
    other = {"@type": "NewsArticle", "headline": "Nimbora lève des fonds", "datePublished": "2021-05-06", "url": "/n",
             "isAccessibleForFree": False, "author": "Nina Bora"}  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(other)}</script>{_ld(told, isAccessibleForFree=True)}'
    return Gold("arc", _page(told, body, head), told, told.author)


def _aspnet(told: Told) -> Gold:
    body = (
        f"<form id='aspnetForm' action='./a.aspx'><div id='header'>{MENU}</div><div id='ctl00_Contenu'>"
        f"<h1>{told.title}</h1><div class='date'>Mis en ligne le {told.day:%d/%m/%Y}</div>"
        f"{_paragraphs(told)}</div><div id='ctl00_Droite'>{CARDS}</div>{FOOTER}</form>"
    )
    return Gold("aspnet", _page(told, body), told, None)


def _authority(told: Told) -> Gold:
    body = (
        f"{MENU}<main><div class='ctn-gen-visuel'><h1>{told.title}</h1><div class='date-publication'>"
        f"<p>{told.french_day}</p></div></div><div class='ctn-gen-auto'>{_paragraphs(told)}"
        f"<div class='encart'><h2>Pour approfondir</h2><ul><li><a href='/d'>La fiche Nimbora</a></li>"
        f"<li><a href='/e'>Sanction : la décision Nimbora du 3 mai 2021</a></li></ul></div></div></main>{FOOTER}"
    )
    return Gold("authority", _page(told, body, title=f"{told.title} | Le Relais"), told, None)


def _agency(told: Told) -> Gold:
    body = (
        f"{MENU}<main id='content'><nav class='fr-breadcrumb'>Accueil</nav><h1 class='fr-h1'>{told.title}</h1>"
        f"<p class='fr-text--sm'>Publié le {told.french_day} - Mis à jour le 20 novembre 2026</p>"
        f"<div class='fr-container'>{_paragraphs(told)}</div><div class='fr-follow'>{LETTER}</div></main>{FOOTER}"
    )
    return Gold("agency", _page(told, body), told, None)


def _health(told: Told) -> Gold:
    body = (
        f"{MENU}<header class='hero'><h1>{told.title}</h1><ul class='tags'><li>Actualité</li><li>{told.french_day}</li>"
        f"</ul></header><div class='social-share'>{_paragraphs(told)}</div><div class='slider'>{CARDS}</div>{FOOTER}"
    )
    return Gold("health", _page(told, body), told, None)


def _official(told: Told) -> Gold:
    body = (
        f"{MENU}<main><h1>{told.title}</h1><p>Vu le décret du 26 février 2018 et l’arrêté du 3 mai 2021</p>"
        f"<div class='content-page'>{_paragraphs(told)}</div><p>Date de publication : {told.french_day}</p></main>"
        f"{FOOTER}"
    )
    return Gold("official", _page(told, body), told, None)


def _hospital(told: Told) -> Gold:
    body = (
        f"{MENU}<div class='container'><h2>Communiqué de presse</h2><h1>{told.title}</h1>"
        f"<p>Clairville, le {told.french_day}</p>{_paragraphs(told)}<p>Contact presse : 01 00 00 00 00</p></div>"
        f"{FOOTER}"
    )
    return Gold("hospital", _page(told, body), told, None)


def _microdata(told: Told) -> Gold:
    body = (
        f"{MENU}<div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>{told.title}</h1>"
        f"<meta itemprop='datePublished' content='{told.day}'><span itemprop='author' itemscope "
        f"itemtype='https://schema.org/Person'><span itemprop='name'>{told.author}</span></span>"
        f"<div itemprop='articleBody'>{_paragraphs(told)}</div></div><div itemscope "
        f"itemtype='https://schema.org/NewsArticle'><h3 itemprop='headline'><a href='/n'>Nimbora recule</a></h3>"
        f"<meta itemprop='datePublished' content='2021-05-06'></div>{FOOTER}"
    )
    return Gold("microdata", _page(told, body), told, told.author)


def _begun(told: Told) -> Gold:
    body = f"{MENU}<main><article><h1>{told.title}</h1>{_paragraphs(told)}</article></main>{FOOTER}"
    beginning = " ".join(told.paragraphs[:3])[:700] + "…"
    return Gold("begun", _page(told, body, _ld(told, articleBody=beginning)), told, told.author)


def _trade(told: Told) -> Gold:
    body = (
        f"{MENU}<main><article><p class='label'>Article réservé aux abonnés</p><h1>{told.title}</h1>"
        f"<p class='signature'>{told.author} - {told.french_day}</p>{_paragraphs(told, 2)}"
        "<div class='mur'><p>Pour lire la suite de cet article, <a href='/abo'>abonnez-vous</a>.</p>"
        "<p>À partir de 9,90 € par mois, sans engagement</p></div></article></main>"
        f"<div class='suite'><h2>Les plus lus</h2>{CARDS}</div>{FOOTER}"
    )
    return Gold("trade", _page(told, body), told, told.author, wall=True, shown=2)


def _shadow(told: Told) -> Gold:
    body = (
        f"{MENU}<x-article><template shadowrootmode='open'><h1>{told.title}</h1><p>Par {told.author}</p>"
        f"<time datetime='{told.day}'>{told.french_day}</time>{_paragraphs(told)}</template></x-article>"
        f"<template><p>{STRANGER} : ce gabarit n’est jamais montré, et surtout pas ici, à personne.</p></template>"
    )
    return Gold("shadow", _page(told, body), told, told.author)


LAYOUTS: tuple[Callable[[Told], Gold], ...] = (
    _spip, _drupal, _typo3, _wordpress, _elementor, _arc, _aspnet, _authority, _agency, _health, _official, _hospital,
    _microdata, _begun, _trade, _shadow,
)  # fmt: skip
PAGES = tuple(layout(told) for layout in LAYOUTS for told in STORIES)
