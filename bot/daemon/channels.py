"""Where people read what Vigie says: Telegram, other chats, or the terminal; and who carries it there."""

import re
import secrets
import sys
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.build import user_agent
from bot.config.destinations import AppriseAddress, Outside
from bot.config.settings import Settings
from bot.daemon.live import Live
from bot.delivery.chat import Listener, Messenger
from bot.delivery.console import Console
from bot.delivery.deliver import Courier, Times, Ways
from bot.delivery.no_telegram import NoTelegram
from bot.delivery.pacer import FREE, TELEGRAM, Pacer
from bot.delivery.places import Places, identity
from bot.delivery.probe import Probe
from bot.delivery.webhook import EventArticle, EventMatch
from bot.digest import layout
from bot.ending import CannotRun
from bot.messages import markup
from bot.office import Office
from bot.ports import Ports
from bot.web.guard import Guard
from bot.web.post import Poster
from storage.chats.model import Chat, Choices
from storage.ids import ArticleId

if TYPE_CHECKING:
    from bot.delivery.telegram import Telegram


@dataclass(frozen=True, slots=True)
class Channels:
    """Where people read. `telegram` is where they answer, None without a token; `places` carries to what is not on
    Telegram, None where nothing is; `console`: there is only the terminal."""

    messenger: Messenger
    pacer: Pacer
    telegram: Listener | None = None
    places: Places | None = None
    apprise: tuple[Outside, ...] = ()
    console: bool = False

    @property
    def bot(self) -> int | None:
        """The number of the bot that speaks on Telegram; None where none does."""
        return self.telegram.number if self.telegram is not None else None


async def outlets(settings: Settings, made: Ports, stack: AsyncExitStack) -> Channels:
    """Telegram if there is a token, the places that are named; without either, the terminal; nothing but our name on
    Telegram where this daemon sends no messages. Raises CannotRun."""
    telegram = await _telegram(settings, stack)
    if "messages" not in settings.roles:
        return Channels(telegram or NoTelegram(), Pacer(TELEGRAM), telegram)
    named = tuple(Outside(name, AppriseAddress(address)) for name, address in settings.elsewhere)
    if telegram is None and not (named or made.places):
        return Channels(Console(sys.stdout, made.clock), Pacer(FREE), console=True)
    way: Mapping[str, str] = {}
    if any(isinstance(each.way, AppriseAddress) for each in (*named, *made.places)):
        from bot.delivery.apprise_chats import destination, way_out

        way = stack.enter_context(way_out(settings.network))
        for name, address in settings.elsewhere:
            destination(name, address.reveal())  # a wrong one ends it here
    guard = Guard(allow_private=settings.allow_private_networks, reach=settings.reach)
    poster = Poster(guard, settings.network, user_agent(settings))
    stack.push_async_callback(poster.aclose)
    places = Places(settings.network, poster, made.clock, partial(_told, made), partial(_witness, made), way)
    return Channels(telegram or NoTelegram(), Pacer(TELEGRAM), telegram, places, named)


_TITLE = 300  # code points


async def _told(made: Ports, item: str) -> EventArticle | None:
    """The article of an item of the outbox (`a12`); None where it names none, or it is kept no more."""
    if not re.fullmatch(r"a[0-9]{1,18}", item):
        return None
    number = ArticleId(int(item[1:]))
    article = await made.offload(made.store.articles.get, number)
    if article is None:
        return None
    matches = await made.offload(made.store.articles.matches, number)
    published = article.published.isoformat() if article.published else None
    known = made.engine.watchlists
    kept = tuple(
        EventMatch(
            each.watchlist, known[each.watchlist].name if each.watchlist in known else each.watchlist, each.score
        )
        for each in matches
    )
    title, source = markup.bounded(article.title, _TITLE), markup.bounded(article.source_name, _TITLE)
    return EventArticle(number, title, article.url, source, published, article.first_seen.isoformat(), kept)


async def _witness(made: Ports, language: str) -> str:
    return markup.visible(layout.witness(await made.offload(made.store.register.head), language))


async def _telegram(settings: Settings, stack: AsyncExitStack) -> "Telegram | None":
    if settings.token is None:
        return None
    from bot.delivery.telegram import Telegram, TokenRefused

    try:
        return await stack.enter_async_context(Telegram(settings.token.reveal(), settings.api_url, settings.network))
    except TokenRefused as problem:
        raise CannotRun(str(problem)) from problem


async def settle(live: Live, out: Channels) -> None:
    """The chats that say nothing follow what they are to; a destination that is no more has left."""
    made = live.ports
    if out.console:
        await terminal(live)
    by_name = {each.name: each for each in (*out.apprise, *made.places)} if out.places is not None else {}
    if out.places is not None:
        stamp = await made.offload(made.store.key_values.make, "places", lambda: secrets.token_hex(8))
        out.places.adopt(by_name.values(), stamp)
    ids = {identity(name) for name in by_name}
    for chat in await made.offload(made.store.chats.active):
        if chat.kind == "elsewhere" and chat.telegram_id not in ids:
            await made.offload(made.store.chats.leave, chat.telegram_id, made.clock())
    for each in by_name.values():
        await _settle_one(live, each)


async def _settle_one(live: Live, place: Outside) -> None:
    """It has its own language, hour, level and lists, whatever it had before."""
    made, chats = live.ports, live.ports.store.chats
    there = await made.offload(chats.arrive, identity(place.name), "elsewhere", place.language, made.clock())
    choices = Choices(language=place.language, digest_at=place.digest_at)
    await made.offload(chats.settings, there.key, choices)
    wanted = tuple(live.watchlists) if place.lists is None else place.lists
    for subscription in await made.offload(chats.following, there.key):
        if subscription.watchlist not in wanted:
            await made.offload(chats.unfollow, there.key, subscription.watchlist)
    for watchlist in wanted:
        await made.offload(chats.follow, there.key, watchlist, place.level, made.clock())


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


async def courier_to(made: Ports, out: Channels, *, probe: bool, office: Office | None = None) -> Courier:
    """A courier that has taken over what another run left in flight, or does so as soon as its `office` is held.

    `probe`: it may look for what is in doubt.
    """
    if out.bot is not None:
        await made.offload(made.store.proof.speaks, out.bot)
    looks = Probe(made.store.proof, made.offload, out.messenger, out.pacer, made.clock, allowed=probe)
    ways = Ways(out.messenger, out.pacer, looks, out.places, out.console)
    courier = Courier(made.store.outbox, made.offload, uuid.uuid4().hex, ways, Times(made.clock), office)
    if office is None or office.held:
        await courier.recover()
    return courier
