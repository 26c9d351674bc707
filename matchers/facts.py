"""Where a sentence tells a fact of a kind: its verbs conjugated, the nouns of the act, its set phrases. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matchers.fact_words import FACT_WORDS, FACTS, Fact
from matchers.text import fold

Span = tuple[int, int]


# --- verbs -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Forms:
    """A verb, folded, in the third person. What is wished for, supposed or described has other forms."""

    told: tuple[str, ...]  # present, past simple
    participles: tuple[str, ...]
    future: tuple[str, ...]
    infinitive: str


# The present and the past simple, the participle, and the stem of the future
_IRREGULAR: dict[str, tuple[str, str, str]] = {
    "obtenir": ("obtient obtiennent obtint obtinrent", "obtenu", "obtiendr"),
    "retenir": ("retient retiennent retint retinrent", "retenu", "retiendr"),
    "maintenir": ("maintient maintiennent maintint", "maintenu", "maintiendr"),
    "détenir": ("détient détiennent", "détenu", "détiendr"),
    "recevoir": ("reçoit reçoivent reçut reçurent", "reçu", "recevr"),
    "perdre": ("perd perdent perdit perdirent", "perdu", "perdr"),
    "suspendre": ("suspend suspendent suspendit", "suspendu", "suspendr"),
    "rendre": ("rend rendent rendit", "rendu", "rendr"),
    "remettre": ("remet remettent remit", "remis", "remettr"),
    "transmettre": ("transmet transmettent transmit", "transmis", "transmettr"),
    "promettre": ("promet promettent promit", "promis", "promettr"),
    "exclure": ("exclut excluent", "exclu", "exclur"),
    "conclure": ("conclut concluent", "conclu", "conclur"),
    "interdire": ("interdit interdisent", "interdit", "interdir"),
    "contraindre": ("contraint contraignent contraignit", "contraint", "contraindr"),
    "enjoindre": ("enjoint enjoignent enjoignit", "enjoint", "enjoindr"),
    "rejoindre": ("rejoint rejoignent rejoignit", "rejoint", "rejoindr"),
    "élire": ("élit élisent", "élu", "élir"),
    "déchoir": ("", "déchu", "déchoir"),
    "échoir": ("échoit", "échu", "échoir"),
    "paraître": ("paraît paraissent parut", "paru", "paraîtr"),
    "prendre": ("prend prennent prit", "pris", "prendr"),
    "reconnaître": ("reconnaît reconnaissent reconnut", "reconnu", "reconnaîtr"),
    "introduire": ("introduit introduisent", "introduit", "introduir"),
    "poursuivre": ("poursuit poursuivent", "poursuivi", "poursuivr"),
    "reconduire": ("reconduit reconduisent", "reconduit", "reconduir"),
    "dire": ("dit disent", "dit", "dir"),
    "mettre": ("met mettent mit mirent", "mis", "mettr"),
    "étendre": ("étend étendent étendit", "étendu", "étendr"),
    "restreindre": ("restreint restreignent", "restreint", "restreindr"),
    "ouvrir": ("ouvre ouvrent ouvrit", "ouvert", "ouvrir"),
    "rompre": ("rompt rompent rompit", "rompu", "rompr"),
    "réussir": ("réussit réussissent", "réussi", "réussir"),
    "intégrer": ("intègre intègrent intégra", "intégré", "intégrer"),
    "interrompre": ("interrompt interrompent interrompit", "interrompu", "interrompr"),
    "sortir": ("sort sortent sortit", "sorti", "sortir"),
    "partir": ("part partent partit", "parti", "partir"),
}
# Doubled consonants of the present
_DOUBLED = {"rejeter": "rejett", "renouveler": "renouvell", "appeler": "appell", "projeter": "projett"}


def conjugated(verb: str) -> _Forms:
    """Its forms that tell a fact, folded. KeyError: not in -er, nor in -ir like choisir, nor an irregular one known."""
    if verb in _IRREGULAR or verb[-2:] not in ("er", "ir"):
        present, participle, future = _IRREGULAR[verb]
        return _forms(verb, present.split(), _agreed(participle), future)
    stem = verb[:-2]
    if verb.endswith("er"):
        soft = stem + "e" if stem.endswith("g") else stem
        plain = [_DOUBLED.get(verb, stem) + end for end in ("e", "ent")]
        return _forms(verb, [*plain, soft + "a", stem + "èrent"], _agreed(stem + "é"), _DOUBLED.get(verb, stem) + "er")
    return _forms(verb, [stem + end for end in ("it", "issent", "irent")], _agreed(stem + "i"), verb)


def _forms(verb: str, present: Iterable[str], participles: Iterable[str], future: str) -> _Forms:
    return _Forms(
        tuple(map(_plain, present)),
        tuple(map(_plain, participles)),
        (_plain(future + "a"), _plain(future + "ont")),
        _plain(verb),
    )


def _agreed(participle: str) -> tuple[str, ...]:
    plural = participle if participle.endswith("s") else participle + "s"
    return participle, participle + "e", plural, participle + "es"


def _plain(text: str) -> str:
    folded = fold(text).decode("latin-1")
    return " ".join(_marked(text, folded).split())


_PARTICIPLE = re.compile(r"é(?=e?s?(?!\w))", re.IGNORECASE)


def _marked(text: str, folded: str) -> str:
    """The folded text with the accents of é, ée, és and ées, which tell « adopté » from « adopte »."""
    letters = list(folded)
    for found in _PARTICIPLE.finditer(text):
        letters[found.start()] = "é"
    return "".join(letters)


# --- expressions -----------------------------------------------------------------------------------------------------
# Words of one clause: two blanks are a punctuation
_NEAR = r"(?: (?!pas\b|plus\b|jamais\b|etre\b|\w+rai(?:en)?t\b)\w+){0,8}? "
_ADVERB = r"(?:(?!pas |plus |jamais |point |rien |guere )\w+ )?"
_AUXILIARY = rf"(?:a|ont|est|sont|eté|vu|voit|voient|fait) {_ADVERB}"
_NOUNS_TOO = frozenset(
    ("vote", "votes", "casse", "attaque", "attaques", "bascule", "interdit", "part", "reserve", "amende")
)
_NO_NOUN = "".join(
    rf"(?<!\b{word} )" for word in ("le", "la", "un", "une", "du", "de", "au", "ce", "cette", "son", "sa", "en")
)
_NOT_ITSELF = r"(?<!\bs )(?<!\bse )"
_CARRIED = (
    r"(?:annonce|annoncent|confirme|confirment|prononce|prononcent|decide|decident|ordonne|ordonnent|acte|actent"
    r"|officialise|officialisent|signe|signent|obtient|obtiennent|celebre|subit|encaisse|valide|publie)(?: de)?"
)
_BEFORE_NOUN = r"(?:(?:l|la|le|les|une?|son|sa|leur|nouvel(?:le)?|premiere?|double|lourde|historique|grosse|\d+) )*"
_AFTER_NOUN = r"(?= (?:d|de|du|des|pour|contre|chez|au|aux|a|en|record|historique|effective|definitive)\b)"


@lru_cache(maxsize=2 * len(FACTS))
def _expression(kind: Fact, headline: bool) -> re.Pattern[str]:
    """All that tells facts of the kind, in folded and marked text; the group is a participle alone."""
    made = FACT_WORDS[kind]
    known = [conjugated(verb) for verb in f"{made.verbs} {made.headline if headline else ''}".split()]
    told = [_verbs(known, made.coming)] if known else []
    told += [_bound([*map(conjugated, verbs.split())], f"(?:{thing})", made.coming) for verbs, thing in made.bound]
    told += [_nouns(made.nouns)] if made.nouns else []
    bare = _either(form for each in known for form in each.participles)
    alone = rf"|({_NOT_ITSELF}(?:{bare}))" if bare else ""
    said = (line.strip() for line in made.said.strip().splitlines())
    return re.compile(rf"(?<!\w)(?:{'|'.join((*told, *said))}{alone})(?!\w)")


def _verbs(known: Sequence[_Forms], coming: bool) -> str:
    told = [form for each in known for form in (*each.told, *(each.future if coming else ()))]
    sure = _either(form for form in told if form not in _NOUNS_TOO)
    doubtful = _either(form for form in told if form in _NOUNS_TOO)
    done = _either(form for each in known for form in each.participles)
    to_do = _either(each.infinitive for each in known)
    ahead = r"|va|vont|doi(?:t|vent)" if coming else ""
    return (
        rf"{_NOT_ITSELF}(?:{sure}{rf'|{_NO_NOUN}(?:{doubtful})' if doubtful else ''})|{_AUXILIARY}(?:{done})"
        rf"|(?:vien(?:t|nent) (?:tout juste )?de?{ahead}) {_ADVERB}(?:{to_do}|etre {_ADVERB}(?:{done}))"
    )


def _bound(known: Sequence[_Forms], thing: str, coming: bool) -> str:
    done = _either(form for each in known for form in each.participles)
    return (
        rf"(?:{_verbs(known, coming)}|{_NO_NOUN}(?:{done})){_NEAR}{thing}"
        rf"|{thing}(?:{_NEAR}(?:(?:est|sont|eté) {_ADVERB})?|  )(?:{done})"
    )


def _nouns(nouns: Iterable[str]) -> str:
    named = _either(_plain(noun) + "s?" for noun in nouns)
    return rf"(?:(?<=  )|\A){_BEFORE_NOUN}(?:{named}){_AFTER_NOUN}|{_CARRIED} {_BEFORE_NOUN}(?:{named})"


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(dict.fromkeys(words), key=lambda word: (-len(word), word)))


def told(kinds: Sequence[Fact], text: str, folded: str, *, headline: bool) -> Iterable[Span]:
    """Where a sentence tells a fact of these kinds, in order. Whether it denies it is not asked here.

    A participle alone tells one in a headline (« Qualification suspendue »), or where a clause begins with it;
    elsewhere it only describes (« la qualification obtenue par »).
    """
    marked = _marked(text, folded)
    matches = (match for kind in kinds for match in _expression(kind, headline).finditer(marked))
    return sorted(
        {match.span() for match in matches if headline or match[1] is None or _opens_clause(folded, match.start())}
    )


_JOINED = re.compile(r"\b(?:a|ont|est|sont) (?:(?!  ).)* et \Z")  # a déposé plainte et déprogrammé


def _opens_clause(folded: str, start: int) -> bool:
    before = folded[:start]
    return not before.strip() or before.endswith("  ") or _JOINED.search(before) is not None
