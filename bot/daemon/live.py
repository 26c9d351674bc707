"""The rules in force: one immutable value, replaced whole. Who works by them takes them once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.config.destinations import Outside
from bot.digest.newsroom import newsroom
from bot.messages.deep_links import Links
from bot.ports import Ports
from matchers.engine.engine import Engine
from matchers.model import Watchlist


@dataclass(slots=True)
class Live:
    """A poll under way keeps the `ports` it took: what matched and what is announced are of one version."""

    ports: Ports

    @property
    def engine(self) -> Engine:
        return self.ports.engine

    @property
    def watchlists(self) -> Mapping[str, Watchlist]:
        return self.ports.engine.watchlists

    def adopt(self, engine: Engine, places: tuple[Outside, ...] = (), ruleset: int | None = None) -> None:
        """From now on, match and announce by these rules (of that number), to these places beside the chats."""
        made = newsroom(engine.watchlists, self.ports.links, self.ports.team)
        self.ports = replace(self.ports, engine=engine, newsroom=made, places=places, ruleset=ruleset)

    def introduce(self, links: Links) -> None:
        """From now on, what is said may link to ourselves."""
        made = newsroom(self.watchlists, links, self.ports.team)
        self.ports = replace(self.ports, links=links, newsroom=made)
