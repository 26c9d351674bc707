"""Which flashes a chat would have had under a budget, by replay of what came. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digest.compose import flashes
from bot.digest.official import published_by_official
from storage.articles.model import StoredArticle
from storage.chats.model import Follower, KeptArticle

BUDGETS = (1, 3, 7)  # flashes a week
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WouldRing:
    """A story that would have rung, by the article that did. `least`: the smallest of BUDGETS under which it would;
    None where only as many as come would do."""

    article: StoredArticle
    least: int | None


def replay(kept: Iterable[KeptArticle], follower: Follower) -> tuple[WouldRing, ...]:
    """The stories that would have rung, in the order in which they came: each once, by its first article that tells an
    event. `follower` is the chat with its subscriptions as they are now, as if they had been made before."""
    first: dict[int, StoredArticle] = {}
    for each in kept:
        if flashes(each.article, each.matches, follower):
            first.setdefault(each.story, each.article)
    rung = list(first.values())
    under = {budget: rings(rung, budget) for budget in BUDGETS}
    return tuple(
        WouldRing(each, next((budget for budget in BUDGETS if under[budget][place]), None))
        for place, each in enumerate(rung)
    )


def rings(articles: Sequence[StoredArticle], budget: int) -> tuple[bool, ...]:
    """Of each: would it ring? No more than the budget in any seven days, but for what an authority published."""
    told: list[datetime] = []
    found = []
    for each in articles:
        lately = sum(each.first_seen - moment < WEEK for moment in told)
        does = lately < budget or published_by_official(each)
        told += [each.first_seen] if does else []
        found.append(does)
    return tuple(found)
