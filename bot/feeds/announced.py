"""The feeds that an HTML page announces."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

LONGEST_LINK = 2000
LONGEST_TITLE = 200
MOST = 50

_LINK_TAG = re.compile(r"<(?:link|a)\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})


@dataclass(frozen=True, slots=True)
class AnnouncedFeed:
    """A feed as its site names it."""

    url: str
    title: str


def announced(text: str, url: str) -> tuple[AnnouncedFeed, ...]:
    """The feeds that the page at `url` gives as its own (`rel=alternate`), in its order."""
    found: dict[str, AnnouncedFeed] = {}
    for tag in _LINK_TAG.finditer(text):
        values = {
            one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(tag[1])
        }
        if "alternate" in values.get("rel", "").lower().split() and values.get("type", "").lower() in _TYPES:
            address = absolute(values.get("href", ""), url)
            if address:
                title = " ".join(values.get("title", "").split())[:LONGEST_TITLE]
                found.setdefault(address, AnnouncedFeed(address, title))
        if len(found) >= MOST:
            break
    return tuple(found.values())


def absolute(address: str, url: str) -> str:
    """Absolute, http or https, as browsers read it: line breaks and tabs go, a space stays; "" if it cannot
    be."""
    address = re.sub(r"\s*[\x00-\x1f\x7f]+\s*", "", address.strip()).replace("&amp;", "&").replace(" ", "%20")
    if not address or len(address) > LONGEST_LINK:
        return ""
    try:
        joined = urljoin(url, address)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""
