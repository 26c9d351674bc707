"""`vigie demo`: one February morning on the bundled site, told as a reader would see it in Telegram."""

import shutil
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from bot import explain
from bot.app import Rounds, follow_everything, ports, queue_digest, sender
from bot.config import Configuration, Settings, load, settings, starter
from bot.delivery.console import Console
from bot.demo.site import FOUNDING, NOW, Site
from bot.digest import texts_date
from bot.pipeline import Ports
from storage.model import Chat

EIGHT = NOW.replace(hour=7, minute=0, second=0)  # 08:00 in Paris, in winter


class Morning:
    """A clock that reads the demonstration's morning, and runs at the pace of the real one."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def set(self, moment: datetime) -> None:
        self._start, self._zero = moment, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._zero)


async def demo(out: TextIO) -> int:
    """Run the real pipeline on the bundled site; everything it makes lives in a folder that goes at the end."""
    with tempfile.TemporaryDirectory(prefix="vigie-demo-") as folder, Site() as site:
        configuration = _configuration(Path(folder), site)
        chosen = settings({"VIGIE_DATABASE": f"{folder}/vigie.sqlite", "VIGIE_CONFIG": folder})
        assert isinstance(chosen, Settings)
        clock = Morning(NOW)
        address = urlsplit(site.url)
        allow = frozenset({("127.0.0.1", address.port or 80)})
        async with ports(chosen, configuration, clock=clock, allow=allow) as made:
            await _tell(made, configuration, site, clock, out)
    return 0
