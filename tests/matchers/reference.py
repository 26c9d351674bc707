"""The rules of matching once more, slow and obvious: a regular expression a form, every choice tried, no gate.

It shares with the engine the models of YAML, the forms of a term and what `!` compares; nothing of how it is done.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations, product
from typing import NamedTuple

from matchers.language.text import exact
from matchers.language.words import ABBREVIATIONS
from matchers.model import FIELDS, Article
from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Some
from matchers.watchlists.query import read_query
from matchers.watchlists.terms import Term, TermKind, exactness, forms, is_from, parse
from matchers.watchlists.watchlist import Block, EntityEntry, Near, WatchlistFile


class Span(NamedTuple):
    field: int
    start: int
    end: int


def overlap(one: Span, other: Span) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def inside(one: Span, other: Span) -> bool:
    return one != other and one.field == other.field and other.start <= one.start and one.end <= other.end


# --- text ------------------------------------------------------------------------------------------------------------
def plain(char: str) -> str:
    """One character of the fold: a letter or a digit without case and accents, œ and æ, or a blank."""
    if char in "œŒ":
        return "œ"
    if char in "æÆ":
        return "æ"
    letters = [c for c in unicodedata.normalize("NFKD", char) if c.isalnum()]
    return letters[0].lower() if len(letters) == 1 else " "


class Text:
    """A field cleaned: characters with their places in the field as given."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.places: list[tuple[str, int, int]] = []
        for index, char in enumerate(given):
            self._add(char, index)
        self.text = "".join(char for char, _, _ in self.places)
        self.folded = "".join(map(plain, self.text))

    def _add(self, char: str, index: int) -> None:
        if unicodedata.category(char) in ("Cf", "Mn", "Me"):
            if unicodedata.combining(char) and self.places:
                before, start, _ = self.places[-1]
                composed = unicodedata.normalize("NFC", before + char)
                if before != " " and len(composed) == 1:
                    self.places[-1] = (composed, start, index + 1)
        elif char.isspace():
            if not self.places or not self.places[-1][0].isspace():
                self.places.append((char, index, index + 1))
        elif "\ufb00" <= char <= "\ufb06":
            self.places.extend((letter, index, index + 1) for letter in unicodedata.normalize("NFKD", char))
        else:
            self.places.append((char, index, index + 1))

    @cached_property
    def shouted(self) -> bool:
        cased = [char for char in self.text if char.isupper() or char.islower()]
        upper = sum(char.isupper() for char in cased)
        return upper >= 0.8 * len(cased) > 0 and len(self.folded.split()) >= 4

    def place(self, span: Span) -> tuple[int, int]:
        return self.places[span.start][1], self.places[span.end - 1][2]


# --- terms -----------------------------------------------------------------------------------------------------------
def spellings(word: str) -> str:
    """œ may be written oe, and the other way round."""
    letters = "".join(map(plain, word))
    return letters.replace("œ", "oe").replace("æ", "ae").replace("oe", "(?:oe|œ)").replace("ae", "(?:ae|æ)")


@cache
def expression(form: str, *, prefix: bool) -> re.Pattern[str]:
    words = re.findall(r"[^\W_]+", form)
    end = r"[^ ]*" if prefix else ""
    return re.compile("(?=((?<![^ ])" + "( {1,4})".join(map(spellings, words)) + end + "(?![^ ])))")


def is_gap(text: Text, start: int, end: int) -> bool:
    marks = text.text[start:end].split()
    if not marks:
        return False
    if all(set(mark) <= set("\"'’‘«»“”„‹›()[]{}&") for mark in marks):
        return True
    word = text.folded[:start].split(" ")[-1]
    return len(marks) == 1 and marks[0] in ".°ºᵒ" and (len(word) == 1 or word.encode() in ABBREVIATIONS)


def hits(text: Text, number: int, term: Term, *, entity: bool) -> Iterator[Span]:
    """Steps 1 to 3."""
    for form in forms(term, entity=entity):
        for found in expression(form, prefix=term.kind is TermKind.PREFIX).finditer(text.folded):
            gaps = [found.span(group) for group in range(2, found.re.groups + 1) if len(found[group]) > 1]
            if any(not is_gap(text, *gap) for gap in gaps):
                continue
            span = Span(number, *found.span(1))
            written = text.text[span.start : span.end]
            if form in ("chiffré", "chiffrés") and term.kind is TermKind.FAMILY and written.lower() != form:
                continue
            if term.kind is not TermKind.EXACT:
                yield span
            elif (worn := dressed(text, span, term)) and not text.shouted:
                yield worn


def dressed(text: Text, span: Span, term: Term) -> Span | None:
    asked = exactness(term)
    if exact(text.text[span.start : span.end]) != asked.letters:
        return None
    start, end = span.start - len(asked.before), span.end + len(asked.after)
    if start < 0 or text.text[start : span.start] != asked.before or text.text[span.end : end] != asked.after:
        return None
    return Span(span.field, start, end)


# --- an article ------------------------------------------------------------------------------------------------------
@dataclass
class Reference:
    """One configuration; `match` gives {watchlist: (score, hits)}."""

    watchlists: Mapping[str, WatchlistFile]
    entities: Mapping[str, EntityEntry]

    def match(self, article: Article) -> dict[str, tuple[int, set[tuple[str, str, int, int]]]]:
        reading = Seen(article, self.entities)
        found = {name: Judged(reading, watchlist).result() for name, watchlist in self.watchlists.items()}
        return {name: result for name, result in found.items() if result is not None}


@dataclass
class Seen:
    article: Article
    entities: Mapping[str, EntityEntry]
    texts: list[Text] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = [Text(getattr(self.article, name)) for name in FIELDS]

    def seen(self, written: str, *, entity: bool = False) -> set[Span]:
        term = parse(written)
        spans = {span for number, text in enumerate(self.texts) for span in hits(text, number, term, entity=entity)}
        return {span for span in spans if span.field < term.reach}

    def distance(self, one: Span, other: Span) -> int:
        left, right = sorted((one, other))
        if left.field != right.field:  # the end of the title, and the beginning of the summary
            rest, begin = self.texts[left.field].folded[left.end :], self.texts[right.field].folded[: right.start]
            return len(rest.split()) + len(begin.split())
        return len(self.texts[left.field].folded[left.end : right.start].split())

    def near(self, one: Span, other: Span, within: int) -> bool:
        together = (one.field == 2) is (other.field == 2)
        return together and self.distance(one, other) <= within

    def aliases(self, name: str) -> tuple[set[Span], set[Span]]:
        entry = self.entities[name]
        doubtful = entry.ambiguous.aliases if entry.ambiguous else []
        folds = {tuple(map(plain, " ".join(re.findall(r"[^\W_]+", parse(alias).text)))) for alias in doubtful}
        sure = list(entry.aliases)
        if tuple(map(plain, " ".join(re.findall(r"[^\W_]+", parse(entry.name).text)))) not in folds:
            sure.append(entry.name)
        return self.union(sure), self.union(doubtful)

    def union(self, aliases: list[str]) -> set[Span]:
        return {span for alias in aliases for span in self.seen(alias, entity=True)}

    @cached_property
    def named(self) -> dict[str, tuple[set[Span], set[Span]]]:
        """Step 5: the sure and the ambiguous spans of every entity."""
        raw = {name: self.aliases(name) for name in self.entities}
        every = {span for pair in raw.values() for spans in pair for span in spans}
        kept = {}
        for name, pair in raw.items():
            denied = self.denied(name)
            sure, doubtful = (
                {
                    span
                    for span in spans
                    if not any(inside(span, other) for other in every)
                    and not any(overlap(span, phrase) for phrase in denied)
                }
                for spans in pair
            )
            kept[name] = (sure, doubtful)
        return kept

    def denied(self, name: str) -> set[Span]:
        return {span for phrase in self.entities[name].not_ for span in self.seen(phrase)}

    @cached_property
    def recognised(self) -> dict[str, set[Span]]:
        """Step 6."""
        doubtful = {span for _, spans in self.named.values() for span in spans}
        result = {}
        for name, (sure, ambiguous) in self.named.items():
            vouched = {span for span in ambiguous - sure if self.vouched(name, span, doubtful)}
            result[name] = sure | (ambiguous & sure) | vouched
        return result

    def vouched(self, name: str, span: Span, doubtful: set[Span]) -> bool:
        rule = self.entities[name].ambiguous
        assert rule is not None
        if any(self.near(span, phrase, rule.within) for phrase in self.denied(name)):
            return False
        for written in rule.context:
            term = parse(written)
            context = self.named[term.text][0] if term.kind is TermKind.ENTITY else self.seen(written)
            for other in context:
                is_doubtful = other in doubtful or any(inside(other, name) for name in doubtful)
                if not overlap(other, span) and not is_doubtful and self.near(span, other, rule.within):
                    return True
        return False

    def accepted(self, written: str) -> set[Span]:
        term = parse(written)
        if term.kind is not TermKind.ENTITY:
            return self.seen(written)
        spans = self.recognised[term.text]
        return {span for span in spans if span.field < term.reach}

    def loose(self, written: str) -> set[Span]:
        term = parse(written)
        if term.kind is not TermKind.ENTITY:
            return self.seen(written)
        spans = set.union(*self.aliases(term.text))
        return {span for span in spans if span.field < term.reach}


# --- a watchlist -----------------------------------------------------------------------------------------------------
Look = Callable[[str], set[Span]]
Found = tuple[set[str], int]  # the terms that make a block hold, and how many proximities


def positives(block: Block) -> Iterator[str]:
    """In the order of the engine: all, any, at_least, near, query."""
    counted = block.at_least.of if block.at_least else []
    for node in (*(block.all_of or []), *(block.any_of or []), *counted):
        yield from positives(node) if isinstance(node, Block) else [node]
    for item in block.near.terms if block.near else []:
        yield from [item] if isinstance(item, str) else item
    if block.query:
        yield from _in_query(read_query(block.query, ()))


def _in_query(node: Node[str]) -> Iterator[str]:
    match node:
        case Leaf():
            yield node.term
        case Every() | Some():
            for child in node.children:
                yield from _in_query(child)
        case Close():
            for item in node.items:
                yield from item
        case No() | From():
            return


def name(key: str) -> str:
    """The key of a term, wherever it may stand."""
    return key[:-1]


def reach(key: str) -> int:
    """In how many fields the term of this key may stand."""
    return int(key[-1])


@dataclass
class Judged:
    reading: Seen
    watchlist: WatchlistFile

    def result(self) -> tuple[int, set[tuple[str, str, int, int]]] | None:
        owned = self.owned()
        held = self.block(self.watchlist, lambda term: owned.get(self.key(term), set()))
        if held is None:
            return None
        boosted = self.boosted(owned)
        score = sum(self.points(owned[term]) for term in self.alone(held[0])) + 2 * held[1]
        score += sum(points for written, points in self.watchlist.boost.items() if self.earns(written, owned, boosted))
        if score < self.watchlist.threshold:
            return None
        shown = {term: owned[term] for term in held[0]} | boosted
        for written in self.watchlist.boost:
            if owned.get(self.key(written)):
                shown[self.key(written)] = owned[self.key(written)]
        told = self.alone(shown.keys() & owned.keys()) | (shown.keys() - owned.keys())
        return score, {self.hit(term, span) for term, spans in shown.items() if term in told for span in spans}

    def key(self, written: str) -> str:
        """The same for the same term: two spellings of a mark are one."""
        term = parse(written)
        return f"{term.kind}|{term.text}|{term.reach}"

    def hit(self, term: str, span: Span) -> tuple[str, str, int, int]:
        return (term, FIELDS[span.field], *self.reading.texts[span.field].place(span))

    def owned(self) -> dict[str, set[Span]]:
        """Step 7."""
        owners: dict[Span, str] = {}
        titled = self.titled
        every = [term for term in positives(self.watchlist) if parse(term).kind is not TermKind.SOURCE]
        terms = [term for term in every if self.key(term) not in titled]
        for term in terms:
            for span in self.reading.accepted(term):
                owners.setdefault(span, self.key(term))
        result: dict[str, set[Span]] = {self.key(term): set() for term in terms}
        for span, term in owners.items():
            if not any(inside(span, other) for other in owners):
                result[term].add(span)
        return result | {key: {s for s in result[plain] if s.field < reach(key)} for key, plain in titled.items()}

    @cached_property
    def titled(self) -> dict[str, str]:
        """Of each term that is wanted in more fields too, the key of the one that is in most."""
        keys = {self.key(term) for term in positives(self.watchlist)}
        widest = {name(key): max((k for k in keys if name(k) == name(key)), key=reach) for key in keys}
        return {key: widest[name(key)] for key in keys if widest[name(key)] != key}

    def alone(self, keys: set[str]) -> set[str]:
        """Of these terms that are the same, the one that is in most fields."""
        return {key for key in keys if not any(name(k) == name(key) and reach(k) > reach(key) for k in keys)}

    def boosted(self, owned: Mapping[str, set[Span]]) -> dict[str, set[Span]]:
        """What boosts that are no terms stand on."""
        taken = {span for spans in owned.values() for span in spans}
        result = {}
        for written in self.watchlist.boost:
            if self.key(written) not in owned and parse(written).kind is not TermKind.SOURCE:
                spans = self.reading.accepted(written)
                result[self.key(written)] = {s for s in spans if not any(inside(s, other) for other in taken)}
        return result

    def earns(self, written: str, owned: Mapping[str, set[Span]], boosted: Mapping[str, set[Span]]) -> bool:
        if parse(written).kind is TermKind.SOURCE:
            return is_from(written, self.reading.article.source)
        return bool(owned.get(self.key(written)) or boosted.get(self.key(written)))

    def points(self, spans: set[Span]) -> int:
        title = any(span.field == 0 for span in spans)
        summary = any(span.field == 1 for span in spans)
        return 3 * title + 2 * summary + min(3, sum(span.field == 2 for span in spans))

    # --- blocks
    def block(self, block: Block, look: Look) -> Found | None:
        parts: list[Found | None] = []
        if block.all_of is not None:
            parts.append(self.count(block.all_of, None, look))
        if block.any_of is not None:
            parts.append(self.count(block.any_of, 1, look))
        if block.at_least is not None:
            parts.append(self.count(block.at_least.of, block.at_least.n, look))
        if block.near is not None:
            parts.append(self.near(block.near, look))
        if block.query is not None:
            parts.append(self.query(read_query(block.query, ()), look))
        if block.none_of is not None:
            refused = any(self.node(node, self.reading.loose) is not None for node in block.none_of)
            parts.append(None if refused else (set(), 0))
        return self.join(parts, len(parts))

    def node(self, node: str | Block, look: Look) -> Found | None:
        if isinstance(node, Block):
            return self.block(node, look)
        if parse(node).kind is TermKind.SOURCE:
            return (set(), 0) if is_from(node, self.reading.article.source) else None
        return ({self.key(node)}, 0) if look(node) else None

    def count(self, nodes: list[str | Block], least: int | None, look: Look) -> Found | None:
        """A term written twice is one."""
        once: dict[object, str | Block] = {}
        for index, node in enumerate(nodes):
            once.setdefault(self.key(node) if isinstance(node, str) else index, node)
        parts = [self.node(node, look) for node in once.values()]
        same = {self.key(node) for node in once.values() if isinstance(node, str) and self.node(node, look)}
        return self.join(parts, len(once)) if least is None else self.join(parts, least, same)

    def join(self, parts: list[Found | None], least: int, same: set[str] | None = None) -> Found | None:
        held = [part for part in parts if part is not None]
        if len(held) - len((same or set()) - self.alone(same or set())) < least:
            return None
        return set().union(*(terms for terms, _ in held)), sum(nears for _, nears in held)

    def query(self, node: Node[str], look: Look) -> Found | None:
        match node:
            case Leaf():
                return self.node(node.term, look)
            case From():
                return self.node(node.written, look)
            case Every():
                parts = [self.query(child, look) for child in node.children]
                return self.join(parts, len(parts))
            case Some():
                return self.join([self.query(child, look) for child in node.children], node.least)
            case No():
                refused = any(self.query(child, self.reading.loose) is not None for child in node.children)
                return None if refused else (set(), 0)
            case Close():
                items: list[str | list[str]] = [list(item) for item in node.items]
                near = Near(terms=items, within=node.within, ordered=node.ordered, sentence=node.sentence)
                return self.near(near, look)

    def near(self, near: Near, look: Look) -> Found | None:
        items = [[item] if isinstance(item, str) else item for item in near.terms]
        choices = [{(span, self.thing(term)) for term in item for span in look(term)} for item in items]
        if not any(self.fits(near, chosen) for chosen in product(*choices)):
            return None
        return {self.key(term) for item in items for term in item if look(term)}, 1

    def thing(self, written: str) -> str:
        """The entity it names, or nothing."""
        return parse(written).text if parse(written).kind is TermKind.ENTITY else ""

    def are_one(self, one: tuple[Span, str], other: tuple[Span, str]) -> bool:
        """Two entities may share a word, if neither holds the other."""
        (span, name), (second, other_name) = one, other
        if not overlap(span, second):
            return False
        holds = span == second or inside(span, second) or inside(second, span)
        return holds or not name or not other_name or name == other_name

    def fits(self, near: Near, placed: tuple[tuple[Span, str], ...]) -> bool:
        chosen = [span for span, _ in placed]
        if len({span.field for span in chosen}) > 1 or any(self.are_one(*pair) for pair in combinations(placed, 2)):
            return False
        first, *others = sorted(chosen)
        if near.ordered and list(chosen) != [first, *others]:
            return False
        if any(self.reading.distance(first, other) > near.within for other in others):
            return False
        texts = self.reading.texts
        between = (texts[first.field].text[first.end : max(other.start, first.end)] for other in others)
        return not near.sentence or not any(map(ends_sentence, between))


def ends_sentence(text: str) -> bool:
    return any(
        found[2] != "."
        or not (
            len(found[1]) == 1
            or "".join(map(plain, found[1])).encode() in ABBREVIATIONS
            or text[found.end() : found.end() + 1].islower()
        )
        for found in re.finditer(r"(\w*)([.!?…]+)[\s»”\")\]]+", text)
    )
