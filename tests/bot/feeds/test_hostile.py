"""Feeds made to break their reader: each gives a document or a reason. How long they take: benchmarks/polling.py."""

import pickle

import pytest

from benchmarks.hostile_feeds import FEEDS
from bot.feeds import parse
from bot.feeds.source import MOST_ENTRIES
from bot.model import Document, Failed


@pytest.mark.parametrize("name", FEEDS)
def test_a_hostile_feed_is_a_document_or_a_reason(name):
    body = FEEDS[name](20_000)
    answer = parse.parse(body, "application/rss+xml", "https://site.example/rss")
    assert isinstance(answer, Document | Failed)
    assert pickle.loads(pickle.dumps(answer)) == answer
    if isinstance(answer, Document):
        assert len(answer.entries) <= MOST_ENTRIES
        again = parse.parse(body, "application/rss+xml", "https://site.example/rss", answer.memory)
        assert isinstance(again, Document)


@pytest.mark.parametrize("element", ["author", "dc:creator", "managingEditor", "name"])
@pytest.mark.parametrize("text", ["{}", " {}", "<![CDATA[{}]]>", "<![CDATA[<b>]{}]]>", "{}]"])
def test_the_end_of_a_name_that_is_no_name_is_not_searched_for_an_address(element, text):
    written = f"<{element}>{text.format('a' * 50_000)}</{element}><link>https://site.example/1</link>".encode()
    left = parse._as_meant(written)
    assert len(left) < 1_200
    assert left.endswith(f"</{element}><link>https://site.example/1</link>".encode())


@pytest.mark.parametrize("name", ["Anne Lys", "<![CDATA[Anne & Paul]]>", "a" * 1000, f"<![CDATA[{'a' * 1000}]]>"])
def test_a_name_that_is_one_is_left_as_it_stands(name):
    written = f"<author>{name}</author><author>Paul Lys</author>".encode()
    assert parse._as_meant(written) == written
