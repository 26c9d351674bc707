"""How the changes of a span are told: in a message, or whole as plain text. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, assert_never

from bot.changes import NetChange
from bot.conversation import menus
from bot.conversation.model import View
from bot.days import FutureSpan, NoSpan, ReversedSpan, UnreadSpan, end_told
from bot.digest import parts, render
from bot.messages import markup, texts
from bot.model import Button, Message
from storage.changes.model import Chronicle, FactKind, Span

SPANS = ("1", "7", "30")
"""The days that buttons propose."""

_LINES = ((12, 6), (8, 4), (5, 2), (2, 1))  # of events, and of each other kind: the first pair that one message holds
_ORDER: tuple[FactKind, ...] = ("story", "status", "act", "deadline", "source", "rules")
_LINKED: tuple[FactKind, ...] = ("story", "status", "act", "deadline")  # what has an address
_BESIDE = timedelta(days=1)  # two beginnings so near are one
_TITLE = 300  # code points in a file
_NAMED = 4  # keys of a watchlist that changed


def shown(view: View, span: Span, chronicle: Chronicle, found: Sequence[NetChange], token: str) -> Message:
    """The most telling lines, as many as one message holds, with the way to all of them."""
    head = [_head(view, span), *_unknown(view, span, chronicle)]
    if not found:
        return Message("\n".join((*head, *_nothing(view, span, chronicle))), _keys(view, token, whole=False))
    drawn = [_told_of(view, found, *most) for most in _LINES]
    text, left = next((each for each in drawn if parts.fits("\n".join((*head, each[0])))), drawn[-1])
    return Message("\n".join((*head, text)), _keys(view, token, whole=left > 0))


def _told_of(view: View, found: Sequence[NetChange], events: int, others: int) -> tuple[str, int]:
    """So many lines of each kind, and how many changes are left out."""
    lines: list[str] = []
    left = 0
    for kind in _ORDER:
        mine = [each for each in found if each.kind == kind]
        most = events if kind == "story" else others
        if mine:
            lines += ("", markup.bold(_heading(view, kind, mine)), *(_line(view, each) for each in mine[:most]))
        if len(mine) > most:
            left += len(mine) - most
            lines.append(view.say("changes.more", n=len(mine) - most))
    return "\n".join(lines), left


def whole(view: View, span: Span, chronicle: Chronicle, found: Sequence[NetChange]) -> str:
    """Every line as plain text, with the addresses; days bear their year, since a file is read later."""
    view = replace(view, today=date.min)
    lines = [markup.visible(each) for each in (_head(view, span), *_unknown(view, span, chronicle))]
    for kind in _ORDER:
        mine = [each for each in found if each.kind == kind]
        if mine:
            lines += ("", _heading(view, kind, mine))
            lines += (_plain(view, each) for each in mine)
    if not found:
        lines += _nothing(view, span, chronicle)
    return "\n".join(lines) + "\n"


def refused(view: View, why: NoSpan) -> Message:
    """Why there is no such span, in one line."""
    return Message(refusal(view, why))


def refusal(view: View, why: NoSpan) -> str:
    match why:
        case UnreadSpan(words):
            return view.say("changes.unread", words=markup.escape(markup.cut(words, menus.ECHO)))
        case FutureSpan(start):
            return view.say("changes.future", start=view.when(start))
        case ReversedSpan(start, end):
            return view.say("changes.reversed", start=view.when(start), end=view.when(end_told(end, view.timezone)))
        case _:
            assert_never(why)


# --- head ----------------------------------------------------------------------------------------------------------
def _head(view: View, span: Span) -> str:
    return markup.bold(
        view.say("changes.head", start=view.when(span.start), end=view.when(end_told(span.end, view.timezone)))
    )


def _unknown(view: View, span: Span, chronicle: Chronicle) -> Iterator[str]:
    """What nobody watched is no calm."""
    read, ruled = chronicle.articles_since, chronicle.rules_since
    if read is None:
        yield view.say("changes.nothing_read")
    elif read > span.start:
        yield view.say("changes.read_since", start=view.when(read))
    if ruled is not None and ruled > max(span.start, read or ruled) + _BESIDE:
        yield view.say("changes.rules_since", start=view.when(ruled))


def _nothing(view: View, span: Span, chronicle: Chronicle) -> tuple[str, ...]:
    """Calm is said only of a span that was watched whole."""
    read = chronicle.articles_since
    if read is None:
        return ()
    return ("", view.say("changes.none" if read <= span.start else "changes.none_since"))


def _heading(view: View, kind: FactKind, mine: Sequence[NetChange]) -> str:
    counts = {"official": sum(each.official for each in mine), "maybe": sum(bool(each.near) for each in mine)}
    said = [view.say(f"changes.{what}", n=n) for what, n in counts.items() if n and kind == "story"]
    return " · ".join((view.say(f"changes.count_{kind}", n=len(mine)), *said))


def _keys(view: View, token: str, *, whole: bool) -> tuple[tuple[Button, ...], ...]:
    spans = tuple(view.key(view.say("changes.days", n=int(each)), "dp", each) for each in SPANS)
    return (*(((view.key(view.say("button.whole"), "df", token),),) if whole else ()), spans)


# --- lines ---------------------------------------------------------------------------------------------------------
def _line(view: View, change: NetChange) -> str:
    if change.kind not in _LINKED:
        return f"• {markup.escape(_said(view, change))}"
    title = markup.link(markup.cut(change.title, render.TITLE) or view.say("article.untitled"), change.url)
    return f"{_mark(change)} {title} — {markup.escape(_told(view, change, markup.cut(change.outlet, render.SOURCE)))}"


def _plain(view: View, change: NetChange) -> str:
    if change.kind not in _LINKED:
        return f"- {_said(view, change)}"
    title = markup.bounded(change.title, _TITLE) or view.say("article.untitled")
    told = _told(view, change, markup.bounded(change.outlet, menus.ECHO))
    return f"{_mark(change)} {title} — {told}\n  {markup.clean(change.url)}"


def _told(view: View, change: NetChange, outlet: str) -> str:
    """What follows a title: who tells it, when, and which event it may be; of a deadline, what became of it."""
    if change.kind == "deadline":
        return _deadline(view, change)
    if change.kind == "status":
        return f"{_status(view, change)} · {outlet}, {view.when(change.last)}"
    return " · ".join(filter(None, (f"{outlet}, {view.when(change.first)}", render.maybe(change.near, view.language))))


def _status(view: View, change: NetChange) -> str:
    """« qualification en cours → qualifié », « inscrit », « retiré »."""
    before, after = (_standing(view, each) for each in (change.before, change.after))
    if change.undone:
        return view.say("changes.status_undone", status=after, n=change.times)
    if change.after == "expired?":
        return view.say("changes.status_expired", until=before)
    return f"{before} → {after}"


def _standing(view: View, status: str) -> str:
    named = {"": "changes.status_none", "listed": "changes.status_listed"}
    return view.say(named[status]) if status in named else _short(status)


def _deadline(view: View, change: NetChange) -> str:
    if change.undone:
        return view.say("changes.deadline_undone", day=_day(view, change.after))
    ended, _, day = change.after.rpartition(":")
    if ended:
        return view.say(f"changes.deadline_{ended}", day=_day(view, day))
    if change.before:
        return view.say("changes.deadline_moved", old=_day(view, change.before), day=_day(view, day))
    return view.say("changes.deadline_set", day=_day(view, day))


def _day(view: View, written: str) -> str:
    day = date.fromisoformat(written)
    return f"{texts.day_of_month(view.language, day)} {day.year}"


def _mark(change: NetChange) -> str:
    return "🏛" if change.official and change.kind == "story" else "•"


def _said(view: View, change: NetChange) -> str:
    """What became of a source or of a watchlist, in the end."""
    name = _name(view, change)
    if change.undone:
        return view.say("changes.undone", name=name, n=change.times, when=view.when(change.last))
    told = _source(view, change) if change.kind == "source" else _rules(view, change)
    return view.say("changes.became", name=name, what=told, when=view.when(change.last))


def _name(view: View, change: NetChange) -> str:
    if change.kind == "rules":
        return view.name(change.lists[0]) if change.lists else view.say("changes.entities")
    return markup.cut(change.title, render.SOURCE)


def _source(view: View, change: NetChange) -> str:
    if change.after == "ok":
        return view.say("changes.source_followed" if change.before == "" else "changes.source_back")
    return view.say(f"changes.source_{change.after or 'left'}")


def _rules(view: View, change: NetChange) -> str:
    if not change.before or not change.after:
        return view.say("changes.rules_new" if not change.before else "changes.rules_gone")
    differences = ", ".join(_differences(json.loads(change.before), json.loads(change.after), view))
    return differences or view.say("changes.rules_order")


def _differences(before: Any, after: Any, view: View) -> Iterator[str]:
    """What was added and taken away, key by key."""
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    for key in keys[:_NAMED]:
        was, now = before.get(key), after.get(key)
        if isinstance(was, list | None) and isinstance(now, list | None):
            yield f"{key} {_counted(_words(was), _words(now))}"
        elif isinstance(was, int | str | None) and isinstance(now, int | str | None):
            yield f"{key} {_short(was)} → {_short(now)}"
        else:
            yield key
    if len(keys) > _NAMED:
        yield view.say("changes.keys", n=len(keys) - _NAMED)


def _words(held: Iterable[Any] | None) -> set[str]:
    return {json.dumps(each, sort_keys=True) for each in held or ()}


def _counted(was: set[str], now: set[str]) -> str:
    signs = (("+", len(now - was)), ("−", len(was - now)))
    return " ".join(f"{sign}{number}" for sign, number in signs if number) or "="


def _short(value: int | str | None) -> str:
    return "–" if value is None else markup.cut(str(value), render.LABEL)
