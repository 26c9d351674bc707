"""JSON Feed, read by ourselves."""

import json
from datetime import UTC, datetime

import pytest

from bot.feeds import parse
from bot.model import Document, Failed, Why

URL = "https://site.example/feed.json"


def read(value):
    body = value if isinstance(value, str) else json.dumps(value)
    return parse.parse(body.encode(), "application/feed+json", URL)


def feed(*items, **more):
    return {"version": "https://jsonfeed.org/version/1.1", "title": "Le flux", "items": list(items), **more}


def test_an_item_gives_everything_it_says():
    (entry,) = read(
        feed({
            "id": "a", "url": "/a", "title": "Un &amp; deux", "summary": "Court",
            "content_html": "<p>Un.</p><p>Deux.</p>",
            "date_published": "2026-11-24T09:00:00+01:00", "authors": [{"name": "Anne"}],
        })
    ).entries  # fmt: skip
    assert (entry.key, entry.link, entry.title) == ("a", "https://site.example/a", "Un & deux")
    assert (entry.summary, entry.content, entry.author) == ("Court", "Un.\nDeux.", "Anne")
    assert entry.published == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_ten_items_are_ten_entries():
    document = read(feed(*({"id": n, "content_text": f"Texte {n}"} for n in range(10)), language="fr"))
    assert isinstance(document, Document)
    assert ([entry.key for entry in document.entries], document.title, document.language) == (
        [str(n) for n in range(10)], "Le flux", "fr",
    )  # fmt: skip


def test_the_first_version_names_its_author_otherwise():
    (entry,) = read(feed({"id": "1", "author": {"name": "Anne"}, "date_modified": "2026-11-24T08:00:00Z"})).entries
    assert (entry.author, entry.published) == ("Anne", datetime(2026, 11, 24, 8, tzinfo=UTC))


def test_a_date_that_is_still_to_come_is_no_date():
    odd = {"id": "1", "date_published": "2055-01-01T00:00:00Z", "date_modified": "2026-11-24T08:00:00Z"}
    answer = parse.parse(json.dumps(feed(odd)).encode(), "", URL, now=datetime(2026, 11, 25, tzinfo=UTC))
    assert answer.entries[0].published == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_a_value_of_a_wrong_type_counts_as_absent():
    odd = {"id": ["x"], "url": 5, "title": {}, "summary": None, "content_html": [], "date_published": "hier",
           "authors": ["Anne"]}  # fmt: skip
    document = read(feed(odd, "item", None, {"id": "1", "url": "javascript:alert(1)"}, title=[]))
    assert [(entry.title, entry.link) for entry in document.entries] == [("", ""), ("", "")]


@pytest.mark.parametrize("text", ["{", '{"items": [', '{"a":' * 100_000])
def test_what_is_broken_is_said(text):
    assert read(text).why == Why.UNPARSABLE


@pytest.mark.parametrize("value", [{}, {"items": {}}, {"error": "rate limited"}])
def test_other_json_is_no_feed(value):
    answer = read(value)
    assert isinstance(answer, Failed)
    assert answer.why == Why.NOT_A_FEED


def test_at_most_two_thousand_items_are_kept():
    assert len(read(feed(*({"id": n} for n in range(2100)))).entries) == 2000


ONE = '{"id": "1", "url": "https://site.example/1", "title": "Un"}'
WHOLE = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{ONE}, {ONE.replace("1", "2")}]}}'


def test_of_one_that_was_cut_the_items_that_stand_whole_are_read_and_it_is_not_believed_complete():
    document = read(WHOLE[: WHOLE.rindex('"title"') + 12])
    assert isinstance(document, Document)
    assert ([entry.title for entry in document.entries], document.complete) == (["Un"], False)


@pytest.mark.parametrize("before", [")]}',\n", "// cache\n", "<br />\n<b>Notice</b>: x\n", "jsonp("])
def test_what_stands_before_one_is_passed_over(before):
    document = read(before + WHOLE)
    assert isinstance(document, Document)
    assert len(document.entries) == 2
