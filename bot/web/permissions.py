"""May this page be asked for? robots.txt and reservations, fetched once a day and kept in the store."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.model import Failed, Fetched, Gone, Outcome, Why
from bot.store_thread import Offload
from bot.web import robots
from bot.web.fetch import Fetcher
from bot.web.gzip_body import FirstBytes
from bot.web.politeness import GAP
from bot.web.robots import Judgement
from bot.workers import Killed, Workers
from matchers.sites import origin, spared
from storage.feeds.model import SiteRights
from storage.feeds.sites import Sites

FRESH = timedelta(hours=24)  # RFC 9309: no longer, unless the site is down
RETRY = timedelta(minutes=15)  # after a robots.txt that did not answer; doubled each time, a day at most
BUSY = timedelta(minutes=1)  # our own workers are
REMEMBERED = timedelta(days=30)  # a reservation that only a page told
FILE_LIMIT = FirstBytes(robots.LONGEST)  # RFC 9309: what follows is not read

_ROBOTS, _RESERVATIONS = "/robots.txt", "/.well-known/tdmrep.json"


@dataclass(frozen=True, slots=True)
class Wait:
    """It may be asked for, but not before."""

    until: datetime


@dataclass(slots=True)
class Permissions:
    """Asks each site for its rules when a page or a feed of it is wanted, never more than once a day.

    `_unnamed`: sites whose rules do not name us, until when that need not be looked at again for their feeds.
    """

    sites: Sites
    offload: Offload
    door: Fetcher
    workers: Workers
    clock: Clock
    _unnamed: dict[str, datetime] = field(default_factory=dict)
    _locks: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    async def ask(self, url: str, *, licensed: bool = False) -> Wait | Failed | None:
        """None if the page may be asked for at once. `licensed`: the operator may mine it, whatever is reserved."""
        site = await self._site(origin(url))
        now = self.clock()
        if not _usable(site, now):
            return Failed(Why.ROBOTS, "robots.txt ne répond pas : pages non lues jusqu’à ce qu’il réponde", 503)
        if site.reservations_due is None:
            return Failed(Why.ROBOTS, "tdmrep.json ne répond pas : pages non lues jusqu’à ce qu’il réponde", 503)
        judged = _allowing(await self._judgement(site, url, now), "robots.txt interdit cette page")
        if not isinstance(judged, Judgement):
            return judged
        remembered = site.reserved_until is not None and now < site.reserved_until
        if not licensed and (judged.reserved or remembered):
            return Failed(Why.RESERVED, "le site réserve ses droits de fouille de textes")
        return await self._turn(site, judged.delay, now)

    async def feed(self, url: str, *, asking: bool) -> Wait | Failed | None:
        """The same for a feed, which is published to be polled: only a group of robots.txt that names us counts.

        Rules that are known go on counting while the site does not give them. Without `asking` nothing is asked for.
        """
        name, now = origin(url), self.clock()
        if spared(url) is None or self._unnamed.get(name, now) > now:
            return None
        site: SiteRights = await (
            self._site(name, reservations=False) if asking else self.offload(self.sites.get, name)
        )
        judged = await self._judgement(site, url, now)
        if isinstance(judged, Judgement) and not judged.named:
            if asking:
                self._unnamed[name] = now + FRESH if site.robots_failures else site.robots_due or now
            return None
        allowing = _allowing(judged, "robots.txt nomme Vigie et lui interdit ce flux")
        return await self._turn(site, allowing.delay, now) if isinstance(allowing, Judgement) else allowing

    async def sitemaps(self, site: str) -> tuple[str, ...]:
        """The sitemaps that a site (`https://host`) names in its robots.txt; none where that does not answer."""
        known = await self._site(site)
        if not _usable(known, self.clock()):
            return ()
        named = await self.workers.run(robots.sitemaps, known.robots, cpu=2.0, wall=4.0)
        return named if isinstance(named, tuple) else ()

    async def permit(self, url: str, *, licensed: bool = False) -> Failed | None:
        """The same for a redirect that is being followed: there is no time to wait for a turn."""
        answer = await self.ask(url, licensed=licensed)
        return answer if isinstance(answer, Failed) else None

    async def reserve(self, url: str) -> None:
        """A page of this site said that its rights are reserved: the others are not asked for either."""
        await self.offload(self.sites.reserve, origin(url), self.clock() + REMEMBERED)

    async def _judgement(self, site: SiteRights, url: str, now: datetime) -> Judgement | Wait | None:
        """None where the rules killed their reader."""
        if not site.robots and not site.reservations:  # nothing of a stranger's is to be read
            return Judgement()
        judged = await self.workers.run(robots.judge, site.robots, site.reservations, url, cpu=2.0, wall=4.0)
        if isinstance(judged, Killed) and judged.reason in ("busy", "stopped"):
            return Wait(now + BUSY)
        return judged if isinstance(judged, Judgement) else None

    async def _turn(self, site: SiteRights, delay: float | None, now: datetime) -> Wait | None:
        """A Crawl-delay longer than our own gap spaces the pages, restarts or not."""
        if delay is None or delay <= GAP.total_seconds():
            return None
        gap = timedelta(seconds=min(delay, FRESH.total_seconds()))
        free = await self.offload(self.sites.take_turn, site.origin, now, gap)
        return None if free is None else Wait(free)

    def _lock(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())

    async def _site(self, name: str, *, reservations: bool = True) -> SiteRights:
        async with self._lock(name):  # twenty pages of one site ask for its rules once
            site = await self.offload(self.sites.get, name)
            asked = await self._renewed(site, reservations=reservations)
            if asked != site:
                await self.offload(self.sites.save, asked)
            return asked

    async def _renewed(self, site: SiteRights, *, reservations: bool) -> SiteRights:
        now, failures = self.clock(), site.robots_failures
        if site.robots_due is None or site.robots_due <= now:
            site = _with_robots(site, await self._get(site.origin + _ROBOTS), self.clock())
        wanted = reservations and not site.robots_failures
        if wanted and (site.reservations_due is None or site.reservations_due <= now):
            answer = await self._get(site.origin + _RESERVATIONS)
            site = _with_reservations(site, answer, self.clock(), failures)
        return site

    async def _get(self, url: str) -> Outcome:
        return await self.door.get(url, accept="text/plain, application/json;q=0.9, */*;q=0.1", limit=FILE_LIMIT)


def _allowing(judged: Judgement | Wait | None, refusal: str) -> Judgement | Wait | Failed:
    """The judgement where it allows the address. Rules that killed their reader allow nothing."""
    match judged:
        case None | Judgement(allowed=False):
            return Failed(Why.ROBOTS, refusal)
        case _:
            return judged


def _usable(site: SiteRights, now: datetime) -> bool:
    """Its last good rules hold for a day, and for another while the site is down."""
    return site.robots_at is not None and now < site.robots_at + 2 * FRESH


def _with_robots(site: SiteRights, outcome: Outcome, now: datetime) -> SiteRights:
    found = _rules(outcome)
    if found is None:
        return _unanswered(site, now, site.robots_failures)
    return replace(site, robots=found, robots_at=now, robots_due=now + FRESH, robots_failures=0)


def _unanswered(site: SiteRights, now: datetime, failures: int) -> SiteRights:
    wait = min(FRESH, RETRY * 2 ** min(failures, 10))
    return replace(site, robots_failures=failures + 1, robots_due=now + wait)


def _rules(outcome: Outcome) -> str | None:
    """The text of a file of rules; "" where the site has none; None where it could not be had."""
    match outcome:
        case Fetched(body=body):
            return body[: robots.LONGEST].decode("utf-8", "replace").removeprefix("\ufeff")
        case Gone():
            return ""
        case Failed(why=Why.HTTP | Why.BLOCKED, status=status) if status is not None and 400 <= status < 500:
            return ""
        case _:
            return None


def _with_reservations(site: SiteRights, outcome: Outcome, now: datetime, failures: int) -> SiteRights:
    """One that was never had is asked for again, with robots.txt, as that is: `failures` is how often one of them did
    not answer. Later, what it said last goes on for a day."""
    found = _rules(outcome)
    if found is None and site.reservations_due is None:
        return _unanswered(site, now, failures)
    text = site.reservations if found is None else found
    return replace(site, reservations=text, reservations_due=now + FRESH)
