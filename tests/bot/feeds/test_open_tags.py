"""What an item left open is closed, whatever it is, and no word of it goes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import open_tags

PIECES = [
    "<title>",
    "</title>",
    "</titre>",
    "<link>",
    "<description>",
    "</item>",
    "<![CDATA[",
    "]]>",
    "]]",
    "mot ",
    "<b>",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_item_keeps_its_words(text):
    closed = open_tags.closed(f"<item>{text}</item>".encode())
    assert closed.count(b"mot") == text.count("mot")
    assert open_tags.sections_closed(text).count("mot") == text.count("mot")
