"""Every watchlist followed at once."""

from bot.conversation.context import Context
from storage.chats.model import Chat


async def follow_all(chat: Chat, thread: int, context: Context) -> None:
    """Every watchlist at its own level."""
    now = context.clock()
    for watchlist in context.rules.watchlists:
        await context.offload(context.store.chats.follow, chat.key, watchlist, None, now, thread)
