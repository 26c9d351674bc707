"""Once a week, a day of the news sitemaps of our sources is held against what was seen: the shell around `unseen`."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.feeds import sitemap
from bot.feeds.finished import finished
from bot.messages import texts
from bot.model import Document, Entry, Fetched
from bot.operators import unlisted
from bot.ports import Ports
from bot.trials.unseen import MEMO, SitemapSample, UnseenTitle, read, reason, sampled, written
from bot.web.permissions import Wait
from matchers.sites import origin
from storage.chats.model import NewDelivery
from storage.feeds.model import Feed, FeedState

PARIS = ZoneInfo("Europe/Paris")
HOUR = 4  # of the day after: the sources have had time, and a news sitemap holds two days
DAYS = 5  # the days of a week that take turns
LATEST = timedelta(hours=40)  # after the beginning of the day: later, sitemaps hold it no longer
RECENT = 600  # articles of a feed that tell where it stands, what it brought and which sections it carries
MOST_SITEMAPS, MOST_WAIT = 3, timedelta(minutes=1)
_NEWS = ("news", "actu")


@dataclass(frozen=True, slots=True)
class _SampledSite:
    """The feeds of one site, its address, and the addresses and titles of what they brought lately."""

    at: str
    feeds: tuple[tuple[Feed, FeedState], ...]
    known: frozenset[str]
    titles: frozenset[str]


async def sample_sitemaps(made: Ports, admins: frozenset[int]) -> None:
    """Once a week, on the day after the one whose turn it is: what its news sitemaps list and was never seen."""
    now = made.clock()
    local = now.astimezone(PARIS)
    day = local.date() - timedelta(days=1)
    if not admins or day.weekday() != day.isocalendar().week % DAYS or local.hour < HOUR:
        return
    last = read(await made.offload(made.store.key_values.get, MEMO))
    if (last is not None and last.day == day) or now - _begin(day) > LATEST:
        return
    sites = [site for site in await _sites(made, day) if site.at]
    found = [each for site in sites if (each := await _listed(made, site, day)) is not None]
    unseen = [title for titles, _ in found for title in titles]
    sample = sampled(day, len(found), sum(count for _, count in found), unseen)
    if unseen:  # first: a message of this name is queued once, however often a daemon stops before the memo
        await _tell(made, sample, admins, now)
    await made.offload(made.store.key_values.put, MEMO, written(sample))


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


async def _sites(made: Ports, day: date) -> list[_SampledSite]:
    """The sites of the feeds that were asked all that day."""
    handling = await made.offload(made.store.feeds.handling)
    feeds = [
        (feed, state)
        for feed, state in await made.offload(made.store.feeds.overview)
        if feed.enabled
        and feed.kind == "feed"
        and not handling[feed.id].paused(made.clock())
        and state.started_at is not None
        and state.started_at < _begin(day)
    ]
    placed = []
    for feed, state in feeds:
        known = await made.offload(made.store.samples.recent, feed.id, RECENT)
        placed.append((origin(known[0][0]) if known else "", known, (feed, state)))
    placed.sort(key=lambda each: each[0])
    return [_site(at, list(group)) for at, group in groupby(placed, key=lambda each: each[0])]


def _site(at: str, group: Sequence[tuple[str, Iterable[tuple[str, str]], tuple[Feed, FeedState]]]) -> _SampledSite:
    articles = [each for _, known, _ in group for each in known]
    urls, titles = frozenset(url for url, _ in articles), frozenset(_spelt(title) for _, title in articles)
    return _SampledSite(at, tuple(each for _, _, each in group), urls, titles)


def _spelt(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


async def _listed(made: Ports, site: _SampledSite, day: date) -> tuple[list[UnseenTitle], int] | None:
    """The titles of a day that its news sitemap lists and nobody saw, and how many it lists; None where it has no such
    sitemap, or does not let us read it."""
    begin, end = _begin(day), _begin(day + timedelta(days=1))
    entries = [each for each in await _entries(made, site.at) if each.published]
    if not entries:
        return None
    of_day = [each for each in entries if each.published and begin <= each.published < end]
    seen = await made.offload(made.store.samples.seen, [each.url_keys for each in of_day])
    unseen = [
        UnseenTitle(each.title, each.link, feed.name, reason(each.link, site.known, state, end))
        for each, here in zip(of_day, seen, strict=True)
        for feed, state in site.feeds[:1]
        if not here and _spelt(each.title) not in site.titles
    ]
    return unseen, len(of_day)


async def _entries(made: Ports, at: str) -> list[Entry]:
    """All that the news sitemaps of a site hold now; none where it names none."""
    named = sorted(await made.permits.sitemaps(at), key=lambda url: not _is_news(url))[:MOST_SITEMAPS]
    found: dict[str, Entry] = {}
    for url in named:
        answer = await _read(made, url)
        children = [each for each in answer.children if _is_news(each)] if isinstance(answer, sitemap.Index) else []
        pages = [await _read(made, each) for each in children[:MOST_SITEMAPS]] if children else [answer]
        found |= {each.key: each for page in pages if isinstance(page, Document) for each in page.entries}
        if any(each.published for each in found.values()):
            break
    return list(found.values())


def _is_news(url: str) -> bool:
    return any(word in url.lower() for word in _NEWS)


async def _read(made: Ports, url: str) -> Document | sitemap.Index | None:
    """A sitemap that robots.txt allows; None for one that it does not, or that cannot be had."""
    answer = await made.permits.ask(url, licensed=True)
    if isinstance(answer, Wait):
        await asyncio.sleep(min(answer.until - made.clock(), MOST_WAIT).total_seconds())
        answer = await made.permits.ask(url, licensed=True)
    outcome = await made.door.get(url, permit=made.permits.permit) if answer is None else None
    if not isinstance(outcome, Fetched):
        return None
    work = partial(sitemap.parse, outcome.body, outcome.content_type, outcome.url, "", None, made.clock())
    told = await made.workers.run(finished, work, cpu=10.0, wall=10.0)
    return told if isinstance(told, Document | sitemap.Index) else None


async def _tell(made: Ports, sample: SitemapSample, admins: frozenset[int], now: datetime) -> None:
    deliveries = []
    for chat, thread in await made.offload(made.store.notices.readers, admins):
        told = unlisted.message(sample, texts.language_of(chat.language))
        deliveries.append(NewDelivery(chat.key, "weekly", f"s{sample.day:%Y%m%d}", told, thread=thread))
    await made.offload(made.store.outbox.enqueue, deliveries, now)
