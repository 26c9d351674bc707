"""What grouping is made of: traits out of an article, the background of word counts, the judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from bot.web import urls
from matchers import official
from matchers.acts.act_roles import ActPlace, names
from matchers.engine.engine import Engine, Scan
from matchers.model import Article, Match
from matchers.stories import duplicates, newsrooms, steps, stories, topics
from matchers.stories.grouping import (
    Background,
    Beside,
    Candidate,
    Copied,
    Grouping,
    Neighbour,
    Placed,
    SketchedText,
    Topic,
    Traits,
    Usage,
)
from matchers.watchlists.watchlist import VOCABULARY

ACTORS = frozenset({"org", "personne"})
"""Kinds of entities that make events; `institution`, `loi`, `label` and the like are what everybody talks about."""
LABEL = "label"


@dataclass(frozen=True, slots=True)
class Grouper:
    """The judge of the store (matchers.stories.grouping.Judge) with one set of parameters."""

    grouping: Grouping = field(default_factory=Grouping)

    def lookup(self, sketch: Sequence[int]) -> tuple[int, ...]:
        return duplicates.looked_up(sketch, self.grouping)

    def copied(self, traits: Traits, at: datetime, neighbours: Sequence[Neighbour], known: frozenset[int]) -> Copied:
        return duplicates.copied(traits, at, neighbours, known, self.grouping)

    @property
    def _background(self) -> Background:
        return background() if self.grouping.has("background") else Background(0, {})

    def indexed(self, topic: Topic) -> tuple[str, ...]:
        return stories.indexed(topic, self._background, self.grouping)

    def placed(self, traits: Traits, at: datetime, usage: Usage, candidates: Sequence[Candidate]) -> Placed:
        return stories.placed(traits, at, usage, candidates, self._background, self.grouping)


def traits(scan: Scan, matches: Sequence[Match], engine: Engine, grouping: Grouping) -> Traits:
    """What grouping must know of an article. Takes time on a long text: call it outside of the store's thread."""
    return _traits(scan, grouping, _topic(scan, matches, engine, grouping))


def untold(scan: Scan, grouping: Grouping) -> Traits:
    """The traits of an article that nobody is told of, and which no story is sought for: a tenth of the time."""
    article = scan.page.article
    return _traits(scan, grouping, topics.acts_of(article.title, _lead(article), grouping, _cited(scan, grouping)))


def _traits(scan: Scan, grouping: Grouping, topic: Topic) -> Traits:
    article = scan.page.article
    text = duplicates.read(article.title, article.summary, article.text, grouping)
    return Traits(urls.site(article.url), text, topic, urls.aggregator(article.url))


def _topic(scan: Scan, matches: Sequence[Match], engine: Engine, grouping: Grouping) -> Topic:
    article = scan.page.article
    heading = topics.heading(article.title, urls.site(article.url))
    seen = [each for each in named(scan, engine, grouping) if not each.title or each.start < len(heading)]
    asked = _asked(article, matches, grouping)
    topic = topics.read(heading, _lead(article), seen, grouping, asked, _cited(scan, grouping))
    topic = replace(topic, wires=newsrooms.credited(article.title, article.summary, article.text))
    return _spoken(topic, heading, official.speaker(urls.site(article.url)), engine, grouping)


def _spoken(topic: Topic, heading: str, who: str, engine: Engine, grouping: Grouping) -> Topic:
    """The topic of what an authority says on its own site, where it need not name itself."""
    if who not in engine.entities or not grouping.has("entities"):
        return topic
    term = f"@{who}"
    lead = tuple(each for each in topic.lead if each != term)
    title, step = tuple(sorted({*topic.title, term})), topic.step or steps.entitled(heading)
    return replace(topic, title=title, lead=lead, step=step)


def _lead(article: Article) -> str:
    return article.summary or article.text


def _asked(article: Article, matches: Sequence[Match], grouping: Grouping) -> topics.Asked:
    """The lists that match, and by what of title and lead: a text stands for a lead that is missing, or that is how it
    begins."""
    lead = _lead(article)
    hits = {
        (hit.field == "title", hit.start, hit.end)
        for match in matches
        for hit in match.hits
        if hit.field == "title" or (hit.start < grouping.lead and lead[hit.start : hit.end] == hit.text)
    }
    return topics.Asked(tuple(f"={match.watchlist}" for match in matches), tuple(sorted(hits)))


def act_places(scan: Scan) -> tuple[ActPlace, ...]:
    """Where the article names its acts, in the order in which they stand."""
    placed = ((each, scan.page.place((each.start, scan.page.kept(each.start, each.end)))) for each in scan.acts)
    return tuple(ActPlace(each.id, field, start, end, each.sure) for each, (field, start, end) in placed)


def _cited(scan: Scan, grouping: Grouping) -> topics.Cited:
    """What title and lead cite: a text stands for a lead that is missing."""
    places, lead = act_places(scan), "summary" if scan.page.article.summary else "text"
    spans = {
        (each.field == "title", each.start, each.end)
        for each in places
        if each.field == "title" or (each.field == lead and each.start < grouping.lead)
    }
    return topics.Cited(names(scan.page.article, places), tuple(sorted(spans)))


def alone(article: Article) -> Traits:
    """The traits of an article that is to go together with no other."""
    return Traits(urls.site(article.url), SketchedText(), Topic())


def named(scan: Scan, engine: Engine, grouping: Grouping) -> tuple[topics.Named, ...]:
    """The entities of title and lead, with their places."""
    found = []
    for entity, spans in engine.named_first(scan, grouping.lead).items():
        kind = engine.entities[entity].kind
        for span in () if kind == VOCABULARY else spans:
            field, start, end = scan.page.place(span)
            found.append(topics.Named(entity, field == "title", start, end, kind in ACTORS, kind == LABEL))
    return tuple(sorted(found, key=lambda each: (not each.title, each.start, each.entity)))


@cache
def background() -> Background:
    """How common terms are in bot/background.txt, whose head says what was counted."""
    total, counts = 0, dict[str, int]()
    for line in _lines(files("bot").joinpath("background.txt").read_text(encoding="utf-8").split("\n")):
        term, _, count = line.rpartition(" ")
        if term:
            counts[term] = int(count)
        else:
            total = int(count)
    return Background(total, MappingProxyType(counts), MappingProxyType(_beside()))


def _beside() -> dict[str, Beside]:
    """What words stand beside an entity, of bot/beside.txt."""
    found: dict[str, tuple[int, dict[str, int]]] = {}
    held: dict[str, int] = {}
    for line in _lines(files("bot").joinpath("beside.txt").read_text(encoding="utf-8").split("\n")):
        term, _, count = line.rpartition(" ")
        if term.startswith("@"):
            held = {}
            found[term] = int(count), held
        else:
            held[term.lstrip()] = int(count)
    return {entity: Beside(stories, MappingProxyType(counts)) for entity, (stories, counts) in found.items()}


def _lines(lines: Iterable[str]) -> Iterable[str]:
    return (line for line in lines if line and not line.startswith("#"))
