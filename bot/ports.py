"""What a poll needs of the outside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import grouping
from bot.digest import living
from bot.messages.deep_links import Links
from bot.web.connectivity import Link
from bot.web.fetch import Door
from bot.web.permissions import Permits
from bot.workers import Workers
from matchers.engine import Engine
from matchers.grouping import Judge
from storage import Store
from storage.stories.announcements import Announce, Editor

Offload = Callable[..., Awaitable[Any]]
"""Runs a plain function, with its arguments, in the one thread that writes to the store."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a poll needs of the outside. `chance` gives numbers in [0, 1) for the jitter.

    `keep_texts` is False where the operator wants no text stored, even for a day. `links` are those to ourselves, None
    where nobody talks to us.
    """

    store: Store
    offload: Offload
    door: Door
    workers: Workers
    engine: Engine
    announce: Announce
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    permits: Permits
    link: Link = field(default_factory=Link)
    keep_texts: bool = True
    links: Links | None = None
    judge: Judge = field(default_factory=grouping.Grouper)

    @property
    def editor(self) -> Editor:
        return Editor(self.judge, living.teller(self.engine.watchlists, self.links))
