"""What passes between the steps of the bot: frozen values."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Self


# --- polling -------------------------------------------------------------------------------------------------------
class Why(StrEnum):
    """Why a poll failed: one member per row of the response table (docs/architecture.md)."""

    NETWORK = "network"  # DNS, refused, reset, timeout
    TLS = "tls"
    GUARD = "guard"  # a non-public address
    HTTP = "http"  # 4xx and 5xx without a row of their own
    BLOCKED = "blocked"  # 403, 451, challenge
    ROBOTS = "robots"  # robots.txt forbids it, or could not be read
    RESERVED = "reserved"  # the rights of text and data mining are reserved
    REDIRECT = "redirect"  # loop, too many hops, https -> http, refused target
    TOO_BIG = "too_big"
    ENCODING = "encoding"  # unknown or stacked Content-Encoding, cut body
    NOT_A_FEED = "not_a_feed"  # HTML or anything else in a 200
    UNPARSABLE = "unparsable"
    KILLED = "killed"  # the parser was killed: time or memory
    BUG = "bug"  # ours: logged, and the feed backs off


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 (or 226). `url` is the final address; `moved_to` the target of a 301 or 308, None without one.

    `max_age`: how long the server says this stays fresh (max-age less Age, or Expires); None if it does not say.
    `additive`: a 226, which holds only what is new to us. `reservation` and `robots_tags` are the headers
    `tdm-reservation` and `X-Robots-Tag` as written.
    """

    body: bytes
    url: str
    content_type: str
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None
    additive: bool = False
    reservation: str = ""
    robots_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304. Validators are those of the answer, None where it gave none: then ours stay."""

    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A 410."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """A 429, or a 503 with Retry-After. `retry_after` is None where none was readable."""

    status: int
    retry_after: timedelta | None


@dataclass(frozen=True, slots=True)
class Failed:
    """Anything else. `status` is None where no answer came; `detail` is one line for the operator."""

    why: Why
    detail: str
    status: int | None = None


Outcome = Fetched | NotModified | Gone | Throttled | Failed


@dataclass(frozen=True, slots=True)
class ItemDeadline:
    """A day in a field of an official item. `day` is as 2027-01-15, "" where it only `ends` (done, cancelled) that of
    `act`; `time` as 12:00, None for none; `sentence` is what is shown."""

    kind: str
    day: str
    sentence: str
    act: str = ""
    time: str | None = None
    ends: str = ""


@dataclass(frozen=True, slots=True)
class ActItem:
    """What an item of an authority says in its fields of the act that it is. `names`: its ids, the best first; days as
    2026-04-02, "" where unknown; `concerned` and `in_force`: its own words."""

    names: tuple[str, ...]
    body: str = ""
    decided: str = ""
    published: str = ""
    link: str = ""
    concerned: str = ""
    in_force: str = ""
    deadlines: tuple[ItemDeadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed, as plain text. `key` is who it is inside its feed: stable, never a date or a position.

    `content` is the full text if the feed carries one, else ""; `link` is "" if it has none;
    `published` is aware UTC, or None when absent or unreadable. `source_name` is the outlet an aggregator names.
    `title_key` and `day_key` tell it where its key has changed (see EntryKey); `shares_link`: its address is that of
    other entries as well, so nobody's. Computed with it, for no text from outside is worked on in the parent: `digest`
    changes with its title, summary or content; `url_keys` are the identities of its address, `number` its number on its
    site (see EntryKey). `act`: of an entry that is an official act, where its source has fields for it. `dated`: far
    before all that its source showed until it came.
    """

    key: str
    link: str
    title: str
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    author: str | None = None
    source_name: str | None = None
    title_key: str = ""
    day_key: str = ""
    shares_link: bool = False
    digest: str = ""
    url_keys: tuple[str, ...] = ()
    number: str = ""
    act: ActItem | None = None
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A feed document read. `malformed`: not well-formed, though entries were found. `complete`: the closing root tag
    was there, so that its validators may be believed.

    `known` counts the entries that stood in the last document to the letter: they are not among `entries`. The
    document's own wishes: `ttl`, None without one; `skip_hours` and `skip_days`, a bit for each hour (UTC), and for
    each day from Monday on. `memory` is what the next reading wants to know of this one (bot/feeds/memory.py).
    `left_out`: entries beyond what we read.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    language: str | None = None
    malformed: bool = False
    complete: bool = True
    ttl: timedelta | None = None
    known: int = 0
    skip_hours: int = 0
    skip_days: int = 0
    memory: str | None = None
    left_out: int = 0


# --- messages ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Button:
    """A key under a message: either callback `data` (at most 64 bytes) or a `url`."""

    text: str
    data: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a chat will show. `html` is Telegram HTML of at most 4,096 characters after parsing.

    `preview` is the address whose preview is shown, None for none; `silent` sends without sound. `brief` is its line in
    a catch-up digest, HTML too; "" where it has to be told whole. `ask` opens the reader's keyboard for an answer.
    """

    html: str
    buttons: Keyboard = ()
    silent: bool = False
    preview: str | None = None
    brief: str = ""
    ask: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, body: str) -> Self:
        value = json.loads(body)
        rows = tuple(tuple(Button(**button) for button in row) for row in value.pop("buttons"))
        return cls(buttons=rows, **value)


# --- conversation --------------------------------------------------------------------------------------------------
SERVICE_ACCOUNTS: Mapping[int, str] = {
    777000: "Telegram lui-même",
    1087968824: "tous les administrateurs anonymes à la fois",
    136817688: "tous les canaux à la fois",
}
"""The ids that Telegram puts where a person would stand, and for whom each speaks: none of them is anybody."""


def person(telegram_id: int) -> int | None:
    """The id of a person; None where it is nobody's."""
    return telegram_id if telegram_id > 0 and telegram_id not in SERVICE_ACCOUNTS else None


IncomingKind = Literal["message", "press", "membership", "migration", "topic"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came from a chat, without any Telegram type.

    kind `message`: `text` holds it · `press`: a button with `data`, answered through `callback` · `membership`: the
    bot's own status in the chat changed to `text` (member, administrator, left, kicked, restricted) ·
    `migration`: the chat is now `moved_to` · `topic`: the topic `thread` (None: General) is now `text`, open or closed.
    `user` is the person, None for nobody: a channel post, an anonymous administrator, an account of Telegram itself;
    `reply_to` is the message it answers.
    `anonymous` tells that the sender is the chat itself, i.e. an anonymous administrator; `called`, that it names us.
    """

    kind: IncomingKind
    chat: int
    chat_kind: Literal["private", "group", "supergroup", "channel"]
    user: int | None = None
    language: str | None = None
    text: str = ""
    message: int | None = None
    thread: int | None = None
    reply_to: int | None = None
    callback: str | None = None
    data: str = ""
    anonymous: bool = False
    called: bool = False
    moved_to: int | None = None

    @property
    def speaker(self) -> int:
        """Who is counted, and answered for: the person; the chat itself where nobody is named."""
        return self.chat if self.user is None else self.user
