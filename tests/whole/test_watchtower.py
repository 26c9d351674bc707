"""What the outside sees of a running daemon: its supervisor, its monitoring, its operator."""

import json
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot import cli
from bot.demo.site import Site
from tests.whole.daemon import Daemon, folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.enable_socket
def test_a_daemon_says_that_it_is_ready_alive_and_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port, heard = free_port(), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(str(tmp_path / "notify"))
    heard.settimeout(40)
    with heard, Site.empty("essai") as site:
        site.publish("essai", "Un article")
        config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
        with Daemon(
            config,
            VIGIE_METRICS=str(port),
            VIGIE_LOG_FORMAT="json",
            NOTIFY_SOCKET=str(tmp_path / "notify"),
            WATCHDOG_USEC="200000",
        ) as daemon:
            told = [heard.recv(1000).decode() for _ in range(3)]
            assert any(state.startswith("READY=1\nSTATUS=1 ") for state in told)
            assert "WATCHDOG=1" in told

            daemon.wait(lambda: '"new": 1' in daemon.log)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                assert json.load(answer)["status"] == "ok"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
                assert "\nvigie_articles 1.0\n" in answer.read().decode()

            monkeypatch.setenv("VIGIE_DATABASE", str(config / "vigie.sqlite"))
            assert cli.main(["status"]) == 0
            assert f"en marche (processus {daemon.pid}" in capsys.readouterr().out
            assert daemon.stop() == 0
        lines = [json.loads(line) for line in daemon.log.splitlines()]
        assert [line["event"] for line in lines if line["event"] in ("started", "stopped")] == ["started", "stopped"]
        while heard.recv(1000) != b"STOPPING=1":
            pass
