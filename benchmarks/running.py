"""What running Vigie for years costs: a reload of 1,000 watchlists, the page of 1,000 stories.

python -m benchmarks.running
"""

import asyncio
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.config.settings import starter
from bot.publish.publish import write
from tests.bot.publish.test_publish import CHROMIUM, made, press

LISTS, STORIES = 1000, 1000
TIMED = """<script>addEventListener("load", () => {
document.body.getBoundingClientRect();
document.title = "opened " + Math.round(performance.now());
});</script>"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        reload(Path(folder) / "config")
        opened(Path(folder) / "page")


def reload(folder: Path) -> None:
    """Time and CPU to read the folder again, and how long an event loop waits for its turn meanwhile."""
    multiplied(folder)
    before, cold = measured(folder, None)
    print(
        f"{LISTS} watchlists of the starter's size, {before.rules.examples} examples, read for the first time: {cold}"
    )
    lists = sorted((folder / "watchlists").iterdir())
    lists[0].write_text(lists[0].read_text("utf-8") + "# changed\n", encoding="utf-8")
    print(f"reload, one watchlist changed: {measured(folder, before)[1]}")
    for each in lists[:100]:
        each.write_text(each.read_text("utf-8") + "# changed\n", encoding="utf-8")
    print(f"reload, 100 watchlists changed: {measured(folder, before)[1]}")
    entities = folder / "entities.yaml"
    entities.write_text(entities.read_text("utf-8") + "\nzz-essai: {name: Essai Zz, kind: org}\n", encoding="utf-8")
    print(f"reload, entities.yaml changed (every example is tried): {measured(folder, before)[1]}")


def multiplied(folder: Path) -> None:
    (folder / "watchlists").mkdir(parents=True)
    for name in ("feeds.yaml", "entities.yaml"):
        shutil.copy(starter() / name, folder)
    sources = sorted((starter() / "watchlists").glob("*.yaml"))
    for number in range(LISTS):
        source = sources[number % len(sources)]
        text = source.read_text("utf-8").replace("name: ", f"name: {number} ", 1)
        (folder / f"watchlists/{source.stem}-{number}.yaml").write_text(text, encoding="utf-8")


def measured(folder: Path, before: Configuration | None) -> tuple[Configuration, str]:
    wall, cpu = time.perf_counter(), time.process_time()
    read, waits = asyncio.run(beside(folder, before))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert isinstance(read, Configuration), read
    return read, (
        f"{wall:.2f} s, {cpu:.2f} s of CPU; the loop waited {statistics.median(waits) * 1000:.0f} ms, "
        f"{max(waits) * 1000:.0f} at most"
    )


async def beside(folder: Path, before: Configuration | None) -> tuple[object, list[float]]:
    """The folder read in a thread, and what a loop that wakes every 5 ms waited beyond that."""
    reading = asyncio.create_task(asyncio.to_thread(load, folder, before))
    waits = []
    while not reading.done():
        start = time.perf_counter()
        await asyncio.sleep(0.005)
        waits.append(time.perf_counter() - start - 0.005)
    return await reading, waits


def opened(folder: Path) -> None:
    """Bytes of the page, and the time Chromium takes until it is loaded and laid out."""
    size = write(made(press(STORIES)), folder, None)
    print(f"page of {STORIES} stories: {size / 1000:.0f} kB", end="")
    if CHROMIUM is None:
        print(" (no Chromium here: not opened)")
        return
    page = folder / "index.html"
    text = re.sub(r"<meta http-equiv=.*\n", "", page.read_text("utf-8"))  # its policy allows no other script
    page.write_text(text.replace("</head>", f"{TIMED}</head>"), encoding="utf-8")
    times = sorted(_opening(page, folder / f"profile-{number}") for number in range(5))
    print(f", opened by Chromium in {times[2]} ms (median of 5; {times[0]} to {times[-1]})")


def _opening(page: Path, profile: Path) -> int:
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
             f"--user-data-dir={profile}", "--dump-dom")  # fmt: skip
    done = subprocess.run([str(CHROMIUM), *flags, page.as_uri()], capture_output=True, timeout=120, check=True)
    found = re.search(r"<title>opened (\d+)</title>", done.stdout.decode())
    assert found, "the page did not say when it was open"
    return int(found[1])


if __name__ == "__main__":
    main()
