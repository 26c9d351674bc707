"""The emulated Bot API on loopback: an HTTP server in its own threads."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from tests.emulator.api import TOKEN, BotApi


class Emulator(BotApi):
    """A Bot API server at `url`, for sync and async tests. Use as a context manager: leaving fails on violations.

    `speed` makes its seconds (of rates) that many times shorter.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        speed: float = 1.0,
        strict: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: bool = True,
    ) -> None:
        super().__init__(token, clock=lambda: time.monotonic() * speed, limits=limits)
        self._strict = strict
        self._server = _Server((host, port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None and self._strict and self.violations:
            raise AssertionError("the Bot API was misused:\n" + "\n".join(self.violations))

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.hang_up()
        self._thread.join()
        self._server.server_close()

    async def wait_for(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:  # noqa: ASYNC109
        """What `predicate` gives as soon as it is true; it is asked again after each call. Fails after `timeout` s."""
        return await asyncio.to_thread(self.wait, predicate, timeout)

    def wait(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        """`wait_for`, for tests without a loop."""
        end = time.monotonic() + timeout
        with self._changed:
            while not (found := predicate()):
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not seen within {timeout} s; calls: {[c.method for c in self.calls[-20:]]}")
                self._changed.wait(min(left, 0.02))  # it may look at what no call tells of
            return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], emulator: Emulator) -> None:
        super().__init__(address, _Handler)
        self.emulator = emulator
        self.lines: set[socket.socket] = set()

    def hang_up(self) -> None:
        for line in tuple(self.lines):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle of a long poll is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.lines.add(self.connection)

    def finish(self) -> None:
        self.server.lines.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the caller ended in the middle of its request
            self.close_connection = True
            return
        _, bot, method = (*self.path.split("?")[0].split("/"), "", "")[:3]
        given = self._given(body)
        fault = self.server.emulator.fault(method, given)
        if fault is not None:
            time.sleep(fault.delay)
        response = self.server.emulator.answer(bot.removeprefix("bot"), method, given, fault)
        if response is None:
            self.close_connection = True
            return
        time.sleep(response.late)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    do_GET = do_POST  # noqa: N815

    def _given(self, body: bytes) -> dict[str, str]:
        kind = self.headers.get("Content-Type") or ""
        if "multipart" in kind:
            return _parts(kind, body)
        if "json" in kind:
            values = json.loads(body)
            return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """The calls are in `Emulator.calls`."""


def _parts(kind: str, body: bytes) -> dict[str, str]:
    """The fields of a form with a file: its content under `document`, its name under `file_name`."""
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    given: dict[str, str] = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(part.get_param("name", header="content-disposition"))
        if (file := part.get_filename()) is not None:
            given["document"], given["file_name"] = content.decode("utf-8", "surrogateescape"), file
        elif name != "document":
            given[name] = content.decode()
    return given
