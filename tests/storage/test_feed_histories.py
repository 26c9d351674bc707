"""However two pollers interleave, and whichever is frozen at any call: a feed is leased to one at a time, and what is
written under a lease that is over changes nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from matchers import sites
from storage.articles.model import PollRecord
from storage.feeds.model import Claim
from storage.ids import FeedId
from storage.schema import article, feed
from storage.store import Store
from tests.storage.builders import LEASE, NEWSROOM, NOW, a_feed, an_entry

FEEDS = {"a": "https://big.example/a", "b": "https://www.big.example/b", "c": "https://small.example/c"}
owners = st.sampled_from(["one", "two"])
waits = st.sampled_from([timedelta(), LEASE / 2, LEASE, 2 * LEASE])


def rows(store: Store) -> list[list[Any]]:
    with store.database.read() as connection:
        return [connection.execute(select(table)).all() for table in (feed, article)]


class Pollers(RuleBasedStateMachine):
    """Three feeds, two of one host; two runs that claim, renew, give back, record, or sleep."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.now = NOW
        self.store.feeds.sync([], NOW)
        self.store.feeds.release_all()
        self.store.feeds.sync([a_feed(FeedId(name), url=url) for name, url in FEEDS.items()], NOW)
        self.held: dict[str, Claim] = {}
        self.past: list[Claim] = []
        self.until: dict[str, Any] = {}
        self.entries = 0

    @rule(owner=owners, everything=st.booleans())
    def claim(self, owner: str, everything: bool) -> None:
        feeds = self.store.feeds
        found = (feeds.claim_all if everything else lambda *asked: feeds.claim_due(*asked, 9))(self.now, owner, LEASE)
        hosts = [sites.spared(each.state.url) for each in found]
        assert everything or len(set(hosts)) == len(hosts), "one a host"
        for each in found:
            name = each.feed.id
            assert self.until.get(name, self.now) <= self.now, "leased twice"
            if name in self.held:
                assert each.number > self.held[name].number
                self.past.append(self.held[name])
            self.held[name], self.until[name] = each, self.now + LEASE

    @precondition(lambda self: self.held)
    @rule(data=st.data(), how=st.sampled_from(["renew", "release", "record"]))
    def goes_on(self, data: st.DataObject, how: str) -> None:
        """The last who claimed it: nobody has taken it over."""
        name = data.draw(st.sampled_from(sorted(self.held)))
        mine = self.held[name]
        if how == "renew":
            assert self.store.feeds.renew([mine], self.now, LEASE) == 1
            self.until[name] = self.now + LEASE
            return
        if how == "release":
            self.store.feeds.release([mine])
        else:
            assert not self.record(mine).lost
        self.past.append(self.held.pop(name))
        self.until.pop(name)

    @precondition(lambda self: self.past)
    @rule(data=st.data(), how=st.sampled_from(["renew", "release", "record"]))
    def wakes(self, data: st.DataObject, how: str) -> None:
        """Somebody goes on under a lease that was given back, was recorded, or passed on."""
        stale, before = data.draw(st.sampled_from(self.past)), rows(self.store)
        if how == "renew":
            assert self.store.feeds.renew([stale], self.now, LEASE) == 0
        elif how == "release":
            self.store.feeds.release([stale])
        else:
            assert self.record(stale).lost
        assert rows(self.store) == before

    @rule(wait=waits)
    def wait(self, wait: timedelta) -> None:
        self.now += wait

    def record(self, claim: Claim) -> Any:
        self.entries += 1
        entry = an_entry(str(self.entries), urls=(f"u{self.entries}",))
        return self.store.polls.record(
            PollRecord(claim, replace(claim.state, due_at=self.now), self.now, (entry,)), NEWSROOM
        )


def test_a_feed_is_leased_to_one_whatever_happens(store: Store) -> None:
    """One store for all histories: opening one costs more than most of them."""
    few = settings(max_examples=10, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Pollers(store), settings=few)
