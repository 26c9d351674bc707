"""A network of the test's own, in which what leads to an address can be cut without a word to either side."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_HERE = Path("/proc/thread-self/ns/net")


class Unavailable(Exception):
    """Why no network of one's own can be had here."""


@contextmanager
def own_network() -> Iterator[None]:
    """The sockets that this thread makes, and the processes and threads that it starts, are in a network that holds
    nothing but the loopback, until the block ends. Raises Unavailable."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open(_HERE, os.O_RDONLY)
    try:
        if libc.unshare(_NEW_NETWORK):
            raise Unavailable(f"no network of our own: {os.strerror(ctypes.get_errno())}")
        try:
            _ip("link", "set", "lo", "up")
            yield
        finally:
            assert libc.setns(before, _NEW_NETWORK) == 0
    finally:
        os.close(before)


@contextmanager
def cut(address: str) -> Iterator[None]:
    """Until the block ends nothing that is sent to this address of the loopback, or from it, arrives."""
    _ip("route", "add", "blackhole", f"{address}/32", "table", "local")
    try:
        yield
    finally:
        _ip("route", "del", "blackhole", f"{address}/32", "table", "local")


def _ip(*what: str) -> None:
    try:
        subprocess.run(("ip", *what), check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Unavailable(f"no network of our own: ip {' '.join(what)}: {problem}") from problem
