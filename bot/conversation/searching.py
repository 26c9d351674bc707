"""Searches, and their pages."""

import asyncio
from difflib import get_close_matches
from functools import partial

from bot import days, search
from bot.conversation import menus, registry, searching_view
from bot.conversation.context import Context
from bot.conversation.model import Question, Request, Shown
from bot.conversation.registry import button, command
from bot.model import Message


@command("recherche", "search", "chercher", rank=50, offered=("private",), everyday=3)
async def find(request: Request, context: Context) -> Shown:
    if not request.argument:
        return Question("recherche", request.say("search.ask"))
    await context.messenger.typing(request.incoming.chat)
    return await _page(request.argument, 0, request, context)


@button("z", reads=registry.target)
async def turn_page(request: Request, context: Context, token: str) -> Message:
    await context.messenger.typing(request.incoming.chat)
    query = context.searches.query(token)
    if query is None:
        return Message(request.say("search.forgotten"))
    return await _page(query, request.press.page, request, context)


async def _page(query: str, page: int, request: Request, context: Context) -> Message:
    wanted = search.parse(query, partial(days.begun, now=context.clock(), zone=request.view.timezone))
    if isinstance(wanted, search.Confusing):
        return searching_view.confusing(request.view, wanted.when)
    fetch = context.store.search.find
    found = await context.offload(fetch, wanted, page * menus.ROWS, menus.ROWS)
    if not found.count and (less := search.telling(query)):  # a question, as it is said
        return await _page(less, page, request, context)
    if not found.count:
        return searching_view.not_found(request.view, query, await _nearest(query, context), found.oldest)
    if not found.findings:  # fewer than when the page was drawn
        page = (found.count - 1) // menus.ROWS
        found = await context.offload(fetch, wanted, page * menus.ROWS, menus.ROWS)
    return searching_view.found(request.view, query, context.searches.remember(query), page, found)


async def _nearest(query: str, context: Context) -> dict[str, str]:
    """The spelling in our articles nearest to each word that none of them has."""
    nearest = {}
    for word in search.words(query)[:5]:
        known = await context.offload(context.store.search.near, word)
        close = await asyncio.to_thread(get_close_matches, word, known, 1, 0.75)  # thousands of words take a while
        if close and close[0] != word:
            nearest[word] = close[0]
    return nearest
