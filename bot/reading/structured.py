"""What a page says in data, JSON-LD and microdata, and which of the things described there the page is itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.feeds import loose_json, plain_text
from bot.web import urls

Node = dict[str, Any]
"""A thing with its properties, as JSON-LD spells them. Every value is a stranger's: of any type."""

SCRIPTS, SCRIPT = 64, 1 << 20  # of a page; characters of one
LONGEST_BODY = 200_000  # characters: three times the longest article met
_NAME = 200  # characters
_ITEMS = 2_000  # properties of microdata
_FOLLOWED = ("@graph", "mainEntity", "mainEntityOfPage")  # what stands elsewhere is another thing: a link, an update
_ARTICLE = ("Article", "BlogPosting", "Report", "PressRelease", "SpecialAnnouncement", "Legislation")
_PAGE = ("WebPage", "ItemPage", "AboutPage", "CreativeWork", "MedicalWebPage", "GovernmentService")
_LIST = ("CollectionPage", "ItemList", "SearchResultsPage", "Blog")
_OF_THE_PAGE = ("datePublished", "isAccessibleForFree", "hasPart")  # what a page's own node may add to its article's
_HOLDS = frozenset({"@context", "@type", "@id", "@graph"})  # a node with these alone says nothing
ALIKE = 0.7  # of the words of the shorter of two titles
AKIN = 0.25  # of them, where little else can be meant: the one article of a page, a heading that is a sentence
_SHORTCODE = re.compile(r"\[/?(?:[a-z]{1,20}_[a-z_]{1,30}|caption|gallery|embed)(?: [^\]\n]{0,300})?\]")  # of WordPress
_VALUES = {"meta": "content", "time": "datetime", "link": "href", "data": "value"}

PageKind = Literal["article", "live", "list"]


@dataclass(frozen=True, slots=True)
class Described:
    """What the data of a page say of the page itself; `node` is empty where they say nothing of it."""

    node: Node = field(default_factory=dict)
    kind: PageKind = "article"


def described(nodes: Sequence[Node], addresses: frozenset[str], titles: Sequence[str]) -> Described:
    """The page among the things it describes: by address, else by title, else the only one without another's.

    `addresses` are the identities of the page (bot/web/urls.py), none if they are not known.
    """
    here = [node for node in nodes if addresses.intersection(_addresses(node))]
    pages = [node for node in here if _is(node, _PAGE + _LIST)]
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    article = _own([node for node in articles if not set(node) <= _HOLDS] or articles, here, titles)
    if not article:
        listed = any(_is(node, _LIST) for node in pages or (nodes if not addresses else ()))
        own = next((node for node in pages if _is(node, _PAGE)), {})
        return Described(own, "list" if listed else "article")
    more = {name: node[name] for node in pages for name in _OF_THE_PAGE if name in node}
    return Described({**more, **article}, "live" if _is(article, ("LiveBlogPosting",)) else "article")


def _own(articles: list[Node], here: list[Node], titles: Sequence[str]) -> Node:
    known = [node for node in articles if node in here]
    if known:
        return max(known, key=lambda node: bool(node.get("articleBody")) + bool(node.get("headline")))
    named = [node for node in articles if any(alike(headline(node), title) for title in titles)]
    if named:
        return max(named, key=lambda node: bool(node.get("articleBody")))
    if len(articles) != 1 or any(True for _ in _addresses(articles[0])):
        return {}
    title = headline(articles[0])
    return articles[0] if not (title and titles) or any(alike(title, one, AKIN) for one in titles) else {}


def alike(one: str, other: str, share: float = ALIKE) -> bool:
    """Whether two titles are that of one article, cut or adorned."""
    mine, theirs = _words(one), _words(other)
    fewer = min(len(mine), len(theirs))
    return fewer > 0 and len(mine & theirs) >= share * fewer and (fewer > 1 or mine == theirs)


def _words(title: str) -> set[str]:
    return set(re.findall(r"\w{2,}", title.casefold()))


def _addresses(node: Node) -> Iterator[str]:
    main = node.get("mainEntityOfPage")
    for value in (node.get("url"), node.get("@id"), main):
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.startswith("http"):
            yield from urls.url_keys(value)


def _is(node: Node, kinds: Iterable[str]) -> bool:
    found = node.get("@type")
    named = found if isinstance(found, list) else [found]
    return any(isinstance(one, str) and one.endswith(tuple(kinds)) for one in named[:10])


# --- what a node says ----------------------------------------------------------------------------------------------
def headline(node: Node) -> str:
    return text(node.get("headline") or node.get("name"))


def text(value: Any, longest: int = 500) -> str:
    """One line of a property, without tags or entities; "" if it is no text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value")
    return plain_text.line(value, longest) if isinstance(value, str) else ""


def body(node: Node) -> str:
    """The text of the article, a paragraph a line; "" without one."""
    value = node.get("articleBody")
    pieces = value if isinstance(value, list) else [value]
    texts = [piece.get("text") if isinstance(piece, dict) else piece for piece in pieces[:2_000]]
    return _SHORTCODE.sub(
        "", plain_text.paragraphs("\n".join(one for one in texts if isinstance(one, str)), LONGEST_BODY)
    )


def names(node: Node, key: str, nodes: Sequence[Node]) -> list[str]:
    """Who a property names: texts, things with a name, or references to such things elsewhere in the page."""
    value = node.get(key)
    return [name for one in (value if isinstance(value, list) else [value])[:20] if (name := _name(one, nodes))]


def houses(node: Node, key: str) -> list[str]:
    """Those of these names that the data say are no person's."""
    value = node.get(key)
    found = [one for one in (value if isinstance(value, list) else [value])[:20] if isinstance(one, dict)]
    return [text(one.get("name"), _NAME) for one in found if _is(one, ("Organization", "NewsMediaOrganization"))]


def _name(value: Any, nodes: Sequence[Node]) -> str:
    if isinstance(value, dict):
        if not value.get("name") and isinstance(value.get("@id"), str):
            value = next((node for node in nodes if node.get("@id") == value["@id"] and node.get("name")), {})
        value = value.get("name")
    return text(value, _NAME)


def says_free(node: Node) -> bool | None:
    """What `isAccessibleForFree` says, in the many ways it is written; None where it says nothing."""
    value = str(node.get("isAccessibleForFree", "")).strip().lower().rsplit("/", 1)[-1]
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(value)


def locked_parts(node: Node) -> list[str]:
    """The CSS selectors of the parts that are not free, "" for one without. What has an address is another page."""
    parts = node.get("hasPart")
    found = [one for one in (parts if isinstance(parts, list) else [parts])[:20] if isinstance(one, dict)]
    return [text(one.get("cssSelector")) for one in found if says_free(one) is False and not one.get("url")]


# --- where it stands -----------------------------------------------------------------------------------------------
def linked_data(tree: Any) -> list[Node]:
    """The things that the JSON-LD scripts of a page describe, less the things inside those."""
    found: list[Node] = []
    scripts = (one for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower())
    for _, script in zip(range(SCRIPTS), scripts, strict=False):
        values = loose_json.values((script.text or "")[:SCRIPT])
        twice = [one for value in values if isinstance(value, str) for one in loose_json.values(value)]
        found += _things(values + twice)
    return found


def _things(values: list[Any]) -> Iterator[Node]:
    level = values
    for _ in range(5):
        children: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                yield value
                children += [value[name] for name in _FOLLOWED if name in value]
            elif isinstance(value, list):
                children += value
        level = children


def microdata(tree: Any) -> list[Node]:
    """The same, written into the elements of the page; without the articles' text, which is read from the page."""
    items: dict[Any, Node] = {}
    tops: list[Node] = []
    for _, element in zip(range(_ITEMS), tree.iterfind(".//*[@itemscope]"), strict=False):
        node = items[element] = {"@type": (element.get("itemtype") or "").rsplit("/", 1)[-1]}
        if element.get("itemid"):
            node["@id"] = element.get("itemid")
        if element.get("itemprop") is None:
            tops.append(node)
    if items:
        for _, element in zip(range(_ITEMS), tree.iterfind(".//*[@itemprop]"), strict=False):
            owner = next((items[one] for one in element.iterancestors() if one in items), None)
            if owner is not None:
                _give(owner, element, items.get(element))
    return tops


def _give(owner: Node, element: Any, item: Node | None) -> None:
    for name in (element.get("itemprop") or "").split()[:5]:
        if name == "articleBody":
            continue
        value: Any = item if item is not None else _value(element, name)
        earlier = owner.get(name)
        if earlier is None:
            owner[name] = value
        elif isinstance(earlier, list):
            earlier.append(value)
        else:
            owner[name] = [earlier, value]


def _value(element: Any, name: str) -> str:
    if name in ("url", "mainEntityOfPage"):
        return element.get("href") or element.get("content") or element.get("itemid") or ""
    written = element.get("content") or element.get(_VALUES.get(element.tag, "content"))
    return written or " ".join("".join(element.itertext())[:2_000].split())
