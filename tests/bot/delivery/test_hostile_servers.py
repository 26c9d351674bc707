"""Servers that the operator named and that turned against him: a doubt or a delay, never an end nor a wait."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.delivery import mail
from bot.delivery.apprise_chats import destination, notify
from bot.delivery.chat import MessageRefused, Retry, Sent, Unsure
from bot.delivery.mail import mailed
from bot.delivery.telegram import Telegram
from bot.model import Incoming, Message
from bot.web import post
from bot.web.network import DIRECT
from tests.bot.delivery.outside import hook_server
from tests.bot.delivery.test_mail import ENVELOPE, FLASH, box
from tests.emulator import TOKEN, Emulator, Fault

SENT = {"date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as made:
        made.chat(7)
        yield made


@pytest.fixture
async def telegram(emulator: Emulator) -> AsyncIterator[Telegram]:
    async with Telegram(TOKEN, emulator.url, menu_pause=0.0) as made:
        yield made


def told(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


SAID = [
    *(told({**SENT, "message_id": number}) for number in (10**30, -4, True, 1.5)),
    told({"message_id": 4}), told({**SENT, "message_id": 4, "date": 10**18}),
    told({"message_id": 4, "date": 1, "chat": []}),
    told({**SENT, "message_id": 4, "entities": [{"type": "x"}]}), b'{"ok":true,"result":' + b"[" * 200_000,
    b'{"ok":true,"result":{"message_id":4,"date":NaN,"chat":{"id":7,"type":"private"}}}',
]  # fmt: skip


async def test_an_answer_that_makes_no_sense_is_a_doubt(emulator: Emulator, telegram: Telegram) -> None:
    emulator.fail(*(Fault("status", status=200, body=body) for body in SAID))
    answers = [await telegram.send(7, Message("x")) for _ in SAID]
    assert {type(each) for each in answers} == {Unsure}


@pytest.mark.parametrize("number", [10**30, True, 0, 7, "x"])
async def test_a_chat_moves_to_no_number_that_is_none(emulator: Emulator, telegram: Telegram, number: Any) -> None:
    emulator.fail(Fault("status", status=400, description="\ud800\x1b[31m", parameters={"migrate_to_chat_id": number}))
    answer = await telegram.send(7, Message("x"))
    assert answer == MessageRefused("[31m", "ours")


async def test_who_answers_nonsense_about_us_is_tried_again(emulator: Emulator) -> None:
    emulator.fail(Fault("status", method="getMe", status=200, body=told([])))
    async with Telegram(TOKEN, emulator.url, menu_pause=0.0) as telegram:
        assert telegram.username == ""


GOOD = {"message_id": 9, "date": 1, "chat": SENT["chat"], "from": {"id": 7, "is_bot": False, "first_name": "A"}}
LINK = {"type": "text_link", "offset": 0, "length": 1}
BAD: list[Any] = [
    {"update_id": 1, "message": {}},
    {"update_id": 1, "callback_query": {"id": "1"}}, {"update_id": 1, "my_chat_member": {}},
    {"update_id": "x"}, [], {"update_id": 1, "message": {**GOOD, "text": 5}},
    {"update_id": 1, "message": {**GOOD, "date": 10**20}},
    {"update_id": 1, "message": {**GOOD, "chat": {"id": 10**30, "type": "private"}, "text": "/aide"}},
    {"update_id": 1, "message": {**GOOD, "text": "x", "entities": [{**LINK, "url": 7}]}},
]  # fmt: skip


async def test_an_update_that_cannot_be_read_hides_no_other_and_ends_nothing(
    emulator: Emulator, telegram: Telegram
) -> None:
    for number, bad in enumerate(BAD, start=1):
        if isinstance(bad, dict) and bad["update_id"] == 1:
            bad = bad | {"update_id": 10 * number}
        good = {"update_id": 10 * number + 1, "message": {**GOOD, "text": "/aide"}}
        emulator.fail(Fault("status", method="getUpdates", status=200, body=told([bad, good])))
    heard: list[Incoming] = []
    whole = asyncio.Event()

    async def hear(incoming: Incoming) -> None:
        heard.append(incoming)
        if len(heard) == len(BAD):
            whole.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.delivery.telegram.BREATH", 0.0)
        telegram.listen(hear)
        await asyncio.wait_for(whole.wait(), 30)
    assert {each.text for each in heard} == {"/aide"}
    assert {each.chat for each in heard} == {7}


@pytest.mark.parametrize(
    ("headers", "body"), [({"content-encoding": "gzip"}, gzip.compress(b" " * 1000, mtime=0)), ({}, b" " * 1001)]
)
async def test_an_answer_is_neither_unfolded_nor_read_beyond_its_measure(
    headers: dict[str, str], body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "LONGEST", 1000)

    async def pieces() -> AsyncIterator[bytes]:
        yield body

    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=pieces()))
    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [post.only_short]}) as client:
        with pytest.raises(httpx.RequestError):
            await client.get("http://a.example/")


@pytest.mark.parametrize("after", [10**12, -5, 0, 1.5, "60", None, True, [], 10**30, "x"])
async def test_a_wait_that_makes_no_sense_holds_a_chat_for_a_week_at_most(
    emulator: Emulator, telegram: Telegram, after: Any
) -> None:
    emulator.fail(Fault("status", status=429, description="Too Many Requests", parameters={"retry_after": after}))
    answer = await telegram.send(7, Message("x"))
    assert isinstance(answer, Retry | Unsure | MessageRefused)
    if isinstance(answer, Retry):
        assert timedelta(0) <= (answer.after or timedelta(0)) <= timedelta(days=7)


RAW = (
    b"HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:9/bot\r\nContent-Length: 0\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 101 S\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", b"\0\0\0\0",
    b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n",
)  # fmt: skip


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: ascii(raw[:40]))
async def test_what_is_hardly_http_is_no_sending(raw: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    try:
        telegram = Telegram(TOKEN, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", menu_pause=0.0)
        answer = await asyncio.wait_for(telegram.send(7, Message("x")), 60)
    finally:
        server.close()
    assert isinstance(answer, Retry | Unsure | MessageRefused)


# --- letters
@asynccontextmanager
async def speaking(*lines: bytes, pause: float = 0.0, met: asyncio.Event | None = None) -> AsyncIterator[int]:
    """A port that says each line when it has heard one, and the last for ever; `met` once somebody came."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if met is not None:
            met.set()
        with suppress(OSError):
            for line in lines[:-1]:
                writer.write(line)
                await reader.readline()
            while True:
                writer.write(lines[-1])
                await writer.drain()
                await asyncio.sleep(pause)
        writer.close()
        gone.set()

    gone = asyncio.Event()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    await gone.wait()
    server.close()


HELLO = b"220 essai\r\n"


@pytest.mark.parametrize(
    ("lines", "pause"),
    [
        ((b"220-" + b"x" * 4000 + b"\r\n",), 0.0),
        ((HELLO, b"250-" + b"x" * 900 + b"\r\n"), 0.0),
        ((b"2" * 65_536,), 0.0),
        ((b"2",), 0.02),
        ((HELLO, b"250-x\r\n"), 0.02),
    ],
)
async def test_a_mail_server_that_never_ends_its_word_is_left(
    lines: tuple[bytes, ...], pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "WHOLE", 0.2 if pause else 60.0)
    async with speaking(*lines, pause=pause) as port:
        answer = await asyncio.wait_for(mailed(box(port), ENVELOPE, FLASH, DIRECT), 30)
    assert isinstance(answer, Retry | MessageRefused)


# --- Apprise
async def test_a_service_leads_no_message_to_another_port() -> None:
    with hook_server() as hooks, hook_server() as other:
        hooks.answers, hooks.headers = [307], {"Location": other.url}
        answer = await notify(destination("a", f"json://127.0.0.1:{hooks.port}/v"), Message("x"), {}, plain=True)
        assert other.got == []
    assert not isinstance(answer, Sent)


WELL = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        (WELL + b"\r\n", b"x" * 65_536),
        (WELL + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        (WELL + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b" " * 10_000_000, mtime=0)),
        (WELL + b"Content-Length: 1000000000000\r\n\r\n", b"x" * 65_536),
    ],
)
async def test_a_service_that_answers_without_end_is_left_and_may_have_taken_it(lines: tuple[bytes, ...]) -> None:
    async with speaking(*lines) as port:
        answer = await notify(destination("a", f"json://127.0.0.1:{port}/v"), Message("x"), {}, plain=True)
    assert answer in (Unsure("Apprise n’a pas pu l’envoyer (a)"), Unsure("Apprise s’est arrêté avant de le dire (a)"))


@pytest.mark.parametrize(
    "lines", [(WELL + b"\r\n", b"x"), (b"HTTP/1.1 100 Continue\r\n\r\n",), (WELL, b"X-A: b\r\n"), (b" ",)]
)
async def test_nothing_is_left_of_a_sending_that_is_ended(lines: tuple[bytes, ...]) -> None:
    met = asyncio.Event()
    async with speaking(*lines, pause=0.02, met=met) as port:
        sending = asyncio.create_task(
            notify(destination("a", f"json://127.0.0.1:{port}/v"), Message("x"), {}, plain=True)
        )
        await asyncio.wait_for(met.wait(), 60)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
