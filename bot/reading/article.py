"""An entry becomes an article: read, with what an earlier reading found, and matched."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot import grouping
from bot.model import ActItem, Entry
from bot.ports import Ports
from bot.reading.act_record import act_record
from bot.reading.matched import article_of
from bot.reading.visit import Round
from matchers.engine.engine import Engine, Scan
from matchers.model import Article, Match
from matchers.stories.grouping import Grouping, Traits
from storage.acts.model import ActRecord
from storage.articles.model import ArticleText, EntryKey, EntryRecord, Later, Standing, StoredArticle
from storage.feeds.model import Feed, TextPolicy
from storage.ids import ArticleId

FROM_PAGE = frozenset({"page", "json_ld"})  # sources worth keeping when an edited page can't be read again
REREAD = timedelta(hours=6)  # an article that is edited again and again is not asked for more often
QUARANTINE = timedelta(days=7)
DATED = "dated"  # the flag of what was old when it came
LONG_AGO = timedelta(days=7)  # a page may bear the day on which it was begun


def visits(ports: Ports, *, licensed: bool) -> Round:
    return Round(ports.door, ports.workers, ports.permits, ports.clock, licensed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that is new or revised. `muted`: old news under a new name."""

    entry: Entry
    key: EntryKey
    standing: Standing
    policy: TextPolicy
    muted: bool = False


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry as it was read, not judged yet. `reading` is None where an earlier one knew better."""

    wanted: Wanted
    reading: ArticleText | None
    later: Later | None = None


@dataclass(frozen=True, slots=True)
class JudgedArticle:
    """What matches an article, what it goes together with others by, and what it has to do with official acts."""

    matches: tuple[Match, ...]
    traits: Traits
    acts: ActRecord


async def read_entry(wanted: Wanted, pages: Round, ports: Ports) -> ReadEntry:
    """Read an entry, with its page where that is asked for now."""
    entry, policy = wanted.entry, wanted.policy
    stored = await stored_article(wanted.standing.article, ports)
    kept = from_page(stored)
    if stored is not None and _in_quarantine(stored, ports.clock()):
        visit = await pages.spare(entry, policy)
    else:
        visit = await pages.read(entry, _reread_policy(policy, kept), not_before=_reread_from(kept))
    if knows_better(kept, visit.reading):
        return ReadEntry(wanted, None, visit.later)
    reading = with_earlier(visit.reading, kept)
    reading = as_dated(reading, entry, stored, ports.clock())
    if not wanted.key.url_keys:  # its address is not its own
        reading = replace(reading, url_keys=())
    return ReadEntry(wanted, reading, visit.later)


async def records(read: Sequence[ReadEntry], feed: Feed, ports: Ports) -> list[EntryRecord]:
    """Judge what was read of a feed, all of it in one go: what is to be written of each."""
    texts = [(each.reading, each.wanted.entry.act) for each in read if each.reading is not None]
    found = iter(await judged_all(texts, feed.name, ports, dedup=feed.dedup, official=feed.official))
    return [_unread(each) if each.reading is None else _record(each, each.reading, next(found), ports) for each in read]


def _unread(read: ReadEntry) -> EntryRecord:
    return EntryRecord(read.wanted.key, read.wanted.standing, later=read.later, muted=read.wanted.muted)


def _record(read: ReadEntry, reading: ArticleText, found: JudgedArticle, ports: Ports) -> EntryRecord:
    return EntryRecord(
        read.wanted.key,
        read.wanted.standing,
        kept_of(reading, ports),
        found.matches,
        read.later,
        muted=read.wanted.muted,
        traits=found.traits,
        acts=found.acts,
    )


async def stored_article(article: ArticleId | None, ports: Ports) -> StoredArticle | None:
    stored: StoredArticle | None = None if article is None else await ports.offload(ports.store.articles.get, article)
    return stored


def from_page(stored: StoredArticle | None) -> StoredArticle | None:
    """The article as an earlier reading left it, None for one that was never read from its page."""
    return stored if stored is not None and stored.source in FROM_PAGE else None


def _in_quarantine(stored: StoredArticle, now: datetime) -> bool:
    """Its page killed its reader: it is left alone for a while, however often the article is edited."""
    return "killed" in stored.flags and stored.read_at is not None and now < stored.read_at + QUARANTINE


def _reread_policy(policy: TextPolicy, kept: StoredArticle | None) -> TextPolicy:
    """A live page is read once: it changes all day, and its feed says when."""
    return "feed" if policy == "page" and kept is not None and "live" in kept.flags else policy


def _reread_from(kept: StoredArticle | None) -> datetime | None:
    return None if kept is None or kept.read_at is None else kept.read_at + REREAD


def knows_better(kept: StoredArticle | None, reading: ArticleText) -> bool:
    """The earlier reading knew a text that is not kept: without it, all that was found there would be undone."""
    return kept is not None and not kept.text and reading.source not in FROM_PAGE


def as_dated(reading: ArticleText, entry: Entry, stored: StoredArticle | None, now: datetime) -> ArticleText:
    """The reading, marked where the article was old when it came: its source says so, or its page where that dates it
    alone."""
    by_page = reading.published if entry.published is None else None
    seen = now if stored is None else stored.first_seen
    old = entry.dated or (by_page is not None and by_page < seen - LONG_AGO)
    if not old and (stored is None or DATED not in stored.flags):
        return reading
    return replace(reading, flags=tuple(sorted({*reading.flags, DATED})))


def with_earlier(reading: ArticleText, kept: StoredArticle | None) -> ArticleText:
    """An edit whose page can't be read now keeps the text that an earlier reading found."""
    if kept is None or reading.source in FROM_PAGE or "reserved" in reading.flags:
        return reading
    return replace(reading, text=kept.text, url=kept.url, source=kept.source, flags=kept.flags, links=kept.links)


def kept_of(reading: ArticleText, ports: Ports) -> ArticleText:
    """What may be stored of it once it is matched."""
    return reading if ports.keep_texts and "noarchive" not in reading.flags else replace(reading, text="", links=())


async def judged(reading: ArticleText, feed: str, ports: Ports, *, dedup: bool, official: bool | None) -> JudgedArticle:
    """Judge an article, of whose act its source says nothing."""
    (found,) = await judged_all([(reading, None)], feed, ports, dedup=dedup, official=official)
    return found


async def judged_all(
    read: Sequence[tuple[ArticleText, ActItem | None]], feed: str, ports: Ports, *, dedup: bool, official: bool | None
) -> list[JudgedArticle]:
    """Judge articles of a feed, each with what its source's fields say of an act, in one go: a thread for each would
    cost as much as judging a short one. Without `dedup` they go together with none. What was old when it came rings
    nobody."""
    if not read:
        return []
    parameters = ports.newsroom.judge.grouping if dedup else None
    engine, now = ports.engine, ports.clock()
    work = [
        partial(_judged, article_of(reading, feed, official=official), engine, parameters,
                partial(_acts, item, reading.published, now))
        for reading, item in read
    ]  # fmt: skip
    found = await asyncio.to_thread(_done, work)
    return [_quietened(each) if DATED in reading.flags else each
            for each, (reading, _) in zip(found, read, strict=True)]  # fmt: skip


def _done(work: Sequence[Callable[[], JudgedArticle]]) -> list[JudgedArticle]:
    return [each() for each in work]


def _quietened(found: JudgedArticle) -> JudgedArticle:
    return replace(found, matches=tuple(replace(match, quiet=match.quiet or "dated") for match in found.matches))


def _judged(
    article: Article, engine: Engine, parameters: Grouping | None, acts: Callable[[Scan], ActRecord]
) -> JudgedArticle:
    scan = engine.scan(article)
    matches = engine.matches(scan)
    if parameters is None:
        traits = grouping.alone(article)
    elif matches:
        traits = grouping.traits(scan, matches, engine, parameters)
    else:
        traits = grouping.untold(scan, parameters)
    return JudgedArticle(matches, traits, acts(scan))


def _acts(item: ActItem | None, published: datetime | None, now: datetime, scan: Scan) -> ActRecord:
    return act_record(scan, item, published, now)
