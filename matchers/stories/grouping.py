"""The nouns of grouping and its parameters: frozen values that storage and the bot share."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal, Protocol

from matchers.stories.parts import Part

MICRO = 1_000_000  # weights, shares and cosines are whole numbers of millionths: no sum depends on its order

Number = int | str | list[str]
Numbers = Mapping[str, Number]
"""What a decision was made on: told by /pourquoi, kept as JSON with sorted keys."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Every parameter of grouping. `mark` names the whole, and is kept with each decision.

    `without`: the parts switched off, for measuring what each is worth.
    """

    # copies
    gram: int = 4  # words
    sampling: int = 4  # one hash in so many is kept
    floor: int = 16  # hashes kept of a short text
    lookup: int = 8  # one hash in so many is looked up
    asked: int = 256  # hashes looked up, the smallest
    compared: int = 32  # articles
    longest: int = 200_000  # characters read of a text
    shared: int = 4  # hashes
    containment: int = 200_000
    shared_at_home: int = 8  # within one host
    containment_at_home: int = 500_000
    passage: int = 30  # hashes: about 120 words, more than a footer or a quotation
    whole: int = 800_000
    related_titles: int = 200_000
    twin_titles: int = 800_000  # of two republications on one host
    twin_sketch: int = 800_000
    furniture: int = 200  # words: below, what two titles of one site that share no word have in common is the site's
    short: int = 40  # words: below, only titles are compared
    title_words: int = 6
    title_hours: int = 72
    # stories: odds are logarithms, in millionths
    lead: int = 600  # characters
    window_days: int = 30
    dossier_days: int = 365
    near_hours: int = 24  # within which one event may be told by two kinds of steps
    once_days: int = 3  # how long an outage or a strike lasts, and one bulletin is told of
    subject: int = 1_250_000  # rarity up to which a term is the subject, not the event
    stream: int = 46_000_000  # stories that our own count is worth before there are any
    beside_least: int = 4  # stories of an entity from which its own words are known
    beside_weight: int = 6  # stories that the general count is worth beside them
    list_new: int = 20  # stories of a list until which its own words are its subject
    everywhere: int = 30_000  # share of the background up to which a word finds stories
    finding: int = 2  # words that find a story without an entity in common
    common_terms: int = 2  # rare ones that two texts on one event share at least
    odds_cover: int = 3_700_000
    odds_figures: int = 1_500_000
    odds_words: int = 900_000
    odds_kinds: int = 1_000_000
    odds_kind: int = 1_100_000
    odds_strange: int = 2_300_000
    odds_stray: int = 1_000_000
    odds_counted: int = 1_100_000
    odds_act: int = 1_000_000  # for an act that both found on
    act_days: int = 30  # within which it says so
    act_topic: int = 20  # stories of an act from which it is a topic, and founds nothing
    clip: int = 8_000_000
    quiet: int = 1_600_000
    bar: int = -1_100_000  # for an event of its own, where nothing is told of the subject
    bar_crowd: int = 1_650_000  # more for it with the stories of the week
    crowd: int = 3  # stories of a week from which a subject is hot, and its words are no evidence by themselves
    doubt: int = 2_000_000  # below the bar
    backing: int = 3_000_000  # above it
    backing_hours: int = 36  # after the first text; what comes later tells a later step
    dossier_cover: int = 320_000  # of a title, from which a story goes on with the affair of another
    common: int = 10_000  # share of the background from which a name says nothing of who acts
    boilerplate_days: int = 90
    without: tuple[Part, ...] = ()

    @property
    def mark(self) -> str:
        """Twelve hex digits that change with any parameter."""
        return _mark(self)

    def has(self, part: Part) -> bool:
        return part not in self.without


@cache
def _mark(grouping: Grouping) -> str:
    return hashlib.sha256(json.dumps(asdict(grouping), sort_keys=True).encode()).hexdigest()[:12]


# --- what an article is to grouping --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SketchedText:
    """A text as the search for copies sees it. `sketch` is sorted; `title` is folded, without the outlet's name.

    `words` counts those of the text; `content` is a digest of title, summary and text, as folded.
    """

    title: str = ""
    words: int = 0
    sketch: tuple[int, ...] = ()
    content: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A text as the search for stories sees it: everything from its title and lead, each tuple sorted.

    `title`, and what the `lead` adds: terms, each a stem, `@entity`, `#figure` or `%step` · `names`: those that stand
    capitalised or act · `openers`: capitalised words that begin a sentence · `subject`: the stems by which watchlists
    matched, `lists`: which ones, as `=id` · `actors`: whom the title names · `named`: whom the lead names · `said`: all
    of them and every capitalised word · `acts`: official acts of the title, and bulletins, `kind:number` · `cited`:
    those of the lead · `own`: the names of the act that it is · `dates`: (year or 0, month, day) written in title or
    first sentence · `step`: what kind of step in an affair it is, "" if none is known · `labels`: those that the title
    names · `hit`: who was hit through somebody else whom the title names · `wires`: the agencies and outlets that it
    owes what it tells to · `roundup`: several events in one.
    """

    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    dates: tuple[tuple[int, int, int], ...] = ()
    step: str = ""
    labels: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    wires: tuple[str, ...] = ()
    roundup: bool = False


def heroes(terms: Iterable[str]) -> frozenset[str]:
    """These names as what stories are told of, `^name`: beside it, its own words are counted."""
    return frozenset(each if each.startswith("^") else f"^{each}" for each in terms)


def named(topic: Topic) -> tuple[str, ...]:
    """The acts by which a story is found: its own names, and those that title and lead name."""
    return tuple(sorted({*topic.acts, *topic.cited, *topic.own}))


@dataclass(frozen=True, slots=True)
class Traits:
    """What grouping knows of an article before it looks at the others. `host` is "" where unknown."""

    host: str
    text: SketchedText
    topic: Topic
    aggregator: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored article that may be the same text. `group` is the first article of its copies, itself if alone."""

    id: int
    group: int
    host: str
    at: datetime
    text: SketchedText
    aggregator: bool = False
    topic: Topic = field(default_factory=Topic)


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """An article of a story. What a judge works out of it is known by this very object."""

    id: int
    host: str
    at: datetime
    title: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be that of an article: its first member and its newest ones, in order; at least one."""

    id: int
    dossier: int
    opened: datetime
    last: datetime
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """How common terms are in French news: `counts` of `total` articles; `^stem` counts those with a capital. `beside`:
    by entity, how common they are there, before we have told anything of it."""

    total: int
    counts: Mapping[str, int]
    beside: Mapping[str, "Beside"] = field(default_factory=dict)

    def is_ordinary(self, stem: str, floor: int) -> bool:
        """Is this capitalised word a common one (in more than `floor` articles), or mostly written without?"""
        capital, all_told = self.counts.get(f"^{stem}", 0), self.counts.get(stem, 0)
        return capital > floor or all_told > 2 * capital

    def is_everywhere(self, stem: str) -> bool:
        """Does it stand with a capital in one article of a hundred: a country, a capital?"""
        return self.counts.get(f"^{stem}", 0) * 100 > self.total

    def is_name(self, stem: str) -> bool:
        """Is a word that begins a sentence known to be a name, most of the time?"""
        capital, all_told = self.counts.get(f"^{stem}", 0), self.counts.get(stem, 0)
        return capital > 1 and 2 * capital >= all_told > 0


@dataclass(frozen=True, slots=True)
class Beside:
    """The last stories of an entity or a list: how many there are, and how many of them hold each term."""

    stories: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Usage:
    """How common terms are in what we have told: one story counts once, by the article that opened it. `beside`: by
    entity (`@id`) and list (`=id`)."""

    stories: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    beside: Mapping[str, Beside] = field(default_factory=dict)


# --- decisions -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Copied:
    """The same text as `target`, or nobody's copy (None). `learned` are hashes found to be boilerplate of the host;
    `sketch` is the article's own, without boilerplate."""

    sketch: tuple[int, ...]
    learned: tuple[int, ...] = ()
    target: int | None = None
    group: int | None = None
    rule: str = ""
    numbers: Numbers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """A story that was looked at: how alike, in millionths, and the veto against it, "" for none."""

    story: int
    score: int
    veto: str = ""


def near(looked: Sequence[Looked]) -> list[str]:
    """Stories as the numbers of a decision tell them."""
    return [f"{each.story}:{each.score}" + (f":{each.veto}" if each.veto else "") for each in looked]


def looked_at(numbers: Numbers) -> tuple[Looked, ...]:
    """The stories that were looked at for a decision, the most alike first."""
    written = numbers.get("near", [])
    parts = (each.split(":") for each in written) if isinstance(written, list) else ()
    return tuple(Looked(int(story), int(score), "".join(veto)) for story, score, *veto in parts)


Answer = Literal["sure", "doubt", "apart"]


@dataclass(frozen=True, slots=True)
class Placed:
    """The story joined, or None for a new one; then `follows` is the story whose dossier it continues, None for a new
    dossier. `numbers` tell the answer, the parts of the score, the veto if one applied, and who else was near.

    `backs`: it bears out what the story's first text tells, so that it counts as a text of its own beside it.
    """

    story: int | None
    follows: int | None
    rule: str
    numbers: Numbers
    backs: bool = False


class Judge(Protocol):
    """Decides; pure. Handed to the store, which calls it inside the transaction that writes."""

    @property
    def grouping(self) -> Grouping: ...

    def lookup(self, sketch: Sequence[int]) -> tuple[int, ...]:
        """The hashes by which a sketch is stored and found."""
        ...

    def copied(self, traits: Traits, at: datetime, neighbours: Sequence[Neighbour], known: frozenset[int]) -> Copied:
        """Is it a copy? `known`: hashes of its sketch that are boilerplate already."""
        ...

    def indexed(self, topic: Topic) -> tuple[str, ...]:
        """The terms by which a story is found."""
        ...

    def placed(self, traits: Traits, at: datetime, usage: Usage, candidates: Sequence[Candidate]) -> Placed:
        """Which story is it?"""
        ...
