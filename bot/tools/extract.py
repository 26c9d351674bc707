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

from bot.feeds import dates
from bot.model import Entry
from bot.reading.page import LIMIT
from bot.reading.read import unread
from bot.reading.ready import warm
from bot.reading.visit import unopened
from bot.reading.work import read_saved
from bot.workers import Workers
from storage.articles.model import ArticleText
from storage.system import said

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
        print(f"{chosen.jsonl} : lecture impossible ({said(error)})", file=sys.stderr)
        return WRONG


async def extract_file(workers: Workers, path: Path, entry: Entry) -> ArticleText:
    """One saved page as an article, rights aside: the operator has it already. Never raises for what the file holds."""
    body = await asyncio.to_thread(_load, path)
    answer = await workers.run(read_saved, entry, body, datetime.now(UTC), cpu=3.0, wall=WALL)
    return answer if isinstance(answer, ArticleText) else unopened(entry, unread(answer))


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
            path = Path(item["path"])
            answer = _as_json(item.get("id", path.name), await extract_file(workers, path, _entry(item)))
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

    published = _moment(text("published"))
    return Entry(item["path"], text("url"), text("title"), text("summary"), text("content"), published)


def _moment(written: str) -> datetime | None:
    """A date as the caller writes it, with the offset that it has there."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return dates.moment(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=dates.PARIS)


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


def _as_json(name: Any, reading: ArticleText) -> dict[str, Any]:
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
