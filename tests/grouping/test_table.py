"""Who is told what of a story, row by row: new, copied, retold, official, followed up, revised, old, beyond the cap."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digest import living
from bot.digest.official import published_by_official
from bot.messages.markup import visible
from matchers.model import Level
from storage.ids import ChatKey
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, FEEDS, LEADS, World, opened
from tests.storage.builders import NOW, a_chat, a_feed

DISPATCH = f"Nébulis obtient la qualification SecNumCloud. {prose('dépêche', 200)}"
TITLE = "Nébulis obtient la qualification SecNumCloud"
LEAD = "L’hébergeur nantais Nébulis a reçu de l’ANSSI la qualification SecNumCloud pour son offre."
FINED = "Medilia condamné pour avoir vanté SecNumCloud"
FINE = "L’éditeur Medilia paiera une amende pour publicité mensongère sur SecNumCloud."
APPEAL = "Medilia conteste l’amende sur SecNumCloud"
CONTEST = "L’éditeur Medilia fait appel de l’amende pour publicité mensongère."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


def sent(world: World) -> list[tuple[str, str, int | None]]:
    """What goes out: (lane, text, what it answers or edits)."""
    return [(lane, visible(message.html), about) for lane, message, about in world.send()]


def lanes(world: World) -> list[str]:
    return [lane for lane, _, _ in world.send()]


def follow_up(world: World) -> None:
    world.now += timedelta(days=5)
    world.article(1, APPEAL, "", summary=CONTEST, published=world.now)
    assert len({row[0] for row in world.rows("story")}) == 2
    assert len({row[1] for row in world.rows("story")}) == 1, "one dossier"


# --- new story -----------------------------------------------------------------------------------------------------
def test_new_story_is_one_message_with_its_sources(world: World) -> None:
    world.article(0, "La dépêche chez un agrégateur, SecNumCloud", DISPATCH, flags=("aggregator",))
    world.article(1, "SecNumCloud : l’article réservé", DISPATCH, flags=("paywalled",))
    world.article(2, "SecNumCloud : l’article libre", DISPATCH)
    world.article(3, "SecNumCloud : un autre libre", DISPATCH)
    ((lane, text, about),) = sent(world)
    assert (lane, about) == ("flash", None)
    assert "l’article libre" in text.splitlines()[0]
    assert text.count("+3 sources\u00a0: Source f0, Source f1 (site1.example), Source f3 (site3.example)") == 1


def test_two_watchlists_and_one_story_are_one_message_that_counts_both(world: World) -> None:
    world.article(0, TITLE, f"{DISPATCH} Le Cloud Act en toile de fond.")
    ((_, text, _),) = sent(world)
    assert text.endswith("⚡ Essai, +1 veille")


# --- copy, other text, official source -----------------------------------------------------------------------------
def test_copies_are_one_silent_edit_and_the_last_body_wins(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    for n in range(1, 13):
        world.article(n, TITLE, DISPATCH)
    ((lane, text, about),) = sent(world)
    assert (lane, about) == ("edit", 1001)
    assert "+12 sources" in text
    assert "et 4 autres" in text


@pytest.mark.parametrize("milestone", living.MILESTONES)
def test_another_text_rings_at_the_fifth_and_the_fifteenth(world: World, milestone: int) -> None:
    rings = []
    for n in range(milestone + 1):
        world.now += timedelta(minutes=61)
        world.article(n, f"{TITLE}, site {'abcdefghijklmnop'[n]}", prose(n, 60), summary=LEADS[n])
        rings.append("flash" in lanes(world))
    assert [n for n, rang in enumerate(rings, start=1) if rang] == [1, *(each for each in (5, 15) if each <= milestone)]


def test_an_official_source_leads_the_line_of_a_digest(world: World) -> None:
    for name in ENGINE.watchlists:
        world.store.chats.follow(world.chat.key, name, "daily", NOW)
    world.article(0, TITLE, DISPATCH)
    world.article(1, "SecNumCloud : décision de qualification", DISPATCH, host="cyber.gouv.fr")
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "daily")
    (item,) = world.store.digests.window(world.chat.key, ("daily",), levels).items
    assert (item.article.source_name, item.others) == ("Source f1", ("Source f0",))


def test_a_source_that_is_declared_official_leads_too(world: World) -> None:
    for name in ENGINE.watchlists:
        world.store.chats.follow(world.chat.key, name, "daily", NOW)
    feeds = [replace(a_feed(feed), name=f"Source {feed}") for feed in FEEDS]
    world.store.feeds.sync([feeds[0], replace(feeds[1], official=True), *feeds[2:]], NOW)
    world.article(0, TITLE, DISPATCH)
    world.article(1, "SecNumCloud : décision de qualification", DISPATCH)
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "daily")
    (item,) = world.store.digests.window(world.chat.key, ("daily",), levels).items
    assert (item.article.source_name, published_by_official(item.article)) == ("Source f1", True)


# --- follow-up -----------------------------------------------------------------------------------------------------
def test_a_follow_up_is_a_reply_to_the_message_before(world: World) -> None:
    world.article(0, FINED, "", summary=FINE)
    world.send()
    follow_up(world)
    ((lane, text, about),) = sent(world)
    assert (lane, about) == ("flash", 1001)
    assert text.startswith("↪ Suite · ")


def test_a_follow_up_of_a_muted_story_is_a_plain_message(world: World) -> None:
    world.article(0, FINED, "", summary=FINE, muted=True)
    follow_up(world)
    ((lane, text, about),) = sent(world)
    assert (lane, about) == ("flash", None)
    assert "Suite" not in text
    assert APPEAL in text


def test_a_follow_up_of_a_story_from_before_the_subscription_is_a_plain_message(world: World) -> None:
    world.article(0, FINED, "", summary=FINE)
    late = a_chat(world.store, 9)
    world.store.chats.follow(late.key, "essai", None, world.now)
    world.send()
    follow_up(world)
    assert [(about, text.startswith("↪ Suite")) for _, text, about in sent(world)] == [(1001, True), (None, False)]


# --- old news ------------------------------------------------------------------------------------------------------
def test_what_was_seen_before_the_subscription_is_neither_sent_nor_edited(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    late = a_chat(world.store, 9)
    world.store.chats.follow(late.key, "essai", None, world.now)
    world.article(1, TITLE, DISPATCH)
    assert [about for _, _, about in sent(world)] == [1001]
    assert {row[0] for row in world.rows("announcement")} == {world.chat.key}
    assert late.key != world.chat.key


def test_a_first_reading_is_silent_and_teaches_what_is_boilerplate(world: World) -> None:
    footer = prose("pied de page", 60)
    for n in range(20):
        world.article(0, f"SecNumCloud, numéro {n} : {prose(f't{n}', 5)}", f"{prose(n, 60)} {footer}", muted=True)
    assert lanes(world) == []
    world.article(0, "SecNumCloud : le premier qui soit nouveau", f"{prose('neuf', 60)} {footer}")
    world.article(1, "SecNumCloud : un tout autre sujet", f"{prose('autre', 60)} {footer}")
    assert lanes(world) == ["flash", "flash"]
    assert len({row[8] for row in world.rows("grouped")}) == 22, "nobody's copy"


def test_a_copy_that_comes_forty_five_days_later_joins_in_silence(world: World) -> None:
    world.store.chats.follow(world.chat.key, "essai", "daily", NOW)
    world.article(0, TITLE, DISPATCH)
    assert lanes(world) == [], "the digest has it"
    world.store.chats.follow(world.chat.key, "essai", "flash", NOW)
    world.now += timedelta(days=45)
    world.article(1, TITLE, DISPATCH, published=world.now)
    assert lanes(world) == []
    assert {row[9] for row in world.rows("grouped")} == {1}


# --- beyond the cap ------------------------------------------------------------------------------------------------
def test_beyond_the_quota_of_an_hour_the_rest_goes_to_the_digest(world: World) -> None:
    for n in range(7):
        world.article(n, f"{prose(f't{n}', 6)}", f"SecNumCloud {prose(n, 90)} SecNumCloud")
    flashes = sent(world)
    assert [lane for lane, _, _ in flashes] == ["flash"] * 5
    assert ["Plafond atteint" in text for _, text, _ in flashes] == [False] * 4 + [True]
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "flash")
    items = world.store.digests.window(ChatKey(world.chat.key), ("daily",), levels).items
    assert [item.flashed for item in items] == [True] * 5 + [False] * 2


# --- edits that can't be -------------------------------------------------------------------------------------------
def test_a_message_deleted_by_its_reader_is_never_sent_again(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    for n in (1, 2):
        world.now += timedelta(minutes=11)
        world.article(n, TITLE, DISPATCH)
        (edit,) = world.store.outbox.claim(world.now, "run", 10)
        assert edit.lane == "edit"
        world.store.outbox.muted(edit, "message to edit not found", world.now)
    assert lanes(world) == []


def test_what_joins_while_an_edit_is_in_flight_is_in_the_next_one(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    world.article(1, TITLE, DISPATCH)
    (flying,) = world.store.outbox.claim(world.now, "run", 10)
    world.article(2, TITLE, DISPATCH)
    world.article(3, TITLE, DISPATCH)
    world.store.outbox.sent(flying.id, 1001, world.now)
    assert "+1 source" in flying.body
    assert lanes(world) == [], "ten minutes apart"
    world.now += timedelta(minutes=11)
    ((lane, text, about),) = sent(world)
    assert (lane, about) == ("edit", 1001)
    assert "+3 sources" in text


def test_a_date_that_moves_at_each_poll_says_nothing_new(world: World) -> None:
    for hours in range(6):
        world.now = NOW + timedelta(hours=hours)
        world.article(0, TITLE, DISPATCH, key="k", published=world.now)
    assert lanes(world) == ["flash"]
