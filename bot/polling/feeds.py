"""From a feed's bytes to its entries: the only door to feedparser. Called in a worker process."""

import hashlib
import html.entities
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.model import Document, Entry, Failed, Why
from bot.polling import plain
from bot.polling.charset import decoded
from bot.polling.cutter import Span, spans

MOST_ENTRIES = 2000
LONGEST_TITLE = 1000
LONGEST_BODY = 300_000
LONGEST_NAME = 200
LONGEST_LINK = 2000
LONGEST_KEY = 500
FIRST_YEAR, LAST_YEAR = 1995, 2098  # the web's first feeds; dates beyond are placeholders

_HEAD = 64 << 10  # where a root tag, or the address of a feed, is looked for
_PROLOG = re.compile(r"\s+|<\?|<!--|<!")
_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|rdf|feed))(?=[\s/>])", re.IGNORECASE)
_NAME = re.compile(r"<([A-Za-z_][\w:.-]{0,60})")
_LINK_TAG = re.compile(r"<link\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z_][\w.-]{0,31};)")
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_PREFIXED = re.compile(rb"(</?)[A-Za-z_][\w.-]{0,30}:(?=(?:item|entry|title|link|guid|id|description|summary|content|"
                       rb"pubdate|published|updated|author|name|category)[\s/>])", re.IGNORECASE)  # fmt: skip
_CAPTION = re.compile(rb"(</?media:)description(?=[\s/>])", re.IGNORECASE)
_ENVELOPES = {
    "item": (
        b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        b' xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
        b' xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b"><channel>",
        b"</channel></rss>",
    ),
    "entry": (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:thr="http://purl.org/syndication/thread/1.0">',
        b"</feed>",
    ),
}


def parse(body: bytes, content_type: str, url: str) -> Document | Failed:
    """The entries of a feed document, in its order; `url` is its address, for relative links.

    Picklable, without network. RSS 0.9x to 2.0, RSS 1.0, Atom.
    """
    if not body.strip():
        return Failed(Why.UNPARSABLE, "réponse vide")
    text = decoded(body, content_type).lstrip("\ufeff \t\r\n")
    start, name = _root(text)
    if start < 0:
        return _no_feed(text, name, url)
    source = _Source.of(text[start:], name)
    if not source.complete and not source.items:
        return Failed(Why.UNPARSABLE, "flux coupé avant la fin de son premier article")
    return _document(source, url)


def content_digest(entry: Entry) -> str:
    """Changes with the title, the summary or the content of an entry, not with its date or address."""
    return _digest(entry.title, entry.summary, entry.content)


def body_digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


# --- what is it? ---------------------------------------------------------------------------------------------------
def _root(text: str) -> tuple[int, str]:
    """Where the root tag of the feed begins, and its name; -1 and the name of what stands there if it is no feed."""
    position = _after_prolog(text)
    name = _NAME.match(text, position)
    first = name[1] if name else ""
    if first.lower() in ("html", "head", "body", "urlset", "sitemapindex", "opml"):
        return -1, first.lower()
    found = _ROOT.match(text, position) or _ROOT.search(text[:_HEAD])  # a PHP warning may stand before it
    return (found.start(), found[1]) if found else (-1, first.lower())


def _after_prolog(text: str) -> int:
    position = 0
    while token := _PROLOG.match(text, position):
        position = token.end()
        if token[0].isspace():
            continue
        end = {"<?": "?>", "<!--": "-->"}.get(token[0])
        at = text.find(end, position) if end else _doctype_end(text, position)
        if at < 0:
            return len(text)
        position = at + len(end or ">")
    return position


def _doctype_end(text: str, position: int) -> int:
    end = text.find(">", position)
    subset = text.find("[", position, end if end >= 0 else len(text))
    if subset < 0:
        return end
    closing = text.find("]", subset)
    return text.find(">", closing) if closing >= 0 else -1


def _no_feed(text: str, name: str, url: str) -> Failed:
    if text[:1] in "{[":
        return Failed(Why.NOT_A_FEED, "du JSON au lieu d'un flux RSS ou Atom")
    if name == "urlset" or name == "sitemapindex":
        return Failed(Why.NOT_A_FEED, "un plan de site (sitemap) au lieu d'un flux")
    if name == "opml":
        return Failed(Why.NOT_A_FEED, "une liste de flux (OPML) au lieu d'un flux")
    if not re.search(r"<(?:!doctype html|html|head|body|meta|title|div|p|script)\b", text[:_HEAD], re.IGNORECASE):
        return Failed(Why.NOT_A_FEED, "ni RSS ni Atom")
    announced = _announced_feed(text[: 4 * _HEAD], url)
    hint = f"\u00a0; elle annonce le flux {announced}" if announced else ""
    return Failed(Why.NOT_A_FEED, f"une page HTML au lieu d'un flux{hint}")


def _announced_feed(text: str, url: str) -> str | None:
    for tag in _LINK_TAG.finditer(text):
        values = {found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "") for found in
                  _ATTRIBUTE.finditer(tag[1])}  # fmt: skip
        if "alternate" in values.get("rel", "").lower().split() and values.get("type", "").lower() in _FEED_TYPES:
            address = _link(values.get("href", ""), url)
            if address:
                return address
    return None


# --- the document, made ready --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Source:
    """A feed from its root tag on, in UTF-8. `items` are those that have their end tag, or one after them."""

    data: bytes
    root: str
    items: tuple[Span, ...]
    complete: bool

    @classmethod
    def of(cls, text: str, root: str) -> "_Source":
        # feedparser takes the caption of a photo for the summary or the content of its article.
        data = _CAPTION.sub(rb"\1legend", _repaired(text).encode("utf-8"))
        items = spans(data)
        closing = f"</{root}".encode()
        complete = data.rfind(closing) > (items[-1].start if items else -1)
        if not complete and items and not items[-1].closed:
            items = items[:-1]  # cut in its middle: half a text would be taken for the whole
        return cls(data, root, tuple(items), complete)

    def text(self) -> bytes:
        """What feedparser gets: at most MOST_ENTRIES items, and an end where the document has none."""
        kept = self.items[:MOST_ENTRIES]
        if self.complete and len(kept) == len(self.items):
            return _DECLARATION + self.data
        if self.complete:
            return _DECLARATION + self.data[: kept[-1].end] + self.data[self.items[-1].end :]
        return _DECLARATION + self.data[: kept[-1].end] + self._end()

    def _end(self) -> bytes:
        # In RSS 1.0 the items stand beside the channel, in RSS 2.0 inside it.
        channel = b"</channel>" if self.root.lower() == "rss" else b""
        return channel + f"</{self.root}>".encode()

    def rescued(self) -> bytes:
        """The bare items in a clean envelope, their tags without the root's prefix."""
        kept = self.items[:MOST_ENTRIES]
        first = self.data[kept[0].start : kept[0].start + 40].lower()
        before, after = _ENVELOPES["item" if re.match(rb"<([\w.-]+:)?item", first) else "entry"]
        prefix = self.root.partition(":")[0] if ":" in self.root else ""
        items = b"\n".join(self.data[item.start : item.end] for item in kept)
        if prefix and prefix.lower() != "rdf":
            items = _PREFIXED.sub(rb"\1", items)
        return _DECLARATION + before + items + after


def _repaired(text: str) -> str:
    """Without what XML forbids or does not know, and readers of HTML do not mind: é as a name, a bare &."""
    text = text.translate(_ILLEGAL) if _needs_translation(text) else text
    if "&" not in text:
        return text
    return _BARE_AMPERSAND.sub("&amp;", _NAMED.sub(_numbered, text))


def _needs_translation(text: str) -> bool:
    return re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text) is not None


def _numbered(found: "re.Match[str]") -> str:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    code = html.entities.name2codepoint.get(name)
    return f"&#{code};" if code else f"&amp;{name};"


# --- the entries ---------------------------------------------------------------------------------------------------
def _document(source: _Source, url: str) -> Document | Failed:
    read = _feedparser(source.text())
    found, malformed = read["entries"], bool(read["bozo"]) or not source.complete
    if malformed and len(found) < min(len(source.items), MOST_ENTRIES):
        again = _feedparser(source.rescued())
        found = again["entries"] if len(again["entries"]) > len(found) else found
    if malformed and not found:
        return Failed(Why.UNPARSABLE, "XML cassé, et aucun article à sauver")
    head = read["feed"]
    return Document(
        entries=_entries(found[:MOST_ENTRIES], url),
        title=plain.line(_text(head, "title"), LONGEST_TITLE),
        language=_text(head, "language")[:20] or None,
        malformed=malformed,
        complete=source.complete,
        ttl=_ttl(_text(head, "ttl")),
    )


def _feedparser(data: bytes) -> Any:
    import feedparser  # here, since only a worker needs it: 8 MB less in the daemon

    # No base address: an id must not change when the feed moves. Neither sanitising nor resolving: three times faster,
    # and nothing of it is ever shown as HTML.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # a few malformed dates and attributes raise in feedparser: the rescue comes next
        return {"entries": [], "feed": {}, "bozo": True, "bozo_exception": error}


def _ttl(value: str) -> timedelta | None:
    value = value.strip()
    return timedelta(minutes=int(value)) if re.fullmatch(r"[0-9]{1,6}", value) and int(value) else None


def _entries(raws: Iterable[Any], url: str) -> tuple[Entry, ...]:
    bare = [(_text(raw, "id").replace("&amp;", "&"), _entry(raw, url)) for raw in raws]
    guids = Counter(guid for guid, _ in bare)
    links = Counter(entry.link for _, entry in bare)
    pairs = Counter((guid, entry.link) for guid, entry in bare)
    keyed: dict[str, Entry] = {}
    for guid, entry in bare:
        if guid and guids[guid] == 1:
            key = guid
        elif guid and entry.link and pairs[guid, entry.link] == 1:
            key = f"{guid} {entry.link}"
        elif not guid and entry.link and links[entry.link] == 1:
            key = entry.link
        else:
            key = _digest(guid, entry.link, entry.title, entry.content or entry.summary)
        key = key if len(key) <= LONGEST_KEY else _digest(key)
        keyed.setdefault(key, replace(entry, key=key))
    return tuple(keyed.values())


def _entry(raw: Any, url: str) -> Entry:
    """Without its key, which depends on the other entries."""
    content = max((part.get("value") or "" for part in raw.get("content") or ()), key=len, default="")
    summary = _text(raw, "summary") or _text(raw, "media_legend")
    if content and summary == content.strip():  # feedparser's copy, where there is no summary
        summary = ""
    return Entry(
        key="",
        link=_entry_link(raw, url),
        title=plain.line(_text(raw, "title"), LONGEST_TITLE),
        summary=plain.line(summary, LONGEST_BODY),
        content=plain.paragraphs(content, LONGEST_BODY),
        published=_published(raw),
        author=_author(raw),
        source_name=_source_name(raw),
    )


def _text(raw: Any, name: str) -> str:
    # dict.get: feedparser's own falls back from one name to another, with a warning.
    value = dict.get(raw, name)
    return value.strip() if isinstance(value, str) else ""


def _entry_link(raw: Any, url: str) -> str:
    link = dict.get(raw, "link") or ""
    if dict.get(raw, "guidislink") and link == dict.get(raw, "id") and not re.match(r"https?://", link, re.IGNORECASE):
        return ""  # RSS takes any guid for an address unless told otherwise
    return _link(link, url)


def _link(address: str, url: str) -> str:
    """Absolute, http or https; "" if it cannot be."""
    address = re.sub(r"[\x00-\x20\x7f]+", "", address.strip()).replace("&amp;", "&")
    if not address or len(address) > LONGEST_LINK:
        return ""
    try:
        joined = urljoin(url, address)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""


def _published(raw: Any) -> datetime | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        moment = dict.get(raw, name)
        if moment is None:
            continue
        try:
            year, month, day, hour, minute, second = moment[:6]
            published = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            continue
        return published if FIRST_YEAR <= published.year <= LAST_YEAR else None
    return None


def _author(raw: Any) -> str | None:
    detail = dict.get(raw, "author_detail") or {}
    return plain.line(_text(detail, "name") or _text(raw, "author"), LONGEST_NAME) or None


def _source_name(raw: Any) -> str | None:
    source = dict.get(raw, "source")
    return (plain.line(_text(source, "title"), LONGEST_NAME) or None) if isinstance(source, dict) else None
