"""What the revision of an article tells that its story had not. Pure."""

from collections.abc import Callable
from functools import cache

from matchers.model import Article
from matchers.stories import revision
from storage.stories.model import StoryNews, StorySource

Changed = Callable[[tuple[str, ...]], revision.Facts]
"""What a revision tells that was told nowhere in its story, to who follows these watchlists."""


def changed(news: StoryNews) -> Changed:
    """To ask for each reader: those who follow the same are answered once."""
    source = None if news.revised is None else news.source(news.revised.article)
    others = [_worded(each) for each in news.sources if each is not source]
    known = {key for each in others for key in revision.facts(f"{each.article.title}. {each.article.summary}")}
    known |= {f"term:{point.term}" for each in others for match in each.matches for point in match.points}

    @cache
    def told(watchlists: tuple[str, ...]) -> revision.Facts:
        if news.revised is None or source is None:
            return {}
        was = Article(title=news.revised.title, summary=news.revised.summary, text=news.revised.text)
        found = revision.news(revision.Worded(was, news.revised.matches), _worded(source), watchlists)
        return {key: written for key, written in found.items() if key not in known}

    return told


def _worded(source: StorySource) -> revision.Worded:
    stored = source.article
    return revision.Worded(Article(title=stored.title, summary=stored.summary), source.matches)
