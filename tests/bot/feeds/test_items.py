"""Items are found whatever surrounds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.items import ItemSpan, spans

PIECES = [
    b"<item>", b"</item>", b"<item", b"<entry ", b"</entry>", b"<a:item>", b"</a:item >", b"<item/>", b"<items>",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b">", b"<", b"/", b"text", b"<rss>", b"</rss>", b"\x00", b"\xff",
]  # fmt: skip


def pieces(body: bytes) -> list[bytes]:
    return [body[span.start : span.end] for span in spans(body)]


@given(st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)))
def test_spans_are_ordered_disjoint_and_inside(body):
    found = spans(body)
    edges = [edge for span in found for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(body) for span in found)
    assert all(body[span.start : span.start + 1] == b"<" for span in found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<rss><item>a</item> <item x='1'>b</item ></rss>", [b"<item>a</item>", b"<item x='1'>b</item >"]),
        (b"<feed><entry>a</entry></feed>", [b"<entry>a</entry>"]),
        (b"<r:item>a</r:item>", [b"<r:item>a</r:item>"]),
        (b"<ITEM>a</ITEM>", [b"<ITEM>a</ITEM>"]),
        (b"<items><li/></items><item/>", [b"<item/>"]),
        (b"<item><![CDATA[</item><item>]]>a</item>", [b"<item><![CDATA[</item><item>]]>a</item>"]),
        (b"<!-- <item>no</item> --><item>a</item>", [b"<item>a</item>"]),
        (b"</item><item>a</item>", [b"<item>a</item>"]),
        (b"<item><![CDATA[ never closed </item>", [b"<item><![CDATA[ never closed </item>"]),
        (b"", []),
    ],
)
def test_items_are_cut_at_their_tags(body, expected):
    assert pieces(body) == expected


def test_an_item_without_its_end_tag_ends_where_the_next_begins():
    assert spans(b"<item>a<item>b</item><item>c") == [
        ItemSpan(0, 7, False),
        ItemSpan(7, 21, True),
        ItemSpan(21, 28, False),
    ]


@pytest.mark.parametrize("piece", [b"<", b"<!--", b"<![CDATA[", b"<item ", b"<item>", b"</item>", b"<a:", b"<itemitem"])
def test_a_repeated_piece_is_read_to_its_end(piece):
    assert len(spans(piece * 20_000)) <= 20_000
