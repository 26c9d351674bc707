"""What answers a sentence with a verb and an object that is no watchlist: a term to follow, a source that stays."""

from dataclasses import replace

from bot.conversation import aims, registry, sources, watchlists_view
from bot.conversation.aims import Aim
from bot.conversation.context import Context
from bot.conversation.model import Request, Shown, View
from bot.conversation.own_terms import follow_term
from bot.conversation.registry import button
from bot.conversation.searching import LABEL, search_key
from bot.messages import markup
from bot.messages.callback_data import token
from bot.model import Button, Message
from bot.search import plain
from bot.trials.own_terms import refusal
from storage.feeds.model import Feed

_NAMED = 3_000  # code points of all sources' names


async def answer_aim(request: Request, context: Context) -> Shown:
    """A term to follow, or a source that is not to be seen; None where the sentence wants neither."""
    aim = aims.aim_of(request.argument)
    if aim is None:
        return None
    if aim.act == "follow":
        return offer_term(aim.object, request, context) if aim.personal else None
    return await _left(aim, request, context) if aim.act == "leave" else None


def offer_term(term: str, request: Request, context: Context) -> Message | None:
    """A term of one's own, by a button; the lists that look for it already stand beside it. None for what is none."""
    view = request.view
    if refusal(term):
        return None
    about = aims.lists_of_term(term, view.watchlists)[:1]
    said = view.say("aim.term", term=markup.escape(markup.cut(term, LABEL * 4)))
    rows = [(key,) for key in (_follow_key(term, view, context), search_key(term, view, context))]
    return Message(said, (*rows, *((watchlists_view.card_key(view, each),) for each in about)))


def _follow_key(term: str, view: View, context: Context) -> Button:
    return view.key(view.say("button.follow_term", term=markup.cut(term, LABEL)), "xf", context.searches.remember(term))


@button("xf", reads=registry.target, right="administrators")
async def follow_offered(request: Request, context: Context, kept: str) -> Message:
    """Follow the term that was offered."""
    term = context.searches.query(kept)
    return await follow_term(term, request, context) if term else Message(request.say("search.forgotten"))


# --- left --------------------------------------------------------------------------------------------------------
async def _left(aim: Aim, request: Request, context: Context) -> Shown:
    view = request.view
    if any(aims.near(aim.object, held.term) for held in view.terms):
        return watchlists_view.lists(view)
    feeds = [feed for feed, _ in await context.offload(context.store.feeds.overview)]
    source = _source_called(aim.object, feeds)
    if source is None:
        less = registry.find_wish("less")
        return await less(request, context) if less and aim.personal and request.may_change else None
    if request.operator:
        return await sources.show_source(request, context, token(source.id))
    said = view.say("aim.source", name=markup.escape(source.name))
    searched = search_key(f'source:"{source.name}"', view, context)
    return Message(said, ((replace(searched, text=view.say("button.its_articles")),), _elsewhere(view)))


def _source_called(name: str, feeds: list[Feed]) -> Feed | None:
    """The source of this name, or the first whose name begins with it."""
    called = (each for each in feeds if any(aims.near(name, known) for known in (each.name, each.id)))
    begins = (each for each in feeds if plain(each.name).removeprefix("le ").startswith(f"{plain(name)} "))
    return next(called, next(begins, None))


def _elsewhere(view: View) -> tuple[Button, ...]:
    return view.key(view.say("button.lists"), "v"), view.key(view.say("button.settings"), "g")


# --- shown -------------------------------------------------------------------------------------------------------
@registry.wish("sources")
async def name_sources(request: Request, context: Context) -> Message:
    """What is read, by name: a reader may know it."""
    if request.operator:
        return await sources.show_sources(request, context)
    names = sorted({feed.name for feed, _ in await context.offload(context.store.feeds.overview)}, key=plain)
    told = markup.escape(markup.cut(", ".join(names), _NAMED))
    return Message(request.say("aim.sources", n=len(names), names=told) if names else request.say("search.empty"))
