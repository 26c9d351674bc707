"""What is in force is known after the daemon has stopped, and what was read is there to be read again."""

from datetime import timedelta

from storage.operators.model import RulesInForce
from storage.store import Store
from tests.storage.builders import NOW, a_match, an_entry, poll

HOUR = timedelta(hours=1)


def test_a_new_base_knows_no_sheets(store: Store) -> None:
    assert store.rules.live() is None


def test_sheets_are_adopted_whole_and_keep_their_date_while_they_stay(store: Store) -> None:
    store.feeds.sync([], NOW, {"entities.yaml": "{}", "watchlists/a.yaml": "a"})
    store.feeds.sync([], NOW + HOUR, {"watchlists/a.yaml": "a", "entities.yaml": "{}"})
    assert store.rules.live() == RulesInForce(NOW, {"entities.yaml": "{}", "watchlists/a.yaml": "a"})
    store.feeds.sync([], NOW + HOUR, {"watchlists/b.yaml": "b"})
    store.feeds.sync([], NOW + 2 * HOUR)
    assert store.rules.live() == RulesInForce(NOW + HOUR, {"watchlists/b.yaml": "b"})


def test_the_archive_holds_what_matched_and_what_did_not_in_order_of_arrival(store: Store) -> None:
    poll(store, an_entry("1", urls=("u1",), text="un"), an_entry("2", urls=("u2",), text="deux", matches=[a_match()]))
    poll(store, an_entry("3", urls=("u3",), text="trois"), now=NOW + HOUR)
    assert [stored.text for stored in store.articles.archive(NOW)] == ["un", "deux", "trois"]
    assert store.articles.extent(NOW) == (3, NOW)
    assert [stored.text for stored in store.articles.archive(NOW + HOUR)] == ["trois"]
    assert store.articles.extent(NOW + HOUR) == (1, NOW + HOUR)
    assert store.articles.extent(NOW + 2 * HOUR) == (0, None)
