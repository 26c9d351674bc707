"""What a page's bytes say: metadata, walls, text. The only door to trafilatura and lxml; runs in a worker process.

Both libraries are imported inside functions: the process that only sends pages to a worker never loads them.
"""

import html
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from bot.feeds import charset
from bot.reading import text as characters
from bot.reading import walls
from bot.web import robots
from bot.web.robots import ANY, Tags, Terms

LIMIT = 3 << 20  # bytes, decoded: the 99.9th percentile of 4,402 real pages is 3.1 MB
TAGS = 60_000  # the real maximum is 21,646
LD_MIN = 600  # characters of a JSON-LD body worth having
LONGEST = 200_000  # characters of text: three times the longest article met, and no stall when it is put in order
SHORT = 250  # characters: less is a shell, not an article

PageProblem = Literal["not_html", "too_big", "unreadable", "reserved", "consent", "needs_js"]

_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x1f\x8b", b"BM")
_HTML_START = re.compile(rb"<(?:!doctype|html|head|body|title|meta|div|p|article|h1|script|!--)", re.IGNORECASE)
_BLOCK_NAMES = (
    "p div li td th h1 h2 h3 h4 h5 h6 article section main blockquote pre body ul ol table tr dd dt br"
    " nav aside footer header form figure button"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_MARGINS = frozenset({"nav", "aside", "footer", "header", "form", "figure", "button"})
_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "meta", "link")
_NEVER_TEXT = (
    "nav", "footer", "aside", "head", "button", "select", "input", "textarea", "img", "picture", "source", "map",
    "canvas", "video", "audio", "object", "embed",
)  # fmt: skip
_BOXES = ("div", "li", "a", "i", "p", "b", "em", "strong", "section", "ul", "h2", "h3", "h4", "figure", "td")
_CONTAINERS = frozenset({"div", "section", "ul", "ol"})
_ASIDE = re.compile(
    r" (?:comments?|cookies?|consent|gdpr|cli|widget|sidebar|related|footer|newsletter|promo|social|disqus|tweets?)"
    r"(?:[-_][\w-]*)? |[-_](?:comments|footer|sidebar|widget) ",
    re.IGNORECASE,
)
_TEXT_BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote", "pre")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d)[^<>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_ROOTS = '//div[@id="__next" or @id="__nuxt" or @id="root" or @id="app"]'
_ROBOTS = frozenset({"robots", robots.AGENT.lower()})
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

    `ld_body` is the JSON-LD text if it was believed (then `text` is "" unless `wall`).
    """

    meta: Meta = Meta()
    problem: PageProblem | None = None
    wall: bool = False
    ld_body: str = ""
    text: str = ""
    size: int = 0
    repaired: bool = False
    tags: Tags = ANY


FREE = Terms(licensed=True)  # a page that the operator has already


def read_page(body: bytes, content_type: str = "", summary: str = "", terms: Terms = FREE) -> Page:
    """Reads a page as far as needed and allowed: JSON-LD, else fast extraction, else full. Nothing is ever fetched.

    `summary` is the feed's, a hint.
    """
    if not _is_html(body, content_type):
        return Page(problem="not_html", size=len(body))
    if len(body) > LIMIT or body.count(b"<") > TAGS:
        return Page(problem="too_big", size=len(body))
    source, repaired = charset.decode(body, content_type)
    if characters.is_binary(source):
        return Page(problem="not_html", size=len(body))
    source = characters.unscrambled(source)
    tree = _parse(source)
    if tree is None:
        return Page(problem="unreadable", size=len(body))
    named = _named(tree)
    said = robots.reservation(named.get("tdm-reservation"))
    if not terms.licensed and (terms.reserved if said is None else said):
        return Page(problem="reserved", size=len(body))
    allowed = robots.tags((*terms.tags, *_robots(tree)))
    return replace(_read_tree(tree, named, source, summary), size=len(body), repaired=repaired, tags=allowed)


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
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    # As UTF-8 bytes, whatever the page declares: lxml refuses a str with an encoding declaration.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    # One class for all elements, chosen in C: lxml.html asks Python for each, a tenth of the time of a page
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        return document_fromstring(source.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _read_tree(tree: Any, named: dict[str, str], source: str, summary: str) -> Page:
    node = _article(_linked_data(tree))
    meta = _metadata(tree, node, named)
    shell = _shell(tree, len(source))
    next_data = _next_data(tree) if shell else ""
    _drop(tree, _UNSEEN)
    visible = " ".join("".join(tree.itertext()).split())
    # Block by block only where the words are there at all: few pages have them
    wall = _says_locked(named, node) or (walls.speaks_of_wall(visible) and walls.locked(_lines(tree)))
    body = _plain(str(node.get("articleBody") or ""))
    believed = len(body) >= LD_MIN and _credible(body, visible, summary)
    article, prose = ("", 0) if believed and not wall else _article_text(_less_margins(tree, source, len(visible)))
    problem: PageProblem | None = None
    if not believed and len(article) < 400 and walls.asks_consent(visible):
        problem = "consent"
    elif not believed and len(article) < SHORT and shell:
        article, problem = (next_data, None) if next_data else (article, "needs_js")
    return Page(meta, problem, wall, body[:LONGEST] if believed else "", article[:LONGEST], prose)


# --- text ----------------------------------------------------------------------------------------------------------
def _article_text(tree: Any) -> tuple[str, int]:
    """The fast way; where it disagrees with the prose that the page shows, dearer ways, if they agree better.

    The second value is that prose, in characters.
    """
    prose = _prose(tree)
    judged = prose >= 500  # with less in its blocks, their count says nothing
    text = _extract(tree, fast=True)
    if _lacks(text, prose):
        text = _with_sisters(tree, text)
    if _lacks(text, prose) or (judged and len(text) > 2 * prose):
        found = (text, _extract(tree, fast=False))
        text = min(found, key=lambda one: abs(math.log((len(one) + 1) / prose))) if judged else max(found, key=len)
    return characters.without_pipes(text), prose


def _less_margins(tree: Any, source: str, visible: int) -> Any:
    """The tree without what no extraction keeps: half of a page, and trafilatura copies it several times.

    Where nearly all of the page is gone with it (`visible` characters before), a menu was never closed: all stays.
    """
    from lxml import etree

    _drop(tree, _NEVER_TEXT)
    left = sum(len(text.strip()) for text in tree.itertext())
    if left < 500 and left < visible / 4:
        tree = _parse(source)
        _drop(tree, _UNSEEN)
    etree.strip_tags(tree, "span", "font", "wbr")
    for _ in range(2):  # what held only empty boxes is empty then
        for one in [one for one in tree.iter(*_BOXES) if len(one) == 0 and not (one.text or "").strip()]:
            box = one.getparent()
            if box is not None and not (one.tail or "").strip():
                box.remove(one)
    return tree


def _lacks(text: str, prose: int) -> bool:
    return len(text) < 300 or (len(text) < 4_000 and len(text) < prose / 2)


def _with_sisters(tree: Any, text: str) -> str:
    """The text and the paragraphs that stand in boxes of the same kind as its own, in the order of the page.

    An article that advertisements cut in pieces is several boxes, and trafilatura takes the first.
    """
    blocks = [(_box(block), " ".join("".join(block.itertext()).split())) for block in _paragraphs(tree)]
    flat = " ".join(text.split())
    kept = {words for _, words in blocks if words[:80] in flat}
    held: Counter[tuple[str, ...]] = Counter()
    for box, words in blocks:
        held[box] += len(words) if words in kept else 0
    main = next((box for box, length in held.most_common(1) if length >= len(text) / 2), None)
    longer = "\n".join(words for box, words in blocks if words and (box == main or words in kept))
    return longer if len(longer) > len(text) else text


def _paragraphs(tree: Any) -> Iterator[Any]:
    return (one for one in tree.iter(*_TEXT_BLOCKS) if next(one.iterdescendants(*_TEXT_BLOCKS), None) is None)


def _box(block: Any) -> tuple[str, ...]:
    """The kind of place a block stands in: the names and classes of its three nearest ancestors."""
    return tuple(f"{one.tag} {one.get('class')}" for one, _ in zip(block.iterancestors(), range(3), strict=False))


def _extract(tree: Any, *, fast: bool) -> str:
    import trafilatura

    document = trafilatura.bare_extraction(tree, options=_options(fast))
    return str(getattr(document, "text", None) or "")


@cache
def _options(fast: bool) -> Any:
    """What trafilatura is asked for; built once, as it reads its configuration for each."""
    import logging

    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return Extractor(output_format="python", fast=fast, comments=False, tables=True, links=False, images=False)


def _drop(tree: Any, names: Iterable[str]) -> None:
    from lxml import etree

    etree.strip_elements(tree, *names, with_tail=False)


def _lines(tree: Any) -> list[str]:
    """The text blocks of the page, without their link text."""
    from lxml import etree

    lines: list[str] = []
    own: list[str] = []
    in_link = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if tag in _BLOCKS and own:
            lines.append(" ".join("".join(own).split()))
            own.clear()
        if tag == "a":
            in_link += 1 if event == "start" else -1
        words = element.text if event == "start" else element.tail
        if words and not in_link:
            own.append(words)
    return [*lines, " ".join("".join(own).split())]


def _prose(tree: Any) -> int:
    """The characters in blocks of 80 or more, outside margins, at most half of them in links."""
    from lxml import etree

    prose = margins = own = linked = in_link = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if tag in _BLOCKS:
            if own + linked >= 80 and linked <= own and not margins:
                prose += own + linked
            own = linked = 0
            if tag in _MARGINS or (tag in _CONTAINERS and _is_aside(element)):
                margins += 1 if event == "start" else -1
        elif tag == "a":
            in_link += 1 if event == "start" else -1
        words = element.text if event == "start" else element.tail
        if words:
            length = len(words) if "\n" not in words else len(" ".join(words.split()))
            if in_link:
                linked += length
            else:
                own += length
    return prose


def _is_aside(element: Any) -> bool:
    """Whether a box is named after what is no article: comments, widgets, cookie notices."""
    return bool(_ASIDE.search(f" {element.get('class') or ''} {element.get('id') or ''} "))


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
    if "<" not in text and "&lt;" in text:  # escaped once too often
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", _BREAK.sub("\n", text))
    return html.unescape(text)


# --- scripts and walls ---------------------------------------------------------------------------------------------
def _shell(tree: Any, size: int) -> bool:
    """Whether the page is made by scripts in the browser."""
    scripts = sum(len(script.text or "") for script in tree.iter("script"))
    asked = any("javascript" in "".join(one.itertext()).lower() for one in tree.iter("noscript"))
    empty = any(not "".join(one.itertext()).strip() for one in tree.xpath(_ROOTS))
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


def _robots(tree: Any) -> Iterator[str]:
    metas = (meta for meta in tree.iter("meta") if (meta.get("name") or "").strip().lower() in _ROBOTS)
    return (meta.get("content") or "" for _, meta in zip(range(20), metas, strict=False))


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
