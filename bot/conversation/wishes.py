"""What somebody wants who writes to a bot as to a person: a wish, where every word is one that people wish with. Pure.

What holds another word may be news, and is looked for: « stop » is a wish, « StopCovid » is not; « arrête » is one,
« arrêté » is an act.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal

from bot.conversation.wish_values import hours_named, spelt
from bot.conversation.wish_words import FILLER, GROUPS, LITTLE, NEWS, STEMS
from bot.search import plain

Wish = Literal[
    "missed", "status", "why", "privacy", "export", "language", "hour", "days", "quiet", "settings", "less", "resume",
    "week", "digest", "lists", "deadlines", "help", "sources", "brief", "noise",
]  # fmt: skip

MOST = 24  # words: what is longer is no wish
_TYPED = 5  # letters of a word in which a slip of the thumb is borne
_NEAR = 0.85  # difflib's ratio
_WORD = re.compile(r"[^\W_]+")
_ENDS_WITH_E = re.compile("é(?:e?s?)$")
_NUMBER = re.compile(r"\d{1,4}(?:(?:h|er|am|pm)\d{0,2}|e|eme)?")
_CLOCK = re.compile(r"\b(\d{1,2})\s?(?:h|:|heures?)\s?([0-5]\d)\b|\b(\d{1,2})\s(h|am|pm)\b", re.IGNORECASE)
_ASKING = re.compile(r"(?<!qu[’'])\best[- ]ce qu(?:e\b|[’'])", re.IGNORECASE)  # « que » alone is « only »
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_WEEKEND = re.compile(r"\b(les?|ces?|the) we\b", re.IGNORECASE)
_SWITCHED = re.compile(r"\b(?:turn|switch|put)(?=\b.*\b(on|off)\b)", re.IGNORECASE)
_ENDINGS = re.compile(
    "(?:ing|ed|e|es|ons|ez|ent|er|is|s|ais|ait|iez|ions|aient|a|ai|as|ant|era?i?s?|eri?ez|erait|re|ir|oir|ra|ras)?"
)

_CHANGING = ("stops", "ends", "much", "moves", "levels", "subscribes")
_SPEAKING = frozenset(
    ("je", "j", "moi", "me", "m", "mes", "mon", "ma", "i", "my", "tu", "vous", "you", "svp", "stp", "please")
)
_LEAST = 2  # words that wish, for a guess

_KNOWN = FILLER.union(*GROUPS.values())


def wish_of(said: str) -> Wish | None:
    """What is wished; None where a word of it is none that people wish with, or where they make no wish."""
    words = _words_of(said)
    if not words or None in words:
        return None
    if len(told := [word for word in words if word not in LITTLE]) == 1 and told[0] in NEWS:
        return None
    said_ = _Said(frozenset(filter(None, words)), "?" in said, len(hours_named(said)))
    return next((wish for reads in _READERS if (wish := reads(said_))), None)


def is_of_a_pause(said: str) -> bool:
    """Whether it is for a time that less is wished, or until a day."""
    words = _Said(frozenset(filter(None, _words_of(said))), "?" in said, 0)
    return words.has("pauses") or words.has("until")


def is_wishing(said: str) -> bool:
    """Whether every word is one that people wish with."""
    return None not in _words_of(said)


def is_changing(word: str) -> bool:
    """Whether a word is one of those that want something followed, left, or otherwise."""
    known = _known(word, alone=False)
    return known is not None and any(known in GROUPS[name] for name in _CHANGING)


def guess(said: str) -> Wish | None:
    """What is probably wished by who says words of the world as well: what the others say alone."""
    known = [word for word in _words_of(said) if word is not None]
    telling = sum(word not in LITTLE and (word not in FILLER or word in _SPEAKING) for word in known)
    if telling + min(len(hours_named(said)), 1) < _LEAST:
        return None
    said_ = _Said(frozenset(known), "?" in said, len(hours_named(said)))
    return next((wish for reads in _READERS if (wish := reads(said_))), None)


def _words_of(said: str) -> list[str | None]:
    """The words that are meant, None for each that we do not know; none at all of what is too long."""
    switched = _SWITCHED.sub(lambda found: "reactivate" if found[1].lower() == "on" else "stop", spelt(normal(said)))
    written = _WORD.findall(_CLOCK.sub(r"\1\3h\2 ", _WEEKEND.sub(r"\1 weekend", _ASKING.sub(" ", switched))))
    return [_known(each, alone=len(written) == 1) for each in written] if len(written) <= MOST else [None]


def normal(said: str) -> str:
    """Composed letters, none of them more than twice in a row: « merciiii »."""
    return _DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFC", said))


def folded(word: str) -> str:
    """Lower case without accents, but for a last « é »: « arrêté » is not « arrête »."""
    ends = _ENDS_WITH_E.search(word.lower())
    return plain(word[: ends.start()]) + ends[0] if ends else plain(word)


def _known(written: str, *, alone: bool) -> str | None:
    """The word that is meant, "7h" for any hour and "0" for any number; None for one that we do not know."""
    word = folded(written)
    if word in _KNOWN:
        return word
    if _NUMBER.fullmatch(word):
        return "7h" if "h" in word or word.endswith("m") else "0"
    if (stem := _stem(word)) is not None:
        return STEMS[stem]
    if alone or len(word) < _TYPED:
        return None
    return next((each for each in get_close_matches(word, _long(), 2, _NEAR) if each[0] == word[0]), None)


def _stem(word: str) -> str | None:
    """The longest beginning of a verb whose form this is."""
    begins = (stem for stem in STEMS if word.startswith(stem) and _ENDINGS.fullmatch(word, len(stem)))
    return max(begins, key=len, default=None)


@cache
def _long() -> tuple[str, ...]:
    return tuple(sorted(word for word in _KNOWN if len(word) >= _TYPED))


# --- read, the first that tells --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Said:
    words: frozenset[str]
    asked: bool
    hours: int

    def has(self, *groups: str) -> bool:
        """A word of each of these groups."""
        return all(not GROUPS[name].isdisjoint(self.words) for name in groups)

    def any_of(self, *words: str) -> bool:
        return not self.words.isdisjoint(words)

    @property
    def refuses(self) -> bool:
        return self.has("stops") or self.has("refuses")


def _complaint(said: _Said) -> Wish | None:
    """What did not come, or came and why."""
    if said.has("dates", "before") and said.has("asks"):
        return "deadlines"
    if said.has("unclear") and said.refuses and said.has("alerts"):
        return "why"
    if said.has("offtopic") or (said.has("interests") and said.refuses):
        return "noise"
    if said.has("missed", "articles") or (said.has("articles", "refuses") and said.has("gets")):
        return "missed"
    if (
        said.has("gets", "refuses")
        and said.any_of("ai", "recu", "reçu", "recus", "received", "get", "got")
        and not said.has("only")
    ):
        return "status"
    if (
        said.any_of("recois", "marche", "fonctionne", "bug")
        and said.any_of("plus", "pas", "rien", "aucun", "aucune")
        and not said.has("why")
    ):
        return "status"
    if said.has("why") and not said.has("dates"):
        return "status" if said.any_of("rien", "pas", "plus", "aucun", "aucune", "nothing", "no") else "why"
    asks_what = said.has("what", "alerts", "these") and not said.has("digests")
    return "why" if asks_what and not said.refuses and not said.has("resumes") else None


def _of_data(said: _Said) -> Wish | None:
    if said.has("persons"):
        return "privacy"
    if said.has("exports") and (
        said.has("data") or said.has("alerts") or said.has("lists") or said.has("every") or said.has("formats")
    ):
        return "export"
    if said.has("ends") and said.any_of("tout", "everything", "all", "compte", "account", "sur", "moi", "me"):
        return "less"
    if said.has("digests", "holds") or (said.has("holds") and said.any_of("moi", "me", "about", "sur", "perso")):
        return "privacy"
    if said.has("rights") and (said.has("data") or said.any_of("mes", "my", "mon")):
        return "privacy"
    if not said.has("data"):
        return None
    if said.has("ends"):
        return "less"
    return "privacy" if said.has("keeps") else None


def _to_set(said: _Said) -> Wish | None:
    if said.has("languages"):
        return "language"
    if (
        (said.refuses or said.has("pauses"))
        and not said.has("happened")
        and not said.has("until")
        and not said.has("resumes")
        and _by_the_clock(said)
    ):
        return "quiet"
    if said.has("digests") and said.has("untimely"):
        return "hour"
    timed = (
        said.has("clock")
        or said.any_of("midi", "noon", "minuit", "midnight")
        or (said.has("hours") and said.has("sets"))
    )
    if timed and not said.has("pauses") and (said.has("digests") or said.has("sets")) and not said.has("until"):
        return "hour"
    if said.has("daysoff") and (said.refuses or said.has("pauses")) and not said.has("until"):
        return "days"
    if said.has("weekly") and said.any_of("fois", "times", "max", "maximum"):
        return "days"
    if said.has("everyweek") or (said.has("weekdays") and (said.has("every") or said.has("only"))):
        return "days" if not said.has("until") and not said.has("happened") else None
    return "settings" if said.has("settings") else None


def _by_the_clock(said: _Said) -> bool:
    """Whether it is at night, or before or after an hour, that nothing should come."""
    hours = said.has("clock") or said.any_of("midi", "minuit", "noon", "midnight")
    return said.has("nights") or said.hours == 2 or (hours and (said.has("before") or said.has("after")))


def _less(said: _Said) -> Wish | None:
    """Less, a pause, nothing at all: the answer offers all three."""
    if said.has("happened") and said.has("asks"):
        return "digest" if not said.has("weekly") else "week"
    if said.has("digests") and (said.has("only") or said.has("stops", "alerts")):
        return "less"
    if said.has("pauses") and not said.has("digests") and not said.has("resumes"):
        return "less"
    if said.has("stops") and not said.has("resumes"):
        return "less"
    if said.any_of("plus", "no", "pas", "aucune", "not", "rien") and said.has("alerts") and not said.asked:
        return "less"
    if said.any_of("plus", "jamais", "rien", "never") and said.has("ends_of_it"):
        return "less"
    if said.any_of("pas") and said.any_of("maintenant", "now"):
        return "less"
    many = said.has("much") and not said.has("data")
    return "less" if many and (said.has("alerts") or said.any_of("trop", "c", "moins", "less")) else None


def _more(said: _Said) -> Wish | None:
    if said.has("formats") and (said.has("superiors") or said.has("makes") or said.has("digests")):
        return "brief"
    if said.has("briefs") and (said.has("makes") or said.has("superiors")):
        return "brief"
    if said.has("lists") and said.has("asks"):
        return "lists"
    if said.asked and said.has("digests") and said.any_of("rien", "nothing"):
        return "digest"
    if said.has("resumes") and (said.has("alerts") or not said.has("digests")) and not said.refuses:
        return "resume"
    if said.has("weekly") and (said.has("digests") or said.has("happened")):
        return "week"
    if said.has("digests") and said.any_of("quand", "when"):
        return "status"
    return "digest" if said.has("digests") and not said.refuses else None


def _to_know(said: _Said) -> Wish | None:
    if said.has("essentials") and said.has("only"):
        return "lists"
    if said.has("sources") and (said.asked or said.has("asks") or said.has("shows") or said.has("reads")):
        return "sources"
    if (said.has("deadlines") or said.has("due", "asks")) and not said.has("alerts"):
        return "deadlines"
    if said.has("terms") or said.has("adds", "lists"):
        return "lists"
    if said.any_of("veilles", "abonnement", "abonnements", "watchlists", "subscriptions"):
        return "lists"
    if said.has("lists") and (said.has("asks") or said.has("keeps") or said.has("shows")):
        return "lists"
    if said.has("works"):
        return "help" if said.any_of("comment", "how") else "status"
    return "help" if said.has("helps") or said.has("asks", "able") or said.has("asks", "self") else None


_READERS = (_complaint, _of_data, _to_set, _less, _more, _to_know)
