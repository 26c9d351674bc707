"""What those who run Vigie are told: each cause in one message that lives as long as it does."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.daemon.live import Live
from bot.daemon.reloaded import Rejected, ReloadOutcome
from bot.delivery.chat import Messenger
from bot.digest import calendar
from bot.messages import texts
from bot.model import Message
from bot.operators import causes, reloads
from bot.operators.whereabouts import whereabouts
from bot.polling.silence import histories, silence
from storage import StoreError
from storage.chats.model import Note
from storage.feeds.model import FeedState
from storage.operators.model import URGENT, JournalMessage, NewNotice, Notice, NoticeKind, PageSort, Untold

log = logging.getLogger("vigie")

PARIS = ZoneInfo("Europe/Paris")
GATHER = timedelta(minutes=10)  # troubles come in groups: the first one waits for the others
HOURLY = timedelta(hours=1)  # between two messages of them, and between two edits of what only lasts
ASKED = 2.0  # seconds that a store which takes nothing may take to say who reads
MORNING = 9  # the hour from which a silence is told
SPOKE = timedelta(days=1)  # no silence is told before two open days
LOOKED = frozenset({"ok", "quiet", "moved"})  # a source that fails is not silent, and is told otherwise
SELF: tuple[NoticeKind, ...] = ("token", "disk", "reader")  # what `ailing` may find

Ailing = Callable[[], Mapping[NoticeKind, str]]
"""What ails this machine or this bot now, with what is known of it."""

Speech = tuple[PageSort, tuple[Notice, ...]]


@dataclass(slots=True)
class Journal:
    """`admins` are Telegram ids; without any, and in the terminal, the log is the journal.

    `voice` sends at once: for when the store is so full that nothing can be queued.
    """

    live: Live
    admins: frozenset[int] = frozenset()
    ailing: Ailing = dict
    voice: Messenger | None = None
    _listened: date | None = field(default=None)
    _ails: frozenset[NoticeKind] | None = field(default=None)
    _cried: dict[str, datetime] = field(default_factory=dict)

    async def tick(self) -> None:
        """Tell what is untold, and tell anew what has changed."""
        now = self.live.ports.clock()
        await self._examine(now)
        store, offload = self.live.ports.store.notices, self.live.ports.offload
        standing = await offload(store.untold)
        if not self.admins:
            told = [notice for notice, _ in standing.notices]
            await offload(store.mark, told, now) if told else None
            _log(told)
            return
        told = [
            *(notice for notice, _ in standing.notices),
            *(each for page in standing.pages for each in page.notices),
        ]
        places = await whereabouts(told, self.live.ports.store, offload, self.voice)
        for sort, told_now in speeches(standing, now):
            await self._say(sort, told_now, standing, causes.composer(now, places))
        for page in standing.pages:
            if changed(page, now):
                await offload(store.retell, page.item, causes.composer(now, places), now)

    async def _say(self, sort: PageSort, told: tuple[Notice, ...], standing: Untold, compose: causes.Compose) -> None:
        store, offload, now = self.live.ports.store.notices, self.live.ports.offload, self.live.ports.clock()
        waiting = unsent(standing, sort)
        if waiting is not None:
            await offload(store.join, waiting.item, told, now)
            await offload(store.retell, waiting.item, compose, now)
        elif not await offload(store.tell, sort, told, self.admins, compose, now):
            return
        _log(told)

    async def reloaded(self, verdict: ReloadOutcome) -> None:
        """A change of the files was put into force, or refused: told at once."""
        ports, now = self.live.ports, self.live.ports.clock()
        if isinstance(verdict, Rejected):
            refused = NewNotice("reload", reloads.problems(verdict), now)
            await ports.offload(ports.store.notices.put, None, (refused,), (), now)
            await self.tick()
            return
        body = lambda language: reloads.reloaded(verdict, language)  # noqa: E731
        await ports.offload(ports.store.notices.note, Note(f"jr{int(now.timestamp())}", self.admins, body), now)

    async def adopted(self) -> None:
        """New rules are in force: no refusal stands any more."""
        ports = self.live.ports
        await ports.offload(ports.store.notices.put, None, (), ("reload",), ports.clock())
        await self.tick()

    # --- what ails us ----------------------------------------------------------------------------------------------
    async def _examine(self, now: datetime) -> None:
        found = self.ailing()
        if self._ails == frozenset(found):
            return
        begun = tuple(NewNotice(kind, detail, now) for kind, detail in found.items())
        over = tuple(kind for kind in SELF if kind not in found)
        ports = self.live.ports
        try:
            await ports.offload(ports.store.notices.put, None, begun, over, now)
        except StoreError as problem:
            await self.cry(problem, now)
        else:
            self._ails = frozenset(found)

    async def cry(self, problem: StoreError, now: datetime) -> None:
        """The store takes nothing: said at once, past the queue, and again an hour later."""
        if (cried := self._cried.get(str(problem))) is not None and within(cried, HOURLY, now):
            return
        self._cried[str(problem)] = now
        log.critical("the store takes nothing", extra={"problem": problem})
        if self.voice is None:
            return
        for chat, thread, language in await self._hearers():
            said = texts.text(language, "cause.stuck" if problem.passing else "cause.hurt", detail=str(problem))
            await self.voice.send(chat, Message(said), thread=thread or None)

    async def _hearers(self) -> Sequence[tuple[int, int, str]]:
        """Where the journal goes, as (Telegram chat, topic, language): straight to each operator where the store can't
        say it any more, or knows none of them yet."""
        ports = self.live.ports
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(ASKED):
                readers = await ports.offload(ports.store.notices.readers, self.admins)
            if readers:
                return [(chat.telegram_id, thread, chat.language) for chat, thread in readers]
        return [(admin, 0, "fr") for admin in sorted(self.admins)]

    # --- silences --------------------------------------------------------------------------------------------------
    async def listen(self) -> None:
        """Look once a morning for sources that have gone silent against their own habit."""
        ports = self.live.ports
        now = ports.clock()
        local = now.astimezone(PARIS)
        if local.hour < MORNING or self._listened == local.date():
            return
        today = self._listened = local.date()
        off = calendar.holidays(today.year, "fr") | calendar.holidays(today.year - 1, "fr")
        chosen = await ports.offload(ports.store.feeds.handling)
        looked = [feed.id for feed, state in await ports.offload(ports.store.feeds.overview)
                  if feed.enabled and may_be_silent(state, now) and not chosen[feed.id].paused(now)]  # fmt: skip
        for feed_id, days in (
            await ports.offload(histories, ports.store.articles.appeared, looked, now, PARIS)
        ).items():
            found = silence(days, today, off, chosen[feed_id].patience)
            if found is not None:
                since = datetime(found.last.year, found.last.month, found.last.day, 12, tzinfo=PARIS)
                notice = NewNotice("silent", f"{found.days} {found.usual}", since)
                await ports.offload(ports.store.notices.put, feed_id, (notice,), (), now)


# --- when to speak, pure -------------------------------------------------------------------------------------------
def speeches(standing: Untold, now: datetime) -> list[Speech]:
    """What is to be told now: what is urgent alone and at once, silences together, the rest together and hourly."""
    untold = [notice for notice, _ in standing.notices]
    urgent: list[Speech] = [("urgent", (notice,)) for notice in untold if notice.kind in URGENT]
    silent = tuple(notice for notice in untold if notice.kind == "silent")
    others = [(notice, raised) for notice, raised in standing.notices if notice.kind not in (*URGENT, "silent")]
    hourly: list[Speech] = []
    if others and (unsent(standing, "hourly") or _gathered(others, standing.hourly, now)):
        hourly = [("hourly", tuple(notice for notice, _ in others))]
    silences: list[Speech] = [("silence", silent)] if silent else []
    return [*urgent, *silences, *hourly]


def _gathered(others: Sequence[tuple[Notice, datetime]], last: datetime | None, now: datetime) -> bool:
    oldest = min(raised for _, raised in others)
    return not within(oldest, GATHER, now) and (last is None or not within(last, HOURLY, now))


def may_be_silent(state: FeedState, now: datetime) -> bool:
    """Whether its past is worth reading: what brought something since yesterday is not silent, whatever its habit."""
    return state.health in LOOKED and (state.new_entry_at is None or state.new_entry_at < now - SPOKE)


def unsent(standing: Untold, sort: PageSort) -> JournalMessage | None:
    """A message of this sort that has not left, so that more can be told by it; what is urgent stands alone."""
    return next((page for page in standing.pages if page.waits and page.sort == sort != "urgent"), None)


def changed(page: JournalMessage, now: datetime) -> bool:
    """Whether a message may be out of date: at once where something has happened, else hourly."""
    news = any(each.stale for each in page.notices)
    return news or not within(page.edited, HOURLY, now)


def within(begun: datetime, length: timedelta, now: datetime) -> bool:
    """Whether less than `length` has passed; a clock that was set back makes nobody wait."""
    return timedelta() <= now - begun < length


def _log(told: Sequence[Notice]) -> None:
    for each in told:
        log.warning("trouble", extra={"about": each.feed or each.about, "what": each.kind, "why": each.detail})
