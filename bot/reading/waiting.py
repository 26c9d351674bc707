"""Pages that wait their turn: read later, their articles matched again."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.model import Entry
from bot.ports import Ports
from bot.reading.article import as_dated, from_page, judged, kept_of, knows_better, stored_article, visits, with_earlier
from bot.reading.visit import Visit
from bot.web.reach import asked_for
from storage.articles.model import PageRecord, UnreadPage

LEASE = timedelta(minutes=10)
PAGE_SHARE = 5  # waiting pages read in one turn, per host

log = logging.getLogger("vigie.pipeline")


async def read_waiting(ports: Ports) -> int:
    """Read the pages whose turn has come, the hosts side by side; how many there were."""
    claimed = await ports.offload(ports.store.pages.claim, ports.clock(), LEASE, PAGE_SHARE)
    hosts: dict[str, list[UnreadPage]] = {}
    for each in claimed:
        hosts.setdefault(each.later.host, []).append(each)
    await asyncio.gather(*(_read_host(waiting, ports) for waiting in hosts.values()))
    return len(claimed)


async def _read_host(waiting: Sequence[UnreadPage], ports: Ports) -> None:
    rounds = {licensed: visits(ports, licensed=licensed) for licensed in (True, False)}
    for each in waiting:
        with asked_for(each.source):
            visit = await rounds[each.licensed].read(_entry_of(each), each.policy, each.later.tries)
        if visit.later is not None:
            await ports.offload(ports.store.pages.postpone, each.article, visit.later)
        else:
            await _record_page(each, visit, ports)


async def _record_page(each: UnreadPage, visit: Visit, ports: Ports) -> None:
    stored = await stored_article(each.article, ports)
    kept = from_page(stored)
    if knows_better(kept, visit.reading):
        await ports.offload(ports.store.pages.give_up, each.article)
        return
    reading = as_dated(with_earlier(visit.reading, kept), _entry_of(each), stored, ports.clock())
    if not each.own_address:
        reading = replace(reading, url_keys=())
    found = await judged(reading, each.source_name, ports, dedup=each.dedup, official=each.official)
    words = kept_of(reading, ports)
    record = PageRecord(each.article, words, found.matches, ports.clock(), found.traits, found.acts, ports.ruleset)
    recorded = await ports.offload(ports.store.polls.record_page, record, ports.newsroom)
    log.info("page", extra={"article": each.article, "source": reading.source, "queued": recorded.deliveries})


def _entry_of(page: UnreadPage) -> Entry:
    return Entry(str(page.article), page.url, page.title, page.summary, page.content, page.published, page.author)
