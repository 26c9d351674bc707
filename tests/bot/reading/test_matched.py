"""What is matched of a reading is what is matched of it once stored: the same event, the same year."""

from datetime import UTC, datetime

from bot.jsonl import moment
from bot.reading.matched import article_of
from storage.articles.model import ArticleText

THEN = datetime(2026, 3, 2, tzinfo=UTC)


def test_an_article_is_judged_with_its_date() -> None:
    reading = ArticleText("Titre", "", "", "https://a.fr/1", published=THEN)
    assert article_of(reading).published == THEN


def test_a_date_of_a_line_is_read_or_left_out() -> None:
    assert moment("2026-03-02") == moment(" 2026-03-02T01:00:00+01:00 ") == THEN
    assert moment(None) is moment("hier") is moment(2026) is None
