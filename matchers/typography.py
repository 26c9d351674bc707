"""What a page writes another way than it is read: undecoded characters, dotted acronyms, note marks, cut words."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from html import unescape
from html.entities import html5


class Oddity(Enum):
    """What may be mended."""

    ENCODED = "donn&eacute;es"
    DOTTED = "C.N.I.L."
    NOTE = "santé¹"
    CUT = "hé-/berger"


_LETTER = r"[^\W\d_]"

# &eacute; &#233; &#xE9;, and the same encoded twice
ENCODED = re.compile(r"&(?:amp;)?(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DOTTED = re.compile(rf"(?<![\w.]){_LETTER}\.(?:{_LETTER}\.)*{_LETTER}(?!\w|\.\w)\.?")  # C.N.I.L.
_MARKS = r"[¹²³⁴-⁹*†‡]"
_NOTE = re.compile(rf"{_MARKS}+(?:,{_MARKS}+)*(?!\w)")
# A number is a note after a word or a long number; a square or a cube after a unit or an acronym (km², EMC²) is none.
_NOTED = re.compile(rf"{_LETTER}[a-zß-ÿœ]{{2}}\Z|{_LETTER}{{4}}\Z|\d{{3}}\Z")
_WORD = re.compile(rf"{_LETTER}{{2}}\Z")
# A word cut at the end of a line, with the hyphen that it loses, or keeps before a capital and after one letter.
_CUT = re.compile(rf"[-\u2010\u00ad](?<={_LETTER}.)[^\S\n]*\n[^\S\n]*(?!(?:et|ou|ni)\b)(?=\w)")


@dataclass(frozen=True, slots=True)
class Mended:
    """A text as it is read. `starts` and `ends` lead from each character to its place in the text as given."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


Piece = tuple[int, int, str]  # start and end in the text, and what is read there: any number of characters


def mend(text: str, kinds: Iterable[Oddity]) -> Mended | None:
    """The text as it is read, where these kinds are looked for; None where nothing was to be mended."""
    mended: Mended | None = None
    for kind in kinds:
        now = _rewritten(text if mended is None else mended.text, *_RULES[kind])
        if now is not None:
            mended = now if mended is None else through(mended, now)
    return mended


def through(first: Mended, then: Mended) -> Mended:
    """Two rewritings as one."""
    starts = tuple(first.starts[start] for start in then.starts)
    ends = tuple(first.ends[end - 1] for end in then.ends)
    return Mended(then.text, starts, ends)


def _rewritten(
    text: str, expression: re.Pattern[str], pieces: Callable[[re.Match[str]], Iterable[Piece]]
) -> Mended | None:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in expression.finditer(text):
        chars.extend(text[done : found.start()])
        starts.extend(range(done, found.start()))
        ends.extend(range(done + 1, found.start() + 1))
        for start, end, read in pieces(found):
            chars.extend(read)
            starts.extend([start] * len(read))
            ends.extend([end] * len(read))
        done = found.end()
    if not done:
        return None
    chars.extend(text[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return Mended("".join(chars), tuple(starts), tuple(ends))


def _decoded(found: re.Match[str]) -> Iterable[Piece]:
    if found[1].startswith("#") or f"{found[1]};" in html5:
        yield found.start(), found.end(), unescape(f"&{found[1]};")
    else:
        yield from ((index, index + 1, char) for index, char in enumerate(found[0], found.start()))


def _undotted(found: re.Match[str]) -> Iterable[Piece]:
    is_acronym = found[0].isupper()
    for index, char in enumerate(found[0], found.start()):
        if char != "." or not is_acronym:
            yield index, index + 1, char


def _unmarked(found: re.Match[str]) -> Iterable[Piece]:
    before = found.string[max(found.start() - 4, 0) : found.start()]
    if _NOTED.search(before) or (found[0][0] not in "²³" and _WORD.search(before)):
        return
    yield from ((index, index + 1, char) for index, char in enumerate(found[0], found.start()))


def _joined(found: re.Match[str]) -> Iterable[Piece]:
    text, at = found.string, found.start()
    is_one_letter = at < 2 or not text[at - 2].isalpha()
    if not text[found.end()].islower() or is_one_letter:
        yield at, at + 1, "-"


_RULES = {
    Oddity.ENCODED: (ENCODED, _decoded),
    Oddity.DOTTED: (_DOTTED, _undotted),
    Oddity.NOTE: (_NOTE, _unmarked),
    Oddity.CUT: (_CUT, _joined),
}
