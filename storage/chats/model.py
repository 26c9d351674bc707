"""What a row means: chats, what they follow, the outbox and digests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from matchers.model import Level, Match
from storage.acts.model import Reminder
from storage.articles.model import Newcomer, RegisterHead, StoredArticle
from storage.ids import ArticleId, ChatKey, DeliveryId

ChatKind = Literal["private", "group", "supergroup", "channel", "console", "elsewhere"]
ChatState = Literal["active", "held", "gone"]
Holidays = Literal["fr", "alsace", "none"]
DeliveryState = Literal["queued", "claimed", "sending", "done", "dead", "muted"]
Loudness = Literal["sound", "silent", "wait"]  # wait: it joins the next digest


@dataclass(frozen=True, slots=True)
class Chat:
    """A destination. `telegram_id` is 0 for the console. `digest_at` is minutes after midnight in `timezone`.

    `arrived` is when it first came; None if unknown. `days`: all · open (Monday to Friday but the `holidays`) · the
    ISO numbers of the days chosen, e.g. `135`. Quiet hours run from `quiet_from` to `quiet_to`, minutes after
    midnight; equal means none, 0 to 1440 always. `quiet_flash` is what a flash does in them. `empty_line`: an empty
    digest is said in one line. `digest_closes`: the next digest does not tell again what one on request told.
    `per_hour` and `per_day` cap the flashes; `per_week` is how many it wants of those that no authority published, 0
    for as many as come. `role`: an act that says to concern other trades does not ring; "" for none
    (matchers/acts/publics.py). `set_by` is who set a group or channel up.
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
    digest_closes: bool = False
    per_hour: int = 5
    per_day: int = 15
    per_week: int = 0
    role: str = ""
    set_by: int | None = None


@dataclass(frozen=True, slots=True)
class SetupLink:
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
class OwnTerm:
    """A term that a reader follows by himself. `seen`: the newest article that was looked at for it."""

    number: int
    term: str
    seen: ArticleId


@dataclass(frozen=True, slots=True)
class TermPlace:
    """A chat, or a topic of it, with its own terms; told last for the day `slot`, "" for never, at `told_at`."""

    chat: Chat
    thread: int
    terms: tuple[OwnTerm, ...]
    slot: str
    told_at: datetime


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
    digest_closes: bool | None = None
    per_hour: int | None = None
    per_day: int | None = None
    per_week: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """A chat, or a topic of it (`thread`; 0 is the chat itself), and what it follows."""

    chat: Chat
    thread: int
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article with its matches, and the number of the story it was put in (negative: it is alone)."""

    article: StoredArticle
    matches: tuple[Match, ...]
    story: int


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat, or a topic of it, that follows at least one watchlist of an article, with those subscriptions.

    `hour`, `day` and `week` count the flashes queued for it over the last hour, the last 24 and the last seven days;
    `week` is 0 for a chat without a budget. `thread` is the topic that follows, 0 the chat itself.
    """

    chat: Chat
    subscriptions: tuple[Subscription, ...]
    hour: int = 0
    day: int = 0
    week: int = 0
    thread: int = 0


Lane = Literal["flash", "edit", "daily", "weekly", "catchup"]
LANES: tuple[Lane, ...] = ("flash", "edit", "daily", "weekly", "catchup")


class MessageBody(Protocol):
    """What a chat will be shown (bot/model.py: Message), opaque to the store, which writes it once, as it queues it."""

    def to_json(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to queue. `item` names what it is about (`a12` an article, `d2026-11-24` a digest slot); with the chat,
    the thread and `part` it is the idempotency key. Chats that are shown the same may share one `body`.

    `thread` is a forum topic, 0 the chat itself. `target` is the item of an earlier message of this chat and thread:
    on the lane `edit` the one whose text becomes `body`, on any other the one that this is a reply to. An edit of a
    message that never was, or that will never be sent, is dropped; a reply to one is sent plainly. `not_before`: no
    sooner than that; None at once.
    """

    chat: ChatKey
    lane: Lane
    item: str
    body: MessageBody
    part: int = 1
    thread: int = 0
    target: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message: no other sender takes it. It is `sending` only once `Outbox.start` has said so.

    `tries` counts this one. `doubts` counts the times it may have arrived although nobody said so.
    `plain` asks for the plain-text form, after Telegram refused the markup. `about` is the Telegram id of the message
    to edit (lane `edit`) or to reply to; None: there is none, or it is not there. `called_at` is when it was last asked
    for, None if it never was; `looks` how often it was looked for in its chat since then, in vain; None:
    what became of that call is known. `claim` is the number of this very claim of it: answers to an earlier one change
    nothing.
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
    called_at: datetime | None = None
    looks: int | None = None
    claim: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """An article that was announced to a chat, and when it arrived there."""

    at: datetime
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Late:
    """A message that has waited too long to go out on its own; `body` is its JSON."""

    lane: Lane
    body: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A word to whoever runs this Vigie, or set a chat up: their Telegram ids; said once for each `item`.

    `body` gives the message in a language. `journal`: it goes where the journal goes.
    """

    item: str
    to: frozenset[int]
    body: Callable[[str], MessageBody]
    journal: bool = True


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One story for one chat, by the article that stands for it, with the matches of all of them.

    `flashed`: it already went out as a flash to this chat. `others` are the names of its other sources, of which
    `later` came after that message had left; `articles` counts them all, copies too. `follows` is when the story that
    it takes further was opened, None without one. `story` is the number of the story, `beside` that of the one that may
    be the same event, and `near` its title; 0 and "" for none.
    """

    article: StoredArticle
    matches: tuple[Match, ...]
    flashed: bool = False
    others: tuple[str, ...] = ()
    follows: datetime | None = None
    later: int = 0
    articles: int = 1
    story: int = 0
    beside: int = 0
    near: str = ""


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
    further than the window. `head` is the register's, None while it is empty. `due`: the days that come near.
    """

    items: tuple[DigestItem, ...] = ()
    read: int = 0
    cursor: int = 0
    since: datetime | None = None
    sources: int = 0
    ongoing: tuple[Ongoing, ...] = ()
    newcomers: tuple[Newcomer, ...] = ()
    head: RegisterHead | None = None
    due: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True)
class VoteTally:
    """Votes: what was useful, and what was noise. `not_urgent`: flashes of which somebody said that they could wait."""

    useful: int
    noise: int
    not_urgent: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """The votes on one article: useful or noise, and of those on a flash that it was worth one, or could wait."""

    useful: int
    noise: int
    urgent: int = 0
    not_urgent: int = 0


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


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A digest to be queued: its messages, what it held (None: nothing that its buttons could open), and the days of
    which it is a reminder. Empty where there is nothing to say."""

    deliveries: tuple[NewDelivery, ...] = ()
    kept: Contents | None = None
    due: tuple[Reminder, ...] = ()


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
class ClosedSlot:
    """A digest slot that will not be sent again: `slot` as given to `close`, `at` when it was closed."""

    lane: Lane
    slot: str
    at: datetime
