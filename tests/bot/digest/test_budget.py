"""A budget of rings holds in any seven days, and loses nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.digest import budget
from bot.digest.budget import BUDGETS, WEEK
from bot.digest.compose import arrange, manner_of
from matchers.model import Level
from storage.articles.model import StoredArticle
from storage.chats.model import Chat, DigestItem, Follower, KeptArticle, Subscription
from storage.ids import ArticleId, ChatKey
from tests.bot.digest.builders import NOW, WATCHLISTS, article, match

CHAT = Chat(ChatKey(1), 5, "private", "fr", per_hour=99, per_day=99, per_week=2)


def follower(week: int, chat: Chat = CHAT) -> Follower:
    return Follower(chat, (), week=week)


@pytest.mark.parametrize(
    ("per_week", "week", "official", "rings"),
    [(0, 50, False, True), (2, 0, False, True), (2, 1, False, True), (2, 2, False, False), (2, 9, True, True)],
)
def test_a_flash_waits_for_the_digest_once_the_budget_is_spent(
    per_week: int, week: int, official: bool, rings: bool
) -> None:
    chosen = replace(CHAT, per_week=per_week)
    assert (manner_of(follower(week, chosen), NOW, official=official) is not None) == rings


def test_the_last_one_says_that_the_rest_comes_with_the_digest() -> None:
    told = manner_of(follower(1), NOW, official=False)
    assert told is not None
    assert told.capped == 8 * 60
    before = manner_of(follower(0), NOW, official=False)
    assert before is not None
    assert before.capped is None


def numbered(number: int) -> StoredArticle:
    return article(id=ArticleId(number))


def came(seed: int) -> list[StoredArticle]:
    """A quarter of flashes, in bursts; one in ten of an authority."""
    chance, moment, found = Random(seed), NOW, []
    for number in range(1, 60):
        moment += timedelta(hours=chance.choice((1, 1, 2, 5, 30, 90)))
        found.append(replace(numbered(number), first_seen=moment, official=chance.random() < 0.1 or None))
    return found


@pytest.mark.parametrize("limit", BUDGETS)
def test_no_seven_days_have_more_than_the_budget(limit: int) -> None:
    """A thousand weeks in all, of readers whose flashes come in bursts."""
    for seed in range(40):
        articles = came(seed)
        told = budget.rings(articles, limit)
        free = [each.first_seen for each, rang in zip(articles, told, strict=True) if rang and not each.official]
        every = [each.first_seen for each, rang in zip(articles, told, strict=True) if rang]
        for moment in free:
            assert sum(timedelta() <= moment - other < WEEK for other in every) <= limit
        assert all(rang for each, rang in zip(articles, told, strict=True) if each.official)


def kept(number: int, hours: int, story: int, level: Level = "flash") -> KeptArticle:
    stored = replace(numbered(number), first_seen=NOW + timedelta(hours=hours))
    return KeptArticle(stored, (replace(match(stored, "secnumcloud"), level=level),), story)


def test_a_replay_rings_once_a_story_and_names_the_smallest_budget() -> None:
    reader = Follower(CHAT, (Subscription("secnumcloud", None, 0),))
    found = budget.replay(
        [
            kept(1, 0, 10), kept(2, 1, 10), kept(3, 2, 11), kept(4, 3, 12), kept(5, 4, 13),
            kept(6, 24 * 8, 14), kept(7, 24 * 8 + 1, 15, level="daily"),
        ],
        reader,
    )  # fmt: skip
    assert [(each.article.id, each.least) for each in found] == [(1, 1), (3, 3), (4, 3), (5, 7), (6, 1)]


def test_a_reader_of_digests_has_no_rings_to_replay() -> None:
    reader = Follower(CHAT, (Subscription("secnumcloud", "daily", 0),))
    assert budget.replay([kept(1, 0, 10)], reader) == ()


def test_what_would_have_rung_opens_the_digest() -> None:
    quiet, loud = numbered(1), numbered(2)
    items = (
        DigestItem(quiet, (replace(match(quiet, "hds"), score=90, level="daily"),)),
        DigestItem(loud, (replace(match(loud, "secnumcloud"), score=5, level="flash", quiet=None),)),
    )
    order = dict(reversed(WATCHLISTS.items()))
    assert [line.item.article.id for line in arrange(items, order)] == [2, 1]
    calm = tuple(
        replace(item, matches=tuple(replace(each, quiet="no_event") for each in item.matches)) for item in items
    )
    assert [line.item.article.id for line in arrange(calm, {"hds": WATCHLISTS["hds"], **WATCHLISTS})] == [1, 2]


def moment(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def test_a_week_is_counted_from_each_ring() -> None:
    articles = [
        replace(numbered(1), id=ArticleId(each), first_seen=moment(hours))
        for each, hours in ((1, 0), (2, 167), (3, 168))
    ]
    assert budget.rings(articles, 1) == (True, False, True)
