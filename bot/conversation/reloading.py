"""The configuration on disk put into force, on an operator's word."""

from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import command
from bot.model import Message
from bot.operators import reloads


@command("recharger", "reload", rank=150, right="operators", offered=("operators",))
async def reload(request: Request, context: Context) -> Message:
    await context.messenger.typing(request.incoming.chat)
    return reloads.reloaded(await context.reload(), request.view.language)
