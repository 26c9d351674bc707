"""What a row means: what operators are told, and the store in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from storage.ids import FeedId

NoticeKind = Literal[
    "failing", "blocked", "throttled", "unparsable", "dead", "gone", "moved", "migrated", "deaf", "silent",
    "robots", "reserved", "spaced", "long", "reload", "token", "disk", "reader", "probe", "undelivered", "rights",
    "topic", "left", "suggested", "bug", "differs", "held", "absent", "clock",
]  # fmt: skip
TROUBLES: tuple[NoticeKind, ...] = ("failing", "blocked", "throttled", "unparsable", "dead", "gone")
URGENT: tuple[NoticeKind, ...] = ("reload", "token", "disk", "reader", "probe")
LASTING: tuple[NoticeKind, ...] = (
    *TROUBLES, *URGENT, "moved", "silent", "robots", "reserved", "spaced", "long", "rights", "topic", "left",
    "differs", "held", "absent", "clock",
)  # fmt: skip
"""The others happen, and are over once told."""
LOST: tuple[NoticeKind, ...] = ("gone", "dead", "blocked", "unparsable", "failing", "silent")
"""What makes a source say nothing, the gravest first: kept for a year, so that silence can be told from calm."""
PageSort = Literal["urgent", "hourly", "silence"]


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something that operators should know: one cause, told once, for as long as it lasts. `since` is when it began.

    Of a feed: moved: feeds.yaml should change · migrated: it brought mostly old entries under new names, none was
    announced · deaf: its 304 hid new entries · silent: no article for longer than is its habit · robots, reserved: its
    site does not want its pages read · spaced: it wants them asked for minutes apart · long: its document
    holds more than we read · held: a reading of a list is not believed (its mark, the rows known and seen, and why) ·
    the others are states of health.
    Of Vigie: reload: refused · token: no longer known to Telegram · disk: nearly full ·
    reader: none can be born · probe: one that
    looked for a message changed another. Of a chat: undelivered: messages
    given up · rights: it may not be written to · topic: closed · left. suggested: a reader would put articles together,
    or apart. bug: ours, in the conversation. Of one of several machines: differs: its files are
    not those in force · absent: it went without a word · clock: it is not the store's. `times`: how often it has
    happened; 0: once more than is known.
    """

    kind: NoticeKind
    detail: str
    since: datetime
    times: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as kept. `about` is what it tells of: a feed's id, a chat's key. `name` and `url` are the feed's, as
    listed, "" for what is not about a feed; `ended` is None while it lasts. `page` is the message that tells it,
    `stale` whether something has happened since."""

    id: int
    feed: FeedId
    name: str
    url: str
    kind: NoticeKind
    detail: str
    since: datetime
    ended: datetime | None = None
    about: str = ""
    times: int = 1
    page: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class JournalMessage:
    """A message of the journal and what it tells. `waits`: it has not left yet, so that more may join it."""

    item: str
    sort: PageSort
    made: datetime
    edited: datetime
    notices: tuple[Notice, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Untold:
    """What the journal has to see to: causes that nobody was told of, the oldest first with when each was `raised`;
    and the messages whose causes last, or ended since they were last edited. `hourly` is when the last one that groups
    causes was made, None before the first."""

    notices: tuple[tuple[Notice, datetime], ...]
    pages: tuple[JournalMessage, ...]
    hourly: datetime | None


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The files of a configuration: contents by name, since when these very ones are in force, and their number."""

    since: datetime
    contents: Mapping[str, str]
    number: int = 0


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """A file as it came into force at that moment; `content` is None where it was taken away."""

    at: datetime
    name: str
    content: str | None


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """What only one daemon may do, and who does. `term` grows with each new holder; `left` is what is left of the lease
    by the store's clock, not positive where nobody holds it."""

    name: str
    holder: str
    term: int
    left: timedelta

    @property
    def held(self) -> bool:
        return self.left > timedelta()


DRIFT = timedelta(seconds=2)  # between two clocks; the journey of a beat is in it


@dataclass(frozen=True, slots=True)
class Presence:
    """A daemon, as it tells of itself: `run` begins with the name of its machine; `roles` are sorted, with commas."""

    run: str
    roles: str

    @property
    def machine(self) -> str:
        """What operators call the machine that it runs on."""
        return self.run.partition("/")[0]


@dataclass(frozen=True, slots=True)
class DaemonRow(Presence):
    """A daemon as the store knows it. `version` is that of its schema, `ahead` how far its clock is ahead of the
    store's; `left` is what is left of its lease, not positive where nothing was heard of it since."""

    version: int
    ahead: timedelta
    left: timedelta

    @property
    def alive(self) -> bool:
        return self.left > timedelta()

    @property
    def astray(self) -> bool:
        """Whether its clock would make it early or late."""
        return self.alive and abs(self.ahead) > DRIFT


@dataclass(frozen=True, slots=True)
class Lag:
    """What waits for somebody to do it: feeds that are due, and for how long the first of them; messages to many that
    are under way."""

    feeds: int = 0
    longest: timedelta = timedelta()
    waves: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The outbox in figures. `due` of the `queued` could go out now; `held` wait for a chat that is held or gone.

    `oldest` is when the oldest queued message was queued, None if none waits; `dead` and `doubts` count what is kept.
    """

    queued: int = 0
    due: int = 0
    held: int = 0
    sending: int = 0
    dead: int = 0
    doubts: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class StuckPlace:
    """A place off Telegram that takes nothing now: why, how many messages wait for it, and since when the oldest."""

    detail: str
    messages: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a prune removed: texts emptied, delivery rows and chats deleted; `expired` messages were given up, their
    chat having taken none for as long as one that is gone is kept; `copies` of the store were left by a restore."""

    texts: int = 0
    deliveries: int = 0
    chats: int = 0
    expired: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The store at one moment. Pairs are (name, count), by name: enabled feeds by health, articles kept by watchlist,
    chats by state. `size` is in bytes, `version` that of the schema; `newest` and `last_digest` are None before the
    first; `sent` counts what is still kept of what was delivered. `paused_until`: the end of a pause
    of all sending. `engine` is what keeps it, with its version; `shared`: several daemons may work on it, and then
    `daemons` and `offices` are who does, and who does what only one may."""

    feeds: tuple[tuple[str, int], ...]
    paused: int
    requests: int
    not_modified: int
    articles: int
    newest: datetime | None
    matches: tuple[tuple[str, int], ...]
    waiting: Waiting
    sent: int
    chats: tuple[tuple[str, int], ...]
    last_digest: datetime | None
    version: int
    size: int
    paused_until: datetime | None = None
    engine: str = ""
    lag: Lag = Lag()
    shared: bool = False
    daemons: tuple[DaemonRow, ...] = ()
    offices: tuple[OfficeRow, ...] = ()
    stuck: tuple[StuckPlace, ...] = ()


Stratum = Literal["near", "rest"]
"""Of what was not kept: a watchlist came near to it, or none did."""


@dataclass(frozen=True, slots=True)
class SampledTitle:
    """A title drawn of what was not kept. `wanted`: should it have been? None while nobody said so. `title`, `source`
    and `url` are "" once the article is gone."""

    number: int
    title: str
    source: str
    url: str
    wanted: bool | None


@dataclass(frozen=True, slots=True)
class SampleTally:
    """Of one stratum of one week: how many articles were not kept, how many titles of them were judged, how many of
    these should have been kept."""

    stratum: Stratum
    population: int
    titles: int
    missed: int


@dataclass(frozen=True, slots=True)
class Samples:
    """What was judged since some time, and how many articles were kept in the weeks of which something was."""

    judged: tuple[SampleTally, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the store that was found right: bytes, version of the schema, articles and chats."""

    size: int
    version: int
    articles: int
    chats: int
