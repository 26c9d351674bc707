"""Two daemons on one server: what one does not do any more the other does, and nothing is told twice."""

import json
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

import pytest

from bot.app import once
from bot.build import ports
from bot.clock import now
from bot.config.folder import written
from bot.daemon.in_force import Agreement
from bot.daemon.live import Live
from bot.daemon.reload import Reloader
from bot.demo.site import DemoSite, Response
from storage import open_store
from storage.articles.model import PollRecord
from storage.place import Server
from tests.emulator import TOKEN, Emulator
from tests.line import Line
from tests.storage.builders import NEWSROOM
from tests.whole.daemon import WATCHLIST, Daemon, folder, opened
from tests.whole.test_watchtower import free_port

CLAIRE = 4242
FAILS_OVER = 60.0  # seconds: the lease of ten, a beat, and a machine that others use


class Site(DemoSite):
    """Counts how often it was asked for something `together` with something else."""

    _asked, together = 0, 0
    _second: ClassVar[Event] = Event()

    def answer(self, path: str) -> Response:
        self._asked += 1
        self.together += self._asked > 1
        self._second.wait(0.2)  # is anybody else coming?
        found = super().answer(path)
        self._asked -= 1
        return found


@pytest.fixture
def site() -> Iterator[Site]:
    with Site.empty("essai") as made:
        made.publish("essai", "Nébulis prépare son dossier SecNumCloud", "Un article des jours passés.")
        yield made


NEWER = """
import sys
from storage import migrations
def later(connection): migrations._run(connection, "ALTER TABLE feed ADD COLUMN later INTEGER;")
migrations.MIGRATIONS += (later,)
from bot.cli import main
sys.exit(main())
"""


class Fleet:
    """Daemons with the same files, each with a folder and a port of its own; the first reaches the server by a line
    that may fall silent."""

    def __init__(self, base: Server, site: DemoSite, telegram: Emulator, tmp_path: Path, stack: ExitStack) -> None:
        self.base, self.site, self.telegram, self.home, self.stack = base, site, telegram, tmp_path, stack
        self.ports: list[int] = []
        self.daemons: list[Daemon] = []
        self.line = stack.enter_context(Line(base))
        self.add("one", by=self.line.base)
        self.add("two")

    def add(self, name: str, program: tuple[str, ...] | None = None, by: Server | None = None) -> Daemon:
        self.ports.append(free_port())
        more = {"VIGIE_DATABASE": (by or self.base).address, "VIGIE_METRICS": str(self.ports[-1])}
        more |= {"VIGIE_TELEGRAM_TOKEN": TOKEN, "VIGIE_TELEGRAM_API_URL": self.telegram.url}
        config = folder(self.home / name, self.site.feeds_yaml(every="1s"))
        daemon = self.stack.enter_context(Daemon(config, program, **more))
        self.daemons.append(daemon)
        daemon.wait(lambda: "started" in daemon.log)
        return daemon

    def health(self, index: int) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[index]}/healthz", timeout=5) as answer:
            return json.load(answer)

    def holder(self) -> int | None:
        """Which of them holds the office of the sender, by its own word; None: neither."""
        found = [
            index
            for index in range(len(self.daemons))
            if self.alive(index) and "sender" in self.health(index)["offices"]
        ]
        assert len(found) < 2
        return found[0] if found else None

    def alive(self, index: int) -> bool:
        return self.daemons[index]._process.poll() is None

    def texts(self) -> list[str]:
        return [message.text for message in self.telegram.chat(CLAIRE).messages]


@pytest.mark.enable_socket
def test_rules_are_shared_and_others_go_on_once_the_sender_is_cut_off_or_killed_or_a_newer_version_comes(
    server: str, site: Site, tmp_path: Path
) -> None:
    from tests.server import a_base

    with Emulator() as telegram, ExitStack() as stack:
        base = stack.enter_context(a_base(server, "vigie_fleet"))
        fleet = Fleet(base, site, telegram, tmp_path, stack)
        first, second = fleet.daemons
        first.wait(lambda: fleet.holder() == 0)
        assert "desk" in fleet.health(0)["offices"]
        assert fleet.health(1)["beat_age"] < 10
        telegram.user_says(CLAIRE, "/suivre essai flash")
        first.wait(lambda: fleet.texts())

        site.publish("essai", "Cirrova obtient SecNumCloud")
        first.wait(lambda: len(fleet.texts()) == 2)
        (tmp_path / "one/watchlists/hds.yaml").write_text(WATCHLIST.replace("SecNumCloud", "HDS"), "utf-8")
        second.wait(lambda: "rules taken" in second.log)
        with fleet.line.silent():  # nobody is told that nothing arrives: the office ends by its own clock
            site.publish("essai", "Armorial obtient SecNumCloud à son tour")
            second.wait(lambda: any("Armorial" in text for text in fleet.texts()), FAILS_OVER)
            assert fleet.holder() == 1
            telegram.user_says(CLAIRE, "/veilles")
            second.wait(lambda: len(fleet.texts()) == 4)
        second.kill()
        site.publish("essai", "Kerbrume obtient SecNumCloud ensuite")
        first.wait(lambda: any("Kerbrume" in text for text in fleet.texts()), FAILS_OVER)
        assert fleet.holder() == 0
        assert all(sum(name in text for text in fleet.texts()) == 1 for name in ("Cirrova obtient", "Armorial"))

        third = fleet.add("three", (sys.executable, "-c", NEWER))
        assert first.ended() == 1, "the older makes room, and is for its supervisor to start again"
        assert "leaving to a newer version" in first.log
        third.wait(lambda: fleet.holder() == 2)
        site.publish("essai", "Nébulis obtient SecNumCloud")
        third.wait(lambda: len(fleet.texts()) == 6)
        assert sum("Kerbrume" in text for text in fleet.texts()) == 1
        assert third.stop() == 0
        assert site.together == 0, "the site was asked for one thing at a time, whoever asked"


async def test_a_clock_that_is_behind_brings_nothing_of_others_forward(
    base: Server, site: DemoSite, tmp_path: Path
) -> None:
    from tests.server import empty

    empty(base)
    chosen, configuration = opened(folder(tmp_path / "one", site.feeds_yaml()), VIGIE_DATABASE=base.address)
    ahead = now() + timedelta(minutes=2)
    store = open_store(base)
    store.feeds.sync(configuration.feeds, ahead)
    (claim,) = store.feeds.claim_all(ahead, "one", timedelta(minutes=5))
    asked = replace(claim.state, checked_at=ahead, due_at=ahead + timedelta(hours=1))
    store.polls.record(PollRecord(claim, asked, ahead), NEWSROOM)
    async with ports(chosen, configuration):
        assert [state.due_at for _, state in store.feeds.overview()] == [asked.due_at]
    store.close()


@pytest.mark.enable_socket
async def test_who_starts_with_other_files_judges_by_the_rules_in_force(
    base: Server, site: DemoSite, tmp_path: Path
) -> None:
    from tests.server import empty

    empty(base)
    store = open_store(base)
    enacted = opened(folder(tmp_path / "one", site.feeds_yaml()), VIGIE_DATABASE=base.address)[1]
    number = store.feeds.sync(enacted.feeds, now(), written(enacted.rules))
    other = {"autre": WATCHLIST.replace("any: [SecNumCloud]", "any: [SecNumCloud, Nébulis]")}
    chosen, configuration = opened(folder(tmp_path / "two", site.feeds_yaml(), other), VIGIE_DATABASE=base.address)

    async def unheard(*_: object) -> None: ...

    async with ports(chosen, configuration) as made:
        reloader = Reloader(Live(made), configuration, unheard, unheard, lambda *_: None)
        await Agreement(reloader, "deux").look()
        assert (list(reloader.live.watchlists), reloader.live.ports.ruleset) == (["essai"], number)
        assert [each.detail for each in store.notices.open() if each.kind == "differs"] == ["deux"]
    await once(chosen, configuration, everything=True)
    assert {watchlist for watchlist, _ in store.figures(now()).matches} == {"essai"}
    store.close()
