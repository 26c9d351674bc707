"""The title of an article among all that its page calls it: less the name of the site, and never its logo."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.reading import structured, tree
from bot.reading.text import one_line
from bot.reading.tree import ProseBlock

_SEPARATOR = re.compile(r"\s+[|\-–—•·»:›]\s+|\s*\|\s*|\s+::\s+")
_LONGEST = 500
_MOST = 2_000  # characters of a heading that are read
_HEADINGS = 8  # h1 that are looked at
_NO_TITLES = frozenset({"nav", "aside", "footer", "comment", "hidden"})
_SHORT = 4  # words of a site's name


def heading(page: Any, shared: Sequence[str], site: str, margins: frozenset[str]) -> Any:
    """The h1 that is the article's: the one that the page shares under that name, else the first that is neither a
    logo nor one of `margins`'; None without one."""
    held = margins & _NO_TITLES
    found = [one for _, one in zip(range(_HEADINGS), page.iter("h1"), strict=False) if _is_title(one, site, held)]
    named = [one for one in found if any(structured.alike(_words(one), title) for title in shared if title)]
    best = max(named, key=lambda one: max(_nearness(_words(one), title) for title in shared if title), default=None)
    return best if best is not None else next(iter(found), None)


def words(element: Any, shared: Sequence[str]) -> str:
    """What a heading says; only the part that the page is shared under, where a rubric or a day has one of its own."""
    whole = _words(element)
    parts = (one_line(_start(one)) for one in element.iterdescendants())
    own = ((element.text or "").strip(), *((one.tail or "").strip() for one in element.iterdescendants()))
    titles = {_folded(title) for title in shared if len(title.split()) > 2} - {_folded(whole)}
    return next((part for part in (*parts, *map(one_line, own)) if titles and _folded(part) in titles), whole)


def _words(element: Any) -> str:
    for line_break in element.iter("br"):
        if not (line_break.tail or " ")[0].isspace():
            line_break.tail = f" {line_break.tail}"
    return one_line(_start(element))


def _start(element: Any) -> str:
    """Its first characters: what lies in each other is asked for once a depth."""
    pieces, length = list[str](), 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length >= _MOST:
            break
    return "".join(pieces)[:_MOST]


def shown(blocks: Sequence[ProseBlock], shared: Sequence[str]) -> Any:
    """The element that shows, without being an h1, what the page is shared under; None without one."""
    titles = {_folded(title) for title in shared if len(title.split()) > 2}
    return next((one.element for one in blocks if _folded(one.words) in titles and "nav" not in one.margins), None)


def _is_title(element: Any, site: str, margins: frozenset[str]) -> bool:
    words = _words(element)
    if not words or is_site(words, site):
        return False
    return all(tree.margin(one) not in margins for one in element.iterancestors())


def _nearness(one: str, other: str) -> float:
    mine, theirs = set(one.casefold().split()), set(other.casefold().split())
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def best(h1: str, shared: str, headline: str, title: str, site: str) -> str:
    """What is shown of a page: its h1, where what it is shared under says the same; else what it is shared under."""
    others = [less_site(one, site, h1) for one in (shared, headline, title)]
    told = next((one for one in others if one), "")
    named = [one for one in (shared, headline, title) if one]
    if h1 and (
        not told
        or _says_less(told, h1, shared or headline)
        or any(h1 in one or structured.alike(h1, one, _share(h1)) for one in named)
    ):
        return less_end(h1, site)[:_LONGEST]
    return (told or h1)[:_LONGEST]


def _share(h1: str) -> float:
    """Of its words, how many another title must share: a sentence says itself that it is a title, a word or two may be
    the section's."""
    return structured.AKIN if len(h1.split()) >= _SHORT else structured.ALIKE


def less_end(title: str, site: str) -> str:
    """A heading less the name of the site behind it: only a name that the page gives its site."""
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2 or not is_site(pieces[-1], site):
        return title
    last = [*_SEPARATOR.finditer(title)][-1]
    return title[: last.start()].strip()


def _says_less(title: str, h1: str, vouched: str) -> bool:
    """Whether a `<title>` that nothing else of the page repeats is the name of its kind: « Communiqué de presse »."""
    return not vouched and len(title.split()) <= _SHORT < len(h1.split())


def less_site(title: str, site: str, h1: str = "") -> str:
    """« Le titre - Le Site », « Le Site | Le titre » less the site, which the page names, or which is the short end."""
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2 or not title:
        return title
    marks = _SEPARATOR.findall(title)
    if h1 and any(_same(h1, piece) for piece in pieces):
        return next(piece for piece in pieces if _same(h1, piece))
    start, end = 0, len(pieces)
    while end - start > 1 and is_site(pieces[end - 1], site):
        end -= 1
    while end - start > 1 and is_site(pieces[start], site):
        start += 1
    if (start, end) == (0, len(pieces)) and ":" not in marks[-1]:
        last = pieces[-1].split()
        longest = _SHORT + 2 * ("|" in marks[-1])
        end -= len(last) <= longest and len(last) - ("|" in marks[-1]) < sum(len(one.split()) for one in pieces[:-1])
    kept = [pieces[start]]
    for mark, piece in zip(marks[start : end - 1], pieces[start + 1 : end], strict=True):
        kept += [mark, piece]
    return "".join(kept).strip()


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def is_site(words: str, site: str) -> bool:
    """Whether words are the name of the site: as it writes it itself, or as its host spells it."""
    mine = _folded(words)
    return bool(mine) and any(mine == name for name in _names(site))


def _names(site: str) -> Iterable[str]:
    for name in site.split("\n"):
        folded = _folded(name)
        if folded:
            yield folded
            yield folded.removeprefix("www")


def _folded(words: str) -> str:
    return re.sub(r"[\W_]+", "", words.casefold())
