"""A port of this machine where the daemon answers a few fixed questions, by HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.ending import CannotRun
from storage.system import said

log = logging.getLogger("vigie")

PATIENCE = 5.0  # seconds for a question to be asked
LONGEST = 8192  # bytes of a question, headers included


@dataclass(frozen=True, slots=True)
class PortAnswer:
    status: str
    content_type: str
    body: bytes


Answers = Mapping[str, Callable[[], Awaitable[PortAnswer]]]
"""Path -> what answers it."""

_UNKNOWN = PortAnswer("404 Not Found", "text/plain; charset=utf-8", b"not found\n")
_NOT_ALLOWED = PortAnswer("405 Method Not Allowed", "text/plain; charset=utf-8", b"GET only\n")
_BROKEN = PortAnswer("500 Internal Server Error", "text/plain; charset=utf-8", b"see the log\n")


@asynccontextmanager
async def listening(host: str, port: int, answers: Answers) -> AsyncIterator[int]:
    """Answer on this port (0: any free one, which is given back). Raises CannotRun where it can't be had."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _exchange(reader, writer, answers)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who asked went away, or asked nothing
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(talk, host, port, limit=LONGEST)
    except OSError as problem:
        where = f"{host}:{port}"
        raise CannotRun(f"VIGIE_METRICS : impossible d’écouter sur {where} ({said(problem)})") from problem
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Answers) -> None:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    method, _, rest = head.decode("latin-1").partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    answer = await _answer(method, path, answers)
    body = b"" if method == "HEAD" else answer.body
    lines = (f"HTTP/1.1 {answer.status}", f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}")
    writer.write("\r\n".join((*lines, "Connection: close", "", "")).encode() + body)
    await asyncio.wait_for(writer.drain(), PATIENCE)


async def _answer(method: str, path: str, answers: Answers) -> PortAnswer:
    if path not in answers:
        return _UNKNOWN
    if method not in ("GET", "HEAD"):
        return _NOT_ALLOWED
    try:
        return await answers[path]()
    except Exception:  # a bug of ours, or a store that can't be read: whoever watches must see it
        log.exception("question not answered", extra={"path": path})
        return _BROKEN
