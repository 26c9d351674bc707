"""What a page's bytes say: what it is, when and by whom, its wall, its text. Runs in a worker process.

Each part has a module: `tree` and `extraction` (the doors to lxml and trafilatura), `structured`, `titles`,
`published`, `people`, `walls`, `boxes`. Both libraries are imported inside functions: the process that only sends
pages to a worker never loads them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.feeds import charset, plain_text
from bot.reading import act_links, boxes, extraction, people, published, structured, titles, tree, walls
from bot.reading import app_data as scripts
from bot.reading import text as characters
from bot.reading.published import NO_DATE, Around, PageDate
from bot.reading.structured import Described, Node, PageKind
from bot.reading.tree import ProseBlock
from bot.web import robots, urls
from bot.web.robots import ANY, Tags, Terms
from matchers.model import ActLink

LIMIT = 3 << 20  # bytes, decoded: the 99.9th percentile of 4,402 real pages is 3.1 MB
TAGS = 60_000  # the real maximum is 21,646
LD_MIN = 600  # characters of a JSON-LD body worth having
LONGEST = structured.LONGEST_BODY
SHORT = 250  # characters: less is a shell, not an article

PageProblem = Literal["not_html", "too_big", "unreadable", "reserved", "consent", "needs_js"]

_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x1f\x8b", b"BM")
_HTML_START = re.compile(rb"<(?:!doctype|html|head|body|title|meta|div|p|article|h1|script|!--)", re.IGNORECASE)
_ROBOTS = frozenset({"robots", robots.AGENT.lower()})
# What stands in the place of a page: a door, a mistake, a machine that is busy.
_NO_PAGE = re.compile(
    r"(?:just a moment|un instant|attention required|access denied|accès (?:refusé|interdit)|verifying you are human"
    r"|(?:checking|vérification de) (?:your|votre) (?:browser|navigateur)|are you a (?:human|robot)|êtes-vous un robot"
    r"|(?:erreur|error)?\W*(?:40[34]|410|50[0234])\b|(?:page|contenu|article|document) (?:introuvable|not found"
    r"|non trouvée?"
    r"|inexistante?|supprimée?)|(?:not found|forbidden|service unavailable|bad gateway)"
    r"|(?:site|service) (?:en maintenance|(?:momentanément |temporairement )?indisponible)"
    r"|maintenance(?: en cours)?\W*\Z)",
    re.IGNORECASE,
)
_TITLE_OF_NONE = 60  # characters
_TIERS = ("article:content_tier", "content_tier", "content-tier", "article:tier", "og:article:content_tier")
_LOCKED_TIERS = frozenset({"locked", "paid", "premium", "payant", "subscriber", "subscribers", "abonnes", "abonnés"})
_METERED = 1_000  # characters of prose: a metered page that shows less shows the beginning
_NEARLY_ALL = 0.85  # of the prose: a JSON-LD text that holds so much is not held against the page's own
_CUT_TOO = 1.25  # of a JSON-LD text that says it is cut: a text that is no longer is the same beginning, and its title
_ALMOST = 0.15  # of the prose: so much more must be in what replaces the JSON-LD text
_COUNT = re.compile(r"\d{1,3}(?:[\s.,]\d{3})+(?!\d)|\d+")
_MOST_WORDS = (1.6, 25.0)  # a page that counts its words, beside ours: less is its way of counting, more is a mistake


@dataclass(frozen=True, slots=True)
class Meta:
    """What a page says of itself; "" or None where it does not. `date` is never guessed."""

    title: str = ""
    description: str = ""
    author: str | None = None
    date: PageDate = NO_DATE
    site: str | None = None
    lang: str | None = None
    canonicals: tuple[str, ...] = ()
    shared_url: str | None = None
    kind: PageKind = "article"


@dataclass(frozen=True, slots=True)
class Page:
    """A page read. `problem`: why it holds no article text. `wall`: for subscribers only, what stands here is partial.

    `ld_body` is the JSON-LD text if it was believed (then `text` is ""), never that of a wall; `doubtful`: the page
    shows, or counts, clearly more than that. `links`: the acts to which its prose leads.
    """

    meta: Meta = Meta()
    problem: PageProblem | None = None
    wall: bool = False
    ld_body: str = ""
    text: str = ""
    doubtful: bool = False
    repaired: bool = False
    tags: Tags = ANY
    links: tuple[ActLink, ...] = ()


FREE = Terms(licensed=True)  # a page that the operator has already


@dataclass(frozen=True, slots=True)
class _Source:
    """A page as it came: its tree, its text, its metas; where it was found ("" if unknown), and when it is read."""

    tree: Any
    html: str
    named: dict[str, str]
    url: str
    now: datetime | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a page says in data: the things it describes, itself among them; its addresses, its `<title>`, and all that
    its site may call itself, a name a line."""

    own: Described
    nodes: list[Node]
    canonicals: tuple[str, ...]
    page_title: str
    site: str


@dataclass(frozen=True, slots=True)
class _Hints:
    """By what the texts of a page are judged. `app_data` is the longest text that a page made by scripts carries for
    them, None for any other page; `summary` is the feed's."""

    node: Node
    found: Sequence[ProseBlock]
    seen: extraction.Shown
    visible: str
    summary: str
    app_data: str | None


def read_page(
    body: bytes,
    content_type: str = "",
    summary: str = "",
    terms: Terms = FREE,
    url: str = "",
    now: datetime | None = None,
) -> Page:
    """Reads a page as far as needed and allowed. Nothing is ever fetched.

    `summary` is the feed's, a hint; `url` the page's final address; `now` (aware) what its dates are judged by.
    """
    if not _is_html(body, content_type):
        return Page(problem="not_html")
    if len(body) > LIMIT or body.count(b"<") > TAGS:
        return Page(problem="too_big")
    html, repaired = charset.decode(body, content_type)
    if characters.is_binary(html):
        return Page(problem="not_html")
    html = characters.unscrambled(html)
    page = tree.parse(html)
    if page is None:
        return Page(problem="unreadable")
    source = _Source(page, html, _named(page), url, now)
    if not terms.licensed and _reserved(source, terms):
        return Page(problem="reserved")
    tags = robots.tags((*terms.tags, *_robots(page)))
    answer = _read(source, summary)
    return replace(answer, repaired=repaired, tags=replace(tags, quote=tags.quote and answer.tags.quote))


def warm() -> None:
    """Loads everything a first page would, through the full path."""
    paragraph = "<p>" + "Une phrase d'essai pour charger les bibliothèques. " * 9 + "</p>"
    read_page(f"<html><body><article>{paragraph * 3}</article></body></html>".encode())
    extraction.warm(tree.parse(f"<html><body><article>{paragraph}</article></body></html>"))


def _is_html(body: bytes, content_type: str) -> bool:
    start = body[:1024].lstrip()
    if start.startswith(_BINARY):
        return False
    kind = content_type.partition(";")[0].strip().lower()
    if kind in {"", "text/html", "application/xhtml+xml", "text/plain"}:
        return True
    return bool(_HTML_START.search(start))


def _reserved(source: _Source, terms: Terms) -> bool:
    """The page's own word on its rights, else that of its headers; said twice, the stricter counts."""
    said = robots.stricter(robots.reservation(value) for value in _metas(source.tree, "tdm-reservation"))
    return bool(terms.reserved if said is None else said)


# --- the page ------------------------------------------------------------------------------------------------------
def _read(source: _Source, summary: str) -> Page:
    page = source.tree
    told = _told(source)
    app_data = scripts.found(page) if scripts.is_shell(page, len(source.html)) else None
    goes_on = _goes_on(source)
    tree.show_unscripted(page)
    tree.drop(page, tree.UNSEEN)
    blocks = tree.blocks(page)
    if tree.unnamed(blocks):
        blocks = tree.blocks(page)
    margins = tree.believed(blocks)
    called = (_shared_title(source), told.page_title, structured.headline(told.own.node))
    heading = titles.heading(page, called, told.site, margins)
    place = titles.shown(blocks, [titles.less_site(one, told.site) for one in called]) if heading is None else heading
    lines = published.around(blocks, place, page, margins)
    meta = _metadata(source, told, lines, heading)
    visible = " ".join(block.words for block in blocks)
    says_wall = walls.locked(blocks, lines.title)
    extraction.less_others(page)
    left = boxes.less_boxes(page, blocks)
    seen = extraction.shown(left)
    wall = says_wall or _says_locked(source.named, told.own.node, seen)
    if wall:  # what it keeps from readers is not read either
        left = extraction.less_unseen(page, left)
        source, seen = replace(source, html=tree.written(page)), extraction.shown(left)
    answer = Page(
        meta,
        wall=wall,
        doubtful=goes_on or _ends_elsewhere(blocks, seen),
        tags=Tags(quote="data-nosnippet" not in source.html or not _unquotable(seen.prose)),
        links=act_links.found(left, seen.prose, source.url),
    )
    return _with_text(answer, source, _Hints(told.own.node, left, seen, visible, summary, app_data))


def _told(source: _Source) -> _Told:
    page = source.tree
    nodes = structured.linked_data(page)
    if "itemscope" in source.html:
        nodes += structured.microdata(page)
    canonicals, page_title = _canonicals(page), _first_text(page, "title")
    heads = [characters.one_line("".join(one.itertext())[:1_000]) for one in page.iter("h1")][:3]
    shown = filter(None, (_shared_title(source), page_title))
    own = structured.described(nodes, _addresses(source, canonicals), [*heads, *shown])
    return _Told(own, nodes, canonicals, page_title, _site(source, own.node, nodes, canonicals))


def _shared_title(source: _Source) -> str:
    return source.named.get("og:title") or source.named.get("twitter:title", "")


def _with_text(page: Page, source: _Source, hints: _Hints) -> Page:
    """`page` with the text of its article, or with why it has none. Of a locked one that is what it shows: its data
    may hold the rest."""
    seen, visible = hints.seen, hints.visible
    body = "" if page.wall else structured.body(hints.node)
    believed = len(body) >= LD_MIN and _credible(body, hints)
    whole = believed and _is_whole(body, seen)
    text = "" if whole else extraction.article(source.tree, source.html, hints.found, seen)
    if believed and not whole:
        believed = not _replaces(text, body, seen)
    if not believed and len(text) < 400 and walls.asks_consent(visible):
        return replace(page, problem="consent", text=text)
    if not believed and len(text) < 2 * SHORT and _is_no_page(page.meta.title, visible):
        return page
    if not believed and not page.wall and len(text) < SHORT and hints.app_data is not None:
        return replace(page, text=hints.app_data or text, problem=None if hints.app_data else "needs_js")
    chosen = body if believed else text
    lacks = extraction.leaves_out(chosen, seen) or _counts_more(hints.node, chosen) or _is_beginning(body, chosen)
    return replace(
        page,
        ld_body=body[:LONGEST] if believed else "",
        text="" if believed else text[:LONGEST],
        doubtful=not page.wall and (page.doubtful or lacks),
    )


def _is_no_page(title: str, visible: str) -> bool:
    called = len(title) <= _TITLE_OF_NONE and _NO_PAGE.match(title)
    return bool(called) or (len(visible) < 3 * SHORT and bool(_NO_PAGE.match(visible)))


def _replaces(text: str, body: str, seen: extraction.Shown) -> bool:
    """Whether the page's own text says clearly more than its JSON-LD: that may be the beginning only."""
    if extraction.holds_end(text, seen) and not extraction.holds_end(body, seen):
        return extraction.share(text, seen) > extraction.share(body, seen)
    if len(body) >= 0.8 * len(text) and not walls.is_cut(body):
        return False
    return extraction.share(text, seen) > extraction.share(body, seen) + _ALMOST or len(text) > 2 * len(body)


def _is_whole(body: str, seen: extraction.Shown) -> bool:
    """Whether a JSON-LD text needs not be held against the page's own: it has nearly all of it, and its end."""
    return not walls.is_cut(body) and extraction.share(body, seen) >= _NEARLY_ALL and extraction.holds_end(body, seen)


def _is_beginning(body: str, text: str) -> bool:
    """Whether the data say of a text that it is cut, and the page shows no more of it."""
    return len(body) >= SHORT and walls.is_cut(body) and len(text) < _CUT_TOO * len(body)


def _counts_more(node: Node, text: str) -> bool:
    told = _COUNT.match(str(node.get("wordCount", ""))[:20])
    count = int(re.sub(r"\D", "", told[0])) if told else 0
    words = len(text.split())
    low, high = _MOST_WORDS
    of_letters = 0.95 * len(text) < count < 1.05 * len(text)
    return count > 200 and low * words < count < high * words and not of_letters


def _goes_on(source: _Source) -> bool:
    """Whether the page names its own second part as the next one, or counts it among its pages."""
    own = urlsplit(source.url).path.rstrip("/")
    for link in source.tree.iter("link", "a") if own else ():
        kind, words = link.get("rel"), link.text
        if (kind and "next" in kind.lower().split()) or (words and walls.leads_on(words)):
            parts = urlsplit(urls.join(source.url, (link.get("href") or "")[: urls.LONGEST]))
            second = re.fullmatch(rf"{re.escape(own)}(?:/(?:page[/-]?)?2|[-,_]2)?/?", parts.path)
            if second and (
                parts.path.rstrip("/") != own or re.search(r"(?:^|[&_])(?:page|p|pg)=[12](?:&|$)", parts.query)
            ):
                return True
    return False


def _ends_elsewhere(blocks: Sequence[ProseBlock], seen: extraction.Shown) -> bool:
    """Whether the prose of a page ends with a link to the rest of it."""
    last = seen.last
    place = next((place for place, block in enumerate(blocks) if block is last), -1)
    return place >= 0 and any(
        walls.leads_to_rest(block.words) and _leads_away(block) for block in blocks[place : place + 3]
    )


def _leads_away(block: ProseBlock) -> bool:
    """Whether its last link is to another page: one that unfolds what is there already has no address of its own."""
    links = [*block.element.iter("a"), *block.element.iterancestors("a")]
    address = (links[-1].get("href") or "") if links else ""
    return bool(address) and not address.startswith(("#", "javascript:"))


def _credible(body: str, hints: _Hints) -> bool:
    """JSON-LD is believed where the page shows most of it, or where it holds what is shown or what the feed
    promised; and on a page that its scripts have yet to fill."""
    shown = _shingles(hints.visible)
    claimed = _shingles(body)
    if claimed and len(claimed & shown) >= 0.6 * len(claimed):
        return True
    if not hints.seen.prose and hints.app_data is not None:
        return True
    begun = " ".join(block.words for block in hints.seen.prose)
    if len(begun) >= tree.PARAGRAPH and len(claimed & _shingles(begun)) >= 0.6 * len(_shingles(begun)):
        return True
    words = set(re.findall(r"\w{4,}", hints.summary.lower()))
    return len(words) >= 5 and words <= set(re.findall(r"\w{4,}", body.lower()))


def _shingles(text: str) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    return {hash(four) for four in zip(words, words[1:], words[2:], words[3:], strict=False)}


# --- scripts, walls, excerpts ---------------------------------------------------------------------------------------
def _says_locked(named: dict[str, str], node: Node, seen: extraction.Shown) -> bool:
    """Whether the page's data close it, and it does not show all the same what they close."""
    tier = next((named[name].strip().lower() for name in _TIERS if named.get(name)), "")
    if tier in _LOCKED_TIERS or (tier == "metered" and seen.prose_length < _METERED):
        return True
    free, parts = structured.says_free(node), structured.locked_parts(node)
    if free is True or (free is None and not parts):
        return False
    return not any(_shows(part, seen) for part in parts)


def _shows(selector: str, seen: extraction.Shown) -> bool:
    """Whether the part that a page says is closed holds most of the prose that it shows."""
    name = selector.strip().removeprefix(".")
    if seen.prose_length < _METERED or not re.fullmatch(r"[\w-]+", name):
        return False
    inside = (block for block in seen.prose if any(name in (one.get("class") or "").split() for one in _lineage(block)))
    return sum(len(block.words) for block in inside) >= extraction.WHOLE * seen.prose_length


def _unquotable(prose: Sequence[ProseBlock]) -> bool:
    return any(one.get("data-nosnippet") is not None for block in prose for one in _lineage(block))


def _lineage(block: ProseBlock) -> Iterator[Any]:
    yield block.element
    yield from block.element.iterancestors()


# --- metadata ------------------------------------------------------------------------------------------------------
def _metadata(source: _Source, told: _Told, lines: Around, heading: Any) -> Meta:
    """`heading` is the element of the title, None without one."""
    named, node, nodes, site = source.named, told.own.node, told.nodes, told.site
    shared, title = (
        characters.one_line(plain_text.line(one, 500)) for one in (named.get("og:title", ""), told.page_title)
    )
    headline = characters.one_line(structured.headline(node))
    known = [titles.less_site(one, site) for one in (shared, headline, title)]
    h1 = "" if heading is None else titles.words(heading, known)
    lang = _language(source)
    address = source.url or next(iter(told.canonicals), "")
    description = structured.text(node.get("description"), 2_000) or plain_text.line(
        named.get("og:description") or named.get("description", ""), 2_000
    )
    publisher = next(iter(structured.names(node, "publisher", nodes)), "")
    listed = told.own.kind == "list"
    house = structured.houses(node, "author")
    writers = structured.names(node, "author", nodes) or structured.names(node, "creator", nodes)
    written = published.written(node, named)
    return Meta(
        title=titles.best(h1, shared, headline, title, site),
        description=characters.one_line(description),
        author=None if listed else people.found(writers, named, lines, source.tree, "\n".join((site, *house))),
        date=NO_DATE if listed else published.found(written, lines, lang, address, source.now),
        site=characters.one_line(named.get("og:site_name") or publisher)[:100] or None,
        lang=lang,
        canonicals=told.canonicals,
        shared_url=_bounded(named.get("og:url", "")) or None,
        kind=told.own.kind,
    )


def _addresses(source: _Source, canonicals: tuple[str, ...]) -> frozenset[str]:
    known = (source.url, source.named.get("og:url", ""), *canonicals)
    return frozenset(key for one in known if one for key in urls.url_keys(urls.join(source.url, _bounded(one) or "")))


def _canonicals(page: Any) -> tuple[str, ...]:
    links = (one for one in page.iter("link") if "canonical" in (one.get("rel") or "").lower().split())
    found = (_bounded(one.get("href") or "") for _, one in zip(range(5), links, strict=False))
    return tuple(dict.fromkeys(one for one in found if one))


def _bounded(address: str) -> str | None:
    return address if len(address) <= urls.LONGEST else None


def _site(source: _Source, node: Node, nodes: list[Node], canonicals: tuple[str, ...]) -> str:
    """All that the site may call itself, a name a line: its own words, its host without the ending, and of that the
    last part, which is the house's where the host is one of several."""
    host = urls.host(source.url or next(iter(canonicals), ""))
    publisher = structured.names(node, "publisher", nodes)[:1]
    named = [source.named.get("og:site_name", ""), source.named.get("application-name", ""), *publisher]
    websites = [
        structured.text(one.get("name"), 100) for one in nodes if one.get("@type") in ("WebSite", "Organization")
    ]
    stem = host.rpartition(".")[0]
    return "\n".join((*named, *websites[:5], host, stem, stem.rpartition(".")[2]))


def _metas(page: Any, name: str) -> Iterator[str]:
    """What each meta element of that name says, all of them."""
    for meta in page.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").strip().lower() == name:
            yield meta.get("content") or ""


def _named(page: Any) -> dict[str, str]:
    """The first value of each named meta element that has one."""
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or _of_no_item(meta)
        value = (meta.get("content") or "")[:5_000].strip()
        if name and value and len(found) < 500:
            for each in name.strip().lower()[:200].split():
                found.setdefault(each, value)
    return found


def _of_no_item(meta: Any) -> str | None:
    """The microdata name of an element that belongs to the page as a whole, and to no thing described there."""
    name: str | None = meta.get("itemprop")
    things = (
        one for one in meta.iterancestors() if one.get("itemscope") is not None and one.tag not in ("html", "body")
    )
    return name if name and next(things, None) is None else None


def _robots(page: Any) -> Iterator[str]:
    metas = (meta for meta in page.iter("meta") if (meta.get("name") or "").strip().lower() in _ROBOTS)
    return (meta.get("content") or "" for _, meta in zip(range(20), metas, strict=False))


def _first_text(page: Any, tag: str) -> str:
    element = next(page.iter(tag), None)
    return "" if element is None else characters.one_line("".join(element.itertext())[:2_000])[:500]


def _language(source: _Source) -> str | None:
    label = (source.tree.get("lang") or source.named.get("og:locale") or "").strip().lower()
    code = re.match(r"[a-z]{2,3}(?![a-z])", label)
    return code[0] if code else None
