"""What the two engines bear in one run, and how far that carries: 100,000 feeds and a million chats, on paper.

python -m benchmarks.scale [FEEDS] [CHATS] [ARTICLES]

On a file, then on a real PostgreSQL of our own: one process (a file has one daemon), or four, poll FEEDS feeds that are
all due, a sixth of them on ten hosts, one poll in twenty with an article; who leased which feed, and asked which host
from when to when, is held against the promises. Then the sender's claim of 8 among 10 messages for each of CHATS chats,
a wave to them, and a search among ARTICLES articles. Ends with the load that the largest house would make, and where it
breaks.
"""

import multiprocessing
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import claims, conversation, waves
from matchers import sites
from storage import Store, open_store
from storage.articles.model import PollRecord
from storage.place import Place
from tests.server import a_base, a_server, named
from tests.storage.builders import NEWSROOM, a_match, an_entry

SEVERAL, FRESH = 4, 20
LEASE = timedelta(minutes=10)
HOUSE, EVERY, PER_FEED, CROWD = 100_000, timedelta(minutes=10), 5, 1_000_000  # feeds, asked so often, articles a day
PRIVATE = 25  # messages a second that Telegram takes

Asked = tuple[str, str, float, float]
"""A feed, its host, from when to when it was asked, by a clock that all share."""


def poller(home: Place, name: str) -> list[Asked]:
    """Lease and record until nothing is left but what waits for its host."""
    store, done, now = open_store(home), list[Asked](), claims.NOW + timedelta(hours=1)
    while found := store.feeds.claim_due(now, name, LEASE, 10):
        begun = time.monotonic()
        for each in found:
            later = replace(each.state, due_at=now + timedelta(days=1))
            fresh = int(each.feed.id[1:]) % FRESH == 0
            entries = (an_entry(each.feed.id, urls=[each.feed.id], matches=[a_match()]),) if fresh else ()
            asked = time.monotonic()  # what follows frees the host, before we hear so
            assert not store.polls.record(PollRecord(each, later, now, entries), NEWSROOM).lost
            done.append((each.feed.id, sites.spared(each.state.url) or each.state.url, begun, asked))
    store.close()
    return done


def polled(home: Place, store: Store, feeds: int) -> float:
    """Polls a second; what breaks a promise is counted."""
    claims.listed(store, feeds)
    pollers = SEVERAL if store.shared else 1
    with multiprocessing.get_context("spawn").Pool(pollers) as pool:
        shares = pool.starmap(poller, [(home, f"p{n}") for n in range(pollers)])
    done = [each for share in shares for each in share]
    spent = max(ended for *_, ended in done) - min(begun for _, _, begun, _ in done)
    twice = sum(number > 1 for number in Counter(feed for feed, *_ in done).values())
    print(f"  {len(done)} polls by {pollers} processes: {len(done) / spent:.0f} a second;", end=" ")
    print(f"{feeds - len(done)} not polled, {twice} twice, {together(done)} at once on one host")
    return len(done) / spent


def together(done: list[Asked]) -> int:
    """How often a host was asked for two feeds at once."""
    held: dict[str, list[tuple[float, float]]] = {}
    for _, host, begun, ended in done:
        held.setdefault(host, []).append((begun, ended))
    return sum(after[0] < before[1] for spans in held.values() for before, after in pairwise(sorted(spans)))


def timed(what: str, turn: Callable[[], object], turns: int = 20) -> None:
    spent = []
    for _ in range(turns):
        begun = time.perf_counter()
        turn()
        spent.append((time.perf_counter() - begun) * 1000)
    print(f"  {what}: median {statistics.median(spent):.1f} ms, worst {max(spent):.1f} ms")


def measured(place: Callable[[str], Place], feeds: int, chats: int, articles: int) -> float:
    with opened(place("polls")) as store:
        rate = polled(store.database.place, store, feeds)
    with opened(place("messages")) as store:
        claims.fill(store, chats * claims.EACH)
        timed(f"claim of 8 among {chats * claims.EACH} messages", lambda: store.outbox.claim(claims.NOW, "bench", 8))
    with opened(place("waves")) as store:
        waves.filled(store, chats)
        print(f"  flash to {chats} chats: {waves.served(store, 'f0', waves.TITLE, waves.NOW)}")
    with opened(place("words")) as store:
        conversation.filled(store, articles)
        asked = iter(conversation.QUERIES * 2)
        timed(f"search among {articles} articles", lambda: conversation.searched(store, next(asked)))
    return rate


@contextmanager
def opened(place: Place) -> Iterator[Store]:
    store = open_store(place)
    try:
        yield store
    finally:
        store.close()


def on_paper(rate: float) -> None:
    """The largest house: what it asks for each second beside what was measured, and where it breaks."""
    polls = HOUSE / EVERY.total_seconds()
    print(f"{HOUSE} feeds every {EVERY.total_seconds() / 60:.0f} min: {polls:.0f} polls a second, {rate:.0f} measured;")
    print(f"  {HOUSE * PER_FEED / 86_400:.1f} articles a second at {PER_FEED} a feed and day")
    print(
        f"  breaks where one writer at a time is full: about {rate * EVERY.total_seconds():.0f} feeds on this machine"
    )
    hours = CROWD / PRIVATE / 3600
    print(f"{CROWD} chats in private: {hours:.0f} h a message at {PRIVATE} a second, by Telegram's own rule")


def main(feeds: int, chats: int, articles: int) -> None:
    with TemporaryDirectory(prefix="vigie-") as folder:
        print("SQLite")
        measured(lambda name: Path(folder) / name, feeds, chats, articles)
    with a_server() as server, bases(server) as place:
        print("PostgreSQL")
        on_paper(measured(place, feeds, chats, articles))


@contextmanager
def bases(server: str) -> Iterator[Callable[[str], Place]]:
    with a_base(server, "polls"), a_base(server, "messages"), a_base(server, "waves"), a_base(server, "words"):
        yield lambda name: named(server, name)


if __name__ == "__main__":
    main(*(int(given) for given in (*sys.argv[1:], *("10000", "10000", "3000")[len(sys.argv) - 1 :])))
