from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.handlers import Conversation
from bot.delivery.chat import ChatGone, MessageRefused, Moved
from bot.messages.callback_data import Press, token
from bot.model import Incoming, Message
from matchers.model import Watchlist
from storage.chats.model import NewDigest
from tests.bot.conversation.world import ADMIN, GROUP, READER, World, rules, stands_in
from tests.bot.digest.builders import WATCHLISTS
from tests.bot.digest.telegram_html import read

pytestmark = pytest.mark.engines
PRESS_ME = Press("f", token("hds"), "f")


async def test_start_subscribes_a_newcomer_and_says_so_plainly(world: World) -> None:
    await world.says("/start")
    assert world.following() == {"secnumcloud": None, "hds": None, "eucs": None}
    assert "Vous suivez les 3 veilles" in world.screen.last
    assert "Rien d’ancien ne sera envoyé." in world.screen.last
    assert [button.text for row in world.screen.shown[-1][1].buttons for button in row] == [
        "✓ SecNumCloud et qualification", "✓ Hébergement des données de…", "✓ EUCS & CSA <Europe>",
        "+ Un terme à suivre",
    ]  # fmt: skip


@pytest.mark.parametrize(("code", "greeting"), [("en-GB", "Hello, this is Vigie."), ("de", "Bonjour, ici Vigie.")])
async def test_start_greets_in_the_reader_s_language(world: World, code: str, greeting: str) -> None:
    await world.says("/start", language=code)
    assert world.screen.last.startswith(greeting)


async def test_a_second_start_keeps_the_reader_s_choices(world: World) -> None:
    await world.says("/suivre hds flash")
    await world.says("/start")
    assert world.following() == {"hds": "flash"}


async def test_following_sends_the_confirmation_and_nothing_old(world: World) -> None:
    world.publish("hds", "Ancienne nouvelle")
    await world.says("/suivre hds flash")
    assert world.queued() == []
    assert world.screen.last == (
        "✓ Vous suivez «\u00a0Hébergement des données de santé\u00a0» (flash). Rien d’ancien ne sera envoyé.\n"
        "Sur 30 jours, elle aurait retenu 1 article, 1 sujet."
    )


async def test_what_comes_after_following_arrives_as_a_flash(world: World) -> None:
    await world.says("/start")
    await world.says("/suivre hds flash")
    assert world.publish("hds", "Nouvelle") == 1
    (text,) = world.queued()
    assert text.startswith("Nouvelle\n"), "a lock screen shows sixty characters"
    assert text.endswith("\n⚡ Hébergement des données de santé")


async def test_the_last_five_open_by_edit(world: World) -> None:
    for number in range(7):
        world.publish("hds", f"Titre {number}")
    await world.says("/suivre hds")
    await world.presses(Press("p", token("hds")))
    (chat, message, shown) = world.screen.edited[-1]
    assert (chat, message) == (READER, 7)
    assert [line.partition(" — ")[0] for line in read(shown.html).text.splitlines()[1:]] == [
        "1. Titre 6", "2. Titre 5", "3. Titre 4", "4. Titre 3", "5. Titre 2",
    ]  # fmt: skip


async def test_a_button_follows_and_a_double_press_changes_nothing_more(world: World) -> None:
    await world.presses(PRESS_ME)
    await world.presses(PRESS_ME)
    assert world.following() == {"hds": "flash"}
    assert world.screen.notices == [("c1", "✓ flash")] * 2
    assert world.screen.shown == []


async def test_a_list_can_be_dropped(world: World) -> None:
    await world.presses(PRESS_ME)
    await world.presses(Press("f", token("hds"), "x"))
    assert world.following() == {}
    assert (
        read(world.screen.edited[-1][2].html).text
        == "Vous ne suivez plus «\u00a0Hébergement des données de santé\u00a0»."
    )


async def test_a_deep_link_leaves_no_trace(world: World) -> None:
    await world.says("/start v_hds")
    assert world.store.chats.find(READER) is None
    assert world.screen.last.startswith("Hébergement des données de santé\n")


async def test_a_menu_that_cannot_be_edited_is_sent_anew(world: World) -> None:
    world.screen.answers = [MessageRefused("message can't be edited", "ours")]
    await world.presses(Press("v"))
    assert world.screen.last.startswith("Les veilles")


async def test_a_digest_on_request_is_queued_and_the_next_shows_all_of_it_again(world: World) -> None:
    await world.says("/start")
    world.publish("hds", "Première")
    await world.says("/digest")
    (text,) = world.queued()
    assert text.startswith("☀ À la demande · 1 sujet, sur 1 lu\n\n")
    world.publish("hds", "Seconde")
    await world.says("/digest")
    (text,) = world.queued()
    assert "Seconde" in text
    assert "Première" in text


async def test_an_empty_digest_answers_at_once_and_queues_nothing(world: World) -> None:
    await world.says("/start")
    await world.says("/digest")
    assert world.screen.last == "Rien encore\u00a0: 0 article lu, 0 retenu."
    world.publish("hds", "Première")
    world.store.digests.close(world.chat().key, ("daily", "weekly"), "2026-11-24", 9, NewDigest(), world.now)
    await world.says("/digest")
    assert world.screen.last == "Rien depuis mar. 24 nov. 09:40\u00a0: 0 article lu, 0 retenu."
    assert world.queued() == []


async def test_stop_deletes_everything(world: World) -> None:
    await world.says("/start")
    await world.says("/stop")
    asked = world.screen.shown[-1][1]
    assert world.following(), "asked once, and nothing is done before"
    await world.presses(asked.buttons[0][0].data)
    assert world.store.chats.find(READER) is None
    assert world.publish("secnumcloud", "Après") == 0
    assert read(world.screen.edited[-1][2].html).text == "C’est fait\u00a0: tout est effacé. /start pour revenir."


async def test_who_keeps_all_after_stop_is_told_that_nothing_changed(world: World) -> None:
    await world.says("/start")
    following = world.following()
    await world.says("/stop")
    await world.presses(world.screen.shown[-1][1].buttons[1][0].data)
    assert read(world.screen.edited[-1][2].html).text == "Rien n’a changé."
    assert world.following() == following


async def test_a_group_is_asked_once_before_everything_is_deleted(world: World) -> None:
    world.screen.admins = {2}
    await world.says("/suivre hds", chat=GROUP, user=2)
    await world.says("/stop", chat=GROUP, user=2)
    assert world.store.chats.find(GROUP) is not None
    await world.presses(Press("s", "y"), chat=GROUP, user=2)
    assert world.store.chats.find(GROUP) is None


async def test_settings_are_kept(world: World) -> None:
    await world.says("/start")
    await world.presses(Press("g", "h", "1080"))
    await world.presses(Press("g", "l", "en"))
    assert (world.chat().digest_at, world.chat().language) == (18 * 60, "en")
    assert read(world.screen.edited[-1][2].html).text == "Language of this chat"


async def test_a_member_changes_nothing_in_a_group(world: World) -> None:
    await world.says("/suivre hds", chat=GROUP, user=1)
    await world.presses(PRESS_ME, chat=GROUP, user=1)
    assert world.store.chats.find(GROUP) is None
    assert world.screen.notices == [("c1", "Seuls les administrateurs du groupe peuvent changer cela.")]


@pytest.mark.parametrize("anonymous", [True, False])
async def test_an_administrator_anonymous_too_sets_a_group_up(world: World, anonymous: bool) -> None:
    world.screen.admins = {2}
    await world.says("/suivre hds flash", chat=GROUP, user=None if anonymous else 2, anonymous=anonymous)
    assert world.following(GROUP) == {"hds": "flash"}
    assert world.chat(GROUP).kind == "supergroup"


async def test_a_channel_post_is_ignored(world: World) -> None:
    await world.says("/start", chat_kind="channel")
    assert world.screen.shown == []


async def test_a_chat_that_left_is_not_written_to_until_it_is_back(world: World) -> None:
    await world.says("/start")
    await world.member("kicked")
    assert world.chat().state == "gone"
    await world.member("member")
    assert world.chat().state == "active"
    assert set(world.following()) == set(WATCHLISTS)


async def test_who_speaks_is_back(world: World) -> None:
    await world.says("/start")
    await world.member("kicked")
    await world.says("/veilles")
    assert world.chat().state == "active"


async def test_the_membership_of_a_stranger_leaves_no_trace(world: World) -> None:
    await world.member("member")
    assert world.store.chats.find(READER) is None


async def test_a_group_that_became_a_supergroup_keeps_its_lists(world: World) -> None:
    world.screen.admins = {2}
    await world.says("/suivre hds", chat=-77, user=2, chat_kind="group")
    await world.talk.handle(Incoming("migration", -77, "group", moved_to=GROUP))
    assert world.following(GROUP) == {"hds": None}


async def test_a_reply_to_a_chat_that_moved_follows_it(world: World) -> None:
    world.screen.answers = [Moved(GROUP)]
    await world.says("/aide", chat=-77, chat_kind="group")
    assert [chat for chat, _ in world.screen.shown] == [-77, GROUP]


async def test_a_chat_that_refuses_our_reply_for_good_is_gone(world: World) -> None:
    await world.says("/start")
    world.screen.answers = [ChatGone("bot was blocked by the user")]
    await world.says("/aide")
    assert world.chat().state == "gone"


async def test_closed_means_a_request_once_a_day_and_nothing_else(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({ADMIN})
    for text in ("/start", "/suivre hds", "bonjour"):
        await world.says(text)
    assert [(chat, read(message.html).text) for chat, message in world.screen.shown] == [
        (ADMIN, "Demande d’accès\u00a0: conversation 555."),
        (READER, "Demande transmise."),
    ]
    assert world.store.chats.find(READER) is None
    world.talk = world.conversation(world.screen)
    await world.says("/start")
    assert len(world.screen.shown) == 2, "a restart forgets nobody"
    world.now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    await world.says("/start")
    assert world.screen.last == "Demande transmise."


async def test_a_request_goes_through_the_journal_and_leaves_no_name(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({ADMIN})
    await world.says("/start", chat=ADMIN, user=ADMIN)
    for _ in range(2):
        await world.says("/start")
    (request,) = world.store.outbox.claim(world.now, "run", 9)
    message = Message.from_json(request.body)
    assert (request.chat.telegram_id, [key.text for key in message.buttons[0]]) == (ADMIN, ["Admettre", "Refuser"])
    world.store.outbox.sent(request.id, 1, world.now)
    with world.store.database.read() as connection:
        rows = [
            *connection.exec_driver_sql("SELECT * FROM knock"),
            *connection.exec_driver_sql("SELECT * FROM delivery"),
        ]
    assert rows
    assert not any(stands_in(READER, cell) for row in rows for cell in row)
    await world.presses(message.buttons[0][0].data or "", chat=ADMIN, user=ADMIN)
    assert len(world.following()) == 3
    (edit,) = world.store.outbox.claim(world.now, "run", 9)
    decided = read(Message.from_json(edit.body).html).text
    assert (edit.about, decided) == (1, "Demande d’accès\u00a0: conversation 555.\nAdmis."), "for all who were asked"
    world.store.outbox.sent(edit.id, 1, world.now)
    await world.says("/stop oui")
    assert knocks(world) == 0
    await world.says("/start")
    assert knocks(world) == 1
    world.store.prune(world.now + timedelta(days=3))
    assert knocks(world) == 0


def knocks(world: World) -> int:
    with world.store.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM knock").scalar_one())


async def test_closed_is_open_to_administrators(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({ADMIN})
    await world.says("/start", chat=ADMIN, user=ADMIN)
    assert len(world.following(ADMIN)) == 3


async def test_an_administrator_lets_somebody_in(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({ADMIN})
    await world.says("/start")
    request = world.screen.shown[0][1].buttons[0][0].data or ""
    await world.presses(request)
    assert world.store.chats.find(READER) is None
    await world.presses(request, chat=ADMIN, user=ADMIN)
    await world.presses(request, chat=ADMIN, user=ADMIN)
    assert len(world.following()) == 3
    welcomes = [chat for chat, message in world.screen.shown if "Votre demande est acceptée." in message.html]
    assert welcomes == [READER]
    await world.says("/aide")
    assert world.screen.last.startswith("/veilles")


@pytest.mark.parametrize("way", ["says", "presses"])
async def test_a_failure_is_told_logged_and_kills_nothing(
    world: World, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        engine = rules()

        @property
        def watchlists(self) -> dict[str, Watchlist]:
            raise RuntimeError("a bug of ours")

    world.talk = Conversation(replace(world.talk.context, rules=Broken()))
    await (world.says("/veilles") if way == "says" else world.presses(Press("v")))
    assert world.screen.last == "Je n’ai pas pu le faire\u00a0; l’administrateur est prévenu."
    assert world.screen.notices == ([] if way == "says" else [("c1", "")])
    assert "conversation failed" in caplog.text
    ((told, _),) = world.store.notices.untold().notices
    assert (told.kind, told.detail) == ("bug", "RuntimeError"), "the administrator is told indeed"


async def test_a_stale_button_gets_the_fresh_menu(world: World) -> None:
    await world.presses("0old")
    assert world.screen.notices == [("c1", "Ce menu a changé, le voici.")]
    assert read(world.screen.edited[-1][2].html).text.startswith("Les veilles")


async def test_an_alert_stays_above_the_menu_that_its_old_button_brings(world: World) -> None:
    await world.says("/suivre secnumcloud flash")
    world.publish("secnumcloud", "Nébulis obtient SecNumCloud")
    (due,) = world.store.outbox.claim(world.now, "run", 9)
    world.store.outbox.sent(due.id, 7, world.now)
    await world.presses("0old")
    assert world.screen.edited == []
    assert world.screen.last.startswith("Les veilles")


async def test_only_an_operator_reloads_and_is_told_why_not(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    await world.says("/recharger")
    assert "administrateurs de Vigie" in world.screen.last
    await world.says("/reload", chat=ADMIN, user=ADMIN)
    assert "refusé" in world.screen.last
    assert "watchlists/hds.yaml:14:5" in world.screen.last
