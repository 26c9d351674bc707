"""What matching costs, beside the other ways to look for terms: CPU time, medians, equal hit sets.

    python -m benchmarks.matching [--quick]

Every way is timed in turn within each round, so that a busy machine weighs on all alike. Before a way is timed, its
hits are asserted to be those of a plain loop over padded terms. A way that would need more than its budget runs on
fewer articles, down to two.
"""

import argparse
import importlib.metadata
import os
import platform
import random
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from benchmarks.corpus import ABOUT, Corpus, corpus, names
from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from matchers.engine.engine import Engine, compile_engine
from matchers.language.text import fold
from matchers.model import Article
from matchers.scan.automaton import Automaton
from matchers.scan.page import Layout, lay_out
from matchers.watchlists.watchlist import EntityEntry, WatchlistFile

ROUNDS = 5
BUDGET = 1.5  # seconds of CPU a way may take in one round

Hits = set[tuple[str, int]]  # a folded term and where it begins


# --- timing ----------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Way:
    """One way to do it: `work` is timed on `items`, fewer of them where it is slow."""

    name: str
    work: Callable[[Any], object]
    items: Sequence[Any]
    note: str = ""
    rounds: list[float] = field(default_factory=list)

    @property
    def micros(self) -> float:
        return statistics.median(self.rounds)


def timed(ways: Sequence[Way]) -> Sequence[Way]:
    """Microseconds of CPU an item, each way once in every round."""
    for way in ways:
        way.items = way.items[: _affordable(way)]
    for _ in range(ROUNDS):
        for way in ways:
            begin = time.process_time()
            for item in way.items:
                way.work(item)
            way.rounds.append((time.process_time() - begin) / len(way.items) * 1e6)
    return ways


def _affordable(way: Way) -> int:
    begin = time.process_time()
    way.work(way.items[0])
    way.work(way.items[-1])
    return max(2, min(len(way.items), int(2 * BUDGET / max(time.process_time() - begin, 1e-6))))


def table(ways: Sequence[Way], unit: str = "µs") -> str:
    first = ways[0].micros
    return "\n".join(
        f"  {way.name:34} {way.micros:12.1f} {unit} {way.micros / first:10.1f} ×   {way.note}" for way in ways
    )


# --- terms: one pass against the usual ways --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Folded:
    """An article as the ways that read folded text want it, made before the clock starts."""

    page: Layout
    text: str  # padded
    lowered: str
    doc: Any


def terms_table(count: int, articles: Sequence[Article], nlp: Any) -> str:
    """`count` terms: real ones first, then invented names."""
    words = _terms(count)
    pages = [lay_out(article) for article in articles]
    items = [_folded(article, page, nlp) for article, page in zip(articles, pages, strict=True)]
    automaton = Automaton([b" %b " % word.encode() for word in words])
    ways = [
        Way("Vigie: fold and one pass", lambda item: automaton.find(lay_out(item.page.article)), items),
        Way("Vigie: one pass", lambda item: automaton.find(item.page), items),
        _pyahocorasick(words, items),
        _loop(words, items),
        *(_alternation(words, items),) * (count <= 10_000),
        _flashtext(words, items),
        _phrase_matcher(words, items, nlp),
    ]
    _prove(words, ways, automaton, items)
    return f"{count} terms\n{table(timed(ways))}"


def _terms(count: int) -> list[str]:
    about = sorted({word for line in ABOUT for word in fold(line).decode("latin-1").split() if len(word) > 5})
    pairs = [f"{one} {two}" for one, two in pairwise(about)]
    real = [
        "donnees de sante",
        "health data hub",
        "conseil d etat",
        "cloud souverain",
        "hebergement des donnees",
        *about,
        *pairs,
    ]
    plain = [word for word in real if word.isascii()]
    return list(dict.fromkeys([*plain[: count // 2], *names(count)]))[:count]


def _folded(article: Article, page: Layout, nlp: Any) -> Folded:
    text = page.haystack.decode("latin-1")
    whole = f"{article.title}  {article.summary}  {article.text}"
    return Folded(page, text, whole.lower(), _doc(nlp, text))


def _doc(nlp: Any, text: str) -> Any:
    from spacy.tokens import Doc

    return Doc(nlp.vocab, words=text.split())


def _pyahocorasick(words: Sequence[str], items: Sequence[Folded]) -> Way:
    import ahocorasick

    machine = ahocorasick.Automaton()
    for word in words:
        machine.add_word(f" {word} ", len(word) + 1)
    machine.make_automaton()
    return Way("pyahocorasick, on folded text", lambda item: list(machine.iter(item.text)), items)


def _loop(words: Sequence[str], items: Sequence[Folded]) -> Way:
    wanted = [word.lower() for word in words]
    way = Way(
        "`kw in text.lower()` loop",
        lambda item: [word for word in wanted if word in item.page.article.text.lower()],
        items,
    )
    way.work = lambda item: _in_text(wanted, item.page.article)
    false = missed = 0
    for item in items[:20]:
        raw, right = set(_in_text(wanted, item.page.article)), {word for word, _ in naive(words, item)}
        false, missed = false + len(raw - right), missed + len(right - raw)
    way.note = f"on 20 articles {false} false terms, {missed} missed"
    return way


def _in_text(words: Sequence[str], article: Article) -> list[str]:
    text = f"{article.title}  {article.summary}  {article.text}".lower()
    return [word for word in words if word in text]


def _alternation(words: Sequence[str], items: Sequence[Folded]) -> Way:
    longest = sorted(words, key=len, reverse=True)
    one = re.compile("(?<= )(?:" + "|".join(map(re.escape, longest)) + ")(?= )")
    return Way("one `re` alternation, folded text", lambda item: one.findall(item.text), items)


def _flashtext(words: Sequence[str], items: Sequence[Folded]) -> Way:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list(list(words))
    return Way("flashtext, folded text", lambda item: processor.extract_keywords(item.text, span_info=True), items)


def _phrase_matcher(words: Sequence[str], items: Sequence[Folded], nlp: Any) -> Way:
    from spacy.matcher import PhraseMatcher

    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("t", [_doc(nlp, word) for word in words])
    return Way("spaCy PhraseMatcher, tokens made", lambda item: matcher(item.doc), items, "tokenising not counted")


def naive(words: Sequence[str], item: Folded) -> Hits:
    """Every padded term looked for by itself: what all others must find."""
    hits: Hits = set()
    for word in words:
        at = item.text.find(f" {word} ")
        while at >= 0:
            hits.add((word, at))
            at = item.text.find(f" {word} ", at + 1)
    return hits


def _prove(words: Sequence[str], ways: Sequence[Way], automaton: Automaton, items: Sequence[Folded]) -> None:
    """Equal hits for Vigie, pyahocorasick and spaCy; no false one for the two that leave overlaps out."""
    named = {way.name.split(",")[0]: way for way in ways}
    for item in items[: 20 if len(words) <= 1_000 else 2]:
        right = naive(words, item)
        ours = {(words[number], start) for number, start, _ in automaton.find(item.page)}
        assert {hit for hit in ours if not _over_gap(item, hit)} == right, "Vigie"
        found: Any = named["pyahocorasick"].work(item)
        assert {(item.text[end - length + 1 : end], end - length) for end, length in found} == right, "pyahocorasick"
        found = named["spaCy PhraseMatcher"].work(item)
        spans = [item.doc[start:end].text for _, start, end in found]
        assert sorted(spans) == sorted(word for word, _ in right), "spaCy"
        for name in ("one `re` alternation", "flashtext"):
            if name in named:
                result: Any = named[name].work(item)
                said = [each if isinstance(each, str) else each[0] for each in result]
                assert set(said) <= {word for word, _ in right}, name
                named[
                    name
                ].note = f"{len(right) - len(said)} overlaps of {len(right)} hits left out in the last article"


def _over_gap(item: Folded, hit: tuple[str, int]) -> bool:
    """A phrase over a quote or a bracket: only Vigie finds these."""
    word, at = hit
    return item.text[at + 1 : at + 1 + len(word)] != word


# --- watchlists: gates against evaluating every list -----------------------------------------------------------------
def lists_table(count: int, articles: Sequence[Article]) -> str:
    """Boolean watchlists of six terms."""
    rules = _lists(count)
    watchlists = {name: WatchlistFile.model_validate(rule) for name, rule in rules.items()}
    begin = time.process_time()
    engine = compile_engine(watchlists, {})
    compiled = time.process_time() - begin
    padded = {name: _plain(rule) for name, rule in rules.items()}
    items = [(article, lay_out(article).haystack.decode("latin-1")) for article in articles]
    for item in items[:10]:
        ours = {match.watchlist for match in engine.match(item[0])}
        assert ours == set(_naive_lists(padded, item[1])), "watchlists"
    candidates = statistics.mean(len(engine.candidates(engine.read(article))) for article in articles)
    matched = statistics.mean(len(engine.match(article)) for article in articles)
    ways = [
        Way(
            "Vigie: match",
            lambda item: engine.match(item[0]),
            items,
            f"{candidates:.1f} evaluated, {matched:.1f} matched",
        ),
        Way("every list, `in` folded text", lambda item: _naive_lists(padded, item[1]), items),
    ]
    head = (
        f"{count} watchlists, {len(engine.terms)} terms, {len(engine.patterns)} patterns, compiled in {compiled:.1f} s"
    )
    return f"{head}\n{table(timed(ways))}"


def _lists(count: int) -> dict[str, dict[str, Any]]:
    """Half are `any` of five without a sixth, half `all` of two choices of three; one in a thousand has usual words.

    All terms are `=`, so that both sides look for the same words.
    """
    choice = random.Random(count)
    invented, real = names(6 * count, seed=count), [word for word in _terms(160) if " " not in word][:40]
    rules: dict[str, dict[str, Any]] = {}
    for number in range(count):
        own = [f"={word}" for word in invented[6 * number : 6 * number + 6]]
        if number % 1000 < 2:
            own[1], own[4] = (f"={choice.choice(real)}" for _ in range(2))
        rule = {"any": own[:5], "none": own[5:]} if number % 2 else {"all": [{"any": own[:3]}, {"any": own[3:]}]}
        rules[f"w{number}"] = {"name": f"w{number}", "threshold": 1, **rule}
    return rules


@dataclass(frozen=True, slots=True)
class Plain:
    """A watchlist as a simple bot would hold it: padded words."""

    groups: tuple[tuple[str, ...], ...]
    refused: tuple[str, ...]

    def holds(self, text: str) -> bool:
        every = all(any(word in text for word in group) for group in self.groups)
        return every and not any(word in text for word in self.refused)


def _plain(rule: Mapping[str, Any]) -> Plain:
    groups = [block["any"] for block in rule["all"]] if "all" in rule else [rule["any"]]
    return Plain(tuple(map(_padded, groups)), _padded(rule.get("none", ())))


def _padded(terms: Sequence[str]) -> tuple[str, ...]:
    return tuple(f" {term.removeprefix('=')} " for term in terms)


def _naive_lists(plain: Mapping[str, Plain], text: str) -> list[str]:
    return [name for name, each in plain.items() if each.holds(text)]


# --- the whole match -------------------------------------------------------------------------------------------------
def whole_table(made: Corpus) -> str:
    """Fold, pass, case, context, proximity, score and spans; the usual mix is one relevant article in twenty."""
    rules = load_rules(starter())
    assert isinstance(rules, Rules), rules
    engines = {
        "starter": rules.engine,
        "50 terms": _engine(50),
        "200 terms": _engine(200),
    }
    relevant = len(made.articles["ordinary"]) // 20
    mix = (*made.articles["ordinary"], *made.articles["relevant"][:relevant])
    ways = [
        Way(f"{name}, {kind}", engine.match, articles, _matched(engine, articles))
        for name, engine in engines.items()
        for kind, articles in (("usual mix", mix), *made.articles.items())
    ]
    size = statistics.mean(len(_whole(article)) for article in mix)
    texts = [_whole(article) for article in mix]
    folding = Way("fold", fold, texts, "")
    shown = table(timed([folding, *ways]))
    return f"whole match, {size:.0f} characters\n{shown}\n  fold {size / folding.micros:.0f} MB/s"


def _matched(engine: Engine, articles: Sequence[Article]) -> str:
    return (
        f"{len(engine.patterns)} patterns, {statistics.mean(len(engine.match(each)) for each in articles):.2f} matches"
    )


def _engine(count: int) -> Engine:
    """Five watchlists with entities, context, proximity and boosts, with so many terms in all."""
    entities = {
        "hdh": EntityEntry.model_validate(
            {"name": "Health Data Hub", "aliases": ["HDH!", "plateforme des données de santé"]}
        ),
        "bleu": EntityEntry.model_validate(
            {"name": "Bleu", "ambiguous": {"aliases": ["Bleu!"], "context": ["Capgemini", "Microsoft", "cloud"]}}
        ),
        "orange": EntityEntry.model_validate(
            {"name": "Orange", "ambiguous": {"aliases": ["Orange!"], "context": ["opérateur", "Capgemini"]}}
        ),
        "secnumcloud": EntityEntry.model_validate({"name": "SecNumCloud"}),
    }
    real = [
        "cloud souverain",
        "hébergeur",
        "données de santé",
        "SNDS!",
        "HDS!",
        "~certifier",
        "CNIL",
        "Anssi",
        "Microsoft",
        "qualification",
    ]
    own = names(count)
    share = (count - len(real) - len(entities)) // 5
    watchlists = {}
    for number in range(5):
        mine = own[number * share : (number + 1) * share]
        watchlists[f"w{number}"] = WatchlistFile.model_validate(
            {
                "name": f"w{number}",
                "any": [
                    "@hdh",
                    {
                        "near": {
                            "terms": [["@bleu", "@orange", *mine[: share // 2]], ["@secnumcloud", *real]],
                            "within": 20,
                        }
                    },
                    {"all": ["données de santé", {"any": mine[share // 2 :]}]},
                ],
                "none": ["offre d'emploi"],
                "boost": {"CNIL": 1, "Microsoft": 1},
            }
        )
    return compile_engine(watchlists, entities)


def _whole(article: Article) -> str:
    return f"{article.title}  {article.summary}  {article.text}"


# --- the report ------------------------------------------------------------------------------------------------------
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="the whole match, and small sizes only")
    quick = parser.parse_args().quick
    made = corpus()
    print(_machine(), f"corpus {made.digest}", sep="\n", flush=True)
    print(whole_table(made), flush=True)
    import spacy

    nlp = spacy.blank("fr")
    half = [
        article for pair in zip(made.articles["ordinary"], made.articles["relevant"], strict=True) for article in pair
    ]
    for count in (50, 1_000) if quick else (50, 1_000, 10_000, 100_000):
        print(terms_table(count, half, nlp), flush=True)
    for count in (100, 1_000) if quick else (100, 1_000, 10_000):
        print(lists_table(count, half), flush=True)


def _machine() -> str:
    packages = ("ahocorasick_rs", "pyahocorasick", "flashtext", "spacy")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}\n{versions}"


if __name__ == "__main__":
    main()
