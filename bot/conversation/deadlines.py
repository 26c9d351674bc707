"""The days that come near, for the lists that a chat follows, and which of them it puts aside."""

from datetime import date, timedelta

from bot.conversation import menus, registry
from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.conversation.registry import button, command
from bot.digest import due
from bot.messages import markup
from bot.messages.callback_data import base36
from bot.model import Message
from storage.acts.model import Step, StoredDeadline
from storage.acts.reminders import Told

AHEAD = timedelta(days=90)
_CHOICES: dict[str, Step] = {"s": due.SEEN, "n": due.NOT_OURS}


@command("echeances", "deadlines", rank=68, offered=("private", "groups"))
async def show_deadlines(request: Request, context: Context) -> Message:
    return await _shown(request, context, 0)


@button("ec", reads=registry.page)
async def turn_deadlines(request: Request, context: Context, page: int) -> Message:
    return await _shown(request, context, page)


def _choice(request: Request) -> tuple[int, str] | None:
    number, value = registry.number(request), request.press.value
    return (number, value) if number is not None and value in _CHOICES else None


@button("ed", reads=_choice, right="administrators")
async def put_aside(request: Request, context: Context, choice: tuple[int, str]) -> Message:
    """Seen: no more reminders of this day. Not for us: of no day of it."""
    number, value = choice
    view, store = request.view, context.store
    known = next((each for each in await _known(request, context) if each.id == number), None)
    if known is not None and view.chat is not None:
        day = known.day.isoformat() if value == "s" else ""
        await context.offload(
            store.reminders.put_aside, view.chat.key, view.thread, number, day, _CHOICES[value], context.clock()
        )
    return await _shown(request, context, request.press.page)


async def _known(request: Request, context: Context) -> tuple[StoredDeadline, ...]:
    today = request.view.today
    return await context.offload(context.store.deadlines.between, today, today + AHEAD)


async def _shown(request: Request, context: Context, page: int) -> Message:
    view = request.view
    told: Told = frozenset()
    if view.chat is not None:
        told = await context.offload(context.store.reminders.told, view.chat.key, view.thread)
    followed = [each.watchlist for each in view.subscriptions]
    return drawn(view, due.open_to(await _known(request, context), followed, told), page, view.today)


def drawn(view: View, found: tuple[StoredDeadline, ...], page: int, today: date) -> Message:
    """The soonest first, eight a page. Pure."""
    if not found:
        return Message(view.say("due.none"))
    page, pages, shown = menus.leaf(found, page)
    lines = [markup.bold(view.say("due.title"))]
    rows = []
    for place, each in enumerate(shown, start=page * menus.ROWS + 1):
        lines.append(f"{place}. {due.line(each, view.language, today)}")
        target = base36(each.id)
        rows.append(
            (
                view.key(f"{place} · {view.say('button.seen')}", "ed", target, "s", page),
                view.key(f"{place} · {view.say('button.not_ours')}", "ed", target, "n", page),
            )
        )
    return Message("\n\n".join(lines), (*rows, *menus.turner(view, "ec", "all", page, pages, len(found))))
