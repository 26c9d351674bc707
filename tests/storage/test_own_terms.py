"""A reader's own terms: five a chat, told once a day, gone with their chat."""

from datetime import timedelta

from storage.chats.own_terms import QUOTA
from storage.ids import ArticleId
from storage.store import Store
from tests.storage.builders import NOW, a_chat, a_flash, a_match, an_entry, poll

LATER = NOW + timedelta(days=1)


def test_a_chat_has_its_fill_and_a_number_is_never_given_twice(store: Store) -> None:
    key = a_chat(store).key
    made = [store.own_terms.add(key, topic, f"terme {topic}", NOW) for topic in range(QUOTA)]
    assert store.own_terms.add(key, 0, "de trop", NOW) is None
    assert store.own_terms.add(key, 1, "terme 1", LATER) == made[1], "the same again is the one that is there"
    numbers = [each.number for each in made if each]
    assert store.own_terms.drop(key, numbers[-1])
    assert not store.own_terms.drop(key, numbers[-1])
    assert not store.own_terms.drop(a_chat(store, 6).key, numbers[0])
    again = store.own_terms.add(key, 0, "un autre", NOW)
    assert again is not None
    assert again.number not in numbers[:-1]
    assert [each.term for each in store.own_terms.of(key)] == ["terme 0", "un autre"]
    assert store.own_terms.count(key) == QUOTA


def test_what_is_told_moves_the_terms_of_that_place_once(store: Store) -> None:
    chat, other = a_chat(store), a_chat(store, 6)
    poll(store, an_entry(matches=[a_match()]))
    for each in (chat, other):
        store.own_terms.add(each.key, 0, "terme", NOW)
    poll(store, an_entry("2", urls=("u2",), title="Second"))
    poll(store, an_entry("3", urls=("u3",), title="Lu d’abord"), muted=True)
    mine, theirs = store.own_terms.places()
    assert [(each.term, each.seen) for each in mine.terms] == [("terme", 1)]
    assert [article.title for article, _ in store.own_terms.news(ArticleId(1))] == ["Second"]
    assert store.own_terms.told(mine, ArticleId(2), "2026-11-25", [a_flash(chat.key, "t2026-11-25", "daily")], LATER)
    assert not store.own_terms.told(mine, ArticleId(2), "2026-11-25", [a_flash(chat.key, "t2", "daily")], LATER)
    assert [each.item for each in store.outbox.claim(LATER, "run", 9)] == ["t2026-11-25"]
    mine, theirs = store.own_terms.places()
    assert [(each.slot, each.terms[0].seen) for each in (mine, theirs)] == [("2026-11-25", 2), ("", 1)]
    store.chats.forget(chat.key)
    assert [place.chat.key for place in store.own_terms.places()] == [other.key]
