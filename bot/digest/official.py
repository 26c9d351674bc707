"""Who decides, and is no press: what they publish is marked."""

from bot import grouping
from matchers.official import is_official


def published_by_official(url: str) -> bool:
    return is_official(grouping.host(url))
