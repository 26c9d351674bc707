"""What a term looks like in a text: steps 1 to 3, from raw hits of the automaton to whole, exact occurrences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from matchers.language.text import exact
from matchers.language.typography import JOINT
from matchers.scan.page import Layout, Span
from matchers.scan.regexes import Regex, compile_regex
from matchers.watchlists.terms import (
    Exactness,
    Term,
    TermKind,
    accented,
    exactness,
    hyphenated,
    is_one_letter_off,
    misspelt,
    patterns,
    plural_of_acronym,
    surname,
    unhyphenated,
)


class Discounted(StrEnum):
    """Why an occurrence does not count."""

    CASE = "casse"
    SHOUTED = "capitales"  # a field in capitals proves nothing
    NESTED = "compris"  # within a longer alias, a `not` phrase or a longer hit
    CONTEXT = "contexte"  # an ambiguous alias, alone
    DENIED = "exclu"  # an ambiguous alias, near a `not` phrase
    OFF_TITLE = "hors titre"
    ASIDE = "autre article"  # in the headline of another article


@dataclass(frozen=True, slots=True)
class Refusal:
    """An occurrence that does not count. `other`: what it is nested in, or the nearest context, None without one."""

    span: Span
    why: Discounted
    other: Span | None = None


@dataclass(slots=True)
class Sightings:
    """What was seen of each surface in one article, and what was refused."""

    seen: dict[int, list[Span]] = field(default_factory=dict)
    refused: dict[int, list[Refusal]] = field(default_factory=dict)

    def refuse(self, surface: int, refusal: Refusal) -> None:
        self.refused.setdefault(surface, []).append(refusal)


@dataclass(frozen=True, slots=True)
class Use:
    """One surface that a pattern stands for, and what remains to be checked in the original text."""

    surface: int
    exactness: Exactness | None = None
    prefix: bool = False
    accented: str | None = None  # the very form, where its fold is another word too: chiffré, not chiffre

    hyphen: int | None = None  # where in it the text must have a hyphen that the term is not written with
    bare: bool = False  # of no term: only its place is asked
    misspelt: bytes | None = None  # the surname, folded, of which one letter may be wrong: Carniaud for Carniaux

    @property
    def is_settled(self) -> bool:
        return self.exactness is None and not self.prefix and self.accented is None and self.hyphen is None

    @property
    def only_begins(self) -> bool:
        return self.prefix and self.exactness is None and self.hyphen is None and self.misspelt is None


_BEGUN = Use(-1, prefix=True)  # of any term: only where its word ends is to be seen
Known = int | tuple[tuple[int, Use | None], ...]
"""What a pattern stands for: the surface alone where that is all there is to it, which is nearly always; else each
surface, and what remains to be checked if anything does."""


@dataclass(slots=True)
class Book:
    """Every surface of a configuration, gathered at compile time: number -> term, pattern -> uses."""

    numbers: dict[tuple[TermKind, str, bool], int] = field(default_factory=dict)
    uses: dict[bytes, list[Use]] = field(default_factory=dict)
    regexes: dict[int, Regex] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    phrases: set[bytes] = field(default_factory=set)
    """The patterns that stand for more than words with a hyphen in them, or for no term."""

    def shortened(self) -> tuple[Known, ...]:
        """The uses of each pattern, as `sight` wants them."""
        return tuple(
            uses[0].surface
            if len(uses) == 1 and uses[0].is_settled
            else tuple((use.surface, None if use.is_settled else _BEGUN if use.only_begins else use) for use in uses)
            for uses in self.uses.values()
        )

    def add(self, term: Term, *, entity: bool = False) -> int:
        """The number of this term's surface; the same for the same text."""
        key = (term.kind, term.text, entity)
        if key in self.numbers:
            return self.numbers[key]
        number = self.numbers[key] = len(self.numbers)
        if term.kind is TermKind.REGEX:
            self.regexes[number] = _regex(term.text)
            return number
        if term.kind is TermKind.ACT:
            self.acts[term.text] = number
            return number
        is_prefix, strict = term.kind is TermKind.PREFIX, accented(term)
        use = Use(number, exactness(term) if term.kind is TermKind.EXACT else None, is_prefix)
        forms = patterns(term, entity=entity) | unhyphenated(term, entity=entity)
        self.phrases |= forms
        for pattern in sorted(forms):
            this = replace(use, accented=strict[pattern]) if pattern in strict else use
            self.uses.setdefault(pattern, []).append(this)
        for pattern, after in sorted(hyphenated(term, entity=entity).items()):
            self.uses.setdefault(pattern, []).append(Use(number, prefix=is_prefix, hyphen=after))
        if several := plural_of_acronym(term):
            for pattern in sorted(patterns(several)):
                self._use(pattern, Use(number, exactness(several)))
        return number

    def _use(self, pattern: bytes, use: Use) -> None:
        self.uses.setdefault(pattern, []).append(use)
        self.phrases.add(pattern)

    def add_words(self, words: Iterable[bytes]) -> int:
        """The first of the surfaces of these patterns, numbered on in their order: seen, and for no term."""
        first = len(self.numbers)
        for pattern in words:
            self.numbers[TermKind.LITERAL, f"\0{len(self.numbers)}", False] = len(self.numbers)
            self.uses.setdefault(pattern, []).append(Use(len(self.numbers) - 1, bare=True))
        return first

    def add_misspelt(self, alias: str, *, alone: bool) -> int | None:
        """The surface of a person's name of which one letter of the surname is wrong; None if it has too few."""
        if (parts := surname(alias)) is None or not (alone or parts[0]):
            return None
        first, last = (b"", parts[1]) if alone else parts
        key = (TermKind.PREFIX, misspelt(first, last).decode("latin-1") + "~" + last.decode("latin-1"), True)
        if key not in self.numbers:
            number = self.numbers[key] = len(self.numbers)
            use = Use(number, prefix=True, misspelt=last)
            self._use(misspelt(first, last), use)
        return self.numbers[key]


def _regex(written: str) -> Regex:
    match compile_regex(written):
        case Regex() as regex:
            return regex
        case reason:
            raise ValueError(f"{reason}; lint first")


def sight_regex(page: Layout, regex: Regex) -> list[Span]:
    """Its hits in each field that neither begin nor end inside a word."""
    spans = [
        (begin + start, begin + end)
        for begin, text in zip(page.begins, page.texts, strict=True)
        for start, end in (*regex.spans(text), *(_whole_spans(regex, text) if page.joints else ()))
    ]
    return [span for span in dict.fromkeys(spans) if page.is_whole(span)]


def _whole_spans(regex: Regex, text: str) -> Iterable[Span]:
    """Its hits where hashtags are read as one word each."""
    places = [place for place, char in enumerate(text) if char != JOINT]
    for start, end in regex.spans(text.replace(JOINT, "")):
        yield places[start], places[end - 1] + 1


def sight(page: Layout, found: Iterable[tuple[int, int, int]], uses: Sequence[Known]) -> Sightings:
    """Check each raw hit (pattern, start, end) against the original text, for hits only. `uses` are each pattern's."""
    sightings = Sightings()
    seen, haystack = sightings.seen, page.haystack
    for pattern, start, end in found:
        use = uses[pattern]
        if isinstance(use, int):
            if (spans := seen.get(use)) is None:
                seen[use] = [(start + 1, end - 1)]
            else:
                spans.append((start + 1, end - 1))
            continue
        for surface, each in use:
            span: Span | None = (start + 1, end - 1)
            if each is _BEGUN:
                span = (start + 1, haystack.index(b" ", end))
            elif each is not None:
                span = _checked(page, each, start, end, sightings)
            if span:
                seen.setdefault(surface, []).append(span)
    if page.joints:  # a hashtag is read twice, and a word written with a hyphen is found either way
        seen.update({surface: list(dict.fromkeys(spans)) for surface, spans in seen.items()})
    return sightings


_HYPHENS = frozenset(f"-\u2010\u2011\u2012\u2013\u2212{JOINT}")


def _checked(page: Layout, use: Use, start: int, end: int, sightings: Sightings) -> Span | None:
    span = (start + 1, page.haystack.index(b" ", end) if use.prefix else end - 1)
    if use.hyphen is not None and page.chars(span[0] + use.hyphen, span[0] + use.hyphen + 1) not in _HYPHENS:
        return None
    if use.misspelt is not None and not _is_misspelt(page, use.misspelt, span):
        return None
    if use.accented is not None and page.chars(*span).lower() != use.accented:
        sightings.refuse(use.surface, Refusal(span, Discounted.CASE))
        return None
    if use.exactness is None:
        return span
    widened = _widened(page, use.exactness, span)
    if widened is None:
        sightings.refuse(use.surface, Refusal(span, Discounted.CASE))
    elif page.is_shouted(page.field_of(span[0])):
        sightings.refuse(use.surface, Refusal(span, Discounted.SHOUTED))
        return None
    return widened


def _is_misspelt(page: Layout, surname: bytes, span: Span) -> bool:
    """Is its last word, with a capital, this surname but for one letter?"""
    begin = page.haystack.rindex(b" ", 0, span[1]) + 1
    return page.chars(begin, begin + 1).isupper() and is_one_letter_off(page.haystack[begin : span[1]], surname)


def _widened(page: Layout, asked: Exactness, span: Span) -> Span | None:
    """The span with the symbols that the exact term wears; None if its letters or symbols differ."""
    start, end = span
    written = page.chars(start, end)
    if asked.letters != exact(written) and (JOINT not in written or asked.letters != exact(written.replace(JOINT, ""))):
        return None
    if not asked.before and not asked.after:
        return span
    begin = page.begins[page.field_of(start)]
    wide = (start - len(asked.before), end + len(asked.after))
    if wide[0] < begin or page.chars(wide[0], start) != asked.before:
        return None
    return wide if page.chars(start, wide[1])[end - start :] == asked.after else None
