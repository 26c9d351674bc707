"""A year of Vigie in under a minute: 200 feeds, 100 chats, and everything that goes wrong in a year.

python -m benchmarks.year [SEEDS] [DAYS] [FIRST]

Real: the schedule of feeds, the store, announcements and digests, the outbox, the courier, the pacer. Simulated: the
clock, the network, Telegram (strict, in memory). A seed plays the same year each time. Ends with a traceback where
something was lost, came more often than its doubts allow, out of order, too fast, changed, or though it was muted.
"""

import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from bot.daemon.digests import send_digests
from bot.daemon.live import Live
from bot.digest.newsroom import newsroom
from bot.log import Redact
from bot.messages.visible import plain as plain_text
from bot.model import Document, Entry, Failed, Fetched, Message, NotModified, Throttled, Why
from bot.pipeline import LEASE
from bot.polling import schedule
from storage import Store, open_store
from storage.articles.model import ArticleText, EntryKey, EntryRecord, PollRecord
from storage.chats.model import Choices, NewDelivery
from storage.feeds.model import Claim
from storage.ids import ChatKey, FeedId
from storage.schema import chat, delivery, held_topic
from tests.bot.delivery.history import Killed, World, hurried
from tests.bot.digest.builders import WATCHLISTS
from tests.emulator import TOKEN, Fault
from tests.emulator.entities import parse
from tests.emulator.virtual import run
from tests.storage.builders import a_feed, a_match, next_due

STEP = timedelta(hours=12)
FEEDS, CHATS, TOPIC = 200, 100, 7
ZONES = ("Europe/Paris", "America/Guadeloupe", "Indian/Reunion")
EVER = 10**9


@dataclass(slots=True)
class Expected:
    """A row of the outbox, and how it reads in the chat: as rendered, or plain."""

    chat: ChatKey
    thread: int
    lane: str
    readings: frozenset[str]


class Year(World):
    """One world, from one seed."""

    def __init__(self, store: Store, seed: int, feeds: int, chats: int) -> None:
        super().__init__(store, seed)
        self.chance = random.Random(seed)
        self.expected: dict[int, Expected] = {}
        self.last = 0
        self.settled: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()
        self.articles = 0
        self.numbers: dict[ChatKey, int] = {}
        ports: Any = SimpleNamespace(
            store=store,
            offload=self.calmly,
            engine=SimpleNamespace(watchlists=WATCHLISTS, entities={}),
            newsroom=newsroom(WATCHLISTS),
            clock=self.now,
        )
        self.live_rules = Live(ports)
        every = timedelta(days=28)  # each poll costs 3 ms, and a year holds no more of them in a minute
        store.feeds.sync([a_feed(FeedId(f"f{number}"), every=every) for number in range(feeds)], self.now())
        for number in range(1, chats + 1):
            self.settle_in(number)
        for kind in ("drop", "cut", "garbage", "status", "slow"):
            broken: Any = kind
            self.api.fail(Fault(broken, "*", chance=0.01, times=EVER, status=502, body=b"<html>", late=20.0))

    def settle_in(self, number: int) -> None:
        """A chat that comes, and chooses."""
        kinds: Any = ("private",) * 6 + ("supergroup",) * 2 + ("group", "channel")
        kind = kinds[number % 10]
        telegram_id = number + 1000 if kind == "private" else -number - 1000
        key = self.chat(telegram_id, kind)
        self.numbers[key] = telegram_id
        forum = kind == "supergroup" and number % 20 == 6
        if forum:
            self.api.chat(telegram_id).topics = {TOPIC: True}
        chooser = self.chance
        self.store.chats.settings(key, Choices(
            timezone=chooser.choice(ZONES),
            digest_at=60 * chooser.choice((7, 8, 12, 18)),
            empty_line=chooser.random() < 0.1,
            days=str(chooser.randint(1, 7)),
            quiet_flash=chooser.choice(("sound", "silent", "wait")),
            language=chooser.choice(("fr", "en")),
        ))  # fmt: skip
        for watchlist in chooser.sample(sorted(WATCHLISTS), chooser.choice((1, 1, 2))):
            self.store.chats.follow(key, watchlist, None, self.now(), TOPIC if forum else 0)

    async def calmly(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    # --- what the bot does -----------------------------------------------------------------------------------------
    async def step(self, end: float) -> None:
        self.polls()
        await send_digests(self.live_rules, console=False)
        self.note()
        if self.chance.random() < 0.2:
            self.lives = self.chance.randint(1, 6)
        await self.deliver(end)
        self.lives = None

    async def deliver(self, end: float) -> None:
        """The courier at work until then; where it is killed, another starts."""
        while self.seconds() < end:
            with suppress(Killed):
                await self.awake(end)
            if self.lives == 0:
                self.happened["killed"] += 1
                await self._end()
                self.lives = None
                await self.start()

    async def awake(self, end: float) -> None:
        while self.seconds() < end and self.lives != 0:
            due = next_due(self.store, self.now())
            wait = end - self.seconds() if due is None else (due - self.now()).total_seconds()
            if due is None and self.store.figures(self.now()).waiting.sending:
                wait = 1.0
            if wait <= 0:
                # Nothing to be had though something is due: the gate is shut, or a group has had its minute
                wait = 1.0 if await self.courier.tick() else 600.0
                self.note()
            await asyncio.sleep(max(1.0, min(wait, end - self.seconds())))

    def polls(self) -> None:
        while claims := self.store.feeds.claim_due(self.now(), "year", LEASE, 50):
            for claim in claims:
                self.poll(claim)
            self.note()

    def poll(self, claim: Claim) -> None:
        state, chance = claim.state, self.chance
        dice = chance.random()
        answer: Any
        entries: tuple[Entry, ...] = ()
        if dice < 0.02:
            outcome: Any = Failed(Why.NETWORK, "no route")
            answer = outcome
        elif dice < 0.03:
            outcome = answer = Throttled(429, timedelta(hours=2))
        elif state.baseline and dice < 0.7:
            outcome = answer = NotModified()
        else:
            count = 4 if state.baseline else 3
            entries = tuple(self.entry(old=not state.baseline) for _ in range(count))
            outcome, answer = Fetched(repr(entries).encode(), state.url, "text/xml"), Document(entries)
        after = schedule.after(
            claim.feed, state, outcome, answer, self.now(), new=[None] * len(entries), chance=chance.random()
        )
        keys = [EntryKey(each.key, each.key, (each.link,)) for each in entries]
        known = self.store.articles.standing(claim.feed.id, keys, self.now())
        records = tuple(
            EntryRecord(key, standing, ArticleText(each.title, "", "texte", each.link, (each.link,)), self.matches())
            for key, standing, each in zip(keys, known, entries, strict=True)
        )
        record = PollRecord(claim, after, self.now(), records, muted=not state.baseline)
        self.store.polls.record(record, self.live_rules.ports.newsroom)

    def entry(self, *, old: bool) -> Entry:
        self.articles += 1
        kind = "ancien" if old else "neuf"
        soup = self.chance.choice(("", " <b>&amp; </i>", " \u202e🦊", " « 100 % »", " &#x41;" * 30))
        return Entry(f"k{self.articles}", f"https://site.example/{self.articles}", f"{kind}-{self.articles}.{soup}")

    def matches(self) -> tuple[Any, ...]:
        if self.chance.random() > 0.2:
            return ()
        name = self.chance.choice(sorted(WATCHLISTS))
        return (a_match(name, WATCHLISTS[name].level),)

    # --- what happens to it ----------------------------------------------------------------------------------------
    async def happen(self) -> None:
        event = self.chance.choice((*EVENTS, *(None,) * len(EVENTS)))
        if event is not None:
            self.happened[event.__name__.strip("_")] += 1
            await event(self)
            self.note()

    def some(self, *kinds: str) -> tuple[ChatKey, int]:
        """A chat of one of these kinds, and its present Telegram id; any, if none is."""
        known = [each for each in self.store.chats.active() if each.key in self.numbers]
        found = self.chance.choice([each for each in known if each.kind in kinds] or known)
        return found.key, found.telegram_id

    async def _block(self) -> None:
        _, number = self.some()
        self.api.chat(number).state = self.chance.choice(("blocked", "deactivated"))
        if self.chance.random() < 0.5:
            self.store.chats.leave(number, self.now())

    async def _come_back(self) -> None:
        gone = [number for number in map(self.number, self.numbers) if number and self.api.chat(number).state != "open"]
        if gone:
            number = self.chance.choice(gone)
            known = self.store.chats.find(number)
            if known is not None and self.api.chat(number).state != "migrated":
                self.api.chat(number).state = "open"
                self.store.chats.arrive(number, known.kind, "fr", self.now())

    async def _flood(self) -> None:
        self.api.flood(self.some()[1], self.chance.choice((17, 3_600, 43_837)))

    async def _topic(self) -> None:
        number = self.chance.choice([each.id for each in self.api.chats() if each.topics] or [0])
        if number:
            topics = self.api.chat(number).topics
            topics[TOPIC] = not topics[TOPIC]
            if topics[TOPIC]:
                self.store.chats.free_topic(number, TOPIC, self.now())

    async def _lose_rights(self) -> None:
        self.api.chat(self.some("channel", "supergroup")[1]).state = "no_rights"

    async def _migrate(self) -> None:
        _, number = self.some("group")
        if self.api.chat(number).kind == "group":
            after = number - 1_000_000
            self.api.migrate(number, after, announce=False)
            self.api.chat(after).messages = self.api.chat(number).messages
            if self.chance.random() < 0.5:
                self.store.chats.migrate(number, after)

    async def _outage(self) -> None:
        faults = self.api.faults()
        self.api.heal()
        self.api.fail(Fault("status", "*", times=EVER, status=502, body=b"<html>"))
        await self.deliver(self.seconds() + 3600 * self.chance.choice((1, 5, 9)))
        self.api.heal()
        self.api.fail(*faults)

    async def _no_network(self) -> None:
        self.messenger.down = True
        await self._end()
        await self.start()
        await self.deliver(self.seconds() + 3600 * self.chance.choice((1, 8)))
        self.messenger.down = False

    async def _clock(self) -> None:
        self.shift += timedelta(hours=self.chance.choice((-24, -1, 1, 24)))

    async def _restarts(self) -> None:
        for _ in range(20):
            await self._end()
            await self.start()

    async def _forget(self) -> None:
        key, _ = self.some("private")
        self.store.chats.forget(key)
        del self.numbers[key]
        self.settle_in(max(self.numbers.values()) - 1000 + 10)

    async def _edit(self) -> None:
        since = self.now() - timedelta(days=3)
        recent = select(delivery).where(delivery.c.lane == "flash", delivery.c.queued_at > since)
        with self.store.database.read() as connection:
            rows = connection.execute(recent.order_by(delivery.c.id.desc()).limit(40)).all()
        for row in self.chance.sample(rows, min(6, len(rows))):
            mark = self.chance.randrange(10**9)
            text = Message(f"<i>modifié</i> {mark}")
            new = NewDelivery(ChatKey(row.chat_id), "edit", f"e{mark}", text, thread=row.thread, target=row.item)
            reply = NewDelivery(new.chat, "flash", f"r{mark}", Message(f"suite {mark}"), thread=row.thread,
                                target=row.item)  # fmt: skip
            self.store.outbox.enqueue([new, reply], self.now())
        self.note(everything=True)

    def number(self, key: ChatKey) -> int:
        found = self.store.chats.get(key)
        return 0 if found is None else found.telegram_id

    # --- what must be true -----------------------------------------------------------------------------------------
    def note(self, *, everything: bool = False) -> None:
        """Learn what was queued since; `everything`: and what waiting rows read now."""
        new = delivery.c.id > self.last
        which = new | ((delivery.c.state == "queued") & (delivery.c.body != "")) if everything else new
        with self.store.database.read() as connection:
            rows = connection.execute(
                select(delivery).where(which, delivery.c.body != "").order_by(delivery.c.id)
            ).all()
        for row in rows:
            html = Message.from_json(row.body).html
            readings = frozenset((parse(html).text.strip(), plain_text(html).strip()))
            self.expected[row.id] = Expected(ChatKey(row.chat_id), row.thread, row.lane, readings)
            self.last = max(self.last, row.id)

    def review(self, *, final: bool = False) -> None:
        """What is settled is as it was promised; the last time, all is, but for what a chat does not take."""
        posts, first = self.posts()
        came: dict[tuple[int, int, str], list[tuple[int, int]]] = defaultdict(list)
        with self.store.database.read() as connection:
            rows = {row.id: row for row in connection.execute(select(delivery))}
            states = {row.id: row.state for row in connection.execute(select(chat.c.id, chat.c.state))}
            held = {(row.chat_id, row.thread) for row in connection.execute(select(held_topic))}
        parts = {(row.chat_id, row.item): row for row in rows.values() if row.part == 1}
        for number, each in list(self.expected.items()):
            row = rows.get(number)
            if row is None:
                assert each.chat not in states, "a row is gone, and its chat is there"
                del self.expected[number]
                continue
            seen = sum(posts[each.chat, reading] for reading in each.readings)
            if row.state == "done" and each.lane != "edit":
                # Notes to whoever runs Vigie may read the same
                assert seen, row
                assert seen <= 1 + row.doubts or row.item.startswith("n"), (row, seen)
                if row.lane != "catchup":
                    place = min(first[each.chat, reading] for reading in each.readings if posts[each.chat, reading])
                    came[row.chat_id, row.thread, row.lane].append((number, place))
            elif row.state == "muted" and each.lane != "edit":
                assert parts[row.chat_id, row.error].lane == "catchup", row
                assert seen == 0, row
            elif row.state == "dead":
                assert row.error, row
            elif row.state in ("queued", "sending"):
                open_ = states[row.chat_id] == "active" and (row.chat_id, row.thread) not in held
                assert not (final and open_), row
                continue
            self.settled[row.state] += 1
            del self.expected[number]
        for order in came.values():
            assert [place for _, place in sorted(order)] == sorted(place for _, place in order), "out of order"

    def posts(self) -> tuple[Counter[tuple[ChatKey, str]], dict[tuple[ChatKey, str], int]]:
        """How often each text was seen in each chat, and the number of its first message."""
        counted: Counter[tuple[ChatKey, str]] = Counter()
        first: dict[tuple[ChatKey, str], int] = {}
        for key in self.numbers:
            number = self.number(key)
            for post in self.api.chat(number).messages if number else ():
                for text in {post.text, *post.before}:
                    counted[key, text] += 1
                    first.setdefault((key, text), post.id)
        return counted, first

    def conclude(self, log: str) -> None:
        self.review(final=True)
        self.rates_kept()
        assert not self.api.violations, self.api.violations[:5]
        assert not any("ancien-" in post.text for each in self.api.chats() for post in each.messages), "I9"
        assert TOKEN.split(":")[1] not in log, "I7"
        with self.store.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            errors = connection.execute(select(delivery.c.error)).scalars()
            assert not any(TOKEN.split(":")[1] in (error or "") for error in errors), "I7"


EVENTS: tuple[Callable[[Year], Awaitable[None]], ...] = (
    Year._block, Year._come_back, Year._come_back, Year._flood, Year._topic, Year._lose_rights, Year._migrate,
    Year._outage, Year._no_network, Year._clock, Year._restarts, Year._forget, Year._edit, Year._edit,
)  # fmt: skip


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(Redact(logging.Formatter("%(message)s %(answer)s", defaults={"answer": ""}), (TOKEN,)))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


async def _play(store: Store, seed: int, days: int, feeds: int, chats: int) -> Year:
    year = Year(store, seed, feeds, chats)
    log = _Log()
    logger = logging.getLogger("vigie")
    before = logger.propagate, logger.handlers
    logger.propagate, logger.handlers = False, [log]
    try:
        await year.start()
        for number in range(round(timedelta(days=days) / STEP)):
            await year.happen()
            await year.step(year.seconds() + STEP.total_seconds())
            if number % 14 == 13:
                year.review()
                store.prune(year.now())
        year.api.heal()
        await year.deliver(year.seconds() + timedelta(days=4).total_seconds())
        await year._end()
        year.conclude("\n".join(log.lines))
    finally:
        logger.propagate, logger.handlers = before
    return year


def simulate(seed: int, days: int = 365, feeds: int = FEEDS, chats: int = CHATS) -> Year:
    """Play it, and check it; the world as it stands then (its store is closed)."""
    with tempfile.TemporaryDirectory() as folder:
        store = hurried(open_store(Path(folder) / "vigie.db"))
        try:
            return run(_play(store, seed, days, feeds, chats))
        finally:
            store.close()


def main(seeds: int, days: int, first: int) -> None:
    for seed in range(first, first + seeds):
        begun, spent = time.monotonic(), time.process_time()
        year = simulate(seed, days)
        print(
            f"seed {seed}: {days} days, {year.articles} articles, "
            f"{', '.join(f'{count} {state}' for state, count in sorted(year.settled.items()))}; "
            f"{sum(year.happened.values())} events ({year.happened['killed']} kills); I1-I9 hold; "
            f"{time.process_time() - spent:.0f} s of CPU, {time.monotonic() - begun:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(*(int(given) for given in (*sys.argv[1:], *("3", "365", "1")[len(sys.argv) - 1 :])))
