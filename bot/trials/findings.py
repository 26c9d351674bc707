"""What a trial of rules on the archive found, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.config.yamlfile import ConfigProblem
from matchers.model import Difference
from storage.articles.model import StoredArticle

Tell = Callable[[int, int], None]
"""Hears how many articles are done, of how many."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What would have been kept and dropped beside the lists in force: the changes of each list that has any.

    `oldest`: when the first of the `read` articles was seen, where that is less than `days` ago; else None.
    """

    changes: Mapping[str, tuple[Difference, ...]]
    read: int
    days: int
    oldest: datetime | None = None


Tried = Trial | tuple[ConfigProblem, ...]
"""What a trial of the files led to: the problems where they are refused."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a term finds: `hits` of the `read` newest articles, and the newest of them.

    `oldest` is when the first of them was seen, None where there is none. `kept`: how many there are of all the `days`,
    more than were read where that is too many. `purged`: how many were judged without their text, forgotten since.
    """

    term: str
    hits: int
    read: int
    kept: int
    days: int
    oldest: datetime | None
    purged: int
    examples: tuple[StoredArticle, ...]

    @property
    def rate(self) -> float:
        """Hits per 1,000 articles."""
        return 1000 * self.hits / max(self.read, 1)


@dataclass(frozen=True, slots=True)
class Misread:
    """A term that cannot be tried: why, in French."""

    term: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """How often a watchlist gains or loses an article, of the `read` ones of the last `days`."""

    gained: int
    lost: int
    read: int
    days: int
