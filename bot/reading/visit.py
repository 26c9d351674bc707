"""An article's page, asked for and read: the shell around `read`."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.clock import Clock
from bot.model import Entry, Failed, Fetched, Gone, NotModified, Throttled, Why
from bot.reading import page, read
from bot.reading.read import NotYet, Unasked
from bot.web import robots, urls
from bot.web.fetch import Fetcher, Permit
from bot.web.permissions import Permissions, Wait
from bot.web.robots import Terms
from bot.workers import Crashed, Killed, Workers
from storage.articles.model import ArticleText, Later
from storage.feeds.model import TextPolicy
from storage.operators.model import NoticeKind

SHARE = 20  # pages asked of one host in one round: at 2 s each, more would hold up what the others brought
FAILURES = 2  # pages of one host that fail before the rest of the round leaves it alone
LADDER = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 120, 240, 480, 960))  # over a day in all
PAGES = "text/html,application/xhtml+xml;q=0.9"

REFUSALS: tuple[NoticeKind, ...] = ("robots", "reserved")  # also flags: of what a site does not want
RESERVED = "la page réserve les droits de fouille de textes"
SPACED = timedelta(minutes=1)  # between two pages of a site: those of its feed would always be late

_PASSING = frozenset({404, 408, 425, 429})  # 404: many sites publish the feed before the page


@dataclass(frozen=True, slots=True)
class Visit:
    """What was read. `later`: its page is to be asked for (again) then; None where this is all there will be."""

    reading: ArticleText
    later: Later | None = None


@dataclass(slots=True)
class Round:
    """The pages asked for in one go: one poll, or one turn of those that wait.

    `refused` holds what sites did not want, with the reason: an operator is told once.
    """

    door: Fetcher
    workers: Workers
    permits: Permissions
    clock: Clock
    licensed: bool = False
    refused: dict[NoticeKind, str] = field(default_factory=dict)
    _asked: Counter[str] = field(default_factory=Counter)
    _failed: Counter[str] = field(default_factory=Counter)

    async def read(self, entry: Entry, policy: TextPolicy, tries: int = 0, not_before: datetime | None = None) -> Visit:
        """The entry, with its page where that is wanted and may be asked for now. `tries`: how often it failed."""
        address = urls.clean(entry.link)
        if address is None or not read.needs_page(entry, policy):
            return Visit(read.read(entry, policy, now=self.clock()))
        host = urls.host(entry.link)
        if not_before is not None and not_before > self.clock():
            return self._not_yet(entry, policy, "waiting", Later(host, not_before, tries))
        if self._failed[host] >= FAILURES:  # not asked, so no try of this page
            return self._not_yet(entry, policy, "unreachable", Later(host, self.clock() + LADDER[0], tries))
        if self._asked[host] >= SHARE:
            return self._not_yet(entry, policy, "waiting", Later(host, self.clock(), tries))
        verdict = await self.permits.ask(address, licensed=self.licensed)
        if isinstance(verdict, Wait):
            self._note_wait(verdict)
            return self._not_yet(entry, policy, "waiting", Later(host, verdict.until, tries))
        answer = verdict or await self._ask(address, host)
        return await self._answered(entry, policy, answer, Later(host, self.clock(), tries))

    def spare(self, entry: Entry, policy: TextPolicy) -> Visit:
        """The entry without its page, which killed its last reader."""
        return Visit(read.read(entry, policy, NotYet("killed"), now=self.clock()))

    async def _ask(self, address: str, host: str) -> Fetched | Failed:
        self._asked[host] += 1
        return await fetch_page(address, self.door, partial(self.permits.permit, licensed=self.licensed))

    async def _answered(self, entry: Entry, policy: TextPolicy, answer: Fetched | Failed, turn: Later) -> Visit:
        seen = answer if isinstance(answer, Failed) else await self._seen(entry, answer)
        reading = read.read(entry, policy, seen, _address(answer), self.clock())
        self._note(seen, reading)
        if not _for_now(seen):
            return Visit(reading)
        self._failed[turn.host] += isinstance(seen, Failed)
        if turn.tries >= len(LADDER):
            return Visit(reading)
        return Visit(reading, Later(turn.host, self.clock() + LADDER[turn.tries], turn.tries + 1))

    async def _seen(self, entry: Entry, fetched: Fetched) -> page.Page | Killed | Crashed:
        terms = Terms(robots.reservation(fetched.reservation), self.licensed, fetched.robots_tags)
        seen = await _run(entry, fetched, self.workers, terms)
        if isinstance(seen, page.Page) and seen.problem == "reserved":
            await self.permits.reserve(fetched.url)
        return seen

    def _note(self, seen: page.Page | Failed | Killed | Crashed, reading: ArticleText) -> None:
        for kind in REFUSALS:
            if kind in reading.flags:
                self.refused.setdefault(kind, seen.detail if isinstance(seen, Failed) else RESERVED)

    def _note_wait(self, wait: Wait) -> None:
        length = wait.until - self.clock()
        if length > SPACED:
            asked = f"robots.txt demande d’attendre {round(length.total_seconds())} s entre deux pages"
            self.refused.setdefault("spaced", asked)

    def _not_yet(self, entry: Entry, policy: TextPolicy, why: Unasked, later: Later) -> Visit:
        return Visit(read.read(entry, policy, NotYet(why), now=self.clock()), later)


async def fetch_page(address: str, door: Fetcher, permit: Permit | None = None) -> Fetched | Failed:
    """Ask for an article's page; `permit` is asked about where it redirects to."""
    outcome = await door.get(address, accept=PAGES, limit=page.LIMIT, permit=permit)
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
    entry: Entry, policy: TextPolicy, fetched: Fetched, workers: Workers, now: datetime, terms: Terms = page.FREE
) -> ArticleText:
    """The article, from its page if that can be read, else from its entry."""
    return read.read(entry, policy, await _run(entry, fetched, workers, terms), fetched.url, now)


async def _run(entry: Entry, fetched: Fetched, workers: Workers, terms: Terms) -> page.Page | Killed | Crashed:
    return await workers.run(page.read_page, fetched.body, fetched.content_type, entry.summary, terms)


def _address(fetched: Fetched | Failed) -> str:
    return fetched.url if isinstance(fetched, Fetched) else ""


def _for_now(seen: page.Page | Failed | Killed | Crashed) -> bool:
    """Whether asking again some time later may bring the page."""
    match seen:
        case Failed(Why.NETWORK | Why.ENCODING | Why.TLS):
            return True
        case Failed(Why.HTTP | Why.ROBOTS, _, status):
            return status is not None and (status >= 500 or status in _PASSING)
        case Killed("busy" | "stopped"):
            return True
        case _:
            return False
