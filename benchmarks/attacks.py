"""Every attack that is known of, run against this machine: attack, door, outcome.

    python -m benchmarks.attacks [DOOR ...]

Each is a test whose name says what holds, so that CI runs them too; here they are told as attacks. `shut`: refused ·
`OPEN`: it succeeded, exit code 1 · `not here`: this system lacks what would shut the door, or what the attack needs.
Loopback only, in a temporary folder.
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOORS = {
    "wall": ("tests/bot/sandbox/test_doors.py", "tests/bot/sandbox/test_partial_wall.py"),
    "answers": ("tests/bot/sandbox/test_codec.py",),
    "secrets": ("tests/bot/sandbox/test_secrets.py",),
    "addresses": tuple(f"tests/bot/web/test_{name}.py" for name in ("hostile_addresses", "guard", "reach")),
    "files": ("tests/storage/test_files.py",),
    "store": (
        "tests/storage/test_backup.py",
        "tests/storage/test_checking.py",
        "tests/storage/test_sqlite_header.py",
        "tests/whole/test_store_gone.py",
    ),
    "base": ("tests/storage/test_place.py",),
    "pages": ("tests/bot/reading/test_hostile.py",),
    "feeds": ("tests/bot/feeds/test_hostile.py",),
    "lists": ("tests/bot/feeds/test_hostile_lists.py",),
    "given": ("tests/bot/test_given.py", "tests/bot/tools/test_hostile_files.py", "tests/storage/test_ledger.py"),
    "settings": ("tests/bot/config/test_settings.py", "tests/bot/config/test_destinations.py"),
    "papers": ("tests/test_deploy.py",),
    "pumps": ("tests/matchers/test_pumps.py",),
    "logins": ("tests/bot/web/test_login.py",),
    "port": ("tests/bot/daemon/test_http_port.py",),
    "words": (
        *(f"tests/bot/messages/test_{name}.py" for name in ("forged", "markup")),
        *("tests/bot/test_log.py", "tests/bot/tools/test_register.py"),
    ),
    "letters": ("tests/bot/delivery/test_mail.py",),
    "people": ("tests/bot/conversation/test_strangers.py", "tests/bot/messages/test_callback_data.py"),
    "servers": ("tests/bot/delivery/test_hostile_servers.py", "tests/bot/delivery/test_webhook.py"),
    "press": (
        *("tests/bot/test_cells.py", "tests/bot/publish/test_ics.py", "tests/bot/publish/test_publish.py"),
        "tests/bot/briefs/test_forms.py",
    ),
    "registers": ("tests/bot/tools/test_pack.py",),
    "outputs": ("tests/bot/test_outputs.py",),
    "wants": ("tests/whole/test_wants.py",),
}
_OUTCOMES = {"passed": "shut", "failed": "OPEN", "skipped": "not here"}


class Told:
    """Prints each attack once it is over."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self._doors = {file: door for door, files in DOORS.items() for file in files}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        file, _, name = report.nodeid.partition("::")
        outcome = _OUTCOMES[report.outcome]
        self.count[outcome] += 1
        why = f"  {report.longrepr[2]}" if report.skipped and isinstance(report.longrepr, tuple) else ""
        print(f"{self._doors.get(file, file):<10} {outcome:<9} {_sentence(name)}{why}", flush=True)


def _sentence(name: str) -> str:
    function, _, case = name.partition("[")
    said = re.sub(r"^test_", "", function).replace("_", " ")
    return f"{said} ({case.rstrip(']')})" if case else said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("doors", nargs="*", metavar="DOOR", choices=[*DOORS, []], help=", ".join(DOORS))
    chosen = parser.parse_args().doors or list(DOORS)
    files = [str(ROOT / file) for door in chosen for file in DOORS[door]]
    told = Told()
    with tempfile.TemporaryDirectory() as folder:
        options = ["-p", "no:terminal", "-p", "no:randomly", "-o", "addopts="]
        places = [f"--basetemp={folder}/t", f"--rootdir={ROOT}"]
        sockets = ["--disable-socket", "--allow-hosts=127.0.0.1,::1,localhost"]
        pytest.main([*options, *places, *sockets, *files], plugins=[told])
    print(", ".join(f"{number} {outcome}" for outcome, number in sorted(told.count.items())))
    return 1 if told.count["OPEN"] or not told.count["shut"] else 0


if __name__ == "__main__":
    sys.exit(main())
