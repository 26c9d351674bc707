import asyncio

import pytest

from bot.daemon.http_port import AT_ONCE, PortAnswer, addressed, listening
from bot.ending import CannotRun


async def fine() -> PortAnswer:
    return PortAnswer("200 OK", "text/plain", b"up\n")


async def broken() -> PortAnswer:
    raise ZeroDivisionError


async def asked(port: int, question: bytes) -> tuple[str, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(question)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode().splitlines()[0] if head else "", body


@pytest.mark.parametrize(
    ("line", "status", "body"),
    [
        (b"GET /healthz HTTP/1.1", "200 OK", b"up\n"),
        (b"GET /healthz?x=1 HTTP/1.0", "200 OK", b"up\n"),
        (b"HEAD /healthz HTTP/1.1", "200 OK", b""),
        (b"POST /healthz HTTP/1.1", "405 Method Not Allowed", b"GET only\n"),
        (b"GET /../etc/passwd HTTP/1.1", "404 Not Found", b"not found\n"),
        (b"GET /broken HTTP/1.1", "500 Internal Server Error", b"see the log\n"),
        (b"\xff\xfe", "404 Not Found", b"not found\n"),
    ],
)
async def test_a_few_fixed_questions_are_answered(line: bytes, status: str, body: bytes) -> None:
    async with listening("127.0.0.1", 0, {"/healthz": fine, "/broken": broken}) as port:
        assert await asked(port, line + b"\r\nHost: 127.0.0.1\r\n\r\n") == (f"HTTP/1.1 {status}", body)


async def others(path: str) -> PortAnswer | None:
    return PortAnswer("200 OK", "text/html", path.encode()) if path == "/page.html" else None


@pytest.mark.parametrize(
    ("line", "status", "body"),
    [
        (b"GET /page.html HTTP/1.1", "200 OK", b"/page.html"),
        (b"HEAD /page.html HTTP/1.1", "200 OK", b""),
        (b"POST /page.html HTTP/1.1", "404 Not Found", b"not found\n"),
        (b"GET /autre.html HTTP/1.1", "404 Not Found", b"not found\n"),
        (b"GET /healthz HTTP/1.1", "200 OK", b"up\n"),
    ],
)
async def test_any_other_path_may_be_answered_by_somebody_else(line: bytes, status: str, body: bytes) -> None:
    async with listening("127.0.0.1", 0, {"/healthz": fine}, others) as port:
        assert await asked(port, line + b"\r\nHost: 127.0.0.1\r\n\r\n") == (f"HTTP/1.1 {status}", body)


async def test_a_question_without_an_end_is_given_up_and_others_are_answered() -> None:
    async with listening("127.0.0.1", 0, {"/healthz": fine}) as port:
        assert await asked(port, b"GET /" + b"x" * 20_000 + b"\r\n\r\n") == ("", b"")
        assert (await asked(port, b"GET /healthz HTTP/1.0\r\n\r\n"))[1] == b"up\n"


async def test_a_port_that_is_taken_is_one_clear_line() -> None:
    async with listening("127.0.0.1", 0, {}) as port:
        with pytest.raises(CannotRun, match="VIGIE_METRICS"):
            async with listening("127.0.0.1", port, {}):
                pass


# --- who asks, and how many ----------------------------------------------------------------------------------------
OURS = ("127.0.0.1", "127.0.0.1:9877", "localhost", "LOCALHOST:9877", "[::1]", "[::1]:9877", "10.2.3.4", "vigie.local")
OTHERS = (
    "evil.example",
    "evil.example:9877",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "",
    "x y",
    "127.1",
    "::1x",
)


@pytest.mark.parametrize("host", OURS)
def test_an_address_or_a_name_of_ours_is_answered(host: str) -> None:
    head = f"GET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    assert addressed(head, frozenset({"vigie.local", "localhost"}))


@pytest.mark.parametrize("host", OTHERS)
async def test_any_other_name_may_be_that_of_a_page_in_a_browser(host: str) -> None:
    async with listening("127.0.0.1", 0, {"/healthz": fine}) as port:
        line, _ = await asked(port, f"GET /healthz HTTP/1.1\r\nhOsT : {host}\r\n\r\n".encode())
    assert line == "HTTP/1.1 421 Misdirected Request"


@pytest.mark.parametrize(
    "head",
    [
        b"GET /metrics HTTP/1.1\r\nUser-Agent: a\r\n\r\n",
        b"GET /metrics HTTP/2.0\r\n\r\n",
        b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\t.evil.example\r\n\r\n",
    ],
)
def test_who_names_no_host_is_answered_only_where_his_protocol_has_none(head: bytes) -> None:
    assert not addressed(head, frozenset({"localhost"}))


async def test_two_hosts_are_none() -> None:
    assert not addressed(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", frozenset({"localhost"}))


async def test_who_opens_and_says_nothing_takes_no_place_for_long(caplog: pytest.LogCaptureFixture) -> None:
    async with listening("127.0.0.1", 0, {"/healthz": fine}) as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(10 * AT_ONCE)]
        assert (await asked(port, b"GET /healthz HTTP/1.0\r\n\r\n"))[1] == b"up\n"
        oldest, newest = silent[0], silent[-1]
        assert await asyncio.wait_for(oldest[0].read(), 20) == b""
        newest[1].write(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert (await asyncio.wait_for(newest[0].read(), 20)).endswith(b"up\n")
        for _, writer in silent:
            writer.close()
    assert not caplog.records


async def test_without_a_file_left_it_says_so_once_and_answers_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    accept, failures = loop.sock_accept, [OSError(24, "Too many open files")] * 3

    async def scarce(door: object) -> object:
        if failures:
            raise failures.pop()
        return await accept(door)

    monkeypatch.setattr(loop, "sock_accept", scarce)
    monkeypatch.setattr("bot.daemon.http_port.BREATH", 0.01)
    async with listening("127.0.0.1", 0, {"/healthz": fine}) as port:
        assert (await asked(port, b"GET /healthz HTTP/1.0\r\n\r\n"))[1] == b"up\n"
    assert [record.message for record in caplog.records] == ["metrics port is short of files"]
