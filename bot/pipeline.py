"""One poll from start to end: the only place where the steps meet."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Document, Entry, Failed, Outcome, Why
from bot.polling import asking, health, known, listing, schedule
from bot.polling.known import Sighted
from bot.polling.listing import ListPoll
from bot.ports import Ports
from bot.reading import article
from bot.reading.article import ReadEntry, Wanted
from bot.reading.visit import Round
from bot.web.reach import asked_for
from storage.articles.model import EntryKey, EntryRecord, PollRecord, Recorded, Standing
from storage.feeds.model import ACT_KINDS, Claim, FeedState, TextPolicy
from storage.operators.model import NewNotice, NoticeKind

LEASE = timedelta(minutes=10)

log = logging.getLogger("vigie.pipeline")


async def poll(claim: Claim, ports: Ports) -> Recorded:
    """Ask the feed, read what is new, match it, and record the whole in one transaction."""
    with asked_for(claim.feed.url):
        return await _polled(claim, ports)


async def _polled(claim: Claim, ports: Ports) -> Recorded:
    polled = await _asked(claim, ports)
    if polled.answer is None:  # not the feed's fault: it stays due, and is asked again
        await ports.offload(ports.store.feeds.release, (claim,))
        return Recorded()
    sighted = await known.sight(claim, polled.answer, ports)
    pages = article.visits(ports, licensed=bool(claim.feed.permission))
    records = await _records(claim, sighted, pages, ports)
    if claim.feed.kind == "list":
        records = listing.as_made(records, sighted.entries, polled)
    return await _record(claim, polled, sighted, records, pages.refused, ports)


async def _asked(claim: Claim, ports: Ports) -> ListPoll:
    if claim.feed.kind == "list":
        return await listing.ask(claim, ports)
    outcome = await asking.ask(claim, ports)
    return ListPoll(outcome, await asking.read(claim, outcome, ports))


async def setback(claim: Claim, ports: Ports) -> Recorded:
    """Record that a bug of ours spoilt this poll: the feed waits before the next one, nothing else changes."""
    bug = Failed(Why.BUG, "erreur interne de Vigie : voyez le journal")
    return await _record(claim, ListPoll(bug, bug), Sighted(), (), {}, ports)


async def _records(claim: Claim, sighted: Sighted, pages: Round, ports: Ports) -> tuple[EntryRecord, ...]:
    """What is new or revised is read and matched, oldest first, so that it is announced in that order."""
    told = sighted.oldest_first()
    wanted = [_wanted(each, claim, sighted.old) for each in told if each[2].kind in ("new", "revised")]
    await pages.open_ahead([(each.entry, each.policy) for each in wanted if each.standing.kind == "new"])
    read: list[ReadEntry] = []
    renewed = ports.clock()
    for each in wanted:
        read.append(await article.read_entry(each, pages, ports))
        if ports.clock() - renewed > LEASE / 2:
            renewed = ports.clock()
            await ports.offload(ports.store.feeds.renew, (claim,), renewed, LEASE)
    made = iter(await article.records(read, claim.feed, ports))
    return tuple(next(made) if standing.kind in ("new", "revised") else EntryRecord(key, standing)
                 for _, key, standing in told)  # fmt: skip


def _wanted(told: tuple[Entry, EntryKey, Standing], claim: Claim, old: frozenset[str]) -> Wanted:
    muted = told[0].key in old
    return Wanted(*told, "feed" if muted else _policy(claim), muted)


def _policy(claim: Claim) -> TextPolicy:
    """A first poll asks for no pages: nobody will be shown what it brings (docs/decisions.md)."""
    if claim.feed.kind in ACT_KINDS or (claim.feed.reading == "page" and not claim.state.baseline):
        return "feed"
    return claim.feed.reading


async def _record(
    claim: Claim,
    polled: ListPoll,
    sighted: Sighted,
    records: tuple[EntryRecord, ...],
    refused: Mapping[NoticeKind, str],
    ports: Ports,
) -> Recorded:
    """Tell the store what the poll brought; `refused`: which pages the site kept from us, and why."""
    now, answer = ports.clock(), polled.answer
    state = _state(claim, polled, sighted, records, now, ports)
    notices = health.told(claim.feed, claim.state, state, now) + polled.notices
    notices += tuple(NewNotice(kind, detail, now) for kind, detail in (*_remarks(answer, sighted), *refused.items()))
    whole = isinstance(answer, Document) and not answer.left_out
    over = health.over(state, new=bool(sighted.new), whole=whole) + (("held",) if polled.well else ())
    first, rules = not claim.state.baseline, ports.ruleset
    record = PollRecord(claim, state, now, records, first, notices, over, rules, polled.record)
    return await ports.offload(ports.store.polls.record, record, ports.newsroom)


def _state(
    claim: Claim, polled: ListPoll, sighted: Sighted, records: Sequence[EntryRecord], now: datetime, ports: Ports
) -> FeedState:
    """That of the feed from now on; what failed is logged, a link of ours that is down once for all the feeds."""
    before, outcome, answer = claim.state, polled.outcome, polled.answer
    if any(match.level == "flash" for record in records for match in record.matches):
        before = replace(before, flashed_at=now)
    offline = ports.link.down(now)
    chance = ports.chance()
    state = schedule.after(claim.feed, before, outcome, answer, now, new=sighted.new, chance=chance, offline=offline)
    if ports.link.turned(now):
        log.warning("our own link is down: most sites do not answer" if offline else "our own link is back")
    if isinstance(answer, Failed) and not (offline and answer.why == Why.NETWORK):
        log.warning("feed failed", extra={"feed": claim.feed.id, "health": state.health, "why": answer.detail})
    return state


def _remarks(answer: Document | Outcome | None, sighted: Sighted) -> Iterator[tuple[NoticeKind, str]]:
    """What its operators are told of a source that answered."""
    if isinstance(answer, Document) and answer.left_out:
        yield "long", str(answer.left_out)
    if sighted.renamed:
        yield "migrated", str(len(sighted.renamed))
