"""From a feed's bytes to its entries: the only door to feedparser. Called in a worker process."""

import hashlib
import html
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from bot.feeds import dates, identity, jsonfeed, plain_text, prefixes, signed
from bot.feeds.announced import absolute
from bot.feeds.charset import decoded
from bot.feeds.dates import PARIS
from bot.feeds.identity import Bare
from bot.feeds.instead import what_came
from bot.feeds.memory import EPOCH, Memory
from bot.feeds.source import MOST_ENTRIES, FeedSource, enveloped, root
from bot.model import Document, Entry, Failed, Why
from bot.web.gzip_body import BadEncoding, TooBig, unpacked

LONGEST_TITLE = 1000
LONGEST_BODY = 300_000
FEED_LIMIT = 8 << 20  # bytes of a feed that came packed


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: its address, when it was asked for (the epoch: unknown), and the zone of dates that
    name none. `base` and `author`: what it says of itself, for entries that do not."""

    url: str
    now: datetime = EPOCH
    zone: tzinfo = PARIS
    base: str = ""
    author: str | None = None

    @property
    def latest(self) -> datetime | None:
        """What dates may not lie far ahead of; None where the hour is not known."""
        return self.now if self.now > EPOCH else None

    def inside(self, head: Any, root: str) -> "Origin":
        """The same for a document that names its site: what is relative is so to it, as other readers take it; who
        signs it signs its entries, but for the managing editor of RSS."""
        author = _signed(head) if root.lower() not in ("rss", "channel") else None
        return replace(self, base=absolute(_text(head, "link"), self.url), author=author)


def parse(
    body: bytes,
    content_type: str,
    url: str,
    memory: str | None = None,
    now: datetime = EPOCH,
    *,
    additive: bool = False,
    zone: tzinfo = PARIS,
) -> Document | Failed:
    """The entries of a feed document, in its order; `url` is its address, for relative links.

    `memory` is that of the last document: entries that stood in it to the letter are only counted. `additive`: the
    document (a 226) does not repeat what was in the last one. Picklable, without network. RSS 0.9x to 2.0, RSS 1.0,
    Atom, JSON Feed.
    """
    if not body.strip():
        return Failed(Why.UNPARSABLE, "réponse vide")
    try:
        text = enveloped(decoded(unpacked(body, FEED_LIMIT), content_type).lstrip("\ufeff \t\r\n"))
    except TooBig as problem:
        return Failed(Why.TOO_BIG, str(problem))
    except BadEncoding as problem:
        return Failed(Why.ENCODING, str(problem))
    before, origin = Memory.read(memory), Origin(url, now, zone)
    if begins := _JSON_FEED.match(text):
        return _json_feed(text[begins.start(1) :], origin, before)
    start, name = root(text)
    if start < 0:
        return what_came(text, name, url)
    source = FeedSource.of(text[start:], name, text[:start])
    if not source.complete and not source.items:
        return Failed(Why.UNPARSABLE, "flux coupé avant la fin de son premier article")
    shape = "" if b"\0" in body else source.shape(content_type)  # "": wide charsets are always read whole
    document = _only_new(source, shape, origin, before) or _whole(source, shape, origin, before)
    return _added(document, before) if additive and isinstance(document, Document) else document


# What a template, a cache or a guard against scripts puts before a JSON Feed
_JSON_FEED = re.compile(r"""(?:[^{]{0,2000}(?=\{\s*"version"\s*:\s*"https?:\W{1,4}jsonfeed\.org))?(\{)""")


def body_digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


# --- the document --------------------------------------------------------------------------------------------------
def _only_new(source: FeedSource, shape: str, origin: Origin, before: Memory) -> Document | None:
    """The document read by the items that are new to us; None where that might not be what the whole says."""
    if not source.regular or not before.serves(shape, origin.now):
        return None
    known = {mark.span: mark for mark in before.marks}
    digests = source.digests()
    old = {place for place, span in enumerate(digests) if span in known}
    if not old:  # nothing is saved, and only a whole reading shows that guids change each time
        return None
    marks = [known[digests[place]] for place in sorted(old)]
    found: list[Bare] = []
    if len(old) < len(digests):
        read = _feedparser(source.without(old))
        if read["bozo"] or len(read["entries"]) != len(digests) - len(old):
            return None
        found = bare(read["entries"], origin.inside(read["feed"], source.root))
    news = identity.entries(found, before.policy, marks)
    if news is None:
        return None
    spans = [span for place, span in enumerate(digests) if place not in old]
    fresh = [replace(mark, span=span) for mark, span in zip(news.marks, spans, strict=True)]
    ttl, hours, days = source.wishes()
    return Document(
        news.entries, known=len(old), ttl=ttl, skip_hours=hours, skip_days=days,
        memory=replace(before, marks=(*fresh, *marks)).write(),
    )  # fmt: skip


def _whole(source: FeedSource, shape: str, origin: Origin, before: Memory) -> Document | Failed:
    head, found, malformed = _feed_read(source)
    if malformed and not found:
        return Failed(Why.UNPARSABLE, "XML cassé, et aucun article à sauver")
    read_as = bare(found[:MOST_ENTRIES], origin.inside(head, source.root))
    after = before.settled(identity.policy(read_as, before), origin.now)
    news = identity.entries(read_as, after.policy)
    assert news is not None, "nothing to clash with"
    marks = news.marks
    serves = bool(shape) and source.regular and not malformed and len(marks) == len(source.items)
    if serves:
        marks = tuple(replace(mark, span=span) for mark, span in zip(marks, source.digests(), strict=True))
    ttl, hours, days = source.wishes()
    return Document(
        news.entries,
        title=plain_text.line(_text(head, "title"), LONGEST_TITLE),
        language=_text(head, "language")[:20] or None,
        malformed=malformed,
        complete=source.complete,
        ttl=ttl,
        skip_hours=hours,
        skip_days=days,
        memory=replace(after, shape=shape if serves else "", marks=marks).write(),
        left_out=max(0, len(source.items) - MOST_ENTRIES),
    )


def _feed_read(source: FeedSource) -> tuple[Any, Sequence[Any], bool]:
    """feedparser's feed and entries, mended where they can be, and whether the document had to be."""
    read = _feedparser(source.text())
    malformed = bool(read["bozo"]) or not source.complete
    if "unbound prefix" in str(read.get("bozo_exception")):
        read = _feedparser(prefixes.declared(source.text()))
    found = read["entries"]
    broken = bool(read["bozo"]) or not source.complete
    if broken and (len(found) < min(len(source.items), MOST_ENTRIES) or source.left_open):
        again = _feedparser(source.rescued())
        found = again["entries"] if len(again["entries"]) >= len(found) else found
    return read["feed"], found, malformed


def _json_feed(text: str, origin: Origin, before: Memory) -> Document | Failed:
    read = jsonfeed.parse(text, origin.zone, origin.latest)
    if isinstance(read, Failed):
        return read
    base = absolute(read.home, origin.url) or origin.url
    items = [(item.guid, replace(item.entry, link=absolute(item.entry.link, base))) for item in newest(read.items)]
    after = before.settled(identity.policy(items, before), origin.now)
    news = identity.entries(items, after.policy)
    assert news is not None, "nothing to clash with"
    memory = replace(after, shape="", marks=news.marks).write()
    left_out = len(read.items) - len(items)
    return Document(
        news.entries, title=read.title, language=read.language, malformed=not read.complete, complete=read.complete,
        memory=memory, left_out=left_out,
    )  # fmt: skip


def newest(items: Sequence[jsonfeed.Item]) -> Sequence[jsonfeed.Item]:
    """Those that are read, in their order."""
    return [items[place] for place in dates.newest([item.entry.published for item in items], MOST_ENTRIES)]


def _added(document: Document, before: Memory) -> Document:
    """A document that brings only what is new: what was known still stands."""
    after = Memory.read(document.memory)
    spans = {mark.span for mark in after.marks}
    kept = tuple(mark for mark in before.marks if mark.span not in spans)
    memory = replace(after, shape=after.shape or before.shape, marks=(*after.marks, *kept)[:MOST_ENTRIES])
    return replace(document, known=document.known + len(kept), memory=memory.write())


def _feedparser(data: bytes) -> Any:
    import feedparser  # here, since only a worker needs it: 8 MB less in the daemon

    feedparser.api.PREFERRED_XML_PARSERS.clear()  # one of Python 2's, looked for in all folders at each document
    # No base address: an id must not change when the feed moves. Neither sanitising nor resolving: three times faster,
    # and nothing of it is ever shown as HTML.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            io.BytesIO(_as_meant(data)),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # a few malformed dates and attributes raise in feedparser: the rescue comes next
        return {"entries": [], "feed": {}, "bozo": True, "bozo_exception": error}


def _as_meant(data: bytes) -> bytes:
    """Without what hides from feedparser whether a guid is a link: an empty link beside it, `True` with a capital; and
    without what makes of an element of RSS one of XHTML, whose text it leaves out, nor the end of a name that is no
    name: an address is sought in it in the square of its length (50,000 letters: 6 s)."""
    data = _PERMALINK.sub(rb"\1true", _EMPTY_LINK.sub(b"", data))
    data = _LONG_AUTHOR.sub(rb"\1", data)
    return _AS_XHTML.sub(rb"\1\2", data) if _XHTML in data else data


_XHTML = b"http://www.w3.org/1999/xhtml"
_AS_XHTML = re.compile(
    rb"(<(?:title|link|description|guid|pubDate|content:encoded)(?:\s[^<>]{0,200})?)\sxmlns\s*=\s*[\"']" + _XHTML +
    rb"[\"']([^<>]{0,200}>)"
)  # fmt: skip
_LONG_AUTHOR = re.compile(
    rb"(<(?:[a-z]{1,20}:)?(?:author|name|creator|contributor|managingEditor|webMaster|publisher|owner|email)"
    rb"(?:\s[^<>]{0,200})?>\s{0,200}+(?:[^<]{1000}(?=[^<])|<!\[CDATA\[(?:(?!\]\]>).){1000}(?!\]\]>)))"
    rb"(?:(?!\]\]>|</).)++",
    re.DOTALL,
)
_EMPTY_LINK = re.compile(rb"<link\s*/>|<link>\s*</link>")
_PERMALINK = re.compile(rb"(<guid\s[^<>]{0,200}?(?i:isPermaLink)\s*=\s*[\"'])\s*(?i:true)\s*(?=[\"'])")


# --- the entries ---------------------------------------------------------------------------------------------------
def bare(raws: Iterable[Any], origin: Origin) -> list[Bare]:
    """feedparser's entries as ours, with their guid and without their key."""
    return [(_text(raw, "id").replace("&amp;", "&"), _entry(raw, origin)) for raw in raws]


def _entry(raw: Any, origin: Origin) -> Entry:
    """Without its key, which depends on the other entries."""
    content = max((part.get("value") or "" for part in raw.get("content") or ()), key=len, default="")
    summary = _text(raw, "summary") or _text(raw, "media_legend")
    if content and summary == content.strip():  # feedparser's copy, where there is no summary
        summary = ""
    return Entry(
        key="",
        link=_entry_link(raw, origin.base or origin.url),
        title=_title(raw),
        summary=plain_text.line(summary, LONGEST_BODY),
        content=plain_text.paragraphs(content, LONGEST_BODY),
        published=_published(raw, origin),
        author=_signed(raw) or origin.author,
        source_name=_source_name(raw),
    )


def _text(raw: Any, name: str) -> str:
    # dict.get: feedparser's own falls back from one name to another, with a warning.
    value = dict.get(raw, name)
    return value.strip() if isinstance(value, str) else ""


def _title(raw: Any) -> str:
    """Atom's `type="text"` holds no tags (see FeedSource.of); one that is nothing but a tag tells of it."""
    written = _text(raw, "title")
    if _text(dict.get(raw, "title_detail") or {}, "type") == "text/x-plain":
        return plain_text.as_written(written, LONGEST_TITLE)
    title = plain_text.line(written or _text(raw, "itunes_title"), LONGEST_TITLE)
    return title or (html.unescape(written) if _A_TAG.fullmatch(html.unescape(written)) else "")


_A_TAG = re.compile(r"<[A-Za-z][A-Za-z0-9]{0,20}>")


def _entry_link(raw: Any, base: str) -> str:
    """What the publisher names, before a counter of clicks; else the guid where it is an address, else what is
    attached, pictures aside."""
    counted = (_text(raw, name) for name in ("feedburner_origlink", "pheedo_origlink"))
    named = next((link for link in counted if _IS_ADDRESS.match(link)), "")
    guid, others = _text(raw, "id"), dict.get(raw, "links") or ()
    whole = _alternate(others)
    link = named or whole or dict.get(raw, "link") or ""
    written = whole or any(one.get("href") for one in others if one.get("rel") in (None, "alternate"))
    if not written and link in ("", guid):  # RSS takes any guid for an address unless told otherwise
        named_by_guid = dict.get(raw, "guidislink") is not False and _IS_PERMALINK.match(guid)
        link = guid if named_by_guid else _attached(others) or _elsewhere(raw)
    led = _LED_TO.search(link) if "<" in link else None
    return absolute(led[1] if led else link, base)


def _alternate(links: Iterable[Any]) -> str:
    """The first page among the alternates, whose relation may be written out, as an address: others are translations,
    or data."""
    pages = [one for one in links if str(one.get("rel")).lower().endswith("alternate") and one.get("href")]
    return next((one["href"] for one in pages if "html" in str(one.get("type"))), pages[0]["href"] if pages else "")


def _attached(links: Iterable[Any]) -> str:
    files = (one for one in links if one.get("rel") == "enclosure" and not str(one.get("type")).startswith("image/"))
    return next((address for one in files if (address := (one.get("href") or "").strip())), "")


def _elsewhere(raw: Any) -> str:
    """Where an entry of Atom says that its text stands."""
    return next((address for part in dict.get(raw, "content") or () if (address := part.get("src") or "")), "")


_LED_TO = re.compile(r"""<a\s[^<>]{0,300}?href\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_IS_ADDRESS = re.compile(r"https?://[^\s<>]+\Z", re.IGNORECASE)
_IS_PERMALINK = re.compile(r"(?:https?:/)?/[^\s/<>][^\s<>]*\Z", re.IGNORECASE)


def _published(raw: Any, origin: Origin) -> datetime | None:
    texts = (_text(raw, name) for name in ("published", "updated", "created"))
    written = (dates.moment(_ANY_TAG.sub(" ", text) if "<" in text else text, origin.zone) for text in texts)
    return dates.first_plausible(written, origin.latest)


_ANY_TAG = re.compile(r"<[^<>]{1,200}>")  # Drupal writes <time> in a date, and a whole link in an address


def _signed(raw: Any) -> str | None:
    people = [_name(one) for one in dict.get(raw, "authors") or () if one]
    return signed.names(people if len(people) > 1 else [_text(raw, "author")])  # with a mail its name is cut wrongly


def _name(person: Any) -> str:
    """feedparser ends an address of mail after four letters of « .paris », and takes the rest for a name."""
    cut = _FOUR_LETTERS.search(_text(person, "email"))
    return _REST.sub("", _text(person, "name"), count=1) if cut else _text(person, "name")


_FOUR_LETTERS = re.compile(r"\.[A-Za-z]{4}\Z")
_REST = re.compile(r"\A[a-z]{1,20}(?:\s*\(|\Z)")


def _source_name(raw: Any) -> str | None:
    source = dict.get(raw, "source")
    return (plain_text.line(_text(source, "title"), signed.LONGEST_NAME) or None) if isinstance(source, dict) else None
