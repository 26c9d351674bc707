"""Who decides, and is no press: what they publish is marked, and an act among it by a word of its own."""

from bot.messages import texts
from bot.web import urls
from matchers.act_roles import is_act
from matchers.model import Article
from matchers.official import is_official
from storage.articles.model import StoredArticle


def published_by_official(article: StoredArticle) -> bool:
    return is_official(urls.site(article.url), article.official)


def mark(article: StoredArticle, language: str) -> str:
    """« 🏛 acte » of an official act, « source officielle » of what else an authority publishes, "" of all others."""
    return word(article, language) if published_by_official(article) else ""


def word(article: StoredArticle, language: str) -> str:
    """What an article that is an authority's is called."""
    return texts.text(language, "story.act" if is_own_act(article) else "story.official")


def is_own_act(article: StoredArticle) -> bool:
    return is_act(Article(title=article.title, url=article.url))
