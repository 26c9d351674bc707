"""Whether a day belongs to the words that it was found beside, or to another statement between them. Pure.

A word near a day proves little: « la synthèse de la consultation sera publiée au plus tard le 31 mars » closes none. So
whatever says something else between the two (another verb, another day, another thing that happens on a day) has the
day left alone: a day that is not told is looked up, a wrong one is believed."""

import re

from matchers.acts.deadline_verbs import BEAR, HAS_IT, OF_AN_END, WORD, bears_it, says_else
from matchers.listed import lines, words
from matchers.model import DeadlineKind

_OF = r"(?:de la|de l'|de cette|de ce|de leur|de|des|d'une|d'un|d'|du|of the|of)"
# « la clôture de la consultation »: what may be of a consultation and bear its end. « le site de la consultation » not
_HEAD = re.compile(
    rf"(?<![a-z])([a-z]+) {_OF} ?(?:(?:presente|nouvelle|premiere|seconde|deuxieme|future|public|new) )?$"
)
_HEADING = words("""
    clotures? fin dates? delais? duree periode terme report prolongation prorogation phase depot reception envoi remise
    transmission limites? butoirs? echeance cadre heures? objet ouverture lancement organisation titre partir close
    closing end deadline period launch opening use respect effet compter vigueur application validite role rang avant
    lieu aupres lors decision tenue
""")
_INFINITIVE = r"(?!(?:dossi|cahi|ateli|courri|calendri|fichi)er$)[a-z]+(?:er|ir|re|ez)"
_HEADS = re.compile(rf"(?:{_HEADING}|{_INFINITIVE})")
# Nouns: said beside a day with no verb between, they are the subject of nothing, and the day may be another's
_NOUNS = (
    *("consultations?", "concertations?", "participation", "call for", "comments", "contributions?(?![a-z])"),
    *("observations", "enquete", "appel a", "commentaires", "feedback", "votre avis", "vos ", "their ", "your "),
    *("written ", "remise", "reception", "depot", "submission", "receipt", "entree en", "experimentation", "validite"),
    *("conform", "periode", "audiences?", "hearings?"),
)
_NOUN = re.compile(f"(?:{'|'.join(_NOUNS)})")
# What may stand before such a noun: its article and what bears its end …
_LABELS = words("""
    le la les l un une de du des d a au aux en et the of to for in cette ce son sa vos votre leurs? presente?
    nouvelle premiere seconde deuxieme public publique dates? heures? limites? butoirs? delais? fin clotures? duree
    periode terme echeance phase report prolongation prorogation reponses? depot reception envoi remise transmission
    avis appel rappel ouverture lancement mise tenue objet calendrier erratum rectificatif important lots? [0-9]+
    deadline closing close end launch opening online jours? entree obligation numero n
""")
_LABEL = re.compile(f"(?:{_LABELS})")
_IS_PUT = re.compile(r"(?:est|sont|sera|seront) (?:re)?mise?s? en (?:la )?$")
_APPLIES = re.compile(
    r"(?:(?:est|sont|sera|seront|devient|deviennent|demeure|demeurent|reste|restent|rendue?s?|etre)(?: [a-z]+)? "
    r"|[,:(] *|^ *|[0-9] )$"
)
# Whatever is told beside a consultation that is over, or is to come
_BESIDE = re.compile(
    r"(?:apres|avant|depuis|sur|lors d(?:e|')|suite (?:a|de)|a la suite d(?:e|')|a l'issue d(?:e|')|au terme d(?:e|')"
    r"|following|after|before) ?(?:la |l'|une |cette |son |sa |ses |les |des |the |this )?(?:[a-z]+ )?$"
)
_OF_ANOTHER = re.compile(r"(?<![a-z])(?:qui|que|dont)(?![a-z])")
_DIRECTION = re.compile(
    r"jusqu au|avant le|au plus tard(?: le)?|d ici (?:au|le)|until|by|before|a compter du|a partir du|des le|le|on"
)
_DAYS_BETWEEN = re.compile(
    r"[0-9]{1,2}(?: ?er)? (?:janv|fevr?|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)[a-z]*\.?(?: [0-9]{4})?"
    r"|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}"
)
# What may stand between two days of one thing: « du 3 au 17 décembre », « fixée au 4, est reportée au 18 »
_DAY_TO_DAY = words(r"""
    au du le la a et est sont sera puis jusqu'au inclus plus tard at midnight fixe[es]* prevue?s? initialement h midi
    minuit heures? dans pour elle qui se s' [0-9:h]+ to until by on and has have been
    lundi mardi mercredi jeudi vendredi samedi dimanche
    cloture[a-z]* fin date limite butoir , : - \( \) lieu non avancee?s?
""")
_FROM_DAY_TO_DAY = re.compile(rf"(?:{_DAY_TO_DAY}|a compter du|(?:{BEAR}|renvoy)[a-z]*)+")
# An authority's own tasks are nobody else's duty: « le comité remet son rapport avant le … »
_BODIES = lines("""
    cnil|anssi|arcep|arcom|has|ans|agence|autorite|commission|ministre|gouvernement|comite|conseil|parlement|secretariat
    enisa|edpb|agency|authority|board|council
    delegation|mission|groupe de travail|observatoire|jury|etat|assemblee|cour
""")
_BODY = re.compile(rf"(?<![a-z])(?:{_BODIES})(?: [a-z'-]+){{0,5}} $")
# Of a procedure and not of the law: « les questions doivent être posées avant le … »
_REQUESTS = lines("""
    questions?
    demandes? (?:de|d') ?(?:renseignements?|precisions?|visite|report|participation|acces)
    reservations?|visites?|accreditations? de presse|articles? de presse|resumes?|communications?
""")
_ASKED = re.compile(rf"(?<![a-z])(?:{_REQUESTS})(?: [a-z'-]+){{0,6}} $")
_ITS_TASK = re.compile(r"(?:doit|devra|transmet|remet|etablit|a|dispose|est|sera|must|shall)(?![a-z])")
_ENDS = re.compile(
    r"expire|prend|arrive|cess|abroge|val(?:able|ide)s?(?![a-z])|mis fin"
)  # verbs: whose end is their subject


def governs(kind: DeadlineKind, cue: re.Match[str], between: str, ahead: str) -> bool:
    """May a day be that of the words beside it, `cue`? `between`: what stands between them and the day; `ahead`:
    before the day, where they follow it, else ""."""
    before = cue.string[: cue.start()]
    if kind in OF_AN_END and not (kind == "expiry" and _ENDS.match(cue[0])) and not _is_of_an_end(before):
        return False
    if kind == "compliance" and _BODY.search(before) and _ITS_TASK.match(cue[0]):
        return False
    if kind == "compliance" and _ASKED.search(before):
        return False
    if any(says_else(kind, part) for part in (between, ahead)):
        return False
    if ahead and kind == "compliance" and _OF_ANOTHER.search(between):
        return False
    if cue[0].startswith(("applicable", "opposable")) and not _APPLIES.search(before):
        return False
    if _NOUN.match(cue[0]) and not _is_the_subject(kind, before, between, ahead):
        return False
    *_, gap = _DAYS_BETWEEN.split(between)
    return gap is between or gap == between or _leads_on(gap)


def _is_of_an_end(before: str) -> bool:
    head = _HEAD.search(before)
    if head is not None and _HEADS.fullmatch(head[1]) is None:
        return False
    return _BESIDE.search(before) is None


def _is_the_subject(kind: DeadlineKind, before: str, between: str, ahead: str) -> bool:
    """Is a noun said to begin, to last or to end, by a verb or by standing alone?"""
    said = WORD.findall(between)
    if any(bears_it(kind, word, last) for last, word in zip(["", *said], said, strict=False)):
        return True
    words = re.findall(r"[a-z0-9]+", re.split(r"[:;,(]| - ", ahead or before)[-1])
    if ahead:
        return any(HAS_IT.fullmatch(word) for word in words) or not _DIRECTION.sub("", " ".join(words))
    if "sur" in words[-6:]:
        return False
    if _IS_PUT.search(before):
        return True
    return all(_LABEL.fullmatch(word) for word in words) or any(HAS_IT.fullmatch(word) for word in words[-8:])


def _leads_on(gap: str) -> bool:
    return all(_FROM_DAY_TO_DAY.fullmatch(word) for word in re.findall(r"[a-z']+|[0-9]+", gap))
