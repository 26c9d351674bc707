"""Where the system offers less than the whole wall, what it offers stands, and what is missing is said."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall is made of what Linux offers")

WITHOUT_LANDLOCK = """
import asyncio, ctypes, errno, sys
from bot.sandbox import seccomp
from bot.sandbox.kernel import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl
from bot.workers import Workers
from tests.bot.sandbox import doors

steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050000 | errno.ENOSYS), (0x06, 0, 0, 0x7FFF0000)]
code = b"".join(seccomp._bytes(*step) for step in steps)
prctl(PR_SET_NO_NEW_PRIVS, 1)
prctl(PR_SET_SECCOMP, 2, ctypes.byref(seccomp._Program(len(steps), code)))

async def main():
    async with Workers(warm=doors.loaded) as workers:
        print({layer.name: layer.holds for layer in await workers.warm()})
        read = (doors.read, doors.__file__)
        for door, *given in ((doors.connect, 9), (doors.write, sys.argv[1]), (doors.fork,), read):
            print(await workers.run(door, *given))

asyncio.run(main())
"""


def test_without_landlock_the_layer_is_said_missing_and_the_others_hold(tmp_path):
    root, command = Path(__file__).parents[3], [sys.executable, "-c", WITHOUT_LANDLOCK, str(tmp_path / "file")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    layers, *outcomes = done.stdout.splitlines()
    assert layers == "{'privileges': True, 'landlock': False, 'seccomp': True}"
    assert len(outcomes) == 4
    assert all(outcome.startswith("Crashed(error=") for outcome in outcomes)
    assert "worker wall incomplete" in done.stderr
