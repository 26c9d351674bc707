"""What operators are told of each cause: what, since when, what to do; and that it is over. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, groupby

from bot.delivery.place_names import PlaceName
from bot.messages import markup, texts
from bot.messages.callback_data import Press, build, token
from bot.model import Button, Keyboard, Message
from storage.operators.causes import DROPPED, NORMAL, PAUSED, chat_about
from storage.operators.model import TROUBLES, URGENT, Notice

ROOM = 3500  # code points of one message
REASON, LONG_REASON = 200, 2_400  # code points
KEYED = 8  # silent sources with buttons
PAUSE_HOURS = "24"
_COUNTED = (*TROUBLES, "reload")  # those of which it is told how often they happened
_ZONE = "Europe/Paris"


Compose = Callable[[Sequence[Notice], str], Message]
"""The message of some causes, in this language."""


def composer(now: datetime, places: Mapping[str, PlaceName]) -> Compose:
    """`places` are the chats and topics that causes are about, by what they are about."""
    return lambda notices, language: page(notices, language, now, places)


def page(notices: Sequence[Notice], language: str, now: datetime, places: Mapping[str, PlaceName]) -> Message:
    """What lasts first, then what is over; causes that want the same thing done are told together."""
    lasting = [each for each in notices if not _over(each)]
    silent = [each for each in lasting if each.kind == "silent"]
    numbers = {each.id: f"{number}. " for number, each in enumerate(silent[:KEYED], 1)} if len(silent) > 1 else {}
    told = [(each, _told(each, language, now, places)) for each in lasting]
    over = (_end(each, language, places) for each in notices if _over(each))
    blocks = [*_together(told, numbers), *over]
    room = accumulate(len(block) + 2 for block in blocks)
    shown = max(1, sum(used <= ROOM for used in room))
    if (rest := len(blocks) - shown) > 0:
        del blocks[shown:]
        blocks.append(texts.text(language, "source.more", n=rest))
    held = [each for each in lasting if each.kind == "held"]
    keys = (*_keys(silent[:KEYED], language), *(_row_held(each, len(held) > 1, language) for each in held[:KEYED]))
    return Message("\n\n".join(blocks), keys, silent=not lasting)


def span(language: str, length: timedelta) -> str:
    """« 6 h », « 3 jours »: coarse, so that what tells it changes seldom."""
    minutes = int(max(length, timedelta()) / timedelta(minutes=1))
    if minutes < 60:
        return texts.text(language, "span.minutes", n=max(minutes, 1))
    if minutes < 48 * 60:
        return texts.text(language, "span.hours", n=minutes // 60)
    return texts.text(language, "span.days", n=minutes // (24 * 60))


def _over(notice: Notice) -> bool:
    """What only happens is told as it was, though it has ended."""
    return notice.ended is not None and notice.kind in _ENDS


# --- what lasts ----------------------------------------------------------------------------------------------------
def _together(told: Sequence[tuple[Notice, str]], numbers: dict[int, str]) -> list[str]:
    """A block for each thing to do."""
    kinds = list(dict.fromkeys(each.kind for each, _ in told))
    ranked = sorted(told, key=lambda each: (each[0].kind not in URGENT, kinds.index(each[0].kind)))
    said = [(text.split("\n"), numbers.get(each.id, "")) for each, text in ranked]
    split = [(number + what, "\n".join(todo)) for (what, *todo), number in said]
    return ["\n".join((*(what for what, _ in same), todo)) for todo, same in groupby(split, key=lambda each: each[1])]


def _told(notice: Notice, language: str, now: datetime, places: Mapping[str, PlaceName]) -> str:
    """Its first line says what and since when, the others what to do."""
    values = {"name": markup.escape(markup.cut(notice.name, REASON)), "since": _since(notice, language, now)}
    if notice.kind == "silent":
        days, usual = notice.detail.split()
        return texts.text(language, "source.silent", **values, n=int(days), usual=int(usual))
    if notice.kind in ("migrated", "long"):
        return texts.text(language, f"source.{notice.kind}", **values, n=int(notice.detail))
    if notice.kind == "held":
        _mark, before, seen, why = notice.detail.split(" ", 3)
        why = markup.escape(markup.cut(why, REASON))
        return texts.text(language, "source.held", **values, before=before, seen=seen, detail=why)
    if notice.feed:
        detail = f"url: {notice.detail}" if notice.kind == "moved" else markup.cut(notice.detail.rstrip("."), REASON)
        values |= {"detail": markup.escape(detail), "feed": markup.escape(notice.feed)}
        return texts.text(language, f"source.{notice.kind}", **values)
    return _of_vigie(notice, values["since"], _place(notice, places, language), language)


def _place(notice: Notice, places: Mapping[str, PlaceName], language: str) -> str:
    """The chat or topic that it is about; "" for none."""
    if (known := places.get(notice.about)) is not None:
        return known.said(language)
    place = chat_about(notice.about)
    return PlaceName(f"c{place[0]}", place[1]).said(language) if place else ""


def _of_vigie(notice: Notice, since: str, place: str, language: str) -> str:
    values: dict[str, str | int] = {"since": since, "place": place}
    if notice.kind == "suggested":
        kind, one, two, title = notice.detail.split(" ", 3)
        key = "cause.apart" if kind == "never" else "cause.together"
        return texts.text(language, key, one=one, two=two, title=markup.escape(markup.cut(title, REASON)))
    if notice.kind in ("left", "disk"):
        return texts.text(language, f"cause.{notice.kind}", **values, n=int(notice.detail))
    room = LONG_REASON if notice.kind == "reload" else REASON
    values["detail"] = markup.escape(markup.cut(notice.detail.rstrip("."), room))
    if notice.kind in ("undelivered", "bug"):
        values["n"] = notice.times
    return texts.text(language, f"cause.{notice.kind}", **values)


def _since(notice: Notice, language: str, now: datetime) -> str:
    """« depuis 6 h, 14 essais »."""
    if now - notice.since < timedelta(minutes=1):
        return texts.text(language, "span.now")
    said = texts.text(language, "span.since", span=span(language, now - notice.since))
    return f"{said}, {_tries(notice, language)}" if _often(notice) else said


def _often(notice: Notice) -> bool:
    return notice.kind in _COUNTED and notice.times > 1


def _tries(notice: Notice, language: str) -> str:
    return texts.text(language, "span.tries", n=notice.times)


# --- what is over --------------------------------------------------------------------------------------------------
_ENDS = {
    **dict.fromkeys(TROUBLES, "source.well"),
    **{
        kind: f"cause.{kind}_over"
        for kind in (
            "reload",
            "token",
            "disk",
            "reader",
            "probe",
            "rights",
            "topic",
            "left",
            "differs",
            "absent",
            "clock",
        )
    },
    "silent": "source.heard",
    "moved": "source.dropped",
    "robots": "source.dropped",
    "long": "source.whole",
    "held": "source.believed",
    "reserved": "source.dropped",
    "spaced": "source.dropped",
}


def _end(notice: Notice, language: str, places: Mapping[str, PlaceName]) -> str:
    assert notice.ended is not None, "what lasts has no end"
    length = span(language, notice.ended - notice.since)
    after = f"{length}, {_tries(notice, language)}" if _often(notice) else length
    place = _place(notice, places, language)
    name = markup.escape(markup.cut(notice.name, REASON))
    how, _, until = notice.detail.partition(" ")
    key = {DROPPED: "source.dropped", NORMAL: "source.normal", PAUSED: "source.shelved"}.get(how, _ENDS[notice.kind])
    when = texts.moment(language, datetime.fromisoformat(until), _ZONE) if how == PAUSED else ""
    detail = markup.escape(markup.cut(notice.detail, REASON))
    return texts.text(language, key, name=name, after=after, place=place, until=when, detail=detail)


# --- buttons -------------------------------------------------------------------------------------------------------
def _keys(silent: Sequence[Notice], language: str) -> Keyboard:
    """A row for each silent source, with its number where there are several."""
    several = len(silent) > 1
    return tuple(_row(each, f" {number}" if several else "", language) for number, each in enumerate(silent, 1))


def _row(notice: Notice, mark: str, language: str) -> tuple[Button, ...]:
    def label(key: str) -> str:
        return texts.text(language, key) + mark

    target = token(notice.feed)
    normal = Button(label("button.normal"), build(Press("ln", target)))
    pause = Button(label("button.pause"), build(Press("lp", target, PAUSE_HOURS)))
    opened = (Button(label("button.open"), url=notice.url),) if notice.url.startswith(("http://", "https://")) else ()
    return (normal, *opened, pause)


def _row_held(notice: Notice, several: bool, language: str) -> tuple[Button, ...]:
    """To let a reading of a list through, if it had any rows, or to hear no more of it."""
    target, mark = token(notice.feed), notice.detail.split(" ", 1)[0]
    name = f" {markup.cut(notice.name, 20)}" if several else ""
    accept = Button(texts.text(language, "button.accept_list") + name, build(Press("la", target, mark)))
    ignore = Button(texts.text(language, "button.ignore_list") + name, build(Press("li", target)))
    return (ignore,) if mark == "-" else (accept, ignore)
