"""What a daemon lacks costs a delay or is told at once: never an article, never silence."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.site import DemoSite
from tests.whole.daemon import VIGIE, Daemon, folder
from tests.whole.test_watchtower import free_port

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite.empty("essai") as site:
        site.publish("essai", "Cirrova vise SecNumCloud, première fois")
        yield site


def polled(daemon: Daemon) -> int:
    return len(re.findall(r" vigie poll feed=", daemon.log))


def brought(daemon: Daemon) -> int:
    """Entries."""
    return sum(map(int, re.findall(r" new=([0-9]+) ", daemon.log)))


def healthy(port: int) -> bool:
    """Whoever asks may be closed first by a crowd that still comes, and asks again."""
    for _ in range(20):
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as said,
        ):
            return said.status == 200
    return False


def mounted(*arguments: str) -> bool:
    return os.geteuid() == 0 and subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


def test_a_disk_that_turns_read_only_is_told_and_nothing_is_lost_once_it_is_mended(
    site: DemoSite, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)):
        pytest.skip("only root mounts")
    try:
        config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
        with Daemon(config, VIGIE_DATABASE=str(disk / "vigie.sqlite")) as daemon:
            daemon.wait(lambda: polled(daemon) >= 2)
            if not mounted("-o", "remount,ro", str(disk)):
                pytest.skip("a disk in use is not made read-only here")
            site.publish("essai", "Cirrova obtient SecNumCloud, pendant la panne")
            daemon.wait(lambda: "en lecture seule" in daemon.log, timeout=25)
            assert mounted("-o", "remount,rw", str(disk))
            daemon.wait(lambda: brought(daemon) >= 2)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_temporary_folders_that_run_nothing_are_no_want(site: DemoSite, tmp_path: Path) -> None:
    disk = tmp_path / "tmp"
    disk.mkdir()
    if not mounted("-t", "tmpfs", "-o", "noexec,nosuid,size=8m", "tmpfs", str(disk)):
        pytest.skip("only root mounts")
    try:
        config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
        with Daemon(config, TMPDIR=str(disk)) as daemon:
            daemon.wait(lambda: polled(daemon) >= 1)
            site.publish("essai", "Cirrova obtient SecNumCloud, sans tmp")
            daemon.wait(lambda: brought(daemon) >= 2)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_half_open_connections_keep_nobody_from_asking_whether_all_is_well(site: DemoSite, tmp_path: Path) -> None:
    port, config = free_port(), folder(tmp_path / "config", site.feeds_yaml(every="1s"))
    with Daemon(config, VIGIE_METRICS=str(port)) as daemon:
        daemon.wait(lambda: polled(daemon) >= 1)
        before = len(daemon.log)
        silent = []
        for _ in range(300):
            line = socket.socket()
            line.setblocking(False)
            line.connect_ex(("127.0.0.1", port))
            silent.append(line)
        assert healthy(port)
        site.publish("essai", "Cirrova obtient SecNumCloud, sous le nombre")
        daemon.wait(lambda: brought(daemon) >= 2)
        for line in silent:
            line.close()
        assert "Traceback" not in daemon.log[before:]


def test_a_reader_that_cannot_be_born_is_told_and_its_entries_come_once_it_can(site: DemoSite, tmp_path: Path) -> None:
    """As when the environment is upgraded under a running daemon: its Python is gone for a while."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
    code = f"import sys; sys.executable = {str(python)!r}; from bot.cli import main; sys.exit(main())"
    python.rename(python.with_name("away"))
    with Daemon(config, program=(sys.executable, "-c", code)) as daemon:
        daemon.wait(lambda: "no worker can be born" in daemon.log)
        python.with_name("away").rename(python)
        daemon.wait(lambda: polled(daemon) >= 1)
        site.publish("essai", "Cirrova obtient SecNumCloud, après la naissance")
        daemon.wait(lambda: brought(daemon) >= 2)


def test_little_memory_costs_a_page_and_not_the_daemon(site: DemoSite, tmp_path: Path) -> None:
    """256 MB of address space above what is mapped at the start are harder than 256 MB of memory."""
    config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
    limit = 1 << 30
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_DATA, ({256 << 20}, {limit}));"
        "from bot.cli import main; sys.exit(main())"
    )
    with Daemon(config, program=(VIGIE[0], "-c", code)) as daemon:
        daemon.wait(lambda: polled(daemon) >= 1)
        site.publish("essai", "Cirrova obtient SecNumCloud, à l'étroit")
        daemon.wait(lambda: brought(daemon) >= 2)
