"""What columns of JSON hold where no value of the model has the very same fields."""

from dataclasses import dataclass

from matchers.model import Aspect, Hit, Level, Point, Quiet


@dataclass(frozen=True, slots=True)
class MatchDetail:
    """The rest of a match (storage/articles/articles.py)."""

    points: tuple[Point, ...]
    hits: tuple[Hit, ...]
    aspect: Aspect | str = ""
    news: str | None = None
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class KeptMatch:
    """A whole match, with its detail as written."""

    watchlist: str
    score: int
    threshold: int
    level: Level
    version: str
    subject: bool
    detail: str
    holds: bool


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """What an article said before it was revised (storage/stories/waves.py)."""

    article: int
    title: str
    summary: str
    text: str
    matches: tuple[KeptMatch, ...]


@dataclass(frozen=True, slots=True)
class KeptButton:
    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message as bot/model.py writes it."""

    html: str
    buttons: tuple[tuple[KeptButton, ...], ...]
    silent: bool = False
    preview: str | None = None
    brief: str = ""
    ask: bool = False
