"""The affairs: shown as a list or as a timeline, and corrected by those who read them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.conversation.model import AffairChange, Merge, ShowDossier, Split, Undo, View
from bot.digest import living, render
from bot.messages import markup, texts
from bot.messages.callback_data import base36
from bot.messages.deep_links import Links
from bot.model import Message
from bot.store_thread import Offload
from bot.web import urls
from storage import Store
from storage.ids import ArticleId
from storage.stories.model import Chapter, Dossier, Override, StorySource

LISTED = 8
FULL = 3_400  # code points of a timeline
UNDO = timedelta(minutes=10)
_NUMBER = re.compile(r"(?:n[°º]?\s*)?(\d{1,15})\Z", re.IGNORECASE)


@dataclass(slots=True)
class DossierCommands:
    store: Store
    offload: Offload
    clock: Clock
    links: Links

    async def do(self, change: AffairChange, view: View, user: int) -> Message:
        """Show what is asked for, or move articles; a reader who may not decide leaves a suggestion."""
        match change:
            case ShowDossier():
                return await self._show(change.which, view)
            case Split():
                return await self._split(change, view, user)
            case Merge():
                return await self._merge(change, view, user)
            case Undo():
                undo = self.store.dossiers.undo
                done = await self.offload(undo, change.order, UNDO, self._retell(view), self.clock())
                return Message(view.say("affair.undone" if done else "affair.nothing_to_undo"))

    async def _show(self, which: str, view: View) -> Message:
        if not which:
            return listed(view, await self.offload(self.store.dossiers.open, self.clock(), LISTED))
        found = await self._article(which)
        chapters = await self.offload(self.store.dossiers.timeline, found) if found else ()
        return timeline(view, chapters) if chapters else Message(view.say("affair.unknown"))

    async def _split(self, change: Split, view: View, user: int) -> Message:
        if change.message is None:
            article = await self._article(change.article)
        else:
            article = await self._announced(change.message, view)
        if article is None:
            return Message(view.say("affair.unknown"))
        if not change.decides:
            story = await self.offload(self.store.dossiers.timeline, article)
            if not story:
                return Message(view.say("affair.unknown"))
            await self.offload(self.store.dossiers.suggest, "never", article, article, user, self.clock())
            return Message(view.say("affair.suggested"))
        order = await self.offload(self.store.dossiers.split, article, user, self._retell(view), self.clock())
        return _done(view, order, "affair.split", "affair.alone")

    async def _merge(self, change: Merge, view: View, user: int) -> Message:
        one, two = await self._article(change.one), await self._article(change.two)
        if one is None or two is None:
            return Message(view.say("affair.unknown"))
        if not change.decides:
            await self.offload(self.store.dossiers.suggest, "must", one, two, user, self.clock())
            return Message(view.say("affair.suggested"))
        order = await self.offload(self.store.dossiers.merge, one, two, user, self._retell(view), self.clock())
        return _done(view, order, "affair.merged", "affair.same")

    async def _article(self, written: str) -> ArticleId | None:
        """The article of this number or address, if we have it."""
        if number := _NUMBER.match(written.strip()):
            found = await self.offload(self.store.articles.get, ArticleId(int(number[1])))
        else:
            found = await self.offload(self.store.articles.by_url, urls.url_keys(written))
        return found.id if found else None

    async def _announced(self, message: int, view: View) -> ArticleId | None:
        """The article that a message of ours in this chat shows."""
        if view.chat is None:
            return None
        found = await self.offload(self.store.traces.behind_message, view.chat.key, message)
        return await self.offload(self.store.traces.shown, found) if found else None

    def _retell(self, view: View) -> Any:
        return living.teller(view.watchlists, self.links)


def _done(view: View, order: Override | None, said: str, otherwise: str) -> Message:
    if order is None:
        return Message(view.say(otherwise))
    return Message(view.say(said), ((view.key(view.say("button.undo"), "uo", base36(order.number)),),))


# --- shown ---------------------------------------------------------------------------------------------------------
def listed(view: View, affairs: tuple[Dossier, ...]) -> Message:
    """The open affairs, the newest first, each with the number that opens it."""
    if not affairs:
        return Message(view.say("affair.none"))
    lines = [markup.bold(view.say("affair.title"))]
    for each in affairs:
        size = f"{view.say('affair.stories', n=each.stories)}, {view.say('affair.articles', n=each.articles)}"
        title = markup.escape(markup.cut(each.title, render.TITLE))
        lines.append(f"/dossier {each.number} · {title} — {size}, {_when(view, each.last)}")
    return Message("\n".join(lines))


def timeline(view: View, chapters: tuple[Chapter, ...]) -> Message:
    """An affair from its beginning; the newest stories where there are too many for one message."""
    blocks = [_chapter(view, each) for each in chapters if each.sources]
    kept: list[str] = []
    for block in reversed(blocks):
        if kept and sum(len(markup.visible(each)) for each in (*kept, block)) > FULL:
            kept.append(view.say("affair.earlier", n=len(blocks) - len(kept)))
            break
        kept.append(block)
    head = markup.bold(view.say("affair.one", number=chapters[0].number))
    return Message("\n\n".join((head, *reversed(kept))))


def _chapter(view: View, chapter: Chapter) -> str:
    first = min(chapter.sources, key=lambda source: (source.copy, source.article.id))
    sources = ", ".join(_source(each) for each in chapter.sources[: living.NAMED])
    if (more := len(chapter.sources) - living.NAMED) > 0:
        sources += f", {view.say('story.more', n=more)}"
    head = f"{_when(view, chapter.opened)} · {render.title(first.article, view.language)}"
    return f"{head}\n{sources}"


def _source(source: StorySource) -> str:
    name = markup.link(markup.cut(source.article.source_name, render.SOURCE), source.article.url)
    return f"n° {source.article.id} {name}"


def _when(view: View, moment: datetime) -> str:
    return texts.moment(view.language, moment, view.chat.timezone if view.chat else "Europe/Paris")
