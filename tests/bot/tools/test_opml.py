"""OPML from anywhere: what is in it, what is refused, and why."""

import pytest

from bot.tools import opml
from bot.tools.opml import NotOpml
from storage.feeds.model import Feed
from storage.ids import FeedId


def listed(*outlines, declaration="<?xml version='1.0' encoding='UTF-8'?>"):
    return f"{declaration}<opml version='2.0'><head/><body>{''.join(outlines)}</body></opml>"


def outline(url, name="Site", **more):
    values = {"text": name, "type": "rss", "xmlUrl": url, **more}
    return "<outline " + " ".join(f'{key}="{value}"' for key, value in values.items() if value) + "/>"


def read(text, **given):
    return [
        (each.url, each.name, each.category)
        for each in opml.read(text if isinstance(text, bytes) else text.encode(), **given)
    ]


def refused(url):
    (each,) = opml.read(listed(outline(url)).encode())
    return each.refused


A, B = "https://a.example/rss", "https://b.example/rss"


def test_feeds_come_in_their_order_with_where_they_stood():
    text = listed(outline(A), f"<outline text='Presse'><outline text='Cloud'>{outline(B)}</outline></outline>")
    assert read(text) == [(A, "Site", ""), (B, "Site", "Presse / Cloud")]


@pytest.mark.parametrize(
    "text",
    [
        listed(f"<outline XMLURL='{A}' TEXT='Site'/>"),
        listed(outline(A, type="")),
        listed(f"<outline title='Site' xmlUrl='{A}'/>"),
        "\ufeff" + listed(outline(A)),
        listed(outline(A)).encode("utf-16"),
        listed(outline(A), declaration=""),
        listed(outline(A)).replace("opml", "OPML"),
    ],
)
def test_every_program_writes_it_its_own_way(text):
    assert read(text) == [(A, "Site", "")]


def test_a_feed_without_a_name_is_a_feed():
    assert read(listed(outline(A, name=""))) == [(A, "", "")]


def test_names_written_with_entities_of_html_are_read():
    assert read(listed(outline(A, name="Sant&eacute; &amp; num&#233;rique & co")))[0][1] == "Santé & numérique & co"


def test_one_address_is_one_feed():
    assert len(read(listed(outline(A), outline(A + "?utm_source=x"), outline("http://www.a.example/rss")))) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "http"),
        ("javascript:alert(1)", "http"),
        ("http://127.0.0.1/rss", "machine"),
        ("http://192.168.1.9/rss", "machine"),
        ("http://localhost:8000/rss", "machine"),
        ("http://[::1]/rss", "machine"),
        ("http://", "nom du site"),
        ("https://a.example/" + "x" * 2000, "2000"),
    ],
)
def test_an_address_that_can_not_be_followed_says_why(url, why):
    assert why in refused(url)


def test_a_private_address_may_be_allowed():
    (each,) = opml.read(listed(outline("http://127.0.0.1/rss")).encode(), allow_private=True)
    assert each.refused == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "XML cassé"),
        ("<opml><body>", "XML cassé, ligne 1"),
        ("<rss/>", "pas de l’OPML"),
        ("<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "DOCTYPE"),
        ("<opml><!ENTITY a SYSTEM 'file:///etc/passwd'></opml>", "DOCTYPE"),
        ("<opml>" + " " * (1 << 20) + "</opml>", "1 Mio"),
    ],
)
def test_what_is_no_list_is_said_in_one_line(text, why):
    with pytest.raises(NotOpml, match=why) as said:
        opml.read(text.encode())
    assert "\n" not in str(said.value)


def test_five_thousand_outlines_are_read():
    assert len(read(listed(*(outline(f"https://a.example/{n}") for n in range(5000))))) == 5000


def test_a_list_as_deep_as_it_is_long_does_no_harm():
    deep = listed("<outline text='x'>" * 20_000 + outline(A) + "</outline>" * 20_000)
    assert read(deep) == [(A, "Site", "x / x / x / x / x / x / x / x")]


def test_what_is_written_is_read_again():
    feeds = [
        Feed(FeedId("a"), 'Santé & "numérique" <b>', A, category="Presse & cloud"),
        Feed(FeedId("b"), "B", B + "?a=1&b=2"),
        Feed(FeedId("c"), "C", "https://c.example/", kind="page"),
    ]
    assert sorted(read(opml.write(feeds))) == [(feed.url, feed.name, feed.category) for feed in feeds[:2]]
