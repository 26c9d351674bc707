"""A newcomer's first word: every watchlist at once, and the greeting."""

from bot.conversation import command_menus, watchlists_view
from bot.conversation.context import Context
from bot.conversation.following import follow_all
from bot.conversation.model import Request
from bot.conversation.registry import command
from bot.conversation.scene import arrived, view_of
from bot.messages.deep_links import ADDED
from bot.model import Message


@command("start")
async def start(request: Request, context: Context) -> Message | None:
    if request.argument == ADDED and not request.private:  # who came by our link is greeted as the group is entered
        return None
    shown = await _greeting(request, context)
    await command_menus.review(request, context)
    return shown


async def _greeting(request: Request, context: Context) -> Message:
    view = request.view
    if view.chat is not None or not request.may_change or not view.watchlists:
        return watchlists_view.welcome(view, subscribed=False)
    await follow_all(await arrived(request, context), view.thread, context)
    return watchlists_view.welcome(await view_of(request.incoming, context), subscribed=True)
