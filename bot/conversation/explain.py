"""« Pourquoi ? » and « je ne l'ai pas reçu » are answered here, out of the store alone: nothing is fetched."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation import explain_article, registry, triage
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Question, Request, Shown, View
from bot.conversation.named import article_named, is_number
from bot.conversation.registry import button, command, link, wish
from bot.fate import Fate, judge
from bot.messages import markup
from bot.messages.callback_data import base36, token
from bot.messages.texts import Language
from bot.model import Button, Message
from bot.trials.own_terms import matching
from bot.web import urls
from matchers.model import Watchlist
from storage.ids import ArticleId
from storage.stories.model import Announced, ArticleTrace

OFFERED = 3  # watchlists offered to an operator as the one that should have kept a missed article
LONGEST_ADDRESS = 2_000  # bytes: an index takes 2,700
SEVERAL = 8  # addresses of one message that are answered
ADDRESS = re.compile(r"https?://[^\s<>]+|(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,24}/[^\s<>]*", re.IGNORECASE)
_AFTER = ".,;:!?…»”’\"'"  # what a sentence puts behind an address


# --- why -----------------------------------------------------------------------------------------------------------
@command("pourquoi", "why", rank=70, offered=("private", "groups"), everyday=4)
async def explain(request: Request, context: Context) -> Shown:
    """What became of the article at an address, of a number, or that the message answered announced."""
    answered, view = request.incoming.reply_to, request.view
    if request.argument:
        several = addresses(request.argument)
        if len(several) > 1:
            return await _explain_several(several, request, context)
        if not several and is_number(request.argument):
            numbered = await article_named(request.argument, context)
            return await _explain(await _of(numbered or 0, view, context), request, context)
        return await _explain_address(address(request.argument), request, context)
    if answered is None:
        return Question("pourquoi", view.say("fate.ask"))
    behind = context.store.traces.behind_message
    found = await context.offload(behind, view.chat.key, answered) if view.chat else None
    return await _explain_announced(found, request, context)


@wish("why")
async def explain_last(request: Request, context: Context) -> Shown:
    """« C’est quoi ce flash ? »: what is answered, or else the last that came."""
    view = request.view
    if request.incoming.reply_to is not None or view.chat is None:
        return await explain(replace(request, argument=""), context)
    last = await context.offload(context.store.traces.last_told, view.chat.key, view.thread)
    return await _explain_announced(last, request, context) if last else Question("pourquoi", view.say("fate.ask"))


def address(said: str) -> str:
    """The first address in what was said, whether or not it begins with https://; "" without one."""
    return next(iter(addresses(said)), "")


def addresses(said: str) -> tuple[str, ...]:
    """Every address in what was said, each once, in order."""
    return tuple(dict.fromkeys(_bare(found) for found in ADDRESS.findall(said)))


def _bare(found: str) -> str:
    bare = found.rstrip(_AFTER)
    bare = bare.rstrip(")" + _AFTER) if bare.count(")") > bare.count("(") else bare
    whole = bare if "://" in bare else f"https://{bare}"
    return whole.encode("utf-8", "replace")[:LONGEST_ADDRESS].decode("utf-8", "ignore")


async def _explain_address(url: str, request: Request, context: Context) -> Message:
    if not url:
        return Message(request.say("fate.no_address"))
    return await _told(await _at(url, request.view, context), request, context, url)


async def _explain_several(urls: Sequence[str], request: Request, context: Context) -> Message:
    """The verdict on each, and a button for the rest of it."""
    view, lines, rows = request.view, list[str](), list[tuple[Button, ...]]()
    for place, url in enumerate(urls[:SEVERAL], start=1):
        facts = await _at(url, view, context)
        lines.append(f"{place}. {explain_article.verdict(view, await _judged(facts, context), url)}")
        if facts.article is not None:
            rows.append((view.key(f"{place} · {view.say('button.why')}", "y", base36(facts.article.id)),))
        else:
            missed = view.key(f"{place} · {view.say('button.missed')}", "mu", context.searches.remember(url))
            rows.append((missed,))
    if (left := len(urls) - SEVERAL) > 0:
        lines.append(view.say("fate.more_addresses", n=left))
    return Message("\n\n".join(lines), tuple(rows))


@link("p_", sealed=True)
async def explain_link(request: Request, context: Context) -> Message:
    """What a link from a group or a channel names. It may have been passed on: what a chat was sent is for those who
    read it."""
    told = context.links.told(request.argument)
    seen = told if told and await _may_see(told, request, context) else None
    return await _explain_announced(seen, request, context)


async def _may_see(told: Announced, request: Request, context: Context) -> bool:
    view, user = request.view, request.incoming.user
    if view.chat is not None and view.chat.key == told.chat:
        return True
    chat = await context.offload(context.store.chats.get, told.chat)
    if chat is None or user is None or chat.kind not in ("group", "supergroup", "channel"):
        return False
    return await context.messenger.is_member(chat.telegram_id, user)


async def _lead(request: Request, context: Context, _: int) -> str:
    """From a group, the answer opens in private."""
    chat, message = request.view.chat, request.incoming.message
    if request.private or chat is None:
        return ""
    told = await context.offload(context.store.traces.behind_message, chat.key, message or 0)
    return context.links.why(told) if told else ""


@button("y", reads=registry.number, leads=_lead)
async def explain_number(request: Request, context: Context, article: int) -> Beneath:
    return Beneath(await _explain(await _of(article, request.view, context), request, context))


async def _explain_announced(told: Announced | None, request: Request, context: Context) -> Message:
    """For a message that is not known and for one that may not be seen, the same words."""
    if told is None:
        return Message(request.say("fate.unknown"))
    of_article = context.store.traces.of_article
    return await _explain(await context.offload(of_article, told.article, told.chat, told.thread), request, context)


async def _explain(facts: ArticleTrace, request: Request, context: Context) -> Message:
    if not facts.article:
        return Message(request.say("fate.unknown"))
    return await _told(facts, request, context)


async def _told(facts: ArticleTrace, request: Request, context: Context, url: str = "") -> Message:
    """How its story stands in the triage is the team's."""
    facts = facts if triage.may_judge(request, context) else replace(facts, stands=None)
    view = request.view
    fate, stored, terms = await _judged(facts, context), facts.article, [each.term for each in view.terms]
    held = await asyncio.to_thread(matching, terms, [stored]) if stored and terms else {}
    own = held.get(stored.id, frozenset()) if stored else frozenset()
    message = explain_article.told(view, fate, url, sorted(own))
    if stored is not None or not url:
        return message
    missed = view.key(view.say("button.missed"), "mu", context.searches.remember(url))
    return replace(message, buttons=((missed,),))


async def _at(url: str, view: View, context: Context) -> ArticleTrace:
    of_address = context.store.traces.of_address
    key = view.chat.key if view.chat else None
    return await context.offload(of_address, urls.url_keys(url), urls.host(url), key, view.thread)


async def _of(article: int, view: View, context: Context) -> ArticleTrace:
    key = view.chat.key if view.chat else None
    return await context.offload(context.store.traces.of_article, ArticleId(article), key, view.thread)


async def _judged(facts: ArticleTrace, context: Context) -> Fate:
    return await context.offload(judge, facts, context.rules.engine)


# --- misses --------------------------------------------------------------------------------------------------------
@command("manque", "missed", rank=80, offered=("private",))
async def report_miss(request: Request, context: Context) -> Shown:
    """An article that should have come, by its address."""
    view = request.view
    if not request.argument:
        return Question("manque", view.say("fate.ask_missed"))
    urls = addresses(request.argument)
    if len(urls) > 1:
        return await _explain_several(urls, request, context)
    url = next(iter(urls), "")
    if not url:
        return Message(view.say("fate.no_address"))
    return await _note_miss(await _at(url, view, context), url, view, context)


@button("m", reads=registry.number)
async def report_missed_number(request: Request, context: Context, article: int) -> Message:
    facts = await _of(article, request.view, context)
    return await _note_miss(facts, facts.article.url if facts.article else "", request.view, context)


@button("mu", reads=registry.target)
async def report_missed_address(request: Request, context: Context, token: str) -> Message:
    """An address that we have nothing of, remembered for a while."""
    url, view = context.searches.query(token), request.view
    if url is None:
        return Message(request.say("search.forgotten"))
    return await _note_miss(await _at(url, view, context), url, view, context)


async def _note_miss(facts: ArticleTrace, url: str, view: View, context: Context) -> Message:
    if view.chat is None:
        return Message(view.say("digest.follow_first"))
    if not url:
        return Message(view.say("fate.unknown"))
    fate, article = await _judged(facts, context), facts.article.id if facts.article else None
    record = context.store.missed.record
    number = await context.offload(record, view.chat.key, url, article, fate.kind, context.clock())
    if number is None:
        return Message(view.say("miss.enough"))
    if number:
        await _tell_operators(number, url, fate, context)
    said = view.say("miss.noted" if number else "miss.known")
    return Message(f"{said}\n\n{explain_article.told(view, fate, url).html}")


async def _tell_operators(number: int, url: str, fate: Fate, context: Context) -> None:
    """The operators learn of a miss, and may say which watchlist should have kept it."""

    def said(language: Language) -> Message:
        view = View(language, context.rules.engine.watchlists)
        nearest = [fate.nearest.watchlist.id] if fate.nearest else []
        names = list(dict.fromkeys((*nearest, *view.watchlists)))[:OFFERED]
        what = markup.link(markup.cut(url, 80), url)
        told = view.say("miss.told", what=what, fate=view.say(f"fate.short_{fate.kind}"))
        return Message(told, tuple(_offer(view, name, number) for name in names))

    await context.operators.tell(f"jm{number}", said)


def _offer(view: View, name: str, number: int) -> tuple[Button, ...]:
    label = view.say("button.confirm_miss", name=view.watchlists[name].name)
    return (view.key(markup.cut(label, 30), "j", token(name), str(number)),)


@button("j", reads=registry.watchlist_and_number, right="operators")
async def confirm_miss(request: Request, context: Context, confirmed: tuple[Watchlist, int]) -> Message:
    """An operator says which watchlist should have kept a missed article."""
    (watchlist, miss), view = confirmed, request.view
    known = await context.offload(context.store.missed.confirm, miss, watchlist.id)
    return Message(view.say("miss.confirmed" if known else "miss.gone", name=markup.escape(view.name(watchlist.id))))
