"""The weekly message on quality: exact numbers, and none that few votes do not bear."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.fate import KINDS
from bot.messages.callback_data import Press, token
from bot.model import Message
from bot.operators import quality, unlisted
from bot.operators.quality import Exclusion, Opinion, suggestion
from bot.operators.review import send_review
from bot.trials.findings import Trial
from matchers.model import Difference
from storage.chats.model import VoteTally
from storage.feeds.model import Feed, Yield
from storage.ids import ArticleId, FeedId
from tests.bot.conversation.world import ADMIN, READER, World
from tests.bot.digest.builders import WATCHLISTS, article, match
from tests.bot.digest.telegram_html import read
from tests.storage.builders import an_entry, poll

TODAY = date(2026, 11, 30)
HDS = WATCHLISTS["hds"]


def told(*opinions: Opinion, fates: dict[str, int] | None = None, language: str = "fr") -> list[str]:
    proved = unlisted.proofs(None, None, language)
    return read(quality.message(opinions, 48, fates or {}, TODAY, language, (), proved).html).text.splitlines()


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
    assert (
        told(Opinion(HDS, VoteTally(useful, noise), misses, ()))[1]
        == f"• Hébergement des données de santé\u00a0: {line}"
    )


@pytest.mark.parametrize(
    ("language", "early", "line"),
    [
        ("fr", 1, "précision 9/9 · 1 flash qui n’en valait pas un"),
        ("fr", 3, "précision 9/9 · 3 flashs qui n’en valaient pas un"),
        ("en", 1, "precision 9/9 · 1 flash that was not worth one"),
        ("en", 3, "precision 9/9 · 3 flashes that were not worth one"),
    ],
)
def test_flashes_that_were_not_worth_one_are_counted(language: str, early: int, line: str) -> None:
    assert told(Opinion(HDS, VoteTally(9, 0, early), 0, ()), language=language)[1].endswith(line)


def test_without_votes_it_says_so_and_nothing_else() -> None:
    assert told(Opinion(HDS, VoteTally(0, 0), 0, ())) == [
        "📊 Qualité, semaine 48", "Aucun vote ni manque confirmé en 30 jours.",
        "Rappel inconnu\u00a0: aucun titre non retenu n’a été jugé.",
    ]  # fmt: skip


def test_an_overdue_review_and_the_misses_are_told() -> None:
    late = replace(HDS, review=date(2026, 10, 30))
    lines = told(Opinion(late, VoteTally(0, 0), 0, ()), fates={"excluded": 2, "not_followed": 1})
    assert lines[3] == "3 manques signalés cette semaine\u00a0: exclu 2, source non suivie 1."
    assert lines[4] == "Revue échue\u00a0: Hébergement des données de santé (vendredi 30 octobre 2026)."


def test_an_exclusion_says_what_else_it_removes() -> None:
    noisy = [(f"Webinaire HDS n° {n}", False) for n in range(4)]
    assert suggestion(noisy) == Exclusion("webinaire", 4, 0)
    assert suggestion([*noisy, ("Le webinaire de l'ANSSI", True)]) == Exclusion("webinaire", 4, 1)
    assert suggestion([*noisy, *(("Un webinaire utile", True) for _ in range(2))]) is None, "it would cost too much"
    assert suggestion(noisy[:2]) is None
    lines = told(Opinion(HDS, VoteTally(1, 4), 0, tuple(noisy)))
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


def labels(shown: Message) -> list[str]:
    return [key.text for row in shown.buttons for key in row]


@pytest.mark.parametrize(
    ("language", "idle", "labelled"),
    [
        (
            "fr",
            "2 sources sans alerte utile depuis 3 mois.",
            ["Essayer sans «\u00a0webinaire\u00a0»", "Voir les sources"],
        ),
        ("en", "2 sources without a useful alert for 3 months.", ["Try without “webinaire”", "See the sources"]),
    ],
)
def test_an_exclusion_can_be_tried_and_the_sources_seen(language: str, idle: str, labelled: list[str]) -> None:
    noisy = tuple((f"Webinaire HDS n° {n}", False) for n in range(4))
    found = [Yield(FeedId(name), name, 3, useful, 1) for name, useful in (("a", 0), ("b", 0), ("c", 2))]
    shown = quality.message([Opinion(HDS, VoteTally(1, 4), 0, noisy)], 48, {}, TODAY, language, found)
    assert read(shown.html).text.splitlines()[-1] == idle
    assert labels(shown) == labelled
    assert quality.word_of(quality.mark("webinaire"), noisy) == "webinaire"
    assert quality.word_of(quality.mark("colloque"), noisy) is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_hundred_lists_with_long_names_fit_one_message(language: str) -> None:
    noisy = tuple((f"Anticonstitutionnellement {n}", False) for n in range(4))
    long = replace(HDS, name="Hébergement & <données> " * 20, review=date(2020, 1, 1))
    fates = dict.fromkeys(KINDS, 1_000)
    yields = [Yield(FeedId("a"), "a", 0, 0, 1)]
    shown = quality.message([Opinion(long, VoteTally(9, 9_999), 999, noisy)] * 100, 48, fates, TODAY, language, yields)
    assert len(read(shown.html).text) <= 3_900
    assert all(len(label) <= 30 for label in labels(shown))
    assert len(shown.buttons) <= 10


async def test_the_exclusion_of_the_message_is_tried_beside_it(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    for number in range(3):
        world.publish("hds", f"Webinaire n° {number}")
        world.store.votes.cast(ArticleId(number + 1), "v", False, world.now)
    gained = Difference("1", "Webinaire n° 1", "hds", False, ("webinaire",), "exclu")
    world.tried = Trial({"hds": (gained,)}, 212, 30)
    press = Press("b", token("hds"), str(quality.mark("webinaire")))
    await world.presses(press, chat=READER, user=READER)
    assert world.without == [], "an operator alone"
    await world.presses(press, chat=ADMIN, user=ADMIN)
    assert world.without == [("hds", "webinaire")]
    assert world.screen.last.splitlines() == [
        "«\u00a0Hébergement des données de santé\u00a0» sans «\u00a0webinaire\u00a0», sur 30 jours\u00a0: "
        "212 articles relus", "", "hds  +0 −1", "− Webinaire n° 1", "",
        "Rien n’a changé encore\u00a0: ajoutez «\u00a0webinaire\u00a0» sous none dans le fichier de la veille, "
        "puis /recharger.",
    ]  # fmt: skip
    await world.presses(Press("b", token("hds"), "1"), chat=ADMIN, user=ADMIN)
    assert "ne vaut plus" in world.screen.last


async def test_the_sources_are_seen_page_by_page_those_that_bring_nothing_useful_first(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    feeds = [Feed(FeedId(f"f{n}"), f"Source {n}", f"https://s{n}.example/rss") for n in range(11)]
    world.store.feeds.sync(feeds, world.now)
    for moment in (world.now, world.now + timedelta(days=100)):
        for number in range(11):
            key = f"{number}-{moment:%j}"
            entry = an_entry(key, urls=(key,), matches=(match(article(), "hds"),))
            poll(world.store, entry, feed=FeedId(f"f{number}"), now=moment)
    world.now += timedelta(days=101)
    for of, useful in ((12, True), (13, False)):
        world.store.votes.cast(ArticleId(of), "v", useful, world.now)
    first, second = (
        found for found in world.store.votes.by_source(world.now - timedelta(days=90)) if found.useful or found.noise
    )
    assert (first.name, first.kept, first.useful, first.noise) == ("Source 1", 1, 0, 1)
    assert (second.name, second.useful, second.noise) == ("Source 0", 1, 0)
    await world.presses("1i", chat=READER, user=READER)
    assert world.screen.shown == []
    await world.presses("1i", chat=ADMIN, user=ADMIN)
    assert world.screen.last.splitlines()[:2] == [
        "Ce que les sources ont donné en 3 mois", "• Source 1 — 1 article retenu, 0 👍, 1 👎",
    ]  # fmt: skip
    await world.presses(Press("i", "all", page=1), chat=ADMIN, user=ADMIN)
    assert read(world.screen.edited[-1][2].html).text.splitlines()[-1:] == ["• Source 0 — 1 article retenu, 1 👍, 0 👎"]
