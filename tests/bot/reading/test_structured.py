"""A page's data speak for it where they are its own, however they are written."""

import json
from datetime import UTC, datetime

import pytest

from bot.feeds.dates import PARIS
from bot.reading.page import Meta, read_page
from tests.bot.reading.pages import BODY, PARAGRAPHS, TEXT, ld, page

URL = "https://exemple.fr/sante/a"
TITLE = "Valmorin choisit son hébergeur"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
OTHER = {
    "headline": "Un tout autre sujet",
    "datePublished": "2021-05-06",
    "author": "Nina Bora",
    "isAccessibleForFree": False,
}
OWN = {"headline": TITLE, "datePublished": "2026-03-04", "author": "Anne Lys"}


def meta(head: str, body: str = f"<h1>{TITLE}</h1>{BODY}", url: str = URL) -> Meta:
    return read_page(page(body, head), url=url, now=NOW).meta


def said(found: Meta) -> tuple[str | None, str | None]:
    dated = found.date.dated
    return found.author, dated and dated.moment.astimezone(PARIS).date().isoformat()


def script(source: str) -> str:
    return f'<script type="application/ld+json">{source}</script>'


@pytest.mark.parametrize(
    "head",
    [
        ld(**OTHER) + ld(**OWN),
        ld(**OWN) + ld(**OTHER),
        ld(**OTHER, url="https://exemple.fr/b") + ld(**OWN, url=URL),
        ld(**{**OTHER, "headline": ""}, url="/b") + ld(**{**OWN, "headline": "Autrement dit"}, mainEntityOfPage=URL),
        ld(**OTHER) + ld(**{**OWN, "headline": "Autrement dit"}, mainEntityOfPage={"@id": URL}),
        ld(**OTHER) + ld(**{**OWN, "headline": "Autrement dit", "@id": URL + "#article"}),
        ld(**OWN, isPartOf={"@type": "Article", **OTHER}, citation=[{"@type": "Article", **OTHER}]),
        ld(**{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", **OTHER}]}) + ld(**OWN),
        ld(**{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", **OWN}, "mentions": OTHER}),
        ld(**{"@graph": [{"@type": "Person", "@id": "#anne", "name": "Anne Lys"},
                         {"@type": "Article", **OWN, "author": {"@id": "#anne"}}]}),
    ],
    ids=range(10),
)  # fmt: skip
def test_the_pages_own_node_speaks_for_it(head: str) -> None:
    assert said(meta(head)) == ("Anne Lys", "2026-03-04")
    assert not read_page(page(f"<h1>{TITLE}</h1>{BODY}", head), url=URL).wall


def test_the_node_of_another_article_says_nothing_of_this_one() -> None:
    assert said(meta(ld(**OTHER))) == (None, None)
    assert said(meta(ld(**OTHER, url="https://exemple.fr/b"))) == (None, None)


NODE = json.dumps({"@type": "NewsArticle", **OWN})


@pytest.mark.parametrize(
    "source",
    [
        f"<![CDATA[{NODE}]]>",
        f"//<![CDATA[\n{NODE}\n//]]>",
        f"<!-- {NODE} -->",
        f"/* données */ {NODE}",
        f"{NODE};",
        NODE[:-1] + ",}",
        f'{{"@type": "WebSite", "name": "x"}}{NODE}',
        f"[{NODE},]",
        NODE.replace("Anne Lys", "Anne\tLys"),
        f"\ufeff{NODE}",
        f"window.donnees = {NODE};",
        json.dumps(NODE),
        NODE.replace('"', "&quot;"),
        NODE[:-1] + ', "image": undefined, "url":, "a": None}',
    ],
    ids=range(14),
)
def test_data_a_little_off_are_read(source: str) -> None:
    assert said(meta(script(source))) == ("Anne Lys", "2026-03-04")


def test_entities_and_tags_leave_titles_and_names() -> None:
    found = meta(ld(headline="Valmorin &amp; le <b>HDS</b>", author="Anne L&eacute;on"), BODY)
    assert found.author == "Anne Léon"
    assert (
        read_page(page(BODY, ld(headline="Secnum<b>Cloud</b> &amp; HDS"), title="")).meta.title == "SecnumCloud & HDS"
    )


@pytest.mark.parametrize("body", [list(PARAGRAPHS), [{"text": one} for one in PARAGRAPHS], TEXT])
def test_a_body_may_be_a_list(body: object) -> None:
    found = read_page(page(f"<article>{BODY}</article>", ld(articleBody=body)))
    assert found.ld_body.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("end", ["…", " [...]", ""])
def test_a_body_that_is_only_the_beginning_does_not_replace_the_article(end: str) -> None:
    beginning = " ".join(PARAGRAPHS[:4]) + end
    found = read_page(page(f"<article>{BODY}</article>", ld(articleBody=beginning)))
    assert PARAGRAPHS[-1] in found.text
    assert not found.doubtful


def test_shortcodes_leave_a_body() -> None:
    body = "[vc_row][vc_column_text el_class='a']" + TEXT + "[/vc_column_text][/vc_row]"
    assert read_page(page(f"<article>{BODY}</article>", ld(articleBody=body))).ld_body == TEXT


def test_a_live_page_and_a_list_are_known_by_their_kind() -> None:
    update = {"@type": "BlogPosting", **OTHER}
    live = ld(**{"@type": "LiveBlogPosting", **OWN, "url": URL, "liveBlogUpdate": [update]})
    found = meta(live)
    assert (found.kind, *said(found)) == ("live", "Anne Lys", "2026-03-04")
    listing = ld(
        **{"@type": "CollectionPage", "url": URL, "mainEntity": {"@type": "ItemList", "itemListElement": [update]}}
    )
    found = meta(listing)
    assert (found.kind, *said(found)) == ("list", None, None)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ('<h1><img alt="Le Phare"></h1><h1>Valmorin choisit</h1>', "Valmorin choisit"),
        ('<header><h1><a href="/">Le Phare</a></h1></header><h1>Valmorin choisit</h1>', "Valmorin choisit"),
        ("<h2>Actualités</h2>", "Valmorin choisit son hébergeur"),
    ],
)
def test_a_logo_is_no_title(declared: str, expected: str) -> None:
    head = '<meta property="og:site_name" content="Le Phare">'
    assert meta(head, declared + BODY).title == expected


@pytest.mark.parametrize(
    "title",
    [
        "Le Phare | Valmorin choisit",
        "Valmorin choisit | Le Phare",
        "Valmorin choisit - Le Phare",
        "Le Phare : Valmorin choisit",
    ],
)
def test_the_site_is_no_part_of_a_title_at_either_end(title: str) -> None:
    head = '<meta property="og:site_name" content="Le Phare">'
    found = read_page(page(BODY, head, title=title)).meta.title
    assert found == "Valmorin choisit"


def test_a_rubric_or_a_line_break_in_a_heading_does_not_run_into_the_title() -> None:
    head = '<meta property="og:title" content="Valmorin choisit son hébergeur">'
    for heading in ("<h1><span>Santé</span> <b>Valmorin choisit son hébergeur</b></h1>",
                    "<h1>Valmorin choisit<br>son hébergeur</h1>"):  # fmt: skip
        assert meta(head, heading + BODY).title == "Valmorin choisit son hébergeur"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<p>Par Anne Lys, rédactrice en chef, le 4 mars 2026</p>", "Anne Lys"),
        ("<p>4 mars 2026 par Anne Lys</p>", "Anne Lys"),
        ("<p>De notre correspondante à Valmorin, Anne Lys</p>", "Anne Lys"),
        ("<div class='post-author'><span>Par</span> <a href='/a'>Anne Lys</a></div>", "Anne Lys"),
        ("<div><span>Par</span><a href='/a'>Anne Lys</a></div>", "Anne Lys"),
        ("<div>Par</div><div>Anne Lys</div>", "Anne Lys"),
        ("<footer>Par Anne Lys</footer>", "Anne Lys"),
        ("<p>Un reportage d’Anne</p>", None),
        ("<p>Une enquête de Anne Lys</p>", "Anne Lys"),
        ("<p>Entretien réalisé par Anne Lys</p>", "Anne Lys"),
        ("<p>Texte : Anne Lys – Photos : Paul Roc</p>", "Anne Lys"),
        ("<p>Entretien avec Anne Lys</p>", None),
        ("<p class='author'>Rubrique : Santé</p>", None),
        ("<p class='author'>4 mars 2026 · Anne Lys</p>", "Anne Lys"),
        ("<p>4 mars 2026 · Anne Lys</p>", "Anne Lys"),
        ("<p>Anne-Marie d’Hauterive – 04/03/2026</p>", "Anne-Marie d’Hauterive"),
        ("<ul><li>Le 4 mars 2026</li><li>4 min de lecture</li><li>Anne LYS</li></ul>", "Anne LYS"),
        ("<p>Santé Numérique | 4 mars 2026</p>", None),
        ("<p>Anne Lys · Paul Roche · 4 mars 2026</p>", None),
        ("<p>La Rochelle, 4 mars 2026</p>", None),
        ("<div class='auteur'><b>Anne Lys</b><i>Rédactrice en chef adjointe</i></div>", "Anne Lys"),
        ("<p class='byline'>Parution le 4 mars</p>", None),
        ("<div>Par</div><div>Voir tous nos articles</div>", None),
        ("<p class='author'>Mars</p>", None),
        ("<p class='author'>Publié</p>", None),
        ("<p>Par le service communication</p>", None),
    ],
)
def test_the_line_under_the_title_names_a_person(line: str, author: str | None) -> None:
    assert meta("", f"<h1>{TITLE}</h1>{line}{BODY}").author == author


def test_a_house_is_the_author_where_no_person_is() -> None:
    house = ld(headline=TITLE, author={"@type": "Organization", "name": "Le Phare"})
    assert meta(house).author == "Le Phare"
    assert meta(house, f"<h1>{TITLE}</h1><p>Par Anne Lys</p>{BODY}").author == "Anne Lys"
    signed = f"<h1>{TITLE}</h1>{BODY}<div class='post-author-name'>Anne Lys</div>"
    assert meta(house, signed).author == "Anne Lys"
    card = '<meta name="twitter:label1" content="Écrit par"><meta name="twitter:data1" content="Anne Lys">'
    assert meta(card).author == "Anne Lys"


@pytest.mark.parametrize(
    ("end", "author"),
    [
        ("<p>Article rédigé par Anne Lys, rédactrice</p>", "Anne Lys"),
        ("<p>Propos recueillis par</p><p>Anne Lys</p>", "Anne Lys"),
        ("<p>Rédactrice : Anne Lys</p>", "Anne Lys"),
        ("<p>Photo : Anne Lys</p>", None),
        ("<p>Auteurs : Anne Lys et Paul Roc</p>", "Anne Lys; Paul Roc"),
        ("<aside><a rel='author' href='/a'>Anne Lys</a></aside>", "Anne Lys"),
        ("<p>Écrit par Anne Lys</p><p>Écrit par Paul Roc</p>", None),
        ("<p>Un rapport écrit par Anne Lys en 2020</p>", None),
    ],
)
def test_one_who_signs_below_is_the_author_where_nobody_else_does(end: str, author: str | None) -> None:
    assert meta("", f"<h1>{TITLE}</h1>{BODY}{end}").author == author


@pytest.mark.parametrize(
    ("written", "author"),
    [("Lys, Anne", "Anne Lys"), ("Anne Lys, Paul Roc", "Anne Lys; Paul Roc"), ("Anne Lys - Le Phare", "Anne Lys"),
     ("ParAnne Lys", "Anne Lys"), ("Parker Lys", "Parker Lys")],
)  # fmt: skip
def test_a_name_is_read_as_catalogues_and_templates_write_it(written: str, author: str) -> None:
    assert meta(f'<meta name="citation_author" content="{written}">').author == author


def test_a_heading_that_is_a_sentence_is_the_title_though_the_page_is_shared_under_another() -> None:
    shared = '<meta property="og:title" content="Hébergement : tout savoir sur le choix de Valmorin">'
    assert meta(shared, f"<h1>{TITLE}</h1>{BODY}").title == TITLE
    assert meta(shared, f"<h1>Choix publics</h1>{BODY}").title.startswith("Hébergement : tout")


def test_a_title_that_names_only_a_kind_gives_way_to_the_heading() -> None:
    assert meta("<title>Communiqué de presse</title>", f"<h1>{TITLE}</h1>{BODY}").title == TITLE


def test_a_saved_page_tells_its_own_address() -> None:
    from bot.model import Entry
    from bot.reading.read import read

    saved = read_page(page(f"<article>{BODY}</article>", f'<link rel="canonical" href="{URL}">'))
    assert read(Entry("a.html", "", ""), "page", saved).url == URL
