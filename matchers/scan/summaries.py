"""What of a summary are words of its own: neither the title's, nor the text's, nor its feed's. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from matchers.late import late

_Words = tuple[int, int]  # the first of some words, and the one after the last

BRIEF = 400  # characters of a summary at most; one that is longer, and all there is, is a text
_OPENING = 1_000  # characters of a text in which what a summary repeats may begin
_RUN, _FEWEST = 5, 4  # words in a row that are looked for; all of a summary, or of a title, may be fewer
_FRAME = 12  # fewer words beside a repeated opening tell nothing: a byline, tags, « Lire la suite »
_OUTLET = 6  # fewer words than these are an outlet's name beside a repeated title
_WORD = late(rb"[^ ]+")
# Tags, which nobody says of the article's subject
_TAGS = late(
    r"\b(?:cat[ée]gories?|tags?|mots[- ]cl[ée]s|[ée]tiquettes?|rubriques?|th[èe]mes?|th[ée]matiques?|topics?"
    r"|filed under)\s?:[^.!?\n]*",
    re.IGNORECASE,
)
_BREAK = late(r"\n|\s[•·|▪■→»*]\s?|(?:(?<=\n)|\A)[-–—•*]\s")
_SENTENCE = late(r"(?<!\.)[.!][\s»”)]*\Z")
_ITEMS, _ITEM = 3, 25  # headlines, and words of one at most


def is_all(summary: bytes, text: bytes) -> bool:
    """Is a brief summary, folded, all that there is: is the text no more than it?"""
    if not len(text) <= len(summary) <= BRIEF:
        return False
    words = text.split()
    return words == summary.split()[: len(words)]


def borrowed(title: bytes, summary: tuple[str, bytes], text: bytes) -> Sequence[tuple[int, int]]:
    """The characters of a summary that are not its own words; all are folded, the summary is given as written too.

    Beside what is repeated, a few words tell nothing."""
    written, folded = summary
    places = [found.span() for found in _WORD.finditer(folded)]
    words = [folded[start:end] for start, end in places]
    if _is_title(title.split(), words, folded):
        return [(0, len(folded))]
    whole = words[:-1] if written.rstrip(" ]").endswith(("…", "...")) else words  # the last word may be cut
    opening = [*_repeated(whole, text[: _OPENING + len(folded)].split())]
    if max((end - start for start, end in opening), default=0) < min(_FRAME, len(whole)):
        opening = []  # words that any two sentences may share
    entitled = [run for run in _repeated(whole, title.split()) if run[1] - run[0] == len(title.split())]
    apart = _apart(written, is_beside=bool(text.strip()))
    framed = [
        (places[start][0], places[end - 1][1])
        for start, end in _framed((*opening, *entitled), _FRAME if opening else _OUTLET, len(words))
    ]
    return sorted([*framed, *apart])


def _apart(written: str, *, is_beside: bool) -> Sequence[tuple[int, int]]:
    """Its tags; all of a list of headlines beside a text."""
    if is_beside and _is_list(written):
        return [(0, len(written))]
    return [each.span() for each in _TAGS.finditer(written)] if ":" in written else []


def _is_title(title: Sequence[bytes], summary: Sequence[bytes], folded: bytes) -> bool:
    """Is the summary the title again, perhaps cut, perhaps with the outlet's name after it?"""
    count = min(len(title), len(summary))
    if not count or title[:count] != summary[:count] or len(summary) - count >= _OUTLET:
        return False
    return count >= _FEWEST or title == summary or (count == len(title) and _is_set_apart(folded, count))


def _is_set_apart(folded: bytes, count: int) -> bool:
    """Is there punctuation after the first `count` words?"""
    rest = re.match(rb" *(?:[^ ]+ +){%d}" % count, folded)
    return rest is not None and rest[0].endswith(b"  ")


def _repeated(words: Sequence[bytes], source: Sequence[bytes]) -> Iterator[_Words]:
    """The runs of words that stand in a source too."""
    least = min(_RUN, len(source), len(words))
    if least < _FEWEST:
        return
    heard, at = b" %s " % b" ".join(source), 0
    while at <= len(words) - least:
        place = heard.find(b" %s " % b" ".join(words[at : at + least]))
        if place < 0:
            at += 1
            continue
        first = heard.count(b" ", 0, place)
        alike = takewhile(lambda both: both[0] == both[1], zip(words[at:], source[first:], strict=False))
        count = sum(1 for _ in alike)
        yield at, at + count
        at += count


def _framed(runs: Iterable[_Words], few: int, count: int) -> Iterator[_Words]:
    """These, with the few words before, between and after them."""
    last = 0
    is_any = False
    for start, end in sorted(runs):
        is_any = True
        yield (min(last, start) if start - last < few else start), end
        last = max(last, end)
    if is_any and last < count and count - last < few:
        yield last, count


def _is_list(written: str) -> bool:
    """Is it headlines one after the other, most of which end no sentence?"""
    items = [item for part in _BREAK.split(written) if (item := part.strip())]
    headlines = sum(len(item.split()) <= _ITEM and _SENTENCE.search(item) is None for item in items)
    return len(items) >= _ITEMS and headlines > len(items) / 2
