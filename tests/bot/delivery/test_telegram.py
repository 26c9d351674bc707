"""Every answer of the Bot API, and every way not to get one, through the real python-telegram-bot."""

import asyncio
import io
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import telegram as ptb

from bot.delivery.chat import (
    Absent,
    Altered,
    Answer,
    ChatGone,
    CommandMenu,
    MessageRefused,
    Moved,
    Retry,
    Sent,
    Stands,
    TokenDead,
    Unsure,
)
from bot.delivery.telegram import Telegram, TokenRefused, addressed, to_incoming
from bot.log import Redact
from bot.model import Button, Incoming, Message
from bot.web.network import network
from tests.bot.web.proxy import proxy
from tests.emulator import TOKEN, Emulator, Fault

CLAIRE = 7
HELLO = Message("<b>Bonjour</b>", ((Button("Suivre", "1w.7"),),))


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as made:
        made.chat(CLAIRE)
        yield made


@pytest.fixture
async def telegram(emulator: Emulator) -> AsyncIterator[Telegram]:
    async with Telegram(TOKEN, emulator.url, menu_pause=0.0) as made:
        yield made


def refusal(status: int, description: str, **parameters: int) -> Fault:
    return Fault("status", status=status, description=description, parameters=parameters)


TABLE = [
    (refusal(429, "Too Many Requests: retry after 17", retry_after=17), Retry(timedelta(seconds=17), chat_only=True)),
    (refusal(429, "Too Many Requests"), Retry(timedelta(seconds=30), chat_only=True)),
    (Fault("status", status=429, body=b"slow down"), Retry(timedelta(seconds=30), chat_only=True)),
    (refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009), Moved(-1009)),
    (refusal(401, "Unauthorized"), TokenDead("Unauthorized")),
    (refusal(404, "Not Found"), TokenDead("Not Found")),
]
KINDS = [
    (refusal(403, "Forbidden: bot was blocked by the user"), ChatGone, ""),
    (refusal(403, "Forbidden: user is deactivated"), ChatGone, ""),
    (refusal(403, "Forbidden: bot was kicked from the group chat"), ChatGone, ""),
    (refusal(403, "Forbidden: bot is not a member of the channel chat"), ChatGone, ""),
    (refusal(403, "Forbidden: the group chat was deleted"), ChatGone, ""),
    (refusal(403, "Forbidden: bot can't initiate conversation with a user"), ChatGone, ""),
    (refusal(400, "Bad Request: chat not found"), ChatGone, ""),
    (refusal(400, "Bad Request: CHANNEL_PRIVATE"), ChatGone, ""),
    (refusal(400, "Bad Request: TOPIC_CLOSED"), MessageRefused, "thread"),
    (refusal(400, "Bad Request: message thread not found"), MessageRefused, "thread"),
    (refusal(400, "Bad Request: not enough rights to send text messages to the chat"), MessageRefused, "rights"),
    (refusal(400, "Bad Request: need administrator rights in the channel chat"), MessageRefused, "rights"),
    (refusal(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), MessageRefused, "rights"),
    (refusal(400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 3"), MessageRefused, "ours"),
    (refusal(400, "Bad Request: BUTTON_DATA_INVALID"), MessageRefused, "ours"),
    (refusal(400, "Bad Request: message to edit not found"), MessageRefused, "target"),
    (refusal(400, "Bad Request: message can't be edited"), MessageRefused, "target"),
    (refusal(400, "Bad Request: message to be replied not found"), MessageRefused, "target"),
    (refusal(413, "Request Entity Too Large"), MessageRefused, "ours"),
    (Fault("drop"), Unsure, ""),
    (Fault("cut"), Unsure, ""),
    (Fault("garbage"), Unsure, ""),
    (refusal(500, "Internal Server Error: restart"), Unsure, ""),
    (Fault("status", status=502, body=b"<html>502</html>"), Unsure, ""),
    (Fault("status", status=400, body=b"<html>proxy</html>"), Unsure, ""),
    (Fault("status", status=200, body=b'{"ok": true}'), Unsure, ""),
    (Fault("status", status=200, body=b'{"ok": true, "result": {}}'), Unsure, ""),
    (Fault("status", status=200, body=b"[1]"), Unsure, ""),
]


async def replies(emulator: Emulator, telegram: Telegram, faults: list[Fault]) -> list[Answer]:
    """What each of these faults makes of a message."""
    answers = []
    for fault in faults:
        emulator.fail(replace(fault))  # a fault counts its uses down
        answers.append(await telegram.send(CLAIRE, HELLO))
    return answers


async def test_an_answer_is_read_whole(emulator: Emulator, telegram: Telegram) -> None:
    assert await replies(emulator, telegram, [fault for fault, _ in TABLE]) == [answer for _, answer in TABLE]


async def test_an_answer_has_its_class(emulator: Emulator, telegram: Telegram) -> None:
    answers = await replies(emulator, telegram, [fault for fault, *_ in KINDS])
    assert [(type(answer), getattr(answer, "kind", "")) for answer in answers] == [tuple(row) for _, *row in KINDS]


async def test_a_server_that_is_not_there_has_certainly_got_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        async with Telegram(TOKEN, f"http://127.0.0.1:{free.getsockname()[1]}") as telegram:
            assert await telegram.send(CLAIRE, HELLO) == Retry(timedelta(), chat_only=False)
            assert not await telegram.reachable()


async def test_a_text_that_cannot_be_encoded_is_ours_and_its_plain_form_passes(
    emulator: Emulator, telegram: Telegram
) -> None:
    poison = Message("<b>a\ud800b</b> <a href='https://exemple.fr/x'>titre</a>")
    answer = await telegram.send(CLAIRE, poison)
    assert isinstance(answer, MessageRefused)
    assert answer.kind == "ours"
    assert isinstance(await telegram.send(CLAIRE, poison, plain=True), Sent)
    assert emulator.chat(CLAIRE).messages[0].text == "ab titre (https://exemple.fr/x)"


async def test_a_message_shows_its_text_buttons_and_silence(emulator: Emulator, telegram: Telegram) -> None:
    message = Message('<a href="https://exemple.fr/">Titre</a> &amp; suite', HELLO.buttons, silent=True)
    assert await telegram.send(CLAIRE, message) == Sent(emulator.chat(CLAIRE).messages[0].id)
    seen = emulator.chat(CLAIRE).messages[0]
    assert (seen.text, seen.links, seen.silent) == ("Titre & suite", ("https://exemple.fr/",), True)
    assert seen.data("Suivre") == "1w.7"


async def test_an_edit_that_changes_nothing_is_done(emulator: Emulator, telegram: Telegram) -> None:
    sent = await telegram.send(CLAIRE, HELLO)
    assert isinstance(sent, Sent)
    assert await telegram.edit(CLAIRE, sent.message_id, HELLO) == sent
    assert await telegram.edit(CLAIRE, sent.message_id, Message("Autre")) == sent
    assert emulator.chat(CLAIRE).messages[0].text == "Autre"


async def test_a_message_is_sought_without_changing_any(emulator: Emulator, telegram: Telegram) -> None:
    message = Message("<b>Titre</b>", ((Button("Pourquoi ?", "1y.1"),),))
    sent = await telegram.send(CLAIRE, message)
    assert isinstance(sent, Sent)
    said = emulator.user_says(CLAIRE, "bonjour")
    assert await telegram.probe(CLAIRE, sent.message_id, message) == Stands()
    assert [await telegram.probe(CLAIRE, number, message) for number in (said, said + 1)] == [Absent(), Absent()]
    assert emulator.chat(CLAIRE).messages[0].edits == 0
    other = await telegram.send(CLAIRE, Message("autre"))
    assert isinstance(other, Sent)
    assert await telegram.probe(CLAIRE, other.message_id, message) == Altered()
    emulator.fail(Fault("cut", method="editMessageText"))
    assert isinstance(await telegram.probe(CLAIRE, sent.message_id, message), Unsure)


async def test_numbers_are_shared_by_private_chats_and_not_by_supergroups(
    emulator: Emulator, telegram: Telegram
) -> None:
    numbers = []
    for chat in (CLAIRE, CLAIRE + 1, -5, CLAIRE, -5):
        emulator.chat(chat)
        sent = await telegram.send(chat, Message("x"))
        assert isinstance(sent, Sent)
        numbers.append(sent.message_id)
    assert numbers == [1, 2, 1, 3, 2]


async def test_a_reply_goes_to_its_topic_and_plainly_where_its_message_is_gone(
    emulator: Emulator, telegram: Telegram
) -> None:
    forum = emulator.chat(-5)
    forum.topics = {3: True, 4: False}
    first = await telegram.send(-5, HELLO, thread=3)
    assert isinstance(first, Sent)
    await telegram.send(-5, Message("suite"), thread=3, reply_to=first.message_id)
    await telegram.send(-5, Message("seule"), thread=3, reply_to=99)
    assert [(post.thread, post.reply_to) for post in forum.messages] == [(3, None), (3, first.message_id), (3, None)]
    refused = [await telegram.send(-5, HELLO, thread=thread) for thread in (4, 5)]
    assert isinstance(await telegram.file(-5, "vigie.csv", b"x", "Tout", thread=3), Sent)
    assert emulator.file_threads == [3]
    refused += [await telegram.file(-5, "vigie.csv", b"x", "Tout", thread=thread) for thread in (4, 5)]
    assert [(type(each), getattr(each, "kind", "")) for each in refused] == [(MessageRefused, "thread")] * 4


async def test_a_message_that_is_gone_is_not_edited_and_an_edit_has_a_plain_form(
    emulator: Emulator, telegram: Telegram
) -> None:
    assert await telegram.edit(CLAIRE, 99, HELLO) == MessageRefused("Bad Request: message to edit not found", "target")
    sent = await telegram.send(CLAIRE, HELLO)
    assert isinstance(sent, Sent)
    await telegram.edit(CLAIRE, sent.message_id, Message("<b>gras</b>", HELLO.buttons), plain=True)
    seen = emulator.chat(CLAIRE).messages[0]
    assert (seen.html, seen.buttons) == ("gras", ())


async def test_a_press_is_answered_and_a_late_answer_raises_nothing(emulator: Emulator, telegram: Telegram) -> None:
    await telegram.answer("p1", "Fait")
    await telegram.answer("p1", "x" * 300)
    assert emulator.answered == ["p1"]


async def test_who_administers_a_group_is_asked_once(emulator: Emulator, telegram: Telegram) -> None:
    emulator.chat(-5).admins.add(9)
    assert [await telegram.is_admin(-5, user) for user in (9, 9, 8)] == [True, True, False]
    assert len(emulator.called("getChatMember")) == 2


async def test_the_menus_of_both_languages_are_published(emulator: Emulator, telegram: Telegram) -> None:
    menus = (CommandMenu((("aide", "L'aide"),)), CommandMenu((("help", "Help"),), "private", "en"))
    assert await telegram.set_commands(menus)
    assert emulator.commands["default", ""] == [{"command": "aide", "description": "L'aide"}]
    assert emulator.commands["all_private_chats", "en"] == [{"command": "help", "description": "Help"}]


async def test_a_chat_has_commands_of_its_own_once_it_is_known(emulator: Emulator, telegram: Telegram) -> None:
    own = CommandMenu((("sources", "Les sources"),), "chat", chat=CLAIRE)
    assert await telegram.set_commands((own,))
    assert emulator.commands[f"chat {CLAIRE}", ""] == [{"command": "sources", "description": "Les sources"}]
    assert not await telegram.set_commands((replace(own, chat=999),)), "a refusal is a value"
    emulator.chat(-5, "supergroup")
    assert await telegram.set_commands((replace(own, audience="chat_admins", chat=-5),))


async def test_two_calls_for_menus_are_apart_whoever_makes_them(emulator: Emulator) -> None:
    menu = CommandMenu((("aide", "L'aide"),))
    async with Telegram(TOKEN, emulator.url, menu_pause=0.05) as telegram:
        await asyncio.gather(telegram.set_commands((menu,)), telegram.set_commands((menu, menu)))
    moments = [call.at for call in emulator.called("setMyCommands")]
    assert all(later - sooner >= 0.04 for sooner, later in pairwise(moments))


async def test_what_comes_from_chats_arrives_without_a_telegram_type(emulator: Emulator, telegram: Telegram) -> None:
    post = await telegram.send(CLAIRE, HELLO)
    assert isinstance(post, Sent)
    seen: list[Incoming] = []

    async def note(incoming: Incoming) -> None:
        seen.append(incoming)

    telegram.listen(note)
    emulator.user_says(CLAIRE, "/start v_hds", "en")
    press = emulator.press(CLAIRE, post.message_id, "1w.7")
    emulator.user_says(-5, "/aide@vigie_test_bot", user=9, thread=3, topic=True)
    emulator.user_says(-5, "/aide@autre_bot", user=9)
    emulator.user_says(-5, "/stop", anonymous=True, thread=4)
    emulator.membership(-6, "administrator", user=9)
    emulator.migrate(-7, -1007)
    emulator.topic(-8, 3, open_=False)
    emulator.topic(-8, 0, open_=True)
    emulator.membership(-6, "restricted", user=9)
    await emulator.wait_for(lambda: len(seen) == 10)
    private = [each for each in seen if each.chat == CLAIRE]
    group = [each for each in seen if each.chat == -5]
    assert [(each.kind, each.text, each.data, each.callback, each.language) for each in private] == [
        ("message", "/start v_hds", "", None, "en"),
        ("press", "", "1w.7", press, "fr"),
    ]
    assert [(each.text, each.user, each.anonymous, each.thread) for each in group] == [
        ("/aide", 9, False, 3),
        ("/stop", None, True, None),
    ]
    assert {(each.chat, each.kind, each.text, each.moved_to) for each in seen if each.chat < -5} == {
        (-6, "membership", "administrator", None),
        (-6, "membership", "restricted", None),
        (-7, "migration", "", -1007),
        (-8, "topic", "closed", None),
        (-8, "topic", "open", None),
    }
    assert [each.thread for each in seen if each.chat == -8] == [3, None]
    assert sum(each.kind == "migration" for each in seen) == 2, "told by the old group, and by the new one"


async def test_a_file_is_sent_whole_with_its_name(emulator: Emulator, telegram: Telegram) -> None:
    content = "Ê ; «\r\n".encode("utf-8-sig")
    assert isinstance(await telegram.file(CLAIRE, "vigie.csv", content, "Tout"), Sent)
    assert emulator.files == [(CLAIRE, "vigie.csv", content)]
    emulator.fail(Fault("cut", method="sendDocument"))
    assert isinstance(await telegram.file(CLAIRE, "vigie.csv", content, "Tout"), Unsure)


async def test_a_chat_waits_for_its_own_commands_only_and_a_bug_stops_nothing(
    emulator: Emulator, telegram: Telegram
) -> None:
    seen: list[str] = []
    held = asyncio.Event()

    async def handle(incoming: Incoming) -> None:
        if incoming.text == "lent":
            await held.wait()
            raise RuntimeError("bug")
        seen.append(f"{incoming.chat} {incoming.text}")
        held.set()

    telegram.listen(handle)
    for chat, text in ((7, "lent"), (7, "après"), (8, "autre")):
        emulator.user_says(chat, text)
    await emulator.wait_for(lambda: len(seen) == 2)
    assert seen == ["8 autre", "7 après"]


async def begun(emulator: Emulator) -> None:
    """Until it has been asked twice, so that what comes now is nothing that waited for us."""
    await emulator.wait_for(lambda: emulator._poll == 2)


async def test_a_word_is_told_as_read_once_it_is_answered(emulator: Emulator, telegram: Telegram) -> None:
    held, seen = asyncio.Event(), []

    async def handle(incoming: Incoming) -> None:
        seen.append(incoming.text)
        if incoming.text == "lent":
            await held.wait()

    telegram.listen(handle)
    await begun(emulator)
    emulator.user_says(7, "lent")
    await emulator.wait_for(lambda: seen)
    emulator.user_says(8, "autre")
    await emulator.wait_for(lambda: len(seen) == 2)
    assert [each["message"]["text"] for each in emulator._updates] == ["lent", "autre"], "who comes next finds them"
    held.set()
    await emulator.wait_for(lambda: not emulator._updates)
    assert seen == ["lent", "autre"]


async def test_who_was_killed_in_the_middle_leaves_a_word_to_the_next_once(emulator: Emulator) -> None:
    seen: list[str] = []

    async def dies(incoming: Incoming) -> None:
        seen.append(incoming.text)
        await asyncio.Event().wait()

    async with Telegram(TOKEN, emulator.url) as first:
        first.listen(dies)
        await begun(emulator)
        emulator.user_says(CLAIRE, "/aide")
        await emulator.wait_for(lambda: seen)
    async with Telegram(TOKEN, emulator.url) as second:  # and it dies of that word, as the first did
        second.listen(dies)
        await emulator.wait_for(lambda: len(seen) == 2)
        assert not emulator._updates


async def test_who_stops_says_what_was_answered_and_leaves_what_was_not(emulator: Emulator, telegram: Telegram) -> None:
    seen: list[str] = []

    async def handle(incoming: Incoming) -> None:
        seen.append(incoming.text)
        await (asyncio.Event().wait() if incoming.text == "sans fin" else asyncio.sleep(0.1))

    telegram.listen(handle)
    await begun(emulator)
    emulator.user_says(7, "court")
    await emulator.wait_for(lambda: seen)
    await telegram.hush()
    assert not emulator._updates
    telegram.listen(handle)
    await emulator.wait_for(lambda: emulator._poll == 5)
    emulator.user_says(7, "sans fin")
    emulator.user_says(8, "autre")
    await emulator.wait_for(lambda: len(seen) == 3)
    await telegram.hush()
    assert [each["message"]["text"] for each in emulator._updates] == ["sans fin", "autre"]


async def test_a_webhook_left_by_somebody_does_not_keep_us_from_listening(
    emulator: Emulator, telegram: Telegram
) -> None:
    emulator.webhook = True
    seen: list[Incoming] = []

    async def note(incoming: Incoming) -> None:
        seen.append(incoming)

    telegram.listen(note)
    emulator.user_says(CLAIRE, "/aide")
    await emulator.wait_for(lambda: seen)


async def test_a_second_instance_is_said_plainly(
    emulator: Emulator, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    async def ignore(incoming: Incoming) -> None: ...

    telegram.listen(ignore)
    await begun(emulator)
    await asyncio.to_thread(emulator.answer, TOKEN, "getUpdates", {})
    await emulator.wait_for(lambda: "another instance" in caplog.text)


async def test_a_token_that_telegram_refuses_is_refused_at_once(emulator: Emulator) -> None:
    with pytest.raises(TokenRefused, match="refuse le jeton"):
        async with Telegram("123456789:AAsomethingelse", emulator.url):
            pass


async def test_no_log_line_holds_the_token(emulator: Emulator) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Redact(logging.Formatter("%(message)s"), (TOKEN,)))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        async with Telegram(TOKEN, emulator.url) as telegram:
            emulator.fail(Fault("drop"), Fault("garbage"))
            for _ in range(3):
                await telegram.send(CLAIRE, HELLO)
            logging.getLogger("essai").error("échec de %s", f"{emulator.url}/bot{TOKEN.replace(':', '%3A')}/getMe")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert "getMe" in out.getvalue()
    assert TOKEN.split(":")[1] not in out.getvalue()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/aide@Vigie_Bot", "/aide"),
        ("/suivre@vigie_bot hds", "/suivre hds"),
        ("/suivre@vigie_bot\u00a0hds", "/suivre\u00a0hds"),
        ("/suivre@vigie_bot\nhds", "/suivre\nhds"),
        ("@vigie_bot : quoi de neuf ?", "quoi de neuf ?"),
        ("@vigie_bot", "?"),
        ("@alice quoi de neuf ?", "@alice quoi de neuf ?"),
        ("/aide@autre", ""),
        ("écrire à a@b.fr", "écrire à a@b.fr"),
    ],
)
def test_a_command_may_name_its_bot(text: str, kept: str) -> None:
    assert addressed(text, "vigie_bot") == kept


async def test_the_way_there_may_be_a_proxy(emulator: Emulator) -> None:
    async with proxy(int(emulator.url.rsplit(":", 1)[1])) as way, AsyncExitStack() as stack:
        through = network({"VIGIE_PROXY": way.address})
        telegram = await stack.enter_async_context(Telegram(TOKEN, "http://api.example", through))
        assert isinstance(await telegram.send(CLAIRE, HELLO), Sent)
    assert way.asked
    assert all(" http://api.example/bot" in line for line in way.asked)


@pytest.mark.parametrize(
    "sent",
    [
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"location": {"latitude": 48.8, "longitude": 2.3}},
    ],
)  # fmt: skip
@pytest.mark.parametrize(("kind", "heard"), [("private", True), ("group", False)])
def test_a_voice_or_a_place_is_heard_of_in_private_alone(sent: dict[str, Any], kind: str, heard: bool) -> None:
    chat = {"id": 5, "type": kind, "first_name": "Anne", "title": "DSI"}
    person = {"id": 5, "is_bot": False, "first_name": "Anne"}
    message = {"message_id": 9, "date": 1, "chat": chat, "from": person, **sent}
    update = ptb.Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None
    incoming = to_incoming(update, "vigie_bot")
    assert (incoming is not None and incoming.text == "") == heard


def test_a_service_message_in_private_is_no_word() -> None:
    chat = {"id": 5, "type": "private", "first_name": "Anne"}
    message = {"message_id": 9, "date": 1, "chat": chat, "write_access_allowed": {}}
    update = ptb.Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None
    assert to_incoming(update, "vigie_bot") is None
