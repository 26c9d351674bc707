"""One message by Apprise, in a process of its own that can be killed. The only door to apprise.

A service may answer without end, and a plugin reads all of it: here it has so much memory and so long to end. Behind
its wall it reaches the network, and no file but the program, the certificates and those that the address names.
"""

import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox.wall import build_for_calls

NOT_SENT = 3  # exit code: Apprise says so; 0: sent; any other: the process ended before it could say

_MEMORY = 128 << 20  # bytes of address space, beside what is there once the plugin is


def plugin(address: str) -> Any | None:
    """What sends to such an address; None where Apprise knows none. Raises ModuleNotFoundError without the option."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it tells of its own failures with addresses
    asset = apprise.AppriseAsset(http_redirects=False)  # a service would lead a message of ours anywhere
    made = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if made is not None:
        made.overflow_mode = apprise.OverflowMode.SPLIT  # nothing is cut
    return made


def serve() -> int:
    """Send what stands on our input, which our own parent wrote; without an address, tell of our wall as JSON."""
    task = json.load(sys.stdin.buffer)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(task["seconds"])  # our parent, who would have killed us, may be gone
    if task["address"] is None:
        print(json.dumps([asdict(layer) for layer in build_for_calls(())]))
        return 0
    there = plugin(task["address"])
    if there is None:
        return NOT_SENT
    most = _in_use() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    build_for_calls((*_named(task["address"]), *_authorities()))
    return 0 if there.notify(body=task["body"], title=task["title"], body_format=task["form"]) else NOT_SENT


def _named(address: str) -> Iterator[str]:
    """The files that an address names (`?keyfile=/etc/…`): the operator's own."""
    for _, value in parse_qsl(urlsplit(address).query):
        path = value.removeprefix("file://")
        if Path(path).is_absolute() and Path(path).is_file():
            yield path


def _authorities() -> Iterator[str]:
    """What our environment says to trust: bot/delivery/apprise_chats.py wrote it."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return (os.environ[name] for name in names if name in os.environ)


def _in_use() -> int:
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 3 * _MEMORY
