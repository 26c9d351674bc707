"""What a conversation is held with: the store, the messenger, the rules in force, each handed over once."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.clock import Clock
from bot.conversation.background import BackgroundTasks
from bot.conversation.recent_searches import RecentSearches
from bot.daemon.reloaded import ReloadOutcome
from bot.delivery.chat import Messenger
from bot.digest.team import Team
from bot.messages.deep_links import Links
from bot.operators.tell import Operators
from bot.store_thread import Offload
from bot.trials.findings import Misread, Tell, Trial, Tried, Weighed
from matchers.engine.engine import Engine
from matchers.model import Watchlist
from storage import Store
from storage.operators.retention import Retention

VOTERS = "voters"  # the key-value row of the key under which people are hashed


class Access(Protocol):
    """Who may come in. `access` is `open` or `closed`; `admins` are the Telegram ids of those who run this Vigie.

    `controller` answers for the data by law, `contact` is where to write; "" where nobody said. `keep`: how long.
    """

    @property
    def access(self) -> str: ...

    @property
    def admins(self) -> frozenset[int]: ...

    @property
    def controller(self) -> str: ...

    @property
    def contact(self) -> str: ...

    @property
    def keep(self) -> Retention: ...


class InForce(Protocol):
    """What is in force, as of now: a reload changes it."""

    @property
    def watchlists(self) -> Mapping[str, Watchlist]: ...

    @property
    def engine(self) -> Engine: ...


@dataclass(frozen=True, slots=True)
class Bench:
    """What can be tried: the files on disk, a term, a watchlist that would exclude a word. Each may take seconds;
    `soon` is how many of them pass before the first word of progress."""

    files: Callable[[Tell], Tried]
    term: Callable[[str, Tell], Weighed | Misread]
    without: Callable[[str, str, Tell], Trial | None]
    soon: float = 1.0


@dataclass(frozen=True, slots=True)
class Context:
    """`offload` runs a plain function, with its arguments, where the store may be used. `links` lead to our own private
    chat. `reload` reads the configuration again and puts it into force; `bench` only tries, `weighing` being held while
    it tries a reader's term."""

    store: Store
    offload: Offload
    messenger: Messenger
    clock: Clock
    rules: InForce
    links: Links
    access: Access
    reload: Callable[[], Awaitable[ReloadOutcome]]
    bench: Bench
    searches: RecentSearches = field(default_factory=RecentSearches)
    offers: BackgroundTasks = field(default_factory=BackgroundTasks)
    weighing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def operators(self) -> Operators:
        return Operators(self.store, self.offload, self.messenger, self.clock, self.access.admins)

    @property
    def team(self) -> Team:
        return Team(self.access.access == "closed", self.access.admins)

    async def person(self, speaker: int) -> str:
        """Who votes or asks, so that nobody reads a person out of it: a hash under a key of this installation."""
        key = await self.offload(self.store.key_values.make, VOTERS, lambda: secrets.token_hex(32))
        return hmac.new(bytes.fromhex(key), str(speaker).encode(), hashlib.sha256).hexdigest()[:32]
