"""Where the journal goes, and what lasts: moved by whoever runs this Vigie, from the chat where it should be."""

from bot.conversation import status_view
from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import button, command
from bot.model import Message
from bot.operators.whereabouts import named, whereabouts


@command("journal", rank=170, right="operators", offered=("operators",))
async def show_journal(request: Request, context: Context) -> Message:
    incoming, notices = request.incoming, context.store.notices
    place = await context.offload(notices.place)
    readers = await context.offload(notices.readers, context.access.admins)
    lasting = await context.offload(notices.open)
    here = place is not None and place[0].telegram_id == incoming.chat
    now, private = context.clock(), request.private
    places = await whereabouts(lasting, context.store, context.offload, context.messenger)
    there, view, n = await named(*place, context.messenger) if place else None, request.view, len(readers)
    return status_view.journal(view, there, n, lasting, now, here=here, private=private, places=places)


def _comes_here(request: Request) -> bool | None:
    return {"h": True, "p": False}.get(request.press.target)


@button("lj", reads=_comes_here, right="operators")
async def move_journal(request: Request, context: Context, here: bool) -> Message:
    """It comes here, or goes back to private chats."""
    incoming, notices = request.incoming, context.store.notices
    if here:
        arrive, language = context.store.chats.arrive, request.view.language
        chat = await context.offload(arrive, incoming.chat, incoming.chat_kind, language, context.clock())
        await context.offload(notices.here, chat.key, incoming.thread or 0)
    else:
        await context.offload(notices.private)
    return await show_journal(request, context)
