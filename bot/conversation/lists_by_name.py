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
_FOLLOW = frozenset(("suivre", "abonne", "abonner", "abonnez", "ajoute", "ajouter", "follow", "subscribe", "add"))
_UNFOLLOW = frozenset((
    "suivre", "suis", "veux", "unfollow", "desabonne", "desabonner", "desabonnez",
    "enleve", "retire", "retirer", "arrete", "unsubscribe", "stop", "remove",
))
_LED = frozenset((
    "a", "la", "le", "les", "l", "de", "d", "to", "the", "veille", "liste", "list", "watchlist", "from", "plus", "moi",
    "me",
))
_THANKED = frozenset(("please", "svp", "stp", "s", "il", "vous", "te", "plait", "merci", "thanks"))
# fmt: on


def list_named(words: list[str], request: Request) -> Doing | None:
    """« suivre secnumcloud », « je ne veux plus SecNumCloud »: a list by its name, and nothing else behind the verb."""
    verb = next((place for verbs in (_FOLLOW, _UNFOLLOW) for place, word in enumerate(words) if word in verbs), None)
    if verb is None or not all(word in _UNFOLLOW or wishes.is_filler(word) for word in words[:verb]):
        return None
    rest = words[verb + 1 :]
    while rest and rest[0] in _LED | _FOLLOW:
        rest = rest[1:]
    while rest and rest[-1] in _THANKED:
        rest = rest[:-1]
    found = _list_called(" ".join(rest), request.view) if rest else None
    if found is None:
        return None
    follows = words[verb] in _FOLLOW and not {"plus", "arrete", "stop"}.intersection(words)
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
