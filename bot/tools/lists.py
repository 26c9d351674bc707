"""`vigie lists`: what an official list says now, or would have said of the pages in a case."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO, TextIO
from urllib.parse import urljoin

from bot.build import fetcher, introduce
from bot.config.document import near
from bot.config.listing import spec_alone
from bot.config.settings import Settings
from bot.ending import FAILED, FINE, WRONG, CannotRun, Stop
from bot.feeds import rows
from bot.french import counted
from bot.jsonl import BadLine, encoded, read_object, text_of
from bot.model import Failed, Fetched
from bot.reading.ready import warm
from bot.tools.discover import EVERYTHING
from bot.web.reach import asked_for
from bot.workers import Crashed, Killed, Workers
from matchers.lists import (
    KnownList,
    ListEvent,
    ListHold,
    ListMoved,
    ListReading,
    ListSpec,
    ListUnread,
    day_of,
    diff,
    key_of,
    page_names,
)
from storage.feeds.model import Feed
from storage.ids import FeedId

EVERY_FORM = f"{EVERYTHING},text/csv,application/json,application/pdf"
SHOWN, LONGEST = 10, 40  # rows of a table, and characters of a cell
CPU, WALL = 20.0, 40.0  # seconds for one document


def replay(lines: Iterable[bytes], out: BinaryIO) -> int:
    """Cases in, one a line (`source`, `snapshots`), and what each snapshot tells out; no store, no network."""
    return asyncio.run(_replayed(lines, out))


async def _replayed(lines: Iterable[bytes], out: BinaryIO) -> int:
    bad = 0
    async with Workers(warm=warm) as workers:
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


# --- now -----------------------------------------------------------------------------------------------------------
async def attempt(wanted: str, settings: Settings, feeds: Sequence[Feed], out: TextIO) -> int:
    """Print the first rows of a list as a table, read but not kept. Exit code 1 where there are none.

    Raises CannotRun where its page can't be had, Stop where no list is so called.
    """
    lists = {feed.id: feed for feed in feeds if feed.listing is not None}
    feed = lists.get(FeedId(wanted))
    if feed is None or feed.listing is None:
        known = ", ".join(lists) or "aucune (« kind: list » dans feeds.yaml)"
        raise Stop(WRONG, f"pas de liste « {wanted} »{near(wanted, lists)} ; il y a : {known}")
    url = first_page(feed)
    async with fetcher(settings) as door, Workers(warm=warm) as workers:
        introduce(door, [feed])
        with asked_for(url):
            outcome = await door.get(url, accept=EVERY_FORM, login_of=feed.url)
        if not isinstance(outcome, Fetched):
            raise CannotRun(f"{url} : {outcome.detail if isinstance(outcome, Failed) else 'le site ne la donne pas'}")
        page = await read_document(workers, outcome.body, outcome.content_type, outcome.url, feed.listing)
    if isinstance(page, ListUnread):
        print(f"{feed.name} : {page.why}", file=out)
        return FAILED
    out.write(table(page.reading, feed.listing))
    return FINE


def first_page(feed: Feed) -> str:
    """Where a source is asked first: its address, but for a list that names its pages."""
    pages = page_names(feed.listing.pages) if feed.listing else []
    return urljoin(feed.url, pages[0]) if pages else feed.url


def table(reading: ListReading, spec: ListSpec) -> str:
    """The first rows under the names of their columns, and what is to be known of the whole."""
    heads = [*spec.key, spec.status if reading.status_field else "statut", *([spec.until] if spec.until else [])]
    rows = [[*row.key, row.status, *([row.until] if spec.until else [])] for row in reading.rows[:SHOWN]]
    cells = [[each[:LONGEST] for each in line] for line in (heads, *rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(heads))]
    drawn = ["  ".join(each.ljust(width) for each, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    drawn.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join((*drawn, *_remarks(reading, spec))) + "\n"


def _remarks(reading: ListReading, spec: ListSpec) -> Iterable[str]:
    keys = [key_of(row) for row in reading.rows]
    yield f"{counted(len(set(keys)), 'ligne', 'lignes')} en tout"
    if doubled := len(keys) - len(set(keys)):
        yield f"! {counted(doubled, 'ligne porte', 'lignes portent')} une clé déjà prise : complétez « key »"
    if spec.status and not reading.status_field:
        yield f"! pas de colonne « {spec.status} » : c’est le statut de toutes les lignes"
    if spec.until and not any(day_of(row.until) for row in reading.rows):
        yield f"! aucune date lue dans « {spec.until} »"
    if others := [name for name, _ in reading.rows[0].cells] if reading.rows else []:
        yield f"autres colonnes : {', '.join(others)}"
