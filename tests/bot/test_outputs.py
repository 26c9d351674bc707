"""A command whose outputs are closed or full does its work, and hurts no file of ours."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage import open_store
from tests.whole.daemon import VIGIE, environment, folder

FEEDS = "feeds:\n  - {id: cnil, url: 'https://cnil.example/rss'}\n"


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        ("status", "<&-"),
        ("status", "2>&-"),
        ("prune", ">&-"),
        ("backup copie", ">&- 2>&-"),
        ("backup copie", "<&- >&- 2>&-"),
    ],
)
def test_closed_outputs_change_neither_the_work_nor_the_store(tmp_path: Path, command: str, closed: str) -> None:
    config = folder(tmp_path / "config", FEEDS)
    open_store(config / "vigie.sqlite").close()
    line = f'exec "$0" -c "$1" {command} {closed}'
    call = ["/bin/sh", "-c", line, sys.executable, VIGIE[2]]
    done = subprocess.run(call, env=environment(config), cwd=tmp_path, check=False, timeout=60, capture_output=True)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(config / "vigie.sqlite")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_on_a_full_disk_is_one_line(tmp_path: Path) -> None:
    config = folder(tmp_path / "config", FEEDS)
    open_store(config / "vigie.sqlite").close()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*VIGIE, "status"],
            env=environment(config),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
