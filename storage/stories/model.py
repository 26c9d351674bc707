"""What a row means: copies, stories and dossiers, and what chats were told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from matchers.model import Match
from matchers.stories.grouping import Numbers
from storage.articles.model import Rung, Sorted, StoredArticle
from storage.chats.model import DigestPart, Follower, NewDelivery, Posted
from storage.feeds.model import Feed, FeedState
from storage.ids import ArticleId, ChatKey, StoryId


@dataclass(frozen=True, slots=True)
class Grouped:
    """What an article belongs to. `copy_of` is the first article of its copies, None for a text of its own; `story` and
    `dossier` are the ids of their first articles, None for an article that nobody is told of.

    `level`, `rule` and `numbers` say why. `joined`: it was not in its story before; `opened`: it opens it; then
    `follows` is the story whose affair it takes further, None if it opens the affair too. `unsure`: that may be the
    same event. `backs`: it bears out the first text of its story. `late`: a copy of what was over.
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
    unsure: bool = False
    backs: bool = False


OverrideKind = Literal["must", "never"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier in one line: its number, the title that opened it, how many stories and articles, the newest."""

    number: StoryId
    title: str
    stories: int
    articles: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on where an article belongs: what it was decided on, by which parameters."""

    level: str
    rule: str
    target: int | None
    numbers: Numbers
    grouping: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody put together (`must`: b into a) or apart (`never`: a out of story b)."""

    number: int
    kind: OverrideKind
    a: ArticleId
    b: ArticleId
    by: int
    at: datetime


SayingKind = Literal["living", "official", "milestone", "revision"]


@dataclass(frozen=True, slots=True)
class StorySource:
    """An article of a story, with the matches that hold. `copy`: its text is another's; `host` is its site, "" if
    unknown; `backs`: it surely tells the event of the story's first text, in its own words."""

    article: StoredArticle
    matches: tuple[Match, ...]
    host: str
    copy: bool = False
    backs: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A story of a timeline, its articles in order of arrival. `beside`: the one that it may be, None for none."""

    number: StoryId
    opened: datetime
    sources: tuple[StorySource, ...]
    beside: StoryId | None = None


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
    """What a chat was told of the story that this one follows: the item of that message, its title, and how many
    stories in doubt were told of that affair."""

    item: str
    title: str
    doubts: int = 0


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
    """What has become of a story by its article `newest`, None where none joined it. `sources` in order of arrival.
    `fresh` are the messages to chats that have none of this story yet, `told` the chats that have one; `before` is what
    chats were told of the story that it follows. `revised`: what one of its articles said until now. `unsure`: it may
    be the event of the story that it follows. `into`: the title of the story that it has become part of, "" while it
    stands. `stands`: how it does in the triage, None while nobody said; `judged`: that is what has changed."""

    story: StoryId
    newest: ArticleId | None
    sources: tuple[StorySource, ...]
    fresh: tuple[Fresh, ...] = ()
    told: tuple[Told, ...] = ()
    before: Mapping[tuple[ChatKey, int], Before] = field(default_factory=dict)
    revised: Edition | None = None
    unsure: bool = False
    into: str = ""
    stands: Sorted | None = None
    judged: bool = False

    def source(self, article: ArticleId | None) -> StorySource | None:
        """That article of the story, if it is one."""
        return next((each for each in self.sources if each.article.id == article), None)


@dataclass(frozen=True, slots=True)
class Saying:
    """A message about a story; an edit of the living message has that kind, the lane `edit` and the article `shown`."""

    delivery: NewDelivery
    kind: SayingKind = "living"
    seq: int = 0
    shown: ArticleId | None = None


@dataclass(frozen=True, slots=True)
class SourceLead:
    """Of the stories that were kept, what one source had of them: the `stories` that others had too, those that were
    seen with it `first`, the median time until the next source (None where it was never first), and how many of its
    `articles` in them, and alone, were `copies` of another's."""

    stories: int
    first: int
    ahead: timedelta | None
    articles: int
    copies: int


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
class ArticleTrace:
    """What the store knows of an article, and of what a chat got of it. `article` is None for one that never came.

    `brought` are the feeds that gave it, with when; `feeds` are those of its site. `copy_of` and `story` are other
    articles; `members` counts the others of its story. `followed` are the watchlists that the chat followed before it
    came. `posted` are the messages about its story, `placed` is the digest that held it or its story,
    `elsewhere` counts the other chats that got it. `reasons` say why it stands where it does, `compared` are the
    articles that they name; `stands` is how its story does in the triage, None while nobody said.
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
    reasons: tuple[Decision, ...] = ()
    compared: Mapping[ArticleId, StoredArticle] = field(default_factory=dict)
    stands: Sorted | None = None
