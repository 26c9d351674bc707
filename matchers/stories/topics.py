"""What an article tells of its event: words, names, figures, steps, acts and dates. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import Stemmer

from matchers.acts.act_roles import ActNames
from matchers.language import places
from matchers.language.figures import MONTHS, figures
from matchers.language.text import clean, is_shouted
from matchers.stories import steps
from matchers.stories.grouping import Grouping, Topic

_STEMMER = Stemmer.Stemmer("french")
_TOKEN = re.compile(r"[^\W_]+(?:[.²][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[^\W\d]{3})[.!?…]+(?:\s|\Z)")
_OPENS = re.compile(r"(?:^|[.!?…:»]\s+|[«“\"(–—-]\s*)$")  # what stands before the word that begins a sentence
_BEFORE = 3  # characters looked at for that
_FIRST_SENTENCE = 250  # characters at most
DOES = "!"
"""Ends the name of who obtains, buys, gives up."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity seen in title or lead: where, in code points of that field. `actor`: it does things, as a company or a
    person; a law, a label or the authority that everybody in the domain cites does not tell one event from another.
    `label`: it is what one gets or loses."""

    entity: str
    title: bool
    start: int
    end: int
    actor: bool = True
    label: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Why the article was kept: the watchlists that match, and what of title or lead they matched, as (title?, start,
    end)."""

    lists: tuple[str, ...] = ()
    hits: tuple[tuple[bool, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    """The acts that it names, and where title and lead do, as (title?, start, end): no words of an event."""

    names: ActNames = field(default_factory=ActNames)
    places: tuple[tuple[bool, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    stem: str
    name: bool
    start: int
    end: int
    opens: bool  # the first of its sentence: its capital says nothing


def read(
    title: str,
    lead: str,
    named: Sequence[Named],
    grouping: Grouping,
    asked: Asked = Asked(),
    cited: Cited = Cited(),
) -> Topic:
    """The event as title and lead tell it. `lead` may be the whole text: its first characters are read."""
    lead = _cut(lead, grouping.lead)
    seen = named if grouping.has("entities") else ()
    earlier, before = _earlier(title), [*_earlier(lead), *_furniture(lead)]
    heading = [each for each in seen if each.title and not _within(each.start, each.end, earlier)]
    below = [each for each in seen if not each.title and not _within(each.start, each.end, before)]
    headed = [each for each in _words(title) if not _within(each.start, each.end, earlier)]
    led = [each for each in _words(lead) if not _within(each.start, each.end, before)]
    above, under = ([span[1:] for span in cited.places if span[0] is is_title] for is_title in (True, False))
    first, second = _terms(title, headed, heading, above), _terms(lead, led, below, under)
    subject = _asked_for(headed, led, asked)
    bodies, lower = _bodies(title, headed), _bodies(lead, led)
    proper = [
        *(w for w in _loose(headed, heading) if w not in bodies),
        *(w for w in _loose(led, below) if w not in lower),
    ]
    names = {word.stem for word in proper if not word.opens}.union(bodies.values(), lower.values())
    names |= {f"@{each.entity}" for each in seen if each.actor}
    actors = tuple(sorted({*_names(headed, heading, bodies), *_doers(title, headed, heading)}))
    others = _names(led, below, lower)
    opening = f"{title}. {_opening(lead)}"
    return Topic(
        title=tuple(sorted(first)),
        lead=tuple(sorted(second - first)),
        names=tuple(sorted(names)),
        openers=tuple(sorted({word.stem for word in proper if word.opens} - names)),
        subject=tuple(sorted(subject | {row for row in first | second if _is_made_of(row, subject)})),
        lists=tuple(sorted(asked.lists)),
        actors=actors,
        named=others,
        said=tuple(sorted(_capitals(headed, bodies) | _capitals(led, lower) | {*actors, *others})),
        acts=_acts(opening, cited),
        cited=tuple(sorted(cited.names.lead)),
        own=cited.names.own,
        dates=dates(opening),
        hit=_hit(title, headed, heading),
        step=steps.step(_said(title)) or steps.step(title) or steps.step(_opening(lead)),
        labels=tuple(sorted({each.entity for each in heading if each.label})),
        roundup=is_roundup(title),
    )


def _asked_for(headed: Sequence[_Word], led: Sequence[_Word], asked: Asked) -> set[str]:
    """The words of title and lead that a list asks for."""
    return {
        word.stem
        for words, is_title in ((headed, True), (led, False))
        for word in words
        if any(hit[0] == is_title and hit[1] < word.end and word.start < hit[2] for hit in asked.hits)
    }


def acts_of(title: str, lead: str, grouping: Grouping, cited: Cited) -> Topic:
    """Of that event its acts alone: by nothing else does the topic of what nobody is told count, whose copy it is."""
    opening = f"{title}. {_opening(_cut(lead, grouping.lead))}"
    return Topic(acts=_acts(opening, cited), cited=tuple(sorted(cited.names.lead)), own=cited.names.own)


def _acts(opening: str, cited: Cited) -> tuple[str, ...]:
    return tuple(sorted({*bulletins(opening), *cited.names.title}))


def _is_made_of(term: str, words: set[str]) -> bool:
    return term.startswith("^") and words.issuperset(term[1:].split())


def spelled(terms: Iterable[str], text: str) -> dict[str, str]:
    """How a text writes these stems and figures, the first time; those that it does not hold are left out."""
    plain, wanted, found = clean(text).text, set(terms), dict[str, str]()
    if not wanted:
        return found
    for figure, start, end in figures(plain):
        if figure in wanted:
            found.setdefault(figure, plain[start:end])
    for word in _words(text):
        if word.stem in wanted:
            found.setdefault(word.stem, plain[word.start : word.end])
    return found


def heading(title: str, site: str) -> str:
    """A title without the name of its own site at the end: « … - Clubic » of clubic.com."""
    end = _OUTLET.search(title)
    if end is None:
        return title
    name, host = _letters(end[1]), _letters(site.rpartition(".")[0])
    return title[: end.start()] if min(len(name), len(host)) > 1 and (name in host or host in name) else title


_OUTLET = re.compile(r"\s[-–—|·]\s((?:[^-–—|·]|(?<=\w)-(?=\w)){2,60})\Z")  # « Ouest-France » is one name


def _letters(text: str) -> str:
    return re.sub("[^a-z0-9]", "", clean(text).folded.decode("latin-1"))


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    border = text.rfind(" ", 0, length + 1)
    return text[: border if border > 0 else length]


# Who was hit, fined or chosen before says nothing of who is now: « après Viamedis », « trois jours après Vierzon »
_EARLIER = re.compile(
    r"\b[Aa]près\s+(?:l[ae]s?\s+|l['’])?((?:[^\W\d_a-zà-ÿ][\w'’-]*)(?:\s+(?:de\s+|et\s+)?[^\W\d_a-zà-ÿ][\w'’-]*)*)"
)


# « après celle qui a touché le ministère » : all that follows is of the event before
_EARLIER_ONE = re.compile(r"\b[Aa]près\s+(?:celles?|celui|ceux)\s+([^.?!;:]{3,120})")


def _earlier(text: str) -> list[tuple[int, int]]:
    plain = clean(text).text
    return [found.span(1) for form in (_EARLIER, _EARLIER_ONE) for found in form.finditer(plain)]


def _furniture(text: str) -> list[tuple[int, int]]:
    """What a page says of itself: who signed it, and whose the photograph is, are no names of the event."""
    return [found.span() for found in _FURNITURE.finditer(clean(text).text)]


def _said(title: str) -> str:
    """What a title says after its theme: « Rachat de Galerne : des députés protestent » tells no purchase."""
    return _THEME.split(title, 1)[-1]


_THEME = re.compile(r"\s:\s")


def _opening(lead: str) -> str:
    """The first sentence."""
    end = _SENTENCE.search(lead)
    return lead[: min(end.start() if end else len(lead), _FIRST_SENTENCE)]


# --- words ---------------------------------------------------------------------------------------------------------
def _words(text: str) -> list[_Word]:
    shouted, plain = is_shouted(text), clean(text).text
    found = []
    for match in _TOKEN.finditer(plain):
        written = match[0]
        if len(written) > 1 or written.isdigit():
            start, end = match.span()
            inner = any(map(str.isupper, written[1:]))
            name = not shouted and (written[0].isupper() or inner)
            opens = name and not inner and _OPENS.search(plain[max(start - _BEFORE, 0) : start]) is not None
            found.append(_Word(stem(written), name, start, end, opens))
    return found


@lru_cache(32_768)
def stem(written: str) -> str:
    """The stem of a word, folded."""
    found: str = _STEMMER.stemWord(written.casefold())
    folded = clean(found).folded.decode("latin-1").replace(" ", "")
    return folded or found


_PLACE_OF = places.by_people(stem)


def _terms(text: str, words: Sequence[_Word], entities: Sequence[Named], acts: Sequence[tuple[int, int]]) -> set[str]:
    """Each entity once, and the words, figures and kinds of steps outside of entities and of cited acts."""
    plain = clean(text).text
    covered = [(each.start, each.end) for each in entities] + [each.span() for each in _CITED.finditer(plain)]
    covered += [each.span() for each in _FURNITURE.finditer(plain)]
    covered += [(start, _dated(plain, end)) for start, end in acts]
    counted = [each for each in figures(plain) if not _within(each[1], each[2], covered)]
    covered += [(start, end) for _, start, end in counted]
    stems = {
        word.stem
        for word in words
        if len(word.stem) > 1 and not word.stem.isdigit() and not _within(word.start, word.end, covered)
    }
    stems |= {_PLACE_OF[each] for each in stems if each in _PLACE_OF}
    known = {each[0] for each in counted} | {f"@{each.entity}" for each in entities} | steps.classes(text)
    return stems | set(_joined(plain, words, entities)) | known


def _dated(plain: str, end: int) -> int:
    """Where a citation ends, with the day of its act."""
    day = _ITS_DAY.match(plain, end)
    return day.end() if day else end


def _within(start: int, end: int, covered: Iterable[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in covered)


# --- who acts ------------------------------------------------------------------------------------------------------
def _names(words: Sequence[_Word], entities: Sequence[Named], bodies: Mapping[_Word, str]) -> tuple[str, ...]:
    """Those who may act: entities by id, and capitalised words that are no part of one, alone and in a row."""
    loose = _loose(words, entities)
    acting = (f"@{each.entity}" for each in entities if each.actor)
    return tuple(sorted({*acting, *(bodies.get(word, f"^{word.stem}") for word in loose), *_rows(loose)}))


def _capitals(words: Iterable[_Word], bodies: Mapping[_Word, str]) -> set[str]:
    """Whoever may be meant: of a body what it is of, since « Tennis » is its federation."""
    return {f"^{bodies[word].split()[-1] if word in bodies else word.stem}" for word in words if word.name}


def _bodies(text: str, words: Sequence[_Word]) -> dict[_Word, str]:
    """The names of bodies by their first word, the only one with a capital: of what they are says which it is
    (« Fédération française de tennis », « Union nationale des étudiants »)."""
    plain = clean(text).text
    found = ((word, _BODY.match(plain, word.end)) for word in words if word.name)
    return {word: f"^{word.stem} {stem(of[1])}" for word, of in found if of}


_NATURE = "française?s?|nationale?|régionale?|départementale?|européenne?|internationale?|générale?|centrale?"
_BODY = re.compile(rf"\s(?:{_NATURE})\s(?:de\s(?:la\s|l['’])?|des\s|du\s|d['’])([^\W\d_]+)")


def _rows(loose: Sequence[_Word]) -> Iterator[str]:
    """Capitalised words in a row: one name."""
    for one, two in pairwise(loose):
        if two.start == one.end + 1 and _is_proper(one):
            yield f"^{one.stem} {two.stem}"


def _joined(plain: str, words: Sequence[_Word], entities: Sequence[Named]) -> Iterator[str]:
    """Words that make one name, two by two: capitals in a row, over « de » too (« Ligue des Vétérinaires »), and the
    noun of a name (« métro de Lancenay », « le réseau Tisalys »), unless it tells a step (« fuite de Medilia »)."""
    loose = frozenset(_loose(words, entities))
    yield from (name for word, name in _bodies(plain, words).items() if word in loose)
    for one, two in pairwise([word for word in words if word.stem not in _BETWEEN]):
        between = plain[one.end : two.start]
        if two not in loose or len(between) >= _LINK:
            continue
        linked = _OF.fullmatch(between) is not None
        named = one in loose and _is_proper(one) and (len(between) == 1 or linked or _INNER.fullmatch(between))
        bound = linked or (
            len(between) == 1 and (one.opens or _ARTICLE.search(plain[max(one.start - 4, 0) : one.start]))
        )
        noun = bound and (one.opens or not one.name) and not steps.classes(plain[one.start : one.end])
        if named or noun:
            yield f"^{one.stem} {two.stem}"


_OF = re.compile(r"\s(?:de\s|du\s|des\s|d['’])(?:l[ae]\s|l['’])?")
_ARTICLE = re.compile(r"(?:\A|\W)(?:(?:le|la|du|au|un)\s|l['’])\Z", re.IGNORECASE)
_INNER = re.compile(r"-(?:les|le|la|sur|sous|en|lès|de|du)-")
_LINK = 9  # characters: « de la » with its spaces, and one more
_BETWEEN = frozenset({"de", "du", "des", "la", "le", "les", "sur", "sous", "en"})


def _loose(words: Sequence[_Word], entities: Sequence[Named]) -> list[_Word]:
    """The capitalised words that are no part of an entity."""
    return [w for w in words if w.name and not any(e.start < w.end and w.start < e.end for e in entities)]


def _hit(title: str, words: Sequence[_Word], entities: Sequence[Named]) -> tuple[str, ...]:
    """Who is hit through somebody else, as the words before the one that says so: « la FFR touchée par l’attaque de son
    prestataire Exalto »; none where the title names nobody else."""
    plain = clean(title).text
    verb = next((each for each in words[1:] if steps.is_hit(plain[each.start - 1 : each.end])), None)
    if verb is None:
        return ()
    begin = max((each.end() for each in _PAUSE.finditer(plain, 0, verb.start)), default=0)
    names = [(f"@{each.entity}", each.start, False) for each in entities if each.actor]
    names += [(w.stem, w.start, w.opens and not w.start) for w in _loose(words, entities) if _is_proper(w)]
    before = [(name, opens) for name, start, opens in names if begin <= start < verb.start]
    if len(before) == len(names):
        return ()
    named = {name for name, opens in before if not opens}
    one = _ONE.search(plain, begin, verb.start)  # « des patients » are nobody
    said = {word.stem for word in words if one and one.end() <= word.start < verb.start}
    return tuple(sorted(named or said))


_ONE = re.compile(r"\b(?:[Ll][ea]\s|[Uu]ne?\s|[Ll]['’])")
_PAUSE = re.compile(r"[,;:–—]\s|\A(?:[^\W\d_]+\s){0,3}?[Aa]près\s")


def _doers(title: str, words: Sequence[_Word], entities: Sequence[Named]) -> set[str]:
    """Who obtains, buys, gives up: the capitalised word before such a verb, marked. A company may bear an ordinary word
    as its name (« Nuage obtient SecNumCloud »): before that verb, it is one."""
    folded = clean(title).folded.decode("latin-1")
    loose = _loose(words, entities)
    return {
        f"^{word.stem}{DOES}"
        for word, following in pairwise(words)
        if word in loose and _is_proper(word) and any(form.match(folded, following.start - 1) for form in steps.DEEDS)
    }


def _is_proper(word: _Word) -> bool:
    """Not the article that begins a sentence."""
    return word.stem not in _GRAMMAR


_GRAMMAR = frozenset(
    {"le", "la", "les", "un", "une", "de", "des", "du", "au", "aux", "en", "pour", "sur", "apres", "ce"}
)


# --- acts, dates ---------------------------------------------------------------------------------------------------
_BULLETINS = (
    ("cve", re.compile(r"\bCVE-(\d{4}-\d{4,7})\b", re.IGNORECASE)),
    ("certfr", re.compile(r"\bCERTFR-(\d{4}-[A-Z]{3}-\d{3,4})\b", re.IGNORECASE)),
)
# A law that two texts cite is no event that both tell: a citation is left out of the words.
_CITED = re.compile(
    r"\b(?:loi|décret|ordonnance|règlement|directive|délibération|arrêté|décision|arrêt)s?\s+(?:\((?:UE|CE)\)\s*)?"
    r"(?:n[°º]s?\s*)?\d{2,4}[-/]\d{1,5}(?:\s+du\s+\d{1,2}(?:er)?\s+[^\W\d]{3,9}\s+\d{4})?"
    r"|\bn[°º]\s*\d[\d/.-]*|\b(?:CVE|CERTFR|SAN|NOR)[-: ]{1,3}[A-Z\d][A-Z\d-]+"
    r"|\barticles?\s+(?:[LRD]\.?\s*)?\d+(?:-\d+)*(?:\s+du\s+code\b[^,.;:]{0,40})?|\b3\d{4}[A-Z]{1,2}\d{4}\b",
    re.IGNORECASE,
)
# What a page says of itself is no word of its event
_FURNITURE = re.compile(
    r"\b(?:temps de lecture|lecture)\s*+(?::\s*+)?\d++\s*min\w*|\btemps de lecture\b"
    r"|\b(?:publié|mis à jour|modifié|posté) le(?: \w+)? \d{1,2}[ /.]\w+[ /.]\d{2,4}"
    r"(?:,?\s*(?:à\s*)?\d{1,2}\s*[h:]\s*\d{0,2})?(?:,?\s+par(?:\s+(?-i:[^\W\d_a-zà-ÿ])[\w.'’-]*){1,3})?"
    r"|\bpasser la publicité\b|\b(?:crédits?(?: photo)?|photos?)\s*:[^.\n]{0,60}"
    r"|\bfoire aux questions\b|\bsommaire\b|\babonnez-vous\b|\blire aussi\b",
    re.IGNORECASE,
)
_ITS_DAY = re.compile(rf",?\s+du\s+\d{{1,2}}(?:er)?\s+(?:{'|'.join(MONTHS)})\s+(?:19|20)\d\d", re.IGNORECASE)
_DATE = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(MONTHS)})(?:\s+((?:19|20)\d\d))?\b", re.IGNORECASE)


def bulletins(text: str) -> tuple[str, ...]:
    """The numbers of vulnerabilities and of their bulletins, as `kind:number`."""
    plain = clean(text).text
    return tuple(sorted({f"{kind}:{found.lower()}" for kind, form in _BULLETINS for found in form.findall(plain)}))


def dates(text: str) -> tuple[tuple[int, int, int], ...]:
    """The days written out, as (year, month, day); year 0 where it is left unsaid."""
    return tuple(sorted(set(_dates(text))))


def _dates(text: str) -> Iterator[tuple[int, int, int]]:
    for day, month, year in _DATE.findall(clean(text).text):
        yield int(year or 0), MONTHS.index(month.lower()) + 1, int(day)


def is_roundup(title: str) -> bool:
    """Does this title announce several events: a press review, a newsletter?"""
    return _ROUNDUP.search(" ".join(clean(title).folded.decode("latin-1").split())) is not None


_ROUNDUP = re.compile(
    r"(?<![a-z])(?:revue (?:de presse|de web|du web)|newsletter|lettre d information|en bref\b|breves?\b"
    r"|l essentiel de (?:l actu|la)|(?:les|l) actu(?:s|alites?)? (?:de la semaine|du jour|du mois)"
    r"|veille (?:du|hebdo|juridique)|agenda\b"
    r"|(?:bulletin|recap|resume|retour sur la|point) (?:hebdo|d actualites?|de la semaine|semaine)"
    r"|[a-z]*hebdo (?:du|de la|n) |(?:les )?(?<![0-9])\d++ (?:actus?|actualites|infos) (?:\w+ ){0,2}(?:du|de la|de) )"
)
