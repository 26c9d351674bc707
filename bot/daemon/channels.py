"""Where people read what Vigie says: Telegram, other chats, or the terminal; and who carries it there."""

import sys
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.config.settings import Settings
from bot.daemon.live import Live
from bot.delivery.chat import Listener, Messenger
from bot.delivery.console import Console
from bot.delivery.deliver import Courier
from bot.delivery.pacer import FREE, TELEGRAM, Pacer
from bot.delivery.probe import Probe
from bot.ending import CannotRun
from bot.ports import Ports
from storage.chats.model import Chat

if TYPE_CHECKING:
    from bot.delivery.apprise_chats import AppriseTarget
    from bot.delivery.telegram import Telegram


@dataclass(frozen=True, slots=True)
class Channels:
    """Where people read. `telegram` is where they answer, None without a token; `console`: the terminal alone."""

    messenger: Messenger
    pacer: Pacer
    telegram: Listener | None = None
    elsewhere: tuple["AppriseTarget", ...] = ()

    @property
    def console(self) -> bool:
        return self.telegram is None and not self.elsewhere

    @property
    def bot(self) -> int | None:
        """The number of the bot that speaks on Telegram; None where none does."""
        return self.telegram.number if self.telegram is not None else None


async def outlets(settings: Settings, stack: AsyncExitStack, clock: Clock) -> Channels:
    """Telegram if there is a token, the other chats that are named; without either, the terminal. Raises CannotRun."""
    telegram = await _telegram(settings, stack)
    if settings.elsewhere:
        from bot.delivery.apprise_chats import Elsewhere, destination, way_out

        stack.enter_context(way_out(settings.network))
        others = tuple(destination(name, address.reveal()) for name, address in settings.elsewhere)
        return Channels(Elsewhere(others, telegram), Pacer(TELEGRAM), telegram, others)
    if telegram is None:
        return Channels(Console(sys.stdout, clock), Pacer(FREE))
    return Channels(telegram, Pacer(TELEGRAM), telegram)


async def _telegram(settings: Settings, stack: AsyncExitStack) -> "Telegram | None":
    if settings.token is None:
        return None
    from bot.delivery.telegram import Telegram, TokenRefused

    try:
        return await stack.enter_async_context(Telegram(settings.token.reveal(), settings.api_url, settings.network))
    except TokenRefused as problem:
        raise CannotRun(str(problem)) from problem


async def settle(live: Live, out: Channels) -> None:
    """The chats that say nothing follow every watchlist at its own level; a destination that is no more has left."""
    made = live.ports
    if out.console:
        await terminal(live)
    names = {each.id for each in out.elsewhere}
    for chat in await made.offload(made.store.chats.active):
        if chat.kind == "elsewhere" and chat.telegram_id not in names:
            await made.offload(made.store.chats.leave, chat.telegram_id, made.clock())
    for each in out.elsewhere:
        there = await made.offload(made.store.chats.arrive, each.id, "elsewhere", "fr", made.clock())
        await _follow_all(live, there)


async def _follow_all(live: Live, chat: Chat) -> None:
    made = live.ports
    for watchlist in live.watchlists:
        await made.offload(made.store.chats.follow, chat.key, watchlist, None, made.clock())


# --- chats that say nothing ----------------------------------------------------------------------------------------
async def terminal(live: Live) -> Chat:
    """The terminal as a chat: it follows every watchlist at its own level."""
    made = live.ports
    chat = await made.offload(made.store.chats.console, made.clock())
    await _follow_all(live, chat)
    return chat


async def courier_to(
    made: Ports,
    messenger: Messenger,
    pacer: Pacer,
    *,
    probe: bool,
    bot: int | None,
    console: bool = False,
    elsewhere: bool = False,
) -> Courier:
    """A courier that has taken over what another run left in flight.

    `probe`: it may look for what is in doubt. `bot`: who speaks on Telegram, None where nobody does.
    """
    run = uuid.uuid4().hex
    if bot is not None:
        await made.offload(made.store.proof.speaks, bot)
    outbox = made.store.outbox
    looks = Probe(made.store.proof, made.offload, messenger, pacer, made.clock, allowed=probe)
    courier = Courier(
        outbox, made.offload, messenger, pacer, looks, made.clock, run, console=console, elsewhere=elsewhere
    )
    await courier.recover()
    return courier
