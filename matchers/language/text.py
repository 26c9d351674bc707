"""Folding: a text as bytes without case, accents or punctuation, one byte a character, so that offsets are kept."""

import codecs
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from matchers.language.typography import ENCODED, HASHED, HYPHENS, Oddity, Run, mend, through

SPACE = 0x20
# Private bytes, on controls that no text holds: U+009C is what a badly decoded œ looks like.
OE = b"\x9c"  # œ is one character, so one byte; a pattern with "oe" is compiled both ways
AE = b"\x9d"
FOREIGN = 0x90  # a letter of an alphabet that Vigie does not read
_DIRTY = 0x81  # a character that is not one letter: dropped or expanded before folding
# What may be the mark of a note: raised digits that Latin-1 lacks, and daggers
_RAISED = {"⁴": 0x86, "⁵": 0x87, "⁶": 0x88, "⁷": 0x89, "⁸": 0x8A, "⁹": 0x8B, "†": 0x8C, "‡": 0x8C}
_NOTED = 0x8C

# … LETTER E WITH ACUTE, LATIN LETTER SMALL CAPITAL N, NEGATIVE SQUARED LATIN CAPITAL LETTER H
_NAMED_LETTER = re.compile(
    r"(?:LATIN (?:SMALL|CAPITAL) LETTER|(LATIN LETTER SMALL CAPITAL|NEGATIVE \w+ LATIN CAPITAL LETTER)) ([A-Z])"
    r"(?: WITH .*)?"
)
_NUMERO = "ºᵒ"  # typed for the sign of a degree: nº 5, nᵒ 5
_ODD_LETTERS = {"ß": "s", "ẞ": "s", "ð": "d", "Ð": "d", "þ": "t", "Þ": "t", "ı": "i", "ŋ": "n", "Ŋ": "n"}
_LIGATURES = {"œ": OE[0], "æ": AE[0]}


def _letters(char: str) -> str:
    """The letters and digits a character stands for once its marks are gone, as ASCII where they have one."""
    return "".join(c for c in unicodedata.normalize("NFKD", char) if c.isalnum())


def _is_dropped(char: str) -> bool:
    # Cf: soft hyphen, zero-width characters, byte order mark, direction marks; M: accents of decomposed text
    return unicodedata.category(char) in {"Cf", "Mn", "Me"}


def _byte(char: str) -> int:
    """What one character of a clean text folds to."""
    if char in _NUMERO:
        return SPACE
    plain = _ODD_LETTERS.get(char) or _plain(char)
    if plain in _LIGATURES:
        return _LIGATURES[plain]
    if len(plain) != 1:
        return SPACE  # blanks, punctuation, symbols such as ™ and ½
    return ord(plain) if plain.isascii() else _foreign(char, plain)


def _plain(char: str) -> str:
    if named := _NAMED_LETTER.fullmatch(unicodedata.name(char, "")):
        return named[2].lower()
    return _letters(char).lower()


def _foreign(char: str, lowered: str) -> int:
    digit = unicodedata.decimal(lowered, None)
    if digit is not None:
        return ord(str(int(digit)))
    # modifier letters such as U+02BC, the apostrophe of some keyboards, separate words
    return SPACE if unicodedata.category(char) == "Lm" else FOREIGN


def _is_expanded(char: str) -> bool:
    """Is it a letter written as one character but read as several (ﬁ, ĳ, Ⅱ)? Symbols such as ™ and ½ are not."""
    is_letter = char.isalpha() or unicodedata.category(char) == "Nl"  # Ⅱ
    return is_letter and unicodedata.decomposition(char).startswith("<") and len(_letters(char)) > 1


class _Wide(dict[int, int]):
    """Code point above U+00FF -> the byte it is encoded to; filled as characters are met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        marked = _DIRTY if _is_dropped(char) or _is_expanded(char) else _RAISED.get(char)
        self[code] = byte = _wide_byte(char) if marked is None else marked
        return byte


def _wide_byte(char: str) -> int:
    """As `_byte`, but what is no blank (…, —, “) stays apart from blanks: only runs of these are to be cleaned."""
    byte = _byte(char)
    return ord("-") if byte == SPACE and not char.isspace() else byte


_WIDE = _Wide()


def _encode_wide(problem: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(problem, UnicodeEncodeError)
    return bytes([_WIDE[ord(char)] for char in problem.object[problem.start : problem.end]]), problem.end


codecs.register_error("vigie-fold", _encode_wide)

# The bytes that the wide characters are encoded to must survive the table: letters and digits do by nature.
_FOLDED = {**{code: code for code in (OE[0], AE[0], FOREIGN)}, **{byte: _byte(char) for char, byte in _RAISED.items()}}
_TABLE = bytes(_FOLDED.get(code, _byte(chr(code))) for code in range(256))


def _shape(code: int) -> int:
    """What `clean` looks for, by classes: blanks, characters to drop or expand, note marks, capitals, digits, signs."""
    char = chr(code)
    if char.isspace():
        return SPACE
    if code in {_DIRTY, 0xAD}:
        return _DIRTY
    if char in "*¹²³" or code in _RAISED.values():
        return _NOTED
    if char in ".-()[]<":
        return code
    return ord("-" if char == "¬" else "A" if char.isupper() else "0" if char.isdecimal() else "x")


_BLANKS = bytes(map(_shape, range(256)))
# The same with ends of lines, and without small letters: a fifth of a text, in which signs are soon sought
_SIGNS = _BLANKS[:10] + b"\n" + _BLANKS[11:]
_SMALL = bytes(code for code in range(256) if _BLANKS[code] == ord("x") or chr(code) == "\r")


def _encoded(text: str) -> bytes:
    # U+2019 is nine in ten of the wide characters of the French web; without these the fold is 2.6 times slower
    return text.replace("’", "'").replace("\u202f", "\xa0").encode("latin-1", "vigie-fold")


def fold(text: str) -> bytes:
    """`text` without case, accents and punctuation; `len(fold(text)) == len(text)` for any str."""
    return _encoded(text).translate(_TABLE)


_STYLED = re.compile("[^\x00-\x9f\u00a1-\u00a9\u00ab-\u00b1\u00b4-\u00b8\u00bb-\u024f]")
_MARKS = {
    **dict.fromkeys("’‘ʼ‛′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("\u2044\u2215", "/"),
    "\u2212": "-",
    "º": "°",
}


def plain(text: str) -> str:
    """`text` with plain blanks, hyphens, quotes and digits, its case and its accents: as long as it is.

    What a person types in an expression: n° 5 for n°\u00a05, L. 1111-8 for L.\u202f1111\u20118.
    """
    return _STYLED.sub(_as_typed, text)


def _as_typed(found: re.Match[str]) -> str:
    return _typed(found[0])


@lru_cache(maxsize=1 << 12)
def _typed(char: str) -> str:
    if char in _MARKS:
        return _MARKS[char]
    if char.isspace() or unicodedata.category(char) == "Pd":
        return " " if char.isspace() else "-"
    letter = _full(char) or unicodedata.normalize("NFKC", char)
    return letter if len(letter) == 1 else char


def _full(char: str) -> str:
    """The capital that a small capital stands for, or one in a black box; "" for what is none."""
    named = _NAMED_LETTER.fullmatch(unicodedata.name(char, ""))
    return named[2] if named and named[1] else ""


@dataclass(frozen=True)
class Clean:
    """A field ready for matching: `text` is NFC with single blanks, and folds to as many bytes.

    `runs` lead from its characters to their places in the field as given. None: the same places.
    """

    text: str
    runs: tuple[Run, ...] | None = None

    @property
    def folded(self) -> bytes:
        """Its fold."""
        return fold(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place, in the field as given, of the characters `start` to `end` (excluded, and after `start`)."""
        return (start, end) if self.runs is None else (self._place(start)[0], self._place(end - 1)[1])

    @cached_property
    def _begins(self) -> tuple[int, ...]:
        return tuple(accumulate((length for _, _, length in self.runs or ()), initial=0))

    def _place(self, at: int) -> tuple[int, int]:
        number = bisect_right(self._begins, at) - 1
        start, end, length = (self.runs or ())[number]
        at += start - self._begins[number]
        return (at, at + 1) if end - start == length else (start, end)


def clean(text: str) -> Clean:
    """Read a field as given: any str, with decomposed accents, runs of blanks, zero-width characters, surrogates.

    What is written another way than it is read is mended: `donn&eacute;es`, `C.N.I.L.`, `santé¹`, a word cut by a line,
    `#DonnéesDeSanté`.
    """
    encoded = _encoded(text)
    blanks = encoded.translate(_BLANKS)
    if (mended := mend(text, _oddities(text, encoded, blanks))) is not None:
        inner = _unhidden(mended.text, _encoded(mended.text).translate(_BLANKS))
        return Clean(inner.text, mended.runs if inner.runs is None else through(mended.runs, inner.runs))
    return _unhidden(text, blanks)


def unhidden(text: str) -> Clean:
    """`clean`, for a text in which nothing is written oddly."""
    return _unhidden(text, _encoded(text).translate(_BLANKS)) if text else Clean(text)


def _unhidden(text: str, blanks: bytes) -> Clean:
    return Clean(text) if b"  " not in blanks and _DIRTY not in blanks else _cleaned(text, blanks)


# Of signs: C.N.I.L., C. N. I. L.; [1], [note 1], [a], (1), (*); hé-/berger; hébergeur(s), qualifié.e.s
_SIGN = re.compile(
    rb"[.\[(\-\x81\x8c](?:(?P<DOTTED>(?<=A\.)(?:A| A\.))|(?P<REFERENCE>(?<=\[)(?: ?0{1,3}|\x8c*)\](?!\()"
    rb"|(?<=\()(?:0|\x8c+)\))|(?P<NOTE>(?<=\x8c))|(?P<CUT>(?<=[-\x81]) ?\n)|(?P<BOTH>(?<=\()\)|(?<=\.)\.))"
)


def _oddities(text: str, encoded: bytes, blanks: bytes) -> tuple[Oddity, ...]:
    """What is written another way than it is read: asked of every text, so only of what is quickly seen."""
    if b"<" in blanks or ("&" in text and ENCODED.search(text)):
        return tuple(Oddity)  # once decoded, anything may be seen
    seen = {found.lastgroup for found in _SIGN.finditer(encoded.translate(_SIGNS, _SMALL))}
    if "·" in text:
        seen.add(Oddity.BOTH.name)
    if "#" in text:
        seen.add(Oddity.HASHED.name)
    return tuple(kind for kind in Oddity if kind.name in seen and _may_be(kind, text)) if seen else ()


def _may_be(kind: Oddity, text: str) -> bool:
    """A second look, at the text itself, for what its signs seldom mean."""
    match kind:
        case Oddity.CUT:
            return _is_cut(text)
        case Oddity.BOTH:
            return any(sign in text for sign in ("·", ".s", "(s)", "s)s", "(e)", "(es)", "e)s"))
        case Oddity.HASHED:
            return HASHED.search(text) is not None
        case _:
            return True


def _is_cut(text: str) -> bool:
    """Does a line end with a hyphen?"""
    return any(line.rstrip().endswith(HYPHENS) for line in text.split("\n"))


def fold_clean(text: str) -> bytes | bool:
    """The fold of a text that is clean as given; of one that is not, whether something in it is written oddly too."""
    encoded = _encoded(text)
    blanks = encoded.translate(_BLANKS)
    is_odd = bool(_oddities(text, encoded, blanks))
    if is_odd or b"  " in blanks or _DIRTY in blanks:
        return is_odd
    return encoded.translate(_TABLE)


# Runs of blanks and of characters to drop or expand, with the letter before them, which may take an accent.
_DIRTY_ZONE = re.compile(rb"[^ \x81]?(?:[ \x81]*\x81[ \x81]*| {2,})")


_DIRTY_BYTE = bytes((_DIRTY,))


def _dirty_zones(blanks: bytes) -> Iterator[re.Match[bytes]]:
    """From left to right. What is clean between two of them is passed over by `bytes.find`, not tried everywhere."""
    done, blank, dirty = 0, -1, -1
    while True:
        blank = _next(blanks, b"  ", blank, done)
        dirty = _next(blanks, _DIRTY_BYTE, dirty, done)
        place = min(blank, dirty)
        if place == len(blanks):
            return
        start = place - 1 if place > done and blanks[place - 1 : place] == b" " else place
        start = start - 1 if start > done and blanks[start - 1 : start] not in (b" ", _DIRTY_BYTE) else start
        zone = _DIRTY_ZONE.match(blanks, start)
        assert zone is not None
        yield zone
        done = zone.end()


def _next(blanks: bytes, sign: bytes, known: int, done: int) -> int:
    """The next place of a sign from `done` on, if the one known is passed; the length if there is none."""
    if known >= done:
        return known
    found = blanks.find(sign, done)
    return len(blanks) if found < 0 else found


def _cleaned(text: str, blanks: bytes) -> Clean:
    """Only the dirty zones are read character by character; between them the text is copied."""
    parts: list[str] = []
    runs: list[Run] = []
    done = 0
    for zone in _dirty_zones(blanks):
        is_plain = b"\x81" not in zone[0]  # a run of blanks after a letter: the letter is copied with what goes before
        edge = zone.end() - zone[0].count(b" ") if is_plain else zone.start()
        if done < edge:
            parts.append(text[done:edge])
            runs.append((done, edge, edge - done))
        if is_plain:
            parts.append(" ")
            runs.append((edge, edge + 1, 1))
            done = zone.end()
            continue
        for start, end, piece in _pieces(text, zone.start(), zone.end()):
            if piece == " " and parts and parts[-1][-1].isspace():
                continue
            parts.append(piece)
            runs.append((start, end, len(piece)))
        done = zone.end()
    if done < len(text):
        parts.append(text[done:])
        runs.append((done, len(text), len(text) - done))
    return Clean("".join(parts), tuple(runs))


def _pieces(text: str, begin: int, stop: int) -> list[tuple[int, int, str]]:
    """(start, end, clean characters) of each character of a zone that is not dropped, with its accents."""
    pieces: list[tuple[int, int, str]] = []
    for index, char in enumerate(text[begin:stop], begin):
        if not _is_dropped(char):
            pieces.append((index, index + 1, _piece(char)))
        elif pieces and unicodedata.combining(char):
            start, end, before = pieces[-1]
            composed = unicodedata.normalize("NFC", before + char)
            pieces[-1] = (start, index + 1, composed) if len(composed) == len(before) else (start, end, before)
    return pieces


def _piece(char: str) -> str:
    if char.isspace():
        return " "
    return _letters(char) if _is_expanded(char) else char


_SHOUTED_WORDS = 4
_SHOUTED_SHARE = 0.8
_LOWER = bytes(code for code in range(256) if chr(code).islower())


def is_shouted(text: str) -> bool:
    """Is this field of four words or more in capitals, for at least 80 % of its letters? Then case proves nothing."""
    letters = text.encode("latin-1", "replace")
    lower = len(letters) - len(letters.translate(None, _LOWER))
    if lower * _SHOUTED_SHARE > (len(text) - lower) * (1 - _SHOUTED_SHARE):  # even if all the rest were capitals
        return False
    upper = sum(map(str.isupper, text))
    cased = upper + sum(map(str.islower, text))
    return upper >= _SHOUTED_SHARE * cased > 0 and len(fold(text).split()) >= _SHOUTED_WORDS


@lru_cache(maxsize=1 << 12)
def exact(text: str) -> str:
    """`text` with its case and accents, without the style of its apostrophes, hyphens, blanks, digits and letters.

    Two spellings are the same to a `!` term when this is equal: `Gaia‑X` and `Gaia-X`, `EMC²` and `EMC2`.
    """
    plain = unicodedata.normalize("NFKC", text).replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae")
    plain = plain.replace("Æ", "AE")
    if not plain.isascii():
        plain = "".join(_full(char) or char for char in plain)
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())
