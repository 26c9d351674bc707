"""What a store costs as it grows: a digest, what is measured, what is listened for, a flash to many chats.

    python -m benchmarks.growth [--articles 10000 100000 1000000] [--chats 100 1000 10000] [--svg benchmarks/growth.svg]

CPU of the thread that uses the store, medians of five; each store is filled by SQL, as a year of polls would leave it.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, insert, select

from bot.polling.silence import WINDOW
from matchers.model import Hit, Level, Match, Point
from storage.feeds.model import Feed
from storage.ids import ChatKey, FeedId
from storage.schema import article, article_match, digest_cursor, grouped, story
from storage.store import Store, open_store

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
YEAR, DAY = timedelta(days=365), timedelta(days=1)
FEEDS = 200
LISTS = tuple(f"liste-{number}" for number in range(8))
LEVELS: dict[str, Level] = dict.fromkeys(LISTS, "flash")
MATCHED = 0.06  # of all articles
BATCH = 20_000


def a_match(name: str) -> Match:
    point, hit = Point("term", "terme", 3, title=1), Hit("terme", None, "title", 0, 5, "Terme")
    return Match(name, 4, 3, "flash", "abc123", True, (point,), (hit,))


def fill(store: Store, articles: int) -> None:
    """A year of articles: one in sixteen matches a list, two in three of those belong to a story."""
    chance = random.Random(7)
    store.feeds.sync([Feed(FeedId(f"f{n}"), f"Fil {n}", f"https://f{n}.example/rss") for n in range(FEEDS)], NOW - YEAR)
    every, identifier, matches = YEAR / articles, 0, 0
    while identifier < articles:
        rows, kept, stories, members = [], [], [], []
        for _ in range(min(BATCH, articles - identifier)):
            identifier += 1
            at = NOW - YEAR + every * identifier
            rows.append({
                "id": identifier, "feed_id": f"f{identifier % FEEDS}", "first_seen": at, "revision": 0, "muted": False,
                "title": f"Titre {identifier}", "summary": "", "text": "", "url": f"https://s.example/{identifier}",
                "source": "page", "flags": "[]", "read_at": at,
            })  # fmt: skip
            if chance.random() < MATCHED:
                matches += 1
                kept.append({
                    "article_id": identifier, "watchlist": chance.choice(LISTS), "score": 4, "threshold": 3,
                    "level": "flash", "version": "abc123", "subject": True, "holds": True,
                    "detail": '{"points":[],"hits":[]}',
                })  # fmt: skip
                if chance.random() < 0.67:
                    stories.append({"id": identifier, "dossier_id": identifier, "opened": at, "last_at": at,
                                    "articles": 1, "texts": 1})  # fmt: skip
                    members.append({"article_id": identifier, "host": "s.example", "at": at, "copy_of": identifier,
                                    "story_id": identifier, "aggregator": False, "title": str(identifier), "words": 80,
                                    "content": "", "sketch": b""})  # fmt: skip
        _write(store, rows, kept, stories, members)


def _write(store: Store, rows: list[Any], kept: list[Any], stories: list[Any], members: list[Any]) -> None:
    with store.database.write() as connection:
        for table, values in ((article, rows), (article_match, kept), (story, stories), (grouped, members)):
            if values:
                connection.execute(insert(table), values)


def reader(store: Store, telegram_id: int) -> ChatKey:
    """Follows every list, from the beginning."""
    chat = store.chats.arrive(telegram_id, "private", "fr", NOW - YEAR)
    for name in LISTS:
        store.chats.follow(chat.key, name, None, NOW - YEAR)
    return chat.key


def served(store: Store, key: ChatKey) -> None:
    """It had its last digest yesterday."""
    with store.database.write() as connection:
        before = select(func.max(article_match.c.id)).join(article, article.c.id == article_match.c.article_id)
        cursor = connection.execute(before.where(article.c.first_seen < NOW - DAY)).scalar_one()
        done = {"chat_id": key, "thread": 0, "slot": "2026-11-23", "closed_at": NOW - DAY, "cursor": cursor}
        connection.execute(insert(digest_cursor), [{**done, "lane": lane} for lane in ("daily", "weekly")])


# --- measured ------------------------------------------------------------------------------------------------------
def cpu(work: Callable[[], object], rounds: int = 5) -> float:
    """Milliseconds of CPU, the median."""
    found = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        found.append(1000 * (time.process_time() - begun))
    return statistics.median(found)


def grown(articles: int) -> dict[str, float]:
    """Milliseconds of each use of a store with so many articles."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "base.db"
        store = open_store(path)
        key = reader(store, 7)
        fill(store, articles)
        served(store, key)
        store.close()
        store = open_store(path)
        getattr(store.database, "refresh", lambda: None)()
        looked = store.digests.window(key, ("daily",), LEVELS)
        asked: dict[str, Callable[[], object]] = {
            "digest": lambda: store.digests.window(key, ("daily",), LEVELS),
            "metrics": lambda: store.figures(NOW),
            "silence": lambda: store.articles.appeared(NOW - 2 * timedelta(days=WINDOW)),
        }
        found = {"items": float(len(looked.items))} | {name: cpu(work) for name, work in asked.items()}
        store.close()
        return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    for size in parser.parse_args().articles:
        print(size, {name: round(value, 2) for name, value in grown(size).items()}, flush=True)
