"""What a row means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NewType

from matchers.grouping import Numbers, Traits
from matchers.model import Level, Match

FeedId = NewType("FeedId", str)  # as in feeds.yaml
ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)  # that of its first article; a dossier's, that of its first story
ChatKey = NewType("ChatKey", int)  # our own key: a migration of the Telegram chat changes one column
DeliveryId = NewType("DeliveryId", int)

Rung = Literal["entry", "address", "copy", "story", "new"]  # what answered first: how an article was grouped
Policy = Literal["page", "feed", "summary"]
FeedKind = Literal["feed", "sitemap", "page"]
Health = Literal[
    "new", "ok", "degraded", "failing", "throttled", "blocked", "moved", "unparsable", "quiet", "dead", "gone"
]


# --- feeds ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Feed:
    """One line of feeds.yaml. `every` is the operator's interval; None leaves it to the schedule, between `least` and
    `most` where the operator gave them.

    `kind` is what stands at `url`: a feed, a news sitemap, or a page whose links are the news. For a page, `links` is
    the pattern their addresses match and `selector` the part of the page (CSS) where they are; "" for all.
    """

    id: FeedId
    name: str
    url: str
    category: str = ""
    language: str = "fr"
    every: timedelta | None = None
    reading: Policy = "page"
    enabled: bool = True
    least: timedelta | None = None
    most: timedelta | None = None
    kind: FeedKind = "feed"
    links: str = ""
    selector: str = ""
    permission: str = ""
    dedup: bool = True  # False: each of its articles stands alone


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
    """A feed leased to one worker until its poll is recorded or the lease runs out."""

    feed: Feed
    state: FeedState
    owner: str


NoticeKind = Literal[
    "failing", "blocked", "throttled", "unparsable", "dead", "gone", "moved", "migrated", "deaf", "silent",
    "robots", "reserved", "spaced", "reload", "token", "disk", "undelivered", "rights", "topic", "left", "suggested",
    "bug",
]  # fmt: skip
TROUBLES: tuple[NoticeKind, ...] = ("failing", "blocked", "throttled", "unparsable", "dead", "gone")
URGENT: tuple[NoticeKind, ...] = ("reload", "token", "disk")
LASTING: tuple[NoticeKind, ...] = (
    *TROUBLES, *URGENT, "moved", "silent", "robots", "reserved", "spaced", "rights", "topic", "left",
)  # fmt: skip
"""The others happen, and are over once told."""
PageSort = Literal["urgent", "hourly", "silence"]


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something that operators should know: one cause, told once, for as long as it lasts. `since` is when it began.

    Of a feed: moved: feeds.yaml should change · migrated: it brought mostly old entries under new names, none was
    announced · deaf: its 304 hid new entries · silent: no article for longer than is its habit · robots, reserved: its
    site does not want its pages read · spaced: it wants them asked for minutes apart · the others are states of health.
    Of Vigie: reload: refused · token: no longer known to Telegram · disk: nearly full. Of a chat: undelivered: messages
    given up · rights: it may not be written to · topic: closed · left. suggested: a reader would put articles together,
    or apart. bug: ours, in the conversation. `times`: how often it has happened; 0: once more than is known.
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
class Page:
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
    pages: tuple[Page, ...]
    hourly: datetime | None


@dataclass(frozen=True, slots=True)
class Slot:
    """What a host's row says to who wants to ask it something: `granted`, or how long to wait before trying again.

    `blocked` is how long the host still asks to be left alone: then there is nothing to wait for.
    """

    granted: bool
    wait: timedelta = timedelta()
    blocked: timedelta | None = None


# --- entries and articles ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EntryKey:
    """Who an entry is inside its feed. `content` is the digest of its title, summary and content.

    `url_keys` are the identities of its address (see bot/web/urls.py), best first; empty if it has none.
    `title` and `day` are the digests of its title, and of its title with its date: who it is when all else has
    changed. "" where they are too short, missing, or shared in its document. `number` is its number on its site, as
    `#site/shape/number`, "" without one.
    """

    key: str
    content: str
    url_keys: tuple[str, ...] = ()
    title: str = ""
    day: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store knows of an entry.

    new: never seen · same: known, unchanged · revised: known, its content changed · elsewhere: this address belongs
    to an article that another entry (of any feed) brought. `article` is None only for `new`.
    """

    kind: Literal["new", "same", "revised", "elsewhere"]
    article: ArticleId | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's text and where it came from. `text` is "" when nothing could be read; `published` is aware or None.

    `source`: feed_full | json_ld | page | feed_summary | title_only | none. `flags`: sorted, see docs/architecture.md.
    `url` is the publisher's address, cleaned; `url_keys` its identities, best first.
    """

    title: str
    summary: str
    text: str
    url: str
    url_keys: tuple[str, ...] = ()
    author: str | None = None
    published: datetime | None = None
    site: str | None = None
    lang: str | None = None
    source: str = "none"
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """A page to be read later: not before `due_at`, after `tries` that failed. `host` is whose turn it waits for."""

    host: str
    due_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One entry of a poll, as it will be written. `reading` is None where the standing needs none (same, elsewhere).

    `later`: its page is still to be read; None where it has been, or never will be.
    `muted`: old news under a new name, never announced. `traits` is None for who groups nothing.
    """

    key: EntryKey
    standing: Standing
    reading: Reading | None = None
    matches: tuple[Match, ...] = ()
    later: Later | None = None
    muted: bool = False
    traits: Traits | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """Everything one poll writes, in one transaction. `muted`: a baseline, nothing of it is ever announced.

    `notices` are told once to the operators, `over` are those that this poll put an end to.
    """

    claim: Claim
    state: FeedState
    now: datetime
    entries: tuple[EntryRecord, ...] = ()
    muted: bool = False
    notices: tuple[NewNotice, ...] = ()
    over: tuple[NoticeKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
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
class UnreadPage:
    """An article whose page is to be read now. `content` is the text its feed gave, "" if none.

    `own_address` is False where its address is shared with others, and so is nobody's identity.
    """

    article: ArticleId
    url: str
    title: str
    summary: str
    content: str
    published: datetime | None
    author: str | None
    policy: Policy
    licensed: bool
    own_address: bool
    later: Later
    source_name: str
    dedup: bool = True


@dataclass(frozen=True, slots=True)
class PageRecord:
    """An article whose page has been read after all, as it will be written."""

    article: ArticleId
    reading: Reading
    matches: tuple[Match, ...]
    now: datetime
    traits: Traits | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a poll wrote. `lost` is True where the lease had passed to another worker: then nothing was written."""

    new: int = 0
    revised: int = 0
    deliveries: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as kept. `source_name` is the name of the feed that brought it first; `text` is "" once purged.

    `read_at` is when its text was last read.
    """

    id: ArticleId
    title: str
    summary: str
    text: str
    url: str
    source_name: str
    published: datetime | None
    first_seen: datetime
    source: str
    flags: tuple[str, ...]
    policy: Policy = "page"
    read_at: datetime | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class LiveSheets:
    """The files of a configuration: contents by name, and since when these very ones are in force."""

    since: datetime
    contents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. `words` is an expression of FTS5, "" for any article; `sources` are parts of the names of
    feeds, lower case without accents; `since` is when it was published."""

    words: str
    sources: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An article found, and the passage where it was; its words stand between `search.MARKS`."""

    article: StoredArticle
    passage: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of `count` findings; `oldest` is when the oldest article searched was seen, None for an empty store."""

    findings: tuple[Finding, ...]
    count: int
    oldest: datetime | None


# --- copies, stories, dossiers -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Grouped:
    """What an article belongs to. `copy_of` is the first article of its copies, None for a text of its own; `story` and
    `dossier` are the ids of their first articles, None for an article that nobody is told of.

    `level`, `rule` and `numbers` say why. `joined`: it was not in its story before; `opened`: it opens it; then
    `follows` is the story whose affair it takes further, None if it opens the affair too. `late`: a copy of what was
    over.
    """

    article: ArticleId
    copy_of: ArticleId | None = None
    story: StoryId | None = None
    dossier: StoryId | None = None
    level: Rung = "new"
    rule: str = ""
    numbers: Numbers = field(default_factory=dict)
    joined: bool = False
    late: bool = False
    opened: bool = False
    follows: StoryId | None = None


# --- chats and subscriptions ---------------------------------------------------------------------------------------
ChatKind = Literal["private", "group", "supergroup", "channel", "console", "elsewhere"]
ChatState = Literal["active", "held", "gone"]
Holidays = Literal["fr", "alsace", "none"]
Loudness = Literal["sound", "silent", "wait"]  # wait: it joins the next digest


@dataclass(frozen=True, slots=True)
class Chat:
    """A destination. `telegram_id` is 0 for the console. `digest_at` is minutes after midnight in `timezone`.

    `arrived` is when it first came; None if unknown. `days`: all · open (Monday to Friday but the `holidays`) · the
    ISO numbers of the days chosen, e.g. `135`. Quiet hours run from `quiet_from` to `quiet_to`, minutes after
    midnight; equal means none, 0 to 1440 always. `quiet_flash` is what a flash does in them. `empty_line`: an empty
    digest is said in one line. `per_hour` and `per_day` cap the flashes. `set_by` is who set a group or channel up.
    """

    key: ChatKey
    telegram_id: int
    kind: ChatKind
    language: str
    timezone: str = "Europe/Paris"
    digest_at: int = 8 * 60
    state: ChatState = "active"
    arrived: datetime | None = None
    days: str = "all"
    holidays: Holidays = "fr"
    quiet_from: int = 0
    quiet_to: int = 0
    quiet_flash: Loudness = "silent"
    empty_line: bool = True
    preview: bool = True
    per_hour: int = 5
    per_day: int = 15
    set_by: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What opens from elsewhere: the settings of a chat, or of a topic of it (0: the chat itself)."""

    chat: ChatKey
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """`level` is the reader's choice, None follows the watchlist's own. `since`: the newest article (row id) when the
    subscription was made; that one and all before it are old news."""

    watchlist: str
    level: Level | None
    since: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What a chat changes of itself: the fields are those of Chat, None leaves one as it is."""

    language: str | None = None
    timezone: str | None = None
    digest_at: int | None = None
    days: str | None = None
    holidays: Holidays | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None
    quiet_flash: Loudness | None = None
    empty_line: bool | None = None
    preview: bool | None = None
    per_hour: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """A chat, or a topic of it (`thread`; 0 is the chat itself), and what it follows."""

    chat: Chat
    thread: int
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat, or a topic of it, that follows at least one watchlist of an article, with those subscriptions.

    `hour` and `day` count the flashes queued for it over the last hour and the last 24. `thread` is the topic that
    follows, 0 the chat itself.
    """

    chat: Chat
    subscriptions: tuple[Subscription, ...]
    hour: int = 0
    day: int = 0
    thread: int = 0


# --- outbox --------------------------------------------------------------------------------------------------------
Lane = Literal["flash", "edit", "daily", "weekly", "catchup"]
LANES: tuple[Lane, ...] = ("flash", "edit", "daily", "weekly", "catchup")


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to queue. `item` names what it is about (`a12` an article, `d2026-11-24` a digest slot); with the chat,
    the thread and `part` it is the idempotency key. `body` is a Message in JSON (bot/model.py), opaque to the store.

    `thread` is a forum topic, 0 the chat itself. `target` is the item of an earlier message of this chat and thread:
    on the lane `edit` the one whose text becomes `body`, on any other the one that this is a reply to. An edit of a
    message that never was, or that will never be sent, is dropped; a reply to one is sent plainly. `not_before`: no
    sooner than that; None at once.
    """

    chat: ChatKey
    lane: Lane
    item: str
    body: str
    part: int = 1
    thread: int = 0
    target: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message: it stands as `sending` in the store before anybody sees this value.

    `tries` counts this one. `doubts` counts the times it may have arrived although nobody said so.
    `plain` asks for the plain-text form, after Telegram refused the markup. `about` is the Telegram id of the message
    to edit (lane `edit`) or to reply to; None: there is none, or it is not there.
    """

    id: DeliveryId
    chat: Chat
    lane: Lane
    item: str
    part: int
    body: str
    tries: int
    doubts: int
    plain: bool = False
    thread: int = 0
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An article that was announced to a chat, and when it arrived there."""

    at: datetime
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Late:
    """A message that has waited too long to go out on its own; `body` as in NewDelivery."""

    lane: Lane
    body: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A word to whoever runs this Vigie, or set a chat up: their Telegram ids; said once for each `item`.

    `body` gives the message (as in NewDelivery) in a language. `journal`: it goes where the journal goes.
    """

    item: str
    to: frozenset[int]
    body: Callable[[str], str]
    journal: bool = True


# --- affairs -------------------------------------------------------------------------------------------------------
OrderKind = Literal["must", "never"]


@dataclass(frozen=True, slots=True)
class Affair:
    """A dossier in one line: its number, the title that opened it, how many stories and articles, the newest."""

    number: StoryId
    title: str
    stories: int
    articles: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """A decision on where an article belongs: what it was decided on, by which parameters."""

    level: str
    rule: str
    target: int | None
    numbers: Numbers
    grouping: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody put together (`must`: b into a) or apart (`never`: a out of story b)."""

    number: int
    kind: OrderKind
    a: ArticleId
    b: ArticleId
    by: int
    at: datetime


# --- what is said of stories ---------------------------------------------------------------------------------------
SayingKind = Literal["living", "official", "milestone", "revision"]


@dataclass(frozen=True, slots=True)
class Source:
    """An article of a story, with the matches that hold. `copy`: its text is another's; `host` is its site, "" if
    unknown."""

    article: StoredArticle
    matches: tuple[Match, ...]
    host: str
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A story of a timeline, with its articles in order of arrival."""

    number: StoryId
    opened: datetime
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A chat, or a topic of it, that has the living message of a story: `item` in the outbox, `shown` the article whose
    title it bears.

    `said` are the other things it was told of this story, as (kind, seq). `edits` counts those of the message, the last
    one going out at `edited_at` at the earliest; `at` is when the message was queued. `waits`: it has not left yet, so
    that an edit of it, instead of its `body`, is what the chat will see first.
    """

    follower: Follower
    thread: int
    item: str
    shown: ArticleId
    at: datetime
    edits: int = 0
    edited_at: datetime | None = None
    said: frozenset[tuple[SayingKind, int]] = frozenset()
    waits: bool = False
    body: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What a chat was told of the story that this one follows: the item of that message, and its title."""

    item: str
    title: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What an article said until it was revised, with the matches that held then."""

    article: ArticleId
    title: str
    summary: str
    text: str
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Fresh:
    """The first message of a story to a chat."""

    delivery: NewDelivery
    follower: Follower


@dataclass(frozen=True, slots=True)
class StoryNews:
    """What has become of a story by its article `newest`, None where none joined it. `sources` in order of arrival;
    `texts` counts the independent ones. `fresh` are the messages to chats that have none of this story yet, `told` the
    chats that have one; `before` is what chats were told of the story that it follows. `revised`: what one of its
    articles said until now. `into`: the title of the story that it has become part of, "" while it stands."""

    story: StoryId
    newest: ArticleId | None
    sources: tuple[Source, ...]
    texts: int
    fresh: tuple[Fresh, ...] = ()
    told: tuple[Told, ...] = ()
    before: Mapping[tuple[ChatKey, int], Before] = field(default_factory=dict)
    revised: Edition | None = None
    into: str = ""

    def source(self, article: ArticleId | None) -> Source | None:
        """That article of the story, if it is one."""
        return next((each for each in self.sources if each.article.id == article), None)


@dataclass(frozen=True, slots=True)
class Saying:
    """A message about a story; an edit of the living message has that kind, the lane `edit` and the article `shown`."""

    delivery: NewDelivery
    kind: SayingKind = "living"
    seq: int = 0
    shown: ArticleId | None = None


# --- digests -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DigestItem:
    """One story for one chat, by the article that stands for it, with the matches of all of them.

    `flashed`: it already went out as a flash to this chat. `others` are the names of its other sources, of which
    `later` came after that message had left; `articles` counts them all, copies too. `follows` is when the story that
    it takes further was opened, None without one.
    """

    article: StoredArticle
    matches: tuple[Match, ...]
    flashed: bool = False
    others: tuple[str, ...] = ()
    follows: datetime | None = None
    later: int = 0
    articles: int = 1


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An entity that nothing kept had named before: in how many articles of a digest it stands."""

    entity: str
    articles: int


@dataclass(frozen=True, slots=True)
class Ongoing:
    """A dossier of several stories, of which a digest has a new one: what opened it, its size, its newest day."""

    title: str
    url: str
    stories: int
    sources: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """What a digest may hold: the matches after the last digest's cursor, in order of arrival.

    `read` counts the articles stored since then, `sources` the feeds that answered; `cursor` goes to `close`;
    `since` is when the last digest was closed, None for the first. `newcomers` are known where the archive goes back
    further than the window.
    """

    items: tuple[DigestItem, ...] = ()
    read: int = 0
    cursor: int = 0
    since: datetime | None = None
    sources: int = 0
    ongoing: tuple[Ongoing, ...] = ()
    newcomers: tuple[Newcomer, ...] = ()


@dataclass(frozen=True, slots=True)
class Yield:
    """What a source that is followed brought in some time: articles that a watchlist kept, and the votes on them."""

    feed: FeedId
    name: str
    kept: int
    useful: int
    noise: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes: what was useful, and what was noise."""

    useful: int
    noise: int


DigestPart = Literal["shown", "weak", "flashed", "rest"]
NUMBERED: frozenset[DigestPart] = frozenset(("shown", "weak"))
"""The parts of a digest that stand in its message under a number, one count for both."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest held, in the order shown. `name` is its delivery's item, `head` its first lines and `foot` what
    stands above the rest (HTML); a line is an article, the watchlist under which it stands, and its part: in the
    message, there among the weak signals, a flash already sent, or the rest."""

    name: str
    head: str
    lines: tuple[tuple[ArticleId, str, DigestPart], ...]
    foot: str = ""


# --- fates ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Posted:
    """A message about an article. `at` is when it was queued, `settled` when it was sent or given up, None before."""

    item: str
    lane: Lane
    state: str
    at: datetime
    settled: datetime | None
    doubts: int
    error: str


@dataclass(frozen=True, slots=True)
class Announced:
    """What a message announced, and where it went."""

    article: ArticleId
    chat: ChatKey
    thread: int


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a digest held an article: its `number`, and whether it was shown, told as sent already, or in the rest."""

    name: str
    at: datetime
    part: DigestPart
    number: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows of an article, and of what a chat got of it. `article` is None for one that never came.

    `brought` are the feeds that gave it, with when; `feeds` are those of its site. `copy_of` and `story` are other
    articles; `members` counts the others of its story. `followed` are the watchlists that the chat followed before it
    came. `posted` are the messages about its story, `placed` is the digest that held it or its story,
    `elsewhere` counts the other chats that got it. `reasons` say why it stands where it does, `compared` are the
    articles that they name.
    """

    article: StoredArticle | None = None
    muted: bool = False
    brought: tuple[tuple[str, datetime], ...] = ()
    feeds: tuple[tuple[Feed, FeedState], ...] = ()
    matches: tuple[Match, ...] = ()
    copy_of: StoredArticle | None = None
    story: StoredArticle | None = None
    members: int = 0
    followed: tuple[str, ...] = ()
    posted: tuple[Posted, ...] = ()
    placed: Placing | None = None
    elsewhere: int = 0
    frozen_until: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    compared: Mapping[ArticleId, StoredArticle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedSlot:
    """A digest slot that will not be sent again: `slot` as given to `close`, `at` when it was closed."""

    lane: Lane
    slot: str
    at: datetime


# --- figures -------------------------------------------------------------------------------------------------------
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
class Retention:
    """How long each is kept: article texts since they were read, settled messages, chats that left."""

    texts: timedelta = timedelta(days=30)
    messages: timedelta = timedelta(days=90)
    chats: timedelta = timedelta(days=30)


KEPT = Retention()


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a prune removed: texts emptied, delivery rows and chats deleted; `expired` messages were given up, their
    chat having taken none for as long as one that is gone is kept."""

    texts: int = 0
    deliveries: int = 0
    chats: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The store at one moment. Pairs are (name, count), by name: enabled feeds by health, articles kept by watchlist,
    chats by state. `size` is in bytes, `version` that of the schema; `newest` and `last_digest` are None before the
    first; `sent` counts what is still kept of what was delivered. `paused_until`: the end of a pause
    of all sending."""

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


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the store that was found right: bytes, version of the schema, articles and chats."""

    size: int
    version: int
    articles: int
    chats: int


# --- press review --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PressItem:
    """An article that was kept, with the matches that hold; at least one."""

    article: StoredArticle
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class PressStory:
    """The articles of one event, in order of arrival; at least one."""

    items: tuple[PressItem, ...]


@dataclass(frozen=True, slots=True)
class Press:
    """`stories` newest first; `left` older ones are left out. `read` counts the articles read in that time.

    `seen`: one (watchlist, moment) for each article it kept.
    """

    stories: tuple[PressStory, ...]
    left: int
    read: int
    seen: tuple[tuple[str, datetime], ...]


# --- register ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the register: this watchlist, in this version, kept this article, and when. Never changed.

    `reading` is what was read of it (see Reading.source). `announced` is False for what a first reading brought.
    `digest` seals the line and, through that of the line before, every earlier one.
    """

    number: int
    at: datetime
    watchlist: str
    version: str
    level: str
    score: int
    threshold: int
    title: str
    url: str
    source: str
    feed: str
    published: datetime | None
    reading: str
    announced: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with line `number` of a register."""

    number: int
    kind: Literal["altered", "missing", "moved", "cut", "foreign"]
