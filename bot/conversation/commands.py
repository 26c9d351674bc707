"""What somebody asked, and what is to be done about it: a request in, a reply and changes out. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.conversation import callbacks, menus, settings
from bot.conversation.model import (
    SILENCE,
    Ask,
    DigestNow,
    Export,
    FindArticles,
    Follow,
    FollowAll,
    Forget,
    Journal,
    Merge,
    Missed,
    OpenPlace,
    PauseSending,
    PauseSource,
    Reload,
    Reply,
    Scene,
    ShowDossier,
    Sources,
    Split,
    Status,
    Try,
    TryTerm,
    View,
    WhyAddress,
    WhyLink,
    WhyMessage,
)
from bot.messages import markup
from bot.model import Incoming, Message
from matchers.model import Level, Watchlist

NAMES = {
    "start": "start",
    "aide": "aide", "help": "aide",
    "veilles": "veilles", "watchlists": "veilles", "list": "veilles",
    "suivre": "suivre", "follow": "suivre",
    "reglages": "reglages", "settings": "reglages",
    "digest": "digest",
    "recherche": "recherche", "chercher": "recherche", "search": "recherche",
    "export": "export", "exporter": "export",
    "confidentialite": "confidentialite", "privacy": "confidentialite",
    "pourquoi": "pourquoi", "why": "pourquoi",
    "manque": "manque", "missed": "manque",
    "etat": "etat", "status": "etat",
    "dossier": "dossier", "affair": "dossier",
    "separer": "separer", "split": "separer",
    "fusionner": "fusionner", "merge": "fusionner",
    "stop": "stop",
    "sources": "sources",
    "pause": "pause",
    "journal": "journal",
    "essai": "essai", "backtest": "essai",
    "recharger": "recharger", "reload": "recharger",
}  # fmt: skip
LEVELS: Mapping[str, Level] = {
    "flash": "flash",
    "quotidien": "daily", "daily": "daily",
    "hebdo": "weekly", "hebdomadaire": "weekly", "weekly": "weekly",
}  # fmt: skip
_COMMAND = re.compile(r"/(\w+)(@\w+)?(?:\s+(.*))?", re.DOTALL)
_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
ADDED = "here"  # what our link to add us to a group has Telegram say there
LONGEST_ADDRESS = 2_000
LONGEST_PAUSE, LONGEST_SOURCE_PAUSE, SOURCE_PAUSE = timedelta(days=1), timedelta(days=30), timedelta(days=1)
_PAUSE = re.compile(r"(?:(.*\S)\s+)?(\d{1,5})\s*(m|min|h|j|d)", re.IGNORECASE | re.DOTALL)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "j": timedelta(days=1), "d": timedelta(days=1)}
_NEAR = 0.5  # difflib's ratio


def reply(incoming: Incoming, scene: Scene) -> Reply:
    """The answer to a message or a press; nothing for what is not addressed to the bot."""
    if incoming.chat_kind == "channel":
        return SILENCE
    if incoming.kind == "press":
        return callbacks.reply(incoming.data, scene)
    found = _COMMAND.fullmatch(incoming.text.strip())
    if found is None:
        return _words(scene, incoming.text.strip()) if scene.private else SILENCE
    name, addressed, argument = _plain(found[1]), found[2], (found[3] or "").strip()
    command = NAMES.get(name)
    if command is None:
        return _unknown(scene, found[1]) if scene.private or addressed else SILENCE
    return _ANSWERS[command](scene, argument)


def _words(scene: Scene, text: str) -> Reply:
    """What somebody says in private without a command: an address to explain, or words to look for."""
    if _LINK.fullmatch(text):
        return _why(scene, text)
    return Reply(change=FindArticles(text)) if text else _help(scene, "")


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
    if scene.private and payload.startswith("p_"):
        return Reply(change=WhyLink(payload[2:]))
    if scene.private and payload.startswith("c_"):
        return Reply(change=OpenPlace(payload[2:]))
    if payload == ADDED and not scene.private:  # who came by our link is greeted as the group is entered
        return SILENCE
    if view.chat is None and scene.may_change and view.watchlists:
        return Reply(change=FollowAll())
    return Reply(menus.welcome(view, subscribed=False))


def _help(scene: Scene, _: str) -> Reply:
    return Reply(menus.everyday(scene.view))


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
    return Reply(settings.menu(scene.view)) if scene.may_change else _forbidden(scene.view)


def _digest(scene: Scene, _: str) -> Reply:
    if not scene.view.subscriptions:
        return Reply(Message(scene.view.say("digest.follow_first")))
    return Reply(change=DigestNow())


def _search(scene: Scene, argument: str) -> Reply:
    return Reply(change=FindArticles(argument) if argument else Ask("recherche", scene.view.say("search.ask")))


def _export(scene: Scene, _: str) -> Reply:
    """In private alone: what is kept of a group is not for all who read it."""
    view = scene.view
    if not scene.private:
        return Reply(Message(view.say("export.private")))
    return Reply(change=Export()) if view.chat else Reply(Message(view.say("stop.nothing")))


def _privacy(scene: Scene, _: str) -> Reply:
    return Reply(Message(scene.view.say("privacy.text")))


def _why(scene: Scene, argument: str) -> Reply:
    if scene.reply_to is not None and not argument:
        return Reply(change=WhyMessage(scene.reply_to))
    if not argument:
        return Reply(change=Ask("pourquoi", scene.view.say("fate.ask")))
    address = _address(argument)
    return Reply(change=WhyAddress(address)) if address else Reply(Message(scene.view.say("fate.no_address")))


def _missed(scene: Scene, argument: str) -> Reply:
    if not argument:
        return Reply(change=Ask("manque", scene.view.say("fate.ask_missed")))
    address = _address(argument)
    return Reply(change=Missed(address)) if address else Reply(Message(scene.view.say("fate.no_address")))


def _address(said: str) -> str:
    """The first address in what was said; "" without one."""
    found = _LINK.search(said)
    return found[0][:LONGEST_ADDRESS] if found else ""


def _status(_: Scene, __: str) -> Reply:
    return Reply(change=Status())


def _sources(scene: Scene, _: str) -> Reply:
    return Reply(change=Sources()) if scene.operator else Reply(Message(scene.view.say("rights.operators")))


def _pause(scene: Scene, argument: str) -> Reply:
    """« 30m » holds what is sent; anything else names a source, with a length at its end or not."""
    if not scene.operator:
        return Reply(Message(scene.view.say("rights.operators")))
    found = _PAUSE.fullmatch(argument)
    source, number, unit = found.groups() if found else (argument, None, "")
    wait = int(number) * _UNITS[unit[0].lower()] if number else SOURCE_PAUSE
    longest = LONGEST_SOURCE_PAUSE if source else LONGEST_PAUSE
    if not (source or number) or not timedelta() < wait <= longest:
        return Reply(Message(scene.view.say("status.pause_usage")))
    return Reply(change=PauseSource(source, wait) if source else PauseSending(wait))


def _journal(scene: Scene, _: str) -> Reply:
    return Reply(change=Journal()) if scene.operator else Reply(Message(scene.view.say("rights.operators")))


def _dossier(_: Scene, argument: str) -> Reply:
    return Reply(change=ShowDossier(argument))


def _split(scene: Scene, argument: str) -> Reply:
    if scene.reply_to is not None and not argument:
        return Reply(change=Split("", scene.operator, scene.reply_to))
    if not argument:
        return Reply(change=Ask("separer", scene.view.say("affair.ask_split")))
    return Reply(change=Split(argument, scene.operator))


def _merge(scene: Scene, argument: str) -> Reply:
    words = argument.split()
    if len(words) != 2:
        return Reply(change=Ask("fusionner", scene.view.say("affair.ask_merge")))
    return Reply(change=Merge(words[0], words[1], scene.operator))


def _stop(scene: Scene, argument: str) -> Reply:
    view = scene.view
    if not scene.may_change:
        return _forbidden(view)
    if view.chat is None:
        return Reply(Message(view.say("stop.nothing")))
    if scene.private or _plain(argument) in ("oui", "yes"):  # a group is asked: one would decide for all
        return Reply(change=Forget())
    return Reply(menus.stop(view))


def _reload(scene: Scene, _: str) -> Reply:
    if not scene.operator:
        return Reply(Message(scene.view.say("rights.operators")))
    return Reply(change=Reload())


def _try(scene: Scene, argument: str) -> Reply:
    if not scene.operator:
        return Reply(Message(scene.view.say("rights.operators")))
    return Reply(change=TryTerm(argument) if argument else Try())


_ANSWERS: Mapping[str, Callable[[Scene, str], Reply]] = {
    "start": _start,
    "aide": _help,
    "veilles": _lists,
    "suivre": _follow,
    "reglages": _settings,
    "digest": _digest,
    "recherche": _search,
    "export": _export,
    "confidentialite": _privacy,
    "etat": _status,
    "sources": _sources,
    "pause": _pause,
    "journal": _journal,
    "pourquoi": _why,
    "manque": _missed,
    "dossier": _dossier,
    "separer": _split,
    "fusionner": _merge,
    "stop": _stop,
    "essai": _try,
    "recharger": _reload,
}


# --- parts ---------------------------------------------------------------------------------------------------------
def _forbidden(view: View) -> Reply:
    return Reply(Message(view.say("rights.admins")))


def _with_usage(view: View) -> Message:
    shown = menus.lists(view)
    return Message(f"{view.say('follow.usage', example=view.example())}\n\n{shown.html}", shown.buttons)


def _unknown(scene: Scene, name: str) -> Reply:
    known = [held for held in NAMES if held != "start"]
    close = difflib.get_close_matches(_plain(name), known, 1, _NEAR)
    nearest = [menus.called(NAMES[held], scene.view.language) for held in close]
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
