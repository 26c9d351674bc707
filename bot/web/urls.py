"""Which page is this? Links to show and fetch, and identities to compare. Pure.

The rules and their reasons: a link keeps what the publisher wrote less tracking; a key keeps only what tells one
article from another. A wrong merge loses an article, so every rule here is one that no site uses to tell pages apart.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urljoin, urlsplit

from matchers import sites

LONGEST = 2_000  # characters: longer addresses are traps or data, and an index takes no key of more than 2,700 bytes

_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "at_", "ns_")
_TRACKING_NAMES = (
    "xtor|xts|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|mkt_tok|echobox|wt_mc|cmpid|phpsessid|jsessionid"
    "|__twitter_impression|amp|outputtype"
)
_TRACKING = frozenset(_TRACKING_NAMES.split("|"))
_MAYBE_TRACKING = frozenset({"src", "source", "ref", "from"})
_CHANNEL = re.compile(
    r"(rss.*|feed|flux|newsletter|twitter|x|facebook|fb|linkedin|whatsapp|telegram|mastodon|bluesky|instagram|reddit)\Z",
    re.IGNORECASE,
)
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_SAME_EITHER_WAY = _UNRESERVED | frozenset(b"!$'()*,:@")  # %2C and "," lead to the same page on any server we met
_ALLOWED = _SAME_EITHER_WAY | frozenset(b"/?#%&=+;[]")
_ESCAPED = [chr(code) if code in _ALLOWED else f"%{code:02X}" for code in range(256)]
_AS_IT_IS = re.compile(r"[A-Za-z0-9._~!$'()*,:@/?#&=+;\[\]-]*")  # nothing to escape, and no escape: most addresses
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_ESCAPE_KEPT = re.compile(r"(%[0-9A-F]{2})")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DEFAULT_PORTS = (None, 80, 443)
_REDIRECTORS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    (re.compile(r"(www\.)?google\.[a-z.]{2,6}\Z"), "/url", ("url", "q")),
    (re.compile(r"l\.facebook\.com\Z"), "/l.php", ("u",)),
    (re.compile(r"(www\.)?bing\.com\Z"), "/news/apiclick.aspx", ("url",)),
)
_CONSENT = ("consent.", "cookies.", "guce.", "choices.")
_AGGREGATORS = frozenset({"news.google.com", "consent.google.com"})


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str


def clean(url: str) -> str | None:
    """The publisher's address less tracking, to show and to fetch. None: not an address we may use."""
    address = _publisher(url)
    if address is None:
        return None
    query = "&".join(piece for piece in address.query.split("&") if piece and not _tracks(piece))
    port = "" if address.port is None or (address.scheme, address.port) in _OWN_PORT else f":{address.port}"
    link = f"{address.scheme}://{address.host}{port}{_encode(address.path) or '/'}"
    link += f"?{_encode(query)}" if query else ""
    return link + (f"#{_encode(address.fragment)}" if _routes(address.fragment) else "")


@lru_cache(maxsize=2048)  # the entries of a long feed: who reads one asks three times who it is
def url_keys(url: str) -> tuple[str, ...]:
    """The identities of an address, best first; empty where it has none (refused, or an aggregator's)."""
    address = _publisher(url)
    if address is None or address.host in _AGGREGATORS:
        return ()
    pieces = (same_spelling(piece) for piece in address.query.split("&"))
    query = "&".join(sorted({piece for piece in pieces if piece and not _tracks(piece)}))
    host = sites.bare(address.host)
    port = "" if address.port in _DEFAULT_PORTS else f":{address.port}"
    fragment = f"#{same_spelling(address.fragment)}" if _routes(address.fragment) else ""
    return (
        _short(f"{host}{port}", f"{_path_key(address.path, bare=not query)}{'?' if query else ''}{query}{fragment}"),
    )


def _short(site: str, rest: str) -> str:
    """The key of an address; of one that is too long for an index, what stands for it."""
    key = site + rest
    return key if len(key) <= LONGEST else f"{site}/{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"


def is_page(link: str) -> bool:
    """Whether this leads further than the front page of a site."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.path not in ("", "/") or bool(parts.query)


def aggregator(url: str) -> bool:
    """Whether this leads to an aggregator's page, which does not say whose article it is."""
    address = _publisher(url)
    return address is not None and address.host in _AGGREGATORS


def consent(url: str) -> bool:
    """Whether this is where a site sends who has not accepted its cookies."""
    address = _publisher(url)
    return address is not None and address.host.startswith(_CONSENT)


def host(url: str) -> str:
    """The publisher's host without `www.`, with its port where it is not a usual one; "" if refused."""
    address = _publisher(url)
    if address is None:
        return ""
    port = "" if address.port in _DEFAULT_PORTS else f":{address.port}"
    return sites.bare(address.host, ("www.",)) + port


def site(url: str) -> str:
    """The site of an address, "" where it has none or is an aggregator's, which tells nothing of the site."""
    return "" if not url or aggregator(url) else sites.site(url)


def canonical(final: str, declared: Iterable[str], shared: str | None = None) -> str:
    """The article's own address: `declared` (rel=canonical), else `shared` (og:url), else `final`, never cleaned.

    Several different declarations cancel each other out. One that leads to another site or to the front page is a
    reprint or a mistake, not an identity.
    """
    absolute = {key: link for link in declared if (key := url_keys(join(final, link)))}
    candidates = [join(final, link) for link in absolute.values()] if len(absolute) == 1 else []
    if shared:
        candidates.append(join(final, shared))
    return next((link for link in candidates if _accepted(final, link)), final)


_OWN_PORT = frozenset({("http", 80), ("https", 443)})


def _publisher(url: str) -> _Address | None:
    """The address behind at most two redirectors."""
    for _ in range(3):
        address = _parse(url)
        target = address and _target(address)
        if not target:
            return address
        url = target
    return None


def _parse(url: str) -> _Address | None:
    url = url.strip().replace("&amp;", "&")
    return _parsed(url) if url and len(url) <= LONGEST else None


@lru_cache(256)  # one address is asked for its host, its identities, and whether it is an aggregator's
def _parsed(url: str) -> _Address | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = sites.spelt(parts.hostname or "")
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return _Address(parts.scheme, f"[{host}]" if ":" in host else host, port, parts.path, parts.query, parts.fragment)


def _target(address: _Address) -> str | None:
    for host, path, names in _REDIRECTORS:
        if host.match(address.host) and address.path == path:
            values = parse_qs(address.query, max_num_fields=100) if address.query.count("&") < 100 else {}
            return next((values[name][0] for name in names if name in values), None)
    return None


def _tracks(piece: str) -> bool:
    name, _, value = piece.partition("=")
    name = name.lower()
    if name in _MAYBE_TRACKING:
        return bool(_CHANNEL.match(value))
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _routes(fragment: str) -> bool:
    return fragment.startswith(("!", "/"))


def _path_key(path: str, *, bare: bool) -> str:
    """`bare`: no query follows, so that `index.html` says nothing."""
    return _until_stable(lambda one: _without_faces(_resolved(one), bare=bare), same_spelling(path))


def _resolved(path: str) -> str:
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return "/" + "/".join(segments)


def _without_faces(path: str, *, bare: bool) -> str:
    path = re.sub(r";jsessionid[^/]*", "", path, flags=re.IGNORECASE)
    if path.endswith(".amp.html"):
        path = path.removesuffix(".amp.html") + ".html"
    if path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    if path.endswith("/amp") and path != "/amp":
        path = path.removesuffix("/amp")
    if bare:
        path = re.sub(r"/index\.html?\Z", "/", path)
    return path.rstrip("/")


def _until_stable(step: Callable[[str], str], value: str) -> str:
    while (after := step(value)) != value:
        value = after
    return value


def same_spelling(text: str) -> str:
    """One spelling of the many that percent-encoding allows; `%2F` and its kind stay what they are."""
    if _AS_IT_IS.fullmatch(text):
        return text
    pieces = _ESCAPE_KEPT.split(_decode(_LONE_PERCENT.sub("%25", text)))
    # An accent behind an escape must not join the escape's last digit
    return _encode(
        "".join(piece if index % 2 else unicodedata.normalize("NFC", piece) for index, piece in enumerate(pieces))
    )


def _decode(text: str) -> str:
    raw = bytearray()
    position = 0
    for escape in _ESCAPE.finditer(text):
        raw += text[position : escape.start()].encode("utf-8", "replace")
        code = int(escape[1], 16)
        raw += bytes([code]) if code >= 0x80 or code in _SAME_EITHER_WAY else escape[0].upper().encode()
        position = escape.end()
    raw += text[position:].encode("utf-8", "replace")
    return _lenient_utf8(bytes(raw))


def _lenient_utf8(raw: bytes) -> str:
    """UTF-8, a lone byte of an older page being cp1252."""
    text = ""
    while True:
        try:
            return text + raw.decode()
        except UnicodeDecodeError as error:
            text += raw[: error.start].decode() + raw[error.start : error.start + 1].decode("cp1252", "replace")
            raw = raw[error.start + 1 :]


def _encode(text: str) -> str:
    if _AS_IT_IS.fullmatch(text):
        return text
    encoded = "".join([_ESCAPED[code] for code in text.encode("utf-8", "replace")])
    return _LONE_PERCENT.sub("%25", encoded)


def join(base: str, link: str) -> str:
    """As a browser would; "" where it is no address."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _accepted(final: str, link: str) -> bool:
    ours, theirs = _publisher(final), _publisher(link)
    if ours is None or theirs is None:
        return False
    mine, other = sites.bare(ours.host), sites.bare(theirs.host)
    related = mine == other or mine.endswith("." + other) or other.endswith("." + mine)
    front = theirs.path in {"", "/"} and not theirs.query
    return related and (not front or ours.path in {"", "/"})
