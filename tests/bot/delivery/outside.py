"""Servers on loopback for what is not Telegram: one for letters, one for events; each fails as it is told to."""

import asyncio
import json
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Mails:
    """What arrived, as (recipients, letter). `says` maps a step (`MAIL`, `DATA`, `QUIT`, a recipient) to its answers,
    one by one; `cut`: how many letters are taken without a word."""

    got: list[tuple[list[str], bytes]] = field(default_factory=list)
    says: dict[str, list[str]] = field(default_factory=dict)
    cut: int = 0
    port: int = 0

    def _next(self, step: str, fine: str) -> str:
        waiting = self.says.get(step)
        return waiting.pop(0) if waiting else fine

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - as aiosmtpd calls it
        envelope.mail_from = address
        return self._next("MAIL", "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - as aiosmtpd calls it
        said = self._next(address, "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - as aiosmtpd calls it
        said = self._next("DATA", "250 OK")
        if said.startswith("250"):
            self.got.append((list(envelope.rcpt_tos), envelope.content))
            if self.cut:
                self.cut -= 1
                assert server.transport is not None
                server.transport.abort()
        return said

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as aiosmtpd calls it
        return self._next("QUIT", "221 Bye")


def _only(server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"juste", handled=False)


@asynccontextmanager
async def mail_server(*, auth: bool = False) -> AsyncIterator[Mails]:
    mails = Mails()

    def made() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # passwords without TLS, on loopback
            return SMTP(
                mails, hostname="essai", authenticator=_only, auth_required=auth, auth_require_tls=False, loop=loop
            )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(made, "127.0.0.1", 0)
    mails.port = server.sockets[0].getsockname()[1]
    try:
        yield mails
    finally:
        server.close()
        await asyncio.sleep(0)


@dataclass
class Hooks:
    """Every call as (headers, event). `answers` are the statuses, one by one, then 200; 0 cuts after the call."""

    got: list[tuple[dict[str, str], dict[str, Any], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    silent: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/veille"


@contextmanager
def hook_server() -> Iterator[Hooks]:
    hooks = Hooks()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hooks.got.append(({name.lower(): value for name, value in self.headers.items()}, json.loads(body), body))
            if hooks.silent.is_set():
                over.wait(20)
                return
            status = hooks.answers.pop(0) if hooks.answers else 200
            if status == 0:
                return
            self.send_response(status)
            for name, value in hooks.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"\x00\xff<html>n'importe quoi")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hooks.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hooks
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
