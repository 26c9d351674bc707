"""A watchlist that somebody follows, leaves, sets or wants a brief of in plain words, by its name."""

from dataclasses import replace

from bot.conversation import aims, registry, watchlists_view
from bot.conversation.context import Context
from bot.conversation.model import Request, Shown
from bot.conversation.registry import Doing
from bot.model import Message
from bot.search import plain
from matchers.model import Watchlist


def list_named(said: str, request: Request) -> Doing | None:
    """What does it where the object is a watchlist: followed only where its very name is said, or else shown."""
    view, aim = request.view, aims.aim_of(said)
    if aim is not None and (found := aims.lists_meant(aim.object, view.watchlists)):
        exact = len(found) == 1 and plain(aim.object) in (plain(found[0].id), plain(found[0].name))
        follow = registry.find_command("suivre")
        if aim.act == "brief":
            brief = registry.find_command("brief")
            return _with(brief.do, found[0]) if brief and len(found) == 1 else None
        if aim.act == "follow" and exact and follow is not None and request.allows(follow.right):
            return _with(follow.do, found[0])
        return _shown(found)
    if (within := aims.list_within(said, view.watchlists)) is not None:
        return _shown((within,))
    left = aims.level_of(said)
    if left is None:
        return None
    found = aims.lists_meant(left, view.watchlists)
    return _shown(found) if found or not left else None


def _shown(found: tuple[Watchlist, ...]) -> Doing:
    """The card of one, the names of several, or all where none is named."""

    async def show(request: Request, context: Context) -> Message:
        view = request.view
        if len(found) == 1:
            return watchlists_view.card(view, found[0])
        if not found:
            return watchlists_view.lists(view)
        return Message(view.say("aim.which"), tuple((watchlists_view.card_key(view, each),) for each in found))

    return show


def _with(do: Doing, watchlist: Watchlist) -> Doing:
    async def name_it(request: Request, context: Context) -> Shown:
        return await do(replace(request, argument=watchlist.id), context)

    return name_it
