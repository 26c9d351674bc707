"""What a page writes another way than it is read: undecoded characters, tags, dotted acronyms, notes, cut words."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from html import unescape
from html.entities import html5
from itertools import accumulate


class Oddity(Enum):
    """What may be mended."""

    ENCODED = "donn&eacute;es"
    TAG = "<b>santé</b>"
    DOTTED = "C.N.I.L."
    REFERENCE = "santé [1]"
    NOTE = "santé¹"
    CUT = "hé-/berger"
    BOTH = "patient·e·s"
    HASHED = "#DonnéesDeSanté"


_LETTER = r"[^\W\d_]"
HYPHENS = ("-", "\u2010", "\u2011", "\u00ad", "\u00ac")  # the last one where a page was read by a machine

# What is compiled where it is first met stands as it is written: `late` would lengthen the longest chain of imports
# &eacute; &#233; &#xE9;, and the same encoded twice
ENCODED = re.compile(r"&(?:amp;)?(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = r"<sup\b[^<>]{0,99}>([0-9]{1,2})</sup>|<(?:/?[a-zA-Z][^<>]{0,300}|!--[^<>]{0,300}--)>"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|td|tr|table|h[1-6]|blockquote|section|article)\b", re.IGNORECASE)
# C.N.I.L., C. N. I. L.; two letters set apart are the initials of a name where a capital follows (J. K. Rowling)
_APART = r"[^\S\n]"
_DOTTED = (
    rf"(?<![\w.]){_LETTER}\.(?:(?:{_LETTER}\.)*{_LETTER}(?!\w|\.\w)\.?"
    rf"|(?:{_APART}{_LETTER}\.){{2,}}(?!\w)|{_APART}{_LETTER}\.(?!\w|{_APART}+[A-ZÀ-Ý]\w))"
)
_CALLED = r"(?:note|notes|réf|ref|nb|n)\.?[^\S\n]?"
_REFERENCE = (
    rf"[\[(](?<={_LETTER}{{2}}.|[\w»”)\]]\s.)"
    rf"(?:(?<=\[)(?:(?:\^|{_CALLED})?\d{{1,3}}|[a-z]|\*{{1,3}})\]|(?:(?<={_LETTER}[(])|(?<={_LETTER}\s[(]))(?:\d|\*{{1,3}})\))(?!\w)"
)
# Of an act, a number in brackets is a part: article 5 (1), point (2)
_PARTED = re.compile(
    r"(?:articles?|art|points?|alinéas?|al|paragraphes?|annexes?|lettres?|considérants?)\W*\Z", re.IGNORECASE
)
_MARKS = r"[¹²³⁴-⁹*†‡]"
_NOTE = rf"{_MARKS}+(?:,{_MARKS}+)*(?!\w)"
# A number is a note after a word, a long number or a bracket; a square or a cube is none after a unit or in a formula.
_NOTED = re.compile(rf"({_LETTER}{{2,}}|\d{{3}}|[)\]»”])\Z")
_SQUARED = frozenset(("km", "hm", "dm", "cm", "mm", "nm", "µm", "ft", "mi", "mc", "Nm", "EMC", "MC", "CO", "SO", "NO"))
_WORD_REACH = 8
# A word cut at the end of a line, with the hyphen that it loses, or keeps before a capital and after one letter.
_CUT = rf"[{''.join(HYPHENS)}](?<={_LETTER}.)[^\S\n]*\n[^\S\n]*(?!(?:et|ou|ni)\b)(?=\w)"
# patient·e·s, hébergeur(s), qualifié.e.s: read as the masculine, in the plural if it ends so
_GENDERS = r"e|ne|le|te|fe|ve|se|ère|ière|rice|trice|euse"
_BOTH = (
    rf"[·‧•.(](?<={_LETTER}{{2}}.)(?:(?<=[·‧•])(?:{_GENDERS})?(?:(?<!·)[·‧•])?(s?)(?!\w)"
    rf"|(?<=\.)(?:{_GENDERS})\.(s)(?![\w.])|(?<=[(])(?:(?:{_GENDERS})\)?\(?)?(s?)\)(s?)(?!\w))"
)
JOINT = (
    "\u2e17"  # between the words of a hashtag: a hyphen that nobody types, and that is not there for the whole of it
)
# A hashtag of several words, and where in it a word begins: HealthData, NIS2Santé, RGPD2026; OVHCloud is one, and CaRE
_SMALL, _CAPITAL = "a-zß-öø-ÿœ\u0300-\u036f", "A-ZÀ-ÖØ-ÞŒ"
_BEGINS = rf"(?<=[\w\u0300-\u036f]{{2}}[{_SMALL}\d])(?=[{_CAPITAL}])|(?<=[{_SMALL}{_CAPITAL}]{{2}})(?=\d)"
_WORD_BEGINS = re.compile(_BEGINS)
HASHED = re.compile(rf"(?<![\w/&#])#(?=\w)(?=[\w\u0300-\u036f]*?(?:{_BEGINS}))[\w\u0300-\u036f]+")


Run = tuple[int, int, int]  # a start and an end in the text as given, and how many characters are read for it
"""One to one where a run is as long there, else all to the whole of it. A map of every character would cost more than
all the rest."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A text as it is read. `runs` lead from its characters, from left to right, to their places in it as given."""

    text: str
    runs: tuple[Run, ...]


Piece = tuple[int, int, str]  # start and end in the text, and what is read there: any number of characters


def mend(text: str, kinds: Iterable[Oddity]) -> Mended | None:
    """The text as it is read, where these kinds are looked for; None where nothing was to be mended."""
    mended: Mended | None = None
    for kind in kinds:
        expression, pieces = _RULES[kind]
        now = _rewritten(text if mended is None else mended.text, re.compile(expression), pieces)
        if now is not None:
            mended = now if mended is None else Mended(now.text, through(mended.runs, now.runs))
    return mended


def through(first: Sequence[Run], then: Iterable[Run]) -> tuple[Run, ...]:
    """Two rewritings as one: the runs of `then` are places of what `first` reads."""
    begins = [0, *accumulate(length for _, _, length in first)]
    found: list[Run] = []
    for start, end, length in then:
        inner = _part(first, begins, start, end)
        found += inner if end - start == length else [(inner[0][0], inner[-1][1], length)]
    return tuple(found)


def _part(runs: Sequence[Run], begins: Sequence[int], start: int, end: int) -> list[Run]:
    """The runs of the characters that are read from `start` to `end`."""
    found: list[Run] = []
    number = bisect_right(begins, start) - 1
    while start < end:
        (origin, stop, length), begin = runs[number], begins[number]
        taken = min(end, begin + length) - start
        is_copy = stop - origin == length
        found.append(
            (origin + start - begin, origin + start - begin + taken, taken) if is_copy else (origin, stop, taken)
        )
        start, number = start + taken, number + 1
    return found


def _rewritten(
    text: str, expression: re.Pattern[str], pieces: Callable[[re.Match[str]], Iterable[Piece]]
) -> Mended | None:
    parts: list[str] = []
    runs: list[Run] = []
    done = 0
    for found in expression.finditer(text):
        for start, end, read in ((done, found.start(), text[done : found.start()]), *pieces(found)):
            if read:
                parts.append(read)
                runs.append((start, end, len(read)))
        done = found.end()
    if not done:
        return None
    if done < len(text):
        parts.append(text[done:])
        runs.append((done, len(text), len(text) - done))
    return Mended("".join(parts), tuple(runs))


def _decoded(found: re.Match[str]) -> Iterable[Piece]:
    if found[1].startswith("#") or f"{found[1]};" in html5:
        yield found.start(), found.end(), unescape(f"&{found[1]};")
    else:
        yield from _kept(found)


def _untagged(found: re.Match[str]) -> Iterable[Piece]:
    if found[1]:
        yield found.start(), found.end(), found[1].translate(_RAISED)
    if _BREAKING.match(found[0]):
        yield found.start(), found.end(), " "


def _undotted(found: re.Match[str]) -> Iterable[Piece]:
    is_acronym, last = found[0].isupper(), found.end() - 1
    for index, char in enumerate(found[0], found.start()):
        if not is_acronym:
            yield index, index + 1, char
        elif char != "." and not char.isspace():
            yield index, index + 1 + (index + 1 == last and found[0][-1] == "."), char  # the last one with its dot


def _unreferenced(found: re.Match[str]) -> Iterable[Piece]:
    before = found.string[max(found.start() - 16, 0) : found.start()]
    return _kept(found) if _PARTED.search(before) else ()


def _kept(found: re.Match[str]) -> Iterable[Piece]:
    return ((found.start(), found.end(), found[0]),)


def _unmarked(found: re.Match[str]) -> Iterable[Piece]:
    before = found.string[max(found.start() - _WORD_REACH, 0) : found.start()]
    noted = _NOTED.search(before)
    is_square = found[0][0] in "²³" and noted is not None and noted[1] in _SQUARED
    return _kept(found) if noted is None or is_square else ()


def _joined(found: re.Match[str]) -> Iterable[Piece]:
    text, at = found.string, found.start()
    is_one_letter = at < 2 or not text[at - 2].isalpha()
    if not text[found.end()].islower() or is_one_letter:
        yield at, at + 1, "-"


def _of_one(found: re.Match[str]) -> Iterable[Piece]:
    for group in range(1, len(found.groups()) + 1):
        if found[group]:
            yield found.start(group), found.end(group), found[group]
            return


def _hyphenated(found: re.Match[str]) -> Iterable[Piece]:
    """Its words with a joint between them: looked for with it and without (`Automaton.find`, `sight_regex`)."""
    text, done = found.string, found.start()
    for edge in _WORD_BEGINS.finditer(text, found.start() + 2, found.end()):
        yield done, edge.start() - 1, text[done : edge.start() - 1]
        yield edge.start() - 1, edge.start(), text[edge.start() - 1] + JOINT
        done = edge.start()
    yield done, found.end(), text[done : found.end()]


_RULES: dict[Oddity, tuple[str | re.Pattern[str], Callable[[re.Match[str]], Iterable[Piece]]]] = {
    Oddity.ENCODED: (ENCODED, _decoded),
    Oddity.TAG: (_TAG, _untagged),
    Oddity.DOTTED: (_DOTTED, _undotted),
    Oddity.REFERENCE: (_REFERENCE, _unreferenced),
    Oddity.NOTE: (_NOTE, _unmarked),
    Oddity.CUT: (_CUT, _joined),
    Oddity.BOTH: (_BOTH, _of_one),
    Oddity.HASHED: (HASHED, _hyphenated),
}
