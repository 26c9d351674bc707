"""A proxy on loopback that leads every host to one port, and a site behind TLS with a certificate of its own."""

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

AUTHORITY = Path(__file__).parent / "certificates" / "authority.pem"
SITE = Path(__file__).parent / "certificates" / "site.pem"
SAME_EVERYWHERE = b"HTTP/1.1 200 X\r\ncontent-length: 5\r\ncontent-type: text/xml\r\n\r\n<rss>"


@dataclass
class LoopbackProxy:
    """`asked` holds the first line of each request, `hosts` the hosts of the requests that came through."""

    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def proxy(to: int, login: str = "", refuses: str = "") -> AsyncIterator[LoopbackProxy]:
    """CONNECT and plain requests, for whatever host, led to the port `to`. `login` is `name:password`."""
    expected = f"proxy-authorization: basic {base64.b64encode(login.encode()).decode()}".lower()

    running: set[asyncio.Task[None]] = set()

    def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.ensure_future(answer(reader, writer)))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            made.asked.append(head.split("\r\n", 1)[0])
            if login and expected not in head.lower():
                writer.write(b"HTTP/1.1 407 Login\r\ncontent-length: 0\r\n\r\n")
            elif refuses:
                writer.write(f"HTTP/1.1 {refuses}\r\ncontent-length: 0\r\n\r\n".encode())
            else:
                await lead(head, reader, writer)
        writer.close()

    async def lead(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", to)
        if head.startswith("CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:  # the path alone, and one request a connection
            head = re.sub(r"^(\w+) http://[^/]+", r"\1 ", head)
            ours.write(re.sub("(?i)connection: keep-alive", "Connection: close", head).encode("latin-1"))
        up = asyncio.ensure_future(pump(reader, ours))
        if not head.startswith("CONNECT"):
            writer.write(await theirs.readuntil(b"\r\n") + b"Connection: close\r\n")
        both = [asyncio.ensure_future(pump(theirs, writer)), up]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in both:
                each.cancel()
            ours.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    made = LoopbackProxy(server.sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def site(*, secure: bool = False) -> AsyncIterator[int]:
    """The port of a site that answers everything alike, over TLS with our own authority where it is `secure`."""
    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(SITE)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(SAME_EVERYWHERE)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
