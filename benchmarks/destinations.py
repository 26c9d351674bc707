"""A mail server and a webhook that fail in each way they can: what is lost, what comes twice, what operators read.

python -m benchmarks.destinations

Four messages each; the server fails for its first three calls, or for ever, and seven hours pass. Ends with 1 where a
message is lost, doubled without a doubt on record (a webhook: under another key), or kept back without a line of why.
"""

import asyncio
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from io import BufferedRWPair
from pathlib import Path

from bot.config.destinations import Mailbox, Outside, Security
from bot.config.secret import Secret
from bot.delivery import mail
from bot.delivery.deliver import Courier, Times, Ways
from bot.delivery.no_telegram import NoTelegram
from bot.delivery.pacer import FREE, Pacer
from bot.delivery.probe import Probe
from storage import open_store
from tests.bot.delivery.history import hurried
from tests.bot.delivery.test_places import World, webhook

PATIENCE = 1.0  # seconds, instead of twenty
FAILS, EVER, SENT = 3, 10**6, 4
CLOSE, SILENT = "close", "silent"
OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
Script = dict[str, str]

LETTERS: tuple[tuple[str, Script, int, Security, str], ...] = (
    ("password refused", {"AUTH": "535 no", "offers": "AUTH PLAIN"}, EVER, "none", "x"),
    ("no password taken", {}, EVER, "none", "x"),
    ("unknown kind of password", {"offers": "AUTH GSSAPI"}, EVER, "none", "x"),
    ("421 at once", {"hello": "421 busy"}, FAILS, "none", ""),
    ("554 at once", {"hello": "554 no"}, EVER, "none", ""),
    ("451, greylisted", {"RCPT": "451 later"}, FAILS, "none", ""),
    ("550, recipient", {"RCPT": "550 unknown"}, EVER, "none", ""),
    ("550, letter", {"END": "550 spam"}, EVER, "none", ""),
    ("cut at once", {"hello": CLOSE}, FAILS, "none", ""),
    ("cut in the letter", {"BODY": CLOSE}, FAILS, "none", ""),
    ("silent at once", {"hello": SILENT}, FAILS, "none", ""),
    ("silent at MAIL", {"MAIL": SILENT}, FAILS, "none", ""),
    ("taken, answer cut", {"TAKEN": CLOSE}, FAILS, "none", ""),
    ("taken, answer late", {"TAKEN": SILENT}, FAILS, "none", ""),
    ("no STARTTLS", {}, EVER, "starttls", ""),
    ("no TLS at that port", {}, EVER, "tls", ""),
)
EVENTS = (
    ("garbage under a 200", "HTTP/1.1 200 OK\r\n\r\n\x00\xff<html>", FAILS),
    ("no HTTP", "\x00garbage\r\n\r\n", FAILS),
    ("302 to a private host", "HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n", EVER),
    ("401", "HTTP/1.1 401 N\r\nContent-Length: 0\r\n\r\n", EVER),
    ("410", "HTTP/1.1 410 G\r\nContent-Length: 0\r\n\r\n", EVER),
    ("413", "HTTP/1.1 413 B\r\nContent-Length: 0\r\n\r\n", EVER),
    ("429, 120 s", "HTTP/1.1 429 S\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", FAILS),
    ("500", "HTTP/1.1 500 O\r\nContent-Length: 0\r\n\r\n", FAILS),
    ("503, 60 s", "HTTP/1.1 503 O\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", FAILS),
    ("silent", SILENT, FAILS),
    ("cut after the call", CLOSE, FAILS),
)


@dataclass
class Server:
    """Talks `script` for its first `fails` calls. `got`: the id of each message that it took."""

    talk: Callable[["Server", socket.socket, bool], None]
    fails: int
    got: list[str] = field(default_factory=list)
    calls: int = 0
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def __post_init__(self) -> None:
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                called, _ = self.listening.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self._answer, args=(called, self.calls <= self.fails), daemon=True).start()

    def _answer(self, called: socket.socket, failing: bool) -> None:
        try:
            with called:
                self.talk(self, called, failing)
        except (OSError, UnicodeDecodeError):
            return


def smtp(script: Script) -> Callable[[Server, socket.socket, bool], None]:
    def talk(server: Server, called: socket.socket, failing: bool) -> None:
        said, stream = script if failing else {"offers": script.get("offers", "")}, called.makefile("rwb")

        def reply(step: str, fine: str) -> str:
            text = said.get(step, fine)
            if text in (CLOSE, SILENT):
                time.sleep(PATIENCE * 2.5 if text == SILENT else 0)
                raise OSError
            stream.write(f"{text}\r\n".encode())
            stream.flush()
            return text

        reply("hello", "220 essai")
        while line := stream.readline().decode("ascii").strip():
            verb = line.upper()[:4]
            if verb == "EHLO":
                stream.write(b"250-essai\r\n")
                reply("", f"250 {said.get('offers') or 'HELP'}")
            elif verb != "DATA":
                reply(verb, {"AUTH": "235 in", "QUIT": "221 bye"}.get(verb, "250 fine"))
            elif reply("DATA", "354 go").startswith("354"):
                _letter(server, stream, said, reply)

    return talk


def _letter(server: Server, stream: BufferedRWPair, said: Script, reply: Callable[[str, str], str]) -> None:
    if said.get("BODY"):
        stream.readline()
        raise OSError
    body = b""
    while (line := stream.readline()) not in (b".\r\n", b""):
        body += line
    if said.get("END", "250").startswith("250"):
        server.got.append(str(message_from_bytes(body)["Message-ID"]))
    reply("TAKEN", said.get("END", "250 taken"))


def http(answer: str) -> Callable[[Server, socket.socket, bool], None]:
    def talk(server: Server, called: socket.socket, failing: bool) -> None:
        stream, length, key = called.makefile("rwb"), 0, ""
        while line := stream.readline().decode().strip():
            name, _, value = line.partition(": ")
            length = int(value) if name.lower() == "content-length" else length
            key = value if name.lower() == "idempotency-key" else key
        stream.read(length)
        server.got.append(key)
        if failing and answer in (CLOSE, SILENT):
            time.sleep(PATIENCE * 3 if answer == SILENT else 0)
            return
        stream.write((answer if failing else OK).encode())
        stream.flush()

    return talk


async def tried(name: str, server: Server, place: Outside, *, keyed: bool) -> bool:
    """Whether all is well; prints what came, and what was said meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        store = hurried(open_store(Path(folder) / "vigie.sqlite"))
        world = World(store, place)
        world.lives, pacer = EVER, Pacer(FREE)
        world.poster._patience = PATIENCE * 2  # thirty seconds else
        probe = Probe(store.proof, world.offload, NoTelegram(), pacer, lambda: world.now)
        ways = Ways(NoTelegram(), pacer, probe, world.places)
        courier = Courier(store.outbox, world.offload, "run", ways, Times(lambda: world.now))
        await courier.recover()
        await courier.finish()
        said = [each.detail for each in store.figures(world.now).stuck]
        for _ in range(14):
            world.now += timedelta(minutes=30)
            await courier.finish()
        waiting = store.figures(world.now).waiting
        copies = len(server.got) - len(set(server.got))
        kept = waiting.queued or waiting.dead
        well = bool(kept) or len(set(server.got)) == SENT
        well = well and (keyed or copies <= waiting.doubts) and bool(said or not waiting.queued)
        came = f"{len(set(server.got))} came, {copies} again, {waiting.doubts} doubts"
        print("" if well else "WRONG", f"{name}: {came}, {waiting.queued} wait, {waiting.dead} given up; {said}")
        store.close()
        await world.poster.aclose()
    server.listening.close()
    return well


async def all_ways() -> bool:
    well = True
    for name, script, fails, security, password in LETTERS:
        server = Server(smtp(script), fails)
        secret = Secret(password) if password else None
        box = Mailbox("127.0.0.1", server.port, security, "vigie@exemple.fr", ("a@exemple.fr",), password, secret)
        well &= await tried(f"mail, {name}", server, Outside("direction", box), keyed=False)
    for name, answer, fails in EVENTS:
        server = Server(http(answer), fails)
        hook = webhook(f"http://127.0.0.1:{server.port}/veille")
        well &= await tried(f"webhook, {name}", server, hook, keyed=True)
    return well


def main() -> int:
    mail.PATIENCE = PATIENCE
    return 0 if asyncio.run(all_ways()) else 1


if __name__ == "__main__":
    sys.exit(main())
