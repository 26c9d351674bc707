"""A reader's own term: read again, tried, followed, told at the hour of the digest, shown, handed over and deleted."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.daemon.own_terms import send_own_terms
from bot.messages.callback_data import Press, base36
from bot.model import Message
from bot.trials.findings import Weighed
from bot.trials.own_terms import matching, quoted, refusal
from storage.articles.model import StoredArticle
from storage.ids import ArticleId
from tests.bot.conversation.world import GROUP, NOW, READER, World
from tests.bot.digest.builders import article
from tests.bot.digest.telegram_html import read

NBSP = "\u00a0"


def weighed(hits: int, of: int = 1_000) -> Weighed:
    return Weighed("", hits, of, of, 30, NOW - timedelta(days=30), 0, ())


async def follow(world: World, term: str, hits: int = 3, chat: int = READER) -> str:
    world.weighed = weighed(hits)
    await world.says(f'/suivre "{term}"', chat=chat)
    return world.screen.last


def terms(world: World, chat: int = READER) -> list[str]:
    return [each.term for each in world.store.own_terms.of(world.chat(chat).key)]


# --- asked for -----------------------------------------------------------------------------------------------------
async def test_a_term_is_tried_on_the_archive_and_followed(world: World) -> None:
    said = await follow(world, "hébergeur  certifié")
    assert said.startswith(f"✓ Vous suivez le terme «{NBSP}hébergeur certifié{NBSP}».")
    assert "3 articles (3,0 pour 1\u202f000)" in said
    assert terms(world) == ["hébergeur certifié"]
    await follow(world, "hébergeur certifié")
    assert terms(world) == ["hébergeur certifié"], "asked for twice, it is followed once"


async def test_a_term_is_followed_by_a_press_and_the_words(world: World) -> None:
    world.weighed = weighed(3)
    await world.says("/veilles")
    (key,) = [each for row in world.screen.shown[-1][1].buttons for each in row if each.text == "+ Un terme à suivre"]
    await world.presses(key.data)
    assert world.screen.shown[-1][1].ask
    await world.says("hébergeur certifié")
    await world.says("/terme")
    await world.says("«\u00a0cloud de confiance\u00a0»")
    assert terms(world) == ["hébergeur certifié", "cloud de confiance"]
    await world.says("/term third term", language="en")
    for number in (4, 5):
        await world.says(f"/terme mot suivi {number}")
    await world.says("/veilles")
    assert "+ Un terme" not in str(world.screen.shown[-1][1].buttons)


@pytest.mark.parametrize(
    ("term", "because"),
    [
        ("le", "trop court"), ("a b", "trop court"), ("x" * 61, "trop long"), ("Dans", "mot de tous les jours"),
        ("cette", "mot de tous les jours"), ("^nom", "un signe"), ("a OR (b)", "un signe"), ("@cnil", "un signe"),
        ("HDS*", "un signe"), ("title:HDS", "un signe"),
    ],
)  # fmt: skip
async def test_what_is_no_term_is_refused_in_a_line_and_never_tried(world: World, term: str, because: str) -> None:
    assert because in await follow(world, term)
    assert not world.store.chats.find(READER) or terms(world) == []


async def test_a_term_that_would_be_found_everywhere_is_refused_with_its_figure(world: World) -> None:
    assert "34 articles en un mois (34,0 pour 1\u202f000)" in await follow(world, "santé numérique", hits=34)
    assert terms(world) == []
    assert "✓" in await follow(world, "santé numérique", hits=20)


async def test_a_chat_has_five_terms_and_frees_one_by_a_press(world: World) -> None:
    for number in range(5):
        assert "✓" in await follow(world, f"terme {number}")
    assert "5 termes au plus" in await follow(world, "terme 6")
    assert [row[0].text for row in world.screen.shown[-1][1].buttons] == [f"✕ terme {number}" for number in range(5)]
    await world.presses(str(world.screen.shown[-1][1].buttons[1][0].data))
    assert terms(world) == ["terme 0", "terme 2", "terme 3", "terme 4"]
    assert "terme 1" not in world.screen.edited[-1][2].html
    assert "✓" in await follow(world, "terme 6")


async def test_a_term_that_is_a_watchlist_by_name_is_that_watchlist(world: World) -> None:
    await world.says('/suivre "hds"')
    assert list(world.following()) == ["hds"]
    assert terms(world) == []


async def test_in_a_group_only_administrators_follow_or_drop_a_term_and_chats_keep_to_their_own(world: World) -> None:
    world.weighed = weighed(1)
    await world.says('/suivre "hébergeur certifié"', chat=GROUP)
    assert world.store.chats.find(GROUP) is None
    world.screen.admins = {READER}
    await follow(world, "hébergeur certifié", chat=GROUP)
    await follow(world, "autre terme")
    (group,) = world.store.own_terms.of(world.chat(GROUP).key)
    await world.presses(Press("xt", base36(group.number + 9)))
    await world.presses(Press("xt", base36(group.number)), user=9)
    assert terms(world, GROUP) == ["hébergeur certifié"], "a number of another chat drops nothing"


# --- shown, handed over, deleted -----------------------------------------------------------------------------------
async def test_terms_are_shown_with_the_lists_exported_and_deleted(world: World) -> None:
    await follow(world, "R&D santé")
    await world.says("/veilles")
    assert f"Vos termes, chaque jour avec le digest\n• «{NBSP}R&D santé{NBSP}»" in world.screen.last
    assert world.screen.shown[-1][1].buttons[-2][0].text == "✕ R&D santé"
    await world.says("/export")
    kept = json.loads(dict(world.screen.files)["vigie.json"])
    assert [row["term"] for row in kept["own_term"]] == ["R&D santé"]
    await world.says("/stop oui")
    with closing(sqlite3.connect(world.store.database.path)) as raw:
        assert raw.execute("SELECT count(*) FROM own_term").fetchone() == (0,)


# --- told ----------------------------------------------------------------------------------------------------------
def live(world: World) -> Any:
    ports = SimpleNamespace(store=world.store, offload=world.offload, clock=lambda: world.now)
    return SimpleNamespace(ports=ports)


async def told(world: World, at: datetime) -> list[str]:
    """What a chat is told at that moment, asked twice."""
    world.now = at
    await send_own_terms(live(world))
    await send_own_terms(live(world))
    claimed = world.store.outbox.claim(world.now, "run", 50)
    for each in claimed:
        world.store.outbox.sent(each.id, 1, world.now)
    return [read(Message.from_json(each.body).html).text for each in claimed if each.item.startswith("t")]


async def test_what_a_term_found_is_told_once_at_the_hour_of_the_digest(world: World) -> None:
    world.publish("hds", "Un hébergeur certifié, d’avant")
    await follow(world, "hébergeurs certifiés")
    world.publish("hds", "Cirrova, hébergeur certifié")
    world.publish("hds", "Un titre sans rien")
    eight = (world.now + timedelta(days=1)).replace(hour=7, minute=5)
    assert await told(world, eight.replace(hour=6)) == []
    (said,) = await told(world, eight)
    assert said.splitlines()[0] == "🔎 Vos termes"
    assert f"«{NBSP}hébergeurs certifiés{NBSP}» (1 sujet)" in said
    assert "• Cirrova, hébergeur certifié — Le Fil" in said
    assert "d’avant" not in said
    assert await told(world, eight + timedelta(hours=3)) == []
    assert await told(world, eight + timedelta(days=1)) == [], "nothing new, nothing said"
    world.publish("hds", "Nébulis aussi, hébergeur certifié")
    (said,) = await told(world, eight + timedelta(days=2))
    assert "Nébulis" in said
    assert "Cirrova" not in said


async def test_why_an_article_came_names_the_term_that_found_it(world: World) -> None:
    await follow(world, "R&D certifiée")
    await follow(world, "autre terme")
    world.publish("hds", "Cirrova, une R&D certifiée")
    await world.presses(Press("y", base36(1)))
    assert f"Votre terme «{NBSP}R&D certifiée{NBSP}» s’y trouve." in world.screen.last
    assert "autre terme" not in world.screen.last
    await world.presses(Press("y", base36(1)), chat=8, user=8)
    assert "Votre terme" not in world.screen.last, "a term is its reader's"


async def test_a_chat_that_left_is_told_nothing(world: World) -> None:
    await follow(world, "hébergeur certifié")
    world.publish("hds", "Cirrova, hébergeur certifié")
    world.store.chats.leave(READER, world.now)
    assert await told(world, (world.now + timedelta(days=1)).replace(hour=7, minute=5)) == []


def stored(number: int, title: str) -> StoredArticle:
    return article(id=ArticleId(number), title=title, text="")


def test_terms_are_read_as_the_watchlists_are() -> None:
    held = matching(
        ["santé publique", "R&D", "l'hôpital"],
        [stored(1, "La SANTE PUBLIQUE\u00a0!"), stored(2, "Rien"), stored(3, "R&D à l’hôpital, santés publiques")],
    )
    assert held == {1: {"santé publique"}, 3: {"R&D", "l'hôpital", "santé publique"}}
    assert matching([], [stored(1, "Rien")]) == {}


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ('"HDS"', "HDS"), ("«\u00a0hébergeur  certifié\u00a0»", "hébergeur certifié"), ("“Cloud Act”", "Cloud Act"),
        (" 'x y' ", "x y"), ("hds", None), ('"a" flash', None), ('""', None), ('"', None), ("«»", None),
    ],
)  # fmt: skip
def test_a_term_stands_between_quotation_marks_of_any_kind(said: str, term: str | None) -> None:
    assert quoted(said) == term


@pytest.mark.parametrize(
    "term", ["HDS", "l’hôpital", "données de santé", "NIS 2", "art. 28", "R&D santé", "50 % du marché", "été", "Loi"]
)
def test_plain_words_are_terms(term: str) -> None:
    assert refusal(term) is None
