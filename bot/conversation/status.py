"""How Vigie is, for whoever asks."""

from datetime import timedelta

from bot.conversation import status_view
from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import command
from bot.digest import calendar
from bot.model import Message
from bot.operators import unlisted
from bot.trials import recall, unseen

DAY = timedelta(days=1)


@command("etat", "status", rank=90, offered=("private", "groups"))
async def show_status(request: Request, context: Context) -> Message:
    view, store, now = request.view, context.store, context.clock()
    read = await context.offload(store.digests.read_count, now - DAY)
    figures = await context.offload(store.figures, now)
    upcoming = calendar.next_slot(view.chat, "daily", now) if view.chat and view.subscriptions else None
    paused = await context.offload(store.outbox.paused, now)
    measured = await context.offload(recall.measured, store, now)
    sample = unseen.read(await context.offload(store.key_values.get, unseen.MEMO))
    proved = unlisted.proofs(measured, sample, view.language) if measured is not None or request.operator else ()
    return status_view.status(view, read, figures, upcoming, paused, proved, operator=request.operator)
