"""Tells what many chats are to be told, a few hundred at a time, so that nobody waits for the base meanwhile."""

import logging

from bot.daemon.live import Live

log = logging.getLogger("vigie")

SHARES = 20  # transactions a tick: some two thousand chats a second, and what else there is to write goes between them


async def tell_waves(live: Live, shares: int | None = SHARES) -> None:
    """Go on with the waves under way, for so many transactions; None: to their end."""
    told = done = 0
    while shares is None or done < shares:
        ports = live.ports
        queued = await ports.offload(
            ports.store.waves.advance, ports.newsroom, frozenset(live.watchlists), ports.clock()
        )
        if queued is None:
            break
        told, done = told + queued, done + 1
    if done:
        log.info("wave", extra={"queued": told, "transactions": done})
