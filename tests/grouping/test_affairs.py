"""What people put together and apart, and the timelines they read."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import affairs, commands
from bot.conversation.model import Dossier, Merge, Scene, Split, Undo, View
from bot.digest import living
from bot.digest.markup import visible
from bot.model import Incoming
from storage.model import ArticleId
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, World, opened

ONE, TWO = ArticleId(1), ArticleId(2)
RETELL = living.teller(ENGINE.watchlists)
TEXT = f"SecNumCloud. {prose('affaire', 150)}"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three copies in one story, and another story."""
    with opened(tmp_path) as made:
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
    made = world.store.affairs.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert made is not None
    before = stories(world), figures(world), world.rows("story_term")
    order = world.store.affairs.split(ArticleId(4), 7, RETELL, world.now)
    assert order is not None
    assert stories(world) == [1, 1, 1, 4]
    assert figures(world) == {1: (3, 1), 4: (1, 1)}
    assert world.store.affairs.undo(order.number, affairs.UNDO, RETELL, world.now)
    assert (stories(world), figures(world), world.rows("story_term")) == before
    assert not world.store.affairs.undo(order.number, affairs.UNDO, RETELL, world.now)


def test_two_stories_become_one_and_two_again(world: World) -> None:
    order = world.store.affairs.merge(ArticleId(4), TWO, 7, RETELL, world.now)
    assert order is not None
    assert stories(world) == [1, 1, 1, 1]
    assert world.store.affairs.merge(ONE, TWO, 7, RETELL, world.now) is None
    late = world.now + timedelta(minutes=11)
    assert not world.store.affairs.undo(order.number, affairs.UNDO, RETELL, late)
    assert world.store.affairs.undo(order.number, affairs.UNDO, RETELL, world.now)
    assert stories(world) == [1, 1, 1, 4]


def test_the_first_article_of_a_story_may_leave_it_too(world: World) -> None:
    world.store.affairs.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    assert world.store.affairs.split(ONE, 7, RETELL, world.now) is not None
    assert stories(world) == [1, 1, 1, 4]


def test_who_is_alone_with_his_copies_has_nothing_to_leave(world: World) -> None:
    assert world.store.affairs.split(TWO, 7, RETELL, world.now) is None
    assert world.store.affairs.split(ArticleId(99), 7, RETELL, world.now) is None


def test_a_copy_that_comes_later_follows_the_order(world: World) -> None:
    world.store.affairs.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    world.article(5, "Le Cloud Act encore", prose("autre", 150))
    assert stories(world)[-1] == 1
    world.store.affairs.split(ArticleId(4), 7, RETELL, world.now)
    assert stories(world) == [1, 1, 1, 4, 4]
    world.article(6, "Le Cloud Act toujours", prose("autre", 150))
    assert stories(world)[-1] == 4


def test_an_order_edits_the_message_and_announces_nothing(world: World) -> None:
    world.now += timedelta(minutes=11)
    world.store.affairs.merge(ONE, ArticleId(4), 7, RETELL, world.now)
    world.now += timedelta(minutes=11)
    sent = world.send()
    assert {lane for lane, _, _ in sent} == {"edit"}
    assert any("+3 sources" in message.html for _, message, _ in sent)


def test_the_reasons_of_an_article_are_kept_in_order(world: World) -> None:
    first, second = world.store.affairs.reasons(ONE)
    assert (first.level, first.rule, second.level, second.rule) == ("new", "own-text", "new", "first")
    (copy,) = world.store.affairs.reasons(TWO)
    assert (copy.level, copy.rule, copy.target) == ("copy", "same-content", 1)
    assert copy.numbers["containment"] == 1_000_000


# --- in a chat -----------------------------------------------------------------------------------------------------
def asked(text: str, *, operator: bool = True) -> Any:
    view = View("fr", ENGINE.watchlists)
    scene = Scene(view, may_change=True, private=True, operator=operator)
    return commands.reply(Incoming("message", 5, "private", text=text), scene).change


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("/dossier", Dossier()),
        ("/affair 12", Dossier("12")),
        ("/separer 3", Split("3", True)),
        ("/split https://a.example/3", Split("https://a.example/3", True)),
        ("/fusionner 1 4", Merge("1", "4", True)),
        ("/merge 1 4", Merge("1", "4", True)),
    ],
)
def test_commands_are_understood(text: str, change: Any) -> None:
    assert asked(text) == change


@pytest.mark.parametrize("text", ["/separer", "/fusionner", "/fusionner 1"])
def test_what_is_missing_is_asked(text: str) -> None:
    assert asked(text).question


async def said(world: World, change: Any, language: Any = "fr") -> str:
    async def offload(function: Any, *arguments: Any) -> Any:
        return function(*arguments)

    shell = affairs.Affairs(world.store, offload, lambda: world.now)
    message = await shell.do(change, View(language, ENGINE.watchlists, world.chat), 7)
    return visible(message.html)


async def test_open_affairs_are_listed_and_one_opens(world: World) -> None:
    told = await said(world, Dossier())
    assert "/dossier 1 · Nébulis qualifié SecNumCloud — 1 sujet, 3 articles, " in told
    assert "/dossier 4 · Le Cloud Act en procès" in told
    opened_one = await said(world, Dossier("n° 2"))
    assert opened_one.startswith("Dossier n°\u00a01\n\n")
    assert opened_one.endswith("Nébulis qualifié SecNumCloud\nn° 1 Source f0, n° 2 Source f1, n° 3 Source f2")
    assert "connais pas" in await said(world, Dossier("https://nulle.example/part"))
    world.now += timedelta(days=31)
    assert "Aucune affaire ouverte" in await said(world, Dossier())
    assert "No open affair" in await said(world, Dossier(), "en")


async def test_a_long_affair_shows_its_newest_stories(world: World) -> None:
    chapters = world.store.affairs.timeline(1) * 60
    told = visible(affairs.timeline(View("fr", ENGINE.watchlists), chapters).html)
    assert len(told) < 3_900
    assert "sujets plus anciens" in told


async def test_an_administrator_decides_and_a_reader_suggests(world: World) -> None:
    assert "noté" in await said(world, Merge("1", "4", decides=False))
    assert "noté" in await said(world, Split("1", decides=False))
    assert stories(world) == [1, 1, 1, 4]
    assert [(each.kind, each.a, each.b) for each in world.store.affairs.suggestions()] == [
        ("must", 1, 4),
        ("never", 1, 1),
    ]
    assert "n’en font plus qu’un" in await said(world, Merge("1", "4", decides=True))
    assert "même sujet" in await said(world, Merge("1", "4", decides=True))
    assert "Annulé" in await said(world, Undo(3))
    assert "plus rien à annuler" in await said(world, Undo(3))
    for change in (Merge("1", "99", True), Split("99", True), Split("99", False)):
        assert "connais pas" in await said(world, change)
    assert "seul" in await said(world, Split("1", decides=True))
