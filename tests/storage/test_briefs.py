"""What a chat decides of a story for its briefs is the chat's, and goes with it."""

from datetime import timedelta

from storage.changes.model import BriefNote
from storage.ids import ArticleId
from storage.store import Store
from tests.storage.builders import NOW, a_chat, a_match, an_entry, poll

ONE = ArticleId(1)


def test_a_choice_and_a_comment_are_kept_apart_and_by_chat(store: Store) -> None:
    poll(store, an_entry(matches=[a_match()]))
    mine, other = a_chat(store), a_chat(store, 6)
    store.briefs.comment(mine.key, ONE, "À lire", "Claire", NOW)
    store.briefs.choose(mine.key, ONE, "raised", NOW)
    assert store.briefs.choices(mine.key, [ONE]) == {ONE: BriefNote("raised", "À lire", "Claire")}
    assert store.briefs.choices(other.key, [ONE]) == {}
    assert (store.briefs.signature(mine.key), store.briefs.signature(other.key)) == ("Claire", "")
    store.briefs.comment(mine.key, ONE, "", "", NOW)
    assert store.briefs.choices(mine.key, [ONE]) == {ONE: BriefNote("raised")}


def test_they_go_with_the_chat_with_time_and_never_come_of_what_is_gone(store: Store) -> None:
    poll(store, an_entry(matches=[a_match()]))
    chat = a_chat(store)
    store.briefs.choose(chat.key, ONE, "dropped", NOW)
    store.briefs.choose(chat.key, ArticleId(99), "dropped", NOW)
    assert list(store.briefs.choices(chat.key, [ONE, ArticleId(99)])) == [ONE]
    store.prune(NOW + timedelta(days=366))
    assert store.briefs.choices(chat.key, [ONE]) == {}
    store.briefs.choose(chat.key, ONE, "dropped", NOW)
    store.chats.forget(chat.key)
    assert store.briefs.choices(chat.key, [ONE]) == {}
