"""Vigie beside what one would use instead: a script of thirty lines; lemon24/reader and feedforbot, with that script.

    python -m benchmarks.compare [--feeds 100] [--rounds 3] [--peer reader=PYTHON] [--peer feedforbot=PYTHON]

One press on loopback, a host a feed (127.1.0.n), thirty short items each, a page behind every link. The contestants
take turns at each part; what is told is the CPU of the whole process tree, medians, the memory that it holds, and the
bytes that the press had to carry. Then one article at a time, from its publication to the message that a Telegram
emulated on loopback takes: each contestant looks as it is published, so what its beat adds is not in it. Vigie and
feedforbot send by their own means; the script, and the one beside reader, which sends nothing, by a request of theirs.
A peer takes part with a Python of its own: `python -m venv V`, then `V/bin/pip install reader httpx trafilatura`, or
`feedforbot[cli] trafilatura`; where pip leaves them out, sgmllib3k and lxml_html_clean as well.
"""

import argparse
import io
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulator import Emulator

ITEMS = 30
SYLLABLES = ("ba", "ri", "to", "mel", "cou", "nar", "vi", "lo", "ser", "que", "pan", "dui", "fa", "gen", "tre", "zo")
WANTED = re.compile(r"\bSecNumCloud\b", re.IGNORECASE)
TICK = os.sysconf("SC_CLK_TCK")
READER = 7  # the chat that is told
OF_PROCESS = 2  # what the kernel calls the clock of the CPU that a process has used, in the number of such a clock


# --- the press -----------------------------------------------------------------------------------------------------
class CompareServer(ThreadingHTTPServer):
    """`added` items were published after the first ones in one feed of three, `alone` in the feed of a host; `mute`
    validators get no 304. `carried`: bytes of requests and answers, their headers included."""

    daemon_threads = True
    request_queue_size = 256
    added = 0
    mute = False
    carried = 0

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.alone = Counter[str]()
        self._turn = Lock()

    def carry(self, size: int) -> None:
        with self._turn:
            self.carried += size


class _Counted(io.BufferedIOBase):
    """One side of a line, and what went through it."""

    def __init__(self, under: Any, server: CompareServer) -> None:
        self._under, self._server = under, server

    def readline(self, size: int | None = -1, /) -> bytes:
        line: bytes = self._under.readline(size)
        self._server.carry(len(line))
        return line

    def write(self, data: Any, /) -> int:
        self._server.carry(len(data))
        return int(self._under.write(data))

    def close(self) -> None:
        self._under.close()
        super().close()


class _Handler(BaseHTTPRequestHandler):
    server: CompareServer
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.rfile, self.wfile = _Counted(self.rfile, self.server), _Counted(self.wfile, self.server)

    def do_GET(self) -> None:
        host = (self.headers["Host"] or "").partition(":")[0]
        if self.path == "/rss":
            return self._feed(host)
        if self.path.startswith("/a/"):
            number = int(self.path[3:])
            return self._answer(200, _page(host, number), "text/html; charset=utf-8")
        return self._answer(404, b"", "text/plain")

    def _feed(self, host: str) -> None:
        more = self.server.alone[host] + (self.server.added if int(host.rpartition(".")[2]) % 3 == 0 else 0)
        tag = f'"{more}"'
        if not self.server.mute and self.headers["If-None-Match"] == tag:
            return self._answer(304, b"", "", tag)
        return self._answer(200, _rss(f"http://{self.headers['Host']}", more), "application/rss+xml", tag)

    def _answer(self, status: int, body: bytes, kind: str, tag: str = "") -> None:
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@cache
def _rss(site: str, more: int) -> bytes:
    items = "".join(
        f"<item><title>{_title(site, number)}</title><link>{site}/a/{number}</link><guid>{site}/{number}</guid>"
        f"<description>{prose(f'{site} {number}', 30)}</description></item>"
        for number in range(ITEMS + more - 1, more - 1, -1)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Fil</title>{items}</channel></rss>".encode()


def _title(site: str, number: int) -> str:
    """What comes later is what is wanted."""
    return f"{'SecNumCloud' if number >= ITEMS else 'Dépêche'} : {prose(f'titre {site} {number}', 6)}"


@cache
def prose(seed: str, words: int) -> str:
    """Sentences of words that no other seed has in this order."""
    chance = random.Random(seed)
    made = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(words)]
    return " ".join(word.capitalize() + "." if n % 12 == 11 else word for n, word in enumerate(made))


@cache
def _page(host: str, number: int) -> bytes:
    paragraphs = "".join(f"<p>{prose(f'{host} {number} {n}', 60)}</p>" for n in range(12))
    links = "".join(f"<li><a href='/a/{n}'>Un autre article du site</a></li>" for n in range(60))
    title = _title(host, number)
    head = f"<html lang='fr'><head><title>{title}</title></head>"
    body = f"<ul>{links}</ul><article><h1>{title}</h1>{paragraphs}</article>"
    return f"{head}<body>{body}</body></html>".encode()


@contextmanager
def press() -> Iterator[CompareServer]:
    server = CompareServer(("0.0.0.0", 0), _Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- the contestants: each a process that does one round for each line it reads ------------------------------------
# `telegram`: where a bot speaks, its token included; "" where nothing is sent
def naive(urls: Sequence[str], folder: Path, telegram: str) -> Callable[[], int]:
    import feedparser
    import httpx

    base = sqlite3.connect(folder / "naive.db")
    base.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)")
    client, tags, first = httpx.Client(), dict[str, str](), set[str]()

    def work() -> int:
        found = 0
        for url in urls:
            answer = client.get(url, headers={"If-None-Match": tags[url]} if url in tags else {})
            if answer.status_code != 200:
                continue
            tags[url] = answer.headers.get("ETag", "")
            for entry in feedparser.parse(answer.content).entries:
                new = base.execute("INSERT OR IGNORE INTO seen VALUES (?)", (entry.id,)).rowcount
                if new and url in first:
                    found += _told(client, telegram, entry.link, entry.title, entry.summary)
            first.add(url)
            base.commit()
        return found

    return work


def _wanted(client: Any, link: str, title: str, summary: str) -> bool:
    import trafilatura

    text = trafilatura.extract(client.get(link).text) or ""
    return WANTED.search(f"{title}\n{summary}\n{text}") is not None


def _told(client: Any, telegram: str, link: str, title: str, summary: str) -> bool:
    wanted = _wanted(client, link, title, summary)
    if wanted and telegram:
        client.post(f"{telegram}/sendMessage", json={"chat_id": READER, "text": f"{title}\n{link}"}).raise_for_status()
    return wanted


def lemon(urls: Sequence[str], folder: Path, telegram: str) -> Callable[[], int]:
    import httpx
    from reader import make_reader  # type: ignore[import-not-found] # a peer, not one of ours

    books, client = make_reader(str(folder / "reader.db")), httpx.Client()
    for url in urls:
        books.add_feed(url)
    started = False

    def work() -> int:
        nonlocal started
        found = 0
        books.update_feeds(scheduled=False)
        for entry in books.get_entries(read=False):
            if started:
                found += _told(client, telegram, entry.link or "", entry.title or "", entry.summary or "")
            books.mark_entry_as_read(entry)
        started = True
        return found

    return work


def feedforbot(urls: Sequence[str], folder: Path, telegram: str) -> Callable[[], int]:
    import logging

    import httpx
    from feedforbot import RSSListener, Scheduler  # type: ignore[import-not-found] # a peer
    from feedforbot.cache import FilesCache  # type: ignore[import-not-found] # a peer
    from feedforbot.transports import TelegramBotTransport  # type: ignore[import-not-found] # a peer

    logging.disable(logging.WARNING)
    client, found = httpx.Client(), list[bool]()

    class Counting(TelegramBotTransport):  # type: ignore[misc] # a peer's
        def send(self, *articles: Any) -> list[Any]:
            wanted = [_wanted(client, str(each.url), each.title, each.text) for each in articles]
            found.extend(wanted)
            told = [each for each, yes in zip(articles, wanted, strict=True) if yes]
            if telegram:
                super().send(*told)
            return []  # what our emulator refuses, for a field that Telegram has renamed, is not tried again

    transport = Counting("1:none", str(READER))
    transport._api_url = f"{telegram}/sendMessage"  # it has Telegram's own, and no way to name another

    def scheduler(url: str) -> Any:
        return Scheduler(
            "* * * * *",
            listener=RSSListener(url),
            transport=transport,
            cache=FilesCache(id=url, data_dir=folder),
        )

    each_feed = [scheduler(url) for url in urls]

    def work() -> int:
        found.clear()
        for each in each_feed:
            each._tick()  # what its clock calls
        return sum(found)

    return work


def vigie(urls: Sequence[str], folder: Path, telegram: str) -> Callable[[], int]:
    import asyncio
    import logging
    from contextlib import AsyncExitStack

    from sqlalchemy import func, select

    from bot.build import ports
    from bot.config.folder import load
    from bot.config.settings import settings
    from bot.daemon.channels import courier_to, outlets
    from bot.daemon.garbage import set_aside
    from bot.daemon.live import Live
    from bot.daemon.rounds import Rounds
    from storage.schema import article_match

    logging.disable(logging.WARNING)
    count = select(func.count()).select_from(article_match)
    (folder / "watchlists").mkdir()
    feeds = "".join(f"  - {{id: f{n}, name: Fil {n}, url: '{url}'}}\n" for n, url in enumerate(urls))
    (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}", "utf-8")
    (folder / "entities.yaml").write_text("cirrova: {name: Cirrova}\n", "utf-8")
    (folder / "watchlists" / "snc.yaml").write_text(
        "name: SNC\nlevel: flash\nthreshold: 1\nany: [SecNumCloud]\n", "utf-8"
    )
    given = {"VIGIE_CONFIG": str(folder), "VIGIE_DATABASE": str(folder / "v.db"), "VIGIE_ALLOW_PRIVATE": "127.0.0.0/8"}
    if telegram:
        api, _, token = telegram.rpartition("/bot")
        given |= {"VIGIE_TELEGRAM_TOKEN": token, "VIGIE_TELEGRAM_API_URL": api}
    read, configuration = settings(given), load(folder)
    assert not isinstance(read, tuple), read
    assert not isinstance(configuration, tuple), configuration
    allow = frozenset((url.split("/")[2].split(":")[0], int(url.split(":")[2].split("/")[0])) for url in urls)
    loop = asyncio.new_event_loop()
    stack = AsyncExitStack()
    made = loop.run_until_complete(stack.enter_async_context(ports(read, configuration, allow=allow)))
    reader = made.store.chats.arrive(READER, "private", "fr", made.clock())
    made.store.chats.follow(reader.key, "snc", None, made.clock())
    live = Live(made)
    courier = None
    if telegram:
        out = loop.run_until_complete(outlets(read, made, stack))
        courier = loop.run_until_complete(courier_to(made, out, probe=False))
    set_aside()  # as `vigie run` does

    def kept() -> int:
        with made.store.database.read() as connection:
            return int(connection.execute(count).scalar_one())

    def work(_open: AsyncExitStack = stack) -> int:
        rounds, before = Rounds(live), kept()
        loop.run_until_complete(rounds.all(everything=True))
        loop.run_until_complete(rounds.all_pages())
        if courier is not None:
            loop.run_until_complete(courier.finish())
        return kept() - before

    return work


OURS = {"vigie": vigie, "naive": naive}
PEERS = {"reader": lemon, "feedforbot": feedforbot}


def _serve(name: str, urls: Sequence[str], telegram: str) -> None:
    with TemporaryDirectory() as folder:
        work = (OURS | PEERS)[name](urls, Path(folder), telegram)
        print("ready", flush=True)
        for _ in sys.stdin:
            print(json.dumps(work()), flush=True)


# --- the measure ---------------------------------------------------------------------------------------------------
class Contestant:
    def __init__(self, name: str, python: str, urls: Sequence[str], telegram: str = "") -> None:
        self.name = name
        command = [python, "-m", "benchmarks.compare", "--serve", name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([list(urls), telegram]) + "\n")
        self._process.stdin.flush()
        self._read()

    def round(self) -> tuple[float, int]:
        """Seconds of CPU of the whole tree, and what was found."""
        before = self._spent()
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found = int(self._read())
        return self._spent() - before, found

    def memory(self) -> float:
        """Megabytes held by the tree."""
        pages = (int(Path(f"/proc/{each}/statm").read_text("ascii").split()[1]) for each in self._tree())
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _tree(self) -> list[int]:
        found, parents = [self._process.pid], _parents()
        for each in found:
            found += [child for child, parent in parents.items() if parent == each]
        return found

    def _spent(self) -> float:
        """Its own time, that of its children, and that of those which have ended: of those to the tick only."""
        return sum(time.clock_gettime(~each << 3 | OF_PROCESS) + _of_the_dead(each) for each in self._tree())


def _of_the_dead(process: int) -> float:
    return sum(map(int, _stat(process)[13:15])) / TICK


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(") ")[2].split()


def _parents() -> dict[int, int]:
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                found[int(each.name)] = int(_stat(int(each.name))[1])
            except OSError:  # it has ended
                continue
    return found


def compare(feeds: int, rounds: int, peers: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Of each contestant: seconds of CPU and kilobytes carried of each part, megabytes held, seconds from a publication
    to its message. `peers`: with which Python each is run."""
    pythons = dict.fromkeys(OURS, sys.executable) | peers
    with press() as server:
        urls = _urls(server, feeds)
        names = [Contestant(name, python, urls) for name, python in pythons.items()]
        told: dict[str, dict[str, float]] = {each.name: {} for each in names}
        parts: tuple[tuple[str, int], ...] = (
            ("first poll", 1),
            ("304", rounds),
            ("same body", rounds),
            ("new", rounds),
        )
        for part, times in parts:
            server.mute = part == "same body"
            spent: dict[str, list[float]] = {each.name: [] for each in names}
            carried: dict[str, list[float]] = {each.name: [] for each in names}
            for _ in range(times):
                server.added += part == "new"
                for each in names:
                    before = server.carried
                    seconds, found = each.round()
                    spent[each.name].append(seconds)
                    carried[each.name].append((server.carried - before) / 1e3)
                    expected = sum((n % 250 + 1) % 3 == 0 for n in range(feeds)) if part == "new" else 0
                    assert found == expected, (each.name, part, found, expected)
                names.append(names.pop(0))
                time.sleep(2.5)  # the courtesy that Vigie owes each host: it waits, at no cost
            for name, seconds_of in spent.items():
                told[name] |= {part: statistics.median(seconds_of), f"{part} kB": statistics.median(carried[name])}
        for each in names:
            told[each.name]["MB"] = each.memory()
            each.close()
    for name, delays in _delays(feeds, rounds, pythons).items():
        told[name] |= {"message s": statistics.median(delays), "slowest message s": max(delays)}
    return told


def _urls(server: CompareServer, feeds: int) -> list[str]:
    return [f"http://127.1.{n // 250}.{n % 250 + 1}:{server.server_address[1]}/rss" for n in range(feeds)]


def _delays(feeds: int, rounds: int, pythons: Mapping[str, str]) -> dict[str, list[float]]:
    """Of each contestant: seconds from each publication, in a feed drawn by lot, to the message that tells of it."""
    from tests.emulator import TOKEN, Emulator

    chance = random.Random(7)
    with press() as server, Emulator(strict=False) as api:
        api.chat(READER)
        urls = _urls(server, feeds)
        names = [Contestant(name, python, urls, f"{api.url}/bot{TOKEN}") for name, python in pythons.items()]
        delays: dict[str, list[float]] = {each.name: [] for each in names}
        for each in names:
            each.round()
        for _ in range(rounds):
            time.sleep(2.5)  # the courtesy that Vigie owes each host, and Telegram's second for each chat
            server.alone[chance.choice(urls).split("/")[2].partition(":")[0]] += 1
            for each in names:
                delays[each.name].append(_delay(each, api))
            names.append(names.pop(0))
        for each in names:
            each.close()
        return delays


def _delay(contestant: Contestant, api: "Emulator") -> float:
    """It is published now for who looks now, whoever has looked before. The message may be one that is edited, of the
    story that it is taken for; who has said nothing looks again."""
    before, published = len(api.calls), time.monotonic()
    while not (told := [each for each in api.calls[before:] if each.method in ("sendMessage", "editMessageText")]):
        assert time.monotonic() < published + 30, contestant.name
        contestant.round()
    assert told[0].status == 200 or contestant.name in PEERS, (contestant.name, told)
    return told[0].at - published


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON", help=f"one of {', '.join(PEERS)}")
    parser.add_argument("--serve")
    asked = parser.parse_args()
    if asked.serve:
        _serve(asked.serve, *json.loads(sys.stdin.readline()))
    else:
        peers = dict(each.split("=", 1) for each in asked.peer)
        for name, row in compare(asked.feeds, asked.rounds, peers).items():
            print(name, {part: round(value, 3) for part, value in row.items()})
