"""What `vigie extract` does: saved pages in, one JSON object a line out; no network, no database."""

import argparse
import asyncio
import json
import sys
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.model import Entry
from bot.reading.page import LIMIT, Page, read_page, warm
from bot.reading.read import needs_page, read
from bot.reading.worker import Crashed, Killed, Workers
from storage.model import Reading

FINE, WRONG = 0, 2
WALL = 6.0  # seconds: with the start of the next process, every line is answered within ten


def run(chosen: argparse.Namespace) -> int:
    """`file`, `url`, `summary` for one page; `jsonl` (a path, or - for standard input) for many. The exit code."""
    if chosen.jsonl is None:
        item = {"id": chosen.file.name, "path": str(chosen.file), "url": chosen.url, "summary": chosen.summary}
        return asyncio.run(_answer_all([json.dumps(item)], sys.stdout))
    if chosen.jsonl == "-":
        return asyncio.run(_answer_all(sys.stdin.buffer, sys.stdout))
    try:
        with Path(chosen.jsonl).open("rb") as lines:
            return asyncio.run(_answer_all(lines, sys.stdout))
    except OSError as error:
        print(f"{chosen.jsonl} : lecture impossible ({error.strerror})", file=sys.stderr)
        return WRONG


async def extract_file(
    workers: Workers, path: Path, url: str, *, name: str | None = None, entry: Entry | None = None
) -> dict[str, Any]:
    """One page as a JSON object with its ten keys. Never raises for what the file holds. `name` is its id."""
    entry = entry or Entry(key=name or path.name, link=url, title="")
    page: Page | Killed | Crashed | None = None
    # Unlike in the bot, an address is not needed: the page is here already.
    if needs_page(entry, "page") or not entry.content:
        body = await asyncio.to_thread(_load, path)
        if body is None:
            page = Page(problem="unreadable")
        else:
            page = await workers.run(read_page, body, "", entry.summary, cpu=3.0, wall=WALL)
    reading = read(entry, "page", page, url, datetime.now(UTC))
    return _as_json(name or path.name, reading)


async def _answer_all(lines: Iterable[bytes | str], out: TextIO) -> int:
    code = FINE
    async with Workers(warm=warm) as workers:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            item = _item(line)
            if isinstance(item, str):
                print(f"ligne {number} : {item}", file=sys.stderr)
                code = WRONG
                continue
            entry = _entry(item)
            answer = await extract_file(workers, Path(item["path"]), entry.link, name=entry.key, entry=entry)
            print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
    return code


def _item(line: bytes | str) -> dict[str, Any] | str:
    """The line's object, or what is wrong with it."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        return "ce n'est pas du JSON"
    if not isinstance(item, dict) or not isinstance(item.get("path"), str):
        return "un objet avec au moins « path » est attendu"
    return item


def _entry(item: dict[str, Any]) -> Entry:
    def text(key: str) -> str:
        value = item.get(key)
        return value if isinstance(value, str) else ""

    name = item.get("id")
    key = Path(item["path"]).name if name is None else str(name)
    return Entry(key, text("url"), text("title"), text("summary"), text("content"), _moment(text("published")))


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _load(path: Path) -> bytes | None:
    """The file, unzipped if it is gzip, at most a byte over the limit. None: it cannot be read."""
    try:
        if not path.is_file():  # a pipe or a device would never end
            return None
        with path.open("rb") as file:
            body = file.read(LIMIT + 1)
        if not body.startswith(b"\x1f\x8b"):
            return body
        return zlib.decompressobj(31).decompress(body, LIMIT + 1)
    except (OSError, ValueError, zlib.error):
        return None


def _as_json(name: str, reading: Reading) -> dict[str, Any]:
    published = reading.published.isoformat() if reading.published else None
    if published and "day_only" in reading.flags:
        published = published[:10]
    return {
        "id": name,
        "title": reading.title,
        "text": reading.text,
        "author": reading.author,
        "published": published,
        "url": reading.url,
        "site": reading.site,
        "lang": reading.lang,
        "source": reading.source,
        "flags": list(reading.flags),
    }
