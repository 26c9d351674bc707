"""Who decides, and is no press: what they publish is marked."""

from bot.web import urls
from matchers.official import is_official
from storage.articles.model import StoredArticle


def published_by_official(article: StoredArticle) -> bool:
    return is_official(urls.site(article.url), article.official)
