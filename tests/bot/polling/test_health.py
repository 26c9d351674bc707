"""What of a feed's health is told to the operators, and when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.polling import health
from bot.polling.rhythm import Rhythm
from storage.feeds.model import Feed, FeedState
from storage.ids import FeedId
from storage.operators.model import TROUBLES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed(FeedId("cnil"), "CNIL", "https://cnil.example/rss")
FINE = FeedState(FEED.url, NOW, "ok", '"x"', succeeded_at=NOW - HOUR)


def told(before=FINE, **after):
    return [(each.kind, each.detail, each.since) for each in health.told(FEED, before, replace(before, **after), NOW)]


@pytest.mark.parametrize("kind", ["blocked", "dead", "gone"])
def test_what_will_not_get_better_by_itself_is_told_at_once(kind):
    assert told(health=kind, failures=1, error="non", failing_since=NOW - DAY) == [(kind, "non", NOW - DAY)]


@pytest.mark.parametrize(("kind", "enough"), [("failing", 5), ("unparsable", 2)])
def test_what_may_pass_is_told_when_it_lasts(kind, enough):
    assert told(health=kind, failures=enough - 1, failing_since=NOW) == []
    assert [each[0] for each in told(health=kind, failures=enough, failing_since=NOW)] == [kind]


def test_a_source_that_is_only_slow_or_silent_is_no_trouble():
    assert told(health="degraded", failures=4, failing_since=NOW) == []
    assert told(health="quiet") == []
    assert told(health="throttled") == []


def test_a_host_that_asks_for_time_for_a_day_is_told():
    before = replace(FINE, succeeded_at=NOW - DAY)
    assert told(before, health="throttled", error="429") == [("throttled", "429", NOW - DAY)]


def test_a_move_is_told_with_the_address_to_write():
    assert told(url="https://new.example/rss", health="moved") == [("moved", "https://new.example/rss", NOW)]
    moved = replace(FINE, url="https://new.example/rss")
    assert told(moved) == [], "told when it happens, and not at each poll"


def test_a_server_whose_304_hid_something_is_told():
    rhythm = Rhythm((5.0,) * 48, NOW).write()
    before = replace(FINE, changed_at=NOW - 9 * DAY, rhythm=rhythm)
    assert told(before, changed_at=NOW, new_entry_at=NOW) == [("deaf", "", NOW - 9 * DAY)]
    assert told(before, changed_at=NOW) == []
    assert told(replace(before, changed_at=NOW - DAY), new_entry_at=NOW) == []


def test_a_good_answer_ends_every_trouble_and_news_end_the_silence():
    assert health.over(FINE, new=False) == TROUBLES
    assert health.over(FINE, new=True) == (*TROUBLES, "silent")
    assert health.over(replace(FINE, health="degraded", failures=1), new=False) == ()
    assert health.over(replace(FINE, health="throttled"), new=False) == ()
