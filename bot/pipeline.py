"""One poll from start to end: the only place where the steps meet."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never
from urllib.parse import urlsplit

from bot.model import Document, Entry, Failed, Fetched, Gone, NotModified, Outcome, Throttled, Why
from bot.polling import feeds, schedule
from bot.polling.fetch import Door
from bot.reading import page, read, urls
from bot.reading.worker import Crashed, Killed, Workers
from matchers.engine import Engine
from matchers.model import Article, Match
from storage import Store
from storage.model import Claim, EntryKey, EntryRecord, Policy, PollRecord, Reading, Recorded, Standing
from storage.polls import Announce

LEASE = timedelta(minutes=10)
PAGE_LIMIT = 3 << 20  # bytes, decoded: the 99.9th percentile of 4,402 real pages is 3.1 MB

log = logging.getLogger("vigie.pipeline")

PATIENCE = timedelta(hours=6)  # an article this young whose page fails is left for the next poll
UNREAD = frozenset({"unreachable", "killed", "too_big"})  # flags of a page that told us nothing
PAGES = "text/html,application/xhtml+xml;q=0.9"

Offload = Callable[..., Awaitable[Any]]
"""Runs a plain function, with its arguments, in the one thread that writes to the store."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a poll needs of the outside. `chance` gives numbers in [0, 1) for the jitter."""

    store: Store
    offload: Offload
    door: Door
    workers: Workers
    engine: Engine
    announce: Announce
    clock: Callable[[], datetime]
    chance: Callable[[], float]


async def poll(claim: Claim, ports: Ports) -> Recorded:
    """Ask the feed, read what is new, match it, and record the whole in one transaction."""
    outcome = await ports.door.get(claim.state.url, etag=claim.state.etag, last_modified=claim.state.last_modified)
    answer = await _parsed(claim, outcome, ports) if isinstance(outcome, Fetched) else outcome
    entries = answer.entries if isinstance(answer, Document) else ()
    if answer is None:  # not the feed's fault: it stays due, and is asked again
        await ports.offload(ports.store.feeds.release, (claim,))
        return Recorded()
    keys = _identities(entries)
    standings = await ports.offload(ports.store.articles.standing, claim.feed.id, keys)
    records = await _records(claim, entries, keys, standings, ports)
    return await _record(claim, outcome, answer, records, ports)


async def setback(claim: Claim, ports: Ports) -> Recorded:
    """Record that a bug of ours spoilt this poll: the feed waits before the next one, nothing else changes."""
    bug = Failed(Why.BUG, "erreur interne de Vigie : voyez le journal")
    return await _record(claim, bug, bug, (), ports)


async def _parsed(claim: Claim, outcome: Fetched, ports: Ports) -> Document | Failed | NotModified | None:
    """What the body holds; None if no worker was free to say."""
    if feeds.body_digest(outcome.body) == claim.state.body:  # the server gave no validators: nothing new all the same
        return NotModified()
    answer = await ports.workers.run(feeds.parse, outcome.body, outcome.content_type, outcome.url, cpu=10.0, wall=10.0)
    match answer:
        case Killed("busy" | "stopped"):
            return None
        case Killed(reason, detail):
            return Failed(Why.KILLED, f"lecture du flux arrêtée ({reason}) {detail}".strip())
        case Crashed(error):
            return Failed(Why.UNPARSABLE, f"flux illisible : {error}")
        case _:
            return answer


def _identities(entries: Sequence[Entry]) -> list[EntryKey]:
    """An address that several entries share, or a front page, is nobody's identity."""
    addresses = [urls.url_keys(entry.link) if _is_page(entry.link) else () for entry in entries]
    shared = Counter(key for keys in addresses for key in set(keys))
    return [
        EntryKey(entry.key, feeds.content_digest(entry), tuple(key for key in keys if shared[key] == 1))
        for entry, keys in zip(entries, addresses, strict=True)
    ]


def _is_page(link: str) -> bool:
    parts = urlsplit(link)
    return parts.path not in ("", "/") or bool(parts.query)


async def _records(
    claim: Claim,
    entries: Sequence[Entry],
    keys: Sequence[EntryKey],
    standings: Sequence[Standing],
    ports: Ports,
) -> tuple[EntryRecord, ...]:
    """What is new or revised is read and matched, oldest first, so that it is announced in that order."""
    records = []
    renewed = ports.clock()
    for entry, key, standing in reversed(list(zip(entries, keys, standings, strict=True))):
        if standing.kind in ("same", "elsewhere"):
            records.append(EntryRecord(key, standing))
            continue
        records.append(await _entry(entry, key, standing, _policy(claim), ports))
        if ports.clock() - renewed > LEASE / 2:
            renewed = ports.clock()
            await ports.offload(ports.store.feeds.renew, (claim,), renewed, LEASE)
    return tuple(records)


def _policy(claim: Claim) -> Policy:
    """A first poll asks for no pages: nobody will be shown what it brings (docs/decisions.md)."""
    if claim.feed.reading == "page" and not claim.state.baseline:
        return "feed"
    return claim.feed.reading


async def _entry(entry: Entry, key: EntryKey, standing: Standing, policy: Policy, ports: Ports) -> EntryRecord:
    reading = await _read(entry, policy, ports)
    matches = await _matches(reading, ports)
    # A page that failed for now must neither wipe what an earlier reading found, nor hide what a later one would
    if standing.kind == "revised" and not matches and UNREAD.intersection(reading.flags):
        return EntryRecord(key, standing)
    if "unreachable" in reading.flags and _is_fresh(entry, ports) and not matches:
        return EntryRecord(key, standing)
    if not key.url_keys:  # its address is not its own
        reading = replace(reading, url_keys=())
    return EntryRecord(key, standing, reading, matches)


def _is_fresh(entry: Entry, ports: Ports) -> bool:
    return entry.published is not None and ports.clock() - entry.published < PATIENCE


async def _read(entry: Entry, policy: Policy, ports: Ports) -> Reading:
    if not read.needs_page(entry, policy):
        return read.read(entry, policy, now=ports.clock())
    return await read_page(entry, policy, await fetch_page(entry.link, ports.door), ports.workers, ports.clock())


async def fetch_page(link: str, door: Door) -> Fetched | Failed:
    """Ask for an article's page; an address that may not be shown is not asked for either."""
    address = urls.clean(link)
    if address is None:
        return Failed(Why.GUARD, "adresse refusée")
    outcome = await door.get(address, accept=PAGES, limit=PAGE_LIMIT)
    match outcome:
        case Fetched() | Failed():
            return outcome
        case Gone():
            return Failed(Why.HTTP, "page supprimée (410)", 410)
        case Throttled(status):
            return Failed(Why.HTTP, f"le site demande d’attendre ({status})", status)
        case NotModified():
            return Failed(Why.HTTP, "304 sans qu’on ait rien demandé de tel", 304)
        case _:
            assert_never(outcome)


async def read_page(
    entry: Entry, policy: Policy, fetched: Fetched | Failed, workers: Workers, now: datetime
) -> Reading:
    """The article, from its page if that can be read, else from its entry."""
    if isinstance(fetched, Failed):
        return read.read(entry, policy, fetched, now=now)
    seen = await workers.run(page.read_page, fetched.body, fetched.content_type, fetched.url, entry.summary)
    return read.read(entry, policy, seen, fetched.url, now)


async def _matches(reading: Reading, ports: Ports) -> tuple[Match, ...]:
    article = Article(title=reading.title, summary=reading.summary, text=reading.text, url=reading.url)
    return await asyncio.to_thread(ports.engine.match, article)


async def _record(
    claim: Claim, outcome: Outcome, answer: Outcome | Document, entries: tuple[EntryRecord, ...], ports: Ports
) -> Recorded:
    new = sum(entry.standing.kind == "new" for entry in entries)
    now = ports.clock()
    state = schedule.after(claim.feed, claim.state, outcome, answer, now, new=new, chance=ports.chance())
    if any(entry.standing.kind == "new" and entry.reading is None for entry in entries):
        # with the new validators the next answer would be a 304, and what is left unread would never be read
        before = claim.state
        state = replace(state, etag=before.etag, last_modified=before.last_modified, body=before.body)
    if isinstance(answer, Failed):
        log.warning("feed failed", extra={"feed": claim.feed.id, "health": state.health, "why": answer.detail})
    record = PollRecord(claim, state, now, entries, muted=not claim.state.baseline)
    recorded: Recorded = await ports.offload(ports.store.polls.record, record, ports.announce)
    return recorded
