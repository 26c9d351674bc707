import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import menus, settings
from bot.conversation.commands import NAMES, reply
from bot.conversation.model import (
    Admit,
    Change,
    DigestNow,
    FindArticles,
    Follow,
    FollowAll,
    Forget,
    Preview,
    Reply,
    Scene,
    Unfollow,
    View,
)
from bot.messages.callback_data import Press, base36, build, token
from bot.messages.texts import LANGUAGES
from bot.model import Incoming, Message
from matchers.model import Watchlist
from storage.chats.model import Chat, Subscription
from storage.ids import ChatKey
from tests.bot.digest.builders import NOW, WATCHLISTS, chat
from tests.bot.digest.telegram_html import read

SECNUM, HDS = WATCHLISTS["secnumcloud"], WATCHLISTS["hds"]


def view(**changes: Any) -> View:
    held = (Subscription("secnumcloud", None, 0),)
    return replace(View("fr", WATCHLISTS, chat(), held, NOW.date()), **changes)


def scene(**changes: Any) -> Scene:
    return replace(Scene(view(), may_change=True, private=True), **changes)


def stranger(language: str = "fr") -> Scene:
    return scene(view=view(chat=None, subscriptions=(), language=language))


def said(text: str, held: Scene | None = None) -> Reply:
    return reply(Incoming("message", 555, "private", user=9, text=text), held or scene())


def pressed(press: Press | str, held: Scene | None = None) -> Reply:
    data = press if isinstance(press, str) else build(press)
    return reply(Incoming("press", 555, "private", user=9, callback="c", data=data, message=3), held or scene())


def shown(answer: Reply) -> str:
    assert answer.message is not None
    return read(answer.message.html).text


def keys(message: Message | None) -> list[str]:
    assert message is not None
    return [button.text for row in message.buttons for button in row]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("/suivre secnumcloud", Follow(SECNUM, None)),
        ("/suivre secnumcloud flash", Follow(SECNUM, "flash")),
        ("/suivre  hds   quotidien", Follow(HDS, "daily")),
        ("/suivre hds hebdo", Follow(HDS, "weekly")),
        ("/suivre HDS Hebdomadaire", Follow(HDS, "weekly")),
        ("/suivre Hebergement des donnees de sante flash", Follow(HDS, "flash")),
        ("/suivre SecNumCloud et qualification", Follow(SECNUM, None)),
        ("/follow hds daily", Follow(HDS, "daily")),
        ("/follow hds weekly", Follow(HDS, "weekly")),
        ("/FOLLOW@vigie_bot hds flash", Follow(HDS, "flash")),
        ("/digest", DigestNow()),
        ("bonjour", FindArticles("bonjour")),
        ("/recherche données de santé", FindArticles("données de santé")),
        ("/stop", Forget()),
        ("/stop oui", Forget()),
        ("/stop yes", Forget()),
    ],
)
def test_a_command_asks_for_its_change(text: str, change: Change) -> None:
    assert said(text) == Reply(change=change)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("/veilles", "Les veilles"),
        ("/watchlists", "Les veilles"),
        ("/list", "Les veilles"),
        ("/aide", "/veilles Les veilles"),
        ("/help", "/veilles Les veilles"),
        ("/reglages", "Réglages"),
        ("/réglages", "Réglages"),
        ("/settings", "Réglages"),
        ("/start", "Bonjour, ici Vigie."),
        ("/start v_hds", "Hébergement des données de santé\n"),
        ("/start v_HDS", "Hébergement des données de santé\n"),
        ("/start v_nulle", "Je ne connais pas la veille «\u00a0nulle\u00a0»."),
        ("/suivre", "Écrivez par exemple\u00a0: /suivre secnumcloud flash"),
        ("/suivre secnumclud", "Je ne connais pas la veille «\u00a0secnumclud\u00a0».\nVouliez-vous dire\u00a0: secn"),
        ("/suivre secnumclud flash", "Je ne connais pas la veille «\u00a0secnumclud\u00a0»."),
        ("/suivre hds souvent", "Je ne connais pas le niveau «\u00a0souvent\u00a0»"),
        ("/suivre hds très souvent", "Je ne connais pas le niveau «\u00a0très souvent\u00a0»"),
        ("/suivre flash", "Je ne connais pas la veille «\u00a0flash\u00a0»"),
        ("/suivre <b>&", "Je ne connais pas la veille «\u00a0<b>&\u00a0»"),
        ("/veille", "Je ne connais pas /veille.\nVouliez-vous dire /veilles\u00a0?"),
        ("/zzzzzz", "Je ne connais pas /zzzzzz.\n/aide dit"),
        ("", "/veilles Les veilles"),
    ],
)  # fmt: skip
def test_a_command_shows_its_answer_and_changes_nothing(text: str, start: str) -> None:
    answer = said(text)
    assert shown(answer).startswith(start)
    assert answer.change is None


@pytest.mark.parametrize("text", ["/start", "/aide", "/veilles", "/reglages", "/suivre rien", "/zzz"])
def test_an_english_chat_reads_english(text: str) -> None:
    words = shown(said(text, scene(view=view(language="en"))))
    assert re.search(r"\b(the|The|I|Digests)\b", words)
    assert "veilles" not in words


def test_a_newcomer_s_start_follows_everything() -> None:
    assert said("/start", stranger()) == Reply(change=FollowAll())


def test_a_deep_link_opens_its_card_and_never_subscribes() -> None:
    answer = said("/start v_hds", stranger())
    assert answer.change is None
    assert "Suivre" in keys(answer.message)


def test_who_dropped_every_list_is_not_subscribed_again_by_start() -> None:
    assert said("/start", scene(view=view(subscriptions=()))).change is None


def test_a_digest_for_who_follows_nothing_says_so() -> None:
    assert "/veilles" in shown(said("/digest", stranger()))


def test_stop_has_nothing_to_delete_for_a_stranger() -> None:
    assert shown(said("/stop", stranger())) == "Je ne garde rien de cette conversation."
    assert shown(pressed(Press("s", "y"), stranger())) == "Je ne garde rien de cette conversation."


def test_a_group_is_asked_before_all_is_deleted() -> None:
    group = scene(private=False)
    assert shown(said("/stop", group)).startswith("Effacer tout")
    assert said("/stop oui", group).change == Forget()


@pytest.mark.parametrize("text", ["/veilles", "/suivre", "/suivre hds", "/start"])
def test_without_a_watchlist_the_administrator_is_at_work(text: str) -> None:
    empty = scene(view=view(watchlists={}, subscriptions=()))
    words = shown(said(text, empty))
    assert "L’administrateur prépare les veilles." in words


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("/suivre hds", True),
        ("/stop", True),
        ("/stop oui", True),
        ("/reglages", True),
        ("/veilles", False),
        ("/aide", False),
        ("/start", False),
        ("/digest", False),
    ],
)
def test_in_a_group_only_administrators_change_settings(text: str, forbidden: bool) -> None:
    answer = said(text, scene(may_change=False, private=False))
    refusal = "Seuls les administrateurs du groupe peuvent changer cela."
    assert (answer.message is not None and answer.message.html == refusal) is forbidden
    assert answer.change in (None, DigestNow())


def test_a_member_s_start_in_a_new_group_subscribes_nobody() -> None:
    held = replace(stranger(), may_change=False, private=False)
    assert said("/start", held).change is None


@pytest.mark.parametrize("text", ["bonjour", "/inconnue", "https://exemple.fr", ""])
def test_a_group_s_own_talk_is_left_alone(text: str) -> None:
    assert said(text, scene(private=False)) == Reply()


def test_an_unknown_command_addressed_to_the_bot_is_answered_in_a_group() -> None:
    assert said("/inconnue@vigie_bot", scene(private=False)).message is not None


@pytest.mark.parametrize("kind", ["message", "press"])
def test_a_channel_is_never_answered(kind: Any) -> None:
    assert reply(Incoming(kind, -100, "channel", text="/start", data="1v"), scene()) == Reply()


@pytest.mark.parametrize(
    ("press", "change"),
    [
        (Press("f", token("hds"), "o"), Follow(HDS, None)),
        (Press("f", token("hds"), "f"), Follow(HDS, "flash")),
        (Press("f", token("hds"), "d"), Follow(HDS, "daily")),
        (Press("f", token("hds"), "w"), Follow(HDS, "weekly")),
        (Press("f", token("hds"), "x"), Unfollow(HDS)),
        (Press("p", token("hds")), Preview(HDS)),
        (Press("s", "y"), Forget()),
    ],
)
def test_a_button_sets(press: Press, change: Change) -> None:
    assert pressed(press).change == change


@pytest.mark.parametrize(
    ("press", "start"),
    [
        (Press("v"), "Les veilles"),
        (Press("c", token("hds")), "Hébergement des données de santé\n"),
        (Press("g"), "Réglages"),
        (Press("s", "n"), "Rien n’a changé."),
    ],
)
def test_a_button_opens(press: Press, start: str) -> None:
    answer = pressed(press)
    assert shown(answer).startswith(start)
    assert answer.change is None


@pytest.mark.parametrize(
    "data",
    [
        "",
        "0v",
        "1zz",
        "1c.aaaaaaaa",
        "1f.aaaaaaaa.f",
        f"1f.{token('hds')}.q",
        f"1f.{token('hds')}",
        "1g.l.de",
        "1g.h.1440",
        "1g.x",
        "1s.z",
        "1a..private",
    ],
)
def test_a_stale_button_refreshes_its_menu_and_changes_nothing(data: str) -> None:
    answer = pressed(data)
    assert answer.notice == "Ce menu a changé, le voici."
    assert shown(answer).startswith("Les veilles")
    assert answer.change is None


@given(st.text(max_size=64))
def test_random_data_changes_nothing(data: str) -> None:
    assert pressed(data).change is None


@pytest.mark.parametrize("press", [Press("f", token("hds"), "f"), Press("g"), Press("g", "l", "en"), Press("s", "y")])
def test_a_member_s_press_is_refused_by_a_notice_alone(press: Press) -> None:
    answer = pressed(press, scene(may_change=False, private=False))
    assert answer == Reply(notice="Seuls les administrateurs du groupe peuvent changer cela.")


def test_only_an_operator_admits() -> None:
    press = Press("a", base36(-100123), "group")
    assert pressed(press, scene(operator=True)).change == Admit(-100123, "group")
    assert pressed(replace(press, value="gen"), scene(operator=True)).change == Admit(-100123, "group", "en")
    assert pressed(press).change is None


# --- menus ---------------------------------------------------------------------------------------------------------
def test_a_card_tells_what_the_list_looks_for() -> None:
    lines = read(menus.card(view(), SECNUM).html).text.splitlines()
    assert lines == [
        "SecNumCloud et qualification",
        "Quelle offre entre en qualification, l'obtient ou la perd\u00a0?",
        "Termes\u00a0: secnumcloud, qualification",
        "Niveau de la veille\u00a0: flash",
        "✓ Vous la suivez (flash)",
    ]
    assert keys(menus.card(view(), SECNUM)) == [
        "Ne plus suivre", "✓ Flash", "Quotidien", "Hebdo", "‹ Les veilles", "Réglages",
    ]  # fmt: skip


def test_a_review_that_is_overdue_is_said() -> None:
    late, planned = (replace(HDS, review=NOW.date().replace(year=year)) for year in (2025, 2027))
    assert "Revue échue le lundi 24 novembre 2025" in menus.card(view(), late).html
    assert "Revue prévue le mercredi 24 novembre 2027" in menus.card(view(), planned).html


def many(count: int) -> dict[str, Watchlist]:
    return {f"l{n}": replace(HDS, id=f"l{n}", name=f"Veille <{n}> " + "é" * 90) for n in range(count)}


@pytest.mark.parametrize("count", [1, 8, 9, 22])
def test_every_list_is_on_some_page(count: int) -> None:
    held = view(watchlists=many(count))
    pages = [menus.lists(held, page) for page in range(-(-count // 8))]
    assert all(any(f"/suivre l{n}" in read(page.html).text.splitlines() for page in pages) for n in range(count))
    assert menus.lists(held, 99) == pages[-1]


def test_the_pages_turn() -> None:
    held = scene(view=view(watchlists=many(22)))
    first = menus.lists(held.view)
    assert keys(first)[-3:] == ["‹", "1/3 (22)", "›"]
    forth = first.buttons[-1][2].data or ""
    assert keys(pressed(forth, held).message)[-3:] == ["‹", "2/3 (22)", "›"]
    assert pressed(first.buttons[-1][1].data or "", held) == Reply()


def test_the_confirmation_reads_as_the_layout_says() -> None:
    message = menus.following(view(), SECNUM, 5, 23, 11)
    assert message.html == (
        "✓ Vous suivez «\u00a0SecNumCloud et qualification\u00a0» (flash). Rien d’ancien ne sera envoyé.\n"
        "Sur 30 jours, elle aurait retenu 23 articles, 11 sujets."
    )
    assert keys(message) == ["Voir les 5 derniers", "Niveau", "Ne plus suivre"]


def test_without_history_no_button_promises_any() -> None:
    message = menus.following(view(), SECNUM, 0, 0, read=412)
    assert message.html.endswith("Sur 30 jours et 412 articles lus, elle n’aurait rien retenu.")
    assert keys(message) == ["Niveau", "Ne plus suivre"]


def test_the_command_menus_are_what_telegram_takes() -> None:
    found = menus.commands()
    assert {(menu.audience, menu.language) for menu in found} == {
        (audience, language) for audience in ("private", "groups", "group_admins") for language in (None, "en")
    }
    chats = [Chat(ChatKey(1), -5 if kind == "group" else 5, kind, "fr") for kind in ("private", "group")]
    own = [menu for chat in chats for lang in LANGUAGES for menu in menus.own_commands(chat, lang, operator=True)]
    for menu in (*found, *own):
        for name, description in menu.commands:
            assert re.fullmatch("[a-z0-9_]{1,32}", name)
            assert NAMES[name], "it is answered"
            assert 1 <= len(description) <= 256


def test_each_audience_has_the_commands_that_serve_it() -> None:
    french = {menu.audience: [name for name, _ in menu.commands] for menu in menus.commands() if not menu.language}
    assert french["private"] == (
        [
            "aide",
            "veilles",
            "reglages",
            "digest",
            "recherche",
            "dossier",
            "pourquoi",
            "manque",
            "etat",
            "export",
            "confidentialite",
            "stop",
        ]
    )
    assert french["groups"] == ["aide", "veilles", "digest", "dossier", "pourquoi", "etat"]
    assert french["group_admins"] == [*french["groups"], "suivre", "reglages", "stop"]
    (own,) = menus.own_commands(Chat(ChatKey(1), 5, "private", "fr"), "fr", operator=True)
    more = ["sources", "essai", "recharger", "pause", "journal", "separer", "fusionner"]
    assert [name for name, _ in own.commands] == [*french["private"], *more]
    assert menus.own_commands(Chat(ChatKey(1), -5, "channel", "fr"), "fr", operator=False) == ()


ODD = st.text(max_size=200)


@given(ODD, ODD, st.lists(ODD, max_size=12), st.sampled_from(["fr", "en"]))
def test_no_name_makes_a_menu_that_telegram_refuses(name: str, question: str, terms: list[str], language: Any) -> None:
    odd = replace(HDS, name=name + "x", question=question, terms=tuple(terms))
    held = view(watchlists={"hds": odd}, language=language)
    drawn = (
        menus.card(held, odd),
        menus.lists(held),
        menus.welcome(held, subscribed=True),
        menus.following(held, odd, 2, 2),
        menus.unfollowed(held, odd),
        menus.examples(held, odd, ()),
        menus.unknown_watchlist(held, name, ["hds"]),
        settings.menu(held),
    )
    for message in drawn:
        assert message is not None
        read(message.html)
        assert all(len((button.data or "").encode()) <= 64 and button.text for row in message.buttons for button in row)
