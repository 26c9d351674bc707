"""The daemon as its users run it: a process of its own, on a site and a Bot API server of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.config.settings import Settings, settings

VIGIE = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())")

WATCHLIST = """
name: Test de SecNumCloud
question: Qui l'obtient ?
level: daily
any: [SecNumCloud]
threshold: 1
examples: {match: [Cirrova vise SecNumCloud], ignore: [Cirrova ouvre une école]}
"""


def folder(path: Path, feeds: str, watchlists: dict[str, str] | None = None) -> Path:
    """A configuration of these feeds and of one watchlist, `essai`, on SecNumCloud."""
    (path / "watchlists").mkdir(parents=True)
    (path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    (path / "entities.yaml").write_text("anssi: {name: ANSSI, kind: org}\n", encoding="utf-8")
    for name, text in (watchlists or {"essai": WATCHLIST}).items():
        (path / "watchlists" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def environment(config: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
    base = {"VIGIE_CONFIG": str(config), "VIGIE_DATABASE": str(config / "vigie.sqlite")}
    return clean | base | {"VIGIE_ALLOW_PRIVATE": "127.0.0.0/8"} | more


def opened(config: Path, **more: str) -> tuple[Settings, Configuration]:
    """The same configuration, for a command run inside the test's own process."""
    chosen, configuration = settings(environment(config, **more)), load(config)
    assert isinstance(chosen, Settings), chosen
    assert isinstance(configuration, Configuration), configuration
    return chosen, configuration


class Daemon:
    """`vigie run` in the background; leaving stops it as systemd would, and fails if it does not end.

    `program` is how vigie is started, as its users do where None.
    """

    def __init__(self, config: Path, program: tuple[str, ...] | None = None, **more: str) -> None:
        self._log = (config / "log.txt").open("a+b")
        self._out = (config / "out.txt").open("a+b")
        self._process = subprocess.Popen(
            [*(program or VIGIE), "run"], stdout=self._out, stderr=self._log, env=environment(config, **more)
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text(encoding="utf-8")

    @property
    def out(self) -> str:
        return Path(self._out.name).read_text(encoding="utf-8")

    def wait(self, sign: Callable[[], object], timeout: float = 90.0) -> None:
        """Until `sign` is true; fails with the daemon's log if it never is, or if the daemon ends."""
        end = time.monotonic() + timeout
        while not sign():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.05)

    def ended(self) -> int:
        """The exit code, once it ends by itself."""
        return self._process.wait(40)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM, then the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(15)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.stop() if kind is None else self.kill()
        self._log.close()
        self._out.close()
