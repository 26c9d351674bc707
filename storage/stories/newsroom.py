"""The one thing that a transaction asks of the outside: what goes together, and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchers.model import Match
from matchers.stories.grouping import Judge
from storage.articles.model import StoredArticle
from storage.chats.model import Follower, NewDelivery
from storage.stories.model import Saying, StoryNews

Announce = Callable[[StoredArticle, tuple[Match, ...], tuple[Follower, ...], datetime], Sequence[NewDelivery]]
"""Who is told what of an article that opens something: pure, called inside the transaction, so quick."""

Retell = Callable[[StoryNews, datetime], Sequence[Saying]]
"""What is said of a story that has changed: pure, called inside the transaction, so quick."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Pure, and quick: it is asked inside the transaction that writes what it answers."""

    judge: Judge
    announce: Announce
    retell: Retell
