"""The parent only chooses among bounded values: whatever a source gives, each text of a reading has an end."""

import ast
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

import bot
from bot.feeds import pagelist, parse, sitemap
from bot.feeds.finished import finished
from bot.feeds.plain_text import MARKS
from bot.model import Document, Entry, Failed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://site.example/rss"
ACCENTS = "e" + "\u0301\u0323" * 120_000
LONG = "x" * 3_000_000
BOUNDS = {
    **dict.fromkeys(("title", "content", "summary"), 300_000),
    "key": 500,
    "link": 2000,
    "author": 200,
    "source_name": 200,
    "title_key": 32,
    "day_key": 32,
    "digest": 32,
    "number": 300,
    "url_keys": 8000,
}


def rss(value: str) -> bytes:
    return (
        f"<rss><channel><title>{value}</title><language>{value}</language><link>https://s.example/{value}</link><item>"
        f"<title>{value}</title><link>https://site.example/{value}</link><guid>{value}</guid><author>{value[:5000]}</author>"
        f"<description>{value}</description><source url='x'>{value}</source></item></channel></rss>"
    ).encode()


def json(value: str) -> bytes:
    return (
        f'{{"title": "{value}", "language": "{value}", "items": [{{"id": "{value}", "url": "https://a.example/{value}",'
        f' "title": "{value}", "content_text": "{value}", "authors": [{{"name": "{value}"}}]}}]}}'
    ).encode()


def page(value: str) -> bytes:
    return f"<html><title>{value}</title><body><a href='/a/{value}'>{value}</a><a href='/b'>{value}</a></body>".encode()


def sites(value: str) -> bytes:
    return f"<urlset><url><loc>https://site.example/a/{value}</loc><title>{value}</title></url></urlset>".encode()


def reading(kind: str, value: str) -> Document | Failed:
    work = {
        "rss": lambda: partial(parse.parse, rss(value), "text/xml", URL, None, NOW),
        "json": lambda: partial(parse.parse, json(value), "application/json", URL, None, NOW),
        "page": lambda: partial(pagelist.parse, page(value), "text/html", URL, pagelist.WantedLinks("", "")),
        "sitemap": lambda: partial(sitemap.parse, sites(value), "text/xml", URL, "", None, NOW),
    }[kind]()
    answer = finished(work)
    assert isinstance(answer, Document | Failed)
    return answer


@pytest.mark.parametrize("value", [ACCENTS, LONG], ids=["accents", "long"])
@pytest.mark.parametrize("kind", ["rss", "json", "page", "sitemap"])
def test_every_text_that_reaches_the_parent_has_an_end(kind: str, value: str) -> None:
    answer = reading(kind, value)
    if isinstance(answer, Failed):
        assert len(answer.detail) <= 300
        return
    assert len(answer.title) <= 1000
    assert len(answer.language or "") <= 20
    for entry in answer.entries:
        for field in fields(Entry):
            said = getattr(entry, field.name)
            text = "".join(said) if isinstance(said, tuple) else said if isinstance(said, str) else ""
            assert len(text) <= BOUNDS.get(field.name, 0) or not text, field.name
            assert "\u0301\u0323" * MARKS not in text, field.name


def test_the_modules_of_a_poll_compute_no_identity_and_normalise_nothing() -> None:
    root = Path(bot.__file__).parent
    for path in (root / "polling" / "known.py", root / "pipeline.py"):
        calls = {node.func.attr for node in ast.walk(ast.parse(path.read_text()))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip
        assert not calls & {"normalize", "number_key", "content_digest", "casefold", "clean", "canonical"}, path.name
