"""What a site lets us read, and what for: robots.txt, TDM reservation, robots tags. Pure; the only door to protego.

RFC 9309 · W3C community group, "TDM Reservation Protocol" · Directive (EU) 2019/790, article 4. Not legal advice: the
operator decides, we obey and say what we did. `judge` runs in a worker: the patterns of a robots.txt are a site's own,
and protego makes regular expressions of them.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

AGENT = "Vigie"  # the bare token: a version in it would match no group
LONGEST = 500 << 10  # bytes of a robots.txt that are read (RFC 9309)
SNIPPET = 200  # characters that an alert may quote

_DIRECTIVES = frozenset(
    ("all", "none", "index", "noindex", "follow", "nofollow", "noarchive", "nosnippet", "nocache", "notranslate")
) | {"noimageindex", "indexifembedded", "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}

# A group's line with our token; a version is often copied with it from a server's log, and is no part of the token.
_NAMED = re.compile(
    rf"^([ \t]*user-?agent[ \t]*:[ \t]*{AGENT})(?:/\S*|\*)?(?=[ \t]*(?:#|\r|$))", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`allowed` by robots.txt; `reserved` by the site's own file; `delay` in seconds, None if robots.txt names none."""

    allowed: bool = True
    reserved: bool = False
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """What may be done with a page. `keep`: its text may be stored; `quote`: a passage may be shown."""

    keep: bool = True
    quote: bool = True


ANY = Tags()


@dataclass(frozen=True, slots=True)
class Terms:
    """What came with a page: its headers, and whether the operator holds a licence for the site."""

    reserved: bool | None = None
    licensed: bool = False
    tags: tuple[str, ...] = ()


def names_us(robots: str) -> bool:
    """Whether a group of this robots.txt is for us by name: the only one that counts for a feed. Linear."""
    return _NAMED.search(robots) is not None


def judge(robots: str, reservations: str, url: str) -> Judgement:
    """What a site's two files say of one of its addresses. Neither is trusted to be well-formed."""
    rules = _parsed(robots)
    delay = rules.crawl_delay(AGENT)
    return Judgement(bool(rules.can_fetch(url, AGENT)), _reserved(reservations, url), delay)


def reservation(value: str | None) -> bool | None:
    """What a header, a meta element or a field of tdmrep.json says; None for anything but 0 and 1."""
    return {"1": True, "0": False}.get((value or "").strip())


def tags(values: Iterable[str]) -> Tags:
    """The robots meta elements and headers of a page, together: the strictest wins. Those for other robots are left."""
    keep = quote = True
    for directive in (piece for value in values for piece in _pieces(value)):
        name, _, argument = directive.partition(":")
        if name == "noarchive":
            keep = False
        elif name == "nosnippet" or (name == "max-snippet" and _shorter(argument)):
            quote = False
    return Tags(keep, quote)


@lru_cache(32)
def _parsed(robots: str) -> Any:
    from protego import Protego

    return Protego.parse(_NAMED.sub(r"\1", robots))


def _reserved(reservations: str, url: str) -> bool:
    """The first rule whose location matches decides."""
    try:
        rules = json.loads(reservations) if reservations else []
    except (ValueError, RecursionError):
        return False
    parts = urlsplit(url)
    place = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and _covers(str(rule.get("location", "")), place):
            return reservation(str(rule.get("tdm-reservation"))) is True
    return False


def _covers(pattern: str, place: str) -> bool:
    """Whether a pattern with `*` and `$`, as in robots.txt, holds for the start of a path. Linear, whatever it is."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not pattern or not place.startswith(first):
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


def _pieces(value: str) -> list[str]:
    """The directives of one header or element; none if it is for another robot (`googlebot: noarchive`)."""
    value = value.lower()
    head, colon, rest = value.partition(":")
    if colon and head.strip() not in _DIRECTIVES and "," not in head:
        if head.strip() != AGENT.lower():
            return []
        value = rest
    return [piece.strip() for piece in value.split(",")]


def _shorter(argument: str) -> bool:
    try:
        return 0 <= int(argument) < SNIPPET
    except ValueError:
        return False
