"""How Vigie is, for a reader, and its sources and its pause, for those who run it: done here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.conversation import running
from bot.conversation.callback import named, token
from bot.conversation.model import FeedCard, FeedDue, OperateChange, PauseSending, Sources, Status, View
from bot.digest import calendar
from bot.model import Message
from storage import Store
from storage.model import Feed, FeedId, FeedState

PAUSE = "pause"  # the memo that says until when nothing is sent
DAY = timedelta(days=1)


@dataclass(slots=True)
class Operating:
    store: Store
    offload: Callable[..., Awaitable[Any]]
    clock: Callable[[], datetime]

    async def do(self, change: OperateChange, view: View) -> Message:
        match change:
            case Status():
                return await self._status(view)
            case Sources(page):
                return running.sources(view, await self._feeds(), page)
            case FeedCard(feed):
                return await self._card(feed, view)
            case FeedDue(feed, wait):
                known = named(feed, [each.id for each, _ in await self._feeds()])
                if known is not None:
                    await self.offload(self.store.feeds.put_off, FeedId(known), self.clock() + wait)
                return await self._card(feed, view)
            case PauseSending(wait):
                return await self._pause(wait, view)
            case _:
                assert_never(change)

    async def _status(self, view: View) -> Message:
        now = self.clock()
        read = await self.offload(self.store.digests.read_count, now - DAY)
        figures = await self.offload(self.store.figures, now)
        upcoming = calendar.next_slot(view.chat, "daily", now) if view.chat and view.subscriptions else None
        return running.status(view, read, figures, upcoming, await self._paused(now))

    async def _feeds(self) -> tuple[tuple[Feed, FeedState], ...]:
        found: tuple[tuple[Feed, FeedState], ...] = await self.offload(self.store.feeds.overview)
        return found

    async def _card(self, feed: str, view: View) -> Message:
        held = next((each for each in await self._feeds() if token(each[0].id) == feed), None)
        return running.card(view, *held) if held else running.sources(view, await self._feeds(), 0)

    async def _pause(self, wait: timedelta, view: View) -> Message:
        """Nothing is sent for so long; reading goes on, and all of it goes out afterwards."""
        now = self.clock()
        await self.offload(self.store.outbox.freeze_all, now, wait)
        await self.offload(self.store.memos.put, PAUSE, (now + wait).isoformat())
        return running.paused(view, now + wait)

    async def _paused(self, now: datetime) -> datetime | None:
        said = await self.offload(self.store.memos.get, PAUSE)
        until = datetime.fromisoformat(said) if said else None
        return until if until is not None and until > now else None
