"""Two spellings of an address are one page; two pages never become one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.web.urls import aggregator, canonical, clean, url_keys

ARTICLE = "exemple.fr/sante/hdh-12345.html"

TABLE = [
    ("https://www.exemple.fr/sante/hdh-12345.html?utm_source=rss", ARTICLE),
    ("HTTP://WWW.Exemple.FR:80/sante/hdh-12345.html#xtor=RSS-8", ARTICLE),
    ("https://www.exemple.fr/sante/hdh-12345.html?xtor=CS1-33&at_medium=RSS&at_creation=3", ARTICLE),
    ("https://m.exemple.fr/sante/hdh-12345.html?Echobox=17#commentaires", ARTICLE),
    ("https://exemple.fr/amp/sante/hdh-12345.html", ARTICLE),
    ("https://exemple.fr/sante/hdh-12345.amp.html", ARTICLE),
    ("https://exemple.fr/secnumcloud/amp/", "exemple.fr/secnumcloud"),
    ("https://exemple.fr/secnumcloud?mtm_campaign=a&fbclid=z&page=2", "exemple.fr/secnumcloud?page=2"),
    ("https://exemple.fr/spip.php?article9071&xtor=RSS-1", "exemple.fr/spip.php?article9071"),
    ("https://exemple.fr/index.php?id=42&PHPSESSID=ab", "exemple.fr/index.php?id=42"),
    ("https://exemple.fr/h%c3%a9bergement", "exemple.fr/h%C3%A9bergement"),
    ("https://exemple.fr/hébergement/", "exemple.fr/h%C3%A9bergement"),
    ("https://exemple.fr/he\u0301bergement/", "exemple.fr/h%C3%A9bergement"),
    ("https://exemple.fr/h%E9bergement", "exemple.fr/h%C3%A9bergement"),
    ("https://exemple.fr/a?b=2&amp;a=1", "exemple.fr/a?a=1&b=2"),
    ("https://exemple.fr/a?src=rss", "exemple.fr/a"),
    ("https://exemple.fr/a?src=anssi", "exemple.fr/a?src=anssi"),
    ("https://exemple.fr/app#!/article/9", "exemple.fr/app#!/article/9"),
    ("https://exemple.fr/a%2Fb", "exemple.fr/a%2Fb"),
    ("https://www.google.com/url?rct=j&url=https://www.exemple.fr/cnil/hdh&ct=ga", "exemple.fr/cnil/hdh"),
    ("https://santé.exemple.fr/a", "xn--sant-epa.exemple.fr/a"),
    ("https://exemple.fr:8443/a", "exemple.fr:8443/a"),
    ("https://exemple.fr/a/../b/./c//d", "exemple.fr/b/c/d"),
    ("https://exemple.fr./a;jsessionid=12AB?x=1&x=1", "exemple.fr/a?x=1"),
    ("https://exemple.fr/dossier/index.html", "exemple.fr/dossier"),
    ("https://exemple.fr/Dossier/HDH", "exemple.fr/Dossier/HDH"),
    ("https://exemple.fr", "exemple.fr"),
    ("https://www.fr/a", "www.fr/a"),
    ("http://[::1]:8080/a", "[::1]:8080/a"),
]

REFUSED = [
    "",
    "javascript:alert(1)",
    "mailto:redaction@exemple.fr",
    "http://u:p@exemple.fr/a",
    "https://exemple.fr/" + "a" * 2_001,
    "https://",
    "https://exemple.fr:port/a",
    "http://[::1/a",
    "/relative",
    "https://exe mple.fr/a",
]


LONG = "".join(chr(0x4E00 + n * 37 % 20_000) for n in range(1_500))


@pytest.mark.parametrize("rest", [LONG, f"?q={LONG}", f"a?q={'é' * 300}&r={LONG}"])
def test_a_key_is_no_longer_than_an_index_takes_though_its_signs_be_written_as_nine(rest):
    (key,) = url_keys(f"https://www.exemple.fr/{rest}")
    assert len(key) <= 2_000
    assert url_keys(f"https://exemple.fr/{rest}") == (key,) == url_keys(f"https://{key}")
    assert url_keys(f"https://exemple.fr/{rest}x") != (key,)


@pytest.mark.parametrize(("url", "key"), TABLE)
def test_one_page_has_one_key(url, key):
    assert url_keys(url) == (key,)


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_address_is_refused_and_shows_no_link(url):
    assert (clean(url), url_keys(url)) == (None, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://exemple.fr/a%2Fb", "https://exemple.fr/a/b"),
        ("https://exemple.fr/spip.php?article1", "https://exemple.fr/spip.php?article2"),
        ("https://exemple.fr/a?b=1%262", "https://exemple.fr/a?b=1&2"),
        ("https://www.exemple.fr/a", "https://blog.exemple.fr/a"),
        ("https://exemple.fr/Abc", "https://exemple.fr/abc"),
        ("https://exemple.fr/app#!/article/9", "https://exemple.fr/app#!/article/8"),
        ("https://exemple.fr/a?page=", "https://exemple.fr/a?page=2"),
    ],
)
def test_two_pages_keep_two_keys(one, other):
    assert url_keys(one) != url_keys(other)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("http://www.exemple.fr/a?b=2&utm_source=rss&a=1#xtor=RSS-8", "http://www.exemple.fr/a?b=2&a=1"),
        ("https://exemple.fr/dépêche du jour/", "https://exemple.fr/d%C3%A9p%C3%AAche%20du%20jour/"),
        ("https://www.google.fr/url?q=https%3A%2F%2Fexemple.fr%2Fa%3Fb%3D1&sa=U", "https://exemple.fr/a?b=1"),
        ("  https://EXEMPLE.fr:443 ", "https://exemple.fr/"),
        ("https://exemple.fr/100%25?x=50%", "https://exemple.fr/100%25?x=50%25"),
    ],
)
def test_the_link_is_the_publishers_less_tracking(url, link):
    assert clean(url) == link


def test_an_aggregators_page_has_a_link_but_no_identity():
    url = "https://news.google.com/rss/articles/CBMiabc?oc=5"
    assert (aggregator(url), url_keys(url), clean(url)) == (True, (), url)
    assert not aggregator("https://exemple.fr/news.google.com")


def test_a_redirector_behind_two_others_is_not_followed():
    one = "https://www.google.com/url?url=https://exemple.fr/a"
    two = "https://www.google.com/url?url=" + one.replace(":", "%3A").replace("?", "%3F").replace("=", "%3D")
    three = "https://www.google.com/url?url=" + two.replace("%", "%25").replace("?", "%3F").replace("=", "%3D")
    assert [url_keys(one), url_keys(two), url_keys(three)] == [("exemple.fr/a",), ("exemple.fr/a",), ()]


FINAL = "https://www.exemple.fr/sante/a.html?utm_source=rss"


@pytest.mark.parametrize(
    ("declared", "shared", "expected"),
    [
        ([], None, FINAL),
        (["https://exemple.fr/sante/a"], None, "https://exemple.fr/sante/a"),
        (["/sante/a"], None, "https://www.exemple.fr/sante/a"),
        (["https://sante.exemple.fr/a"], None, "https://sante.exemple.fr/a"),
        (["https://autre.fr/sante/a"], None, FINAL),
        (["https://www.exemple.fr/"], None, FINAL),
        (["https://exemple.fr/b", "https://exemple.fr/c"], None, FINAL),
        (["https://exemple.fr/b", "https://www.exemple.fr/b"], None, "https://www.exemple.fr/b"),
        (["javascript:void(0)"], "https://exemple.fr/b", "https://exemple.fr/b"),
        (["http://[::1/"], "http://[", FINAL),
    ],
)
def test_a_canonical_counts_only_on_its_own_site(declared, shared, expected):
    assert canonical(FINAL, declared, shared) == expected


ADDRESSES = st.one_of(
    st.text(),
    st.text(alphabet="/.%?&=;#!:@aAmpé\u0301Ω2F5 \\[]").map("https://exemple.fr/{}".format),
    st.tuples(st.text(alphabet="wm.éaß-"), st.text()).map(lambda two: "http://{}.fr/{}".format(*two)),
)


@example("HTTP://0/\\\u0301")  # the accent behind %5C is not one on its C
@example("HTTP://M.-.0")  # what stands behind `m.` is no host
@example("http://exemple.fr/%%352")  # decoded in place, this would be the escape of another letter
@example("http://exemple.fr/;jsessionid/0")  # leaves an empty segment behind
@given(ADDRESSES)
def test_any_text_is_answered_and_a_key_is_its_own_key(url):
    link, keys = clean(url), url_keys(url)
    assert all(url_keys("https://" + key) == (key,) for key in keys)
    if link is not None and len(link) <= 2_000:
        assert clean(link) == link
        assert url_keys(link) == keys


@given(st.text(), st.lists(st.text()), st.none() | st.text())
def test_a_canonical_never_fails(final, declared, shared):
    assert isinstance(canonical(final, declared, shared), str)
