"""What is in force is known after the daemon has stopped, and what was read is there to be read again."""

from dataclasses import replace
from datetime import timedelta

from storage.articles.model import ArticleText, Later, PageRecord, PollRecord, Recorded
from storage.ids import ArticleId
from storage.operators.model import RulesInForce
from storage.store import Store
from tests.storage.builders import LEASE, NEWSROOM, NOW, A, B, a_feed, a_match, an_entry, claim, pages_waiting, poll

HOUR = timedelta(hours=1)


def test_a_new_base_knows_no_sheets(store: Store) -> None:
    assert store.rules.live() is None


def test_sheets_are_adopted_whole_and_keep_their_date_while_they_stay(store: Store) -> None:
    store.feeds.sync([], NOW, {"entities.yaml": "{}", "watchlists/a.yaml": "a"})
    store.feeds.sync([], NOW + HOUR, {"watchlists/a.yaml": "a", "entities.yaml": "{}"})
    assert store.rules.live() == RulesInForce(NOW, {"entities.yaml": "{}", "watchlists/a.yaml": "a"}, 1)
    store.feeds.sync([], NOW + HOUR, {"watchlists/b.yaml": "b"})
    store.feeds.sync([], NOW + 2 * HOUR)
    assert store.rules.live() == RulesInForce(NOW + HOUR, {"watchlists/b.yaml": "b"}, 2)


def test_the_archive_holds_what_matched_and_what_did_not_in_order_of_arrival(store: Store) -> None:
    poll(store, an_entry("1", urls=("u1",), text="un"), an_entry("2", urls=("u2",), text="deux", matches=[a_match()]))
    poll(store, an_entry("3", urls=("u3",), text="trois"), now=NOW + HOUR)
    assert [stored.text for stored in store.articles.archive(NOW)] == ["un", "deux", "trois"]
    assert store.articles.extent(NOW) == (3, NOW)
    assert [stored.text for stored in store.articles.archive(NOW + HOUR)] == ["trois"]
    assert store.articles.extent(NOW + HOUR) == (1, NOW + HOUR)
    assert store.articles.extent(NOW + 2 * HOUR) == (0, None)


# --- their number --------------------------------------------------------------------------------------------------
def judged_by(store: Store, number: int | None) -> Recorded:
    mine = claim(store)
    entry = an_entry(f"k{number}", urls=(f"u{number}",))
    return store.polls.record(PollRecord(mine, mine.state, NOW, (entry,), ruleset=number), NEWSROOM)


def test_a_change_of_the_sheets_or_of_the_feeds_is_the_next_number(store: Store) -> None:
    feeds = [a_feed(A), a_feed(B)]
    assert store.feeds.sync(feeds, NOW, {"entities.yaml": "{}"}) == 1
    assert store.feeds.sync(feeds, NOW, {"entities.yaml": "{}"}) == 1, "what is in force already is no change"
    assert store.feeds.sync(feeds, NOW, {"entities.yaml": "{a: 1}"}) == 2
    assert store.feeds.sync(feeds[:1], NOW, {"entities.yaml": "{a: 1}"}) == 3
    private = [replace(feeds[0], private=True)]
    assert store.feeds.sync(private, NOW, {"entities.yaml": "{a: 1}"}) == 3, "that is a machine's own"
    live = store.rules.live()
    assert live is not None
    assert (live.number, store.rules.enacted().number) == (3, 3)


def test_what_was_judged_two_changes_ago_is_not_written_and_is_due_again(store: Store) -> None:
    for content in ("1", "2", "3"):
        store.feeds.sync([a_feed(A), a_feed(B)], NOW, {"entities.yaml": content})
    assert judged_by(store, 1).lost
    assert [each.feed.id for each in store.feeds.claim_all(NOW, "two", LEASE)] == [A], "at once, by anybody"
    store.feeds.release_all()
    assert not judged_by(store, 2).lost, "it was under way when they changed"
    assert not judged_by(store, 3).lost


def test_a_page_judged_two_changes_ago_waits_for_its_next_reading(store: Store) -> None:
    poll(store, replace(an_entry(), later=Later("site.example", NOW)))
    for content in ("1", "2", "3"):
        store.feeds.sync([a_feed(A), a_feed(B)], NOW, {"entities.yaml": content})
    page = PageRecord(ArticleId(1), ArticleText("T", "R", "le texte", "https://site.example/1"), (), NOW, ruleset=1)
    assert store.polls.record_page(page, NEWSROOM).lost
    assert pages_waiting(store) == 1
    assert not store.polls.record_page(replace(page, ruleset=3), NEWSROOM).lost


def test_a_poll_that_brought_nothing_was_judged_by_nobody(store: Store) -> None:
    for content in ("1", "2", "3"):
        store.feeds.sync([a_feed(A), a_feed(B)], NOW, {"entities.yaml": content})
    mine = claim(store)
    assert not store.polls.record(PollRecord(mine, mine.state, NOW, ruleset=1), NEWSROOM).lost
