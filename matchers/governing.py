"""Whether a day belongs to the words that it was found beside, or to another statement between them. Pure.

A word near a day proves little: « la synthèse de la consultation sera publiée au plus tard le 31 mars » closes none. So
whatever says something else between the two (another verb, another day, another thing that happens on a day) has the
day left alone: a day that is not told is looked up, a wrong one is believed."""

import re

from matchers.model import DeadlineKind

_OF = r"(?:de la|de l'|de cette|de ce|de leur|de|des|d'une|d'un|d'|du|of the|of)"
# « la clôture de la consultation »: what may be of a consultation and bear its end. « le site de la consultation » not
_HEAD = re.compile(
    rf"(?<![a-z])([a-z]+) {_OF} ?(?:(?:presente|nouvelle|premiere|seconde|deuxieme|future|public|new) )?$"
)
_HEADS = re.compile(
    r"(?:clotures?|fin|dates?|delais?|duree|periode|terme|report|prolongation|prorogation|phase|depot|reception|envoi"
    r"|remise|transmission|limites?|butoirs?|echeance|cadre|heures?|objet|ouverture|lancement|organisation|titre|partir"
    r"|close|closing|end|deadline|period|launch|opening|use|respect|effet|compter|vigueur|application|validite|role|rang"
    r"|avant|lieu|aupres|lors|decision|tenue|(?!(?:dossi|cahi|ateli|courri|calendri|fichi)er$)[a-z]+(?:er|ir|re|ez))"
)
# Nouns: said beside a day with no verb between, they are the subject of nothing, and the day may be another's
_NOUN = re.compile(
    r"(?:consultations?|concertations?|participation|call for|comments|contributions?(?![a-z])|observations|enquete"
    r"|appel a|commentaires|feedback|votre avis|vos |their |your |written |remise|reception|depot|submission|receipt"
    r"|entree en|experimentation|validite|conform|periode|audiences?|hearings?)"
)
# What may stand before such a noun: its article and what bears its end …
_LABEL = re.compile(
    r"(?:le|la|les|l|un|une|de|du|des|d|a|au|aux|en|et|the|of|to|for|in|cette|ce|son|sa|vos|votre|leurs?|presente?"
    r"|nouvelle|premiere|seconde|deuxieme|public|publique|dates?|heures?|limites?|butoirs?|delais?|fin|clotures?|duree"
    r"|periode|terme|echeance|phase|report|prolongation|prorogation|reponses?|depot|reception|envoi|remise|transmission"
    r"|avis|appel|rappel|ouverture|lancement|mise|tenue|objet|calendrier|erratum|rectificatif|important|lots?|[0-9]+"
    r"|deadline|closing|close|end|launch|opening|online|jours?|entree|obligation|numero|n)"
)
# … or a verb that has it begin, last or be answered
_HAS_IT = re.compile(
    r"(?:lanc|r?ouvr|prolong|prorog|clor|ferm|termin|achev|tien|examin|appel|plaid|fix)[a-z]+"
    r"|(?:cloturer|cloturera|cloturent|devra|devront|pourra|pourront|met|mets|mettent|mettre|mettez|mis)|(?!.*r(?:a|ont)$)(?:organis|soum|repon|particip|contribu|invit|adress|envo"
    r"|transmett|depos|formul|communiqu(?!e)|recueil|remett|fai[rt]|donne[rz]|presente[rz]|peu|pouve|welcome|submi|send"
    r"|sen[dt]|provid|invit|doi|dev|tenu|ont|avez|enjoi|demeure|inscri|renvo|report|repouss|avanc|maint|lire|enter"
    r"|extend|retourn|launch|open|run|dispos|benefici)[a-z]*"
)
# Behind a noun and without a verb they say which ones: « les contributions reçues »
_BARE = re.compile(
    r"(?:recu|envoye|adresse|transmise?|depose|remise?|recueillie?|communique|formule|presente|parvenu|received"
    r"|submitted|sent)e?s?"
)
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
_WORD = re.compile(r"[a-z]+")
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
_OF_ANOTHER = re.compile(r"(?<![a-z])(?:qui|que|dont)(?![a-z])")
_WHOSE = re.compile(r"(?:dont|lequel|laquelle|lesquels|lesquelles|auquel|auxquels|duquel|desquels)")
_BEAR = (
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
    kind: re.compile(f"(?:{_BEAR}|{own})[a-z]*") for kind, own in _OWN.items()
}
_INFINITIVES = frozenset(["etre", "be", "been"])
_SMALL = _COPULAS | _ARTICLES
# What is done with answers once they are there: « sont transmises au ministre avant le … »
_HANDED_ON = re.compile(
    r"(?<![a-z])(?:est|sont|sera|seront) (?:[a-z]+ ){0,2}?(?:transmis|present|remis)[a-z]*(?![a-z])"
    r"|(?<![a-z])(?:adress|communiqu|envoy)[a-z]+ (?:au|aux|a la|a l') ?(?:ministres?|parlement|gouvernement|conseil"
    r"|comite|premiere?|president[a-z]*|commission)(?![a-z])"
)
_DIRECTION = re.compile(
    r"jusqu au|avant le|au plus tard(?: le)?|d ici (?:au|le)|until|by|before|a compter du|a partir du|des le|le|on"
)
_DAYS_BETWEEN = re.compile(
    r"[0-9]{1,2}(?: ?er)? (?:janv|fevr?|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)[a-z]*\.?(?: [0-9]{4})?"
    r"|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}"
)
# What may stand between two days of one thing: « du 3 au 17 décembre », « fixée au 4, est reportée au 18 »
_FROM_DAY_TO_DAY = re.compile(
    r"(?:au|du|le|la|a|et|est|sont|sera|puis|jusqu'au|inclus|plus|tard|at|midnight|fixe[es]*|prevue?s?|initialement|h|midi|minuit"
    r"|heures?|dans|pour|elle|qui|se|s'|[0-9:h]+|to|until|by|on|and|has|have|been|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|cloture[a-z]*|fin|date|limite|butoir|,|:|-|\(|\)|lieu|non|avancee?s?|a compter du"
    rf"|(?:{_BEAR}|renvoy)[a-z]*)+"
)
# « les certificats émis avant le 1er janvier », « les revenus perçus à compter du … » : which ones, and no duty
_WHICH = re.compile(
    r"(?<![a-z])(?<!etre )(?<!avoir )(?<!sera )(?<!seront )(?<!est )(?<!sont )"
    r"(?:(?:emis|delivre|conclu|mise?s? (?:sur le marche|en service|en place|en .{1,2}uvre)|depose|notifie|acquis"
    r"|signe|installe|cree|autorise|certifie|publie|ne|recu|percu|presente|forme|introduit|engage|ouvert|clo(?:s|t)"
    r"|souscrit|renouvele|reconduit|realise|effectue|verse|du|survenu|intervenu|constate|commi[st]|collecte|produit"
    r"|attribue|passe|lance|enregistre|immatricule|construit|livre|commande|facture|vendu|achete|nomme|recrute"
    r"|prononce|rendu|transmis|adresse|etabli|inscrit|adopte|valide|homologue|agree|embauche|demarre"
    r"|debute|commence)e?s? (?:avant le|a compter du|a partir du|entre le|au)"
    r"|(?:produit|collecte|recueilli|constate|verse|percu|survenu|commis)e?s? jusqu'au"
    # Which wording, or which of what goes on that day
    r"|en cours (?:au|le)"
    r"|(?:version|redaction|taux|tarifs?|bareme)(?: (?!entr)[a-z]+){0,3} (?:en vigueur|applicables?) (?:au|le)"
    r"|(?:an|ans|annees?|mois|semaines?|jours?|heures?)(?: (?:francs?|ouvres?|calendaires?))? (?:au moins |au plus )?"
    r"(?:avant le|avant|apres le|a compter du|a partir du|from|before)"
    r"|(?:apres|posterieure?s? au|anterieure?s? au|qui suit|qui suivent"
    r"|mise?s? (?:a jour|en ligne)|(?:publie|modifie|actualise|redige|paru)e?s?) le|posterieure?s? au"
    r"|anterieure?s? au) $"
)
# « les agents recrutés avant le … », as written: a participle without its auxiliary says which ones
_SORTED = re.compile(
    r"(?<!\bêtre )(?<!\bavoir )(?<!\bsera )(?<!\bseront )(?<!\best )(?<!\bsont )(?<!\bété )"
    r"\b(?!(?:prolong|prorog|report|repouss|fix|avanc|allong|décal|clôtur|abrog|délibér|délégu|procéd|employ|salari"
    r"|assur|priv|intéress|donn|dur|entr|ann|journ|arriv)é)[^\W\d_]+(?<!t)ée?s? "
    r"(?:avant le|à compter du|à partir du|après le|entre le|(?<!accordée )(?<!accordé )(?<!renouvelée )(?<!renouvelé )"
    r"(?<!délivrée )(?<!délivré )(?<!autorisée )(?<!autorisé )jusqu'au) $"
)
# An authority's own tasks are nobody else's duty: « le comité remet son rapport avant le … »
_BODY = re.compile(
    r"(?<![a-z])(?:cnil|anssi|arcep|arcom|has|ans|agence|autorite|commission|ministre|gouvernement|comite|conseil"
    r"|parlement|secretariat|enisa|edpb|agency|authority|board|council"
    r"|delegation|mission|groupe de travail|observatoire|jury|etat|assemblee|cour)"
    r"(?: [a-z'-]+){0,5} $"
)
_ITS_TASK = re.compile(r"(?:doit|devra|transmet|remet|etablit|a|dispose|est|sera|must|shall)(?![a-z])")
_STARTS = re.compile(
    r"(?<![a-z])(?:ouvert[a-z]*|lance[a-z]*|debut[a-z]*|demarr[a-z]*|engagee?s?|commence[a-z]*|open(?:s|ed|ing)?|started)"
    r"(?: (?!termin|achev|clo|ferm|fin)[a-z']+){0,8}(?: (?:le|au|on) | ?: *)$"
)
_COURT = re.compile(
    r"(?<![a-z])(?:cours?|tribuna(?:l|ux)|conseil d'etat|conseil constitutionnel|juges?|juridictions?|cjue"
    r"|formation restreinte|chambres?|affaires?|recours|requetes?|audiences?|delibere|rapporteure? publi(?:c|que)"
    r"|avocate? general|magistrats?|arrets?|jugements?|verdict|court|hearing|case|advocate|proces|refere"
    r"|pourvoi)(?![a-z])"
)
# Where others sit and hear, or a court does nothing but receive
_PARLIAMENT = re.compile(
    r"(?<![a-z])(?:senat|senateurs|assemblee|parlement|deputes|commission|ministres|parliament|committee|solennelles?"
    r"|rentree|installation|public hearings?|hearings? (?:on|of))(?![a-z])"
)


def agrees(kind: DeadlineKind, *, closes: bool, is_end: bool, is_on: bool, near: str) -> bool:
    """A day of entry into force is « on », a duty « until »; a consultation closes; a court hears."""
    if kind == "hearing":
        return is_on and not is_end and _PARLIAMENT.search(near) is None and _COURT.search(near) is not None
    if kind == "in_force":
        return is_on and not is_end
    if kind == "compliance":
        return (
            is_end
            or re.search(r"(?:doi|dev)[a-z]+ avoir ", near) is not None
            or (closes and ("periode" in near or near.rstrip().endswith(":")))
        )
    if kind == "expiry":
        return (
            is_end
            or re.search(r"expire|fin(?![a-z])|echeance|abroge|cess(?:e|ent|era|eront) ", near) is not None
            or near.rstrip().endswith(":")
        )
    if is_on and not is_end and _STARTS.search(near):
        return False
    return closes or re.search(r"(?:remise|reception) des (?:offres|plis|candidatures) (?:le |: )$", near) is not None


def says_which(before: str, written: str) -> bool:
    """Do the words before a day say which things are meant, and none when? `written`: their end as given."""
    return _WHICH.search(before) is not None or _SORTED.search(written) is not None


_ENDS = re.compile(
    r"expire|prend|arrive|cess|abroge|val(?:able|ide)s?(?![a-z])|mis fin"
)  # verbs: whose end is their subject
_OF_AN_END: tuple[DeadlineKind, ...] = ("consultation", "tender", "expiry")


def governs(kind: DeadlineKind, cue: re.Match[str], between: str, ahead: str) -> bool:
    """May a day be that of the words beside it, `cue`? `between`: what stands between them and the day; `ahead`:
    before the day, where they follow it, else ""."""
    before = cue.string[: cue.start()]
    if kind in _OF_AN_END and not (kind == "expiry" and _ENDS.match(cue[0])) and not _is_of_an_end(before):
        return False
    if kind == "compliance" and _BODY.search(before) and _ITS_TASK.match(cue[0]):
        return False
    if any(_says_else(kind, part) for part in (between, ahead)):
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
    said = _WORD.findall(between)
    if any(_bears_it(kind, word, last) for last, word in zip(["", *said], said, strict=False)):
        return True
    words = re.findall(r"[a-z0-9]+", re.split(r"[:;,(]| - ", ahead or before)[-1])
    if ahead:
        return any(_HAS_IT.fullmatch(word) for word in words) or not _DIRECTION.sub("", " ".join(words))
    if "sur" in words[-6:]:
        return False
    if _IS_PUT.search(before):
        return True
    return all(_LABEL.fullmatch(word) for word in words) or any(_HAS_IT.fullmatch(word) for word in words[-8:])


def _bears_it(kind: DeadlineKind, word: str, last: str) -> bool:
    if _BARE.fullmatch(word) and last not in _COPULAS:
        return False
    return _BEARERS[kind].fullmatch(word) is not None or _HAS_IT.fullmatch(word) is not None


def _leads_on(gap: str) -> bool:
    return all(_FROM_DAY_TO_DAY.fullmatch(word) for word in re.findall(r"[a-z']+|[0-9]+", gap))


def _says_else(kind: DeadlineKind, part: str) -> bool:
    """Is there a verb, or an event with a day of its own, that is none of this kind of deadline?"""
    words, bears = _WORD.findall(part), _BEARERS[kind]
    if kind in _OF_AN_END and _HANDED_ON.search(part):
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
    return (_EVENTS if kind in _OF_AN_END else _WHOSE).fullmatch(word) is not None
