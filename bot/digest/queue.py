"""Digests whose hour has come, queued: the shell around `calendar` and `compose`."""

import logging
from collections.abc import Mapping

from bot.digest import calendar, compose
from bot.live import Live
from bot.pipeline import Ports
from matchers.model import Watchlist
from storage.model import Chat, Lane

log = logging.getLogger("vigie")


async def send_digests(live: Live, *, console: bool) -> None:
    """Queue the digests whose hour has come, one transaction each; `console`: the terminal's, and no others."""
    made, watchlists = live.ports, live.watchlists
    moment = made.clock()
    closed = await made.offload(made.store.digests.closed_slots)
    for chat in await made.offload(made.store.chats.active):
        if (chat.kind == "console") != console:
            continue
        try:
            for slot in calendar.due_slots(chat, closed.get(chat.key, ()), moment):
                if compose.wants(slot.lane, await made.offload(made.store.chats.following, chat.key), watchlists):
                    await queue_digest(made, watchlists, chat, (slot.lane,), slot.id, late=slot.late)
        except Exception:  # a bug of ours: this chat goes without, the others get theirs
            log.exception("digest failed", extra={"chat": chat.key})


async def queue_digest(
    made: Ports,
    watchlists: Mapping[str, Watchlist],
    chat: Chat,
    lanes: tuple[Lane, ...],
    slot: str,
    *,
    late: bool = False,
) -> None:
    """Queue what the chat has not been shown yet on these lanes, and move them on."""
    levels = {name: watchlist.level for name, watchlist in watchlists.items()}
    window = await made.offload(made.store.digests.window, chat.key, lanes, levels)
    moment = made.clock()
    deliveries = compose.digest_messages(window, chat, watchlists, moment, lanes, slot, late)
    await made.offload(made.store.digests.close, chat.key, lanes, slot, window.cursor, deliveries, moment)
    log.info("digest", extra={"chat": chat.key, "slot": slot, "articles": len(window.items)})
