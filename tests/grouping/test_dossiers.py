"""What people put together and apart, and the timelines they read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.conversation import commands, dossiers
from bot.conversation.model import Question, Request, View
from bot.digest import living
from bot.messages.callback_data import Press, build
from bot.messages.markup import visible
from bot.model import Incoming, Message
from storage.articles.model import Sorting
from storage.ids import ArticleId
from storage.place import Place
from storage.store import open_store
from storage.stories.dossiers import reasons_of
from storage.stories.model import Decision
from tests.bot.conversation import world as talking
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, FEEDS, NEWSROOM, World, an_entry, opened
from tests.storage.builders import NOW, a_chat, poll

pytestmark = pytest.mark.engines
ONE, TWO = ArticleId(1), ArticleId(2)
RETELL = living.teller(ENGINE.watchlists)
TEXT = f"SecNumCloud. {prose('affaire', 150)}"


@pytest.fixture
def world(home: Place) -> Iterator[World]:
    """Three copies in one story, and another story."""
    with opened(home) as made:
        for n in range(3):
            made.article(n, "Nébulis qualifié SecNumCloud", TEXT)
        made.article(3, "Le Cloud Act en procès", prose("autre", 150))
        made.send()
        yield made


def stories(world: World) -> list[int]:
    return [row[9] for row in world.rows("grouped")]


def figures(world: World) -> dict[int, tuple[int, int]]:
    return {row[0]: (row[5], row[6]) for row in world.rows("story")}


def test_an_article_leaves_its_story_and_comes_back(world: World) -> None:
    made = world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert made is not None
    before = stories(world), figures(world)
    order = world.store.dossiers.split(ArticleId(4), 7, RETELL, world.now)
    assert order is not None
    assert stories(world) == [1, 1, 1, 4]
    assert figures(world) == {1: (3, 1), 4: (1, 1)}
    assert world.store.dossiers.undo(order.number, dossiers.UNDO, RETELL, world.now)
    assert (stories(world), figures(world)) == before
    assert not world.store.dossiers.undo(order.number, dossiers.UNDO, RETELL, world.now)


def test_two_stories_become_one_and_two_again(world: World) -> None:
    order = world.store.dossiers.merge(ArticleId(4), TWO, 7, RETELL, world.now)
    assert order is not None
    assert stories(world) == [1, 1, 1, 1]
    assert world.store.dossiers.merge(ONE, TWO, 7, RETELL, world.now) is None
    late = world.now + timedelta(minutes=11)
    assert not world.store.dossiers.undo(order.number, dossiers.UNDO, RETELL, late)
    assert world.store.dossiers.undo(order.number, dossiers.UNDO, RETELL, world.now)
    assert stories(world) == [1, 1, 1, 4]


def test_the_first_article_of_a_story_may_leave_it_too(world: World) -> None:
    world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert world.store.dossiers.split(ONE, 7, RETELL, world.now) is not None
    assert stories(world) == [1, 1, 1, 4]


def test_who_is_alone_with_his_copies_has_nothing_to_leave(world: World) -> None:
    assert world.store.dossiers.split(ONE, 7, RETELL, world.now) is None
    assert world.store.dossiers.split(ArticleId(99), 7, RETELL, world.now) is None


def test_a_copy_that_comes_later_follows_the_order(world: World) -> None:
    world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    world.article(5, "Le Cloud Act encore", prose("autre", 150))
    assert stories(world)[-1] == 1
    world.store.dossiers.split(ArticleId(4), 7, RETELL, world.now)
    assert stories(world) == [1, 1, 1, 4, 4]
    world.article(6, "Le Cloud Act toujours", prose("autre", 150))
    assert stories(world)[-1] == 4


def sendings(world: World) -> list[tuple[str, str]]:
    world.now += timedelta(minutes=11)
    return [(lane, visible(message.html)) for lane, message, _ in world.send()]


def homes(world: World) -> list[tuple[str, int]]:
    """Each first message, and the story that it is of."""
    return sorted((row[5], row[2]) for row in world.rows("announcement") if row[3] == "living")


def told_two(world: World) -> None:
    """Both stories were told; the second message can be edited again."""
    assert homes(world) == [("a1", 1), ("a4", 4)]
    world.now += timedelta(minutes=11)


def test_the_messages_of_a_story_go_with_it_and_come_back(world: World) -> None:
    late = a_chat(world.store, 9)
    world.store.chats.follow(late.key, "autre", None, NOW - timedelta(days=1))
    world.article(4, "Le Cloud Act contesté par trois syndicats", "Leurs avocats écrivent aux ministres.")
    assert [lane for lane, _ in sendings(world)] == ["flash", "flash"]
    order = world.store.dossiers.merge(ArticleId(4), ArticleId(5), 7, RETELL, world.now)
    assert order is not None
    assert [row[:3] for row in world.rows("announcement") if row[5] == "a5"] == [(1, 0, 5), (2, 0, 4)]
    world.store.dossiers.undo(order.number, dossiers.UNDO, RETELL, world.now)
    assert {row[2] for row in world.rows("announcement") if row[5] == "a5"} == {5}


def test_a_chat_with_both_messages_keeps_one_and_the_other_says_so(world: World) -> None:
    told_two(world)
    order = world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert order is not None
    sent = sendings(world)
    assert [lane for lane, _ in sent] == ["edit", "edit"]
    assert sum("Réuni avec «\u00a0Nébulis qualifié SecNumCloud\u00a0»" in text for _, text in sent) == 1
    world.article(5, "Le Cloud Act encore", prose("autre", 150))
    assert [lane for lane, _ in sendings(world)] == ["edit"], "the one that lives"
    assert world.store.dossiers.undo(order.number, timedelta(hours=1), RETELL, world.now)
    assert all("Réuni" not in text for _, text in sendings(world))
    assert homes(world) == [("a1", 1), ("a4", 4)]


def test_a_third_copy_after_separer_follows_the_order_in_silence(world: World) -> None:
    world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    world.store.dossiers.split(ArticleId(4), 7, RETELL, world.now)
    sendings(world)
    world.article(5, "Le Cloud Act encore", prose("autre", 150))
    assert stories(world)[-1] == 4
    assert [lane for lane, _ in sendings(world)] == ["edit"]


def test_a_source_put_out_of_a_message_is_not_announced_by_its_copies(world: World) -> None:
    title, lead = "Nébulis qualifié SecNumCloud, notre article", "Nébulis est qualifié SecNumCloud par l’Anssi mardi."
    world.article(4, title, prose("récit", 150), summary=lead)
    world.store.dossiers.merge(ONE, ArticleId(5), 7, RETELL, world.now)
    sendings(world)
    assert ("a5", 5) not in homes(world)
    world.store.dossiers.split(ArticleId(5), 7, RETELL, world.now)
    sendings(world)
    world.article(6, title, prose("récit", 150), summary=lead)
    assert stories(world)[-1] == 5
    assert sendings(world) == []


def test_a_text_taken_for_a_copy_leaves_with_those_found_by_it(world: World) -> None:
    order = world.store.dossiers.split(TWO, 7, RETELL, world.now)
    assert order is not None
    assert stories(world) == [1, 2, 1, 4]
    assert [row[8] for row in world.rows("grouped")] == [1, 2, 1, 4]
    assert world.store.dossiers.undo(order.number, dossiers.UNDO, RETELL, world.now)
    assert [row[8] for row in world.rows("grouped")] == [1, 1, 1, 4]
    assert stories(world) == [1, 1, 1, 4]


def test_orders_survive_a_revision_and_a_restart(world: World) -> None:
    world.store.dossiers.split(TWO, 7, RETELL, world.now)
    again = store_again(world)
    entry = an_entry("Nébulis qualifié", f"{TEXT} Mis à jour.", "", "https://site1.example/k", KEYS[1])
    changed = replace(entry, key=replace(entry.key, content="2"))
    poll(again.store, changed, feed=FEEDS[1], newsroom=NEWSROOM, now=world.now)
    assert stories(again) == [1, 2, 1, 4]
    assert [row[8] for row in again.rows("grouped")] == [1, 2, 1, 4]
    again.store.close()


KEYS = ["Nébulis qualifié SecNumCloud"] * 3


def store_again(world: World) -> World:
    return World(open_store(world.store.database.place), world.chat, world.now)


def test_the_later_of_two_contrary_orders_wins(world: World) -> None:
    four = ArticleId(4)
    for _ in range(2):
        world.store.dossiers.merge(ONE, four, 7, RETELL, world.now)
        assert stories(world) == [1, 1, 1, 1]
        world.store.dossiers.split(four, 8, RETELL, world.now)
        assert stories(world) == [1, 1, 1, 4]
    world.store.dossiers.split(TWO, 7, RETELL, world.now)
    world.store.dossiers.merge(TWO, ONE, 8, RETELL, world.now)
    assert stories(world) == [1, 1, 1, 4]
    kinds = [each.rule for each in reasons(world, TWO) if each.level == "order"]
    assert kinds == ["never", "must"]


def test_an_order_edits_the_message_and_announces_nothing(world: World) -> None:
    world.now += timedelta(minutes=11)
    world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    world.now += timedelta(minutes=11)
    sent = world.send()
    assert {lane for lane, _, _ in sent} == {"edit"}
    assert any("+3 sources" in message.html for _, message, _ in sent)


def reasons(world: World, article: ArticleId) -> tuple[Decision, ...]:
    with world.store.database.read() as connection:
        return reasons_of(connection, article)


def test_the_reasons_of_an_article_are_kept_in_order(world: World) -> None:
    first, second = reasons(world, ONE)
    assert (first.level, first.rule, second.level, second.rule) == ("new", "own-text", "new", "first")
    (copy,) = reasons(world, TWO)
    assert (copy.level, copy.rule, copy.target) == ("copy", "same-content", 1)
    assert copy.numbers["containment"] == 1_000_000


# --- in a chat -----------------------------------------------------------------------------------------------------
async def test_the_article_of_the_message_answered_leaves_its_sources(world: World) -> None:
    world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert "à part" in await said(world, "/separer", reply_to=1001)
    assert stories(world) == [1, 1, 1, 4]
    assert "connais pas" in await said(world, "/separer", reply_to=77)
    world.store.dossiers.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert "noté" in await said(world, "/separer", operator=False, reply_to=1001)
    assert [(each.kind, each.a) for each in world.store.dossiers.suggestions()] == [("never", 1)]


@pytest.mark.parametrize("text", ["/separer", "/fusionner", "/fusionner 1"])
async def test_what_is_missing_is_asked(world: World, text: str) -> None:
    assert (await said(world, text)).startswith("Quel")


async def said(
    world: World, text: str, language: Any = "fr", *, operator: bool = True, reply_to: int | None = None
) -> str:
    """What this command, or the button with this data, answers."""
    talk = talking.World(world.store, now=world.now, watchlists=dict(ENGINE.watchlists))
    kind: Any = "press" if text.startswith("1") else "message"
    incoming = Incoming(kind, 5, "private", user=7, text=text, data=text, reply_to=reply_to, message=1)
    request = Request(incoming, View(language, ENGINE.watchlists, world.chat), may_change=True, operator=operator)
    task = commands.decide(request)
    assert task is not None
    shown = await task.do(task.request, talk.talk.context)
    assert isinstance(shown, Message | Question)
    return visible(shown.html) if isinstance(shown, Message) else shown.words


async def test_open_affairs_are_listed_and_one_opens(world: World) -> None:
    told = await said(world, "/dossier")
    assert "• Nébulis qualifié SecNumCloud — 1 sujet, 3 articles, " in told
    assert "• Le Cloud Act en procès" in told
    opened_one = await said(world, "/affair n° 2")
    assert opened_one.startswith("Dossier n°\u00a01\n\n")
    assert opened_one.endswith("Nébulis qualifié SecNumCloud\nn° 1 Source f0, n° 2 Source f1, n° 3 Source f2")
    assert "connais pas" in await said(world, "/dossier https://nulle.example/part")
    world.now += timedelta(days=31)
    assert "Aucun dossier ouvert" in await said(world, "/dossier")
    assert "No open dossier" in await said(world, "/affair", "en")


async def test_a_long_affair_shows_its_newest_stories(world: World) -> None:
    chapters = world.store.dossiers.timeline(1) * 60
    told = visible(dossiers.timeline(View("fr", ENGINE.watchlists), chapters, {}).html)
    assert len(told) < 3_900
    assert "sujets plus anciens" in told


def test_a_story_that_was_judged_says_so_in_its_affair(world: World) -> None:
    world.store.triage.note(ArticleId(3), Sorting("applies", "Claire", "voir <le texte>"), "h", NOW)
    chapters = world.store.dossiers.timeline(1)
    stands = world.store.triage.of([ArticleId(each.number) for each in chapters])
    assert visible(dossiers.timeline(View("fr", ENGINE.watchlists), chapters, stands).html).endswith(
        "\nTri\u00a0: applicable · Claire · «\u00a0voir <le texte>\u00a0»"
    )


async def test_an_administrator_decides_and_a_reader_suggests(world: World) -> None:
    assert "noté" in await said(world, "/merge 1 4", operator=False)
    assert "noté" in await said(world, "/split 1", operator=False)
    assert stories(world) == [1, 1, 1, 4]
    assert [(each.kind, each.a, each.b) for each in world.store.dossiers.suggestions()] == [
        ("must", 1, 4),
        ("never", 1, 1),
    ]
    assert "n’en font plus qu’un" in await said(world, "/fusionner 1 4")
    assert [each.kind for each in world.store.dossiers.suggestions()] == ["never"], "the other is done"
    assert "même sujet" in await said(world, "/fusionner 1 4")
    assert "Annulé" in await said(world, build(Press("uo", "3")))
    assert "plus rien à annuler" in await said(world, build(Press("uo", "3")))
    for text, operator in (("/fusionner 1 99", True), ("/separer 99", True), ("/separer 99", False)):
        assert "connais pas" in await said(world, text, operator=operator)
    assert "seul" in await said(world, "/separer 1")


def test_articles_are_counted_by_story(world: World) -> None:
    four = [ArticleId(each) for each in (1, 2, 3, 4)]
    assert world.store.digests.subjects(four) == 2
    assert world.store.digests.subjects([*four, ArticleId(999)]) == 3, "one without a story is one"
    assert world.store.digests.subjects([]) == 0
