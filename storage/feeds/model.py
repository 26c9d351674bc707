"""What a row means: sources, the hosts they live on, and what sites allow."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from matchers.lists.model import ListSpec
from storage.ids import FeedId

TextPolicy = Literal["page", "feed", "summary"]
FeedKind = Literal["feed", "sitemap", "page", "list", "jorf", "cnil", "boamp", "consultations"]
ACT_KINDS: frozenset[str] = frozenset({"jorf", "cnil", "boamp", "consultations"})
"""Sources that are published as data: nothing else than what they give is asked for."""
Health = Literal[
    "new", "ok", "degraded", "failing", "throttled", "blocked", "moved", "unparsable", "quiet", "dead", "gone"
]


NOMINATIONS = "nominations"


@dataclass(frozen=True, slots=True)
class Feed:
    """One line of feeds.yaml. `every` is the operator's interval; None leaves it to the schedule, between `least` and
    `most` where the operator gave them.

    `kind` is what stands at `url`: a feed, a news sitemap, a page whose links are the news, or acts as data. For a
    page, `links` is the pattern their addresses match and `selector` the part of the page (CSS) where they are; "" for
    all. Of the Journal officiel, `selector` is NOMINATIONS where its nominations are wanted too.
    """

    id: FeedId
    name: str
    url: str
    category: str = ""
    language: str = "fr"
    every: timedelta | None = None
    reading: TextPolicy = "page"
    enabled: bool = True
    least: timedelta | None = None
    most: timedelta | None = None
    kind: FeedKind = "feed"
    links: str = ""
    selector: str = ""
    permission: str = ""
    dedup: bool = True  # False: each of its articles stands alone
    official: bool | None = None  # who publishes it decides; None: its site tells
    listing: ListSpec | None = None  # how the rows of a list are read; None for what is no list
    private: bool = field(default=False, compare=False)  # on a network of one's own; not stored
    # the header that opens it and its value, None without one; neither stored nor shown
    login: tuple[str, str] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What we know of a feed's address and manners. All times are aware UTC.

    `etag` and `last_modified` are the validators as received, byte for byte; None: the server gave none.
    `url` is the address in force: the one of feeds.yaml until a permanent move is proven.
    `baseline` is True once a first good poll has been recorded.
    `body` is the digest of the last body whose entries were stored. `hint_until`: the server asked us not to come
    before. `moved_to`, `moved_times`, `moved_since` count a permanent redirect until it is believed.
    `requests` and `not_modified` count for ever; `gone_since` is the first 410, `failing_since` the first failure.
    `answered_by` is the final address that gave the validators, None if it was `url`. Wishes kept until the server
    says otherwise: `fresh_for` (its headers), `ttl`, `skip_hours` and `skip_days` (the document; one bit an hour, and a
    day from Monday on). `ignored` counts, in a row, our validators answered by what we had; `changed_at` is the last
    200, `probed_at` the last time we left the validators out to see whether a 304 lies. `slow_until`: the floor is
    doubled. `haste` halves the interval so many times, after windows that held nothing known. `rhythm` and `memory` are
    opaque to the store (bot/polling/rhythm.py, feeds.py). `bad_body` is not read again before `bad_until`: it killed
    its reader. `same_as`: it moved to where that feed is read, and is not asked any more. `started_at`: first answer.
    `flashed_at`: when it last brought what a list that rings keeps.
    """

    url: str
    due_at: datetime
    health: Health = "new"
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    error: str | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    new_entry_at: datetime | None = None
    failing_since: datetime | None = None
    gone_since: datetime | None = None
    hint_until: datetime | None = None
    body: str | None = None
    baseline: bool = False
    moved_to: str | None = None
    moved_times: int = 0
    moved_since: datetime | None = None
    requests: int = 0
    not_modified: int = 0
    answered_by: str | None = None
    fresh_for: timedelta | None = None
    ttl: timedelta | None = None
    skip_hours: int = 0
    skip_days: int = 0
    ignored: int = 0
    changed_at: datetime | None = None
    probed_at: datetime | None = None
    slow_until: datetime | None = None
    haste: int = 0
    rhythm: str | None = None
    memory: str | None = None
    bad_body: str | None = None
    bad_until: datetime | None = None
    same_as: FeedId | None = None
    started_at: datetime | None = None
    flashed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """What operators chose of a feed in the chat: not to ask it before `paused_until`, and to be told of its silences
    `patience` times later."""

    paused_until: datetime | None = None
    patience: int = 1

    def paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed leased to one worker until its poll is recorded or the lease runs out.

    `number` is that of this very lease: what is written under an earlier one changes nothing.
    """

    feed: Feed
    state: FeedState
    owner: str
    number: int


@dataclass(frozen=True, slots=True)
class HostTurn:
    """What a host's row says to who wants to ask it something: `granted`, or how long to wait before trying again.

    `blocked` is how long the host still asks to be left alone: then there is nothing to wait for. `number` is that of
    the turn that was granted, to be told at its end.
    """

    granted: bool
    wait: timedelta = timedelta()
    blocked: timedelta | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class SiteRights:
    """What a site (`https://host:port`) allows its pages to be read for.

    `robots` is its last good robots.txt, of `robots_at` (None: never had), to be asked for again at `robots_due`;
    `robots_failures` counts the bad answers since. `reservations` is its tdmrep.json, likewise. A page or its headers
    reserved the rights of text mining: remembered until `reserved_until`. `page_at`: when a page was last asked for.
    """

    origin: str
    robots: str = ""
    robots_at: datetime | None = None
    robots_due: datetime | None = None
    robots_failures: int = 0
    reservations: str = ""
    reservations_due: datetime | None = None
    reserved_until: datetime | None = None
    page_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Yield:
    """What a source that is followed brought in some time: articles that a watchlist kept, and the votes on them."""

    feed: FeedId
    name: str
    kept: int
    useful: int
    noise: int
