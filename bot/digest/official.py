"""Who decides, and is no press: what they publish is marked, and an act among it by a word of its own."""

import re
from functools import lru_cache

from bot.messages import texts
from bot.web import urls
from matchers.acts.act_roles import is_act
from matchers.acts.publics import PublicRole, audience
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


_CONCERNED = re.compile(r"(?:^| · )Concerne\s?: (?P<words>.*?)(?: · Entrée en vigueur\s?:|$)", re.DOTALL)
_CUT = 299  # characters of these words that a summary holds: of more the rest may name anybody


def concerns(article: StoredArticle, role: str) -> bool:
    """Does it concern readers of this role? Only an act that says itself to concern others does not."""
    if not role:
        return True
    named = _audience(article.title, article.url, article.summary)
    return not named or role in named


@lru_cache(maxsize=256)
def _audience(title: str, url: str, summary: str) -> tuple[PublicRole, ...]:
    """Whom an act's own « Publics concernés » mean; () for everybody."""
    if not is_act(Article(title=title, url=url)):
        return ()
    found = _CONCERNED.search(summary)
    return audience(found["words"]) if found is not None and len(found["words"]) < _CUT else ()
