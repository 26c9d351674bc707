"""Which verbs and events may stand between a day and its words, and which say another thing. Pure."""

import re

from matchers.model import DeadlineKind

# Behind a noun and without a verb they say which ones: « les contributions reçues »
_BARE = re.compile(
    r"(?:recu|envoye|adresse|transmise?|depose|remise?|recueillie?|communique|formule|presente|parvenu|received"
    r"|submitted|sent)e?s?"
)
# … or a verb that has it begin, last or be answered
HAS_IT = re.compile(
    r"(?:lanc|r?ouvr|prolong|prorog|clor|ferm|termin|achev|tien|examin|appel|plaid|fix)[a-z]+"
    r"|(?:cloturer|cloturera|cloturent|devra|devront|pourra|pourront|met|mets|mettent|mettre|mettez|mis)|(?!.*r(?:a|ont)$)(?:organis|soum|repon|particip|contribu|invit|adress|envo"
    r"|transmett|depos|formul|communiqu(?!e)|recueil|remett|fai[rt]|donne[rz]|presente[rz]|peu|pouve|welcome|submi|send"
    r"|sen[dt]|provid|invit|doi|dev|tenu|ont|avez|enjoi|demeure|inscri|renvo|report|repouss|avanc|maint|lire|enter"
    r"|extend|retourn|launch|open|run|dispos|benefici)[a-z]*"
)
WORD = re.compile(r"[a-z]+")
_ADVERBS = re.compile(r"(?:egalement|aussi|donc|encore|ainsi|desormais|toutefois|also|y|en|a|pas|plus|que|seulement)")
_ARTICLES = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "du",
        "de",
        "des",
        "d",
        "au",
        "aux",
        "pour",
        "par",
        "sur",
        "dans",
        "the",
        "on",
        "by",
        "for",
        "in",
        "ce",
        "cette",
    ]
)
_COPULAS = frozenset(
    [
        "est",
        "sont",
        "sera",
        "seront",
        "etre",
        "reste",
        "restent",
        "restera",
        "resteront",
        "demeure",
        "demeurent",
        "is",
        "are",
        "be",
        "been",
    ]
)
_FUTURE = re.compile(r"(?!(?:contra|extra|infra|intra|ultra|opera|camera|agora|para)$)[a-z]{2,}r(?:a|ont)")
_PLURAL = re.compile(
    r"(?!(?:presents?|agent|patient|client|competent|recent|cent|pertinent|permanent|president|different|equivalent"
    r"|accident|incident|precedent|urgent|argent|vent|content|event|souvent|referent|resident|subsequent|afferent"
    r"|consequent|coherent|frequent|transparent|parent|absent|trent|adherent|excellent|current|recipient|consent)$)"
    r"[a-z]{3,}(?<!m)ent"
)
# What notices say in the present of one, and of other days than an end
_SINGULAR = re.compile(
    r"(?:publie|conserve|organise|tient|reunit|adopte|precise|indique|rappelle|annonce|prepare|debute|commence|demarre"
    r"|(?:porte|couvre|concerne|vise|renvoie|traite|inclue|rassemble|regroupe|recense|analyse|compte|exclue"
    r"|alimente|finance)(?:nt)?|comprend|inclut|reprend|exclut|fournit|permet|intervient|figure|fete|celebre|ouvre|starts?|begins?|opens|publish(?:es|ed)?|meets?|presents"
    r"|adopts|issues?)"
)
# Things that happen on a day of their own, and how a thing fares until one
_EVENTS = re.compile(
    r"(?:reunions?|syntheses?|bilan|restitutions?|publications?|rapports?|resultats|annonces?|debuts?|visites?"
    r"|questions|indisponib[a-z]+|inaccessib[a-z]+|conserv[a-z]+|archiv[a-z]+|consultables?|recrutements?|demarrage"
    r"|meetings?|summary|report|results|publication|unavailable|kickoff|presentation|seances?|comites? de pilotage)"
)
_WHOSE = re.compile(r"(?:dont|lequel|laquelle|lesquels|lesquelles|auquel|auxquels|duquel|desquels)")
BEAR = (
    "ouver|clo|ferm|termin|achev|prendr|prend|fin(?!anc)|expir|prolong|prorog|report|repouss|fix|decal|eten|cour|dur|rest"
    "|demeur|deroul|maint|attend|extend|clos|end|run|allong|avanc|doiv|devr|peuv|pourr"
)
_OWN: dict[DeadlineKind, str] = {
    "consultation": "organis|lanc|men|condui|envo|adress|transm|depos|remett|remis|remise|parv|recu|recev|recueil"
    "|soum|communiq|fai|fer|formul|present|contrib|repon|particip|reagi|donn|invit|appel|accessib|accept|admis"
    "|poursui|possib|mis|met|open|submi|send|sent|provid|receiv|accept|respond|welcome",
    "tender": "envo|adress|transm|depos|remett|remis|parv|recu|recev|communiq|accept|admis|lire|submi|sent|receiv",
    "hearing": "tien|tenu|lieu|rend|pronon|lir|inscri|appel|plaid|examin|jug|statu|tranch|renvoy"
    "|evoqu|held|take|aur|entend",
    "in_force": "entr|appl|prenn|produ|devien|oppos|enter|appli",
    "expiry": "valab|valid|arriv|abrog|cess|accord|deliv|renouv|condui|men|mis|produ|appl",
    "compliance": "adress|communiqu|declar|notifi|design|depos|remett|enregistr|mett|identifi|recens|doiv|transm"
    "|transpos|dispos|peuv|appl|etabl|fourn|cess|supprim|inform",
}
_BEARERS: dict[DeadlineKind, re.Pattern[str]] = {
    kind: re.compile(f"(?:{BEAR}|{own})[a-z]*") for kind, own in _OWN.items()
}
_INFINITIVES = frozenset(["etre", "be", "been"])
_SMALL = _COPULAS | _ARTICLES
# What is done with answers once they are there: « sont transmises au ministre avant le … »
_HANDED_ON = re.compile(
    r"(?<![a-z])(?:est|sont|sera|seront) (?:[a-z]+ ){0,2}?(?:transmis|present|remis)[a-z]*(?![a-z])"
    r"|(?<![a-z])(?:adress|communiqu|envoy)[a-z]+ (?:au|aux|a la|a l') ?(?:ministres?|parlement|gouvernement|conseil"
    r"|comite|premiere?|president[a-z]*|commission)(?![a-z])"
)
OF_AN_END: tuple[DeadlineKind, ...] = ("consultation", "tender", "expiry")


def bears_it(kind: DeadlineKind, word: str, last: str) -> bool:
    if _BARE.fullmatch(word) and last not in _COPULAS:
        return False
    return _BEARERS[kind].fullmatch(word) is not None or HAS_IT.fullmatch(word) is not None


def says_else(kind: DeadlineKind, part: str) -> bool:
    """Is there a verb, or an event with a day of its own, that is none of this kind of deadline?"""
    words, bears = WORD.findall(part), _BEARERS[kind]
    if kind in OF_AN_END and _HANDED_ON.search(part):
        return True
    after = ""  # a form of to be
    for word in words:
        if after and _ADVERBS.fullmatch(word):
            continue
        is_else = after != "" and not (kind == "compliance" and after in _INFINITIVES) and word not in _SMALL
        if (is_else or _is_verb(word) or _is_event(kind, word)) and not bears.fullmatch(word):
            return True
        after = word if word in _COPULAS else ""
    return False


def _is_verb(word: str) -> bool:
    return word not in _COPULAS and any(form.fullmatch(word) for form in (_FUTURE, _PLURAL, _SINGULAR))


def _is_event(kind: DeadlineKind, word: str) -> bool:
    return (_EVENTS if kind in OF_AN_END else _WHOSE).fullmatch(word) is not None
