"""What may stand between a daemon and its server: a line that falls silent, and a pooler of transactions."""

import queue
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from typing import Self
from urllib.parse import parse_qs, urlsplit

from storage.place import Server
from tests.server import named

_NO_TLS = (80877103, 80877104)  # what a client asks first: TLS, GSSAPI
_GREETING = b"R" + struct.pack("!II", 8, 0)  # come in
_KEY = b"K" + struct.pack("!III", 12, 0, 0)  # the process is nobody's
_IDLE = b"Z" + struct.pack("!I", 5) + b"I"
_ASKS, _LEAVES = (b"Q", b"S"), b"X"  # what has an answer that ends with the state of the transaction; the last word
_UNDO = b"Q" + struct.pack("!I", 13) + b"ROLLBACK\0"


def _dialled(base: Server) -> socket.socket:
    """A connection to where this base is: our server listens on a socket of the file system."""
    asked, parts = parse_qs(urlsplit(base.address).query), urlsplit(base.address)
    if "host" not in asked:
        return socket.create_connection((parts.hostname, parts.port or 5432))
    found = socket.socket(socket.AF_UNIX)
    found.connect(f"{asked['host'][0]}/.s.PGSQL.{asked.get('port', ['5432'])[0]}")
    return found


class _Listener:
    """Serves each connection to a port of its own in a thread; `base` is the address by which it is reached."""

    def __init__(self, behind: Server) -> None:
        self.behind = behind
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        parts = urlsplit(behind.address)
        port = self._door.getsockname()[1]
        self.base = named(parts._replace(netloc=f"postgres@127.0.0.1:{port}", query="").geturl(), parts.path[1:])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._door, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self._open.append(client)
                threading.Thread(target=self._served, args=(client,), daemon=True).start()

    def _served(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            self.serve(client)

    def serve(self, client: socket.socket) -> None:
        raise NotImplementedError


class Line(_Listener):
    """Hands on what both sides say, but while it is `silent`: then nothing arrives, and nobody is told so."""

    def __init__(self, behind: Server) -> None:
        super().__init__(behind)
        self._speaks = threading.Event()
        self._speaks.set()

    @contextmanager
    def silent(self) -> Iterator[None]:
        self._speaks.clear()
        yield
        self._speaks.set()

    def serve(self, client: socket.socket) -> None:
        there = _dialled(self.behind)
        self._open.append(there)
        threading.Thread(target=self._hand_on, args=(there, client), daemon=True).start()
        self._hand_on(client, there)

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(1 << 16):
                self._speaks.wait()
                target.sendall(said)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


class Pooler(_Listener):
    """Gives each transaction whatever connection is free: nothing that was said in one holds for the next."""

    def __init__(self, behind: Server, connections: int = 2) -> None:
        super().__init__(behind)
        self._free: queue.Queue[socket.socket] = queue.Queue()
        self._wanted, self._lock = connections, threading.Lock()

    def serve(self, client: socket.socket) -> None:
        while (first := _startup(client))[1] in _NO_TLS:
            client.sendall(b"N")
        client.sendall(_GREETING + self._said_at_first(first[0]) + _KEY + _IDLE)
        with suppress(OSError):
            while (asked := _message(client))[:1] != _LEAVES:
                there = self._free.get()
                try:
                    _transact(client, there, asked)
                finally:
                    self._free.put(there)

    def _said_at_first(self, startup: bytes) -> bytes:
        """What a server says of itself to whoever comes in: `ParameterStatus`."""
        with self._lock:
            while self._wanted:
                there = _dialled(self.behind)
                self._open.append(there)
                there.sendall(startup)
                self._hello = b""
                while (said := _message(there))[:1] != b"Z":
                    self._hello += said if said[:1] == b"S" else b""
                self._free.put(there)
                self._wanted -= 1
        return self._hello


def _exactly(source: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        if not (more := source.recv(size - len(found))):
            raise ConnectionError
        found += more
    return found


def _startup(client: socket.socket) -> tuple[bytes, int]:
    head = _exactly(client, 8)
    size, code = struct.unpack("!II", head)
    return head + _exactly(client, size - 8), code


def _message(source: socket.socket) -> bytes:
    head = _exactly(source, 5)
    return head + _exactly(source, struct.unpack("!I", head[1:])[0] - 4)


def _transact(client: socket.socket, there: socket.socket, asked: bytes) -> None:
    """Hand on what both say, from this question until no transaction is open; who leaves within one has it undone."""
    there.sendall(asked)
    owed, is_open, target = int(asked[:1] in _ASKS), True, [client]
    while owed or is_open:
        if there in select([there, *target], (), ())[0]:
            said = _message(there)
            is_open = said[5:6] != b"I" if said[:1] == b"Z" else is_open
            owed -= said[:1] == b"Z"
            for each in target:
                each.sendall(said)
        else:
            asked = _asked(client)
            if asked[:1] == _LEAVES:
                asked, target = _UNDO, []
            there.sendall(asked)
            owed += asked[:1] in _ASKS


def _asked(client: socket.socket) -> bytes:
    try:
        return _message(client)
    except OSError:
        return _LEAVES
