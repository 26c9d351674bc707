"""Which addresses are meant: a pattern as in robots.txt (RFC 9309), for lists of links and reservations. Pure."""

from urllib.parse import urlsplit

from bot.web import urls
from matchers import sites


def covers(pattern: str, url: str) -> bool:
    """Whether an address matches: `*` stands for anything, `$` at the end for the end; from the start of the path, or
    of the whole address where the pattern begins with http. "" matches all. Linear, whatever the pattern.

    An accent and its escapes are one spelling, and so are those of a host.
    """
    whole = pattern.startswith("http")
    place = sites.respelt(url) if whole else place_of(url)
    return holds(urls.same_spelling(sites.respelt(pattern) if whole else pattern), urls.same_spelling(place))


def place_of(url: str) -> str:
    """The path of an address, "/" at least, and its query."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def holds(pattern: str, place: str) -> bool:
    """Whether a pattern holds for the start of a place, both spelt alike."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not place.startswith(first):
        return False
    here = len(first)
    last = others.pop() if anchored and others else None
    for piece in others:
        found = place.find(piece, here)
        if found < 0:
            return False
        here = found + len(piece)
    if last is not None:
        return len(place) - here >= len(last) and place.endswith(last)
    return not anchored or here == len(place)
