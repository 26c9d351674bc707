"""Whatever a page holds, it is answered: small sizes here, the full ones in benchmarks/hostile.py."""

import pytest

from benchmarks.hostile import ENTRY, PAGES
from bot.model import Entry
from bot.reading.page import LIMIT, read_page
from bot.reading.read import read
from tests.bot.reading.pages import BODY, FREE_PAGES, JAHIA, LOCKED_PAGES, MENU, NEXT, NUXT, PARAGRAPHS, TEXT, ld, page

LINK = "https://exemple.fr/a"


def reading(body: bytes, entry: Entry = ENTRY, url: str = LINK, kind: str = "text/html"):
    return read(entry, "page", read_page(body, kind, entry.summary), url)


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_answered(name):
    answer = reading(PAGES[name](0.01))
    assert answer.title
    answer.text.encode()
    assert answer.source in {"page", "json_ld", "feed_summary"}


@pytest.mark.parametrize(
    "name", ["forms side by side", "titles in one card of three", "links in one quotation", "a heading in many parts"]
)
def test_a_box_is_measured_once_whatever_it_holds(name):
    """Measured for each thing in it, such a page takes minutes."""
    answer = reading(PAGES[name](1.0))
    assert answer.source == "page"
    assert "7 Le centre hospitalier de Valmorin" in answer.text
    assert "lien" not in answer.text


@pytest.mark.parametrize("tag", ["div", "span", "ul", "table", "blockquote", "b", "font"])
def test_what_the_parser_drops_for_its_depth_is_not_taken_for_the_article(tag):
    answer = reading(page(f"<{tag}>" * 3_000 + BODY))
    assert (answer.source, answer.flags) in {("feed_summary", ("short",)), ("page", ())}
    assert answer.source == "feed_summary" or PARAGRAPHS[0] in answer.text


@pytest.mark.parametrize("name", ["random bytes", "PDF", "zip"])
def test_what_is_no_text_is_no_page(name):
    assert reading(PAGES[name](0.01)).flags == ("not_html",)


def test_a_body_over_the_limit_is_not_parsed():
    assert reading(b"<p>" + b"a" * LIMIT).flags == ("too_big",)


# --- characters
FRENCH = "L’œuvre de santé « protégée » à Évry"


@pytest.mark.parametrize(
    ("codec", "kind"),
    [
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("cp1252", "text/html; charset=utf-8"),
        ("cp1252", "text/html"),
        ("utf-16", "text/html"),
    ],
)
def test_the_text_is_right_whatever_charset_is_declared(codec, kind):
    body = page(f"<article><p>{FRENCH}</p>{BODY}</article>").decode().replace('<meta charset="utf-8">', "")
    assert FRENCH in reading(body.encode(codec), kind=kind).text


def test_two_bad_bytes_are_replaced_and_said():
    answer = reading(page(f"<article><p>{FRENCH}</p>{BODY}</article>") + b"<p>\xe9\xe8</p>")
    assert answer.flags == ("charset_repaired",)
    assert FRENCH in answer.text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("L&#156;uvre de santé", "Lœuvre de santé"),
        (FRENCH.encode().decode("cp1252"), FRENCH),
        ("Données he\u0301berge\u0301es", "Données hébergées"),
        ("São Paulo, Ângela et les données", "São Paulo, Ângela et les données"),
    ],
)
def test_damaged_characters_are_mended_in_a_page(written, meant):
    assert meant in reading(page(f"<article><p>{written}</p>{BODY}</article>")).text


def test_a_title_in_capitals_gives_way_to_that_of_the_page():
    answer = reading(page(f"<article><h1>Valmorin choisit</h1>{BODY}</article>"), Entry("1", LINK, "VALMORIN CHOISIT"))
    assert answer.title == "Valmorin choisit"


# --- walls
@pytest.mark.parametrize("body", LOCKED_PAGES)
def test_a_locked_page_is_known_and_no_line_of_its_wall_is_left(body):
    answer = reading(body, Entry("1", LINK, "Valmorin"))
    assert answer.flags == ("paywalled",)
    assert not any(word in answer.text.lower() for word in ("abonn", "il vous reste", "€"))


@pytest.mark.parametrize("body", FREE_PAGES)
def test_a_free_page_is_free_whatever_it_says_of_others(body):
    assert reading(body, Entry("1", LINK, "Valmorin")).flags == ()


ARTICLE = f"<article>{BODY}</article>"


def test_a_redirect_to_a_consent_host_is_a_consent_wall():
    assert reading(page(ARTICLE), url="https://consent.exemple.fr/?next=a").flags == ("consent",)


# --- layouts
@pytest.mark.parametrize("layout", [JAHIA, NEXT, NUXT], ids=["jahia", "next", "nuxt"])
def test_the_article_is_read_in_other_layouts(layout):
    answer = reading(layout)
    assert PARAGRAPHS[2] in answer.text
    assert "Microsoft" not in answer.text
    assert answer.flags == ()


def test_a_shell_that_holds_nothing_says_so():
    assert reading(page('<div id="__nuxt"></div><script>var a = 1</script>')).flags == ("needs_js",)


def test_a_page_shorter_than_its_summary_gives_way_to_it():
    entry = Entry("1", LINK, "Valmorin", summary=" ".join(PARAGRAPHS[:3]))
    answer = reading(page(f"{MENU}<article><p>{PARAGRAPHS[0]}</p></article>"), entry)
    assert (answer.text, answer.source, answer.flags) == (entry.summary, "feed_summary", ("short",))


# --- JSON-LD
@pytest.mark.parametrize(
    "node",
    [
        {"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["Article", "NewsArticle"], "articleBody": TEXT}]},
        {"@type": "NewsArticle", "articleBody": BODY},
        {"@type": "ReportageNewsArticle", "articleBody": TEXT, "author": [{"name": "A"}, ["x"], None, 3]},
    ],
    ids=["graph", "html inside", "odd authors"],
)
def test_a_json_ld_body_is_found_and_plain(node):
    answer = reading(page(ARTICLE, ld(**node)))
    assert answer.source == "json_ld"
    assert PARAGRAPHS[1] in answer.text
    assert "<p>" not in answer.text


# --- identity
@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://exemple.fr/sante/a">', "https://exemple.fr/sante/a"),
        ('<link rel="canonical" href="/sante/a?utm_source=x">', "https://exemple.fr/sante/a"),
        ('<link rel="canonical" href="https://exemple.fr/">', LINK),
        ('<link rel="canonical" href="https://ailleurs.example/a">', LINK),
        ('<link rel="canonical" href="/b"><link rel="canonical" href="/c">', LINK),
        ('<link rel="canonical" href="https://info.exemple.fr/b">', "https://info.exemple.fr/b"),
        ('<meta property="og:url" content="https://exemple.fr/b">', "https://exemple.fr/b"),
    ],
)
def test_the_canonical_address_counts_where_it_can_be_true(head, url):
    assert reading(page(ARTICLE, head)).url == url


@pytest.mark.parametrize("href", ["http://[::1", "//[x", "http://[fe80::1%25]/2", "https://a.example:99999999/2"])
def test_an_address_that_is_none_is_no_second_page(href: str) -> None:
    links = f"<link rel=next href='{href}'><link rel=canonical href='{href}'>"
    answer = reading(page(f"{BODY}<a rel=next href='{href}'>page suivante</a>", links))
    assert answer.source == "page"
