"""What is matched of an article, read just now or stored."""

from matchers.model import Article
from storage.articles.model import ArticleText, StoredArticle


def article_of(reading: ArticleText, feed: str = "", *, official: bool | None = None) -> Article:
    """What is matched of a reading. `source:` terms may name the feed, or the site that the page names; `official` is
    what feeds.yaml says of the feed."""
    source = _source(feed, reading.site)
    return Article(
        "",
        reading.title,
        reading.summary,
        reading.text,
        reading.url,
        reading.published,
        source,
        official,
        reading.links,
    )


def article_of_stored(stored: StoredArticle) -> Article:
    """What was matched of an article that is stored."""
    source = _source(stored.source_name, stored.site)
    return Article(
        str(stored.id), stored.title, stored.summary, stored.text, stored.url, stored.published, source,
        stored.official, stored.links,
    )  # fmt: skip


def _source(*names: str | None) -> str:
    return "\n".join(dict.fromkeys(name for name in names if name))
