"""Freshness, Retry-After and robot checks, as servers write them."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.web.headers import LONGEST, fresh_for, is_challenge, retry_after

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PAGE = b"<!DOCTYPE html><html><head>%s</head><body></body></html>"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age=600"}, 600),
        ({"cache-control": "s-maxage=9, max-age = 600", "age": "100"}, 500),
        ({"cache-control": "max-age=60", "age": "100"}, 0),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "max-age=600", "age": "x"}, 600),
        ({"expires": "Tue, 24 Nov 2026 09:00:00 GMT"}, 3600),
        ({"expires": "Tue, 24 Nov 2026 09:00:00 GMT", "date": "Tue, 24 Nov 2026 08:30:00 GMT"}, 1800),
        ({"expires": "Tue, 24 Nov 2020 09:00:00 GMT"}, 0),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"cache-control": "max-age=504576000000"}, LONGEST.total_seconds()),
    ],
)
def test_how_long_an_answer_stays_fresh(headers, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert fresh_for(httpx.Headers(headers), NOW) == expected


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("60, 120", 120),
        ("Tue, 24 Nov 2026 08:02:00 GMT", 120),
        ("Tue, 24 Nov 2020 08:02:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e9", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(httpx.Headers({"retry-after": value}), NOW) == expected


@pytest.mark.parametrize(
    "head",
    [
        b"<title>Just a moment...</title>",
        b"<title>Attention Required! | Cloudflare</title>",
        b"<title>Request Rejected</title>",
        "<title>Un instant…</title>".encode(),
        b"<script>window._cf_chl_opt={};</script>",
        b"<title>exemple.fr</title><script src='https://geo.captcha-delivery.com/captcha/'></script>",
        b"<title>Making sure you&#39;re not a bot!</title>",
    ],
)
def test_a_robot_check_is_seen(head):
    assert is_challenge(httpx.Headers(), PAGE % head)


def test_a_robot_check_is_seen_in_its_header():
    assert is_challenge(httpx.Headers({"cf-mitigated": "challenge"}), b"")
    assert is_challenge(httpx.Headers({"x-amzn-waf-action": "challenge"}), b"")  # with 202 and no body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        PAGE % b"<title>Captcha, selon la CNIL</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/'></script>",
        b"<?xml version='1.0'?><rss><title>Just a moment...</title></rss>",
        PAGE % b"<title>Un article</title>" + b"x" * 70_000 + b"_cf_chl_opt",
    ],
)
def test_an_ordinary_answer_is_no_robot_check(body):
    assert not is_challenge(httpx.Headers(), body)
