"""Which addresses of a site are its articles: a pattern as in robots.txt."""

from urllib.parse import urlsplit


def covers(pattern: str, url: str) -> bool:
    """Whether an address matches: `*` stands for anything, `$` at the end for the end; from the start of the path, or
    of the whole address where the pattern begins with http. "" matches all. Linear, whatever the pattern."""
    parts = urlsplit(url)
    place = url if pattern.startswith("http") else (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    ended = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not place.startswith(first):
        return False
    here = len(first)
    last = others.pop() if ended and others else None
    for piece in others:
        found = place.find(piece, here)
        if found < 0:
            return False
        here = found + len(piece)
    if last is not None:
        return len(place) - here >= len(last) and place.endswith(last)
    return not ended or here == len(place)
