"""In every layout the article is read whole, and nothing of what stands around it."""

from datetime import UTC, datetime

import pytest

from bot.feeds.dates import PARIS
from bot.model import Entry
from bot.reading.page import read_page
from bot.reading.read import read
from storage.articles.model import ArticleText
from tests.bot.reading.corpus import PAGES, STRANGER, Gold

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
URL = "https://relais.example/actualites/un-article"
each = pytest.mark.parametrize("gold", PAGES, ids=lambda gold: f"{gold.name}-{gold.told.day}")


def reading(gold: Gold) -> ArticleText:
    return read(Entry("1", URL, ""), "page", read_page(gold.html, url=URL, now=NOW), URL, NOW)


@each
def test_the_article_is_whole_and_its_neighbours_are_left_out(gold: Gold) -> None:
    found = reading(gold)
    assert [paragraph for paragraph in gold.told.paragraphs[: gold.shown] if paragraph not in found.text] == []
    assert STRANGER not in found.text
    assert ("paywalled" in found.flags) is gold.wall
    assert "maybe_incomplete" not in found.flags


@each
def test_its_title_its_day_and_its_author_are_its_own(gold: Gold) -> None:
    found = reading(gold)
    assert found.title == gold.told.title
    assert found.author == gold.author
    assert found.published is not None
    assert found.published.astimezone(PARIS).date() == gold.told.day
