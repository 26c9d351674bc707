"""A port of this machine where the daemon answers a few fixed questions, by HTTP."""

import asyncio
import ipaddress
import logging
import re
import socket
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.ending import CannotRun
from storage.system import said

log = logging.getLogger("vigie")

PATIENCE = 5.0  # seconds for a question to be asked
LONGEST = 8192  # bytes of a question, headers included
AT_ONCE = 16  # conversations
BREATH = 1.0  # seconds before the next is taken, where none can be

_HOST = re.compile(rb"\r\nhost[ \t]*:([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PortAnswer:
    status: str
    content_type: str
    body: bytes


Answers = Mapping[str, Callable[[], Awaitable[PortAnswer]]]
"""Path -> what answers it."""
Others = Callable[[str], Awaitable[PortAnswer | None]]
"""What answers any other path; None where there is nothing."""


async def nothing(path: str) -> None:
    """No other path is known."""


Answering = Callable[[str, str], Awaitable[PortAnswer]]
"""Method and path -> what is answered."""

_UNKNOWN = PortAnswer("404 Not Found", "text/plain; charset=utf-8", b"not found\n")
_NOT_ALLOWED = PortAnswer("405 Method Not Allowed", "text/plain; charset=utf-8", b"GET only\n")
_MISDIRECTED = PortAnswer(
    "421 Misdirected Request",
    "text/plain; charset=utf-8",
    b"not a name of ours: ask by address, or VIGIE_METRICS=name:port\n",
)
_BROKEN = PortAnswer("500 Internal Server Error", "text/plain; charset=utf-8", b"see the log\n")


@asynccontextmanager
async def listening(host: str, port: int, answers: Answers, others: Others = nothing) -> AsyncIterator[int]:
    """Answer on this port (0: any free one, which is given back). Raises CannotRun where it can't be had."""
    try:
        sockets = await _bound(host, port)
    except OSError as problem:
        where = f"{host}:{port}"
        raise CannotRun(f"VIGIE_METRICS : impossible d’écouter sur {where} ({said(problem)})") from problem
    talks: deque[asyncio.Task[None]] = deque()
    known = frozenset({host, "localhost", socket.gethostname()})
    doors = [asyncio.create_task(_let_in(each, talks, partial(_answer, answers, others), known)) for each in sockets]
    try:
        yield sockets[0].getsockname()[1]
    finally:
        for task in (*doors, *talks):
            task.cancel()
        await asyncio.gather(*doors, *talks, return_exceptions=True)
        for each in sockets:
            each.close()


async def _bound(host: str, port: int) -> list[socket.socket]:
    loop = asyncio.get_running_loop()
    places = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((place[0], place[4]) for place in places):
            sockets.append(socket.create_server(address, family=family, backlog=AT_ONCE))
            sockets[-1].setblocking(False)
    except OSError:
        for each in sockets:
            each.close()
        raise
    return sockets


async def _let_in(
    door: socket.socket, talks: deque[asyncio.Task[None]], answer: Answering, known: frozenset[str]
) -> None:
    """One conversation after the other, for ever; where too many have begun, the oldest ends.

    asyncio's own server takes connections without end, and says each one that it can't take in the log.
    """
    loop, refused = asyncio.get_running_loop(), False
    while True:
        try:
            line, _ = await loop.sock_accept(door)
        except OSError as problem:  # no file is left to us: whoever asks waits
            if not refused:
                log.warning("metrics port is short of files", extra={"problem": problem})
            refused = True
            await asyncio.sleep(BREATH)
            continue
        refused = False
        if len(talks) == AT_ONCE:
            talks.popleft().cancel()
        task = asyncio.create_task(_talk(line, answer, known))
        talks.append(task)
        task.add_done_callback(lambda done: talks.remove(done) if done in talks else None)


async def _talk(line: socket.socket, answer: Answering, known: frozenset[str]) -> None:
    try:
        reader, writer = await asyncio.open_connection(sock=line, limit=LONGEST)
    except OSError:
        line.close()
        return
    try:
        await _exchange(reader, writer, answer, known)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # who asked went away, or asked nothing
    finally:
        writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ask: Answering, known: frozenset[str]
) -> None:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    method, _, rest = head.decode("latin-1").partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    answer = await ask(method, path) if addressed(head, known) else _MISDIRECTED
    body = b"" if method == "HEAD" else answer.body
    lines = (f"HTTP/1.1 {answer.status}", f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}")
    writer.write("\r\n".join((*lines, "X-Content-Type-Options: nosniff", "Connection: close", "", "")).encode() + body)
    await asyncio.wait_for(writer.drain(), PATIENCE)


def addressed(head: bytes, known: frozenset[str]) -> bool:
    """Whether the question is for us: for an address, or for a name of ours. A page in a browser may have led any other
    name here (DNS rebinding), and could read the answer."""
    hosts = [host.strip().decode("latin-1").lower() for host in _HOST.findall(head)]
    asked = head.partition(b"\r\n")[0]
    if not hosts:
        return asked.endswith(b" HTTP/1.0") or b" HTTP/" not in asked  # who is so old is no browser
    name = re.sub(r":[0-9]*$", "", hosts[0])
    return len(hosts) == 1 and (name in {each.lower() for each in known} or _is_address(name.strip("[]")))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _answer(answers: Answers, others: Others, method: str, path: str) -> PortAnswer:
    if path in answers and method not in ("GET", "HEAD"):
        return _NOT_ALLOWED
    try:
        if path in answers:
            return await answers[path]()
        return (await others(path) if method in ("GET", "HEAD") else None) or _UNKNOWN
    except Exception:  # a bug of ours, or a store that can't be read: whoever watches must see it
        log.exception("question not answered", extra={"path": path})
        return _BROKEN
