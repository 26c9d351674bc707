"""One poll from start to end: the only place where the steps meet."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Document, Entry, Failed, Why
from bot.polling import asking, health, known, listing, schedule
from bot.polling.listing import ListPoll
from bot.ports import Ports
from bot.reading import article
from bot.reading.article import ReadEntry, Wanted
from bot.reading.visit import Round
from bot.web.reach import asked_for
from storage.articles.model import EntryKey, EntryRecord, PollRecord, Recorded, Standing
from storage.feeds.model import ACT_KINDS, Claim, TextPolicy
from storage.operators.model import NewNotice

LEASE = timedelta(minutes=10)

log = logging.getLogger("vigie.pipeline")


async def poll(claim: Claim, ports: Ports) -> Recorded:
    """Ask the feed, read what is new, match it, and record the whole in one transaction."""
    with asked_for(claim.feed.url):
        return await _polled(claim, ports)


async def _polled(claim: Claim, ports: Ports) -> Recorded:
    polled = await _asked(claim, ports)
    answer = polled.answer
    entries = answer.entries if isinstance(answer, Document) else ()
    if answer is None:  # not the feed's fault: it stays due, and is asked again
        await ports.offload(ports.store.feeds.release, (claim,))
        return Recorded()
    keys = known.identities(entries)
    standings: Sequence[Standing] = ()
    if keys:  # most answers: nothing has changed
        standings = await ports.offload(ports.store.articles.standing, claim.feed.id, keys, ports.clock())
    keys, standings = await known.by_number(claim, entries, keys, standings, ports)
    old = await known.old_news(claim, answer, keys, standings, ports)
    if isinstance(answer, Document):
        entries = await known.dated(claim, answer, standings, ports)
    pages = article.visits(ports, licensed=bool(claim.feed.permission))
    records = await _records(claim, entries, keys, standings, old | known.past(claim, entries), pages, ports)
    if claim.feed.kind == "list":
        made = {entry.key: entry for entry in entries}
        records = tuple(_of_list(each, made[each.key.key], polled) for each in records)
    new = [entry.published for entry, standing in zip(entries, standings, strict=True)
           if standing.kind == "new" and entry.key not in old]  # fmt: skip
    return await _record(claim, polled, records, new, pages, ports, renamed=len(old))


async def _asked(claim: Claim, ports: Ports) -> ListPoll:
    if claim.feed.kind == "list":
        return await listing.ask(claim, ports)
    outcome = await asking.ask(claim, ports)
    return ListPoll(outcome, await asking.read(claim, outcome, ports))


def _of_list(record: EntryRecord, entry: Entry, polled: ListPoll) -> EntryRecord:
    """With the title and the address that we made, arrow and row included; what weighs little waits for a digest."""
    record = replace(record, muted=record.muted or record.key.key in polled.untold)
    if record.reading is not None:
        record = replace(record, reading=replace(record.reading, title=entry.title, url=entry.link))
    if record.key.key not in polled.quiet:
        return record
    daily = (replace(each, level="daily") if each.level == "flash" else each for each in record.matches)
    return replace(record, matches=tuple(daily))


async def setback(claim: Claim, ports: Ports) -> Recorded:
    """Record that a bug of ours spoilt this poll: the feed waits before the next one, nothing else changes."""
    bug = Failed(Why.BUG, "erreur interne de Vigie : voyez le journal")
    return await _record(claim, ListPoll(bug, bug), (), (), None, ports)


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
    told = list(reversed(list(zip(entries, keys, standings, strict=True))))
    wanted = [_wanted(each, claim, old) for each in told if each[2].kind in ("new", "revised")]
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
    entries: tuple[EntryRecord, ...],
    new: Sequence[datetime | None],
    pages: Round | None,
    ports: Ports,
    *,
    renamed: int = 0,
) -> Recorded:
    """`new`: the dates of what was never seen before; `renamed`: how many old entries came under a new name."""
    now, before = ports.clock(), claim.state
    if any(match.level == "flash" for entry in entries for match in entry.matches):
        before = replace(before, flashed_at=now)
    outcome, answer = polled.outcome, polled.answer
    offline = ports.link.down(now)
    state = schedule.after(claim.feed, before, outcome, answer, now, new=new, chance=ports.chance(), offline=offline)
    if ports.link.turned(now):  # one line for all the feeds that it concerns
        log.warning("our own link is down: most sites do not answer" if offline else "our own link is back")
    if isinstance(answer, Failed) and not (offline and answer.why == Why.NETWORK):
        log.warning("feed failed", extra={"feed": claim.feed.id, "health": state.health, "why": answer.detail})
    notices = health.told(claim.feed, before, state, now) + polled.notices
    if isinstance(answer, Document) and answer.left_out:
        notices += (NewNotice("long", str(answer.left_out), now),)
    if renamed:
        notices += (NewNotice("migrated", str(renamed), now),)
    over = health.over(state, new=bool(new), whole=isinstance(answer, Document) and not answer.left_out)
    if pages is not None:
        notices += tuple(NewNotice(kind, why, now) for kind, why in pages.refused.items())
    over += ("held",) if polled.well else ()
    record = PollRecord(claim, state, now, entries, not before.baseline, notices, over, ports.ruleset, polled.record)
    return await ports.offload(ports.store.polls.record, record, ports.newsroom)
