import socket
from datetime import timedelta
from pathlib import Path

import pytest

from bot.systemd import Supervisor, supervisor

pytestmark = pytest.mark.enable_socket  # a Unix socket of the test's own


def test_systemd_hears_every_state(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(10)
        Supervisor(str(tmp_path / "notify")).tell("READY=1", "STATUS=58 sources")
        assert heard.recv(1000) == b"READY=1\nSTATUS=58 sources"


def test_an_abstract_address_is_understood(tmp_path: Path) -> None:
    name = f"vigie-{tmp_path.name}-{id(tmp_path)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{name}")
        heard.settimeout(10)
        Supervisor(f"@{name}").tell("WATCHDOG=1")
        assert heard.recv(1000) == b"WATCHDOG=1"


def test_nobody_listening_is_no_failure(tmp_path: Path) -> None:
    Supervisor(None).tell("READY=1")
    Supervisor(str(tmp_path / "nobody")).tell("READY=1")


def test_the_variables_of_systemd_are_read() -> None:
    assert supervisor({}) == Supervisor(None, None)
    assert supervisor({"NOTIFY_SOCKET": "", "WATCHDOG_USEC": "soon"}) == Supervisor(None, None)
    found = supervisor({"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "90000000"})
    assert found == Supervisor("/run/notify", timedelta(seconds=90))
