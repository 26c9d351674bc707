"""A news sitemap, or an index of sitemaps, for a source without a feed. Called in a worker process."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from bot.feeds import dates, plain_text
from bot.feeds.announced import absolute
from bot.feeds.charset import decoded
from bot.feeds.identity import digest
from bot.model import Document, Entry, Failed, Why
from bot.web import urls
from bot.web.gzip_body import BadEncoding, TooBig, unpacked
from bot.web.url_patterns import covers
from matchers import sites

LIMIT = 16 << 20  # bytes, undone
MOST_ENTRIES = 2000
MOST_CHILDREN = 3  # of an index, in one poll: the others wait for the next
FRESH = timedelta(days=7)  # a sitemap holds years: what changed before is no news, whatever child it stands in
LONGEST_TITLE = 1000

_PREFIX = r"<(?!(?:image|video|xhtml|mobile|pagemap):)(?:[\w-]{1,20}:)?"  # a picture has an address and a title too
_BLOCK = re.compile(rf"{_PREFIX}(?:url|sitemap)[\s>]", re.IGNORECASE)
_TEXT = _PREFIX + r"%s(?:\s[^<>]{0,300})?>\s*(?:<!\[CDATA\[(.{0,4000}?)\]\]>|([^<>]{0,4000}))"
_FIELDS = {
    name: re.compile(_TEXT % name, re.IGNORECASE | re.DOTALL)
    for name in ("loc", "lastmod", "title", "publication_date")
}


@dataclass(frozen=True, slots=True)
class Index:
    """A sitemap of sitemaps. `children` are to be read now; `memory` is kept once they have been, `rest` are more."""

    children: tuple[str, ...]
    memory: str
    rest: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    loc: str
    modified: str
    title: str
    published: str


def parse(
    body: bytes, content_type: str, url: str, links: str, memory: str | None, now: datetime
) -> Document | Index | Failed:
    """The addresses of the last days that match `links`, or the children of an index that changed since `memory`."""
    text = _text(body, content_type)
    if isinstance(text, Failed):
        return text
    kind = re.search(r"<(?:[\w-]{1,20}:)?(urlset|sitemapindex)[\s>]", text[: 64 << 10], re.IGNORECASE)
    if kind is None:
        return Failed(Why.NOT_A_FEED, "pas un plan de site (sitemap)")
    places = list(_places(text))
    if kind[1].lower() == "sitemapindex":
        return _index(places, url, _remembered(memory))
    return Document(tuple(_entries(places, url, links, now)), complete="</" in text[-200:])


def _text(body: bytes, content_type: str) -> str | Failed:
    try:
        return decoded(unpacked(body, LIMIT), content_type)
    except TooBig as problem:
        return Failed(Why.TOO_BIG, str(problem))
    except BadEncoding as problem:
        return Failed(Why.ENCODING, str(problem))


def _places(text: str) -> Iterator[_Place]:
    starts = [found.start() for found in _BLOCK.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        block = text[start : min(end, start + 20_000)]
        values = {name: field.search(block) for name, field in _FIELDS.items()}
        read = {
            name: html.unescape(found[1] or found[2] or "").strip() if found else "" for name, found in values.items()
        }
        yield _Place(read["loc"], read["lastmod"], read["title"], read["publication_date"])


def _index(places: list[_Place], url: str, before: Mapping[str, str]) -> Index:
    """News first, then the latest changed; only those of the same host, and only those that changed."""
    mine = [place for place in places if sites.bare(sites.host(place.loc)) == sites.bare(sites.host(url))]
    changed = [place for place in mine if before.get(place.loc) != place.modified]
    changed.sort(key=lambda place: place.modified, reverse=True)
    changed.sort(key=lambda place: "news" not in place.loc.lower())
    now, later = changed[:MOST_CHILDREN], changed[MOST_CHILDREN:]
    kept = {place.loc: before[place.loc] for place in mine if place.loc in before}
    # without a date nothing tells whether it changed: it is read again each time the index is
    kept |= {place.loc: place.modified for place in now if place.modified}
    if not before:  # a first reading: the latest are enough to start from
        kept |= {place.loc: place.modified for place in later if place.modified}
        later = []
    rest = sum(1 for place in later if place.modified)
    return Index(tuple(place.loc for place in now), json.dumps(kept), rest)


def _remembered(memory: str | None) -> dict[str, str]:
    try:
        read = json.loads(memory or "{}")
    except ValueError:
        return {}
    return {str(loc): str(modified) for loc, modified in read.items()} if isinstance(read, dict) else {}


def _entries(places: list[_Place], url: str, links: str, now: datetime) -> Iterator[Entry]:
    dated = [(dates.moment(place.published) or dates.moment(place.modified), place) for place in places]
    fresh = [(date, place) for date, place in dated if date is None or now - date <= FRESH]
    fresh.sort(key=lambda pair: pair[0] or now, reverse=True)
    seen: set[str] = set()
    for _, place in fresh[:MOST_ENTRIES]:
        address = absolute(place.loc, url)
        key = next(iter(urls.url_keys(address)), address)
        if not address or key in seen or not covers(links, address) or urlsplit(address).path in ("", "/"):
            continue
        seen.add(key)
        title = plain_text.line(place.title, LONGEST_TITLE) or title_from_address(address)
        # lastmod is when the page changed, not when it was published
        yield Entry(key, address, title, published=dates.moment(place.published), title_key=digest(title.casefold()))


def title_from_address(address: str) -> str:
    """A title to go by until the page gives its own; the mark at its end says that it is none."""
    last = unquote(urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1])
    words = re.sub(r"\.\w{2,5}$", "", last).replace("-", " ").replace("_", " ").strip()
    return f"{words[:200]}…" if words else ""
