"""A span in words and what it is asked of: the lists that a chat follows, one list, or a dossier."""

import re
from dataclasses import dataclass

from bot.conversation.context import Context
from bot.conversation.model import View
from bot.search import plain
from storage.changes.model import Scope
from storage.ids import ArticleId, StoryId

_DOSSIER = re.compile(r"(?:dossier|affaire|affair|n[°º])\s*(?:n[°º]?\s*)?(\d{1,15})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SpanOf:
    """`span` in words, "" where nothing was said of it, and of what: `list` is the id of a watchlist, `dossier` the
    number of an article of it."""

    span: str
    list: str | None = None
    dossier: int | None = None


async def scope_of(asked: SpanOf, view: View, context: Context) -> Scope | None:
    """The lists that the chat follows, all where it follows none; None for a dossier that is not there."""
    if asked.dossier is not None:
        number = await context.offload(context.store.dossiers.number_of, ArticleId(asked.dossier))
        return None if number is None else Scope(dossier=StoryId(number))
    if asked.list is not None:
        return Scope(frozenset((asked.list,)))
    followed = frozenset(each.watchlist for each in view.subscriptions)
    return Scope(followed or None)


def scoped(argument: str, view: View) -> SpanOf:
    """The words of a moment, with a dossier or the name of a list before or behind them."""
    if found := _DOSSIER.search(argument):
        return SpanOf((argument[: found.start()] + argument[found.end() :]).strip(), dossier=int(found[1]))
    names = {plain(name): name for name in view.watchlists}
    names |= {plain(each.name): name for name, each in view.watchlists.items()}
    folded = plain(argument)
    if folded in names:
        return SpanOf("", names[folded])
    for name in sorted(names, key=len, reverse=True):
        if folded.startswith(f"{name} ") or folded.endswith(f" {name}"):
            left = folded.removeprefix(name) if folded.startswith(f"{name} ") else folded.removesuffix(name)
            return SpanOf(left.strip(), names[name])
    return SpanOf(argument)
