"""The press review for who asks the local port: made when it is asked for, and kept for a few minutes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.daemon.http_port import PortAnswer
from bot.daemon.live import Live
from bot.publish.publish import PublishAsked, files, lexicon, made_of

FRESH = timedelta(minutes=5)
_KINDS = {".html": "text/html", ".xml": "application/atom+xml", ".json": "application/json"}
_ASKED = PublishAsked(Path())


@dataclass(slots=True)
class PressDesk:
    """Answers by the name of a file of the review. Who asks meanwhile waits for the same one."""

    live: Live
    _files: Mapping[str, bytes] = field(default_factory=dict)
    _made: datetime | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, path: str) -> PortAnswer | None:
        """The file at this path, `/` being the page; None where the review has none of that name."""
        name = path.removeprefix("/") or "index.html"
        kind = _KINDS.get(Path(name).suffix)
        if kind is None:
            return None
        async with self._turn:
            now = self.live.ports.clock()
            if self._made is None or not timedelta() <= now - self._made < FRESH:
                self._files, self._made = await self._all(now), now
        body = self._files.get(name)
        return PortAnswer("200 OK", f"{kind}; charset=utf-8", body) if body is not None else None

    async def _all(self, now: datetime) -> Mapping[str, bytes]:
        ports, engine = self.live.ports, self.live.engine
        words = lexicon(engine)
        review = await ports.offload(made_of, ports.store, words, _ASKED, now)
        # a thousand stories are half a second of work: the daemon goes on meanwhile
        written = await asyncio.to_thread(files, review, None, words.entities)
        return {name: text.encode() for name, text in written.items()}
