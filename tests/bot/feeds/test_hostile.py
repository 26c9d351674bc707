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
