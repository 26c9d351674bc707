"""What people write without a slash is answered by one clear message that says what comes next."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from bot import days, search
from bot.conversation.explain import address
from bot.conversation.settings_view import ALWAYS
from bot.messages.callback_data import token
from bot.messages.texts import text
from storage.articles.model import SearchQuery
from tests.bot.conversation.world import ADMIN, GROUP, READER, World
from tests.bot.digest.builders import NOW
from tests.bot.digest.telegram_html import read


@pytest.fixture
async def world(world: World) -> World:
    await world.says("/start")
    return world


async def said(world: World, words: str) -> str:
    world.now += timedelta(seconds=4)  # nobody writes more than twenty times a minute
    await world.says(words)
    return world.screen.last


NAMES = [
    ("veilles", "/veilles"), ("Veille", "/veilles"), ("Réglages !", "/reglages"), ("aide", "/aide"),
    ("HELP", "/aide"), ("?", "/aide"), ("C’est quoi ?", "/aide"), ("what is this?", "/aide"),
    ("dossiers", "/dossier"), ("settings", "/reglages"), ("état", "/etat"),
    ("mes abonnements", "/veilles"), ("mes données", "/confidentialite"), ("Quoi de neuf ?", "/digest"),
    ("qui êtes-vous ?", "/aide"), ("aidez-moi svp", "/aide"), ("help me please", "/aide"),
    ("je comprends rien", "/aide"),
]  # fmt: skip


async def test_the_bare_name_of_a_command_is_the_command(world: World) -> None:
    for words, command in NAMES:
        assert await said(world, words) == await said(world, command)


GREETINGS = ["bonjour", "Bonjour à tous 🙂", "hello", "Salut Vigie !"]


async def test_who_greets_is_greeted_and_told_what_to_send(world: World) -> None:
    for words in GREETINGS:
        assert (await said(world, words)).startswith(text("fr", "plain.hello"))


THANKS = ["merci", "Merci beaucoup !", "ok", "OK merci", "thanks a lot", "Bonne journée", "au revoir", "👍",
          "merci bcp, bonne nuit"]  # fmt: skip


async def test_thanks_are_no_search(world: World) -> None:
    for words in THANKS:
        assert await said(world, words) == text("fr", "plain.thanks")


LESS = [
    "stop", "Stop.", "STOP !", "unsubscribe", "désabonnement", "Je ne veux plus recevoir de messages",
    "arrêtez de m’envoyer des alertes", "plus de notifications pour moi svp", "please stop sending messages",
    "trop de messages !", "Supprimez mes données",
]  # fmt: skip
PAUSES = [
    "/pause", "/pause 2h", "/pause jusqu’à lundi", "pause", "mets en pause jusqu’à lundi", "fais une pause de 3 jours",
    "je suis en vacances jusqu’au 15", "rien avant lundi, je suis en congés",
]  # fmt: skip


async def test_who_wants_less_is_offered_less_and_nothing_is_deleted(world: World) -> None:
    for words in LESS:
        assert await said(world, words) == text("fr", "plain.leave")
        labels = [key.text for row in world.screen.shown[-1][1].buttons for key in row]
        assert labels == ["Heures de silence", "‹ Les veilles", "Tout arrêter…"]
        assert world.following()
        await world.presses(world.screen.shown[-1][1].buttons[-1][0].data)
        assert read(world.screen.edited[-1][2].html).text.startswith("Effacer tout")


async def test_who_wants_a_pause_is_told_what_comes_nearest_and_one_press_does_it(world: World) -> None:
    for words in PAUSES:
        assert await said(world, words) == text("fr", "plain.pause")
        labels = [key.text for row in world.screen.shown[-1][1].buttons for key in row]
        assert labels == ["Silence, toujours", "Heures de silence", "‹ Les veilles", "Tout arrêter…"]
        assert world.chat().quiet_from == world.chat().quiet_to, "nothing is changed yet"
    await world.presses(world.screen.shown[-1][1].buttons[0][0].data)
    assert (world.chat().quiet_from, world.chat().quiet_to) == ALWAYS
    labels = [key.text for row in world.screen.edited[-1][2].buttons for key in row]
    assert "aucun" in labels, "what ends it"
    assert "Un flash attend le digest" in labels


async def test_a_group_is_paused_by_its_administrators_alone(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre hds", chat=GROUP)
    await world.says("/pause", chat=GROUP)
    assert world.screen.last == text("fr", "plain.pause")
    world.screen.admins = set()
    await world.says("/pause", chat=GROUP, user=READER + 1)
    assert world.screen.last == text("fr", "rights.operators")


async def test_a_pause_until_a_day_is_no_source(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    for until in ("jusqu’à lundi", "until Monday", "Jusqu'au 15"):
        await world.says(f"/pause {until}", chat=ADMIN, user=ADMIN)
        assert world.screen.last == text("fr", "status.pause_usage")


NEWS = [
    "arrêté du 26 février 2018", "arrêt de la Cour", "opt-out données de santé", "StopCovid", "heure légale",
    "langue des signes", "merci et bonjour tristesse", "soirée de la CNIL", "dossier médical partagé",
    "acte authentique",
]  # fmt: skip


async def test_what_may_be_news_is_looked_for(world: World) -> None:
    for words in NEWS:
        assert (await said(world, words)).startswith("Rien pour")
        labels = [key.text for row in world.screen.shown[-1][1].buttons for key in row]
        assert labels == ["Toutes les commandes", "‹ Les veilles", "Réglages"], (
            "who meant something else finds it there"
        )


SETTINGS = [
    ("comment je change l’heure du digest ?", "Heure des digests"), ("/heure", "Heure des digests"),
    ("je voudrais changer la langue", "Langue de"), ("How do I change the language?", "Langue de"),
    ("/langue", "Langue de"), ("/english", "Langue de"),
    ("English, please", "Langue de"), ("pas d’alerte après 20h", "Silence"), ("plus que les vendredis", "Jours des"),
]  # fmt: skip


async def test_how_to_set_opens_the_menu_that_sets(world: World) -> None:
    for words, opens in SETTINGS:
        assert (await said(world, words)).startswith(opens)
        assert world.screen.shown[-1][1].buttons


async def test_who_asks_what_a_flash_was_is_told_of_the_last_one(world: World) -> None:
    assert "?" in await said(world, "c’est quoi ce flash ?"), "before the first, its address is asked for"
    for title in ("Cirrova obtient SecNumCloud", "Nébulis obtient SecNumCloud"):
        world.publish("secnumcloud", title)
        world.queued()
    assert "Nébulis obtient SecNumCloud" in await said(world, "c koi cette alerte")
    assert "Cirrova obtient SecNumCloud" in await said_to(world, "pourquoi ?", message=1)


async def said_to(world: World, words: str, message: int) -> str:
    with world.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET message_id = id")
    world.now += timedelta(seconds=4)
    await world.says(words, reply_to=message)
    return world.screen.last


async def test_a_list_is_followed_or_left_by_its_name(world: World) -> None:
    await world.presses(f"1f.{token('hds')}.x")
    assert "hds" not in world.following()
    await said(world, "je voudrais suivre hds svp")
    assert "hds" in world.following()
    assert "✓ Vous la suivez" in await said(world, "je ne veux plus hds")
    assert "hds" in world.following(), "its card leaves it by a button"


async def test_who_wants_alerts_back_is_told_what_is_on(world: World) -> None:
    assert "Vous suivez 3 veilles" in await said(world, "remets les alertes stp")


WORDLESS = ["😡", "...", "🇫🇷🇫🇷", ""]


async def test_what_holds_no_word_is_told_what_is_read(world: World) -> None:
    for words in WORDLESS:
        assert (await said(world, words)).startswith("Je ne lis que le texte")


QUESTIONS = [
    "est-ce que vous avez quelque chose sur Nébulis ?", "quoi de neuf à propos de Nébulis", "recherche Nébulis",
    "anything about Nébulis?", "Y a-t-il des nouvelles de Nébulis, svp ?",
]  # fmt: skip


async def test_a_question_is_looked_for_by_the_words_that_tell(world: World) -> None:
    world.publish("secnumcloud", "Nébulis obtient SecNumCloud")
    for words in QUESTIONS:
        assert "Nébulis obtient SecNumCloud" in await said(world, words)


async def test_what_the_whole_words_find_is_not_widened(world: World) -> None:
    world.publish("secnumcloud", "Que trouve la recherche médicale ?")
    world.publish("secnumcloud", "Médicale")
    assert "1 article" in await said(world, "trouve recherche médicale")


OFFERED = [
    ("mets-moi le digest à 7h30", "→ 07:30"), ("only on Fridays please", "→ ven."), ("pas le dimanche", "→ lun. mar."),
    ("silence de 22h à 6h30", "→ 22:00–06:30"),
]  # fmt: skip


async def test_the_value_that_is_named_stands_on_the_first_button(world: World) -> None:
    for words, label in OFFERED:
        await said(world, words)
        assert world.screen.shown[-1][1].buttons[0][0].text.startswith(label)
    await world.presses(world.screen.shown[-1][1].buttons[0][0].data)
    assert (world.chat().quiet_from, world.chat().quiet_to) == (22 * 60, 6 * 60 + 30)


async def test_what_is_new_since_a_day_is_what_changed(world: World) -> None:
    for words in ("quoi de neuf depuis hier ?", "what happened since yesterday", "depuis hier", "Since monday"):
        assert (await said(world, words)).startswith("Ce qui a changé")
    assert (await said(world, "hébergeur depuis hier")).startswith("Rien pour"), "a word before it is looked for"


async def test_a_group_is_answered_where_the_bot_is_named_alone(world: World) -> None:
    await world.says("stop", chat=GROUP)
    assert not [chat for chat, _ in world.screen.shown if chat == GROUP]
    await world.says("stop", chat=GROUP, called=True)
    assert world.screen.last == text("fr", "rights.admins"), "what its members may not set, they may not wish either"
    await world.says("Nébulis", chat=GROUP, called=True)
    assert world.screen.last.startswith("Rien pour")


FAR = ["/inconnu", "/123"]


async def test_a_command_that_there_is_not_is_read_as_its_word(world: World) -> None:
    for word, start in (("/menu", "Les veilles"), ("/parametres", "Réglages"), ("/desabonner", "Recevoir moins")):
        assert (await said(world, word)).startswith(start)


async def test_a_command_that_is_near_none_is_not_guessed(world: World) -> None:
    for word in FAR:
        assert "Vouliez-vous" not in await said(world, word)
        assert "/aide" in world.screen.last


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("voir (https://a.example/b).", "https://a.example/b"), ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("« https://a.example/b »", "https://a.example/b"), ("a.example/b?x=1 merci", "https://a.example/b?x=1"),
        ("www.a.example/b,", "https://www.a.example/b"), ("HTTPS://A.example/b", "HTTPS://A.example/b"),
        ("dpo@hopital.example", ""), ("et/ou 3.2/3.3", ""), ("SecNumCloud 3.2", ""), ("moi@a.example/b", ""),
    ],
)  # fmt: skip
def test_an_address_is_read_as_people_paste_it(words: str, found: str) -> None:
    assert address(words) == found


async def test_each_address_of_a_message_is_answered_and_each_opens_its_own_why(world: World) -> None:
    world.publish("secnumcloud", "Cirrova obtient SecNumCloud")
    await said(world, "Vu https://fil.example/1, https://fil.example/1 et www.ailleurs.example/x. Merci")
    assert [line[:2] for line in world.screen.last.splitlines() if line[1:2] == "."] == ["1.", "2."]
    keys = [key for row in world.screen.shown[-1][1].buttons for key in row]
    assert [key.text for key in keys] == ["1 · Pourquoi\u00a0?", "2 · J’aurais dû le recevoir"]
    await world.presses(keys[0].data)
    assert "Veille\u00a0: SecNumCloud et qualification" in world.screen.last
    many = " ".join(f"https://a.example/{number}" for number in range(20))
    assert (await said(world, many)).endswith("12 autres adresses restent\u00a0: envoyez-les à part.")


async def test_what_was_never_seen_may_be_reported_at_once(world: World) -> None:
    url = "https://nulle-part.example/x"
    await world.says(url)
    ((key,),) = world.screen.shown[-1][1].buttons
    await world.presses(key.data)
    assert read(world.screen.edited[-1][2].html).text.startswith("Noté, merci")
    assert world.store.missed.record(world.chat().key, url, None, "x", world.now) == 0, "said already"


@pytest.mark.parametrize(
    ("named", "day"),
    [("hier", 23), ("aujourd’hui", 24), ("yesterday", 23), ("lundi", 23), ("mardi", 17), ("sunday", 22)],
)
def test_since_reads_a_day_by_its_name(named: str, day: int) -> None:
    asked = search.parse(f"hds depuis:{named}", partial(days.begun, now=NOW, zone="UTC"))  # a Tuesday
    assert isinstance(asked, SearchQuery)
    assert asked.since == datetime(2026, 11, day, tzinfo=NOW.tzinfo)


async def test_a_group_is_not_answered_for_what_its_people_say(world: World) -> None:
    shown = len(world.screen.shown)
    for words in ("bonjour", "stop", "merci", "veilles", "👍"):
        await world.says(words, chat=GROUP, user=READER)
    assert len(world.screen.shown) == shown


async def test_an_operator_pauses_as_before(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    await world.says("/pause 2h", chat=ADMIN, user=ADMIN)
    assert world.screen.last != text("fr", "plain.leave")
