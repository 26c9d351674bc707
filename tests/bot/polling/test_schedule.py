"""What an answer means for a feed: one case per row of the table in docs/architecture.md, and the laws behind it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.parse import body_digest
from bot.model import Document, Entry, Failed, Fetched, Gone, NotModified, Throttled, Why
from bot.polling.rhythm import Rhythm
from bot.polling.schedule import after, doubts, interval
from storage.feeds.model import Feed, FeedState
from storage.ids import FeedId

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Feed(FeedId("cnil"), "CNIL", "https://cnil.example/rss")
HOURLY = replace(FEED, every=HOUR)
HASTY = replace(FEED, every=timedelta(seconds=2))
STATE = FeedState(FEED.url, NOW, "ok", '"old"', "hier", baseline=True, new_entry_at=NOW - HOUR, checked_at=NOW - HOUR)
ONE = Document((Entry("1", "", "Titre"),))
BODY = Fetched(b"<rss/>", FEED.url, "text/xml", '"new"', "aujourd'hui")


def failed(why, status=None):
    return Failed(why, "un problème", status)


def poll(outcome, answer=None, *, feed=HOURLY, state=STATE, now=NOW, **given):
    return after(feed, state, outcome, answer, now, **given)


def again(outcome, times, *, feed=HOURLY, state=STATE, answer=None, step=None):
    """The state after so many equal answers, each when it is due (or `step` apart)."""
    now = NOW
    for _ in range(times):
        state = poll(outcome, answer, feed=feed, state=state, now=now)
        now = now + step if step else state.due_at
    return state


# --- the table -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "answer", "health", "wait", "etag"),
    [
        pytest.param(BODY, ONE, "ok", HOUR, '"new"', id="200, read"),
        pytest.param(BODY, None, "ok", HOUR, '"new"', id="200, same body"),
        pytest.param(
            replace(BODY, etag=None), ONE, "ok", HOUR, None, id="200 without validators: the old are forgotten"
        ),
        pytest.param(NotModified(), None, "ok", HOUR, '"old"', id="304 without validators"),
        pytest.param(NotModified(etag='"b"'), None, "ok", HOUR, '"b"', id="304 with validators"),
        pytest.param(failed(Why.REDIRECT, 301), None, "failing", HOUR, '"old"', id="loop, hops, https to http"),
        *(
            pytest.param(failed(Why.HTTP, status), None, "failing", HOUR, '"old"', id=str(status))
            for status in (400, 401, 402, 404, 405, 406, 414)
        ),
        pytest.param(failed(Why.BLOCKED, 403), None, "blocked", 6 * HOUR, '"old"', id="403"),
        pytest.param(failed(Why.BLOCKED, 451), None, "blocked", 6 * HOUR, '"old"', id="451"),
        pytest.param(failed(Why.BLOCKED, 200), None, "blocked", 6 * HOUR, '"old"', id="challenge"),
        pytest.param(Gone(), None, "failing", DAY, None, id="410"),
        pytest.param(Throttled(429, 2 * HOUR), None, "throttled", 2 * HOUR, '"old"', id="429 with Retry-After"),
        pytest.param(Throttled(503, 30 * DAY), None, "throttled", 7 * DAY, '"old"', id="503, Retry-After too long"),
        pytest.param(
            Throttled(429, timedelta()), None, "throttled", HOUR, '"old"', id="429, Retry-After 0: our own wait"
        ),
        pytest.param(Throttled(429, None), None, "throttled", HOUR, '"old"', id="429 without Retry-After"),
        *(
            pytest.param(failed(Why.HTTP, status), None, "degraded", HOUR, '"old"', id=str(status))
            for status in (408, 425, 500, 502, 503, 504)
        ),
        pytest.param(failed(Why.NETWORK), None, "degraded", HOUR, '"old"', id="network"),
        pytest.param(failed(Why.TLS), None, "failing", 6 * HOUR, '"old"', id="TLS"),
        pytest.param(failed(Why.GUARD), None, "blocked", 6 * HOUR, '"old"', id="guard"),
        pytest.param(failed(Why.TOO_BIG), None, "degraded", HOUR, '"old"', id="over size"),
        pytest.param(failed(Why.ENCODING), None, "degraded", HOUR, '"old"', id="encoding, cut body"),
        pytest.param(failed(Why.BUG), None, "degraded", HOUR, '"old"', id="a bug of ours"),
        pytest.param(BODY, failed(Why.NOT_A_FEED), "unparsable", HOUR, '"old"', id="200, HTML"),
        pytest.param(BODY, replace(ONE, malformed=True), "ok", HOUR, '"new"', id="200, malformed, root closed"),
        pytest.param(BODY, replace(ONE, complete=False), "ok", HOUR, '"old"', id="200, malformed, cut: asked again"),
        pytest.param(BODY, failed(Why.UNPARSABLE), "unparsable", HOUR, '"old"', id="200, nothing to save"),
        pytest.param(BODY, Document(()), "quiet", HOUR, '"new"', id="200, valid, empty"),
        pytest.param(BODY, failed(Why.KILLED), "unparsable", DAY, '"old"', id="parse killed"),
    ],
)
def test_each_answer_has_its_row(outcome, answer, health, wait, etag):
    state = poll(outcome, answer)
    assert (state.health, state.due_at - NOW, state.etag) == (health, wait, etag)
    assert (state.checked_at, state.requests) == (NOW, STATE.requests + 1)


# --- good answers --------------------------------------------------------------------------------------------------
def test_a_good_answer_wipes_every_failure():
    bad = again(failed(Why.NETWORK), 7)
    state = poll(NotModified(), state=bad, now=bad.due_at)
    assert (state.failures, state.error, state.failing_since, state.health) == (0, None, None, "ok")
    assert state.succeeded_at == bad.due_at


def test_the_body_is_remembered_with_its_validators():
    assert poll(BODY, ONE).body == body_digest(BODY.body)
    assert poll(BODY, replace(ONE, complete=False)).body is None
    assert poll(BODY, failed(Why.UNPARSABLE)).body is None


def test_the_first_good_answer_is_the_baseline():
    new = FeedState(FEED.url, NOW)
    assert not poll(failed(Why.NETWORK), state=new).baseline
    assert not poll(BODY, failed(Why.UNPARSABLE), state=new).baseline
    assert not poll(BODY, Document((), complete=False), state=new).baseline
    assert poll(BODY, Document(()), state=new).baseline
    assert poll(BODY, replace(ONE, complete=False), state=new).baseline


def test_a_304_is_counted_and_a_new_entry_dated():
    assert poll(NotModified()).not_modified == 1
    assert poll(BODY, ONE, new=(NOW, None)).new_entry_at == NOW
    assert poll(BODY, ONE, new=()).new_entry_at == STATE.new_entry_at


def test_a_feed_that_never_had_an_entry_is_not_quiet():
    assert poll(BODY, Document(()), state=replace(STATE, new_entry_at=None)).health == "ok"


# --- when ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("every", [timedelta(seconds=2), 15 * MINUTE, HOUR, 6 * HOUR, 3 * DAY])
@pytest.mark.parametrize("chance", [0.0, 0.99])
def test_the_operators_interval_is_kept_to_the_second(every, chance):
    feed = replace(FEED, every=every)
    assert poll(BODY, ONE, feed=feed, chance=chance).due_at == NOW + every
    assert poll(NotModified(), feed=feed, chance=chance).due_at == NOW + every


def free(outcome, answer=None, *, state=STATE, **given):
    """A poll of a feed whose interval is left to us: how long until the next one."""
    return poll(outcome, answer, feed=FEED, state=state, **given).due_at - NOW


def busy(per_day=24):
    """A state that has learnt that the feed writes so often, evenly."""
    flat = [per_day * 30 / 24] * 48
    return replace(STATE, rhythm=Rhythm(tuple(flat), NOW).write())


def test_without_an_interval_an_hour_at_least_and_a_day_at_most():
    assert free(NotModified(), state=busy()) == HOUR
    assert HOUR < free(NotModified(), state=busy(0.2)) < free(NotModified()) <= DAY
    assert free(NotModified(), state=replace(STATE, rhythm=Rhythm((1e-9,) * 48, NOW - 900 * DAY).write())) <= DAY
    assert free(NotModified(), state=busy(), chance=0.5) == HOUR * 1.05


def test_the_operator_may_give_the_bounds():
    feed = replace(FEED, least=15 * MINUTE, most=6 * HOUR)
    assert poll(NotModified(), feed=feed, state=busy(300)).due_at == NOW + 15 * MINUTE
    assert poll(NotModified(), feed=replace(feed, most=2 * HOUR)).due_at == NOW + 2 * HOUR


def test_a_page_is_asked_every_two_hours_at_most():
    assert poll(NotModified(), feed=replace(FEED, kind="page"), state=busy(300)).due_at == NOW + 2 * HOUR


def test_the_longest_wish_of_the_server_is_kept():
    assert free(replace(BODY, max_age=2 * HOUR), replace(ONE, ttl=3 * HOUR), state=busy()) == 3 * HOUR
    assert free(replace(BODY, max_age=4 * HOUR), replace(ONE, ttl=3 * HOUR), state=busy()) == 4 * HOUR
    assert free(replace(BODY, max_age=timedelta(days=5844)), ONE, state=busy()) == DAY
    assert free(replace(BODY, max_age=timedelta()), ONE, state=busy()) == HOUR


@pytest.mark.parametrize(
    ("every", "wish", "wait"),
    [
        (timedelta(seconds=2), MINUTE, MINUTE),
        (timedelta(seconds=2), DAY, HOUR),
        (15 * MINUTE, 40 * MINUTE, 40 * MINUTE),
        (HOUR, DAY, HOUR),
        (6 * HOUR, DAY, 6 * HOUR),
    ],
)
def test_a_wish_lengthens_the_operators_interval_to_an_hour_at_most(every, wish, wait):
    assert poll(replace(BODY, max_age=wish), ONE, feed=replace(FEED, every=every)).due_at == NOW + wait


def test_a_304_that_says_nothing_keeps_the_wish_and_one_that_says_changes_it():
    state = poll(replace(BODY, max_age=3 * HOUR), ONE, feed=FEED, state=busy())
    silent = poll(NotModified(), feed=FEED, state=state, now=state.due_at)
    assert silent.due_at - state.due_at == 3 * HOUR
    told = poll(NotModified(max_age=2 * HOUR), feed=FEED, state=silent, now=silent.due_at)
    assert told.due_at - silent.due_at == 2 * HOUR


def test_a_304_keeps_what_the_document_asked_for_whatever_its_headers_say():
    state = poll(BODY, replace(ONE, ttl=3 * HOUR, skip_hours=1 << 12), feed=FEED, state=busy())
    later = poll(NotModified(max_age=2 * HOUR), feed=FEED, state=state, now=state.due_at)
    assert (later.ttl, later.skip_hours) == (3 * HOUR, 1 << 12)
    assert later.due_at - state.due_at == 3 * HOUR


def test_a_wish_survives_a_failure_but_a_retry_after_is_no_lasting_wish():
    wished = poll(replace(BODY, max_age=3 * HOUR), ONE, feed=FEED, state=busy())
    broken = poll(failed(Why.NETWORK), feed=FEED, state=wished, now=wished.due_at)
    assert poll(NotModified(), feed=FEED, state=broken, now=broken.due_at).due_at == broken.due_at + 3 * HOUR
    throttled = poll(Throttled(429, 9 * HOUR), state=replace(STATE, succeeded_at=NOW - HOUR))
    assert poll(NotModified(), state=throttled, now=throttled.due_at).due_at == throttled.due_at + HOUR
    worse = poll(failed(Why.NETWORK), state=throttled, now=throttled.due_at)
    assert poll(NotModified(), state=worse, now=worse.due_at).due_at == worse.due_at + HOUR


def test_hours_and_days_to_skip_are_skipped():
    def due(**wishes):
        return poll(BODY, replace(ONE, **wishes), feed=FEED, state=busy()).due_at

    assert due(skip_hours=1 << 9) == NOW + 2 * HOUR  # NOW is a Tuesday, 08:00
    assert due(skip_hours=0b1111 << 9 | 1) == NOW + 5 * HOUR
    assert due(skip_days=1 << 1) == NOW.replace(hour=0) + DAY
    assert due(skip_hours=2**24 - 1) == due(skip_days=2**7 - 1) == NOW + HOUR, "who skips everything skips nothing"
    hourly = poll(BODY, replace(ONE, skip_days=1 << 1), feed=replace(FEED, every=2 * MINUTE)).due_at
    assert hourly == NOW + HOUR, "as for any wish, where the operator gave an interval"


def test_a_retry_after_is_kept_whatever_the_operators_interval():
    assert poll(Throttled(503, HOUR), feed=HASTY).due_at == NOW + HOUR


# --- servers with habits of their own ------------------------------------------------------------------------------
def test_a_server_that_ignores_validators_is_asked_every_three_hours():
    state = busy()
    waits = []
    for _ in range(6):
        now = state.due_at
        state = poll(BODY, None, feed=FEED, state=state, now=now)
        waits.append(state.due_at - now)
    assert waits == [HOUR] * 4 + [3 * HOUR] * 2
    assert free(NotModified(), state=replace(state, due_at=NOW)) == HOUR, "one 304 and it is believed again"
    assert free(BODY, ONE, state=state, new=(NOW,)) == HOUR, "and so is one that had something new"


def test_a_server_without_validators_is_asked_every_three_hours_while_nothing_is_new():
    bare = replace(BODY, etag=None, last_modified=None)
    assert free(bare, None, state=busy()) == 3 * HOUR
    assert free(bare, ONE, state=busy(), new=(NOW,)) == HOUR


def silent_for(length, **changes):
    return replace(busy(2), changed_at=NOW - length, **changes)


def test_nothing_but_304_for_long_is_doubted_once_then_not_for_a_month():
    assert not doubts(silent_for(7 * DAY), NOW)
    assert doubts(silent_for(9 * DAY), NOW)
    assert not doubts(replace(silent_for(9 * DAY), etag=None, last_modified=None), NOW)
    assert not doubts(replace(STATE, changed_at=NOW - 9 * DAY), NOW), "a source that writes little may well be silent"
    state = poll(BODY, None, state=silent_for(9 * DAY))
    assert (state.probed_at, state.changed_at) == (NOW, NOW)
    assert not doubts(replace(state, changed_at=NOW), NOW + 20 * DAY)
    assert not doubts(poll(NotModified(), state=silent_for(9 * DAY)), NOW + HOUR)


def test_a_304_that_hid_something_is_doubted_again_a_week_later():
    state = poll(BODY, ONE, state=silent_for(9 * DAY), new=(NOW,) * 9)
    assert state.probed_at is None


def test_a_429_without_a_time_doubles_the_floor_for_a_week():
    state = poll(Throttled(429, None), feed=FEED, state=busy())
    assert free(NotModified(), state=state) == 2 * HOUR
    assert poll(NotModified(), feed=FEED, state=state, now=NOW + 8 * DAY).due_at == NOW + 8 * DAY + HOUR
    assert poll(Throttled(429, HOUR), feed=FEED, state=busy()).slow_until is None


def test_a_window_without_anything_known_is_looked_at_twice_as_soon():
    full = Document(tuple(Entry(str(n), "", "Titre") for n in range(9)))
    state = replace(busy(3), new_entry_at=NOW - DAY)
    usual = interval(FEED, state, NOW)
    missed = poll(BODY, full, feed=FEED, state=state, new=(NOW,) * 9)
    assert missed.haste == 1
    assert interval(FEED, replace(state, haste=1), NOW) == max(HOUR, usual / 2)
    assert poll(BODY, replace(full, known=1), feed=FEED, state=state, new=(NOW,) * 9).haste == 0
    assert poll(BODY, ONE, feed=FEED, state=missed, new=()).haste == 0
    assert poll(replace(BODY, additive=True), full, feed=FEED, state=state, new=(NOW,) * 9).haste == 0


def test_a_body_that_killed_its_reader_is_kept_away_for_a_week():
    state = poll(BODY, failed(Why.KILLED))
    assert (state.bad_body, state.bad_until) == (body_digest(BODY.body), NOW + 7 * DAY)
    again = poll(BODY, failed(Why.KILLED), state=state, now=NOW + DAY)
    assert again.bad_until == state.bad_until, "seen again, not read again: the week is not longer for it"
    assert poll(BODY, failed(Why.UNPARSABLE)).bad_body is None


def test_while_our_own_link_is_down_nobody_fails():
    state = poll(failed(Why.NETWORK), feed=FEED, offline=True)
    assert (state.failures, state.health, state.failing_since) == (0, "ok", None)
    assert state.due_at == NOW + 15 * MINUTE
    assert state.error is not None, "it got no answer all the same"
    assert poll(failed(Why.HTTP, 500), feed=FEED, offline=True).failures == 1


def test_the_validators_are_remembered_with_the_address_they_came_from():
    other = replace(BODY, url="https://cdn.example/rss")
    assert poll(BODY, ONE).answered_by is None
    assert poll(other, ONE).answered_by == "https://cdn.example/rss"
    moved = replace(BODY, url=AWAY, moved_to=AWAY)
    assert again(moved, 3, step=DAY, answer=ONE).answered_by is None, "once moved, it is its own address"


def test_a_source_that_is_silent_for_its_pace_is_quiet():
    state = replace(busy(2), new_entry_at=NOW)
    assert poll(NotModified(), state=state, now=NOW + DAY).health == "ok"
    assert poll(NotModified(), state=state, now=NOW + 4 * DAY).health == "quiet"
    assert poll(BODY, ONE, state=state, now=NOW + 4 * DAY, new=(None,)).health == "ok"


# --- failures ------------------------------------------------------------------------------------------------------
def waits(outcome, feed, times, answer=None):
    state, now, found = STATE, NOW, []
    for _ in range(times):
        state = poll(outcome, answer, feed=feed, state=state, now=now)
        found.append(state.due_at - now)
        now = state.due_at
    return found


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (FEED, [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY]),
        (replace(FEED, every=15 * MINUTE), [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR]),
        (HASTY, [timedelta(seconds=2 * 2**n) for n in range(7)]),
        (replace(FEED, every=3 * DAY), [DAY] * 7),
    ],
)
def test_failures_wait_twice_as_long_each_time_up_to_a_day(feed, expected):
    assert waits(failed(Why.NETWORK), feed, 7) == expected


def test_a_thousand_failures_wait_a_day():
    state = replace(STATE, failures=1000)
    assert poll(failed(Why.NETWORK), state=state).due_at == NOW + DAY
    assert poll(failed(Why.NETWORK), state=state, feed=HASTY).due_at == NOW + DAY


def test_jitter_only_ever_adds():
    assert poll(failed(Why.NETWORK), chance=0.5).due_at == NOW + HOUR * 1.125


def test_refusals_wait_longer_and_longer():
    assert waits(failed(Why.BLOCKED, 403), HOURLY, 4) == [6 * HOUR, DAY, 7 * DAY, 7 * DAY]
    assert waits(failed(Why.TLS), HOURLY, 3) == [6 * HOUR, DAY, DAY]


def test_five_failures_in_a_row_are_no_accident():
    healths = [again(failed(Why.NETWORK), times).health for times in (1, 4, 5, 6)]
    assert healths == ["degraded", "degraded", "failing", "failing"]


def test_a_feed_not_found_for_a_fortnight_or_failing_for_a_month_is_dead_and_asked_weekly():
    lost = again(failed(Why.HTTP, 404), 16, step=DAY)
    assert (lost.health, lost.due_at) == ("dead", NOW + 15 * DAY + 7 * DAY)
    assert again(failed(Why.NETWORK), 16, step=DAY).health == "failing"
    assert again(failed(Why.NETWORK), 32, step=DAY).health == "dead"
    assert again(failed(Why.BLOCKED, 403), 60, step=DAY).health == "blocked"


def test_a_410_is_believed_the_second_time_a_day_later():
    assert again(Gone(), 2, step=HOUR).health == "failing"
    gone = again(Gone(), 2)
    assert (gone.health, gone.due_at, gone.gone_since) == ("gone", NOW + 8 * DAY, NOW)
    assert poll(BODY, ONE, state=gone).gone_since is None


def test_a_throttled_feed_has_not_failed_and_waits_twice_as_long_each_time():
    assert again(Throttled(429, HOUR), 9).failures == 0
    assert waits(Throttled(429, None), HOURLY, 6) == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY]


# --- moves ---------------------------------------------------------------------------------------------------------
MOVED = NotModified(moved_to="https://www.cnil.example/associations/rss.xml")
AWAY = "https://ailleurs.example/rss.xml"


def test_a_permanent_redirect_is_believed_after_three_equal_answers_over_a_day():
    assert again(MOVED, 2, step=DAY).url == FEED.url
    assert again(MOVED, 9, step=HOUR).url == FEED.url
    state = again(MOVED, 3, step=12 * HOUR)
    assert (state.url, state.health) == (MOVED.moved_to, "moved")
    assert (state.moved_to, state.moved_times, state.moved_since) == (None, 0, None)


def test_a_moved_feed_keeps_its_history():
    state = again(MOVED, 3, step=DAY)
    assert (state.etag, state.last_modified, state.baseline) == (STATE.etag, STATE.last_modified, True)


def test_the_count_begins_again_when_the_target_changes_or_the_redirect_ends():
    twice = again(MOVED, 2, step=DAY)
    assert poll(NotModified(), state=twice).moved_times == 0
    assert poll(NotModified(moved_to="https://cnil.example/other"), state=twice).moved_times == 1


def test_a_failure_does_not_disturb_the_count():
    twice = again(MOVED, 2, step=DAY)
    assert poll(failed(Why.NETWORK), state=twice).moved_times == 2


def test_another_site_is_believed_only_with_the_same_entries():
    moved = replace(BODY, moved_to=AWAY)
    state = again(moved, 2, step=DAY, answer=ONE)
    assert poll(moved, ONE, state=state, now=NOW + 3 * DAY, new=(NOW,)).url == FEED.url
    assert poll(moved, Document(()), state=state, now=NOW + 3 * DAY).url == FEED.url
    assert poll(moved, ONE, state=state, now=NOW + 3 * DAY, new=()).url == AWAY


@pytest.mark.parametrize(
    "target",
    [
        "https://cnil.example/",
        "https://cnil.example",
        "https://cnil.example/connexion?a=1",
        "https://cnil.example/user/login",
        "https://portail.example/captive/x",
    ],
)
def test_a_home_page_or_a_gate_is_never_the_new_address(target):
    assert again(NotModified(moved_to=target), 9, step=DAY).url == FEED.url


# --- laws ----------------------------------------------------------------------------------------------------------
spans = st.timedeltas(timedelta(), timedelta(days=40))
statuses = st.sampled_from([None, 200, 301, 400, 401, 403, 404, 408, 418, 425, 451, 500, 503])
outcomes = st.one_of(
    st.builds(Fetched, st.just(b"<rss/>"), st.just(FEED.url), st.just(""), max_age=st.none() | spans,
              moved_to=st.none() | st.just(AWAY)),
    st.builds(NotModified, max_age=st.none() | spans, moved_to=st.none() | st.just(AWAY)),
    st.just(Gone()),
    st.builds(Throttled, st.sampled_from([429, 503]), st.none() | spans),
    st.builds(Failed, st.sampled_from(list(Why)), st.just("x"), statuses),
)  # fmt: skip
answers = st.one_of(
    st.none(), st.builds(Document, st.sampled_from([(), ONE.entries]), complete=st.booleans(), ttl=st.none() | spans),
    st.builds(Failed, st.sampled_from([Why.NOT_A_FEED, Why.UNPARSABLE, Why.KILLED]), st.just("x")),
)  # fmt: skip
intervals = st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=3))
steps = st.lists(
    st.tuples(
        outcomes, answers, st.lists(st.none() | st.just(NOW), max_size=3), st.floats(0, 1, exclude_max=True), spans
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(intervals, steps)
def test_whatever_happens_the_next_poll_is_ahead_and_never_before_a_hint(every, history):
    feed, state, now = replace(FEED, every=every), FeedState(FEED.url, NOW), NOW
    for outcome, answer, new, chance, later in history:
        state = after(feed, state, outcome, answer, now, new=new, chance=chance)
        assert state.due_at > now
        assert state.due_at <= now + max(every or DAY, 9 * DAY)
        if state.health in ("ok", "moved", "quiet", "throttled") and state.hint_until is not None:
            assert state.due_at >= state.hint_until
        if isinstance(outcome, Throttled) and outcome.retry_after is not None:
            assert state.due_at >= now + min(outcome.retry_after, timedelta(days=7))
        assert (state.error is None) == (state.failing_since is None and state.health != "throttled")
        now = state.due_at + later


@settings(max_examples=40)
@given(intervals, steps)
def test_one_good_answer_ends_any_trouble(every, history):
    feed, state, now = replace(FEED, every=every), FeedState(FEED.url, NOW), NOW
    for outcome, answer, new, chance, later in history:
        state = after(feed, state, outcome, answer, now, new=new, chance=chance)
        now = state.due_at + later
    state = after(feed, state, BODY, ONE, now)
    assert (state.failures, state.error, state.etag) == (0, None, BODY.etag)
    assert state.health in ("ok", "moved", "quiet")


# --- who is asked more often, and who pays for it ------------------------------------------------------------------
def test_a_source_that_rings_is_asked_every_ten_to_sixty_minutes():
    ringing = replace(busy(3), flashed_at=NOW - 80 * DAY)
    assert 10 * MINUTE <= interval(FEED, ringing, NOW) <= HOUR
    assert interval(FEED, replace(ringing, haste=6), NOW) == 10 * MINUTE
    asleep = replace(ringing, rhythm=None)
    assert interval(FEED, asleep, NOW) == HOUR


@pytest.mark.parametrize(
    "changes",
    [
        {"flashed_at": NOW - 91 * DAY},
        {"flashed_at": None},
        {"etag": None, "last_modified": None},
        {"ignored": 5},
        {"slow_until": NOW + DAY},
    ],
)
def test_it_is_not_where_it_rang_long_ago_or_each_look_would_cost_its_server(changes):
    ringing = replace(busy(3), **{"flashed_at": NOW, **changes})
    assert interval(FEED, ringing, NOW) >= HOUR


def test_a_page_that_rings_keeps_its_pace_and_so_does_a_feed_whose_pace_was_chosen():
    ringing = replace(busy(3), flashed_at=NOW)
    assert interval(replace(FEED, kind="page"), ringing, NOW) >= 2 * HOUR
    assert interval(replace(FEED, least=HOUR), ringing, NOW) >= HOUR
    assert poll(NotModified(), state=ringing).due_at == NOW + HOUR


def test_a_source_that_never_rang_pays_with_longer_waits_once_it_is_known():
    usual = interval(FEED, busy(0.2), NOW)
    assert interval(FEED, replace(busy(0.2), started_at=NOW - 27 * DAY), NOW) == usual
    assert interval(FEED, replace(busy(0.2), started_at=NOW - 29 * DAY), NOW) > usual
    assert (
        interval(
            FEED, replace(busy(0.2), started_at=NOW - 29 * DAY, flashed_at=NOW, etag=None, last_modified=None), NOW
        )
        == usual
    )


@pytest.mark.parametrize(
    ("hour", "wait"),
    [(0, HOUR), (6, HOUR), (7, 6 * HOUR), (13, 6 * HOUR), (17, 6 * HOUR), (20, 3 * HOUR + 30 * MINUTE), (23, HOUR)],
)
def test_the_gazette_is_asked_for_hourly_in_the_morning_hours_of_paris(hour, wait):
    now = NOW.replace(hour=hour)  # Paris is an hour ahead
    assert interval(replace(FEED, kind="jorf", least=HOUR, most=6 * HOUR), busy(30), now) == wait


def test_an_interface_that_answers_otherwise_than_it_did_is_left_alone_for_a_week():
    open_ones = replace(FEED, kind="consultations", least=DAY, most=DAY)
    state = poll(BODY, failed(Why.UNPARSABLE), feed=open_ones)
    assert (state.health, state.due_at) == ("unparsable", NOW + 7 * DAY)
    assert poll(BODY, failed(Why.UNPARSABLE), feed=replace(open_ones, kind="boamp")).due_at < NOW + DAY
