"""What polling costs, how polite it is and how soon it sees what is new, beside default feedparser and plain httpx.

python -m benchmarks.polling [PART ...] [--tests FOLDER]

Parts: parse, polls, loop, manners, delay, hostile, conformance (all by default). Everything is generated, and runs on
loopback or on a clock that jumps. `conformance` needs feedparser's own test files, which come with its source
(pip download --no-binary feedparser feedparser): FOLDER is its `tests`.
"""

import argparse
import asyncio
import gzip
import logging
import random
import re
import resource
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from benchmarks.hostile_feeds import FEEDS
from bot.daemon.live import Live
from bot.daemon.rounds import Rounds
from bot.digest.newsroom import newsroom
from bot.feeds import parse as reader
from bot.model import Document, Entry
from bot.polling.rhythm import Rhythm
from bot.polling.schedule import LONGEST_RETRY, LONGEST_WISH, PROBES, SUSPICION, interval
from bot.ports import Ports
from bot.reading.ready import warm
from bot.web.fetch import Fetcher
from bot.web.guard import Guard
from bot.web.host_turns import HostTurns
from bot.web.permissions import Permissions
from bot.web.politeness import Courtesy
from bot.workers import Workers
from matchers.engine.engine import compile_engine
from storage import Store, open_store
from storage.feeds.model import Feed, FeedState
from storage.ids import FeedId

SEED = 20261124
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROSE = (
    "Le ministère a publié mardi la liste des hébergeurs certifiés. ",
    "« Nous attendons le décret », a rappelé la directrice de l’agence. ",
    "L’appel d’offres porte sur l’hébergement de données de santé. ",
    "La décision, attendue depuis des mois, s’appliquera au printemps. ",
)


# --- generated feeds -----------------------------------------------------------------------------------------------
def item(number: int, size: int = 4_000, *, dated: datetime | None = None) -> str:
    body = "".join(f"<p>{PROSE[(number + n) % 4]}<a href='/l/{n}'>lien</a></p>" for n in range(size // 90))
    when = format_datetime(dated or NOW - number * HOUR)
    return (
        f"<item><title>Article n° {number} sur le cloud</title><link>https://site.example/{number}</link>"
        f"<guid isPermaLink='false'>g{number}</guid><pubDate>{when}</pubDate>"
        f"<description>{PROSE[number % 4]}</description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>\n"
    )


def rss(numbers: Sequence[int], size: int = 4_000, stamp: int = 0) -> bytes:
    space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    items = "".join(item(number, size) for number in numbers)
    head = f"<title>Journal</title><lastBuildDate>{format_datetime(NOW + stamp * HOUR)}</lastBuildDate>"
    return f"<?xml version='1.0'?>\n<rss version='2.0' {space}><channel>{head}{items}</channel></rss>".encode()


def cpu(work: Callable[[], object], repeats: int = 5) -> float:
    """Seconds of CPU, the median of several rounds."""
    rounds = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        rounds.append(time.process_time() - begin)
    return statistics.median(rounds)


# --- parse ---------------------------------------------------------------------------------------------------------
def parse() -> None:
    """CPU of reading a document of which nothing, or one item, is new, beside default feedparser in the same run."""
    import feedparser

    sizes = (800, 2_000, 4_000, 8_000)
    first = [rss(range(30), size) for size in sizes]
    same = [rss(range(30), size, stamp=1) for size in sizes]
    more = [rss(range(-1, 29), size, stamp=1) for size in sizes]
    memories = [_read(body).memory for body in first]
    peer = cpu(lambda: [feedparser.parse(body) for body in more])
    rows = {
        "feedparser, default": peer,
        "Vigie, whole": cpu(lambda: [_read(body) for body in more]),
        "Vigie, one new item": cpu(lambda: [_read(body, memory) for body, memory in zip(more, memories, strict=True)]),
        "Vigie, nothing new": cpu(lambda: [_read(body, memory) for body, memory in zip(same, memories, strict=True)]),
    }
    print(f"four feeds of 30 items, {sum(map(len, more)) >> 10} kB in all")
    for name, spent in rows.items():
        print(f"{name:22} {spent * 1000:8.1f} ms   {peer / spent:6.1f} times less")


def _read(body: bytes, memory: str | None = None) -> Document:
    document = reader.parse(body, "application/rss+xml", "https://site.example/rss", memory, NOW)
    assert isinstance(document, Document), document
    return document


# --- the pipeline, made small --------------------------------------------------------------------------------------
def ports(store: Store, door: Fetcher, workers: Any, clock: Callable[[], datetime], chance: random.Random) -> Ports:
    async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    permits = Permissions(store.sites, offload, door, workers, clock)
    return Ports(store, offload, door, workers, compile_engine({}, {}), newsroom({}), clock, chance.random, permits)


# --- polls ---------------------------------------------------------------------------------------------------------
POLLS, FEEDS_POLLED, SLOW = 1000, 100, 0.3

SERVER = """
import asyncio, gzip, sys
body, slow = gzip.compress(open(sys.argv[1], 'rb').read()), float(sys.argv[2])
async def handle(reader, writer):
    head = (await reader.readuntil(b'\\r\\n\\r\\n')).split(b' ', 2)
    number = int(head[1].rsplit(b'/', 1)[1])
    kind = number % 20
    if kind == 0:
        await asyncio.sleep(slow)
    known = b'if-none-match' in head[2].lower()
    if kind < 15 and known:
        writer.write(b'HTTP/1.1 304 X\\r\\nConnection: close\\r\\n\\r\\n')
    else:
        writer.write(b'HTTP/1.1 200 OK\\r\\nETag: "x"\\r\\nContent-Type: application/rss+xml\\r\\n'
                     b'Content-Encoding: gzip\\r\\n'
                     b'Connection: close\\r\\nContent-Length: %d\\r\\n\\r\\n' % len(body) + body)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(handle, '127.0.0.1', 0, backlog=500)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def server(body: bytes) -> Iterator[int]:
    """A site of its own process, so that its CPU is not counted: of 20 feeds, 14 say 304, 5 send 50 kB, 1 is slow."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        process = subprocess.Popen([sys.executable, "-c", SERVER, file.name, str(SLOW)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()
            process.wait()


def polls() -> None:
    """CPU of 1,000 polls on loopback, parsing and storing included, beside httpx with default feedparser."""
    body = rss(range(25), 2_000)
    with server(body) as port:
        peer, ours = asyncio.run(_plain_polls(port)), asyncio.run(_our_polls(port))
    print(f"1,000 polls, 70 % 304, 25 % 200 of {len(body) >> 10} kB, 5 % slow")
    print(
        f"httpx + feedparser {peer:6.2f} s of CPU\nVigie, all of it    {ours:6.2f} s of CPU (worker and store included)"
    )


async def _plain_polls(port: int) -> float:
    import feedparser

    known: set[int] = set()
    begin = time.process_time()
    async with httpx.AsyncClient() as client:
        room = asyncio.Semaphore(50)

        async def one(number: int) -> None:
            async with room:
                headers = {"If-None-Match": '"x"'} if number in known else {}
                answer = await client.get(f"http://127.0.0.1:{port}/{number}", headers=headers)
                if answer.status_code == 200:
                    feedparser.parse(answer.content)
                    known.add(number)

        for _ in range(POLLS // FEEDS_POLLED):
            await asyncio.gather(*(one(number) for number in range(FEEDS_POLLED)))
    return time.process_time() - begin


async def _our_polls(port: int) -> float:
    listed = [
        Feed(FeedId(f"f{n}"), f"F{n}", f"http://127.0.0.1:{port}/{n}", reading="feed") for n in range(FEEDS_POLLED)
    ]
    begin = _all_cpu()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "base")
        store.feeds.sync(listed, NOW)
        async with (
            Fetcher("Vigie/bench", Guard(allow=frozenset({("127.0.0.1", port)}))) as door,
            Workers(warm=warm) as workers,
        ):
            moment = count()
            made = ports(store, door, workers, lambda: NOW + timedelta(seconds=next(moment)), random.Random(SEED))
            rounds = Rounds(Live(made))
            for _ in range(POLLS // FEEDS_POLLED):
                await rounds.all(everything=True)
        store.close()
    return _all_cpu() - begin


def _all_cpu() -> float:
    """Of this process and of the children that it has seen the end of."""
    own, gone = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + gone.ru_utime + gone.ru_stime


# --- the event loop ------------------------------------------------------------------------------------------------
LARGE = 200


def loop() -> None:
    """How late the event loop is while 200 feeds of 500 kB are polled, beside parsing them in it."""
    with server(rss(range(60), 8_000)) as port:
        late = asyncio.run(_lag(port))
    worst = f"{_p(late, 50):.1f} ms, {_p(late, 99):.1f} ms p99, {max(late):.0f} at most"
    print(f"{LARGE} feeds of 500 kB: event loop late by {worst}")


async def _watch(late: list[float]) -> None:
    """Notes how late the event loop is, in milliseconds, until it is cancelled."""
    while True:
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        late.append(1000 * (time.perf_counter() - due))


async def _lag(port: int) -> list[float]:
    late: list[float] = []
    listed = [
        Feed(FeedId(f"f{n}"), f"F{n}", f"http://127.0.0.1:{port}/{20 * n + 16}", reading="feed") for n in range(LARGE)
    ]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        store = open_store(Path(folder) / "base")
        store.feeds.sync(listed, NOW)
        async with (
            Fetcher("Vigie/bench", Guard(allow=frozenset({("127.0.0.1", port)}))) as door,
            Workers(warm=warm) as workers,
        ):
            await workers.warm()
            made = ports(store, door, workers, lambda: datetime.now(UTC), random.Random(SEED))

            async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
                return await asyncio.get_running_loop().run_in_executor(thread, lambda: function(*arguments, **named))

            rounds = Rounds(Live(replace(made, offload=offload)))
            watching = asyncio.create_task(_watch(late))
            await rounds.all(everything=True)
            watching.cancel()
        store.close()
    return late


def _p(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


# --- manners -------------------------------------------------------------------------------------------------------
HOSTS, SIMULATED, TICK, RESTART = 120, 10_000, 20.0, 5 * 3600.0
GAP = 2.0
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a disk would only slow the jumping clock


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: where a loop would sleep, its clock jumps."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is not None and timeout > 0:
            self.now += timeout
        return super().select(0)


class _AtOnce(ThreadPoolExecutor):
    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **named))
        return future


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Source:
    """A feed of the simulated web, and what its server remembers of who asked."""

    host: str
    path: str
    pace: float  # items per hour
    max_age: int
    validators: bool
    deaf: bool  # ignores conditional requests
    newest: int = 20
    etag: str = ""
    free_at: float = 0.0
    asked_at: float = -1e9
    given: str | None = None
    fine: bool = False
    excused: bool = False
    changed_at: float = 0.0
    probed_at: float = -1e9

    def probed(self, now: float) -> bool:
        """One request without validators is due to a server that said nothing but 304 for long (schedule.doubts)."""
        probe = now - self.changed_at > SUSPICION.total_seconds() and now - self.probed_at > PROBES.total_seconds()
        self.probed_at = now if probe else self.probed_at
        return probe


@dataclass
class Web:
    """Answers as sites do, and counts every breach of manners."""

    clock: Callable[[], float]
    chance: random.Random
    sources: dict[str, Source] = field(default_factory=dict)
    breaches: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    robots: int = 0
    probes: int = 0
    sent: int = 0
    hourly: int = 0
    busy: set[str] = field(default_factory=set)
    last: dict[str, float] = field(default_factory=dict)
    peace: dict[str, float] = field(default_factory=dict)
    being: set[str] = field(default_factory=set)
    rules: dict[str, float] = field(default_factory=dict)  # when each host was last asked for its robots.txt

    def populate(self) -> list[Feed]:
        found = []
        for number in range(HOSTS):
            for part in range(self.chance.choice((1, 1, 2, 4))):
                url = f"https://host{number}.example/rss/{part}"
                pace = 10 ** self.chance.uniform(-3, -0.5)
                age = self.chance.choice((0, 0, 0, 600, 5400, 7 * 3600, 90_000, 500_000))
                plain = self.chance.random()
                self.sources[url] = Source(
                    f"host{number}.example", f"/rss/{part}", pace, age, plain > 0.1, 0.1 < plain < 0.15
                )
                found.append(Feed(FeedId(f"f{number}-{part}"), f"F{number}", url, reading="summary"))
        return found

    async def handle(self, request: httpx.Request) -> Answer:
        if request.url.path == "/robots.txt":
            return await self._rules(str(request.url.host))
        source = self.sources[str(request.url)]
        self._judge(source, request)
        self.asked += 1
        self.busy.add(source.host)
        self.being.add(str(request.url))
        try:
            await asyncio.sleep(self.chance.uniform(0.1, 6))
        finally:
            self.busy.discard(source.host)
            self.last[source.host] = self.clock()
        answer = self._answer(source, request)
        self.being.discard(str(request.url))
        self.sent += len(answer[2])
        return answer

    async def _rules(self, host: str) -> Answer:
        """Its robots.txt, which may be asked for once a day, and once more after a kill."""
        now = self.clock()
        self.breaches.update(name for name, breach in self._crowding(host).items() if breach)
        self.breaches["robots.txt again"] += now - self.rules.get(host, -1e9) < 86_400 - 7
        self.robots += 1
        self.busy.add(host)
        try:
            await asyncio.sleep(self.chance.uniform(0.1, 2))
        finally:
            self.busy.discard(host)
            self.last[host] = self.clock()
        self.rules[host] = now  # a kill before this may ask again: it never had the answer
        return 200, {"content-type": "text/plain"}, b"User-agent: *\nDisallow: /\n"

    def _crowding(self, host: str) -> dict[str, bool]:
        now = self.clock()
        return {
            "two at once": host in self.busy,
            "gap": now - self.last.get(host, -1e9) < GAP - 0.001,
            "peace": now < self.peace.get(host, -1e9) - 0.001,
        }

    def _judge(self, source: Source, request: httpx.Request) -> None:
        now, host = self.clock(), source.host
        etag = request.headers.get("if-none-match")
        bare = etag is None and source.given is not None and not source.excused
        found = self._crowding(host) | {
            "cookie or referer": bool({"cookie", "referer"} & set(request.headers)),
            "changed validator": etag is not None and etag != source.given,
            "no validator": bare and not self._probed(source),
            "too soon": now < source.free_at - 0.001 and not source.excused,
            "more than hourly": source.fine and now - source.asked_at < 3600 - 7 and not source.excused,
        }
        self.breaches.update(name for name, breach in found.items() if breach)
        source.asked_at, source.excused = now, False

    def _probed(self, source: Source) -> bool:
        probe = source.probed(self.clock())
        self.probes += probe
        return probe

    def _answer(self, source: Source, request: httpx.Request) -> Answer:
        now, roll = self.clock(), self.chance.random()
        source.fine = False
        if roll < 0.02:
            wait = self.chance.choice((30, 3600, 20_000, 10**7))
            self.peace[source.host] = now + min(wait, LONGEST_RETRY.total_seconds())
            return 429 if roll < 0.01 else 503, {"retry-after": str(wait)}, b""
        if roll < 0.03:
            self.peace[source.host] = now + 3600
            return 429, {}, b""
        if roll < 0.06:
            raise httpx.ReadError("cut")
        if roll < 0.1:
            return 500, {}, b""
        source.fine = True
        while self.chance.random() < min(0.9, source.pace):
            source.newest += 1
        headers = {"content-type": "application/rss+xml"}
        if source.max_age and roll > 0.3:  # hints are kept where an answer says nothing
            headers["cache-control"] = f"max-age={source.max_age}"
            source.free_at = now + min(source.max_age, LONGEST_WISH.total_seconds())
        if source.validators:
            source.etag = f'W/"{source.newest}-gzip"'
            if not source.deaf and request.headers.get("if-none-match") == source.etag:
                return 304, headers, b""
            source.changed_at = source.changed_at if source.given == source.etag else now
            headers["etag"] = source.given = source.etag
        else:
            source.given = None
        if "cache-control" not in headers:
            source.free_at = now
        body = gzip.compress(rss(range(source.newest - 10, source.newest), 300))
        return 200, headers | {"content-encoding": "gzip"}, body

    def killed(self) -> None:
        """Who asks is killed: what was being answered may be asked again without knowing of the answer."""
        for url in self.being:
            self.sources[url].excused = True
        self.being.clear()


class _Inline:
    async def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return function(*arguments)


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, web: Web) -> None:
        self._web = web

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        status, headers, body = await self._web.handle(request)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


def manners(total: int = SIMULATED) -> Counter[str]:
    """Breaches of manners in 10,000 polls by two daemons on one database, both restarted again and again."""
    selector = _Jumping()
    running = asyncio.SelectorEventLoop(selector)
    running.time = lambda: selector.now  # type: ignore[method-assign] # the clock that jumps
    running.set_default_executor(_AtOnce(1))
    try:
        web, spent = running.run_until_complete(_watch_the_web(selector, total))
    finally:
        running.close()
    shown = ", ".join(f"{number} {name}" for name, number in web.breaches.items() if number) or "0 breaches"
    full = web.hourly
    lives = f"{spent / 86400:.1f} days, two daemons, {int(spent // RESTART)} kills each"
    print(f"{web.asked:,} polls and {web.robots:,} times robots.txt, {web.probes} probes, in {lives}: {shown}")
    print(f"{web.sent / 1e6:.1f} MB received; every feed every hour without validators: {full / 1e6:.0f} MB")
    return web.breaches


async def _watch_the_web(selector: _Jumping, total: int) -> tuple[Web, float]:
    chance = random.Random(SEED)
    web = Web(lambda: selector.now, chance)
    listed = web.populate()

    def clock() -> datetime:
        return NOW + timedelta(seconds=selector.now)

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        base = Path(folder) / "base"
        store = open_store(base)
        store.feeds.sync(listed, clock())
        store.close()
        daemons = [asyncio.create_task(_daemon(web, base, clock, total, RESTART * (1 + n / 3))) for n in range(2)]
        await asyncio.gather(*daemons)
    web.hourly = int(len(listed) * selector.now / 3600 * len(gzip.compress(rss(range(10), 300))))
    return web, selector.now


async def _daemon(web: Web, base: Path, clock: Callable[[], datetime], total: int, life: float) -> None:
    """Polls until the web has been asked so often; killed and started again each `life`."""
    while web.asked < total:
        store = open_store(base)
        chance = random.Random(web.asked)
        made_clock = clock

        async def offload(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
            return function(*arguments, **named)

        courtesy = Courtesy(ledger=HostTurns(store.hosts, offload, clock))
        door = Fetcher("Vigie/bench", transport=_Transport(web), clock=clock, courtesy=courtesy)
        async with door:
            rounds = Rounds(Live(ports(store, door, _Inline(), made_clock, chance)))
            end = asyncio.get_running_loop().time() + life
            while web.asked < total and asyncio.get_running_loop().time() < end:
                await rounds.tick()
                await asyncio.sleep(TICK)
            web.killed()
            await rounds.drain()
        store.close()


# --- delay ---------------------------------------------------------------------------------------------------------
SOURCES, HISTORY, REPLAYED = 150, 40, 45  # days
TWELVE = 0.0176  # the cost of waiting at which these sources are looked at 12 times a day


def delay() -> None:
    """How soon what is new is seen, at how many looks a day: generated arrivals, by hour of day and day of week."""
    chance = random.Random(SEED)
    arrivals = [_arrivals(chance) for _ in range(SOURCES)]
    print(f"{SOURCES} sources, {REPLAYED} days, {sum(len(_replayed(times)) for times in arrivals)} new entries")
    policies: dict[str, Callable[[Rhythm, datetime], timedelta]] = {
        "every 60 min": lambda *_: HOUR,
        "every 2 h": lambda *_: 2 * HOUR,
        "ours, 60 min to a day (the default)": lambda rhythm, now: rhythm.next_look(now, HOUR, DAY),
        "ours, 15 min to 6 h": lambda rhythm, now: rhythm.next_look(now, HOUR / 4, 6 * HOUR),
        "ours, 15 min to a day, 12 looks a day": lambda rhythm, now: rhythm.next_look(now, HOUR / 4, DAY, TWELVE),
    }
    for name, policy in policies.items():
        looks, waits = 0, []
        for times in arrivals:
            asked, waited = _replay(times, policy, chance)
            looks += asked
            waits += waited
        print(f"{name:38} {looks / SOURCES / REPLAYED:5.1f} looks a day   {_spread(waits)}")
    _prompt(arrivals)


def _spread(waits: Sequence[float]) -> str:
    return f"{statistics.mean(waits):5.1f} min mean, {_p(waits, 50):4.0f} p50, {_p(waits, 95):4.0f} p95"


def _prompt(arrivals: Sequence[Sequence[datetime]]) -> None:
    """Sources of which some ring flash lists, each asked as `schedule.interval` says; beside all of them by default."""
    for share in (0.1, 0.2):
        chosen = random.Random(SEED)
        rings = [chosen.random() < share for _ in arrivals]
        looks = Counter[str]()
        waits: dict[str, list[float]] = defaultdict(list)
        for number, (times, ringing) in enumerate(zip(arrivals, rings, strict=True)):
            kind = "of flash lists" if ringing else "of others"
            for name, policy in (("default", _default), (kind, partial(_as_scheduled, ringing))):
                asked, waited = _replay(times, policy, random.Random(number))
                looks[name] += asked
                waits[name] += waited
        more = (looks["of flash lists"] + looks["of others"]) / looks["default"]
        print(f"{sum(rings)} sources of {len(rings)} ring: {more:.2f} times the looks of the default")
        for name in ("of flash lists", "of others"):
            print(f"  {name:36} {_spread(waits[name])}")


def _default(rhythm: Rhythm, now: datetime) -> timedelta:
    return rhythm.next_look(now, HOUR, DAY)


def _as_scheduled(ringing: bool, rhythm: Rhythm, now: datetime) -> timedelta:
    feed = Feed(FeedId("f"), "F", "https://site.example/rss")
    known = FeedState(feed.url, now, "ok", '"1"', started_at=NOW - 40 * DAY, rhythm=rhythm.write())
    return interval(feed, replace(known, flashed_at=NOW) if ringing else known, now)


def _arrivals(chance: random.Random) -> list[datetime]:
    """Working hours mostly, week days mostly, one pace for each source."""
    pace = 10 ** chance.uniform(-1.7, 0.6)  # a day: from one in two months to four a day
    shape = [0.05] * 6 + [0.5, 1, 2, 3, 3, 2.5, 1.5, 1.5, 2, 2.5, 2.5, 2, 1, 0.6, 0.4, 0.3, 0.15, 0.1]
    shift, night, sunday = chance.randrange(-2, 3), chance.random() * 0.3, chance.choice((0.05, 0.2, 0.6, 1))
    found = []
    start = NOW - HISTORY * DAY
    for hour in range((HISTORY + REPLAYED) * 24):
        moment = start + hour * HOUR
        weight = (shape[(moment.hour + shift) % 24] + night) / 30 * (sunday if moment.weekday() >= 5 else 1.1)
        while chance.random() < pace * weight:
            found.append(moment + HOUR * chance.choice((0.0, 0.01, 0.5, chance.random(), chance.random())))
    return sorted(found)


def _replayed(times: Sequence[datetime]) -> list[datetime]:
    return [moment for moment in times if moment >= NOW]


def _replay(
    times: Sequence[datetime], policy: Callable[[Rhythm, datetime], timedelta], chance: random.Random
) -> tuple[int, list[float]]:
    rhythm = Rhythm.unknown(NOW).learn([moment for moment in times if moment < NOW], NOW)
    waiting, now = _replayed(times), NOW + chance.random() * HOUR
    looks, waits, place = 0, [], 0
    while now < NOW + REPLAYED * DAY:
        looks += 1
        new = []
        while place < len(waiting) and waiting[place] <= now:
            new.append(waiting[place])
            place += 1
        waits += [(now - moment) / timedelta(minutes=1) for moment in new]
        if new:
            rhythm = rhythm.learn(new, now)
        now += policy(rhythm, now) * (1 + chance.random() / 10)
    return looks, waits


# --- hostile feeds -------------------------------------------------------------------------------------------------
HOSTILE = 4 << 20  # bytes


def hostile() -> None:
    """Feeds made to hang or to fill the memory: how long until the answer, what the daemon and its loop see of it."""
    slowest, late, grown = asyncio.run(_answered())
    name, seconds = max(slowest.items(), key=lambda pair: pair[1])
    print(f"{len(slowest)} feeds of {HOSTILE >> 20} MB: slowest {seconds:.1f} s ({name})")
    print(f"event loop late by {_p(late, 99):.1f} ms p99, {max(late):.0f} at most; memory of the daemon +{grown} MB")


async def _answered() -> tuple[dict[str, float], list[float], int]:
    late: list[float] = []
    spent = {}
    async with Workers(warm=warm) as workers:
        await workers.warm()
        bodies = {name: make(HOSTILE) for name, make in FEEDS.items()}
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        watching = asyncio.create_task(_watch(late))
        for name, body in bodies.items():
            begin = time.perf_counter()
            answer = await workers.run(reader.parse, body, "text/xml", "https://site.example/rss", cpu=10.0, wall=10.0)
            spent[f"{name}: {type(answer).__name__}"] = time.perf_counter() - begin
        watching.cancel()
    return spent, late, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10


# --- conformance ---------------------------------------------------------------------------------------------------
CORE = re.compile(
    r"entries\[\d+\]\[?'?\.?(?:title|link|id|guid|summary|description|content|published|updated|author)'?\]?"
)
EXPECT = re.compile(rb"Expect:\s*(.*?)\s*-->", re.DOTALL)


def conformance(folder: Path | None) -> None:
    """feedparser's own files, read by us whole and then by their new items alone, beside default feedparser."""
    files = sorted(folder.rglob("*.xml")) if folder is not None and folder.is_dir() else []
    if not files:
        print("conformance: left out, no test files of feedparser (--tests FOLDER)")
        return
    told: dict[str, Counter[str]] = defaultdict(Counter)
    different = []
    for path in files:
        body = path.read_bytes()
        if b"Header:" in body[:2000]:
            continue
        kind = "core" if CORE.search(_expected(body)) else "other"
        verdict = _verdict(body)
        told[kind][verdict] += 1
        if verdict in ("fewer", "other") and kind == "core":
            different.append(path.relative_to(folder or path))
    for kind, counts in told.items():
        print(
            f"{kind:6} {sum(counts.values()):5} files: "
            + ", ".join(f"{number} {name}" for name, number in counts.items())
        )
    for path in different[:20]:
        print(f"  {path}")


def _expected(body: bytes) -> str:
    found = EXPECT.search(body)
    return found[1].decode("utf-8", "replace") if found else ""


def _verdict(body: bytes) -> str:
    peer, ours = _by_feedparser(body), _by_us(body)
    if ours == peer:
        return "equal"
    if len(ours) != len(peer):
        return "more" if len(ours) > len(peer) else "fewer"
    return "other"


def _by_feedparser(body: bytes) -> list[tuple[str, ...]]:
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            _core(entry)
            for _, entry in reader.bare(feedparser.parse(body)["entries"], reader.Origin("http://site.example/"))
        ]


def _by_us(body: bytes) -> list[tuple[str, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = reader.parse(body, "", "http://site.example/", None, NOW)
        if not isinstance(whole, Document):
            return []
        again = reader.parse(body, "", "http://site.example/", whole.memory, NOW)
        assert isinstance(again, Document)
        assert again.known + len(again.entries) >= len(whole.entries), "an item given twice is one entry"
    return [_core(entry) for entry in whole.entries]


def _core(entry: Entry) -> tuple[str, ...]:
    return entry.title, entry.link, entry.summary, entry.content, str(entry.published), entry.author or ""


PARTS: dict[str, Callable[[], object]] = {
    "parse": parse, "polls": polls, "loop": loop, "manners": manners, "delay": delay, "hostile": hostile,
}  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("parts", nargs="*", choices=[*PARTS, "conformance", []])
    asked.add_argument("--tests", type=Path, default=None)
    chosen = asked.parse_args()
    logging.disable()
    for name in chosen.parts or [*PARTS, "conformance"]:
        print(f"-- {name}", flush=True)
        if name == "conformance":
            conformance(chosen.tests)
        else:
            PARTS[name]()


if __name__ == "__main__":
    main()
