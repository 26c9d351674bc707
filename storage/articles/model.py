"""What a row means: entries and articles, the polls that bring them, searches and the register."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from matchers.model import ActLink, Match
from matchers.stories.grouping import Traits
from storage.acts.model import ActRecord
from storage.feeds.model import Claim, FeedState, TextPolicy
from storage.ids import ArticleId
from storage.lists.model import ListRecord
from storage.operators.model import NewNotice, NoticeKind

Rung = Literal["entry", "address", "copy", "story", "new"]  # what answered first: how an article was grouped


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


TEXTLESS = frozenset(("feed_summary", "title_only", "none"))
"""The sources of a text that is not the article's own: it never had one."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article's text and where it came from. `text` is "" when nothing could be read; `published` is aware or None.

    `source`: feed_full | json_ld | page | feed_summary | title_only | none. `flags`: sorted, see docs/architecture.md.
    `url` is the publisher's address, cleaned; `url_keys` its identities, best first. `links`: the acts to which
    words of the text lead.
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
    links: tuple[ActLink, ...] = ()


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
    reading: ArticleText | None = None
    matches: tuple[Match, ...] = ()
    later: Later | None = None
    muted: bool = False
    traits: Traits | None = None
    acts: ActRecord = field(default_factory=ActRecord)


@dataclass(frozen=True, slots=True)
class PollRecord:
    """Everything one poll writes, in one transaction. `muted`: a baseline, nothing of it is ever announced.

    `notices` are told once to the operators, `over` are those that this poll put an end to. `ruleset` is the number of
    the rules that judged its entries, None where they bore none.
    """

    claim: Claim
    state: FeedState
    now: datetime
    entries: tuple[EntryRecord, ...] = ()
    muted: bool = False
    notices: tuple[NewNotice, ...] = ()
    over: tuple[NoticeKind, ...] = ()
    ruleset: int | None = None
    listing: ListRecord | None = None  # of a list that was read


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """An article whose page is to be read now. `content` is the text its feed gave, "" if none.

    `own_address` is False where its address is shared with others, and so is nobody's identity. `source` is the
    address of the feed that brought it.
    """

    article: ArticleId
    url: str
    title: str
    summary: str
    content: str
    published: datetime | None
    author: str | None
    policy: TextPolicy
    licensed: bool
    own_address: bool
    later: Later
    source_name: str
    dedup: bool = True
    source: str = ""
    official: bool | None = None


@dataclass(frozen=True, slots=True)
class PageRecord:
    """An article whose page has been read after all, as it will be written. `ruleset`: as in PollRecord."""

    article: ArticleId
    reading: ArticleText
    matches: tuple[Match, ...]
    now: datetime
    traits: Traits | None = None
    acts: ActRecord = field(default_factory=ActRecord)
    ruleset: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a poll wrote. `lost` is True where the lease had passed to another worker, or where it was judged by rules
    that are past: then nothing was written, and it is done again."""

    new: int = 0
    revised: int = 0
    deliveries: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as kept. `source_name` is the name of the feed that brought it first; `text` is "" once purged.

    `read_at` is when its text was last read. `official`: what feeds.yaml says of that feed, None: nothing. `feed_url`
    is where that feed is, "" if unknown.
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
    policy: TextPolicy = "page"
    read_at: datetime | None = None
    site: str = ""
    official: bool | None = None
    feed_url: str = ""
    links: tuple[ActLink, ...] = ()


AnyOf = tuple[str, ...]
"""Spellings of which one is enough, folded; one with spaces is a phrase."""


@dataclass(frozen=True, slots=True)
class WordsSought:
    """All of `anywhere`, all of `title` there, and nothing of `without`, each of which is all of its parts together."""

    anywhere: tuple[AnyOf, ...] = ()
    title: tuple[AnyOf, ...] = ()
    without: tuple[tuple[AnyOf, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.anywhere or self.title)  # what is only unwanted finds nothing


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for. `words` are none for any article; `sources` are parts of the names of feeds, lower case without
    accents; `since` is when it was published."""

    words: WordsSought
    sources: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An article found, and the passage where it was; its words stand between `search.MARKS`."""

    article: StoredArticle
    passage: str


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of `count` findings; `oldest` is when the oldest article searched was seen, None for an empty store."""

    findings: tuple[Finding, ...]
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An entity that nothing kept had named before: in how many articles of a digest it stands."""

    entity: str
    articles: int


TriageState = Literal["open", "applies", "void", "done"]  # à qualifier, applicable, sans objet, traité


@dataclass(frozen=True, slots=True)
class Sorting:
    """What somebody says of a story; None leaves a thing as it is, "" takes it away."""

    state: TriageState | None = None
    owner: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """One entry of the triage: how the story of this article stands since then. Never changed.

    `owner` is who takes care of it, as somebody wrote the name, `note` what was written with it; "" for none. `by` is
    a keyed hash of who said so. `digest` seals the entry and, through that of the one before, every earlier one.
    """

    number: int
    at: datetime
    article: ArticleId
    title: str
    url: str
    state: TriageState = "open"
    owner: str = ""
    note: str = ""
    by: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Untouched:
    """A story of which nobody has said anything: its number, the title that opened it, when it last had an article."""

    article: ArticleId
    title: str
    last: datetime


WITNESSED = 12  # hex digits of a digest that readers are given


@dataclass(frozen=True, slots=True)
class RegisterHead:
    """The last line of the register at some moment: whoever noted it can tell later whether a line up to it changed."""

    number: int
    digest: str

    @property
    def witness(self) -> str:
        """« 1204:9f3ac2b1d0e4 »: what readers are given, and `--witness` takes."""
        return f"{self.number}:{self.digest[:WITNESSED]}"


@dataclass(frozen=True, slots=True)
class PressItem:
    """An article that was kept, with the matches that hold; at least one. `entities` are the ids of those that its
    title or lead names."""

    article: StoredArticle
    matches: tuple[Match, ...]
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PressStory:
    """The articles of one event, in order of arrival; at least one. `number` is the story's, or its only article's;
    `key` the address of its first article, though that one be older than the others here: what it is known by.

    `beside` is the first article of the story whose event it may be, None where that is settled; `triage` how it
    stands, None where nobody has said anything.
    """

    items: tuple[PressItem, ...]
    number: int = 0
    key: str = ""
    beside: StoredArticle | None = None
    triage: Sorted | None = None


@dataclass(frozen=True, slots=True)
class PressShare:
    """Of how many articles kept by a watchlist a feed is the source (`name` is its name), or which name an entity (its
    id)."""

    watchlist: str
    kind: Literal["source", "entity"]
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class PressReview:
    """`stories` newest first; `left` older ones are left out. `read` counts the articles read in that time.

    `seen`: one (watchlist, moment) for each article it kept. `shares` are of another span, the largest first.
    """

    stories: tuple[PressStory, ...]
    left: int
    read: int
    seen: tuple[tuple[str, datetime], ...]
    shares: tuple[PressShare, ...] = ()


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
    kind: Literal["altered", "missing", "moved", "cut", "foreign", "unwitnessed", "beyond"]
