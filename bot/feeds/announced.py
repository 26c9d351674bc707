"""The feeds that an HTML page announces. Called in a worker process, but for `absolute`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.feeds.charset import decoded
from bot.feeds.html_tree import base_of, tree_of
from matchers import sites

LONGEST_LINK = 2000
LONGEST_TITLE = 200
MOST = 50

# text/xml and application/xml with rel=alternate are feeds of old sites; oEmbed's types end in +oembed
_NAMED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/rss")
)
_TYPES = _NAMED_TYPES | {
    "text/xml",
    "application/xml",
    "text/rss",
    "text/rss+xml",
    "text/atom+xml",
    "application/x-rss+xml",
}
_LIKE_A_FEED = re.compile(r"(?:^|[/._?=&-])(?:rss2?|atom|feeds?|rdf|flux-?rss|backend)(?:$|[/._?=&-])", re.IGNORECASE)
_NAMED_FEED = re.compile(r"\bflux (?:rss|atom)\b|\b(?:rss|atom) feed\b", re.IGNORECASE)
_COMMENTS = re.compile(r"[/=_-](?:comments?|commentaires)(?:[/._&-]|$)", re.IGNORECASE)
_OF_COMMENTS = re.compile(r"\b(?:comments|commentaires)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AnnouncedFeed:
    """A feed as its site names it."""

    url: str
    title: str


def announced_by(body: bytes, content_type: str, url: str) -> tuple[AnnouncedFeed, ...]:
    """The same of a page as it came: here, that a worker need not load what asks for it."""
    return announced(decoded(body, content_type), url)


def announced(text: str, url: str) -> tuple[AnnouncedFeed, ...]:
    """The feeds that the page at `url` gives as its own, in its order: those it declares (`rel` alternate or feed),
    else those that its visible links lead to, else only those of its comments."""
    tree = tree_of(text)
    if tree is None:
        return ()
    base = absolute(base_of(tree), url) or url
    declared = _distinct(_read(link, base) for link in tree.iter("link", "a") if _declares(link))
    news = tuple(feed for feed in declared if not _of_comments(feed))
    return news or _distinct(_linked(tree, base, url)) or declared


def _declares(link: Any) -> bool:
    rel = (link.get("rel") or "").lower().split()
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    if link.tag == "a" and kind in _NAMED_TYPES:
        return True
    if "alternate" in rel and kind == "application/json":  # JSON Feed 1.0; WordPress gives its own data so
        return bool(_LIKE_A_FEED.search(sites.parts_of(link.get("href") or "").path))
    return ("alternate" in rel and kind in _TYPES) or ("feed" in rel and kind in _TYPES | {""})


def _linked(tree: Any, base: str, url: str) -> Iterator[AnnouncedFeed]:
    """The links of a page that look like feeds of its site."""
    for link in tree.iter("a"):
        feed = _read(link, base)
        parts = urlsplit(feed.url)
        same = sites.bare(sites.host(feed.url)) == sites.bare(sites.host(url))
        like = _LIKE_A_FEED.search(f"{parts.path}?{parts.query}") or _NAMED_FEED.search(feed.title)
        if same and like and not _of_comments(feed):
            yield feed


def _read(link: Any, base: str) -> AnnouncedFeed:
    title = link.get("title") or ("".join(link.itertext()) if link.tag == "a" else "")
    return AnnouncedFeed(absolute(link.get("href") or "", base), " ".join(title.split())[:LONGEST_TITLE])


def _distinct(feeds: Iterator[AnnouncedFeed]) -> tuple[AnnouncedFeed, ...]:
    found: dict[str, AnnouncedFeed] = {}
    for feed in feeds:
        if feed.url:
            found.setdefault(feed.url, feed)
        if len(found) >= MOST:
            break
    return tuple(found.values())


def _of_comments(feed: AnnouncedFeed) -> bool:
    parts = urlsplit(feed.url)
    return bool(_COMMENTS.search(f"{parts.path}?{parts.query}") or _OF_COMMENTS.search(feed.title))


def absolute(address: str, url: str) -> str:
    """Absolute, http or https, as browsers read it: line breaks and tabs go, a space stays, a slash may lean either
    way or be one too few or too many; "" if it cannot be. What begins with « www. » misses its scheme."""
    if len(address) <= LONGEST_LINK and _PLAIN.match(address):
        return address
    address = re.sub(r"\s*[\x00-\x1f\x7f]+\s*", "", address.strip()).replace("&amp;", "&").replace(" ", "%20")
    address = _with_two_slashes(address)
    if not address or len(address) > LONGEST_LINK:
        return ""
    try:
        joined = address if _WHOLE.match(address) else urljoin(url, address)
        parts = urlsplit(joined)
        if "/." in parts.path and not parts.path.startswith("//"):  # « //b.example » alone would be another site
            joined = urljoin(joined, parts._replace(scheme="", netloc="").geturl())
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""


# Absolute already, and nothing in it to mend: nearly all of them
_PLAIN = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*/(?!.*/\.)[A-Za-z0-9._~!$'()*,:@/%=+-]*(?:\?[A-Za-z0-9._~!$'()*,:@/%&=+-]+)?\Z"
)
_WHOLE = re.compile(r"https?://[^/?#]", re.IGNORECASE)  # what is joined loses an empty query
_WEB = re.compile(r"(?:feed:)?(https?):[/\\]+|feed:[/\\]{2}|(?=www\.[\w-]+\.[a-z]{2,}(?:/|$))", re.IGNORECASE)


def _with_two_slashes(address: str) -> str:
    if "\\" in address:
        path, mark, rest = address.partition("?")
        address = path.replace("\\", "/") + mark + rest
    scheme = _WEB.match(address)
    return f"{scheme[1] or 'https'}://{address[scheme.end() :]}" if scheme else address
