"""What is asked for is done here: a change in, the message that tells of it out."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol, assert_never

from bot.clock import Clock
from bot.conversation import files, menus, settings
from bot.conversation.dossiers import DossierCommands
from bot.conversation.explain import Inquiries
from bot.conversation.group_setup import Places
from bot.conversation.model import (
    Admit,
    AlertKeys,
    Ask,
    Change,
    Choose,
    ConfirmMiss,
    DigestChange,
    DigestKeys,
    DigestNow,
    Export,
    FeedCard,
    FeedNormal,
    FeedNow,
    FeedPause,
    FindArticles,
    Follow,
    FollowAll,
    FollowChange,
    Forget,
    Journal,
    Merge,
    Missed,
    MyPlaces,
    OpenPlace,
    PauseSending,
    PauseSource,
    Preview,
    Question,
    Reload,
    SearchPage,
    SetInPrivate,
    ShowDigest,
    ShowDossier,
    ShowRest,
    Sources,
    Split,
    Status,
    TakeOver,
    Try,
    TryTerm,
    TryWithout,
    Undo,
    Unfollow,
    View,
    Vote,
    VoteChange,
    VoteNumber,
    VoteReason,
    WhyAddress,
    WhyArticle,
    WhyLink,
    WhyMessage,
    Yields,
)
from bot.conversation.searching import Searches
from bot.conversation.status import Operating
from bot.conversation.trials import Bench, Trials
from bot.daemon.reloaded import ReloadOutcome
from bot.delivery.chat import Messenger, Sent
from bot.digest import compose, keys, render
from bot.digest.render import DigestLine
from bot.messages import texts
from bot.messages.callback_data import Place, base36
from bot.messages.deep_links import Links
from bot.model import Incoming, Keyboard, Message
from bot.operators import reloads
from bot.operators.tell import Operators
from bot.store_thread import Offload
from matchers.engine import Engine
from matchers.model import Watchlist
from storage import Store
from storage.articles.model import StoredArticle
from storage.chats.model import NUMBERED, Contents, Lane
from storage.ids import ArticleId, ChatKey

WatchlistsNow = Callable[[], Mapping[str, Watchlist]]
"""The watchlists in force, as of now: a reload changes them."""

PREVIEW = 5
COUNTED = 200  # articles weighed for « sur 30 jours »; beyond, it says « au moins »
MONTH = timedelta(days=30)
EXPORTED = timedelta(days=90)  # messages are kept no longer
ON_REQUEST: tuple[Lane, ...] = ("daily", "weekly")
VOTERS = "voters"  # the memo that holds the key under which voters are hashed


class Doors(Protocol):
    """Who may come in. `access` is `open` or `closed`; `admins` are Telegram user ids."""

    @property
    def access(self) -> str: ...

    @property
    def admins(self) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class Keys:
    """The message that was pressed keeps its text, and has these buttons from now on."""

    buttons: Keyboard


Shown = Message | Keys | None
"""What tells of a change; None where another way tells."""


@dataclass(slots=True)
class Deeds:
    """`offload` runs a plain function, with its arguments, where the store may be used. `reload` reads the
    configuration again and puts it into force; `bench` only tries. `view` draws the conversation afresh."""

    store: Store
    offload: Offload
    messenger: Messenger
    lists: WatchlistsNow
    clock: Clock
    reload: Callable[[], Awaitable[ReloadOutcome]]
    view: Callable[[Incoming, Place | None], Awaitable[View]]
    bench: Bench
    engine: Callable[[], Engine]
    doors: Doors
    links: Links
    operators: Operators = field(init=False)
    inquiries: Inquiries = field(init=False)
    operating: Operating = field(init=False)
    searches: Searches = field(init=False)
    affairs: DossierCommands = field(init=False)
    places: Places = field(init=False)
    trials: Trials = field(init=False)

    def __post_init__(self) -> None:
        self.operators = Operators(self.store, self.offload, self.messenger, self.clock, lambda: self.doors.admins)
        self.inquiries = Inquiries(
            self.store, self.offload, self.messenger, self.clock, self.engine, self.operators, self.links
        )
        self.operating = Operating(self.store, self.offload, self.clock, lambda: self.doors.admins)
        self.searches = Searches(self.store, self.offload, self.clock)
        self.affairs = DossierCommands(self.store, self.offload, self.clock, self.links)
        self.places = Places(self.store, self.offload, self.messenger, self.clock, self.links, self.view)
        self.trials = Trials(self.store, self.offload, self.messenger, self.clock, self.bench)

    async def do(self, change: Change, incoming: Incoming, view: View) -> Shown:
        """Make the change; what tells of it."""
        match change:
            case Follow() | FollowAll() | Choose() | Unfollow() | Preview() | TakeOver():
                return await self._following(change, incoming, view)
            case DigestNow() | ShowRest() | ShowDigest() | DigestKeys():
                return await self._digest(change, view)
            case VoteNumber() | Vote() | VoteReason() | AlertKeys():
                return await self._vote(change, incoming, view)
            case Export():
                return await self._export(incoming, view)
            case Forget():
                return await self._forget(incoming, view)
            case Admit():
                return await self._admit(change, view)
            case Reload():
                await self.messenger.typing(incoming.chat)
                return reloads.reloaded(await self.reload(), view.language)
            case SetInPrivate():
                return settings.menu(view)
            case Try() | TryTerm() | TryWithout():
                return await self.trials.do(change, incoming, view)
            case _:
                return await self._asked(change, incoming, view)

    async def _asked(self, change: Question, incoming: Incoming, view: View) -> Message | None:
        match change:
            case FindArticles() | SearchPage():
                await self.messenger.typing(incoming.chat)
                return await self.searches.do(change, view)
            case WhyAddress() | WhyMessage() | WhyArticle() | WhyLink() | Missed() | ConfirmMiss():
                return await self.inquiries.do(change, view, incoming.user)
            case Status() | Sources() | Yields() | FeedCard() | FeedNow() | FeedPause() | FeedNormal() | PauseSource():
                return await self.operating.do(change, incoming, view)
            case PauseSending() | Journal():
                return await self.operating.do(change, incoming, view)
            case ShowDossier() | Split() | Merge() | Undo():
                return await self.affairs.do(change, view, incoming.user)
            case OpenPlace() | MyPlaces():
                return await self.places.do(change, incoming, view)
            case Ask(_, question):
                return Message(question, ask=True)
            case _:
                assert_never(change)

    # --- following -------------------------------------------------------------------------------------------------
    async def _following(self, change: FollowChange, incoming: Incoming, view: View) -> Message | None:
        match change:
            case Follow() | FollowAll() | Choose():
                return await self._settled(change, incoming, view)
            case Unfollow(watchlist):
                if view.chat:
                    await self.offload(self.store.chats.unfollow, view.chat.key, watchlist.id, view.thread)
                return menus.unfollowed(await self.view(incoming, None), watchlist)
            case TakeOver(held):
                if view.chat:
                    await self.offload(self.store.chats.take_over, view.chat.key, held, view.thread, self.clock())
                return settings.menu(await self.view(incoming, None))
            case Preview(watchlist):
                return menus.examples(view, watchlist, await self._lately(watchlist, PREVIEW))
            case _:
                assert_never(change)

    async def _settled(self, change: Follow | FollowAll | Choose, incoming: Incoming, view: View) -> Message | None:
        """Changes that want a chat: one we did not know arrives first."""
        chats, now = self.store.chats, self.clock()
        chat = view.chat if view.place else None
        if chat is None:
            kind = incoming.chat_kind
            chat = await self.offload(chats.arrive, incoming.chat, kind, view.language, now, incoming.user or None)
        match change:
            case Follow(watchlist, level):
                await self.offload(chats.follow, chat.key, watchlist.id, level, now, view.thread)
                return await self._followed(watchlist, await self.view(incoming, None))
            case FollowAll():
                await self._follow_all(chat.key, view.thread, now)
                return menus.welcome(await self.view(incoming, None), subscribed=True)
            case Choose(choices, then):
                await self.offload(chats.settings, chat.key, choices)
                return settings.menu(await self.view(incoming, None), then)
            case _:
                assert_never(change)

    async def _followed(self, watchlist: Watchlist, view: View) -> Message:
        since = self.clock() - MONTH
        kept = await self._lately(watchlist, COUNTED)
        month = [article.id for article in kept if article.first_seen >= since]
        stories = await self.offload(self.store.digests.subjects, month)
        read = await self.offload(self.store.digests.read_count, since)
        return menus.following(
            view, watchlist, min(PREVIEW, len(kept)), len(month), stories, len(month) == COUNTED, read
        )

    async def _lately(self, watchlist: Watchlist, limit: int) -> tuple[StoredArticle, ...]:
        """The newest articles that the watchlist keeps, newest first."""
        items = await self.offload(self.store.digests.preview, (watchlist.id,), limit)
        return tuple(item.article for item in items)

    async def _follow_all(self, key: ChatKey, thread: int, now: datetime) -> None:
        for watchlist in self.lists():
            await self.offload(self.store.chats.follow, key, watchlist, None, now, thread)

    async def _admit(self, change: Admit, view: View) -> Message:
        """Let a chat in: being known is what admits it. It follows everything at once, and is told. The request that
        other administrators see is decided, too."""
        admitted = change.kind is not None
        if change.kind and await self.offload(self.store.chats.find, change.chat) is None:
            now, language = self.clock(), change.language
            chat = await self.offload(self.store.chats.arrive, change.chat, change.kind, language, now)
            await self._follow_all(chat.key, 0, now)
            subscriptions = await self.offload(self.store.chats.following, chat.key)
            greeting = menus.welcome(View(language, view.watchlists, chat, tuple(subscriptions)), subscribed=True)
            said = f"{texts.text(language, 'rights.welcome')}\n\n{greeting.html}"
            await self.messenger.send(change.chat, Message(said, greeting.buttons))
        for day in (view.today, view.today - timedelta(days=1)):
            item = await self.request_item(change.chat, day)
            await self.operators.amend(item, lambda language: menus.decided(language, change.chat, admitted=admitted))
        return menus.decided(view.language, change.chat, admitted=admitted)

    async def request_item(self, chat: int, day: date) -> str:
        """What the request of a chat is in the outbox: nobody reads a chat out of it."""
        return f"jq{(await self.person(chat))[:12]}.{day.isoformat()}"

    async def _export(self, incoming: Incoming, view: View) -> Message | None:
        assert view.chat is not None, "nothing is kept of a chat that we do not know"
        chats, key = self.store.chats, view.chat.key
        kept = await self.offload(chats.export, key)
        alerts = await self.offload(chats.alerts, key, self.clock() - EXPORTED)
        given = {"vigie.json": (kept or "").encode(), "vigie.csv": files.table(alerts, view.chat.timezone)}
        captions = {"vigie.json": view.say("export.json"), "vigie.csv": view.say("export.csv")}
        for name, content in given.items():
            if not isinstance(await self.messenger.file(incoming.chat, name, content, captions[name]), Sent):
                return Message(view.say("export.failed"))
        return None

    async def _forget(self, incoming: Incoming, view: View) -> Message:
        """Every row of the chat goes, and in private the votes of its reader."""
        if view.chat:
            await self.offload(self.store.chats.forget, view.chat.key)
        if view.place is not None:  # the reader's own votes are of another chat
            return Message(view.say("stop.done_there"))
        if incoming.chat_kind == "private":
            person = await self.person(incoming.user)
            await self.offload(self.store.votes.forget, person)
            await self.offload(self.store.chats.forget_knock, person)
        return Message(view.say("stop.done"))

    # --- digests ---------------------------------------------------------------------------------------------------
    async def _digest_now(self, view: View) -> Message | None:
        """Queue what matched since the last digest; the outbox delivers it, so that it can't be lost."""
        assert view.chat is not None, "no subscription without a chat"
        chat, now = view.chat, self.clock()
        digests = self.store.digests
        levels = {name: watchlist.level for name, watchlist in view.watchlists.items()}
        window = await self.offload(digests.window, chat.key, ON_REQUEST, levels, view.thread)
        if not window.items:
            return menus.nothing(view, window)
        slot = f"now{base36(int(now.timestamp()))}"
        made = compose.digest(window, chat, view.watchlists, now, ON_REQUEST, slot, thread=view.thread)
        close = digests.close
        await self.offload(
            close, chat.key, ON_REQUEST, slot, window.cursor, made.deliveries, now, thread=view.thread, kept=made.kept
        )
        return None

    async def _digest(self, change: DigestChange, view: View) -> Shown:
        return await (self._digest_now(view) if isinstance(change, DigestNow) else self._of_digest(change, view))

    async def _of_digest(self, change: ShowRest | ShowDigest | DigestKeys, view: View) -> Shown:
        kept = await self._kept(view, change.name)
        if kept is None:
            return Message(view.say("digest.forgotten"))
        lines = await self._lines(kept, view)
        match change:
            case ShowRest(name, page):
                return menus.rest(view, name, kept.head, lines, page)
            case ShowDigest(name):
                buttons = keys.digest(view.language, name, lines)
                lists, language = view.watchlists, view.language
                return render.digest(kept.head, lines, lists, language, view.timezone, kept.foot, buttons)[-1]
            case DigestKeys(name, opinion):
                if opinion is None:
                    return Keys(keys.digest(view.language, name, lines))
                return Keys(keys.numbers(view.language, name, opinion, _shown(kept)))
            case _:
                assert_never(change)

    async def _kept(self, view: View, name: str) -> Contents | None:
        if view.chat is None:
            return None
        return await self.offload(self.store.digests.kept, view.chat.key, name, view.thread)

    async def _lines(self, kept: Contents, view: View) -> tuple[DigestLine, ...]:
        place = (view.chat.key, view.thread) if view.chat else None
        items = await self.offload(self.store.digests.items, [article for article, _, _ in kept.lines], place)
        return compose.recall(kept, items, [held.watchlist for held in view.subscriptions])

    # --- votes -----------------------------------------------------------------------------------------------------
    async def _vote(self, change: VoteChange, incoming: Incoming, view: View) -> Shown:
        votes, voter = self.store.votes, await self.person(incoming.user)
        match change:
            case VoteNumber(name, opinion, number):
                return await self._vote_number(name, opinion, number, voter, view)
            case Vote(article, opinion):
                await self.offload(votes.cast, ArticleId(article), voter, opinion == "u", self.clock())
                return Keys(
                    keys.flash(view.language, article) if opinion == "u" else keys.reasons(view.language, article)
                )
            case VoteReason(article, reason):
                await self.offload(votes.explain, ArticleId(article), voter, reason)
                return Keys(keys.flash(view.language, article))
            case AlertKeys(article):
                return Keys(keys.flash(view.language, article))
            case _:
                assert_never(change)

    async def _vote_number(self, name: str, opinion: keys.Thumb, number: int, voter: str, view: View) -> Shown:
        kept = await self._kept(view, name)
        if kept is None:
            return Message(view.say("digest.forgotten"))
        if 0 < number <= _shown(kept):
            useful = opinion == "u"
            await self.offload(self.store.votes.cast, kept.lines[number - 1][0], voter, useful, self.clock())
        return Keys(keys.digest(view.language, name, await self._lines(kept, view)))

    async def person(self, user: int) -> str:
        """Who votes or asks, so that nobody reads a person out of it: a hash under a key of this installation."""
        key = await self.offload(self.store.key_values.make, VOTERS, lambda: secrets.token_hex(32))
        return hmac.new(bytes.fromhex(key), str(user).encode(), hashlib.sha256).hexdigest()[:32]


def _shown(kept: Contents) -> int:
    """How many stories of a digest have a number in the message."""
    return sum(part in NUMBERED for _, _, part in kept.lines)
