"""What may have been told already: one line below the message of that story, and a person who says which it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import grouping
from bot.briefs.text import BriefMaterial, document
from bot.digest import living
from bot.digest.compose import Printer
from bot.messages.markup import visible
from bot.model import Message
from matchers.model import Level
from matchers.stories.grouping import Grouping
from storage.changes.model import Scope, Span
from storage.chats.model import Choices
from storage.ids import ArticleId
from storage.stories.announcements import DOUBTED
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, NEWSROOM, World, opened
from tests.storage.builders import NOW, a_chat

RETELL = living.teller(ENGINE.watchlists)
WARY = replace(NEWSROOM, judge=grouping.Grouper(Grouping(bar=5_900_000, bar_crowd=0, doubt=20_000_000)))
"""Doubts whatever has a word in common."""

TITLE = "Nébulis ouvre son offre SecNumCloud à Lyon"
LEAD = "L’hébergeur Nébulis inaugure mardi un centre de données."
DOUBTFUL = (
    ("Nébulis : la région lyonnaise attend SecNumCloud", "Les élus saluent des emplois."),
    ("Lyon : les salariés de Nébulis et SecNumCloud", "Une prime est en discussion."),
    ("À Lyon, Nébulis parle de SecNumCloud aux écoles", "Des classes visitent le site."),
    ("Nébulis, SecNumCloud et les vignerons de Lyon", "Une cave jouxte le centre de données."),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


def told(world: World) -> list[tuple[str, str, int | None]]:
    return [(lane, visible(message.html), about) for lane, message, about in world.send()]


def unsure(world: World) -> list[int]:
    """The stories that are in doubt."""
    return [row[0] for row in world.rows("story") if row[-1]]


def in_doubt(world: World, n: int = 0) -> None:
    """An article comes that may tell the event of article 1."""
    world.newsroom = WARY
    title, lead = DOUBTFUL[n]
    world.now += timedelta(hours=1)
    world.article(n + 1, title, prose(n, 60), summary=lead, published=world.now)


def test_what_may_have_been_told_is_one_line_below_that_message(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    assert unsure(world) == [2]
    ((lane, message, about),) = world.send()
    assert (lane, about) == ("flash", 1001)
    first, second = visible(message.html).splitlines()
    assert first == f"↪ Même fait que «\u00a0{TITLE}\u00a0»\u00a0?", "though the message above may have been deleted"
    assert second == f"{DOUBTFUL[0][0]} — Source f1"
    assert [key.text for row in message.buttons for key in row] == [
        "Même événement",
        "Autre événement",
        "Pourquoi\u00a0?",
    ]


def test_a_chat_that_has_no_message_of_that_story_gets_a_plain_one(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD, muted=True)
    in_doubt(world)
    ((lane, text, about),) = told(world)
    assert (lane, about) == ("flash", None)
    assert "Même fait" not in text


def test_no_more_than_three_of_one_affair_are_said(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    for n in range(4):
        in_doubt(world, n)
    assert len(unsure(world)) == 4
    assert sum("Même fait" in text for _, text, _ in told(world)) == living.DOUBTS == 3
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "flash")
    items = world.store.digests.window(world.chat.key, ("daily",), levels).items
    assert len(items) == len({row[0] for row in world.rows("story")}), "the digest has them all"
    window = world.store.digests.window(world.chat.key, ("daily",), levels)
    digest = Printer(ENGINE.watchlists, world.now).digest(window, world.chat, ("daily",), "2026-11-25")
    assert digest.deliveries
    message = digest.deliveries[0].body
    assert isinstance(message, Message)
    (line,) = [each for each in visible(message.html).splitlines() if each.startswith("1. ")]
    assert f"peut-être le même fait que «\u00a0{TITLE}" in line


def test_the_last_one_for_now_says_so_in_doubt_too(world: World) -> None:
    world.store.chats.settings(world.chat.key, Choices(per_day=2))
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    ((_, text, _),) = told(world)
    assert text.splitlines()[-1].startswith("Plafond atteint")
    in_doubt(world, 1)
    assert told(world) == []


def test_a_doubt_names_the_story_in_every_place_and_after_every_edit(world: World) -> None:
    place = world.store.chats.arrive(-5, "elsewhere", "fr", NOW)
    for name in ENGINE.watchlists:
        world.store.chats.follow(place.key, name, None, NOW)
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    assert [f"Même fait que «\u00a0{TITLE}\u00a0»" in text for _, text, _ in told(world)] == [True, True]
    world.now += timedelta(hours=1)
    world.article(7, DOUBTFUL[0][0], prose(0, 60), summary=DOUBTFUL[0][1], published=world.now)
    edits = [text for lane, text, _ in told(world) if lane == "edit"]
    assert edits
    assert all(f"Même fait que «\u00a0{TITLE}\u00a0»" in text for text in edits)


def daily(world: World) -> str:
    """The digest of the chat, as it reads."""
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "daily")
    window = world.store.digests.window(world.chat.key, ("daily",), levels)
    digest = Printer(ENGINE.watchlists, world.now).digest(window, world.chat, ("daily",), "2026-11-25")
    return "\n".join(visible(each.body.html) for each in digest.deliveries if isinstance(each.body, Message))


def test_among_what_was_sent_a_doubt_stands_below_the_story_that_it_may_be(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    world.send()
    sent = daily(world).partition("Déjà envoyé en flash")[2].splitlines()[1:]
    assert sent == [f"• {TITLE}", f"\u00a0\u00a0\u00a0· aussi sur ce dossier\u00a0: {DOUBTFUL[0][0]}"]


def test_what_has_changed_and_a_brief_say_of_a_doubt_which_event_it_may_be(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    in_doubt(world)
    span = Span(NOW - timedelta(days=1), world.now + timedelta(hours=1))
    assert [fact.near for fact in world.store.chronicle(span, Scope()).facts if fact.kind == "story"] == ["", TITLE]
    stories = world.store.briefs.stories(span, Scope())
    assert [each.near for each in stories] == ["", TITLE]
    brief = BriefMaterial(span, stories, {}, None)
    said = [block.text for block in document(brief, ENGINE.watchlists) if "peut-être le même fait que" in block.text]
    assert len(said) == 2, "in short, and in detail"
    (count,) = [block.text for block in document(brief, ENGINE.watchlists) if block.text.startswith("2 sujets")]
    assert count == "2 sujets, dont 1 peut-être du même fait qu’un autre"
    world.store.dossiers.other_event(ArticleId(2), 7, RETELL, world.now)
    assert [each.near for each in world.store.briefs.stories(span, Scope())] == ["", ""]


def test_no_authority_tells_an_event_of_which_nobody_is_sure_that_it_does(world: World) -> None:
    """Its text stands in the story, but bears out nothing of the first."""
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.article(1, TITLE, prose("b", 60), host="cnil.fr", summary="La Cnil publie sa lettre.")
    span = Span(NOW - timedelta(days=1), world.now + timedelta(hours=1))
    with world.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE grouped SET story_id = 1, copy_of = article_id, backs = 0")
    assert [(each.official, each.article.id) for each in world.store.briefs.stories(span, Scope())] == [(False, 1)]
    with world.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE grouped SET backs = 1")
    assert [(each.official, each.article.id) for each in world.store.briefs.stories(span, Scope())] == [(True, 2)]


def test_what_was_in_doubt_a_week_ago_silences_nothing(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    for n in range(living.DOUBTS):
        in_doubt(world, n)
    world.send()
    assert len(unsure(world)) == living.DOUBTS
    world.now += DOUBTED
    title = "Nébulis : des lycéens de Lyon découvrent SecNumCloud"
    world.article(9, title, prose("z", 60), summary="Les élus saluent la visite.", published=world.now)
    assert len(unsure(world)) == living.DOUBTS + 1
    ((_, text, _),) = told(world)
    assert "Même fait" in text


def test_the_same_event_makes_one_story_of_the_two(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    world.send()
    order = world.store.dossiers.same_event(ArticleId(2), 7, RETELL, world.now)
    assert order is not None
    assert {row[9] for row in world.rows("grouped")} == {1}
    assert world.store.dossiers.same_event(ArticleId(2), 7, RETELL, world.now) is None
    assert world.store.dossiers.undo(order.number, timedelta(minutes=10), RETELL, world.now)
    assert {row[9] for row in world.rows("grouped")} == {1, 2}


def test_another_event_is_a_story_that_follows_and_may_be_taken_back(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    world.send()
    order = world.store.dossiers.other_event(ArticleId(2), 7, RETELL, world.now)
    assert order is not None
    assert unsure(world) == []
    ((lane, text, _),) = told(world)
    assert lane == "edit"
    assert text.startswith("↪ Suite · ")
    assert world.store.dossiers.undo(order.number, timedelta(minutes=10), RETELL, world.now)
    assert unsure(world) == [2]


def test_what_was_put_together_and_then_apart_is_in_doubt_no_more(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    in_doubt(world)
    world.send()
    world.store.dossiers.same_event(ArticleId(2), 7, RETELL, world.now)
    world.now += timedelta(hours=1)
    world.send()
    assert world.store.dossiers.split(ArticleId(2), 7, RETELL, world.now)
    assert unsure(world) == []
    assert not any("Même fait" in text for _, text, _ in told(world)), "nobody is asked again"


def test_a_person_who_has_decided_is_never_overruled(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    in_doubt(world)
    world.store.dossiers.same_event(ArticleId(2), 7, RETELL, world.now)
    world.now += timedelta(hours=1)
    world.article(5, DOUBTFUL[0][0], prose(0, 60), summary=DOUBTFUL[0][1], published=world.now)
    assert {row[9] for row in world.rows("grouped")} == {1}, "its copy goes where the person put it"


def test_a_digest_shows_it_below_the_story_that_it_may_be(world: World) -> None:
    chat = a_chat(world.store, 9)
    for name in ENGINE.watchlists:
        world.store.chats.follow(chat.key, name, "daily", NOW - timedelta(days=1))
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    in_doubt(world)
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "daily")
    items = world.store.digests.window(chat.key, ("daily",), levels).items
    assert [(item.story, item.beside, item.others) for item in items] == [(1, 0, ()), (2, 1, ())]


@pytest.mark.parametrize(("backs", "copy", "called"), [(True, False, True), (False, True, True), (False, False, False)])
def test_an_authority_is_called_so_only_where_it_surely_tells_the_event(
    world: World, backs: bool, copy: bool, called: bool
) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.article(1, f"{TITLE}, mardi", prose("b", 60), summary=LEAD)
    ((first, second),) = (chapter.sources for chapter in world.store.dossiers.timeline(1))
    authority = replace(second, host="cnil.fr", backs=backs, copy=copy)
    assert ("source officielle" in living.sources_line((first, authority), first, "fr")) is called


def test_a_text_that_surely_tells_the_event_counts_and_a_doubtful_one_does_not(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.article(1, f"{TITLE}, mardi", prose("b", 60), summary="Nébulis reçoit mardi des élus dans ses salles.")
    in_doubt(world, 1)
    (first, *_) = world.store.dossiers.timeline(1)
    assert [(source.backs, source.copy) for source in first.sources] == [(False, False), (True, False)]
    assert [chapter.beside for chapter in world.store.dossiers.timeline(1)] == [None, 1]
