"""What a page's bytes say: metadata, walls, text. The only door to trafilatura and lxml; runs in a worker process.

Both libraries are imported inside functions: the process that only sends pages to a worker never loads them.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bot.reading import text as characters
from bot.reading import walls

LIMIT = 3 << 20  # bytes, decoded: the 99.9th percentile of 4,402 real pages is 3.1 MB
TAGS = 60_000  # the real maximum is 21,646
LD_MIN = 600  # characters of a JSON-LD body worth having
SHORT = 250  # characters: less is a shell, not an article

Problem = Literal["not_html", "too_big", "unreadable", "consent", "needs_js"]

_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x1f\x8b", b"BM")
_HTML_START = re.compile(rb"<(?:!doctype|html|head|body|title|meta|div|p|article|h1|script|!--)", re.IGNORECASE)
_BLOCK_NAMES = (
    "p div li td th h1 h2 h3 h4 h5 h6 article section main blockquote pre body ul ol table tr dd dt br"
    " nav aside footer header form figure"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_MARGINS = frozenset({"nav", "aside", "footer", "header", "form", "figure", "button"})
_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "meta", "link")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d)[^<>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_ROOTS = frozenset({"__next", "root", "__nuxt", "app"})
_DATES = ("article:published_time", "og:published_time", "datepublished", "dc.date.issued", "dcterms.created", "date")
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a page says of itself; "" or None where it does not. `published` is as written, never guessed.

    `live`: it is rewritten all day.
    """

    title: str = ""
    h1: str = ""
    shared_title: str = ""
    headline: str = ""
    description: str = ""
    author: str | None = None
    published: str | None = None
    site: str | None = None
    lang: str | None = None
    canonicals: tuple[str, ...] = ()
    shared_url: str | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page read. `problem`: why it holds no article text. `wall`: for subscribers only, what stands here is partial.

    `ld_body` is the JSON-LD text if it was believed (then `text` is "" unless `wall`); `block_chars` counts the prose
    outside links and margins.
    """

    meta: Meta = Meta()
    problem: Problem | None = None
    wall: bool = False
    ld_body: str = ""
    text: str = ""
    block_chars: int = 0
    size: int = 0
    repaired: bool = False


def read_page(body: bytes, content_type: str = "", url: str = "", summary: str = "") -> Page:
    """Reads a page as far as needed: JSON-LD, else fast extraction, else full. `summary` is the feed's, a hint.

    `url` stays for the rules of single sites; nothing is ever fetched.
    """
    if not _is_html(body, content_type):
        return Page(problem="not_html", size=len(body))
    if len(body) > LIMIT or body.count(b"<") > TAGS:
        return Page(problem="too_big", size=len(body))
    source, repaired = characters.decode(body, content_type)
    tree = _parse(source)
    if tree is None:
        return Page(problem="unreadable", size=len(body))
    return _read_tree(tree, summary, len(body), repaired)


def warm() -> None:
    """Loads everything a first page would, through the full path."""
    paragraph = "<p>" + "Une phrase d'essai pour charger les bibliothèques. " * 9 + "</p>"
    read_page(f"<html><body><article>{paragraph * 3}</article></body></html>".encode())
    tree = _parse(f"<html><body><article>{paragraph}</article></body></html>")
    _extract(tree, fast=False)


def _is_html(body: bytes, content_type: str) -> bool:
    start = body[:1024].lstrip()
    if start.startswith(_BINARY):
        return False
    kind = content_type.partition(";")[0].strip().lower()
    if kind in {"", "text/html", "application/xhtml+xml", "text/plain"}:
        return True
    return bool(_HTML_START.search(start))


def _parse(source: str) -> Any:
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # As UTF-8 bytes, whatever the page declares: lxml refuses a str with an encoding declaration.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return document_fromstring(source.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _read_tree(tree: Any, summary: str, size: int, repaired: bool) -> Page:
    nodes = _linked_data(tree)
    node = _article(nodes)
    named = _named(tree)
    meta = _metadata(tree, node, named)
    shell = _shell(tree, size)
    next_data = _next_data(tree) if shell else ""
    _drop_unseen(tree)
    lines, block_chars = _visible(tree)
    wall = _says_locked(named, node) or walls.locked(lines)
    body = _plain(str(node.get("articleBody") or ""))
    believed = len(body) >= LD_MIN and _credible(body, "\n".join(lines), summary)
    article = "" if believed and not wall else _article_text(tree, block_chars)
    problem: Problem | None = None
    if not believed and len(article) < 400 and walls.asks_consent("\n".join(lines)):
        problem = "consent"
    elif not believed and len(article) < SHORT and shell:
        article, problem = (next_data, None) if next_data else (article, "needs_js")
    return Page(meta, problem, wall, body if believed else "", article, block_chars, size, repaired)


# --- text ----------------------------------------------------------------------------------------------------------
def _article_text(tree: Any, block_chars: int) -> str:
    text = _extract(tree, fast=True)
    # Short, or much less prose than the page shows: the careful way may find more (3-8 % of pages).
    if len(text) < 300 or (len(text) < 4_000 and len(text) < block_chars / 2):
        full = _extract(tree, fast=False)
        text = full if len(full) > len(text) else text
    return characters.without_pipes(text)


def _extract(tree: Any, *, fast: bool) -> str:
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura.extract(
        tree,
        fast=fast,
        include_comments=False,
        include_tables=True,
        include_links=False,
        include_images=False,
        deduplicate=False,
        with_metadata=False,
    )
    return text or ""


def _drop_unseen(tree: Any) -> None:
    from lxml import etree

    etree.strip_elements(tree, *_UNSEEN, with_tail=False)


def _visible(tree: Any) -> tuple[list[str], int]:
    """The text blocks of the page without their link text, and the characters of prose outside margins."""
    from lxml import etree

    lines: list[str] = []
    prose = margins = 0
    own: list[str] = []
    in_link = linked = 0

    def flush() -> None:
        nonlocal prose, linked
        line = " ".join("".join(own).split())
        if line:
            lines.append(line)
            if not margins and len(line) + linked >= 80 and linked <= len(line):
                prose += len(line) + linked
        own.clear()
        linked = 0

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if tag in _BLOCKS:
            flush()
        step = 1 if event == "start" else -1
        margins += step if tag in _MARGINS else 0
        in_link += step if tag == "a" else 0
        words = element.text if event == "start" else element.tail
        if words and in_link:
            linked += len(words.strip())
        elif words:
            own.append(words)
    flush()
    return lines, prose


def _credible(body: str, visible: str, summary: str) -> bool:
    """JSON-LD is believed where the page shows most of it, or where it holds what the feed promised."""
    shown = _shingles(visible)
    claimed = _shingles(body)
    if claimed and len(claimed & shown) >= 0.6 * len(claimed):
        return True
    words = set(re.findall(r"\w{4,}", summary.lower()))
    return len(words) >= 5 and words <= set(re.findall(r"\w{4,}", body.lower()))


def _shingles(text: str) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    return {hash(four) for four in zip(words, words[1:], words[2:], words[3:], strict=False)}


def _plain(text: str) -> str:
    if "<" in text:
        text = _TAG.sub(" ", _BREAK.sub("\n", text))
    return html.unescape(text)


# --- scripts and walls ---------------------------------------------------------------------------------------------
def _shell(tree: Any, size: int) -> bool:
    """Whether the page is made by scripts in the browser."""
    scripts = sum(len(script.text or "") for script in tree.iter("script"))
    asked = any("javascript" in "".join(one.itertext()).lower() for one in tree.iter("noscript"))
    empty = any(
        one.get("id") in _ROOTS and not "".join(one.itertext()).strip() for one in tree.iter("div") if one.get("id")
    )
    return asked or empty or scripts > 0.6 * size


def _next_data(tree: Any) -> str:
    """The longest text a Next page carries for its scripts, "" if none is long enough."""
    for script in tree.iter("script"):
        if script.get("id") == "__NEXT_DATA__":
            texts = (item for item in _walk(_loads(script.text or "")) if isinstance(item, str))
            best = max(texts, key=len, default="")
            return _plain(best) if len(best) >= LD_MIN else ""
    return ""


def _says_locked(named: dict[str, str], node: dict[str, Any]) -> bool:
    free = str(node.get("isAccessibleForFree", "")).lower()
    tier = named.get("article:content_tier", "").lower()
    return free.endswith("false") or tier in {"locked", "metered"}


# --- metadata ------------------------------------------------------------------------------------------------------
def _metadata(tree: Any, node: dict[str, Any], named: dict[str, str]) -> Meta:
    first = {tag: _first_text(tree, tag) for tag in ("title", "h1")}
    canonicals = [
        link.get("href", "") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return Meta(
        title=first["title"],
        h1=first["h1"],
        shared_title=characters.one_line(named.get("og:title", ""))[:500],
        headline=characters.one_line(_text(node.get("headline")))[:500],
        description=characters.normalise(
            _plain(_text(node.get("description"))) or named.get("og:description") or named.get("description", "")
        )[:2_000],
        author=_author(node, named),
        published=_published(tree, node, named),
        site=characters.one_line(named.get("og:site_name") or _name(node.get("publisher")))[:100] or None,
        lang=_language(tree, named),
        canonicals=tuple(dict.fromkeys(canonicals))[:5],
        shared_url=named.get("og:url") or None,
        live=any(isinstance(kind, str) and kind.endswith("LiveBlogPosting") for kind in _kinds(node)),
    )


def _named(tree: Any) -> dict[str, str]:
    """The first value of each named meta element."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and len(found) < 500:
            found.setdefault(name.strip().lower()[:100], (meta.get("content") or "")[:5_000])
    return found


def _first_text(tree: Any, tag: str) -> str:
    element = next(tree.iter(tag), None)
    return "" if element is None else characters.one_line("".join(element.itertext())[:2_000])[:500]


def _author(node: dict[str, Any], named: dict[str, str]) -> str | None:
    value = node.get("author")
    people = value if isinstance(value, list) else [value]
    names = [_name(person) for person in people[:20]] or []
    if not any(names):
        names = [next((named[key] for key in _AUTHORS if named.get(key)), "")]
    good = [characters.one_line(name)[:100] for name in names if name and "://" not in name]
    return "; ".join(dict.fromkeys(name for name in good if name)) or None


def _published(tree: Any, node: dict[str, Any], named: dict[str, str]) -> str | None:
    time = next((one.get("datetime") for one in tree.iter("time") if one.get("datetime")), None)
    values = (_text(node.get("datePublished")), *(named.get(name) for name in _DATES), time)
    written = [value.strip()[:60] for value in values if value and value.strip()]
    return next((value for value in written if _ISO.match(value)), next(iter(written), None))


def _language(tree: Any, named: dict[str, str]) -> str | None:
    label = (tree.get("lang") or named.get("og:locale") or "").strip().lower()
    code = re.match(r"[a-z]{2,3}(?![a-z])", label)
    return code[0] if code else None


# --- JSON-LD -------------------------------------------------------------------------------------------------------
def _linked_data(tree: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    scripts = (one for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower())
    for _, script in zip(range(64), scripts, strict=False):
        value = _loads((script.text or "")[: 1 << 20])
        nodes += [item for item in _walk(value, 5) if isinstance(item, dict)]
    return nodes


def _loads(source: str) -> Any:
    try:
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, depth: int = 20) -> Iterator[Any]:
    """A JSON value and all it holds, breadth first, bounded in depth."""
    level = [value]
    for _ in range(depth):
        yield from level
        children: list[Any] = []
        for item in level:
            children += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        level = children


def _article(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The node of the article itself: the first that is one by type, {} without one."""
    articles = [node for node in nodes if _is_article(node)]
    return max(articles, key=lambda node: bool(node.get("articleBody")) + bool(node.get("headline")), default={})


def _is_article(node: dict[str, Any]) -> bool:
    return any(isinstance(one, str) and one.endswith(("Article", "BlogPosting", "Report")) for one in _kinds(node))


def _kinds(node: dict[str, Any]) -> list[Any]:
    kind = node.get("@type")
    return kind if isinstance(kind, list) else [kind]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return _text(value)
