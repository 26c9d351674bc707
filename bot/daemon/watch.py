"""Which changes of the configuration folder matter, as they come. The only door to watchfiles."""

import asyncio
import logging
from contextlib import aclosing
from pathlib import Path

from watchfiles import Change, awatch

log = logging.getLogger("vigie")

SOON = 1.0  # seconds for a folder that was replaced to be there
AGAIN = 30.0  # seconds before a folder that could not be watched is tried again
FILES = frozenset({"feeds.yaml", "entities.yaml", "destinations.yaml"})


async def watch(folder: Path, changed: asyncio.Event) -> None:
    """Set `changed` whenever a file that Vigie reads is written, added or removed. Runs until cancelled."""
    lists = folder / "watchlists"

    def ours(_: Change, path: str) -> bool:
        file = Path(path)
        return file.name in FILES or file == lists.absolute() or file.suffix in (".yaml", ".yml")

    while True:
        try:
            # Not the whole tree: the folder may be a checkout that holds a virtual environment
            batches = awatch(folder, lists, watch_filter=ours, recursive=False, debounce=400, step=400)
            async with aclosing(batches):
                async for found in batches:
                    changed.set()
                    if any(Path(path) == lists.absolute() for _, path in found):
                        break  # another folder under the same name: watch that one
        except (OSError, RuntimeError) as problem:
            log.warning("configuration folder not watched, will try again", extra={"problem": problem})
            await asyncio.sleep(AGAIN)
        await asyncio.sleep(SOON)
        changed.set()  # whatever was missed meanwhile
