"""What an answer means for a feed, and when to ask again. Pure."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never
from urllib.parse import urlsplit

from bot.model import Document, Failed, Fetched, Gone, NotModified, Outcome, Throttled, Why
from bot.polling.feeds import body_digest
from storage.model import Feed, FeedState, Health

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FLOOR = HOUR  # a conditional request an hour is what webmasters bear
CEILING = DAY
LEAST_BACKOFF = 15 * MINUTE
LONGEST_WISH = DAY  # of max-age and ttl: one server was met that asked for 16 years
LONGEST_RETRY = 7 * DAY
MOVES = 3  # equal answers, over MOVE_SPAN, before a permanent redirect is believed
MOVE_SPAN = DAY
FAILING = 5
DEAD_404, DEAD = 14 * DAY, 30 * DAY
WEEK = 7 * DAY

_SOFT_STATUS = frozenset({408, 425})
_CAPTIVE = re.compile(
    r"(?:^|[/._-])(?:log-?in|connexion|sign-?in|captcha|captive|consent|sso)(?:$|[/._-])", re.IGNORECASE
)


def after(
    feed: Feed,
    state: FeedState,
    outcome: Outcome,
    answer: Document | Outcome | None,
    now: datetime,
    *,
    new: int = 0,
    chance: float = 0.0,
) -> FeedState:
    """The state to store with what the poll brought.

    `answer` is what the body of a Fetched was read as: a Failed if it could not be, anything but a Document if it was
    the same body as last time (`state.body`) and nothing was read. For any other outcome it is not looked at.
    `new` counts the entries never seen before; `chance`, in [0, 1), is the jitter.

    `feed.every` is kept to the second. Below 15 minutes it also outweighs max-age and ttl, and failures are asked
    again from `every` on, doubling up to a day: whoever writes that wants it. Retry-After always holds.
    """
    asked = replace(state, checked_at=now, requests=state.requests + 1)
    match outcome:
        case Fetched():
            if isinstance(answer, Failed):
                return _failed(feed, asked, answer, now, chance)
            document = answer if isinstance(answer, Document) else None
            return _fetched(feed, asked, outcome, document, now, new, chance)
        case NotModified():
            return _not_modified(feed, asked, outcome, now, chance)
        case Gone():
            return _gone(asked, now)
        case Throttled():
            return _throttled(feed, state, asked, outcome, now, chance)
        case Failed():
            return _failed(feed, asked, outcome, now, chance)
        case _:
            assert_never(outcome)


# --- good answers --------------------------------------------------------------------------------------------------
def _fetched(
    feed: Feed, state: FeedState, outcome: Fetched, document: Document | None, now: datetime, new: int, chance: float
) -> FeedState:
    empty = document is not None and not document.entries
    believed = document is None or document.complete
    good = replace(
        state,
        health="quiet" if empty and state.new_entry_at is not None else "ok",
        new_entry_at=now if new else state.new_entry_at,
        baseline=state.baseline or (document is not None and (document.complete or bool(document.entries))),
    )
    if believed:  # a body that was cut must be asked for again: its validators stand for what we did not get
        good = replace(good, etag=outcome.etag, last_modified=outcome.last_modified, body=body_digest(outcome.body))
    same_entries = document is None or (bool(document.entries) and not new)
    good = _moved(good, outcome.moved_to, now, same_entries)
    wishes = [wish for wish in (outcome.max_age, document.ttl if document else _wish(state)) if wish is not None]
    return _good(feed, good, max(wishes, default=None), now, chance)


def _not_modified(feed: Feed, state: FeedState, outcome: NotModified, now: datetime, chance: float) -> FeedState:
    good = replace(
        state,
        health="ok" if state.health != "quiet" else "quiet",
        etag=outcome.etag or state.etag,
        last_modified=outcome.last_modified or state.last_modified,
        not_modified=state.not_modified + 1,
    )
    good = _moved(good, outcome.moved_to, now, same_entries=True)
    wish = outcome.max_age if outcome.max_age is not None else _wish(state)
    return _good(feed, good, wish, now, chance)


def _good(feed: Feed, state: FeedState, wish: timedelta | None, now: datetime, chance: float) -> FeedState:
    if state.health == "ok" and state.url != feed.url:
        state = replace(state, health="moved")  # until feeds.yaml says the new address
    hint = None if wish is None or not wish or _hasty(feed) else now + min(wish, LONGEST_WISH)
    due = now + (feed.every or _rhythm(state, now) * (1 + chance / 10))
    return replace(
        state,
        failures=0,
        error=None,
        failing_since=None,
        gone_since=None,
        succeeded_at=now,
        hint_until=hint,
        due_at=max(due, hint) if hint else due,
    )


def _wish(state: FeedState) -> timedelta | None:
    """How long the last good answer asked to be left alone; None if it did not, or if the hint is a Retry-After."""
    if state.hint_until is None or state.succeeded_at is None or state.health == "throttled":
        return None
    return state.hint_until - state.succeeded_at


def _rhythm(state: FeedState, now: datetime) -> timedelta:
    """A twelfth of the silence: a source that wrote a day ago is asked every two hours."""
    if state.new_entry_at is None:
        return FLOOR
    return min(max((now - state.new_entry_at) / 12, FLOOR), CEILING)


def _hasty(feed: Feed) -> bool:
    return feed.every is not None and feed.every < LEAST_BACKOFF


def _moved(state: FeedState, target: str | None, now: datetime, same_entries: bool) -> FeedState:
    if target is None or not _credible(target):
        return replace(state, moved_to=None, moved_times=0, moved_since=None)
    if target != state.moved_to or state.moved_since is None:
        return replace(state, moved_to=target, moved_times=1, moved_since=now)
    times = state.moved_times + 1
    same_site = _host(target) == _host(state.url)
    if times >= MOVES and now - state.moved_since >= MOVE_SPAN and (same_site or same_entries):
        return replace(state, url=target, moved_to=None, moved_times=0, moved_since=None)
    return replace(state, moved_times=times)


def _credible(target: str) -> bool:
    parts = urlsplit(target)
    return (parts.path not in ("", "/") or bool(parts.query)) and not _CAPTIVE.search(parts.path)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


# --- bad answers ---------------------------------------------------------------------------------------------------
def _gone(state: FeedState, now: datetime) -> FeedState:
    since = state.gone_since or now
    sure = now - since >= DAY
    return replace(
        state,
        health="gone" if sure else "failing",
        etag=None,
        last_modified=None,
        body=None,
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
        gone_since=since,
        error="le serveur dit que ce flux n'existe plus (410)",
        hint_until=None,
        due_at=now + (WEEK if sure else DAY),
    )


def _throttled(
    feed: Feed, before: FeedState, state: FeedState, outcome: Throttled, now: datetime, chance: float
) -> FeedState:
    wait = outcome.retry_after
    if wait is None:
        wait = HOUR
        if before.health == "throttled" and before.checked_at is not None:
            wait = min(max(HOUR, 2 * (before.due_at - before.checked_at)), DAY)
    wait = min(wait, LONGEST_RETRY)
    hint = now + wait
    return replace(
        state,
        health="throttled",
        error=f"le serveur demande d'attendre ({outcome.status})",
        hint_until=hint,
        due_at=max(hint, now + _backoff(feed, state.failures, chance)),
    )


def _failed(feed: Feed, state: FeedState, failed: Failed, now: datetime, chance: float) -> FeedState:
    count = state.failures + 1
    since = state.failing_since or now
    dead = _dead(failed, now - since)
    health: Health = "dead" if dead else _health(failed, count)
    wait = WEEK if dead and not _hasty(feed) else _wait(feed, failed, count, chance)
    return replace(
        state,
        health=health,
        failures=count,
        failing_since=since,
        error=failed.detail,
        hint_until=None if state.health == "throttled" else state.hint_until,
        due_at=now + wait,
    )


def _dead(failed: Failed, since: timedelta) -> bool:
    if failed.why in (Why.BLOCKED, Why.GUARD):
        return False
    return since >= (DEAD_404 if failed.status == 404 else DEAD)


def _health(failed: Failed, count: int) -> Health:
    match failed.why:
        case Why.NETWORK | Why.TOO_BIG | Why.ENCODING | Why.BUG:
            return "failing" if count >= FAILING else "degraded"
        case Why.HTTP:
            return "degraded" if _passing(failed.status) and count < FAILING else "failing"
        case Why.TLS | Why.REDIRECT:
            return "failing"
        case Why.GUARD | Why.BLOCKED:
            return "blocked"
        case Why.NOT_A_FEED | Why.UNPARSABLE | Why.KILLED:
            return "unparsable"
        case _:
            assert_never(failed.why)


def _wait(feed: Feed, failed: Failed, count: int, chance: float) -> timedelta:
    if _hasty(feed):
        return _backoff(feed, count - 1, chance)
    match failed.why:
        case Why.NETWORK | Why.TOO_BIG | Why.ENCODING | Why.UNPARSABLE | Why.BUG:
            return _backoff(feed, count - 1, chance)
        case Why.HTTP | Why.REDIRECT:
            least = timedelta() if _passing(failed.status) else HOUR
            return max(least, _backoff(feed, count - 1, chance))
        case Why.TLS | Why.GUARD:
            return _step((6 * HOUR, DAY), count)
        case Why.BLOCKED:
            return _step((6 * HOUR, DAY, WEEK), count)
        case Why.NOT_A_FEED | Why.KILLED:
            return DAY
        case _:
            assert_never(failed.why)


def _passing(status: int | None) -> bool:
    """True for what a server may get over by itself."""
    return status is not None and (status >= 500 or status in _SOFT_STATUS)


def _step(ladder: tuple[timedelta, ...], count: int) -> timedelta:
    return ladder[min(count, len(ladder)) - 1]


def _backoff(feed: Feed, doublings: int, chance: float) -> timedelta:
    """min(24 h, max(interval, 15 min) * 2^n) * U(1, 1.25); a hasty feed starts from its own interval."""
    interval = feed.every or FLOOR
    base = interval if _hasty(feed) else max(interval, LEAST_BACKOFF)
    return min(CEILING, base * (1 << min(doublings, 20))) * (1 + chance / 4)
