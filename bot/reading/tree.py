"""A page's HTML as a tree, and the blocks of words it shows. With `extraction`, the door to lxml; in a worker process.

lxml is imported inside functions: the process that only sends pages to a worker never loads it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from bot.reading.text import visible

_DIGIT = re.compile(r"\d")
PARAGRAPH = 80  # characters: a shorter block may be a menu's, a caption's, a button's
UNSEEN = (
    "script", "style", "noscript", "template", "svg", "iframe", "meta", "link", "select", "datalist", "textarea",
    "title",
)  # fmt: skip

_BLOCK_NAMES = (
    "p div li td th h1 h2 h3 h4 h5 h6 article section main blockquote pre body ul ol table tr dd dt br"
    " nav aside footer header form figure button figcaption hr address dl details summary"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
_MARGINS = frozenset({"nav", "aside", "footer", "header", "form", "figure", "button", "figcaption"})
CONTAINERS = frozenset({"div", "section", "ul", "ol", "article"})
_NAMED = re.compile(
    r"(?:^|[\s_-])((?i:comment|cookie|consent|gdpr|widget|sidebar|related|footer|newsletter|promo|social|disqus"
    r"|tweet))"
    r"s?(?=$|[\s_\-A-Z0-9])"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LONG = frozenset({"comment", "disqus", "nav", "aside", "footer"})
_AMID = frozenset({"widget", "sidebar", "promo", "social", "cookie", "consent", "gdpr"})
_DOUBT = 1 / 3  # of a page's prose: a margin that holds more is no margin, whatever it is called
_CARDS = frozenset({"li", "article", "div", "section", "tr"})
_ENOUGH = 500  # characters of prose elsewhere: then what is called so may be longer


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """Words that stand together. `linked` counts their characters in links; `margins` are the margins around it, by
    the name of their element or by a word of their class."""

    words: str
    linked: int
    element: Any
    margins: tuple[str, ...] = ()

    @property
    def is_prose(self) -> bool:
        return len(self.words) >= PARAGRAPH and 2 * self.linked <= len(self.words)


def parse(source: str) -> Any:
    """The tree of a page, None if there is none to make."""
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    # As UTF-8 bytes, whatever the page declares: lxml refuses a str with an encoding declaration.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    # One class for all elements, chosen in C: lxml.html asks Python for each, a tenth of the time of a page
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = document_fromstring(source.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    for template in list(tree.iter("template")):  # a declarative shadow root is shown, a plain template is not
        if template.get("shadowrootmode") or template.get("shadowroot"):
            template.tag = "div"
    return tree


def written(tree: Any) -> str:
    """A page again as text, less what was taken out of it."""
    from lxml import html

    return str(html.tostring(tree, encoding="unicode"))


def drop(tree: Any, names: Iterable[str]) -> None:
    from lxml import etree

    etree.strip_elements(tree, *names, with_tail=False)


def show_unscripted(tree: Any) -> None:
    """Makes of `<noscript>` what a browser without scripts shows, where that is prose and the page has no other: its
    paragraphs come with the scroll."""
    held = [one for one in tree.iter("noscript") if _holds_paragraphs(one)]
    elsewhere = (one for one in tree.iter("p") if next(one.iterancestors("noscript"), None) is None)
    if held and sum(len(words) for one in elsewhere if len(words := words_of(one)) >= PARAGRAPH) < _ENOUGH:
        for element in held:
            element.tag = "div"


def _holds_paragraphs(element: Any) -> bool:
    return sum(len(words_of(one)) for one in element.iter("p")) >= _ENOUGH


def remove(element: Any) -> None:
    """Takes an element out of its tree; the words behind it stay."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def words_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def blocks(tree: Any) -> list[ProseBlock]:
    """The words of a page by the innermost block that holds them, in its order; a `<br>` ends one."""
    from lxml import etree

    found: list[ProseBlock] = []
    inside: list[tuple[Any, tuple[str, ...]]] = [(tree, ())]
    own: list[str] = []
    linked = links = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag, starts = element.tag, event == "start"
        if tag in BLOCKS:
            if own:
                if words := visible(" ".join("".join(own).split())):
                    found.append(ProseBlock(words, linked, *inside[-1]))
                own, linked = [], 0
            if starts:
                name, margins = margin(element), inside[-1][1]
                inside.append((element, (*margins, name) if name else margins))
            else:
                inside.pop()
        elif tag == "a":
            links += 1 if starts else -1
        text = element.text if starts else element.tail
        if text and (own or not text.isspace()):
            own.append(text)
            linked += len(" ".join(text.split())) if links else 0
    return found


def unnamed(found: Sequence[ProseBlock]) -> bool:
    """Takes the name of a margin from boxes between two paragraphs, or behind a box of several in one article, that
    hold paragraphs themselves, several and without a link: so the text goes on in them. Whether there were any; the
    blocks are to be read anew then."""
    held = Counter(
        block.element.getparent() for block in found if block.margins and block.is_prose and not block.linked
    )
    around = {
        box for parent, count in held.items() if count > 1 for box in (parent, *islice(parent.iterancestors(), 2))
    }
    boxes = [box for box in around if box.tag in CONTAINERS and _goes_on(box)]
    for box in boxes:
        for name in ("class", "id"):
            box.attrib.pop(name, None)
    return bool(boxes)


def _goes_on(box: Any) -> bool:
    name = margin(box)
    return (name in _AMID and _is_amid(box)) or (name in _AMID | {"footer"} and _is_behind(box))


def _is_behind(box: Any) -> bool:
    before = box.getprevious()
    if before is None or before.tag not in CONTAINERS or next(box.iterancestors("article"), None) is None:
        return False
    return margin(before) is None and sum(len(words_of(one)) >= PARAGRAPH for one in before.iterchildren("p")) > 1


def _is_amid(box: Any) -> bool:
    beside = (box.getprevious(), box.getnext())
    return all(one is not None and one.tag == "p" and len(words_of(one)) >= PARAGRAPH for one in beside)


def words_before(anchor: Any, block: Any, most: int) -> str:
    """The last words of a block before a link in it, `most` characters, with the blank that parts them."""
    from lxml import etree

    told = list[str]()
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if element is anchor:
            break
        if element is not block or event == "start":
            told.append((element.text if event == "start" else element.tail) or "")
    flat = re.sub(r"\s+", " ", "".join(told))
    return flat[-most:].partition(" ")[2] if len(flat) > most else flat


def margin(element: Any) -> str | None:
    """What this element is called after where that is no article: its own name, or a word of its class or id."""
    tag = element.tag
    if tag in _MARGINS:
        return str(tag)
    names = element.keys()
    if not names:
        return None
    if "hidden" in names or ("style" in names and _HIDDEN.search(element.get("style"))):
        return "hidden"
    if tag not in CONTAINERS:
        return None
    called = (element.get("class") or "") + " " + (element.get("id") or "")
    return _called(called) if len(called) > 4 else None


@lru_cache(4_096)
def _called(called: str) -> str | None:
    found = _NAMED.search(called)
    return found[1].lower() if found else None


def believed(found: Sequence[ProseBlock]) -> frozenset[str]:
    """The margins that are margins: those that do not hold a third of the prose. Of a page of any site builder, all
    may stand in a « widget »; what readers say, and the column beside it, may be longer than the article."""
    shares: Counter[str] = Counter()
    total = 0
    for block in found:
        if block.is_prose:
            total += len(block.words)
            if block.margins:
                shares.update({name: len(block.words) for name in block.margins})
    named = {name for block in found if block.margins for name in block.margins}
    return frozenset(
        name for name in named if shares[name] <= _DOUBT * total or (name in _LONG and total - shares[name] >= _ENOUGH)
    )


def prose(found: Sequence[ProseBlock], margins: frozenset[str]) -> Iterator[ProseBlock]:
    """The paragraphs outside margins."""
    return (block for block in found if block.is_prose and margins.isdisjoint(block.margins))


def place(element: Any) -> tuple[tuple[str, frozenset[str]], ...]:
    """The kind of place an element stands in: names and classes of its three nearest ancestors, numbers apart."""
    return tuple(
        (one.tag, frozenset(word for word in (one.get("class") or "").split() if not _DIGIT.search(word)))
        for one in islice(element.iterancestors(), 3)
    )


def is_card(block: ProseBlock) -> bool:
    """Whether a paragraph stands in one of several boxes of a kind, each with its own link or hour: what readers say,
    the news of others."""
    return _card(block, _has_twins) is not None


def cards(found: Sequence[ProseBlock]) -> dict[ProseBlock, Any]:
    """That box of the several, of each paragraph that stands in one; paragraphs share most of what is around them."""
    twins = cache(_has_twins)
    return {block: box for block in found if (box := _card(block, twins)) is not None}


def _card(block: ProseBlock, twins: Callable[[Any], bool]) -> Any:
    inner = block.element
    if inner.tag in _CARDS and 5 * block.linked >= len(block.words) and twins(inner):
        return inner
    for box in inner.iterancestors():
        if box.tag in _CARDS and twins(box):
            linked = any(next(one.iter("a", "time"), None) is not None for one in box if one is not inner)
            return box if linked else None
        if box.tag == "body":
            break
        inner = box
    return None


def _has_twins(box: Any) -> bool:
    """Whether it is one of three or more of a kind, side by side."""
    parent, kind = box.getparent(), (box.tag, box.get("class"))
    if parent is None or len(parent) < 3:
        return False
    twins = (True for one in parent.iterchildren(box.tag) if (one.tag, one.get("class")) == kind)
    return sum(islice(twins, 3)) == 3
