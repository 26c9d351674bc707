import asyncio

import pytest

from bot.daemon.http_port import PortAnswer, listening
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
        assert await asked(port, line + b"\r\nHost: x\r\n\r\n") == (f"HTTP/1.1 {status}", body)


async def test_a_question_without_an_end_is_given_up_and_others_are_answered() -> None:
    async with listening("127.0.0.1", 0, {"/healthz": fine}) as port:
        assert await asked(port, b"GET /" + b"x" * 20_000 + b"\r\n\r\n") == ("", b"")
        assert (await asked(port, b"GET /healthz HTTP/1.1\r\n\r\n"))[1] == b"up\n"


async def test_a_port_that_is_taken_is_one_clear_line() -> None:
    async with listening("127.0.0.1", 0, {}) as port:
        with pytest.raises(CannotRun, match="VIGIE_METRICS"):
            async with listening("127.0.0.1", port, {}):
                pass
