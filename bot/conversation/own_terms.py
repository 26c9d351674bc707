"""A reader's own terms: tried on the archive before they are followed, and dropped."""

import asyncio

from bot.conversation import registry, watchlists_view
from bot.conversation.context import Context
from bot.conversation.model import Question, Request, Shown
from bot.conversation.registry import button, command
from bot.conversation.scene import arrived, view_of
from bot.messages import markup, texts
from bot.messages.callback_data import base36
from bot.model import Message
from bot.trials.findings import Misread
from bot.trials.own_terms import COMMONEST, LONGEST, SHORTEST, quoted, refusal
from storage.chats.own_terms import QUOTA


async def follow_term(term: str, request: Request, context: Context) -> Message:
    """Try a term on the archive, and follow it where it says something."""
    say, shown = request.say, markup.escape(markup.cut(term, LONGEST))
    if why := refusal(term):
        return Message(say(why, term=shown, least=SHORTEST, most=LONGEST))
    chat = await arrived(request, context)
    terms = context.store.own_terms
    if await context.offload(terms.count, chat.key) >= QUOTA:
        return Message(say("own.full", n=QUOTA), watchlists_view.terms_keys(request.view))
    if context.weighing.locked():  # one at a time, whoever asks: it is seconds of work
        return Message(say("own.busy"))
    async with context.weighing:
        weighed = await asyncio.to_thread(context.bench.term, term, _unheard)
    if isinstance(weighed, Misread):
        return Message("\n".join((say("own.misread", term=shown), *map(markup.escape, weighed.reasons))))
    rate = texts.decimal(request.view.language, weighed.rate)
    if weighed.hits and weighed.rate > COMMONEST:
        return Message(say("own.frequent", term=shown, n=weighed.hits, rate=rate))
    added = await context.offload(terms.add, chat.key, request.view.thread, term, context.clock())
    if added is None:
        return Message(say("own.full", n=QUOTA), watchlists_view.terms_keys(request.view))
    tried = say("own.tried", n=weighed.hits, rate=rate, days=weighed.days) if weighed.read else say("search.empty")
    keys = ((request.view.key(say("button.unfollow"), "xt", base36(added.number)),),)
    return Message("\n".join((say("own.followed", term=shown), tried, say("own.when"))), keys)


def _unheard(done: int, size: int) -> None:
    """How far it is, while nobody listens: it takes seconds."""


@command("terme", "term", rank=27, right="administrators")
async def follow_said(request: Request, context: Context) -> Shown:
    """Follow a term of one's own, with or without quotation marks."""
    said = quoted(request.argument) or request.argument
    return await follow_term(said, request, context) if said else _asked(request)


@button("xo", reads=registry.page, right="administrators")
async def ask_term(request: Request, context: Context, page: int) -> Question:
    return _asked(request)


def _asked(request: Request) -> Question:
    return Question("terme", request.say("own.ask"))


@button("xt", reads=registry.number, right="administrators")
async def drop_term(request: Request, context: Context, number: int) -> Message:
    """Follow a term no more; the list stands in its place."""
    if request.view.chat is not None:
        await context.offload(context.store.own_terms.drop, request.view.chat.key, number)
    return watchlists_view.lists(await view_of(request.incoming, context))
