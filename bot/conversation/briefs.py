"""The brief: the stories of a span are kept, dropped, raised and commented by who knows, and handed over as a file."""

import asyncio
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot import days
from bot.briefs.forms import FORMS, BriefForm, written
from bot.briefs.text import COMMENT, BriefMaterial
from bot.conversation import briefs_view, changes_view, registry
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Question, Request, Shown
from bot.conversation.registry import button, command
from bot.conversation.scene import arrived
from bot.conversation.scoped import scope_of, scoped
from bot.delivery.chat import Sent
from bot.messages import markup
from bot.model import Message
from bot.search import plain
from storage.changes.model import BriefChoice, Scope, Span
from storage.chats.model import Chat
from storage.ids import ArticleId, StoryId

WEEK, DAY = "7 j", "24 heures"
_SPANS = {"": WEEK, "hebdo": WEEK, "weekly": WEEK, "semaine": WEEK, "jour": DAY, "daily": DAY, "quotidien": DAY}
_RECIPIENTS = re.compile(r"(?:(?:pour|for)\s*+)?(\d{1,6})\s*+(?:destinataires?|recipients?)", re.IGNORECASE)
_SAID = re.compile(r"com ([a-z2-7]{8}) (\d{1,15}) (.+)", re.DOTALL)
_SIGNED = re.compile(r"sig ([a-z2-7]{8}) (\d{1,15}) ([a-z2-7]{8}) (.+)", re.DOTALL)
_DASH = re.compile("—|--")  # and the blanks around it, which nobody looks for: that takes the square of their number
_NAME = re.compile(r"(?!.*(?:[!?…]|\w\w\.)$)\S+(?: \S+){0,3}")  # « Claire D. » is one, « c’est fait. » none
_CHOICES: dict[str, BriefChoice] = {"bk": "kept", "bd": "dropped", "br": "raised"}
_NOTHING = ("-", "–", "—")  # takes a comment back


@dataclass(frozen=True, slots=True)
class BriefAsked:
    """A brief that is being made: its span was fixed as it was asked for, so that nothing joins it unseen."""

    span: Span
    scope: Scope
    recipients: int | None = None


# --- asked for -----------------------------------------------------------------------------------------------------
@command("brief", rank=67, offered=("private", "groups"))
async def make_brief(request: Request, context: Context) -> Shown:
    """The stories of a week, or of any span; also what an answer to our questions stands for."""
    if found := _SAID.fullmatch(request.argument):
        return await _comment(found[1], int(found[2]), found[3], request, context)
    if found := _SIGNED.fullmatch(request.argument):
        return await _sign(found, request, context)
    asked = await _asked(request.argument, request, context)
    return asked if isinstance(asked, Message) else await _page(asked, 0, request, context)


async def _asked(argument: str, request: Request, context: Context) -> BriefAsked | Message:
    view = request.view
    recipients = _RECIPIENTS.search(argument)
    asked = scoped(_RECIPIENTS.sub("", argument).strip(), view)
    words = _SPANS.get(plain(asked.span), asked.span)
    span = days.span_of(words, context.clock(), view.timezone)
    if not isinstance(span, Span):
        return changes_view.refused(view, span)
    scope = await scope_of(asked, view, context)
    if scope is None:
        return Message(view.say("affair.unknown"))
    return BriefAsked(span, scope, int(recipients[1]) if recipients else None)


# --- pressed -------------------------------------------------------------------------------------------------------
@button("bp", reads=registry.target)
async def turn_brief_page(request: Request, context: Context, token: str) -> Shown:
    asked = _recalled(token, context)
    return await _page(asked, request.press.page, request, context) if asked else _forgotten(request)


def _line(request: Request) -> tuple[str, ArticleId] | None:
    press = request.press
    return (press.target, ArticleId(int(press.value))) if press.target and press.value.isdecimal() else None


def _chosen(request: Request, _: tuple[str, ArticleId]) -> str:
    return f"✓ {request.say(f'button.brief_{_CHOICES[request.press.verb]}')}"


@button("bk", "bd", "br", reads=_line, right="administrators", notice=_chosen)
async def choose(request: Request, context: Context, line: tuple[str, ArticleId]) -> Shown:
    """Keep, drop or raise a story."""
    token, article = line
    asked = _recalled(token, context)
    if asked is None:
        return _forgotten(request)
    request, chat = await _here(request, context)
    put = context.store.briefs.choose
    await context.offload(put, chat.key, article, _CHOICES[request.press.verb], context.clock())
    return await _page(asked, request.press.page, request, context)


@button("bc", reads=_line, right="administrators")
async def ask_comment(request: Request, context: Context, line: tuple[str, ArticleId]) -> Question | Message:
    """The answer is the comment."""
    token, article = line
    if _recalled(token, context) is None:
        return _forgotten(request)
    return Question(f"brief com {token} {article}", request.say("brief.ask_comment"))


def _form(request: Request) -> tuple[str, BriefForm] | None:
    named = next((form for form in FORMS if form == request.press.value), None)
    return (request.press.target, named) if request.press.target and named else None


@button("bf", reads=_form)
async def send_brief(request: Request, context: Context, wanted: tuple[str, BriefForm]) -> Beneath | None:
    """The brief as a file."""
    token, form = wanted
    asked = _recalled(token, context)
    if asked is None:
        return Beneath(_forgotten(request))
    material = await _material(asked, request, context)
    made = await asyncio.to_thread(written, form, material, request.view.watchlists, asked.recipients)
    name, caption = (
        f"brief-{request.view.day(days.end_told(asked.span.end, request.view.timezone))}.{form}",
        request.say(f"brief.caption_{form}"),
    )
    incoming = request.incoming
    sent = await context.messenger.file(incoming.chat, name, made, caption, thread=incoming.thread)
    return None if isinstance(sent, Sent) else Beneath(Message(request.say("export.failed")))


# --- commented -----------------------------------------------------------------------------------------------------
async def _comment(token: str, article: int, said: str, request: Request, context: Context) -> Shown:
    """What ends with « — a name » is signed by it; in private, the last name stands where none is given."""
    if not request.may_change:
        return Message(request.say("rights.admins"))
    said = markup.clean(said)
    if said in _NOTHING:
        return await _put(token, article, ("", ""), request, context)
    if words := split_signature(said):
        return await _put(token, article, words, request, context)
    chat = request.view.chat
    known = await context.offload(context.store.briefs.signature, chat.key) if chat and request.private else ""
    if known:
        return await _put(token, article, (said, known), request, context)
    kept = context.searches.remember(markup.bounded(said, COMMENT))
    return Question(f"brief sig {token} {article} {kept}", request.say("brief.ask_signature"))


def split_signature(said: str) -> tuple[str, str] | None:
    """A comment and the name behind its last dash; None where no name stands there. Two dashes are around an aside, and
    what ends as a sentence does is one. Pure."""
    *others, name = _pieces(said)
    if len(others) % 2 == 0 or not others[0] or not _NAME.fullmatch(name):
        return None
    return _without(said, name), name


def _without(said: str, name: str) -> str:
    """The comment without the name that signs it, where that ends it as well."""
    *others, last = _pieces(said)
    if not others or last.casefold() != name.casefold():
        return said
    return said.rstrip()[: -len(last) or None].rstrip(" —-")


def _pieces(said: str) -> list[str]:
    return [each.strip() for each in _DASH.split(said)]


async def _sign(found: re.Match[str], request: Request, context: Context) -> Shown:
    said = context.searches.query(found[3])
    if said is None:
        return _forgotten(request)
    if not request.may_change:
        return Message(request.say("rights.admins"))
    return await _put(found[1], int(found[2]), (said, markup.clean(found[4])), request, context)


async def _put(token: str, article: int, words: tuple[str, str], request: Request, context: Context) -> Message:
    said, signed = markup.bounded(_without(*words), COMMENT), markup.bounded(words[1], briefs_view.SIGNATURE)
    request, chat = await _here(request, context)
    put = context.store.briefs.comment
    await context.offload(put, chat.key, ArticleId(article), said, signed, context.clock())
    asked = _recalled(token, context)
    if asked is None:
        return Message(request.say("brief.noted"))
    return await _page(asked, 0, request, context, ArticleId(article))


# --- shown ---------------------------------------------------------------------------------------------------------
async def _page(
    asked: BriefAsked, page: int, request: Request, context: Context, beside: ArticleId | None = None
) -> Message:
    """A page of the stories; that of one of them where it was just commented."""
    material = await _material(asked, request, context)
    token = context.searches.remember(_written(asked))
    return briefs_view.shown(request.view, material, token, page, beside)


async def _material(asked: BriefAsked, request: Request, context: Context) -> BriefMaterial:
    view, briefs = request.view, context.store.briefs
    stories = await context.offload(briefs.stories, asked.span, asked.scope)
    articles = [story.article.id for story in stories]
    notes = await context.offload(briefs.choices, view.chat.key, articles) if view.chat else {}
    head = await context.offload(context.store.register.head)
    return BriefMaterial(asked.span, stories, notes, head, view.language, view.timezone)


async def _here(request: Request, context: Context) -> tuple[Request, Chat]:
    """The chat that chooses, known from now on."""
    chat = await arrived(request, context)
    return replace(request, view=replace(request.view, chat=chat)), chat


def _forgotten(request: Request) -> Message:
    return Message(request.say("brief.forgotten"))


# --- remembered ----------------------------------------------------------------------------------------------------
def _written(asked: BriefAsked) -> str:
    lists = None if asked.scope.lists is None else sorted(asked.scope.lists)
    span = asked.span.start.isoformat(), asked.span.end.isoformat()
    return json.dumps(["brief", *span, lists, asked.scope.dossier, asked.recipients])


def _recalled(token: str, context: Context) -> BriefAsked | None:
    """The brief of a token; None where it is forgotten, or the token stands for something else."""
    try:
        kind, start, end, lists, dossier, recipients = json.loads(context.searches.query(token) or "")
    except ValueError:
        return None
    if kind != "brief":
        return None
    span = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    scope = Scope(None if lists is None else frozenset(lists), None if dossier is None else StoryId(dossier))
    return BriefAsked(span, scope, recipients)
