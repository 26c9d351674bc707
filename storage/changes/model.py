"""What a row of a chronicle means: a fact, the span and the scope that it is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from matchers.model import Match
from storage.articles.model import RegisterHead, StoredArticle
from storage.ids import StoryId

FactKind = Literal["story", "status", "act", "deadline", "source", "rules"]


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` on, up to but without `end`; both aware. Spans that follow each other share no moment."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose changes are asked for. `lists` are ids of watchlists, `dossier` a dossier; None for all."""

    lists: frozenset[str] | None = None
    dossier: StoryId | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something passed from one state to another, once. "" is the state of what is not.

    story: "" → "told", about its id, when we first knew of it · status: what an official list says of a row, "listed"
    where it only names it, about the list, the row and the field · act: "" → "out", about its number · deadline: its
    day, then another one, or "passed:", "done:", "cancelled:" and its day, about its number · source: "ok", "" (not
    followed) or what ails it, about the id of its feed · rules: the content of a file, about its name. `title` is what
    people call it; `official`: an authority surely tells it; `lists` are those that kept it, or that it concerns;
    `near` is the title of the story that a doubtful one may be.
    """

    at: datetime
    kind: FactKind
    about: str
    before: str
    after: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    official: bool = False
    lists: tuple[str, ...] = ()
    near: str = ""


@dataclass(frozen=True, slots=True)
class SourceSilence:
    """Why a source said nothing, from when to when; `end` is None while it lasts. `kind` is one of `LOST`."""

    feed: str
    name: str
    kind: str
    start: datetime
    end: datetime | None


BriefChoice = Literal["kept", "dropped", "raised"]


@dataclass(frozen=True, slots=True)
class BriefNote:
    """What a chat decided of a story for its briefs, and what somebody said of it: plain text, "" for nothing."""

    choice: BriefChoice = "kept"
    note: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True)
class BriefStory:
    """A story as a brief tells it. `at` is when it became known; `others` are the outlets that tell it too; `line` is
    its line of the register, None for one without; `near` is the title of the story that it may be, "" where that is
    settled. At least one match."""

    story: StoryId
    at: datetime
    article: StoredArticle
    matches: tuple[Match, ...]
    others: tuple[str, ...]
    line: RegisterHead | None
    official: bool
    near: str = ""


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The facts of a span, in order of time. `articles_since` is when the first article was seen, `rules_since` when
    the history of the watchlists begins; None where there is none. Before that, nothing is known."""

    facts: tuple[Fact, ...]
    articles_since: datetime | None
    rules_since: datetime | None
