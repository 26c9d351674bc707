"""An official act by any of its ids: what it is, the days that it sets, and what is said of it."""

from bot.conversation import act_view
from bot.conversation.context import Context
from bot.conversation.model import Question, Request, Shown
from bot.conversation.registry import command
from bot.model import Message
from matchers.acts.acts import meant


@command("acte", "act", rank=55, offered=("private",))
async def show_act(request: Request, context: Context) -> Shown:
    if not request.argument:
        return Question("acte", request.say("act.ask"))
    names = meant(request.argument)
    for name in names:
        found = await context.offload(context.store.acts.act, name)
        press = await context.offload(context.store.acts.press, name, act_view.SHOWN)
        if found is not None or press:
            days = await context.offload(context.store.deadlines.of_act, name)
            return Message(act_view.told(request.view, name, found, days, press))
    return Message(act_view.unknown(request.view, request.argument, names))
