"""A page gives its article, and neither its menu nor its promises."""

import json
from datetime import UTC, datetime

import pytest

from bot.feeds.dates import Dated
from bot.reading import extraction, tree
from bot.reading.page import read_page
from tests.bot.reading.pages import BODY, DRUPAL, LOCKED, MENU, PARAGRAPHS, SENTENCES, SPIP, TEXT, WORDPRESS, ld, page


@pytest.mark.parametrize("layout", [WORDPRESS, SPIP, DRUPAL], ids=["wordpress", "spip", "drupal"])
def test_the_article_is_read_and_not_the_menu(layout):
    answer = read_page(layout)
    assert PARAGRAPHS[0] in answer.text
    assert PARAGRAPHS[-1] in answer.text
    assert "Microsoft" not in answer.text
    assert (answer.wall, answer.problem) == (False, None)


def test_a_json_ld_body_that_the_page_shows_spares_the_extraction():
    answer = read_page(page(f"<article>{BODY}</article>", ld(articleBody=TEXT)))
    assert (answer.ld_body, answer.text) == (TEXT, "")


def test_a_json_ld_body_that_the_page_does_not_show_is_not_believed():
    answer = read_page(page(f"<article>{BODY}</article>", ld(articleBody="promotion extraordinaire " * 60)))
    assert answer.ld_body == ""
    assert PARAGRAPHS[0] in answer.text


@pytest.mark.parametrize(
    "end", [" …", " [Lire la suite]", " Lire plus", " La suite est réservée aux abonnés.", " Abonnez-vous pour lire…"]
)
def test_a_json_ld_body_that_says_it_is_cut_gives_way_to_the_page_or_puts_it_in_doubt(end):
    most = "\n".join(PARAGRAPHS[:-2]) + end
    whole = read_page(page(f"<article>{BODY}</article>", ld(articleBody=most)))
    assert PARAGRAPHS[-1] in whole.text
    assert not whole.doubtful
    begun = "".join(f"<p>{one}</p>" for one in PARAGRAPHS[:3])
    teaser = read_page(page(f"<article>{begun}</article>", ld(articleBody="\n".join(PARAGRAPHS[:3]) + end)))
    assert teaser.doubtful


def test_a_json_ld_body_without_the_last_paragraph_gives_way_to_the_page():
    parts = [
        f"{SENTENCES[n % 6]} {SENTENCES[(n + 1) % 6]} C’est la partie qui porte le numéro {n} du dossier entier."
        for n in range(8)
    ]
    shown = "".join(f"<p>{part}</p>" for part in parts)
    answer = read_page(page(f"<article>{shown}</article>", ld(articleBody="\n".join(parts[:-1]))))
    assert parts[-1] in answer.text


def test_a_box_amid_paragraphs_is_the_article_whatever_its_name():
    most = "".join(f"<p>{long(n)[3:-4]}</p>" for n in range(12))
    box = f"<div class='social-embed'>{long(30)}{long(31)}</div>"
    answer = read_page(page(f"<article><h1>Valmorin</h1>{most}{box}{long(40)}</article>"))
    assert long(31)[3:-4] in answer.text
    below = read_page(page(f"<article><h1>Valmorin</h1>{most}</article>{box}"))
    assert long(31)[3:-4] not in below.text


@pytest.mark.parametrize("shown", [f"<h1>Valmorin</h1><p>{PARAGRAPHS[0]}</p>", '<div id="__next"></div>'])
def test_a_json_ld_body_goes_on_where_the_page_begins(shown):
    assert read_page(page(shown, ld(articleBody=TEXT))).ld_body == TEXT


def test_paragraphs_for_readers_without_scripts_are_read_where_there_are_no_others():
    lazy = read_page(page(f"<article><h1>Valmorin</h1><noscript>{BODY}</noscript><div class='lazy'></div></article>"))
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in lazy.text] == []
    twice = page(f"<article>{BODY}</article><noscript><p>{'Activez les scripts. ' * 40}</p></noscript>")
    assert "Activez" not in read_page(twice).text


def test_an_article_told_in_boxes_of_a_kind_is_read_whole():
    boxes = "".join(
        f"<section class='rang'><h2>{n}. Numéro {n}</h2>{long(n)}{long(n + 20)}<a href='/f{n}'>Fiche</a></section>"
        for n in range(5)
    )
    answer = read_page(page(f"<main><h1>Les cinq meilleurs</h1>{long(90)}{long(91)}{boxes}</main>"))
    assert [n for n in range(5) if long(n + 20)[3:-4] not in answer.text] == []


def test_blanks_that_nobody_sees_leave_no_doubt():
    spaced = BODY.replace(" ", "\u200b ")
    assert not read_page(page(f"<article><h1>Valmorin</h1>{spaced}</article>")).doubtful


def test_metadata_comes_from_the_page_and_is_never_guessed():
    head = (
        '<meta property="og:title" content="Valmorin choisit"><meta property="og:site_name" content="Le Phare">'
        '<link rel="canonical" href="/a"><link rel="canonical" href="/b">'
        + ld(author=[{"name": "Anne Lys"}, "Paul Roc", {"name": "https://exemple.fr/x"}], datePublished="2026-03-04")
    )
    meta = read_page(page(f"<article><h1>Valmorin</h1>{BODY}</article>", head)).meta
    assert (meta.author, meta.site, meta.lang) == ("Anne Lys; Paul Roc", "Le Phare", "fr")
    assert meta.date.dated == Dated(datetime(2026, 3, 3, 23, tzinfo=UTC), day_only=True, zoned=False)
    assert (meta.title, meta.canonicals) == ("Valmorin", ("/a", "/b"))
    assert read_page(WORDPRESS).meta.date.dated is None


def test_a_locked_page_is_known_by_its_data_or_by_its_words():
    assert read_page(LOCKED).wall
    assert read_page(page(f"<article>{BODY}</article>", ld(isAccessibleForFree=False))).wall
    assert read_page(page(f"<article>{BODY}<p>Ce contenu est réservé aux abonné·e·s.</p></article>")).wall
    assert read_page(page(f"{BODY}", '<meta property="article:content_tier" content="locked">')).wall


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{BODY}</article><ul><li><a href='/x'>Contenu réservé aux abonnés : un autre sujet</a></li></ul>",
        f"<article>{BODY}<p>{'On lit « cet article est réservé aux abonnés » partout. ' * 6}</p></article>",
        f"<article>{BODY}</article><p>Offre réservée à nos inscrits</p>",
    ],
)
def test_a_free_page_that_speaks_of_walls_is_free(body):
    assert not read_page(page(body)).wall


def test_a_consent_wall_is_no_article():
    words = "<div><p>Avec nos partenaires, nous déposons des cookies.</p><button>Accepter et continuer</button></div>"
    assert read_page(page(words)).problem == "consent"


def test_a_page_made_by_scripts_gives_its_data_or_says_so():
    shell = '<div id="__next"></div><script>var a = 1;</script>'
    data = '<script id="__NEXT_DATA__" type="application/json">{"props":{"body":"%s"}}</script>' % ("Un texte. " * 80)
    assert read_page(page(shell)).problem == "needs_js"
    assert read_page(page(shell + data)).text.startswith("Un texte.")


def long(number: int) -> str:
    return (
        f"<p>Partie {number}. {SENTENCES[number % 6]} {SENTENCES[(number + 2) % 6]} {SENTENCES[(number + 3) % 6]}</p>"
    )


def test_an_article_cut_in_pieces_by_advertisements_is_read_whole():
    piece = "<div class='grille'><div class='corps article__body'>{}</div></div><div class='pub'>Publicité</div>"
    pieces = "".join(piece.format("".join(long(3 * n + m) for m in range(3))) for n in range(4))
    text = read_page(page(f"{MENU}<main><div class='morceaux'><h1>Valmorin</h1>{pieces}</div></main>")).text
    assert all(f"Partie {number}." in text for number in range(12))
    assert "Publicité" not in text


def test_comments_in_boxes_of_another_kind_are_not_the_article():
    article = f"<article><div class='content'>{long(1)}{long(2)}</div></article>"
    comments = "".join(f"<div class='comment'><div class='content'>{long(n)}</div></div>" for n in range(20, 40))
    text = read_page(page(f"{article}<div id='comments'>{comments}</div>")).text
    assert "Partie 2." in text
    assert "Partie 25." not in text


@pytest.mark.parametrize(
    "box",
    ["<div class='sidebar-left'>{}</div>", "<div class='widget-text'>{}</div>", "<div class='related-content'>{}</div>",
     "<div class='social-body'>{}</div>", "<div id='newsletter-2'>{}</div>", "<header>{}</header>", "<form>{}</form>",
     "<aside>{}</aside>", "<footer>{}</footer>", "<div class='has-comments comments'>{}</div>"],
)  # fmt: skip
def test_a_margin_that_holds_the_article_is_none_whatever_its_name(box):
    whole = read_page(page(MENU + box.format(f"<h1>Valmorin</h1>{BODY}")))
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in whole.text] == []
    begun = read_page(page(f"{MENU}<article><h1>Valmorin</h1>{BODY[:200]}</p></article>{box.format(BODY)}"))
    assert begun.doubtful or PARAGRAPHS[-1] in begun.text


def test_what_a_page_counts_or_goes_on_with_elsewhere_is_said():
    assert read_page(page(f"<article>{BODY}</article>", ld(wordCount=900))).doubtful
    assert read_page(page(f"<article>{BODY}</article>", ld(wordCount="1 250 mots"))).doubtful
    assert not read_page(page(f"<article>{BODY}</article>", ld(wordCount=250))).doubtful
    assert not read_page(page(f"<article>{BODY}</article>", ld(wordCount="beaucoup"))).doubtful
    second = '<link rel="next" href="/a?page=2">'
    assert read_page(page(f"<article>{BODY}</article>", second), url="https://exemple.fr/a").doubtful
    other = '<link rel="next" href="/b">'
    assert not read_page(page(f"<article>{BODY}</article>", other), url="https://exemple.fr/a").doubtful


@pytest.mark.parametrize(
    ("end", "goes_on"),
    [
        ("<p>Un début […] <a href='/suite'>Lire la suite</a></p>", True),
        ("<div><a href='https://autre.example/a'>» Lire l’article complet</a></div>", True),
        ("<ul><li>1</li><li><a href='?page=2'>2</a></li></ul>", True),
        ("<a href='/a/2/'>Page suivante</a>", True),
        ("<a href='#suite'>Lire la suite</a>", False),
        ("<p>Et demain ? On verra bien…</p>", False),
        ("<a href='/b'>Article suivant</a>", False),
        ("<p>Le rapport complet : <a href='/r.pdf'>à lire ici</a></p>", False),
    ],
)
def test_a_page_that_leads_to_the_rest_of_its_article_is_in_doubt(end: str, goes_on: bool) -> None:
    answer = read_page(page(f"<article><h1>Valmorin</h1>{BODY}{end}</article>"), url="https://exemple.fr/a")
    assert answer.doubtful is goes_on


def test_what_others_write_around_a_whole_article_leaves_no_doubt():
    teasers = "".join(
        f"<div class='t{n}'><a href='/{n}'>Ailleurs {n}</a><p>{SENTENCES[n % 6]} {SENTENCES[(n + 1) % 6]}</p></div>"
        for n in range(20)
    )
    assert not read_page(page(f"<article><h1>Valmorin</h1>{BODY}</article><div>{teasers}</div>")).doubtful


def test_a_text_that_lacks_a_part_of_its_box_is_in_doubt():
    lines = [" ".join(f"mot{number}{word}" for word in range(30)) for number in range(8)]
    shown = "".join(f"<p>{line}</p>" for line in lines)
    seen = extraction.shown(tree.blocks(tree.parse(f"<html><body><div>{shown}</div></body></html>")))
    doubts = [extraction.leaves_out("\n".join(lines[:kept]), seen) for kept in (1, 3, 5, 7, 8)]
    assert doubts == [True, True, True, False, False]


@pytest.mark.parametrize(
    "script",
    ["window.__NUXT__={data:[{a:%s}]}", 'window.__INITIAL_STATE__ = {"a":{"b":%s}};', "window.__A__='x';"],
)
def test_the_text_that_a_page_keeps_for_its_scripts_is_read(script):
    shell = f"<div id='app'></div><script>{script.replace('%s', json.dumps(BODY))}</script>".replace("</p>", "<\\/p>")
    answer = read_page(page(shell))
    assert answer.text == TEXT if "%s" in script else answer.problem == "needs_js"


PIECES = [
    {"props": {"article": {"titre": "Valmorin", "blocs": [{"type": "p", "html": one} for one in PARAGRAPHS]}}},
    {"post": {"blocks": [{"type": "paragraph", "data": {"text": one}} for one in PARAGRAPHS]}},
    {"body": [{"_type": "block", "children": [{"text": one[:40]}, {"text": one[40:]}]} for one in PARAGRAPHS]},
    {"content_elements": [{"type": "text", "content": one} for one in PARAGRAPHS], "related": [{"title": "Azure"}]},
]
SCRIPTS = (
    '<script type="application/json">{}</script>',
    "<script>window.__STATE__={};</script>",
    "<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={};</script>",
)


@pytest.mark.parametrize("script", SCRIPTS, ids=["json", "window", "after another"])
@pytest.mark.parametrize("data", PIECES, ids=["html", "editor", "portable", "arc"])
def test_the_text_that_a_page_keeps_in_pieces_is_read(data, script):
    answer = read_page(page('<div id="root"></div>' + script.format(json.dumps(data))))
    assert answer.text.split("\n") == list(PARAGRAPHS)


def test_a_text_full_of_quotes_that_nothing_closes_is_passed_over():
    script = SCRIPTS[0].format('["' + '\\"' * 100_000)
    assert read_page(page('<div id="root"></div>' + script)).problem == "needs_js"


def test_cards_that_a_page_keeps_for_its_scripts_are_no_article():
    cards = [{"title": f"Azure {n}", "text": one} for n, one in enumerate(PARAGRAPHS)]
    answer = read_page(page('<div id="root"></div>' + SCRIPTS[0].format(json.dumps({"more": cards}))))
    assert (answer.text, answer.problem) == ("", "needs_js")


def test_a_list_of_links_amid_an_article_is_part_of_it():
    names = "<ul><li><a href='/x'>Brume Santé</a></li><li><a href='/y'>Hexaserve</a></li></ul>"
    answer = read_page(page(f"{MENU}<article><h1>Valmorin</h1><div>{BODY}{names}{BODY}</div></article>"))
    assert "\nBrume Santé\nHexaserve\n" in answer.text


@pytest.mark.parametrize("shown", ["<p>{0}</p><div>{1}</div>", "<div>{1}</div><div><p>{0}</p></div>"])
def test_a_lead_or_an_end_beside_the_box_of_an_article_is_part_of_it(shown):
    told = "Le groupement de Kerlouan confie ses dossiers à Numlor, après deux ans de travaux et un appel relancé."
    whole = shown.format(told, "".join(map(long, range(12))))
    assert told in read_page(page(f"{MENU}<main><article><h1>Valmorin</h1>{whole}</article></main>")).text


def test_an_article_goes_on_in_a_box_called_footer_behind_its_first():
    shown = [f"<p>{one}</p>" for one in PARAGRAPHS]
    rest = f"<div class='footer-article'>{''.join(shown[4:])}</div>"
    answer = read_page(page(f"<article><h1>Valmorin</h1><div>{''.join(shown[:4])}</div>{rest}</article>"))
    assert [one for one in PARAGRAPHS if one not in answer.text] == []
    site = f"<div class='footer-site'>{long(40)}{long(41)}</div>"
    outside = read_page(page(f"<article><h1>Valmorin</h1>{BODY}</article>{site}"))
    assert "Partie 40" not in outside.text


@pytest.mark.parametrize(
    ("title", "words"),
    [("Just a moment...", "Checking your browser before accessing."), ("Erreur 404", "La page n’existe plus."),
     ("Le Phare", "Êtes-vous un robot ? Cochez la case."), ("503 Service Unavailable", "No server is available.")],
)  # fmt: skip
def test_what_stands_in_the_place_of_a_page_gives_no_text(title, words):
    assert read_page(page(f"<div><p>{words}</p></div>", title=title)).text == ""


@pytest.mark.parametrize(("body", "quote"), [
    (f"<article data-nosnippet>{BODY}</article>", False),
    (f"<article><div data-nosnippet=''>{BODY}</div></article>", False),
    (f"<article>{BODY}</article><footer data-nosnippet>Mentions légales</footer>", True),
])  # fmt: skip
def test_prose_that_may_not_be_quoted_keeps_the_page_from_being_quoted(body, quote):
    assert read_page(page(body)).tags.quote is quote


def test_a_menu_that_is_never_closed_does_not_swallow_the_article():
    text = read_page(page(f"<nav><ul><li><a href='/'>Accueil</a></li><div>{BODY}</div>")).text
    assert PARAGRAPHS[3] in text


def test_a_json_ld_body_escaped_twice_is_plain_text():
    body = "".join(f'&lt;p class="a"&gt;{paragraph}&lt;/p&gt;' for paragraph in PARAGRAPHS)
    answer = read_page(page(f"<article>{BODY}</article>", ld(articleBody=body)))
    assert PARAGRAPHS[0] in answer.ld_body
    assert "class" not in answer.ld_body


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"%PDF-1.7 ...", "text/html", "not_html"),
        (b"PK\x03\x04...", "text/html", "not_html"),
        (b'{"a": 1}', "application/json", "not_html"),
        (b"x" * (3 << 20) + b"x", "text/html", "too_big"),
        (b"<br>" * 60_001, "text/html", "too_big"),
        (b"", "text/html", "unreadable"),
        (b"\0" * 5_000, "text/html", "unreadable"),
    ],
)
def test_what_is_no_page_is_named(body, kind, problem):
    assert read_page(body, kind).problem == problem


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>Seul</title></head></html>",
        b"<frameset><frame src=a></frameset>",
        b"<div>" * 5_000,
        b"<b>" * 5_000 + b"fin",
        b"<p " + b"a=1 " * 20_000 + b">x</p>",
        b"<script" * 50_000,
        b"<h1 " * 50_000,
        b"<table><tr><td colspan=9007199254740991>" + b"cellule " * 100,
        page("", '<script type="application/ld+json">' + "[" * 200_000 + "</script>"),
        page("", '<script type="application/ld+json">{"@type": "NewsArticle", </script>'),
        page("", ld(author=[[["x"]]], headline={"a": 1}, datePublished=[1], publisher=3, articleBody=["x"])),
        page("", '<meta property="og:title" content="' + "t" * 500_000 + '">'),
        page("", "<meta name=x content=y>" * 2_000),
        bytes(range(256)) * 50,
        page("<p>\ud83d</p>".encode("utf-8", "replace").decode() + "<p>&#xD800;&#0;&#x110000;</p>"),
        page("<svg>" * 300 + BODY),
        b'<?xml version="1.0" encoding="utf-16"?><html><body><p>texte</p></body></html>',
    ],
    ids=range(17),
)
def test_an_odd_page_is_answered(body):
    answer = read_page(body)
    answer.text.encode()
    answer.meta.title.encode()
