"""What an article is about: its subject, or something that it names in passing, and why. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchers.late import late
from matchers.model import Aspect
from matchers.scan.page import Layout, Span, sentence_ends
from matchers.signal.timeless import is_documentation

_LEAD = 250  # characters of the text: one or two sentences
_OPENING = 450  # where what the title names is still being introduced
_BRIEF, _FEW = 400, 2  # characters, and sentences, of a text that is no more than a summary
_FIRST_WORDS = 3  # in which a text says what it is about: L'EUCS revient sur la table
_DENSE_SENTENCES, _DENSE_SHARE = 3, 0.3  # sentences that name it, and of all of them
_ITEMS, _ITEM, _ENDS = 3, 6, 3  # how many items, of so many words at most; words of the first and the last that count
_FAR = 240  # characters on either side in which an enumeration is looked for
_SEPARATOR = late(r",\s(?:et\s|ou\s|mais aussi\s)?|[;•…/]|\s(?:et|ou|ainsi que)\s")
_CLOSING = late(r"\b(?:et|ou|ainsi que|mais aussi)\b|…")
_HEADING = late(r"\s?:\s")  # Banques, mairies, hôpitaux : la facture
_EDGE = late(r"[.!?:()»«\n](?=\s|\Z)|\n|\s[–—(«]\s?")


Owned = Mapping[int, Sequence[Span]]  # by term


@dataclass(frozen=True, slots=True)
class About:
    """Is the article about the watchlist's condition? `why` says where it stands, or what makes it a mention."""

    is_subject: bool
    why: Aspect


def about(page: Layout, owned: Owned, holds: Callable[[Owned], bool]) -> About:
    """`owned`: the occurrences of the terms that make a watchlist hold; `holds`: whether it does with these alone.

    The first of these that is so decides: the condition stands in the title; in the summary's own words; in the words
    that the text begins with, or the first sentence of a brief one; in the opening, and not once only, where the title,
    one of its first two sentences or two of the others name a part of it; further on where the title does; in a good
    part of the sentences. What stands in an enumeration of unlike things does not count, nor
    what is said of somebody in passing (« filiale de »). Else it is a mention: listed, far from the beginning, or
    sparse. A manual is of no day."""
    if is_documentation(page.article):
        return About(False, "manual")
    told = _Unlisted(page, owned)

    def stands(where: Callable[[Span], bool]) -> bool:
        found = {term: [span for span in spans if where(span) and told.counts(span)] for term, spans in owned.items()}
        return holds({term: spans for term, spans in found.items() if spans})

    title, text = page.begins[1:]
    if stands(lambda span: span[1] <= title):
        return About(True, "title")
    if stands(lambda span: span[1] <= text):
        return About(True, "summary")
    every = {span for spans in owned.values() for span in spans if told.counts(span)}
    is_named = any(span[1] <= title for span in every)
    start = _Start.of(page)
    if stands(lambda span: start.begin <= span[0] < start.words or span[1] <= title):
        return About(True, "opening")
    is_told = is_named or start.is_told(every)
    if is_told and len(every) > 1 and stands(lambda span: span[1] <= text + _LEAD):
        return About(True, "opening")
    if is_named and stands(lambda span: span[1] <= text + _OPENING):
        return About(True, "named")
    if not stands(lambda _span: True):
        return About(False, "listed")
    sentences, naming = _density(page, every)
    if naming >= _DENSE_SENTENCES and naming >= _DENSE_SHARE * sentences:
        return About(True, "dense")
    return About(False, "sparse" if stands(lambda span: span[1] <= text + _OPENING) else "far")


@dataclass(frozen=True, slots=True)
class _Start:
    """How the text begins: where its first words end, and its sentences. The first words of a text no longer than a
    summary are its first sentence."""

    begin: int
    words: int
    edges: Sequence[int]

    @classmethod
    def of(cls, page: Layout) -> "_Start":
        begin, whole = page.begins[2], page.texts[2]
        text = whole[:_LEAD]
        words = list(re.finditer(r"\S+", text))
        ends = tuple(begin + end for end in sentence_ends(text) if text[:end].strip())
        if len(words) <= 2 * _FIRST_WORDS:  # a sentence, and no lone word
            return cls(begin, begin, ends)
        is_brief = len(whole) <= _BRIEF and len(list(sentence_ends(whole.strip()))) < _FEW
        first = words[-1 if is_brief else _FIRST_WORDS - 1].end()
        return cls(begin, min(begin + first, ends[0]) if is_brief and ends else begin + first, ends)

    def is_told(self, spans: Iterable[Span]) -> bool:
        """Does what goes before, or one of the first two sentences, name one of these, or do two of the others?"""
        named = {sum(edge <= span[0] for edge in self.edges) for span in spans}
        return len(named) > 1 or not named.isdisjoint((0, 1))


def _density(page: Layout, spans: Iterable[Span]) -> tuple[int, int]:
    """Of the sentences of the text, how many there are, and how many name one of these."""
    begin, text = page.begins[2], page.texts[2]
    ends = [begin + end for end in sentence_ends(text)]
    edges = [begin, *ends, begin + len(text)]
    naming = {sum(edge <= span[0] for edge in edges) for span in spans if span[0] >= begin}
    return max(len(edges) - 1, 1), len(naming)


# --- enumerations ----------------------------------------------------------------------------------------------------
class _Unlisted:
    """Which occurrences are no item of an enumeration of unlike things, nor said in passing: worked out for those that
    are asked for, since most articles are told by their title."""

    def __init__(self, page: Layout, owned: Owned) -> None:
        self._page = page
        self._every = sorted({span for spans in owned.values() for span in spans})
        self._known: dict[Span, bool] = {}

    def counts(self, span: Span) -> bool:
        if span not in self._known:
            is_passing = span[0] >= self._page.begins[1] and _is_passing(self._page, span)
            self._known[span] = not is_passing and not _is_listed(self._page, span, self._every)
        return self._known[span]


# Who else somebody is, was or works with, who else there is, and where a service is kept: said in passing. A relative
# clause goes on for a while; behind the others comes the name at once, or what follows is news: « la filiale d'Iliad
# obtient … », « elle a aussi obtenu … »
_OF = r"d(?:es?\b|u\b|['’])"
_LITTLE = (
    r"(?:\s*(?:[ld]['’]|(?:l[ae]s?|d[eu]s?|[àa]|aux?|chez|par|pour|avec|une?|groupe|soci[ée]t[ée]|g[ée]ant)\b))*\s*"
)
_PASSING = late(
    r"(?:\A|[\s,('’])(?:"
    r"(?:dont|(?:est|sont|sera|seront) (?:\w+ )?(?:h[ée]berg[ée]e?s?|stock[ée]e?s?|conserv[ée]e?s?)"
    r"|(?:tourne|fonctionne)(?:nt|ra|ront)? sur)\b[^,;.:()]{0,60}"
    rf"|(?:pass[ée]e?s? (?:par|chez)|(?:ancien(?:ne)?s?(?: \w+)?|filiales?|maison[ -]m[èe]re|partenaires?) {_OF}"
    rf"|[ée]galement|aussi|notamment|y compris|parmi|tout comme|[àa] l['’](?:image|instar) {_OF}"
    rf"|au m[êe]me titre qu(?:e\b|['’])){_LITTLE})\Z",
    re.IGNORECASE,
)
_PASSING_REACH = 80


def _is_passing(page: Layout, span: Span) -> bool:
    begin = page.begins[page.field_of(span[0])]
    return _PASSING.search(page.chars(max(begin, span[0] - _PASSING_REACH), span[0])) is not None


def _is_listed(page: Layout, span: Span, every: Sequence[Span]) -> bool:
    """Is it one of three short items, or more, the others of which name nothing of the watchlist? What a title
    begins with is what it is about, whatever it goes on with."""
    items = _items(page, span)
    if len(items) < _ITEMS or (span[1] <= page.begins[1] and span[0] < items[0][1]):
        return False
    if not _is_closed(page, items):
        return False
    named = [any(begin <= other[0] and other[1] <= end for other in every) for begin, end in items]
    return sum(named) == 1 and any(begin <= span[0] and span[1] <= end for begin, end in items)


def _is_closed(page: Layout, items: Sequence[Span]) -> bool:
    """Do they end with « et », « ou » or « … », begin alike (des banques, des mairies), or head a title?"""
    openings = [page.chars(*item).split()[:1] for item in items]
    alike = len(items) > _ITEMS and any(openings.count(opening) > 1 for opening in openings)
    is_heading = items[-1][1] <= page.begins[1] and _HEADING.match(page.chars(items[-1][1], page.begins[1])) is not None
    return alike or is_heading or _CLOSING.search(page.chars(items[-2][1], items[-1][0])) is not None


def _items(page: Layout, span: Span) -> Sequence[Span]:
    """The items of the enumeration around it: all short but the first, of which the last words count, and the last, of
    which the first do."""
    index = page.field_of(span[0])
    begin, text = page.begins[index], page.texts[index]
    clause = _clause(text, span[0] - begin, span[1] - begin)
    breaks = [found.span() for found in _SEPARATOR.finditer(text, *clause)]
    starts = [clause[0], *(end for _, end in breaks)]
    pieces = list(zip(starts, [*(start for start, _ in breaks), clause[1]], strict=True))
    mine = next(number for number, piece in enumerate(pieces) if span[0] - begin < piece[1] or piece == pieces[-1])
    first, last = mine, mine
    while first > 0 and (first == mine or _words(text, pieces[first]) <= _ITEM):
        first -= 1
    while last < len(pieces) - 1 and (last == mine or _words(text, pieces[last]) <= _ITEM):
        last += 1
    run = [_shortened(text, piece, number, first, last) for number, piece in enumerate(pieces[first : last + 1], first)]
    return [(begin + start, begin + end) for start, end in run]


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """What lies between two marks that end an enumeration."""
    before = [found.end() for found in _EDGE.finditer(text, max(start - _FAR, 0), start)]
    after = _EDGE.search(text, end, end + _FAR)
    return (before[-1] if before else max(start - _FAR, 0)), (after.start() if after else min(end + _FAR, len(text)))


def _words(text: str, piece: tuple[int, int]) -> int:
    return len(text[piece[0] : piece[1]].split())


def _shortened(text: str, piece: tuple[int, int], number: int, first: int, last: int) -> tuple[int, int]:
    words = [found.span() for found in re.finditer(r"\S+", text[piece[0] : piece[1]])]
    if number == first and len(words) > _ENDS:
        return piece[0] + words[-_ENDS][0], piece[1]
    if number == last and len(words) > _ENDS:
        return piece[0], piece[0] + words[_ENDS - 1][1]
    return piece
