"""What changed since a day, said in words: of the lists of the chat, of one list, or of a dossier."""

import re

from bot import changes, days
from bot.conversation import changes_view, registry, wishes
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Request, Shown
from bot.conversation.registry import button, command
from bot.conversation.scoped import scope_of, scoped
from bot.delivery.chat import Sent
from bot.model import Message
from storage.changes.model import Chronicle, Span

_ASKED = re.compile(r"\bchang\w*\b.*?\b((?:depuis|since)\b.+)", re.IGNORECASE | re.DOTALL)
_SINCE = re.compile(r"(.*?)\b((?:depuis|since)\b.{2,40})", re.IGNORECASE | re.DOTALL)

WEEK = "7 j"


@command("depuis", "since", rank=65, offered=("private", "groups"))
async def show_changes(request: Request, context: Context) -> Shown:
    """Without a word, those of seven days."""
    return await _shown(request.argument or WEEK, request, context)


def asked_since(said: str) -> str:
    """What « Qu’est-ce qui a changé depuis le 1er octobre ? » and « depuis lundi » ask of the command; ""
    for what asks for no change, or since no day. Pure."""
    if found := _ASKED.search(said):
        return found[1]
    found = _SINCE.fullmatch(said.strip())
    if not found or not days.is_named(found[2]):
        return ""
    return "" if found[1].strip() and not wishes.is_wishing(found[1]) else found[2]


def _some_days(request: Request) -> str | None:
    return request.press.target if request.press.target in changes_view.SPANS else None


@button("dp", reads=_some_days)
async def show_span(request: Request, context: Context, number: str) -> Shown:
    return await _shown(f"{number} j", request, context)


@button("df", reads=registry.target)
async def send_whole(request: Request, context: Context, token: str) -> Beneath | None:
    """All of it, as a text file, for who wants every line."""
    argument = context.searches.query(token)
    found = None if argument is None else await _found(argument, request, context)
    if found is None:
        return Beneath(Message(request.say("search.forgotten")))
    if isinstance(found, Message):
        return Beneath(found)
    span, chronicle = found
    text = changes_view.whole(request.view, span, chronicle, changes.net(chronicle.facts))
    name = f"{request.say('changes.file')}-{request.view.day(span.start)}.txt"
    incoming, caption = request.incoming, request.say("changes.caption")
    sent = await context.messenger.file(incoming.chat, name, text.encode(), caption, thread=incoming.thread)
    return None if isinstance(sent, Sent) else Beneath(Message(request.say("export.failed")))


async def _shown(argument: str, request: Request, context: Context) -> Message:
    found = await _found(argument, request, context)
    if isinstance(found, Message):
        return found
    span, chronicle = found
    token = context.searches.remember(argument)
    return changes_view.shown(request.view, span, chronicle, changes.net(chronicle.facts), token)


async def _found(argument: str, request: Request, context: Context) -> tuple[Span, Chronicle] | Message:
    view, now = request.view, context.clock()
    asked = scoped(argument, view)
    span = days.span_of(asked.span or WEEK, now, view.timezone)
    if not isinstance(span, Span):
        return changes_view.refused(view, span)
    scope = await scope_of(asked, view, context)
    if scope is None:
        return Message(view.say("affair.unknown"))
    return span, await context.offload(context.store.chronicle, span, scope)
