"""The forms in which official acts are named: each kind of number in each of its typographies, on the fold. Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from matchers.language.months import MONTHS
from matchers.late import late


@dataclass(frozen=True, slots=True)
class ActMention:
    """One act named. `id`: `kind:number` where it names one act (`sure`), else `kind@day`; `start` and `end`: places in
    what was read."""

    id: str
    start: int
    end: int
    sure: bool

    @property
    def kind(self) -> str:
        """`decret`, `celex`, `ce` …"""
        return re.split("[:@]", self.id, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text as it is read. `plain`: clean; `shape`: its fold with the marks that a number is written with, as long
    as that; `host`: whose text it is; `cnil`: is the CNIL named anywhere in the article?"""

    plain: str
    shape: str
    host: str = ""
    cnil: bool = False

    def found(self, name: str, start: int, end: int, *, sure: bool = True) -> ActMention:
        return ActMention(name, start, end, sure)

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence around a place begins and ends, 300 characters each way at most."""
        floor = max(at - 300, 0)
        begins = [each.end() for each in _STOP.finditer(self.shape, floor, at)]
        end = _STOP.search(self.shape, at, at + 300)
        return begins[-1] if begins else floor, end.start() if end else min(at + 300, len(self.shape))

    def around(self, at: int) -> str:
        return self.shape[slice(*self.sentence(at))]


_STOP = late(
    r"(?<=[a-z]{4})(?<!trib)(?<!sept)(?<!janv)(?<!juil)(?<!fevr)(?<!cons)(?<!exec)(?<!elib)[.!?;](?= |$)"
    r"|(?<=[0-9)]{2})\.(?= [^0-9 ]|$)"
)
_MARKS = late(r"[-\u2010-\u2015\u2212/\u2044\u2215\uff0f.,;:!?()°%€'’_=&#]")
DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
SLASHES = frozenset("/\u2044\u2215\uff0f")
_AS_TYPED = {**dict.fromkeys(DASHES, "-"), **dict.fromkeys(SLASHES, "/"), "’": "'"}


def shape(folded: bytes, plain: str) -> str:
    """The fold of a clean text with the marks that a number or a day is written with; as long as both."""
    letters = list(folded.decode("latin-1"))
    for mark in _MARKS.finditer(plain):
        letters[mark.start()] = _AS_TYPED.get(mark[0], mark[0])
    return "".join(letters)


# --- what numbers are made of --------------------------------------------------------------------------------------
_NO = r"(?:numeros? |num\. ?|n ?(?:[°.]|0 |o\.?)? ?s?\.? ?)"
_DASH = r" ?- ?"
_NUMBER = rf"(?P<year>[0-9]{{4}}|[0-9]{{2}}){_DASH}(?P<rank>[0-9]{{1,5}})(?![0-9]|-[0-9]|/[0-9])"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?"
_DAY = (
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?: ?er)? (?P<month>{_MONTH})\.? (?P<of>1[789][0-9]{{2}}|20[0-9]{{2}})(?![0-9])"
)
_FIGURES = r"(?P<d>[0-9]{2})/(?P<m>[0-9]{2})/(?P<y>(?:19|20)[0-9]{2})(?![0-9/])"
_AND = r"(?:,? ?(?:et|ou|a|and|ainsi que|puis)(?: n[°o.]?s?)?|,|;) "
_ASIDE = r"(?: \([^()]{0,60}\))?"
_UNNAMED_DAY = re.sub("[?]P<[a-z]+>", "?:", _DAY)
_DATED = rf"(?:,? ?(?:du |of )?{_UNNAMED_DAY})?"

# What bears a number of the same shape, and is no act of the State
_OTHERS = late(
    r"(?<![a-z])"
    r"(?:projets?|propositions?|amendements?|dossiers?|questions?|rapports?|marches?|annonces?|factures?|lots?"
    r"|circulaires?|instructions?|municipa[a-z]+|prefector[a-z]+|prefets?|maires?|departementa[a-z]+|regiona[a-z]+"
    r"|rector[a-z]+|metropolitain[a-z]*|communauta[a-z]+|communa[a-z]+|commune|interieur|pays|federa[a-z]+"
    r"|belges?|suisses?"
    r"|luxembourgeois[a-z]*|canadien[a-z]*|quebecois[a-z]*|tunisien[a-z]*|algerien[a-z]*|marocain[a-z]*"
    r"|senegalais[a-z]*"
    r"|ivoirien[a-z]*|camerounais[a-z]*|malgaches?|monegasques?"
    r"|italien[a-z]*|espagnol[a-z]*|allemand[a-z]*|libanais[a-z]*"
    r"|roya[a-z]+|beninois[a-z]*|togolais[a-z]*|malien[a-z]*|gabonais[a-z]*|congolais[a-z]*|portugais[a-z]*"
    r"|decisions?"
    r"|tribuna[a-z]+|juges?|referes?|arretes?|deliberations?|avis|articles?|clients?|revue|salle|contrat|convention"
    r"|commande|ticket|brevet|tarif|page|formulaire|budget|local[a-z]*|commission|pjl|ppl|decrets?|lois?|ordonnances?"
    r"|ars|universitaire|universite)(?![a-z])"
)
_BILL = late(
    r"\blois et $|(?<![a-z])(?:projets?|propositions?|amendements?|ppl|pjl)(?: [a-z]+){0,2} (?:de |d')?(?:la |l')?$"
)


def _is_other(between: str) -> bool:
    """Does another thing that bears numbers stand between the noun and the number?"""
    return _OTHERS.search(between) is not None


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 1900 + int(written)


def _a_day(match: re.Match[str]) -> date | None:
    """The day of `_DAY` or of `_FIGURES`; None for one that does not exist."""
    groups = match.groupdict()
    try:
        if groups.get("day"):
            return date(int(groups["of"]), MONTHS[groups["month"]], int(groups["day"]))
        return date(int(groups["y"]), int(groups["m"]), int(groups["d"]))
    except ValueError:
        return None


def _each(form: re.Pattern[str], page: Passage) -> Iterator[re.Match[str]]:
    """Every place of a form, inside another one too: « la loi X (loi n° 78-17) » has two nouns, one number."""
    at = 0
    while (found := form.search(page.shape, at)) is not None:
        yield found
        at = found.end("noun")


def _more(page: Passage, end: int, form: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What goes on a list: « , b et c »."""
    while (found := form.match(page.shape, end)) is not None:
        yield found
        end = found.end()


# --- several days that share a year --------------------------------------------------------------------------------
_SHARED = rf"(?:[0-9]{{1,2}}(?: ?er)?(?: (?:{_MONTH})\.?)?(?:,| et|, et) (?:du )?){{0,6}}?"
_SHARED_DAY = late(rf"(?P<day>[0-9]{{1,2}})(?: ?er)?(?: (?P<month>{_MONTH}))?")


def _before(first: str, last: date) -> Iterator[date]:
    """The days of « des 4, 5 mars et 6 avril 2025 » before its last: month and year are those of what follows."""
    month, written = last.month, list(_SHARED_DAY.finditer(first))
    for each in reversed(written):
        month = MONTHS[each["month"]] if each["month"] else month
        if (month, int(each["day"])) < (last.month, last.day):
            with suppress(ValueError):
                yield date(last.year, month, int(each["day"]))


# --- laws, ordonnances, decrees ------------------------------------------------------------------------------------
_LAW = late(
    rf"(?<![a-z-])(?P<noun>lois?|ordonnances?|decrets?|decr\.|ord\.|l\.|d\.)"
    r"(?P<between>(?:[a-z ,('/-]|(?<= org)\.|(?<= const)\.|20[0-9]{2}(?:(?: a |-)20[0-9]{2})? ?(?=\()){0,70}?)[ (,]*"
    rf"(?<![a-z])(?P<sign>{_NO})?{_NUMBER}"
)
_LAW_DATED = late(
    rf"(?<![a-z-])(?P<noun>lois?|decrets?|ordonnances?)(?P<between>[a-z ('/-]{{0,70}}?) (?:du|des|en date du) "
    rf"(?P<first>{_SHARED}){_DAY}"
    rf"(?P<number>[ ,(]*{_NO}{_NUMBER})?"
)
_LAW_MORE = late(rf"{_DATED}{_ASIDE}{_AND}(?:(?:la |le |les |du |de la )?{_NO})?{_NUMBER}{_DATED}")
_KINDS = {"l": "loi", "o": "ordonnance", "d": "decret"}


def _law_number(found: re.Match[str], *, signed: bool) -> str | None:
    """`2018-137`, `78-17`; None for a span of years, or for what no sign makes a number."""
    year, rank = found["year"], found["rank"]
    if len(year) == 2:
        return f"{year}-{int(rank)}" if signed and int(year) >= 45 and len(rank) <= 4 else None
    if not 1900 <= int(year) <= 2099 or (int(year) < int(rank) <= int(year) + 40 and int(rank) > 1900):
        return None
    return f"{year}-{int(rank)}" if signed or len(rank) >= 3 else None


_AMENDED = late(r" modifiee?s?(?![a-z])|,? art(?:\.|icles?)(?![a-z])")


def laws(page: Passage) -> Iterator[ActMention]:
    for found in _each(_LAW, page):
        short = found["noun"].endswith(".")
        before = page.shape[max(found.start() - 40, 0) : found.start()]
        loose = bool(found["between"].strip(" (,"))
        dated = re.match(rf"{_DATED[:-1]}", page.shape[found.end() :]) if not found["sign"] else None
        signed = bool(found["sign"]) or (dated is not None and dated[0].endswith(found["year"][-2:]))
        signed = signed or _AMENDED.match(page.shape, found.end()) is not None
        if (loose and (short or not signed)) or (short and not signed):
            continue
        if _BILL.search(before) or _is_other(_state(found["between"])) or _is_abroad(page, found.end()):
            continue
        number = _law_number(found, signed=signed)
        if number is not None:
            yield from _law_list(page, found, number)


def _state(between: str) -> str:
    return between.replace("conseil d'etat", "")


def _is_abroad(page: Passage, end: int) -> bool:
    """Is it said after the number to be a bill's, a town's or another country's?"""
    return re.match(r"[ ,(]*(?:senat|assemblee nationale|an\)|du maire|du prefet|du conseil municipal"
                    r"|de la commune|go\b"
                    r"|to\b|(?:du |rendue par le )(?:juge|president|tribunal|tj\b|ta\b)"
                    r"|de la (?:cour|presidente))", page.shape[end : end + 40]) is not None  # fmt: skip


def _law_list(page: Passage, found: re.Match[str], number: str) -> Iterator[ActMention]:
    kind = _KINDS[found["noun"][0]]
    yield page.found(f"{kind}:{number}", found.start(), found.end())
    for more in _more(page, found.end(), _LAW_MORE):
        following = _law_number(more, signed=bool(found["sign"]))
        if following is not None:
            yield page.found(f"{kind}:{following}", more.start("year"), more.end("rank"))


def dated_laws(page: Passage) -> Iterator[ActMention]:
    for found in _each(_LAW_DATED, page):
        before, day = page.shape[max(found.start() - 40, 0) : found.start()], _a_day(found)
        if _BILL.search(before) or _is_other(_state(found["between"])) or day is None:
            continue
        kind = _KINDS[found["noun"][0]]
        number = _law_number(found, signed=True) if found["number"] else None
        if number is not None:
            yield page.found(f"{kind}:{number}", found.start(), found.end())
        elif kind != "ordonnance" and not _is_abroad(page, found.end()):  # that of a judge looks the same
            for each in (*_before(found["first"], day), day):
                yield page.found(f"{kind}@{each}", found.start(), found.end(), sure=False)


# --- arretes, issues of the JO -------------------------------------------------------------------------------------
_ARRETE = late(
    rf"(?<![a-z])(?:(?:arretes?)(?P<between>[a-z ('/-]{{0,60}}?)(?: en date)? (?:du |des )"
    r"|arr\. (?:(?:inter)?min\. )?(?:du )?"
    rf"|a\. (?=[0-9]{{1,2}} ?(?:er)? ?[a-z]{{3,9}}\.? [0-9]{{4}},? \(?(?:nor|jo|art)))"
    rf"(?P<first>{_SHARED})(?:{_DAY}|{_FIGURES})"
)
_ARRETE_MORE = late(rf"(?:,| et|, et)(?: de)?(?: celui| l'arrete)? du {_DAY}")
_ARRETE_LIST = late(rf"(?:,| et|, et)(?: du)? {_DAY}")  # « des 4 janvier 2021 et 7 février 2022 »
_ARRESTED = late(r"(?:\bete|\bsont|\best|\bhomme|\bfemme|\bcomptes?|\bsuspect|\bsoupconne) ?$")
_PRESIDED = late(r"(?<![a-z])(?:president|regions?|departements?|collectivite)(?![a-z])")
_LOCAL = late(r"[ ,(]*(?:pris par |signe par )?(?:de |du |des |la |le |l')*(?:maires?|prefe[a-z]+"
                    r"|municipa[a-z]+|commune"
                    r"|mairie|departement|president du conseil|ars\b|rect[a-z]+|bourgmestre)")  # fmt: skip
_JO = late(
    rf"(?<![a-z])(?P<name>jorf|j\.?o\.?|journal officiel(?: de la republique francaise)?)"
    rf"(?: {{0,4}}\(?(?:lois et decrets|jorf|jo)\)?)?(?P<sign>,? {_NO}[0-9]{{1,4}}"
    rf"| 0[0-9]{{3}})?(?P<du>,? {{1,4}}(?:(?:en )?date |edition )?(?:du|le|de ce|ce) |,? )"
    rf"(?:{_DAY}|{_FIGURES})"
)


def arretes(page: Passage) -> Iterator[ActMention]:
    for found in _ARRETE.finditer(page.shape):
        before, between = page.shape[max(found.start() - 20, 0) : found.start()], found["between"] or ""
        after = page.shape[found.end() : found.end() + 40]
        if (
            _ARRESTED.search(before)
            or _is_other(between)
            or _PRESIDED.search(between)
            or _LOCAL.match(after)
            or (day := _a_day(found)) is None
        ):
            continue
        for other in _before(found["first"], day):
            yield page.found(f"arrete@{other}", found.start(), found.end(), sure=False)
        yield page.found(f"arrete@{day}", found.start(), found.end(), sure=False)
        several = " des " in found[0]
        for more in _more(page, found.end(), _ARRETE_LIST if several else _ARRETE_MORE):
            if (another := _a_day(more)) is not None:
                yield page.found(f"arrete@{another}", more.start("day"), more.end(), sure=False)


_GAMES = late(r"(?<![a-z])(?:olympi[a-z]+|paralympi[a-z]+|medaill[a-z]+|athletes?|ceremonie)(?![a-z])")


def issues(page: Passage) -> Iterator[ActMention]:
    for found in _JO.finditer(page.shape):
        day, before = _a_day(found), page.shape[max(found.start() - 12, 0) : found.start()]
        if day is not None and (
            len(found["name"]) > 4 or found["name"] == "jorf" or _is_the_gazette(page, found, before)
        ):
            yield page.found(f"jo@{day}", found.start(), found.end(), sure=False)


def _is_the_gazette(page: Passage, found: re.Match[str], before: str) -> bool:
    """« JO » are games too: « des JO du 26 juillet »."""
    written = page.plain[found.start("name") : found.end("name")].isupper()
    if not found["sign"] and _GAMES.search(page.around(found.start())):
        return False
    paged = re.match(r",? (?:n°|texte|pages?|p\.)", page.shape[found.end() : found.end() + 8])
    return written and bool(
        found["sign"]
        or paged
        or "." in found["name"]
        or re.search(r"(?:\bau {1,4}|\bdu {1,4}|\(|[a-z0-9)], | : |\ble {1,4})$", before)
    )


# --- NOR, addresses ------------------------------------------------------------------------------------------------
_NOR = late(rf"(?<![a-z])nor ?(?:{_NO}|[:=])? ?(?P<number>[a-z]{{4}}[0-9]{{7}}[a-z])(?![a-z0-9])")
_ELI_FR = late(r"/eli/(?:loi|decret|arrete|ordonnance|decision|deliberation)/[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}/"
                     r"(?P<number>[a-z]{4}[0-9]{7}[a-z])(?![a-z0-9])")  # fmt: skip
_TEXT_ID = late(r"(?<![a-z])(?P<kind>jorf|cnil)text(?P<number>[0-9]{12})(?![0-9])")


def gazetted(page: Passage) -> Iterator[ActMention]:
    for found in _NOR.finditer(page.shape):
        if page.plain[found.start() : found.start() + 3] == "NOR":
            yield page.found(f"nor:{found['number'].upper()}", found.start(), found.end())
    for found in _ELI_FR.finditer(page.shape):
        yield page.found(f"nor:{found['number'].upper()}", found.start("number"), found.end())
    for found in _TEXT_ID.finditer(page.shape):
        kind = "jorf" if found["kind"] == "jorf" else "cniltext"
        yield page.found(f"{kind}:{found[0].upper()}", found.start(), found.end())


# --- CNIL ----------------------------------------------------------------------------------------------------------
_SERIES = late(
    r"(?<![a-z0-9-])(?P<series>san|medp|med|dr)(?P<gap> ?- ?| | n° ?)(?P<year>20[0-9]{2})(?P<dash> ?- ?"
    r"| )(?P<rank>[0-9]{3})"
    r"(?! ?(?:go|to|mo|tb|gb)\b|[0-9]|-[0-9])"
)
_RANKED = r"(?<![a-z]-)(?P<year>(?:19|20)[0-9]{2}|[0-9]{2}) ?- ?(?P<rank>[0-9]{2,3})(?![0-9]|[-/][0-9])"
_DELIBERATION = late(
    rf"(?<![a-z])(?P<noun>deliberations?|delib\.|del\.|decisions?|avis|autorisations?|recommandations?|dec\.)"
    rf"(?P<between>[a-z ,('.-]{{0,90}}?)(?: du {_UNNAMED_DAY})?[ (,]*(?<![a-z])(?P<sign>{_NO})?{_RANKED}"
)
_BODY_FIRST = late(
    rf"(?<![a-z])cnil[ ,(:]{{1,3}}(?:delib\.,? |deliberation,? |dec\.,? )?(?:{_DAY}[ ,(]*)?{_NO}{_RANKED}"
)
_DELIBERATION_MORE = late(rf"{_DATED}{_ASIDE}{_AND}(?:{_NO})?{_RANKED}")
_CNIL = late(
    r"(?<![a-z])(?:cnil|commission nationale (?:de l'|de |)informatique"
    r"|formation restreinte)(?![a-z])"
)
_BODY = late(
    r"(?<![a-z])(?:conseil (?:municipal|communautaire|departemental|regional|metropolitain|general|d'administration"
    r"|de surveillance|de paris|syndical|constitutionnel|d'etat|territorial|national|superieur|academique|communal)"
    r"|metropole|(?:ville|commune|maire|mairie|departement|region|communaute|agglomeration)|bureau|syndicat"
    r"|hatvp|arcep"
    r"|arcom|csa|hadopi|cre|amf|acpr|universite|senat|assemblee|has|autorite "
    r"(?!de protection)|comite|hopital|chu|ars|cada"
    r"|ordre|chambre|federation|jury|ecole|ccas|sdis|cnrs|inserm|inria|edpb|cepd|apd|ansm|anssi"
    r"|collectivite|municipal[a-z]*"
    r"|jurys?|tribunal|cour|commission (?!nationale)|association|conseil)(?![a-z])"
)


def cnil(page: Passage) -> Iterator[ActMention]:
    yield from _series(page)
    for found in _BODY_FIRST.finditer(page.shape):
        yield page.found(_ranked(found), found.start(), found.end())
        for more in _more(page, found.end(), _DELIBERATION_MORE):
            yield page.found(_ranked(more), more.start("year"), more.end())
    for found in _each(_DELIBERATION, page):
        if _is_deliberation(page, found):
            yield page.found(_ranked(found), found.start(), found.end())
            for more in _more(page, found.end(), _DELIBERATION_MORE):
                yield page.found(_ranked(more), more.start("year"), more.end())


def _series(page: Passage) -> Iterator[ActMention]:
    """SAN-2024-013: storage and medicine write alike, so all but SAN ask for a word of the CNIL."""
    for found in _SERIES.finditer(page.shape):
        series = found["series"].upper()
        near = page.around(found.start())
        told = _CNIL.search(near) or re.search(
            r"deliberation|mise[s]? en demeure|\bdecision|restricted committee", near
        )
        if "-" not in found["dash"] and not _CNIL.search(near):
            continue
        stored = re.search(r"\b(?:baies?|stockage|disques?|storage|commutateurs?|lun)\b", near)
        written = page.plain[found.start() : found.start() + len(series)].isupper()
        if written and (told or series == "MEDP" or (series == "SAN" and not stored) or _is_cnil_host(page)):
            yield page.found(f"cnil:{series}-{found['year']}-{found['rank']}", found.start(), found.end())


def _ranked(found: re.Match[str]) -> str:
    return f"cnil:{found['year']}-{found['rank']}"


def _is_cnil_host(page: Passage) -> bool:
    return page.host == "cnil.fr" or page.host.endswith(".cnil.fr")


def _is_deliberation(page: Passage, found: re.Match[str]) -> bool:
    """Is it the CNIL's? The nearest body decides; elsewhere the CNIL must be named where no other body is."""
    is_named = found["noun"].startswith("del")
    if not found["sign"] and not (is_named and len(found["rank"]) == 3 and len(found["year"]) == 4):
        return False
    if _is_other(re.sub(r"\b(?:commission|decisions?|avis)\b", "", found["between"])) or _IN_SERIES.search(found[0]):
        return False
    nearest = _nearest_body(page, found)
    if nearest is not None or not is_named or len(found["year"]) == 2:
        return nearest == "cnil"
    return _is_cnil_host(page) or page.cnil


_IN_SERIES = late(r"(?<![a-z])(?:san|medp|med|dr)[ ,(-]*(?:n° ?)?[0-9]{4} ?- ?[0-9]+$")
# Who is asked or told is not who decides
_ASKED = late(
    r"(?:avis|saisine|consultation|accord|information|controle|demande"
    r"|recommandations?)(?: [a-z]{3,9})? (?:de |a )(?:la )?$"
    r"|(?:transmise?s?|adressee?s?|notifiee?s?|communiquee?s?|soumise?s?|consultee?s?|saisie?|declaree?s?)"
    r" (?:a |par |aupres de )?(?:la )?$"
)


def _nearest_body(page: Passage, found: re.Match[str]) -> str | None:
    """`cnil`, `other`, or None where the sentence names no body."""
    begin, end = page.sentence(found.start())
    end = max(end, page.sentence(found.end() - 1)[1])
    named = [
        (_far(each, found), 0, "cnil")
        for each in _CNIL.finditer(page.shape, begin, end)
        if each.start() < found.end() or not _ASKED.search(page.shape, found.end(), each.start())
    ]
    named += [(_far(each, found), 1, "other") for each in _BODY.finditer(page.shape, begin, end)]
    return min(named)[2] if named else None


_HOLDS = late(r" (?:du |de la |de l'|de |des )")


def _far(body: re.Match[str], found: re.Match[str]) -> int:
    if body.start() >= found.end():
        is_held = _HOLDS.fullmatch(body.string, found.end(), body.start())  # « n° 2024-113 du conseil municipal »
        return 0 if is_held else body.start() - found.end()
    return max(found.start() - body.end(), 0)


# --- courts --------------------------------------------------------------------------------------------------------
_CASE = r"(?P<number>[0-9]{3}[ .]?[0-9]{3})(?![0-9]| [0-9]|[-/,.][0-9])"
_COUNCIL = late(rf"(?<![a-z])(?P<name>cons(?:eil|\.) d'et(?:at|\.)|ce)(?![a-z])(?P<between>[^;:!?]{{0,90}}?)"
                      rf"(?<![a-z])(?:{_NO}|req\. ?|(?<=20[0-9][0-9], )){_CASE}")  # fmt: skip
_COUNCIL_AFTER = late(rf"(?<![a-z])(?:{_NO}|req\. ?)(?<![a-z]){_CASE}(?P<list>(?:(?:,"
                            rf"| et) (?:{_NO})?[0-9]{{3}} ?[0-9]{{3}}){{0,40}})"
                            rf"[ ,()-]*(?:(?:du |le )?{_UNNAMED_DAY}[ ,()-]*)?(?:(?:du|le|rendue? par"
                            rf" le|of the) )?(?:(?:[0-9a-z ]{{0,25}})?conseil d'etat"
                            rf"|(?P<name>ce)(?=,? {_UNNAMED_DAY}))")  # fmt: skip
_CASE_MORE = late(rf"{_ASIDE}{_AND}(?:{_NO})?{_CASE}")
_NOT_COUNCIL = late(
    r"(?:marquage|notifie|normes?|certificat[s]?|comite|conformite|reglements?|directives?)[ a-z(]{0,12}$"
)
_COUNCIL_AT = late(r"arianeweb/ce/decision/[0-9]{4}-[0-9]{2}-[0-9]{2}/(?P<number>[0-9]{6})(?![0-9])")
_ECLI_CE = late(r"ecli:fr:(?P<court>ce[a-z]{0,6}):(?P<year>[0-9]{4}):(?P<number>[0-9]{5,6})\.(?P<day>[0-9]{8})")
_ECLI_OTHER = late(
    r"ecli:(?P<country>[a-z]{2}):(?P<court>(?!ce[a-z]{0,6}:[0-9]{4}:[0-9]{5,6}\.[0-9]{8})[a-z0-9]{1,7}):(?P<year>[0-9]{4})"
    r":(?P<number>[a-z0-9]{1,25}(?:\.[a-z0-9]{1,12}){0,3})(?![a-z0-9])"
)
_ECLI_EU = late(r"(?<![a-z0-9:])(?:ecli:)?eu:(?P<court>[ctf]):(?P<year>[0-9]{4}):(?P<number>[0-9]{1,4})(?![0-9])")


def council(page: Passage) -> Iterator[ActMention]:
    for found in _COUNCIL.finditer(page.shape):
        if _is_council(page, found):
            yield from _cases(page, found)
    for found in _COUNCIL_AFTER.finditer(page.shape):
        if found["name"] and not page.plain[found.start("name") : found.end("name")].isupper():
            continue
        if not _is_other(page.shape[max(found.start() - 14, 0) : found.start()].replace("decision", "")):
            yield from _cases(page, found)
    for found in _COUNCIL_AT.finditer(page.shape):
        yield page.found(f"ce:{found['number']}", found.start(), found.end())
    yield from _ecli(page)


def _ecli(page: Passage) -> Iterator[ActMention]:
    for found in _ECLI_CE.finditer(page.shape):
        name = f"ecli:FR:{found['court'].upper()}:{found['year']}:{found['number']}.{found['day']}"
        yield page.found(name, found.start(), found.end())
        yield page.found(f"ce:{found['number']}", found.start(), found.end())
    for found in _ECLI_OTHER.finditer(page.shape):
        if found["country"] != "eu":
            yield page.found(f"ecli:{found[0][5:].upper()}", found.start(), found.end())
    for found in _ECLI_EU.finditer(page.shape):
        yield page.found(
            f"ecli:EU:{found['court'].upper()}:{found['year']}:{found['number']}", found.start(), found.end()
        )


_COURT_WORDS = late(r"\b(?:decisions?|arretes?|avis|ordonnances?|juges?|referes?|commission|tribunal)\b")


_FORMATION = late(rf"[ ,(]+(?:{_UNNAMED_DAY}|(?:ass|sect|ord|ref|juge des ref|plen|[0-9]{{1,2}} ?e(?:me)? )[a-z.]*)")


def _is_council(page: Passage, found: re.Match[str]) -> bool:
    between = found["between"]
    if _is_other(_COURT_WORDS.sub("", between)) or re.search(r"rcs|siret|siren|telephone|\btel\b", between):
        return False
    if found["name"] != "ce":
        return True
    written = page.plain[found.start() : found.start() + 2] == "CE"
    before = page.shape[max(found.start() - 30, 0) : found.start()]
    sentence = re.search(r"[a-z]{5,} [a-z]{2,} [a-z]{4,}", between) and not _FORMATION.match(between)
    cited = re.match(r"[ ,(]", between) and not sentence
    return bool(written and cited and not _NOT_COUNCIL.search(before))


def _cases(page: Passage, found: re.Match[str]) -> Iterator[ActMention]:
    yield page.found(f"ce:{_digits(found['number'])}", found.start(), found.end("number"))
    for more in _more(page, found.end("number"), _CASE_MORE):
        yield page.found(f"ce:{_digits(more['number'])}", more.start("number"), more.end("number"))


def _digits(written: str) -> str:
    return re.sub("[^0-9]", "", written)


_CONSTITUTION = late(
    rf"(?<![a-z])(?P<sign>{_NO}|decisions? |const(?:\.|itutionnel),? )(?P<year>[0-9]{{4}}|[0-9]{{2}}) ?- ?"
    rf"(?P<rank>[0-9]{{1,4}})(?:/[0-9]{{1,4}})* ?(?P<suffix>dc|qpc)(?![a-z])"
)
_CONSTITUTION_AT = late(
    r"conseil-constitutionnel\.fr/decision/[0-9]{4}/(?P<year>[0-9]{4})(?P<rank>[0-9]{1,4})(?P<suffix>dc|qpc)(?![a-z])"
)
_PAPERS = late(
    rf"(?<![a-z])(?:(?:cass\.|cour de cassation|pourvois?|cass,)[^;!?]{{0,100}}?"
    rf"|(?:crim|soc|com|civ)\.,? (?:[123] ?(?:re|e),? )?{_UNNAMED_DAY},? (?:pourvoi )?{_NO})(?<![0-9])"
    r"(?P<number>[0-9]{2}-[0-9]{2}[. ]?[0-9]{3})(?![0-9])"
)
_PAPERS_AFTER = late(
    rf"(?<![a-z]){_NO}(?P<number>[0-9]{{2}}-[0-9]{{2}}[. ]?[0-9]{{3}})"
    rf"(?:,? (?:du|rendu le) {_UNNAMED_DAY},?)? (?:de|par) la "
    r"(?:[a-z]+ (?:civile |commerciale |sociale |criminelle )?de la )?cour de cassation"
)
_PAPERS_MORE = late(rf"{_AND}(?:{_NO})?(?:[a-z] )?(?P<number>[0-9]{{2}}-[0-9]{{2}}[. ]?[0-9]{{3}})(?![0-9])")
_APPEAL = late(
    r"(?<![a-z])(?:caa|cour administrative d'appel)(?![a-z])[^;!?]{0,90}?(?<![0-9a-z])(?P<number>[0-9]{2} ?"
    r"(?:pa|ly|nt|bx|ma|da|do|nc|ve|tl) ?[0-9]{5})(?![0-9])"
)
_APPEAL_MORE = late(rf"{_AND}(?:{_NO})?(?P<number>[0-9]{{2}} ?(?:pa|ly|nt|bx|ma|da|do|nc|ve|tl) ?[0-9]{{5}})(?![0-9])")


def courts(page: Passage) -> Iterator[ActMention]:
    for found in _CONSTITUTION.finditer(page.shape):
        suffix = page.plain[found.start("suffix") : found.end("suffix")]
        if suffix.isupper():
            yield page.found(f"cc:{found['year']}-{int(found['rank'])}-{suffix}", found.start(), found.end())
    for found in _CONSTITUTION_AT.finditer(page.shape):
        yield page.found(
            f"cc:{found['year']}-{int(found['rank'])}-{found['suffix'].upper()}", found.start(), found.end()
        )
    for found in (*_PAPERS.finditer(page.shape), *_PAPERS_AFTER.finditer(page.shape)):
        for each in (found, *_more(page, found.end("number"), _PAPERS_MORE)):
            number = _digits(each["number"])
            name = f"cass:{number[:2]}-{number[2:4]}.{number[4:]}"
            yield page.found(name, each.start("number"), each.end())
    for found in _APPEAL.finditer(page.shape):
        for each in (found, *_more(page, found.end(), _APPEAL_MORE)):
            name = f"caa:{each['number'].replace(' ', '').upper()}"
            yield page.found(name, each.start("number"), each.end())


_CASE_EU = late(
    r"(?<![a-z0-9/-])(?P<court>[ct])(?: ?- ?| ?(?=[0-9]{2}))(?P<rank>[0-9]{1,4})/(?P<year>[0-9]{2})(?![0-9/])"
)
_CASE_EU_MORE = late(rf"(?: p\b| ppu\b)?{_ASIDE}{_AND}(?P<rank>[0-9]{{1,4}})/(?P<year>[0-9]{{2}})(?![0-9/])")
_COURT = late(
    r"(?<![a-z])(?:cjue|cjce|tue|tpice|curia|cour(?! interieur| d'| des | de recre)|trib\.|tribunal|arrets?"
    r"|affaires?|aff\.|conclusions|avocat general"
    r"|grande chambre|prejudiciel[a-z]*|pourvoi|cases?|judge?ment|court|juges|schrems"
    r"|general court|ordonnance)(?![a-z])"
)


def european_courts(page: Passage) -> Iterator[ActMention]:
    for found in _CASE_EU.finditer(page.shape):
        written = page.plain[found.start()].isupper()
        if written and _COURT.search(page.around(found.start())):
            court = found["court"].upper()
            for each in (found, *_more(page, found.end(), _CASE_EU_MORE)):
                yield page.found(f"cjue:{court}-{int(each['rank'])}/{each['year']}", each.start(), each.end("year"))


# --- the European Union --------------------------------------------------------------------------------------------
_ORG = r"(?:ue|eu|cee|eec|ce|ec|euratom|jai|jha|pesc|cfsp)"
_EU_NUMBER = (
    rf"(?P<org>[(] ?{_ORG}(?: ?, ?euratom)? ?[)]|{_ORG}(?![a-z])[)]?)?[ ,]*(?P<sign>{_NO})?"
    rf"(?P<one>[0-9]{{1,4}})(?P<mark> ?/ ?|-)(?P<two>[0-9]{{1,4}})(?:/(?P<suffix>{_ORG}))?(?![0-9a-z]|[/-][0-9])"
)
_EU = late(
    rf"(?<![a-z])(?P<noun>reglements?|regulations?|regl\.|directives?|dir\.|decisions?[ -]cadres?"
    rf"|framework decisions?"
    rf"|decisions?|dec\.)(?P<early> \({_ORG}\)(?= du ))?"
    rf"(?P<between>(?:[a-z ,'(«-]|(?<=nis)2|(?<=nis )2|(?<=exec)\.|(?<=del)\.){{0,70}}?)[ (,]*(?<![a-z]){_EU_NUMBER}"
    rf"(?: (?P<late>\({_ORG}\)))?"
)
# « AI Act (UE 2024/1689) », « NIS 2, (UE) 2022/2555 »: the name says which kind of act it is
_EU_NAMED = late(
    rf"(?<![a-z])(?:(?P<law>act|rgpd|gdpr|dora|dma|dsa|cra|eidas|ehds|eeds|mica)|nis ?2?|cer|dsp ?2)"
    rf"[ ,(-]{{1,3}}(?P<org>[(]{_ORG}[)]|{_ORG}(?![a-z]))?[ ,]*(?P<sign>{_NO})?"
    rf"(?P<one>[0-9]{{4}})/(?P<two>[0-9]{{1,4}})(?:/(?P<suffix>{_ORG}))?(?![0-9a-z]|/[0-9])"
)
_EU_MORE = late(
    rf"{_DATED}{_ASIDE}[)]?{_AND}(?:(?:le |la |les |du |de la "
    rf"|the )?){_EU_NUMBER}(?: (?P<late>\({_ORG}\)))?"
)
_NATIONAL = late(
    r"(?<![a-z])(?:anc|crbf|crc|interieur|municipa[a-z]*|ministere|ministre|federation|copropriete|concours"
    r"|de police|club"
    r"|championnat|academique|prefet|maire|conseil municipal|ecole|coupe|saison|tournoi|ligue|jeu|sportif)(?![a-z])"
)
_CELEX = late(r"(?:(?<![a-z0-9])|(?<=%3a))(?P<number>3(?:19|20)[0-9]{2}[rldf][0-9]{4})(?![0-9a-z])")
_ELI_EU = late(r"/?eli/(?P<kind>reg|dir|dec|reg_impl|reg_del|dec_impl|dec_del|dir_impl|dir_del|dec_framw)/"
                     r"(?P<year>[0-9]{4})/(?P<rank>[0-9]{1,4})(?![0-9])")  # fmt: skip


# Of what an act of the Union is about or by, although others that bear numbers are called so
_NAMED = late(
    rf"{_COURT_WORDS.pattern}|\b(?:marches? (?:numeriques?|interieur|uniques?|financiers?|publics|de crypto)"
    r"|contrats? (?:intelligents?|de credit))"
)


def union(page: Passage) -> Iterator[ActMention]:
    for found in _EU.finditer(page.shape):
        letter = _letter(found["noun"])
        number = None if _is_other(_NAMED.sub("", found["between"])) else _celex(page, found, letter)
        if number is not None:
            yield page.found(number, found.start(), found.end())
            for more in _more(page, found.end(), _EU_MORE):
                following = _celex(page, more, letter, listed=True, named=bool(found["org"]))
                if following is not None:
                    yield page.found(following, more.start("one"), more.end())
    for found in _EU_NAMED.finditer(page.shape):
        number = _celex(page, found, "R" if found["law"] else "L", listed=True)
        if number is not None:
            yield page.found(number, found.start("one"), found.end())
    for found in _CELEX.finditer(page.shape):
        if "celex" in page.shape[max(found.start() - 25, 0) : found.start()]:
            yield page.found(f"celex:{found['number'].upper()}", found.start(), found.end())
    for found in _ELI_EU.finditer(page.shape):
        letter = "F" if found["kind"] == "dec_framw" else _letter(found["kind"])
        yield page.found(f"celex:3{found['year']}{letter}{int(found['rank']):04}", found.start(), found.end())


def _letter(noun: str) -> str:
    if "cadre" in noun or "framework" in noun:
        return "F"
    return {"r": "R", "d": "D"}[noun[0]] if not noun.startswith("dir") else "L"


def _celex(
    page: Passage, found: re.Match[str], letter: str, *, listed: bool = False, named: bool = False
) -> str | None:
    """The CELEX of a number written year/number or number/year; None where either could be the year."""
    groups = found.groupdict()
    org = found["org"] or found["suffix"] or groups.get("early") or groups.get("late")
    if not org and not listed and (letter in "DF" or _NATIONAL.search(page.around(found.start()))):
        return None
    old = bool(found["sign"] and org) and letter != "L"  # a directive's year has always stood first
    if groups.get("mark") == "-" and not (found["org"] and len(found["one"]) == 4):  # « (UE) 2025-327 », mistyped
        return None
    read = _ordered(found["one"], found["two"], old=old, named=bool(org) or named)
    if read is None or not 1952 <= read[0] <= 2099:
        return None
    return f"celex:3{read[0]}{letter}{read[1]:04}"


def _ordered(one: str, two: str, *, old: bool, named: bool) -> tuple[int, int] | None:
    """(year, number). `old`: with a sign and the Union's name, as until 2014: number/year."""
    first, second = _is_year(one, short=named), _is_year(two, short=old)
    if old and second and (len(two) == 2 or 1958 <= int(two) <= 2014):
        return _year(two), int(one)
    if first and not (second and not named):
        return _year(one), int(two)
    return (_year(two), int(one)) if second and not first else None


def _is_year(written: str, *, short: bool) -> bool:
    return (len(written) == 4 and 1952 <= int(written) <= 2099) or (short and len(written) == 2 and int(written) >= 52)


# --- proposals, tenders --------------------------------------------------------------------------------------------
_COM = late(
    r"(?<![a-z])com ?(?:[(](?P<a>20[0-9]{2}|19[0-9]{2})[)]|[/:](?P<b>20[0-9]{2})[/:]) ?(?P<rank>[0-9]{1,4})(?![0-9])"
)
_BOAMP = late(r"(?<![a-z])boamp(?![a-z])[^;!?]{0,60}?(?<![0-9-])(?P<number>[0-9]{2}-[0-9]{4,6})(?![0-9-])"
                    r"|idweb[:=](?:%22|%3a|[:=])*(?P<web>[0-9]{2}-[0-9]{4,6})(?![0-9-])")  # fmt: skip
_BOAMP_AFTER = late(
    rf"(?<![a-z])(?:{_NO})(?P<number>[0-9]{{2}}-[0-9]{{4,6}})[ ,(]*(?:du |au |publie au |paru au )?boamp(?![a-z])"
)
_BOAMP_MORE = late(rf"{_AND}(?:{_NO})?(?P<number>[0-9]{{2}}-[0-9]{{4,6}})(?![0-9-])")
_SUPPLEMENT = late(r"(?<![a-z0-9])(?P<year>20[0-9]{2})/s ?[0-9]{1,3} ?- ?(?P<rank>[0-9]{4,8})(?![0-9])")
_TED = late(
    r"(?<![a-z])(?:ted|joue)(?![a-z])[^;!?]{0,50}?(?<![0-9-])(?P<rank>[0-9]{4,8})-(?P<year>20[0-9]{2})(?![0-9-])"
)


def tenders(page: Passage) -> Iterator[ActMention]:
    for found in _COM.finditer(page.shape):
        if page.plain[found.start() : found.start() + 3] == "COM":
            yield page.found(f"com:{found['a'] or found['b']}-{int(found['rank'])}", found.start(), found.end())
    for found in (*_BOAMP.finditer(page.shape), *_BOAMP_AFTER.finditer(page.shape)):
        number = found["number"] or found["web"]
        yield page.found(f"boamp:{number}", found.start(), found.end())
        for more in _more(page, found.end(), _BOAMP_MORE):
            yield page.found(f"boamp:{more['number']}", more.start("number"), more.end())
    for found in _SUPPLEMENT.finditer(page.shape):
        yield page.found(f"ted:{int(found['rank'])}-{found['year']}", found.start(), found.end())
    for found in _TED.finditer(page.shape):
        if page.plain[found.start() : found.start() + 3].isupper() or "europa.eu" in found[0]:
            yield page.found(f"ted:{int(found['rank'])}-{found['year']}", found.start(), found.end())


# --- bills, by the address of their dossier --------------------------------------------------------------------------
_SENATE = late(r"senat\.fr/(?:dossier-legislatif|leg)/(?P<number>p[pj][lr][0-9]{2}-[0-9]{1,4})(?![0-9])")
_ASSEMBLY = late(r"assemblee-nationale\.fr/dyn/(?P<term>[0-9]{2})/dossiers/(?P<name>[a-z0-9 _-]{3,80})")


def bills(page: Passage) -> Iterator[ActMention]:
    """A bill is named by its chamber's dossier alone: its number is another one at each reading."""
    for found in _SENATE.finditer(page.shape):
        yield page.found(f"senat:{found['number']}", found.start(), found.end())
    for found in _ASSEMBLY.finditer(page.shape):
        name = re.match("[A-Za-z0-9_-]{3,}", page.plain[found.start("name") : found.end("name")])
        if name is not None:
            end = found.start("name") + name.end()
            yield page.found(f"an:{found['term']}-{name[0].replace('_', '-')[:36]}", found.start(), end)
