"""« Pourquoi ? » and « je ne l'ai pas reçu » are answered here, out of the store alone: nothing is fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from bot.clock import Clock
from bot.conversation import explain_article
from bot.conversation.model import (
    ConfirmMiss,
    Missed,
    View,
    WhyAddress,
    WhyArticle,
    WhyChange,
    WhyLink,
    WhyMessage,
)
from bot.delivery.chat import Messenger
from bot.fate import Fate, judge
from bot.messages import markup
from bot.messages.callback_data import token
from bot.messages.deep_links import Links
from bot.messages.texts import Language
from bot.model import Button, Message
from bot.operators.tell import Operators
from bot.store_thread import Offload
from bot.web import urls
from matchers.engine import Engine
from storage import Store
from storage.ids import ArticleId
from storage.stories.model import Announced, ArticleTrace

OFFERED = 3  # watchlists offered to an operator as the one that should have kept a missed article


@dataclass(slots=True)
class Inquiries:
    """`engine` gives the rules in force."""

    store: Store
    offload: Offload
    messenger: Messenger
    clock: Clock
    engine: Callable[[], Engine]
    operators: Operators
    links: Links

    async def do(self, change: WhyChange, view: View, user: int) -> Message:
        match change:
            case WhyAddress(url):
                return explain_article.told(view, await self._judged(await self._at(url, view)), url)
            case WhyArticle(article):
                return await self._told(await self._of(article, view), view)
            case WhyMessage(message):
                behind = self.store.traces.behind_message
                found = await self.offload(behind, view.chat.key, message) if view.chat else None
                return await self._of_announced(found, view)
            case WhyLink(payload):
                told = self.links.told(payload)
                return await self._of_announced(told if told and await self._may_see(told, view, user) else None, view)
            case Missed():
                return await self._missed(change, view)
            case ConfirmMiss(miss, watchlist):
                known = await self.offload(self.store.missed.confirm, miss, watchlist.id)
                said = "miss.confirmed" if known else "miss.gone"
                return Message(view.say(said, name=markup.escape(view.name(watchlist.id))))
            case _:
                assert_never(change)

    async def _may_see(self, told: Announced, view: View, user: int) -> bool:
        """A link may have been passed on: what a chat was sent is for those who read it."""
        if view.chat is not None and view.chat.key == told.chat:
            return True
        chat = await self.offload(self.store.chats.get, told.chat)
        shared = chat is not None and chat.kind in ("group", "supergroup", "channel")
        return chat is not None and shared and await self.messenger.is_member(chat.telegram_id, user)

    async def _of_announced(self, told: Announced | None, view: View) -> Message:
        """For a message that is not known and for one that may not be seen, the same words."""
        if told is None:
            return Message(view.say("fate.unknown"))
        of_article = self.store.traces.of_article
        return await self._told(await self.offload(of_article, told.article, told.chat, told.thread), view)

    async def _at(self, url: str, view: View) -> ArticleTrace:
        of_address = self.store.traces.of_address
        key = view.chat.key if view.chat else None
        return await self.offload(of_address, urls.url_keys(url), urls.host(url), key, view.thread)

    async def _of(self, article: int, view: View) -> ArticleTrace:
        key = view.chat.key if view.chat else None
        return await self.offload(self.store.traces.of_article, ArticleId(article), key, view.thread)

    async def _told(self, facts: ArticleTrace, view: View) -> Message:
        return (
            explain_article.told(view, await self._judged(facts))
            if facts.article
            else Message(view.say("fate.unknown"))
        )

    async def _judged(self, facts: ArticleTrace) -> Fate:
        return await self.offload(judge, facts, self.engine())

    # --- misses ----------------------------------------------------------------------------------------------------
    async def _missed(self, change: Missed, view: View) -> Message:
        if view.chat is None:
            return Message(view.say("digest.follow_first"))
        facts = await (self._at(change.url, view) if change.url else self._of(change.article, view))
        url = change.url or (facts.article.url if facts.article else "")
        if not url:
            return Message(view.say("fate.unknown"))
        fate = await self._judged(facts)
        of = facts.article.id if facts.article else None
        number = await self.offload(self.store.missed.record, view.chat.key, url, of, fate.kind, self.clock())
        if number is None:
            return Message(view.say("miss.enough"))
        if number:
            await self._tell(number, url, fate)
        said = view.say("miss.noted" if number else "miss.known")
        return Message(f"{said}\n\n{explain_article.told(view, fate, url).html}")

    async def _tell(self, number: int, url: str, fate: Fate) -> None:
        """The operators learn of a miss, and may say which watchlist should have kept it."""

        def said(language: Language) -> Message:
            view = View(language, self.engine().watchlists)
            nearest = [fate.nearest.watchlist.id] if fate.nearest else []
            names = list(dict.fromkeys((*nearest, *view.watchlists)))[:OFFERED]
            what = markup.link(markup.cut(url, 80), url)
            told = view.say("miss.told", what=what, fate=view.say(f"fate.short_{fate.kind}"))
            return Message(told, tuple(_offer(view, name, number) for name in names))

        await self.operators.tell(f"jm{number}", said)


def _offer(view: View, name: str, number: int) -> tuple[Button, ...]:
    label = view.say("button.confirm_miss", name=view.watchlists[name].name)
    return (view.key(markup.cut(label, 30), "j", token(name), str(number)),)
