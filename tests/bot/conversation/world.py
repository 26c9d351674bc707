"""A conversation on a real store, with a messenger that remembers and a clock that can be moved."""

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from bot import grouping
from bot.config.yamlfile import ConfigProblem
from bot.conversation.context import Bench, Context
from bot.conversation.handlers import Conversation
from bot.daemon.reloaded import Rejected, ReloadOutcome
from bot.delivery.chat import Answer, CommandMenu, Look, Messenger, Sent
from bot.digest.newsroom import newsroom
from bot.digest.team import Team
from bot.messages.callback_data import Press, build
from bot.messages.deep_links import Links
from bot.model import Incoming, Keyboard, Message
from bot.trials.findings import Misread, Tell, Trial, Tried, Weighed
from bot.web import urls
from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article, Watchlist
from storage import Store
from storage.articles.model import ArticleText, EntryKey, EntryRecord, PollRecord, Standing
from storage.chats.model import Chat
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.operators.retention import KEPT, Retention
from tests.bot.digest.builders import NOW, WATCHLISTS, article, match
from tests.bot.digest.telegram_html import read
from tests.matchers.builders import watchlist

READER, ADMIN, GROUP = 555, 9, -100777
LINKS = Links(b"a key of this installation", lambda: "vigie_test_bot")


@dataclass
class Screen:
    """A messenger that remembers what each chat shows; `answers` scripts what comes back, first in first out."""

    shown: list[tuple[int, Message]] = field(default_factory=list)
    edited: list[tuple[int, int, Message]] = field(default_factory=list)
    keyboards: list[tuple[int, int, Keyboard]] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    file_threads: list[int | None] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    typed: list[int] = field(default_factory=list)
    admins: set[int] = field(default_factory=set)
    offered: list[CommandMenu] = field(default_factory=list)
    takes_commands: bool = True
    members: set[int] = field(default_factory=set)
    titles: dict[int, str] = field(default_factory=dict)
    topics: dict[tuple[int, int], str] = field(default_factory=dict)

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        read(message.html)
        self.shown.append((chat_id, message))
        self.heard.set()
        return self.answers.pop(0) if self.answers else Sent(len(self.shown))

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        read(message.html)
        self.edited.append((chat_id, message_id, message))
        return self.answers.pop(0) if self.answers else Sent(message_id)

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        raise AssertionError("a conversation looks for nothing")

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        self.keyboards.append((chat_id, message_id, buttons))
        return Sent(message_id)

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        self.files.append((name, content))
        self.file_threads.append(thread)
        return self.answers.pop(0) if self.answers else Sent(1)

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None:
        assert len(text) <= 200
        self.notices.append((callback, text))
        self.links += [url] if url else []

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        return user_id in self.admins

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        return user_id in self.admins | self.members

    async def title(self, chat_id: int) -> str:
        return self.titles.get(chat_id, "")

    def topic(self, chat_id: int, thread: int) -> str:
        return self.topics.get((chat_id, thread), "")

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        self.offered += menus
        return self.takes_commands

    async def reachable(self) -> bool:
        return True

    async def typing(self, chat_id: int) -> None:
        self.typed.append(chat_id)

    @property
    def last(self) -> str:
        return read(self.shown[-1][1].html).text


@dataclass
class Door:
    access: str = "open"
    admins: frozenset[int] = frozenset()
    controller: str = ""
    contact: str = ""
    keep: Retention = KEPT


@cache
def rules() -> Engine:
    """Rules under the names that the tests use, to judge by."""
    rules = {
        "secnumcloud": watchlist(any=["SecNumCloud"]),
        "hds": watchlist(any=["données de santé"], none=["offre d'emploi"], threshold=4),
    }
    return compile_engine(rules, {})


@dataclass
class World:
    """A conversation on a real store, with a clock that can be moved."""

    store: Store
    screen: Screen = field(default_factory=Screen)
    door: Door = field(default_factory=Door)
    now: datetime = NOW
    watchlists: dict[str, Watchlist] = field(default_factory=lambda: dict(WATCHLISTS))
    soon: float = 1.0
    in_stories: bool = False  # each article published opens one, so that messages of it live
    talk: Conversation = field(init=False)
    count: int = 0
    engine: Engine = field(default_factory=rules)
    weighed: Weighed | None = None
    without: list[tuple[str, str]] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)
    tried: Tried = field(default_factory=lambda: Trial({}, 0, 30))

    def __post_init__(self) -> None:
        self.waits.set()
        self.talk = self.conversation(self.screen)

    async def offload(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    def conversation(self, messenger: Messenger) -> Conversation:
        bench = Bench(lambda _: self.tried, self.weigh, self.exclude, self.soon)
        context = Context(
            self.store, self.offload, messenger, lambda: self.now, self, LINKS, self.door, self.reload, bench
        )
        return Conversation(context)

    def exclude(self, watchlist: str, word: str, _: Tell) -> Trial | None:
        self.without.append((watchlist, word))
        return self.tried if isinstance(self.tried, Trial) else None

    def weigh(self, term: str, tell: Tell) -> Weighed | Misread:
        tell(3, 9)
        self.waits.wait(5)
        return replace(self.weighed, term=term) if self.weighed else Misread(term, ("trop court",))

    async def reload(self) -> ReloadOutcome:
        return Rejected(
            (ConfigProblem("watchlists/hds.yaml", "l'exemple « Les Bleus » ne devrait pas alerter", 14, 5),)
        )

    async def says(self, text: str, chat: int = READER, user: int | None = READER, **changes: Any) -> None:
        kind = "private" if chat > 0 else "supergroup"
        base = Incoming("message", chat, kind, user=user, language="fr", text=text, message=1)  # type: ignore[arg-type]
        await self.talk.handle(replace(base, **changes))

    async def presses(
        self, press: Press | str, chat: int = READER, user: int = READER, thread: int | None = None, message: int = 7
    ) -> None:
        kind = "private" if chat > 0 else "supergroup"
        data = press if isinstance(press, str) else build(press)
        await self.talk.handle(
            Incoming(
                "press", chat, kind, user=user, language="fr", message=message, callback="c1", data=data, thread=thread
            )  # type: ignore[arg-type]
        )

    async def member(self, status: str, chat: int = READER) -> None:
        await self.talk.handle(Incoming("membership", chat, "private", text=status))

    def chat(self, telegram_id: int = READER) -> Chat:
        found = self.store.chats.find(telegram_id)
        assert found is not None
        return found

    def following(self, telegram_id: int = READER) -> dict[str, str | None]:
        return {held.watchlist: held.level for held in self.store.chats.following(self.chat(telegram_id).key)}

    def publish(self, watchlist: str, title: str) -> int:
        """One more article, matched; how many deliveries it queued."""
        self.count += 1
        self.now += timedelta(minutes=30)
        self.store.feeds.sync([Feed(FeedId("f"), "Le Fil", "https://fil.example/rss")], self.now)
        (claim,) = self.store.feeds.claim_due(self.now, "w", timedelta(minutes=5), 1)
        story = article(title=title)
        about = replace(match(story, watchlist), subject=True)
        reading = ArticleText(title, "", story.text, f"https://fil.example/{self.count}", source="page")
        traits = grouping.alone(Article(title, "", story.text, reading.url)) if self.in_stories else None
        keys = urls.url_keys(reading.url)
        known = replace(reading, url_keys=keys)
        entry = EntryRecord(EntryKey(str(self.count), "c", keys), Standing("new"), known, (about,), traits=traits)
        state = replace(claim.state, due_at=self.now, baseline=True)
        record = PollRecord(claim, state, self.now, (entry,))
        team = Team(self.door.access == "closed", self.door.admins)
        return self.store.polls.record(record, newsroom(self.watchlists, LINKS, team)).deliveries

    def queued(self) -> list[str]:
        """The texts waiting to be delivered, oldest first."""
        claimed = []
        while found := self.store.outbox.claim(self.now, "run", 50):
            for delivery in found:
                claimed.append(read(Message.from_json(delivery.body).html).text)
                self.store.outbox.sent(delivery.id, 1, self.now)
        return claimed


def stands_in(person: int, cell: object) -> bool:
    """Whether a cell of the store names this person; a hash may hold the same digits among others."""
    return re.search(rf"(?<![0-9A-Za-z]){person}(?![0-9A-Za-z])", str(cell)) is not None
