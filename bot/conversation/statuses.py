"""Who stands where on the official lists, and what happened to a name."""

import re
from datetime import datetime

from bot import statuses
from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.conversation.registry import command
from bot.messages import markup
from bot.model import Message
from bot.search import plain
from bot.statuses import ListStanding, Tracker
from matchers.lists import KEY
from storage.lists.model import KeptListEvent, ListView

ROOM = 3_600  # code points of one message
MOST_EVENTS = 15
_WORD = re.compile(r"[^\W_]+")


@command("statuts", "statuses", rank=66, offered=("private", "groups"))
async def show_statuses(request: Request, context: Context) -> Message:
    """Of a tracker, of a name, or all trackers in short."""
    now = context.clock()
    found = statuses.trackers(await context.offload(context.store.lists.views), now)
    return drawn(found, request.argument, request.view, now)


async def answer_who(request: Request, context: Context) -> Message | None:
    """« Qui est qualifié SecNumCloud ? »: the tracker of that name; None without one."""
    now = context.clock()
    found = statuses.trackers(await context.offload(context.store.lists.views), now)
    named = next((each.name for each in found if _words(each.name) <= _words(request.argument)), None)
    return None if named is None else drawn(found, named, request.view, now)


def _words(said: str) -> set[str]:
    return set(_WORD.findall(plain(said)))


def drawn(found: tuple[Tracker, ...], asked: str, view: View, now: datetime) -> Message:
    if not found:
        return Message(view.say("statuses.none"))
    chosen = next((each for each in found if plain(each.name) == plain(asked)), None)
    if chosen is None and not asked and len(found) == 1:
        chosen = found[0]
    if chosen is not None:
        return Message(_fitting([*_of_tracker(chosen, view, now), *_stale(chosen, view)], view))
    if not asked:
        return Message(_fitting([line for each in found for line in _short(each, view)], view))
    lines = _of_name(found, asked, view, now)
    names = ", ".join(f"<code>{markup.escape(each.name)}</code>" for each in found)
    return Message(_fitting(lines, view) if lines else view.say("statuses.unknown", names=names))


def _short(tracker: Tracker, view: View) -> list[str]:
    colon = view.say("text.colon")
    counts = ", ".join(f"{markup.escape(said)}{colon} {number}" for said, number in tracker.counts().items() if said)
    return [f"{markup.bold(tracker.name)}{colon} {counts or len(tracker.standings)}", *_stale(tracker, view)]


def _of_tracker(tracker: Tracker, view: View, now: datetime) -> list[str]:
    return [markup.bold(tracker.name), *(_line(each, view, now) for each in tracker.standings)]


def _stale(tracker: Tracker, view: View) -> list[str]:
    return [
        view.say("statuses.stale", name=markup.escape(name), day=_day(read_at, view))
        for name, read_at in tracker.stale
        if read_at is not None
    ]


def _of_name(found: tuple[Tracker, ...], asked: str, view: View, now: datetime) -> list[str]:
    rows = [_line(each, view, now) for each in statuses.named(found, asked)]
    events = statuses.events_named(found, asked)[:MOST_EVENTS]
    return [*rows, *(["", *(_event(each, kept, view) for each, kept in events)] if events else [])]


def _line(each: ListStanding, view: View, now: datetime) -> str:
    days = max((now - each.since).days, 0)
    parts = [markup.escape(each.row.status), view.say("statuses.days", n=days) if days else view.say("statuses.today")]
    parts += [view.say("statuses.until", day=markup.escape(each.row.until))] if each.row.until else []
    parts += [view.say("statuses.lags", name=markup.escape(name)) for name in each.lagging]
    name = markup.bold(", ".join(filter(None, each.row.key)))
    return f"• {name}{view.say('text.colon')} {', '.join(filter(None, parts))}"


def _event(of: ListView, kept: KeptListEvent, view: View) -> str:
    event = kept.event
    after = event.row.status if event.kind == "added" else event.after.replace(KEY, ", ")
    values = {"before": markup.escape(event.before or "–"), "after": markup.escape(after or "–")}
    said = view.say(f"statuses.{event.kind.rstrip('?')}", **values)
    if event.kind == "changed" and (named := statuses.column(event)):
        said = f"{markup.escape(named)}{view.say('text.colon')} {said}"
    name = ", ".join(filter(None, event.row.key))
    return f"{_day(event.at, view)} · {markup.link(name, kept.url or of.url)}{view.say('text.colon')} {said}"


def _day(at: datetime | None, view: View) -> str:
    return "" if at is None else view.when(at)


def _fitting(lines: list[str], view: View) -> str:
    """As many lines as one message holds, and how many are left."""
    shown: list[str] = []
    room = ROOM
    for place, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return "\n".join((*shown, view.say("statuses.more", n=len(lines) - place)))
        shown.append(line)
    return "\n".join(shown)
