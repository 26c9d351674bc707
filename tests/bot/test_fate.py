"""What became of an article: every fate, planted in a real store, told without a request."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from bot import fate
from bot.conversation import explain_article
from bot.conversation.model import View
from bot.digest.newsroom import newsroom
from bot.ending import Stop
from bot.fate import KINDS, FateKind, judge
from bot.tools import finding
from bot.web import urls
from matchers.engine.engine import compile_engine
from matchers.model import Match, Point
from matchers.trials.explain import Lack, LackKind
from storage import Store
from storage.articles.model import ArticleText, EntryKey, EntryRecord, PollRecord, Standing
from storage.chats.model import Contents, NewDigest
from storage.feeds.model import Feed
from storage.ids import ArticleId, ChatKey, FeedId
from storage.stories.model import ArticleTrace
from tests.bot.conversation.french import french
from tests.bot.conversation.world import READER, World, rules
from tests.bot.digest.builders import NOW, WATCHLISTS, match
from tests.bot.digest.telegram_html import read
from tests.matchers.builders import watchlist

URL = "https://fil.example/un-article"
KEPT = "Cirrova obtient SecNumCloud"


def plant(
    world: World, title: str = KEPT, text: str = "Un texte.", url: str = URL, muted: bool = False,
    flags: tuple[str, ...] = (), lists: tuple[str, ...] | None = None, source: str = "page",
) -> ArticleId:  # fmt: skip
    """An article of the followed feed, matched as the rules say unless `lists` are given."""
    world.count += 1
    world.now += timedelta(minutes=1)
    world.store.feeds.sync([Feed(FeedId("f"), "Le Fil", "https://fil.example/rss")], world.now)
    (claim,) = world.store.feeds.claim_all(world.now, "w", timedelta(minutes=5))
    reading = ArticleText(title, "", text, url, urls.url_keys(url), source=source, flags=flags)
    found = world.engine.match(fate.article_of(_stored(title, text, url)))
    matches = found if lists is None else tuple(replace(found[0], watchlist=name) for name in lists)
    entry = EntryRecord(EntryKey(str(world.count), "c", urls.url_keys(url)), Standing("new"), reading, matches)
    state = replace(claim.state, baseline=True, requests=12, health="ok", checked_at=world.now)
    world.store.polls.record(PollRecord(claim, state, world.now, (entry,), muted), newsroom(WATCHLISTS))
    stored = world.store.articles.by_url(urls.url_keys(url))
    assert stored is not None
    return stored.id


def _stored(title: str, text: str, url: str):
    from tests.bot.digest.builders import article

    return article(title=title, text=text, url=url, source_name="Le Fil")


def facts(world: World, url: str = URL) -> ArticleTrace:
    chat = world.store.chats.find(READER)
    return world.store.traces.of_address(urls.url_keys(url), urls.host(url), chat.key if chat else None)


async def not_followed(world: World) -> None:
    plant(world, url="https://autre.example/x")
    world.store.feeds.sync([Feed(FeedId("g"), "Autre", "https://autre.example/rss")], world.now)


async def not_in_feed(world: World) -> None:
    plant(world, url="https://fil.example/un-autre")


async def feed_down(world: World) -> None:
    plant(world, url="https://fil.example/un-autre")
    (claim,) = world.store.feeds.claim_all(world.now, "w", timedelta(minutes=5))
    record = PollRecord(claim, replace(claim.state, health="failing"), world.now)
    world.store.polls.record(record, newsroom({}))


async def muted(world: World) -> None:
    plant(world, muted=True)


async def not_read(world: World) -> None:
    plant(world, "Un titre", flags=("robots",), source="feed_summary")


async def partly_read(world: World) -> None:
    plant(world, "Un titre", flags=("paywalled",))


async def no_term(world: World) -> None:
    plant(world, "Un titre")


async def excluded(world: World) -> None:
    plant(world, "Offre d'emploi : ingénieur données de santé", "Les données de santé, encore.")


async def threshold(world: World) -> None:
    plant(world, "Un titre", "Une mention des données de santé.")


async def waiting(world: World) -> None:
    await world.says("/suivre secnumcloud quotidien")
    plant(world)


async def rest(world: World) -> None:
    await waiting(world)
    place(world, "rest")


def place(world: World, part: str) -> None:
    contents = Contents("d20261124", "<b>Quotidien</b>", ((ArticleId(1), "secnumcloud", part),))  # type: ignore[arg-type]
    world.store.digests.close(world.chat().key, ("daily",), "2026-11-24", 9, NewDigest(kept=contents), world.now)


async def sent(world: World) -> None:
    await world.says("/suivre secnumcloud flash")
    plant(world)
    world.queued()


async def dead(world: World) -> None:
    await world.says("/suivre secnumcloud flash")
    plant(world)
    (delivery,) = world.store.outbox.claim(world.now, "run", 9)
    world.store.outbox.dead(delivery, "texte refusé", world.now)


async def not_yours(world: World) -> None:
    await world.says("/suivre hds")
    plant(world)


async def since_changed(world: World) -> None:
    plant(world, lists=())


PLANTED = (
    not_followed, not_in_feed, feed_down, muted, not_read, partly_read, no_term, excluded, threshold, waiting, rest,
    sent, dead, not_yours, since_changed,
)  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
async def test_each_fate_is_told_from_the_store_alone(world: World, planted: Callable[..., object]) -> None:
    await planted(world)  # type: ignore[misc]
    url = "https://inconnu.example/x" if planted is not_followed else URL
    found = judge(facts(world, url), world.engine)
    assert found.kind == planted.__name__
    for language in ("fr", "en"):
        view = View(language, WATCHLISTS, world.store.chats.find(READER))  # type: ignore[arg-type]
        assert len(read(explain_article.told(view, found, url).html).text) < 1_500


@pytest.mark.parametrize("kind", ["copy", "same_story"])
def test_a_copy_and_another_source_of_a_story_say_of_what(kind: FateKind) -> None:
    first, own = _stored("Le premier", "", URL), _stored("Un autre", "", URL)
    own = replace(own, id=ArticleId(2))
    held = ArticleTrace(
        article=own, matches=(match(own),), followed=("secnumcloud",), story=first,
        copy_of=first if kind == "copy" else None, posted=(_post("a12"),),
    )  # fmt: skip
    found = judge(held, rules())
    assert found.kind == kind
    assert "Le premier" in explain_article.told(View("fr", WATCHLISTS), found).html


def _post(item: str):
    from storage.chats.model import Posted

    return Posted(item, "flash", "done", NOW, NOW, 1, "")


@pytest.mark.parametrize("flags", [(), ("paywalled",), ("robots",)])
def test_the_list_that_fails_for_an_exclusion_alone_is_named(world: World, flags: tuple[str, ...]) -> None:
    """However much more was found by another list, and however little was read."""
    many = watchlist(all=["ingénieur", "poste", "salaire", "certification"], threshold=1)
    barred = watchlist(any=["données de santé"], none=["offre d'emploi"], threshold=1)
    world.engine = compile_engine({"many": many, "barred": barred}, {})
    plant(world, "Offre d'emploi : ingénieur données de santé, poste et salaire", flags=flags)
    found = judge(facts(world), world.engine)
    assert (found.kind, found.nearest and found.nearest.watchlist.id) == ("excluded", "barred")


def test_no_fate_is_unknown() -> None:
    assert {planted.__name__ for planted in PLANTED} | {"copy", "same_story"} == set(KINDS)


async def test_a_flash_that_was_sent_reads_as_the_layout_says(world: World) -> None:
    await sent(world)
    await world.presses("1y.1")
    assert world.screen.edited == [], "the alert stays"
    lines = world.screen.last.splitlines()
    assert lines[0] == f"Pourquoi ce message\u00a0? {KEPT}"
    assert lines[1] == "Envoyé."
    assert lines[2].startswith("1 Source\u00a0: Le Fil, vu le mar. 24 nov. 09:11")
    assert lines[3] == "2 Lecture\u00a0: entière, 9 signes"
    assert lines[4] == "3 Veille\u00a0: SecNumCloud et qualification"
    assert lines[5:7] == ["+3 SecNumCloud (titre) · 3 pour un seuil de 1", "  Sujet\u00a0: le titre le dit"]
    assert lines[7:] == ["4 Sujet\u00a0: seul article", "5 Envoi\u00a0: flash, mar. 24 nov. 09:11"]


async def test_a_miss_says_how_near_it_came_and_can_be_reported(world: World) -> None:
    world.door.admins = frozenset({9})
    await world.says("/suivre hds")
    await threshold(world)
    await world.says(URL)
    message = world.screen.shown[-1][1]
    lines = read(message.html).text.splitlines()
    assert lines[1] == "Sous le seuil de la veille Hébergement des données de santé."
    assert lines[4] == "3 Veille la plus proche\u00a0: Hébergement des données de santé, 1 pour un seuil de 4"
    assert "il manque 3 points" in lines[5]
    assert message.buttons[0][0].text == "J’aurais dû le recevoir"
    await world.presses(message.buttons[0][0].data or "")
    _, offer = next(held for held in world.screen.shown if held[0] == 9)
    assert "Sort\u00a0: sous le seuil." in read(offer.html).text
    await world.presses(offer.buttons[0][0].data or "", chat=9, user=9)
    assert world.store.missed.confirmed(NOW - timedelta(days=1)) == {"hds": 1}
    await world.says(f"/manque {URL}")
    assert "déjà signalé" in world.screen.last


async def test_twenty_misses_a_day_are_enough(world: World) -> None:
    await world.says("/start")
    for number in range(21):
        world.now += timedelta(minutes=1)
        await world.says(f"/missed https://ailleurs.example/{number}")
    assert "la suite demain" in world.screen.last
    assert world.store.missed.fates(NOW - timedelta(days=1)) == {"not_followed": 20}


async def test_a_reply_to_an_alert_asks_why(world: World) -> None:
    await sent(world)
    await world.says("/pourquoi", reply_to=1)
    assert world.screen.last.startswith("Pourquoi ce message\u00a0?")
    await world.says("/pourquoi", reply_to=99)
    assert world.screen.last == "Je ne retrouve pas cet article\u00a0: donnez-moi son adresse."


async def test_in_a_group_why_opens_in_private(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre secnumcloud flash", chat=-100777, user=READER)
    plant(world)
    (delivery,) = world.store.outbox.claim(world.now, "run", 9)
    world.store.outbox.sent(delivery.id, 7, world.now)
    await world.presses("1y.1", chat=-100777, user=READER)
    (link,) = world.screen.links
    assert link.startswith("https://t.me/vigie_test_bot?start=p_")
    await world.says(f"/start {link.partition('=')[2]}")
    assert world.screen.last.startswith("Pourquoi ce message\u00a0?")
    await world.says("/start p_zzzz")
    assert world.screen.last == "Je ne retrouve pas cet article\u00a0: donnez-moi son adresse."


async def test_an_address_is_asked_for_and_taken(world: World) -> None:
    await world.says("/pourquoi")
    await world.says(URL)
    assert "Je ne suis aucune source de ce site." in world.screen.last
    await world.says("/pourquoi cela")
    assert "https://…" in world.screen.last


def test_the_points_shown_add_up_to_the_score() -> None:
    points = (Point("term", "a", 5, 1), Point("boost", "b", 2, 0, 1), Point("near", "c", 2))
    said = explain_article.points(Match("x", 9, 3, "flash", "v", True, points, ()), "fr")
    assert sum(int(part.split()[0]) for part in said.split(" · ")) == 9


async def test_a_purged_text_is_said(world: World, store: Store) -> None:
    await no_term(world)
    store.prune(world.now + timedelta(days=31))
    found = judge(facts(world), world.engine)
    assert found.purged
    assert "texte effacé depuis" in explain_article.told(View("fr", WATCHLISTS), found).html


def test_for_everyone_a_match_is_anybody_s() -> None:
    own = _stored("Un", "", URL)
    assert judge(ArticleTrace(article=own, matches=(match(own),)), rules(), everyone=True).kind == "waiting"
    assert ChatKey(1)


async def test_the_command_says_the_same(world: World) -> None:
    await sent(world)
    out = io.StringIO()
    assert finding.fate(world.store.database.path, URL, world.engine, out) == 0
    assert out.getvalue().splitlines()[1] == "Envoyé."
    assert finding.fate(world.store.database.path, "https://rien.example/", world.engine, out) == 1
    with pytest.raises(Stop, match="adresse"):
        finding.fate(world.store.database.path, "un-fichier.html", world.engine, out)


LACKS = (
    Lack((), "", kind="absent", terms=("SecNumCloud",)),
    Lack((), "", kind="every", numbers=(2, 3)),
    Lack((), "", kind="any", terms=("HDS", "santé")),
    Lack((), "", kind="at_least", numbers=(1, 2)),
    Lack((), "", kind="none", seen=(("emploi", "summary"),)),
    Lack((), "", kind="near", terms=("HDS",)),
    *(Lack((), "", kind=kind) for kind in ("near_apart", "near_order", "near_sentence")),
    Lack((), "", kind="near_far", numbers=(40, 12)),
    Lack((), "", kind="threshold", numbers=(1,)),
)


def test_what_a_list_lacks_is_said_in_both_languages() -> None:
    assert {lack.kind for lack in LACKS} == set(get_args(LackKind))
    for lack in LACKS:
        said = {language: explain_article.lacking(View(language, {}), lack) for language in ("fr", "en")}
        assert said["fr"] != said["en"]
        assert french(said["en"]) == []
    assert explain_article.lacking(View("en", {}), LACKS[4]) == "excluded by: emploi (standfirst)"
    assert explain_article.lacking(View("fr", {}), LACKS[-1]) == "il manque 1 point"


async def test_an_english_reader_is_told_in_english_what_is_missing(world: World) -> None:
    plant(world, "Une offre d'emploi", "Rien.")
    await world.says(f"/why {URL}", language="en")
    assert french(world.screen.last) == []
    assert "none of: données de santé" in world.screen.last or "missing: " in world.screen.last


async def test_points_without_a_condition_are_not_told_as_what_is_missing(world: World) -> None:
    world.engine = compile_engine({"hds": watchlist(all=["title:données de santé", "=Nuage", "certif*"])}, {})
    plant(world, "Des données de santé dans un Nuage")
    fate = judge(facts(world), world.engine)
    assert fate.nearest is not None
    said = explain_article.told(View("fr", WATCHLISTS), fate).html.replace("\u00a0", " ")
    assert "dont une condition manque (6 points, 1 suffiraient)" in said
    assert "absent : certif" in said
    assert "certif*" not in said
