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

from bot.web import urls
from bot.web.url_patterns import holds, place_of

AGENT = "Vigie"  # the bare token: a version in it would match no group
LONGEST = 500 << 10  # bytes of a robots.txt that are read (RFC 9309)
SNIPPET = 200  # characters that an alert may quote

_DIRECTIVES = frozenset(
    ("all", "none", "index", "noindex", "follow", "nofollow", "noarchive", "nosnippet", "nocache", "notranslate")
) | {"noimageindex", "indexifembedded", "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}

# Whom a group is for. A version is often copied with the token from a server's log, and is no part of it.
_GROUP = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*)([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"([a-z_-]+)(?:[/*\s].*)?\Z", re.IGNORECASE)
_NOT_US = "another"  # protego takes a part of a name for the whole: « Vigi » would be ours


@dataclass(frozen=True, slots=True)
class Judgement:
    """`allowed` by robots.txt; `reserved` by the site's own file; `delay` in seconds, None if robots.txt names none;
    `named`: a group of robots.txt is for us by name, the only one that counts for a feed."""

    allowed: bool = True
    reserved: bool = False
    delay: float | None = None
    named: bool = False


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


def judge(robots: str, reservations: str, url: str) -> Judgement:
    """What a site's two files say of one of its addresses. Neither is trusted to be well-formed."""
    rules = _parsed(robots)
    delay = rules.crawl_delay(AGENT)
    named = any(_is_us(group[2]) for group in _GROUP.finditer(robots))
    return Judgement(bool(rules.can_fetch(url, AGENT)), _reserved(reservations, url), delay, named)


def sitemaps(robots: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, by the addresses that are whole, as written."""
    named = (str(each).strip() for each in _parsed(robots).sitemaps)
    return tuple(each for each in named if each.startswith(("http://", "https://")) and len(each) <= urls.LONGEST)[:20]


def reservation(value: str | None) -> bool | None:
    """What a header, a meta element or a field of tdmrep.json says, the stricter where it says two things; None for
    anything but 0 and 1."""
    return stricter({"1": True, "0": False}.get(part.strip()) for part in (value or "").split(","))


def stricter(said: Iterable[bool | None]) -> bool | None:
    """Of what was said several times of the same thing, that which reserves; None where nothing was said."""
    heard = {one for one in said if one is not None}
    return any(heard) if heard else None


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

    return Protego.parse(_GROUP.sub(_renamed, robots))


def _renamed(group: re.Match[str]) -> str:
    name = group[2].strip()
    return group[1] + ("*" if name == "*" else AGENT if _is_us(name) else _NOT_US)


def _is_us(name: str) -> bool:
    """Whether a group's name is our product token, whole (RFC 9309, 2.2.1)."""
    token = _TOKEN.match(name.strip())
    return token is not None and token[1].lower() == AGENT.lower()


def _reserved(reservations: str, url: str) -> bool:
    """The first rule whose location matches decides, with any other for the same location."""
    try:
        rules = json.loads(reservations, object_pairs_hook=_object) if reservations else []
    except (ValueError, RecursionError):
        return False
    place = urls.same_spelling(place_of(url))
    found: str | None = None
    said: list[bool | None] = []
    for rule in rules if isinstance(rules, list) else [rules]:
        location = _location(rule)
        if location and (location == found or (found is None and holds(location, place))):
            found = location
            said.append(reservation(str(rule.get("tdm-reservation"))))
    return stricter(said) is True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object that says both 0 and 1 says both."""
    said = [str(value) for name, value in pairs if name == "tdm-reservation"]
    return {**dict(pairs), **({"tdm-reservation": ",".join(said)} if said else {})}


def _location(rule: Any) -> str:
    """The pattern of a rule, spelt as we spell paths; "" without one."""
    location = rule.get("location") if isinstance(rule, dict) else None
    if not isinstance(location, str) or len(location) > urls.LONGEST:
        return ""
    return urls.same_spelling(re.sub(r"^https?://[^/]+(?=/)", "", location.strip()))


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
