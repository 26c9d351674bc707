"""An article laid out for one pass: its three fields folded into one haystack, and the way back from it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from matchers.language.text import SPACE, Clean, clean, fold, fold_clean, is_shouted, unhidden
from matchers.language.typography import JOINT
from matchers.language.words import ABBREVIATIONS
from matchers.model import FIELDS, Article, Field
from matchers.scan import summaries

Span = tuple[int, int]  # start and end in the haystack

_STOP = re.compile(r"(?<![.!?…])([.!?…]++)[\s»”\")\]]+")
_LAST_WORD = re.compile(r"\w*\Z")
_LONGEST_ABBREVIATION = 24  # characters, and more
_GAP_CHARACTERS = frozenset("\"'’‘«»“”„‹›()[]{}&")
_EDGE = "\x01"  # around fields: no blank, so that it is not cleaned away, and folded to one
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2212")
_ELISION = frozenset(".°ºᵒ")  # L. 1111-8, n° 5


@dataclass(frozen=True)
class Layout:
    """Positions are in `haystack`: blank + title + two blanks + summary + two blanks + text + blank.

    `texts` are the fields cleaned; `cleans` leads back to them as given, None where all three are clean as given.
    `names`: where each field was given. `apart`: what `own` has put blanks for.
    """

    article: Article
    haystack: bytes
    begins: tuple[int, int, int]
    texts: tuple[str, str, str]
    cleans: tuple[Clean, Clean, Clean] | None = None
    names: tuple[Field, ...] = FIELDS
    apart: tuple[Span, ...] = ()
    _shouted: dict[int, bool] = field(default_factory=dict)

    def field_of(self, position: int) -> int:
        """The index in FIELDS of the field that holds this position."""
        if position < self.begins[1]:
            return 0
        return 1 if position < self.begins[2] else 2

    def ahead(self, spans: Sequence[Span], reach: int) -> Sequence[Span]:
        """Those in the first fields, so many."""
        return spans if reach >= len(FIELDS) else [span for span in spans if span[0] < self.begins[reach]]

    def chars(self, start: int, end: int) -> str:
        """The cleaned characters between two positions of one field, cut at its edges."""
        index = self.field_of(start)
        begin = self.begins[index]
        return self.texts[index][max(start - begin, 0) : max(end - begin, 0)]

    def place(self, span: Span) -> tuple[Field, int, int]:
        """The field as given, and the code points of the span in it."""
        index = self.field_of(span[0])
        start, end = span[0] - self.begins[index], span[1] - self.begins[index]
        return self.names[index], *((start, end) if self.cleans is None else self.cleans[index].span(start, end))

    def kept(self, start: int, end: int) -> int:
        """The end of a span, or that of the field in which it begins."""
        index = self.field_of(start)
        return min(end, self.begins[index] + len(self.texts[index]))

    def same_field(self, one: Span, other: Span) -> bool:
        return self.field_of(one[0]) == self.field_of(other[0])

    def distance(self, one: Span, other: Span) -> int:
        """Words strictly between two spans of one field; 0 if they touch or overlap."""
        left, right = sorted((one, other))
        return len(self.haystack[left[1] : right[0]].split())

    def is_within(self, one: Span, other: Span, words: int) -> bool:
        """Are two spans read together, with so many words at most between them? Title and summary are read together."""
        left, right = (one, other) if one <= other else (other, one)
        if not self.read_together(left, right):
            return False
        return len(self.haystack[left[1] : right[0]].split(None, words)) <= words  # stops once there are too many

    def read_together(self, one: Span, other: Span) -> bool:
        """Does a reader see both at once: in one field, or in the title and the summary?"""
        return (one[0] < self.begins[2]) is (other[0] < self.begins[2])

    def read_as_one(self) -> "Layout":
        """The same, all of it read together."""
        return replace(self, begins=(*self.begins[:2], len(self.haystack)))

    def is_shouted(self, index: int) -> bool:
        """Is this field written in capitals? Asked for exact terms only, so worked out once, when asked."""
        if index not in self._shouted:
            self._shouted[index] = is_shouted(self.texts[index])
        return self._shouted[index]

    def is_gap(self, start: int, end: int) -> bool:
        """May a phrase go on over these blanks of the fold? Over quotes and brackets, and an abbreviation's dot."""
        if self.field_of(start) != self.field_of(end):
            return False
        between, haystack = self.chars(start, end), self.haystack
        if between.strip() in _DASHES:  # Gaia - X
            return haystack[end + 1 : end + 2] == b" "
        return _goes_on(between, haystack[haystack.rindex(b" ", 0, start) + 1 : start])

    def is_whole(self, span: Span) -> bool:
        """Does the span begin and end at the edge of a word?"""
        start, end, haystack = *span, self.haystack
        return SPACE in haystack[start - 1 : start + 1] and SPACE in haystack[end - 1 : end + 1]

    @property
    def joints(self) -> tuple[int, ...]:
        """Where the words of its hashtags meet."""
        if self.cleans is None:
            return ()
        places = zip(self.begins, self.texts, strict=True)
        return tuple(
            begin + found.start() for begin, text in places if JOINT in text for found in re.finditer(JOINT, text)
        )

    def folded(self, index: int) -> bytes:
        """A field, folded."""
        begin = self.begins[index]
        return self.haystack[begin : begin + len(self.texts[index])]

    def one_sentence(self, start: int, end: int) -> bool:
        """Does no sentence end between these positions of one field?"""
        return next(sentence_ends(self.chars(start, end)), None) is None


def sentence_ends(text: str) -> Iterator[int]:
    """Where the sentences of a text end, after their marks and blanks. « M. », « cf. p. 3 » and « art. 5 » end none."""
    for stop in _STOP.finditer(text):
        before = text[max(stop.start() - _LONGEST_ABBREVIATION, 0) : stop.start()]
        word = _LAST_WORD.search(before)
        goes_on = is_abbreviation(fold(word[0] if word else "")) or text[stop.end() : stop.end() + 1].islower()
        if stop[1] != "." or not goes_on:
            yield stop.end()


def is_abbreviation(word: bytes) -> bool:
    """May a dot after this folded word belong to it? It does after one letter too."""
    return len(word) == 1 or word in ABBREVIATIONS


@lru_cache(maxsize=1 << 10)
def _goes_on(between: str, word: bytes) -> bool:
    """Does a phrase go on over these characters, after this word?"""
    marks = set(_unmarked(between).split())
    if marks and all(_GAP_CHARACTERS.issuperset(mark) for mark in marks):
        return True
    return len(marks) == 1 and marks <= _ELISION and is_abbreviation(word)


_EMPHASIS = re.compile(r"\A[*_`~]{1,3}(?=\W|\Z)|(?<=\W)[*_`~]{1,3}\Z|\A[*_`~]{1,3}\Z")


def _unmarked(between: str) -> str:
    """These characters with a quote for each mark of emphasis that touches a word, données de *santé*, and for two
    commas typed as a low quote: ,,de confiance''."""
    return _EMPHASIS.sub('"', between.removesuffix(",,") + '"' if between.endswith(" ,,") else between)


def lay_out(article: Article) -> Layout:
    """Clean and fold an article. Two blanks between fields: no phrase crosses them."""
    given = (article.title, article.summary, article.text)
    found = fold_clean(_joined(given))
    if isinstance(found, bytes):
        return _page(article, found, given)
    title, summary, text = map(clean if found else unhidden, given)
    texts = (title.text, summary.text, text.text)
    return _page(article, fold(_joined(texts)), texts, (title, summary, text))


def _joined(texts: tuple[str, str, str]) -> str:
    return f"{_EDGE}{texts[0]}{_EDGE}{_EDGE}{texts[1]}{_EDGE}{_EDGE}{texts[2]}{_EDGE}"


def _page(
    article: Article, haystack: bytes, texts: tuple[str, str, str], cleans: tuple[Clean, Clean, Clean] | None = None
) -> Layout:
    second = len(texts[0]) + 3
    return Layout(article, haystack, (1, second, second + len(texts[1]) + 2), texts, cleans)


def own(page: Layout) -> Layout:
    """The same, read for what it says: blanks stand for the words of a summary that are not its own, and for a text
    that is no more than a brief summary; a long summary without a text is the text."""
    _, summary, text = page.texts
    if not summary:
        return page
    if not text and len(summary) > summaries.BRIEF:
        return _of_text(page)
    if text and summaries.is_all(page.folded(1), page.folded(2)):
        page = _blanked(page, 2, ((0, len(text)),))
    return _blanked(page, 1, summaries.borrowed(page.folded(0), (summary, page.folded(1)), page.folded(2)))


def _of_text(page: Layout) -> Layout:
    """A long summary without a text is the text."""
    title, text, empty = page.texts
    cleans = page.cleans and (page.cleans[0], Clean(empty), page.cleans[1])
    begins = (1, page.begins[1], page.begins[1])
    return replace(page, begins=begins, texts=(title, empty, text), cleans=cleans, names=(*FIELDS[:2], FIELDS[1]))


def _blanked(page: Layout, index: int, apart: Sequence[Span]) -> Layout:
    """The same, with blanks for these characters of a field."""
    if not apart:
        return page
    haystack, begin = bytearray(page.haystack), page.begins[index]
    text = page.texts[index]
    for start, end in apart:
        haystack[begin + start : begin + end] = b" " * (end - start)
        text = text[:start] + " " * (end - start) + text[end:]
    title, summary, body = (text if place == index else given for place, given in enumerate(page.texts))
    blanks = (*page.apart, *((begin + start, begin + end) for start, end in apart))
    return replace(page, haystack=bytes(haystack), texts=(title, summary, body), apart=blanks)
