"""What somebody asked, and what is to be done about it: a request in, a reply and changes out. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.conversation import callback, menus
from bot.conversation.callback import Press
from bot.conversation.menus import View
from bot.conversation.texts import LANGUAGES, Language
from bot.digest import markup
from bot.model import Incoming, Message
from matchers.model import Level, Watchlist

NAMES = {
    "start": "start",
    "aide": "aide", "help": "aide",
    "veilles": "veilles", "watchlists": "veilles", "list": "veilles",
    "suivre": "suivre", "follow": "suivre",
    "reglages": "reglages", "settings": "reglages",
    "digest": "digest",
    "stop": "stop",
    "recharger": "recharger", "reload": "recharger",
}  # fmt: skip
LEVELS: Mapping[str, Level] = {
    "flash": "flash",
    "quotidien": "daily", "daily": "daily",
    "hebdo": "weekly", "hebdomadaire": "weekly", "weekly": "weekly",
}  # fmt: skip
_COMMAND = re.compile(r"/(\w+)(@\w+)?(?:\s+(.*))?", re.DOTALL)
_NEAR = 0.5  # difflib's ratio


@dataclass(frozen=True, slots=True)
class Follow:
    """Follow `watchlist`; `level` None is the watchlist's own."""

    watchlist: Watchlist
    level: Level | None


@dataclass(frozen=True, slots=True)
class FollowAll:
    """A newcomer: every watchlist at its own level, then the greeting."""


@dataclass(frozen=True, slots=True)
class Unfollow:
    watchlist: Watchlist


@dataclass(frozen=True, slots=True)
class Preview:
    """Show what a watchlist would have kept lately."""

    watchlist: Watchlist


@dataclass(frozen=True, slots=True)
class DigestNow:
    pass


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: Language


@dataclass(frozen=True, slots=True)
class SetHour:
    """Digests at `minutes` after midnight, local time."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete the chat and all that hangs on it."""


@dataclass(frozen=True, slots=True)
class Admit:
    """Let a chat in, although access is closed."""

    chat: int
    kind: str


@dataclass(frozen=True, slots=True)
class Reload:
    """Read the configuration again, and put it into force if it is right."""


Change = Follow | FollowAll | Unfollow | Preview | DigestNow | SetLanguage | SetHour | Forget | Admit | Reload


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show, and what to do. `notice` is the short answer to a press, at most 200 characters.

    With a `change`, the message that tells of it is drawn once it is done.
    """

    message: Message | None = None
    change: Change | None = None
    notice: str = ""


SILENCE = Reply()


@dataclass(frozen=True, slots=True)
class Scene:
    """Who speaks, and from where. `may_change`: a private chat, or an administrator of the group.

    `operator`: one of those who run this Vigie.
    """

    view: View
    may_change: bool
    private: bool
    operator: bool = False


def reply(incoming: Incoming, scene: Scene) -> Reply:
    """The answer to a message or a press; nothing for what is not addressed to the bot."""
    if incoming.chat_kind == "channel":
        return SILENCE
    if incoming.kind == "press":
        return _pressed(incoming.data, scene)
    found = _COMMAND.fullmatch(incoming.text.strip())
    if found is None:
        return _help(scene, "") if scene.private else SILENCE
    name, addressed, argument = _plain(found[1]), found[2], (found[3] or "").strip()
    command = NAMES.get(name)
    if command is None:
        return _unknown(scene, found[1]) if scene.private or addressed else SILENCE
    return _ANSWERS[command](scene, argument)


def named(view: View, name: str) -> Watchlist | None:
    """The watchlist with this id or this name, whatever the case and the accents."""
    wanted = _plain(name)
    return next((held for held in view.watchlists.values() if wanted in (_plain(held.id), _plain(held.name))), None)


# --- commands ------------------------------------------------------------------------------------------------------
def _start(scene: Scene, payload: str) -> Reply:
    view = scene.view
    if payload.startswith("v_"):
        watchlist = named(view, payload[2:])
        return Reply(menus.card(view, watchlist) if watchlist else menus.unknown_watchlist(view, payload[2:], ()))
    if view.chat is None and scene.may_change and view.watchlists:
        return Reply(change=FollowAll())
    return Reply(menus.welcome(view, subscribed=False))


def _help(scene: Scene, _: str) -> Reply:
    return Reply(Message(scene.view.say("help.text", example=scene.view.example())))


def _lists(scene: Scene, _: str) -> Reply:
    return Reply(menus.lists(scene.view))


def _follow(scene: Scene, argument: str) -> Reply:
    view = scene.view
    if not scene.may_change:
        return _forbidden(view)
    if not argument or not view.watchlists:
        return Reply(_with_usage(view))
    words = argument.split()
    if whole := named(view, argument):
        return Reply(change=Follow(whole, None))
    watchlist, level = named(view, " ".join(words[:-1])), LEVELS.get(_plain(words[-1]))
    if watchlist and level:
        return Reply(change=Follow(watchlist, level))
    if watchlist or (watchlist := named(view, words[0])):
        rest = argument.removeprefix(words[0]).strip() if named(view, words[0]) else words[-1]
        said = view.say("follow.level", level=markup.escape(markup.cut(rest, menus.ECHO)))
        return Reply(Message(said, menus.card(view, watchlist).buttons))
    asked = " ".join(words[:-1]) if level and len(words) > 1 else argument
    return Reply(menus.unknown_watchlist(view, asked, _nearest(view, asked)))


def _settings(scene: Scene, _: str) -> Reply:
    return Reply(menus.settings(scene.view)) if scene.may_change else _forbidden(scene.view)


def _digest(scene: Scene, _: str) -> Reply:
    if not scene.view.subscriptions:
        return Reply(Message(scene.view.say("digest.follow_first")))
    return Reply(change=DigestNow())


def _stop(scene: Scene, argument: str) -> Reply:
    view = scene.view
    if not scene.may_change:
        return _forbidden(view)
    if view.chat is None:
        return Reply(Message(view.say("stop.nothing")))
    if _plain(argument) in ("oui", "yes"):
        return Reply(change=Forget())
    return Reply(menus.stop(view))


def _reload(scene: Scene, _: str) -> Reply:
    if not scene.operator:
        return Reply(Message(scene.view.say("rights.operators")))
    return Reply(change=Reload())


_ANSWERS: Mapping[str, Callable[[Scene, str], Reply]] = {
    "start": _start,
    "aide": _help,
    "veilles": _lists,
    "suivre": _follow,
    "reglages": _settings,
    "digest": _digest,
    "stop": _stop,
    "recharger": _reload,
}


# --- presses -------------------------------------------------------------------------------------------------------
def _pressed(data: str, scene: Scene) -> Reply:
    press = callback.parse(data)
    handler = _PRESSES.get(press.verb) if press else None
    answer = handler(press, scene) if press and handler else None
    return answer or _stale(scene.view)


def _stale(view: View) -> Reply:
    return Reply(menus.lists(view), notice=view.say("menu.changed"))


def _press_lists(press: Press, scene: Scene) -> Reply:
    return Reply(menus.lists(scene.view, press.page))


def _press_card(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    return Reply(menus.card(scene.view, watchlist)) if watchlist else None


def _press_preview(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    return Reply(change=Preview(watchlist)) if watchlist else None


def _press_follow(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    if watchlist is None:
        return None
    if not scene.may_change:
        return _refused_press(scene.view)
    if press.value == "x":
        return Reply(change=Unfollow(watchlist))
    levels: dict[str, Level | None] = {"o": None, **dict(menus.LEVELS)}
    return Reply(change=Follow(watchlist, levels[press.value])) if press.value in levels else None


def _press_settings(press: Press, scene: Scene) -> Reply | None:
    if not scene.may_change:
        return _refused_press(scene.view)
    match press.target, press.value:
        case "", "":
            return Reply(menus.settings(scene.view))
        case "l", tongue if known := next((held for held in LANGUAGES if held == tongue), None):
            return Reply(change=SetLanguage(known))
        case "h", hour if hour.isdecimal() and int(hour) < 24:
            return Reply(change=SetHour(int(hour) * 60))
    return None


def _press_stop(press: Press, scene: Scene) -> Reply | None:
    if not scene.may_change:
        return _refused_press(scene.view)
    if scene.view.chat is None:
        return Reply(Message(scene.view.say("stop.nothing")))
    match press.target:
        case "y":
            return Reply(change=Forget())
        case "n":
            return Reply(Message(scene.view.say("stop.kept")))
    return None


def _press_admit(press: Press, scene: Scene) -> Reply | None:
    if not scene.operator or press.value not in ("private", "group") or not re.fullmatch(r"-?[0-9]+", press.target):
        return None
    return Reply(change=Admit(int(press.target), press.value))


def _press_nothing(_: Press, __: Scene) -> Reply:
    return SILENCE


_PRESSES: Mapping[str, Callable[[Press, Scene], Reply | None]] = {
    "v": _press_lists,
    "c": _press_card,
    "p": _press_preview,
    "f": _press_follow,
    "g": _press_settings,
    "s": _press_stop,
    "a": _press_admit,
    "n": _press_nothing,
}


# --- parts ---------------------------------------------------------------------------------------------------------
def _target(press: Press, view: View) -> Watchlist | None:
    watchlist = callback.named(press.target, view.watchlists)
    return view.watchlists[watchlist] if watchlist is not None else None


def _forbidden(view: View) -> Reply:
    return Reply(Message(view.say("rights.admins")))


def _refused_press(view: View) -> Reply:
    return Reply(notice=view.say("rights.admins"))


def _with_usage(view: View) -> Message:
    shown = menus.lists(view)
    return Message(f"{view.say('follow.usage', example=view.example())}\n\n{shown.html}", shown.buttons)


def _unknown(scene: Scene, name: str) -> Reply:
    own = [held for held in NAMES if held != "start"]
    nearest = difflib.get_close_matches(_plain(name), own, 1, _NEAR)
    lines = [scene.view.say("help.unknown", name=markup.escape(markup.cut(name, menus.ECHO)))]
    lines += [scene.view.say("help.nearest", name=near) for near in nearest] or [scene.view.say("help.see")]
    return Reply(Message("\n".join(lines)))


def _nearest(view: View, name: str) -> list[str]:
    """The three watchlists whose id or name looks most like `name`."""
    spellings = {_plain(spelling): held.id for held in view.watchlists.values() for spelling in (held.id, held.name)}
    close = difflib.get_close_matches(_plain(name), spellings, 6, 0.4)
    return list(dict.fromkeys(spellings[spelling] for spelling in close))[:3]


def _plain(text: str) -> str:
    """Lower case without accents: « Réglages » is /reglages."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char)).strip()
