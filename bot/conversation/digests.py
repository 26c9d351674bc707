"""Digests: one on request, and what the buttons under one open."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation import menus, registry
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Keys, Request, Shown, View
from bot.conversation.registry import button, command
from bot.digest import compose, keys, layout
from bot.digest.compose import Printer
from bot.digest.content import DigestLine
from bot.messages import texts
from bot.messages.callback_data import base36
from bot.model import Message
from storage.chats.model import NUMBERED, Chat, Contents, Lane, Window

ON_REQUEST: tuple[Lane, ...] = ("daily", "weekly")

Opinion = tuple[str, keys.Thumb, int]
"""The name of a digest, what is thought, and of which of its numbers: 0 while that is being asked."""


# --- on request ----------------------------------------------------------------------------------------------------
@command("digest", rank=40, offered=("private", "groups"), everyday=2)
async def send_digest(request: Request, context: Context) -> Message | None:
    """Queue what matched since the last digest; the outbox delivers it, so that it can't be lost.

    It only shows: no lane is closed, so that the digest of the morning tells what one reader looked at before, unless
    who administers the chat wanted it otherwise."""
    view, digests, now = request.view, context.store.digests, context.clock()
    if view.chat is None or not view.subscriptions:
        return Message(view.say("digest.follow_first"))
    key, thread = view.chat.key, view.thread
    levels = {name: watchlist.level for name, watchlist in view.watchlists.items()}
    window = await context.offload(digests.window, key, ON_REQUEST, levels, thread)
    if not window.items:
        return nothing(view, window)
    slot = f"now{base36(int(now.timestamp() * 1000))}"  # asked twice in a second, it is told twice
    made = Printer(view.watchlists, now).digest(window, view.chat, ON_REQUEST, slot, thread=thread)
    if view.chat.digest_closes:
        close, cursor = digests.close, window.cursor
        await context.offload(close, key, ON_REQUEST, slot, cursor, made, now, thread)
    else:
        await context.offload(digests.show, key, made, now, thread)
    return None


# --- under a digest ------------------------------------------------------------------------------------------------
@button("q", reads=registry.target)
async def show_rest(request: Request, context: Context, name: str) -> Message | Beneath:
    view, kept = request.view, await _kept(name, request.view, context)
    if kept is None:
        return _forgotten(view)
    return rest(view, name, kept.head, await _lines(kept, view, context), request.press.page)


@button("d", reads=registry.target)
async def show_again(request: Request, context: Context, name: str) -> Message | Beneath:
    view, kept = request.view, await _kept(name, request.view, context)
    if kept is None:
        return _forgotten(view)
    lines = await _lines(kept, view, context)
    buttons = keys.digest(view.language, name, lines)
    return layout.digest(kept.head, lines, view.watchlists, view.language, view.timezone, kept.foot, buttons)[-1]


@button("kd", reads=registry.target)
async def show_keys(request: Request, context: Context, name: str) -> Shown:
    """The buttons of a digest, back in place of its numbers."""
    view, kept = request.view, await _kept(name, request.view, context)
    return _forgotten(view) if kept is None else await _keys(kept, name, view, context)


def _opinion(request: Request) -> Opinion | None:
    press = request.press
    opinion: keys.Thumb = "u" if press.verb == "wu" else "n"
    number = int(press.value) if press.value.isdecimal() else 0
    return (press.target, opinion, number) if press.target else None


def _noted(request: Request, opinion: Opinion) -> str:
    _, thumb, _ = opinion
    number = request.press.value
    return request.say(f"vote.number_{thumb}", n=number) if number.isdecimal() else request.say(f"vote.pick_{thumb}")


@button("wu", "wn", reads=_opinion, notice=_noted)
async def vote_number(request: Request, context: Context, opinion: Opinion) -> Shown:
    """The vote buttons of a digest: they open its numbers, and a number is a vote."""
    (name, thumb, number), view = opinion, request.view
    kept = await _kept(name, view, context)
    if kept is None:
        return _forgotten(view)
    if not request.press.value.isdecimal():
        return Keys(keys.numbers(view.language, name, thumb, _numbered(kept)))
    if 0 < number <= _numbered(kept):
        voter, article = await context.person(request.incoming.speaker), kept.lines[number - 1][0]
        await context.offload(context.store.votes.cast, article, voter, thumb == "u", context.clock())
    return await _keys(kept, name, view, context)


async def _keys(kept: Contents, name: str, view: View, context: Context) -> Keys:
    return Keys(keys.digest(view.language, name, await _lines(kept, view, context)))


async def _kept(name: str, view: View, context: Context) -> Contents | None:
    if view.chat is None:
        return None
    return await context.offload(context.store.digests.kept, view.chat.key, name, view.thread)


async def _lines(kept: Contents, view: View, context: Context) -> tuple[DigestLine, ...]:
    place = (view.chat.key, view.thread) if view.chat else None
    items = await context.offload(context.store.digests.items, [article for article, _, _ in kept.lines], place)
    return compose.recall(kept, items, [held.watchlist for held in view.subscriptions])


def _numbered(kept: Contents) -> int:
    """How many stories of a digest have a number in the message."""
    return sum(part in NUMBERED for _, _, part in kept.lines)


def _forgotten(view: View) -> Beneath:
    """The digest stays as it reads: it is only its numbers that are not known any more."""
    return Beneath(Message(view.say("digest.forgotten")))


# --- shown ---------------------------------------------------------------------------------------------------------
def rest(view: View, name: str, head: str, lines: Sequence[DigestLine], page: int) -> Message:
    """The rest of a digest, some stories a page, numbered on from those it showed."""
    shown, everything = sum(line.part in NUMBERED for line in lines), [line for line in lines if line.part == "rest"]
    page, pages, some = menus.leaf(everything, page)
    title = f"{head.partition('</b>')[0]}</b> · {view.say('digest.rest_title', n=len(everything))}"
    said = layout.rest(some, shown + page * menus.ROWS + 1, view.watchlists, view.language, view.timezone)
    back = (view.key(view.say("button.digest"), "d", name),)
    return Message(f"{title}\n{said}", (*menus.turner(view, "q", name, page, pages, len(everything)), back))


def nothing(view: View, window: Window) -> Message:
    """What /digest says when nothing was kept, with the way to a week."""
    read = view.say("digest.read", n=window.read)
    if window.since is None or view.chat is None:
        return Message(view.say("digest.nothing_yet", read=read))
    week = (view.key(view.say("changes.days", n=7), "dp", "7"), view.key(view.say("button.lists"), "v"))
    return Message(view.say("digest.nothing", since=_since(view, window.since, view.chat), read=read), (week,))


def _since(view: View, since: datetime, chat: Chat) -> str:
    return texts.moment(view.language, since, chat.timezone)
