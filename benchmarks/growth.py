"""What a store costs as it grows: a digest, what is measured, what is listened for, a flash to many chats.

    python -m benchmarks.growth [--articles 10000 100000 1000000] [--chats 100 1000 10000] [--svg benchmarks/growth.svg]

CPU of the thread that uses the store, medians of five; each store is filled by SQL, as a year of polls would leave it.
"""

import argparse
import math
import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, insert, select

from bot import grouping
from bot.digest.newsroom import newsroom
from bot.polling.silence import histories
from matchers.engine.engine import compile_engine
from matchers.model import Article, Level
from matchers.stories.grouping import Grouping
from matchers.watchlists.watchlist import WatchlistFile
from storage.articles.model import ArticleText, EntryKey, EntryRecord, PollRecord, Standing
from storage.feeds.model import Feed
from storage.ids import ChatKey, FeedId
from storage.schema import article, article_match, chat, digest_cursor, grouped, story, subscription
from storage.store import Store, open_store

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
YEAR, DAY = timedelta(days=365), timedelta(days=1)
FEEDS = 200
LISTS = tuple(f"liste-{number}" for number in range(8))
LEVELS: dict[str, Level] = dict.fromkeys(LISTS, "flash")
QUIET = [FeedId(f"f{number}") for number in range(5)]  # those that brought nothing since yesterday
MATCHED = 0.06  # of all articles
BATCH = 20_000


def fill(store: Store, articles: int, feeds: int = FEEDS) -> None:
    """A year of articles of so many feeds: one in sixteen matches a list, two in three of those belong to a story."""
    chance = random.Random(7)
    store.feeds.sync([Feed(FeedId(f"f{n}"), f"Fil {n}", f"https://f{n}.example/rss") for n in range(feeds)], NOW - YEAR)
    every, identifier, matches = YEAR / articles, 0, 0
    while identifier < articles:
        rows, kept, stories, members = [], [], [], []
        for _ in range(min(BATCH, articles - identifier)):
            identifier += 1
            at = NOW - YEAR + every * identifier
            rows.append({
                "id": identifier, "feed_id": f"f{identifier % feeds}", "first_seen": at, "revision": 0, "muted": False,
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
        store.database.analyse()
        asked: dict[str, Callable[[], object]] = {
            "digest": lambda: store.digests.window(key, ("daily",), LEVELS),
            "metrics": lambda: store.figures(NOW),
            "silence": lambda: histories(store.articles.appeared, QUIET, NOW, UTC),
        }
        found = {name: cpu(work) for name, work in asked.items()}
        store.close()
        return found


# --- many chats ----------------------------------------------------------------------------------------------------
ENGINE = compile_engine({"essai": WatchlistFile(name="Essai", level="flash", any=["SecNumCloud"], threshold=1)}, {})
TITLE = "SecNumCloud : Cirrova obtient la qualification"
TEXT = " ".join(f"mot{n} suite{n * 7 % 101}" for n in range(200)) + " SecNumCloud"


def told(chats: int) -> dict[str, float]:
    """Milliseconds of CPU of a flash to so many chats, then of the edit that a second source brings."""
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "base.db")
        store.feeds.sync([Feed(FeedId(f"f{n}"), f"Fil {n}", f"https://f{n}.example/rss") for n in range(2)], NOW)
        first = store.chats.arrive(1, "private", "fr", NOW - DAY)
        with store.database.write() as connection:
            row = dict(connection.execute(select(chat).where(chat.c.id == first.key)).one()._mapping)
            keys = [first.key, *range(10, 9 + chats)]
            connection.execute(insert(chat), [{**row, "id": key, "telegram_id": key} for key in keys[1:]])
            follows = {"thread": 0, "watchlist": "essai", "level": None, "since": 0, "made_at": NOW - DAY}
            connection.execute(insert(subscription), [{**follows, "chat_id": key} for key in keys])
        found = {
            "flash": _record(store, "f0", TITLE, NOW),
            "edit": _record(store, "f1", f"{TITLE} de l’Anssi", NOW + timedelta(minutes=30)),
        }
        store.close()
        return found


def _record(store: Store, feed: str, title: str, now: datetime) -> float:
    (claim,) = (each for each in store.feeds.claim_all(now, "bench", timedelta(minutes=5)) if each.feed.id == feed)
    said = Article(title=title, text=TEXT, url=f"https://{feed}.example/1")
    scan = ENGINE.scan(said)
    matches = ENGINE.matches(scan)
    traits = grouping.traits(scan, matches, ENGINE, Grouping())
    reading = ArticleText(title, "", TEXT, said.url, (said.url,), published=now, source="page")
    entry = EntryRecord(EntryKey(feed, feed, (said.url,)), Standing("new"), reading, matches, traits=traits)
    record = PollRecord(claim, replace(claim.state, baseline=True), now, (entry,))
    spent = cpu(lambda: store.polls.record(record, newsroom(ENGINE.watchlists)), rounds=1)
    store.feeds.release_all()
    return spent


# --- drawn ---------------------------------------------------------------------------------------------------------
WIDTH, HEIGHT, MARGIN = 360, 260, 48
COLOURS = ("#1b6ca8", "#c8553d", "#588157", "#6d597a")


def drawn(title: str, rows: Mapping[int, Mapping[str, float]], left: int) -> str:
    """Milliseconds by size, both on a scale of powers of ten."""
    sizes = sorted(rows)
    names = list(rows[sizes[0]])
    highest = max(max(row.values()) for row in rows.values())
    top, bottom = math.ceil(math.log10(highest)), -1

    def x(size: int) -> float:
        low, high = math.log10(sizes[0]), math.log10(sizes[-1])
        return left + MARGIN + (WIDTH - 2 * MARGIN) * (math.log10(size) - low) / (high - low or 1)

    def y(value: float) -> float:
        share = (math.log10(max(value, 0.1)) - bottom) / (top - bottom)
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share

    parts = [f'<text x="{left + MARGIN}" y="24" font-weight="bold">{title}</text>']
    for power in range(bottom, top + 1):
        at = y(10.0**power)
        parts.append(
            f'<line x1="{left + MARGIN}" x2="{left + WIDTH - MARGIN}" y1="{at:.0f}" y2="{at:.0f}" stroke="#ddd"/>'
        )
        parts.append(f'<text x="{left + 4}" y="{at + 4:.0f}">{10.0**power:g} ms</text>')
    parts += [f'<text x="{x(size):.0f}" y="{HEIGHT - 28}" text-anchor="middle">{size:,}</text>' for size in sizes]
    for number, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        points = " ".join(f"{x(size):.0f},{y(rows[size][name]):.0f}" for size in sizes)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{left + MARGIN + 90 * number}" y="{HEIGHT - 8}" fill="{colour}">{name}</text>')
    return "\n".join(parts)


def picture(articles: Mapping[int, Mapping[str, float]], chats: Mapping[int, Mapping[str, float]]) -> str:
    """Both sides as one SVG."""
    one, two = drawn("CPU by articles stored", articles, 0), drawn("CPU by chats told", chats, WIDTH)
    box = f'viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    return f"{head}\n{one}\n{two}\n</svg>\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--chats", type=int, nargs="*", default=[100, 1_000, 10_000])
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    told(1)  # what a process makes once
    by_articles, by_chats = {size: grown(size) for size in asked.articles}, {size: told(size) for size in asked.chats}
    for size, row in (*by_articles.items(), *by_chats.items()):
        print(size, {name: round(value, 1) for name, value in row.items()})
    if asked.svg is not None:
        asked.svg.write_text(picture(by_articles, by_chats), "utf-8")
