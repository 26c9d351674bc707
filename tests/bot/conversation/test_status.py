"""How Vigie is, its sources and its pause, asked in a chat."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.config.yamlfile import ConfigProblem
from bot.conversation import status_view
from bot.conversation.model import View
from bot.digest import catchup
from bot.messages.callback_data import Press, token
from bot.messages.texts import Language, text
from bot.model import Message
from bot.trials.findings import Trial, Weighed
from matchers.model import Difference
from storage import Store
from storage.chats.model import NewDelivery, Note
from storage.feeds.model import Feed, FeedState, Handling
from storage.ids import FeedId
from storage.operators.model import NewNotice, Presence
from storage.stories.model import SourceLead
from tests.bot.conversation.world import ADMIN, GROUP, READER, World
from tests.bot.digest.builders import NOW, article
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


async def test_an_operator_hears_which_machines_are_at_work(operated: World) -> None:
    offices, lease, now = operated.store.offices, timedelta(seconds=10), datetime.now(UTC)
    for run, late, left in (("un/1", 0, lease), ("deux/1", 90, lease), ("trois/1", 0, lease), ("trois/1", 0, -lease)):
        offices.present(Presence(run, "messages,polls"), now - timedelta(seconds=late), left)
    await operated.says("/etat", chat=ADMIN, user=ADMIN)
    assert operated.screen.last.splitlines()[-4:] == [
        "2 machines en marche",
        "⚠ Aucune machine n’envoie en ce moment\u00a0: la relève prend une dizaine de secondes.",
        "⚠ L’horloge de deux n’est pas à l’heure.", "⚠ trois ne donne plus de nouvelles.",
    ]  # fmt: skip
    offices.take("sender", "un/1", lease)
    await operated.says("/etat", chat=ADMIN, user=ADMIN)
    assert "Les messages partent de un." in operated.screen.last
    await operated.says("/etat")
    assert "machines" not in operated.screen.last


@pytest.mark.parametrize("text", ["/sources", "/pause 2h", "/pause f", "/essai"])
async def test_only_an_operator_runs_vigie(operated: World, text: str) -> None:
    await operated.says(text)
    assert operated.screen.last == "Seuls les administrateurs de Vigie peuvent faire cela."
    await operated.presses(Press("xd", token("f")))
    assert operated.screen.notices[-1] == ("c1", "Seuls les administrateurs de Vigie peuvent faire cela.")


async def press(world: World, verb: str, value: str = "", feed: str = "f") -> str:
    """An operator presses; what the menu then shows."""
    await world.presses(Press(verb, token(feed), value), chat=ADMIN, user=ADMIN)
    return read(world.screen.edited[-1][2].html).text if world.screen.edited else ""


def asked(world: World) -> list[str]:
    """The sources that would be asked now."""
    found = world.store.feeds.claim_due(world.now, "me", timedelta(minutes=1), 9)
    world.store.feeds.release_all()
    return [each.feed.id for each in found]


async def test_a_source_is_read_now_or_left_alone_until_its_pause_ends(operated: World) -> None:
    await operated.says("/sources", chat=ADMIN, user=ADMIN)
    assert labels(operated) == ["● Le Fil"]
    assert "Le Fil" in await press(operated, "x")
    await press(operated, "xd")
    assert asked(operated) == ["f"]
    assert "En pause jusqu’au mer. 25 nov. 09:40" in await press(operated, "xp", "24")
    assert asked(operated) == []
    await operated.says("/sources", chat=ADMIN, user=ADMIN)
    assert labels(operated) == ["⏸ Le Fil"]
    operated.now += timedelta(hours=24)
    assert asked(operated) == ["f"]
    await press(operated, "xp", "24")
    assert "En pause" not in await press(operated, "xp", "0")
    assert asked(operated) == ["f"]
    assert await press(operated, "x", feed="partie") == "Sources · 1"


@pytest.mark.parametrize(("text", "until"), [
    ("/pause Le Fil", "mer. 25 nov. 09:40"), ("/pause f 2h", "mar. 24 nov. 11:40"),
    ("/pause le fil 3j", "ven. 27 nov. 09:40"), ("/pause F 30 min", "mar. 24 nov. 10:10"),
])  # fmt: skip
async def test_a_source_is_paused_by_its_name(operated: World, text: str, until: str) -> None:
    await operated.says(text, chat=ADMIN, user=ADMIN)
    assert f"En pause jusqu’au {until}" in operated.screen.last
    assert asked(operated) == []


async def test_an_article_that_never_came_is_put_down_to_the_pause_of_its_source(operated: World) -> None:
    ((feed, _),) = operated.store.feeds.overview()
    await operated.says("/pause f", chat=ADMIN, user=ADMIN)
    await operated.says(f"/pourquoi {feed.url}/autre-article")
    assert "Le Fil\xa0: en pause" in operated.screen.last


async def test_the_nearest_sources_are_proposed(operated: World) -> None:
    await operated.says("/pause Le Fill", chat=ADMIN, user=ADMIN)
    assert operated.screen.last.startswith("Aucune source ne s’appelle «\xa0Le Fill\xa0».")
    assert labels(operated) == ["Le Fil"]


async def test_a_silence_that_is_normal_is_told_twice_as_late(operated: World) -> None:
    new = NewNotice("silent", "4 1", operated.now)
    operated.store.notices.put(FeedId("f"), [new], (), operated.now)
    await operated.says("/sources", chat=ADMIN, user=ADMIN)
    assert labels(operated) == ["🔕 Le Fil"]
    assert "Silencieuse" in await press(operated, "x")
    assert "Silence dit 2 fois plus tard" in await press(operated, "xn")
    assert "2 fois" in await press(operated, "xn"), "a double press changes nothing"
    assert operated.store.notices.open() == ()


async def test_a_press_in_the_journal_is_answered_and_leaves_its_message(operated: World) -> None:
    new = NewNotice("silent", "4 1", operated.now)
    for verb, value in (("ln", ""), ("lp", "24")):
        operated.store.notices.put(FeedId("f"), [new], (), operated.now)
        await press(operated, verb, value)
        assert operated.screen.edited == []
        assert operated.store.notices.open() == ()
    assert [said for _, said in operated.screen.notices] == [
        "C’est noté\xa0: elle sera dite silencieuse deux fois plus tard.", "En pause pour 24 h.",
    ]  # fmt: skip
    assert operated.store.feeds.handling()[FeedId("f")].patience == 2
    for forbidden in (Press("ln", token("f")), Press("a", "1", "private"), Press("lj", "p")):
        await operated.presses(forbidden, chat=GROUP)
        assert operated.screen.notices[-1][1] == "Seuls les administrateurs de Vigie peuvent faire cela."
    assert operated.screen.edited == [], "in a group, anybody may press: the journal stays"


async def test_a_pause_holds_sending_and_ends_by_itself_with_one_digest_a_chat(operated: World) -> None:
    await operated.says("/suivre secnumcloud flash")
    await operated.says("/suivre hds quotidien")
    await operated.says("/pause 2h", chat=ADMIN, user=ADMIN)
    for number in range(2):
        assert operated.publish("secnumcloud", f"Pendant la pause {number}") == 1
    late = operated.store.chats.arrive(77, "private", "fr", operated.now)
    reader = operated.store.chats.find(READER)
    assert reader is not None
    for chat in (reader, late):
        told = NewDelivery(chat.key, "daily", "d1", Message("Le digest"))
        operated.store.outbox.enqueue([told], operated.now)
    assert claimed(operated) == []
    await operated.says("/etat")
    assert "⏸ Envois en pause jusqu’au mar. 24 nov. 11:40" in operated.screen.last
    assert labels(operated) == []
    operated.now += timedelta(hours=2)
    (digest, alone) = sorted(claimed(operated), key=len, reverse=True)
    assert digest.splitlines()[0].startswith("📬 Rattrapage")
    assert "1. Pendant la pause 0" in digest
    assert digest.endswith("Le digest")
    assert alone == "Le digest", "what waited alone goes as it is"
    assert claimed(operated) == []
    await operated.says("/etat")
    assert "⏸" not in operated.screen.last
    operated.publish("secnumcloud", "Après la pause")
    assert ["Après la pause" in text for text in claimed(operated)] == [True]


async def test_a_pause_is_ended_by_a_button_and_spares_the_journal(operated: World) -> None:
    await operated.says("/suivre secnumcloud flash")
    await operated.says("/pause 2h", chat=ADMIN, user=ADMIN)
    operated.publish("secnumcloud", "Pendant la pause")
    note = Note("j1", frozenset({READER}), lambda _: Message("du journal"))
    operated.store.notices.note(note, operated.now)
    assert claimed(operated) == ["du journal"]
    await operated.says("/etat", chat=ADMIN, user=ADMIN)
    assert labels(operated) == ["Reprendre les envois"]
    await operated.presses(Press("xr", "all"))
    assert claimed(operated) == [], "only an operator ends it"
    await operated.presses(Press("xr", "all"), chat=ADMIN, user=ADMIN)
    assert len(claimed(operated)) == 1


async def test_a_pause_of_all_is_one_press_for_an_operator_and_none_for_others(operated: World) -> None:
    await operated.says("/pause", chat=ADMIN, user=ADMIN)
    assert labels(operated) == ["30\u00a0min", "2\u00a0h", "24\u00a0h"]
    two_hours = Press("xh", "120")
    await operated.presses(two_hours)
    assert operated.store.outbox.paused(operated.now) is None
    await operated.presses(Press("xh", "999"), chat=ADMIN, user=ADMIN)
    assert operated.store.outbox.paused(operated.now) is None
    await operated.presses(two_hours, chat=ADMIN, user=ADMIN)
    assert operated.store.outbox.paused(operated.now) == operated.now + timedelta(hours=2)


def test_a_clock_set_back_stretches_no_pause(store: Store) -> None:
    store.outbox.pause(NOW, timedelta(hours=2))
    store.outbox.rewind(NOW - timedelta(days=1))
    assert store.outbox.paused(NOW - timedelta(days=1)) == NOW - timedelta(hours=22)


def claimed(world: World) -> list[str]:
    """What goes out now, as the courier takes it."""
    out = []
    while found := world.store.outbox.claim(world.now, "run", 9, catch_up=catchup.digest):
        for each in found:
            world.store.outbox.sent(each.id, 1, world.now)
            out.append(read(Message.from_json(each.body).html).text)
    return out


@pytest.mark.parametrize("said", ["/pause", "/pause demain", "/pause 0m", "/pause 25h", "/pause f 31j"])
async def test_a_pause_has_a_length(operated: World, said: str) -> None:
    await operated.says(said, chat=ADMIN, user=ADMIN)
    assert operated.screen.last.endswith(text("fr", "status.pause_usage"))
    assert labels(operated)[-3:] == ["30\u00a0min", "2\u00a0h", "24\u00a0h"]


async def test_the_journal_is_moved_to_a_group_by_an_operator_and_back(operated: World) -> None:
    await operated.says("/journal", chat=GROUP, user=ADMIN)
    assert (
        operated.screen.last.splitlines()[0]
        == "Journal · nulle part\xa0: aucun administrateur ne m’a encore écrit (/start)"
    )
    assert labels(operated) == ["Journal ici"]
    await operated.presses(Press("lj", "h"), chat=GROUP)
    assert operated.store.notices.place() is None, "only who runs Vigie"
    await operated.presses(Press("lj", "h"), chat=GROUP, user=ADMIN)
    assert read(operated.screen.edited[-1][2].html).text.splitlines()[0] == "Journal · ici"
    operated.store.notices.put(None, [NewNotice("disk", "120", operated.now)], (), operated.now)
    await operated.says("/journal", chat=ADMIN, user=ADMIN)
    assert "Journal · Chat c1" in operated.screen.last
    assert "Le disque est presque plein" in operated.screen.last
    assert labels(operated) == ["Journal en privé"]
    await operated.presses(Press("lj", "p"), chat=ADMIN, user=ADMIN)
    assert operated.store.notices.place() is None
    await operated.says("/journal")
    assert operated.screen.last == "Seuls les administrateurs de Vigie peuvent faire cela."


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


def a_change(title: str, *, gained: bool) -> Difference:
    return Difference("1", title, "hds", gained, ("santé",), "santé, titre")


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


def a_weight(world: World, **changes: Any) -> Weighed:
    found = Weighed("", 12, 4_120, 4_120, 30, world.now - timedelta(days=29), 0, (article(title="Un titre <b>"),))
    return replace(found, **changes)


async def test_a_term_is_weighed_for_an_operator_alone(operated: World) -> None:
    operated.weighed = a_weight(operated)
    await operated.says("/essai données de santé")
    assert "administrateurs de Vigie" in operated.screen.last
    await operated.says("/essai données de santé", chat=ADMIN, user=ADMIN)
    first, among, example = operated.screen.last.splitlines()
    assert first == "données de santé\u00a0: 12 articles, soit 2,9 pour 1\u00a0000."
    assert among == "Sur 4\u202f120 articles relus, du lundi 26 octobre au mardi 24 novembre."
    assert example.startswith("• Un titre <b> — Le Fil du nuage, ")
    operated.weighed = a_weight(operated, kept=48_210, purged=812)
    await operated.says("/backtest données de santé", chat=ADMIN, user=ADMIN, language="en")
    first, _, newest, purged, _ = operated.screen.last.splitlines()
    assert first == "données de santé: 12 articles, that is 2.9 in 1,000."
    assert newest == "The newest only: the archive has 48,210 of 30 days."
    assert purged.startswith("812 articles were judged without their text")


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_term_that_cannot_be_weighed_says_why(operated: World, language: str) -> None:
    await operated.says("/essai x", chat=ADMIN, user=ADMIN, language=language)
    assert operated.screen.last.splitlines()[1] == "• trop court"
    operated.weighed = a_weight(operated, oldest=None, read=0)
    await operated.says("/essai x", chat=ADMIN, user=ADMIN, language=language)
    assert operated.screen.last == text(language, "search.empty")


async def test_long_work_shows_how_far_it_is_in_the_message_that_then_answers(operated: World) -> None:
    operated.weighed = a_weight(operated)
    operated.waits.clear()
    operated.soon = 0.01
    operated.talk = operated.conversation(operated.screen)

    async def seen() -> None:
        await operated.screen.heard.wait()
        operated.waits.set()

    await asyncio.gather(operated.says("/essai santé", chat=ADMIN, user=ADMIN), seen())
    ((_, progress),) = operated.screen.shown
    assert read(progress.html).text.startswith("⏳ Je relis l’archive\u00a0: ")
    (chat, number, last) = operated.screen.edited[-1]
    assert (chat, number) == (ADMIN, 1)
    assert read(last.html).text.startswith("santé\u00a0: 12 articles")
    assert ADMIN in operated.screen.typed


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ("Vue d’abord 9 fois sur 31 sujets partagés, 6 h d’avance en médiane", "2 copies sur 40 articles")),
        ("en", ("Seen first 9 times of 31 shared stories, 6 hr ahead in the median", "2 copies of 40 articles")),
    ],
)
def test_the_card_of_a_source_says_how_often_it_was_first(language: Language, told: tuple[str, str]) -> None:
    feed = Feed(FeedId("f"), "Le Fil", "https://fil.example/rss")
    lead = SourceLead(31, 9, timedelta(hours=6), 40, 2)
    view = View(language, {})
    shown = status_view.card(view, feed, FeedState(feed.url, NOW), Handling(), NOW, lead, silent=False)
    lines = read(shown.html).text.replace("\u202f", " ").splitlines()
    assert all(line in lines for line in told)
