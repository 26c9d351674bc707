"""The sources, for those who run Vigie: how each answers, and what may be done about it."""

import difflib
from datetime import timedelta

from bot.conversation import registry, status_view
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Request, View
from bot.conversation.registry import button, command
from bot.messages.callback_data import named, token
from bot.model import Message
from bot.operators import review
from bot.search import plain
from storage.ids import FeedId

NEAR = 3  # sources proposed for a name that is none's
PAUSES = ("0", "24")  # hours


# --- looked at -----------------------------------------------------------------------------------------------------
@command("sources", rank=130, right="operators", offered=("operators",))
async def show_sources(request: Request, context: Context) -> Message:
    return await _sources(0, request.view, context)


@button("xs", reads=registry.page, right="operators")
async def turn_sources(request: Request, context: Context, page: int) -> Message:
    return await _sources(page, request.view, context)


@button("i", reads=registry.page, right="operators")
async def show_yields(request: Request, context: Context, page: int) -> Message | Beneath:
    """What each source brought: from the weekly message, which stays; then by edit."""
    found = await review.sources(context.store, context.offload, context.clock())
    shown = status_view.yields(request.view, found, page)
    return shown if request.press.target else Beneath(shown)


@button("x", reads=registry.target, right="operators")
async def show_source(request: Request, context: Context, feed: str) -> Message:
    return await _card(feed, request.view, context)


async def _sources(page: int, view: View, context: Context) -> Message:
    feeds = await context.offload(context.store.feeds.overview)
    handling = await context.offload(context.store.feeds.handling)
    return status_view.sources(view, feeds, handling, await _silent(context), context.clock(), page)


async def _card(feed: str, view: View, context: Context) -> Message:
    """One source, by the token of its id; all of them where it is gone."""
    feeds = await context.offload(context.store.feeds.overview)
    handling = await context.offload(context.store.feeds.handling)
    held = next((each for each in feeds if token(each[0].id) == feed), None)
    if held is None:
        return await _sources(0, view, context)
    silent, now = held[0].id in await _silent(context), context.clock()
    leads = await context.offload(context.store.leads, now - review.QUARTER)
    return status_view.card(view, *held, handling[held[0].id], now, leads.get(held[0].id), silent=silent)


async def _silent(context: Context) -> frozenset[FeedId]:
    lasting = await context.offload(context.store.notices.open)
    return frozenset(each.feed for each in lasting if each.kind == "silent")


# --- handled -------------------------------------------------------------------------------------------------------
@button("xd", reads=registry.target, right="operators")
async def read_now(request: Request, context: Context, feed: str) -> Message:
    """Ask a source at once, whatever pause there is."""
    await _pause(feed, timedelta(), context)
    return await _card(feed, request.view, context)


def _pause_of(request: Request) -> tuple[str, int] | None:
    feed, hours = request.press.target, request.press.value
    return (feed, int(hours)) if feed and hours in PAUSES else None


def _paused_said(request: Request, pause: tuple[str, int]) -> str:
    return request.say("sources.paused_for", n=pause[1]) if pause[1] else ""


@button("xp", "lp", reads=_pause_of, right="operators", notice=_paused_said)
async def pause_source(request: Request, context: Context, pause: tuple[str, int]) -> Message | None:
    feed, hours = pause
    known = await _pause(feed, timedelta(hours=hours), context)
    return None if known and _in_journal(request) else await _card(feed, request.view, context)


def _normal_said(request: Request, _: str) -> str:
    return request.say("sources.normal_said")


@button("xn", "ln", reads=registry.target, right="operators", notice=_normal_said)
async def call_silence_normal(request: Request, context: Context, feed: str) -> Message | None:
    """The silence of a source is as it should be."""
    known = await _feed(feed, context)
    if known is not None:
        await context.offload(context.store.feeds.normal, known, context.clock())
    return None if known and _in_journal(request) else await _card(feed, request.view, context)


def _accepted_said(request: Request, _: tuple[str, str]) -> str:
    return request.say("sources.accepted")


def _list_of(request: Request) -> tuple[str, str] | None:
    feed, mark = request.press.target, request.press.value
    return (feed, mark) if feed and mark else None


@button("la", reads=_list_of, right="operators", notice=_accepted_said)
async def accept_list(request: Request, context: Context, held: tuple[str, str]) -> Beneath | None:
    """Believe the reading of a list that is held, if it is still that one."""
    feed, mark = held
    known = await _feed(feed, context)
    if known is not None and await context.offload(context.store.lists.accept, known, mark, context.clock()):
        return None
    return Beneath(Message(request.say("sources.lapsed")))


def _ignored_said(request: Request, _: str) -> str:
    return request.say("sources.ignored")


@button("li", reads=registry.target, right="operators", notice=_ignored_said)
async def ignore_list(_: Request, context: Context, feed: str) -> None:
    """Hear no more of the reading of a list that is held; the next good one ends it."""
    known = await _feed(feed, context)
    if known is not None:
        await context.offload(context.store.lists.ignore, known, context.clock())


def _in_journal(request: Request) -> bool:
    """Pressed in the journal, whose message changes by itself."""
    return request.press.verb in ("lp", "ln")


async def pause_named(name: str, wait: timedelta, view: View, context: Context) -> Message:
    """Do not ask the source of this id or this name for so long, whatever the case and the accents; the nearest where
    there is none."""
    feeds = await context.offload(context.store.feeds.overview)
    spellings = {plain(said): each.id for each, _ in feeds for said in (each.name, each.id)}
    wanted = plain(name)
    if wanted not in spellings:
        close = difflib.get_close_matches(wanted, spellings, 2 * NEAR, 0.4)
        nearest = list(dict.fromkeys(spellings[each] for each in close))[:NEAR]
        return status_view.unknown_source(view, name, [each for each, _ in feeds if each.id in nearest])
    feed = token(spellings[wanted])
    await _pause(feed, wait, context)
    return await _card(feed, view, context)


async def _pause(feed: str, wait: timedelta, context: Context) -> FeedId | None:
    """Do not ask a source for so long; no time at all ends its pause. None where there is no such source."""
    known, now = await _feed(feed, context), context.clock()
    if known is not None:
        await context.offload(context.store.feeds.pause, known, now + wait if wait else None, now)
    return known


async def _feed(feed: str, context: Context) -> FeedId | None:
    """The id behind a token."""
    feeds = await context.offload(context.store.feeds.overview)
    known = named(feed, [each.id for each, _ in feeds])
    return FeedId(known) if known is not None else None
