"""Which days a text of an authority sets, and for what: a closed grammar that abstains where it is not sure. Pure."""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from matchers.acts.act_forms import shape
from matchers.acts.counted_days import DUTIES, Counting, due_within, gazetted, in_force_from, made
from matchers.acts.deadline_kinds import agrees
from matchers.acts.deadline_objects import says_which
from matchers.acts.governing import governs
from matchers.language.months import MONTH, MONTHS
from matchers.language.text import Clean, clean
from matchers.model import DeadlineKind
from matchers.official import is_official


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that a text sets. `time`: `12:00`, in the hour of Paris; None where no hour is written. `text`: the words
    that say so, as given, the day among them; a sentence of more than LONGEST characters is cut around it."""

    day: date
    kind: DeadlineKind
    time: str | None
    text: str


_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY = re.compile(
    rf"(?<![0-9/.])(?:(?P<weekday>{'|'.join(_WEEKDAYS)}) )?(?:(?P<day>[0-9]{{1,2}})(?: ?er)? (?P<month>{MONTH})\.?"
    r"(?: (?P<year>[0-9]{4})(?![0-9]))?(?![a-z])"
    r"|(?P<d>[0-9]{2})(?P<mark>[/.])(?P<m>[0-9]{2})(?P=mark)(?P<y>[0-9]{4})(?![0-9/]))"
    r"(?:,? ?(?:a )?(?:(?P<hour>[0-9]{1,2}) ?(?:h(?:eures?)?"
    r"|:)(?: ?(?P<minute>[0-9]{2}))?(?![a-z0-9])|(?P<noon>midi|noon)))?"
)
_SENTENCE = re.compile(
    r"(?<!janv)(?<!fevr)(?<!fev)(?<!avr)(?<!juil)(?<!juill)(?<!sept)(?<!oct)(?<!nov)(?<!dec)"
    r"(?<![ '][a-z])(?<! mm)(?<! dr)(?<! pr)(?<! mr)(?<! ms)(?<! me)(?<! art)(?<! al)[.!?](?= |$)|;"
)
_END = re.compile(
    r"(?:jusqu'au|avant le|avant|au plus tard le|au plus tard|d'ici (?:au|le)|until|by|before|no later than"
    rf"|du (?:(?:{'|'.join(_WEEKDAYS)}) )?[0-9]{{1,2}}(?: ?er)?(?: [a-z]+\.?)?(?: [0-9]{{4}})? au"
    r"|[0-9] [a-z]{3,9} [0-9]{4} (?:-|to)"
    r"|expirant le|(?:envoy|adress|transm|depos|retourn|remis|remett|parven|attend)[a-z]*(?: [a-z']+){0,3}? pour le) $"
)
_ON = re.compile(
    r"(?:(?:^|[ ('])(?:audiences?(?: publiques?)? du|le|que le|au|on|a compter du|a partir du|from|des le) |: *"
    r"|lire:? +)$"
)
_DIGIT = re.compile("[0-9]")
_OLD = re.compile(
    r"(?:au lieu du|au lieu de ?:? *|et non(?: pas)?(?: le| au| du)?"
    r"|(?:d'abord|initialement) (?:prevu|fixe)e?s? (?:le|au)"
    r"|(?:prevu|fixe)e?s? (?:initialement|d'abord) (?:le|au)|plutot que le) +$"
)

# « avant le 1er mars de chaque année »: the next one may be of another year than the text means
_EACH_YEAR = re.compile(
    r",? (?:de chaque|chaque|de l'|par|de la meme) ?(?:annee|exercice|an)(?: (?:suivante?|civile|scolaire))?(?![a-z])"
    r"|,? tous les ans"
    r"|,? of (?:each|every) year|,? (?:each|every) year|,? annuellement|,? n ?\+ ?1(?![0-9])"
)

# --- what makes it no deadline -------------------------------------------------------------------------------------
_ABSTAIN = re.compile(
    r"(?<![a-z])(?:(?!retrait|extrait|portrait|abstrait|attrait|contrait|souhait|parfait|satisfait|bienfait|forfait)"
    r"[a-z]{2,}ai(?:t|ent)|si|s'il|propos(?:e|ent|ition|ait)|souhait[a-z]*"
    r"|(?<!leur )(?<!la )(?<!une )(?<!votre )(?<!toute )(?<!chaque )(?<!de )demande|demandent"
    r"|esper[a-z]*|projet|envisag[a-z]*"
    r"|attendue?s?(?! (?:jusqu'au|avant le|au plus tard|pour le))|prevoi(?:t|ent)|pourrai[a-z]*|annul[a-z]*"
    r"|sous reserve(?! d(?:e l'article|es articles|es dispositions|u [ivx]+(?![a-z])))|dates? (?:fixee|prevue)s? par"
    r"|suspend[a-z]*"
    r"|suspens[a-z]*|depuis|s'est|se sont|(?:est|sont) (?:clos|close|closes|cloturee?s?|fermee?s?"
    r"|terminee?s?|achevee?s?|expiree?s?|echue?s?)"
    r"|(?:a|ont) (?:ete|pris|ferme|cloture|expire|eu)|aura(?:it|ient)|peut-etre|probablement|would"
    r"|could|may|if|proposed|was"
    r"|were|coupure|medica[a-z]+|webinaires?|webinars?|inscriptions?|emploi|recrutement|promotion[a-z]*|promo|tarifs?"
    r"|nomm[a-z]+|nomination|fonctions|sortie|disponibles?|consommation|newsletter|soldes"
    r"|electrique|exposition|salon|film"
    r"|festival|concert|abonnements?|stage|conference|atelier|maintenance|travaux|seminaire"
    r"|colloque|vaccin[a-z]*|horaires"
    r"|reclam[a-z]*|sollicit[a-z]*|appel(?:le|lent|aient) a|plaid(?:e|ent) (?:pour|en faveur)|milit(?:e|ent) pour"
    r"|recommand(?:e|ent|ait)|pron(?:e|ent)|sugger[a-z]*|preconis[a-z]*|conseill(?:e|ent)"
    r"|ambition[a-z]*|vise(?:nt)? a?"
    r"|objectifs?|cible|previsionnel[a-z]*|provisoire|a titre indicatif|vraisemblablement|normalement|theoriquement"
    r"|en principe|a confirmer|au mieux|au plus tot|possible|eventuel[a-z]*|promet(?:tent)?"
    r"|s'engage(?:nt)?|compte(?:nt)?"
    r"|sauf (?:opposition|avis contraire|objection)|sine die|pas encore|table(?:nt)? sur|mise? sur|veut|veulent"
    r"|mandats?|mandature|interim|detachement|bail|baux|passeports?|permis|titres? de sejour|billets?|carte"
    r"|mot de passe|journees?|rencontres?|forum|congres|formations?(?! restreinte)|concours|examens|conges|vacances"
    r"|standard|guichet|bureaux|locaux|stand|poste|postes|candidat(?:ez|er)"
    r"|eligib[a-z]*|laureats?|etudiants?|eleves?|fonctionnaires?|militaires?|electeurs?|diplomes?|theses?"
    r"|livraison|garantie|subventions?|prix|trophees?|bourses?|appel a projets|rumeur"
    r"|selon nos informations|(?:vers|autour|aux (?:alentours|environs)) (?:le|du) (?=[0-9]))(?![a-z])"
    r"|(?<![a-z])n(?:e |')(?:[a-z']+ ){1,4}?(?:pas|plus|aucun|jamais)(?![a-z])"
)

# What is put to consultation is a draft: of no other day of it does that tell anything
_CONSULTED = re.compile(
    r"(?<![a-z])(?:soum[a-z]+|mi(?:s|ses?)|met)(?: [a-z',]+){0,12}? (?:a|en) (?:la )?(?:consultation"
    r"|concertation)(?![a-z])|soumis[a-z]* aux? (?:commentaires|observations|avis)"
    r"|recueil[a-z]* (?:les|vos|leurs) (?:avis|observations|commentaires|contributions)"
)
_DRAFT = re.compile(r"(?<![a-z])projets? d(?:e |')")
# Of a day that is moved only the new one counts: what these words lead to
_MOVES = re.compile(
    r"(?<![a-z])(?:renvoy(?:e|ee|es|ees|er|ons)|report(?:e|ee|es|ees)?(?= )|repouss[a-z]+|deplac[a-z]+"
    r"|avance(?:e|s|es)?|decal[a-z]+|ajourn[a-z]+|prolong[a-z]+|prorog[a-z]+"
    r"|postponed|extended|brought forward)(?![a-z])"
)

# --- what it is for ------------------------------------------------------------------------------------------------
_CLOSES = re.compile(
    r"(?<![a-z])(?:cloture[a-z]*|clos(?:e|es|ent)?|ferme(?:ra|nt|ront)?|se termine(?:ra|nt)?"
    r"|s'acheve(?:ra)?|prend(?:ra)? fin"
    r"|report(?:e|ee|es|ees)(?= )|prolonge[a-z]*|proroge[a-z]*|extended"
    r"|closes?|closing|ends?|deadline|(?:date|heure)s? (?:limites?|butoirs?)|delai|fin|expire(?:ra|nt|ront)?)(?![a-z])"
)
_CUES: tuple[tuple[DeadlineKind, re.Pattern[str]], ...] = (
    ("tender", re.compile(
        r"(?:remise|reception|depot) des (?:offres|plis|candidatures)|(?:remett|depos|adress|transmett|envo)[a-z]+ "
        r"(?:leurs?|une|son|vos|votre|les) (?:offres?|plis?|candidatures?)"
        r"|(?:offres|plis|candidatures) a (?:remettre|deposer|adresser|transmettre|envoyer)"
        r"|(?:submission|receipt) of (?:tenders|bids|offers)|(?:tenders|bids) (?:must|shall|should|are to) be"
        r"|(?:offres?|plis|candidatures) (?:doivent|devront|sont|seront) [a-z ]{0,20}?(?:parven|remis"
        r"|depos|transmis|adress|recu)"
    )),
    ("consultation", re.compile(
        r"(?<![a-z])(?:consultations?(?! (?:du|des|de la|de l'|d'un|de leur|de son|en salle) ?(?:dossiers?|archives?"
        r"|registres?|documents?|annonces?|offres|resultats|catalogue|bases?|annuaire|site|fichiers?"
        r"|comptes?|lecture|personnel))"
        r"|concertations?|participation du public|call for (?:evidence|input|comments)|comments"
        r"|recueill[a-z]+ (?:les|vos|leurs) (?:avis|contributions|observations)"
        r"|(?:invite|appele)e?s? a (?:y )?(?:repondre|contribuer|reagir|se prononcer|faire part)"
        r"|contributions?|contribuer|observations"
        r"|have your say|enquete publique|(?:their|your) views|(?:written|your|their) (?:submissions|responses)"
        r"|appel a (?:contributions?|commentaires)|commentaires|feedback|(?:reponses|avis|remarques"
        r"|propositions) (?:doivent|devront|sont|seront|peuvent)"
        r"|votre avis|vos (?:avis|remarques|reponses)|part de (?:leurs|vos|ses) (?:remarques|observations|avis)"
        r")(?![a-z])"
    )),
    ("hearing", re.compile(
        r"(?<![a-z])(?:audiences?|examinera|examine (?:le recours|l'affaire)|hearings?"
        r"|mi[st]e? en delibere|delibere au"
        r"|(?:rendra|presentera|lira) (?:son|sa|ses) (?:arrets?|decisions?|jugements?|ordonnances?"
        r"|conclusions|verdict)"
        r"|(?:se )?prononcera|sera (?:examine"
        r"|juge|plaide|rendu)e?|statuera|tranchera)(?![a-z])"
    )),
    ("in_force", re.compile(
        r"(?<![a-z])(?:entr(?:e|ent|era|eront|ee) en (?:vigueur|application)|s'appli(?:que|quent"
        r"|quera|queront)|appliqu(?:ent|eront)|(?<!d'etre )applicables?|opposables?"
        r"|prend(?:ra|ront)? effet|prennent effet|(?<!de )produi(?:ra|ront|t|sent) (?:ses |leurs )?effets?"
        r"|enters? into force|shall apply|appl(?:y|ies))(?![a-z])"
    )),
    ("expiry", re.compile(
        r"(?<![a-z])(?:valables?|valides?|validite|expire(?:ra|nt|ront)?|prend(?:ra)? fin"
        r"|arrive(?:ra|nt|ront)? a echeance|abroge(?:e|es|s)?|cess(?:e|ent|era|eront) d(?:e|'[a-z]+)"
        r"|experimentation|mis fin a"
        r"|(?:agrement|habilitation|homologation|certification|qualification|autorisation|visa|licence|certificat)"
        r"(?: [a-z0-9']+){0,8} (?:(?:accorde|delivre|renouvele|maintenu|prolonge|proroge)e?s?|court|courent))(?![a-z])"
    )),
    ("compliance", re.compile(
        r"(?<![a-z])(?:doi(?:t|vent)|devr(?:a|ont)|(?:est|sont) tenue?s?|transpos(?:e|ent|er|eront)"
        r"|en demeure|conform(?!ement)[a-z]+"
        r"|enjoint|enjoignent|(?:dispos|beneficie?r)(?:e|ent|era|eront) d'un delai"
    r"|(?:a|ont|avez|dispose|disposent) jusqu'au|depot des dossiers|obligatoires?"
        r"|(?:must|shall) (?:comply|ensure|adopt|transpose|register|notify|designate|submit|implement|complete|meet)"
        r"|peuvent (?:continuer|maintenir|conserver|encore"
        r"|utiliser)|periode (?:transitoire|de transition)"
        rf"|{DUTIES})(?![a-z])"
    )),
)  # fmt: skip
# What has an end that binds: a certificate, a measure; a mandate ends too
_GRANTED = re.compile(
    r"(?<![a-z])(?:agrements?|certificat[a-z]*|certifi[a-z]+|qualifi[a-z]+|habilitations?"
    r"|homologations?|autorisations?|visas?|licences?"
    r"|decisions?|derogations?|adequation|experimentations?|arretes?|decrets?|lois?|ordonnances?"
    r"|mesures?|dispositi(?:f|on)s?"
    r"|regimes?|referentiels?|normes?|versions?|labels?|accreditations?|attestations?|validite|articles?|accords?"
    r"|reglements?|directives?|deliberations?|texte|obligations?|interdiction|clauses?|contrat-cadre"
    r"|hds|secnumcloud)(?![a-z])"
)
_THEN = re.compile(r",? (?:puis|ensuite|avant (?:une?|que|qu')|et (?:une?|sera|seront)|apres quoi|date a laquelle) ")
_WINDOW = 12  # words between a cue and its day
_NEAR = 240  # characters looked at each way for these: a list of days must stay linear
LONGEST = 400  # characters: a table without a full stop is one sentence, and each of its days would hold all of it
_SOON = timedelta(days=274)


def sets_deadlines(host: str) -> bool:
    """Is this the site of an authority, or the bulletin in which buyers publish?"""
    return is_official(host) or host in {"boamp.fr", "www.boamp.fr"}


def deadlines(
    text: str, published: date, *, official: bool, language: str = "fr", act_published: date | None = None
) -> tuple[Deadline, ...]:
    """The days from `published` on that a text sets, each once, as it tells them. `official`: is it an act's or an
    authority's? Press sets none. `act_published`: the act's own day, from which a relative day is counted."""
    if not official:
        return ()
    cleaned = clean(text)
    folded, found = shape(cleaned.folded, cleaned.text), list[Deadline]()
    if act_published is None and _DAY.search(folded) is None:
        return ()  # none is written, and none counted from one
    for start, end in _sentences(folded):
        clause = folded[start:end]
        if act_published is None and _DIGIT.search(clause) is None:
            continue  # no day is written in it, nor counted from one
        if _ABSTAIN.search(_DRAFT.sub("", clause) if _CONSULTED.search(clause) else clause) is None:
            found += _written(clause, start, (text, cleaned), published, language)
            found += _counted(clause, start, (text, cleaned), published, act_published)
    kept = {(each.day, each.kind): each for each in reversed(found) if each.day >= published}
    return tuple(kept.values())[::-1]


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _SENTENCE.finditer(folded):
        yield start, stop.start()
        start = stop.end()
    yield start, len(folded)


def _written(clause: str, at: int, given: tuple[str, Clean], published: date, language: str) -> Iterator[Deadline]:
    for found in _moved_to(clause, list(_DAY.finditer(clause))):
        before = clause[max(found.start() - _NEAR, 0) : found.start()]
        after = clause[found.end() : found.end() + _NEAR]
        if _OLD.search(before) or _EACH_YEAR.match(after) or (found["d"] and language == "en"):
            continue
        if says_which(before, _just_before(given, at + found.start())):
            continue
        day, kind = _day(found, published), _kind(before, after)
        if day is not None and kind is not None:
            yield Deadline(day, kind, _time(found), _said(clause, at, given, found.span()))


def _moved_to(clause: str, days: list[re.Match[str]]) -> list[re.Match[str]]:
    """Where something is moved only the days that it is moved to; else all of them."""
    moves = [move.start() for move in _MOVES.finditer(clause)]
    if not moves:
        return days
    after = [bisect(moves, day.start()) for day in days]  # how many of these words stand before each
    return [day for before, count, day in zip([0, *after], after, days, strict=False) if count > before]


def _just_before(given: tuple[str, Clean], at: int) -> str:
    """The words before a day as they are written: accents tell a participle."""
    text, cleaned = given
    return text[slice(*cleaned.span(max(at - 40, 0), at))].lower().replace("\xa0", " ")


def _said(clause: str, at: int, given: tuple[str, Clean], around: tuple[int, int]) -> str:
    """The sentence as given; of a long one whole words on both sides of what it was found by."""
    text, cleaned = given
    start, end = (0, len(clause)) if len(clause) <= LONGEST else _around(clause, *around)
    first, last = cleaned.span(at + start, at + end)
    return text[first:last].strip()[:LONGEST]


def _around(clause: str, first: int, last: int) -> tuple[int, int]:
    spare = max(LONGEST - (last - first), 0) // 2
    start, end = max(first - spare, 0), min(last + spare, len(clause))
    if start:
        start = max(clause.find(" ", start, first), start)
    if end < len(clause):
        end = max(clause.rfind(" ", last, end), last)
    return start, end


def _day(found: re.Match[str], published: date) -> date | None:
    """The day written; without its year the next one within nine months. None: no such day, or another weekday."""
    number, month = int(found["day"] or found["d"]), MONTHS.get(found["month"] or "") or int(found["m"] or 0)
    year = found["year"] or found["y"]
    years = [int(year)] if year else [published.year, published.year + 1]
    days = [day for each in years if (day := made(each, month, number)) is not None]
    if not year:
        days = [day for day in days if published <= day <= published + _SOON]
    if not days or (found["weekday"] and _WEEKDAYS[days[0].weekday()] != found["weekday"]):
        return None
    return days[0]


def _time(found: re.Match[str]) -> str | None:
    if found["noon"]:
        return "12:00"
    hour, minute = int(found["hour"] or 24), int(found["minute"] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _kind(before: str, after: str) -> DeadlineKind | None:
    """What a day is for: by the nearest words around it, and by whether they say an end or a day."""
    is_end, is_on = _END.search(before) is not None or after.startswith(" au plus tard"), _ON.search(before) is not None
    if not is_end and not is_on:
        return None
    earlier = " ".join(before.split(" ")[-_WINDOW - 4 :])  # the words of direction are not counted
    later = " ".join(_THEN.split(after, maxsplit=1)[0].split(" ")[: _WINDOW + 1])
    granted = _GRANTED.search(before) is not None or _GRANTED.search(later) is not None
    for kind, cue in _CUES:
        for near in (earlier, later) if kind != "expiry" or granted else ():
            closes = is_end or _CLOSES.search(near) is not None
            if cue.search(near) and agrees(kind, closes=closes, is_end=is_end, is_on=is_on, near=near):
                return kind if _bears(kind, cue, earlier, later if near is later else None) else None
    return None


def _bears(kind: DeadlineKind, cue: re.Pattern[str], earlier: str, later: str | None) -> bool:
    """Does the nearest of these words say it of this day? `later`: what follows the day, where they stand there."""
    if later is None:
        *_, found = cue.finditer(earlier)
        return governs(kind, found, earlier[found.end() :], "")
    first = cue.search(later)
    return first is not None and governs(kind, first, later[: first.start()], earlier)


# --- days that are counted from the act's own ----------------------------------------------------------------------
def _counted(
    clause: str, at: int, given: tuple[str, Clean], published: date, act_published: date | None
) -> Iterator[Deadline]:
    start = act_published or gazetted(clause)
    if start is None or start > published + _SOON:  # no gazette is out as far ahead
        return
    kinds: tuple[tuple[DeadlineKind, Counting], ...] = (("in_force", in_force_from), ("compliance", due_within))
    for kind, count in kinds:
        counted = count(clause, start)
        if counted is not None and counted[0] >= published:
            yield Deadline(counted[0], kind, None, _said(clause, at, given, counted[1].span()))
