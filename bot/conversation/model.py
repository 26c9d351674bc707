"""What is asked of the bot, for whom, and what it answers: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.digest.keys import Thumb
from bot.messages import markup, texts
from bot.messages.callback_data import Place, Press, build
from bot.messages.texts import Language
from bot.model import Button, Message
from matchers.model import Level, Watchlist
from storage.chats.model import Chat, Choices, Subscription

NAME = 80  # code points of a watchlist's name


@dataclass(frozen=True, slots=True)
class View:
    """What a menu is drawn from. `chat` is the one being set, None for one we do not know; `place` is set where that
    is not the chat in which the menu stands, and then every button carries it. `thread` is the topic being set.
    `held` are topics of the chat that are closed or gone, for which something is kept. `private`: the menu stands in a
    private chat; `where` is what the place is called, "" where nobody knows."""

    language: Language
    watchlists: Mapping[str, Watchlist]
    chat: Chat | None = None
    subscriptions: tuple[Subscription, ...] = ()
    today: date = date.min
    place: Place | None = None
    thread: int = 0
    held: tuple[int, ...] = ()
    private: bool = True
    where: str = ""

    @property
    def timezone(self) -> str:
        return self.chat.timezone if self.chat else "Europe/Paris"

    def say(self, key: str, /, **values: str | int) -> str:
        return texts.text(self.language, key, **values)

    def key(self, label: str, verb: str, target: str = "", value: str = "", page: int = 0) -> Button:
        """A button of a menu of this view."""
        return Button(label, build(Press(verb, target, value, page, self.place)))

    def followed(self, watchlist: str) -> Subscription | None:
        return next((held for held in self.subscriptions if held.watchlist == watchlist), None)

    def name(self, watchlist: str) -> str:
        known = self.watchlists.get(watchlist)
        return markup.cut(known.name if known else watchlist, NAME)

    def level(self, watchlist: Watchlist) -> Level:
        """The level at which this chat has it, or would have it."""
        held = self.followed(watchlist.id)
        return (held.level if held else None) or watchlist.level

    def example(self) -> str:
        return next(iter(self.watchlists), "secnumcloud")


@dataclass(frozen=True, slots=True)
class Scene:
    """Who speaks, and from where. `may_change`: a private chat, or an administrator of what is being set.

    `operator`: one of those who run this Vigie. `reply_to` is the message that is answered.
    """

    view: View
    may_change: bool
    private: bool
    operator: bool = False
    reply_to: int | None = None


# --- what is to be done --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Follow:
    """Follow `watchlist`; `level` None is the watchlist's own."""

    watchlist: Watchlist
    level: Level | None


@dataclass(frozen=True, slots=True)
class FollowAll:
    """A newcomer: every watchlist at its own level, then the greeting."""


@dataclass(frozen=True, slots=True)
class Unfollow:
    watchlist: Watchlist


@dataclass(frozen=True, slots=True)
class Preview:
    """Show what a watchlist would have kept lately."""

    watchlist: Watchlist


@dataclass(frozen=True, slots=True)
class DigestNow:
    pass


@dataclass(frozen=True, slots=True)
class Choose:
    """Change the chat's own settings, then show the settings menu `then` ("" is the first one)."""

    choices: Choices
    then: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """Hand over all that is kept about the chat, as files."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete the chat and all that hangs on it."""


@dataclass(frozen=True, slots=True)
class Admit:
    """Let a chat in, although access is closed; `kind` None turns it away. `language` is that of who asked."""

    chat: int
    kind: Literal["private", "group"] | None
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class ShowRest:
    """A page of the rest of the digest of this name."""

    name: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """The digest of this name again."""

    name: str


@dataclass(frozen=True, slots=True)
class DigestKeys:
    """Put the buttons of the digest of this name back; with an `opinion`, its numbers."""

    name: str
    opinion: Thumb | None = None


@dataclass(frozen=True, slots=True)
class VoteNumber:
    """The story with this number in the digest was useful (`u`), or noise (`n`)."""

    name: str
    opinion: Thumb
    number: int


@dataclass(frozen=True, slots=True)
class Vote:
    """An alert was useful, or noise."""

    article: int
    opinion: Thumb


@dataclass(frozen=True, slots=True)
class VoteReason:
    """Why an alert was noise."""

    article: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlertKeys:
    """Put the buttons of an alert back."""

    article: int


@dataclass(frozen=True, slots=True)
class FindArticles:
    """Find articles."""

    query: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Another page of an earlier search, by its token."""

    token: str
    page: int


@dataclass(frozen=True, slots=True)
class WhyAddress:
    """What became of the article at this address."""

    url: str


@dataclass(frozen=True, slots=True)
class WhyMessage:
    """What became of the article that a message of ours announced, by the message's number in this chat."""

    message: int


@dataclass(frozen=True, slots=True)
class WhyArticle:
    """What became of an article, by its number."""

    article: int


@dataclass(frozen=True, slots=True)
class WhyLink:
    """What became of the article that a link from a group or a channel names, by what it carries."""

    payload: str


@dataclass(frozen=True, slots=True)
class Missed:
    """An article that should have come, by its address or, where that is "", by its number."""

    url: str
    article: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmMiss:
    """An operator says which watchlist should have kept a missed article."""

    miss: int
    watchlist: Watchlist


@dataclass(frozen=True, slots=True)
class Status:
    """How Vigie is."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources, for an operator."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Yields:
    """What each source brought, for an operator."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class FeedCard:
    """One source, by the token of its id."""

    feed: str


@dataclass(frozen=True, slots=True)
class FeedNow:
    """Ask a source at once, whatever pause there is."""

    feed: str


@dataclass(frozen=True, slots=True)
class FeedPause:
    """Do not ask a source for so long. `journal`: asked in the journal, whose message changes by itself."""

    feed: str
    wait: timedelta
    journal: bool = False


@dataclass(frozen=True, slots=True)
class FeedNormal:
    """The silence of a source is as it should be. `journal`: as in FeedPause."""

    feed: str
    journal: bool = False


@dataclass(frozen=True, slots=True)
class PauseSource:
    """Do not ask the source of this id or name for so long."""

    name: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Journal:
    """Where the journal goes, and what lasts. `move`: it comes here (True), or goes back to private chats (False)."""

    move: bool | None = None


@dataclass(frozen=True, slots=True)
class PauseSending:
    """Send nothing to anybody for so long; no time at all ends a pause."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class ShowDossier:
    """Show an affair, by the number or address of one of its articles; "" for those that are open."""

    which: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """Put an article out of its story. `decides`: for everyone, else it is a suggestion. `message`: the article that
    this message of ours announced."""

    article: str
    decides: bool
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one story of those of two articles. `decides`: as in Split."""

    one: str
    two: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """Move back what an order moved."""

    order: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for the argument that a command lacks, and take the next message for it."""

    command: str
    question: str


@dataclass(frozen=True, slots=True)
class Reload:
    """Read the configuration again, and put it into force if it is right."""


@dataclass(frozen=True, slots=True)
class TryTerm:
    """Say how often a term would be found."""

    term: str


@dataclass(frozen=True, slots=True)
class TryWithout:
    """Try a watchlist in force with one more exclusion: the word that has this mark."""

    watchlist: Watchlist
    mark: int


@dataclass(frozen=True, slots=True)
class Try:
    """Try the configuration as it is on disk on what was read lately; nothing is put into force."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """Open the settings of a group or channel in private, by the token of a link."""

    token: str


@dataclass(frozen=True, slots=True)
class MyPlaces:
    """The groups and channels that a person may set up."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class SetInPrivate:
    """From a group: go on with its settings in private."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Have what a held topic followed, and what waits for it, come here."""

    thread: int


FollowChange = TakeOver | Follow | FollowAll | Unfollow | Preview | Choose
DigestChange = DigestNow | ShowRest | ShowDigest | DigestKeys
VoteChange = VoteNumber | Vote | VoteReason | AlertKeys
SearchChange = FindArticles | SearchPage
AffairChange = ShowDossier | Split | Merge | Undo
WhyChange = WhyAddress | WhyMessage | WhyArticle | WhyLink | Missed | ConfirmMiss
FeedChange = FeedNow | FeedPause | FeedNormal | PauseSource
OperateChange = Status | Sources | Yields | FeedCard | FeedChange | PauseSending | Journal
TryChange = Try | TryTerm | TryWithout
PlaceChange = OpenPlace | MyPlaces
Question = SearchChange | WhyChange | OperateChange | AffairChange | PlaceChange | Ask
Change = (
    FollowChange | DigestChange | VoteChange | Question | Export | Forget | Admit | Reload | TryChange | SetInPrivate
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show, and what to do. `notice` is the short answer to a press, at most 200 characters.

    With a `change`, the message that tells of it is drawn once it is done. `beside`: the message that was pressed
    stays, and is answered.
    """

    message: Message | None = None
    change: Change | None = None
    notice: str = ""
    beside: bool = False


SILENCE = Reply()
