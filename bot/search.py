"""What a reader wants to find: words, phrases and operators read into a search. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage.articles.model import AnyOf, SearchQuery, WordsSought

LONGEST = 300  # code points of a query
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(
    r"""(-?)                                             # not
        (?:(titre|title|source|depuis|since)\s?:\s?)?    # where, or when
        (?:["«“]\s*([^"»”]*)["»”]|(\S+))                 # a phrase, or a word""",
    re.VERBOSE | re.IGNORECASE,
)
_LITTLE = frozenset(
    (
        "a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "for", "from", "in", "is",
        "j", "l", "la", "le", "les", "leur", "m", "n", "of", "on", "ou", "par", "pour", "qu", "que", "qui", "s", "sa",
        "se", "ses", "son", "sur", "t", "the", "to", "un", "une",
    )
)  # fmt: skip

_ASKING = _LITTLE | frozenset(
    (
        "about", "actualite", "actualites", "ai", "aimerais", "and", "any", "anything", "article", "articles", "as",
        "aurais", "aurait", "avez", "avoir", "been", "bonjour", "c", "cela", "cherche", "chercher", "chose",
        "choses", "combien", "comment", "concernant", "connais", "connaissez", "could", "dernier", "derniere",
        "dernieres", "derniers", "did", "dis", "dit", "dites", "do", "does", "donne", "donner", "donnez", "est",
        "et", "etait", "eu", "fait", "find", "for", "give", "hear", "hello", "how", "i", "il", "ils", "info",
        "information", "informations", "infos", "is", "it", "je", "latest", "lire", "liste", "lu", "me", "merci",
        "moi", "montre", "montrer", "montrez", "much", "my", "ne", "neuf", "new", "news", "not", "nous", "nouveau",
        "nouveaute", "nouveautes", "nouvelle", "nouvelles", "only", "ont", "or", "ou", "parle", "parlent", "parler",
        "pas", "peux", "plait", "please", "pourquoi", "pouvez", "propos", "quand", "quel", "quelle", "quelles",
        "quelque", "quelques", "quels", "quoi", "recent", "recente", "recherche", "recherchez", "savoir", "search",
        "see", "show", "si", "some", "something", "still", "sujet", "sujets", "svp", "tell", "than", "thanks",
        "that", "this", "there", "tous", "tout", "toute", "toutes", "trouve", "trouver", "trouvez", "tu", "veux",
        "voir", "vois", "voudrais", "vous", "vu", "was", "were", "what", "when", "where", "who", "why", "will", "y",
        "you", "koi", "kezako", "c'est", "cest", "pk", "veut", "dire", "signifie", "mean", "means", "explique",
        "expliquez", "expliquer", "explain", "y'a", "ya", "stp", "jveux", "jvoudrais",
    )
)  # fmt: skip
"""What surrounds the words in a question that somebody writes as it is said."""


@dataclass(frozen=True, slots=True)
class Confusing:
    """A query that can't be read; `when` is the word after depuis: that names no day."""

    when: str = ""


DayReader = Callable[[str], datetime | None]
"""When the day begins that these words name, where the reader lives; None where they name none that has begun."""


def parse(query: str, day: DayReader) -> SearchQuery | Confusing:
    """What to look for. Words are all wanted, in any order, singular or plural; a phrase as it stands."""
    title, anywhere, without, sources = list[AnyOf](), list[AnyOf](), list[tuple[AnyOf, ...]](), list[str]()
    since: datetime | None = None
    for no, where, phrase, word in _PART.findall(query[:LONGEST]):
        said, operator = phrase or word, where.lower()
        if operator in ("depuis", "since"):
            since = day(said)
            if since is None:
                return Confusing(said)
        elif operator == "source":
            sources.append(plain(said))
        elif parts := _parts(said, whole=bool(phrase), titled=bool(operator)):
            if no:
                without.append(parts)
            else:
                (title if operator else anywhere).extend(parts)
    wanted = WordsSought(tuple(anywhere), tuple(title), tuple(without))
    return SearchQuery(wanted, tuple(sources), since) if wanted or sources or since else Confusing()


def words(query: str) -> tuple[str, ...]:
    """The plain words of a query, folded: what a nearest spelling is sought for."""
    found = [plain(word) for no, where, _, word in _PART.findall(query[:LONGEST]) if word and not no and not where]
    return tuple(part for word in found for part in _WORD.findall(word) if part not in _LITTLE)


def telling(query: str) -> str:
    """The words of a question that say what it is about; "" where it has no others, or none."""
    said = _WORD.findall(query[:LONGEST])
    kept = [each for each in said if plain(each) not in _ASKING]
    return " ".join(kept) if len(kept) < len(said) else ""


def says_nothing(query: str) -> bool:
    """Whether all its words are those that surround the ones that tell: « what is this? »."""
    return all(plain(each) in _ASKING for each in _WORD.findall(query[:LONGEST]))


def plain(text: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def _parts(said: str, *, whole: bool, titled: bool) -> tuple[AnyOf, ...]:
    parts = _WORD.findall(plain(said))
    if whole:
        return ((" ".join(parts),),) if parts else ()
    kept = [part for part in parts if titled or part not in _LITTLE]  # l'hébergement: the word without its article
    return tuple(map(_forms, kept))


def _forms(word: str) -> AnyOf:
    """A word, singular and plural, with « oe » written either way."""
    forms = {word}
    if len(word) > 2 and not word.isdecimal():
        forms |= _numbers(word)
    for form in tuple(forms):
        forms |= {form.replace("oe", "œ"), form.replace("œ", "oe")}
    return tuple(sorted(forms))


def _numbers(word: str) -> set[str]:
    if word.endswith("aux"):
        return {word[:-3] + "al", word[:-1]}
    if word.endswith(("s", "x")):
        return {word[:-1]}
    if word.endswith("al"):
        return {word[:-2] + "aux", word + "s"}
    return {word + "s", word + "x"} if word.endswith(("au", "eu", "ou")) else {word + "s"}
