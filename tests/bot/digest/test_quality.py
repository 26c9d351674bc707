"""The weekly message on quality: exact numbers, and none that few votes do not bear."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.digest import quality
from bot.digest.quality import Exclusion, Opinion, suggestion
from bot.digest.review import send_review
from storage.model import ArticleId, Tally
from tests.bot.conversation.world import ADMIN, World
from tests.bot.digest.builders import WATCHLISTS
from tests.bot.digest.telegram_html import read

TODAY = date(2026, 11, 30)
HDS = WATCHLISTS["hds"]


def told(*opinions: Opinion, fates: dict[str, int] | None = None, language: str = "fr") -> list[str]:
    return read(quality.message(opinions, 48, fates or {}, TODAY, language).html).text.splitlines()


@pytest.mark.parametrize(
    ("useful", "noise", "misses", "line"),
    [
        (
            21,
            3,
            1,
            "précision 21/24 (88\u00a0%) · rappel déclaré 21/22 (95\u00a0%)",
        ),
        (3, 1, 0, "précision 3/4"),
        (5, 5, 0, "précision 5/10 (50\u00a0%)"),
        (0, 0, 2, "précision 0/0 · rappel déclaré 0/2"),
    ],
)
def test_precision_and_declared_recall_have_their_n(useful: int, noise: int, misses: int, line: str) -> None:
    assert told(Opinion(HDS, Tally(useful, noise), misses, ()))[1] == f"• Hébergement des données de santé : {line}"


def test_without_votes_it_says_so_and_nothing_else() -> None:
    assert told(Opinion(HDS, Tally(0, 0), 0, ())) == [
        "📊 Qualité, semaine 48", "Aucun vote ni manque confirmé en 30 jours.",
    ]  # fmt: skip


def test_an_overdue_review_and_the_misses_are_told() -> None:
    late = replace(HDS, review=date(2026, 10, 30))
    lines = told(Opinion(late, Tally(0, 0), 0, ()), fates={"excluded": 2, "not_followed": 1})
    assert lines[2] == "3 manques signalés cette semaine\u00a0: exclu 2, source non suivie 1."
    assert lines[3] == "Revue échue\u00a0: Hébergement des données de santé (vendredi 30 octobre 2026)."


def test_an_exclusion_says_what_else_it_removes() -> None:
    noisy = [(f"Webinaire HDS n° {n}", False) for n in range(4)]
    assert suggestion(noisy) == Exclusion("webinaire", 4, 0)
    assert suggestion([*noisy, ("Le webinaire de l'ANSSI", True)]) == Exclusion("webinaire", 4, 1)
    assert suggestion([*noisy, *(("Un webinaire utile", True) for _ in range(2))]) is None, "it would cost too much"
    assert suggestion(noisy[:2]) is None
    lines = told(Opinion(HDS, Tally(1, 4), 0, tuple(noisy)))
    assert lines[2].strip() == "Proposition\u00a0: exclure «\u00a0webinaire\u00a0»\u00a0: −4 👎, −0 👍 sur 30 jours."


async def test_it_comes_once_a_week_to_who_runs_vigie(world: World) -> None:
    admins = frozenset({ADMIN})
    await world.says("/start", chat=ADMIN, user=ADMIN)
    world.publish("hds", "Webinaire")
    for voter in range(3):
        world.store.votes.cast(ArticleId(1), f"v{voter}", False, world.now)
    for moment, count in (
        (datetime(2026, 11, 26, 8, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), 0),
        (datetime(2026, 12, 8, 8, 0, tzinfo=UTC), 1),
    ):
        world.now = moment
        await send_review(world.store, world.offload, WATCHLISTS, admins, moment)
        texts = world.queued()
        assert len(texts) == count
        assert all("précision 0/3" in text for text in texts)
    world.now += timedelta(days=7)
    await send_review(world.store, world.offload, WATCHLISTS, frozenset(), world.now)
    assert world.queued() == []
