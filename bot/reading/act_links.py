"""Which official acts the prose of a page leads to: its links are read for ids before they are dropped."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote, urljoin

from bot.reading import tree
from bot.reading.tree import ProseBlock
from bot.web import urls
from matchers.acts.acts import acts
from matchers.model import ActLink, Article

MOST = 40  # links of one page
_BEFORE = 60  # characters that stand before a link, to find its words by
_WORDS = 200
_NAMED = re.compile(
    r"legifrance|europa\.eu|boamp|conseil-etat|conseil-constitutionnel|assemblee-nationale|senat|cnil", re.IGNORECASE
)
_BROKEN = re.compile(r"[\t\r\n]")  # an address is read without them
_PRIMARY = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*(?:legifrance\.gouv\.fr|eur-lex\.europa\.eu|data\.europa\.eu|ted\.europa\.eu"
    r"|curia\.europa\.eu|boamp\.fr|conseil-etat\.fr|conseil-constitutionnel\.fr|assemblee-nationale\.fr|senat\.fr"
    r"|cnil\.fr)/",
    re.IGNORECASE,
)
"""Where acts are published: an address elsewhere may hold anything that looks like a number."""


def found(blocks: Sequence[ProseBlock], prose: Sequence[ProseBlock], page: str) -> tuple[ActLink, ...]:
    """The acts to which the blocks lead that stand between the first and the last of the prose, and in no margin.
    `page` is its own address: links may be relative."""
    own = {id(block.element) for block in prose}
    inside = [number for number, block in enumerate(blocks) if id(block.element) in own]
    if not inside:
        return ()
    around = blocks[inside[0] : inside[-1] + 1]
    among = (block.element for block in around if not block.margins or id(block.element) in own)
    anchors = ((block, each) for block in dict.fromkeys(among) for each in block.iter("a") if _is_primary(each, page))
    told = dict[str, ActLink]()
    for block, anchor in islice(anchors, MOST):
        for link in _read(anchor, block, page):
            told.setdefault(link.id, link)
    return tuple(told.values())


def _is_primary(anchor: Any, page: str) -> bool:
    return _may_be_primary(anchor.get("href") or "", page) and _PRIMARY.match(_address(anchor, page)) is not None


def _may_be_primary(written: str, page: str) -> bool:
    """Whether one of their names stands in a link, or in the address that it may be relative to: hardly any is."""
    return bool(_NAMED.search(written) or _NAMED.search(page) or _BROKEN.search(written))


def _address(anchor: Any, page: str) -> str:
    written = (anchor.get("href") or "").strip()
    try:
        return urljoin(page, written) if len(written) <= urls.LONGEST else ""
    except ValueError:  # « http://[ »
        return ""


def _read(anchor: Any, block: Any, page: str) -> Iterator[ActLink]:
    words = " ".join("".join(anchor.itertext()).split())
    if 0 < len(words) <= _WORDS:
        before = tree.words_before(anchor, block, _BEFORE)
        for act in acts(Article(text=unquote(_address(anchor, page)))):
            if act.sure:
                yield ActLink(act.id, words, before)
