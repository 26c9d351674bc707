"""The triage: an alert is judged, given to somebody, noted; and what is still to be judged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from bot.conversation import menus, registry
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Keys, Question, Request, Shown, View
from bot.conversation.named import article_announced, article_named
from bot.conversation.registry import button, command, link
from bot.digest import keys, living, render
from bot.digest.team import judgement
from bot.messages import callback_data, deep_links, markup, texts
from bot.messages.callback_data import base36
from bot.model import Keyboard, Message
from bot.search import plain
from storage.articles.model import Sorted, Sorting, TriageState
from storage.ids import ArticleId

STATES: tuple[TriageState, ...] = get_args(TriageState)
_STATES: Mapping[str, TriageState] = {state: state for state in STATES}
RECENT = timedelta(days=30)  # what is listed had something said of it, or an article, since then
OWNER, NOTE = 60, 300  # code points
_SHOWN = 120  # of a note, in a list
_NOTHING = ("-", "–", "—")  # takes an owner or a note away
_NUMBER = re.compile("[0-9a-z]{1,12}")  # of an article, as a link carries it
_NAMED = re.compile(r"@(\S+)\s*")
_WORDS: Mapping[str, TriageState] = {
    plain(texts.text(language, f"triage.{state}")).strip(): state for language in texts.LANGUAGES for state in STATES
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A story of a list: its number and title, when something was last said of it, or when it last had an article."""

    article: ArticleId
    title: str
    at: datetime
    owner: str = ""
    note: str = ""


# --- who -----------------------------------------------------------------------------------------------------------
def may_judge(request: Request, context: Context) -> bool:
    """Whether who speaks is of the team: see `Team`."""
    chat = request.view.chat
    return request.operator or (chat is not None and context.team.reads_in(chat))


def under_alert(request: Request, context: Context, article: int) -> Keyboard:
    """The buttons of an alert, as it had them when it came."""
    rows = keys.flash(request.view.language, article)
    return keys.with_triage(rows, request.view.language, article) if may_judge(request, context) else rows


# --- said ----------------------------------------------------------------------------------------------------------
@command("tri", "triage", rank=125, offered=("operators",))
async def triage(request: Request, context: Context) -> Shown:
    """Judge the article that is named, or that the message answered announced: a state, @somebody, a note."""
    if not may_judge(request, context):
        return Message(request.say("triage.team"))
    answered, said = request.incoming.reply_to, request.argument
    article = await article_announced(answered, request.view, context) if answered is not None else None
    if article is None and not said:
        return await listed("open", 0, request, context)
    if article is None and (state := state_named(said)) is not None:
        return await listed(state, 0, request, context)
    if article is None:
        name, _, said = said.partition(" ")
        article = await article_named(name, context)
    if article is None:
        return Message(request.say("affair.unknown"))
    return await _judge(article, wish(said), request, context)


def wish(said: str) -> Sorting:
    """What is asked for: « traité @Claire fait lundi ». After « : » all is a note, after « @ » all is a name. Pure."""
    said = markup.clean(said).strip()
    if said.startswith(":"):
        return Sorting(note=_cut(said[1:], NOTE))
    if said.startswith("@ "):
        return Sorting(owner=_cut(said[2:], OWNER))
    state, rest = _state(said)
    named = _NAMED.match(rest)
    rest = rest[named.end() :] if named else rest
    return Sorting(state, _cut(named[1], OWNER) if named else None, _cut(rest, NOTE) if rest else None)


def _state(said: str) -> tuple[TriageState | None, str]:
    """The state that stands first, and what follows it."""
    words = said.split()
    for count in (3, 2, 1):
        if state := _WORDS.get(plain(" ".join(words[:count])).strip(" :,;.")):
            return state, " ".join(words[count:]).removeprefix(": ")
    return None, said


def _cut(said: str, length: int) -> str:
    said = said.strip()
    return "" if said in _NOTHING else markup.bounded(said, length)


async def _judge(article: ArticleId, asked: Sorting, request: Request, context: Context) -> Message:
    held = context.store.triage
    if asked == Sorting():
        stands = (await context.offload(held.of, [article])).get(article)
    else:
        stands = await _noted(article, asked, request, context)
    return await _card(article, stands, request, context)


async def _noted(article: ArticleId, asked: Sorting, request: Request, context: Context) -> Sorted | None:
    """Write it down; the messages that announced it say so."""
    by, now = await context.person(request.incoming.speaker), context.clock()
    retell = living.teller(context.rules.watchlists, context.links, context.team)
    return await context.offload(context.store.triage.note, article, asked, by, now, retell)


async def _card(article: ArticleId, stands: Sorted | None, request: Request, context: Context) -> Message:
    stored = await context.offload(context.store.articles.get, article)
    title = render.title(stored, request.view.language) if stored else ""
    return card(request.view, title, article, stands)


# --- pressed -------------------------------------------------------------------------------------------------------
@button("tr", reads=registry.number)
async def open_triage(request: Request, context: Context, article: int) -> Keys | Beneath:
    """The four states, in place of the buttons of an alert; below any other message, the card."""
    if not may_judge(request, context):
        return Beneath(Message(request.say("triage.team")))
    known = ArticleId(article)
    stands = (await context.offload(context.store.triage.of, [known])).get(known)
    if await _on_alert(request, context):
        return Keys(keys.triage(request.view.language, article, stands.state if stands else "open"))
    return Beneath(await _card(known, stands, request, context))


@link(deep_links.TRIAGE)
async def follow_triage(request: Request, context: Context) -> Message:
    """The card, by a link of a channel, where buttons are everybody's."""
    number = request.argument
    if not may_judge(request, context):
        return Message(request.say("triage.team"))
    article = await article_named(str(callback_data.number(number)) if _NUMBER.fullmatch(number) else "", context)
    if article is None:
        return Message(request.say("affair.unknown"))
    return await _judge(article, Sorting(), request, context)


def _chosen(request: Request) -> tuple[int, TriageState] | None:
    article = registry.number(request)
    state = _STATES.get(request.press.value)
    return None if article is None or state is None else (article, state)


def _said(request: Request, chosen: tuple[int, TriageState]) -> str:
    return request.say(f"button.triage_{chosen[1]}")


@button("ts", reads=_chosen, notice=_said)
async def set_state(request: Request, context: Context, chosen: tuple[int, TriageState]) -> Keys | Beneath | Message:
    """The alert has its buttons again, and soon says how it stands; the card says it at once."""
    article, state = chosen
    if not may_judge(request, context):
        return Beneath(Message(request.say("triage.team")))
    stands = await _noted(ArticleId(article), Sorting(state), request, context)
    if await _on_alert(request, context):
        return Keys(under_alert(request, context, article))
    return await _card(ArticleId(article), stands, request, context)


async def _on_alert(request: Request, context: Context) -> bool:
    """Whether the message that was pressed announced an article."""
    return await article_announced(request.incoming.message or 0, request.view, context) is not None


@button("tw", reads=registry.number)
async def ask_owner(request: Request, context: Context, article: int) -> Question | Beneath:
    """Who takes care of it: the answer is the name."""
    if not may_judge(request, context):
        return Beneath(Message(request.say("triage.team")))
    return Question(f"tri {article} @", request.say("triage.ask_owner"))


@button("tn", reads=registry.number)
async def ask_note(request: Request, context: Context, article: int) -> Question | Beneath:
    """What is to be noted: the answer is the note."""
    if not may_judge(request, context):
        return Beneath(Message(request.say("triage.team")))
    return Question(f"tri {article} :", request.say("triage.ask_note"))


def _listed(request: Request) -> tuple[TriageState, int] | None:
    state = _STATES.get(request.press.target)
    return None if state is None else (state, request.press.page)


def _listed_said(request: Request, listed: tuple[TriageState, int]) -> str:
    return request.say(f"button.triage_{listed[0]}")


@button("tl", reads=_listed, notice=_listed_said)
async def show_list(request: Request, context: Context, asked: tuple[TriageState, int]) -> Message:
    return await listed(*asked, request, context)


# --- listed --------------------------------------------------------------------------------------------------------
def state_named(said: str) -> TriageState | None:
    """The state with this name, in either language."""
    return _WORDS.get(plain(said).strip())


async def listed(state: TriageState, page: int, request: Request, context: Context) -> Message:
    """The stories that stand so; those of which nobody has said anything are to be judged, too."""
    if not may_judge(request, context):
        return Message(request.say("triage.team"))
    lists = await _lists(context)
    return shown_list(request.view, state, lists, page)


async def filters(request: Request, context: Context) -> Keyboard:
    """What leads to the stories of each state; nothing for who is not of the team."""
    return states(request.view, await _lists(context)) if may_judge(request, context) else ()


async def _lists(context: Context) -> Mapping[TriageState, Sequence[Judged]]:
    since, held = context.clock() - RECENT, context.store.triage
    stands, untouched = await context.offload(held.standing, since), await context.offload(held.untouched, since)
    said: dict[TriageState, list[Judged]] = {state: [] for state in STATES}
    for each in stands:
        said[each.state].append(Judged(each.article, each.title, each.at, each.owner, each.note))
    waiting = [*said["open"], *(Judged(new.article, new.title, new.last) for new in untouched)]
    return {**said, "open": sorted(waiting, key=lambda each: each.at, reverse=True)}


# --- shown ---------------------------------------------------------------------------------------------------------
def card(view: View, title: str, article: ArticleId, stands: Sorted | None) -> Message:
    """How a story stands, with what changes it. `title` is HTML."""
    state = stands.state if stands else "open"
    head = view.say("triage.card", title=title, state=markup.bold(view.say(f"triage.{state}")))
    lines = [head]
    if stands and stands.owner:
        lines.append(view.say("triage.owner", name=markup.escape(stands.owner)))
    if stands and stands.note:
        lines.append(view.say("triage.note", note=markup.escape(stands.note)))
    return Message("\n".join(lines), keys.triage(view.language, article, state))


def line(view: View, stands: Sorted) -> str:
    """How a story stands, in one line of HTML."""
    return markup.escape(judgement(stands, view.language))


def shown_list(view: View, state: TriageState, lists: Mapping[TriageState, Sequence[Judged]], page: int) -> Message:
    page, pages, some = menus.leaf(lists[state], page)
    count = len(lists[state])
    lines = [markup.bold(view.say("triage.list", state=view.say(f"triage.{state}"), n=count))]
    lines += [_row(view, each) for each in some] or [view.say("triage.empty")]
    opens = tuple((view.key(markup.cut(each.title, menus.BUTTON), "da", base36(each.article)),) for each in some)
    turn = menus.turner(view, "tl", state, page, pages, count)
    return Message("\n".join(lines), (*opens, *turn, *states(view, lists)))


def _row(view: View, judged: Judged) -> str:
    title = markup.escape(markup.cut(judged.title, render.TITLE))
    shown = markup.escape(markup.cut(judged.note, _SHOWN))
    note = view.say("article.quote", passage=shown) if judged.note else ""
    when = texts.moment(view.language, judged.at, view.timezone)
    return f"• {' · '.join(filter(None, (title, markup.escape(judged.owner), note, when)))}"


def states(view: View, lists: Mapping[TriageState, Sequence[Judged]]) -> Keyboard:
    """The four states, each with how many stories stand so."""
    row = [view.key(view.say(f"button.triage_count_{state}", n=len(lists[state])), "tl", state) for state in STATES]
    return (tuple(row[:2]), tuple(row[2:]))
