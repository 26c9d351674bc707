"""The dossiers: shown as a list or as a timeline, and corrected by those who read them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bot.conversation import menus, registry, triage
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Keys, Noticed, Question, Request, Shown, View
from bot.conversation.named import article_announced, article_named
from bot.conversation.registry import button, command, link
from bot.digest import living, render
from bot.messages import deep_links, markup, texts
from bot.messages.callback_data import base36
from bot.model import Keyboard, Message
from storage.articles.model import Sorted
from storage.ids import ArticleId
from storage.stories.model import Chapter, Dossier, Override, OverrideKind, StorySource
from storage.stories.newsroom import Retell

LISTED = 8
FULL = 3_400  # code points of a timeline
UNDO = timedelta(minutes=10)


@command("dossier", "dossier", "affair", rank=60, offered=("private", "groups"))
async def show_dossier(request: Request, context: Context) -> Message:
    """The one of an article, by its number or address; without one that is known, those that are open."""
    view, which, dossiers = request.view, request.argument, context.store.dossiers
    if state := triage.state_named(which):
        return await triage.listed(state, 0, request, context)
    if found := await article_named(which, context) if which else None:
        return await _shown(found, request, context)
    affairs = await context.offload(dossiers.open, context.clock(), LISTED)
    shown = listed(view, affairs, await triage.filters(request, context))
    return replace(shown, html=f"{view.say('affair.unknown_one')}\n\n{shown.html}") if which else shown


@button("da", reads=registry.number)
async def open_dossier(request: Request, context: Context, number: int) -> Beneath:
    """One of the list, which stays above it."""
    return Beneath(await _shown(ArticleId(number), request, context))


async def _shown(article: ArticleId, request: Request, context: Context) -> Message:
    chapters = await context.offload(context.store.dossiers.timeline, article)
    if not chapters:
        return Message(request.say("affair.unknown"))
    firsts = [ArticleId(each.number) for each in chapters]
    team = triage.may_judge(request, context)
    stands = await context.offload(context.store.triage.of, firsts) if team else {}
    return timeline(request.view, chapters, stands)


# --- corrected -----------------------------------------------------------------------------------------------------
@command("separer", "split", rank=180, offered=("operators",))
async def split(request: Request, context: Context) -> Shown:
    """Put an article out of its story: the one that is named, or that the message answered announced."""
    answered = request.incoming.reply_to
    if request.argument:
        article = await article_named(request.argument, context)
    elif answered is not None:
        article = await article_announced(answered, request.view, context)
    else:
        return Question("separer", request.say("affair.ask_split"))
    if article is None:
        return Message(request.say("affair.unknown"))
    return await (_split(article, request, context) if request.operator else _suggest_split(article, request, context))


async def _split(article: ArticleId, request: Request, context: Context) -> Message:
    speaker, dossiers = request.incoming.speaker, context.store.dossiers
    order = await context.offload(dossiers.split, article, speaker, _retell(context), context.clock())
    if order is not None:
        return _done(request.view, order, "affair.split", "affair.alone")
    order = await context.offload(dossiers.other_event, article, speaker, _retell(context), context.clock())
    return _done(request.view, order, "affair.apart", "affair.alone")


async def _suggest_split(article: ArticleId, request: Request, context: Context) -> Message:
    dossiers = context.store.dossiers
    if not await context.offload(dossiers.timeline, article):
        return Message(request.say("affair.unknown"))
    await context.offload(dossiers.suggest, "never", article, article, request.incoming.speaker, context.clock())
    return Message(request.say("affair.suggested"))


@command("fusionner", "merge", rank=190, offered=("operators",))
async def merge(request: Request, context: Context) -> Shown:
    """Make one story of those of two articles; a reader who may not decide leaves a suggestion."""
    words = request.argument.split()
    if len(words) != 2:
        return Question("fusionner", request.say("affair.ask_merge"))
    one, two = [await article_named(word, context) for word in words]
    if one is None or two is None:
        return Message(request.say("affair.unknown"))
    speaker, dossiers, now = request.incoming.speaker, context.store.dossiers, context.clock()
    if not request.operator:
        await context.offload(dossiers.suggest, "must", one, two, speaker, now)
        return Message(request.say("affair.suggested"))
    order = await context.offload(dossiers.merge, one, two, speaker, _retell(context), now)
    return _done(request.view, order, "affair.merged", "affair.same")


@button("uo", reads=registry.number, right="operators")
async def undo(request: Request, context: Context, order: int) -> Message:
    """Move back what an order moved."""
    take_back = context.store.dossiers.undo
    done = await context.offload(take_back, order, UNDO, _retell(context), context.clock())
    return Message(request.say("affair.undone" if done else "affair.nothing_to_undo"))


# --- in doubt ------------------------------------------------------------------------------------------------------
@button("ms", reads=registry.number, notice=registry.once_done)
async def say_same_event(request: Request, context: Context, article: int) -> Noticed:
    """A doubtful story is the one above it."""
    return await _settle_pressed(article, "must", request, context)


@button("mo", reads=registry.number, notice=registry.once_done)
async def say_other_event(request: Request, context: Context, article: int) -> Noticed:
    """A doubtful story is one of its own."""
    return await _settle_pressed(article, "never", request, context)


async def _settle_pressed(article: int, kind: OverrideKind, request: Request, context: Context) -> Noticed:
    """The alert is one as any other from now on; what an operator decided stands below it, to be taken back. In a
    group, where one may decide whom another's suggestion must not forestall, it asks on."""
    settled = Keys(triage.under_alert(request, context, article))
    match await _settle(ArticleId(article), kind, request, context):
        case None:
            return Noticed(request.say("affair.settled"), settled)
        case "suggested":
            return Noticed(request.say("affair.suggested"), settled if request.private else None)
        case order:
            return Noticed(request.say("affair.noted"), replace(settled, beneath=_settled(request.view, order)))


@link(deep_links.SAME)
async def follow_same_event(request: Request, context: Context) -> Message:
    """The same, by a link of a channel, where buttons are everybody's."""
    return await _settle_announced("must", request, context)


@link(deep_links.OTHER)
async def follow_other_event(request: Request, context: Context) -> Message:
    return await _settle_announced("never", request, context)


async def _settle_announced(kind: OverrideKind, request: Request, context: Context) -> Message:
    told = context.links.told(request.argument)
    match await _settle(told.article, kind, request, context) if told else None:
        case "suggested":
            return Message(request.say("affair.suggested"))
        case order:
            return _settled(request.view, order)


async def _settle(
    article: ArticleId, kind: OverrideKind, request: Request, context: Context
) -> Override | Literal["suggested"] | None:
    """Do it where the person may, else note it for those who may; None where nothing was in doubt."""
    dossiers, speaker, now = context.store.dossiers, request.incoming.speaker, context.clock()
    if request.operator:
        settle = dossiers.same_event if kind == "must" else dossiers.other_event
        return await context.offload(settle, article, speaker, _retell(context), now)
    near = await context.offload(dossiers.doubt, article)
    if near is None:
        return None
    await context.offload(dossiers.suggest, kind, near if kind == "must" else article, article, speaker, now)
    return "suggested"


def _settled(view: View, order: Override | None) -> Message:
    """What was decided; that nothing was left to decide where there is no order."""
    is_same = order is not None and order.kind == "must"
    return _done(view, order, "affair.merged" if is_same else "affair.apart", "affair.settled")


def _retell(context: Context) -> Retell:
    return living.teller(context.rules.watchlists, context.links, context.team)


def _done(view: View, order: Override | None, said: str, otherwise: str) -> Message:
    if order is None:
        return Message(view.say(otherwise))
    return Message(view.say(said), ((view.key(view.say("button.undo"), "uo", base36(order.number)),),))


# --- shown ---------------------------------------------------------------------------------------------------------
def listed(view: View, affairs: tuple[Dossier, ...], filters: Keyboard = ()) -> Message:
    """The open affairs, the newest first, each a button that opens it; `filters` lead to the stories of the triage."""
    if not affairs:
        return Message(view.say("affair.none"), filters)
    lines = [markup.bold(view.say("affair.title"))]
    for each in affairs:
        size = f"{view.say('affair.stories', n=each.stories)}, {view.say('affair.articles', n=each.articles)}"
        title = markup.escape(markup.cut(each.title, render.TITLE))
        lines.append(f"• {title} — {size}, {_when(view, each.last)}")
    rows = tuple((view.key(markup.cut(each.title, menus.BUTTON), "da", base36(each.number)),) for each in affairs)
    return Message("\n".join(lines), (*rows, *filters))


def timeline(view: View, chapters: tuple[Chapter, ...], stands: Mapping[ArticleId, Sorted]) -> Message:
    """An affair from its beginning; the newest stories where there are too many for one message. `stands`: how each of
    them does, by its first article."""
    blocks = [_chapter(view, each, stands.get(ArticleId(each.number))) for each in chapters if each.sources]
    kept: list[str] = []
    for block in reversed(blocks):
        if kept and sum(len(markup.visible(each)) for each in (*kept, block)) > FULL:
            kept.append(view.say("affair.earlier", n=len(blocks) - len(kept)))
            break
        kept.append(block)
    head = markup.bold(view.say("affair.one", number=chapters[0].number))
    return Message("\n\n".join((head, *reversed(kept))))


def _chapter(view: View, chapter: Chapter, stands: Sorted | None) -> str:
    first = min(chapter.sources, key=lambda source: (source.copy, source.article.id))
    sources = ", ".join(_source(view, each) for each in chapter.sources[: living.NAMED])
    if (more := len(chapter.sources) - living.NAMED) > 0:
        sources += f", {view.say('story.more', n=more)}"
    head = f"{_when(view, chapter.opened)} · {render.title(first.article, view.language)}"
    if chapter.beside is not None:
        head = f"{head} ({view.say('affair.unsure', number=chapter.beside)})"
    return "\n".join((head, sources, *([triage.line(view, stands)] if stands else ())))


def _source(view: View, source: StorySource) -> str:
    name = markup.link(markup.cut(source.article.source_name, render.SOURCE), source.article.url)
    return f"{view.say('affair.number', number=source.article.id)} {name}"


def _when(view: View, moment: datetime) -> str:
    return texts.moment(view.language, moment, view.timezone)
