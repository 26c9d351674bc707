"""Stories: which event is this article about, and which affair does it belong to? Pure.

Two texts on one subject share its words whether they tell one event or two. So a word weighs what it is rare *beside
the subject*: among the stories that have an entity in common with it. Design: docs/decisions.md.
"""

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product

from matchers.language import figures
from matchers.official import AUTHORITIES, speaker
from matchers.stories import steps, vetoes
from matchers.stories.grammar import GRAMMAR
from matchers.stories.grouping import (
    MICRO,
    Answer,
    Background,
    Candidate,
    Grouping,
    Looked,
    Member,
    Number,
    Placed,
    Topic,
    Traits,
    Usage,
    heroes,
    near,
)
from matchers.stories.newsrooms import house, is_of, is_portal
from matchers.stories.topics import stem

_CERTAIN = MICRO // 2  # how common a list's own words are taken to be while it is new
_STEP = 0.03  # of all titles tell a given kind of step
_EVIDENCE = 4  # words of evidence that are kept
_SPECIFIC = ("^", figures.MARK)
_RARE = 2 * MICRO  # nats beyond which a name or a figure is evidence of its own
_TITLE = 8 * MICRO  # nats of a title that says something: one that is all subject is not covered by its only word
_SAME_DAY = 16  # hours within which nothing speaks for two events
_SAME_KIND = 3 * MICRO // 10  # what one kind of step says for one event, beside what two kinds say for two
_ONE_DAY = frozenset(
    {
        frozenset({"attack", "leak"}),
        frozenset({"attack", "stop"}),
        frozenset({"hire", "quit"}),
        frozenset({"bid", "buy"}),
        frozenset({"finish", "buy"}),
        frozenset({"finish", "move"}),
        frozenset({"stop", "fire"}),
    }
)  # told of one thing the same day
_AFFAIR = MICRO // 10  # of a title, besides the name that both bear, from which one affair goes on
_BORROWED = 3 * MICRO // 4  # of the words of the shorter of two texts, from which one has them of the other
_WORDS = 6  # of a lead, below which nobody says of whom they are
_NATURES = frozenset(map(stem, ("décret", "arrêté", "loi", "ordonnance", "délibération", "règlement", "directive")))
_DAYS = 7  # within which stories of one subject make a hot week


# --- one text ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """A topic as it is compared. `about`: the entities; `headed`: those of the title, which make a subject."""

    title: frozenset[str]
    titled: tuple[frozenset[str], ...]
    named: frozenset[str]
    terms: frozenset[str]
    about: frozenset[str]
    headed: frozenset[str]
    steps: frozenset[str]
    names: frozenset[str]
    subject: frozenset[str]
    lists: frozenset[str]
    figures: frozenset[str]
    step: str


@lru_cache(4096)
def _known(member: Member, background: Background) -> tuple[vetoes.ComparedText, _Text]:
    """What each comparison with this member would work out again."""
    return vetoes.compared(member.topic, member.at, member.host, member.title), _text(member.topic, background)


def _text(topic: Topic, background: Background) -> _Text:
    title = frozenset(topic.title)
    titled = _apiece(title)
    terms = title.union(topic.lead)
    about = frozenset(each for each in terms if each.startswith("@"))
    openers = (each for each in topic.openers if background.is_name(each) or each not in background.counts)
    return _Text(
        title,
        titled,
        frozenset[str]().union(*(each for each in titled if len(each) > 1)),
        terms,
        about,
        about & title,
        frozenset(each for each in title if each.startswith(steps.MARK)),
        frozenset((*topic.names, *openers)),
        frozenset(topic.subject),
        frozenset(topic.lists),
        frozenset(each for each in terms if each.startswith(figures.MARK)),
        topic.step,
    )


def indexed(topic: Topic, background: Background, grouping: Grouping) -> tuple[str, ...]:
    """The terms by which a story is found: entities, figures, and words that are not everywhere."""
    most = background.total * grouping.everywhere // MICRO
    return tuple(
        each
        for each in sorted({*topic.title, *topic.lead})
        if each.startswith("@") or (not each.startswith(steps.MARK) and background.counts.get(each, 0) <= most)
    )


# --- how rare a word is --------------------------------------------------------------------------------------------
class _Weights(dict[str, int]):
    """How rare each term is beside what two texts have in common, in millionths of a nat; 0 for what is so common that
    it is the subject, not the event."""

    def __init__(
        self, judging: "_Judging", shared: frozenset[str], subject: frozenset[str], hero: frozenset[str]
    ) -> None:
        self.hero = hero
        self._names: dict[_Text, frozenset[str]] = {}
        self._titles: dict[_Text, int] = {}
        self._common = judging.common
        self._grouping = judging.grouping
        self._beside = [told for each in sorted(shared) if (told := judging.told(each))]
        self._subject = subject | hero

    def __missing__(self, term: str) -> int:
        if term in GRAMMAR:
            rarity = 0
        else:
            share = _CERTAIN / MICRO if term in self._subject else self._share(term)
            rarity = round(-math.log(share) * MICRO)
        found = self[term] = rarity if rarity > self._grouping.subject else 0
        return found

    def names(self, text: _Text) -> frozenset[str]:
        """The names of a text that say something."""
        found = self._names.get(text)
        if found is None:
            found = self._names[text] = frozenset([name for name in text.names if self[name]])
        return found

    def title(self, text: _Text) -> int:
        """The rarity of a title, a name as its rarest word."""
        found = self._titles.get(text)
        if found is None:
            found = self._titles[text] = sum([max([self[term] for term in each]) for each in text.titled])
        return found

    def _share(self, term: str) -> float:
        """How many stories hold this term: everywhere, in our own stream, and beside each thing shared; the most."""
        found, weight = self._common[term], self._grouping.beside_weight
        for stories, held in self._beside:
            count = sum([counts.get(term, 0) for counts in held])
            found = max(found, (count + weight * found) / (stories + weight))
        return min(found, 1.0)


class _Common(dict[str, float]):
    """How many stories hold each term, everywhere or in our own stream: the most."""

    def __init__(self, usage: Usage, background: Background, grouping: Grouping) -> None:
        self._ours, self._everywhere = usage.counts, background.counts
        self._our_total, self._total = usage.stories + grouping.stream / MICRO, background.total + 1

    def __missing__(self, term: str) -> float:
        counted, unseen = 0.0, 0.5
        if term[:1] == steps.MARK:
            counted = _STEP
        elif term[:1] == figures.MARK:
            unseen = 0.05  # a figure is rare until it is seen
        else:
            counted = (self._everywhere.get(term, 0) + 0.5) / self._total
        count = self._ours.get(term, 0)
        found = self[term] = max(counted, (count + (0.5 if count else unseen)) / self._our_total)
        return found


@dataclass(slots=True)
class _Judging:
    """What one article is judged with. `weights`: by what two texts have in common; `new`: whether lists are."""

    usage: Usage
    background: Background
    grouping: Grouping
    weights: dict[tuple[frozenset[str], frozenset[str], frozenset[str]], _Weights] = field(default_factory=dict)
    new: dict[frozenset[str], bool] = field(default_factory=dict)
    common: _Common = field(init=False)

    def __post_init__(self) -> None:
        self.common = _Common(self.usage, self.background, self.grouping)

    def told(self, context: str) -> tuple[int, list[Mapping[str, int]]] | None:
        """The stories told beside a thing, and which words they hold; None while they are few."""
        told = [held for held in (self.usage.beside.get(context), self.background.beside.get(context)) if held]
        stories = sum(held.stories for held in told)
        return (stories, [held.counts for held in told]) if stories >= self.grouping.beside_least else None

    def beside(self, one: _Text, other: _Text) -> _Weights:
        """The weights for these two. Entities that only the texts name are no subject; the one that both titles bear
        is, and says nothing of the event. What a list asks for is, where nothing else is in common."""
        shared = one.about & other.about & (one.headed | other.headed)
        subject, hero = self._borne(one.headed & other.headed), frozenset[str]()
        if not shared:
            subject, hero = self._still_new(one) | self._still_new(other), _hero(one, other, self.background)
            shared = (one.lists & other.lists) | heroes(hero)
        key = (shared, subject, hero)
        if key not in self.weights:
            self.weights[key] = _Weights(self, *key)
        return self.weights[key]

    def _borne(self, entities: frozenset[str]) -> frozenset[str]:
        """Of the entities of both titles the one of which most was told; the others beside it are evidence."""
        told = {each: known.stories for each in entities if (known := self.usage.beside.get(each))}
        most = min(entities, key=lambda each: (-told.get(each, 0), each), default="")
        return frozenset({most}) if most else frozenset()

    def _still_new(self, one: _Text) -> frozenset[str]:
        """A list's own words say nothing of an event; once it has stories enough, they show how common each is."""
        if one.lists not in self.new:
            known = (self.usage.beside.get(each) for each in one.lists)
            self.new[one.lists] = all(each is None or each.stories < self.grouping.list_new for each in known)
        return one.subject if self.new[one.lists] else frozenset()


# --- two texts -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Parts:
    """What speaks for one event, then against it, each in millionths.

    `cover`: how much of one title the other text holds · `figures`, `names`: how rare those are that both hold ·
    `several`: the other things in common, each more for less · `kinds`: of steps that both have words of · `kind`: 0.3
    if both titles tell one kind of step, -1 if two · `act`: both are founded on it.

    `alone`: all that they share is a name · `strange`: neither a subject nor anything specific is common · `others`,
    `stray`, `counted`: they name other people, a title names somebody unknown to the other text, their figures are
    others.
    """

    cover: int
    figures: int
    names: int
    several: int
    kinds: int
    kind: int
    act: int
    alone: int
    strange: int
    others: int
    stray: int
    counted: int

    @property
    def of_others(self) -> bool:
        """Have they neither subject nor anything specific in common, and somebody else to tell of?"""
        return bool(self.strange and (self.others or self.stray))

    def odds(self, grouping: Grouping) -> int:
        """How much speaks for one event, a logarithm; names count only as words of it."""
        weighed = (
            grouping.odds_cover * self.cover
            + grouping.odds_figures * self.figures
            + grouping.odds_words * self.several
            + grouping.odds_kinds * self.kinds
            + grouping.odds_kind * self.kind
            + grouping.odds_act * self.act
            - grouping.odds_strange * self.strange
            - grouping.odds_stray * self.stray
            - grouping.odds_counted * self.counted
        )
        return weighed // MICRO


@dataclass(frozen=True, slots=True)
class Pair:
    """How alike two texts are. `odds`: that they tell one event, a logarithm in millionths.

    `words`: what they share beyond the subject, the rarest first · `subject`: what they share that says nothing ·
    `specific`: names, entities and figures that both hold · `hero`: both titles bear the name of one who is no entity ·
    `headed`: a rare name or figure of one title stands in the other text.
    """

    odds: int
    parts: Parts
    words: tuple[str, ...]
    subject: tuple[str, ...]
    specific: bool
    hero: bool
    headed: bool

    @property
    def is_named(self) -> bool:
        """Have they a rare name or figure in common?"""
        return bool(self.parts.figures or self.parts.names)


@dataclass(frozen=True, slots=True)
class _Beyond:
    """What is known of two texts beside their words: `founded`: on one act · `day`: they came within one day ·
    `spoken`: one is said by the authority that the title of the other names."""

    founded: bool = False
    day: bool = False
    spoken: bool = False


def _pair(one: _Text, other: _Text, judging: _Judging, beyond: _Beyond) -> Pair:
    weights, common = judging.beside(one, other), one.terms & other.terms
    hero = bool(weights.hero)
    telling, names = [term for term in common if weights[term]], weights.names(one) & weights.names(other)
    rounded = _rounded(one, other)
    telling += [mine for mine, _ in rounded[:1] if weights[mine]]
    deed = (
        bool(one.step) and one.step == other.step and _names([frozenset(telling)], names)
    )  # X obtains, X has obtained
    if (
        len(telling) + hero + deed + beyond.spoken + _is_counted_alike(one, other, weights)
        < judging.grouping.common_terms
    ):  # two short titles with one name are alike by chance
        telling = []
    words = [term for term in telling if not term.startswith(steps.MARK)]
    specific = any(_is_specific(term, one.names | other.names, names, weights) for term in words)
    parts = _parts(one, other, _Shared(telling, words, names, specific, hero, bool(rounded)), weights, beyond)
    words.sort(key=lambda term: (-weights[term], term))
    subject = sorted([term for term in common if (term[0] == "@" or term in weights.hero) and not weights[term]])
    return Pair(
        parts.odds(judging.grouping),
        parts,
        tuple([word for word in words if not word.startswith("^")][:_EVIDENCE]),
        tuple(term for term in subject if term[0] != "^"),
        specific,
        hero,
        not (one.title | other.title).isdisjoint([t for t in words if t in names or t.startswith(_SPECIFIC)]),
    )


def _is_specific(term: str, named: Set[str], both: Set[str], weights: _Weights) -> bool:
    """Is it a figure, a name of several words, who acts, or a rare name of both? What everybody in the domain cites (a
    law, a programme, an authority, « données de santé ») is not."""
    if term[0] == "@":
        return term in named
    return term.startswith(_SPECIFIC) or (term in both and weights[term] > _RARE)


def _rounded(one: _Text, other: _Text) -> list[tuple[str, str]]:
    """Figures of one text that say one of the other in round numbers, where none is the same."""
    if not _counts_others(one, other):
        return []
    return [pair for pair in sorted(product(one.figures, other.figures)) if figures.is_rounded(*pair)]


def _is_counted_alike(one: _Text, other: _Text, weights: _Weights) -> bool:
    """Do both titles say of the same one who acts the same figure?"""
    common = one.title & other.title
    counted = any(weights[term] for term in common & one.figures)
    return counted and not common.isdisjoint(one.names & other.names)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What two texts have in common beyond their subject: `telling` with the kinds of steps, `words` without ·
    `rounded`: one says a figure of the other in round numbers."""

    telling: Sequence[str]
    words: Sequence[str]
    names: Set[str]
    specific: bool
    hero: bool
    rounded: bool


def _parts(one: _Text, other: _Text, shared: _Shared, weights: _Weights, beyond: _Beyond) -> Parts:
    telling, words, hero = shared.telling, shared.words, shared.hero
    apiece = _apiece(term for term in words if not term.startswith("@") or term in one.names | other.names)
    figured = _beyond([term for term in telling if term.startswith(figures.MARK)], weights)
    mine, theirs = weights.names(one), weights.names(other)
    others = bool(mine and theirs) and not mine & other.terms and not theirs & one.terms
    unknown = one.about.isdisjoint(other.about) and one.lists.isdisjoint(other.lists)
    return Parts(
        cover=max(_cover(one, other, weights), _cover(other, one, weights)) if telling else 0,
        figures=figured,
        names=_beyond(shared.names, weights),
        several=_count(len(apiece)),
        kinds=_count(len(telling) - len(words)),
        kind=_kind(one, other, beyond.day),
        act=MICRO * beyond.founded,
        alone=MICRO * (len(apiece) == 1 and not hero and not figured and _names(apiece, shared.names)),
        strange=MICRO * (unknown and not shared.specific and not hero),
        others=MICRO * others,
        stray=MICRO * (_stray(mine, one, other) or _stray(theirs, other, one)),
        counted=MICRO * (_counts_others(one, other) and not shared.rounded),
    )


def _hero(one: _Text, other: _Text, background: Background) -> frozenset[str]:
    """The name that both titles bear: of whom they tell, as little known as it is. A country is nobody."""
    common = one.title & other.title
    if not one.names & other.names & common:
        return frozenset()
    named = [each for each in _apiece(common) if not each.isdisjoint(one.names) and not each.isdisjoint(other.names)]
    known = [each for each in named if len(each) > 1 or not all(map(background.is_everywhere, each))]
    return min(known, key=sorted) if known else frozenset()


def _names(apiece: Iterable[Set[str]], names: Set[str]) -> bool:
    """Is all of it names?"""
    return all(any(term[0] in "@^" or term in names for term in each) for each in apiece)


def _apiece(terms: Iterable[str]) -> tuple[frozenset[str], ...]:
    """These terms, those that make one name (« métro de Lancenay ») as one."""
    known = {term: frozenset({term}) for term in terms}
    for row in [term for term in known if term[0] == "^" and " " in term]:
        whole = known[row].union(*(known.get(part, frozenset()) for part in row[1:].split()))
        known.update(dict.fromkeys(whole, whole))
    return tuple(set(known.values()))


def _count(number: int) -> int:
    """Each more says less."""
    return round(MICRO * math.log1p(number))


def _kind(one: _Text, other: _Text, day: bool) -> int:
    """Do both tell the same kind of step, or two? `day`: within one day an attack and its leak are one."""
    if one.step and one.step == other.step:
        return _SAME_KIND
    if day and frozenset({one.step, other.step}) in _ONE_DAY:
        return 0
    return -MICRO if vetoes.is_other_step(one.step, other.step) else 0


def _stray(names: Set[str], one: _Text, other: _Text) -> bool:
    """Does the title of `one` name somebody, and the other text none of them?"""
    titled = names & one.title
    return bool(titled) and titled.isdisjoint(other.terms)


def _counts_others(one: _Text, other: _Text) -> bool:
    return bool(one.figures and other.figures) and one.figures.isdisjoint(other.figures)


def _cover(one: _Text, other: _Text, weights: _Weights) -> int:
    """How much of the rarity of a title the other text holds."""
    common = one.title & other.terms
    if one.named.isdisjoint(common):
        held = sum(map(weights.__getitem__, common))
    else:
        held = sum(max((weights[term] for term in each if term in common), default=0) for each in one.titled)
    return held * MICRO // max(weights.title(one), _TITLE)


def _beyond(terms: Iterable[str], weights: _Weights) -> int:
    """How far these are beyond two nats, a quarter of it, and no more than two."""
    return min(sum([max(weights[term] - _RARE, 0) for term in terms]), 8 * MICRO) // 4


# --- which story? --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Rated:
    candidate: Candidate
    score: int
    best: Pair
    first: Pair
    veto: str | None
    fresh: bool  # within the window
    linked: bool  # the same affair
    bound: bool  # one of the two is the act that the other is founded on


def placed(
    traits: Traits,
    at: datetime,
    usage: Usage,
    candidates: Sequence[Candidate],
    background: Background,
    grouping: Grouping,
) -> Placed:
    """The story of the article, among those that share an entity or rare words with it."""
    if traits.topic.roundup:
        return Placed(None, None, "roundup", {"answer": "apart"})
    judging = _Judging(usage, background, grouping)
    common = vetoes.everybody(traits.topic, candidates, background, grouping)
    mine = vetoes.compared(traits.topic, at, traits.host, traits.text.title), _text(traits.topic, background)
    rated = [_rate(mine, each, common, judging) for each in candidates]
    rated.sort(key=lambda each: (-each.score, each.candidate.id))
    alive = sum(at - each.last <= timedelta(days=_DAYS) for each in candidates)
    possible = [each for each in rated if each.fresh and not each.veto]
    bar = _bar(possible, alive, grouping)
    bound = next((each for each in rated if each.bound), None)
    if bound is not None:
        return Placed(bound.candidate.id, None, "act", _numbers("sure", bound, rated, bar), bool(traits.topic.own))
    best = possible[0] if possible else None
    newly = best is not None and grouping.has("veto") and vetoes.is_newly_hit(traits.topic, best.candidate)
    if best is not None and best.score >= bar and not newly and _is_evidence(best.best, alive, grouping):
        return Placed(
            best.candidate.id,
            None,
            "score",
            _numbers("sure", best, rated, bar),
            _backs(traits, at, best, bar, grouping),
        )
    if best is not None and best.score >= bar - grouping.doubt and _is_common(best.best):
        return Placed(None, best.candidate.id, "doubt", _numbers("doubt", best, rated, bar))
    linked = next((each for each in rated if each.linked), None)
    if linked is not None:
        rule = linked.veto or ("dossier" if linked.fresh else "window")
        return Placed(None, linked.candidate.id, rule, _numbers("apart", linked, rated, bar))
    return Placed(None, None, "first", _numbers("apart", rated[0], rated, bar) if rated else {"answer": "apart"})


def _bar(possible: Sequence[_Rated], alive: int, grouping: Grouping) -> int:
    """What the nearest story must reach: the odds that the article tells an event of its own, which grow with the
    stories alive, and those of every other story that it may be. A text that is near to many tells none of them."""
    own = grouping.bar + round(grouping.bar_crowd * math.log1p(alive))
    return round(MICRO * _log_sum([own, *(each.score for each in possible[1:])]))


def _log_sum(odds: Sequence[int]) -> float:
    """The logarithm of the sum of what these millionths are logarithms of."""
    top = max(odds)
    return top / MICRO + math.log(math.fsum(math.exp((each - top) / MICRO) for each in odds))


def _rate(
    mine: tuple[vetoes.ComparedText, _Text], candidate: Candidate, common: frozenset[str], judging: _Judging
) -> _Rated:
    grouping, (ours, text) = judging.grouping, mine
    known = [_known(each, judging.background) for each in candidate.members]
    said = [vetoes.veto(ours, theirs, common, grouping) for theirs, _ in known]
    grounds = [_shared_acts(ours, theirs, judging) for theirs, _ in known]
    pairs, alike = list[Pair](), list[int]()
    for (theirs, other), acts in zip(known, grounds, strict=True):
        apart = ours.at - theirs.at
        founded = bool(acts) and (_tells(acts, apart, grouping) or _is_one_flaw(ours, theirs, apart, grouping))
        beyond = _Beyond(founded, _hours(apart) == 0, _speaks_in(ours.host, other) or _speaks_in(theirs.host, text))
        pairs.append(_pair(text, other, judging, beyond))
        alike.append(max(-grouping.clip, min(pairs[-1].odds - _quiet(apart, grouping), grouping.clip)))
    best = max(pairs, key=lambda pair: pair.odds)
    topic, since = ours.topic, ours.at - candidate.last
    veto = vetoes.against(ours, candidate, said, grouping)
    fresh = since <= timedelta(days=grouping.window_days) or not grouping.has("window")
    linked = (
        since <= timedelta(days=grouping.dossier_days)
        and veto not in vetoes.STRANGERS
        and (
            any(grounds)
            or (best.hero and best.parts.cover > _AFFAIR)
            or (
                best.parts.cover - best.parts.others // 10 >= grouping.dossier_cover
                and (not best.parts.others or best.specific or best.parts.several > _count(1))
            )
        )
    )
    bound = fresh and grouping.has("veto") and any(_is_bound(topic, each.topic) for each in candidate.members)
    return _Rated(candidate, _together(alike), best, pairs[0], veto, fresh, linked, bound)


def _is_bound(one: Topic, other: Topic) -> bool:
    if not (one.own or other.own):
        return False
    return vetoes.is_of(one, other) or vetoes.is_of(other, one)


def _tells(acts: frozenset[str], apart: timedelta, grouping: Grouping) -> bool:
    """Does it say something of the event that both found on these? Two vulnerabilities of one bulletin do not."""
    return abs(apart) <= timedelta(days=grouping.act_days) and not acts <= vetoes.numbered(acts)


def _speaks_in(host: str, other: _Text) -> bool:
    """Is this the site of an authority that the title of the other text names?"""
    return f"@{speaker(host)}" in other.headed


def _is_one_flaw(ours: vetoes.ComparedText, theirs: vetoes.ComparedText, apart: timedelta, grouping: Grouping) -> bool:
    """Do both tell of the very same vulnerabilities, at about the same time?"""
    return ours.grounds == theirs.grounds and abs(apart) <= timedelta(days=grouping.once_days)


def _shared_acts(ours: vetoes.ComparedText, theirs: vetoes.ComparedText, judging: _Judging) -> frozenset[str]:
    """The acts on which both found, but for those that so many stories tell of that they are a topic."""
    shared = ours.grounds & theirs.grounds
    known = judging.usage.beside
    least = judging.grouping.act_topic
    return frozenset(act for act in shared if act not in known or known[act].stories < least)


def _together(odds: Sequence[int]) -> int:
    """Between the nearest member and the mean of the better half: one that has strayed attracts nobody, and a text
    that retells the first words of a long story is not held up by all that came since."""
    half = sorted(odds, reverse=True)[: (len(odds) + 1) // 2]
    return (half[0] + sum(half) // len(half)) // 2


def _quiet(apart: timedelta, grouping: Grouping) -> int:
    """What the days between two texts say against one event; the hours of one day say nothing."""
    return round(grouping.quiet * math.log1p(_hours(apart) / 24))


def _hours(apart: timedelta) -> float:
    """Beyond one day."""
    return max(abs(apart.total_seconds()) / 3_600 - _SAME_DAY, 0)


def _is_evidence(pair: Pair, alive: int, grouping: Grouping) -> bool:
    """Have they something in common beyond their subject? In a hot week a name, a figure or two words of it."""
    parts = pair.parts
    words_of_titles = parts.cover or pair.specific or parts.act or parts.kind > 0
    somebody_else = parts.counted and parts.stray and not pair.headed  # other figures, and other people
    if not words_of_titles or somebody_else or parts.of_others or _is_its_trade(pair) or _is_in_passing(pair):
        return False
    if parts.alone or pair.hero:
        deed = parts.kinds > 0 and (pair.specific or not pair.hero)
        return parts.kind > 0 or parts.act > 0 or parts.several > _count(1) or deed
    if alive < grouping.crowd:
        return parts.kinds > 0 or parts.kind > 0 or bool(pair.words)
    return pair.specific or parts.several > _count(1)


def _is_its_trade(pair: Pair) -> bool:
    """Is all that they share an authority, and a kind of step that it takes every week?"""
    return bool(pair.subject) and AUTHORITIES.issuperset(pair.subject) and not (pair.words or pair.parts.act)


def _is_in_passing(pair: Pair) -> bool:
    """Is all that they share one plain word, where a title names somebody else?"""
    parts = pair.parts
    said = pair.specific or parts.act or parts.kinds or parts.several > _count(1)
    return bool(parts.stray) and not said


def _is_common(pair: Pair) -> bool:
    """Have they anything in common beyond their subject? Else nothing makes one doubt."""
    parts = pair.parts
    if parts.of_others or _is_in_passing(pair):
        return False
    return bool(pair.words) or parts.kinds > 0 or parts.kind > 0


def _backs(traits: Traits, at: datetime, best: _Rated, bar: int, grouping: Grouping) -> bool:
    """Does this text bear out the first one: of another newsroom, about the same hour, well beyond the bar, with a name
    or a figure in common, and what no other text of the story told it?"""
    members, pair = best.candidate.members, best.first
    first, where = members[0], house(traits.host)
    if not traits.host or where == house(first.host):
        return False
    if (
        abs(at - first.at) <= timedelta(hours=grouping.backing_hours)
        and not is_portal(traits.host)
        and _bears_out(pair, pair.odds - bar, grouping)
    ):
        return not any(_borrows(traits, each) for each in members)
    return _decides(traits, first.topic, pair, pair.odds - bar, grouping)


def _bears_out(pair: Pair, beyond: int, grouping: Grouping) -> bool:
    """Is one event surely told in both? By a name or a figure beyond the subject; or by one kind of step of somebody
    whom both titles name, in several words, where neither names anybody else."""
    parts = pair.parts
    if parts.kind < 0 or parts.strange:
        return False
    nearer = grouping.backing - MICRO * (parts.kind > 0)
    if pair.is_named:
        about_one = pair.headed and (pair.hero or bool(pair.subject))
        return beyond >= (nearer if about_one else grouping.backing)
    return pair.hero and parts.kind > 0 and not parts.stray and parts.several >= _count(3) and beyond >= nearer


def _borrows(traits: Traits, other: Member) -> bool:
    """Do two texts owe what they tell to one outlet, or one to the other? They are one witness."""
    one = traits.topic
    if not set(one.wires).isdisjoint(other.topic.wires):
        return True
    if any(is_of(each, other.host) for each in one.wires) or any(
        is_of(each, traits.host) for each in other.topic.wires
    ):
        return True
    return _is_held(one, other.topic) or _is_held(other.topic, one)


def _is_held(one: Topic, other: Topic) -> bool:
    """Has the other text the words of the lead of this one?"""
    lead = set(one.lead) - GRAMMAR
    return len(lead) >= _WORDS and len(lead.intersection((*other.title, *other.lead))) * MICRO >= _BORROWED * len(lead)


def _decides(traits: Traits, first: Topic, pair: Pair, beyond: int, grouping: Grouping) -> bool:
    """Does the authority whose deed the first text tells say it on its own site, or is this the act itself?"""
    who = f"@{speaker(traits.host)}"
    one_step = pair.parts.kind > 0 and beyond >= MICRO
    text_of_it = bool(traits.topic.own) and not _NATURES.isdisjoint(first.title)
    if one_step and (text_of_it or (who != "@" and (pair.is_named or pair.hero))):
        return True
    if who in first.title and pair.parts.kind > 0 and _have_more(pair, who):
        return True
    if who in first.title or who in first.lead:
        return pair.parts.kind >= 0 and beyond >= grouping.backing
    return bool(traits.topic.own) and beyond >= 2 * grouping.backing


def _have_more(pair: Pair, who: str) -> bool:
    """Have they something in common beside the authority?"""
    return bool(pair.words) or any(each != who for each in pair.subject)


def _numbers(answer: Answer, chosen: _Rated, rated: Sequence[_Rated], bar: int) -> Mapping[str, Number]:
    """What a decision was made on."""
    pair = chosen.best
    return {
        "answer": answer,
        "score": chosen.score,
        "bar": bar,
        "odds": pair.odds,
        **asdict(pair.parts),
        "words": list(pair.words),
        "subject": list(pair.subject),
        "near": near([Looked(each.candidate.id, each.score, each.veto or "") for each in rated[:3]]),
    }
