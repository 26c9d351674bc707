"""What is to be done about something said or pressed: the use case that answers it, and whether it may. Pure."""

import difflib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.conversation import (
    access,
    acts,
    aims,
    briefs,
    budget,
    changes,
    deadlines,
    digests,
    dossiers,
    explain,
    group_setup,
    help_text,
    journal,
    menus,
    objects,
    own_terms,
    pausing,
    plain_words,
    privacy,
    recall,
    registry,
    reloading,
    searching,
    settings,
    sources,
    starting,
    status,
    statuses,
    triage,
    trials,
    votes,
    watchlists,
    watchlists_view,
)
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Request, Right, Shown
from bot.conversation.registry import Doing
from bot.messages import callback_data, markup
from bot.model import Message
from bot.search import plain

USE_CASES = (
    access, acts, briefs, budget, changes, deadlines, digests, dossiers, explain, group_setup, help_text, journal,
    objects, own_terms, pausing, plain_words, privacy, recall, reloading, searching, settings, sources,
    starting, status, statuses, triage, trials, votes, watchlists,
)  # fmt: skip
"""Each has said, as it was imported, what it answers to."""

NAMES = registry.spellings()
"""Every name of every command, and its French one."""

_COMMAND = re.compile(r"/(\w+)(@\w+)?(?:\s+(.*))?", re.DOTALL)
_NEAR = 0.7  # difflib's ratio: « /langue » is no « /manque »


@dataclass(frozen=True, slots=True)
class Task:
    """What will be done, and nothing is done yet. `notice` answers a press at once, None: once it is done. `leads` says
    where it opens instead, "" for nowhere; `headed`: what is shown bears the name of the place; `sealed`: nobody has to
    be let in."""

    request: Request
    do: Doing
    notice: str | None = ""
    leads: Callable[[Request, Context], Awaitable[str]] | None = None
    headed: bool = True
    sealed: bool = False


def decide(request: Request) -> Task | None:
    """What answers a message or a press; None for what is not addressed to the bot."""
    return _pressed(request) if request.incoming.kind == "press" else _said(request)


# --- said ----------------------------------------------------------------------------------------------------------
def _said(request: Request) -> Task | None:
    text = request.incoming.text.strip()
    found, to_us = _COMMAND.fullmatch(text), request.private or request.incoming.called
    if found is None:
        return _words(replace(request, argument=text)) if to_us else None
    name, argument = plain(found[1]), (found[3] or "").strip()
    command = registry.find_command_in_any_number(name)
    if command is None:
        return _unknown(request, found[1]) if to_us or found[2] else None
    link = registry.find_link(argument) if command.do is starting.start else None
    if link and (request.private or not link.sealed):
        return Task(replace(request, argument=argument[2:]), link.do, sealed=link.sealed)
    if not request.allows(command.right):
        if (
            command.do is pausing.pause and request.may_change and request.view.chat
        ):  # each chat has quiet hours of its own
            return Task(request, plain_words.tell_of_pauses)
        return refused(request, _refusal(request, command.right))
    return Task(replace(request, argument=argument), command.do)


def _words(request: Request) -> Task:
    """What somebody says to us without a command: an address to explain, whatever stands around it, or words to
    look for."""
    if explain.ADDRESS.search(request.argument):
        return Task(request, explain.explain)
    if since := changes.asked_since(request.argument):
        return Task(replace(request, argument=since), changes.show_changes)
    if (remark := plain_words.answer(request)) is not None:
        return Task(replace(request, argument=""), remark)
    wants = plain_words.asks_who(request.argument) or aims.aim_of(request.argument)
    return Task(request, _look_up if wants else searching.find)


async def _look_up(request: Request, context: Context) -> Shown:
    """What is asked of the official lists, or wanted of a term or a source; else words to look for."""
    if plain_words.asks_who(request.argument) and (told := await statuses.answer_who(request, context)):
        return told
    return await objects.answer_aim(request, context) or await searching.find(request, context)


def _unknown(request: Request, name: str) -> Task:
    """The settings that are meant, what the word says without its slash, or the nearest of the commands that this
    person may use."""
    menu = plain_words.menu_named(plain(name))
    if menu is not None and request.may_change:
        return Task(request, plain_words.settings_of(menu))
    remark = plain_words.answer(replace(request, argument=name))
    if remark is not None:
        return Task(replace(request, argument=""), remark)
    known = [held for held, whose in NAMES.items() if held != "start" and _may(request, whose)]
    close = difflib.get_close_matches(plain(name), known, 1, _NEAR)
    nearest = [found.called(request.view.language) for held in close if (found := registry.find_command(held))]
    lines = [request.say("help.unknown", name=markup.escape(markup.cut(name, menus.ECHO)))]
    lines += [request.say("help.nearest", name=near) for near in nearest] or [request.say("help.see")]
    return Task(request, partial(_say, Message("\n".join(lines))))


def _may(request: Request, name: str) -> bool:
    command = registry.find_command(name)
    theirs = command is not None and (request.operator or command.offered != {"operators"})
    return command is not None and theirs and request.allows(command.right)


# --- pressed -------------------------------------------------------------------------------------------------------
def _pressed(request: Request) -> Task:
    """For data of another grammar, or about what is gone, the fresh menu (beneath what tells news).

    The journal may stand in a group, where anybody can press: its message is no menu of theirs, and stays.
    """
    press = callback_data.parse(request.incoming.data)
    action = registry.find_button(press.verb) if press else None
    if press is None or action is None:
        return _stale(request)
    request = replace(request, press=press)
    if not request.allows(action.right):
        return refused(request, _refusal(request, action.right))
    read = action.reads(request)
    if read is None:
        return _stale(request)

    async def do(request: Request, context: Context) -> Shown:
        return await action.do(request, context, read)

    async def lead(request: Request, context: Context) -> str:
        return await action.leads(request, context, read) if action.leads else ""

    return Task(request, do, action.notice(request, read) if action.notice else "", lead, action.headed)


def _stale(request: Request) -> Task:
    return Task(request, _renew, notice=request.say("menu.changed"))


async def _renew(request: Request, context: Context) -> Message | Beneath:
    """The fresh menu: in place of the old one, but beneath an alert or a digest, which a reader keeps."""
    shown = watchlists_view.lists(request.view)
    chat, message = request.view.chat, request.incoming.message
    where = context.store.traces.is_news
    kept = chat is not None and message is not None and await context.offload(where, chat.key, message)
    return Beneath(shown) if kept else shown


# --- parts ---------------------------------------------------------------------------------------------------------
def refused(request: Request, said: str) -> Task:
    """A press is refused by the short answer to it, a command by a message."""
    if request.incoming.kind == "press":
        return Task(request, partial(_say, None), notice=said)
    return Task(request, partial(_say, Message(said)))


def _refusal(request: Request, right: Right) -> str:
    return request.say("rights.operators" if right == "operators" else "rights.admins")


async def _say(message: Message | None, request: Request, context: Context) -> Message | None:
    return message
