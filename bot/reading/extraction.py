"""The text of an article, found in its page: several ways, judged by how much of the page's prose each one holds.

The only door to trafilatura, imported inside functions; in a worker process.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from bot.reading import tree
from bot.reading.text import without_pipes
from bot.reading.tree import ProseBlock

ENOUGH = 500  # characters of prose: with less, its share says nothing
WHOLE = 0.6  # of the prose: a text that holds less may be incomplete
SOME = 0.1  # of the prose
MISSING = 0.3  # of an article: what lacks more of it is told to be in doubt
CHAPTERS, CHAPTER = 3, 250  # boxes; characters of prose in each, on the mean
SHORTEST = 300  # characters: less is worth a dearer way

_NEVER_TEXT = (
    "nav", "footer", "aside", "head", "button", "select", "input", "textarea", "img", "picture", "source", "map",
    "canvas", "video", "audio", "object", "embed",
)  # fmt: skip
_EMPTIED = ("div", "li", "a", "i", "p", "b", "em", "strong", "section", "ul", "h2", "h3", "h4", "figure", "td")
_TEXT_BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote", "pre")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LINES = _HEADINGS | {"p", "li", "blockquote", "pre", "td", "th", "dt", "dd"}
_PLAIN, _PLAINLY = 0.9, 700  # of a page's prose, and characters of it: a box that holds so much is the article
_FULL, _LOOSE = 1.25, 0.1  # its lines, beside its prose; what else it says without a link, beside its lines
_CAPTION = re.compile(r"caption|credit|l[ée]gende", re.IGNORECASE)
_START = 60  # characters of a block, first or last, that tell it from any other


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: its prose outside margins, its characters all told."""

    prose: tuple[ProseBlock, ...]
    margins: frozenset[str]
    length: int
    prose_length: int

    @property
    def last(self) -> ProseBlock | None:
        """The last paragraph of those that stand where most of the prose does; None where there is no prose."""
        held: Counter[Any] = Counter()
        places: dict[Any, Any] = {}
        for block in self.prose:
            parent = block.element.getparent()
            if parent not in places:
                places[parent] = tree.place(block.element)
            held[places[parent]] += len(block.words)
        main = held.most_common(1)
        return next((one for one in reversed(self.prose) if places[one.element.getparent()] == main[0][0]), None)


def less_others(page: Any) -> None:
    """Takes out the articles that a page shows below its own, whole or begun: those beside the one with its h1."""
    articles = [one for one in page.iter("article") if next(one.iterancestors("article"), None) is None]
    own = next((one for one in articles if next(one.iter("h1"), None) is not None), None)
    if own is None or len(tree.words_of(own)) < 2 * ENOUGH:
        return
    for other in articles:
        if other is not own and next(other.iter("h1", "h2", "h3", "h4"), None) is not None:
            tree.remove(other)


def less_unseen(page: Any, found: Sequence[ProseBlock]) -> list[ProseBlock]:
    """Takes out what a page holds and does not show; the blocks that are left. Of an open page it may be the article,
    which its scripts unfold."""
    unseen = [one for one in page.iter() if tree.margin(one) == "hidden" or _is_shut(one)]
    for element in unseen:
        tree.remove(element)
    left = set(page.iter())
    return [block for block in found if block.element in left]


def _is_shut(element: Any) -> bool:
    return element.tag == "dialog" and element.get("open") is None


def shown(found: Sequence[ProseBlock]) -> Shown:
    margins = tree.believed(found)
    prose = tuple(tree.prose(found, margins))
    cards = tree.cards(prose)
    alone = tuple(block for block in prose if block not in cards)
    length = _length(alone)
    if length >= ENOUGH and not _are_chapters(cards, length):
        prose = alone
    return Shown(prose, margins, _length(found), _length(prose))


def _length(found: Iterable[ProseBlock]) -> int:
    return sum([len(block.words) for block in found])


def _are_chapters(cards: dict[ProseBlock, Any], alone: int) -> bool:
    """Whether boxes of a kind are the article itself, told in pieces (« the ten best … »): most of its prose, under
    headings, each more than the beginning of something, none with an hour or a form of its own."""
    boxes: Counter[Any] = Counter()
    for block, box in cards.items():
        boxes[box] += len(block.words)
    if len(boxes) < CHAPTERS or boxes.total() < 2 * alone or boxes.total() < CHAPTER * len(boxes):
        return False
    headed = sum(next(box.iter("h2", "h3", "h4", "h5"), None) is not None for box in boxes)
    return headed > len(boxes) / 2 and not any(_is_of_somebody(box) for box in boxes)


def _is_of_somebody(box: Any) -> bool:
    return next(box.iter("time", "form"), None) is not None or tree.margin(box) in ("comment", "related")


def share(text: str, seen: Shown) -> float:
    """Of the prose of a page, how much stands in `text`: 0 to 1; 1 where the page has too little to say."""
    total = seen.prose_length
    if total < ENOUGH:
        return 1.0
    flat = " ".join(text.split())
    held = sum(len(block.words) for block in seen.prose if block.words[:_START] in flat)
    return min(held, len(text)) / total


def holds_end(text: str, seen: Shown) -> bool:
    """Whether a text goes to the end of the article, as far as the page shows which that is."""
    last = seen.last
    return last is None or last.words[-_START:] in " ".join(text.split())


def leaves_out(text: str, seen: Shown) -> bool:
    """Whether the page shows clearly more of its article than `text`.

    What is lost counts where it stands as the article does: among its paragraphs, in boxes of the same kind, or as
    several paragraphs of one box. What others write around it comes a paragraph a box.
    """
    if seen.prose_length < ENOUGH:
        return False
    flat = " ".join(text.split())
    once = {block.words[:_START]: block for block in seen.prose}.values()
    held, lost = list[ProseBlock](), list[ProseBlock]()
    for block in once:
        (held if _is_held(block.words, flat) else lost).append(block)
    if not lost:
        return False
    places = {tree.place(block.element) for block in held}
    boxes = Counter(block.element.getparent() for block in lost)
    of_it = (block for block in lost if boxes[block.element.getparent()] > 1 or tree.place(block.element) in places)
    length, missing = min(_length(held), len(text)), _length(of_it)
    return missing > MISSING * (length + missing) or length < SOME * _length(lost)


def _is_held(words: str, flat: str) -> bool:
    """Whether a text holds this block: its beginning, or its middle where a mark or a label begins it."""
    half = len(words) // 2
    return words[:_START] in flat or (half > _START and words[half : half + _START] in flat)


def article(page: Any, source: str, found: Sequence[ProseBlock], seen: Shown) -> str:
    """The blocks of one box where that is plainly the article; else trafilatura's fast way; where that lacks prose that
    the page shows, dearer ways, if they hold more of it.

    `found` are the blocks of `page`, `source` is what it was made of: it is taken to pieces.
    """
    if plain := _plain(found, seen):
        return plain
    page = _less_margins(page, source, seen)
    text = _extract(page, fast=True)
    if not _lacks(text, seen):
        return without_pipes(_better(text, _extract(page, fast=False), seen) if _swollen(text, seen) else text)
    if _renamed(page, seen):
        text = _better(text, _extract(page, fast=True), seen)
    if _lacks(text, seen):
        text = _better(text, _with_sisters(page, text), seen)
    if _lacks(text, seen) or _swollen(text, seen):
        text = _better(text, _extract(page, fast=False), seen)
    return without_pipes(text)


def _plain(found: Sequence[ProseBlock], seen: Shown) -> str:
    """The lines of the box that holds nearly all the prose of its page, several paragraphs side by side, hardly
    anything that is no line of an article, and no prose beside it; "" where no box is so."""
    held: Counter[Any] = Counter()
    for block in seen.prose:
        held[block.element.getparent()] += len(block.words)
    main = held.most_common(1)
    if not main or main[0][1] < max(_PLAIN * seen.prose_length, _PLAINLY) or main[0][0].tag in ("body", "html"):
        return ""
    box, length = main[0]
    inside = set(box.iter())
    beside = set(box.getparent().iter()) - inside
    if any(block.element in beside for block in seen.prose):  # a lead before it, an end behind it
        return ""
    own = [block for block in found if block.element in inside and seen.margins.isdisjoint(block.margins)]
    own = [block for block in own if not _is_caption(block, box)]
    last = max((place for place, block in enumerate(own) if block.is_prose), default=-1)
    lines = [block for place, block in enumerate(own) if block.is_prose or _is_line(block, box, amid=place < last)]
    while lines and lines[-1].element.tag in _HEADINGS:
        lines.pop()
    words = _length(lines)
    loose = _unlinked(own) - _unlinked(lines)
    return "" if words > _FULL * length or loose > _LOOSE * words else _joined(lines)


def _is_caption(block: ProseBlock, box: Any) -> bool:
    around = (block.element, block.element.getparent())
    return any(one is not box and _CAPTION.search(one.get("class") or "") for one in around)


def _unlinked(found: Iterable[ProseBlock]) -> int:
    return sum(len(block.words) - block.linked for block in found)


def _is_line(block: ProseBlock, box: Any, *, amid: bool) -> bool:
    """Whether it is a line of an article; a list of links is one where the article goes on behind it."""
    tag = block.element.tag
    is_said = block.linked < 0.8 * len(block.words) or (amid and tag == "li")
    return is_said and (block.element is box or tag in _LINES)


def _joined(lines: Sequence[ProseBlock]) -> str:
    """A block a line; the cells of a row on one, so that a phrase that crosses them is found."""
    rows = groupby(lines, lambda one: one.element.getparent() if one.element.tag in ("td", "th") else one)
    return "\n".join(" ".join(block.words for block in row) for _, row in rows)


def _better(text: str, other: str, seen: Shown) -> str:
    """The one that agrees better with the prose. What shares nothing with a text that holds some of it is not the same
    article, but the news or the remarks below it."""
    if share(text, seen) >= SOME and not _swollen(text, seen) and not _continues(text, other):
        return text
    return max(text, other, key=lambda one: _worth(one, seen))


def _continues(text: str, other: str) -> bool:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    flat = " ".join(other.split())
    return 2 * sum(len(line) for line in lines if line[:_START] in flat) >= len(text)


def _lacks(text: str, seen: Shown) -> bool:
    return len(text) < SHORTEST or share(text, seen) < WHOLE


def _swollen(text: str, seen: Shown) -> bool:
    return seen.prose_length >= ENOUGH and len(text) > 2 * seen.prose_length


def _worth(text: str, seen: Shown) -> float:
    """How well a text agrees with the prose of the page: the harmonic mean of what it holds of it, and of how much of
    it is that; its length where the page has too little to say."""
    if seen.prose_length < ENOUGH:
        return len(text)
    held = share(text, seen) * seen.prose_length
    return 2 * held / (len(text) + seen.prose_length)


def _less_margins(page: Any, source: str, seen: Shown) -> Any:
    """The tree without what no extraction keeps: half of a page, and trafilatura copies it several times.

    Where nearly all of the page is gone with it, a menu was never closed: all stays.
    """
    from lxml import etree

    for element in _holding(page, seen):
        if element.tag not in tree.CONTAINERS:
            element.tag = "div"
    if "hidden" in seen.margins:
        for element in [one for one in page.iter() if tree.margin(one) == "hidden"]:
            tree.remove(element)
    tree.drop(page, _NEVER_TEXT)
    if _is_bare(page, min(ENOUGH, seen.length / 4)):
        page = tree.parse(source)
        tree.drop(page, tree.UNSEEN)
    etree.strip_tags(page, "span", "font", "wbr")
    for _ in range(2):  # what held only empty boxes is empty then
        for one in [one for one in page.iter(*_EMPTIED) if len(one) == 0 and not (one.text or "").strip()]:
            box = one.getparent()
            if box is not None and not (one.tail or "").strip():
                box.remove(one)
    return page


def _is_bare(page: Any, least: float) -> bool:
    """Whether fewer characters than `least` are left."""
    left = 0
    for text in page.itertext():
        left += len(text.strip())
        if left >= least:
            return False
    return least > 0


def _holding(page: Any, seen: Shown) -> list[Any]:
    """The elements that are called after a margin and hold the article."""
    named = {name for block in seen.prose for name in block.margins}
    return [one for one in page.iter() if tree.margin(one) in named] if named else []


def _renamed(page: Any, seen: Shown) -> bool:
    """Takes their names from those, as all extractions go by names; whether there were any."""
    held = _holding(page, seen)
    for element in held:
        for name in ("class", "id"):
            element.attrib.pop(name, None)
    return bool(held)


def _with_sisters(page: Any, text: str) -> str:
    """The text and the paragraphs that stand in boxes of the same kind as its own, in the order of the page.

    An article that advertisements cut in pieces is several boxes, and trafilatura takes the first.
    """
    blocks = [(_box(block), " ".join("".join(block.itertext()).split())) for block in _paragraphs(page)]
    flat = " ".join(text.split())
    kept = {words for _, words in blocks if words[:80] in flat}
    held: Counter[tuple[str, ...]] = Counter()
    for box, words in blocks:
        held[box] += len(words) if words in kept else 0
    main = next((box for box, length in held.most_common(1) if length >= len(text) / 2), None)
    longer = "\n".join(words for box, words in blocks if words and (box == main or words in kept))
    lost = len(text) - sum(map(len, kept))
    return longer if len(longer) > len(text) and lost < len(text) / 5 else text


def _paragraphs(page: Any) -> Iterator[Any]:
    return (one for one in page.iter(*_TEXT_BLOCKS) if next(one.iterdescendants(*_TEXT_BLOCKS), None) is None)


def _box(block: Any) -> tuple[str, ...]:
    """The kind of place a block stands in: the names and classes of its three nearest ancestors."""
    return tuple(f"{one.tag} {one.get('class')}" for one, _ in zip(block.iterancestors(), range(3), strict=False))


def _extract(page: Any, *, fast: bool) -> str:
    import trafilatura

    document = trafilatura.bare_extraction(page, options=_options(fast))
    return str(getattr(document, "text", None) or "")


@cache
def _options(fast: bool) -> Any:
    """What trafilatura is asked for; built once, as it reads its configuration for each."""
    import logging

    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    options = Extractor(output_format="python", fast=fast, comments=False, tables=True, links=False, images=False)
    if fast:  # « balanced » measures the whole page, and reads it again where it found little: `article` judges that
        options.focus = "once"
    return options


def warm(page: Any) -> None:
    """Loads what only the dearest way needs, and the lists of words that it asks for where it found too little."""
    from trafilatura.external import jt_stoplist_init

    _extract(page, fast=False)
    jt_stoplist_init()
