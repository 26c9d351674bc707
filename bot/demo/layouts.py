"""Article pages in the manners of four content systems, with all that surrounds a text on a real site. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.demo.press import Outlet, Story

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
COOKIES = (
    "Nous utilisons des cookies pour mesurer l'audience. Vous pouvez accepter et continuer, "
    "ou continuer sans accepter. Nos partenaires respectent vos choix."
)


@dataclass(frozen=True, slots=True)
class PageLink:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the content of a page: the menu, the « à lire aussi » box, and the address of the page itself."""

    outlet: Outlet
    home: PageLink
    menu: tuple[PageLink, ...]
    box: tuple[PageLink, ...]
    address: str


def article(story: Story, frame: Frame) -> bytes:
    """The page of an article, in the charset of its outlet."""
    match frame.outlet.layout:
        case "wordpress":
            body = _wordpress(story, frame)
        case "spip":
            body = _spip(story, frame)
        case "drupal":
            body = _drupal(story, frame)
        case "bare":
            body = _bare(story, frame)
        case _:
            assert_never(frame.outlet.layout)
    return _document(story.title, _article_head(story, frame), body, frame.outlet)


def listing(title: str, links: Sequence[PageLink], frame: Frame) -> bytes:
    """A home page or a section: a menu and a list of links."""
    head = f'<link rel="canonical" href="{escape(frame.address)}">\n'
    rows = "\n".join(f"<li>{_anchor(link)}</li>" for link in links)
    body = f"<nav>{_menu(frame)}</nav>\n<h1>{escape(title)}</h1>\n<ul>\n{rows}\n</ul>\n{_footer(frame)}"
    return _document(title, head, body, frame.outlet)


def _document(title: str, head: str, body: str, outlet: Outlet) -> bytes:
    page = (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}">\n<head>\n<meta charset="{outlet.charset}">\n'
        f"<title>{escape(title)} - {escape(outlet.name)}</title>\n{head}"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return page.encode(outlet.charset, "xmlcharrefreplace")


def _article_head(story: Story, frame: Frame) -> str:
    lines = [
        f'<link rel="canonical" href="{escape(frame.address)}">',
        f'<meta property="og:title" content="{escape(story.title)}">',
        f'<meta property="og:site_name" content="{escape(frame.outlet.name)}">',
        f'<meta name="description" content="{escape(story.summary)}">',
        f'<meta property="article:published_time" content="{story.published.astimezone(PARIS).isoformat()}">',
    ]
    if frame.outlet.json_ld or story.paywall:
        lines.append(f'<script type="application/ld+json">{_json_ld(story, frame)}</script>')
    return "\n".join(lines) + "\n"


def _json_ld(story: Story, frame: Frame) -> str:
    value: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.summary,
        "datePublished": story.published.astimezone(PARIS).isoformat(),
        "mainEntityOfPage": frame.address,
        "author": {"@type": "Person", "name": story.author or "La rédaction"},
        "publisher": {"@type": "Organization", "name": frame.outlet.name},
        "isAccessibleForFree": not story.paywall,
    }
    # ASCII only, and no closing tag inside the script
    return json.dumps(value).replace("</", "<\\/")


def _wordpress(story: Story, frame: Frame) -> str:
    return (
        f'<div id="cookie-law-info-bar" class="cookie-notice"><span>{COOKIES}</span></div>\n'
        f'<header class="site-header"><p class="site-title">{_anchor(frame.home)}</p>\n'
        f'<nav class="main-navigation"><ul class="menu">{_items(frame.menu)}</ul></nav></header>\n'
        f'<div id="content" class="site-content"><main id="main"><article class="post type-post hentry">\n'
        f'<header class="entry-header"><h1 class="entry-title">{escape(story.title)}</h1>\n'
        f'<div class="entry-meta">{_byline(story)}</div></header>\n'
        f'<div class="entry-content">\n{_lede(story)}\n{_body(story)}\n</div>\n'
        f'<footer class="entry-footer"><div class="sharedaddy">Partager\u00a0: courriel, imprimer</div></footer>'
        f"</article>\n"
        f'<div class="related-posts"><h3>À lire aussi</h3><ul>{_items(frame.box)}</ul></div></main>\n'
        f'<aside class="widget-area"><h2>Les plus lus</h2><ul>{_items(frame.box)}</ul></aside></div>\n{_footer(frame)}'
    )


def _spip(story: Story, frame: Frame) -> str:
    return (
        f'<div id="page"><div id="entete"><div id="nom_site_spip">{_anchor(frame.home)}</div></div>\n'
        f'<div id="nav" class="menu-liste"><ul>{_items(frame.menu)}</ul></div>\n'
        f'<div id="conteneur"><div id="contenu"><div class="cartouche"><h1 class="titre">{escape(story.title)}</h1>\n'
        f'<p class="info-publi">{_byline(story)}</p></div>\n'
        f'<div class="chapo">{_lede(story)}</div>\n'
        f'<div class="texte surlignable">\n{_body(story)}\n</div></div></div>\n'
        f'<div id="extra" class="menu articles"><h2>Dans la même rubrique</h2><ul>{_items(frame.box)}</ul></div>\n'
        f'<div id="bandeau-cookies">{COOKIES}</div>\n{_footer(frame)}</div>'
    )


def _drupal(story: Story, frame: Frame) -> str:
    return (
        f'<div class="dialog-off-canvas-main-canvas"><header role="banner">{_anchor(frame.home)}\n'
        f'<nav role="navigation" class="block-menu"><ul>{_items(frame.menu)}</ul></nav></header>\n'
        f'<main role="main"><div class="region region-content"><article class="node node--type-actualite">\n'
        f'<h1 class="page-title">{escape(story.title)}</h1><div class="node__meta">{_byline(story)}</div>\n'
        f'<div class="field field--name-field-chapo">{_lede(story)}</div>\n'
        f'<div class="field field--name-body field--type-text-with-summary">\n{_body(story)}\n</div></article></div>\n'
        f'<aside class="region region-sidebar"><div class="views-block"><h2>À lire aussi</h2>'
        f"<ul>{_items(frame.box)}</ul></div></aside></main>\n"
        f'<div class="eu-cookie-compliance-banner">{COOKIES}</div>\n{_footer(frame)}</div>'
    )


def _bare(story: Story, frame: Frame) -> str:
    related = " · ".join(_anchor(link) for link in frame.box)
    return (
        f"<p>{_menu(frame)}</p>\n<h1>{escape(story.title)}</h1>\n<p><em>{_byline(story)}</em></p>\n"
        f"{_lede(story)}\n{_body(story)}\n<hr>\n<p>À lire aussi\u00a0: {related}</p>\n{_footer(frame)}"
    )


def _lede(story: Story) -> str:
    return f"<p><strong>{escape(story.summary)}</strong></p>"


def _body(story: Story) -> str:
    shown = story.paragraphs[:1] if story.paywall else story.paragraphs
    text = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in shown)
    return f"{text}\n{_wall()}" if story.paywall else text


def _wall() -> str:
    return (
        '<div class="article-restreint"><p>Cet article est réservé aux abonnés.</p>\n'
        "<p>Il vous reste 80\u00a0% de cet article à lire.</p>\n"
        "<p>Abonnez-vous à partir de 1\u00a0€ le premier mois, sans engagement.</p>\n"
        "<p>Déjà abonné\u00a0? Connectez-vous à votre compte.</p></div>"
    )


def _byline(story: Story) -> str:
    local = story.published.astimezone(PARIS)
    author = f"Par {escape(story.author)}, " if story.author else ""
    return f'{author}<time datetime="{local.isoformat()}">le {_french(local)}</time>'


def _french(local: datetime) -> str:
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day} {MONTHS[local.month - 1]} {local.year} à {local.hour}\u00a0h\u00a0{local.minute:02}"


def _anchor(link: PageLink) -> str:
    return f'<a href="{escape(link.href)}">{escape(link.text)}</a>'


def _items(links: Sequence[PageLink]) -> str:
    return "".join(f"<li>{_anchor(link)}</li>" for link in links)


def _menu(frame: Frame) -> str:
    return " | ".join(_anchor(link) for link in (frame.home, *frame.menu))


def _footer(frame: Frame) -> str:
    return (
        f"<footer><p>{escape(frame.outlet.name)}, titre imaginé pour la démonstration de Vigie. "
        f"{escape(frame.outlet.tagline)}</p><p>Mentions légales · Contact · Gérer mes cookies</p></footer>"
    )
