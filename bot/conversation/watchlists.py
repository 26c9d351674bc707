"""The watchlists: looked at, followed and dropped."""

import difflib
from collections.abc import Mapping
from datetime import timedelta

from bot.conversation import menus, registry, watchlists_view
from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.conversation.own_terms import follow_term
from bot.conversation.registry import button, command, link
from bot.conversation.scene import arrived, view_of
from bot.messages import markup
from bot.model import Message
from bot.search import plain
from bot.trials.own_terms import quoted
from matchers.model import Level, Watchlist
from storage.articles.model import StoredArticle

PREVIEW = 5
COUNTED = 200  # articles weighed for « sur 30 jours »; beyond, it says « au moins »
MONTH = timedelta(days=30)
LEVELS: Mapping[str, Level] = {
    "flash": "flash",
    "quotidien": "daily", "daily": "daily",
    "hebdo": "weekly", "hebdomadaire": "weekly", "weekly": "weekly",
}  # fmt: skip
_LEVEL_OF: Mapping[str, Level | None] = {"o": None, **dict(watchlists_view.LEVELS)}


# --- looked at -----------------------------------------------------------------------------------------------------
@command("veilles", "watchlists", "list", rank=20, offered=("private", "groups"), everyday=1)
async def show_lists(request: Request, context: Context) -> Message:
    return watchlists_view.lists(request.view)


@button("v", reads=registry.page)
async def turn_lists(request: Request, context: Context, page: int) -> Message:
    return watchlists_view.lists(request.view, page)


@button("c", reads=registry.watchlist)
async def show_card(request: Request, context: Context, watchlist: Watchlist) -> Message:
    return watchlists_view.card(request.view, watchlist)


@link("v_")
async def open_card(request: Request, context: Context) -> Message:
    """A link to a watchlist shows it, and never subscribes."""
    view, name = request.view, request.argument
    watchlist = called(view, name)
    return watchlists_view.card(view, watchlist) if watchlist else watchlists_view.unknown_watchlist(view, name, ())


@button("t", reads=registry.watchlist)
async def show_terms(request: Request, context: Context, watchlist: Watchlist) -> Message:
    return watchlists_view.terms(request.view, watchlist, request.press.page)


@button("p", reads=registry.watchlist)
async def show_examples(request: Request, context: Context, watchlist: Watchlist) -> Message:
    """What it would have kept lately."""
    return watchlists_view.examples(request.view, watchlist, await _lately(watchlist, PREVIEW, context))


async def _lately(watchlist: Watchlist, limit: int, context: Context) -> tuple[StoredArticle, ...]:
    """The newest articles that the watchlist keeps, newest first."""
    items = await context.offload(context.store.digests.preview, (watchlist.id,), limit)
    return tuple(item.article for item in items)


# --- followed ------------------------------------------------------------------------------------------------------
@command("suivre", "follow", rank=25, right="administrators", offered=("private", "group_admins"))
async def follow_named(request: Request, context: Context) -> Message:
    own = quoted(request.argument)
    if own is not None and called(request.view, own) is None:
        return await follow_term(own, request, context)
    wished = wish(own or request.argument, request.view)
    return wished if isinstance(wished, Message) else await _follow(*wished, request, context)


def wish(argument: str, view: View) -> tuple[Watchlist, Level | None] | Message:
    """The watchlist that is meant and the level asked for (None: its own), or why nobody can tell. Pure."""
    if not argument or not view.watchlists:
        return _usage(view)
    words = argument.split()
    if whole := called(view, argument):
        return whole, None
    watchlist, level = called(view, " ".join(words[:-1])), LEVELS.get(plain(words[-1]))
    if watchlist and level:
        return watchlist, level
    if watchlist or (watchlist := called(view, words[0])):
        rest = argument.removeprefix(words[0]).strip() if called(view, words[0]) else words[-1]
        said = view.say("follow.level", level=markup.escape(markup.cut(rest, menus.ECHO)))
        return Message(said, watchlists_view.card(view, watchlist).buttons)
    asked = " ".join(words[:-1]) if level and len(words) > 1 else argument
    return watchlists_view.unknown_watchlist(view, asked, _nearest(view, asked))


def called(view: View, name: str) -> Watchlist | None:
    """The watchlist with this id or this name, whatever the case and the accents."""
    wanted = plain(name).strip()
    known = view.watchlists.values()
    return next((held for held in known if wanted in (plain(held.id).strip(), plain(held.name).strip())), None)


def _usage(view: View) -> Message:
    shown = watchlists_view.lists(view)
    return Message(f"{view.say('follow.usage')}\n\n{shown.html}", shown.buttons)


def _nearest(view: View, name: str) -> list[str]:
    """The three watchlists whose id or name looks most like `name`."""
    spellings = {plain(spelling): held.id for held in view.watchlists.values() for spelling in (held.id, held.name)}
    close = difflib.get_close_matches(plain(name).strip(), spellings, 6, 0.4)
    return list(dict.fromkeys(spellings[spelling] for spelling in close))[:3]


def _wanted(request: Request) -> tuple[Watchlist, str] | None:
    watchlist, value = registry.watchlist(request), request.press.value
    return (watchlist, value) if watchlist and value in (*_LEVEL_OF, "x") else None


def _level_noted(request: Request, wanted: tuple[Watchlist, str]) -> str:
    """What is set already leaves its menu as it is: then only this tells."""
    watchlist, value = wanted
    return "" if value == "x" else f"✓ {request.say(f'level.{_LEVEL_OF[value] or watchlist.level}')}"


@button("f", reads=_wanted, right="administrators", notice=_level_noted)
async def set_following(request: Request, context: Context, wanted: tuple[Watchlist, str]) -> Message:
    watchlist, value = wanted
    if value == "x":
        return await _unfollow(watchlist, request, context)
    return await _follow(watchlist, _LEVEL_OF[value], request, context)


async def _follow(watchlist: Watchlist, level: Level | None, request: Request, context: Context) -> Message:
    chat = await arrived(request, context)
    follow, now = context.store.chats.follow, context.clock()
    await context.offload(follow, chat.key, watchlist.id, level, now, request.view.thread)
    return await _confirmed(watchlist, await view_of(request.incoming, context), context)


async def _confirmed(watchlist: Watchlist, view: View, context: Context) -> Message:
    since, digests = context.clock() - MONTH, context.store.digests
    kept = await _lately(watchlist, COUNTED, context)
    month = [article.id for article in kept if article.first_seen >= since]
    stories = await context.offload(digests.subjects, month)
    read = await context.offload(digests.read_count, since)
    shown = min(PREVIEW, len(kept))
    return watchlists_view.following(view, watchlist, shown, len(month), stories, len(month) == COUNTED, read)


async def _unfollow(watchlist: Watchlist, request: Request, context: Context) -> Message:
    view = request.view
    if view.chat:
        await context.offload(context.store.chats.unfollow, view.chat.key, watchlist.id, view.thread)
    return watchlists_view.unfollowed(await view_of(request.incoming, context), watchlist)
