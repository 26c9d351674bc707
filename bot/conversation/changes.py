"""What changed since a day, said in words: of the lists of the chat, of one list, or of a dossier."""

import re
from dataclasses import dataclass

from bot import changes, days
from bot.conversation import changes_view, registry
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Request, Shown, View
from bot.conversation.registry import button, command
from bot.delivery.chat import Sent
from bot.model import Message
from bot.search import plain
from storage.changes.model import Chronicle, Scope, Span
from storage.ids import ArticleId, StoryId

ASKED = re.compile(r"\bchang\w*\b.*?\b((?:depuis|since)\b.+)", re.IGNORECASE | re.DOTALL)
"""A question in plain words; what follows is the argument of the command."""

WEEK = "7"
_DOSSIER = re.compile(r"(?:dossier|affaire|affair|n[°º])\s*(?:n[°º]?\s*)?(\d{1,15})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """`span` in words, and whose changes: `list` is the id of a watchlist, `dossier` the number of an article of it."""

    span: str
    list: str | None = None
    dossier: int | None = None


@command("depuis", "since", rank=65, offered=("private", "groups"))
async def show_changes(request: Request, context: Context) -> Shown:
    """Without a word, those of seven days."""
    return await _shown(request.argument or f"{WEEK} j", request, context)


async def answer_question(request: Request, context: Context) -> Shown:
    """« Qu’est-ce qui a changé depuis le 1er octobre ? », as it is said."""
    found = ASKED.search(request.argument)
    return await _shown(found[1] if found else request.argument, request, context)


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
    name = f"{request.say('changes.file')}-{span.start:%Y-%m-%d}.txt"
    sent = await context.messenger.file(request.incoming.chat, name, text.encode(), request.say("changes.caption"))
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
    asked = _asked(argument, view)
    span = days.span_between(asked.span, "", now, view.timezone)
    if not isinstance(span, Span):
        return changes_view.refused(view, span)
    scope = await _scope(asked, view, context)
    if scope is None:
        return Message(view.say("affair.unknown"))
    return span, await context.offload(context.store.chronicle, span, scope)


async def _scope(asked: ChangesAsked, view: View, context: Context) -> Scope | None:
    """The lists that the chat follows, all where it follows none; None for a dossier that is not there."""
    if asked.dossier is not None:
        number = await context.offload(context.store.dossiers.number_of, ArticleId(asked.dossier))
        return None if number is None else Scope(dossier=StoryId(number))
    if asked.list is not None:
        return Scope(frozenset((asked.list,)))
    followed = frozenset(each.watchlist for each in view.subscriptions)
    return Scope(followed or None)


def _asked(argument: str, view: View) -> ChangesAsked:
    """The words of a moment, with a dossier or the name of a list before or behind them."""
    if found := _DOSSIER.search(argument):
        return ChangesAsked(argument[: found.start()] + argument[found.end() :], dossier=int(found[1]))
    names = {plain(name): name for name in view.watchlists}
    names |= {plain(each.name): name for name, each in view.watchlists.items()}
    folded = plain(argument)
    for name in sorted(names, key=len, reverse=True):
        if folded.startswith(f"{name} ") or folded.endswith(f" {name}"):
            left = folded.removeprefix(name) if folded.startswith(f"{name} ") else folded.removesuffix(name)
            return ChangesAsked(left, names[name])
    return ChangesAsked(argument)
