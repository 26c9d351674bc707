"""A site's rules are asked for once a day, kept, and obeyed."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import Failed, Fetched, Gone, Outcome, Throttled, Why
from bot.web.permissions import Permissions, Wait
from bot.workers import Killed
from storage import Store, open_store
from tests.file import an_empty_file

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PAGE = "https://exemple.fr/sante/a"
ROBOTS, TDM = "https://exemple.fr/robots.txt", "https://exemple.fr/.well-known/tdmrep.json"
ABSENT = Failed(Why.HTTP, "HTTP 404", 404)
DOWN = Failed(Why.HTTP, "HTTP 503", 503)
FREE = b"User-agent: *\nDisallow: /prive/"


def file(body: bytes) -> Fetched:
    return Fetched(body, "", "text/plain")


@dataclass
class Site:
    """Plays the door and the workers."""

    store: Store
    answers: dict[str, Outcome] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now: datetime = NOW
    stuck: str = ""

    async def get(self, url: str, **_: Any) -> Outcome:
        self.asked.append(url)
        return self.answers.get(url, ABSENT)

    async def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        await asyncio.sleep(0)
        return Killed(self.stuck) if self.stuck else function(*arguments)  # type: ignore[arg-type] # any reason

    async def offload(self, function: Callable[..., Any], *arguments: Any) -> Any:
        await asyncio.sleep(0)
        return function(*arguments)

    def permits(self) -> Permissions:
        """As after a restart: it remembers nothing but the store."""
        return Permissions(self.store.sites, self.offload, self, self, lambda: self.now)  # type: ignore[arg-type] # doubles

    async def why(self, url: str = PAGE, *, licensed: bool = False) -> Why | None:
        answer = await self.permits().ask(url, licensed=licensed)
        assert not isinstance(answer, Wait)
        return answer and answer.why


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    store = open_store(an_empty_file(tmp_path / "base"))
    yield Site(store)
    store.close()


async def test_a_site_is_asked_for_its_rules_once_a_day_restarts_included(site: Site) -> None:
    for _ in range(5):
        assert await site.why() is None
    assert site.asked == [ROBOTS, TDM]
    site.now += timedelta(hours=25)
    assert await site.why() is None
    assert site.asked == [ROBOTS, TDM] * 2


async def test_each_origin_has_its_own_rules(site: Site) -> None:
    await site.why("https://exemple.fr:8443/a")
    await site.why("http://www.exemple.fr/a")
    assert [url for url in site.asked if url.endswith("robots.txt")] == [
        "https://exemple.fr:8443/robots.txt", "http://www.exemple.fr/robots.txt",
    ]  # fmt: skip


async def test_what_robots_txt_forbids_is_not_asked_for_whatever_the_licence(site: Site) -> None:
    site.answers[ROBOTS] = file(FREE)
    assert await site.why("https://exemple.fr/prive/a") is Why.ROBOTS
    assert await site.why("https://exemple.fr/prive/a", licensed=True) is Why.ROBOTS
    assert await site.why() is None


@pytest.mark.parametrize("outcome", [ABSENT, Gone(), Failed(Why.BLOCKED, "", 403), Failed(Why.HTTP, "", 401)], ids=repr)
async def test_a_site_without_robots_txt_allows_everything(site: Site, outcome: Outcome) -> None:
    site.answers[ROBOTS] = outcome
    assert await site.why() is None


@pytest.mark.parametrize(
    "outcome",
    [
        DOWN,
        Throttled(429, None),
        Failed(Why.NETWORK, ""),
        Failed(Why.REDIRECT, "", 301),
        Failed(Why.TOO_BIG, ""),
        Failed(Why.BLOCKED, "", 200),
    ],
    ids=repr,
)
async def test_a_robots_txt_that_does_not_answer_forbids_for_now_and_is_asked_for_less_and_less(
    site: Site, outcome: Outcome
) -> None:
    site.answers[ROBOTS] = outcome
    for _ in range(24 * 4):
        assert await site.why() is Why.ROBOTS
        site.now += timedelta(minutes=15)
    assert len(site.asked) == 7, "after 15 minutes, 30, 1 hour, 2, 4, 8"
    assert TDM not in site.asked
    site.answers[ROBOTS] = file(FREE)
    site.now += timedelta(days=1)
    assert await site.why() is None


async def test_the_last_good_rules_serve_a_day_longer_while_the_site_is_down(site: Site) -> None:
    site.answers[ROBOTS] = file(FREE)
    await site.why()
    site.answers[ROBOTS] = DOWN
    site.now += timedelta(hours=47)
    assert await site.why() is None
    assert await site.why("https://exemple.fr/prive/a") is Why.ROBOTS
    site.now += timedelta(hours=2)
    assert await site.why() is Why.ROBOTS


async def test_a_reservation_is_obeyed_and_a_licence_lifts_it(site: Site) -> None:
    site.answers[TDM] = file(b'[{"location": "/sante/", "tdm-reservation": 1, "tdm-policy": "https://exemple.fr/p"}]')
    assert await site.why() is Why.RESERVED
    assert await site.why("https://exemple.fr/sport/a") is None
    assert await site.why(licensed=True) is None


async def test_a_reservation_is_remembered_while_its_file_does_not_answer(site: Site) -> None:
    site.answers[TDM] = file(b'[{"location": "/", "tdm-reservation": 1}]')
    await site.why()
    site.answers[TDM] = Failed(Why.NETWORK, "")
    site.now += timedelta(hours=25)
    assert await site.why() is Why.RESERVED


async def test_a_reservation_that_a_page_told_holds_for_its_site_for_thirty_days(site: Site) -> None:
    await site.why()
    await site.permits().reserve(PAGE)
    site.now += timedelta(days=29)
    assert await site.why("https://exemple.fr/autre") is Why.RESERVED
    assert await site.why(licensed=True) is None
    site.now += timedelta(days=2)
    assert await site.why() is None


async def test_a_long_crawl_delay_spaces_the_pages_restarts_included(site: Site) -> None:
    site.answers[ROBOTS] = file(b"User-agent: *\nCrawl-delay: 30")
    assert await site.permits().ask(PAGE) is None
    assert await site.permits().ask(PAGE) == Wait(NOW + timedelta(seconds=30))
    site.now += timedelta(seconds=31)
    assert await site.permits().ask(PAGE) is None


async def test_two_pages_asked_for_at_once_share_a_crawl_delay(site: Site) -> None:
    site.answers[ROBOTS] = file(b"User-agent: *\nCrawl-delay: 30")
    permits = site.permits()
    first, second = await asyncio.gather(permits.ask(PAGE), permits.ask(f"{PAGE}b"))
    assert (first, second) == (None, Wait(NOW + timedelta(seconds=30)))


async def test_a_crawl_delay_no_longer_than_our_own_gap_changes_nothing(site: Site) -> None:
    site.answers[ROBOTS] = file(b"User-agent: *\nCrawl-delay: 1")
    assert [await site.permits().ask(PAGE) for _ in range(3)] == [None] * 3


async def test_rules_that_kill_their_reader_forbid(site: Site) -> None:
    site.answers[ROBOTS] = file(FREE)
    site.stuck = "time"
    assert await site.why() is Why.ROBOTS


async def test_a_busy_worker_makes_the_page_wait(site: Site) -> None:
    site.answers[ROBOTS] = file(FREE)
    site.stuck = "busy"
    assert await site.permits().ask(PAGE) == Wait(NOW + timedelta(minutes=1))


async def test_a_site_without_rules_needs_no_worker(site: Site) -> None:
    site.stuck = "busy"
    assert await site.permits().ask(PAGE) is None


async def test_a_redirect_is_judged_where_it_leads(site: Site) -> None:
    site.answers["https://autre.example/robots.txt"] = file(b"User-agent: *\nDisallow: /")
    refusal = await site.permits().permit("https://autre.example/a")
    assert refusal is not None
    assert refusal.why is Why.ROBOTS


async def test_sites_no_longer_asked_are_forgotten(site: Site) -> None:
    await site.why()
    assert site.store.sites.forget(NOW + timedelta(days=30)) == 0
    assert site.store.sites.forget(NOW + timedelta(days=70)) == 1


FEED = "https://exemple.fr/rss"
NAMED = b"User-agent: *\nDisallow: /prive/\n\nUser-agent: Vigie\nDisallow: /rss\nCrawl-delay: 1\n"


async def feed(site: Site, permits: Permissions | None = None, *, asking: bool = True, url: str = FEED) -> Why | None:
    answer = await (permits or site.permits()).feed(url, asking=asking)
    assert not isinstance(answer, Wait)
    return answer and answer.why


async def test_a_feed_obeys_a_group_that_names_us_and_no_other(site: Site) -> None:
    site.answers[ROBOTS] = file(b"User-agent: *\nDisallow: /\nUser-agent: GPTBot\nDisallow: /\n")
    assert await feed(site) is None
    assert await site.why("https://exemple.fr/rss") is Why.ROBOTS, "a page is not published to be polled"
    site.answers[ROBOTS] = file(NAMED)
    site.now += timedelta(hours=25)
    assert await feed(site) is Why.ROBOTS
    assert await feed(site, url="https://exemple.fr/atom") is None


async def test_feeds_ask_for_robots_txt_once_a_day_and_origin_restarts_included(site: Site) -> None:
    for day in range(1, 4):
        permits = site.permits()
        for _ in range(24):
            assert await feed(site, permits) is None
            assert await feed(site) is None, "after a restart"
            assert await feed(site, permits, url="https://exemple.fr/atom") is None
            site.now += timedelta(hours=1)
        assert site.asked == [ROBOTS] * day, "and nothing else"


async def test_nothing_is_asked_for_before_the_first_poll_of_a_feed_yet_known_rules_are_obeyed(site: Site) -> None:
    site.answers[ROBOTS] = file(NAMED)
    assert await feed(site, asking=False) is None
    assert site.asked == []
    await site.why()
    assert await feed(site, asking=False) is Why.ROBOTS
    assert site.asked == [ROBOTS, TDM]


async def test_a_robots_txt_that_does_not_answer_stops_no_feed_and_is_asked_for_once_a_day(site: Site) -> None:
    site.answers[ROBOTS] = DOWN
    permits = site.permits()
    for _ in range(48):
        assert await feed(site, permits) is None
        site.now += timedelta(hours=1)
    assert site.asked == [ROBOTS] * 2


async def test_rules_that_named_us_hold_while_the_site_does_not_give_them_and_until_they_change(
    site: Site,
) -> None:
    site.answers[ROBOTS] = file(NAMED)
    assert await feed(site) is Why.ROBOTS
    site.answers[ROBOTS] = DOWN
    site.now += timedelta(days=6)
    assert await feed(site) is Why.ROBOTS
    site.answers[ROBOTS] = file(FREE)
    site.now += timedelta(days=2)
    assert await feed(site) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/rss", "http://10.0.0.3/rss", "http://localhost/rss"])
async def test_a_feed_of_this_machine_or_network_needs_no_leave(site: Site, url: str) -> None:
    assert await feed(site, url=url) is None
    assert site.asked == []


async def test_a_delay_that_a_group_asks_of_us_by_name_spaces_feeds_too(site: Site) -> None:
    site.answers[ROBOTS] = file(b"User-agent: vigie\nCrawl-delay: 20\n")
    assert await feed(site) is None
    assert await site.permits().feed(FEED, asking=True) == Wait(NOW + timedelta(seconds=20))
