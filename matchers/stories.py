"""Stories: which event is this article about, and which affair does it belong to? Pure.

Two texts on one subject share its words whether they tell one event or two. So a word weighs what it is rare *beside
the subject*: among the stories that have an entity in common with it. Design: docs/decisions.md.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from matchers import figures, steps, vetoes
from matchers.grouping import (
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
    near,
)

_CERTAIN = MICRO // 2  # how common a list's own words are taken to be while it is new
_STEP = 0.03  # of all titles tell a given kind of step
_EVIDENCE = 4  # words of evidence that are kept
_RARE = 2 * MICRO  # nats beyond which a name or a figure is evidence of its own
_DAYS = 7  # within which stories of one subject make a hot week


# --- one text ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Text:
    """A topic as it is compared. `about`: the entities; `headed`: those of the title, which make a subject."""

    title: frozenset[str]
    terms: frozenset[str]
    about: frozenset[str]
    headed: frozenset[str]
    steps: frozenset[str]
    names: frozenset[str]
    subject: frozenset[str]
    lists: frozenset[str]


@lru_cache(8192)
def _text(topic: Topic, background: Background) -> _Text:
    title = frozenset(topic.title)
    terms = title.union(topic.lead)
    about = frozenset(each for each in terms if each.startswith("@"))
    openers = (each for each in topic.openers if background.is_name(each))
    return _Text(
        title,
        terms,
        about,
        about & title,
        frozenset(each for each in title if each.startswith(steps.MARK)),
        frozenset((*topic.names, *openers)),
        frozenset(topic.subject),
        frozenset(topic.lists),
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

    def __init__(self, judging: "_Judging", shared: frozenset[str], subject: frozenset[str]) -> None:
        self._judging = judging
        self._shared = sorted(shared)
        self._subject = subject
        self.lengths: dict[int, int] = {}

    def __missing__(self, term: str) -> int:
        share = _CERTAIN / MICRO if term in self._subject else self._judging.share(term, self._shared)
        rarity = round(-math.log(share) * MICRO)
        found = self[term] = rarity if rarity > self._judging.grouping.subject else 0
        return found


@dataclass(slots=True)
class _Judging:
    """What one article is judged with. `weights`: by what two texts have in common."""

    usage: Usage
    background: Background
    grouping: Grouping
    weights: dict[tuple[frozenset[str], frozenset[str]], _Weights] = field(default_factory=dict)

    def share(self, term: str, shared: Iterable[str]) -> float:
        """How many stories hold this term: everywhere, in our own stream, and beside each thing shared; the most."""
        found = max(self._everywhere(term), self._ours(term))
        for each in shared:
            told = [held for held in (self.usage.beside.get(each), self.background.beside.get(each)) if held]
            stories, weight = sum(held.stories for held in told), self.grouping.beside_weight
            if stories >= self.grouping.beside_least:
                count = sum(held.counts.get(term, 0) for held in told)
                found = max(found, (count + weight * found) / (stories + weight))
        return min(found, 1.0)

    def _everywhere(self, term: str) -> float:
        if term.startswith(steps.MARK):
            return _STEP
        if term.startswith(figures.MARK):
            return 0.0
        return (self.background.counts.get(term, 0) + 0.5) / (self.background.total + 1)

    def _ours(self, term: str) -> float:
        count, total = self.usage.counts.get(term, 0), self.usage.stories + self.grouping.stream / MICRO
        unseen = 0.05 if term.startswith(figures.MARK) else 0.5  # a figure is rare until it is seen
        return (count + (0.5 if count else unseen)) / total

    def beside(self, one: _Text, other: _Text) -> _Weights:
        """The weights for these two. Entities that only the texts name are no subject; a list is, where nothing else
        is in common."""
        shared = one.about & other.about & (one.headed | other.headed)
        subject = frozenset[str]()
        if not shared:
            shared = one.lists & other.lists
            subject = one.subject | other.subject if shared else subject
        key = (shared, subject)
        if key not in self.weights:
            self.weights[key] = _Weights(self, shared, self._still_new(shared, subject))
        return self.weights[key]

    def _still_new(self, lists: Iterable[str], subject: frozenset[str]) -> frozenset[str]:
        """Its own words say nothing of an event; once a list has stories enough, they show how common each is."""
        known = (self.usage.beside.get(each) for each in lists)
        return subject if all(each is None or each.stories < self.grouping.list_new for each in known) else frozenset()


# --- two texts -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pair:
    """How alike two texts are, each part in millionths: `odds` is the logarithm of the odds that they tell one event.

    `words`: what they share beyond the subject, the rarest first · `subject`: what they share that says nothing ·
    `named`: one of the words is a name or a figure.
    """

    odds: int
    cosine: int
    cover: int
    figures: int
    names: int
    step: int
    others: int
    words: tuple[str, ...]
    subject: tuple[str, ...]
    named: bool


def _pair(one: _Text, other: _Text, judging: _Judging, *, is_founded: bool = False) -> Pair:
    weights, grouping = judging.beside(one, other), judging.grouping
    common = one.terms & other.terms
    telling = [term for term in common if weights[term]]
    if len(telling) < grouping.common_terms:  # two short titles with one name are alike by chance
        telling = []
    dot = sum(weights[term] ** 2 * _double(term, one) * _double(term, other) for term in telling)
    lengths = math.isqrt(_length(one, weights) * _length(other, weights))
    cosine = dot * MICRO // lengths if lengths else 0
    cover = max(_cover(one, other, weights), _cover(other, one, weights)) if telling else 0
    mine, theirs = ({name for name in each.names if weights[name]} for each in (one, other))
    others = MICRO if mine and theirs and not mine & other.terms and not theirs & one.terms else 0
    counted = _beyond((term for term in telling if term.startswith(figures.MARK)), weights)
    named = _beyond(mine & theirs, weights)
    step = MICRO if one.steps & other.steps else 0
    founded = MICRO if is_founded else 0
    odds = (
        grouping.odds
        + (
            grouping.odds_cosine * cosine
            + grouping.odds_cover * cover
            + grouping.odds_figures * counted
            + grouping.odds_names * named
            + grouping.odds_step * step
            + grouping.odds_act * founded
            - grouping.odds_others * others
        )
        // MICRO
    )
    words = sorted(
        (term for term in telling if not term.startswith(steps.MARK)), key=lambda term: (-weights[term], term)
    )
    subject = sorted(term for term in common if term.startswith("@") and not weights[term])
    known = bool(counted or named)
    return Pair(odds, cosine, cover, counted, named, step, others, tuple(words[:_EVIDENCE]), tuple(subject), known)


def _told(terms: Iterable[str]) -> Iterable[str]:
    """Those that can be shown: a kind of step is no word."""
    return (term for term in terms if not term.startswith(steps.MARK))


def _double(term: str, text: _Text) -> int:
    """A term of the title counts twice."""
    return 2 if term in text.title else 1


def _length(text: _Text, weights: _Weights) -> int:
    """The square of the length of a text's vector."""
    found = weights.lengths.get(id(text))
    if found is None:
        found = sum((weights[term] * _double(term, text)) ** 2 for term in text.terms)
        weights.lengths[id(text)] = found
    return found


def _cover(one: _Text, other: _Text, weights: _Weights) -> int:
    """How much of the rarity of a title the other text holds."""
    whole = sum(weights[term] for term in one.title)
    return sum(weights[term] for term in one.title & other.terms) * MICRO // whole if whole else 0


def _beyond(terms: Iterable[str], weights: _Weights) -> int:
    """How far these are beyond two nats, a quarter of it, and no more than two."""
    return min(sum(max(weights[term] - _RARE, 0) for term in terms), 8 * MICRO) // 4


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
    rated = [_rate(traits, at, each, common, judging) for each in candidates]
    rated.sort(key=lambda each: (-each.score, each.candidate.id))
    bar = _bar(at, candidates, grouping)
    bound = next((each for each in rated if each.bound), None)
    if bound is not None:
        return Placed(bound.candidate.id, None, "act", _numbers("sure", bound, rated, bar), bool(traits.topic.own))
    best = next((each for each in rated if each.fresh and not each.veto), None)
    if best is not None and best.score >= bar:
        return Placed(
            best.candidate.id, None, "score", _numbers("sure", best, rated, bar), _backs(traits, best, bar, grouping)
        )
    if best is not None and best.score >= bar - grouping.doubt:
        return Placed(None, best.candidate.id, "doubt", _numbers("doubt", best, rated, bar))
    linked = next((each for each in rated if each.linked), None)
    if linked is not None:
        rule = linked.veto or ("dossier" if linked.fresh else "window")
        return Placed(None, linked.candidate.id, rule, _numbers("apart", linked, rated, bar))
    return Placed(None, None, "first", _numbers("apart", rated[0], rated, bar) if rated else {"answer": "apart"})


def _rate(traits: Traits, at: datetime, candidate: Candidate, common: frozenset[str], judging: _Judging) -> _Rated:
    grouping, mine = judging.grouping, _text(traits.topic, judging.background)
    grounds = [_shared_acts(traits.topic, at, each, judging) for each in candidate.members]
    pairs = [
        _pair(mine, _text(each.topic, judging.background), judging, is_founded=_tells(shared, at - each.at, grouping))
        for each, shared in zip(candidate.members, grounds, strict=True)
    ]
    best = max(pairs, key=lambda pair: pair.odds)
    alike = _better_half([max(-grouping.clip, min(pair.odds, grouping.clip)) for pair in pairs])
    score = alike - _pause(at - candidate.last, grouping)
    veto = vetoes.against(traits, at, candidate, common, grouping)
    fresh = at - candidate.last <= timedelta(days=grouping.window_days) or not grouping.has("window")
    recent = at - candidate.last <= timedelta(days=grouping.dossier_days)
    linked = recent and veto not in vetoes.STRANGERS and (any(grounds) or best.odds >= grouping.dossier_odds)
    bound = fresh and grouping.has("veto") and any(_is_bound(traits.topic, each.topic) for each in candidate.members)
    return _Rated(candidate, score, best, pairs[0], veto, fresh, linked, bound)


def _is_bound(one: Topic, other: Topic) -> bool:
    return vetoes.is_of(one, other) or vetoes.is_of(other, one)


def _tells(acts: frozenset[str], apart: timedelta, grouping: Grouping) -> bool:
    """Does it say something of the event that both found on these? Two vulnerabilities of one bulletin do not."""
    return abs(apart) <= timedelta(days=grouping.act_days) and not acts <= vetoes.numbered(acts)


def _shared_acts(topic: Topic, at: datetime, member: Member, judging: _Judging) -> frozenset[str]:
    """The acts on which both found, but for those that so many stories tell of that they are a topic."""
    shared = vetoes.founding(topic, at) & vetoes.founding(member.topic, member.at)
    known = judging.usage.beside
    least = judging.grouping.act_topic
    return frozenset(act for act in shared if act not in known or known[act].stories < least)


def _better_half(odds: Sequence[int]) -> int:
    """The mean of the better half: one member that has strayed attracts nobody, and one that is near is not enough."""
    half = sorted(odds, reverse=True)[: (len(odds) + 1) // 2]
    return sum(half) // len(half)


def _pause(since: timedelta, grouping: Grouping) -> int:
    """What the time since a story's last article says against it: texts on one event come within hours."""
    hours = max(since.total_seconds(), 0.0) / 3_600
    return round(grouping.pause * math.log1p(hours))


def _bar(at: datetime, candidates: Iterable[Candidate], grouping: Grouping) -> int:
    """What a story has to reach: the more of them are alive about this subject, the less likely is any of them."""
    alive = sum(at - each.last <= timedelta(days=_DAYS) for each in candidates)
    return grouping.bar + round(grouping.bar_crowd * math.log1p(alive / 5))


def _backs(traits: Traits, best: _Rated, bar: int, grouping: Grouping) -> bool:
    """Does this text bear out the first one: of another site, well beyond the bar, a name or a figure in common?"""
    first = best.candidate.members[0]
    elsewhere = bool(traits.host) and traits.host != first.host
    return elsewhere and best.first.named and best.first.odds >= bar + grouping.backing


def _numbers(answer: Answer, chosen: _Rated, rated: Sequence[_Rated], bar: int) -> Mapping[str, Number]:
    """What a decision was made on."""
    pair = chosen.best
    return {
        "answer": answer,
        "score": chosen.score,
        "bar": bar,
        "odds": pair.odds,
        "cosine": pair.cosine,
        "cover": pair.cover,
        "figures": pair.figures,
        "names": pair.names,
        "step": pair.step,
        "others": pair.others,
        "words": list(pair.words),
        "subject": list(pair.subject),
        "near": near([Looked(each.candidate.id, each.score, each.veto or "") for each in rated[:3]]),
    }
