"""The weekly message on quality, queued: the shell around `quality`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.messages import texts
from bot.operators import quality, unlisted
from bot.store_thread import Offload
from bot.trials import recall, unseen
from matchers.model import Watchlist
from storage import Store
from storage.chats.model import NewDelivery, VoteTally
from storage.feeds.model import Yield

PARIS = ZoneInfo("Europe/Paris")
HOUR, WEEK, MONTH, QUARTER = 9, timedelta(days=7), timedelta(days=30), timedelta(days=90)
SENT = "quality"  # the memo that names the week last told


async def send_review(
    store: Store, offload: Offload, watchlists: Mapping[str, Watchlist], admins: frozenset[int], now: datetime
) -> None:
    """On Mondays at nine, or as soon as can be afterwards, once a week: what the votes of 30 days say."""
    local = now.astimezone(PARIS)
    year, week, _ = local.isocalendar()
    name = f"q{year}w{week:02d}"
    early = local.isoweekday() == 1 and local.hour < HOUR
    before = await offload(store.key_values.get, SENT)
    if before is None:  # nobody has been sent anything yet: the first week is for collecting votes
        await offload(store.key_values.put, SENT, name)
    if early or not admins or before in (None, name):
        return
    opinions = [await _opinion(store, offload, watchlist, now) for watchlist in watchlists.values()]
    fates = await offload(store.missed.fates, now - WEEK)
    yields = await sources(store, offload, now)
    measured = await offload(recall.measured, store, now)
    sample = unseen.read(await offload(store.key_values.get, unseen.MEMO))
    deliveries = []
    for chat, thread in await offload(store.notices.readers, admins):
        language = texts.language_of(chat.language)
        proved = unlisted.proofs(measured, sample, language)
        told = quality.message(opinions, week, fates, local.date(), language, yields, proved)
        deliveries.append(NewDelivery(chat.key, "weekly", name, told, thread=thread))
    await offload(store.outbox.enqueue, deliveries, now)
    await offload(store.key_values.put, SENT, name)


async def sources(store: Store, offload: Offload, now: datetime) -> tuple[Yield, ...]:
    """What each source brought in a quarter; none where nobody has voted, since then nothing is known to be useful."""
    found = await offload(store.votes.by_source, now - QUARTER)
    return found if any(each.useful + each.noise for each in found) else ()


async def voted_titles(store: Store, offload: Offload, watchlist: str, now: datetime) -> tuple[tuple[str, bool], ...]:
    """The titles of a watchlist that were voted on in a month, each with whether it was useful."""
    voted = dict(await offload(store.votes.noise, watchlist, now - MONTH))
    items = await offload(store.digests.items, tuple(voted))
    return tuple((item.article.title, voted[item.article.id]) for item in items)


async def _opinion(store: Store, offload: Offload, watchlist: Watchlist, now: datetime) -> quality.Opinion:
    since = now - MONTH
    tallies = await offload(store.votes.by_watchlist, since)
    misses = await offload(store.missed.confirmed, since)
    titles = await voted_titles(store, offload, watchlist.id, now)
    return quality.Opinion(watchlist, tallies.get(watchlist.id, VoteTally(0, 0)), misses.get(watchlist.id, 0), titles)
