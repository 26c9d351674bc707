"""A watchlist that somebody follows or leaves in plain words, by its name."""

import re
from dataclasses import replace

from bot.conversation import registry, wishes
from bot.conversation.context import Context
from bot.conversation.model import Request, Shown, View
from bot.conversation.registry import Doing
from bot.search import plain
from matchers.model import Watchlist

_WORD = re.compile(r"[^\W_]+")
# fmt: off
_FOLLOW = re.compile(r"suiv(?:re|ez|ons)|(?:re)?(?:abonn|inscri|ajout|activ)\w*|follow|subscribe|add")
_UNFOLLOW = re.compile(
    r"suivre|suis|veux|(?:des(?:abonn|inscri|activ)|enlev|retir|supprim|arret|stopp?|coup|cess|quitt?|vir|degag)\w{0,4}|"
    r"unfollow|unsubscribe|remove|drop|mute"
)
_REFUSED = frozenset(("plus", "pas", "comment", "dois", "faut", "pourquoi", "how", "why", "should", "don"))
_LED = frozenset((
    "a", "la", "le", "les", "l", "de", "d", "to", "the", "veille", "liste", "list", "watchlist", "from", "plus", "moi",
    "me",
))
_THANKED = frozenset(("please", "svp", "stp", "s", "il", "vous", "te", "plait", "merci", "thanks"))
# fmt: on


def list_named(words: list[str], request: Request) -> Doing | None:
    """« suivre secnumcloud », « je ne veux plus SecNumCloud »: a list by its name, and nothing else behind the verb."""
    said = enumerate(words)
    verb = next((place for place, word in said if _FOLLOW.fullmatch(word) or _UNFOLLOW.fullmatch(word)), None)
    if verb is None or not wishes.is_wishing(" ".join(words[:verb])):
        return None
    rest = words[verb + 1 :]
    while rest and (rest[0] in _LED or _FOLLOW.fullmatch(rest[0])):
        rest = rest[1:]
    while rest and rest[-1] in _THANKED:
        rest = rest[:-1]
    found = _list_called(" ".join(rest), request.view) if rest else None
    if found is None:
        return None
    follows = _FOLLOW.fullmatch(words[verb]) and not _REFUSED.intersection(words)
    follow, card = registry.find_command("suivre"), registry.find_link("v_")
    does = follow if follows and follow and request.allows(follow.right) else card
    return _with(does.do, found) if does else None


def _list_called(name: str, view: View) -> Watchlist | None:
    spelt = {
        " ".join(_WORD.findall(plain(said))): each for each in view.watchlists.values() for said in (each.id, each.name)
    }
    return spelt.get(name)


def _with(do: Doing, watchlist: Watchlist) -> Doing:
    async def name_it(request: Request, context: Context) -> Shown:
        return await do(replace(request, argument=watchlist.id), context)

    return name_it
