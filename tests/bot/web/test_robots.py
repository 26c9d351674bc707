"""What a site's own files and tags let us do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.robots import Judgement, Tags, judge, reservation, tags

URL = "https://www.exemple.fr/sante/hdh.html?page=2"


@pytest.mark.parametrize(
    ("robots", "allowed", "delay"),
    [
        ("", True, None),
        ("<html>404, mais avec un 200</html>", True, None),
        ("User-agent: *\nDisallow: /", False, None),
        ("User-agent: *\nDisallow: /\nAllow: /sante/", True, None),
        ("User-agent: *\nDisallow: /*.html", False, None),
        ("User-agent: *\nDisallow: /*.html$", True, None),
        ("User-agent: *\nDisallow: /sante/\nCrawl-delay: 12", False, 12.0),
        ("User-agent: *\nDisallow: /\nUser-agent: vigie\nAllow: /", True, None),
        ("User-agent: *\nCrawl-delay: 30\nUser-agent: Vigie\nDisallow: /admin", True, None),
        ("User-agent: Vigie\nDisallow: /\nUser-agent: *\nAllow: /", False, None),
        ("User-agent: Autre\nDisallow: /", True, None),
        ("\x00\xff" * 200, True, None),
    ],
)
def test_a_robots_txt_is_obeyed_and_a_group_that_names_us_replaces_the_others(robots, allowed, delay):
    judged = judge(robots, "", URL)
    assert (judged.allowed, judged.reserved, judged.delay) == (allowed, False, delay)


@pytest.mark.parametrize(
    ("rules", "reserved"),
    [
        ([], False),
        ([("/", 1)], True),
        ([("/", 0)], False),
        ([("/", 2)], False),
        ([("/", "1")], True),
        ([("/sante/", 1), ("/", 0)], True),
        ([("/sport/", 1), ("/", 0)], False),
        ([("/", 0), ("/sante/", 1)], False),
        ([("*", 1)], True),
        ([("/*.html", 1)], True),
        ([("/*.html$", 1)], False),
        ([("/sante/*page=2$", 1)], True),
        ([("/sante/hdh.html?page=2$", 1)], True),
        ([("/sante/hdh.html$", 1)], False),
        ([("", 1)], False),
    ],
)
def test_the_first_rule_of_tdmrep_that_matches_decides(rules, reserved):
    file = json.dumps([{"location": place, "tdm-reservation": value} for place, value in rules])
    assert judge("", file, URL).reserved is reserved


@pytest.mark.parametrize("file", ["", "{", "3", "[3]", '{"location": "/"}', "[" * 100_000, "[[]]", '[{"location": 1}]'])
def test_a_tdmrep_that_is_none_reserves_nothing(file):
    assert not judge("", file, URL).reserved


def test_patterns_made_to_hang_are_answered():
    assert not judge("", json.dumps([{"location": "/" + "*a" * 5_000 + "b", "tdm-reservation": 1}]), URL).reserved


@pytest.mark.parametrize(("written", "meant"), [("1", True), (" 0 ", False), ("yes", None), ("", None), (None, None)])
def test_a_reservation_is_0_or_1_and_anything_else_says_nothing(written, meant):
    assert reservation(written) is meant


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ([], Tags()),
        (["index, follow, max-image-preview:large, max-snippet:-1"], Tags()),
        (["noindex"], Tags()),
        (["NOARCHIVE"], Tags(keep=False)),
        (["index", "nosnippet"], Tags(quote=False)),
        (["max-snippet:0"], Tags(quote=False)),
        (["max-snippet: 50"], Tags(quote=False)),
        (["max-snippet:300"], Tags()),
        (["max-snippet:beaucoup"], Tags()),
        (["googlebot: noarchive, nosnippet"], Tags()),
        (["Vigie: noarchive"], Tags(keep=False)),
        (["unavailable_after: 25 Jun 2027 15:00:00 CET, noarchive"], Tags(keep=False)),
        (["max-snippet:50, noarchive"], Tags(keep=False, quote=False)),
    ],
)
def test_robots_tags_limit_what_is_kept_and_shown(values, allowed):
    assert tags(values) == allowed


@given(st.text(), st.text(), st.text(), st.lists(st.text()))
def test_nothing_a_site_writes_raises(robots, file, path, values):
    assert isinstance(judge(robots, file, f"https://exemple.fr/{path}"), Judgement)
    assert isinstance(tags(values), Tags)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("User-agent: Vigie", True),
        ("user-agent:vigie", True),
        ("  USER-AGENT :  VIGIE  # merci", True),
        ("User-agent: Vigie/0.1", True),
        ("User-agent: Vigie*", True),
        ("User-agent: *", False),
        ("User-agent: VigieBot", False),
        ("User-agent: Vigie-images", False),
        ("User-agent: La Vigie", False),
        ("# User-agent: Vigie", False),
        ("Disallow: /User-agent: Vigie", False),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_group_that_names_us_is_told_from_the_others_and_obeyed(line: str, named: bool, end: str) -> None:
    robots = end.join((line, "Disallow: /rss", "", "User-agent: *", "Disallow: /prive", ""))
    assert judge(robots, "", URL).named is named
    if named:
        assert not judge(robots, "", "https://exemple.fr/rss").allowed
        assert judge(robots, "", "https://exemple.fr/prive").allowed
