"""How long a flash to many chats, and the edit that follows, keep others from writing.

python -m benchmarks.waves [--server] [CHATS ...]

An article that every chat follows comes, then a second of its story: for each, how often the base was written, the
longest that one transaction held the write lock, the 99th of a hundred, and how long until every chat was served. In a
file; with --server, on a PostgreSQL whose autovacuum is on, as everywhere but in the tests.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, func, insert, select

from benchmarks.growth import DAY, ENGINE, NOW, TITLE, _record
from bot.digest.newsroom import newsroom
from storage.database import Database
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.place import Place
from storage.schema import chat, delivery, subscription
from storage.store import Store, open_store
from tests.server import a_base, named, our_server


class Held:
    """Milliseconds that each transaction held the lock: on the wall, and of CPU, since the machine may be shared."""

    def __init__(self) -> None:
        self.spans: list[float] = []
        self.busy: list[float] = []
        self._write: Callable[..., Any] = Database.write

    @contextmanager
    def timed(self, database: Database, *lane: Any) -> Iterator[Connection]:
        with self._write(database, *lane) as connection:
            begun, busy = time.perf_counter(), time.thread_time()
            yield connection
        self.spans.append((time.perf_counter() - begun) * 1000)
        self.busy.append((time.thread_time() - busy) * 1000)

    def told(self) -> str:
        return f"{len(self.spans)} transactions, longest {_worst(self.spans)}, of CPU {_worst(self.busy)}"


def _worst(spans: list[float]) -> str:
    ordered = sorted(spans)
    return f"{ordered[-1]:.0f} ms (99th {ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]:.0f})"


def filled(store: Store, chats: int) -> None:
    store.feeds.sync([Feed(FeedId(f"f{n}"), f"Fil {n}", f"https://f{n}.example/rss") for n in range(2)], NOW)
    first = store.chats.arrive(1, "private", "fr", NOW - DAY)
    with store.database.write() as connection:
        row = dict(connection.execute(select(chat).where(chat.c.id == first.key)).one()._mapping)
        keys = [first.key, *range(10, 9 + chats)]
        connection.execute(insert(chat), [{**row, "id": key, "telegram_id": key} for key in keys[1:]])
        follows = {"thread": 0, "watchlist": "essai", "level": None, "since": 0, "made_at": NOW - DAY}
        connection.execute(insert(subscription), [{**follows, "chat_id": key} for key in keys])
    store.database.analyse()


def served(store: Store, feed: str, title: str, now: Any) -> str:
    held = Held()
    Database.write = lambda database, *lane: held.timed(database, *lane)  # type: ignore[method-assign] # it looks on
    begun = time.perf_counter()
    _record(store, feed, title, now)
    rooms = newsroom(ENGINE.watchlists)
    while store.waves.advance(rooms, ENGINE.watchlists, now) is not None:
        pass
    spent = time.perf_counter() - begun
    Database.write = held._write  # type: ignore[method-assign]
    return f"{held.told()}; {spent:.1f} s in all"


def main(sizes: list[int], *, on_server: bool) -> None:
    for chats in sizes:
        with _server() if on_server else _file() as place:
            store = open_store(place)
            filled(store, chats)
            print(f"flash to {chats} chats: {served(store, 'f0', TITLE, NOW)}")
            print(f"edit for {chats} chats: {served(store, 'f1', f'{TITLE} de l’Anssi', NOW + timedelta(minutes=30))}")
            with store.database.read() as connection:
                print(f"messages: {connection.execute(select(func.count()).select_from(delivery)).scalar_one()}")
            store.close()


@contextmanager
def _file() -> Iterator[Place]:
    with TemporaryDirectory(prefix="vigie-") as folder:
        yield Path(folder) / "vigie.db"


@contextmanager
def _server() -> Iterator[Place]:
    with our_server("autovacuum = on\n") as made, a_base(made.get_uri(), "waves"):
        yield named(made.get_uri(), "waves")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:] if each != "--server"]
    main(given or [10_000], on_server="--server" in sys.argv[1:])
