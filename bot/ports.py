"""What a poll needs of the outside."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.clock import Clock, SharedClock
from bot.config.destinations import Outside
from bot.digest.team import NOBODY, Team
from bot.messages.deep_links import Links
from bot.store_thread import Offload
from bot.web.connectivity import Connectivity
from bot.web.fetch import Fetcher
from bot.web.permissions import Permissions
from bot.workers import Workers
from matchers.engine.engine import Engine
from storage import Store
from storage.stories.newsroom import Newsroom


@dataclass(frozen=True, slots=True)
class Ports:
    """What a poll needs of the outside. `chance` gives numbers in [0, 1) for the jitter.

    `keep_texts` is False where the operator wants no text stored, even for a day. `links` are those to ourselves, None
    where nobody talks to us, `team` who keeps the triage; `places` are the destinations that are not on Telegram.
    `agreed` counts what is promised to sites, since other daemons ask them too.
    """

    store: Store
    offload: Offload
    door: Fetcher
    workers: Workers
    engine: Engine
    newsroom: Newsroom
    clock: Clock
    chance: Callable[[], float]
    permits: Permissions
    link: Connectivity = field(default_factory=Connectivity)
    keep_texts: bool = True
    links: Links | None = None
    team: Team = NOBODY
    places: tuple[Outside, ...] = ()
    ruleset: int | None = None
    agreed: SharedClock = field(default_factory=SharedClock)
