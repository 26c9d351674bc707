"""The settings of a chat as menus: each button shows its present value, ↩ marks one that was never changed. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, get_args

from bot.conversation.menus import BELOW
from bot.conversation.model import View
from bot.digest import calendar
from bot.messages import markup, texts
from bot.messages.callback_data import base36
from bot.messages.texts import LANGUAGES
from bot.model import Button, Message
from matchers.acts.publics import PUBLIC_ROLES
from storage.chats.model import Chat, Choices, Holidays, Loudness
from storage.ids import ChatKey

Row = tuple[Button, ...]

ZONES: Mapping[str, str] = {
    "paris": "Europe/Paris",
    "antilles": "America/Guadeloupe",
    "guyane": "America/Cayenne",
    "reunion": "Indian/Reunion",
    "mayotte": "Indian/Mayotte",
    "noumea": "Pacific/Noumea",
    "tahiti": "Pacific/Tahiti",
    "miquelon": "America/Miquelon",
    "montreal": "America/Montreal",
    "london": "Europe/London",
    "utc": "UTC",
}
PER_HOUR, PER_DAY, PER_WEEK = (1, 3, 5, 10, 20), (5, 15, 30, 60), (0, 1, 2, 3, 7)
QUIET = ((20 * 60, 8 * 60), (22 * 60, 7 * 60), (19 * 60, 9 * 60))
ALWAYS = (0, 24 * 60)
ALWAYS_QUIET = "00001440"  # as a button says it
_ROLES = {"all": "", **{role[:8]: role for role in PUBLIC_ROLES}}  # a button holds eight letters
TAKEN = 3  # closed topics that may be taken over, shown at once

_NEW = Chat(ChatKey(0), 0, "private", "fr")


# --- what a button sets --------------------------------------------------------------------------------------------
def choice(target: str, value: str) -> Choices | None:
    """What the button `1g.<target>.<value>` sets; None for a value that no menu offers."""
    reader = _READERS.get(target)
    return reader(value) if reader else None


def _language(value: str) -> Choices | None:
    return Choices(language=value) if value in LANGUAGES else None


def _zone(value: str) -> Choices | None:
    return Choices(timezone=ZONES[value]) if value in ZONES else None


def _hour(value: str) -> Choices | None:
    return Choices(digest_at=int(value)) if value.isdecimal() and int(value) < 24 * 60 else None


def _days(value: str) -> Choices | None:
    chosen = value.isdecimal() and value == "".join(sorted(set(value))) and set(value) <= set("1234567")
    if value == "1234567":
        return Choices(days="all")
    return Choices(days=value) if value in ("all", "open") or chosen else None


def _holidays(value: str) -> Choices | None:
    found = next((region for region in get_args(Holidays) if region == value), None)
    return Choices(holidays=found) if found else None


def _quiet(value: str) -> Choices | None:
    if len(value) != 8 or not value.isdecimal():
        return None
    start, end = int(value[:4]), int(value[4:])
    return Choices(quiet_from=start, quiet_to=end) if start < 24 * 60 and end <= 24 * 60 else None


def _quiet_flash(value: str) -> Choices | None:
    found = next((loudness for loudness in get_args(Loudness) if loudness == value), None)
    return Choices(quiet_flash=found) if found else None


def _per_hour(value: str) -> Choices | None:
    return Choices(per_hour=int(value)) if value in map(str, PER_HOUR) else None


def _per_day(value: str) -> Choices | None:
    return Choices(per_day=int(value)) if value in map(str, PER_DAY) else None


def _per_week(value: str) -> Choices | None:
    return Choices(per_week=int(value)) if value in map(str, PER_WEEK) else None


def _role(value: str) -> Choices | None:
    return Choices(role=_ROLES[value]) if value in _ROLES else None


def _empty_line(value: str) -> Choices | None:
    return Choices(empty_line=value == "1") if value in ("0", "1") else None


def _preview(value: str) -> Choices | None:
    return Choices(preview=value == "1") if value in ("0", "1") else None


def _digest_closes(value: str) -> Choices | None:
    return Choices(digest_closes=value == "1") if value in ("0", "1") else None


_READERS: Mapping[str, Callable[[str], Choices | None]] = {
    "l": _language,
    "z": _zone,
    "h": _hour,
    "d": _days,
    "j": _holidays,
    "q": _quiet,
    "qf": _quiet,
    "qt": _quiet,
    "k": _quiet_flash,
    "ph": _per_hour,
    "pd": _per_day,
    "pw": _per_week,
    "r": _role,
    "e": _empty_line,
    "v": _preview,
    "c": _digest_closes,
}


# --- menus ---------------------------------------------------------------------------------------------------------
def menu(view: View, name: str = "", offered: str = "") -> Message | None:
    """The settings menu with this name, "" for the first one; None if there is no such menu. The value `offered`, as a
    button holds it, stands first."""
    draw, chat = _MENUS.get(name), view.chat or _NEW
    if draw is None:
        return None
    drawn, wished = draw(view, chat), choice(name, offered) if offered else None
    if wished is None or is_set(chat, wished):
        return drawn
    first = view.key(f"→ {_IN_WORDS[name](view, replace(chat, **chosen(wished)))}", "g", name, offered)
    return replace(drawn, buttons=((first,), *drawn.buttons))


def is_set(chat: Chat, choices: Choices) -> bool:
    """Whether the chat has it so already."""
    return all(value == getattr(chat, name) for name, value in chosen(choices).items())


def chosen(choices: Choices) -> dict[str, Any]:
    """What is chosen, by its name."""
    values = {each.name: getattr(choices, each.name) for each in fields(choices)}
    return {name: value for name, value in values.items() if value is not None}


def after(target: str) -> str:
    """The menu to show once `target` is set: the one in which its button stands."""
    menus = {"c": "h", "j": "d", "k": "q", "qf": "q", "qt": "q", "ph": "p", "pd": "p", "pw": "p", "e": "", "v": ""}
    return menus.get(target, target)


def _first(view: View, chat: Chat) -> Message:
    say = view.say
    levels = view.key(say("button.levels", n=len(view.subscriptions)), "v")
    rows = (
        (levels,),
        (_button(view, chat, "h", hour(chat), "digest_at"), _button(view, chat, "d", days(view, chat), "days")),
        (_button(view, chat, "q", _hush(view, chat), "quiet_from", "quiet_to"),),
        (_button(view, chat, "p", _caps_short(view, chat), "per_hour", "per_day", "per_week"),),
        (_button(view, chat, "r", say("settings.role_short", role=_role_said(view, chat)), "role"),),
        (_switch(view, chat, "e", chat.empty_line, "empty_line"), _switch(view, chat, "v", chat.preview, "preview")),
        (
            _button(view, chat, "l", say("settings.tongue")),
            _button(view, chat, "z", _city(view, chat.timezone), "timezone"),
        ),
    )
    head = markup.bold(say("settings.title"))
    lines = (head, say("settings.digests", hour=hour(chat), days=days(view, chat)), say("settings.inherited"))
    return Message("\n".join(lines), (*rows, *_taken_over(view), *_from_elsewhere(view)))


def _taken_over(view: View) -> tuple[Row, ...]:
    """A button for each closed topic of which what it followed may come here."""
    held = [thread for thread in view.held if thread != view.thread][:TAKEN]
    return tuple((view.key(view.say("button.take_over", topic=str(thread)), "th", base36(thread)),) for thread in held)


def _from_elsewhere(view: View) -> tuple[Row, ...]:
    """From private to the groups and channels that may be set there, and back; from a group to private."""
    say = view.say
    if view.place is None:
        there = view.key(say("button.places"), "o") if view.private else view.key(say("button.set_in_private"), "e")
        return ((there,),)
    return ((view.key(say("button.places"), "o"), view.key(say("button.leave"), "s")),)


def _hours(view: View, chat: Chat) -> Message:
    present = chat.digest_at
    full = [_pick(view, texts.clock(at), "h", f"{at}", at == present) for at in range(0, 24 * 60, 60)]
    start = present - present % 60
    quarters = [
        _pick(view, texts.clock(start + more), "h", f"{start + more}", start + more == present) for more in _QUARTERS
    ]
    on_request = _switch(view, chat, "c", chat.digest_closes, "digest_closes")
    rows = (*_grid(full, 4), tuple(quarters), (on_request,), _back(view))
    lines = [view.say("settings.hour", hour=texts.clock(present), zone=_city(view, chat.timezone))]
    if (real := calendar.hour_of(chat)) != present:
        lines.append(view.say("settings.hour_quiet", hour=texts.clock(real)))
    lines.append(view.say("settings.on_request_closes" if chat.digest_closes else "settings.on_request_shows"))
    return Message("\n".join(lines), rows)


def _days_menu(view: View, chat: Chat) -> Message:
    say = view.say
    first = tuple(_pick(view, say(f"days.{kind}"), "d", kind, chat.days == kind) for kind in ("all", "open"))
    chosen = {"all": "1234567", "open": "12345"}.get(chat.days, chat.days)
    week = [_day(view, chosen, day, marked=chat.days not in ("all", "open")) for day in "1234567"]
    rows: tuple[Row, ...] = (first, tuple(week[:4]), tuple(week[4:]))
    if chat.days == "open":
        regions = (
            _pick(view, say(f"holidays.{region}"), "j", region, chat.holidays == region)
            for region in get_args(Holidays)
        )
        rows = (*rows, *_grid(list(regions), 1))
    return Message(say("settings.days", days=days(view, chat)), (*rows, _back(view)))


def _day(view: View, chosen: str, day: str, *, marked: bool) -> Button:
    """A day of the week: a press adds it to those chosen, or takes it away unless it is the last."""
    there = marked and day in chosen
    rest = "".join(sorted(set(chosen) ^ {day})) if marked else day
    return _pick(view, texts.weekday(view.language, int(day)), "d", rest or day, there)


def _quiet_menu(view: View, chat: Chat) -> Message:
    say, present = view.say, (chat.quiet_from, chat.quiet_to)
    none = present[0] == present[1]
    presets = [_pick(view, _span(*hours), "q", _pair(*hours), present == hours) for hours in QUIET]
    rows: list[Row] = [
        (
            _pick(view, say("quiet.none"), "q", _pair(0, 0), none),
            _pick(view, say("quiet.always"), "q", _pair(*ALWAYS), present == ALWAYS),
        ),
        tuple(presets),
    ]
    if not none:
        rows.append(
            (
                view.key(say("quiet.from", hour=texts.clock(present[0])), "g", "qf"),
                view.key(say("quiet.to", hour=texts.clock(present[1])), "g", "qt"),
            )
        )
    rows += [
        (_pick(view, say(f"quiet.{kind}"), "k", kind, chat.quiet_flash == kind),)
        for kind in ("silent", "wait", "sound")
    ]
    return Message(say("settings.quiet", quiet=_quiet_said(view, chat)), (*rows, _back(view)))


def _quiet_start(view: View, chat: Chat) -> Message:
    return _quiet_hours(view, chat, "qf", "settings.quiet_from")


def _quiet_end(view: View, chat: Chat) -> Message:
    return _quiet_hours(view, chat, "qt", "settings.quiet_to")


def _quiet_hours(view: View, chat: Chat, target: str, title: str) -> Message:
    start, end = chat.quiet_from, chat.quiet_to
    keys = []
    for at in range(0, 24 * 60, 60):
        pair, present = ((at, end), start) if target == "qf" else ((start, at), end)
        keys.append(_pick(view, texts.clock(at), target, _pair(*pair), at == present))
    return Message(view.say(title), (*_grid(keys, 4), (view.key(view.say("button.back"), "g", "q"),)))


def _caps_short(view: View, chat: Chat) -> str:
    said = view.say("settings.caps_short", hour=chat.per_hour, day=chat.per_day)
    return f"{said}, {view.say('settings.budget_short', n=chat.per_week)}" if chat.per_week else said


def _caps(view: View, chat: Chat) -> Message:
    say = view.say
    hourly = tuple(_pick(view, str(n), "ph", str(n), chat.per_hour == n) for n in PER_HOUR)
    rows: list[Row] = [(view.key(say("caps.hour"), "n", BELOW),), hourly, (view.key(say("caps.day"), "n", BELOW),)]
    rows.append(tuple(_pick(view, str(n), "pd", str(n), chat.per_day == n) for n in PER_DAY))
    rows.append((view.key(say("caps.week"), "n", BELOW),))
    rows.append(tuple(_pick(view, str(n) if n else "∞", "pw", str(n), chat.per_week == n) for n in PER_WEEK))
    rows.append((view.key(say("button.replay"), "rw"),))
    lines = [say("settings.caps", hour=chat.per_hour, day=chat.per_day)]
    lines.append(say("settings.budget", n=chat.per_week) if chat.per_week else say("settings.no_budget"))
    return Message("\n".join(lines), (*rows, _back(view)))


def _roles(view: View, chat: Chat) -> Message:
    keys = [
        _pick(view, view.say(f"role.{role or 'all'}"), "r", value, role == chat.role) for value, role in _ROLES.items()
    ]
    return Message(view.say("settings.role", role=_role_said(view, chat)), (*_grid(keys, 2), _back(view)))


def _role_said(view: View, chat: Chat) -> str:
    return view.say(f"role.{chat.role or 'all'}")


def _languages(view: View, chat: Chat) -> Message:
    names = (("fr", "Français"), ("en", "English"))
    keys = tuple(_pick(view, name, "l", code, code == chat.language) for code, name in names)
    return Message(view.say("settings.language"), (keys, _back(view)))


def _zones(view: View, chat: Chat) -> Message:
    keys = [_pick(view, view.say(f"zone.{code}"), "z", code, zone == chat.timezone) for code, zone in ZONES.items()]
    return Message(view.say("settings.zone", zone=_city(view, chat.timezone)), (*_grid(keys, 2), _back(view)))


_MENUS: Mapping[str, Callable[[View, Chat], Message]] = {
    "": _first,
    "h": _hours,
    "d": _days_menu,
    "q": _quiet_menu,
    "qf": _quiet_start,
    "qt": _quiet_end,
    "p": _caps,
    "r": _roles,
    "l": _languages,
    "z": _zones,
}
_QUARTERS = (0, 15, 30, 45)
_IN_WORDS: Mapping[str, Callable[[View, Chat], str]] = {
    "h": lambda view, chat: texts.clock(chat.digest_at),
    "d": lambda view, chat: days(view, chat),
    "q": lambda view, chat: _quiet_said(view, chat),
}


# --- values in words -----------------------------------------------------------------------------------------------
def hour(chat: Chat | None) -> str:
    """When its digests really come."""
    return texts.clock(calendar.hour_of(chat or _NEW))


def days(view: View, chat: Chat) -> str:
    """« tous les jours », « jours ouvrés », « lun. mer. ven. »"""
    if chat.days in ("all", "open"):
        return view.say(f"days.{chat.days}")
    return " ".join(texts.weekday(view.language, int(day)) for day in chat.days)


def hush(view: View) -> str:
    """« silence : aucun »"""
    return _hush(view, view.chat or _NEW)


def _quiet_said(view: View, chat: Chat) -> str:
    if chat.quiet_from == chat.quiet_to:
        return view.say("quiet.none")
    if (chat.quiet_from, chat.quiet_to) == ALWAYS:
        return view.say("quiet.always")
    return _span(chat.quiet_from, chat.quiet_to)


def _hush(view: View, chat: Chat) -> str:
    return view.say("settings.quiet_short", quiet=_quiet_said(view, chat))


def _city(view: View, zone: str) -> str:
    code = next((code for code, known in ZONES.items() if known == zone), None)
    return view.say(f"zone.{code}") if code else zone


def _span(start: int, end: int) -> str:
    return f"{texts.clock(start)}–{texts.clock(end)}"


def _pair(start: int, end: int) -> str:
    return f"{start:04d}{end:04d}"


# --- buttons -------------------------------------------------------------------------------------------------------
def _button(view: View, chat: Chat, target: str, label: str, *fields: str) -> Button:
    """Opens the menu `target`; `fields` are the values it shows."""
    return view.key(_inherited(label, chat, fields), "g", target)


def _switch(view: View, chat: Chat, target: str, present: bool, field: str) -> Button:
    """Shows whether it is on, and sets the contrary."""
    label = view.say(f"switch.{field}_{'on' if present else 'off'}")
    return view.key(_inherited(label, chat, (field,)), "g", target, "0" if present else "1")


def _inherited(label: str, chat: Chat, fields: tuple[str, ...]) -> str:
    new = fields and all(getattr(chat, field) == getattr(_NEW, field) for field in fields)
    return f"{label} ↩" if new else label


def _pick(view: View, label: str, target: str, value: str, chosen: bool) -> Button:
    return view.key(f"✓ {label}" if chosen else label, "g", target, value)


def _grid(keys: list[Button], columns: int) -> tuple[Row, ...]:
    return tuple(tuple(keys[start : start + columns]) for start in range(0, len(keys), columns))


def _back(view: View) -> Row:
    return (view.key(view.say("button.back"), "g"),)
