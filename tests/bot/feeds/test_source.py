"""A feed made ready: what it asks for, and what tells it from another."""

from datetime import timedelta

import pytest

from bot.feeds.source import FeedSource, root
from tests.bot.feeds.test_parse import item, rss


def source(text):
    start, name = root(text)
    return FeedSource.of(text[start:], name, text[:start])


@pytest.mark.parametrize(
    ("head", "wishes"),
    [
        ("", (None, 0, 0)),
        ("<ttl>60</ttl>", (timedelta(hours=1), 0, 0)),
        ("<ttl> 5 </ttl>", (timedelta(minutes=5), 0, 0)),
        ("<ttl>0</ttl>", (None, 0, 0)),
        ("<ttl>never</ttl>", (None, 0, 0)),
        ("<skipHours><hour>0</hour><hour>5</hour></skipHours>", (None, 0b100001, 0)),
        ("<skipHours><hour>24</hour><hour>25</hour></skipHours>", (None, 1, 0)),
        ("<skiphours>\n<hour> 23 </hour>\n</skiphours>", (None, 1 << 23, 0)),
        ("<skipDays><day>Saturday</day><day>SUNDAY</day><day>Dimanche</day></skipDays>", (None, 0, 0b1100000)),
    ],
)
def test_what_a_document_asks_for(head, wishes):
    assert source(rss(item(1), head=head)).wishes() == wishes
    assert source(rss(item(1)).replace("</channel>", f"{head}</channel>")).wishes() == wishes, "after the items as well"


def test_what_an_item_says_is_no_wish_of_the_document():
    assert source(rss(item(1, more="<ttl>60</ttl>"))).wishes() == (None, 0, 0)


def test_a_document_less_some_items_is_a_document():
    made = source(rss(item(1), item(2), item(3)))
    left = made.without({0, 2}).decode()
    assert ("Titre 1" in left, "Titre 2" in left, "Titre 3" in left) == (False, True, False)
    assert left.rstrip().endswith("</channel></rss>")


def test_the_shape_is_that_of_prolog_root_and_charset():
    plain, other = rss(item(1)), rss(item(2), item(3))
    assert source(plain).shape("text/xml") == source(other).shape("text/xml")
    assert source(plain).shape("text/xml") != source(plain).shape("text/xml; charset=latin-1")
    assert source(plain).shape("") != source(plain.replace("2.0", "0.91")).shape("")
    assert source(plain).shape("") != source(rss(item(1), declaration="")).shape("")
