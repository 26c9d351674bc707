"""Lists as kept: written with their poll or not at all, and let through or ignored by who runs Vigie."""

import json
from dataclasses import replace
from datetime import timedelta

from matchers.lists import KnownList, ListEvent, ListMoved, ListReading, ListRow, ListSpec, diff
from storage.articles.model import PollRecord, Recorded
from storage.feeds.model import Claim
from storage.ids import FeedId
from storage.lists import codec
from storage.lists.model import ListProof, ListRecord, StoredList
from storage.operators.model import NewNotice
from storage.store import Store
from tests.storage.builders import LEASE, NEWSROOM, NOW, a_feed

SPEC = ListSpec(("Nom", "Service"), "table", "Statut", "Fin", tracker="secnumcloud")
SOURCE, OTHER = FeedId("qualifies"), FeedId("candidats")
ROWS = tuple(ListRow((f"Firme {place}", "IaaS"), "J3", "31/07/2029", (("Réf.", "3.2"),)) for place in range(6))


def followed(store: Store, of: FeedId = SOURCE) -> Claim:
    feeds = [a_feed(each, kind="list", reading="feed", listing=SPEC) for each in (SOURCE, OTHER)]
    store.feeds.sync(feeds, NOW)
    claims = store.feeds.claim_all(NOW, "one", LEASE)
    store.feeds.release([each for each in claims if each.feed.id != of])
    return next(each for each in claims if each.feed.id == of)


def known(*rows: ListRow) -> KnownList:
    answer = diff(None, ListReading(rows, "Statut", "Fin"), NOW)
    assert isinstance(answer, ListMoved)
    return answer.known


def write(store: Store, claim: Claim, record: ListRecord, *notices: NewNotice) -> Recorded:
    poll = PollRecord(claim, replace(claim.state, baseline=True), NOW, notices=notices, listing=record)
    return store.polls.record(poll, NEWSROOM)


def test_what_is_known_comes_back_as_it_was_with_its_events_and_their_bytes(store: Store) -> None:
    first, second = (ListProof(digest * 32, NOW, "text/html", digest.encode()) for digest in ("ab", "cd"))
    before, after = known(*ROWS), known(replace(ROWS[0], status="Qualifié"), *ROWS[1:])
    write(store, followed(store), ListRecord(StoredList(SOURCE, before, first), (), first, "https://l.example/"))
    event = ListEvent("changed", ROWS[0], NOW, "Statut", "J3", "Qualifié")
    write(store, followed(store), ListRecord(StoredList(SOURCE, after, second), (event,), second, "https://l.example/"))
    assert store.lists.get(SOURCE).known == after
    (kept,) = next(each for each in store.lists.views() if each.feed == SOURCE).events
    assert (kept.event, kept.before, kept.after) == (event, ListProof("ab" * 32, NOW), ListProof("cd" * 32, NOW))
    assert [store.lists.proof(SOURCE, each * 32) for each in ("ab", "cd", "ef")] == [b"ab", b"cd", None]
    assert store.register.flaws() == ()
    assert [line.watchlist for line in store.register.lines()[1]] == ["list/qualifies"]


def test_a_poll_whose_lease_has_passed_on_writes_nothing_of_its_list(store: Store) -> None:
    late = followed(store)
    store.feeds.claim_all(NOW + 2 * LEASE, "two", LEASE)
    assert write(store, late, ListRecord(StoredList(SOURCE, known(*ROWS)))).lost
    assert store.lists.get(SOURCE) == StoredList(SOURCE)


def test_a_hold_is_let_through_by_its_own_mark_or_ignored(store: Store) -> None:
    held = StoredList(SOURCE, known(*ROWS), why="3 des 6", seen=3, held="abcdefghijkl")
    write(store, followed(store), ListRecord(held), NewNotice("held", "abcdefgh 6 3 3 des 6", NOW))
    assert [each.kind for each in store.notices.open()] == ["held"]
    assert not store.lists.accept(SOURCE, "zzzzzzzz", NOW)
    assert not store.lists.accept(OTHER, "abcdefgh", NOW)
    assert store.lists.accept(SOURCE, "abcdefgh", NOW + timedelta(hours=1))
    assert store.lists.get(SOURCE).accepted == "abcdefghijkl"
    assert store.notices.open() == ()
    store.lists.ignore(SOURCE, NOW)
    assert store.lists.get(SOURCE).ignored


def test_another_list_of_the_tracker_tells_its_statuses(store: Store) -> None:
    write(store, followed(store), ListRecord(StoredList(SOURCE, known(*ROWS[:2]))))
    assert store.lists.beside("secnumcloud", OTHER) == {"firme0|iaas": "J3", "firme1|iaas": "J3"}
    assert store.lists.beside("secnumcloud", SOURCE) == {}
    assert store.lists.beside("hds", OTHER) == {}


def test_what_rows_said_before_and_those_withdrawn_come_back_as_they_were(store: Store) -> None:
    before = known(*ROWS)
    listed = replace(next(iter(before.rows.values())), earlier=("statut=j1", "fin=2027-07-31"), doubted_since=NOW)
    after = replace(
        before,
        rows={**before.rows, next(iter(before.rows)): listed},
        goes_on=True,
        few_since=NOW,
        removed={"givre|iaas": None, "neige|iaas": NOW},
    )
    write(store, followed(store), ListRecord(StoredList(SOURCE, after), (), None, "https://l.example/"))
    assert store.lists.get(SOURCE).known == after


def test_what_was_kept_of_a_list_before_its_rows_had_a_past_is_read() -> None:
    written = json.loads(codec.known_written(known(*ROWS)))
    written["rows"] = [each[:7] for each in written["rows"]]
    for name in ("goes_on", "few_since", "removed"):
        del written[name]
    assert codec.known_read(json.dumps(written)).rows == known(*ROWS).rows
