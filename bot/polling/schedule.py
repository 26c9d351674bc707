"""What an answer means for a feed, and when to ask again. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import assert_never
from urllib.parse import urlsplit

from bot.feeds.dates import PARIS
from bot.feeds.parse import body_digest
from bot.model import Document, Failed, Fetched, Gone, NotModified, Outcome, Throttled, Why
from bot.polling.rhythm import COST, Rhythm
from matchers import sites
from storage.feeds.model import Feed, FeedState, Health

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FLOOR = HOUR  # a conditional request an hour is what webmasters bear
FLOOR_UNHEARD = 3 * HOUR  # for who does not care for validators: each look costs it the whole document
FLOOR_PAGE = 2 * HOUR  # of a page or a sitemap, which were not made to be polled
FLOOR_PROMPT = 10 * MINUTE  # of a feed that flash lists live on, where validators spare its server the document
CEILING, CEILING_PROMPT = DAY, HOUR
PROMPT_COST, DULL_COST = 0.001, 0.022
"""Of waiting (rhythm.COST): the looks that prompt sources take are paid back by those that never rang."""
RANG = 90 * DAY  # so long ago at most that a source counts as one that rings
KNOWN = 28 * DAY  # before, nobody knows whether it will
LEAST_BACKOFF = 15 * MINUTE
LONGEST_WISH = DAY  # of max-age and ttl: one server was met that asked for 16 years
LONGEST_WISH_ASKED = HOUR  # where the operator gave an interval (docs/decisions.md)
LONGEST_RETRY = 7 * DAY
MOVES = 3  # equal answers, over MOVE_SPAN, before a permanent redirect is believed
MOVE_SPAN = DAY
FAILING = 5
IGNORED = 5  # times our validators were answered by what we had
DEAD_404, DEAD = 14 * DAY, 30 * DAY
WEEK = 7 * DAY
SUSPICION, PROBES = 8 * DAY, 30 * DAY  # nothing but 304 for so long; then so long until the next doubt
QUIET = 4.6  # entries expected since the last one: chance would bring none in 1 % of cases
MOST_HASTE = 6

_SOFT_STATUS = frozenset({408, 425})
_CAPTIVE = re.compile(
    r"(?:^|[/._-])(?:log-?in|connexion|sign-?in|captcha|captive|consent|sso)(?:$|[/._-])", re.IGNORECASE
)


OFFLINE = "presque aucun site ne répond : la connexion de cette machine semble coupée"


def after(
    feed: Feed,
    state: FeedState,
    outcome: Outcome,
    answer: Document | Outcome | None,
    now: datetime,
    *,
    new: Sequence[datetime | None] = (),
    chance: float = 0.0,
    offline: bool = False,
) -> FeedState:
    """The state to store with what the poll brought.

    `answer` is what the body of a Fetched was read as: a Failed if it could not be, anything but a Document if it was
    the same body as last time (`state.body`) and nothing was read. For any other outcome it is not looked at.
    `new` are the dates of the entries never seen before, None for one without; `chance`, in [0, 1), is the jitter.
    `offline`: most hosts do not answer, so it is our own link that is down.

    `feed.every` is kept to the second. The server's wishes (max-age, ttl, skipHours, skipDays) lengthen it to an hour
    at most, or to `every` if that is longer; without `every`, to a day. Retry-After always holds.
    """
    asked = replace(state, checked_at=now, requests=state.requests + 1)
    match outcome:
        case Fetched():
            if isinstance(answer, Failed):
                return _failed(feed, _quarantined(asked, outcome, answer, now), answer, now, chance)
            document = answer if isinstance(answer, Document) else None
            return _fetched(feed, asked, outcome, document, now, new, chance)
        case NotModified():
            return _not_modified(feed, asked, outcome, now, chance)
        case Gone():
            return _gone(asked, now)
        case Throttled():
            return _throttled(feed, state, asked, outcome, now, chance)
        case Failed(why=Why.NETWORK) if offline:
            again = now + min(feed.every or FLOOR, LEAST_BACKOFF) * (1 + chance / 4)
            return replace(asked, error=OFFLINE, due_at=again)
        case Failed():
            return _failed(feed, asked, outcome, now, chance)
        case _:
            assert_never(outcome)


def doubts(state: FeedState, now: datetime) -> bool:
    """True where the next request is to go without validators: a server may answer 304 whatever happens."""
    if state.changed_at is None or now - state.changed_at <= SUSPICION or not (state.etag or state.last_modified):
        return False
    if state.probed_at is not None and now - state.probed_at <= PROBES:
        return False
    return Rhythm.read(state.rhythm, state.changed_at).expected(state.changed_at, now) > 3


# --- good answers --------------------------------------------------------------------------------------------------
def _fetched(
    feed: Feed,
    state: FeedState,
    outcome: Fetched,
    document: Document | None,
    now: datetime,
    new: Sequence[datetime | None],
    chance: float,
) -> FeedState:
    held = document is None or bool(document.entries) or document.known > 0
    believed = document is None or document.complete
    probed = doubts(state, now)
    good = replace(
        state,
        health="ok" if held or state.new_entry_at is None else "quiet",
        new_entry_at=_last_entry(state, new, now),
        baseline=state.baseline or (document is not None and (document.complete or held)),
        fresh_for=outcome.max_age,
        ignored=0 if new or probed else state.ignored + 1,
        changed_at=now,
        # a 304 that hid something will be doubted again as soon as can be
        probed_at=now if probed and not new else None if probed else state.probed_at,
        rhythm=_learnt(state, new, now),
        haste=_haste(state, outcome, document, len(new)),
    )
    if document is not None:
        good = replace(
            good, ttl=document.ttl, skip_hours=document.skip_hours, skip_days=document.skip_days, memory=document.memory
        )
    if believed:  # a body that was cut must be asked for again: its validators stand for what we did not get
        good = replace(
            good,
            etag=outcome.etag,
            last_modified=outcome.last_modified,
            body=body_digest(outcome.body),
            answered_by=outcome.url if outcome.url != state.url else None,
        )
    good = _moved(good, outcome.moved_to, now, same_entries=document is None or (held and not new))
    return _good(feed, good, now, chance)


def _not_modified(feed: Feed, state: FeedState, outcome: NotModified, now: datetime, chance: float) -> FeedState:
    good = replace(
        state,
        health="quiet" if state.health == "quiet" else "ok",
        etag=outcome.etag or state.etag,
        last_modified=outcome.last_modified or state.last_modified,
        not_modified=state.not_modified + 1,
        fresh_for=state.fresh_for if outcome.max_age is None else outcome.max_age,
        ignored=0,
        changed_at=state.changed_at or now,
        probed_at=now if doubts(state, now) else state.probed_at,
    )
    good = _moved(good, outcome.moved_to, now, same_entries=True)
    return _good(feed, good, now, chance)


def _good(feed: Feed, state: FeedState, now: datetime, chance: float) -> FeedState:
    if state.health == "ok" and is_quiet(state, now):
        state = replace(state, health="quiet")
    if state.health == "ok" and state.url != feed.url:
        state = replace(state, health="moved")  # until feeds.yaml says the new address
    due = now + (feed.every or interval(feed, state, now) * (1 + chance / 10))
    hint = _hint(feed, state, now, due)
    return replace(
        state,
        failures=0,
        error=None,
        failing_since=None,
        gone_since=None,
        succeeded_at=now,
        started_at=state.started_at or now,
        hint_until=hint,
        due_at=max(due, hint) if hint else due,
    )


def interval(feed: Feed, state: FeedState, now: datetime) -> timedelta:
    """How long to wait after a good answer, the server's wishes apart, where the operator left it to us."""
    if feed.kind == "jorf":
        return _until_the_gazette(now)
    if _is_prompt(feed, state, now):
        wait = Rhythm.read(state.rhythm, now).next_look(now, FLOOR_PROMPT, CEILING_PROMPT, PROMPT_COST)
        return max(FLOOR_PROMPT, wait / (1 << state.haste))
    floor = feed.least or (FLOOR if feed.kind == "feed" else FLOOR_PAGE)
    if state.ignored >= (IGNORED if _conditional(state) else 1):
        floor = max(floor, FLOOR_UNHEARD)
    if state.slow_until is not None and now < state.slow_until:
        floor *= 2
    ceiling = max(floor, feed.most or CEILING)
    cost = DULL_COST if _is_dull(state, now) else COST
    wait = Rhythm.read(state.rhythm, now).next_look(now, floor, ceiling, cost)
    return max(floor, wait / (1 << state.haste))


def _is_prompt(feed: Feed, state: FeedState, now: datetime) -> bool:
    """Does it ring somebody now and then, and cost its server next to nothing when asked in vain?"""
    spared = _conditional(state) and state.ignored < IGNORED and (state.slow_until is None or now >= state.slow_until)
    return feed.kind == "feed" and feed.least is None and spared and _rang(state, now)


def _is_dull(state: FeedState, now: datetime) -> bool:
    return state.started_at is not None and now - state.started_at >= KNOWN and not _rang(state, now)


def _rang(state: FeedState, now: datetime) -> bool:
    return state.flashed_at is not None and now - state.flashed_at < RANG


def _until_the_gazette(now: datetime) -> timedelta:
    """The JO's edition comes in the night, at an hour that nobody promises: hourly until 8, then every six hours."""
    local = now.astimezone(PARIS)
    if local.hour < 8:
        return HOUR
    night = datetime.combine(local.date() + DAY, time(0, 30), PARIS)
    return min(6 * HOUR, night - now)


def _hint(feed: Feed, state: FeedState, now: datetime, due: datetime) -> datetime | None:
    """Until when the server wants us to stay away; None if it does not care."""
    longest = LONGEST_WISH if feed.every is None else max(feed.every, LONGEST_WISH_ASKED)
    wish = now + max(state.fresh_for or timedelta(), state.ttl or timedelta())
    due = max(due, min(wish, now + longest))
    awake = _awake(state, due)
    hint = max(wish, awake if awake > due else now)
    return min(hint, now + longest) if hint > now else None


def _awake(state: FeedState, moment: datetime) -> datetime:
    """The first moment from this one on that the document does not ask to skip; this one if it skips everything."""
    later = moment
    for _ in range(8 * 24):
        if not (state.skip_hours >> later.hour & 1 or state.skip_days >> later.weekday() & 1):
            return later
        later = later.replace(minute=0, second=0, microsecond=0) + HOUR
    return moment


def is_quiet(state: FeedState, now: datetime) -> bool:
    """True where it has brought nothing for longer than chance explains at its pace."""
    since = state.new_entry_at
    return since is not None and Rhythm.read(state.rhythm, since).expected(since, now) >= QUIET


def _conditional(state: FeedState) -> bool:
    return state.etag is not None or state.last_modified is not None


def _learnt(state: FeedState, new: Sequence[datetime | None], now: datetime) -> str | None:
    return Rhythm.read(state.rhythm, now).learn(new, now).write() if new else state.rhythm


def _last_entry(state: FeedState, new: Sequence[datetime | None], now: datetime) -> datetime | None:
    if not new:
        return state.new_entry_at
    return now if state.baseline else max((min(date, now) for date in new if date is not None), default=now)


def _haste(state: FeedState, outcome: Fetched, document: Document | None, new: int) -> int:
    """A window in which nothing is known tells that some may have passed unseen: look twice as soon."""
    if document is None or not document.entries or not state.baseline or outcome.additive:
        return state.haste
    missed = document.known == 0 and new == len(document.entries) and state.new_entry_at is not None
    return min(state.haste + 1, MOST_HASTE) if missed else max(0, state.haste - 1)


def _moved(state: FeedState, target: str | None, now: datetime, *, same_entries: bool) -> FeedState:
    if target is None or not _credible(target):
        return replace(state, moved_to=None, moved_times=0, moved_since=None)
    if target != state.moved_to or state.moved_since is None:
        return replace(state, moved_to=target, moved_times=1, moved_since=now)
    times = state.moved_times + 1
    same_site = sites.bare(sites.host(target)) == sites.bare(sites.host(state.url))
    if times >= MOVES and now - state.moved_since >= MOVE_SPAN and (same_site or same_entries):
        source = None if state.answered_by == target else state.answered_by
        return replace(state, url=target, answered_by=source, moved_to=None, moved_times=0, moved_since=None)
    return replace(state, moved_times=times)


def _credible(target: str) -> bool:
    parts = urlsplit(target)
    return (parts.path not in ("", "/") or bool(parts.query)) and not _CAPTIVE.search(parts.path)


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
    wait, slow = outcome.retry_after, state.slow_until
    if wait is None:
        wait, slow = HOUR, now + WEEK
        if before.health == "throttled" and before.checked_at is not None:
            wait = min(max(HOUR, 2 * (before.due_at - before.checked_at)), DAY)
    wait = min(wait, LONGEST_RETRY)
    hint = now + wait
    return replace(
        state,
        health="throttled",
        error=f"le serveur demande d'attendre ({outcome.status})",
        hint_until=hint,
        slow_until=slow,
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
        hint_until=None,
        due_at=now + wait,
    )


def _quarantined(state: FeedState, outcome: Fetched, failed: Failed, now: datetime) -> FeedState:
    """What killed its reader is not read again for a week."""
    digest = body_digest(outcome.body)
    if failed.why != Why.KILLED or (digest == state.bad_body and state.bad_until is not None and now < state.bad_until):
        return state
    return replace(state, bad_body=digest, bad_until=now + WEEK)


_REFUSED = (Why.BLOCKED, Why.ROBOTS, Why.RESERVED)


def _dead(failed: Failed, since: timedelta) -> bool:
    if failed.why in (*_REFUSED, Why.GUARD):
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
        case Why.GUARD | Why.BLOCKED | Why.ROBOTS | Why.RESERVED:
            return "blocked"
        case Why.NOT_A_FEED | Why.UNPARSABLE | Why.KILLED:
            return "unparsable"
        case _:
            assert_never(failed.why)


def _wait(feed: Feed, failed: Failed, count: int, chance: float) -> timedelta:
    refusal = failed.why in (Why.TLS, Why.GUARD, *_REFUSED)  # no server gets over that in a few seconds
    if _hasty(feed) and not refusal:
        return _backoff(feed, count - 1, chance)
    match failed.why:
        case Why.UNPARSABLE if feed.kind == "consultations":  # an interface that nobody documents has changed
            return WEEK
        case Why.NETWORK | Why.TOO_BIG | Why.ENCODING | Why.UNPARSABLE | Why.BUG:
            return _backoff(feed, count - 1, chance)
        case Why.HTTP | Why.REDIRECT:
            least = timedelta() if _passing(failed.status) else HOUR
            return max(least, _backoff(feed, count - 1, chance))
        case Why.TLS | Why.GUARD:
            return _step((6 * HOUR, DAY), count)
        case Why.BLOCKED | Why.ROBOTS | Why.RESERVED:
            return _step((6 * HOUR, DAY, WEEK), count)
        case Why.NOT_A_FEED:  # a page of maintenance, most often: a day would cost a day of alerts
            return _step((HOUR, 6 * HOUR, DAY), count)
        case Why.KILLED:
            return DAY
        case _:
            assert_never(failed.why)


def _hasty(feed: Feed) -> bool:
    return feed.every is not None and feed.every < LEAST_BACKOFF


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
