"""Which flashes a budget would have let through, shown to who sets one."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.conversation import registry
from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.conversation.registry import button
from bot.digest import budget
from bot.digest.budget import BUDGETS, WouldRing
from bot.messages import markup, texts
from bot.model import Message
from storage.chats.model import Follower

SPAN, SHOWN, TITLE = timedelta(days=28), 20, 90
_MARKS = {1: "①", 3: "③", 7: "⑦", None: "·"}


@button("rw", reads=registry.page, right="administrators")
async def show_replay(request: Request, context: Context, _: int) -> Message:
    view, now = request.view, context.clock()
    if view.chat is None:
        return Message(view.say("budget.none"))
    followed = tuple(replace(each, since=0) for each in view.subscriptions)
    names = [each.watchlist for each in followed]
    kept = await context.offload(context.store.rings.kept, names, now - SPAN)
    return shown(view, budget.replay(kept, Follower(view.chat, followed)))


def shown(view: View, rung: tuple[WouldRing, ...]) -> Message:
    """The titles that would have rung, the newest first, each with the smallest budget under which it would. Pure."""
    back = ((view.key(view.say("button.back"), "g", "p"),),)
    if not rung:
        return Message(view.say("budget.none"), back)
    counts = ", ".join(
        view.say("budget.count", budget=limit, n=sum(each.least is not None and each.least <= limit for each in rung))
        for limit in BUDGETS
    )
    lines = [markup.bold(view.say("budget.title")), view.say("budget.counts", n=len(rung), counts=counts)]
    lines += (_line(view, each) for each in reversed(rung[-SHOWN:]))
    if len(rung) > SHOWN:
        lines.append(view.say("budget.more", n=len(rung) - SHOWN))
    return Message("\n".join([*lines, view.say("budget.legend")]), back)


def _line(view: View, each: WouldRing) -> str:
    day = texts.short_day(view.language, each.article.first_seen.astimezone(ZoneInfo(view.timezone)).date())
    title = markup.link(markup.cut(each.article.title, TITLE), each.article.url)
    return f"{_MARKS[each.least]} {day} {title}"
