"""What a row means: an act, what an article is to it, and a day that it sets."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from matchers.model import ActRole, DeadlineKind
from storage.ids import ArticleId, StoryId

DeadlineState = Literal["open", "moved", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class ActFields:
    """What an item of an authority says of the act that it is, from its own fields. `names`: its ids, the best first;
    `decided` and `published`: days, None where unknown; `link`: its address, never that of a search. `concerned` and
    `in_force` are its own words, "" where it has none; `audience`: the roles they mean (matchers/acts/publics.py)."""

    names: tuple[str, ...]
    title: str = ""
    body: str = ""
    decided: date | None = None
    published: date | None = None
    link: str = ""
    concerned: str = ""
    in_force: str = ""
    audience: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A day that an official item sets. `act`: whose it is, "" for the item's own story; `day` is None where the item
    only ends it; `sure`: from a field, not from prose. `time`: `12:00`, of Paris, None where none is written."""

    kind: DeadlineKind
    day: date | None
    sentence: str
    act: str = ""
    time: str | None = None
    sure: bool = False
    ends: Literal["", "done", "cancelled"] = ""


@dataclass(frozen=True, slots=True)
class ActRecord:
    """What an article has to do with acts, as it will be written. `act` where it is one itself; `roles`: by id."""

    roles: tuple[tuple[str, ActRole], ...] = ()
    act: ActFields | None = None
    deadlines: tuple[DeadlineFact, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredAct:
    """An act as it is kept. `names` are all its ids, the best first; `article`: its own item, None where that is gone
    or none came."""

    names: tuple[str, ...]
    kind: str
    title: str
    body: str
    decided: date | None
    published: date | None
    link: str
    concerned: str
    in_force: str
    audience: tuple[str, ...]
    article: ArticleId | None


@dataclass(frozen=True, slots=True)
class ActPress:
    """An article that names an act."""

    article: ArticleId
    role: ActRole
    title: str
    url: str
    source_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredDeadline:
    """A day set, as it is kept. `act` is the best name of its act, "" without one; `story` that of its item, None where
    it has none; `old_day`: the day before it was moved; `official`: does an authority say so?
    `changes`: how often it was moved or ended. `key` stays the same whatever other names its act is found to have."""

    id: int
    kind: DeadlineKind
    day: date
    time: str | None
    sentence: str
    state: DeadlineState
    act: str
    story: StoryId | None
    article: ArticleId
    title: str
    url: str
    source_name: str
    sure: bool
    official: bool
    old_day: date | None
    since: datetime
    changed_at: datetime
    watchlists: tuple[str, ...] = field(default=())
    changes: int = 0
    key: str = ""


Step = Literal[15, 2, 0, -1, -2]
"""Days before, -1: seen, -2: not for us."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A line of a digest, so many days before or fewer."""

    deadline: StoredDeadline
    step: Step
