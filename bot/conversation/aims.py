"""A sentence with a verb and an object: what somebody wants followed, left, written of, or had at a level. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

from bot.conversation import wishes
from bot.conversation.aim_words import BRIEF, FOLLOW, LEAVE, LED, LEVELS, PERSONAL, SETS, TAIL
from bot.conversation.wish_words import FILLER, GROUPS, words_in
from bot.search import plain
from matchers.model import Watchlist
from matchers.watchlists.terms import bare

Act = Literal["follow", "leave", "brief"]

CHOICES = 3  # watchlists that a name may mean: more, and it means none
_LONGEST, _CLAUSE, _NAME = 24, 3, 8  # words of a sentence, of a name that is no clause, of a watchlist's name
_TYPED, _NEAR = 5, 0.8  # letters of a word in which a slip is borne, difflib's ratio
_WORD = re.compile(r"[^\W_]+")
_VERBS: tuple[tuple[Act, re.Pattern[str]], ...] = (("brief", BRIEF), ("leave", LEAVE), ("follow", FOLLOW))
_BEFORE = FILLER | GROUPS["superiors"] | GROUPS["asks"]
_WHEN = re.compile(r"\b(?:si|quand|if|when|whenever|que|qu|lorsque?)\b")
_ALERTS = words_in(
    "alerte alertes alert alerts veille veilles previens prevenez prevenir alerter notif notifs notifie notify suivre "
    "surveiller watchlist abonnements"
)
_OURS = words_in("je j moi me m mes ma my nous i veux want mets mettez mettre")
_LITTLE = words_in("a au aux d de des du en et l la le les un une the of and on")


@dataclass(frozen=True, slots=True)
class Aim:
    """`object` is what is meant, as it was written. `personal`: the sentence says that it is about who speaks."""

    act: Act
    object: str
    personal: bool = False


def aim_of(said: str) -> Aim | None:
    """What is wanted of what; None where no verb leads, or where its object is none but words that people wish with."""
    written = _WORD.findall(wishes.normal(said))
    if not 1 < len(written) <= _LONGEST:
        return None
    told = " ".join(map(wishes.folded, written))
    return next((aim for act, verb in _VERBS if (aim := _aim(act, verb, told, written))), None) or _between(written)


def level_of(said: str) -> str | None:
    """What is left of a sentence that names a level, without the words that set one; None without a level."""
    told = " ".join(map(wishes.folded, _WORD.findall(wishes.normal(said))))
    for _, words in LEVELS:
        if words.search(told):
            return " ".join(word for word in words.sub(" ", told).split() if not SETS.fullmatch(word))
    return None


def _aim(act: Act, verb: re.Pattern[str], told: str, written: list[str]) -> Aim | None:
    found = next((each for each in verb.finditer(told) if _carried(told[: each.start()])), None)
    if found is None:
        return None
    behind = written[len(told[: found.end()].split()) :]
    rest = " ".join(map(plain, behind))
    led = LED.match(rest)
    leads = led[0] if led else ""
    words = behind[len(leads.split()) : len(TAIL.sub("", f" {rest}").split())]
    if not words or _only_wishes(words) or (act == "brief" and not leads and "brief" not in found[0]):
        return None  # « note technique » is looked for
    personal = (act == "follow" and found.start() > 0) or PERSONAL.search(f"{found[0]} {leads}") is not None
    return Aim(act, _named(words, clause=_WHEN.search(leads) is not None), personal)


def _between(written: list[str]) -> Aim | None:
    """The one name in a wish for alerts, wherever it stands: « mettez Alan dans mes alertes »."""
    known = [wishes.is_wishing(word) for word in written]
    strange = [place for place, each in enumerate(known) if not each]
    if not strange or len(strange) != strange[-1] - strange[0] + 1 or len(strange) > _CLAUSE:
        return None
    rest = [wishes.folded(word) for word in (*written[: strange[0]], *written[strange[-1] + 1 :])]
    wished = _ALERTS.intersection(rest) and _OURS.intersection(rest)
    return Aim("follow", " ".join(written[strange[0] : strange[-1] + 1]), personal=True) if wished else None


def _named(words: list[str], *, clause: bool) -> str:
    """The name that begins a clause, « si Cirrova obtient une qualification »; else all of it."""
    name = list(takewhile(lambda word: word[0].isupper() or word[0].isdecimal(), words))
    return " ".join(name if name and (clause or len(words) > _CLAUSE) else words)


def _carried(before: str) -> bool:
    """Whether what stands before a verb only carries a wish."""
    return all(word in _BEFORE for word in before.split())


def _only_wishes(words: list[str]) -> bool:
    return wishes.is_wishing(" ".join(words))


# --- watchlists by their names ---------------------------------------------------------------------------------------
def lists_meant(name: str, watchlists: Mapping[str, Watchlist]) -> tuple[Watchlist, ...]:
    """The watchlist that is called so, slips borne, or up to three whose name holds every word of it."""
    words = _words(name)
    known = tuple(watchlists.values())
    if not words or max(map(len, words)) < 3:
        return tuple(each for each in known if plain(name) == plain(each.id))
    whole = tuple(each for each in known if any(near(name, called) for called in (each.id, each.name)))
    held = whole or tuple(each for each in known if _holds(each, words))
    return held if len(held) <= CHOICES else ()


def list_within(said: str, watchlists: Mapping[str, Watchlist]) -> Watchlist | None:
    """The watchlist that a wish names among words that people wish with, some of which want it changed."""
    words = _WORD.findall(wishes.normal(said))
    if not 1 < len(words) <= _LONGEST or not any(map(wishes.is_changing, words)):
        return None
    for size in range(min(len(words) - 1, _NAME), 0, -1):
        for start in range(len(words) - size + 1):
            name, rest = words[start : start + size], [*words[:start], *words[start + size :]]
            if _only_wishes(rest) and not _only_wishes(name) and any(map(wishes.is_changing, rest)):
                found = lists_meant(" ".join(name), watchlists)
                if len(found) == 1:
                    return found[0]
    return None


def lists_of_term(term: str, watchlists: Mapping[str, Watchlist]) -> tuple[Watchlist, ...]:
    """The watchlists that look for this very term."""
    wanted = _words(term)
    return tuple(each for each in watchlists.values() if any(_words(bare(held)) == wanted for held in each.terms))


def near(written: str, known: str) -> bool:
    """Whether one name is another, blanks apart, and a slip of the thumb."""
    return _same("".join(_words(written)), "".join(_words(known)))


def _holds(watchlist: Watchlist, words: list[str]) -> bool:
    """Whether its name has each of these words."""
    held = (*_words(watchlist.id), *_words(watchlist.name))
    return all(any(_same(word, each) for each in held) for word in words)


def _words(name: str) -> list[str]:
    return [word for word in _WORD.findall(plain(name)) if word not in _LITTLE]


def _same(written: str, known: str) -> bool:
    if not written or not known:
        return False
    if written == known or written in (f"{known}s", known.removesuffix("s")):
        return True
    short = min(len(written), len(known))
    return short >= _TYPED and written[0] == known[0] and SequenceMatcher(None, written, known).ratio() >= _NEAR
