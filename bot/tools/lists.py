"""`vigie lists`: what an official list says now, or would have said of the pages in a case."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, BinaryIO

from bot.config.listing import spec_alone
from bot.feeds import rows
from bot.jsonl import BadLine, encoded, read_object, text_of
from bot.workers import Crashed, Killed, Workers
from matchers.lists import KnownList, ListEvent, ListHold, ListMoved, ListReading, ListSpec, ListUnread, diff

CPU, WALL = 20.0, 40.0  # seconds for one document


def replay(lines: Iterable[bytes], out: BinaryIO) -> int:
    """Cases in, one a line (`source`, `snapshots`), and what each snapshot tells out; no store, no network."""
    return asyncio.run(_replayed(lines, out))


async def _replayed(lines: Iterable[bytes], out: BinaryIO) -> int:
    bad = 0
    async with Workers() as workers:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                answer = await _answer(number, line, workers)
                bad += "error" in answer
                out.write(encoded(answer))
                out.flush()
    return 1 if bad else 0


async def read_document(
    workers: Workers, body: bytes, content_type: str, url: str, spec: ListSpec
) -> rows.ListPage | ListUnread:
    """The rows of a document, read where it can do no harm."""
    match await workers.run(rows.read_rows, body, content_type, url, spec, cpu=CPU, wall=WALL):
        case Killed(reason, detail):
            return ListUnread(f"lecture arrêtée ({reason}) {detail}".strip())
        case Crashed(error):
            return ListUnread(f"liste illisible : {error}")
        case answer:
            return answer


async def _answer(number: int, line: bytes, workers: Workers) -> dict[str, Any]:
    try:
        case = read_object(line)
        spec, snapshots = _spec(case.get("source")), _objects(case.get("snapshots"))
        return {"events": await _told(spec, snapshots, workers)}
    except BadLine as problem:
        return {"line": number, "error": str(problem)}


async def _told(spec: ListSpec, snapshots: list[dict[str, Any]], workers: Workers) -> list[list[dict[str, str]]]:
    known: KnownList | None = None
    told: list[list[dict[str, str]]] = []
    for snapshot in snapshots:
        events, known = await _step(known, snapshot, spec, workers)
        told.append(events)
    return told


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise BadLine("« snapshots » : une liste d’objets est attendue")
    return value


def _spec(source: Any) -> ListSpec:
    if not isinstance(source, dict):
        raise BadLine("« source » : un objet est attendu")
    spec = spec_alone(source)
    if isinstance(spec, str):
        raise BadLine(f"« source » : {spec}")
    return spec


async def _step(
    known: KnownList | None, snapshot: dict[str, Any], spec: ListSpec, workers: Workers
) -> tuple[list[dict[str, str]], KnownList | None]:
    body, at = text_of(snapshot, "body").encode("utf-8", "surrogatepass"), _at(snapshot)
    page = await read_document(workers, body, text_of(snapshot, "content_type"), "", spec)
    reading: ListReading | ListUnread = page if isinstance(page, ListUnread) else page.reading
    match diff(known, reading, at):
        case ListHold(known=held):
            return [{"event": "held", "key": ""}], held
        case ListMoved(events, after):
            return [_shown(each) for each in events], after


def _shown(event: ListEvent) -> dict[str, str]:
    shown = {"event": event.kind, "key": event.row.name}
    match event.kind:
        case "changed":
            return shown | {"field": event.field, "from": event.before, "to": event.after}
        case "renamed":
            return shown | {"to": event.after}
        case _:
            return shown


def _at(snapshot: dict[str, Any]) -> datetime:
    written = text_of(snapshot, "at")
    try:
        at = datetime.fromisoformat(written)
    except ValueError as problem:
        raise BadLine(f"« at » : « {written} » n’est pas une heure de la forme 2026-11-23T08:00:00Z") from problem
    return at if at.tzinfo else at.replace(tzinfo=UTC)
