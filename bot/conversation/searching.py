"""Searches, and their pages."""

import asyncio
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from functools import partial

from bot import days, search
from bot.conversation import aims, menus, registry, searching_view, watchlists_view, wishes
from bot.conversation.context import Context
from bot.conversation.model import Question, Request, Shown, View
from bot.conversation.registry import button, command
from bot.messages import markup
from bot.model import Button, Message
from bot.search import plain
from storage.articles.model import SearchQuery

LABEL = 16  # code points of what somebody wrote, on a button
VALUE = 8  # letters that a button holds
MEANT = 3  # buttons of what was probably meant
_SPELT = 4  # words of a query that is looked for in another spelling
_APART = 6  # words that are looked for one by one, where all together find nothing


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
    if not found.count and (less := await _found_apart(query, wanted, context)):
        return _told_without(query, less, await _page(less, page, request, context), request.view)
    if not found.count:
        return await _not_found(query, found.oldest, request, context)
    if not found.findings:  # fewer than when the page was drawn
        page = (found.count - 1) // menus.ROWS
        found = await context.offload(fetch, wanted, page * menus.ROWS, menus.ROWS)
    return searching_view.found(request.view, query, context.searches.remember(query), page, found)


async def _found_apart(query: str, wanted: SearchQuery, context: Context) -> str:
    """The words of a query that some article has, where others have kept it from finding any; "" for none, or all."""
    said = (search.telling(query) or query).split()
    if wanted != SearchQuery(wanted.words) or not 1 < len(said) <= _APART or set(query) & set('"«“:-'):
        return ""
    fetch, known = context.store.search.find, list[str]()
    for word in said:
        alone = search.parse(word, lambda _: None)
        if isinstance(alone, SearchQuery) and (await context.offload(fetch, alone, 0, 1)).count:
            known.append(word)
    named = any(
        word[1:] != word[1:].lower() for word in known
    )  # « EUCS », « OVHcloud »: a third of the words is enough
    return " ".join(known) if len(said) / (3 if named else 2) <= len(known) < len(said) else ""


def _told_without(query: str, less: str, found: Message, view: View) -> Message:
    """What was found, and which words stand in no article with the others."""
    left = ", ".join(f"«\u00a0{word}\u00a0»" for word in query.split() if word not in less.split())
    return replace(found, html=f"{view.say('search.without', words=markup.escape(left))}\n{found.html}")


async def _not_found(query: str, oldest: datetime | None, request: Request, context: Context) -> Message:
    """What was probably meant stands on at most three buttons: another spelling, a watchlist."""
    view, nearest = request.view, await _nearest(query, context)
    respelt = " ".join(nearest.get(plain(word), word) for word in query.split())
    short = len(query.split()) <= _SPELT
    keys = [search_key(respelt, view, context)] if respelt != query and short else []
    keys += [watchlists_view.card_key(view, each) for each in aims.lists_meant(query, view.watchlists)]
    if (wish := wishes.guess(query)) is not None:
        keys.append(view.key(view.say(f"wish.{wish}"), "wg", context.searches.remember(query), wish[:VALUE]))
    meant = tuple((key,) for key in keys[:MEANT] if view.private)
    return searching_view.not_found(view, query, nearest, oldest, meant)


def search_key(words: str, view: View, context: Context) -> Button:
    """A button that looks for these words."""
    label = view.say("button.search_for", words=markup.cut(words, LABEL))
    return view.key(label, "z", context.searches.remember(words))


async def _nearest(query: str, context: Context) -> dict[str, str]:
    """The spelling in our articles nearest to each word that none of them has."""
    nearest = {}
    for word in search.words(query)[:5]:
        known = await context.offload(context.store.search.near, word)
        close = await asyncio.to_thread(get_close_matches, word, known, 1, 0.75)  # thousands of words take a while
        if close and close[0] != word:
            nearest[word] = await context.offload(context.store.search.spelt, close[0])
    return nearest
