"""Which article somebody means: by its number, its address, or the message of ours that is answered."""

import re

from bot.conversation.context import Context
from bot.conversation.model import View
from bot.web import urls
from storage.ids import ArticleId

_NUMBER = re.compile(r"(?:n(?:[°º]|os?\.?)?\s*)?(\d{1,15})\Z", re.IGNORECASE)


def is_number(written: str) -> bool:
    """Is it the number of an article, « 15 », « n° 15 » or « no. 15 »?"""
    return _NUMBER.match(written.strip()) is not None


async def article_named(written: str, context: Context) -> ArticleId | None:
    """The article of this number or address, if we have it."""
    articles = context.store.articles
    if number := _NUMBER.match(written.strip()):
        found = await context.offload(articles.get, ArticleId(int(number[1])))
    else:
        found = await context.offload(articles.by_url, urls.url_keys(written))
    return found.id if found else None


async def article_announced(message: int, view: View, context: Context) -> ArticleId | None:
    """The article that a message of ours in this chat shows."""
    if view.chat is None:
        return None
    found = await context.offload(context.store.traces.behind_message, view.chat.key, message)
    return await context.offload(context.store.traces.shown, found) if found else None
