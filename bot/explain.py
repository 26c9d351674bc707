"""`vigie explain`: one article read as a poll would read it, and every point of its scores."""

import asyncio
import json
import sys
from pathlib import Path

from bot.app import user_agent
from bot.clock import now
from bot.config import Settings
from bot.ending import CannotRun
from bot.model import Entry, Failed, Fetched
from bot.pipeline import article_of
from bot.polling.fetch import Door
from bot.reading import visit
from bot.reading.worker import Workers
from matchers import explain
from matchers.engine import Engine
from storage.model import Reading

BOLD = ("\033[1m", "\033[0m")


async def run(target: str, settings: Settings, engine: Engine, *, as_json: bool) -> int:
    """Print why the page at this address, or in this file, is kept. Raises CannotRun where nothing can be read."""
    reading = await (_page(target, settings) if _is_address(target) else _file(Path(target)))
    article = article_of(reading)
    found = explain.explain(engine, article)
    print(_json(reading, found) if as_json else _text(reading, found))
    return 0


def _is_address(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))


async def _page(url: str, settings: Settings) -> Reading:
    door = Door(user_agent=user_agent(settings), allow_private=settings.allow_private_networks)
    async with door, Workers() as workers:
        entry = Entry(key=url, link=url, title="")
        fetched = await visit.fetch_page(url, door)
        if isinstance(fetched, Failed):
            raise CannotRun(f"{url} : {fetched.detail}")
        return await visit.read_page(entry, "page", fetched, workers, now())


async def _file(path: Path) -> Reading:
    try:
        body = await asyncio.to_thread(path.read_bytes)
    except OSError as problem:
        raise CannotRun(f"fichier illisible : {path} ({problem.strerror})") from problem
    async with Workers() as workers:
        entry = Entry(key=str(path), link="", title="")
        fetched = Fetched(body, url="", content_type="text/html")
        return await visit.read_page(entry, "page", fetched, workers, now())


def _text(reading: Reading, found: tuple[explain.Explanation, ...]) -> str:
    mark = BOLD if sys.stdout.isatty() else ("[", "]")
    source = f"lu : {reading.source}, {len(reading.text)} signes" + "".join(f", {flag}" for flag in reading.flags)
    return f"{reading.title}\n{reading.url}\n{source}\n\n{explain.to_text(found, mark=mark)}"


def _json(reading: Reading, found: tuple[explain.Explanation, ...]) -> str:
    article = {"title": reading.title, "url": reading.url, "source": reading.source, "flags": list(reading.flags)}
    return json.dumps({**article, "matches": [explain.to_json(one) for one in found]}, ensure_ascii=False, indent=2)
