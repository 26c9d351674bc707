"""Titles that were not kept, shown once a week to who runs Vigie, and what comes of the answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.messages.callback_data import Press, base36
from bot.operators import unkept
from bot.operators.sampling import send_sample
from bot.trials.recall import Recall, measured
from storage.feeds.model import Feed
from storage.operators.model import SampledTitle
from tests.bot.conversation.world import ADMIN, READER, World
from tests.bot.digest.telegram_html import read
from tests.storage.builders import A, an_entry, poll

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # nine in Paris
ADMINS = frozenset({ADMIN})


def seen(world: World, count: int, when: datetime) -> None:
    """So many articles that no watchlist keeps."""
    world.store.feeds.sync([Feed(A, "Le Fil", "https://fil.example/rss")], when)
    entries = [an_entry(str(number), urls=(f"u{number}",), title=f"Actualité {number}") for number in range(count)]
    poll(world.store, *entries, now=when)


async def drawn(world: World, now: datetime) -> list[str]:
    await send_sample(world.store, world.offload, world.engine, ADMINS, now, Random(3))
    return [text for text in world.queued() if "Titres non retenus" in text]


@pytest.fixture
async def run_by_admin(world: World) -> World:
    world.door.admins = frozenset({ADMIN})
    await world.says("/start", chat=ADMIN, user=ADMIN)
    return world


async def test_ten_titles_come_on_mondays_once(run_by_admin: World) -> None:
    seen(run_by_admin, 30, MONDAY - timedelta(days=3))
    for moment, count in ((-timedelta(hours=1), 0), (timedelta(), 1), (timedelta(hours=2), 0), (timedelta(days=7), 0)):
        told = await drawn(run_by_admin, MONDAY + moment)
        assert len(told) == count
        assert all("semaine 48" in text and text.count("Actualité") == 10 for text in told)


async def test_what_was_kept_or_is_of_another_week_is_not_drawn(run_by_admin: World) -> None:
    run_by_admin.publish("hds", "Kept")
    assert await drawn(run_by_admin, run_by_admin.now + timedelta(days=14)) == []
    assert run_by_admin.store.samples.titles("2026w48") == ()


async def test_nobody_is_asked_where_nobody_runs_vigie(world: World) -> None:
    seen(world, 30, MONDAY - timedelta(days=3))
    await send_sample(world.store, world.offload, world.engine, frozenset(), MONDAY, Random(3))
    assert world.store.samples.titles("2026w48") == ()


async def test_an_answer_is_marked_and_the_last_one_counts(run_by_admin: World) -> None:
    world = run_by_admin
    world.publish("hds", "Une certification")
    seen(world, 30, MONDAY - timedelta(days=3))
    await drawn(world, MONDAY)
    first, *_ = world.store.samples.titles("2026w48")
    assert measured(world.store, MONDAY) is None
    await world.presses(Press("ju", base36(first.number), "y"), chat=ADMIN, user=ADMIN)
    assert "1. ✔ Actualité" in read(world.screen.edited[-1][2].html).text
    await world.presses(Press("ju", base36(first.number), "n"), chat=ADMIN, user=ADMIN)
    assert "1. ✘ Actualité" in read(world.screen.edited[-1][2].html).text
    found = measured(world.store, MONDAY)
    assert found is not None
    assert found.titles == 1
    assert found.estimate == 1.0
    assert measured(world.store, MONDAY + timedelta(days=92)) is None, "of a quarter"


async def test_a_reader_may_not_answer_and_a_stale_button_is_no_error(run_by_admin: World) -> None:
    world = run_by_admin
    seen(world, 30, MONDAY - timedelta(days=3))
    await drawn(world, MONDAY)
    first, *_ = world.store.samples.titles("2026w48")
    await world.says("/start")
    await world.presses(Press("ju", base36(first.number), "y"), chat=READER)
    await world.presses(Press("ju", base36(9999), "y"), chat=ADMIN, user=ADMIN)
    await world.presses(Press("ju", base36(first.number), "x"), chat=ADMIN, user=ADMIN)
    assert all(each.wanted is None for each in world.store.samples.titles("2026w48"))


async def test_a_title_that_is_forgotten_keeps_its_answer(run_by_admin: World) -> None:
    world = run_by_admin
    seen(world, 4, MONDAY - timedelta(days=3))
    await drawn(world, MONDAY)
    first, *_ = world.store.samples.titles("2026w48")
    world.store.samples.judge(first.number, True, MONDAY)
    gone = replace(first, title="", url="", source="", wanted=True)
    assert "1. ✔ article oublié" in read(unkept.message([gone], 48, "fr").html).text


async def test_how_vigie_is_says_what_is_proved(run_by_admin: World) -> None:
    world = run_by_admin
    await world.says("/etat", chat=ADMIN, user=ADMIN)
    assert "Rappel inconnu" in read(world.screen.shown[-1][1].html).text
    world.publish("hds", "Une certification")
    seen(world, 30, MONDAY - timedelta(days=3))
    await drawn(world, MONDAY)
    for each in world.store.samples.titles("2026w48"):
        world.store.samples.judge(each.number, False, world.now)
    await world.says("/start")
    await world.says("/etat")
    assert "Rappel ≥" in read(world.screen.shown[-1][1].html).text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "≥ 0,84 parmi ce qui touche vos veilles, ≥ 0,06 sur tout ce qui est lu (95 %) ; 120 titres jugés."),
        ("en", "≥ 0.84 of what touches your watchlists, ≥ 0.06 of all that is read (95%); 120 titles judged."),
    ],
)
def test_a_bound_is_never_rounded_up(language: str, said: str) -> None:
    told = unkept.bound(Recall(0.0699, 0.8499, 0.9, 120), language)
    assert told.replace("\u00a0", " ").endswith(said)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Recall(1.0, 1.0, 1.0, 9, whole=True), "Rien de manqué : les 9 titres non retenus ont tous été jugés."),
        (Recall(1.0, 1.0, 1.0, 1, whole=True), "Rien de manqué : le seul titre non retenu a été jugé."),
        (Recall(0.9, 0.9, 0.9, 9, whole=True), "Rappel ≥ 0,90 parmi ce qui touche vos veilles, ≥ 0,90 sur tout ce qui"
         " est lu (95 %) ; 9 titres jugés."),
    ],
)  # fmt: skip
def test_what_was_judged_to_the_last_title_is_no_estimate(found: Recall, said: str) -> None:
    assert unkept.bound(found, "fr").replace("\u00a0", " ") == said


def test_a_hostile_title_stays_a_title() -> None:
    shown = unkept.message([SampledTitle(7, "<b>x</b> & co", "Le <i>Fil</i>", "https://s.example/a", None)], 48, "fr")
    assert "<b>x" not in shown.html
    assert "&lt;b&gt;x" in shown.html
    assert [len(row) for row in shown.buttons] == [2]
