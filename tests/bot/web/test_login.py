"""What opens a paid feed is shown to its own site, and to nobody else."""

from datetime import timedelta

import httpx
import pytest

from bot.build import introduce
from bot.model import Failed, Fetched
from bot.web.fetch import Fetcher
from bot.web.politeness import Courtesy
from storage.feeds.model import Feed
from storage.ids import FeedId

URL = "https://payant.example/rss"
PAID = Feed(FeedId("payant"), "Payant", URL, login=("Authorization", "Bearer abc"))
FREE = Feed(FeedId("libre"), "Libre", "https://payant.example/libre")


async def shown(target: str, *, url: str = URL, login_of: str | None = URL) -> dict[str, str | None]:
    """What each address asked for got to see, where `url` leads to `target`."""
    seen: dict[str, str | None] = {}

    def site(request: httpx.Request) -> httpx.Response:
        seen[str(request.url)] = request.headers.get("authorization")
        if str(request.url) == url and target != url:
            return httpx.Response(302, headers={"location": target})
        return httpx.Response(200, content=b"<rss/>")

    async with Fetcher("Vigie/0", transport=httpx.MockTransport(site), courtesy=Courtesy(timedelta())) as door:
        introduce(door, (PAID, FREE))
        answer = await door.get(url, login_of=login_of)
    assert isinstance(answer, Fetched | Failed)
    return seen


@pytest.mark.parametrize("target", ["/autre", "https://payant.example:443/autre", "https://PAYANT.example/autre"])
async def test_a_login_follows_a_redirect_on_its_own_site(target: str) -> None:
    assert set((await shown(target)).values()) == {"Bearer abc"}


@pytest.mark.parametrize(
    "target",
    ["https://ailleurs.example/rss", "https://cdn.payant.example/rss", "https://payant.example:8443/rss",
     "https://payant.example.ailleurs.example/"],
)  # fmt: skip
async def test_a_login_never_goes_elsewhere(target: str) -> None:
    assert await shown(target) == {URL: "Bearer abc", target: None}


@pytest.mark.parametrize("login_of", [None, FREE.url, "https://inconnu.example/"])
async def test_what_is_asked_for_anything_else_shows_no_login(login_of: str | None) -> None:
    assert await shown(URL, login_of=login_of) == {URL: None}


async def test_a_feed_that_moved_to_another_site_shows_it_nothing() -> None:
    there = "https://ailleurs.example/rss"
    assert await shown(there, url=there) == {there: None}


async def test_a_login_that_was_taken_away_is_no_longer_shown() -> None:
    async with Fetcher("Vigie/0", transport=httpx.MockTransport(_echo), courtesy=Courtesy(timedelta())) as door:
        introduce(door, (PAID,))
        introduce(door, (FREE,))
        answer = await door.get(URL, login_of=URL)
    assert isinstance(answer, Fetched)
    assert answer.body == b""


def _echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=request.headers.get("authorization", "").encode())
