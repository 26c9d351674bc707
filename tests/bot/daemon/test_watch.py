import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.daemon.watch import watch
from tests.whole.daemon import WATCHLIST, folder

FEEDS = "feeds:\n  - {id: cnil, url: 'https://cnil.example/rss'}\n"


@asynccontextmanager
async def watched(config: Path) -> AsyncIterator[asyncio.Event]:
    """Once the watch is known to work: the system tells of nothing that came before it."""
    changed = asyncio.Event()
    watching = asyncio.create_task(watch(config, changed))
    while not changed.is_set():
        (config / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
        await heard(changed, 0.7)
    yield changed
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def heard(changed: asyncio.Event, seconds: float = 20.0) -> bool:
    try:
        await asyncio.wait_for(changed.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def settled(changed: asyncio.Event) -> None:
    """Until what was written before is told."""
    changed.clear()
    while await heard(changed, 0.7):
        changed.clear()


async def test_only_the_files_that_are_read_are_told(tmp_path: Path) -> None:
    config = folder(tmp_path / "config", FEEDS)
    (config / ".venv").mkdir()
    async with watched(config) as changed:
        await settled(changed)
        (config / "notes.txt").write_text("rien", encoding="utf-8")
        (config / ".venv/feeds.yaml").write_text("rien", encoding="utf-8")
        assert not await heard(changed, 1.0)
        (config / "watchlists/hds.yaml").write_text(WATCHLIST, encoding="utf-8")
        assert await heard(changed)
        await settled(changed)
        (config / "watchlists/hds.yaml").unlink()
        assert await heard(changed)


async def test_a_folder_that_is_replaced_is_watched_again(tmp_path: Path) -> None:
    config = folder(tmp_path / "config", FEEDS)
    async with watched(config) as changed:
        await settled(changed)
        (config / "watchlists").rename(tmp_path / "old")
        (config / "watchlists").mkdir()
        assert await heard(changed)
        await settled(changed)
        while not changed.is_set():  # until the new folder is watched
            (config / "watchlists/hds.yaml").write_text(WATCHLIST, encoding="utf-8")
            await heard(changed, 0.7)
        await settled(changed)
        (config / "watchlists/hds.yaml").unlink()
        assert await heard(changed)
