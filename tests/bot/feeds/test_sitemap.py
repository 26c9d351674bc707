"""News sitemaps, and sitemaps of sitemaps."""

import gzip
import pickle
from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds import sitemap
from bot.model import Failed, Why

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
URL = "https://site.example/sitemap.xml"
SPACES = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
)


def place(loc, *, modified="", title="", published=""):
    date = f"<news:publication_date>{published}</news:publication_date>"
    news = f"<news:news>{date}<news:title>{title}</news:title></news:news>"
    when = f"<lastmod>{modified}</lastmod>" if modified else ""
    return f"<url><loc>https://site.example{loc}</loc>{when}{news if title else ''}</url>"


def urlset(*places):
    return f"<?xml version='1.0'?><urlset {SPACES}>{''.join(places)}</urlset>"


def index(**children):
    rows = (
        f"<sitemap><loc>https://site.example/{name}.xml</loc><lastmod>{date}</lastmod></sitemap>"
        for name, date in children.items()
    )
    return f"<?xml version='1.0'?><sitemapindex {SPACES}>{''.join(rows)}</sitemapindex>"


def read(text, links="", memory=None, now=NOW):
    answer = sitemap.parse(text if isinstance(text, bytes) else text.encode(), "text/xml", URL, links, memory, now)
    assert pickle.loads(pickle.dumps(answer)) == answer
    return answer


def children(answer):
    return [child.removeprefix("https://site.example/").removesuffix(".xml") for child in answer.children]


def test_a_news_sitemap_gives_titles_and_dates():
    (entry,) = read(
        urlset(place("/a", title="L&#8217;essai &amp; plus", published="2026-11-24T07:00:00+01:00"))
    ).entries
    assert (entry.link, entry.title) == ("https://site.example/a", "L’essai & plus")
    assert entry.published == datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_a_plain_sitemap_gives_a_title_to_go_by_and_no_date():
    (entry,) = read(urlset(place("/actu/le-secnumcloud-change.html", modified="2026-11-23"))).entries
    assert (entry.title, entry.published) == ("le secnumcloud change…", None)


def test_what_changed_long_ago_is_no_news_and_the_latest_comes_first():
    places = [place(f"/{name}", modified=date) for name, date in
              {"old": "2026-11-01", "b": "2026-11-20", "a": "2026-11-23", "undated": ""}.items()]  # fmt: skip
    assert [entry.link[-1] for entry in read(urlset(*places)).entries] == ["d", "a", "b"]


def test_only_wanted_addresses_are_entries():
    text = urlset(place("/actu/a", title="Un"), place("/contact", title="Deux"), place("/", title="Accueil"))
    assert [entry.title for entry in read(text, "/actu/*").entries] == ["Un"]


def test_a_compressed_file_is_undone_and_a_bomb_is_not():
    assert len(read(gzip.compress(urlset(place("/a", title="Un")).encode())).entries) == 1
    assert read(gzip.compress(b" " * (40 << 20))).why == Why.TOO_BIG
    assert read(gzip.compress(b"x" * 99)[:-9]).why == Why.ENCODING


@pytest.mark.parametrize("text", ["", "<html></html>", "<rss></rss>", "\0"])
def test_anything_else_is_no_sitemap(text):
    answer = read(text)
    assert isinstance(answer, Failed)
    assert answer.why == Why.NOT_A_FEED


def test_of_an_index_only_the_children_that_changed_are_read():
    first = read(index(posts="2026-11-20", pages="2026-01-01"))
    assert children(first) == ["posts", "pages"]
    assert children(read(index(posts="2026-11-20", pages="2026-01-01"), memory=first.memory)) == []
    changed = read(index(posts="2026-11-24", pages="2026-01-01"), memory=first.memory)
    assert children(changed) == ["posts"]


def test_news_come_first_and_the_others_wait_for_the_next_poll():
    many = {f"posts{n}": f"2026-11-1{n}" for n in range(6)} | {"news": "2026-01-01"}
    first = read(index(**many))
    assert children(first) == ["news", "posts5", "posts4"]
    assert first.rest == 0, "a first reading need not go back to the beginning"
    touched = dict.fromkeys(many, "2026-11-24")
    second = read(index(**touched), memory=first.memory)
    assert (len(second.children), second.rest) == (3, 4)
    third = read(index(**touched), memory=second.memory)
    assert (len(third.children), third.rest) == (3, 1)
    assert not set(second.children) & set(third.children)


def test_children_of_other_hosts_are_left_alone():
    text = index(posts="2026-11-20").replace("site.example/posts", "evil.example/posts")
    assert children(read(text)) == []


def test_a_memory_that_cannot_be_read_is_forgotten():
    for memory in ("{", "[]", "5"):
        assert children(read(index(posts="2026-11-20"), memory=memory)) == ["posts"]


def test_only_so_many_places_are_kept():
    text = urlset(*(place(f"/{n}", modified="2026-11-23") for n in range(20_000)))
    assert len(read(text).entries) == sitemap.MOST_ENTRIES


def test_now_is_only_compared():
    assert read(urlset(place("/a", modified="2026-11-23")), now=NOW + timedelta(days=30)).entries == ()


def test_an_index_survives_what_is_no_address():
    bad = "<sitemap><loc>http://[bad</loc></sitemap>"
    assert children(read(index(a="2026-11-23").replace("</sitemapindex>", f"{bad}</sitemapindex>"))) == ["a"]


def test_a_sitemap_without_a_place_is_an_empty_document():
    assert read(urlset()).entries == ()


def test_places_may_have_a_prefix_and_pictures_are_none():
    picture = "<image:image><image:loc>/i.jpg</image:loc><image:title>Une photo</image:title></image:image>"
    (entry,) = read(
        f"<s:urlset xmlns:s='urn:x'><s:url>{picture}<s:loc>https://site.example/un-avis</s:loc></s:url></s:urlset>"
    ).entries
    assert (entry.link, entry.title) == ("https://site.example/un-avis", "un avis…")


def test_a_title_in_a_section_is_read_whole():
    (entry,) = read(urlset(place("/a", title="<![CDATA[Si a < b, l'avis]]>", published="2026-11-24"))).entries
    assert entry.title == "Si a < b, l'avis"
