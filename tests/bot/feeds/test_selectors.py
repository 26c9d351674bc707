"""The selectors and the patterns of feeds.yaml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from bot.feeds.selectors import Unclear, to_xpath
from bot.web.url_patterns import covers

PAGE = """<html><body><header><a id="1">x</a></header>
<main><ul class="list actu"><li><a id="2" href="/a">x</a></li></ul>
<div class="actualites" data-kind="news"><p><a id="3" href="https://o.example/b.pdf">x</a></p></div></main></body></html>"""


def found(selector):
    return [link.get("id") for part in document_fromstring(PAGE).xpath(to_xpath(selector)) for link in part.iter("a")]


@pytest.mark.parametrize(
    ("selector", "ids"),
    [
        ("a", ["1", "2", "3"]),
        ("main", ["2", "3"]),
        ("MAIN a", ["2", "3"]),
        (".actu", ["2"]),
        ("ul.list.actu a", ["2"]),
        (".act", []),
        ("main > div", ["3"]),
        ("main > a", []),
        ("*.actualites", ["3"]),
        ("[data-kind]", ["3"]),
        ("div[data-kind=news] a", ["3"]),
        ("[data-kind='old']", []),
        ('a[href^="/a"]', ["2"]),
        ("a[href$='.pdf']", ["3"]),
        ("a[href*=example]", ["3"]),
        ("[class~=actu]", ["2"]),
        ("header, .actualites", ["1", "3"]),
        ("ul + div a", ["3"]),
        ("main > :first-child", ["2"]),
        ("main > :nth-child(2)", ["3"]),
        ("body > :not(main)", ["1"]),
        ("header ~ main > ul", ["2"]),
        ("main :is(ul, p)", ["2", "3"]),
        ("div:has(p)", ["3"]),
        ("[HREF$='.pdf']", ["3"]),
        ("[href$='.PDF' i]", ["3"]),
        ("#\\31", ["1"]),
        ("""[title="l'« a »"]""", []),
        ("é, main > div", ["3"]),
    ],
)
def test_a_selector_finds_what_it_says(selector, ids):
    assert found(selector) == ids


UNCLEAR = [
    "",
    " ",
    ",",
    "a,",
    "main >",
    "> a",
    "a[",
    "a" * 301,
    "//a",
    "a::text",
    "a:nimporte",
    "a:nth-child(x)",
    "::before",
]


@pytest.mark.parametrize(
    "selector",
    [*UNCLEAR, ":not(" * 59, "a:contains(", "a{}", "a(b)", "a:visited", "a:lang", "@media", "\0", "a\\1 "],
)
def test_a_selector_that_is_not_understood_is_refused(selector):
    with pytest.raises(Unclear):
        to_xpath(selector)


@given(st.text("ab.#[]='\" >,*:~^$()+n2\\\\é", max_size=20))
def test_any_selector_is_refused_or_a_good_xpath(selector):
    try:
        path = to_xpath(selector)
    except Unclear:
        return
    document_fromstring(PAGE).xpath(path)


SITE = "https://site.example"


@pytest.mark.parametrize(
    ("pattern", "url", "matches"),
    [
        ("", "/anything", True),
        ("/actu/", "/actu/1", True),
        ("/actu/", "/autre/actu/1", False),
        ("/actu/*.html$", "/actu/a.html", True),
        ("/actu/*.html$", "/actu/a.html?b=1", False),
        ("/*/2026/*", "/fr/2026/11/x", True),
        ("*id=", "/page?id=4", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("https://site.example/a*", "/ab", True),
        ("https://other.example/*", "/ab", False),
        ("*" * 200 + "z$", "/" + "a" * 1000, False),
        ("/actualités/*", "/actualit%C3%A9s/1", True),
        ("/actualit%c3%a9s/", "/actualités/1", True),
        ("/actualite\u0301s/", "/actualit%c3%a9s/1", True),
        ("https://SITE.example./a*", "/ab", True),
        ("/a%2Fb", "/a/b", False),
    ],
)
def test_a_pattern_matches_from_the_start_of_the_path(pattern, url, matches):
    assert covers(pattern, SITE + url) == matches
