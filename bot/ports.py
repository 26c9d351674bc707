"""What a poll needs of the outside."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot import grouping
from bot.clock import Clock
from bot.digest import living
from bot.messages.deep_links import Links
from bot.store_thread import Offload
from bot.web.connectivity import Connectivity
from bot.web.fetch import Fetcher
from bot.web.permissions import Permissions
from bot.workers import Workers
from matchers.engine import Engine
from matchers.grouping import Judge
from storage import Store
from storage.stories.announcements import Announce, Editor


@dataclass(frozen=True, slots=True)
class Ports:
    """What a poll needs of the outside. `chance` gives numbers in [0, 1) for the jitter.

    `keep_texts` is False where the operator wants no text stored, even for a day. `links` are those to ourselves, None
    where nobody talks to us.
    """

    store: Store
    offload: Offload
    door: Fetcher
    workers: Workers
    engine: Engine
    announce: Announce
    clock: Clock
    chance: Callable[[], float]
    permits: Permissions
    link: Connectivity = field(default_factory=Connectivity)
    keep_texts: bool = True
    links: Links | None = None
    judge: Judge = field(default_factory=grouping.Grouper)

    @property
    def editor(self) -> Editor:
        return Editor(self.judge, living.teller(self.engine.watchlists, self.links))
