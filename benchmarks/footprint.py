"""What Vigie costs at rest: CPU of `vigie --help`, resident memory of the daemon with 60 feeds, worker apart.

python -m benchmarks.footprint
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.config.settings import starter
from bot.demo.press import Outlet
from bot.demo.site import DemoSite

FEEDS = 60
VIGIE = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())")


def main() -> None:
    print(f"vigie --help: {help_cpu():.2f} s of CPU, median of 7")
    memory, polled = idle_memory()
    print(f"daemon with {FEEDS} feeds, idle, worker apart: {memory / 1024:.0f} MB resident ({polled} feeds polled)")


def help_cpu() -> float:
    """Seconds of user and system time, median of seven runs."""
    spent = []
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*VIGIE, "--help"], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def idle_memory() -> tuple[int, int]:
    """Resident kB of the daemon once every feed was read, and how many were."""
    outlets = tuple(Outlet(id=f"source-{n}", name=f"Source {n}") for n in range(FEEDS))
    with tempfile.TemporaryDirectory() as folder, DemoSite(outlets, stage=2) as site:
        for outlet in outlets:
            site.publish(outlet.id, f"Un article de {outlet.name}", "Un chapô.", "Un texte.")
        config = Path(folder)
        (config / "feeds.yaml").write_text(site.feeds_yaml(every="1h"), encoding="utf-8")
        (config / "entities.yaml").symlink_to(starter() / "entities.yaml")
        (config / "watchlists").symlink_to(starter() / "watchlists")
        settings = {
            "VIGIE_CONFIG": folder,
            "VIGIE_DATABASE": f"{folder}/base",
            "VIGIE_ALLOW_PRIVATE": "127.0.0.0/8",
            "VIGIE_TELEGRAM_TOKEN": f"123456789:{'A' * 35}",  # nobody answers below: only what Telegram costs is wanted
            "VIGIE_TELEGRAM_API_URL": "http://127.0.0.1:9",
        }
        daemon = subprocess.Popen(
            [*VIGIE, "run"], env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            end = time.monotonic() + 120
            while len(site.requests) < FEEDS and time.monotonic() < end:
                time.sleep(0.2)
            time.sleep(10)
            return _resident(daemon.pid), len(site.requests)
        finally:
            daemon.terminate()
            daemon.wait(15)


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
