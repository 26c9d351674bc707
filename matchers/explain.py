"""Why a watchlist matched an article, and why another did not: what the engine decided, told with quotes."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, assert_never

from matchers.engine import CompiledTerm, Engine, Reading, Verdict
from matchers.model import FIELDS, Article, Field, Hit, Match, Point, Watchlist
from matchers.page import Span
from matchers.surfaces import Refusal, Why
from matchers.terms import forms, parse
from matchers.text import fold
from matchers.tree import Close, Every, From, Leaf, No, Node, Some, hold, leaves

_AROUND = 40  # characters of context on each side of a quote
_NAMES: dict[Field, str] = {"title": "titre", "summary": "chapô", "text": "texte"}


# --- values --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Quote:
    """A hit with what stands around it: `before` and `after` are cut at words, with « … » where they are cut."""

    hit: Hit
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the score, and its hits. A proximity has no hits of its own: its terms do."""

    point: Point
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match, part by part: the points of the parts add up to its score."""

    watchlist: Watchlist
    match: Match
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A required block that does not hold: where it is in the YAML, and why in French."""

    path: tuple[str | int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What became of a term that counts for nothing here. `quote` is None where the term is absent."""

    term: str
    message: str
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Silence:
    """What a watchlist makes of an article: if it matched, `lacks` is empty."""

    watchlist: Watchlist
    matched: bool
    score: int
    lacks: tuple[Lack, ...]
    doubts: tuple[Doubt, ...]


# --- why it matched ------------------------------------------------------------------------------------------------
def explain(engine: Engine, article: Article) -> tuple[Explanation, ...]:
    """Every watchlist that matches, best first, with the quotes behind each point."""
    return tuple(_explanation(engine, article, match) for match in engine.match(article))


def _explanation(engine: Engine, article: Article, match: Match) -> Explanation:
    parts = []
    for point in match.points:
        hits = [hit for hit in match.hits if hit.term == point.term and point.kind != "near"]
        parts.append(Part(point, tuple(quote(article, hit) for hit in hits)))
    return Explanation(engine.watchlists[match.watchlist], match, tuple(parts))


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
def why(engine: Engine, article: Article, watchlist: str) -> Silence:
    """What this watchlist makes of the article. KeyError if there is no such watchlist."""
    reading = engine.read(article)
    verdict = engine.judge(reading, watchlist)
    card = verdict.plan.card
    lacks = tuple(_lacks(engine, reading, verdict))
    doubts = () if verdict.matched else tuple(_doubts(engine, reading, verdict))
    return Silence(card, verdict.matched, verdict.score, lacks, doubts)


def _lacks(engine: Engine, reading: Reading, verdict: Verdict) -> Iterable[Lack]:
    for child in verdict.plan.root.children:
        if hold(child, verdict.holdings) is None:
            yield Lack(child.path, _lack(engine, reading, verdict, child))
    if verdict.held is not None and not verdict.matched:
        missing = verdict.plan.card.threshold - verdict.score
        message = f"score {verdict.score}, seuil {verdict.plan.card.threshold}\u00a0: il manque {_points(missing)}"
        yield Lack(("threshold",), message)


def _points(count: int) -> str:
    return f"{count} point{'s' if count > 1 else ''}"


def _lack(engine: Engine, reading: Reading, verdict: Verdict, node: Node[int]) -> str:
    match node:
        case Leaf():
            return f"{engine.terms[node.term].written} manque"
        case Every():
            lacking = [child for child in node.children if hold(child, verdict.holdings) is None]
            return "\u00a0; ".join(_lack(engine, reading, verdict, child) for child in lacking)
        case Some():
            found = [child for child in node.children if hold(child, verdict.holdings) is not None]
            if node.least == 1:
                return f"aucun de\u00a0: {_written(engine, (leaf.term for leaf in leaves(node)))}"
            return f"at_least {node.least}, trouvé {len(found)}"
        case No():
            seen = [term for term in verdict.plan.mentioned if verdict.holdings.loose.get(term)]
            return f"exclu par\u00a0: {_written(engine, seen)}"
        case From():
            return f"{node.written} manque"
        case Close():
            return f"near\u00a0: {_nearest(reading, verdict, node)}"
        case _:
            assert_never(node)


def _written(engine: Engine, terms: Iterable[int]) -> str:
    return ", ".join(dict.fromkeys(engine.terms[term].written for term in terms))


def _nearest(reading: Reading, verdict: Verdict, node: Close[int]) -> str:
    page, owned = reading.page, verdict.holdings.owned
    spans = [[span for term in item for span in owned.get(term, ())] for item in node.items]
    if not all(spans):
        return f"{node.label}, un des termes manque"
    gaps = [
        page.distance(one, other)
        for one in spans[0]
        for other in spans[1]
        if one != other and page.same_field(one, other)
    ]
    return (
        f"{node.label}, au plus près à {min(gaps)} mots ({node.within} permis)"
        if gaps
        else f"{node.label}, jamais ensemble"
    )


def _doubts(engine: Engine, reading: Reading, verdict: Verdict) -> Iterable[Doubt]:
    for number in verdict.plan.positive:
        term = engine.terms[number]
        refusals = (*engine.refusals(reading, term), *verdict.holdings.refused.get(number, ()))
        for refusal in refusals:
            hit = engine.hit(reading.page, number, refusal.span)
            yield Doubt(term.written, _refusal(engine, reading, term, refusal), quote(reading.page.article, hit))
        if not refusals and not verdict.holdings.owned.get(number):
            yield Doubt(term.written, _absence(engine, reading, term), None)


def _refusal(engine: Engine, reading: Reading, term: CompiledTerm, refusal: Refusal) -> str:
    match refusal.why:
        case Why.CASE:
            return "pas la casse demandée"
        case Why.SHOUTED:
            return "champ en capitales\u00a0: la casse n'y prouve rien"
        case Why.OFF_TITLE:
            return "hors titre"
        case Why.NESTED:
            return f"compris dans «\u00a0{_shown(reading, refusal.other)}\u00a0»"
        case Why.DENIED:
            return f"exclu par «\u00a0{_shown(reading, refusal.other)}\u00a0», tout près"
        case Why.CONTEXT if refusal.other is None:
            return "sans contexte"
        case Why.CONTEXT:
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


def _absence(engine: Engine, reading: Reading, term: CompiledTerm) -> str:
    words = {word.decode("latin-1") for word in reading.page.haystack.split() if len(word) > 3}
    sought = term.entity or forms(parse(term.written))[0]
    near = get_close_matches(fold(sought).decode("latin-1"), sorted(words), n=1, cutoff=0.75)
    return f"absent\u00a0; le plus proche\u00a0: «\u00a0{near[0]}\u00a0»" if near else "absent"


# --- text and JSON -------------------------------------------------------------------------------------------------
def to_text(explanations: Sequence[Explanation], *, mark: tuple[str, str] = ("[", "]")) -> str:
    """For a terminal: a paragraph per match, each hit between the two marks in its surroundings."""
    if not explanations:
        return "Aucune veille ne retient cet article."
    return "\n\n".join("\n".join(_lines(explanation, mark)) for explanation in explanations)


def _lines(explanation: Explanation, mark: tuple[str, str]) -> Iterable[str]:
    match, card = explanation.match, explanation.watchlist
    yield f"✔ {card.id}   score {match.score}, seuil {match.threshold}, {match.level}   {card.name}"
    for part in explanation.parts:
        yield f"   +{part.point.points}  {_title(part.point)}"
        for found in part.quotes:
            where = _NAMES[found.hit.field]
            yield f"       {where:6} {found.before}{mark[0]}{_line(found.hit.text)}{mark[1]}{found.after}"


def _title(point: Point) -> str:
    match point.kind:
        case "boost":
            return f"bonus {point.term}"
        case "near":
            return f"proximité {point.term}"
        case "term":
            weights = (3 * min(point.title, 1), 2 * min(point.summary, 1), min(point.text, 3))
            earned = (f"{_NAMES[field]} {weight}" for field, weight in zip(FIELDS, weights, strict=True) if weight)
            return f"{point.term}   {' · '.join(earned)}"
        case _:
            assert_never(point.kind)


def silence_text(silence: Silence) -> str:
    """For a terminal: the verdict, each lack, and what became of each term."""
    if silence.matched:
        return f"✔ {silence.watchlist.id}\u00a0: retenu, score {silence.score}, seuil {silence.watchlist.threshold}"
    lines = [f"✘ {silence.watchlist.id}\u00a0: {lack.message}" for lack in silence.lacks]
    for doubt in silence.doubts:
        place = (
            f"«\u00a0{_line(doubt.quote.hit.text)}\u00a0», {_NAMES[doubt.quote.hit.field]}\u00a0: "
            if doubt.quote
            else ""
        )
        lines.append(f"   {doubt.term}  {place}{doubt.message}")
    return "\n".join(lines)


def to_json(value: Explanation | Silence) -> dict[str, Any]:
    """The same as a tree of plain values; dates are ISO texts."""
    tree = asdict(value)
    review = value.watchlist.review
    tree["watchlist"]["review"] = review.isoformat() if review else None
    return tree
