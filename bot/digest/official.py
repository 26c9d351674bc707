"""Who decides, and is no press: what they publish is marked."""

from bot.web import urls
from matchers.official import is_official


def published_by_official(url: str) -> bool:
    return is_official(urls.site(url))
