"""How Vigie is, its sources and its pause, asked in a chat."""

from datetime import timedelta

import pytest

from bot.config.yamlfile import ConfigProblem
from bot.conversation.callback import Press, token
from bot.tools.backtest import Trial
from matchers.backtest import Change
from tests.bot.conversation.world import ADMIN, READER, World
from tests.bot.digest.telegram_html import read


@pytest.fixture
def operated(world: World) -> World:
    world.door.admins = frozenset({ADMIN})
    world.publish("hds", "Un article")
    return world


def labels(world: World) -> list[str]:
    return [key.text for row in world.screen.shown[-1][1].buttons for key in row]


async def test_status_says_what_is_read_and_when_the_next_digest_comes(operated: World) -> None:
    await operated.says("/etat")
    assert operated.screen.last.splitlines() == [
        "État", "1 article lu depuis 24 h", "0 veille suivie ici", "0 message en attente d’envoi",
        "Aucun digest prévu ici\u00a0: /veilles", "Toutes les sources répondent.",
    ]  # fmt: skip
    await operated.says("/start")
    await operated.says("/status")
    assert "3 veilles suivies ici" in operated.screen.last
    assert "Prochain digest\u00a0: mer. 25 nov. 08:00" in operated.screen.last


@pytest.mark.parametrize("text", ["/sources", "/pause 2h", "/essai"])
async def test_only_an_operator_runs_vigie(operated: World, text: str) -> None:
    await operated.says(text)
    assert operated.screen.last == "Seuls les administrateurs de Vigie peuvent faire cela."
    await operated.presses(Press("xd", token("f"), "0"))
    assert operated.screen.notices[-1] == ("c1", "Ce menu a changé, le voici.")


async def test_a_source_is_read_now_or_left_alone_for_a_day(operated: World) -> None:
    await operated.says("/sources", chat=ADMIN, user=ADMIN)
    assert labels(operated) == ["● Le Fil"]
    await operated.presses(Press("x", token("f")), chat=ADMIN, user=ADMIN)
    assert "Le Fil" in operated.screen.edited[-1][2].html
    due = {}
    for hours in ("0", "24"):
        await operated.presses(Press("xd", token("f"), hours), chat=ADMIN, user=ADMIN)
        ((_, state),) = operated.store.feeds.overview()
        due[hours] = state.due_at - operated.now
    assert due == {"0": timedelta(0), "24": timedelta(hours=24)}
    await operated.presses(Press("x", token("partie")), chat=ADMIN, user=ADMIN)
    assert read(operated.screen.edited[-1][2].html).text == "Sources · 1"


async def test_a_pause_holds_sending_and_ends_by_itself(operated: World) -> None:
    await operated.says("/suivre secnumcloud flash")
    await operated.says("/pause 2h", chat=ADMIN, user=ADMIN)
    assert operated.publish("secnumcloud", "Pendant la pause") == 1
    assert operated.queued() == []
    await operated.says("/etat")
    assert "⏸ Envois en pause jusqu’au mar. 24 nov. 11:40" in operated.screen.last
    operated.now += timedelta(hours=2)
    assert len(operated.queued()) == 1
    await operated.says("/etat")
    assert "⏸" not in operated.screen.last


@pytest.mark.parametrize("text", ["/pause", "/pause demain", "/pause 0m", "/pause 25h"])
async def test_a_pause_has_a_length(operated: World, text: str) -> None:
    await operated.says(text, chat=ADMIN, user=ADMIN)
    assert "/pause 30m" in operated.screen.last


async def test_help_shows_the_everyday_commands_then_all(operated: World) -> None:
    await operated.says("/aide")
    assert [line.split()[0] for line in operated.screen.last.splitlines()] == [
        "/veilles", "/digest", "/recherche", "/pourquoi", "/reglages", "/aide",
    ]  # fmt: skip
    await operated.presses(Press("h", "all"))
    everything = read(operated.screen.edited[-1][2].html).text
    assert "/manque" in everything
    assert "/sources" not in everything
    await operated.presses(Press("h", "all"), chat=ADMIN, user=ADMIN)
    assert "/sources" in read(operated.screen.edited[-1][2].html).text
    assert operated.store.chats.find(READER) is None


def a_change(title: str, *, gained: bool) -> Change:
    return Change("1", title, "hds", gained, ("santé",), "santé, titre")


async def test_a_trial_tells_what_each_list_would_gain_and_lose(operated: World) -> None:
    gained = tuple(a_change(f"Gagné {n} <b>", gained=True) for n in range(7))
    changes = {"hds": (*gained, a_change("Perdu", gained=False))}
    operated.tried = Trial(changes, 212, 30, operated.now - timedelta(days=3))
    await operated.says("/essai", chat=ADMIN, user=ADMIN)
    assert operated.screen.last.splitlines() == [
        "Les fichiers contre les veilles en vigueur, sur 30 jours\u00a0: 212 articles relus",
        "L’archive est plus courte\u00a0: elle commence le samedi 21 novembre.", "",
        "hds  +7 −1", *(f"+ Gagné {n} <b>" for n in range(5)), "− Perdu", "",
        "Rien n’a changé encore\u00a0: /recharger met ces fichiers en vigueur.",
    ]  # fmt: skip


async def test_a_trial_of_many_lists_stays_one_message(operated: World) -> None:
    changes = tuple(a_change("Un titre " * 30, gained=gained) for gained in (True, False) for _ in range(9))
    operated.tried = Trial({f"veille-{n:02d}": changes for n in range(25)}, 9_000, 30)
    await operated.says("/backtest", chat=ADMIN, user=ADMIN, language="en")
    said = operated.screen.last
    assert len(said) < 4_000
    assert "veille-19  +9 −9" in said
    assert "and 5 other watchlists (vigie backtest)" in said


async def test_a_trial_that_changes_nothing_or_can_t_be_made_says_so(operated: World) -> None:
    await operated.says("/essai", chat=ADMIN, user=ADMIN)
    assert operated.screen.last.splitlines()[-1] == "Aucune veille ne gagnerait ni ne perdrait d’article."
    operated.tried = (ConfigProblem("watchlists/hds.yaml", "clé inconnue « anny »", 3, 1),)
    await operated.says("/essai", chat=ADMIN, user=ADMIN)
    assert operated.screen.last.splitlines()[0] == "⛔ Les fichiers ont des erreurs\u00a0: rien n’a été essayé."
    assert "watchlists/hds.yaml:3:1" in operated.screen.last
