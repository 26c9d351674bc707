"""What grouping is made of: traits out of an article, the background of word counts, the judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from bot.web import urls
from matchers import duplicates, stories
from matchers.engine import Engine, Scan
from matchers.grouping import (
    Candidate,
    Copied,
    Frequencies,
    Grouping,
    Neighbour,
    Placed,
    SketchedText,
    Topic,
    Traits,
    Vector,
)
from matchers.model import Article

ACTORS = frozenset({"org", "personne"})
"""Kinds of entities that make events; `institution`, `loi`, `label` and the like are what everybody talks about."""


@dataclass(frozen=True, slots=True)
class Grouper:
    """The judge of the store (matchers.grouping.Judge) with one set of parameters."""

    grouping: Grouping = field(default_factory=Grouping)

    def lookup(self, sketch: Sequence[int]) -> tuple[int, ...]:
        return duplicates.looked_up(sketch, self.grouping)

    def copied(self, traits: Traits, at: datetime, neighbours: Sequence[Neighbour], known: frozenset[int]) -> Copied:
        return duplicates.copied(traits, at, neighbours, known, self.grouping)

    @property
    def background(self) -> Frequencies:
        return background() if self.grouping.has("background") else Frequencies(0, {})

    def vector(self, topic: Topic, frequencies: Frequencies) -> Vector:
        return stories.vector(topic, frequencies, self.grouping)

    def placed(
        self, traits: Traits, vector: Vector, at: datetime, frequencies: Frequencies, candidates: Sequence[Candidate]
    ) -> Placed:
        return stories.placed(traits, vector, at, frequencies, candidates, self.grouping)


def traits(scan: Scan, engine: Engine, grouping: Grouping) -> Traits:
    """What grouping must know of an article. Takes time on a long text: call it outside of the store's thread."""
    article = scan.page.article
    lead = article.summary or article.text
    return Traits(
        urls.site(article.url),
        duplicates.read(article.title, article.summary, article.text, grouping),
        stories.read(article.title, lead, named(scan, engine, grouping), grouping),
        urls.aggregator(article.url),
    )


def alone(article: Article) -> Traits:
    """The traits of an article that is to go together with no other."""
    return Traits(urls.site(article.url), SketchedText(), Topic())


def named(scan: Scan, engine: Engine, grouping: Grouping) -> tuple[stories.Named, ...]:
    """The entities of title and lead, with their places."""
    found = []
    for entity, spans in engine.named_first(scan, grouping.lead).items():
        actor = engine.entities[entity].kind in ACTORS
        for span in spans:
            field, start, end = scan.page.place(span)
            found.append(stories.Named(entity, field == "title", start, end, actor))
    return tuple(sorted(found, key=lambda each: (not each.title, each.start, each.entity)))


@cache
def background() -> Frequencies:
    """How common terms are in bot/background.txt, whose head says what was counted."""
    total, counts = 0, dict[str, int]()
    for line in _lines(files("bot").joinpath("background.txt").read_text(encoding="utf-8").split("\n")):
        term, _, count = line.rpartition(" ")
        if term:
            counts[term] = int(count)
        else:
            total = int(count)
    return Frequencies(total, MappingProxyType(counts))


def _lines(lines: Iterable[str]) -> Iterable[str]:
    return (line for line in lines if line and not line.startswith("#"))
