"""The nouns of matching: frozen values that every package shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Field = Literal["title", "summary", "text"]
Level = Literal["flash", "daily", "weekly"]
Aspect = Literal["title", "summary", "opening", "named", "dense", "listed", "far", "sparse", "manual"]
"""Where an article speaks of what it is about: the first five; or why it only names it: the others."""
Quiet = Literal[
    "mention", "no_event", "guide", "opinion", "advert", "meeting", "job", "documentation", "roundup",
    "study", "lookback", "dated",
]  # fmt: skip
"""Why an article does not ring: it names the subject in passing, tells no event, is what never does,
or was old when it came."""

ActRole = Literal["is", "founds", "cites"]
"""What an article is to an act that it names: the act itself, a text founded on it, one that only cites it."""
DeadlineKind = Literal["consultation", "in_force", "compliance", "tender", "hearing", "expiry"]

FIELDS: tuple[Field, ...] = ("title", "summary", "text")


@dataclass(frozen=True, slots=True)
class ActLink:
    """A link in a text to an official act. `id` is a sure id; `words` are those of the link, `before` the few that
    stand before them in their paragraph."""

    id: str
    words: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What is matched. A field that is missing is the empty string; `published` is aware UTC, or None if unknown.

    `source` is the name of the feed, and of the site on a second line. Only `source:` terms look at it; no term looks
    at `url`. `official` is what was said of its source, None: nothing, and its site tells. `links`: the acts to which
    words of its text lead.
    """

    id: str = ""
    title: str = ""
    summary: str = ""
    text: str = ""
    url: str = ""
    published: datetime | None = None
    source: str = ""
    official: bool | None = None
    links: tuple[ActLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One accepted occurrence. `start` and `end` are code points: `getattr(article, field)[start:end] == text`.

    `term` is the term as written in the YAML; `entity` is its id where the term is an `@entity`, else None.
    """

    term: str
    entity: str | None
    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """One part of a score. `title`, `summary`, `text` count its hits per field; the sum of all points is the score.

    kind `term`: a distinct positive term · `boost`: once each · `near`: a proximity that holds (`term` is then
    its block in words; the counts are 0).
    """

    kind: Literal["term", "boost", "near"]
    term: str
    points: int
    title: int = 0
    summary: int = 0
    text: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A watchlist whose tree holds and whose score reaches its threshold.

    `subject` is True where the article is about it, False where it names it in passing; `aspect` says why, "" where
    that was not kept. `version` is the watchlist's content hash (6 hex digits): an alert is judged by the version that
    sent it. `news` are the words that make an event of it, None without; `quiet` why it rings nobody, None if it may.
    """

    watchlist: str
    score: int
    threshold: int
    level: Level
    version: str
    subject: bool
    points: tuple[Point, ...]
    hits: tuple[Hit, ...]
    aspect: Aspect | Literal[""] = ""
    news: str | None = None
    quiet: Quiet | None = None

    @property
    def rings(self) -> bool:
        """Would this article alone be a flash, for who follows the watchlist as its file says?"""
        return self.level == "flash" and self.quiet is None


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What a reader may know of a watchlist: its card. The tree of blocks stays inside `matchers`."""

    id: str
    name: str
    question: str
    level: Level
    threshold: int
    version: str
    terms: tuple[str, ...]
    review: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, or doubtful, in a configuration file.

    `file` is the watchlist's id or `entities`; `path` leads to the spot, e.g. ("near", "terms", 0). A number after a
    text counts its characters: ("query", 12).
    """

    file: str
    path: tuple[str | int, ...]
    message: str
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Archive:
    """How many of `articles`, gathered over `days`, hold each term as written, and match each watchlist."""

    articles: int = 0
    days: int = 0
    terms: Mapping[str, int] = field(default_factory=dict)
    watchlists: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """An article that one side keeps and the other does not. `terms`: what made the difference; `reason`: in French."""

    article: str
    title: str
    watchlist: str
    gained: bool
    terms: tuple[str, ...]
    reason: str
