"""What taking costs when much waits: the sender's claim, and the poller's.

python -m benchmarks.claims [MESSAGES] [FEEDS]

So many messages wait in ten chats to one, ten each, as after a flash and its edits; the sender takes eight, starts and
sends them. So many feeds are due, a sixth of them on ten hosts; a poller takes fifty. The median and the worst of
twenty turns, in milliseconds.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import Store, open_store
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.schema import chat, delivery

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
TURNS, LEASE = 20, timedelta(minutes=10)
EACH = 10  # messages a chat


def fill(store: Store, messages: int) -> None:
    """Chats with ten messages each, none of them sent."""
    chats = max(1, messages // EACH)
    whose = {"kind": "private", "language": "fr", "timezone": "Europe/Paris", "digest_at": 480, "state": "active"}
    what = {"thread": 0, "lane": "flash", "rank": 0, "part": 1, "body": '{"html":"x"}', "state": "queued"}
    what |= {"tries": 0, "doubts": 0, "plain": False, "queued_at": NOW}
    with store.database.write() as connection:
        people = [{"id": n, "telegram_id": 1000 + n, "arrived_at": NOW, **whose} for n in range(1, chats + 1)]
        connection.execute(chat.insert(), people)
        waiting = [{"chat_id": n, "item": f"a{i}", **what} for i in range(EACH) for n in range(1, chats + 1)]
        connection.execute(delivery.insert(), waiting)
    store.database.analyse()


def listed(store: Store, feeds: int) -> None:
    """Feeds that are all due, one in six on ten hosts."""
    where = [f"https://big{n % 10}.example/{n}" if n % 6 == 0 else f"https://s{n}.example/rss" for n in range(feeds)]
    store.feeds.sync([Feed(FeedId(f"f{n:06}"), f"F{n}", url) for n, url in enumerate(where)], NOW)
    store.database.analyse()


def told(what: str, turn: Callable[[], object]) -> None:
    spent = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        turn()
        spent.append((time.perf_counter() - begun) * 1000)
    print(f"{what}: median {statistics.median(spent):.1f} ms, worst {max(spent):.1f} ms")


def main(messages: int, feeds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder:
        store = open_store(Path(folder) / "vigie.db")
        fill(store, messages)
        listed(store, feeds)
        told(f"claim of 8 among {messages} messages", lambda: store.outbox.claim(NOW, "bench", 8))
        told(f"lease of 50 among {feeds} feeds", lambda: store.feeds.claim_due(NOW, "bench", LEASE, 50))
        store.close()


if __name__ == "__main__":
    main(*(int(given) for given in (*sys.argv[1:], *("100000", "10000")[len(sys.argv) - 1 :])))
