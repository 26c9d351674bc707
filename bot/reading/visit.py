"""An article's page, asked for and read: the shell around `read`."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from bot.model import Entry, Failed, Fetched, Gone, NotModified, Throttled, Why
from bot.polling.fetch import Door
from bot.reading import page, read, urls
from bot.reading.read import NotYet, Unasked
from bot.reading.worker import Crashed, Killed, Workers
from storage.model import Later, Policy, Reading

SHARE = 20  # pages asked of one host in one round: at 2 s each, more would hold up what the others brought
FAILURES = 2  # pages of one host that fail before the rest of the round leaves it alone
LADDER = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 120, 240, 480, 960))  # over a day in all
PAGES = "text/html,application/xhtml+xml;q=0.9"

_PASSING = frozenset({404, 408, 425, 429})  # 404: many sites publish the feed before the page


@dataclass(frozen=True, slots=True)
class Visit:
    """What was read. `later`: its page is to be asked for (again) then; None where this is all there will be."""

    reading: Reading
    later: Later | None = None


@dataclass(slots=True)
class Round:
    """The pages asked for in one go: one poll, or one turn of those that wait."""

    door: Door
    workers: Workers
    clock: Callable[[], datetime]
    _asked: Counter[str] = field(default_factory=Counter)
    _failed: Counter[str] = field(default_factory=Counter)

    async def read(self, entry: Entry, policy: Policy, tries: int = 0, not_before: datetime | None = None) -> Visit:
        """The entry, with its page where that is wanted and may be asked for now. `tries`: how often it failed."""
        if not read.needs_page(entry, policy):
            return Visit(read.read(entry, policy, now=self.clock()))
        host = urls.host(entry.link)
        if not_before is not None and not_before > self.clock():
            return self._not_yet(entry, policy, "waiting", Later(host, not_before, tries))
        if self._failed[host] >= FAILURES:  # not asked, so no try of this page
            return self._not_yet(entry, policy, "unreachable", Later(host, self.clock() + LADDER[0], tries))
        if self._asked[host] >= SHARE:
            return self._not_yet(entry, policy, "waiting", Later(host, self.clock(), tries))
        self._asked[host] += 1
        return await self._ask(entry, policy, host, tries)

    def _not_yet(self, entry: Entry, policy: Policy, why: Unasked, later: Later) -> Visit:
        return Visit(read.read(entry, policy, NotYet(why), now=self.clock()), later)

    async def _ask(self, entry: Entry, policy: Policy, host: str, tries: int) -> Visit:
        fetched = await fetch_page(entry.link, self.door)
        seen = fetched if isinstance(fetched, Failed) else await _seen(entry, fetched, self.workers)
        reading = read.read(entry, policy, seen, _address(fetched), self.clock())
        if not _for_now(seen):
            return Visit(reading)
        self._failed[host] += isinstance(seen, Failed)
        later = Later(host, self.clock() + LADDER[tries], tries + 1) if tries < len(LADDER) else None
        return Visit(reading, later)


async def fetch_page(link: str, door: Door) -> Fetched | Failed:
    """Ask for an article's page; an address that may not be shown is not asked for either."""
    address = urls.clean(link)
    if address is None:
        return Failed(Why.GUARD, "adresse refusée")
    outcome = await door.get(address, accept=PAGES, limit=page.LIMIT)
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


async def read_page(entry: Entry, policy: Policy, fetched: Fetched, workers: Workers, now: datetime) -> Reading:
    """The article, from its page if that can be read, else from its entry."""
    return read.read(entry, policy, await _seen(entry, fetched, workers), fetched.url, now)


async def _seen(entry: Entry, fetched: Fetched, workers: Workers) -> page.Page | Killed | Crashed:
    return await workers.run(page.read_page, fetched.body, fetched.content_type, fetched.url, entry.summary)


def _address(fetched: Fetched | Failed) -> str:
    return fetched.url if isinstance(fetched, Fetched) else ""


def _for_now(seen: page.Page | Failed | Killed | Crashed) -> bool:
    """Whether asking again some time later may bring the page."""
    match seen:
        case Failed(Why.NETWORK | Why.ENCODING | Why.TLS):
            return True
        case Failed(Why.HTTP, _, status):
            return status is not None and (status >= 500 or status in _PASSING)
        case Killed("busy" | "stopped"):
            return True
        case _:
            return False
