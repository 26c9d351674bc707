"""A feed's bytes made ready for its reader: from its root tag on, in UTF-8, repaired, with its items found."""

import hashlib
import html
import html.entities
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.feeds import dates
from bot.feeds.items import ItemSpan, spans
from bot.feeds.open_tags import closed, sections_closed

MOST_ENTRIES = 2000
MOST_DATED = 20_000  # items whose dates are read to find the newest: half a second of CPU

MOST_NAMED = 20_000  # ampersands of a text in which the names that it declares are read: 60 characters each at most
HEAD = 64 << 10  # where a root tag, or the address of a feed, is looked for
_PROLOG = re.compile(r"\s+|<\?|<!--|<!")
_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|rdf|feed|channel))(?=[\s/>])", re.IGNORECASE)
# A feed that stands in a page, as browsers and some caches save it
_FEED_INSIDE = re.compile(r"<((?:rss|rdf:RDF|feed))\s[^<>]{0,2000}>(?=[^<]{0,200}<)", re.IGNORECASE)
_LONE = re.compile(r"(?:<\?xml[^<>]{0,200}\?>)?\s*<(?:[A-Za-z_][\w.-]{0,30}:)?(entry|item)(?=[\s/>])", re.IGNORECASE)
# A feed that a browser or a viewer shows as text, alone in its page
_SHOWN = re.compile(
    r"\s*(?:<!doctype[^<>]{0,200}>\s*)?<html[^<>]{0,300}>\s*(?:<head[^<>]{0,100}>.{0,2000}?</head>\s*)?<body[^<>]{0,300}>"
    r"\s*<pre[^<>]{0,300}>\s*(?=&lt;(?:\?xml|rss|feed|rdf))",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(r"<([A-Za-z_][\w:.-]{0,60})")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OWN_NAME = re.compile(r"&([A-Za-z_][\w.-]{0,30});")
# Numbers that stand for no character of XML: one of them, and expat gives the whole feed up
_NO_CHARACTER = re.compile(
    r"&\#(?P<high>xd[89ab][0-9a-f]{2}|55[3-9]\d\d|56[0-2]\d\d|563[01]\d);&\#(?P<low>xd[c-f][0-9a-f]{2}|56[3-9]\d\d|57[0-3]\d\d);"
    r"|&\#(?:x0*(?:[0-8bce-f]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef]|1[1-9a-f][0-9a-f]{4}|[2-9a-f][0-9a-f]{5}|[1-9a-f][0-9a-f]{6,30})"
    r"|0*(?:[0-8]|1[1-24-9]|2\d|3[01]|55[3-9]\d\d|5[67]\d{3}|6553[45]|[1-9]\d{6,30}));",
    re.IGNORECASE,
)
LONGEST_NAMED = 60  # characters that a name of the document's own stands for
_ENTITY = re.compile(
    r"""<!ENTITY\s{1,9}([A-Za-z_][\w.-]{0,30})\s{1,9}(?:"([^"<>%]{1,200})"|'([^'<>%]{1,200})')\s{0,9}>"""
)
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z_][\w.-]{0,31};)")
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_CONTROLS = bytes(code for code in _ILLEGAL if code < 32)
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_PREFIXED = re.compile(rb"(</?)[A-Za-z_][\w.-]{0,30}:(?=(?:item|entry|title|link|guid|id|description|summary|content|"
                       rb"pubdate|published|updated|author|name|category)[\s/>])", re.IGNORECASE)  # fmt: skip
_CAPTION = re.compile(rb"(</?media:)description(?=[\s/>])", re.IGNORECASE)
_DATE = re.compile(rb"<(?:pubdate|published|updated|dc:date|issued|modified)>\s*(?:<!\[CDATA\[)?\s*([^<>\]]{4,60})",
                   re.IGNORECASE)  # fmt: skip
_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_HOURS = re.compile(rb"<skiphours>(.{0,2000}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(rb"<skipdays>(.{0,2000}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_WEEK = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
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


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed from its root tag on, in UTF-8. `items` are those that have their end tag, or one after them."""

    data: bytes
    root: str
    items: tuple[ItemSpan, ...]
    complete: bool
    prolog: str = ""

    @classmethod
    def of(cls, text: str, root: str, prolog: str = "") -> "FeedSource":
        # feedparser takes the caption of a photo for the summary or the content of its article.
        data = _CAPTION.sub(rb"\1legend", repaired(sections_closed(text), entities(prolog)).encode("utf-8"))
        if root.lower().endswith("feed"):  # told apart from a type that was left out: there is no markup in it
            data = data.replace(b' type="text"', b' type="text/x-plain"').replace(
                b" type='text'", b" type='text/x-plain'"
            )
        items = spans(data)
        closing = f"</{root}".encode()
        complete = data.rfind(closing) > (items[-1].start if items else -1)
        if not complete and items and not items[-1].closed:
            items = items[:-1]  # cut in its middle: half a text would be taken for the whole
        return cls(data, root, tuple(items), complete, prolog)

    @property
    def regular(self) -> bool:
        """True where each item is whole, and none is beyond what we read."""
        return self.complete and len(self.items) <= MOST_ENTRIES and all(item.closed for item in self.items)

    @property
    def left_open(self) -> bool:
        """Whether an item lacks an end tag of its own."""
        return any(closed(item := self.data[span.start : span.end]) != item for span in self.items)

    def shape(self, content_type: str) -> str:
        """A digest of what says how the items are to be read: prolog, root tag, declared charset."""
        tag = self.data[: self.data.find(b">", 0, HEAD) + 1]
        parts = "\0".join((self.prolog, content_type)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(parts + tag, digest_size=8).hexdigest()

    def digests(self) -> list[bytes]:
        """One for each item, to its last byte."""
        view = memoryview(self.data)
        return [hashlib.blake2b(view[item.start : item.end], digest_size=8).digest() for item in self.items]

    def without(self, dropped: Collection[int]) -> bytes:
        """What feedparser gets of a regular document, less the items at these places."""
        parts, position = [_DECLARATION], 0
        for place in sorted(dropped):
            parts.append(self.data[position : self.items[place].start])
            position = self.items[place].end
        return b"".join((*parts, self.data[position:]))

    def wishes(self) -> tuple[timedelta | None, int, int]:
        """ttl, and the hours and days to skip as bits: from outside the items, by ourselves.

        feedparser keeps only the last hour and day.
        """
        around = self.data[: self.items[0].start][:HEAD] if self.items else self.data[:HEAD]
        around += self.data[self.items[-1].end :][:HEAD] if self.items else b""
        ttl = _TTL.search(around)
        hours, days = _HOURS.search(around), _DAYS.search(around)
        skipped = {int(hour) % 24 for hour in _HOUR.findall(hours[1] if hours else b"") if int(hour) <= 24}
        free = {_WEEK.index(day.lower()) for day in _DAY.findall(days[1] if days else b"") if day.lower() in _WEEK}
        minutes = int(ttl[1]) if ttl else 0
        return timedelta(minutes=minutes) if minutes else None, _bits(skipped), _bits(free)

    def text(self) -> bytes:
        """What feedparser gets: the newest MOST_ENTRIES items at most, and an end where the document has none."""
        kept = self.newest()
        if self.complete and len(kept) == len(self.items):
            return _DECLARATION + self.data
        head, end = self.data[: self.items[0].start], self.data[self.items[-1].end :] if self.complete else self._end()
        return b"".join((_DECLARATION, head, *(self.data[item.start : item.end] for item in kept), end))

    def newest(self) -> tuple[ItemSpan, ...]:
        """The items that are read, in the document's order: by their dates where nearly all have one, else those at
        both ends, since either may be the newer."""
        if len(self.items) <= MOST_ENTRIES:
            return self.items
        dated = [self._date(item) for item in self.items] if len(self.items) <= MOST_DATED else []
        if 10 * sum(date is not None for date in dated) < 9 * len(self.items):
            dated = [None] * len(self.items)
        return tuple(self.items[place] for place in dates.newest(dated, MOST_ENTRIES))

    def _date(self, item: ItemSpan) -> datetime | None:
        found = _DATE.search(self.data, item.start, item.end)
        return dates.moment(found[1].decode("utf-8", "replace")) if found else None

    def _end(self) -> bytes:
        # In RSS 1.0 the items stand beside the channel, in RSS 2.0 inside it.
        channel = b"</channel>" if self.root.lower() == "rss" else b""
        return channel + f"</{self.root}>".encode()

    def rescued(self) -> bytes:
        """The bare items in a clean envelope, each with its end tags, which are without the root's prefix."""
        kept = self.newest()
        first = self.data[kept[0].start : kept[0].start + 40].lower()
        before, after = _ENVELOPES["item" if re.match(rb"<([\w.-]+:)?item", first) else "entry"]
        prefix = self.root.partition(":")[0] if ":" in self.root else ""
        items = b"\n".join(closed(self.data[item.start : item.end]) for item in kept)
        if prefix and prefix.lower() != "rdf":
            items = _PREFIXED.sub(rb"\1", items)
        return _DECLARATION + before + items + after


def _bits(numbers: Collection[int]) -> int:
    return sum(1 << number for number in numbers)


def enveloped(text: str) -> str:
    """A document that is one entry, or some without their feed, inside one; one that is shown as text, as it was; any
    other as it is."""
    if shown := _SHOWN.match(text):
        return html.unescape(text[shown.end() :].rpartition("</pre>")[0] or text[shown.end() :])
    found = _LONE.match(text)
    if found is None:
        return text
    before, after = (part.decode() for part in _ENVELOPES[found[1].lower()])
    return before + text[text.index("<", found.start() + text.startswith("<?")) :] + after


def entities(prolog: str) -> dict[str, str]:
    """The names that the document itself declares for a few words, which may hold those that stand before."""
    known: dict[str, str] = {}
    for name, double, single in _ENTITY.findall(prolog[:HEAD]) if "<!ENTITY" in prolog else ():
        value = _OWN_NAME.sub(lambda found: known.get(found[1], found[0]), double or single)
        if len(value) <= LONGEST_NAMED:
            known.setdefault(name, value)
    return known


def repaired(text: str, entities: Mapping[str, str] = MappingProxyType({})) -> str:
    """Without what XML forbids or does not know, and readers of HTML do not mind: é as a name, a bare &."""
    text = text.translate(_ILLEGAL) if _needs_translation(text) else text
    if "&" not in text:
        return text
    if entities and text.count("&") <= MOST_NAMED:
        text = _OWN_NAME.sub(lambda found: entities.get(found[1], found[0]), text)
    text = _NO_CHARACTER.sub(_legal, text.replace("&#X", "&#x"))
    return _BARE_AMPERSAND.sub("&amp;", _NAMED.sub(_numbered, text))


def _needs_translation(text: str) -> bool:
    try:
        data = text.encode()  # four times as fast to look through as the text
    except UnicodeEncodeError:
        return True
    return len(data.translate(None, _CONTROLS)) != len(data) or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data


def _legal(found: "re.Match[str]") -> str:
    """Half of a pair of UTF-16 is a character with its other half; what XML forbids is nothing."""
    if not found["high"]:
        return ""
    pair = [int(half[1:], 16) if half[:1] == "x" else int(half) for half in (found["high"], found["low"])]
    return chr(0x10000 + (pair[0] - 0xD800 << 10) + pair[1] - 0xDC00)


def _numbered(found: "re.Match[str]") -> str:
    name = found[1]
    code = html.entities.name2codepoint.get(name)
    return f"&#{code};" if code else f"&amp;{name};"


def root(text: str) -> tuple[int, str]:
    """Where the root tag of the feed begins, and its name; -1 and the name of what stands there if it is no feed."""
    position = _after_prolog(text)
    name = _NAME.match(text, position)
    first = name[1] if name else ""
    if first.lower() in ("html", "head", "body") and (inside := _FEED_INSIDE.search(text)):
        return inside.start(), inside[1]
    if first.lower() in ("html", "head", "body", "urlset", "sitemapindex", "opml"):
        return -1, first.lower()
    found = _ROOT.match(text, position) or _ROOT.search(text[:HEAD])  # a PHP warning may stand before it
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
