"""Digests whose hour has come, queued: the shell around `calendar` and `compose`."""

import logging

from bot.daemon.live import Live
from bot.digest import calendar, compose
from bot.ports import Ports
from storage.chats.model import Destination, Lane

log = logging.getLogger("vigie")


async def send_digests(live: Live, *, console: bool) -> None:
    """Queue the digests whose hour has come, one transaction each; `console`: the terminal's, and no others."""
    made, moment = live.ports, live.ports.clock()
    closed = await made.offload(made.store.digests.closed_slots)
    for place in await made.offload(made.store.chats.destinations):
        chat = place.chat
        if (chat.kind == "console") != console:
            continue
        try:
            for slot in calendar.due_slots(chat, closed.get((chat.key, place.thread), ()), moment):
                if compose.wants(slot.lane, place.subscriptions, live.watchlists):
                    await queue_digest(made, place, (slot.lane,), slot.id, late=slot.late)
        except Exception:  # a bug of ours: this chat goes without, the others get theirs
            log.exception("digest failed", extra={"chat": chat.key})


async def queue_digest(
    made: Ports,
    place: Destination,
    lanes: tuple[Lane, ...],
    slot: str,
    *,
    late: bool = False,
) -> None:
    """Queue what a chat, or a topic of it, has not been shown yet on these lanes, and move them on."""
    chat, thread, watchlists = place.chat, place.thread, made.engine.watchlists
    names = {each.id: each.name for each in made.engine.entities.values()}
    levels = {name: watchlist.level for name, watchlist in watchlists.items()}
    window = await made.offload(made.store.digests.window, chat.key, lanes, levels, thread)
    moment = made.clock()
    digest = compose.digest(window, chat, watchlists, moment, lanes, slot, late, thread, names)
    close = made.store.digests.close
    await made.offload(
        close, chat.key, lanes, slot, window.cursor, digest.deliveries, moment, thread=thread, kept=digest.kept
    )
    log.info("digest", extra={"chat": chat.key, "slot": slot, "articles": len(window.items)})
