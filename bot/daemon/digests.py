"""Digests whose hour has come, queued: the shell around `calendar` and `compose`."""

import logging
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.daemon.live import Live
from bot.digest import calendar, due
from bot.digest.compose import Printer, wants
from bot.ports import Ports
from storage.acts.model import Reminder, StoredDeadline
from storage.chats.digests import DigestRound
from storage.chats.model import Destination, Lane

log = logging.getLogger("vigie")


async def send_digests(live: Live, *, console: bool) -> None:
    """Queue the digests whose hour has come, one transaction each; `console`: the terminal's, and no others."""
    made, moment = live.ports, live.ports.clock()
    hour = DigestHour(made)
    closed = await made.offload(made.store.digests.closed_slots)
    for place in await made.offload(made.store.chats.destinations):
        chat = place.chat
        if (chat.kind == "console") != console:
            continue
        try:
            witness = False
            for slot in calendar.due_slots(chat, closed.get((chat.key, place.thread), ()), moment):
                if wants(slot.lane, place.subscriptions, live.watchlists):
                    witness = await hour.queue(place, slot, witness=witness)
        except Exception:  # a bug of ours: this chat goes without, the others get theirs
            log.exception("digest failed", extra={"chat": chat.key})


@dataclass(slots=True)
class DigestHour:
    """The digests of one moment: what chats want alike is looked up and printed once."""

    made: Ports
    shared: DigestRound = field(default_factory=DigestRound)
    _printer: Printer | None = None
    _days: dict[date, tuple[StoredDeadline, ...]] = field(default_factory=dict)

    async def queue(self, place: Destination, slot: calendar.DueDigest, *, witness: bool) -> bool:
        """Queue what a chat, or a topic of it, has not been shown yet on the lane of this slot, and move that on.

        `witness`: another digest of this morning names the head of the register; returned for the next one.
        """
        made, chat, thread = self.made, place.chat, place.thread
        lanes: tuple[Lane, ...] = (slot.lane,)
        levels = {name: watchlist.level for name, watchlist in made.engine.watchlists.items()}
        window = await made.offload(made.store.digests.window, chat.key, lanes, levels, thread, self.shared)
        printer = self._printer = self._printer or self._new_printer()
        window = replace(window, due=await self._due(place, printer.now), head=None if witness else window.head)
        digest = printer.digest(window, chat, lanes, slot.id, slot.late, thread)
        close = made.store.digests.close
        await made.offload(close, chat.key, lanes, slot.id, window.cursor, digest, printer.now, thread)
        log.info("digest", extra={"chat": chat.key, "slot": slot.id, "articles": len(window.items)})
        return witness or bool(digest.deliveries)

    async def _due(self, place: Destination, now: datetime) -> tuple[Reminder, ...]:
        """What this chat is to be reminded of today; days are looked up once a round."""
        made, chat = self.made, place.chat
        today = now.astimezone(ZoneInfo(chat.timezone)).date()
        if today not in self._days:
            self._days[today] = await made.offload(made.store.deadlines.between, today, today + due.HORIZON)
        if not self._days[today]:
            return ()
        told = await made.offload(made.store.reminders.told, chat.key, place.thread)
        followed = {each.watchlist for each in place.subscriptions}
        rhythm: calendar.DigestRhythm = (
            "daily" if wants("daily", place.subscriptions, made.engine.watchlists) else "weekly"
        )
        return due.reminders(self._days[today], followed, told, partial(calendar.comes_on, chat, rhythm), today)

    def _new_printer(self) -> Printer:
        engine = self.made.engine
        names = {each.id: each.name for each in engine.entities.values()}
        return Printer(engine.watchlists, self.made.clock(), names)
