"""Ask a source, and read the document that it answers with."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.feeds import boamp, consultations, dates, dila, pagelist, parse, sitemap, tar_archive
from bot.feeds.finished import finished
from bot.model import Document, Entry, Failed, Fetched, NotModified, Outcome, Why
from bot.polling import schedule
from bot.ports import Ports
from bot.reading.visit import PAGES
from bot.web.fetch import ACCEPT_FEED, FEED_LIMIT
from bot.web.permissions import Wait
from bot.workers import Crashed, Killed
from matchers import sites
from storage.feeds.model import ACT_KINDS, NOMINATIONS, Claim

CRAWL_DELAY = timedelta(minutes=1)  # longer ones are not waited for within a poll


async def ask(claim: Claim, ports: Ports) -> Outcome:
    return await ask_at(claim, claim.state.url, PAGES if claim.feed.kind == "page" else ACCEPT_FEED, ports)


async def ask_at(claim: Claim, url: str, accept: str, ports: Ports) -> Outcome:
    """The same of one address of a source; `accept` is what is wanted there."""
    state = claim.state
    etag, date = (None, None) if schedule.doubts(state, ports.clock()) else (state.etag, state.last_modified)
    if refusal := await _forbidden(claim, url, ports):
        return refusal
    outcome = await ports.door.get(
        url, etag=etag, last_modified=date, valid_for=state.answered_by, accept=accept, login_of=claim.feed.url
    )
    host = sites.spared(url)
    if host is not None:
        silent = isinstance(outcome, Failed) and outcome.why == Why.NETWORK
        ports.link.heard(host, ports.clock(), answered=not silent)
    return outcome


async def _forbidden(claim: Claim, url: str, ports: Ports) -> Failed | None:
    """What robots.txt says of an address that lists articles; a Crawl-delay is waited for. Of it we keep only links.

    A feed is published to be polled, a page or a sitemap is not. Nothing is asked for before a feed's first poll.
    """
    if claim.feed.kind == "feed" or claim.feed.kind in ACT_KINDS:
        ask = partial(ports.permits.feed, url, asking=claim.state.baseline)
    else:
        ask = partial(ports.permits.ask, url, licensed=True)
    answer = await ask()
    if isinstance(answer, Wait):
        await asyncio.sleep(min(answer.until - ports.clock(), CRAWL_DELAY) / timedelta(seconds=1))
        answer = await ask()
    return answer if isinstance(answer, Failed) else None


async def read(claim: Claim, outcome: Outcome, ports: Ports) -> Outcome | Document | None:
    """What the body holds, where one came; None if no worker was free to say."""
    if not isinstance(outcome, Fetched):
        return outcome
    digest, state = parse.body_digest(outcome.body), claim.state
    if digest == state.body:  # the server gave no validators: nothing new all the same
        return NotModified()
    if digest == state.bad_body and state.bad_until is not None and ports.clock() < state.bad_until:
        return Failed(Why.KILLED, "même document que celui dont la lecture a dû être arrêtée")
    answer = await _parsed(claim, outcome, ports)
    return await _children(claim, answer, ports) if isinstance(answer, sitemap.Index) else answer


async def _parsed(claim: Claim, outcome: Fetched, ports: Ports) -> Document | Failed | sitemap.Index | None:
    """The same, or what a sitemap of sitemaps sends us to."""
    answer = await ports.workers.run(finished, _work(claim, outcome, ports.clock()), cpu=10.0, wall=10.0)
    match answer:
        case Killed("busy" | "stopped"):
            return None
        case Killed(reason, detail):
            return Failed(Why.KILLED, f"lecture du flux arrêtée ({reason}) {detail}".strip())
        case Crashed(error):
            return Failed(Why.UNPARSABLE, f"flux illisible : {error}")
        case _:
            return answer


def _work(claim: Claim, outcome: Fetched, now: datetime) -> Callable[[], Document | Failed | sitemap.Index]:
    """How such a source is read, for a worker."""
    feed, memory = claim.feed, claim.state.memory
    document = (outcome.body, outcome.content_type, outcome.url)
    match feed.kind:
        case "feed":
            zone = dates.zone_of(feed.language)
            return partial(parse.parse, *document, memory, now, additive=outcome.additive, zone=zone)
        case "page":
            return partial(pagelist.parse, *document, pagelist.WantedLinks(feed.links, feed.selector))
        case "sitemap":
            return partial(sitemap.parse, *document, feed.links, memory, now)
        case "list":
            raise AssertionError("read by bot/polling/listing.py")
        case "jorf" | "cnil":
            document = (outcome.body, outcome.url, feed.kind)
            return partial(dila.parse, *document, memory, now, nominations=feed.selector == NOMINATIONS)
        case "boamp":
            return partial(boamp.parse, outcome.body)
        case "consultations":
            return partial(consultations.parse, outcome.body)
        case _:
            assert_never(feed.kind)


def _limit(claim: Claim) -> int:
    return tar_archive.PACKED if claim.feed.kind in ACT_KINDS else FEED_LIMIT


async def _children(claim: Claim, index: sitemap.Index, ports: Ports) -> Document | Failed | None:
    """The entries of the sitemaps that changed; those that fail are asked again at the next poll."""
    entries: dict[str, Entry] = {}
    failed: Failed | None = None
    for child in index.children:
        refusal = await _forbidden(claim, child, ports)
        outcome = refusal or await ports.door.get(child, login_of=claim.feed.url, limit=_limit(claim))
        answer = await _parsed(claim, outcome, ports) if isinstance(outcome, Fetched) else outcome
        if answer is None:
            return None
        if isinstance(answer, Document):
            entries |= {entry.key: entry for entry in answer.entries}
        else:
            failed = answer if isinstance(answer, Failed) else Failed(Why.HTTP, f"rien de lisible à {child}")
    if failed is not None and not entries:
        return failed
    whole = failed is None and not index.rest
    memory = claim.state.memory if failed else index.memory
    # where nothing changed, what the sitemaps held still stands
    return Document(tuple(entries.values()), complete=whole, known=0 if index.children else 1, memory=memory)
