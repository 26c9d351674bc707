"""Stories: which event is this article about, and which affair does it belong to? Pure."""

import math
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import Stemmer

from matchers.grouping import (
    MICRO,
    Candidate,
    Frequencies,
    Grouping,
    Looked,
    Member,
    Number,
    Placed,
    Topic,
    Traits,
    Vector,
    near,
)
from matchers.text import clean, is_shouted

_STEMMER = Stemmer.Stemmer("french")
_TOKEN = re.compile(r"[^\W_]+(?:[.²][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[^\W\d]{3})[.!?…]+(?:\s|\Z)")
_FIRST_SENTENCE = 250  # characters at most


@dataclass(frozen=True, slots=True)
class Named:
    """An entity seen in title or lead: where, in code points of that field. `actor`: it does things, as a company or a
    person; a law, a label or the authority that everybody in the domain cites does not tell one event from another."""

    entity: str
    title: bool
    start: int
    end: int
    actor: bool = True


@dataclass(frozen=True, slots=True)
class _Word:
    stem: str
    name: bool
    start: int
    end: int


# --- what an article tells -----------------------------------------------------------------------------------------
def read(title: str, lead: str, named: Sequence[Named], grouping: Grouping) -> Topic:
    """The event as title and lead tell it. `lead` may be the whole text: its first characters are read."""
    lead = _cut(lead, grouping.lead)
    headed, led = _words(title), _words(lead)
    seen = named if grouping.has("entities") else ()
    weights: dict[str, int] = {}
    for words, entities, factor in (
        (headed, [each for each in seen if each.title], grouping.title_weight),
        (led, [each for each in seen if not each.title], 1),
    ):
        for term, weight in _terms(words, entities, grouping):
            weights[term] = weights.get(term, 0) + weight * factor
    heading = [each for each in seen if each.title]
    actors = tuple(sorted({*_names(headed, heading), *_doers(title, headed, heading)}))
    below = _names(led, [each for each in seen if not each.title])
    opening = f"{title}. {_opening(lead)}"
    return Topic(
        terms=tuple(sorted(weights.items())),
        actors=actors,
        named=below,
        said=tuple(sorted({f"^{word.stem}" for word in (*headed, *led) if word.name} | {*actors, *below})),
        acts=acts(opening),
        dates=dates(opening),
        step=step(title) or step(_opening(lead)),
        roundup=is_roundup(title),
    )


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    border = text.rfind(" ", 0, length + 1)
    return text[: border if border > 0 else length]


def _opening(lead: str) -> str:
    """The first sentence."""
    end = _SENTENCE.search(lead)
    return lead[: min(end.start() if end else len(lead), _FIRST_SENTENCE)]


def _words(text: str) -> list[_Word]:
    shouted = is_shouted(text)
    found = []
    for match in _TOKEN.finditer(clean(text).text):
        written = match[0]
        if len(written) > 1 or written.isdigit():
            name = not shouted and (written[0].isupper() or any(map(str.isupper, written[1:])))
            found.append(_Word(_stem(written), name, *match.span()))
    return found


def _stem(written: str) -> str:
    stem: str = _STEMMER.stemWord(written.casefold())
    folded = clean(stem).folded.decode("latin-1").replace(" ", "")
    return folded or stem


def _terms(words: Sequence[_Word], entities: Sequence[Named], grouping: Grouping) -> Iterable[tuple[str, int]]:
    for word in words:
        yield word.stem, MICRO
        if word.name:
            yield f"^{word.stem}", grouping.name_weight
    for each in entities:
        yield f"@{each.entity}", MICRO


def _names(words: Sequence[_Word], entities: Sequence[Named]) -> tuple[str, ...]:
    """Those who may act: entities by id, and capitalised words that are no part of one, alone and in a row."""
    loose = _loose(words, entities)
    rows = {f"^{one.stem} {two.stem}" for one, two in pairwise(loose) if two.start == one.end + 1 and _is_proper(one)}
    return tuple(sorted({*(f"@{e.entity}" for e in entities if e.actor), *(f"^{w.stem}" for w in loose), *rows}))


def _loose(words: Sequence[_Word], entities: Sequence[Named]) -> list[_Word]:
    """The capitalised words that are no part of an entity."""
    return [w for w in words if w.name and not any(e.start < w.end and w.start < e.end for e in entities)]


def _doers(title: str, words: Sequence[_Word], entities: Sequence[Named]) -> set[str]:
    """Who obtains, buys, gives up: the capitalised word before such a verb, marked. A company may bear an ordinary word
    as its name (« Nuage obtient SecNumCloud »): before that verb, it is one."""
    folded = clean(title).folded.decode("latin-1")
    loose = _loose(words, entities)
    return {
        f"^{word.stem}{_DOES}"
        for word, following in pairwise(words)
        if word in loose and _is_proper(word) and any(form.match(folded, following.start) for form in _DEEDS)
    }


def _is_proper(word: _Word) -> bool:
    """Not the article that begins a sentence."""
    return word.stem not in _GRAMMAR


_GRAMMAR = frozenset(
    {"le", "la", "les", "un", "une", "de", "des", "du", "au", "aux", "en", "pour", "sur", "apres", "ce"}
)


# --- acts, dates, steps --------------------------------------------------------------------------------------------
_ACTS = (
    ("cve", re.compile(r"\bCVE-(\d{4}-\d{4,7})\b", re.IGNORECASE)),
    ("certfr", re.compile(r"\bCERTFR-(\d{4}-[A-Z]{3}-\d{3,4})\b", re.IGNORECASE)),
    ("san", re.compile(r"\bSAN-(\d{4}-\d{3})\b", re.IGNORECASE)),
    ("cnil", re.compile(r"\bdélibération\s+(?:n[°º]\s*)?(\d{4}-\d{2,4})\b", re.IGNORECASE)),
    ("ce", re.compile(r"\bConseil d[’']État[^.]{0,40}?\bn[°º]\s*(\d{6})\b", re.IGNORECASE)),
    ("nor", re.compile(r"\bNOR\s*:?\s*([A-Z]{4}\d{7}[A-Z])\b")),
    ("celex", re.compile(r"\b(3\d{4}[A-Z]{1,2}\d{4})\b")),
    ("loi", re.compile(r"\bloi\s+n[°º]\s*(\d{2,4}-\d{1,5})\b", re.IGNORECASE)),
    ("decret", re.compile(r"\bdécret\s+n[°º]\s*(\d{2,4}-\d{1,5})\b", re.IGNORECASE)),
)
_BULLETINS = frozenset({"cve", "certfr"})  # one number after another, without any affair in common
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_DATE = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(_MONTHS)})(?:\s+((?:19|20)\d\d))?\b", re.IGNORECASE)

# What kind of step in an affair a title tells: the first kind of which a word begins so, folded. A ruling names the
# appeal that it rejects, and a leak the attack that led to it: so the later step of an affair comes first.
_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?<![a-z])(?:{pattern})"))
    for kind, pattern in (
        ("delay", r"report[eé]|repouss|decal|ajourn|retarde"),
        ("reject", r"rejet|debout|refus|ecarte|annul"),
        ("sue", r"recours|saisi|attaque(?:nt)? (?:la|le|en|devant|l )|refere|porte(?:nt)? plainte"),
        ("contest", r"contest"),
        ("recover", r"retabli|redemarr|retour a la normale|rouvr|retrouve|repris(?:e|ent) d activite"),
        (
            "leak",
            r"fuite|diffus|divulg|vol de donnees|en vente|publie(?:s|es|ent)? (?:en ligne|sur le net|des donnees)",
        ),
        ("attack", r"cyberattaqu|rancongiciel|ransomware|pirat|intrusion|plan blanc"),
        ("lose", r"perd |perte de|retir|retrait|suspen|abandonn|renonc"),
        ("punish", r"sanction|amende|condamn|inflig|met en demeure|mise en demeure"),
        ("report", r"rapport|conclusions|recommand"),
        ("hear", r"audition|sous serment|devant (?:le senat|les senateurs|les deputes|la commission)"),
        ("choose", r"choisi|retenu|retien|attribu|remport|selectionn|confie"),
        ("tender", r"appel d offres|appel a projets|(?:lance|publie) un marche|consultation"),
        ("adopt", r"adopt|promulg|entre(?:e)? en vigueur|journal officiel"),
        ("move", r"migr|bascul|demenag|transfer|quitt"),
        ("apply", r"candidat|postul|brigu|depos|entame|s engage dans"),
        ("stage", r"jalon|franchi"),
        ("grant", r"obtien|obtenu|decroch|qualifie|certifie|autoris|adoub|valid|feu vert|approuv|homologu|agree"),
        ("buy", r"rachet|rachat|acqui|fusion"),
        ("raise", r"leve |levee|tour de table"),
    )
)
_DECIDED = frozenset({"grant", "reject"})
_DEEDS = tuple(form for kind, form in _STEPS if kind in ("lose", "choose", "apply", "stage", "grant", "buy", "raise"))
_DOES = "!"
_ALIKE = frozenset(map(frozenset, (("grant", "reject"), ("choose", "move"), ("attack", "lose"), ("sue", "contest"))))


def acts(text: str) -> tuple[str, ...]:
    """The official acts named, as `kind:number`."""
    plain = clean(text).text
    return tuple(sorted({f"{kind}:{found.lower()}" for kind, form in _ACTS for found in form.findall(plain)}))


def dates(text: str) -> tuple[tuple[int, int, int], ...]:
    """The days written out, as (year, month, day); year 0 where it is left unsaid."""
    found = set()
    for day, month, year in _DATE.findall(clean(text).text):
        found.add((int(year or 0), _MONTHS.index(month.lower()) + 1, int(day)))
    return tuple(sorted(found))


def step(text: str) -> str:
    """The kind of step told, "" for none that we know."""
    folded = " ".join(clean(text).folded.decode("latin-1").split())
    return next((kind for kind, form in _STEPS if form.search(folded)), "")


def is_roundup(title: str) -> bool:
    """Does this title announce several events: a press review, a newsletter?"""
    return _ROUNDUP.search(" ".join(clean(title).folded.decode("latin-1").split())) is not None


_ROUNDUP = re.compile(
    r"(?<![a-z])(?:revue (?:de presse|de web|du web)|newsletter|lettre d information|en bref\b|breves?\b"
    r"|l essentiel de (?:l actu|la)|(?:les|l) actu(?:s|alites?)? (?:de la semaine|du jour|du mois)"
    r"|veille (?:du|hebdo|juridique)|agenda\b"
    r"|(?:bulletin|recap|resume|retour sur la|point) (?:hebdo|d actualites?|de la semaine|semaine))"
)


# --- vectors -------------------------------------------------------------------------------------------------------
def vector(topic: Topic, frequencies: Frequencies, grouping: Grouping) -> Vector:
    """The heaviest terms, of unit length in millionths, sorted by term."""
    weighed = []
    for term, frequency in topic.terms:
        if term not in frequencies.topics:
            count = frequencies.counts.get(term, 0)
            rarity = math.log((frequencies.total + 1) / (count + 0.5))
            weighed.append((round(math.log1p(frequency / MICRO) * max(rarity, 0.0) * MICRO), term))
    heaviest = sorted(weighed, key=lambda pair: (-pair[0], pair[1]))[: grouping.terms]
    length = math.isqrt(sum(weight * weight for weight, _ in heaviest))
    return tuple(sorted((term, weight * MICRO // length) for weight, term in heaviest if weight)) if length else ()


def cosine(one: Vector, other: Vector) -> int:
    """Between two unit vectors, in millionths."""
    theirs = dict(other)
    return sum(weight * theirs.get(term, 0) for term, weight in one) // MICRO


def _kinship(one: Vector, other: Vector, grouping: Grouping) -> int:
    """The cosine, where enough words are in common: two short titles with one name are alike by chance."""
    terms = {term for term, _ in other}
    common = {term.lstrip("^") for term, _ in one if term in terms}
    return cosine(one, other) if len(common) >= grouping.common_terms else 0


# --- which story? --------------------------------------------------------------------------------------------------
_STRANGERS = frozenset({"actors", "series", "roundup"})  # vetoes that leave no affair in common


@dataclass(frozen=True, slots=True)
class _Rated:
    candidate: Candidate
    score: int
    veto: str | None
    fresh: bool  # within the window
    linked: bool  # the same affair


def placed(
    traits: Traits,
    mine: Vector,
    at: datetime,
    frequencies: Frequencies,
    candidates: Sequence[Candidate],
    grouping: Grouping,
) -> Placed:
    """The story of the article, among those that have words in common with it."""
    if traits.topic.roundup:
        return Placed(None, None, "roundup", {})
    common = _common(traits.topic, candidates, frequencies, grouping)
    rated = [_rate(traits, mine, at, each, common, grouping) for each in candidates]
    rated.sort(key=lambda each: (-each.score, each.candidate.id))
    looked = [Looked(each.candidate.id, each.score, each.veto or "") for each in rated[:3]]
    numbers: dict[str, Number] = {"near": near(looked)} if looked else {}
    joined = next((each for each in rated if each.fresh and not each.veto and each.score >= grouping.score), None)
    if joined:
        return Placed(joined.candidate.id, None, "score", {**numbers, "score": joined.score})
    best = next((each for each in rated if each.linked), None)
    if best is None:
        return Placed(None, None, "first", numbers)
    rule = best.veto or ("window" if best.score >= grouping.score else "dossier")
    return Placed(None, best.candidate.id, rule, {**numbers, "score": best.score})


def _rate(
    traits: Traits,
    mine: Vector,
    at: datetime,
    candidate: Candidate,
    common: frozenset[str],
    grouping: Grouping,
) -> _Rated:
    cosines = [_kinship(mine, each.vector, grouping) for each in candidate.members]
    score = (max(cosines) + sum(cosines) // len(cosines)) // 2 if cosines else 0
    vetoes = [veto(traits, at, each, common, grouping) for each in candidate.members]
    against = sorted(each for each in vetoes if each)
    stopped = against[0] if len(against) * 2 > len(vetoes) else None
    if stopped is None and _goes_to_court(traits.topic.step, {each.topic.step for each in candidate.members}):
        stopped = "steps"
    if not grouping.has("veto"):
        stopped = None
    fresh = at - candidate.last <= timedelta(days=grouping.window_days) or not grouping.has("window")
    recent = at - candidate.last <= timedelta(days=grouping.dossier_days)
    shared_act = any(set(traits.topic.acts) & set(each.topic.acts) for each in candidate.members)
    linked = recent and stopped not in _STRANGERS and (shared_act or score >= grouping.dossier_score)
    return _Rated(candidate, score, stopped, fresh, linked)


# --- vetoes --------------------------------------------------------------------------------------------------------
def veto(traits: Traits, at: datetime, member: Member, common: frozenset[str], grouping: Grouping) -> str | None:
    """Why these two articles, however alike, tell two events; None where nothing says so."""
    ours, theirs = traits.topic, member.topic
    if theirs.roundup:
        return "roundup"
    if _series(traits.text.title, member.title, same_host=bool(traits.host) and traits.host == member.host):
        return "series"
    if kinds := _other_acts(ours.acts, theirs.acts):
        return "series" if kinds <= _BULLETINS else "acts"
    if _other_days(_founding(ours.dates, at), _founding(theirs.dates, member.at)):
        return "dates"
    if _other_actors(ours, theirs, common):
        return "actors"
    apart = abs(at - member.at) > timedelta(days=grouping.near_days)
    if apart and _other_step(ours.step, theirs.step):
        return "steps"
    return None


def _series(one: str, other: str, *, same_host: bool) -> bool:
    """Two numbers of one bulletin: the titles differ in figures only; or not at all, on one host."""
    if one == other:
        return same_host and bool(one)
    plain = [re.sub(r"[0-9]+", "#", title) for title in (one, other)]
    return plain[0] == plain[1] and "#" in plain[0]


def _other_acts(ours: Sequence[str], theirs: Sequence[str]) -> set[str]:
    """The kinds of acts on both sides, where none is the same."""
    kinds = {act.partition(":")[0] for act in ours} & {act.partition(":")[0] for act in theirs}
    return set() if set(ours) & set(theirs) else kinds


def _founding(written: Iterable[tuple[int, int, int]], at: datetime) -> set[date]:
    """The days that may be the event's: shortly before the article."""
    days = set()
    for year, month, day in written:
        try:
            found = date(year or at.year, month, day)
        except ValueError:
            continue
        if timedelta(0) <= at.date() - found <= timedelta(days=10):
            days.add(found)
    return days


def _other_days(ours: set[date], theirs: set[date]) -> bool:
    return bool(ours and theirs) and min(abs(one - two) for one in ours for two in theirs) > timedelta(days=1)


def _other_actors(ours: Topic, theirs: Topic, common: frozenset[str]) -> bool:
    """Do they tell of somebody else? Who stands in title and lead is whom an article is about."""
    mine, yours = set(ours.actors) - common, set(theirs.actors) - common
    heart, other_heart = mine & set(ours.named), yours & set(theirs.named)
    if heart and other_heart:
        return not heart & other_heart and not (heart & set(theirs.said) and other_heart & set(ours.said))
    return bool(mine and yours) and not _plain(mine) & set(theirs.said) and not _plain(yours) & set(ours.said)


def _plain(names: Set[str]) -> set[str]:
    return {name.removesuffix(_DOES) for name in names}


def _other_step(ours: str, theirs: str) -> bool:
    return bool(ours and theirs) and ours != theirs and frozenset({ours, theirs}) not in _ALIKE


def _goes_to_court(ours: str, theirs: Set[str]) -> bool:
    """A decision, and an action in court against it, are two events the same day too: does one side tell the first
    only, and the other the second?"""
    if ours == "sue":
        return bool(theirs & _DECIDED) and ours not in theirs
    return ours in _DECIDED and "sue" in theirs and not theirs & _DECIDED


def _common(
    topic: Topic, candidates: Sequence[Candidate], frequencies: Frequencies, grouping: Grouping
) -> frozenset[str]:
    """The names that everybody names here: they say what the matter is, not who acts."""
    topics = [topic, *(member.topic for each in candidates for member in each.members)]
    names = {name for each in topics for name in (*each.actors, *each.named)}
    floor = frequencies.total * grouping.common // MICRO
    often = {name for name in names if name.startswith("^") and _is_ordinary(name, frequencies, floor)}
    return frozenset(often | frequencies.topics)


def _is_ordinary(name: str, frequencies: Frequencies, floor: int) -> bool:
    """Is this capitalised word a common one, or mostly written without a capital?"""
    capital, all_told = frequencies.counts.get(name, 0), frequencies.counts.get(name[1:], 0)
    return capital > floor or all_told > 2 * capital
