"""Why a watchlist matched an article, and why another did not: what the engine decided, told with quotes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, assert_never

from matchers.engine.engine import CompiledTerm, Engine, Reading, Verdict
from matchers.engine.tree import Held, hold
from matchers.model import FIELDS, Article, Aspect, Field, Hit, Match, Point, Quiet, Watchlist
from matchers.scan.page import Layout, Span
from matchers.scan.surfaces import Discounted, Refusal
from matchers.trials.nearest import Lookalike, Lookalikes
from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Some, leaves
from matchers.watchlists.terms import parse

_AROUND = 40  # characters of context on each side of a quote
_NAMED = 6  # alternatives named before « … »
_SIDE_NAMED = 3  # of one side of a proximity that was met
NAMES: dict[Field, str] = {"title": "titre", "summary": "chapô", "text": "texte"}


LackKind = Literal[
    "absent", "every", "any", "at_least", "none", "near", "near_apart", "near_far", "near_order", "near_sentence",
    "threshold",
]  # fmt: skip


# --- values --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Quote:
    """A hit with what stands around it: `before` and `after` are cut at words, with « … » where they are cut."""

    hit: Hit
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A part of the score, and its hits. A proximity has no hits of its own: its terms do."""

    point: Point
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What became of an occurrence that counts for nothing, or of a term that is absent.

    `word` numbers the words of the field from 1. `quote` is None where the term is absent; then `nearest` is what
    looks most like it, if anything does.
    """

    term: str
    message: str
    quote: Quote | None = None
    word: int | None = None
    nearest: Lookalike | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match, part by part: the points of the parts add up to its score. `doubts`: what was seen and not counted."""

    watchlist: Watchlist
    match: Match
    parts: tuple[ScorePart, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A required block that does not hold: where it is in the YAML, why in French, and what of it is half there.

    The same for who words it otherwise, and for readers who wrote no watchlist: `kind`, the `terms` that it wants, as
    words without their marks, an entity by its name, those `seen` with the field of each, and its `numbers`: of a
    threshold what is missing, of a proximity the distance and what is allowed, else how many and of how many.
    """

    path: tuple[str | int, ...]
    message: str
    lacks: tuple["Lack", ...] = ()
    kind: LackKind = "absent"
    terms: tuple[str, ...] = ()
    seen: tuple[tuple[str, Field], ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchlistAnswer:
    """What a watchlist makes of an article: if it matched, `lacks` is empty.

    `parts` is what was found of its terms, `score` what that is worth: the points of a match if it is one.
    """

    watchlist: Watchlist
    matched: bool
    score: int
    lacks: tuple[Lack, ...]
    parts: tuple[ScorePart, ...]
    doubts: tuple[Doubt, ...]


# --- why it matched ------------------------------------------------------------------------------------------------
def explain(engine: Engine, article: Article) -> tuple[Explanation, ...]:
    """Every watchlist that matches, best first, with the quotes behind each point."""
    scan = engine.scan(article)
    matches = engine.matches(scan)
    if not matches:
        return ()
    reading = engine.understand(scan)
    return tuple(_explanation(engine, reading, match) for match in matches)


def _explanation(engine: Engine, reading: Reading, match: Match) -> Explanation:
    parts = []
    for point in match.points:
        hits = [hit for hit in match.hits if hit.term == point.term and point.kind != "near"]
        parts.append(ScorePart(point, tuple(quote(reading.page.article, hit) for hit in hits)))
    verdict = engine.judge(reading, match.watchlist)
    doubts = [doubt for term in verdict.plan.positive for doubt in _refused(engine, reading, verdict, term)]
    return Explanation(engine.watchlists[match.watchlist], match, tuple(parts), tuple(doubts))


def quote(article: Article, hit: Hit) -> Quote:
    """The hit with its surroundings, on one line."""
    text: str = getattr(article, hit.field)
    before, after = text[max(hit.start - _AROUND, 0) : hit.start], text[hit.end : hit.end + _AROUND]
    if hit.start > _AROUND:
        before = "…" + before[before.find(" ") :].lstrip()
    if hit.end + _AROUND < len(text):
        after = after[: after.rfind(" ") + 1].rstrip() + "…"
    return Quote(hit, _line(before), _line(after))


def _line(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)


# --- why it did not ------------------------------------------------------------------------------------------------
def why(engine: Engine, article: Article, watchlist: str) -> WatchlistAnswer:
    """What this watchlist makes of the article. KeyError if there is no such watchlist."""
    reading = engine.read(article)
    verdict = engine.judge(reading, watchlist)
    doubts = () if verdict.matched else tuple(_doubts(engine, reading, verdict))
    return replace(_account(engine, reading, verdict), doubts=doubts)


def lacks(engine: Engine, reading: Reading, verdict: Verdict) -> tuple[Lack, ...]:
    """What of a watchlist does not hold, and nothing else of it."""
    return _account(engine, reading, verdict).lacks


def account(engine: Engine, article: Article, watchlist: str) -> WatchlistAnswer:
    """The same without the doubts: to look for what resembles each absent term costs far more than all the rest."""
    reading = engine.read(article)
    return _account(engine, reading, engine.judge(reading, watchlist))


def _account(engine: Engine, reading: Reading, verdict: Verdict) -> WatchlistAnswer:
    parts = tuple(_found(engine, reading, verdict))
    score = verdict.score if verdict.matched else sum(part.point.points for part in parts)
    lacks = () if verdict.matched else tuple(_lacks(engine, reading, verdict, score))
    return WatchlistAnswer(verdict.plan.card, verdict.matched, score, lacks, parts, ())


def _found(engine: Engine, reading: Reading, verdict: Verdict) -> Iterable[ScorePart]:
    """The parts of the score if the tree holds, else what they would be if its blocks held."""
    owned, page, points = verdict.holdings.owned, reading.page, verdict.points
    if verdict.held is None:
        everything = Held(frozenset(term for term in verdict.plan.positive if owned.get(term)))
        points = tuple(engine.points(page, verdict.plan, verdict.holdings, everything))
    numbers = {engine.terms[term].written: term for term in owned}
    for point in points:
        spans = owned[numbers[point.term]] if point.term in numbers and point.kind != "near" else ()
        yield ScorePart(
            point, tuple(quote(page.article, engine.hit(page, numbers[point.term], span)) for span in spans)
        )


def _lacks(engine: Engine, reading: Reading, verdict: Verdict, score: int) -> Iterable[Lack]:
    teller = _Teller(engine, reading, verdict)
    for child in verdict.plan.root.children:
        if hold(child, verdict.holdings) is None:
            yield teller.lack(child)
    card = verdict.plan.card
    if score < card.threshold:
        missing = card.threshold - score
        message = f"score {score}, seuil {card.threshold}\u00a0: il manque {_points(missing)}"
        yield Lack(("threshold",), message, kind="threshold", numbers=(missing,))


def _points(count: int) -> str:
    return f"{count} point{'s' if count > 1 else ''}"


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says of each block that does not hold what it lacks."""

    engine: Engine
    reading: Reading
    verdict: Verdict

    def lack(self, node: Node[int]) -> Lack:
        match node:
            case Leaf():
                written = self.engine.terms[node.term].written
                return Lack(node.path, f"{written} manque", terms=self.words((node.term,)))
            case Every():
                lacking = tuple(self.lack(child) for child in node.children if not self.holds(child))
                message = f"il manque {len(lacking)} conditions sur {len(node.children)}"
                if len(lacking) == 1:
                    return lacking[0]
                return Lack(node.path, message, lacking, "every", numbers=(len(lacking), len(node.children)))
            case Some():
                return self.too_few(node)
            case From():
                return Lack(node.path, f"{node.written} manque", terms=(node.written,))
            case No():
                excluding = [(self.engine.terms[term].written, field) for term, field in self.excluding()]
                named = ", ".join(f"{written}, {NAMES[field]}" for written, field in excluding)
                seen = tuple((self.words((term,))[0], field) for term, field in self.excluding())
                return Lack(node.path, f"none, exclu par\u00a0: {named}", kind="none", seen=seen)
            case Close():
                return self.apart(node)
            case _:
                assert_never(node)

    def holds(self, node: Node[int]) -> bool:
        return hold(node, self.verdict.holdings) is not None

    def too_few(self, node: Some[int]) -> Lack:
        """Of the alternatives that fail, those of which something was found say what else they need."""
        halves = [child for child in node.children if not isinstance(child, Leaf) and self.is_begun(child)]
        lacks = tuple(self.lack(child) for child in halves if not self.holds(child))
        if node.least == 1:
            message = f"any, aucun de\u00a0: {self.written(_terms(node))}"
            return Lack(node.path, message, lacks, "any", self.words(_terms(node)))
        found = [child for child in node.children if self.holds(child)]
        named = f" ({self.sites(term for child in found for term in _terms(child))})" if found else ""
        missing = node.least - len(found)
        message = f"at_least {node.least}, trouvé {len(found)}{named}\u00a0: il en manque {missing}"
        return Lack(node.path, message, lacks, "at_least", numbers=(len(found), node.least))

    def is_begun(self, node: Node[int]) -> bool:
        return any(self.verdict.holdings.owned.get(term) for term in _terms(node))

    def apart(self, node: Close[int]) -> Lack:
        owned = self.verdict.holdings.owned
        missing = [item for item in node.items if not any(owned.get(term) for term in item)]
        if missing:
            there = self.sites(term for item in node.items for term in item)
            absent = "\u00a0; ".join(self.written(item) for item in missing)
            message = f"near, trouvé {there or 'rien'}\u00a0; il manque un de\u00a0: {absent}"
            return Lack(node.path, message, kind="near", terms=self.words(term for item in missing for term in item))
        nearest = _nearest(self.reading.page, [[s for t in item for s in owned.get(t, ())] for item in node.items])
        if nearest is None:
            sites = self.sites(t for item in node.items for t in item)
            return Lack(node.path, f"near, jamais ensemble dans un champ\u00a0: {sites}", kind="near_apart")
        if nearest > node.within:
            message = f"near, au plus près à {nearest} mots ({node.within} permis)"
            return Lack(node.path, message, kind="near_far", numbers=(nearest, node.within))
        if node.ordered:
            return Lack(node.path, "near, jamais dans cet ordre", kind="near_order")
        return Lack(node.path, "near, jamais dans la même phrase", kind="near_sentence")

    def sites(self, terms: Iterable[int]) -> str:
        """The terms that were found, each with its first hit."""
        owned, page = self.verdict.holdings.owned, self.reading.page
        hits = [(term, self.engine.hit(page, term, owned[term][0])) for term in dict.fromkeys(terms) if owned.get(term)]
        return ", ".join(
            f"{self.engine.terms[term].written} «\u00a0{_line(hit.text)}\u00a0», {NAMES[hit.field]}"
            for term, hit in hits
        )

    def excluding(self) -> tuple[tuple[int, Field], ...]:
        loose, page = self.verdict.holdings.loose, self.reading.page
        return tuple((term, self.engine.hit(page, term, spans[0]).field) for term, spans in loose.items() if spans)

    def written(self, terms: Iterable[int]) -> str:
        named = self.named(terms)
        more = f"… ({len(named) - _NAMED} de plus)" if len(named) > _NAMED + 1 else ""
        return ", ".join(named[:_NAMED] if more else named) + more

    def words(self, terms: Iterable[int]) -> tuple[str, ...]:
        """Terms without their marks, an entity by its name: `title:@hdh` is « Health Data Hub »."""
        compiled = (self.engine.terms[term] for term in terms)
        return tuple(
            dict.fromkeys(
                self.engine.entities[term.entity].name if term.entity is not None else parse(term.written).text
                for term in compiled
            )
        )

    def named(self, terms: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.engine.terms[term].written for term in terms))


def _terms(node: Node[int]) -> Iterable[int]:
    return (leaf.term for leaf in leaves(node))


def _nearest(page: Layout, items: Sequence[Sequence[Span]]) -> int | None:
    """The fewest words between a first and a last hit, one of each item in one field; None if no field has them all."""
    least: int | None = None
    for start in sorted(span for item in items for span in item):
        ends = []
        for item in items:
            after = [span for span in item if span >= start and page.same_field(start, span)]
            if not after:
                break
            ends.append(min(after))
        else:
            gap = page.distance(start, max(ends))
            least = gap if least is None else min(least, gap)
    return least


# --- what became of each term --------------------------------------------------------------------------------------
def _doubts(engine: Engine, reading: Reading, verdict: Verdict) -> Iterable[Doubt]:
    words = Lookalikes(reading.page)
    for number in verdict.plan.positive:
        refused = tuple(_refused(engine, reading, verdict, number))
        yield from refused
        if not refused and not verdict.holdings.owned.get(number):
            nearest = words.nearest(engine.spellings(engine.terms[number]))
            yield Doubt(engine.terms[number].written, _absence(nearest), nearest=nearest)


def _refused(engine: Engine, reading: Reading, verdict: Verdict, number: int) -> Iterable[Doubt]:
    term, page = engine.terms[number], reading.page
    for refusal in (*engine.refusals(reading, term), *verdict.holdings.refused.get(number, ())):
        hit = engine.hit(page, number, refusal.span)
        word = len(page.haystack[page.begins[page.field_of(refusal.span[0])] : refusal.span[0]].split()) + 1
        yield Doubt(term.written, _refusal(engine, reading, term, refusal), quote(page.article, hit), word)


def _refusal(engine: Engine, reading: Reading, term: CompiledTerm, refusal: Refusal) -> str:
    match refusal.why:
        case Discounted.CASE:
            return "pas la casse demandée"
        case Discounted.SHOUTED:
            return "champ en capitales\u00a0: la casse n'y prouve rien"
        case Discounted.OFF_TITLE:
            return "hors titre" if term.reach == 1 else "hors titre et chapô"
        case Discounted.NESTED if refusal.other == refusal.span:
            return "déjà compté pour un terme écrit avant"
        case Discounted.NESTED:
            return f"compris dans «\u00a0{_shown(reading, refusal.other)}\u00a0»"
        case Discounted.ASIDE:
            return "dans le titre d'un autre article, un mot-clé ou une répétition"
        case Discounted.DENIED:
            return f"exclu par «\u00a0{_shown(reading, refusal.other)}\u00a0», tout près"
        case Discounted.CONTEXT if refusal.other is None:
            return "sans contexte"
        case Discounted.CONTEXT:
            distance = reading.page.distance(refusal.span, refusal.other)
            allowed = engine.entities[term.entity or ""].within
            nearest = (
                f"le plus proche, «\u00a0{_shown(reading, refusal.other)}\u00a0», à {distance} mots ({allowed} permis)"
            )
            return f"sans contexte\u00a0; {nearest}"
        case _:
            assert_never(refusal.why)


def _shown(reading: Reading, span: Span | None) -> str:
    assert span is not None
    field, start, end = reading.page.place(span)
    text: str = getattr(reading.page.article, field)
    return text[start:end]


def _absence(nearest: Lookalike | None) -> str:
    if nearest is None:
        return "absent"
    if nearest.distance == 0:
        return f"absent\u00a0; coupé par une ponctuation\u00a0: «\u00a0{nearest.text}\u00a0», {NAMES[nearest.field]}"
    letters = "une lettre" if nearest.distance == 1 else f"{nearest.distance} lettres"
    return (
        f"absent\u00a0; le plus proche\u00a0: «\u00a0{nearest.text}\u00a0», {NAMES[nearest.field]}, {letters} d'écart"
    )


# --- text and JSON -------------------------------------------------------------------------------------------------
Marks = tuple[str, str]  # what stands before and after a hit


def to_text(explanations: Sequence[Explanation], *, mark: Marks = ("[", "]")) -> str:
    """For a terminal: a paragraph per match, each hit between the two marks in its surroundings."""
    if not explanations:
        return "Aucune veille ne retient cet article."
    return "\n\n".join("\n".join(_lines(explanation, mark)) for explanation in explanations)


def _lines(explanation: Explanation, mark: Marks) -> Iterable[str]:
    match, card = explanation.match, explanation.watchlist
    yield f"✔ {card.id}   score {match.score}, seuil {match.threshold}, {match.level}   {card.name}"
    yield f"   {aspect(match)}\u00a0; {ringing(match)}"
    yield from _part_lines(explanation.parts, mark)
    yield from map(_doubt_line, explanation.doubts)


_ASPECTS: Mapping[Aspect, str] = {
    "title": "le titre le dit",
    "summary": "le chapô le dit",
    "opening": "le début le dit",
    "named": "le titre en nomme une part, le début le dit",
    "dense": "une bonne part des phrases en parlent",
    "listed": "une énumération le cite parmi d'autres choses",
    "far": "loin dans le texte seulement",
    "sparse": "trop peu de phrases en parlent",
    "manual": "une page de documentation",
}
_QUIET: Mapping[Quiet, str] = {
    "mention": "le sujet n'est que cité",
    "no_event": "aucun fait de news",
    "guide": "un guide ou une question",
    "opinion": "une tribune ou un entretien",
    "advert": "une publicité",
    "meeting": "un rendez-vous",
    "job": "une offre d'emploi",
    "documentation": "une page de documentation",
    "roundup": "une revue de l'actualité",
    "study": "une étude ou un baromètre",
    "lookback": "un retour sur un fait passé",
    "dated": "déjà ancien à son arrivée",
}


def aspect(match: Match) -> str:
    """Is it what the article is about, and why."""
    head = "sujet" if match.subject else "cité en passant"
    return f"{head}\u00a0: {_ASPECTS[match.aspect]}" if match.aspect else head


def ringing(match: Match) -> str:
    """Would it ring, and for which event, or why not."""
    if match.quiet is not None:
        return f"ne sonne pas\u00a0: {_QUIET[match.quiet]}"
    event = f"\u00a0: «\u00a0{_line(match.news)}\u00a0»" if match.news else ""
    return f"{'sonne' if match.rings else 'sonnerait en flash'}{event}"


def _part_lines(parts: Iterable[ScorePart], mark: Marks) -> Iterable[str]:
    for part in parts:
        yield f"   +{part.point.points}  {title(part.point)}"
        for found in part.quotes:
            where = NAMES[found.hit.field]
            yield f"       {where:6} {found.before}{mark[0]}{_line(found.hit.text)}{mark[1]}{found.after}"


def title(point: Point) -> str:
    """A part of a score in words: « cloud souverain   titre 3 · texte 1 »."""
    match point.kind:
        case "boost":
            return f"bonus {point.term}"
        case "near":
            return f"proximité {' … '.join(map(_few, point.term.split(' … ')))}"
        case "term":
            weights = (3 * min(point.title, 1), 2 * min(point.summary, 1), min(point.text, 3))
            earned = (f"{NAMES[field]} {weight}" for field, weight in zip(FIELDS, weights, strict=True) if weight)
            return f"{point.term}   {' · '.join(earned)}"
        case _:
            assert_never(point.kind)


def _few(side: str) -> str:
    """One side of a proximity as a person reads it: « @hdh|@snds|@emc2 et 30 autres »."""
    terms = side.split("|")
    rest = len(terms) - _SIDE_NAMED
    return side if rest < 2 else f"{'|'.join(terms[:_SIDE_NAMED])} et {rest} autres"


def silence_text(silence: WatchlistAnswer, *, mark: Marks = ("[", "]")) -> str:
    """For a terminal: the verdict, each lack, what was found, and each term that is nearly there."""
    card = silence.watchlist
    if silence.matched:
        head = f"✔ {card.id}\u00a0: retenu, score {silence.score}, seuil {card.threshold}"
        return "\n".join([head, *_part_lines(silence.parts, mark)])
    lines = [line for lack in silence.lacks for line in _lack_lines(lack, f"✘ {card.id}\u00a0: ")]
    lines += _part_lines(silence.parts, mark)
    told = [doubt for doubt in silence.doubts if doubt.quote or doubt.nearest]
    lines += map(_doubt_line, told)
    absent = len(silence.doubts) - len(told)
    if absent:
        lines.append(
            f"   {absent} terme{'s' if absent > 1 else ''} absent{'s' if absent > 1 else ''}, sans rien d'approchant"
        )
    return "\n".join(lines)


def in_short(silence: WatchlistAnswer) -> str:
    """The part that weighs most; or the condition that came nearest to holding, and a term nearly there."""
    card = silence.watchlist
    if silence.matched:
        return f"{strongest(silence.parts)}\u00a0; score {silence.score}, seuil {card.threshold}"
    nearly = next((doubt for doubt in silence.doubts if doubt.quote or doubt.nearest), None)
    return first_lack(silence) + (f"\u00a0; {_doubt_line(nearly).strip()}" if nearly else "")


def first_lack(silence: WatchlistAnswer) -> str:
    """What excludes a text that did not match, else the condition that came nearest to holding."""
    excluding = (lack for lack in silence.lacks if lack.path[-1:] == ("none",))
    lack = next(excluding, silence.lacks[0])
    while lack.lacks:
        lack = lack.lacks[0]
    return lack.message


def strongest(parts: Iterable[ScorePart]) -> str:
    """The part that weighs most, with its first hit; "" if no part has one."""
    best = max((part for part in parts if part.quotes), key=lambda part: part.point.points, default=None)
    if best is None:
        return ""
    hit = best.quotes[0].hit
    return f"+{best.point.points} {best.point.term}, {NAMES[hit.field]}, «\u00a0{_line(hit.text)}\u00a0»"


def _lack_lines(lack: Lack, lead: str) -> Iterable[str]:
    yield f"{lead}{lack.message}"
    for below in lack.lacks:
        yield from _lack_lines(below, f"     {_place(below.path)}")


def _place(path: tuple[str | int, ...]) -> str:
    """« any 4 »: the block and its number in it, from 1, as a reader of the YAML counts."""
    return " ".join(str(part + 1) if isinstance(part, int) else part for part in path[:2]) + "\u00a0: "


def _doubt_line(doubt: Doubt) -> str:
    if doubt.quote is None:
        return f"   {doubt.term}  {doubt.message}"
    hit = doubt.quote.hit
    place = f"«\u00a0{_line(hit.text)}\u00a0», {NAMES[hit.field]}, mot {doubt.word}"
    return f"   {doubt.term}  {place}\u00a0: {doubt.message}"


def to_json(value: Explanation | WatchlistAnswer) -> dict[str, Any]:
    """The same as a tree of plain values; dates are ISO texts."""
    tree = asdict(value)
    review = value.watchlist.review
    tree["watchlist"]["review"] = review.isoformat() if review else None
    return tree
