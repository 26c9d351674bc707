"""How Vigie is, for a reader, and its sources, its pause and its journal, for those who run it: done here."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from bot.clock import Clock
from bot.conversation import status_view
from bot.conversation.model import (
    FeedCard,
    FeedChange,
    FeedNormal,
    FeedNow,
    FeedPause,
    Journal,
    OperateChange,
    PauseSending,
    PauseSource,
    Sources,
    Status,
    View,
    Yields,
)
from bot.digest import calendar
from bot.messages.callback_data import named, token
from bot.model import Incoming, Message
from bot.operators.review import sources
from bot.search import plain
from bot.store_thread import Offload
from storage import Store
from storage.feeds.model import Feed, FeedState, Handling
from storage.ids import FeedId

DAY = timedelta(days=1)
NEAR = 3  # sources proposed for a name that is none's

FeedStates = tuple[tuple[Feed, FeedState], ...]


@dataclass(slots=True)
class Operating:
    """`admins`: the Telegram ids of those who run this Vigie."""

    store: Store
    offload: Offload
    clock: Clock
    admins: Callable[[], frozenset[int]]

    async def do(self, change: OperateChange, incoming: Incoming, view: View) -> Message | None:
        """None where the message that was pressed changes by itself."""
        match change:
            case Status():
                return await self._status(view, operator=incoming.user in self.admins())
            case Sources(page):
                return await self._sources(view, page)
            case Yields(page):
                return status_view.yields(view, await sources(self.store, self.offload, self.clock()), page)
            case FeedCard(feed):
                return await self._card(feed, view)
            case FeedNow() | FeedPause() | FeedNormal() | PauseSource():
                return await self._source(change, view)
            case PauseSending(wait):
                return await self._pause(wait, view)
            case Journal(move):
                return await self._journal(move, incoming, view)
            case _:
                assert_never(change)

    async def _status(self, view: View, *, operator: bool) -> Message:
        now = self.clock()
        read = await self.offload(self.store.digests.read_count, now - DAY)
        figures = await self.offload(self.store.figures, now)
        upcoming = calendar.next_slot(view.chat, "daily", now) if view.chat and view.subscriptions else None
        paused = await self.offload(self.store.outbox.paused, now)
        return status_view.status(view, read, figures, upcoming, paused, operator=operator)

    async def _pause(self, wait: timedelta, view: View) -> Message:
        """Nothing is sent for so long; reading goes on, and all of it goes out afterwards."""
        now = self.clock()
        await self.offload(self.store.outbox.pause, now, wait)
        return status_view.paused(view, now + wait) if wait else Message(view.say("status.resumed"))

    # --- sources ---------------------------------------------------------------------------------------------------
    async def _source(self, change: FeedChange, view: View) -> Message | None:
        now, feeds = self.clock(), await self._feeds()
        if isinstance(change, PauseSource):
            return await self._pause_named(change, feeds, view)
        known = named(change.feed, [each.id for each, _ in feeds])
        if known is None:
            return await self._card(change.feed, view)
        match change:
            case FeedNow():
                await self.offload(self.store.feeds.pause, FeedId(known), None, now)
            case FeedPause(_, wait):
                await self.offload(self.store.feeds.pause, FeedId(known), now + wait if wait else None, now)
            case FeedNormal():
                await self.offload(self.store.feeds.normal, FeedId(known), now)
            case _:
                assert_never(change)
        told_there = not isinstance(change, FeedNow) and change.journal
        return None if told_there else await self._card(change.feed, view)

    async def _pause_named(self, change: PauseSource, feeds: FeedStates, view: View) -> Message:
        """The source of this id or this name, whatever the case and the accents; the nearest where there is none."""
        spellings = {plain(said): each.id for each, _ in feeds for said in (each.name, each.id)}
        wanted = plain(change.name)
        if wanted not in spellings:
            close = difflib.get_close_matches(wanted, spellings, 2 * NEAR, 0.4)
            nearest = list(dict.fromkeys(spellings[each] for each in close))[:NEAR]
            return status_view.unknown_source(view, change.name, [each for each, _ in feeds if each.id in nearest])
        now = self.clock()
        await self.offload(self.store.feeds.pause, spellings[wanted], now + change.wait, now)
        return await self._card(token(spellings[wanted]), view)

    async def _feeds(self) -> FeedStates:
        return await self.offload(self.store.feeds.overview)

    async def _handling(self) -> Mapping[FeedId, Handling]:
        return await self.offload(self.store.feeds.handling)

    async def _card(self, feed: str, view: View) -> Message:
        feeds, handling = await self._feeds(), await self._handling()
        held = next((each for each in feeds if token(each[0].id) == feed), None)
        if held is None:
            return await self._sources(view, 0)
        silent = held[0].id in await self._silent()
        return status_view.card(view, *held, handling[held[0].id], self.clock(), silent=silent)

    async def _sources(self, view: View, page: int) -> Message:
        feeds, handling, silent = await self._feeds(), await self._handling(), await self._silent()
        return status_view.sources(view, feeds, handling, silent, self.clock(), page)

    async def _silent(self) -> frozenset[FeedId]:
        lasting = await self.offload(self.store.notices.open)
        return frozenset(each.feed for each in lasting if each.kind == "silent")

    # --- the journal -----------------------------------------------------------------------------------------------
    async def _journal(self, move: bool | None, incoming: Incoming, view: View) -> Message:
        """Where it goes, and what lasts; it is moved by whoever runs this Vigie, from the chat where it should be."""
        now, notices = self.clock(), self.store.notices
        if move:
            kind = incoming.chat_kind
            chat = await self.offload(self.store.chats.arrive, incoming.chat, kind, view.language, now)
            await self.offload(notices.here, chat.key, incoming.thread or 0)
        elif move is not None:
            await self.offload(notices.private)
        place = await self.offload(notices.place)
        readers = await self.offload(notices.readers, self.admins())
        lasting = await self.offload(notices.open)
        here = place is not None and place[0].telegram_id == incoming.chat
        private = incoming.chat_kind == "private"
        return status_view.journal(view, place, len(readers), lasting, now, here=here, private=private)
