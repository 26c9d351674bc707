"""One host has one name, whoever asks: to tell articles apart, spare a site, keep its rules, open a private host."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.official import published_by_official
from bot.polling.schedule import _moved
from bot.web import urls
from bot.web.network import Network, Proxy
from bot.web.reach import Reach, asked_for, places
from matchers import sites
from storage.feeds.model import FeedState
from tests.bot.digest.builders import article
from tests.storage.builders import NOW

ECO = "xn--co-9ia.fr"

SPELLINGS = [
    ("https://éco.fr/a", ECO),
    ("https://ÉCO.FR/a", ECO),
    ("https://e\u0301co.fr/a", ECO),
    ("https://éco.fr./a", ECO),
    ("https://éco。fr/a", ECO),
    ("https://xn--co-9ia.fr/a", ECO),
    ("HTTPS://XN--CO-9IA.FR:443/a", ECO),
    ("https://www.éco.fr/a", ECO),
    ("https://WWW.Site.fr./a", "site.fr"),
    ("https://site.fr.:443/a", "site.fr"),
    ("https://ｓｉｔｅ.fr/a", "site.fr"),
    ("https://straße.de/a", "xn--strae-oqa.de"),
    ("https://œuvre.fr/a", "xn--uvre-f4a.fr"),
    ("https://пример.рф/a", "xn--e1afmkfd.xn--p1ai"),
    ("https://ex_a.fr/a", "ex_a.fr"),
]


@pytest.mark.parametrize(("url", "name"), SPELLINGS)
def test_every_module_calls_a_site_by_one_name(url: str, name: str) -> None:
    assert urls.site(url) == sites.site(url) == name
    assert urls.host(url) == sites.spared(url) == name
    assert urls.url_keys(url) == (f"{name}/a",)
    assert (urls.clean(url) or "").removeprefix("https://").removeprefix("www.") == f"{name}/a"
    assert sites.origin(url).replace("www.", "") == f"https://{name}"
    assert sites.host(sites.respelt(url)) == sites.host(url)
    assert httpx.URL(sites.respelt(url)).raw_host.decode().removeprefix("www.") == name


@pytest.mark.parametrize(("url", "name"), SPELLINGS)
def test_a_private_host_and_a_rule_of_no_proxy_hold_for_each_spelling(url: str, name: str) -> None:
    host = sites.host(url)
    reach = Reach().for_sources([url])
    with asked_for(f"https://{host}/a"):
        assert reach.opens(host, 443, "10.0.0.1")
    assert places(f"{host}:443")[0] == {sites.host_port(url)}
    proxy = Proxy("http", "proxy.exemple", 3128, None)
    assert Network(proxy, proxy, direct=(f".{name}",)).proxy_for(url) is None
    assert Network(proxy, proxy, direct=(url.split("/")[2].removesuffix(":443"),)).proxy_for(f"https://{host}/") is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://site.fr:443/a", "https://site.fr"),
        ("http://site.fr:80/a", "http://site.fr"),
        ("http://Site.fr.:8080", "http://site.fr:8080"),
        ("https://éco.fr:80/", f"https://{ECO}:80"),
        ("http://[2001:DB8:0::1]/a", "http://[2001:db8::1]"),
        ("http://[broken/", ""),
        ("http://site.fr:99999/", ""),
        ("", ""),
    ],
)
def test_the_rules_of_a_site_have_one_origin(url: str, origin: str) -> None:
    assert sites.origin(url) == origin


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://WWW.Site.Example/feed", "site.example"),
        ("https://site.example.:8443/", "site.example"),
        ("http://127.0.0.1:8000/feed", None),
        ("http://[::1]/", None),
        ("http://192.168.1.9/", None),
        ("http://100.64.0.1/", None),
        ("http://localhost:9/", None),
        ("http://NAS.local./", None),
        ("http://169.254.169.254/", "169.254.169.254"),
        ("http://8.8.8.8/", "8.8.8.8"),
        ("http://[broken/", None),
        ("http://a..b/", None),
        ("", None),
    ],
)
def test_a_host_that_is_spared_has_one_name_and_a_local_one_none(url: str, key: str | None) -> None:
    assert sites.spared(url) == key


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://m.www.site.fr/a", "site.fr"),
        ("https://amp.site.fr/a", "site.fr"),
        ("https://www.fr/a", "www.fr"),
        ("https://data.site.fr/a", "data.site.fr"),
        ("http://127.0.0.1:8000/un/a", "127.0.0.1/un"),
        ("http://localhost/deux/a", "localhost/deux"),
    ],
)
def test_the_faces_of_a_site_are_one(url: str, site: str) -> None:
    assert sites.site(url) == site


@pytest.mark.parametrize("url", ["https://WWW.CNIL.fr./a", "https://m.cnil.fr/a", "https://cyber.gouv.fr:443/a"])
def test_an_authority_is_one_in_each_spelling(url: str) -> None:
    assert published_by_official(article(url=url))


def test_a_feed_that_moves_to_another_spelling_of_its_site_has_not_left_it() -> None:
    state = FeedState(url="https://www.éco.fr/rss", due_at=NOW)
    for _ in range(4):
        state = _moved(state, f"https://{ECO}./flux", NOW, same_entries=False)
    assert sites.site(state.url) == ECO


@given(st.text(max_size=60))
def test_any_text_has_a_host_or_none_and_it_is_spelt_once(text: str) -> None:
    name = sites.spelt(text)
    assert sites.spelt(name) == name
    assert name.isascii()
    sites.origin(f"https://{text}/")
    sites.respelt(f"https://{text}/")
