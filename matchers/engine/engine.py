"""The engine: watchlists and entities compiled once, then each article matched in one pass of one automaton."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from matchers.acts import acts
from matchers.acts.act_forms import ActMention
from matchers.engine.gazetteer import Entity, Recognised, recognise, roles_of
from matchers.engine.tree import NEAR_POINTS, Held, Holdings, Kinship, hold, may_hold, share, term_point
from matchers.language.text import fold
from matchers.language.words import COMMON
from matchers.model import FIELDS, Article, Hit, Match, Point, Quiet, Watchlist
from matchers.scan.automaton import Automaton, Raw
from matchers.scan.page import Layout, Span, lay_out, own
from matchers.scan.surfaces import Book, Discounted, Known, Refusal, Sightings, sight, sight_regex
from matchers.signal.about import About, about
from matchers.signal.asides import asides, without
from matchers.signal.news import EventRule, event
from matchers.signal.timeless import timeless
from matchers.watchlists.blocks import tree_of
from matchers.watchlists.nodes import Every, gate, leaves, priced, renamed
from matchers.watchlists.terms import Term, TermKind, is_from, parse
from matchers.watchlists.watchlist import EntityEntry, News, WatchlistFile, sure_aliases


# --- compiled values -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CompiledTerm:
    """A term of a watchlist: an entity's id, or the number of its surface."""

    written: str
    entity: str | None
    surface: int
    reach: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A watchlist compiled. Numbers are those of the engine's terms; `positive` is in the file's order.

    `ranks` gives the place in the file of each positive term; `extra` are the boosts that are no positive term.
    `sources` are boosts on the source; `regexes` the terms that are regular expressions; `mentions` what the watchlist
    says behind an @.
    """

    card: Watchlist
    root: Every[int]
    positive: tuple[int, ...]
    boosts: Mapping[int, int]
    mentioned: tuple[int, ...]
    ranks: Mapping[int, int]
    extra: tuple[int, ...]
    sources: Mapping[str, int]
    regexes: tuple[int, ...]
    kin: Kinship
    news: EventRule | None
    mentions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scan:
    """An article passed once through the automaton, steps 1 to 4. All the rest is worked out from it."""

    page: Layout
    raw: Sequence[Raw]
    sightings: Sightings
    acts: tuple[ActMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An article read once: what was seen in it and refused, before any watchlist.

    `present`: the occurrences of each term of any watchlist that has some. Regular expressions join when looked for.
    """

    page: Layout
    sightings: Sightings
    recognised: Recognised
    present: dict[int, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one watchlist makes of an article. `held` is None if the tree does not hold; then the score is 0."""

    plan: Plan
    holdings: Holdings
    held: Held | None
    points: tuple[Point, ...]
    score: int

    def holds_with(self, owned: Mapping[int, Sequence[Span]]) -> bool:
        """Would the tree hold with these occurrences alone?"""
        return hold(self.plan.root, replace(self.holdings, owned=owned)) is not None

    @property
    def matched(self) -> bool:
        return self.held is not None and self.score >= self.plan.card.threshold


class Engine:
    """Immutable, so that threads share it: a reload compiles another one and swaps."""

    def __init__(
        self,
        automaton: Automaton,
        book: Book,
        entities: Mapping[str, Entity],
        terms: tuple[CompiledTerm, ...],
        plans: Mapping[str, Plan],
        costs: Mapping[int, float],
        act_words: int,
        former: "Former | None" = None,
    ) -> None:
        self._automaton = automaton
        self._uses = book.shortened()
        self._regexes = MappingProxyType(book.regexes)
        self.entities = MappingProxyType(dict(entities))
        self.terms = terms
        self.plans = MappingProxyType(dict(plans))
        self.watchlists: Mapping[str, Watchlist] = MappingProxyType({name: plan.card for name, plan in plans.items()})
        self._roles = roles_of(entities.values())
        self._by_surface, self._by_entity = _terms_by(terms)
        self._ahead = frozenset(number for number, term in enumerate(terms) if term.reach < len(FIELDS))
        self.costs = costs
        self.wanted = _wanted(plans, costs, None if former is None else former.engine)
        self._gates = _gates(self.wanted)
        self._refusing = {name: self._refused_by(plan) for name, plan in plans.items()}
        self._of_act = MappingProxyType(book.acts)
        self._acting = frozenset(range(act_words, act_words + len(acts.WORDS)))
        words = {word: number for number, word in enumerate(acts.WORDS)}
        self._act_patterns = {n: words[each] for n, each in enumerate(automaton.patterns) if each in words}
        self._standing = _Standings(self._uses, self._terms_of_surfaces(), self._gates)
        self._eager = tuple(term for term in self._gates if terms[term].surface in book.regexes)
        self._always = frozenset(name for term in self._eager for name in self._gates[term])

    @property
    def patterns(self) -> tuple[bytes, ...]:
        """What the automaton looks for: every form of every term, folded and padded."""
        return self._automaton.patterns

    def match(self, article: Article, only: frozenset[str] | None = None) -> tuple[Match, ...]:
        """The watchlists that match, by score descending, then id. `only`: the ids to consider, None for all."""
        page = lay_out(article)
        raw = self._automaton.find(page)
        named = self._acts(page, raw)
        names = self._promising(page, raw, named, only)
        return self._matches(self._sighted(page, raw, named), names) if names else ()

    def matches(self, scan: Scan, only: frozenset[str] | None = None) -> tuple[Match, ...]:
        """`match`, for an article that was passed through the automaton already."""
        names = self._promising(scan.page, scan.raw, scan.acts, only)
        return self._matches(scan, names) if names else ()

    def _matches(self, scan: Scan, names: Iterable[str]) -> tuple[Match, ...]:
        reading = self.understand(scan)
        matches = [self._match(reading, verdict) for name in names if (verdict := self.kept(reading, name)) is not None]
        return tuple(sorted(matches, key=lambda match: (-match.score, match.watchlist)))

    def kept(self, reading: Reading, name: str) -> Verdict | None:
        """What a watchlist that keeps the article makes of it; None where it leaves it alone."""
        if not self._may_hold(reading, name):
            return None
        verdict = self.judge(reading, name)
        return verdict if verdict.matched else None

    def _promising(
        self, page: Layout, raw: Sequence[Raw], named: Iterable[ActMention], only: frozenset[str] | None
    ) -> Sequence[str]:
        """The watchlists that may hold if all that was found counts: told before any of it is checked, and before names
        are decided. None for most items of feeds."""
        standing = [self._standing[pattern] for pattern in {hit[0] for hit in raw}]
        acted = [self._standing.of((self._of_act[each.id],)) for each in named if each.id in self._of_act]
        names = self._always.union(*[each.opens for each in (*standing, *acted)])
        if only is not None:
            names &= only
        if not names:
            return ()
        present = set(self._eager).union(*[each.anywhere for each in standing])
        present.update(*[each.anywhere | each.ahead for each in acted])
        if any([each.ahead for each in standing]):  # noqa: C419 - asked of most articles, and a generator costs twice
            first = {hit[0] for hit in raw if hit[1] < page.begins[2]}
            present.update(*[self._standing[pattern].ahead for pattern in first])
        return [name for name in names if self._could_hold(self.plans[name], present)]

    def _could_hold(self, plan: Plan, present: set[int]) -> bool:
        return may_hold(plan.root, present.union(plan.regexes) if plan.regexes else present)

    def _terms_of_surfaces(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """Of each surface, the terms that it may be of, and in how many fields they may stand."""
        found: dict[int, list[tuple[int, int]]] = {}
        for number, term in enumerate(self.terms):
            for surface in self._surfaces(term):
                found.setdefault(surface, []).append((number, term.reach))
        return found

    def _refused_by(self, plan: Plan) -> Mapping[int, tuple[int, ...]]:
        """Of each surface, the terms of the watchlist's `none` that it is an occurrence of."""
        found: dict[int, list[int]] = {}
        for number in plan.mentioned:
            for surface in self._surfaces(self.terms[number]):
                found.setdefault(surface, []).append(number)
        return {surface: tuple(terms) for surface, terms in found.items()}

    def read(self, article: Article) -> Reading:
        """The one pass: steps 1 to 6. Regular expressions are looked for when a watchlist needs them."""
        return self.understand(self.scan(article))

    def scan(self, article: Article) -> Scan:
        """Steps 1 to 4."""
        page = lay_out(article)
        raw = self._automaton.find(page)
        return self._sighted(page, raw, self._acts(page, raw))

    def _sighted(self, page: Layout, raw: Sequence[Raw], named: tuple[ActMention, ...]) -> Scan:
        sightings = sight(page, raw, self._uses)
        for word in self._acting.intersection(sightings.seen):
            del sightings.seen[word]
        for each in named:
            if each.id in self._of_act:
                sightings.seen.setdefault(self._of_act[each.id], []).append((each.start, each.end))
        return Scan(page, raw, sightings, named)

    def _acts(self, page: Layout, raw: Iterable[Raw]) -> tuple[ActMention, ...]:
        words = [(self._act_patterns[hit[0]], hit[1] + 1) for hit in raw if hit[0] in self._act_patterns]
        return acts.named(page, words) if words or page.article.links else ()

    def understand(self, scan: Scan) -> Reading:
        """Steps 5 and 6, and what they leave of each term."""
        page = own(scan.page)
        sightings = without(
            scan.sightings, (*asides(page), *page.apart)
        )  # regular expressions join these, not the scan
        recognised = recognise(page, sightings, self.entities, self._roles)
        present: dict[int, Sequence[Span]] = {}
        for surface, spans in sightings.seen.items():
            for term in self._by_surface.get(surface, ()):
                present[term] = spans
        for entity, spans in recognised.seen.items():
            for term in self._by_entity.get(entity, ()):
                present[term] = spans
        for term in self._ahead.intersection(present):
            self._keep_ahead(page, present, term)
        return Reading(page, sightings, recognised, present)

    def named_first(self, scan: Scan, lead: int) -> Mapping[str, Sequence[Span]]:
        """The entities that title and lead name, told by these two alone: no context further down vouches for a name.

        The lead is the summary, else the text, to so many characters of it.
        """
        page, field = scan.page, 1 if scan.page.article.summary else 2
        told = Sightings()
        for surface, spans in scan.sightings.seen.items():
            if surface in self._roles:
                told.seen[surface] = [span for span in spans if _is_first(page, span, field, lead)]
        return recognise(page.read_as_one(), told, self.entities, self._roles).seen

    def _may_hold(self, reading: Reading, name: str) -> bool:
        plan = self.plans[name]
        if plan.regexes:  # looked for only where the list may hold if they are found
            if not may_hold(plan.root, reading.present.keys() | plan.regexes):
                return False
            self._look(reading, plan.regexes)
        return may_hold(plan.root, reading.present)

    def candidates(self, reading: Reading) -> set[str]:
        """The watchlists of which a gate term was seen: the only ones that can hold."""
        self._look(reading, self._eager)
        gates = self._gates
        return {name for term in reading.present if term in gates for name in gates[term]}

    def judge(self, reading: Reading, watchlist: str) -> Verdict:
        """Steps 7 and 8 and the score, for one watchlist."""
        plan, present = self.plans[watchlist], reading.present
        self._look(reading, plan.regexes)
        terms = sorted(_shared(present, plan.ranks), key=plan.ranks.__getitem__)
        boosts = [term for term in plan.extra if term in present]
        loose = self._loose(reading, watchlist)
        holdings = share(reading.page, terms, boosts, present, loose, plan.kin)
        held = hold(plan.root, holdings)
        points = () if held is None else tuple(self.points(reading.page, plan, holdings, held))
        return Verdict(plan, holdings, held, points, sum(point.points for point in points))

    def _look(self, reading: Reading, terms: Iterable[int]) -> None:
        """Look for regular expressions, unless that was done for another watchlist."""
        for term in terms:
            surface = self.terms[term].surface
            if surface not in reading.sightings.seen:
                reading.sightings.seen[surface] = sight_regex(reading.page, self._regexes[surface])
            if term not in reading.present and (spans := reading.sightings.seen[surface]):
                reading.present[term] = spans
                self._keep_ahead(reading.page, reading.present, term)

    def _keep_ahead(self, page: Layout, present: dict[int, Sequence[Span]], term: int) -> None:
        if spans := page.ahead(present[term], self.terms[term].reach):
            present[term] = spans
        else:
            del present[term]

    def refusals(self, reading: Reading, term: CompiledTerm) -> tuple[Refusal, ...]:
        """The occurrences of a term that were refused by steps 2 to 6."""
        if term.entity is None:
            off_title = [
                Refusal(span, Discounted.OFF_TITLE)
                for span in reading.sightings.seen.get(term.surface, ())
                if reading.page.field_of(span[0]) >= term.reach
            ]
            return (*reading.sightings.refused.get(term.surface, ()), *off_title)
        cased = (reading.sightings.refused.get(surface, ()) for surface in self._surfaces(term))
        return (*reading.recognised.refused.get(term.entity, ()), *(refusal for group in cased for refusal in group))

    def spellings(self, term: CompiledTerm) -> tuple[bytes, ...]:
        """The shortest folded spelling of each of its aliases, or of the term itself."""
        surfaces = self._surfaces(term)
        return tuple(self._shortest[surface] for surface in surfaces if surface in self._shortest)  # a regex has none

    @cached_property
    def _shortest(self) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        for pattern, uses in zip(self._automaton.patterns, self._uses, strict=True):
            spelling = pattern.strip()
            for surface in (uses,) if isinstance(uses, int) else (surface for surface, _ in uses):
                known = found.get(surface, spelling)
                found[surface] = min(known, spelling, key=lambda each: (len(each), each))
        return found

    def _surfaces(self, term: CompiledTerm) -> tuple[int, ...]:
        if term.entity is None:
            return (term.surface,)
        entity = self.entities[term.entity]
        return (*entity.sure, *entity.ambiguous)

    def _loose(self, reading: Reading, watchlist: str) -> Mapping[int, Sequence[Span]]:
        """The occurrences of steps 1 to 4 of the terms of its `none`."""
        seen, refusing = reading.sightings.seen, self._refusing[watchlist]
        found: dict[int, set[Span]] = {}
        for surface in seen.keys() & refusing.keys():
            for term in refusing[surface]:
                found.setdefault(term, set()).update(seen[surface])
        loose = {term: reading.page.ahead(sorted(spans), self.terms[term].reach) for term, spans in found.items()}
        return {term: spans for term, spans in loose.items() if spans}

    def points(self, page: Layout, plan: Plan, holdings: Holdings, held: Held) -> Iterable[Point]:
        """What the score of a tree that holds so is made of."""
        for term in sorted(plan.kin.one_of(held.terms), key=plan.ranks.__getitem__):
            yield term_point(page, self.terms[term].written, holdings.owned[term])
        for term, points in plan.boosts.items():
            if holdings.owned.get(term):
                yield Point("boost", self.terms[term].written, points)
        for written, points in plan.sources.items():
            if is_from(written, page.article.source):
                yield Point("boost", written, points)
        for label in held.nears:
            yield Point("near", label, NEAR_POINTS)

    def _match(self, reading: Reading, verdict: Verdict) -> Match:
        assert verdict.held is not None
        card, owned, page = verdict.plan.card, verdict.holdings.owned, reading.page
        counted = [term for term in owned if term in verdict.held.terms or term in verdict.plan.boosts]
        hits = [self.hit(page, term, span) for term in verdict.plan.kin.one_of(counted) for span in owned[term]]
        found = about(page, {term: owned[term] for term in verdict.held.terms}, verdict.holds_with)
        told, quiet = self._news(reading, verdict, found)
        return Match(
            card.id,
            verdict.score,
            card.threshold,
            card.level,
            card.version,
            found.is_subject,
            verdict.points,
            tuple(sorted(hits, key=_place)),
            found.why,
            told,
            quiet,
        )

    def _news(self, reading: Reading, verdict: Verdict, found: About) -> tuple[str | None, Quiet | None]:
        """The words of an event, and why the article rings nobody."""
        assert verdict.held is not None
        rule, spans = verdict.plan.news, (span for term in verdict.held.terms for span in verdict.holdings.owned[term])
        told = None if rule is None else event(reading.page, rule, spans, reading.present)
        if not found.is_subject:
            return told, "mention"
        if kind := timeless(reading.page.article):
            return told, kind
        return told, "no_event" if rule is not None and told is None else None

    def hit(self, page: Layout, term: int, span: Span) -> Hit:
        """An occurrence, in the field as given."""
        compiled = self.terms[term]
        field, start, end = page.place(span)
        text: str = getattr(page.article, field)
        return Hit(compiled.written, compiled.entity, field, start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class _Standing:
    """The terms that a pattern may be of, wherever it stands, and those in the title or the lead alone; the watchlists
    that one of these opens."""

    anywhere: frozenset[int]
    ahead: frozenset[int]
    opens: frozenset[str]


class _Standings(dict[int, _Standing]):
    """By pattern; filled as patterns are met, for most of them never are."""

    def __init__(
        self,
        uses: Sequence[Known],
        terms: Mapping[int, Sequence[tuple[int, int]]],
        gates: Mapping[int, Sequence[str]],
    ) -> None:
        super().__init__()
        self._uses, self._terms, self._gates = uses, terms, gates

    def __missing__(self, pattern: int) -> _Standing:
        known = self._uses[pattern]
        self[pattern] = found = self.of((known,) if isinstance(known, int) else [surface for surface, _ in known])
        return found

    def of(self, surfaces: Iterable[int]) -> _Standing:
        """That of these surfaces."""
        terms = [each for surface in surfaces for each in self._terms.get(surface, ())]
        return _Standing(
            frozenset(term for term, reach in terms if reach >= len(FIELDS)),
            frozenset(term for term, reach in terms if reach < len(FIELDS)),
            frozenset(name for term, _ in terms for name in self._gates.get(term, ())),
        )


def _place(hit: Hit) -> tuple[int, int, int, str]:
    return FIELDS.index(hit.field), hit.start, -hit.end, hit.term


def _is_first(page: Layout, span: Span, field: int, lead: int) -> bool:
    """Does it stand in the title, or within so many characters of this field?"""
    index = page.field_of(span[0])
    return index == 0 or (index == field and page.place(span)[2] <= lead)


def _shared(present: Mapping[int, object], wanted: Mapping[int, object]) -> list[int]:
    """The keys of both, by a walk through the shorter: a watchlist of a thousand terms sees few of them."""
    short, long = (present, wanted) if len(present) < len(wanted) else (wanted, present)
    return [key for key in short if key in long]


def _terms_by(terms: Sequence[CompiledTerm]) -> tuple[dict[int, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """The terms that stand for each surface and each entity."""
    surfaces: dict[int, tuple[int, ...]] = {}
    entities: dict[str, tuple[int, ...]] = {}
    for number, term in enumerate(terms):
        if term.entity is None:
            surfaces[term.surface] = (*surfaces.get(term.surface, ()), number)
        else:
            entities[term.entity] = (*entities.get(term.entity, ()), number)
    return surfaces, entities


def _wanted(plans: Mapping[str, Plan], costs: Mapping[int, float], former: Engine | None) -> dict[str, frozenset[int]]:
    """Of each watchlist, the terms one of which is seen whenever it holds; as before where they cost what they did."""
    if former is None:
        return {name: _gate(name, plan, costs) for name, plan in plans.items()}
    other = {number for number, cost in costs.items() if former.costs.get(number) != cost}
    return {
        name: former.wanted[name] if other.isdisjoint((*plan.positive, *plan.mentioned)) else _gate(name, plan, costs)
        for name, plan in plans.items()
    }


def _gate(name: str, plan: Plan, costs: Mapping[int, float]) -> frozenset[int]:
    wanted = gate(plan.root, costs)
    if wanted is None:
        raise ValueError(f"watchlist {name} has no gate: it would see every article; lint first")
    return wanted


def _gates(wanted: Mapping[str, frozenset[int]]) -> dict[int, tuple[str, ...]]:
    """The watchlists to consider once a term is seen."""
    found: dict[int, list[str]] = {}
    for name, terms in wanted.items():
        for term in terms:
            found.setdefault(term, []).append(name)
    return {term: tuple(names) for term, names in found.items()}


# --- compilation ---------------------------------------------------------------------------------------------------
_COMMON_COST = 50.0  # of a term that is a common word
_MENTION = re.compile("@([a-z0-9_-]+)")  # the letters of an entity's id
_MANY_FORMS_COST, _WORD_COST = 20.0, 10.0  # of what begins a word or is a family; of a word
_REACH_COSTS = {1: 0.1, 2: 0.2, 3: 1.0}  # in the title, in the title and the lead, anywhere
_REGEX_COST = 1_000.0  # it would be looked for in every article


@dataclass(frozen=True, slots=True)
class Former:
    """An engine of watchlists all of which say what those to be compiled say; `changed`: the entities that came, went,
    or are others since."""

    engine: Engine
    changed: frozenset[str]

    def plan(self, name: str) -> Plan | None:
        """The watchlist as it is still; None where it speaks of what has changed, or seems to."""
        plan = self.engine.plans[name]
        return None if any(word.startswith(each) for word in plan.mentions for each in self.changed) else plan


def compile_engine(
    watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry], former: Former | None = None
) -> Engine:
    """Compile a configuration that `lint` found no error in. What stands as in the `former` is taken from there; the
    engine is the same.

    KeyError: an unknown entity; ValueError: no gate, or a query or an expression that cannot be read.
    """
    compiler = _Compiler(Book(), [], {}, as_json(entities))
    compiled = {name: compiler.entity(name, entry) for name, entry in sorted(entities.items())}
    for term in () if former is None else former.engine.terms:
        compiler.term(term.written)  # under its number of before
    plans = {
        name: (former and former.plan(name)) or compiler.plan(name, watchlist)
        for name, watchlist in sorted(watchlists.items())
    }
    book = compiler.book
    weights = {name: _weight(entry) for name, entry in entities.items()}
    costs = {number: _cost(parse(term.written), weights) for number, term in enumerate(compiler.terms)}
    for plan in plans.values():
        priced(plan.root, costs)
    first = book.add_words(acts.WORDS)
    automaton = Automaton(list(book.uses), book.phrases)
    return Engine(automaton, book, compiled, tuple(compiler.terms), plans, costs, first, former)


def _cost(term: Term, weights: Mapping[str, float]) -> float:
    """How often a term is seen, beside an expression of two words anywhere in a text."""
    match term.kind:
        case TermKind.REGEX:
            return _REGEX_COST
        case TermKind.ENTITY:
            seen = weights.get(term.text, 1.0)
        case TermKind.PREFIX | TermKind.FAMILY:
            seen = _MANY_FORMS_COST
        case _:
            words = fold(term.text).decode("latin-1").split()
            is_common = len(words) == 1 and not COMMON.isdisjoint((words[0], words[0].removesuffix("s")))
            seen = _COMMON_COST if is_common else _WORD_COST if len(words) == 1 else 1.0
    return seen * _REACH_COSTS[term.reach]


def _weight(entry: EntityEntry) -> float:
    """The cost of an entity: one for each of its names, most of which are seldom seen, and two for the one that is."""
    return 2.0 + len(sure_aliases(entry)) + (len(entry.ambiguous.aliases) if entry.ambiguous else 0)


@dataclass(slots=True)
class _Compiler:
    book: Book
    terms: list[CompiledTerm]
    numbers: dict[tuple[TermKind, str, int], int]
    entities: Mapping[str, str]

    def entity(self, name: str, entry: EntityEntry) -> Entity:
        doubtful = entry.ambiguous
        context = [parse(written) for written in doubtful.context] if doubtful else []
        return Entity(
            name,
            sure=(
                *self._surfaces(sure_aliases(entry), entity=True),
                *self._misspelt(entry, alone=False),
                *self._surfaces((f"act:{entry.act}",) if entry.act else ()),
            ),
            ambiguous=(
                *self._surfaces(doubtful.aliases if doubtful else (), entity=True),
                *(self._misspelt(entry, alone=True) if doubtful else ()),
            ),
            context=tuple(self.book.add(term) for term in context if term.kind is not TermKind.ENTITY),
            context_entities=tuple(term.text for term in context if term.kind is TermKind.ENTITY),
            denied=self._surfaces(entry.not_),
            within=doubtful.within if doubtful else 0,
            kind=entry.kind,
            name=entry.name,
        )

    def _misspelt(self, entry: EntityEntry, *, alone: bool) -> tuple[int, ...]:
        """A person's surname with one wrong letter: sure after the first name, ambiguous alone."""
        names = sure_aliases(entry) if entry.kind == "personne" else ()
        found = (self.book.add_misspelt(alias, alone=alone) for alias in names)
        return tuple(dict.fromkeys(surface for surface in found if surface is not None))

    def _surfaces(self, written: Iterable[str], *, entity: bool = False) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.book.add(parse(alias), entity=entity) for alias in written))

    def term(self, written: str) -> int:
        """The number of a term: the same for the same text, whoever wrote it."""
        parsed = parse(written)
        key = (parsed.kind, parsed.text, parsed.reach)
        if key not in self.numbers:
            self.numbers[key] = len(self.terms)
            self.terms.append(self._compiled(parsed))
        return self.numbers[key]

    def _compiled(self, term: Term) -> CompiledTerm:
        written = term.written.strip()
        if term.kind is TermKind.ENTITY:
            return CompiledTerm(written, term.text, -1, term.reach)
        return CompiledTerm(written, None, self.book.add(term), term.reach)

    def plan(self, name: str, watchlist: WatchlistFile) -> Plan:
        written = tree_of(watchlist)
        root = renamed(written, self.term)
        assert isinstance(root, Every)
        positive = tuple(dict.fromkeys(leaf.term for leaf in leaves(root)))
        mentioned = tuple(dict.fromkeys(leaf.term for leaf in leaves(root, refused=True)))
        sources = {term: points for term, points in watchlist.boost.items() if parse(term).kind is TermKind.SOURCE}
        boosts = {self.term(term): points for term, points in watchlist.boost.items() if term not in sources}
        every = tuple(dict.fromkeys((*positive, *boosts, *mentioned)))
        for number in every:
            if (entity := self.terms[number].entity) is not None:
                self.entities[entity]  # an unknown entity is a KeyError here, not a silence later
        spoken = _written_rules(watchlist)
        card = Watchlist(
            name,
            watchlist.name,
            watchlist.question,
            watchlist.level,
            watchlist.threshold,
            _version(spoken, self.entities),
            tuple(self.terms[number].written for number in positive),
            watchlist.review,
        )
        return Plan(
            card,
            root,
            positive,
            MappingProxyType(boosts),
            mentioned,
            ranks=MappingProxyType({term: rank for rank, term in enumerate(positive)}),
            extra=tuple(term for term in boosts if term not in positive),
            sources=MappingProxyType(sources),
            regexes=tuple(number for number in every if self.terms[number].surface in self.book.regexes),
            kin=Kinship(
                dict(self._plain(positive)),
                dict(self._plain(every)),
                {number: self.terms[number].reach for number in positive},
                frozenset(number for number in every if self.terms[number].entity is not None),
            ),
            news=None if watchlist.news is None else self._event(watchlist.news),
            mentions=frozenset(_MENTION.findall(spoken)),
        )

    def _event(self, news: News) -> EventRule:
        return EventRule(tuple(map(self.term, news.words)), tuple(news.facts), news.people, news.official)

    def _plain(self, among: Collection[int]) -> Iterable[tuple[int, int]]:
        """Of each of these terms that is another of them in fewer fields, the one that is in most."""
        for number in among:
            parsed = parse(self.terms[number].written)
            wider = (self.numbers.get((parsed.kind, parsed.text, reach)) for reach in range(3, parsed.reach, -1))
            if (other := next((each for each in wider if each in among), None)) is not None:
                yield number, other


def as_json(entities: Mapping[str, EntityEntry]) -> dict[str, str]:
    """The entities as `version_of` wants them."""
    return {
        name: entry.model_dump_json(by_alias=True, exclude=None if entry.act else {"act"})
        for name, entry in entities.items()
    }


def version_of(watchlist: WatchlistFile, entities: Mapping[str, str]) -> str:
    """Six hex digits of what decides: the watchlist, and the entities that it names, or seems to: @ans in @anssi."""
    return _version(_written_rules(watchlist), entities)


def _written_rules(watchlist: WatchlistFile) -> str:
    """What of a watchlist decides, as JSON."""
    silent: dict[str, bool | set[str]] = {"examples": True, "review": True, "question": True}
    if watchlist.news is None:
        silent["news"] = True
    elif not watchlist.news.facts:
        silent["news"] = {"facts"}  # a list that names no kind keeps the version it had before there were any
    return watchlist.model_dump_json(by_alias=True, exclude=silent)


def _version(written: str, entities: Mapping[str, str]) -> str:
    words = set(_MENTION.findall(written))
    names = {word[:end] for word in words for end in range(1, len(word) + 1)} & entities.keys()
    named = {name: entities[name] for name in sorted(names)}
    return hashlib.sha256(json.dumps([written, named]).encode()).hexdigest()[:6]
