"""Feeds that rename, move, redate and repeat what they have, under a daemon that is killed: who is told?"""

import asyncio
import hashlib
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from bot.model import Failed, Fetched, Outcome, Why
from bot.pipeline import poll
from bot.ports import Ports
from bot.web.permissions import Permissions
from storage import Store, open_store
from storage.chats.model import Choices
from storage.feeds.model import Feed
from storage.ids import FeedId
from tests.grouping.builders import VOCABULARY, prose
from tests.grouping.world import ENGINE, NEWSROOM
from tests.storage.engines import before_each

START = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
STEPS = 8
LISTED = 9  # entries of a feed
HOSTS = ("alpha.example", "beta.example", "alpha.example")
POLICIES = ("own", "link", "none", "shared", "rotating")
EVENTS = (
    *("publish",) * 4, "dispatch", "dispatch", "retitle", "retitle", "reguid", "readdress", "reslug", "all",
    "redate", "flip", "extend", "rebuild",
)  # fmt: skip
TABLES = (
    *("article", "grouped", "fingerprint", "boilerplate", "story", "topic_day", "decision"),
    *("announcement", "article_match"),
)
ABSENT = Failed(Why.HTTP, "HTTP 404", 404)


class Killed(Exception):
    """The process ended here."""


@dataclass
class Item:
    """An entry of a feed. `truth` is the article that it really is, whatever name it goes by."""

    truth: int
    title: str
    text: str
    guid: str
    slug: str
    date: datetime


@dataclass
class Site:
    """A feed: `policy` is how it names its entries; `redates`: everything is dated when it is served."""

    number: int
    policy: str
    redates: bool = False
    items: list[Item] = field(default_factory=list)
    served: bytes = b""

    def body(self, now: datetime, polls: int) -> bytes:
        entries = "".join(self._entry(each, now, polls) for each in self.items[:LISTED])
        return f"<rss version='2.0'><channel><title>S</title>{entries}</channel></rss>".encode()

    def _entry(self, item: Item, now: datetime, polls: int) -> str:
        link = f"https://{HOSTS[self.number]}/{self.number}/{item.slug}"
        names = {"own": item.guid, "link": link, "none": "", "shared": "0", "rotating": f"{item.guid}-{polls}"}
        guid = f"<guid isPermaLink='false'>{names[self.policy]}</guid>" if names[self.policy] else ""
        when = format_datetime(now if self.redates else item.date)
        return (
            f"<item>{guid}<link>{link}</link><title>{escape(item.title)}</title>"
            f"<description>{escape(item.text)}</description><pubDate>{when}</pubDate></item>"
        )


@dataclass
class Told:
    """What came of a history: counts that must be nought, and a digest of its rows."""

    again: int = 0
    lost: int = 0
    doubled: int = 0
    doubts: int = 0
    kills: int = 0
    articles: int = 0
    digest: str = ""


class History:
    """One history; the same seed is the same history, with `kills` or without."""

    def __init__(self, seed: int, store: Store, template: Path, *, kills: bool, restarts: bool = False) -> None:
        self._chance = random.Random(f"history-{seed}")  # what happens
        self._fate = random.Random(f"fate-{seed}")  # where the process is killed
        self._kills, self._restarts = kills, restarts
        self._path = store.database.path
        self._store = store
        with closing(sqlite3.connect(template)) as empty, closing(sqlite3.connect(self._path)) as raw:
            empty.backup(raw)
        self._sites = [Site(n, self._chance.choice(POLICIES)) for n in range(len(HOSTS))]
        self._now, self._polls, self._truths, self._left, self._runs = START, 0, 0, -1, 0
        self._sent: Counter[int] = Counter()
        self._fresh: set[int] = set()
        self.told = Told()

    async def run(self) -> Told:
        for site in self._sites:
            site.items += [self._new(site) for _ in range(self._chance.randrange(1, 7))]
            await self._poll(site)
        self._fresh = set()  # a first reading is silent
        for _ in range(STEPS):
            self._now += timedelta(minutes=self._chance.choice((5, 20, 70, 400)))
            self._happen()
            for site in self._chance.sample(self._sites, len(self._sites)):
                if site.body(self._now, 0) != site.served or site.policy == "rotating" or self._chance.random() < 0.2:
                    site.served = site.body(self._now, 0)
                    await self._poll(site)
            self._send()
        self._count()
        if self._restarts:
            self._store.close()
        return self.told

    # --- what happens --------------------------------------------------------------------------------------------
    def _new(self, site: Site, like: Item | None = None) -> Item:
        if like is None:
            self._truths += 1
            self._fresh.add(self._truths)
            title = f"{name(self._truths)} et SecNumCloud : {' '.join(self._chance.sample(VOCABULARY, 5))}"
            text = (
                f"{name(self._truths)} annonce. {prose(f'{self._chance.random()}', self._chance.choice((50, 90, 150)))}"
            )
            truth = self._truths
        else:
            truth, title, text = like.truth, like.title, like.text
        guid = f"{site.number}-{self._chance.randrange(10**9)}"
        return Item(truth, title, text, guid, f"{truth}-{self._chance.randrange(10**6)}-{slug(title)}", self._now)

    def _happen(self) -> None:
        site = self._chance.choice(self._sites)
        what = self._chance.choice(EVENTS)
        if what == "publish" or not site.items:
            site.items.insert(0, self._new(site))
        elif what == "dispatch":
            item = self._new(site)
            for each in self._chance.sample(self._sites, 2):
                each.items.insert(0, self._new(each, item))
        elif what == "flip":
            site.policy = self._chance.choice(POLICIES)
        elif what == "redate":
            site.redates = not site.redates
        elif what == "rebuild":
            for each in site.items:
                each.guid, each.slug = f"n{each.guid}", f"n/{each.slug}"
        else:
            self._edit(self._chance.choice(site.items[:LISTED]), what)

    def _edit(self, item: Item, what: str) -> None:
        if what in ("retitle", "all"):
            words = item.title.split()
            words[-1] = self._chance.choice(VOCABULARY)
            item.title = " ".join(words)
        if what in ("reguid", "all"):
            item.guid = f"{self._chance.randrange(10**9)}"
        if what in ("readdress", "all"):
            item.slug = f"{self._chance.randrange(10**6)}-autre"
        if what == "reslug":
            item.slug = f"{item.slug.partition('-')[0]}-{slug(item.title)}-bis"
        if what == "extend":
            item.text += f" {prose(f'{self._chance.random()}', 20)}"

    # --- the daemon ------------------------------------------------------------------------------------------------
    async def _poll(self, site: Site) -> None:
        self._polls += 1
        body = site.body(self._now, self._polls)
        while True:
            if self._kills and self._fate.random() < 0.25:
                self._left = self._fate.randrange(1, 120)
            try:
                with before_each(self._store, self._die) if self._left >= 0 else nullcontext():
                    await self._round(site, body)
            except Killed:
                self.told.kills += 1
                self._restart()
            else:
                break
        if self._left >= 0 or self._restarts:
            self._restart()

    async def _round(self, site: Site, body: bytes) -> None:
        claims = self._store.feeds.claim_all(self._now, "moi", timedelta(minutes=1))
        (claim,) = (each for each in claims if each.feed.id == f"f{site.number}")
        self._store.feeds.release([each for each in claims if each is not claim])
        await poll(claim, self._ports(body))

    def _restart(self) -> None:
        """The process that was killed is gone, with its leases."""
        self._left = -1
        if self._restarts:
            self._store.close()
            self._store = open_store(self._path)
        self._store.feeds.release_all()

    def _die(self, *_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    def _send(self) -> None:
        self._runs += 1
        while due := self._store.outbox.claim(self._now, f"run{self._runs}", 10):
            for each in due:
                self._store.outbox.start(each, self._now)
                self._sent[each.id] += 1
                if self._kills and self._fate.random() < 0.03:  # sent, and killed before that was written
                    self._runs += 1
                    self.told.doubts += self._store.outbox.recover(f"run{self._runs}")
                else:
                    self._store.outbox.sent(each.id, each.id, self._now)

    def _ports(self, body: bytes) -> Ports:
        outside = _Outside(Fetched(body, "https://x.example/rss", "application/rss+xml", etag=None))
        permits = Permissions(self._store.sites, outside.offload, outside, outside, lambda: self._now)  # type: ignore[arg-type]
        return Ports(
            self._store, outside.offload, outside, outside, ENGINE, NEWSROOM, lambda: self._now, lambda: 0.0, permits,  # type: ignore[arg-type]
        )  # fmt: skip

    # --- what came of it -------------------------------------------------------------------------------------------
    def _count(self) -> None:
        with closing(sqlite3.connect(self._path)) as raw:
            rows = raw.execute("SELECT id, title FROM article").fetchall()
            truths = {row[0]: truth_of(row[1]) for row in rows}
            first = [int(row[0][1:]) for row in raw.execute("SELECT item FROM announcement WHERE kind = 'living'")]
            stories = "SELECT story_id FROM announcement WHERE kind = 'living'"
            shown = raw.execute(f"SELECT article_id FROM grouped WHERE story_id IN ({stories})").fetchall()
            self.told.digest = digest_of(raw)
        announced = Counter(truths[each] for each in first)
        self.told.again = sum(n - 1 for n in announced.values())
        self.told.lost = len(self._fresh - {truths[row[0]] for row in shown})
        self.told.doubled = sum(n - 1 for n in self._sent.values())
        self.told.articles = self._truths


@dataclass
class _Outside:
    """The net, which has one feed, and workers that read at once."""

    answer: Outcome

    async def get(self, url: str, **_: Any) -> Outcome:
        return ABSENT if url.endswith((".txt", ".json")) else self.answer

    async def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return function(*arguments)

    async def offload(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)


def name(truth: int) -> str:
    """A name that its title keeps, and that no other has."""
    return f"Sujet{truth:03}"


def truth_of(title: str) -> int:
    return int(title[5:8])


def slug(title: str) -> str:
    return "-".join(title.lower().split()[4:7])


def digest_of(raw: sqlite3.Connection) -> str:
    """Of every row that grouping and telling wrote."""
    digest = hashlib.sha256()
    for table in TABLES:
        for row in sorted(map(repr, raw.execute(f"SELECT * FROM {table}"))):
            digest.update(row.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def template(folder: Path) -> Path:
    """A base with three feeds, read every time they are asked, and one chat that follows all there is without a cap."""
    path = folder / "template.db"
    store: Store = open_store(path)
    names = [FeedId(f"f{n}") for n in range(len(HOSTS))]
    feeds = [
        Feed(each, f"Source {each}", f"https://{host}/{each}.xml") for each, host in zip(names, HOSTS, strict=True)
    ]
    store.feeds.sync([replace(each, reading="feed") for each in feeds], START)
    chat = store.chats.arrive(5, "private", "fr", START)
    for watchlist in ENGINE.watchlists:
        store.chats.follow(chat.key, watchlist, None, START)
    store.chats.settings(chat.key, Choices(per_hour=10_000, per_day=10_000))
    store.close()
    return path


def lived(seed: int, store: Store, base: Path, *, kills: bool, restarts: bool = False) -> Told:
    """The history of this seed, in the file of this store, which begins anew as `base`."""
    return asyncio.run(History(seed, store, base, kills=kills, restarts=restarts).run())
