"""Copies: is this text, cut, extended or edited, one that we have? Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from xxhash import xxh3_64_intdigest

from matchers.language.text import AE, FOREIGN, OE, clean
from matchers.stories import vetoes
from matchers.stories.grouping import MICRO, Copied, Grouping, Neighbour, SketchedText, Traits

_SPACE = 1 << 64
_WORD = re.compile(rb"[^ ]+")
_OUTLET = re.compile(r"\s[-–—|·]\s[^-–—|·]{2,40}\Z")
_DIGITS = re.compile(r"[0-9]+")
# A quotation proves nothing: any two articles may quote the same law. Straight marks only where they open and close.
_QUOTED = re.compile(r"«[^»]{30,1500}»|“[^”]{30,1500}”|(?<![^\s(])\"(?=\S)[^\"]{30,1500}(?<=\S)\"(?![^\s,.;:!?)])")
_MARKS = '«“"'
_COMPARED = 12_000  # characters of two texts whose common passage is shown
LONGEST_TITLE = 600  # characters: an index takes 2,700 bytes
_PROPER = 4  # letters: shorter words of a title are mostly grammar


# --- what a text is ------------------------------------------------------------------------------------------------
def read(title: str, summary: str, text: str, grouping: Grouping) -> SketchedText:
    """The text stands for itself where it is longer than the summary, which it usually begins with."""
    body = (text if len(text) >= len(summary) else summary)[: grouping.longest]
    spoken = words(body)
    whole = b"\n".join(b" ".join(part) for part in (words(title), words(summary[: grouping.longest]), spoken))
    return SketchedText(
        headline(title)[:LONGEST_TITLE],
        len(spoken),
        _own_sketch(body, spoken, grouping),
        blake2b(whole, digest_size=8).hexdigest(),
    )


def words(text: str) -> list[bytes]:
    """The words of a text as folded: without case, accents, punctuation or typography.

    Letters of an alphabet that the fold does not tell apart stay what they are.
    """
    cleaned = clean(text)
    folded = cleaned.folded  # made each time it is asked for: once a word, a page of Greek took as long as its square
    if FOREIGN in folded:
        return [_word(cleaned.text, folded, *found.span()) for found in _WORD.finditer(folded)]
    return _latin(folded).split()


def _latin(folded: bytes) -> bytes:
    return folded.replace(OE, b"oe").replace(AE, b"ae")


def _word(text: str, folded: bytes, start: int, end: int) -> bytes:
    word = folded[start:end]
    return text[start:end].casefold().encode("utf-8", "replace") if FOREIGN in word else _latin(word)


def passage(one: str, other: str) -> str:
    """The longest passage of `one` whose words stand in a row in `other`, as it is written there; "" for none."""
    ours, theirs = _placed(one[:_COMPARED]), [word for word, _, _ in _placed(other[:_COMPARED])]
    mine = [word for word, _, _ in ours]
    low, high, found = 0, min(len(mine), len(theirs)), -1
    while low < high:  # where a run of n words is common, one of n - 1 is
        size = (low + high + 1) // 2
        runs = {tuple(theirs[start : start + size]) for start in range(len(theirs) - size + 1)}
        at = next((s for s in range(len(mine) - size + 1) if tuple(mine[s : s + size]) in runs), -1)
        low, high, found = (size, high, at) if at >= 0 else (low, size - 1, found)
    return one[ours[found][1] : ours[found + low - 1][2]] if low else ""


def _placed(text: str) -> list[tuple[bytes, int, int]]:
    """The words of a text as folded, with their places."""
    cleaned = clean(text)
    return [
        (_word(cleaned.text, cleaned.folded, *found.span()), *cleaned.span(*found.span()))
        for found in _WORD.finditer(cleaned.folded)
    ]


def headline(title: str) -> str:
    """A title to compare with others: folded, less the outlet's name at its end."""
    return b" ".join(words(_OUTLET.sub("", title))).decode("utf-8", "replace")


def _own_sketch(body: str, spoken: list[bytes], grouping: Grouping) -> tuple[int, ...]:
    """The sketch of what the article says itself, unless it is mostly quotations."""
    if not any(mark in body for mark in _MARKS):  # half of all texts, and the search below is slow
        return sketch([spoken], grouping)
    pieces = [words(piece) for piece in _QUOTED.split(body)]
    own = sum(map(len, pieces))
    whole = len(pieces) == 1 or own * 2 < len(spoken) or own < grouping.short
    return sketch([spoken] if whole else pieces, grouping)


def sketch(pieces: Iterable[Sequence[bytes]], grouping: Grouping) -> tuple[int, ...]:
    """The hashes kept of a text, sorted: a fixed share of all 4-word grams, so that two sketches may be compared."""
    size, digest = grouping.gram, xxh3_64_intdigest
    grams = {
        digest(b" ".join(piece[start : start + size]))
        for piece in pieces
        for start in range(max(len(piece) - size + 1, 0))
    }
    kept = sorted(each for each in grams if each < _SPACE // grouping.sampling)
    return tuple(kept if len(kept) >= grouping.floor else sorted(grams)[: grouping.floor])


def looked_up(sketch: Sequence[int], grouping: Grouping) -> tuple[int, ...]:
    """The hashes by which a sketch is found: its smallest, so that of two texts much the same ones are taken."""
    within = sum(each < _SPACE // grouping.lookup for each in sketch)
    return tuple(sketch[: min(max(within, grouping.floor), grouping.asked)])


# --- is it a copy? -------------------------------------------------------------------------------------------------
def copied(
    traits: Traits, at: datetime, neighbours: Sequence[Neighbour], known: frozenset[int], grouping: Grouping
) -> Copied:
    """The nearest of the neighbours that is the same text; two groups are never joined by a newcomer.

    `known`: the hashes of the sketch that are boilerplate already.
    """
    mine = frozenset(traits.text.sketch) - known
    learned = _boilerplate(traits, mine, neighbours, grouping)
    mine -= learned
    common = _everywhere(mine, neighbours) if not traits.host and grouping.has("boilerplate") else frozenset()
    found = [
        link
        for each in neighbours
        if (link := _link(traits, at, each, mine - common, learned | common, grouping)) is not None
    ]
    own, new = tuple(sorted(mine)), tuple(sorted(learned))
    if not found:
        return Copied(own, new)
    share, shared, nearest, rule = min(found, key=lambda link: (-link[0], -link[1], link[2].id))
    numbers = {"containment": share, "shared": shared, "of": len(own)}
    return Copied(own, new, nearest.id, nearest.group, rule, numbers)


CopyLink = tuple[int, int, Neighbour, str]  # containment, hashes shared, with whom, by which rule


def _link(
    traits: Traits, at: datetime, other: Neighbour, mine: frozenset[int], noise: frozenset[int], grouping: Grouping
) -> CopyLink | None:
    """By which rule, if any, these two are the same text."""
    ours, theirs = traits.text, other.text
    home = grouping.has("hosts") and bool(traits.host) and traits.host == other.host
    if vetoes.other_acts(traits.topic, at, other.topic, other.at):
        return None  # two decisions under one title, or a form that is filled in
    if ours.content == theirs.content and _says_enough(ours, grouping) and _soon(at, other.at, grouping):
        return MICRO, len(mine), other, "same-content"
    if min(ours.words, theirs.words) < grouping.short:
        elsewhere = not home or traits.aggregator or other.aggregator
        return (MICRO, 0, other, "same-title") if elsewhere and _same_title(ours, theirs, at, other, grouping) else None
    yours = frozenset(theirs.sketch) - noise
    shared = len(mine & yours)
    share = shared * MICRO // max(min(len(mine), len(yours)), 1)
    if home:
        if _is_furniture(ours, theirs, grouping):
            return None
        enough = shared >= grouping.shared_at_home and share >= _home_cut(ours, theirs, grouping)
        return (share, shared, other, "same-host") if enough else None
    if shared < grouping.shared or share < grouping.containment:
        return None
    # One short passage in common may be a footer not learned yet, or a law that both recite
    if share < grouping.whole and shared < grouping.passage and not _related(ours.title, theirs.title, grouping):
        return None
    return share, shared, other, "other-host"


def _home_cut(ours: SketchedText, theirs: SketchedText, grouping: Grouping) -> int:
    return grouping.containment_at_home if _twins(ours.title, theirs.title, grouping) else grouping.whole


def _is_furniture(ours: SketchedText, theirs: SketchedText, grouping: Grouping) -> bool:
    """Are two short texts of one site, whose titles have nothing in common, its menu, notices and links?"""
    short = min(ours.words, theirs.words) < grouping.furniture
    return short and bool(ours.title and theirs.title) and not _related(ours.title, theirs.title, grouping)


def _says_enough(text: SketchedText, grouping: Grouping) -> bool:
    """« Lire la suite » under two titles alike is no identity."""
    return text.title.count(" ") + 1 >= grouping.title_words or text.words >= grouping.floor


def _soon(at: datetime, other: datetime, grouping: Grouping) -> bool:
    return abs(at - other) <= timedelta(hours=grouping.title_hours)


def _same_title(ours: SketchedText, theirs: SketchedText, at: datetime, other: Neighbour, grouping: Grouping) -> bool:
    long_enough = ours.title.count(" ") + 1 >= grouping.title_words
    return long_enough and ours.title == theirs.title and _soon(at, other.at, grouping)


def _related(one: str, other: str, grouping: Grouping) -> bool:
    """Do two titles have words in common that are more than grammar?"""
    ours, theirs = ({word for word in title.split() if len(word) >= _PROPER} for title in (one, other))
    return _overlap(ours, theirs) >= grouping.related_titles and bool(ours & theirs)


def _twins(one: str, other: str, grouping: Grouping) -> bool:
    """Are these two forms of one title? A series whose number changes is not."""
    close = _overlap(set(one.split()), set(other.split())) >= grouping.twin_titles
    return close and _DIGITS.findall(one) == _DIGITS.findall(other)


def _overlap(one: set[str], other: set[str]) -> int:
    return len(one & other) * MICRO // max(len(one | other), 1)


# --- boilerplate ---------------------------------------------------------------------------------------------------
def _boilerplate(
    traits: Traits, mine: frozenset[int], neighbours: Sequence[Neighbour], grouping: Grouping
) -> frozenset[int]:
    """What two different articles of one host have in common belongs to the host, not to them."""
    if not traits.host or not grouping.has("boilerplate"):
        return frozenset()
    learned: set[int] = set()
    for each in neighbours:
        if each.host != traits.host:
            continue
        shared = mine.intersection(each.text.sketch)
        if not _republished(traits.text, mine, each.text, len(shared), grouping):
            learned |= shared
    return frozenset(learned)


def _republished(
    ours: SketchedText, mine: frozenset[int], theirs: SketchedText, shared: int, grouping: Grouping
) -> bool:
    """Is it one article put out again? Without this question every republication would look like a footer."""
    if not grouping.has("guard"):
        return False
    if _is_furniture(ours, theirs, grouping):
        return False
    larger = max(len(mine), len(theirs.sketch))
    return _twins(ours.title, theirs.title, grouping) or shared * MICRO >= grouping.twin_sketch * larger > 0


def _everywhere(mine: frozenset[int], neighbours: Sequence[Neighbour]) -> frozenset[int]:
    """Where the host is unknown: the hashes seen in two groups of copies or more."""
    groups: dict[int, set[int]] = defaultdict(set)
    for each in neighbours:
        for one in mine.intersection(each.text.sketch):
            groups[one].add(each.group)
    return frozenset(one for one, where in groups.items() if len(where) > 1)
