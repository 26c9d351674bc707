"""One poll from start to end: the only place where the steps meet."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, assert_never

from bot import grouping
from bot.digest import living
from bot.model import Document, Entry, Failed, Fetched, NotModified, Outcome, Why
from bot.polling import feeds, health, pagelist, schedule, sitemap
from bot.polling.fetch import ACCEPT_FEED, Door
from bot.polling.link import Link
from bot.reading import numbers, urls
from bot.reading.permits import Permits, Wait
from bot.reading.visit import PAGES, Round, Visit
from bot.reading.worker import Crashed, Killed, Workers
from matchers.engine import Engine
from matchers.grouping import Judge, Traits
from matchers.model import Article, Match
from storage import Store
from storage.hosts import host_key
from storage.model import (
    ArticleId,
    Claim,
    EntryKey,
    EntryRecord,
    Feed,
    NewNotice,
    PageRecord,
    Policy,
    PollRecord,
    Reading,
    Recorded,
    Standing,
    StoredArticle,
    UnreadPage,
)
from storage.telling import Announce, Editor

LEASE = timedelta(minutes=10)

log = logging.getLogger("vigie.pipeline")

FROM_PAGE = frozenset({"page", "json_ld"})  # sources worth keeping when an edited page can't be read again
REREAD = timedelta(hours=6)  # an article that is edited again and again is not asked for more often
LEARNT = 5  # articles of a site that are numbered in one way, before that way is believed
MIGRATED = 0.6  # of a feed's entries; see _old_news
CRAWL_DELAY = timedelta(minutes=1)  # longer ones are not waited for within a poll
FEWEST = 5  # of them: a small feed may well be new from end to end
QUARANTINE = timedelta(days=7)
PAGE_SHARE = 5  # waiting pages read in one turn, per host

Offload = Callable[..., Awaitable[Any]]
"""Runs a plain function, with its arguments, in the one thread that writes to the store."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a poll needs of the outside. `chance` gives numbers in [0, 1) for the jitter.

    `keep_texts` is False where the operator wants no text stored, even for a day.
    """

    store: Store
    offload: Offload
    door: Door
    workers: Workers
    engine: Engine
    announce: Announce
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    permits: Permits
    link: Link = field(default_factory=Link)
    keep_texts: bool = True
    judge: Judge = field(default_factory=grouping.Grouper)

    @property
    def editor(self) -> Editor:
        return Editor(self.judge, living.teller(self.engine.watchlists))


async def poll(claim: Claim, ports: Ports) -> Recorded:
    """Ask the feed, read what is new, match it, and record the whole in one transaction."""
    outcome = await _asked(claim, ports)
    answer = await _read(claim, outcome, ports) if isinstance(outcome, Fetched) else outcome
    entries = answer.entries if isinstance(answer, Document) else ()
    if answer is None:  # not the feed's fault: it stays due, and is asked again
        await ports.offload(ports.store.feeds.release, (claim,))
        return Recorded()
    keys = _identities(entries)
    standings = await ports.offload(ports.store.articles.standing, claim.feed.id, keys, ports.clock())
    keys, standings = await _by_number(claim, entries, keys, standings, ports)
    old = await _old_news(claim, answer, keys, standings, ports) if isinstance(answer, Document) else frozenset[str]()
    pages = _round(ports, licensed=bool(claim.feed.permission))
    records = await _records(claim, entries, keys, standings, old, pages, ports)
    new = [entry.published for entry, known in zip(entries, standings, strict=True)
           if known.kind == "new" and entry.key not in old]  # fmt: skip
    return await _record(claim, outcome, answer, records, new, pages, ports)


async def setback(claim: Claim, ports: Ports) -> Recorded:
    """Record that a bug of ours spoilt this poll: the feed waits before the next one, nothing else changes."""
    bug = Failed(Why.BUG, "erreur interne de Vigie : voyez le journal")
    return await _record(claim, bug, bug, (), (), None, ports)


async def _asked(claim: Claim, ports: Ports) -> Outcome:
    state = claim.state
    etag, date = (None, None) if schedule.doubts(state, ports.clock()) else (state.etag, state.last_modified)
    accept = PAGES if claim.feed.kind == "page" else ACCEPT_FEED
    if claim.feed.kind != "feed" and (refusal := await _forbidden(state.url, ports)):
        return refusal  # a feed is published to be polled, a page or a sitemap is not
    outcome = await ports.door.get(state.url, etag=etag, last_modified=date, valid_for=state.answered_by, accept=accept)
    host = host_key(state.url)
    if host is not None:
        silent = isinstance(outcome, Failed) and outcome.why == Why.NETWORK
        ports.link.heard(host, ports.clock(), answered=not silent)
    return outcome


async def _forbidden(url: str, ports: Ports) -> Failed | None:
    """What robots.txt says of an address that lists articles; a Crawl-delay is waited for. Of it we keep only links."""
    answer = await ports.permits.ask(url, licensed=True)
    if isinstance(answer, Wait):
        await asyncio.sleep(min(answer.until - ports.clock(), CRAWL_DELAY) / timedelta(seconds=1))
        answer = await ports.permits.ask(url, licensed=True)
    return answer if isinstance(answer, Failed) else None


async def _read(claim: Claim, outcome: Fetched, ports: Ports) -> Document | Failed | NotModified | None:
    """What the body holds; None if no worker was free to say."""
    digest, state = feeds.body_digest(outcome.body), claim.state
    if digest == state.body:  # the server gave no validators: nothing new all the same
        return NotModified()
    if digest == state.bad_body and state.bad_until is not None and ports.clock() < state.bad_until:
        return Failed(Why.KILLED, "même document que celui dont la lecture a dû être arrêtée")
    answer = await _parsed(claim, outcome, ports)
    return await _children(claim, answer, ports) if isinstance(answer, sitemap.Index) else answer


async def _parsed(claim: Claim, outcome: Fetched, ports: Ports) -> Document | Failed | sitemap.Index | None:
    """The same, or what a sitemap of sitemaps sends us to."""
    feed, memory = claim.feed, claim.state.memory
    document = (outcome.body, outcome.content_type, outcome.url)
    work: Callable[[], Document | Failed | sitemap.Index]
    match feed.kind:
        case "feed":
            work = partial(feeds.parse, *document, memory, ports.clock(), additive=outcome.additive)
        case "page":
            work = partial(pagelist.parse, *document, pagelist.Wanted(feed.links, feed.selector))
        case "sitemap":
            work = partial(sitemap.parse, *document, feed.links, memory, ports.clock())
        case _:
            assert_never(feed.kind)
    answer = await ports.workers.run(work, cpu=10.0, wall=10.0)
    match answer:
        case Killed("busy" | "stopped"):
            return None
        case Killed(reason, detail):
            return Failed(Why.KILLED, f"lecture du flux arrêtée ({reason}) {detail}".strip())
        case Crashed(error):
            return Failed(Why.UNPARSABLE, f"flux illisible : {error}")
        case _:
            return answer


async def _children(claim: Claim, index: sitemap.Index, ports: Ports) -> Document | Failed | None:
    """The entries of the sitemaps that changed; those that fail are asked again at the next poll."""
    entries: dict[str, Entry] = {}
    failed: Failed | None = None
    for child in index.children:
        refusal = await _forbidden(child, ports)
        outcome = refusal or await ports.door.get(child)
        answer = await _parsed(claim, outcome, ports) if isinstance(outcome, Fetched) else outcome
        if answer is None:
            return None
        if isinstance(answer, Document):
            entries |= {entry.key: entry for entry in answer.entries}
        else:
            failed = answer if isinstance(answer, Failed) else Failed(Why.HTTP, f"pas de plan de site à {child}")
    if failed is not None and not entries:
        return failed
    whole = failed is None and not index.rest
    memory = claim.state.memory if failed else index.memory
    # where nothing changed, what the sitemaps held still stands
    return Document(tuple(entries.values()), complete=whole, known=0 if index.children else 1, memory=memory)


def _identities(entries: Sequence[Entry]) -> list[EntryKey]:
    """An address that several entries share, or a front page, is nobody's identity."""
    addresses = [urls.url_keys(entry.link) if _is_its_own(entry) else () for entry in entries]
    shared = Counter(key for keys in addresses for key in set(keys))
    return [
        EntryKey(
            entry.key,
            feeds.content_digest(entry),
            tuple(key for key in keys if shared[key] == 1),
            entry.title_key,
            entry.day_key,
            numbers.number_key(entry.link),
        )
        for entry, keys in zip(entries, addresses, strict=True)
    ]


async def _by_number(
    claim: Claim, entries: Sequence[Entry], keys: list[EntryKey], standings: Sequence[Standing], ports: Ports
) -> tuple[list[EntryKey], Sequence[Standing]]:
    """Give an unknown address that of the article it is, where its site's number and its title say so."""
    strange = [key.number for key, known in zip(keys, standings, strict=True)
               if known.kind == "new" and key.number and key.url_keys]  # fmt: skip
    if not strange:
        return keys, standings
    found: dict[str, StoredArticle] = await ports.offload(ports.store.articles.numbered, strange, LEARNT)
    named = [_named(entry, key, found.get(key.number)) for entry, key in zip(entries, keys, strict=True)]
    if named == keys:
        return keys, standings
    return named, await ports.offload(ports.store.articles.standing, claim.feed.id, named, ports.clock())


def _named(entry: Entry, key: EntryKey, known: StoredArticle | None) -> EntryKey:
    if known is None or not key.url_keys:
        return key
    seen = known.published or known.first_seen
    if not numbers.same_article(entry.title, known.title, entry.published, seen):
        return key
    return replace(key, url_keys=tuple(dict.fromkeys((*key.url_keys, *urls.url_keys(known.url)))))


def _is_its_own(entry: Entry) -> bool:
    return not entry.shares_link and urls.is_page(entry.link)


async def _old_news(
    claim: Claim, document: Document, keys: Sequence[EntryKey], standings: Sequence[Standing], ports: Ports
) -> frozenset[str]:
    """The keys of entries that a site which was rebuilt gives new names: they are kept, and not announced.

    Where more than 60 % of a known feed is new to us, that is what those with known titles are, and those with dates
    at which we would have seen them, if they are that many.
    """
    state = claim.state
    news = [(entry, key) for entry, key, known in zip(document.entries, keys, standings, strict=True)
            if known.kind == "new"]  # fmt: skip
    most = MIGRATED * (len(document.entries) + document.known)
    if not state.baseline or len(news) < FEWEST or len(news) <= most or state.succeeded_at is None:
        return frozenset()
    titles: frozenset[str] = await ports.offload(ports.store.articles.titles, claim.feed.id)
    if len(titles) < FEWEST:
        return frozenset()
    seen = state.succeeded_at - timedelta(days=1)
    old = [entry.key for entry, _ in news if entry.published is not None and entry.published < seen]
    again = [entry.key for entry, key in news if key.title in titles]
    return frozenset(again + (old if len(old) > most else []))


async def _records(
    claim: Claim,
    entries: Sequence[Entry],
    keys: Sequence[EntryKey],
    standings: Sequence[Standing],
    old: frozenset[str],
    pages: Round,
    ports: Ports,
) -> tuple[EntryRecord, ...]:
    """What is new or revised is read and matched, oldest first, so that it is announced in that order."""
    records = []
    renewed = ports.clock()
    for entry, key, standing in reversed(list(zip(entries, keys, standings, strict=True))):
        if standing.kind in ("same", "elsewhere"):
            records.append(EntryRecord(key, standing))
            continue
        muted = entry.key in old
        record = await _entry(entry, key, standing, claim.feed, "feed" if muted else _policy(claim), pages, ports)
        records.append(replace(record, muted=muted))
        if ports.clock() - renewed > LEASE / 2:
            renewed = ports.clock()
            await ports.offload(ports.store.feeds.renew, (claim,), renewed, LEASE)
    return tuple(records)


def _policy(claim: Claim) -> Policy:
    """A first poll asks for no pages: nobody will be shown what it brings (docs/decisions.md)."""
    if claim.feed.reading == "page" and not claim.state.baseline:
        return "feed"
    return claim.feed.reading


async def _entry(
    entry: Entry, key: EntryKey, standing: Standing, feed: Feed, policy: Policy, pages: Round, ports: Ports
) -> EntryRecord:
    stored = await _stored(standing.article, ports)
    kept = _from_page(stored)
    if stored is not None and _in_quarantine(stored, ports.clock()):
        visit = pages.spare(entry, policy)
    else:
        visit = await pages.read(entry, _reread_policy(policy, kept), not_before=_reread_from(kept))
    if _knows_better(kept, visit.reading):
        return EntryRecord(key, standing, later=visit.later)
    reading = _with_earlier(visit.reading, kept)
    if not key.url_keys:  # its address is not its own
        reading = replace(reading, url_keys=())
    matches, traits = await _judged(reading, feed.name, ports, dedup=feed.dedup)
    return EntryRecord(key, standing, _kept_of(reading, ports), matches, visit.later, traits=traits)


async def _stored(article: ArticleId | None, ports: Ports) -> StoredArticle | None:
    stored: StoredArticle | None = None if article is None else await ports.offload(ports.store.articles.get, article)
    return stored


def _from_page(stored: StoredArticle | None) -> StoredArticle | None:
    """The article as an earlier reading left it, None for one that was never read from its page."""
    return stored if stored is not None and stored.source in FROM_PAGE else None


def _in_quarantine(stored: StoredArticle, now: datetime) -> bool:
    """Its page killed its reader: it is left alone for a while, however often the article is edited."""
    return "killed" in stored.flags and stored.read_at is not None and now < stored.read_at + QUARANTINE


def _reread_policy(policy: Policy, kept: StoredArticle | None) -> Policy:
    """A live page is read once: it changes all day, and its feed says when."""
    return "feed" if policy == "page" and kept is not None and "live" in kept.flags else policy


def _reread_from(kept: StoredArticle | None) -> datetime | None:
    return None if kept is None or kept.read_at is None else kept.read_at + REREAD


def _knows_better(kept: StoredArticle | None, reading: Reading) -> bool:
    """The earlier reading knew a text that is not kept: without it, all that was found there would be undone."""
    return kept is not None and not kept.text and reading.source not in FROM_PAGE


def _with_earlier(reading: Reading, kept: StoredArticle | None) -> Reading:
    """An edit whose page can't be read now keeps the text that an earlier reading found."""
    if kept is None or reading.source in FROM_PAGE or "reserved" in reading.flags:
        return reading
    return replace(reading, text=kept.text, url=kept.url, source=kept.source, flags=kept.flags)


def _kept_of(reading: Reading, ports: Ports) -> Reading:
    """What may be stored of it once it is matched."""
    return reading if ports.keep_texts and "noarchive" not in reading.flags else replace(reading, text="")


# --- pages that wait -----------------------------------------------------------------------------------------------
async def read_waiting(ports: Ports) -> int:
    """Read the pages whose turn has come, the hosts side by side; how many there were."""
    claimed: tuple[UnreadPage, ...] = await ports.offload(ports.store.pages.claim, ports.clock(), LEASE, PAGE_SHARE)
    hosts: dict[str, list[UnreadPage]] = {}
    for each in claimed:
        hosts.setdefault(each.later.host, []).append(each)
    await asyncio.gather(*(_read_host(waiting, ports) for waiting in hosts.values()))
    return len(claimed)


def _round(ports: Ports, *, licensed: bool) -> Round:
    return Round(ports.door, ports.workers, ports.permits, ports.clock, licensed)


async def _read_host(waiting: Sequence[UnreadPage], ports: Ports) -> None:
    rounds = {licensed: _round(ports, licensed=licensed) for licensed in (True, False)}
    for each in waiting:
        visit = await rounds[each.licensed].read(_entry_of(each), each.policy, each.later.tries)
        if visit.later is not None:
            await ports.offload(ports.store.pages.postpone, each.article, visit.later)
        else:
            await _record_page(each, visit, ports)


async def _record_page(each: UnreadPage, visit: Visit, ports: Ports) -> None:
    kept = _from_page(await _stored(each.article, ports))
    if _knows_better(kept, visit.reading):
        await ports.offload(ports.store.pages.give_up, each.article)
        return
    reading = _with_earlier(visit.reading, kept)
    if not each.own_address:
        reading = replace(reading, url_keys=())
    matches, traits = await _judged(reading, each.source_name, ports, dedup=each.dedup)
    record = PageRecord(each.article, _kept_of(reading, ports), matches, ports.clock(), traits)
    recorded: Recorded = await ports.offload(ports.store.polls.record_page, record, ports.announce, ports.editor)
    log.info("page", extra={"article": each.article, "source": reading.source, "queued": recorded.deliveries})


def _entry_of(page: UnreadPage) -> Entry:
    return Entry(str(page.article), page.url, page.title, page.summary, page.content, page.published, page.author)


async def _judged(reading: Reading, feed: str, ports: Ports, *, dedup: bool) -> tuple[tuple[Match, ...], Traits]:
    """What matches an article, and what it goes together with others by: nothing, without `dedup`."""
    article, engine, parameters = article_of(reading, feed), ports.engine, ports.judge.grouping
    made = partial(grouping.traits, article, engine, parameters) if dedup else partial(grouping.alone, article)
    return await asyncio.to_thread(engine.match, article), await asyncio.to_thread(made)


def article_of(reading: Reading, feed: str = "") -> Article:
    """What is matched of a reading. `source:` terms may name the feed, or the site that the page names."""
    source = _source(feed, reading.site)
    return Article(title=reading.title, summary=reading.summary, text=reading.text, url=reading.url, source=source)


def article_of_stored(stored: StoredArticle) -> Article:
    """What was matched of an article that is stored."""
    source = _source(stored.source_name, stored.site)
    return Article(str(stored.id), stored.title, stored.summary, stored.text, stored.url, stored.published, source)


def _source(*names: str | None) -> str:
    return "\n".join(dict.fromkeys(name for name in names if name))


async def _record(
    claim: Claim,
    outcome: Outcome,
    answer: Outcome | Document,
    entries: tuple[EntryRecord, ...],
    new: Sequence[datetime | None],
    pages: Round | None,
    ports: Ports,
) -> Recorded:
    """`new`: the dates of what was never seen before."""
    now, before = ports.clock(), claim.state
    offline = ports.link.down(now)
    state = schedule.after(claim.feed, before, outcome, answer, now, new=new, chance=ports.chance(), offline=offline)
    if isinstance(answer, Failed):
        log.warning("feed failed", extra={"feed": claim.feed.id, "health": state.health, "why": answer.detail})
    notices = health.told(claim.feed, before, state, now)
    renamed = sum(each.muted for each in entries)
    if renamed:
        notices += (NewNotice("migrated", str(renamed), now),)
    over = health.over(state, new=bool(new))
    if pages is not None:
        notices += tuple(NewNotice(kind, why, now) for kind, why in pages.refused.items())
    record = PollRecord(claim, state, now, entries, not before.baseline, notices, over)
    recorded: Recorded = await ports.offload(ports.store.polls.record, record, ports.announce, ports.editor)
    return recorded
