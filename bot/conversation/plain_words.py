"""What people write without a slash: a command's name, a greeting, thanks, the wish to be left alone, how to set."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from bot.conversation import registry, settings_view, wish_values, wishes
from bot.conversation.context import Context
from bot.conversation.lists_by_name import list_named
from bot.conversation.model import Request, Shown, View
from bot.conversation.registry import Doing, button
from bot.messages.callback_data import Press, build
from bot.model import Button, Message
from bot.search import plain, says_nothing

_LONGEST = 200  # code points: what is longer is no remark
_WORD = re.compile(r"[^\W_]+")
# fmt: off
_GREETINGS = frozenset(("bonjour", "bonsoir", "salut", "coucou", "hello", "hi", "hey", "bjr", "slt"))
_GREETED = frozenset((
    "a", "tous", "toutes", "vigie", "le", "la", "bot", "monsieur", "madame", "there", "all", "good", "morning",
    "evening",
))
_HELP = frozenset(("aide", "aidez", "aider", "help", "comprends"))
_HELPED = frozenset((
    "moi", "me", "please", "svp", "j", "ai", "besoin", "d", "de", "je", "ne", "pas", "rien", "need", "i",
))
_THANKS = frozenset((
    "merci", "thanks", "thank", "thx", "ok", "okay", "super", "parfait", "genial", "bye", "cool", "nickel", "top",
    "bravo", "impeccable", "excellent", "chouette", "great", "perfect", "nice", "awesome", "cheers", "ty", "mercii",
    "journee", "soiree", "revoir", "ciao", "bientot", "tkt", "entendu", "compris", "dac", "lol", "mdr", "haha", "cimer",
    "noted", "yes", "oui", "non", "ouais", "yep", "nope", "okey", "marche", "roule", "note", "recu", "demain", "plus",
))
_THANKED = frozenset((
    "beaucoup", "bien", "c", "est", "a", "vous", "d", "accord", "you", "very", "much", "so", "lot", "pour", "tout",
    "infini", "mille", "au", "bonne", "bcp", "ca", "la", "le", "de", "votre", "ton", "aide", "encore", "toi", "va",
    "clair", "utile", "gentil", "sympa", "pratique", "efficace", "rapide", "mate", "guys", "vraiment", "trop", "that",
    "s", "was", "helpful", "clear", "job", "good", "well", "ce", "pas", "grave", "interessant", "grand", "infiniment",
    "tres", "fois", "your", "help", "the", "vigie", "prochaine", "toute", "toutes", "et",
))
_PLEASED = frozenset("👍🙏👏🙂😊😀😁😄😉👌❤💪🎉🤝✅🙌🥰😍💯⭐")
_WHO = re.compile(
    r"^(?:(?:liste|list) (?:des? |of )?|(?:dis|dites|montre|donne)\w* (?:moi )?)*"
    r"(?:qui|who|quels?|quelles?|which|les|the|acteurs|hebergeurs)\b.*"
    r"\b(?:qualifie|certifie|agree|labellise|qualified|certified)e?s?\b"
)
_FAREWELL = re.compile(
    r"\b(?:bon(?:ne)?s?|good|have a (?:good|nice|great)) (?:nuit|week ?end|we|one|vacances|semaine|journee|soiree|"
    r"apres midi|continuation|courage|appetit|annee|night|day|evening|week)\b"
)
_MEANT = {
    said: command
    for command, names in {
        "digest": ("alerte", "alertes", "dernieres alertes", "quoi de 9", "koi de 9", "koi de neuf", "kdn"),
        "veilles": ("menu",),
        "aide": (
            "qui etes vous", "qui es tu", "who are you", "menu principal", "c est qui vigie", "vigie c est quoi",
            "kesako", "kezako", "quesaco", "keskecela",
            "tu fais quoi", "vous faites quoi", "tu sers a quoi",
        ),
        "etat": ("tout va bien", "tout est ok", "everything ok", "all good", "ca tourne", "toujours la"),
    }.items()
    for said in names
}
_POLITE = frozenset(("please", "svp", "s", "il", "vous", "te", "plait", "en", "in", "la", "le", "ma", "my"))
# fmt: on
_STOP = re.compile(r"stop|stopper|stoppez|desabonn\w*|desinscri\w*|unsubscribe")
_LEAVE = re.compile(  # « arrêté » and « arrêt » are acts, and looked for
    rf"\b(?:{_STOP.pattern}|opt out|arrete[zrs]? (?:de|les|ces|tout|vos)|ne (?:veux|souhaite|desire) plus|ne plus|"
    r"plus (?:recevoir|de messages?|de notifications?|d alertes?)|no more|leave me alone)\b"
)
_LEFT = re.compile(r"\b(?:messages?|recevoir|notifications?|envoyer|alertes|alerts|sending|send|mails?|moi|me|m)\b")
_MISSED = re.compile(
    r"^(?:[a-z]{2,12} )?(?:il (?:vous |te )?manque|(?:tu as|t as|vous avez|you) (?:rate|manque|loupe|oublie|missed)|"
    r"(?:tu n as|vous n avez) pas (?:vu|lu|pris|envoye)) (?:l|un|une|cet|les|des|the|an|this) (?:articles?|papiers?)\b"
)
# fmt: off
_DONE_BY: Mapping[wishes.Wish, str] = {
    "missed": "manque", "status": "etat", "privacy": "confidentialite", "week": "depuis", "digest": "digest",
    "lists": "veilles", "deadlines": "echeances", "help": "aide", "settings": "reglages", "export": "export",
    "brief": "brief",
}
# fmt: on
_SET_IN: Mapping[wishes.Wish, str] = {"language": "l", "hour": "h", "days": "d", "quiet": "q"}
_NAMED_IN = {"h": wish_values.hour_named, "d": wish_values.days_named, "q": wish_values.quiet_named}
_CHANGES: frozenset[wishes.Wish] = frozenset(("language", "hour", "days", "quiet", "settings", "less", "resume"))
_HOW = re.compile(
    r"^(?:comment|how|puis je|peut on|pouvez vous|can i|can you|ou (?:se|sont|est)|where|"
    r"(?:je|j) (?:veux|voudrais|souhaite|aimerais)|changer?|regler|modifier|set|change|i want)\b"
)
_MENUS: Mapping[str, str] = {
    **dict.fromkeys(["heure", "heures", "horaire", "horaires", "hour", "hours", "time"], "h"),
    **dict.fromkeys(["langue", "language", "lang", "anglais", "english", "francais", "french"], "l"),
    **dict.fromkeys(
        ["nuit", "nuits", "silence", "silencieux", "son", "sonne", "soir", "quiet", "night", "sound", "mute"], "q"
    ),
    **dict.fromkeys(["jour", "jours", "weekend", "week", "end", "weekends", "ferie", "feries", "days"], "d"),
    **dict.fromkeys(["fuseau", "timezone", "zone"], "z"),
}
"""The settings menu that a word is about."""


def answer(request: Request) -> Doing | None:
    """What answers a remark; None for words to look for. Pure."""
    said = request.argument
    if len(said) > _LONGEST:
        return None
    words = _WORD.findall(plain(wishes.normal(said)))
    if not words:
        return show_help if "?" in said else welcome_thanks if _PLEASED.intersection(said) else answer_nothing
    told = " ".join(words)
    doing = _named(_MEANT.get(told, told), request) or list_named(said, request) or _courtesy(words)
    return doing or _wished(said, told, request) or _asked_to_set(words, told, request)


def asks_who(said: str) -> bool:
    """Whether somebody asks who is on an official list: « qui est qualifié SecNumCloud ? »"""
    return _WHO.search(" ".join(_WORD.findall(plain(said)))) is not None


def _courtesy(words: list[str]) -> Doing | None:
    if _only(words, _GREETINGS, _GREETED):
        return greet
    kept = _FAREWELL.sub("merci", " ".join(words)).split()
    if _only(kept, _THANKS, _THANKED):
        return welcome_thanks
    return show_help if _only(words, _HELP, _HELPED) else None


def _wished(said: str, told: str, request: Request) -> Doing | None:
    wish = wishes.wish_of(said)
    if _MISSED.match(told):
        return _done_by("missed")
    if _STOP.fullmatch(told) or (_LEAVE.search(told) and _LEFT.search(told) and wish is None):
        return leave if request.may_change else refuse
    if wish is not None:
        return _done_by(wish, said) if request.may_change or wish not in _CHANGES else refuse
    return show_help if says_nothing(said) and (" " in told or "?" in said) else None


def _asked_to_set(words: list[str], told: str, request: Request) -> Doing | None:
    menu = next((_MENUS[word] for word in words if word in _MENUS), None)
    asked = menu and request.may_change and (_HOW.match(told) or _only(words, frozenset(_MENUS), _POLITE))
    return settings_of(menu) if menu and asked else None


def _done_by(wish: wishes.Wish, said: str = "") -> Doing | None:
    """What does what is wished."""
    if wish in _SET_IN:
        menu = _SET_IN[wish]
        return settings_of(menu, _NAMED_IN[menu](said) if menu in _NAMED_IN else "")
    if wish in _DONE_BY:
        found = registry.find_command(_DONE_BY[wish])
        return found.do if found else None
    if wish == "less":
        return tell_of_pauses if wishes.is_of_a_pause(said) else leave
    return registry.find_wish(wish)


def _guessed(request: Request) -> tuple[wishes.Wish, str] | None:
    """The wish that a button offers, and under which token the words stand."""
    offered, kept = request.press.value, request.press.target
    wish = next((each for each in get_args(wishes.Wish) if offered and each.startswith(offered)), None)
    return (wish, kept) if wish and kept else None


@button("wg", reads=_guessed)
async def do_guessed(request: Request, context: Context, guessed: tuple[wishes.Wish, str]) -> Shown:
    """What was probably meant, once it is said to be so."""
    wish, kept = guessed
    doing = _done_by(wish, context.searches.query(kept) or "")
    if doing is None or (wish in _CHANGES and not request.may_change):
        return await refuse(request, context)
    return await doing(replace(request, argument=""), context)


def settings_of(menu: str, offered: str = "") -> Doing:
    """Open this menu of the settings; what was named stands on its first button."""

    async def open_menu(request: Request, context: Context) -> Shown:
        return settings_view.menu(request.view, menu, offered)

    return open_menu


def menu_named(name: str) -> str | None:
    """The settings menu that somebody takes for a command, « /langue »; None for none."""
    return _MENUS.get(name)


def _named(said: str, request: Request) -> Doing | None:
    """A command by its bare name, singular or plural; one that deletes is asked for by its slash."""
    command = registry.find_command_in_any_number(said)
    if command is None or not request.allows(command.right) or command.name == "stop":
        return None
    return command.do


def _only(words: list[str], some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of `some` is said, and nothing else but `others`."""
    return not some.isdisjoint(words) and some.union(others).issuperset(words)


async def answer_nothing(request: Request, context: Context) -> Message:
    """What holds no word: an emoji, points, a picture without a caption, a voice."""
    return Message(request.say("plain.nothing"))


# --- answered ------------------------------------------------------------------------------------------------------
async def greet(request: Request, context: Context) -> Shown:
    shown = await show_help(request, context)
    if not isinstance(shown, Message):
        return shown
    return Message(f"{request.say('plain.hello')}\n\n{shown.html}", shown.buttons)


async def show_help(request: Request, context: Context) -> Shown:
    """What /aide answers."""
    return await _answer_of("aide", request, context)


async def _answer_of(command: str, request: Request, context: Context) -> Shown:
    found = registry.find_command(command)
    return await found.do(request, context) if found else None


async def refuse(request: Request, context: Context) -> Message:
    """A member of a group wishes what its administrators set."""
    return Message(request.say("rights.admins"))


async def welcome_thanks(request: Request, context: Context) -> Message:
    return Message(request.say("plain.thanks"))


@registry.wish("resume")
async def tell_what_is_on(request: Request, context: Context) -> Shown:
    """Nothing is ever off by itself: what is followed, and when it is silent."""
    view = request.view
    if view.chat is None or not view.subscriptions:
        return await _answer_of("veilles", request, context)
    said = view.say(
        "plain.on", n=len(view.subscriptions), quiet=settings_view.hush(view), hour=settings_view.hour(view.chat)
    )
    return Message(said, leaving_keys(view)[:1])


@registry.wish("noise")
async def tell_of_noise(request: Request, context: Context) -> Message:
    """What came did not concern them: the vote says so to those who can change it."""
    view = request.view
    keys = ((view.key(request.say("button.lists"), "v"), view.key(request.say("button.settings"), "g")),)
    return Message(request.say("plain.noise"), keys if view.private else ())


@registry.wish("less")
async def leave(request: Request, context: Context) -> Message:
    """Less, nothing for some hours, or nothing at all: by buttons, and nothing is done before."""
    view = request.view
    if view.chat is None:
        return Message(request.say("stop.nothing"))
    return Message(request.say("plain.leave"), leaving_keys(view))


async def tell_of_pauses(request: Request, context: Context) -> Message:
    """There is no pause of one chat that ends by itself: what comes nearest is one press away, and so is its end."""
    view = request.view
    if view.chat is None:
        return Message(request.say("stop.nothing"))
    always = view.key(view.say("button.quiet_always"), "g", "q", settings_view.ALWAYS_QUIET)
    return Message(request.say("plain.pause"), ((always,), *leaving_keys(view)))


def leaving_keys(view: View) -> tuple[tuple[Button, ...], ...]:
    """Quiet hours, the watchlists, and the end."""
    return (
        (view.key(view.say("button.quiet"), "g", "q"), view.key(view.say("button.lists"), "v")),
        (Button(view.say("button.stop_all"), build(Press("s", place=view.place))),),
    )
