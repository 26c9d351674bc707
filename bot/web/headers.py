"""What an answer's headers say about time, and about being refused by a robot check. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=366)  # a server was met that asked for 16 years

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,12}(?:\s*,\s*\d{1,12}){0,3}")
_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_CHALLENGE_TITLES = (
    b"just a moment", b"attention required! | cloudflare", b"ddos-guard", b"pardon our interruption",
    b"making sure you&#39;re not a bot", b"making sure you're not a bot", b"robot challenge screen",
    b"please wait while your request is being verified", b"checking your browser", b"human verification",
)  # fmt: skip
# What an article may well begin with, and none is called
_CHALLENGE_WHOLE_TITLES = frozenset({b"request rejected", "un instant…".encode(), b"un instant..."})
_CHALLENGE_MARKS = (
    b"_cf_chl_opt", b"captcha-delivery.com/", b"incapsula incident id", b"/.well-known/sgcaptcha",
    b"px-captcha", b"awswafintegration", b"/.within.website/x/cmd/anubis",
)  # fmt: skip
_CHALLENGE_SIZE = 64 << 10  # bytes: a robot check holds no article


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh: max-age less Age, else Expires; None where the server does not say."""
    control = headers.get("cache-control", "")
    if re.search(r"no-(?:cache|store)", control, re.IGNORECASE):
        return None
    found = _MAX_AGE.search(control)
    if found:
        age = headers.get("age", "").strip()
        seconds = int(found[1]) - (int(age) if re.fullmatch(r"\d{1,12}", age) else 0)
        return _bounded(timedelta(seconds=min(seconds, LONGEST.total_seconds())))
    expires = _moment(headers.get("expires"))
    if expires is None:
        return None
    return _bounded(expires - (_moment(headers.get("date")) or now))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After, in seconds or as a date; None where there is none that can be read."""
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):  # said twice, by a site and its cache: the longer is kept
        longest = max(int(part) for part in value.split(","))
        return _bounded(timedelta(seconds=min(longest, LONGEST.total_seconds())))
    moment = _moment(value)
    return None if moment is None else _bounded(moment - (_moment(headers.get("date")) or now))


def is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    """True where a robot check stands in place of what was asked for."""
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return True
    if headers.get("x-amzn-waf-action", "").strip().lower() in {"challenge", "captcha"}:
        return True
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if len(body) > _CHALLENGE_SIZE or not start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")):
        return False
    lowered = body.lower()
    title = _TITLE.search(lowered)
    named = title[1].strip() if title else b""
    if named.startswith(_CHALLENGE_TITLES) or named in _CHALLENGE_WHOLE_TITLES:
        return True
    return any(mark in lowered for mark in _CHALLENGE_MARKS)


def _moment(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _bounded(span: timedelta) -> timedelta:
    return min(max(span, timedelta()), LONGEST)
