"""What those who run Vigie are told of its sources: each trouble once, and once that it is over."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation import notices
from bot.daemon.live import Live
from bot.digest import calendar
from bot.polling.silence import silence
from storage.model import NewNotice, Note, Notice

log = logging.getLogger("vigie")

PARIS = ZoneInfo("Europe/Paris")
GROUPED = timedelta(minutes=10)  # between two messages: troubles come in groups
MORNING = 9  # the hour from which a silence is told
LOOKED = frozenset({"ok", "quiet", "moved"})  # a source that fails is not silent, and is told otherwise


@dataclass(slots=True)
class Journal:
    """`admins` are Telegram ids; without any, and in the terminal, the log is the journal."""

    live: Live
    admins: frozenset[int] = frozenset()
    _said_at: datetime | None = field(default=None)
    _listened: date | None = field(default=None)

    async def tick(self) -> None:
        """Tell what is untold, all of it in one message, not too often."""
        ports = self.live.ports
        now = ports.clock()
        if self._said_at is not None and timedelta() <= now - self._said_at < GROUPED:
            return
        told: tuple[Notice, ...] = await ports.offload(ports.store.notices.unsaid)
        if not told:
            return
        note = Note(f"j{told[-1].id}.{int(now.timestamp())}", self.admins, lambda language: _body(told, language))
        queued = await ports.offload(ports.store.notices.say, told, note if self.admins else None, now)
        if queued or not self.admins:
            self._said_at = now
            for each in told:
                fields = {"feed": each.feed, "what": each.kind, "over": each.ended is not None, "why": each.detail}
                log.warning("source", extra=fields)

    async def listen(self) -> None:
        """Look once a morning for sources that have gone silent against their own habit."""
        ports = self.live.ports
        local = ports.clock().astimezone(PARIS)
        if local.hour < MORNING or self._listened == local.date():
            return
        today = self._listened = local.date()
        off = calendar.holidays(today.year, "fr") | calendar.holidays(today.year - 1, "fr")
        appeared = await ports.offload(ports.store.articles.appeared, ports.clock() - timedelta(days=181))
        for feed, state in await ports.offload(ports.store.feeds.overview):
            if not feed.enabled or state.health not in LOOKED:
                continue
            days = [moment.astimezone(PARIS).date() for moment in appeared.get(feed.id, ())]
            found = silence(days, today, off)
            if found is not None:
                since = datetime(found.last.year, found.last.month, found.last.day, 12, tzinfo=PARIS)
                notice = NewNotice("silent", f"{found.days} {found.usual}", since)
                await ports.offload(ports.store.notices.put, feed.id, (notice,), (), ports.clock())


def _body(told: tuple[Notice, ...], language: str) -> str:
    return notices.sources(told, language).to_json()
