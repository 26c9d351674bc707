"""The nouns of grouping and its parameters: frozen values that storage and the bot share."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal, Protocol

Part = Literal["boilerplate", "hosts", "guard", "window", "background", "entities", "veto"]
PARTS: tuple[Part, ...] = ("boilerplate", "hosts", "guard", "window", "background", "entities", "veto")

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
    short: int = 40  # words: below, only titles are compared
    title_words: int = 6
    title_hours: int = 72
    # stories
    lead: int = 300  # characters
    terms: int = 40  # the heaviest of an article
    title_weight: int = 2
    name_weight: int = 600_000
    window_days: int = 30
    dossier_days: int = 365
    near_days: int = 3
    common_terms: int = 3  # of two articles of one story
    score: int = 140_000
    dossier_score: int = 200_000
    common: int = 10_000  # share of the background from which a name says nothing of who acts
    topic_share: int = 200_000
    topic_least: int = 50  # articles in `window_days`
    boilerplate_days: int = 90
    without: tuple[Part, ...] = ()

    @property
    def mark(self) -> str:
        """Twelve hex digits that change with any parameter."""
        return _mark(self)

    def has(self, part: Part) -> bool:
        return part not in self.without


Vector = tuple[tuple[str, int], ...]
"""Terms with their weights, sorted by term; of unit length in millionths."""


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

    `terms`: (stem, `@entity` or `^name`, frequency in millionths) · `actors`: whom the title names · `named`: whom the
    lead names · `said`: all of them and every capitalised word · `acts`: official acts, `kind:number` · `dates`: (year
    or 0, month, day) written in title or first sentence · `step`: what kind of step in an affair it is, "" if none is
    known · `roundup`: several events in one.
    """

    terms: tuple[tuple[str, int], ...] = ()
    actors: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    dates: tuple[tuple[int, int, int], ...] = ()
    step: str = ""
    roundup: bool = False


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


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story. Its `vector` was frozen when it was stored."""

    id: int
    host: str
    at: datetime
    title: str
    vector: Vector
    topic: Topic


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be that of an article, with its newest members."""

    id: int
    dossier: int
    opened: datetime
    last: datetime
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How common terms are: `counts` of `total` articles, background and our own; `topics` say nothing of an event."""

    total: int
    counts: Mapping[str, int]
    topics: frozenset[str] = frozenset()


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


@dataclass(frozen=True, slots=True)
class Placed:
    """The story joined, or None for a new one; then `follows` is the story whose dossier it continues, None for a new
    dossier. `numbers` tell the score, the veto if one applied, and who else was near."""

    story: int | None
    follows: int | None
    rule: str
    numbers: Numbers


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

    @property
    def background(self) -> Frequencies:
        """How common terms are before anything of ours is counted."""
        ...

    def vector(self, topic: Topic, frequencies: Frequencies) -> Vector:
        """The weight of each term of an article."""
        ...

    def placed(
        self, traits: Traits, vector: Vector, at: datetime, frequencies: Frequencies, candidates: Sequence[Candidate]
    ) -> Placed:
        """Which story is it?"""
        ...
