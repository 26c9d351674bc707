"""When a page was published, by what vouches for it: its data, then the lines around its title, then a French label.

Never from a neighbour: a ticker, a card, a reader's remark.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.feeds import dates
from bot.feeds.dates import PARIS, Dated
from bot.reading import tree
from bot.reading.structured import Node, text
from bot.reading.tree import ProseBlock

# Of the metas that sites write; those that tell a change of the page are not among them.
_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "citation_publication_date", "citation_online_date", "citation_date", "dcterms.issued", "dc.date.issued",
    "dc.issued", "dcterms.available", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "pubdate",
    "publish-date", "publish_date", "publishdate", "publication_date", "publication-date", "date_published",
    "parsely-pub-date", "sailthru.date", "originalpublicationdate", "rnews:datepublished",
    "cxenseparse:recs:publishtime", "bt:pubdate", "release_date", "published", "published-date", "published_date",
    "published_at", "datepublication", "date-publication", "date_publication", "publicationdate", "datecreated", "date",
)  # fmt: skip
_BEFORE, _AFTER, _FAR = 3, 12, 500  # blocks around the title; characters of prose behind it
_UNDER = 6  # blocks behind the title
_OWN_MARGINS = frozenset({"header", "footer", "aside", "social"})  # of an article: who wrote it, and when
_LINE = 160  # characters: a longer one is a paragraph, which tells of other days
_MONTH = r"[^\W\d_]{3,10}\.?"
_DATE = re.compile(
    rf"(?<![\d/.])(?:\d{{1,2}}(?:er|st|nd|rd|th|\.)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd"
    rf"|th)?,?\s+\d{{4}}"
    r"|\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}-\d{2}-\d{2})(?![\d/])"
    r"(?:[\s,–|-]*(?:à|at|-)?\s*\d{1,2}\s?[h:]\s?\d{2}(?:\s?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?<![\d/.])\d{1,2}([/.-])\d{1,2}\1\d{2}(?![\d/])")  # where a word says what it is
# « Hautefort, le 5 octobre 2026 – … »: how a press release begins.
_DATELINE = re.compile(
    rf"\W{{0,3}}(?:communiqué(?: de presse)?\W{{1,3}})?[A-ZÀ-Þ][\w’'-]*(?:[ -](?:(?:de|du|des|la|le|les|sur|en|et) )?"
    rf"[A-ZÀ-Þ][\w’'-]*){{0,4}},\s+(?:le\s+)?(?:[a-z]+di\s+)?(\d{{1,2}}(?:er)?\s+{_MONTH}\s+\d{{4}})\s*[–—:.(-]"
)
_DIGIT = re.compile(r"\d")
_PUBLISHED = re.compile(
    r"\b(?:publi[ée]e?s?|publication|mise? en ligne|en ligne depuis|parue?|parution|post[ée]e?|diffus[ée]e?|published"
    r"|posted|(?:rédig[ée]|écrit|ajout[ée]|cré[ée])e?s? le)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"(?:date (?:de )?|first )?{_PUBLISHED.pattern}(?: le| on)?\s*:?", re.IGNORECASE)
# Words before a date that make it another's: of a change, an act, a meeting, a term.
_OTHER = re.compile(
    r"\b(?:mise? à jour|maj|modifi|actualis|révis|updated?|modified|du|au|entre|jusqu|avant|depuis|dès|échéance"
    r"|limite"
    r"|événement|réunion|conférence|webinaire|arrêté|décret|loi|ordonnance|délibération|décision|vigueur|né|session"
    r"|rendez-vous|inscription|consult[ée]|événements?|agenda|from|until|since|expires?|last|derni)",
    re.IGNORECASE,
)
_OF_TODAY = re.compile(
    r"\b(?:communiqué|actualité|article|billet|note"
    r"|brève)s?\b[^.;:]{0,30}\bdu\s*\Z|\b(?:JORF|journal officiel)\b[^;:]{0,30}\bdu\s*\Z"
    r"|\ben ligne depuis(?: le)?\s*\Z",
    re.IGNORECASE,
)
_EITHER = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|1[0-2])[/.-]\d{4}")  # in English: of which month?
_UNLABELLED = 60  # characters beside a date that no word explains: a place, a name, a section
_IN_ADDRESS = re.compile(r"/(20\d\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/")


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date that a page gives, None without one; `odd`: it gives dates, and none can be true."""

    dated: Dated | None = None
    odd: bool = False


NO_DATE = PageDate()


def written(node: Node, named: dict[str, str]) -> list[str]:
    """The dates of publication that a page gives in data, its own thing's before its metas', as they are written."""
    metas = (named.get(name, "") for name in _METAS)
    return [one for one in (text(node.get("datePublished")), *metas, text(node.get("dateCreated"))) if one]


def found(
    written: Sequence[str], lines: "Around", language: str | None, address: str, now: datetime | None
) -> PageDate:
    """The first date that can be true, the surest source first: data, lines, then the page's own `address`."""
    zone = dates.zone_of("fr" if language in (None, "fr") else language)
    told = bool(written)
    given = (value for value in (*written, *lines.dates()) if language != "en" or not _EITHER.search(value))
    for one in (*(dates.read(value.strip(), zone) for value in given if len(value) < 100), _of_address(address)):
        if one is None:
            continue
        if dates.plausible(one.moment, now):
            return PageDate(one)
        told = True
    return PageDate(odd=told)


def _of_address(address: str) -> Dated | None:
    day = _IN_ADDRESS.search(address)
    return dates.read(f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}", PARIS) if day else None


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the title of a page, and what its lines are."""

    blocks: Sequence[ProseBlock]
    title: int  # the place of the title among them, -1 if it is not shown
    times: dict[Any, tuple[str, ...]]  # the dates of `<time>` elements by the block that holds them
    margins: frozenset[str]

    def dates(self) -> Iterator[str]:
        """Dates as written: those of the lines around the title, then one that a word calls that of publication."""
        near = [*self.near(), *self.under()]
        for strict in (True, False):
            for block in near:
                yield from self._of_block(block, labelled=strict)
        for block in self.blocks[self.title + 1 :][:_AFTER] if self.title >= 0 else ():
            if block.is_prose and not self._is_margin(block):
                if begun := _DATELINE.match(block.words):
                    yield begun[1]
                break
        short = (block for block in self.blocks if len(block.words) <= _LINE and _DIGIT.search(block.words))
        said = self._own(block for block in short if _PUBLISHED.search(block.words))
        labelled = {date for block in said for date in dates_in(block.words, labelled=True)}
        labelled |= {block.words for block in self._own(self._below_labels()) if _DATE.fullmatch(block.words)}
        if len(labelled) == 1:
            yield from labelled

    def _below_labels(self) -> Iterator[ProseBlock]:
        """The blocks that have the word for their date in a box before them."""
        return (after for label, after in pairwise(self.blocks) if _LABEL.fullmatch(label.words))

    def under(self) -> Iterator[ProseBlock]:
        """The lines between the title and the first paragraph that stand in a margin of the article's own box."""
        if self.title < 0:
            return
        for block in self.blocks[self.title + 1 :][:_UNDER]:
            if block.is_prose:
                break
            if set(block.margins) <= _OWN_MARGINS and self._is_margin(block) and self._beside_title(block):
                yield from () if len(block.words) > _LINE or tree.is_card(block) else (block,)

    def near(self) -> Iterator[ProseBlock]:
        """The lines around the title, those behind it first."""
        if self.title < 0:
            return
        length = 0
        for block in self.blocks[self.title + 1 :][:_AFTER]:
            length += len(block.words) if block.is_prose else 0
            if length > _FAR:
                break
            yield from self._own((block,))
        before = reversed(self.blocks[max(0, self.title - _BEFORE) : self.title])
        yield from self._own(block for block in before if self._beside_title(block))

    def _beside_title(self, block: ProseBlock) -> bool:
        """Whether a block before the title shares a box with it: above, a site shows today's date, or what is new."""
        title = self.blocks[self.title].element
        parent = title.getparent()
        if block.element.getparent() is parent:
            return parent.tag != "body" or block.element.tag not in tree.CONTAINERS | {"header"}
        holders = set(title.iterancestors())
        if block.element in holders:  # words of its own box, in none of their own
            return block.element.tag not in ("body", "html")
        shared = next((one for one in block.element.iterancestors() if one in holders), None)
        return shared is not None and shared.tag not in ("body", "html")

    def _own(self, blocks: Iterable[ProseBlock]) -> Iterator[ProseBlock]:
        return (
            block
            for block in blocks
            if len(block.words) <= _LINE and not self._is_margin(block) and not tree.is_card(block)
        )

    def _is_margin(self, block: ProseBlock) -> bool:
        return any(name in self.margins and name != "header" for name in block.margins)

    def _of_block(self, block: ProseBlock, *, labelled: bool) -> Iterator[str]:
        times = self.times.get(block.element, ())
        if labelled == bool(_PUBLISHED.search(block.words)) and times and not _OTHER.match(block.words):
            yield times[0]
        yield from dates_in(block.words, labelled=labelled)


def dates_in(line: str, *, labelled: bool) -> Iterator[str]:
    """The dates of a line that can be that of publication: `labelled`, those that a word says so of; else those that
    stand there alone, or behind a place or a name."""
    before = 0
    found = [*_DATE.finditer(line)] or [*(_SHORT_YEAR.finditer(line) if labelled else ())]
    for date in found:
        lead, before = line[before : date.start()], date.end()
        if _OTHER.search(lead) and not _OF_TODAY.search(lead):
            continue
        if bool(_PUBLISHED.search(lead)) == labelled and (labelled or len(line) - len(date[0]) <= _UNLABELLED):
            yield date[0]


def less_dates(line: str) -> list[str]:
    """The pieces of a line between its dates; one piece where it has none."""
    return (
        [line]
        if not (found := [*_DATE.finditer(line)])
        else [
            line[start:end]
            for start, end in zip(
                [0, *(one.end() for one in found)], [*(one.start() for one in found), len(line)], strict=True
            )
        ]
    )


def around(blocks: Sequence[ProseBlock], title: Any, page: Any, margins: frozenset[str]) -> Around:
    """`title` is the element of the title, None without one."""
    times: dict[Any, tuple[str, ...]] = {}
    for _, element in zip(range(200), page.iter("time"), strict=False):
        holder = element if element.tag in tree.BLOCKS else next(
            (one for one in element.iterancestors() if one.tag in tree.BLOCKS), None
        )  # fmt: skip
        value = (element.get("datetime") or tree.words_of(element))[:100]
        if holder is not None and value and "dateModified" not in (element.get("itemprop") or ""):
            times[holder] = (*times.get(holder, ()), value)
    place = -1
    if title is not None:
        inside = {title, *title.iterdescendants()}
        place = next((place for place, block in enumerate(blocks) if block.element in inside), -1)
    return Around(blocks, place, times, margins)
