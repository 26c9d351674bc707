"""The triage: what the team says of a story, sealed entry by entry."""

from datetime import timedelta

from storage.articles.model import Sorting
from storage.articles.register import seal
from storage.articles.triage import START, written
from storage.ids import ArticleId
from storage.schema import grouped
from storage.store import Store
from tests.storage.builders import NOW, a_match, an_entry, poll

ONE, TWO, THREE = ArticleId(1), ArticleId(2), ArticleId(3)


def articles(store: Store, *, muted: bool = False) -> None:
    """Three articles; the second one is of the story of the first."""
    for number in (1, 2, 3):
        entry = an_entry(str(number), urls=(str(number),), title=f"Titre {number}", matches=[a_match()])
        poll(store, entry, muted=muted)
    with store.database.write() as connection:
        for number, home in ((1, 1), (2, 1), (3, 3)):
            row = {"host": "", "aggregator": False, "at": NOW, "title": "", "words": 0, "content": "", "sketch": b""}
            connection.execute(grouped.insert().values(article_id=number, copy_of=number, story_id=home, **row))


def test_what_is_left_out_stays_and_every_entry_is_sealed(store: Store) -> None:
    articles(store)
    store.triage.note(ONE, Sorting("applies", owner="Claire  M."), "h", NOW)
    store.triage.note(ONE, Sorting(note="À revoir\nlundi"), "h", NOW + timedelta(hours=1))
    store.triage.note(ONE, Sorting("done", owner=""), "g", NOW + timedelta(hours=2))
    before, entries = store.triage.lines()
    assert before == START
    assert [(each.number, each.state, each.owner, each.note, each.by) for each in entries] == [
        (1, "applies", "Claire M.", "", "h"),
        (2, "applies", "Claire M.", "À revoir lundi", "h"),
        (3, "done", "", "À revoir lundi", "g"),
    ]
    assert (entries[0].title, entries[0].url) == ("Titre 1", "https://site.example/1")
    assert entries[1].digest == seal(entries[0].digest, written(entries[1]))
    assert store.triage.flaws() == ()
    assert store.triage.digest(3) == entries[2].digest


def test_the_same_said_again_adds_nothing(store: Store) -> None:
    articles(store)
    first = store.triage.note(ONE, Sorting("done", note="fait"), "h", NOW)
    assert store.triage.note(TWO, Sorting("done"), "g", NOW + timedelta(hours=1)) == first, "one story"
    assert len(store.triage.lines()[1]) == 1
    assert store.triage.note(THREE, Sorting("open"), "h", NOW) is not None, (
        "to say that it is to be judged says something"
    )
    assert store.triage.note(ArticleId(99), Sorting("done"), "h", NOW) is None


def test_a_story_stands_as_the_newest_entry_on_any_of_its_articles_says(store: Store) -> None:
    articles(store)
    store.triage.note(TWO, Sorting("applies", owner="Claire"), "h", NOW)
    store.triage.note(ONE, Sorting("done"), "h", NOW)
    stands = store.triage.of([ONE, TWO, THREE])
    assert {key: (each.state, each.owner) for key, each in stands.items()} == {
        ONE: ("done", "Claire"), TWO: ("done", "Claire"),
    }  # fmt: skip
    assert [(each.article, each.state) for each in store.triage.standing(NOW - timedelta(days=1))] == [(ONE, "done")]
    with store.database.write() as connection:  # put apart: each keeps what was said of it
        connection.execute(grouped.update().where(grouped.c.article_id == 2).values(story_id=2))
    assert {key: each.state for key, each in store.triage.of([ONE, TWO]).items()} == {ONE: "done", TWO: "applies"}


def test_what_nobody_has_judged_is_listed_the_newest_first(store: Store) -> None:
    articles(store)
    assert [each.article for each in store.triage.untouched(NOW)] == [THREE, ONE]
    store.triage.note(TWO, Sorting("void"), "h", NOW)
    assert [(each.article, each.title) for each in store.triage.untouched(NOW)] == [(THREE, "Titre 3")]
    assert store.triage.untouched(NOW + timedelta(days=1)) == ()


def test_what_was_never_announced_waits_for_no_judgement(store: Store) -> None:
    articles(store, muted=True)
    assert store.triage.untouched(NOW) == ()


def test_entries_may_be_read_from_a_day_on(store: Store) -> None:
    articles(store)
    first = store.triage.note(ONE, Sorting("open"), "h", NOW)
    store.triage.note(ONE, Sorting("done"), "h", NOW + timedelta(days=2))
    before, (only,) = store.triage.lines(NOW + timedelta(days=1))
    assert first is not None
    assert (before, only.state) == (first.digest, "done")
    assert store.triage.lines(NOW + timedelta(days=9)) == (only.digest, ())
