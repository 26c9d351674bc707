"""One reading of an official list: all its pages or none, held against what is known of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from urllib.parse import urljoin

from bot.feeds import rows
from bot.model import Document, Entry, Failed, Fetched, NotModified, Outcome, Why
from bot.polling import asking
from bot.polling.list_items import found_there, item
from bot.ports import Ports
from bot.reading.visit import PAGES
from bot.workers import Crashed, Killed
from matchers.lists import (
    MOST_PAGES,
    KnownList,
    ListHold,
    ListMoved,
    ListReading,
    ListSpec,
    ListUnread,
    beside,
    diff,
    is_loud,
    page_names,
    unchanged,
)
from storage.articles.model import EntryRecord
from storage.feeds.model import Claim
from storage.lists.model import ListProof, ListRecord, StoredList
from storage.operators.model import NewNotice

CPU, WALL = 20.0, 40.0  # seconds for one document
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # the value of a button is letters or a number
ANY = "text/csv, application/json, application/pdf, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class ListPoll:
    """What a poll of a list brought. `answer` and `record` are None where no worker was free to read it; `quiet` are
    the keys of the entries that ring for nobody, `untold` of those that nobody is told of."""

    outcome: Outcome
    answer: Document | Outcome | None
    record: ListRecord | None = None
    quiet: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    notices: tuple[NewNotice, ...] = ()
    well: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """All pages of a list as one reading, with the bytes that they came as."""

    reading: ListReading | ListUnread
    body: bytes
    content_type: str
    url: str


def as_made(records: Sequence[EntryRecord], entries: Sequence[Entry], poll: ListPoll) -> tuple[EntryRecord, ...]:
    """The records with the titles and addresses that we made, arrow and row included; what weighs little waits for a
    digest."""
    made = {entry.key: entry for entry in entries}
    return tuple(_as_made(record, made[record.key.key], poll) for record in records)


def _as_made(record: EntryRecord, entry: Entry, poll: ListPoll) -> EntryRecord:
    record = replace(record, muted=record.muted or record.key.key in poll.untold)
    if record.reading is not None:
        record = replace(record, reading=replace(record.reading, title=entry.title, url=entry.link))
    if record.key.key not in poll.quiet:
        return record
    daily = (replace(each, level="daily") if each.level == "flash" else each for each in record.matches)
    return replace(record, matches=tuple(daily))


async def ask(claim: Claim, ports: Ports) -> ListPoll:
    """Ask for a list and read it; what may be confirmed by this reading is asked for without validators."""
    stored = await ports.offload(ports.store.lists.get, claim.feed.id)
    spec = claim.feed.listing
    assert spec is not None, "a list says how it is read"
    known = stored.known
    if known is None or known.unsettled or spec.pages or spec.follow:
        claim = replace(claim, state=replace(claim.state, etag=None, last_modified=None))
    outcome, read = await _read(claim, spec, ports)
    if isinstance(read, Failed):
        return ListPoll(outcome, read)
    if read is None:
        return ListPoll(outcome, None)
    if isinstance(read, _Read):
        return await _told(_judged(claim, stored, outcome, read, ports.clock()), claim, ports, first=known is None)
    if isinstance(outcome, NotModified) and known is not None and not known.unsettled:
        same = _Read(unchanged(known), b"", "", claim.state.url)
        return await _told(_judged(claim, stored, outcome, same, ports.clock()), claim, ports, first=False)
    return ListPoll(outcome, outcome)


async def _told(poll: ListPoll, claim: Claim, ports: Ports, *, first: bool) -> ListPoll:
    """The poll with the entries that its events make, beside what other lists of the tracker say."""
    record, spec = poll.record, claim.feed.listing
    if record is not None and record.after.known is not None and first:
        return _first(poll, record, record.after.known, claim)
    if record is None or spec is None or not record.events:
        return poll
    others = await ports.offload(ports.store.lists.beside, spec.tracker, claim.feed.id) if spec.tracker else {}
    events, silent = beside(record.events, others)
    entries = {place: item(event, claim.feed, record.url) for place, event in enumerate(events) if place not in silent}
    quiet = frozenset(entry.key for place, entry in entries.items() if not is_loud(events[place]))
    known = len(record.after.known.rows) if record.after.known else 0
    document = Document(tuple(entries.values()), known=known)
    return replace(poll, answer=document, record=replace(record, events=events), quiet=quiet)


def _first(poll: ListPoll, record: ListRecord, known: KnownList, claim: Claim) -> ListPoll:
    """The poll of a first reading: its rows are told to nobody, and the ends of those that have one are kept."""
    rows = (each.row for each in known.rows.values())
    entries = tuple(found_there(rows, claim.feed, record.url, known.read_at))
    document = Document(entries, known=len(known.rows))
    return replace(poll, answer=document, untold=frozenset(each.key for each in entries))


def _judged(claim: Claim, stored: StoredList, outcome: Outcome, read: _Read, now: datetime) -> ListPoll:
    proof = ListProof(hashlib.sha256(read.body).hexdigest(), now, read.content_type, read.body) if read.body else None
    mark = _mark(read.reading)
    step = diff(stored.known, read.reading, now, accepted=bool(mark) and mark == stored.accepted)
    match step:
        case ListHold(why, before, seen, known):
            after = replace(stored, known=known, why=why, seen=seen, held=mark)
            count = "?" if seen is None else str(seen)
            told = () if stored.ignored else (NewNotice("held", f"{mark[:8] or '-'} {before} {count} {why}", now),)
            document = Document((), complete=False, known=max(before, 1))
            return ListPoll(outcome, document, ListRecord(after, (), proof, read.url), notices=told)
        case ListMoved(events, known):
            kept = ListProof(proof.sha256, now) if proof else stored.proof
            record = ListRecord(StoredList(claim.feed.id, known, kept), events, proof, read.url)
            return ListPoll(outcome, Document((), known=len(known.rows)), record, well=True)
        case _:
            assert_never(step)


def _mark(reading: ListReading | ListUnread) -> str:
    """What tells two readings of a list apart, its bytes aside; "" where there are no rows."""
    if isinstance(reading, ListUnread) or not reading.rows:
        return ""
    said = "\n".join(sorted(f"{row.name}\t{row.status}\t{row.until}" for row in reading.rows))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest().translate(_LETTERS)


# --- pages ---------------------------------------------------------------------------------------------------------
async def _read(claim: Claim, spec: ListSpec, ports: Ports) -> tuple[Outcome, _Read | Outcome | None]:
    """The first answer, and all pages read as one; a page that can't be had is a failure of the whole."""
    accept = PAGES if spec.format == "html" else ANY
    waiting = [urljoin(claim.state.url, each) for each in page_names(spec.pages)] or [claim.state.url]
    first = await asking.ask_at(claim, waiting[0], accept, ports)
    outcome: Outcome = first
    seen: list[str] = []
    pages: list[tuple[Fetched, ListReading]] = []
    unread: ListUnread | None = None
    while waiting:
        url = waiting.pop(0)
        if seen:
            outcome = await asking.ask_at(claim, url, accept, ports)
        if not isinstance(outcome, Fetched):
            return first, outcome if not seen else _missing(outcome, url)
        seen.append(url)
        answer = await _rows(outcome, spec, ports)
        if answer is None:
            return first, None
        if isinstance(answer, ListUnread):
            return first, _Read(answer, outcome.body, outcome.content_type, url)
        pages.append((outcome, answer.reading))
        if answer.following and answer.following not in seen:
            waiting.append(answer.following)
        if len(seen) >= MOST_PAGES and waiting:
            unread = ListUnread(f"plus de {MOST_PAGES} pages")
            break
    body = b"".join(page.body for page, _ in pages)
    reading = unread or _together([reading for _, reading in pages])
    return first, _Read(reading, body, pages[0][0].content_type, claim.state.url)


def _missing(outcome: Outcome, url: str) -> Failed:
    if isinstance(outcome, Failed):
        return replace(outcome, detail=f"page {url} : {outcome.detail}")
    return Failed(Why.HTTP, f"page {url} : absente, la liste n’est pas lue")


def _together(readings: Sequence[ListReading]) -> ListReading:
    return ListReading(
        tuple(row for reading in readings for row in reading.rows),
        next((each.status_field for each in readings if each.status_field), ""),
        next((each.until_field for each in readings if each.until_field), ""),
        all(each.ended for each in readings),
        any(each.open_ended for each in readings),
        sum(each.parts for each in readings),
        max(each.announced for each in readings),
        readings[-1].goes_on,
    )


async def _rows(outcome: Fetched, spec: ListSpec, ports: Ports) -> rows.ListPage | ListUnread | None:
    document = (outcome.body, outcome.content_type, outcome.url)
    answer = await ports.workers.run(rows.read_rows, *document, spec, cpu=CPU, wall=WALL)
    match answer:
        case Killed("busy" | "stopped"):
            return None
        case Killed(reason, detail):
            return ListUnread(f"lecture arrêtée ({reason}) {detail}".strip())
        case Crashed(error):
            return ListUnread(f"liste illisible : {error}")
        case _:
            return answer
