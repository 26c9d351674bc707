"""What readers' own terms found, told at the hour of their daily digest: the shell around `bot/digest/own_terms`."""

import asyncio
import logging
from collections.abc import Sequence

from bot.daemon.live import Live
from bot.digest import calendar, own_terms
from bot.digest.own_terms import TermFound
from bot.ports import Ports
from bot.trials.own_terms import matching
from storage.articles.model import StoredArticle
from storage.chats.model import ClosedSlot, TermPlace
from storage.ids import ArticleId

log = logging.getLogger("vigie")


async def send_own_terms(live: Live) -> None:
    """Queue what the terms of each chat found since they were last told, where its daily hour has come."""
    made = live.ports
    due = [(place, slot) for place in await made.offload(made.store.own_terms.places) if (slot := _due(place, made))]
    if not due:
        return
    oldest = min(term.seen for place, _ in due for term in place.terms)
    news = await made.offload(made.store.own_terms.news, oldest)
    words = sorted({term.term for place, _ in due for term in place.terms})
    held = await asyncio.to_thread(matching, words, [each for each, _ in news])
    for place, slot in due:
        try:
            await _tell(place, slot, news, held, made)
        except Exception:  # a bug of ours: this chat goes without, the others get theirs
            log.exception("own terms failed", extra={"chat": place.chat.key})


def _due(place: TermPlace, made: Ports) -> str | None:
    """The local day whose hour has come for this chat; None where it has not, or was told."""
    closed = (ClosedSlot("daily", place.slot, place.told_at),) if place.slot else ()
    slots = calendar.due_slots(place.chat, closed, made.clock())
    return next((slot.id for slot in slots if slot.lane == "daily" and slot.at > place.told_at), None)


async def _tell(
    place: TermPlace,
    slot: str,
    news: Sequence[tuple[StoredArticle, int]],
    held: dict[ArticleId, frozenset[str]],
    made: Ports,
) -> None:
    found = tuple(TermFound(term.term, own_terms.once(term, news, held)) for term in place.terms)
    deliveries = own_terms.deliveries(place, found, slot)
    newest = max([news[-1][0].id if news else ArticleId(0), *(term.seen for term in place.terms)])
    await made.offload(made.store.own_terms.told, place, newest, slot, deliveries, made.clock())
