"""Once a week, titles of what was not kept are drawn and shown to those who run Vigie: the shell around `unkept`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.messages import texts
from bot.operators import unkept
from bot.reading.matched import article_of_stored
from bot.store_thread import Offload
from bot.trials.recall import draw, stratum
from matchers.engine.engine import Engine
from storage import Store
from storage.articles.model import StoredArticle
from storage.chats.model import NewDelivery
from storage.operators.model import Stratum

PARIS = ZoneInfo("Europe/Paris")
HOUR, WEEK = 9, timedelta(days=7)
CHUNK = 50  # articles judged before anything else has its turn
DRAWN = "unkept"  # the memo that names the week last drawn


async def send_sample(
    store: Store, offload: Offload, engine: Engine, admins: frozenset[int], now: datetime, chance: Random
) -> None:
    """On Mondays at nine, or as soon as can be afterwards, once a week: titles of the week before."""
    local = now.astimezone(PARIS)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    year, week, _ = (monday - timedelta(days=1)).isocalendar()
    name = f"{year}w{week:02d}"
    early = local.weekday() == 0 and local.hour < HOUR
    if early or not admins or await offload(store.key_values.get, DRAWN) == name:
        return
    since = (monday - WEEK).replace(tzinfo=PARIS)
    found = await _strata(store, offload, engine, since, monday)
    near, rest = draw(found["near"], found["rest"], chance)
    drawn: list[tuple[Stratum, int]] = [*(("near", each) for each in near), *(("rest", each) for each in rest)]
    sizes: dict[Stratum, int] = {name: len(ids) for name, ids in found.items()}
    kept = await offload(store.samples.kept, since, monday)
    if drawn:
        await offload(store.samples.put, name, sizes, kept, drawn, now)
        await _tell(store, offload, admins, name, week, now)
    await offload(store.key_values.put, DRAWN, name)


async def _strata(
    store: Store, offload: Offload, engine: Engine, since: datetime, until: datetime
) -> dict[Stratum, list[int]]:
    """The articles of a week that were not kept. They are judged beside the loop, a few at a time."""
    found: dict[Stratum, list[int]] = {"near": [], "rest": []}
    after = 0
    while articles := await offload(store.samples.unkept, since, until, after, CHUNK):
        for each, where in zip(articles, await asyncio.to_thread(_judged, engine, articles), strict=True):
            found[where].append(each.id)
        after = articles[-1].id
    return found


def _judged(engine: Engine, articles: Sequence[StoredArticle]) -> list[Stratum]:
    return [stratum(engine, article_of_stored(each)) for each in articles]


async def _tell(store: Store, offload: Offload, admins: frozenset[int], name: str, week: int, now: datetime) -> None:
    titles = await offload(store.samples.titles, name)
    deliveries = []
    for chat, thread in await offload(store.notices.readers, admins):
        told = unkept.message(titles, week, texts.language_of(chat.language))
        deliveries.append(NewDelivery(chat.key, "weekly", f"u{name}", told, thread=thread))
    await offload(store.outbox.enqueue, deliveries, now)
