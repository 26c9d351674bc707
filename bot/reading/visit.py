"""An article's page, asked for and read: the shell around `work`.

Of an entry or a page it sees bounded values only; whatever reads, cleans or names a stranger's text runs in a worker.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar, assert_never

from bot.clock import Clock
from bot.messages.forged import harmless, unmarked
from bot.model import Entry, Failed, Fetched, Gone, NotModified, Throttled, Why
from bot.reading import page, work
from bot.reading.read import Unasked, unread
from bot.reading.work import OpenedEntry, PageReading
from bot.web.fetch import Fetcher, Permit
from bot.web.permissions import Permissions, Wait
from bot.workers import Crashed, Killed, Workers
from storage.articles.model import ArticleText, Later
from storage.feeds.model import TextPolicy
from storage.operators.model import NoticeKind

T = TypeVar("T")

SHARE = 20  # pages asked of one host in one round: at 2 s each, more would hold up what the others brought
FAILURES = 2  # pages of one host that fail before the rest of the round leaves it alone
FATAL = 10  # times that a round ends its reader before the rest is left alone: 2,000 of four seconds would be hours
LADDER = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 120, 240, 480, 960))  # over a day in all
PAGES = "text/html,application/xhtml+xml;q=0.9"

REFUSALS: tuple[NoticeKind, ...] = ("robots", "reserved")  # also flags: of what a site does not want
RESERVED = "la page réserve les droits de fouille de textes"
BUSY = timedelta(minutes=1)  # our own workers are
TOGETHER = 200_000  # characters of entries opened in one go: a tenth of a second
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
    _opened: dict[tuple[Entry, TextPolicy], OpenedEntry] = field(default_factory=dict)
    _ended: int = 0

    async def open_ahead(self, entries: Sequence[tuple[Entry, TextPolicy]]) -> None:
        """Have these opened in a few goes of a worker, not in one each. Where one of them ends it, each is opened by
        itself when it is read."""
        for batch in _batches(entries):
            opened = await self._run(work.open_entries, batch, self.clock())
            if isinstance(opened, tuple):
                self._opened.update(zip(batch, opened, strict=True))

    async def read(self, entry: Entry, policy: TextPolicy, tries: int = 0, not_before: datetime | None = None) -> Visit:
        """The entry, with its page where that is wanted and may be asked for now. `tries`: how often it failed."""
        opened = await self._open(entry, policy)
        if not isinstance(opened, OpenedEntry):
            flag = unread(opened)
            later = Later("", self.clock() + BUSY, tries) if flag == "waiting" else None
            return Visit(unopened(entry, flag), later)
        if opened.address is None:
            return Visit(opened.reading)
        return await self._with_page(entry, policy, opened, opened.address, tries, not_before)

    async def spare(self, entry: Entry, policy: TextPolicy) -> Visit:
        """The entry without its page, which killed its last reader."""
        opened = await self._open(entry, policy)
        return Visit(flagged(opened.reading if isinstance(opened, OpenedEntry) else unopened(entry), "killed"))

    async def _with_page(
        self,
        entry: Entry,
        policy: TextPolicy,
        opened: OpenedEntry,
        address: str,
        tries: int,
        not_before: datetime | None,
    ) -> Visit:
        host = opened.host
        if not_before is not None and not_before > self.clock():
            return _not_yet(opened, "waiting", Later(host, not_before, tries))
        if self._failed[host] >= FAILURES:  # not asked, so no try of this page
            return _not_yet(opened, "unreachable", Later(host, self.clock() + LADDER[0], tries))
        if self._asked[host] >= SHARE:
            return _not_yet(opened, "waiting", Later(host, self.clock(), tries))
        verdict = await self.permits.ask(address, licensed=self.licensed)
        if isinstance(verdict, Wait):
            self._note_wait(verdict)
            return _not_yet(opened, "waiting", Later(host, verdict.until, tries))
        answer = verdict or await self._ask(address, host)
        return await self._answered(entry, policy, opened, answer, Later(host, self.clock(), tries))

    async def _open(self, entry: Entry, policy: TextPolicy) -> OpenedEntry | Killed | Crashed:
        opened = self._opened.pop((entry, policy), None)
        if opened is not None:
            return opened
        return await self._run(work.open_entry, entry, policy, self.clock())

    async def _ask(self, address: str, host: str) -> Fetched | Failed:
        self._asked[host] += 1
        return await fetch_page(address, self.door, partial(self.permits.permit, licensed=self.licensed))

    async def _answered(
        self, entry: Entry, policy: TextPolicy, opened: OpenedEntry, answer: Fetched | Failed, turn: Later
    ) -> Visit:
        seen = answer if isinstance(answer, Failed) else await self._seen(entry, policy, answer)
        reading = seen.reading if isinstance(seen, PageReading) else flagged(opened.reading, unread(seen))
        self._note(seen, reading)
        if not _for_now(seen):
            return Visit(reading)
        self._failed[turn.host] += isinstance(seen, Failed)
        if turn.tries >= len(LADDER):
            return Visit(reading)
        return Visit(reading, Later(turn.host, self.clock() + LADDER[turn.tries], turn.tries + 1))

    async def _seen(self, entry: Entry, policy: TextPolicy, fetched: Fetched) -> PageReading | Killed | Crashed:
        seen = await self._run(work.read_fetched, entry, policy, fetched, self.licensed, self.clock())
        if isinstance(seen, PageReading) and seen.reserved:
            await self.permits.reserve(fetched.url)
        return seen

    async def _run(self, function: Callable[..., T], *arguments: object) -> T | Killed | Crashed:
        """In a worker, unless this round has ended too many of them."""
        if self._ended >= FATAL:
            return Killed("died", "trop de ses voisins ont arrêté leur lecteur")
        answer = await self.workers.run(function, *arguments)
        self._ended += isinstance(answer, Killed) and answer.reason not in ("busy", "stopped")
        return answer

    def _note(self, seen: PageReading | Failed | Killed | Crashed, reading: ArticleText) -> None:
        for kind in REFUSALS:
            if kind in reading.flags:
                self.refused.setdefault(kind, seen.detail if isinstance(seen, Failed) else RESERVED)

    def _note_wait(self, wait: Wait) -> None:
        length = wait.until - self.clock()
        if length > SPACED:
            asked = f"robots.txt demande d’attendre {round(length.total_seconds())} s entre deux pages"
            self.refused.setdefault("spaced", asked)


def _batches(entries: Sequence[tuple[Entry, TextPolicy]]) -> Iterator[tuple[tuple[Entry, TextPolicy], ...]]:
    """Two and more at a time, none of more than `TOGETHER` characters; what is long goes alone, when it is read."""
    batch: list[tuple[Entry, TextPolicy]] = []
    room = TOGETHER
    for entry, policy in entries:
        size = len(entry.content) + len(entry.summary)
        if size > room and len(batch) > 1:
            yield tuple(batch)
        if size > room:
            batch, room = [], TOGETHER
        if size <= room:
            batch.append((entry, policy))
            room -= size
    if len(batch) > 1:
        yield tuple(batch)


def unopened(entry: Entry, *flags: str) -> ArticleText:
    """An entry that no worker could open: its bare title, as the feed's reader left it."""
    title = unmarked(harmless(entry.title))
    return ArticleText(title, "", "", "", source="title_only" if title else "none", flags=flags)


def flagged(reading: ArticleText, flag: str) -> ArticleText:
    """The same reading, and why there is no more of it."""
    return replace(reading, flags=tuple(sorted({*reading.flags, flag})))


def _not_yet(opened: OpenedEntry, why: Unasked, later: Later) -> Visit:
    return Visit(flagged(opened.reading, why), later)


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


async def read_page(entry: Entry, fetched: Fetched, workers: Workers, now: datetime) -> ArticleText:
    """The article, from its page if that can be read, else from its entry; rights aside, as somebody asked for it."""
    seen = await workers.run(work.read_fetched, entry, "page", fetched, True, now)
    return seen.reading if isinstance(seen, PageReading) else unopened(entry, unread(seen))


def _for_now(seen: PageReading | Failed | Killed | Crashed) -> bool:
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
