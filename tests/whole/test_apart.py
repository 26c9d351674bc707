"""Two daemons in a network of the test's own: a sender that sleeps within a send, is cut off, or loses its server."""

import json
import os
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.demo.site import DemoSite
from tests.emulator import TOKEN, Emulator
from tests.network import Unavailable, cut, own_network
from tests.server import a_base, our_server, start_listening
from tests.whole.daemon import Daemon, folder
from tests.whole.test_watchtower import free_port

CLAIRE = 4242
TAKEN_OVER = 120.0  # seconds: a lease, the longest call, and a machine that others use
SERVER, TELEGRAM = "127.0.1", "127.0.2"  # of each daemon an address of its own, so that one alone can be cut off

# As its users run it, but for how long it waits: what the lease and the longest call promise holds for shorter ones
# that stand to each other as they do. benchmarks/fleet.py proves it with those of its users
HURRIED = """
import sys
from datetime import timedelta
import storage.chats.proof, bot.office
storage.chats.proof.LONGEST_CALL = timedelta(seconds=7)
bot.office.LEASE = 5.0
import bot.daemon.offices, bot.delivery.deliver, bot.delivery.doubts, bot.delivery.telegram
bot.daemon.offices.BEAT = 1.0
bot.delivery.deliver.LEAVES = 2.0
bot.delivery.doubts.FIRST_LOOK = timedelta(seconds=1)
bot.delivery.telegram.CONNECT, bot.delivery.telegram.EXCHANGE = 2.0, 5.0
bot.delivery.telegram.CONFLICT_WAIT = bot.delivery.telegram.LONGEST_WAIT = 3.0
from bot.cli import main
sys.exit(main())
"""


class Drowsy(Emulator):
    """Puts to sleep who sends it a message with this word, once it has it and before he hears so."""

    word, sleeper, asleep = "", 0, False

    def answer(self, token: str, method: str, given: dict[str, str], *rest: Any) -> Any:
        found = super().answer(token, method, given, *rest)
        if self.word and method == "sendMessage" and self.word in given["text"]:
            self.word, self.asleep = "", True
            os.kill(self.sleeper, signal.SIGSTOP)
        return found


class Two:
    def __init__(self, base: str, site: DemoSite, telegram: Drowsy, home: Path, stack: ExitStack) -> None:
        self.base, self.site, self.telegram = base, site, telegram
        self.ports = free_port(), free_port()
        self.daemons = []
        for number, port in enumerate(self.ports, start=1):
            more = {"VIGIE_DATABASE": f"postgresql://postgres@{SERVER}.{number}/{base}", "VIGIE_METRICS": str(port)}
            there = telegram.url.replace("127.0.0.1", f"{TELEGRAM}.{number}")
            more |= {"VIGIE_TELEGRAM_TOKEN": TOKEN, "VIGIE_TELEGRAM_API_URL": there}
            config = folder(home / str(number), site.feeds_yaml(every="2s"))
            self.daemons.append(stack.enter_context(Daemon(config, (sys.executable, "-c", HURRIED), **more)))
            self.daemons[0].wait(lambda: self.sends(0))

    def sends(self, index: int) -> bool:
        """By its own word; not while it says nothing."""
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.ports[index]}/healthz", timeout=9) as answer,
        ):
            return "sender" in json.load(answer)["offices"]
        return False

    def told(self, name: str) -> int:
        return sum(f"{name} obtient" in message.text for message in self.telegram.chat(CLAIRE).messages)

    def tells(self, index: int, name: str) -> None:
        """Until the daemon tells of it, and the other one is not the sender."""
        self.daemons[index].wait(lambda: self.told(name), TAKEN_OVER)
        assert self.sends(index)

    def news(self, name: str) -> None:
        self.site.publish("essai", f"{name} obtient SecNumCloud")


@contextmanager
def asleep(two: Two, index: int, name: str) -> Iterator[None]:
    """A daemon sleeps from the moment at which Telegram has this message of its."""
    two.telegram.sleeper, two.telegram.word = two.daemons[index].pid, name
    two.news(name)
    two.telegram.wait(lambda: two.telegram.asleep, TAKEN_OVER)
    try:
        yield
    finally:
        os.kill(two.daemons[index].pid, signal.SIGCONT)


@pytest.fixture
def apart() -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(own_network())
        except Unavailable as problem:
            pytest.skip(str(problem))
        yield


@pytest.mark.enable_socket
@pytest.mark.skipif("TEST_SERVER" in os.environ, reason="a server of our own is killed, and cut off")
@pytest.mark.usefixtures("apart")
def test_a_sender_that_sleeps_or_is_cut_off_is_replaced_and_none_says_what_another_has_said(tmp_path: Path) -> None:
    with (
        our_server("synchronous_commit = on\n", listens=True) as postgres,
        a_base(postgres.get_uri(), "vigie_apart"),
        DemoSite.empty("essai") as site,
        Drowsy(host="0.0.0.0") as telegram,
        ExitStack() as stack,
    ):
        site.publish("essai", "Nébulis prépare son dossier SecNumCloud", "Un article des jours passés.")
        two = Two("vigie_apart", site, telegram, tmp_path, stack)
        first, second = two.daemons
        telegram.user_says(CLAIRE, "/suivre essai flash")
        first.wait(lambda: telegram.chat(CLAIRE).messages)

        with asleep(two, 0, "Cirrova"):
            second.wait(lambda: two.sends(1), TAKEN_OVER)
            two.news("Armorial")
            two.tells(1, "Armorial")
        first.wait(lambda: "office lost" in first.log)
        assert not two.sends(0)

        with cut(f"{TELEGRAM}.2"):
            two.news("Kerbrume")
            second.wait(lambda: "not sent" in second.log, TAKEN_OVER)
            assert two.sends(1), "who is out of Telegram's reach alone knows nobody who is not"
        two.tells(1, "Kerbrume")

        with cut(f"{SERVER}.2"):
            first.wait(lambda: two.sends(0), TAKEN_OVER)
            assert not two.sends(1)
            two.news("Valmorin")
            two.tells(0, "Valmorin")

        killed = postgres.get_pid()
        assert killed is not None
        os.kill(killed, signal.SIGQUIT)
        two.news("Lumeris")
        first.wait(lambda: "store busy" in first.log, TAKEN_OVER)
        start_listening(postgres)
        first.wait(lambda: two.told("Lumeris"), TAKEN_OVER)

        with psycopg.connect(postgres.get_uri("vigie_apart")) as raw:
            (doubts,) = raw.execute("SELECT sum(doubts) FROM delivery").fetchone() or (0,)
        assert all(two.told(name) == 1 for name in ("Armorial", "Kerbrume", "Valmorin", "Lumeris"))
        assert 1 <= two.told("Cirrova") <= 1 + doubts, "what nobody could know comes again, on record"
        assert not any("Traceback" in each.log for each in two.daemons)
