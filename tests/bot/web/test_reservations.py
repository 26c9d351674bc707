"""What a site says twice, or spells otherwise, or does not answer, is taken as it meant it."""

import json

import pytest

from bot.model import Failed, Fetched, Outcome, Throttled, Why
from bot.web import robots
from bot.web.gzip_body import Body, FirstBytes
from bot.web.permissions import RETRY
from bot.web.robots import judge, reservation
from tests.bot.web.test_permissions import ABSENT, PAGE, ROBOTS, TDM, Site, file, site

__all__ = ["site"]  # the fixture

RESERVED = '[{"location": "%s", "tdm-reservation": 1}]'


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/santé/", "/sant%C3%A9/a"), ("/sant%C3%A9/", "/santé/a"), ("/sant%c3%a9/", "/sant%C3%A9/a"),
        ("/sante\u0301/", "/sant%C3%A9/a"), ("/%7Eanne/", "/~anne/a"), ("/a%2Fb", "/a%2fb"),
        ("/*/données", "/2026/donn%C3%A9es"), ("/données$", "/donn%C3%A9es"),
        ("https://exemple.fr/santé/", "/sant%C3%A9/a"),
    ],
)  # fmt: skip
def test_a_location_is_compared_as_it_is_meant(location: str, path: str) -> None:
    assert judge("", RESERVED % location, f"https://exemple.fr{path}").reserved
    assert not judge("", RESERVED % location, "https://exemple.fr/sport/a").reserved


@pytest.mark.parametrize(
    ("said", "expected"), [("0, 1", True), ("1,0", True), ("0,0", False), ("1, x", True), ("x, y", None), ("", None)]
)
def test_a_header_given_twice_means_the_stricter(said: str, expected: bool | None) -> None:
    assert reservation(said) is expected


@pytest.mark.parametrize(
    "rules",
    [
        '[{"location": "/", "tdm-reservation": 0, "tdm-reservation": 1}]',
        '[{"location": "/", "tdm-reservation": 1, "tdm-reservation": 0}]',
        json.dumps([{"location": "/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]),
        json.dumps({"location": "/", "tdm-reservation": 1}),
    ],
)
def test_a_file_that_says_two_things_means_the_stricter(rules: str) -> None:
    assert judge("", rules, PAGE).reserved


@pytest.mark.parametrize("name", ["Vigi", "V", "Vigie-News", "VigieBot", "bot Vigie", "Vig ie"])
def test_the_group_of_another_robot_is_not_ours(name: str) -> None:
    judged = judge(f"User-agent: {name}\nDisallow: /\n", "", PAGE)
    assert (judged.allowed, judged.named) == (True, False)


@pytest.mark.parametrize("name", ["Vigie", "vigie", "VIGIE/1.0", "Vigie/0.1 (+https://x)", "Vigie*"])
def test_our_whole_token_is_ours_with_or_without_a_version(name: str) -> None:
    judged = judge(f"User-agent: *\nAllow: /\n\nUser-agent: {name}\nDisallow: /\n", "", PAGE)
    assert (judged.allowed, judged.named) == (False, True)


def test_of_a_long_robots_txt_the_beginning_counts() -> None:
    body = Body("", FirstBytes(robots.LONGEST))
    for chunk in (b"User-agent: *\nDisallow: /sante/\n", *[b"# rien\n" * 50_000] * 10):
        body.feed(chunk)
    kept = body.whole()
    assert (len(kept), body.ended) == (robots.LONGEST, True)
    assert not judge(kept.decode(), "", PAGE).allowed


@pytest.mark.parametrize(
    "outcome", [Failed(Why.HTTP, "", 503), Throttled(429, None), Failed(Why.NETWORK, ""), Failed(Why.BLOCKED, "", 200)]
)
async def test_reservations_that_do_not_answer_make_the_pages_wait(site: Site, outcome: Outcome) -> None:
    site.answers |= {ROBOTS: file(b"User-agent: *\nAllow: /"), TDM: outcome}
    assert await site.why() is Why.ROBOTS
    asked = len(site.asked)
    assert await site.why() is Why.ROBOTS
    assert len(site.asked) == asked  # not at each page
    site.answers[TDM] = Fetched(b"[]", "", "application/json")
    site.now += 2 * RETRY
    assert await site.why() is None


@pytest.mark.parametrize("outcome", [ABSENT, Failed(Why.BLOCKED, "", 403)])
async def test_a_site_without_reservations_reserves_nothing(site: Site, outcome: Outcome) -> None:
    site.answers |= {ROBOTS: file(b""), TDM: outcome}
    assert await site.why() is None
