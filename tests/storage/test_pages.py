"""What waits to be read is kept with its article, and settled once."""

from dataclasses import replace
from datetime import timedelta

from storage.articles.model import ArticleText, EntryRecord, Later, PageRecord, PollRecord
from storage.ids import ArticleId
from storage.store import Store
from tests.storage.builders import LEASE, NEWSROOM, NOW, A, B, a_chat, a_feed, a_match, an_entry, pages_waiting, poll

SOON = NOW + timedelta(minutes=10)


def waiting(key: str = "1", host: str = "site.example", **changes: object) -> EntryRecord:
    entry = an_entry(key, urls=(f"u{key}",), **changes)  # type: ignore[arg-type] # the tests name the fields they change
    return replace(entry, later=Later(host, SOON))


def page(article: int = 1, *urls: str) -> PageRecord:
    reading = ArticleText("Titre", "Résumé", "le texte de la page", "https://site.example/1", urls, source="page")
    return PageRecord(ArticleId(article), reading, (a_match(),), SOON)


def test_a_page_waits_for_its_hour_then_for_whoever_took_it(store: Store) -> None:
    poll(store, waiting())
    assert store.pages.claim(NOW, LEASE, 5) == ()
    (found,) = store.pages.claim(SOON, LEASE, 5)
    assert (found.article, found.title, found.own_address, found.policy) == (1, "Titre", True, "page")
    assert store.pages.claim(SOON, LEASE, 5) == ()
    assert len(store.pages.claim(SOON + LEASE, LEASE, 5)) == 1


def test_each_host_has_its_share_of_a_turn(store: Store) -> None:
    poll(store, *(waiting(str(number), host=f"h{number % 2}") for number in range(10)))
    turn = store.pages.claim(SOON, LEASE, 2)
    assert sorted(each.later.host for each in turn) == ["h0", "h0", "h1", "h1"]


def test_a_page_of_a_source_that_is_no_longer_followed_is_left(store: Store) -> None:
    poll(store, waiting())
    store.feeds.sync([a_feed(B)], NOW)
    assert store.pages.claim(SOON, LEASE, 5) == ()


def test_a_page_read_at_last_is_stored_and_told_once(store: Store) -> None:
    store.chats.follow(a_chat(store).key, "hds", None, NOW)
    poll(store, waiting())
    recorded = store.polls.record_page(page(), NEWSROOM)
    assert (recorded.revised, recorded.deliveries, recorded.lost) == (1, 1, False)
    kept = store.articles.get(ArticleId(1))
    assert kept is not None
    assert (kept.text, kept.source) == ("le texte de la page", "page")
    assert store.polls.record_page(page(), NEWSROOM).lost
    assert pages_waiting(store) == 0


def test_a_page_that_rings_while_its_source_is_polled_leaves_its_mark(store: Store) -> None:
    poll(store, waiting())
    (claim, *_) = (each for each in store.feeds.claim_all(SOON, "one", LEASE) if each.feed.id == A)
    store.polls.record_page(page(), NEWSROOM)
    store.polls.record(PollRecord(claim, claim.state, SOON, (), muted=False), NEWSROOM)
    assert {state.flashed_at for feed, state in store.feeds.overview() if feed.id == A} == {SOON}


def test_what_a_first_reading_brought_is_not_told_when_its_page_is_read(store: Store) -> None:
    store.chats.follow(a_chat(store).key, "hds", None, NOW)
    poll(store, waiting(), muted=True)
    assert store.polls.record_page(page(), NEWSROOM).deliveries == 0


def test_a_page_that_says_it_is_an_article_we_have_changes_nothing(store: Store) -> None:
    poll(store, an_entry("0", urls=("canonical",)), waiting("1", text="le résumé"))
    store.polls.record_page(page(2, "canonical"), NEWSROOM)
    kept = store.articles.get(ArticleId(2))
    assert kept is not None
    assert kept.text == "le résumé"
    assert store.articles.matches(ArticleId(2)) == ()
    assert pages_waiting(store) == 0


def test_an_edit_does_not_put_off_what_waits_and_a_reading_settles_it(store: Store) -> None:
    poll(store, waiting())
    poll(store, replace(waiting(content="c2"), later=Later("site.example", SOON + LEASE)))
    assert len(store.pages.claim(SOON, LEASE, 5)) == 1
    poll(store, an_entry(content="c3"))
    assert pages_waiting(store) == 0


def test_a_page_put_off_waits_again_and_one_settled_meanwhile_does_not(store: Store) -> None:
    poll(store, waiting())
    store.pages.postpone(ArticleId(1), Later("site.example", SOON + LEASE, 2))
    assert store.pages.claim(SOON, LEASE, 5) == ()
    (found,) = store.pages.claim(SOON + LEASE, LEASE, 5)
    assert found.later.tries == 2
    store.polls.record_page(page(), NEWSROOM)
    store.pages.postpone(ArticleId(1), Later("site.example", SOON))
    assert pages_waiting(store) == 0


def test_the_text_a_feed_gave_is_handed_on_and_a_page_text_is_not(store: Store) -> None:
    summary = waiting("1")
    assert summary.reading is not None
    poll(store, replace(summary, reading=replace(summary.reading, source="feed_summary")))
    poll(store, replace(waiting("2"), reading=replace(summary.reading, source="page", url_keys=("u2",))))
    assert [each.content for each in store.pages.claim(SOON, LEASE, 5)] == ["le texte", ""]


def test_a_clock_set_back_keeps_neither_a_page_nor_a_host_waiting_for_a_day(store: Store) -> None:
    day, gap = timedelta(days=1), timedelta(seconds=5)
    poll(store, waiting())
    turn = store.hosts.reserve("site.example", NOW, gap, gap)
    store.hosts.finish("site.example", turn.number, NOW, gap, fine=True)
    store.rewind(NOW - day, day)
    assert len(store.pages.claim(SOON - day, LEASE, 5)) == 1
    assert store.hosts.reserve("site.example", NOW - day + gap, gap, gap).granted
