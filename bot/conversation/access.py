"""Who comes in where access is closed: asked by an outsider, decided by an operator."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from bot.conversation import watchlists_view
from bot.conversation.context import Context
from bot.conversation.following import follow_all
from bot.conversation.model import Request, View
from bot.conversation.registry import button
from bot.messages import texts
from bot.messages.callback_data import base36, number
from bot.messages.texts import Language
from bot.model import Incoming, Message
from storage.chats.model import Chat

Decided = tuple[int, Literal["private", "group"] | None, Language]
"""The chat that asked, as what it is let in (None: it is turned away), and the language of who asked."""


def is_admitted(incoming: Incoming, chat: Chat | None, context: Context) -> bool:
    """Being known is what admits a chat."""
    doors = context.access
    return doors.access != "closed" or chat is not None or incoming.user in doors.admins


async def turn_away(request: Request, context: Context) -> Message | None:
    """An outsider's command is answered once a day, and the administrators are asked as often."""
    incoming, view = request.incoming, request.view
    if not incoming.text.startswith("/"):
        return None
    person = await context.person(incoming.speaker)
    if not await context.offload(context.store.chats.knock, person, view.today):
        return None
    value = f"{'p' if request.private else 'g'}{view.language}"
    item = await _item(incoming.chat, view.today, context)
    await context.operators.tell(item, lambda language: asked(language, incoming.chat, value))
    return Message(view.say("rights.request"))


def _decision(request: Request) -> Decided | None:
    press = request.press
    return (number(press.target), *DECISIONS[press.value]) if press.target and press.value in DECISIONS else None


@button("a", reads=_decision, right="operators")
async def admit(request: Request, context: Context, decision: Decided) -> Message:
    """Let a chat in, or not: it follows everything at once, and is told. The request that other administrators see is
    decided, too."""
    (chat, kind, language), today = decision, request.view.today
    if kind and await context.offload(context.store.chats.find, chat) is None:
        made = await context.offload(context.store.chats.arrive, chat, kind, language, context.clock())
        await follow_all(made, 0, context)
        following = await context.offload(context.store.chats.following, made.key)
        view = View(language, request.view.watchlists, made, tuple(following))
        greeting = watchlists_view.welcome(view, subscribed=True)
        said = f"{texts.text(language, 'rights.welcome')}\n\n{greeting.html}"
        await context.messenger.send(chat, Message(said, greeting.buttons))
    admitted = kind is not None
    for day in (today, today - timedelta(days=1)):
        item = await _item(chat, day, context)
        await context.operators.amend(item, lambda spoken: decided(spoken, chat, admitted=admitted))
    return decided(request.view.language, chat, admitted=admitted)


async def _item(chat: int, day: date, context: Context) -> str:
    """What the request of a chat is in the outbox: nobody reads a chat out of it."""
    return f"jq{(await context.person(chat))[:12]}.{day.isoformat()}"


# --- shown ---------------------------------------------------------------------------------------------------------
DECISIONS: Mapping[str, tuple[Literal["private", "group"] | None, Language]] = {
    "no": (None, "fr"), "private": ("private", "fr"), "group": ("group", "fr"),
    "pfr": ("private", "fr"), "pen": ("private", "en"), "gfr": ("group", "fr"), "gen": ("group", "en"),
}  # fmt: skip
"""What the buttons of a request lead to: the kind of chat let in, and the language of who asked."""


def asked(language: Language, chat: int, value: str) -> Message:
    """What an administrator reads when somebody asks to be let in; `value` is that of the button that admits."""
    view = View(language, {})
    keys = (("button.admit", value), ("button.refuse", "no"))
    row = tuple(view.key(view.say(label), "a", base36(chat), said) for label, said in keys)
    return Message(view.say("rights.asked", chat=str(chat)), (row,))


def decided(language: Language, chat: int, *, admitted: bool) -> Message:
    """What stands in its place once somebody has decided."""
    said = texts.text(language, "rights.admitted" if admitted else "rights.refused")
    return Message(f"{texts.text(language, 'rights.asked', chat=str(chat))}\n{said}")
