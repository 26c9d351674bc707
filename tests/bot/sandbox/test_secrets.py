"""A token is where it was written, and in the memory of one process: nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOKEN = "123456789:never-seen-elsewhere-0123456789abcd"
SHOWN = """
import os, sys
from pathlib import Path
from argparse import Namespace
from bot import commands
read = commands._settings(Namespace())
shown = Path("/proc/self/environ").read_bytes() if sys.platform == "linux" else b""
base = getattr(read.database, "address", "")
print(read.token.reveal() if read.token else base or read.elsewhere[0][1].reveal())
print(any(b"never-seen" in each for each in (shown, repr(os.environ).encode())))
"""
CORES = """
import resource
from pathlib import Path
from bot.sandbox.wall import unreadable
unreadable()
print(resource.getrlimit(resource.RLIMIT_CORE), Path("/proc/self/environ").stat().st_uid == 0)
"""


def said(code: str, **env: str) -> list[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean | env, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("VIGIE_TELEGRAM_TOKEN", TOKEN, TOKEN),
        ("VIGIE_APPRISE", "equipe=json://never-seen@exemple.fr", "json://never-seen@exemple.fr"),
        ("VIGIE_DATABASE", "postgresql://v:never-seen@h/b", "postgresql://v:never-seen@h/b"),
    ],
)  # fmt: skip
def test_what_the_environment_held_is_in_it_no_longer(name: str, value: str, secret: str) -> None:
    assert said(SHOWN, **{name: value}) == [secret, "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_daemon_leaves_no_core_and_belongs_to_root_in_proc() -> None:
    assert said(CORES) == ["(0, 0) True"]
