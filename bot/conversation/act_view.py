"""An act in words: its names, the days that it sets, its press, newest first. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.conversation.model import View
from bot.digest import render
from bot.messages import markup, texts
from storage.acts.model import ActPress, StoredAct, StoredDeadline

SHOWN = 10  # articles
_LONGEST = 300  # characters of what it says itself


def told(
    view: View, name: str, act: StoredAct | None, days: Sequence[StoredDeadline], press: Sequence[ActPress]
) -> str:
    """What is known of an act. `act` is None where no item of its own has come."""
    return "\n".join((*_act(view, name, act), *_days(view, days), *_press(view, press)))


def unknown(view: View, asked: str, names: Sequence[str]) -> str:
    """Nothing known: by which ids it was looked for."""
    said = view.say("act.none", asked=markup.escape(markup.cut(asked, 80)))
    return f"{said}\n{view.say('act.help')}" if not names else said


def _act(view: View, name: str, act: StoredAct | None) -> Iterable[str]:
    if act is None:
        yield f"🏛 {markup.bold(name)}"
        yield view.say("act.not_come")
        return
    yield f"🏛 {markup.link(markup.cut(act.title or name, _LONGEST), act.link)}"
    yield " · ".join(markup.escape(each) for each in (act.body, *act.names) if each)
    if act.published is not None:
        yield view.say("act.published", day=_day(view, act.published))
    if act.concerned:
        yield view.say("act.concerned", words=markup.escape(markup.cut(act.concerned, _LONGEST)))
    if act.in_force:
        yield view.say("act.in_force", words=markup.escape(markup.cut(act.in_force, _LONGEST)))


def _days(view: View, days: Sequence[StoredDeadline]) -> Iterable[str]:
    for each in days:
        said = view.say(f"act.day_{each.kind}", day=_day(view, each.day))
        moved = view.say("act.moved", day=_day(view, each.old_day)) if each.old_day else ""
        ended = view.say(f"act.{each.state}") if each.state in ("done", "cancelled") else ""
        yield " · ".join(filter(None, (f"📅 {said}", moved, ended)))


def _press(view: View, press: Sequence[ActPress]) -> Iterable[str]:
    for each in press:
        mark = "🏛 " if each.role == "is" else ""
        when = view.when(each.at)
        yield f"{mark}{markup.link(markup.cut(each.title, render.TITLE), each.url)}"
        yield f"{markup.escape(markup.cut(each.source_name, render.SOURCE))} · {when}"


def _day(view: View, day: date) -> str:
    return f"{texts.day(view.language, day)} {day.year}"
