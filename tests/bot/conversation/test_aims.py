"""A sentence with a verb and an object is about a watchlist, a term or a source; what may be news is looked for."""

from datetime import timedelta

import pytest

from bot.conversation.aims import Aim, aim_of, lists_meant
from bot.messages.texts import text
from bot.trials.findings import Weighed
from storage.feeds.model import Feed
from storage.ids import FeedId
from tests.bot.conversation.world import ADMIN, READER, World
from tests.bot.digest.builders import NOW, WATCHLISTS

FOLLOW = [
    ("suivre Cirrova", "Cirrova"), ("on pourrait suivre Cirrova aussi ?", "Cirrova"),
    ("Préviens-moi quand Cirrova obtient une qualification", "Cirrova"), ("mettez Cirrova dans mes alertes", "Cirrova"),
    ("alerte moi sur « nuage souverain »", "nuage souverain"), ("Can you track Cirrova for me?", "Cirrova"),
    ("j’aimerais une alerte sur Cirrova", "Cirrova"), ("add a keyword: Cirrova", "Cirrova"),
    ("dès qu’on parle de Cirrova préviens moi", "Cirrova"), ("crée une veille sur Cirrova stp", "Cirrova"),
]  # fmt: skip
LEAVE = [
    ("plus d’articles de Cirrova merci", "Cirrova"), ("j’en ai marre de Cirrova", "Cirrova"),
    ("ne me montre plus les articles de Cirrova", "Cirrova"), ("stop sending me stuff about Cirrova", "Cirrova"),
    ("cache la source Cirrova", "Cirrova"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "term"), FOLLOW)
def test_who_wants_to_hear_of_a_name_names_it_anywhere(said: str, term: str) -> None:
    assert aim_of(said) == Aim("follow", term, personal=True)


@pytest.mark.parametrize(("said", "name"), LEAVE)
def test_who_wants_no_more_of_a_name_says_of_which(said: str, name: str) -> None:
    aim = aim_of(said)
    assert aim is not None
    assert (aim.act, aim.object) == ("leave", name)


NEWS = [
    "arrêté du 26 février 2018", "alerte CERT-FR", "suivi des patients", "note technique", "trop de données",
    "Doctolib suit HDS", "je suis DPO", "abonnés de Cirrova", "",
]  # fmt: skip


@pytest.mark.parametrize("said", NEWS)
def test_what_may_be_news_has_no_aim(said: str) -> None:
    assert aim_of(said) is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Sec Num Cloud", ["secnumcloud"]), ("secnumclou", ["secnumcloud"]), ("qualification", ["secnumcloud"]),
        ("donnees de sante", ["hds"]), ("hds", ["hds"]), ("santé mentale", []), ("de la", []),
    ],
)  # fmt: skip
def test_a_watchlist_is_known_by_its_name_or_by_part_of_it(name: str, meant: list[str]) -> None:
    assert [each.id for each in lists_meant(name, WATCHLISTS)] == meant


# --- answered ------------------------------------------------------------------------------------------------------
async def labels(world: World, words: str) -> list[str]:
    world.now += timedelta(seconds=4)
    await world.says(words)
    return [key.text for row in world.screen.shown[-1][1].buttons for key in row]


async def press_first(world: World, words: str) -> str:
    await labels(world, words)
    await world.presses(world.screen.shown[-1][1].buttons[0][0].data)
    return world.screen.edited[-1][1:][1].html


CARDS = [
    "je ne veux plus recevoir SecNumCloud", "passe secnumcloud en hebdo", "trop de messages sur SecNumCloud !",
    "peux-tu me mettre sur la liste secnumclou ?", "PLUS RIEN SUR SECNUMCLOUD SVP", "abonnement qualification",
    "arrête de m’envoyer des trucs sur la qualification",
]  # fmt: skip


@pytest.mark.parametrize("words", CARDS)
async def test_a_wish_about_a_watchlist_opens_its_card_and_changes_nothing(world: World, words: str) -> None:
    await world.says("/start")
    before = world.following()
    shown = await labels(world, words)
    assert world.screen.last.startswith("SecNumCloud et qualification")
    assert shown[:2] == ["Ne plus suivre", "✓ Flash"]
    assert world.following() == before


async def test_a_watchlist_is_followed_only_by_its_very_name(world: World) -> None:
    await world.says("/suivre hds")
    await world.says("suivre qualification")
    assert set(world.following()) == {"hds"}
    world.now += timedelta(seconds=4)
    await world.says("Abonne-moi à SecNumCloud stp")
    assert set(world.following()) == {"hds", "secnumcloud"}


async def test_a_term_is_offered_and_followed_by_the_button(world: World) -> None:
    await world.says("/suivre hds")
    assert await labels(world, "préviens-moi si on parle de Cirrova") == [
        "Suivre «\u00a0Cirrova\u00a0»",
        "Chercher «\u00a0Cirrova\u00a0»",
    ]
    assert not world.store.own_terms.count(world.chat().key)
    world.weighed = Weighed("", 3, 1_000, 3, 30, NOW, 0, ())
    assert "Vous suivez le terme" in await press_first(world, "préviens-moi si on parle de Cirrova")
    assert world.store.own_terms.count(world.chat().key) == 1


async def test_a_source_is_not_muted_for_one_reader_and_he_is_told_so(world: World) -> None:
    await world.says("/start")
    world.store.feeds.sync([Feed(FeedId("f"), "Le Fil du nuage", "https://fil.example/rss")], NOW)
    assert await labels(world, "j’en ai marre du Fil du nuage") == ["Ses articles", "‹ Les veilles", "Réglages"]
    assert world.screen.last.startswith("«\u00a0Le Fil du nuage\u00a0» est lue pour tous")


async def test_an_operator_who_is_tired_of_a_source_gets_its_card(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    world.store.feeds.sync([Feed(FeedId("f"), "Le Fil du nuage", "https://fil.example/rss")], NOW)
    await world.says("plus d’articles de Le Fil du nuage", ADMIN, ADMIN)
    assert world.screen.last.startswith("● Le Fil du nuage\nÉtat")


async def test_readers_are_told_what_is_read(world: World) -> None:
    world.store.feeds.sync([Feed(FeedId("f"), "Le Fil du nuage", "https://fil.example/rss")], NOW)
    await world.says("quelles sources lis-tu ?")
    assert world.screen.last == text("fr", "aim.sources", n=1, names="Le Fil du nuage")


# --- nothing found -------------------------------------------------------------------------------------------------
async def test_words_that_no_article_has_together_are_left_out_and_said(world: World) -> None:
    await world.says("/start")
    world.publish("hds", "Cirrova migre ses données")
    await world.says("Cirrova données extraterrestres")
    assert "sans «\u00a0extraterrestres\u00a0»" in world.screen.last
    assert "Cirrova migre ses données" in world.screen.last


async def test_most_of_the_words_are_needed(world: World) -> None:
    await world.says("/start")
    world.publish("hds", "Cirrova migre ses données")
    await world.says("Cirrova fusées extraterrestres martiennes")
    assert world.screen.last.startswith("Rien pour")


@pytest.mark.parametrize(
    ("words", "button", "opens"),
    [
        ("zut mon digest arrive bien trop tôt pour un lapin", "Heure du digest", "Heure des digests"),
        ("stp zouc trop de messages bloup", "Recevoir moins", "Recevoir moins, ou plus rien"),
        ("je veux flop mes abonnements zut", "‹ Les veilles", "Les veilles"),
    ],
)
async def test_what_was_probably_meant_stands_on_a_button(world: World, words: str, button: str, opens: str) -> None:
    await world.says("/start")
    shown = await labels(world, words)
    assert shown[-4:] == [button, "Toutes les commandes", "‹ Les veilles", "Réglages"]
    place = shown.index(button)
    await world.presses([key for row in world.screen.shown[-1][1].buttons for key in row][place].data)
    assert opens in world.screen.edited[-1][2].html


async def test_a_word_spelt_otherwise_is_looked_for_by_a_button(world: World) -> None:
    await world.says("/start")
    world.publish("hds", "Cirrova migre ses données")
    assert (await labels(world, "cirova"))[0] == "Chercher «\u00a0cirrova\u00a0»"
    assert "Cirrova migre" in await press_first(world, "cirova")


async def test_a_member_of_a_group_may_not_follow_a_term_by_a_button(world: World) -> None:
    kept = world.talk.context.searches.remember("Cirrova")
    await world.says("/start", chat=-100777, user=READER)
    await world.presses(f"1xf.{kept}", chat=-100777, user=READER)
    assert world.screen.notices[-1][1] == text("fr", "rights.admins")
