"""« Qu’est-ce qui a changé ? », as a reader asks and is told."""

from datetime import timedelta

import pytest

from bot.changes import net
from bot.conversation.changes_view import shown
from bot.conversation.model import View
from bot.messages.callback_data import Press
from bot.messages.texts import Language
from storage.changes.model import Chronicle, Fact, FactKind, Span
from storage.ids import FeedId
from storage.operators.model import NewNotice
from tests.bot.conversation.world import World
from tests.bot.digest.builders import NOW
from tests.bot.digest.telegram_html import read

HDS = "watchlists/hds.yaml"


def lines(world: World) -> list[str]:
    return world.screen.last.splitlines()


async def test_events_sources_and_watchlists_are_told_since_a_day(world: World) -> None:
    world.publish("hds", "Un entrepôt change d’hébergeur")
    hour = timedelta(hours=1)
    for number, content in enumerate(('{"any":["a"]}', '{"any":["a","b"],"threshold":5}')):
        world.store.feeds.sync([], world.now + number * hour, {HDS: content})
    world.now += 30 * hour
    await world.says("/depuis hier")
    assert lines(world)[0] == "Ce qui a changé du mar. 24 nov. 00:00 au mer. 25 nov. 15:40"
    assert "1 source a changé d’état" in lines(world)
    assert any(line.startswith("• Le Fil\u00a0: n’est plus suivie") for line in lines(world))
    assert any("any +1, threshold – → 5" in line for line in lines(world))


async def test_a_silent_source_is_told_so_that_silence_is_not_taken_for_calm(world: World) -> None:
    world.publish("hds", "Un entrepôt change d’hébergeur")
    world.store.notices.put(FeedId("f"), (NewNotice("dead", "404", world.now),), (), world.now)
    world.now += timedelta(days=2)
    await world.says("/depuis 7 jours")
    assert "• Le Fil\u00a0: morte, ne répond plus (mar. 24 nov. 09:40)" in lines(world)
    assert lines(world)[1] == "Rien n’a été lu avant le mar. 24 nov. 09:40\u00a0: ce silence n’est pas du calme."
    world.store.notices.put(FeedId("f"), (), ("dead",), world.now)
    world.now += timedelta(days=1)
    await world.says("/depuis 7 jours")
    assert any("Le Fil\u00a0: revenu à l’état initial (2 changements" in line for line in lines(world))


@pytest.mark.parametrize("asked", ["/depuis lundi", "/since monday", "Qu’est-ce qui a changé depuis lundi ?",
                                   "/depuis lundi hds", "/depuis hds lundi", "/depuis"])  # fmt: skip
async def test_it_is_asked_in_many_ways(world: World, asked: str) -> None:
    world.publish("hds", "Un entrepôt change d’hébergeur")
    await world.says(asked)
    assert lines(world)[0].startswith("Ce qui a changé du ")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/depuis demain", "Ce jour n’est pas encore venu\u00a0: mer. 25 nov. 00:00."),
        (
            "/depuis la <b>nuit</b> des temps",
            "Je ne comprends pas ce jour\u00a0: «\u00a0la <b>nuit</b> des temps\u00a0».",
        ),
        ("/depuis lundi dossier 999", "Je ne connais pas cet article."),
    ],
)
async def test_what_can_not_be_answered_is_one_line(world: World, asked: str, answer: str) -> None:
    await world.says(asked)
    (line,) = lines(world)
    assert line.startswith(answer)


async def test_all_of_many_lines_comes_as_a_file(world: World) -> None:
    for number in range(30):
        world.store.notices.put(FeedId("f"), (), (), world.now)
        contents = {f"watchlists/l{each}.yaml": '{"any":["a"]}' for each in range(number)} | {HDS: "{}"}
        world.store.feeds.sync([], world.now + timedelta(minutes=number), contents)
    world.now += timedelta(hours=2)
    await world.says("/depuis 1 j")
    assert "… et 23 autres" in lines(world)
    (whole,), days = world.screen.shown[-1][1].buttons
    assert [each.text for each in days] == ["hier", "7 jours", "30 jours"]
    await world.presses(whole.data or "", thread=3)
    assert world.screen.file_threads == [3], "where it was asked for"
    ((name, content),) = world.screen.files
    assert name == "changements-2026-11-23.txt", "the day where its reader lives"
    assert content.decode().count("nouvelle veille") == 29
    await world.presses(Press("dp", "30"))
    assert read(world.screen.edited[-1][2].html).text.startswith("Ce qui a changé du dim. 25 oct. 00:00")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fr",
            [
                "3 statuts ont bougé", "• Cirrova — absent → candidat · Le Fil, mar. 24 nov. 2026 09:10",
                "• Givre — revenu à l’état initial (qualifié, 2 changements) · Le Fil, mar. 24 nov. 2026 09:10",
                "• Nébulis — candidat → qualifié · Le Fil, mar. 24 nov. 2026 09:10",
                "1 acte officiel", "• Décret 1 — Le Fil, mar. 24 nov. 2026 09:10",
                "4 échéances", "• Consultation — échéance fixée au 15 janvier 2027",
                "• Réponse — échéance déplacée du 1er décembre 2026 au 15 janvier 2027",
                "• Mise en conformité — échéance passée, le 15 janvier 2027",
                "• Retrait — échéance revenue à l’état initial\u00a0: 15 janvier 2027",
            ],
        ),
        (
            "en",
            [
                "3 statuses moved", "• Cirrova — absent → candidat · Le Fil, Tue 24 Nov 2026 09:10",
                "• Givre — back to what it was (qualifié, 2 changes) · Le Fil, Tue 24 Nov 2026 09:10",
                "• Nébulis — candidat → qualifié · Le Fil, Tue 24 Nov 2026 09:10",
                "1 official act", "• Décret 1 — Le Fil, Tue 24 Nov 2026 09:10",
                "4 deadlines", "• Consultation — deadline set for 15 January 2027",
                "• Réponse — deadline moved from 1 December 2026 to 15 January 2027",
                "• Mise en conformité — deadline passed, on 15 January 2027",
                "• Retrait — deadline back to what it was: 15 January 2027",
            ],
        ),
    ],
)  # fmt: skip
def test_statuses_acts_and_deadlines_are_told_with_what_became_of_them(language: Language, told: list[str]) -> None:
    def fact(kind: FactKind, about: str, before: str, after: str, title: str) -> Fact:
        return Fact(NOW, kind, about, before, after, title, "https://fil.example/1", "Le Fil")

    day, old = "2027-01-15", "2026-12-01"
    facts = (
        fact("status", "1", "", "candidat", "Cirrova"),
        fact("status", "2", "qualifié", "", "Givre"),
        fact("status", "2", "", "qualifié", "Givre"),
        fact("status", "3", "candidat", "qualifié", "Nébulis"),
        fact("act", "1", "", "out", "Décret 1"),
        fact("deadline", "1", "", day, "Consultation"),
        fact("deadline", "2", old, day, "Réponse"),
        fact("deadline", "3", day, f"passed:{day}", "Mise en conformité"),
        fact("deadline", "4", day, old, "Retrait"),
        fact("deadline", "4", old, day, "Retrait"),
    )
    span = Span(NOW - timedelta(days=1), NOW + timedelta(days=1))
    view = View(language, {})
    message = shown(view, span, Chronicle(facts, NOW, None), net(facts), "abcdefgh")
    seen = read(message.html).text.splitlines()
    assert [line for line in seen if line in told] == told


async def test_calm_is_said_only_of_what_was_watched_whole(world: World) -> None:
    await world.says("/depuis 7 jours")
    assert lines(world)[1:] == ["Rien n’a encore été lu\u00a0: ce silence n’est pas du calme."]
    world.publish("hds", "Un entrepôt change d’hébergeur")
    start = world.now
    world.now += timedelta(days=2)
    await world.says("/depuis hier")
    assert lines(world)[-1] == "Rien de nouveau, et ni source ni veille n’a changé\u00a0: c’est du calme."
    world.now = start + timedelta(minutes=1)
    await world.says("/depuis 7 jours eucs")
    assert "c’est du calme" not in "\n".join(lines(world))
