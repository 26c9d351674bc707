"""Which official acts an article names: only what stands around certain words and a number near them is read. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from matchers.acts import act_forms as forms
from matchers.acts.act_forms import DASHES, SLASHES, ActMention, Passage, shape
from matchers.language.text import clean, fold
from matchers.late import late
from matchers.model import Article
from matchers.scan.automaton import Automaton, Raw
from matchers.scan.page import Layout, lay_out
from matchers.sites import host

_Reader = Callable[[Passage], Iterator[ActMention]]
_DASHES = frozenset(DASHES)


@dataclass(frozen=True, slots=True)
class Citation:
    """One act named in a text. `start` and `end`: code points of the text as given; `text`: what stands there."""

    id: str
    text: str
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class _Gate:
    """What has a form looked for: one of its words, and `number` so many characters before or after its beginning.

    `words` are folded, and begin a word; `gap`: what the group of `number` holds in the text; `case`: as it begins.
    """

    read: _Reader
    words: tuple[str, ...]
    number: re.Pattern[bytes]
    before: int = 0
    after: int = 110
    gap: frozenset[str] = frozenset()
    case: str = ""


_PAIR = late(rb"[0-9]( {1,3})[0-9]")
_DAY = late(rb"[0-9](?: ?er)? {1,2}(?:janv|fevr?|mar|avr|apr|mai|may|jui|jun|jul|aou|aug|sep|oct|nov|dec)[a-z]*"
                  rb" {1,2}[12]|[0-9]{2} [0-9]{2} (?:19|20)[0-9]{2}")  # fmt: skip
_SIX = late(rb"[0-9]{3} ?[0-9]{3}")
_APPEALS = late(rb"[0-9]{2} ?(?:pa|ly|nt|bx|ma|da|do|nc|ve|tl) ?[0-9]")
_NOR = late(rb"[a-z]{4}[0-9]{7}[a-z]")
_ANY = late(rb"")

_LAWS = (
    "loi ",
    "lois ",
    "ordonnance ",
    "ordonnances ",
    "decret ",
    "decrets ",
    "decr ",
    "ord ",
    "l  n",
    "d  n",
    "l  20",
    "d  20",
    "l  19",
    "d  19",
)
_DIGITS, _BLANKS = "0123456789", (" ", "  ", "   ")
_GATES = (
    _Gate(forms.laws, _LAWS, _PAIR, gap=_DASHES),
    _Gate(forms.dated_laws, _LAWS[:6], _DAY),
    _Gate(forms.arretes, ("arrete ", "arretes ", "arr ", *(f"a  {digit}" for digit in _DIGITS)), _DAY),
    _Gate(forms.issues, ("jo ", "j o ", "jorf ", "journal officiel "), _DAY, after=90),
    _Gate(forms.gazetted, ("nor ",), _NOR, after=20),
    _Gate(forms.gazetted, ("jorftext", "cniltext"), _ANY),
    _Gate(forms.gazetted, ("eli ",), _NOR, after=70),
    _Gate(forms.cnil, ("cnil ", "commission nationale ", "formation restreinte ", "deliberation ", "deliberations ",
                       "delib ", "del "), _PAIR, 320, 320, _DASHES),
    _Gate(forms.cnil, tuple(f"{series}{gap}20" for series in ("san", "medp", "med", "dr") for gap in _BLANKS),
          _PAIR, after=20, gap=_DASHES | {" "}),
    _Gate(forms.union, ("reglement ", "reglements ", "regulation ", "regulations ", "regl ", "directive ",
                        "directives ", "dir ", "decision ", "decisions ", "dec ", "eli "),
          _PAIR, 0, 120, SLASHES | _DASHES),
    _Gate(forms.union, ("act ", "rgpd ", "gdpr ", "dora ", "dma ", "dsa ", "cra ", "eidas ", "ehds ", "eeds ", "mica ",
                        "nis ", "nis2 ", "cer ", "dsp "), _PAIR, 0, 24, SLASHES),
    _Gate(forms.union, ("celex ",), _ANY),
    _Gate(forms.european_courts, tuple(f"{court}{gap}{digit}" for court in "ct" for gap in ("", *_BLANKS)
                                       for digit in _DIGITS), _PAIR, 0, 12, SLASHES),
    _Gate(forms.tenders, ("boamp ", "idweb ", "ted ", "joue ", "jo s ", "jo ue "), _PAIR, 120, 90, _DASHES),
    _Gate(forms.tenders, tuple(f"20{year} s " for year in range(15, 40)), _PAIR, 0, 24, _DASHES),
    _Gate(forms.tenders, ("com 20", "com  20", "com 19", "com  19"), _ANY, case="COM"),
    _Gate(forms.council, ("conseil d etat ", "cons  d etat "), _SIX, 90, 120),
    _Gate(forms.council, ("ecli ", "arianeweb ", *(f"eu {court} {age}" for court in "ctf" for age in (19, 20))), _ANY),
    _Gate(forms.council, ("ce  ", "ce n  ", "ce n s ", "ce nos ",
                          *(f"ce {sign}{digit}" for sign in ("n ", "") for digit in _DIGITS),
                          *(f"ce {word}" for word in ("du ", "ass ", "sect ", "ord ", "ref ", "req ", "ch"))),
          _SIX, 60, 120, case="CE"),
    _Gate(forms.courts, ("dc ", "qpc "), _PAIR, 24, 4, _DASHES),
    _Gate(forms.courts, ("cass ", "cassation ", "pourvoi ", "pourvois "), _PAIR, 60, 130, _DASHES),
    _Gate(forms.courts, ("conseil constitutionnel fr decision ",), _ANY),
    _Gate(forms.bills, ("senat fr dossier ", "senat fr leg ", "assemblee nationale fr dyn "), _ANY),
    _Gate(forms.courts, ("crim  ", "civ  ", "soc  ", "com  "), _PAIR, 0, 60, _DASHES),
    _Gate(forms.courts, ("caa ", "cour administrative d appel "), _APPEALS, 0, 140),
)  # fmt: skip
_BY_WORD: dict[str, list[_Gate]] = {}
for _each in _GATES:
    for _word in _each.words:
        _BY_WORD.setdefault(_word, []).append(_each)

WORDS: tuple[bytes, ...] = tuple(f" {word}".encode() for word in _BY_WORD)
"""The patterns for the automaton: a blank, then what begins a word."""
_OF_WORD = tuple(tuple(gates) for gates in _BY_WORD.values())

_BEFORE, _AFTER = 420, 640  # characters read around a word: a sentence before, and a list of numbers after
_EDGE = 80  # a number so near the end of what was read may go on
_CNIL = late(rb" (?:cnil|commission nationale (?:de )?(?:l )?informatique|formation restreinte) ")

Sighting = tuple[int, int]
"""The number of a word of WORDS, and where it begins in the haystack."""


def named(page: Layout, seen: Iterable[Sighting]) -> tuple[ActMention, ...]:
    """The acts that an article names, each once, in the order in which they stand, at places of its haystack."""
    asked = sorted(
        ((at - 1, gate) for word, at in seen for gate in _OF_WORD[word] if _is_open(gate, page, at)),
        key=lambda each: each[0],
    )
    found = list(_linked(page))
    if asked:
        article = _Whole.of(page)
        found += (each for window in _windows(asked) for each in article.read(*window))
    found.sort(key=lambda each: (each.start, -each.end, each.id))
    return tuple({each.id: each for each in reversed(found)}.values())[::-1]


def _linked(page: Layout) -> Iterator[ActMention]:
    """The acts to which words of the text lead, where these words stand in it; none where they were cut away."""
    for link in page.article.links:
        phrase, words = _on_the_fold(link.before + link.words), _on_the_fold(link.words)
        at = page.haystack.find(phrase, page.begins[2])
        if words and at >= 0:
            start = at + len(phrase) - len(words)
            yield ActMention(link.id, start, start + len(words), sure=True)


def _on_the_fold(words: str) -> bytes:
    return fold(clean(words).text)


def _is_open(gate: _Gate, page: Layout, at: int) -> bool:
    """Does such a number stand near this word?"""
    for found in gate.number.finditer(page.haystack, max(at - gate.before, 0), at + gate.after):
        if not gate.gap or not gate.gap.isdisjoint(page.chars(*found.span(1))):
            return not gate.case or page.chars(at, at + len(gate.case)) == gate.case  # asked last: it is dear
    return False


def _windows(asked: Sequence[tuple[int, _Gate]]) -> Iterator[tuple[int, int, frozenset[_Reader]]]:
    """Start, end and readers of what is to be read; words that stand near each other are read at once."""
    start = end = -_BEFORE
    readers = set[_Reader]()
    for at, gate in asked:
        if readers and at - _BEFORE > end:
            yield start, end, frozenset(readers)
            readers = set()
        if not readers:
            start = at - _BEFORE
        end = at + _AFTER
        readers.add(gate.read)
    yield start, end, frozenset(readers)


@dataclass(frozen=True, slots=True)
class _Whole:
    """An article as one text, its fields as sentences. A place in it is one less than in the haystack."""

    page: Layout
    text: str
    host: str
    cnil: bool

    @classmethod
    def of(cls, page: Layout) -> "_Whole":
        return cls(page, ". ".join(page.texts), host(page.article.url), _CNIL.search(page.haystack) is not None)

    def _stop(self, begin: int, end: int) -> int:
        """The last blank before a place; behind it the next one, or the end, where a single word goes on."""
        if end >= len(self.text):
            return len(self.text)
        if (stop := self.text.rfind(" ", begin, end)) < 0:
            stop = self.text.find(" ", end)
        return stop if stop >= 0 else len(self.text)

    def read(self, start: int, end: int, readers: frozenset[_Reader]) -> Iterator[ActMention]:
        """What stands between two places, and further on as long as a list of numbers goes on there."""
        begin = self.text.find(" ", start) + 1 if start > 0 else 0
        while True:
            stop = self._stop(begin, end)
            plain = self.text[begin:stop]
            passage = Passage(plain, shape(self.page.haystack[begin + 1 : stop + 1], plain), self.host, self.cnil)
            found = [each for read in readers for each in read(passage)]
            if stop == len(self.text) or all(each.end < len(plain) - _EDGE for each in found):
                break
            end += 2 * (end - begin)
        return (ActMention(each.id, each.start + begin + 1, each.end + begin + 1, each.sure) for each in found)


# --- a text by itself ----------------------------------------------------------------------------------------------
@cache
def _automaton() -> Automaton:
    return Automaton(WORDS)


def sightings(raw: Iterable[Raw]) -> Iterator[Sighting]:
    """Of what an automaton of WORDS alone has found."""
    return ((word, start + 1) for word, start, _ in raw)


def acts(article: Article) -> tuple[Citation, ...]:
    """The acts named in an article that no engine reads, each id once, in the order in which they stand. The host of
    its address says whose délibération is meant."""
    page = lay_out(article)
    return tuple(_cited(page, each) for each in named(page, sightings(_automaton().find(page))))


def _cited(page: Layout, found: ActMention) -> Citation:
    # a court may stand in the title, its number in the lead
    field, start, end = page.place((found.start, page.kept(found.start, found.end)))
    text: str = getattr(page.article, field)
    return Citation(found.id, text[start:end], start, end, found.sure)


# --- an id that somebody asks for ----------------------------------------------------------------------------------
_ID = late(r"[a-z]{2,10}[:@][A-Za-z0-9][A-Za-z0-9./:-]{2,40}")
_BARE: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (late(r"[0-9]{4}-[0-9]{1,5}"), ("decret:{}", "loi:{}", "ordonnance:{}", "cnil:{}")),
    (late(r"[0-9]{2}-[0-9]{4,6}"), ("boamp:{}", "loi:{}", "decret:{}")),
    (late(r"[0-9]{2}-[0-9]{1,3}"), ("loi:{}", "cnil:{}")),
    (late(r"(?:SAN|MED|MEDP|DR)-[0-9]{4}-[0-9]{3}"), ("cnil:{}",)),
    (late(r"[A-Z]{4}[0-9]{7}[A-Z]"), ("nor:{}",)),
    (late(r"JORFTEXT[0-9]{12}"), ("jorf:{}",)),
    (late(r"CNILTEXT[0-9]{12}"), ("cniltext:{}",)),
    (late(r"3[0-9]{4}[RLDF][0-9]{4}"), ("celex:{}",)),
    (late(r"[CT]-[0-9]{1,4}/[0-9]{2}"), ("cjue:{}",)),
    (late(r"[0-9]{6}"), ("ce:{}",)),
)


def is_id(written: str) -> bool:
    """Has it the form of a sure id: a kind, a colon, a number?"""
    return _ID.fullmatch(written) is not None and "@" not in written


def meant(asked: str) -> tuple[str, ...]:
    """The ids that somebody who asks for an act may mean: an id, a citation, or a bare number; () for none."""
    asked = asked.strip()
    if _ID.fullmatch(asked):
        return (asked,)
    if found := acts(Article(text=asked)):
        return tuple(each.id for each in found)
    bare = re.sub("[\u2010-\u2015]", "-", asked).upper()
    named = (forms for shape_of, forms in _BARE if shape_of.fullmatch(bare))
    if number := re.fullmatch(r"(20[0-9]{2})/([0-9]{1,4})", bare):
        return tuple(f"celex:3{number[1]}{letter}{int(number[2]):04}" for letter in "RLD")
    return tuple(form.format(bare) for forms in named for form in forms)
