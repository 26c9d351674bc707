import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import (
    command_menus,
    commands,
    digests,
    explain,
    help_text,
    menus,
    privacy,
    registry,
    searching,
    settings_view,
    starting,
    watchlists,
    watchlists_view,
)
from bot.conversation.commands import NAMES, Task, decide
from bot.conversation.model import Request, View
from bot.conversation.registry import Doing
from bot.messages import texts
from bot.messages.callback_data import Press, base36, build, parse, token
from bot.messages.texts import LANGUAGES, catalogue
from bot.model import Incoming, Message
from matchers.engine.gazetteer import Entity
from matchers.model import Watchlist
from storage.chats.model import Chat, Subscription
from storage.ids import ChatKey
from tests.bot.conversation.world import ADMIN, GROUP, World
from tests.bot.digest.builders import NOW, WATCHLISTS, chat
from tests.bot.digest.telegram_html import read

SECNUM, HDS = WATCHLISTS["secnumcloud"], WATCHLISTS["hds"]


def view(**changes: Any) -> View:
    held = (Subscription("secnumcloud", None, 0),)
    return replace(View("fr", WATCHLISTS, chat(), held, NOW.date()), **changes)


def asking(text: str = "", data: str = "", *, private: bool = True, **changes: Any) -> Request:
    kind: Any = "press" if data else "message"
    where: Any = (555, "private") if private else (-5, "supergroup")
    incoming = Incoming(kind, *where, user=9, text=text, callback="c" if data else None, data=data, message=3)
    return replace(Request(incoming, view(), may_change=True), **changes)


def stranger(language: str = "fr") -> View:
    return view(chat=None, subscriptions=(), language=language)


def said(text: str, **changes: Any) -> Task | None:
    return decide(asking(text, **changes))


def pressed(press: Press | str, **changes: Any) -> Task:
    data = press if isinstance(press, str) else build(press)
    task = decide(asking(data=data or "?", **changes))
    assert task is not None
    return task


async def shown(world: World, task: Task | None) -> Message:
    """What a command or a press that changes nothing shows."""
    assert task is not None
    before = everything_kept(world)
    answer = await task.do(task.request, world.talk.context)
    assert isinstance(answer, Message)
    assert everything_kept(world) == before
    return answer


def everything_kept(world: World) -> list[Any]:
    with world.store.database.read() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).scalars()
        tables = [name for name in names if not name.startswith(("sqlite_", "search"))]
        return [(name, connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall()) for name in tables]


async def words(world: World, task: Task | None) -> str:
    return read((await shown(world, task)).html).text


def keys(message: Message | None) -> list[str]:
    assert message is not None
    return [button.text for row in message.buttons for button in row]


@pytest.mark.parametrize(
    ("argument", "wished"),
    [
        ("secnumcloud", (SECNUM, None)),
        ("secnumcloud flash", (SECNUM, "flash")),
        ("hds   quotidien", (HDS, "daily")),
        ("hds hebdo", (HDS, "weekly")),
        ("HDS Hebdomadaire", (HDS, "weekly")),
        ("Hebergement des donnees de sante flash", (HDS, "flash")),
        ("SecNumCloud et qualification", (SECNUM, None)),
        ("hds daily", (HDS, "daily")),
        ("hds weekly", (HDS, "weekly")),
    ],
)
def test_a_watchlist_and_a_level_are_named_freely(argument: str, wished: tuple[Watchlist, Any]) -> None:
    assert watchlists.wish(argument, view()) == wished


@pytest.mark.parametrize(
    ("text", "do", "argument"),
    [
        ("/suivre  hds   quotidien", watchlists.follow_named, "hds   quotidien"),
        ("/FOLLOW@vigie_bot hds flash", watchlists.follow_named, "hds flash"),
        ("/digest", digests.send_digest, ""),
        ("/start", starting.start, ""),
        ("/start x_1", starting.start, "x_1"),
        ("/start p_abc", explain.explain_link, "abc"),
        ("nuage souverain", searching.find, "nuage souverain"),
        ("https://exemple.fr/1", explain.explain, "https://exemple.fr/1"),
        ("/recherche données de santé", searching.find, "données de santé"),
        ("/stop", privacy.stop, ""),
        ("/stop oui", privacy.stop, "oui"),
    ],
)
def test_a_command_is_answered_by_its_use_case(text: str, do: Doing, argument: str) -> None:
    task = said(text)
    assert task is not None
    assert (task.do, task.request.argument) == (do, argument)


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
        ("/suivre", "Touchez la veille à suivre."),
        ("/suivre secnumclud", "Je ne connais pas la veille «\u00a0secnumclud\u00a0».\nVouliez-vous dire\u00a0: SecN"),
        ("/suivre secnumclud flash", "Je ne connais pas la veille «\u00a0secnumclud\u00a0»."),
        ("/suivre hds souvent", "Je ne connais pas le niveau «\u00a0souvent\u00a0»"),
        ("/suivre hds très souvent", "Je ne connais pas le niveau «\u00a0très souvent\u00a0»"),
        ("/suivre flash", "Je ne connais pas la veille «\u00a0flash\u00a0»"),
        ("/suivre <b>&", "Je ne connais pas la veille «\u00a0<b>&\u00a0»"),
        ("/serveur", "Je ne connais pas /serveur.\n/aide dit"),
        ("/veile", "Je ne connais pas /veile.\nVouliez-vous dire /veilles\u00a0?"),
        ("/zzzzzz", "Je ne connais pas /zzzzzz.\n/aide dit"),
        ("", "Je ne lis que le texte"),
    ],
)  # fmt: skip
async def test_a_command_shows_its_answer_and_changes_nothing(world: World, text: str, start: str) -> None:
    assert (await words(world, said(text))).startswith(start)


@pytest.mark.parametrize("text", ["/start", "/aide", "/veilles", "/reglages", "/suivre rien", "/zzz"])
async def test_an_english_chat_reads_english(world: World, text: str) -> None:
    answer = await words(world, said(text, view=view(language="en")))
    assert re.search(r"\b(the|The|I|Digests)\b", answer)
    assert "veilles" not in answer


async def test_a_deep_link_opens_its_card_and_never_subscribes(world: World) -> None:
    assert "Suivre" in keys(await shown(world, said("/start v_hds", view=stranger())))


async def test_who_dropped_every_list_is_not_subscribed_again_by_start(world: World) -> None:
    assert (await words(world, said("/start", view=view(subscriptions=())))).startswith("Bonjour")


async def test_a_digest_for_who_follows_nothing_says_so(world: World) -> None:
    assert "/veilles" in await words(world, said("/digest", view=stranger()))


async def test_stop_has_nothing_to_delete_for_a_stranger(world: World) -> None:
    for task in (said("/stop", view=stranger()), pressed(Press("s", "y"), view=stranger())):
        assert await words(world, task) == "Je ne garde rien de cette conversation."


@pytest.mark.parametrize("private", [True, False])
async def test_who_stops_is_asked_once_before_all_is_deleted(world: World, private: bool) -> None:
    assert (await words(world, said("/stop", private=private))).startswith("Effacer tout")


@pytest.mark.parametrize("text", ["/veilles", "/suivre", "/suivre hds", "/start"])
async def test_without_a_watchlist_the_administrator_is_at_work(world: World, text: str) -> None:
    empty = view(watchlists={}, subscriptions=())
    assert "L’administrateur prépare les veilles." in await words(world, said(text, view=empty))


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
async def test_in_a_group_only_administrators_change_settings(world: World, text: str, forbidden: bool) -> None:
    task = said(text, may_change=False, private=False)
    refusal = "Seuls les administrateurs du groupe peuvent changer cela."
    assert (await words(world, task) == refusal) is forbidden


async def test_a_member_s_start_in_a_new_group_subscribes_nobody(world: World) -> None:
    await shown(world, said("/start", view=stranger(), may_change=False, private=False))


@pytest.mark.parametrize("text", ["bonjour", "/inconnue", "https://exemple.fr", ""])
def test_a_group_s_own_talk_is_left_alone(text: str) -> None:
    assert said(text, private=False) is None


async def test_an_unknown_command_addressed_to_the_bot_is_answered_in_a_group(world: World) -> None:
    assert await words(world, said("/inconnue@vigie_bot", private=False))


@pytest.mark.parametrize("kind", ["message", "press"])
async def test_a_channel_is_never_answered(world: World, kind: Any) -> None:
    await world.talk.handle(Incoming(kind, -100, "channel", text="/start", data="1v", callback="c"))
    assert (world.screen.shown, world.screen.notices) == ([], [])


@pytest.mark.parametrize(("value", "level"), [("o", None), ("f", "flash"), ("d", "daily"), ("w", "weekly")])
async def test_a_button_sets_a_level_and_x_drops_the_list(world: World, value: str, level: str | None) -> None:
    await world.presses(Press("f", token("hds"), value))
    assert world.following() == {"hds": level}
    await world.presses(Press("f", token("hds"), "x"))
    assert world.following() == {}


@pytest.mark.parametrize(
    ("press", "start"),
    [
        (Press("v"), "Les veilles"),
        (Press("c", token("hds")), "Hébergement des données de santé\n"),
        (Press("g"), "Réglages"),
        (Press("s", "n"), "Rien n’a changé."),
    ],
)
async def test_a_button_opens(world: World, press: Press, start: str) -> None:
    assert (await words(world, pressed(press))).startswith(start)


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
async def test_a_stale_button_refreshes_its_menu_and_changes_nothing(world: World, data: str) -> None:
    task = pressed(data, operator=True)
    assert task.notice == "Ce menu a changé, le voici."
    assert (await words(world, task)).startswith("Les veilles")


@given(st.text(max_size=64), st.booleans(), st.booleans())
def test_random_data_reaches_no_use_case(data: str, may_change: bool, operator: bool) -> None:
    task = pressed(data, may_change=may_change, operator=operator)
    assert parse(data) is not None or task.notice == "Ce menu a changé, le voici."


VERBS = sorted(registry.verbs())
TOLD_AFTERWARDS = {"ms", "mo"}  # is it the same event? one may have said so before
PIECE = st.from_regex(r"-?[0-9a-z]{0,13}", fullmatch=True)


@given(st.sampled_from(VERBS), PIECE, PIECE, st.integers(0, 1_000), st.booleans(), st.booleans())
def test_whatever_a_button_carries_is_understood_or_stale(
    verb: str, target: str, value: str, page: int, private: bool, operator: bool
) -> None:
    task = pressed(build(Press(verb, target, value, page)), private=private, operator=operator)
    assert verb in TOLD_AFTERWARDS if task.notice is None else len(task.notice) <= 200


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("key", ["affair.noted", "affair.suggested", "affair.settled"])
def test_what_is_told_after_a_press_fits_where_it_is_shown(key: str, language: str) -> None:
    assert len(texts.text(language, key)) <= 200


@pytest.mark.parametrize("press", [Press("f", token("hds"), "f"), Press("g"), Press("g", "l", "en"), Press("s", "y")])
async def test_a_member_s_press_is_refused_by_a_notice_alone(world: World, press: Press) -> None:
    await world.says("/suivre secnumcloud", chat=GROUP, user=None, anonymous=True)
    before = everything_kept(world)
    await world.presses(press, chat=GROUP)
    assert world.screen.notices[-1][1] == "Seuls les administrateurs du groupe peuvent changer cela."
    assert (world.screen.edited, everything_kept(world)) == ([], before)


OPERATORS_ONLY = [verb for verb in VERBS if registry.find_button(verb).right == "operators"]  # type: ignore[union-attr]


@pytest.mark.parametrize("verb", OPERATORS_ONLY)
async def test_an_operator_s_button_is_refused_to_others_by_a_notice_alone(world: World, verb: str) -> None:
    """It may stand in the journal, in a group where anybody can press: that message is no menu of theirs."""
    task = pressed(Press(verb, token("hds"), "1"))
    assert task.notice == "Seuls les administrateurs de Vigie peuvent faire cela."
    assert await task.do(task.request, world.talk.context) is None


def test_what_only_operators_press_is_what_it_was() -> None:
    assert OPERATORS_ONLY == [
        "a", "b", "i", "j", "ju", "la", "li", "lj", "ln", "lp", "uo", "x", "xd", "xh", "xn", "xp", "xr", "xs",
    ]  # fmt: skip


@pytest.mark.parametrize(("value", "language"), [("group", "fr"), ("gen", "en")])
async def test_who_admits_says_in_which_language(world: World, value: str, language: str) -> None:
    world.door.admins = frozenset({ADMIN})
    await world.presses(Press("a", base36(GROUP), value), chat=ADMIN, user=ADMIN)
    assert (world.chat(GROUP).kind, world.chat(GROUP).language) == ("group", language)


# --- registered ----------------------------------------------------------------------------------------------------
def test_nothing_is_answered_twice() -> None:
    with pytest.raises(ValueError, match="aide is answered twice"):
        registry.command("aide")(help_text.show_help)
    with pytest.raises(ValueError, match="v is answered twice"):
        registry.button("v", reads=registry.page)(watchlists.turn_lists)


def test_every_command_has_its_line_in_both_languages_and_every_use_case_is_known() -> None:
    for each in registry.commands():
        for language in LANGUAGES:
            assert each.name == "start" or catalogue(language).sentences[f"command.{each.name}"]
    folder = Path(commands.__file__).parent
    using = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^@(command|button|link)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {module.__name__.rpartition(".")[2] for module in commands.USE_CASES} == using


def test_no_two_commands_have_one_rank() -> None:
    ranks = [each.rank for each in registry.commands() if each.offered]
    assert len(set(ranks)) == len(ranks)


# --- menus ---------------------------------------------------------------------------------------------------------
def test_a_card_tells_what_the_list_looks_for() -> None:
    lines = read(watchlists_view.card(view(), SECNUM).html).text.splitlines()
    assert lines == [
        "SecNumCloud et qualification",
        "Quelle offre entre en qualification, l'obtient ou la perd\u00a0?",
        "Termes\u00a0: secnumcloud, qualification",
        "Niveau de la veille\u00a0: flash",
        "✓ Vous la suivez (flash)",
    ]
    assert keys(watchlists_view.card(view(), SECNUM)) == [
        "Ne plus suivre", "✓ Flash", "Quotidien", "Hebdo", "‹ Les veilles", "Réglages",
    ]  # fmt: skip


def test_a_card_calls_an_entity_by_its_name() -> None:
    named = replace(SECNUM, terms=("@fuite-sante", "title:@fuite-sante", "fuite-sante", "@inconnue"))
    seen = view(entities={"fuite-sante": Entity("fuite-sante", (), name="fuite de données de santé")})
    told = "fuite de données de santé, fuite de données de santé, fuite-sante, inconnue"
    assert f"Termes\u00a0: {told}" in read(watchlists_view.card(seen, named).html).text
    assert "• fuite de données de santé" in read(watchlists_view.terms(seen, named).html).text


@pytest.mark.parametrize(
    ("count", "shown"), [(1, [1]), (8, [8]), (9, [9]), (10, [10]), (11, [8, 3]), (18, [8, 10]), (19, [8, 8, 3])]
)
def test_one_or_two_rows_are_no_page_of_their_own(count: int, shown: list[int]) -> None:
    leaves = [menus.leaf(range(count), page) for page in range(len(shown))]
    assert [(page, pages, len(rows)) for page, pages, rows in leaves] == [
        (page, len(shown), n) for page, n in enumerate(shown)
    ]
    assert menus.leaf(range(count), 99) == leaves[-1]


async def test_a_dossier_that_is_not_known_is_answered_with_those_that_are(world: World) -> None:
    await world.says("/dossier 999")
    assert world.screen.last.splitlines()[0] == "Je ne connais pas ce dossier\u00a0; voici ceux qui sont ouverts."
    assert "Aucun dossier ouvert" in world.screen.last


def test_the_day_of_its_review_is_for_who_keeps_the_list_and_not_for_its_readers() -> None:
    late = replace(HDS, review=NOW.date().replace(year=2025))
    assert watchlists_view.card(view(), late) == watchlists_view.card(view(), HDS)


def many(count: int) -> dict[str, Watchlist]:
    return {f"l{n}": replace(HDS, id=f"l{n}", name=f"Veille <{n}> " + "é" * 90) for n in range(count)}


@pytest.mark.parametrize("count", [1, 8, 9, 22])
def test_every_list_is_on_some_page(count: int) -> None:
    held = view(watchlists=many(count))
    pages = [watchlists_view.lists(held, page) for page in range(-(-count // 8))]
    names = [held.name(each) for each in held.watchlists]
    assert all(any(name in read(page.html).text for page in pages) for name in names)
    assert "/suivre" not in "".join(page.html for page in pages), "a tap would send the command alone"
    assert watchlists_view.lists(held, 99) == pages[-1]


async def test_the_pages_turn(world: World) -> None:
    held = view(watchlists=many(22))
    first = watchlists_view.lists(held)
    assert keys(first)[-4:] == ["‹", "1/3 (22)", "›", "+ Un terme à suivre"]
    _, middle, forth = first.buttons[-2]
    assert keys(await shown(world, pressed(forth.data or "", view=held)))[-4:-1] == ["‹", "2/3 (22)", "›"]
    await world.presses(middle.data or "")
    assert (world.screen.shown, world.screen.edited) == ([], [])


def test_the_confirmation_reads_as_the_layout_says() -> None:
    message = watchlists_view.following(view(), SECNUM, 5, 23, 11)
    assert message.html == (
        "✓ Vous suivez «\u00a0SecNumCloud et qualification\u00a0» (flash). Rien d’ancien ne sera envoyé.\n"
        "Sur 30 jours, elle aurait retenu 23 articles, 11 sujets."
    )
    assert keys(message) == ["Voir les 5 derniers", "Niveau", "Ne plus suivre"]


def test_without_history_no_button_promises_any() -> None:
    message = watchlists_view.following(view(), SECNUM, 0, 0, read=412)
    assert message.html.endswith("Sur 30 jours et 412 articles lus, elle n’aurait rien retenu.")
    assert keys(message) == ["Niveau", "Ne plus suivre"]


def test_the_command_menus_are_what_telegram_takes() -> None:
    found = command_menus.of_all_chats()
    assert {(menu.audience, menu.language) for menu in found} == {
        (audience, language) for audience in ("private", "groups", "group_admins") for language in (None, "en")
    }
    chats = [Chat(ChatKey(1), -5 if kind == "group" else 5, kind, "fr") for kind in ("private", "group")]
    own = [menu for chat in chats for lang in LANGUAGES for menu in command_menus.of_chat(chat, lang, operator=True)]
    for menu in (*found, *own):
        for name, description in menu.commands:
            assert re.fullmatch("[a-z0-9_]{1,32}", name)
            assert NAMES[name], "it is answered"
            assert 1 <= len(description) <= 256


def test_each_audience_has_the_commands_that_serve_it() -> None:
    french = {
        menu.audience: [name for name, _ in menu.commands] for menu in command_menus.of_all_chats() if not menu.language
    }
    assert french["private"] == (
        [
            "aide",
            "veilles",
            "suivre",
            "reglages",
            "digest",
            "recherche",
            "acte",
            "dossier",
            "depuis",
            "statuts",
            "brief",
            "echeances",
            "pourquoi",
            "manque",
            "etat",
            "export",
            "confidentialite",
            "stop",
        ]
    )
    shared = ["aide", "veilles", "digest", "dossier", "depuis", "statuts", "brief", "echeances", "pourquoi", "etat"]
    assert french["groups"] == shared
    assert french["group_admins"] == [*french["groups"], "suivre", "reglages", "stop"]
    (own,) = command_menus.of_chat(Chat(ChatKey(1), 5, "private", "fr"), "fr", operator=True)
    more = ["tri", "sources", "essai", "recharger", "pause", "journal", "separer", "fusionner"]
    assert [name for name, _ in own.commands] == [*french["private"], *more]
    assert command_menus.of_chat(Chat(ChatKey(1), -5, "channel", "fr"), "fr", operator=False) == ()


ODD = st.text(max_size=200)


@given(ODD, ODD, st.lists(ODD, max_size=12), st.sampled_from(["fr", "en"]))
def test_no_name_makes_a_menu_that_telegram_refuses(name: str, question: str, terms: list[str], language: Any) -> None:
    odd = replace(HDS, name=name + "x", question=question, terms=tuple(terms))
    held = view(watchlists={"hds": odd}, language=language)
    drawn = (
        watchlists_view.card(held, odd),
        watchlists_view.lists(held),
        watchlists_view.welcome(held, subscribed=True),
        watchlists_view.following(held, odd, 2, 2),
        watchlists_view.unfollowed(held, odd),
        watchlists_view.examples(held, odd, ()),
        watchlists_view.unknown_watchlist(held, name, ["hds"]),
        settings_view.menu(held),
    )
    for message in drawn:
        assert message is not None
        read(message.html)
        assert all(len((button.data or "").encode()) <= 64 and button.text for row in message.buttons for button in row)
