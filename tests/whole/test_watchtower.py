"""What the outside sees of a running daemon: its supervisor, its monitoring, its operator."""

import json
import socket
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from bot import cli, systemd
from bot.demo.site import DemoSite
from tests.whole.daemon import Daemon, folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Supervisor:
    """Listens as systemd does, and keeps what it was `told`."""

    def __init__(self, path: Path) -> None:
        self.told: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._thread = threading.Thread(target=self._listen)

    def _listen(self) -> None:
        while (said := self._socket.recv(1000)) != b"":
            self.told.append(said.decode())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self._socket.getsockname())
        self._thread.join(10)
        self._socket.close()


@pytest.mark.enable_socket
def test_a_daemon_says_that_it_is_ready_alive_and_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    with Supervisor(tmp_path / "notify") as heard, DemoSite.empty("essai") as site:
        site.publish("essai", "Un article")
        config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
        with Daemon(
            config,
            VIGIE_METRICS=str(port),
            VIGIE_LOG_FORMAT="json",
            NOTIFY_SOCKET=str(tmp_path / "notify"),
            WATCHDOG_USEC="200000",
        ) as daemon:
            daemon.wait(lambda: any(state.startswith("READY=1\nSTATUS=1 ") for state in heard.told))
            daemon.wait(lambda: "WATCHDOG=1" in heard.told)
            daemon.wait(lambda: '"new": 1' in daemon.log)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                assert json.load(answer)["status"] == "ok"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
                assert "\nvigie_articles 1.0\n" in answer.read().decode()

            monkeypatch.setenv("VIGIE_DATABASE", str(config / "vigie.sqlite"))
            assert cli.main(["status"]) == 0
            assert f"en marche (processus {daemon.pid}" in capsys.readouterr().out
            assert daemon.stop() == 0
        lines = [json.loads(line) for line in daemon.log.splitlines() if not line.startswith("vigie : attention")]
        started, stopped = [line for line in lines if line["event"] in ("started", "stopped")]
        assert (started["event"], stopped["event"], started["messages"]) == ("started", "stopped", "terminal")
        assert datetime.fromisoformat(started["digest"]) > datetime.now(UTC) - timedelta(minutes=5)
    assert "STOPPING=1" in heard.told


@pytest.mark.enable_socket
def test_a_supervisor_that_reads_nothing_holds_up_nobody(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        supervisor = systemd.Supervisor(str(tmp_path / "notify"))
        for _ in range(5_000):  # far more than its queue holds
            supervisor.tell("WATCHDOG=1")
        assert deaf.recv(100) == b"WATCHDOG=1"
