"""Terms as people write them, turned at compile time into the byte patterns that find them in folded text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product

from matchers.language.families import ACCENTED, FAMILIES
from matchers.language.text import AE, FOREIGN, OE, clean, exact, fold
from matchers.language.words import FEMININE, FEMININES, FIXED, MASCULINE, MASCULINES, PLURALS, SINGULARS
from matchers.late import late


class TermKind(StrEnum):
    """How a term is to be found."""

    INFLECTED = "inflected"  # text
    EXACT = "exact"  # text!
    PREFIX = "prefix"  # prefix*
    LITERAL = "literal"  # =text
    FAMILY = "family"  # ~family
    ENTITY = "entity"  # @entity
    REGEX = "regex"  # regex:expression
    SOURCE = "source"  # source:name of a feed
    ACT = "act"  # act:celex:32025R0327


@dataclass(frozen=True, slots=True)
class Term:
    """A term read: `written` is the YAML's, `text` what remains without its marks.

    `reach`: in how many fields it may stand, from the title on: 1 the title, 2 the summary too, 3 the text too.
    """

    written: str
    kind: TermKind
    text: str
    reach: int = 3


REACHES = {"title:": 1, "lead:": 2}


@lru_cache(maxsize=1 << 16)  # more than the terms of 1,000 lists: what is swept through in order never hits less
def parse(written: str) -> Term:
    """Read a term. Any text is a term; whether it can be found is for the linter to say."""
    body = written.strip()
    mark = next((mark for mark in REACHES if body.startswith(mark)), "")
    body = body.removeprefix(mark).strip()
    kind, text = _kind(body)
    if kind in _WRITTEN_OUT and _CLEAN.fullmatch(text) is None:
        text = clean(text).text  # as articles are read, so that a term finds its own text: C.N.I.L.
    return Term(written, kind, text.strip(), REACHES.get(mark, 3))


_WRITTEN_OUT = frozenset((TermKind.INFLECTED, TermKind.EXACT, TermKind.PREFIX, TermKind.LITERAL))


_CLEAN = late(r"[0-9A-Za-zÀ-ÖØ-öø-ÿŒœ'’-]+(?: [0-9A-Za-zÀ-ÖØ-öø-ÿŒœ'’-]+)*")  # most terms


def _kind(body: str) -> tuple[TermKind, str]:
    if body.startswith("regex:"):
        return TermKind.REGEX, body[6:]
    if body.startswith("source:"):
        return TermKind.SOURCE, body[7:]
    if body.startswith("act:"):
        return TermKind.ACT, body[4:]
    if body.startswith("@"):
        return TermKind.ENTITY, body[1:]
    if body.startswith("~"):
        return TermKind.FAMILY, body[1:]
    if body.startswith("="):
        return TermKind.LITERAL, body[1:]
    if body.endswith("!"):
        return TermKind.EXACT, body[:-1]
    if body.endswith("*"):
        return TermKind.PREFIX, body[:-1]
    return TermKind.INFLECTED, body


# --- families ------------------------------------------------------------------------------------------------------
_BY_FOLD = {fold(name): name for name in FAMILIES}


_OPERATORS = re.compile(r"^(?:title:|lead:)?[=~@]?(.*?)[!*]?$", re.DOTALL)


def bare(written: str) -> str:
    """A term without the marks that say where and how it is looked for."""
    return _OPERATORS.sub(r"\1", written)


def family(name: str) -> str | None:
    """The family of that name, accents or not; None if there is none."""
    return _BY_FOLD.get(fold(name.strip()))


# --- inflection ----------------------------------------------------------------------------------------------------
_GENDERS: tuple[tuple[str, str], ...] = (  # ending of the masculine, and of the feminine; the first that fits
    ("eux", "euse"),
    ("teur", "trice"),
    ("ieur", "ieure"),
    ("eur", "euse"),
    ("ien", "ienne"),
    ("yen", "yenne"),
    ("éen", "éenne"),
    ("if", "ive"),
    ("el", "elle"),
    ("al", "ale"),
    ("é", "ée"),
    ("ier", "ière"),
    ("er", "ère"),
    ("ain", "aine"),
    ("in", "ine"),
    ("ais", "aise"),
    ("ois", "oise"),
    ("and", "ande"),
    ("ard", "arde"),
    ("ourd", "ourde"),
    ("aud", "aude"),
)
_LONG_GENDERS = (("ant", "ante"), ("ent", "ente"))  # from six letters on: not chant, plant, vent
_GENDERED_LETTERS = 6
# The way back is taken only for endings that are adjectives nearly always
_NO_WAY_BACK = frozenset(("arde", "ande", "aude"))
# Nouns in -té: a phrase of two of them had four times the forms
_NO_FEMININE = (
    "ment", "isme", "curité", "neté", "alité", "sibilité", "versité", "orité", "ciété", "santé", "berté"
)  # fmt: skip
_SHORTEST, _INFLECTED_LETTERS = 3, 4
_MOST_FORMS = 96


@lru_cache(maxsize=1 << 14)
def inflections(word: str) -> frozenset[str]:
    """The plural, singular, feminine and masculine of a French word, itself included.

    Fixed words, names with a capital inside and words of one or two letters stay alone; a name (one capital, in front)
    has no gender. An acronym (CHU) has the s that some give it (CHUs); of three letters (vol, loi, clé) the ending
    tells no gender, and hardly a plural: only the plural is added.
    """
    lower = word.lower()
    is_short = len(word) < _SHORTEST or not word.isalpha()
    if not is_short and word.isupper() and not lower.endswith(("s", "x", "z")):
        return frozenset((word, lower + "s"))
    if is_short or lower in FIXED or any(char.isupper() for char in word[1:]):
        return frozenset((word,))
    if len(word) < _INFLECTED_LETTERS:
        return frozenset((word, _plural(lower), *_known_feminine(word)))
    singular = _singular(lower)
    if not word[0].islower():
        return frozenset((word, singular, _plural(singular)))
    bases = {singular, _masculine(singular)}
    genders = bases | {_feminine(base) for base in bases}
    return frozenset((word, *genders, *map(_plural, genders)))


def _known_feminine(word: str) -> tuple[str, ...]:
    return (FEMININES[word], _plural(FEMININES[word])) if word in FEMININES else ()


def _singular(word: str) -> str:
    if word in SINGULARS:
        return SINGULARS[word]
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-3] + "al"
    if word.endswith(("s", "x")) and not word.endswith(("ss", "eux", "us", "ais", "ois", "is")):
        return word[:-1]
    return word[:-1] if word.endswith(("ais", "ois", "us", "is")) and word[:-1] in MASCULINE | FEMININE else word


def _masculine(word: str) -> str:
    if word in FEMININE:
        return word
    if word in MASCULINES:
        return MASCULINES[word]
    for masculine, feminine in (*_GENDERS, *_long_genders(word)):
        if word.endswith(feminine) and feminine not in _NO_WAY_BACK:
            return word.removesuffix(feminine) + masculine
    return word


def _feminine(word: str) -> str:
    if word in MASCULINE or word in FEMININE or word.endswith(_NO_FEMININE):
        return word
    if word in FEMININES:
        return FEMININES[word]
    for masculine, feminine in (*_GENDERS, *_long_genders(word)):
        if word.endswith(masculine):
            return word.removesuffix(masculine) + feminine
    return word


def _long_genders(word: str) -> tuple[tuple[str, str], ...]:
    return _LONG_GENDERS if len(word) >= _GENDERED_LETTERS else ()


def _plural(word: str) -> str:
    if word in PLURALS:
        return PLURALS[word]
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word + ("x" if word.endswith(("eau", "eu")) else "s")


# --- patterns ------------------------------------------------------------------------------------------------------
_WORD = late(r"[^\W_]+")


def forms(term: Term, *, entity: bool = False) -> tuple[str, ...]:
    """Every form of the term, sorted. In an alias of an entity only words without capitals are inflected.

    None for an entity; empty if the family is unknown.
    """
    match term.kind:
        case TermKind.FAMILY:
            name = family(term.text)
            return tuple(sorted(FAMILIES[name])) if name else ()
        case TermKind.INFLECTED:
            return _phrases(term.text, entity=entity)
        case _:
            return (term.text,)


def _phrases(text: str, *, entity: bool) -> tuple[str, ...]:
    choices = [_forms_of(word, entity=entity) for word in _WORD.findall(text)]
    # A phrase of many long words would have thousands of forms, most of them no French.
    return tuple(sorted({" ".join(picked) for picked in islice(product(*choices), _MOST_FORMS)}))


def _forms_of(word: str, *, entity: bool) -> list[str]:
    """The forms of a word of a phrase, itself first."""
    if entity and not word.islower():
        return [word]
    return sorted(inflections(word), key=lambda form: (form != word, form))


@dataclass(frozen=True, slots=True)
class _Folded:
    """The forms of a word of a phrase, folded, itself first. `is_plain`: each has one spelling, whatever stands beside
    it; `is_headed`: one of them may be written with a hyphen."""

    forms: tuple[bytes, ...]
    is_plain: bool
    is_headed: bool


@lru_cache(maxsize=1 << 14)
def _folded_forms(word: str, entity: bool) -> _Folded:
    written = _forms_of(word, entity=entity)
    folded = fold(" ".join(written))
    forms = tuple(folded.split())
    is_plain = _SPELT_TWO_WAYS.search(folded) is None and len(forms) == len(written) and b"n" not in forms
    return _Folded(forms, is_plain, not is_plain or _COMPOUND.search(b" " + folded) is not None)


@lru_cache(maxsize=1 << 16)
def patterns(term: Term, *, entity: bool = False) -> frozenset[bytes]:
    """The forms of the term, folded and padded with blanks: a field to search has a blank before and after it."""
    words = _words_of(term.text, entity) if term.kind is TermKind.INFLECTED else ()
    if words and all(word.is_plain for word in words):  # most phrases: a word is folded once, whatever stands beside it
        picks = islice(product(*(word.forms for word in words)), _MOST_FORMS)
        return frozenset([b" %b " % b" ".join(picked) for picked in picks])
    after = b"" if term.kind is TermKind.PREFIX else b" "
    return frozenset(
        b" " + spelling + after for form in forms(term, entity=entity) for spelling in _spellings(_folded(form))
    )


@lru_cache(maxsize=1 << 12)
def _words_of(phrase: str, entity: bool) -> tuple[_Folded, ...]:
    return tuple([_folded_forms(word, entity) for word in _WORD.findall(phrase)])


def accented(term: Term) -> dict[bytes, str]:
    """The patterns of a family that folding confuses with another word, and the form that must then stand there."""
    name = family(term.text) if term.kind is TermKind.FAMILY else None
    return {b" %b " % _folded(form): form for form in FAMILIES[name] & ACCENTED} if name else {}


def is_findable(term: Term) -> bool:
    """Has the term a letter or a digit that can be looked for? Of a term that is neither family nor entity."""
    folded = fold(term.text.strip("=*") if term.kind is TermKind.SOURCE else term.text)
    return not folded.isspace() and folded != b"" and FOREIGN not in folded


def _folded(form: str) -> bytes:
    return b" ".join(fold(form).split())


def _spellings(folded: bytes) -> set[bytes]:
    """With and without ligatures; none for what folds to nothing, or to an alphabet that is not read."""
    if not folded or FOREIGN in folded:
        return set()
    joined = folded.replace(b"oe", OE).replace(b"ae", AE)
    spellings = {folded, joined, joined.replace(OE, b"oe").replace(AE, b"ae")}
    return spellings | {_NUMERO.sub(b"no", spelling) for spelling in spellings} if b"n " in folded else spellings


_SPELT_TWO_WAYS = late(rb"oe|ae|[" + OE + AE + bytes((FOREIGN,)) + rb"]")
_NUMERO = late(rb"\bn(?= [0-9])")  # n° 5, which many type no 5


_SYLLABLE = 2  # letters, at least, on either side of a hyphen in a word
# Of the words that begin so, the press writes many with a hyphen
_HEADS = "cyber|extra|tele|multi|hyper|data|web|inter(?=oper|hosp|minis|regi|prof)|co(?=e)"
_COMPOUND = late(rf"(?<= )(?:{_HEADS})(?=[a-z]{{4}})".encode())
_HEADED = late(r"\b(cyber|extra|inter|télé|anti|multi|hyper|micro|data|web|co)[-\u2011](?=[^\W\d_]{4})")
_CAMEL = late(r"(?<=[a-zà-ÿ]{2})(?=[A-Z])")  # SecNum|Cloud


def hyphenated(term: Term, *, entity: bool = False) -> dict[bytes, int]:
    """What a term looks like where the text has a hyphen that it is not written with, and after how many characters of
    it: extraterritorial* in extra-territoriales, cybersécurité in cyber-sécurité, SecNumCloud in SecNum-Cloud."""
    match term.kind:
        case TermKind.PREFIX:
            return {b" %b %b" % (word[:at], word[at:]): at for word in _prefixes(term) for at in _within(word)}
        case TermKind.INFLECTED | TermKind.LITERAL:
            if _CAMEL.search(term.text) is None and not _is_compound(term, entity=entity):  # most terms
                return {}
            forms = patterns(term, entity=entity)
            humps = _humps(term)
            camels = {pattern: [*_camels(humps, pattern)] for pattern in forms}
            return {
                pattern[:at] + b" " + pattern[at:]: at - 1
                for pattern in forms
                for at in (*(head.end() for head in _COMPOUND.finditer(pattern)), *camels[pattern])
            } | {spaced: after for pattern in forms for spaced, after in _spaced(pattern, camels[pattern])}
        case _:
            return {}


def _is_compound(term: Term, *, entity: bool) -> bool:
    """May one of its patterns be written with a hyphen after the beginning of a word?"""
    if term.kind is TermKind.INFLECTED:
        return any(word.is_headed for word in _words_of(term.text, entity))
    return _COMPOUND.search(b"".join(patterns(term))) is not None


def _prefixes(term: Term) -> Iterable[bytes]:
    return (word for word in _spellings(_folded(term.text)) if b" " not in word)


def _within(word: bytes) -> range:
    return range(_SYLLABLE, len(word) - _SYLLABLE + 1)


def _humps(term: Term) -> Sequence[tuple[bytes, Sequence[int]]]:
    """The words of a term that hold a capital, folded, and where they do."""
    found = ((word, [hump.start() for hump in _CAMEL.finditer(word)]) for word in _WORD.findall(term.text))
    return [(b" %b " % fold(word), places) for word, places in found if places]


def _camels(humps: Iterable[tuple[bytes, Iterable[int]]], pattern: bytes) -> Iterable[int]:
    """Where, in a pattern of the term, a capital stands within a word of it."""
    for word, places in humps:
        if at := pattern.find(word) + 1:
            yield from (at + place for place in places)


def _spaced(pattern: bytes, camels: Sequence[int]) -> Iterable[tuple[bytes, int]]:
    """The pattern cut wherever a capital stands within a word, where there are several: Sec-Num-Cloud."""
    if len(camels) > 1:
        edges = zip([0, *camels], [*camels, len(pattern)], strict=True)
        yield b" ".join(pattern[start:end] for start, end in edges), camels[0] - 1


def unhyphenated(term: Term, *, entity: bool = False) -> frozenset[bytes]:
    """What a term that is written with a hyphen looks like without it: a prefix, and co-entreprise, cyber-attaque."""
    if "-" not in term.text and "\u2011" not in term.text:
        return frozenset()
    if term.kind is TermKind.PREFIX:
        joined = term.text.replace("-", "").replace("\u2011", "")
        return frozenset(b" " + word for word in _spellings(_folded(joined)) if joined != term.text)
    joined = _HEADED.sub(r"\1", term.text)
    return frozenset() if joined == term.text else patterns(replace(term, text=joined), entity=entity)


# --- misspelt surnames -----------------------------------------------------------------------------------------------
_SURNAME_LETTERS = 6
_SAFE_LETTERS = 3  # the press errs at the end of a name, not at its beginning


def surname(alias: str) -> tuple[bytes, bytes] | None:
    """What stands before the surname of a person's name, and the surname; None if it is too short to be misspelt."""
    first, _, last = _folded(parse(alias).text).rpartition(b" ")
    return (first, last) if len(last) >= _SURNAME_LETTERS and last.isalpha() else None


def misspelt(first: bytes, last: bytes) -> bytes:
    """The pattern of what may be a surname misspelt, after the same first names if there are any."""
    return b" %b %b" % (first, last[:_SAFE_LETTERS]) if first else b" %b" % last[: _SAFE_LETTERS + 1]


def is_one_letter_off(one: bytes, other: bytes) -> bool:
    """Does one letter more, less or other, or two letters in the other order, make one word of the other?"""
    if len(one) > len(other):
        one, other = other, one
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return len(other) - len(one) == 1 and one[same:] == other[same + 1 :]
    if one[same + 1 :] == other[same + 1 :]:
        return one != other
    return one[same : same + 2] == other[same : same + 2][::-1] and one[same + 2 :] == other[same + 2 :]


# --- sources -------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1 << 12)
def _source_pattern(written: str) -> re.Pattern[bytes]:
    text = parse(written).text
    words = re.escape(_folded(text.removeprefix("=").removesuffix("*")))
    if text.startswith("="):
        return re.compile(rb"\A %b \Z" % words)
    return re.compile(rb" %b" % words if text.endswith("*") else rb" %b " % words)


def is_from(written: str, source: str) -> bool:
    """Does a name of the source, one a line, fit this `source:` term? `source:=Le Monde` wants a whole name."""
    pattern = _source_pattern(written)
    return any(pattern.search(b" %b " % _folded(name)) for name in source.splitlines())


# --- exactness -----------------------------------------------------------------------------------------------------
_ACRONYM = late(r"[A-Z]{2,}(?<!S)")


def plural_of_acronym(term: Term) -> Term | None:
    """An exact acronym with the s of a plural: CHUs for CHU!; None of anything else."""
    if term.kind is not TermKind.EXACT or not _ACRONYM.fullmatch(term.text):
        return None
    return replace(term, text=term.text + "s")


@dataclass(frozen=True, slots=True)
class Exactness:
    """What an exact term asks of the original text: the same letters, and the symbols it wears (`HDS+!`)."""

    letters: str
    before: str
    after: str


_SILENT = late(r"[\s\"'’‘ʼ«»“”.,;:-]|[\u2010-\u2015]")


def exactness(term: Term) -> Exactness:
    """What to ask of a hit of this exact term."""
    found = [match.span() for match in _WORD.finditer(term.text)]
    first, last = (found[0][0], found[-1][1]) if found else (0, len(term.text))
    return Exactness(exact(term.text), _SILENT.sub("", term.text[:first]), _SILENT.sub("", term.text[last:]))
