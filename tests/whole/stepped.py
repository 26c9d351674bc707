"""The whole daemon on a clock that steps: the one that `vigie run` assembles, on a press and a Telegram in memory."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

import httpx
import telegram as ptb

from bot.app import Running, assembled
from bot.config.configuration import Configuration
from bot.config.folder import written
from bot.config.settings import Settings
from bot.daemon.channels import Channels
from bot.delivery.chat import OnIncoming
from bot.delivery.pacer import TELEGRAM, Pacer
from bot.delivery.telegram import to_incoming
from bot.digest.newsroom import newsroom
from bot.digest.team import Team
from bot.ports import Ports
from bot.web.fetch import Fetcher
from bot.web.permissions import Permissions
from storage import Store, open_store
from tests.bot.delivery.history import Killed, hurried
from tests.emulator import TOKEN, BotApi
from tests.emulator.api import BOT
from tests.emulator.direct import Direct

SETTLED = 30  # seconds of the virtual clock in which what a step began ends


@dataclass(frozen=True, slots=True)
class Piece:
    """An article that its outlet publishes at `at`; `number` is that of its page."""

    number: int
    outlet: str
    at: datetime
    title: str
    text: str


@dataclass(slots=True)
class Press:
    """Outlets that publish at their hours: `https://<outlet>.example/rss`, and a page for each article.

    `spoil` answers instead of them where it gives something.
    """

    clock: Callable[[], datetime]
    pieces: list[Piece] = field(default_factory=list)
    spoil: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    def publish(self, outlet: str, at: datetime, title: str, text: str = "") -> None:
        self.pieces.append(Piece(len(self.pieces), outlet, at, title, text or f"{title}. " * 30))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if (spoiled := self.spoil(request)) is not None:
            return spoiled
        outlet, path = request.url.host.removesuffix(".example"), request.url.path
        out = [each for each in self.pieces if each.outlet == outlet and each.at <= self.clock()]
        if path == "/rss":
            return httpx.Response(200, headers={"content-type": "application/rss+xml"}, text=_rss(outlet, out))
        found = next((each for each in out if path == f"/{each.number}"), None)
        if found is None:
            return httpx.Response(404)
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in found.text.split("\n"))
        head = f"<html><head><title>{escape(found.title)}</title></head>"
        page = f"{head}<body><article>{paragraphs}</article></body></html>"
        return httpx.Response(200, headers={"content-type": "text/html; charset=utf-8"}, text=page)


def _rss(outlet: str, pieces: list[Piece]) -> str:
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>https://{outlet}.example/{each.number}</link>"
        f"<guid>https://{outlet}.example/{each.number}</guid><pubDate>{format_datetime(each.at)}</pubDate>"
        f"<description>{escape(each.text[:160])}</description></item>"
        for each in pieces
    )
    return f"<rss version='2.0'><channel><title>{outlet}</title>{items}</channel></rss>"


class Ears(Direct):
    """See `Listener`: what people say on the emulator is handed over as python-telegram-bot reads it."""

    username = str(BOT["username"])
    number = int(TOKEN.partition(":")[0])

    def __init__(self, api: BotApi) -> None:
        super().__init__(api)
        self._reader = ptb.Bot(TOKEN)
        self._heard: OnIncoming | None = None

    def listen(self, on_incoming: OnIncoming) -> None:
        self._heard = on_incoming

    def stop_listening(self) -> None:
        self._heard = None

    async def hush(self) -> None:
        self.stop_listening()

    async def hear(self) -> None:
        """Everything said since the last time, one after the other."""
        assert self._heard is not None
        for update in self._api.said():
            read = ptb.Update.de_json(update, self._reader)
            assert read is not None
            incoming = to_incoming(read, self.username)
            if incoming is not None:
                await self._heard(incoming)


class _Inline:
    """Workers that run at once: what they are given is ours."""

    unborn = None

    async def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return function(*arguments)


class Stepped:
    """Everything that a person could see of a daemon, and the clock in his hand. Use in a `VirtualLoop`.

    `troubles` are the lines that the daemon logged as errors; `pace` is how often a job has its turn at most.
    """

    pace = timedelta(minutes=15)

    def __init__(self, settings: Settings, configuration: Configuration, start: datetime, seed: int = 0) -> None:
        self.settings, self.configuration = settings, configuration
        self.start = start
        self.shift = timedelta()
        self.chance = random.Random(seed)
        self.press = Press(self.now)
        self.api = BotApi(clock=self.seconds, seed=seed)
        self.ears = Ears(self.api)
        self.troubles = Troubles()
        self.store: Store
        self.daemon: Running
        self._next: dict[str, datetime] = {}

    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds()) + self.shift

    async def offload(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """The store, used at once."""
        return function(*arguments, **named)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From its start to its end; what leaves it by `Killed` was killed, and drains nothing."""
        self.store = hurried(open_store(self.settings.database))
        door = Fetcher("Vigie/test", transport=httpx.MockTransport(self.press.answer), clock=self.now)
        workers: Any = _Inline()
        async with AsyncExitStack() as stack:
            stack.callback(self.store.close)
            stack.enter_context(self.troubles)
            await stack.enter_async_context(door)
            self.store.feeds.release_all()
            self.store.hosts.release_all()
            self.store.rewind(self.now())
            self.store.feeds.sync(self.configuration.feeds, self.now(), written(self.configuration.rules))
            team = Team(self.settings.access == "closed", self.settings.admins)
            made = Ports(
                store=self.store,
                offload=self.offload,
                door=door,
                workers=workers,
                permits=Permissions(self.store.sites, self.offload, door, workers, self.now),
                engine=self.configuration.engine,
                newsroom=newsroom(self.configuration.engine.watchlists, team=team),
                team=team,
                clock=self.now,
                chance=self.chance.random,
            )
            out = Channels(self.ears, Pacer(TELEGRAM, clock=self.seconds), self.ears)
            self.daemon = await assembled(self.settings, self.configuration, made, out, self._gone, stack)
            try:
                yield
            except Killed:
                await _killed()
            else:
                await self.daemon.drain()

    def _gone(self) -> None:
        raise AssertionError("the store is gone")

    async def until(self, end: datetime) -> None:
        """Time passes: every job has its turn, at its own pace or every quarter of an hour."""
        while self.now() < end:
            await self.step()

    async def step(self) -> None:
        begun = self.seconds()
        for job in self.daemon.table:
            if self.now() >= self._next.get(job.name, self.start):
                self._next[job.name] = self.now() + max(job.every, self.pace) - timedelta(seconds=SETTLED * 4)
                await job.work()
                await self.ears.hear()
        for _ in range(4):
            await self.daemon.courier.tick()
            await asyncio.sleep(SETTLED)
        await asyncio.sleep(max(0.0, self.pace.total_seconds() - (self.seconds() - begun)))

    async def say(self, chat: int, text: str, **how: Any) -> None:
        """Somebody writes, and is answered."""
        self.api.user_says(chat, text, **how)
        await self.ears.hear()
        await asyncio.sleep(4)

    async def press_button(self, chat: int, message: int, data: str, **how: Any) -> str:
        press = self.api.press(chat, message, data, **how)
        await self.ears.hear()
        await asyncio.sleep(4)
        return press


async def _killed() -> None:
    """Nothing of this process goes on."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Troubles(logging.Handler):
    """What was logged as an error: no story here deserves one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_info[1] if record.exc_info else ''}")

    def __enter__(self) -> None:
        logging.getLogger("vigie").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("vigie").removeHandler(self)
