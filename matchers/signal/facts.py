"""Where a sentence tells a fact of a kind: its verbs conjugated, the nouns of the act, its set phrases. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, assert_never

from matchers.language.fact_words import FACT_WORDS, FACTS, Fact
from matchers.language.text import fold
from matchers.late import late

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
    "recevoir": ("reçoit reçoivent reçut reçurent", "reçu", "recevr"),
    "perdre": ("perd perdent perdit perdirent", "perdu", "perdr"),
    "suspendre": ("suspend suspendent suspendit", "suspendu", "suspendr"),
    "rendre": ("rend rendent rendit", "rendu", "rendr"),
    "remettre": ("remet remettent remit", "remis", "remettr"),
    "transmettre": ("transmet transmettent transmit", "transmis", "transmettr"),
    "exclure": ("exclut excluent", "exclu", "exclur"),
    "conclure": ("conclut concluent", "conclu", "conclur"),
    "interdire": ("interdit interdisent", "interdit", "interdir"),
    "contraindre": ("contraint contraignent contraignit", "contraint", "contraindr"),
    "enjoindre": ("enjoint enjoignent enjoignit", "enjoint", "enjoindr"),
    "rejoindre": ("rejoint rejoignent rejoignit", "rejoint", "rejoindr"),
    "déchoir": ("", "déchu", "déchoir"),
    "échoir": ("échoit", "échu", "échoir"),
    "paraître": ("paraît paraissent parut", "paru", "paraîtr"),
    "reconnaître": ("reconnaît reconnaissent reconnut", "reconnu", "reconnaîtr"),
    "introduire": ("introduit introduisent", "introduit", "introduir"),
    "réduire": ("réduit réduisent", "réduit", "réduir"),
    "reconduire": ("reconduit reconduisent", "reconduit", "reconduir"),
    "dire": ("dit disent", "dit", "dir"),
    "mettre": ("met mettent mit mirent", "mis", "mettr"),
    "étendre": ("étend étendent étendit", "étendu", "étendr"),
    "restreindre": ("restreint restreignent", "restreint", "restreindr"),
    "ouvrir": ("ouvre ouvrent ouvrit", "ouvert", "ouvrir"),
    "réussir": ("réussit réussissent", "réussi", "réussir"),
    "intégrer": ("intègre intègrent intégra", "intégré", "intégrer"),
    "interrompre": ("interrompt interrompent interrompit", "interrompu", "interrompr"),
    "prendre": ("prend prennent prit prirent", "pris", "prendr"),
    "reprendre": ("reprend reprennent reprit", "repris", "reprendr"),
    "éteindre": ("éteint éteignent éteignit", "éteint", "éteindr"),
    "sortir": ("sort sortent sortit", "sorti", "sortir"),
}
_FUTURES = {"renvoyer": "renverr"}
# Doubled consonants of the present
_DOUBLED = {"rejeter": "rejett", "renouveler": "renouvell"}


def conjugated(verb: str) -> _Forms:
    """Its forms that tell a fact, folded. KeyError: not in -er, nor in -ir like choisir, nor an irregular one known."""
    if verb in _IRREGULAR or verb[-2:] not in ("er", "ir"):
        finite, participle, future = _IRREGULAR[verb]
        return _forms(verb, finite.split(), _agreed(participle), future)
    stem = verb[:-2]
    if verb.endswith("er"):
        soft = stem + "e" if stem.endswith("g") else stem
        heavy = _DOUBLED.get(verb, stem[:-1] + "i" if stem.endswith(("ay", "oy", "uy")) else stem)
        present = (heavy + "e", heavy + "ent", soft + "a", stem + "èrent")
        return _forms(verb, present, _agreed(stem + "é"), _FUTURES.get(verb, heavy + "er"))
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


_PARTICIPLE = late(r"é(?=e?s?(?!\w))", re.IGNORECASE)


def _marked(text: str, folded: str) -> str:
    """The folded text with the accents of é, ée, és and ées, which tell « adopté » from « adopte »."""
    letters = list(folded)
    for found in _PARTICIPLE.finditer(text):
        letters[found.start()] = "é"
    return "".join(letters)


# --- sentences -------------------------------------------------------------------------------------------------------
_WORD = late(r"\w+")
_ADVERB = r"(?:(?!pas |plus |jamais |point |rien |guere )\w+ )?"
_AUXILIARY = late(
    rf"(?<!\w)(?:a|ont|est|sont|eté|vu|voit|voient|fait|vien(?:t|nent) (?:tout juste )?d etre"
    rf"|(?:annonce|dit|affirme|reconnait|confirme|indique|assure)(?:nt)? avoir) {_ADVERB}\Z"
)
_TO_BE_DONE = late(rf"(?<!\w)(?:sera|seront|aura|auront) {_ADVERB}\Z")
# What is just done, or has to be
_JUST = (
    r"vien(?:t|nent) (?:tout juste )?de?|(?:contraint|obligé|forcé)e?s? (?:a|de?)|(?:a|ont) du|decid(?:e|ent|é) de?"
    r"|accept(?:e|ent|é) de?|se voi(?:t|ent)"
)
_DONE = late(rf"(?<!\w)(?:{_JUST}) {_ADVERB}\Z")
_DONE_OR_COMING = late(rf"(?<!\w)(?:{_JUST}|va|vont|doi(?:t|vent)) {_ADVERB}\Z")
_ITSELF = (" s ", " se ")  # s'impose, se retire
_NOUNS_TOO = frozenset(("vote", "casse", "attaque", "bascule", "interdit", "reserve"))
# Participles that are nouns as well: « contraintes contractuelles », « remises aux hôpitaux »
_NAMES_TOO = frozenset(("contrainte", "contraintes", "retenues", "remise", "remises", "reçus", "recus", "sorties"))
_DETERMINED = late(r"(?<!\w)(?:le|la|une?|du|de|au|ce|cette|son|sa|en) \Z")
_APART, _FAR = "  ", 8  # two blanks are a punctuation; words between a verb and its object
_REACH = 160  # characters around a verb that are read: a text without a full stop costs no more than another
# « Présenté comme conforme à la loi » presents no law; « jugé comme illégal » judges
_BROKEN = late(r"(?<!\w)(?:pas|plus|jamais|etre|comme(?= \w)|\w+rai(?:en)?t)(?!\w)")
_APPOSED = late(r"(?: (?!chaque|tous|toutes)\w+){0,5}?  (?:le|la|l|les|ce|cet|cette|son|sa) ")
_JOINED = late(r"(?<!\w)(?:a|ont|est|sont) (?:(?!  ).)* et \Z")  # a déposé plainte et déprogrammé
_CARRIED = (
    r"(?:annonce|annoncent|confirme|confirment|prononce|prononcent|decide|decident|ordonne|ordonnent|acte|actent"
    r"|officialise|officialisent|signe|signent|obtient|obtiennent|celebre|subit|encaisse|valide|publie)(?: de)?"
)
_BEFORE_NOUN = r"(?:(?:l|la|le|les|une?|son|sa|leur|nouvel(?:le)?|premiere?|double|lourde|historique|grosse|\d+) )*"
_ADJECTIVE = (
    r"(?:(?:partielle?|totale?|immediate?|provisoire|temporaire|officiel(?:le)?|surprise|brutale?|pure et simple) )?"
)
_AFTER_NOUN = rf"(?= {_ADJECTIVE}(?:d|de|du|des|pour|contre|chez|au|aux|a|en|record|historique|effective|definitive)\b)"
# What is asked for, or only the subject of what the clause goes on to tell: la migration coûtera, inquiète, tarde
_ASKED_FOR = (
    r"(?!(?:(?!  ).)*\b(?:(?:demand|reclam|envisag|contest|redout|evoqu|examin)ée?s?"
    r"|\w{3,}er(?:a|ont)|coute|coutent|inquiete|inquietent|divise|interroge|tarde|patine|agite|suscite|souleve)\b)"
)


def told(kinds: Collection[Fact], text: str, folded: str, *, headline: bool) -> Iterable[Span]:
    """Where a sentence tells a fact of these kinds, in order. Whether it denies it is not asked here.

    A participle alone tells one in a headline (« Qualification suspendue »), or where a clause begins with it;
    elsewhere it only describes (« la qualification obtenue par »).
    """
    marked = _marked(text, folded)
    found = {
        (start + match.start(), start + match.end())
        for start in _openings(text, headline=headline)
        for kind in kinds
        for match in _phrases(kind).finditer(marked[start:])
    }
    for word in _WORD.finditer(marked):
        for use in _uses().get(word[0], ()):
            if use.kind in kinds and (headline or not use.headline):
                span = _told_by(use, word, marked, headline)
                if span is not None:
                    found.add(span)
    return sorted(span for span in found if not (headline and _is_theme(text, marked, span)))


_COLON = late(r"\s?:\s")


def _openings(text: str, *, headline: bool) -> Iterable[int]:
    """Where a clause begins that may tell a fact of its own: what stands after a headline's colon does."""
    yield 0
    if headline and (colon := _COLON.search(text)) is not None:
        yield colon.end()


# « Migration de la plateforme : la facture » names what the rest is about; a rejection so named has happened
_THEME = late(r"(?:la |le )?(?:migration|bascule|transfert|sortie|rapatriement)s?\Z")
# « Amende de la Cnil : l'éditeur fera appel » tells an answer to a fine that was told before
_PUNISHED = late(r"(?:l |la |une )?(?:amende|sanction|condamnation|astreinte|mise en demeure)s?\Z")
_ANSWERED = late(
    r"\b(?:\w+(?:er|ir|dr)(?:a|ont)|conteste(?:nt)?|plaide(?:nt)?|repond(?:ent)?|s explique(?:nt)?"
    r"|denonce(?:nt)?|se defend(?:ent)?|se pourvoi(?:t|ent)|reagi(?:t|ssent)|fait appel|font appel)\b"
)


def _is_theme(text: str, marked: str, span: Span) -> bool:
    """Does a headline only announce with this noun, its first words, what it goes on to tell after a colon?"""
    said = marked[span[0] : span[1]]
    colon = _COLON.search(text, span[1])
    if span[0] > 0 or colon is None:
        return False
    return _THEME.match(said) is not None or (
        _PUNISHED.match(said) is not None and _ANSWERED.search(marked, colon.end()) is not None
    )


@lru_cache(maxsize=len(FACTS))
def _phrases(kind: Fact) -> re.Pattern[str]:
    """The nouns and set phrases of a kind."""
    made = FACT_WORDS[kind]
    parts = [line.strip() for line in made.said.strip().splitlines()]
    if made.nouns:
        parts.append(rf"(?:(?<=  )|\A){_BEFORE_NOUN}(?:{_named(made.nouns)}){_AFTER_NOUN}{_ASKED_FOR}")
    if carried := (*made.nouns, *made.carried):
        parts.append(rf"{_CARRIED} {_BEFORE_NOUN}(?:{_named(carried)})")
    return _whole("|".join(parts))


def _whole(expression: str) -> re.Pattern[str]:
    """An expression of whole words, in which an accent may lack: titles in capitals have none."""
    return late(rf"(?<!\w)(?:{expression.replace('é', '[eé]')})(?!\w)")


def _named(nouns: Iterable[str]) -> str:
    return "|".join(_plain(noun) + "s?" for noun in nouns)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a form of a verb is, and of which kind it tells a fact, beside which object; None: beside any."""

    kind: Fact
    tense: Literal["told", "participle", "future", "infinitive"]
    thing: re.Pattern[str] | None
    headline: bool


@lru_cache(maxsize=1)
def _uses() -> Mapping[str, tuple[_Use, ...]]:
    """By form. Some 200 verbs, 12 forms each: made once, when first asked."""
    found: dict[str, list[_Use]] = {}
    for kind, made in FACT_WORDS.items():
        bound = [(verbs, _whole(thing)) for verbs, thing in made.bound]
        for verbs, thing, headline in ((made.verbs, None, False), (made.headline, None, True)):
            _add(found, kind, verbs, thing, headline)
        for verbs, thing in bound:
            _add(found, kind, verbs, thing, headline=False)
    return {form: tuple(uses) for form, uses in found.items()}


def _add(found: dict[str, list[_Use]], kind: Fact, verbs: str, thing: re.Pattern[str] | None, headline: bool) -> None:
    for forms in map(conjugated, verbs.split()):
        for form in dict.fromkeys(forms.told):
            found.setdefault(form, []).append(_Use(kind, "told", thing, headline))
        for form in dict.fromkeys(forms.participles):
            found.setdefault(form, []).append(_Use(kind, "participle", thing, headline))
        for form in forms.future if FACT_WORDS[kind].coming else ():
            found.setdefault(form, []).append(_Use(kind, "future", thing, headline))
        found.setdefault(forms.infinitive, []).append(_Use(kind, "infinitive", thing, headline))


def _told_by(use: _Use, word: re.Match[str], marked: str, headline: bool) -> Span | None:
    """The words of a fact of which this is the verb; None if it tells none."""
    start = _begins(use, word, marked)
    if start is None:
        return None
    is_alone = use.tense == "participle" and start == word.start()
    if use.thing is not None:
        return _beside(use, (start, word.end()), marked)
    return (start, word.end()) if headline or not is_alone or _opens_clause(marked, start) else None


def _begins(use: _Use, word: re.Match[str], marked: str) -> int | None:
    """Where its words begin, with an auxiliary; None if the form tells nothing where it stands."""
    base = max(word.start() - _REACH, 0)
    before = marked[base : word.start()]
    match use.tense:
        case "participle":
            if _TO_BE_DONE.search(before) is not None and not FACT_WORDS[use.kind].coming:
                return None
            auxiliary = _AUXILIARY.search(before)
            if auxiliary is None:
                return None if word[0] in _NAMES_TOO else word.start()
            return base + auxiliary.start()
        case "infinitive":
            lead = (_DONE_OR_COMING if FACT_WORDS[use.kind].coming else _DONE).search(before)
            return None if lead is None else base + lead.start()
        case "told" | "future":
            is_noun = word[0] in _NOUNS_TOO and _DETERMINED.search(before) is not None
            return None if is_noun or f" {before}".endswith(_ITSELF) else word.start()
        case tense:
            assert_never(tense)


def _beside(use: _Use, verb: Span, marked: str) -> Span | None:
    """The verb with its object after it, or before a participle: « le décret est publié », « le décret, publié »."""
    assert use.thing is not None
    for thing in use.thing.finditer(marked, verb[1], verb[1] + _REACH):
        if _is_near(marked[verb[1] : thing.start()]):
            return verb[0], thing.end()
    if use.tense == "participle" and (apposed := _apposed(use.thing, verb, marked)) is not None:
        return apposed
    for thing in use.thing.finditer(marked, max(verb[0] - _REACH, 0), verb[0]) if use.tense == "participle" else ():
        between = marked[thing.end() : verb[0]]
        if between == _APART or _is_near(between):
            return thing.start(), verb[1]
    return None


def _apposed(thing: re.Pattern[str], verb: Span, marked: str) -> Span | None:
    """« Publié dimanche, le texte » : a participle that opens the sentence, and after one comma what it bears on."""
    if marked[: verb[0]].strip() or (after := _APPOSED.match(marked, verb[1])) is None:
        return None
    named = thing.match(marked, after.end())
    return None if named is None else (verb[0], named.end())


def _is_near(between: str) -> bool:
    """Do these characters lie in one clause, few and without a word that breaks the tie?"""
    return _APART not in between and len(between.split()) <= _FAR and _BROKEN.search(between) is None


def _opens_clause(marked: str, start: int) -> bool:
    before = marked[max(start - _REACH, 0) : start]
    return (start < _REACH and not before.strip()) or before.endswith(_APART) or _JOINED.search(before) is not None
