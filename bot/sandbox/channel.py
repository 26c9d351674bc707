"""Whole messages over a socket pair, none longer than agreed and none waited for beyond its time."""

import os
import socket
import time
from dataclasses import dataclass

LONGEST = 64 << 20  # bytes of a message: a feed of 8 MB, every sign of it escaped, is 48 MB
_HEAD = 8  # bytes that hold the length of a message
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Channel:
    """The side that does not trust the other: whoever is there may send half a message, too much, or nothing."""

    socket: socket.socket

    def send(self, message: bytes, until: float) -> None:
        """`until` is on the monotonic clock. Raises TimeoutError, OSError."""
        self._wait(until)
        self.socket.sendall(len(message).to_bytes(_HEAD))
        self._wait(until)
        self.socket.sendall(message)

    def receive(self, until: float) -> bytes:
        """Raises TimeoutError; EOFError where the other is gone; ValueError where it sends too much; OSError."""
        size = int.from_bytes(self._exactly(_HEAD, until))
        if size > LONGEST:
            raise ValueError(f"{size} octets annoncés")
        return self._exactly(size, until)

    def has_more(self) -> bool:
        """Whether the other says something that nobody asked for; its end is nothing."""
        self.socket.settimeout(0)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:  # nothing, or nobody
            return False

    def close(self) -> None:
        self.socket.close()

    def _exactly(self, size: int, until: float) -> bytes:
        parts = []
        while size:
            self._wait(until)
            part = self.socket.recv(min(size, _AT_ONCE))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.socket.settimeout(left)


def read_message(file: int) -> bytes:
    """The next message of the other side, which is trusted. Raises EOFError at its end, OSError."""
    return _read(file, int.from_bytes(_read(file, _HEAD)))


def write_message(file: int, message: bytes) -> None:
    rest = memoryview(len(message).to_bytes(_HEAD) + message)
    while rest:
        rest = rest[os.write(file, rest) :]


def _read(file: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(file, min(size, _AT_ONCE))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
