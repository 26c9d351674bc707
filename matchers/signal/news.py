"""Whether an article tells an event of its subject: its words, how many people, who says so. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matchers import sites
from matchers.language.fact_words import Fact
from matchers.language.months import MONTH, MONTHS
from matchers.late import late
from matchers.official import is_official
from matchers.scan.page import Layout, Span, sentence_ends
from matchers.signal.facts import told

_OPENING = 500  # characters of the text: what comes later is no longer what the article announces
_BEFORE = 45  # characters before an event's word in which somebody only wishes for it, denies it, or recalls it
_AROUND = 60  # characters after it, and from the beginning of its sentence, in which an old year may stand
# Of folded text: two blanks are a punctuation, beyond which another clause wishes for something else.
_CLAUSE = r"(?:(?!  ).)*\Z"
_WISHED = late(
    r"\b(?:veut|veulent|voulait|voudrait|voudraient|vise|visent|viser|espere|esperent|esperait|souhaite|souhaitent"
    r"|souhaitait|pourrait|pourraient|devrait|devraient|aurait|auraient|serait|seraient|compte|comptent|cherche|cherchent"
    r"|tente|tentent|tenter|envisage|envisagent|prevoit|prevoient|attend|attendent|craint|craignent|demande|demandent"
    r"|reclame|reclament|conteste|contestent|appellent? a|afin de|afin d|en vue|en passe|sur le point|s apprete"
    r"|s appretent|candidate?s? a|prepare|preparent|avant de|avant d|avant que|sans|jamais|dement|dementent|si|faut"
    rf"|faudrait|ne|n|risque|risquent|encourt|encourent|menacent? de?|promet|objectif|bientot|faute de?)\b{_CLAUSE}"
    r"|\b(?:pour|vers|projet de|projet d|futur|future|prochain|prochaine)(?: (?:l|la|le|les|une?|des|sa|son|leur))? \Z"
    r"|\b(?<!ent d )(?<!\bva )(?<!vont )etre (?:\w+ )?\Z|\bnon \Z"
    r"|\b(?!(?:re|ex|at|por|abs|sous|con|di)?trait|(?:ap|dis|com|re|trans)?parait)[a-z]{2,}rai(?:en)?t\b(?:(?!  ).)*\Z"
)
# A headline that only plans: what its lead tells is how things came so far
_PLANNED = late(
    r"\b(?<!\bne )(?:veut|veulent|voudrait|vise|visent|espere|esperent|souhaite|souhaitent|pourrai(?:en)?t"
    r"|devrai(?:en)?t|prevoit|prevoient|envisage|envisagent|demande|demandent|reclame|reclament|appellent? a"
    r"|plaide|plaident|etudie|etudient|propose d|propose de|promet|promettent|s apprete|s appretent"
    r"|prepare|preparent|intention|menacent? de?|audience (?:le|prevue|fixee|du|en))\b"
)
# A court hears those who went to it before: « devant le Conseil d'État » says where, and no suit
_HEARD = late(r"\b(?:audiences?|plaid\w+|rapporteure? publi(?:c|que)|deliberee?|comparai\w+|s expliqu\w+|debattu\w*)\b")
_BEFORE_COURT = late(r"\W*devant ")
# Somebody speaks of it
_DISCUSSED = late(
    r"\b(?:defend|defendent|critique|critiquent|deplore|deplorent|denonce|denoncent|salue|saluent|commente|explique"
    r"|expliquent|raconte|racontent|detaille|justifie|justifient|rappelle|rappellent|regrette|regrettent|revient sur"
    rf"|s interroge|decrit|analyse)\b{_CLAUSE}"
)
_AFTER = late(
    r"\A (?:(?:pas|jamais|aucun|aucune|bientot|peut etre)\b"
    # an opinion or a recommendation is adopted, and decides nothing
    r"|(?:(?:une?|l|la|le|les|des|son|sa|ses|leurs?|plusieurs|\w+) ){0,2}(?:avis|recommandations?|lignes directrices"
    r"|orientations|feuille de route|motion|rapport)\b"
    r"|(?:(?!et |la |une |cette |sa |leur |toute )\w+ )?"  # « annulation demandée » ; « rejette la demande »
    r"(?:requise?|pourrai(?:en)?t|devrai(?:en)?t|attendue?s?|prevue?s?|esperee?s?|demandee?s?"
    r"|reclamee?s?)\b)"
)
_REMINDED = late(r"\A\W*(?:pour (?:memoire|rappel|rappeler)|rappelons|on se souvient|(?:un )?rappel  )\b|\brappelons\b")
_RECALLED = late(
    rf"\b(?:avait|avaient|ayant|apres avoir|il y a \w+ (?:ans?|mois)|l an dernier|l annee derniere)\b{_CLAUSE}"
)
_LONG_AGO = late(r"\A(?:(?!  ).)*?\b(?:il y a \w+ (?:ans?|mois)|l an dernier|l annee derniere|depuis \w+ ans?)\b")
_YEAR_AFTER = late(r"\A(?:(?!  ).)*?\b(?:en|depuis|des)(?: \w+)? ((?:19|20)\d\d)\b")
_YEAR_FIRST = late(r"\A\W*(?:en|depuis|des)(?: \w+)? ((?:19|20)\d\d)\b")
_DAY = rf"(\d{{1,2}})(?:er)? ({MONTH})(?: ((?:19|20)\d\d))?\b"
_DAY_AFTER = late(rf"\A(?:(?!  ).)*?\b(?:le|depuis le) {_DAY}")
# Quotes fold to three blanks, and set no clause apart
_DAY_BEFORE = late(rf"(?:\A\W*|.*\b(?<!d ici )(?<!avant ))le {_DAY}(?:(?!(?<! )  (?! )).)*\Z")
_DAY_FIRST = late(rf"\A\W*le {_DAY}")
_OLD = timedelta(days=31)  # a month later, what happened is recalled

# What happens in another country to its hospitals, its insured and its contracts rings nobody here; its laws may
_LANDS = (
    "belgique|suisse|quebec|canada|etats unis|allemagne|royaume uni|grande bretagne|angleterre|irlande|italie|espagne"
    "|portugal|pays bas|luxembourg|autriche|pologne|roumanie|norvege|suede|finlande|danemark|grece|australie"
    "|nouvelle zelande|maroc|algerie|tunisie|senegal|inde|chine|japon|coree du sud|singapour|bresil|israel|ukraine"
)
_OF_LANDS = (
    "belges?|suisses?|quebecoi(?:s|se|ses)|canadien(?:ne)?s?|americaine?s?|allemande?s?|britanniques?|irlandais(?:e|es)?"
    "|italien(?:ne)?s?|espagnole?s?|portugais(?:e|es)?|neerlandais(?:e|es)?|autrichien(?:ne)?s?|polonais(?:e|es)?"
    "|roumaine?s?|australien(?:ne)?s?|marocaine?s?|tunisien(?:ne)?s?|algerien(?:ne)?s?"
)
_VICTIMS = (
    "hopita(?:l|ux)|cliniques?|chu|hospitaliers?|universitaires?|assureurs?|assurances?|mutuelles?|patients?|citoyens?"
    "|laboratoires?|etablissements?|sante|medica(?:l|le|ux|les)|medecins?|pharmacies?"
)
_ABROAD = late(
    rf"\A *(?:(?:en|au|aux|a) )?(?:{_LANDS})  |\b(?:en|au|aux) (?:{_LANDS})(?:  | *\Z)|  (?:{_LANDS})  ?\Z"
    rf"|\b(?:{_VICTIMS}) (?:{_OF_LANDS})\b"
)
_HERE = late(r"\bfrance\b|\bfrancais")
_AT_HOME: frozenset[Fact] = frozenset(("soins", "panne", "sanction", "marché", "départ", "octroi", "retrait"))


@dataclass(frozen=True, slots=True)
class EventRule:
    """What makes news of a watchlist: numbers of the engine's terms; kinds of facts; the fewest people hit, None: no
    count is news."""

    words: tuple[int, ...]
    facts: tuple[Fact, ...]
    people: int | None
    official: bool


def event(page: Layout, rule: EventRule, subject: Iterable[Span], present: Mapping[int, Sequence[Span]]) -> str | None:
    """The words that make this article news, as they stand in it; None if nothing does.

    A word counts in the title, the summary or the opening of the text, in a sentence that names the subject.
    """
    rule = _of_here(page, rule)
    lead = _lead(page)
    zones = tuple(_zones(page, tuple(subject), lead))
    words = sorted(span for term in rule.words for span in present.get(term, ()))
    is_planned = _PLANNED.search(page.folded(0).decode("latin-1")) is not None
    is_heard = _HEARD.search(page.haystack[:lead].decode("latin-1")) is not None
    for zone in zones:
        if is_planned and zone[0] >= page.begins[1]:
            break
        said = [span for span in words if zone[0] <= span[0] and span[1] <= zone[1]]
        for span in sorted({*said, *_facts(page, zone, rule.facts)}):
            is_hearing = (
                is_heard and _BEFORE_COURT.match(page.haystack[span[0] : span[1]].decode("latin-1")) is not None
            )
            if not is_hearing and not _is_no_fact(page, zone, span):
                return page.chars(*span)
    if rule.people is not None:
        for zone in zones:
            if (count := crowd(page.chars(*zone), rule.people)) is not None:
                return count
    return _authority(page) if rule.official else None


def _of_here(page: Layout, rule: EventRule) -> EventRule:
    """What of the rule an article may tell: one whose headline stands in another country tells no harm of ours."""
    headline = page.folded(0).decode("latin-1")
    if _ABROAD.search(headline) is None or _HERE.search(headline) is not None:
        return rule
    return replace(rule, words=(), facts=tuple(kind for kind in rule.facts if kind not in _AT_HOME), people=None)


def _facts(page: Layout, zone: Span, kinds: Sequence[Fact]) -> Iterable[Span]:
    folded, text = page.haystack[zone[0] : zone[1]].decode("latin-1"), page.chars(*zone)
    found = told(kinds, text, folded, headline=page.field_of(zone[0]) == 0)
    return ((zone[0] + start, zone[0] + end) for start, end in found)


def _zones(page: Layout, subject: Sequence[Span], lead: int) -> Iterable[Span]:
    """The sentences that name the subject, where an article announces what it tells; the title where its summary does;
    after a title that does, all of the summary, else the text's first sentence. A question tells nothing."""
    title = page.begins[1]
    is_title_named = any(span[0] < title for span in subject)
    is_summary_named = any(title <= span[0] < page.begins[2] for span in subject)
    for index in range(len(page.begins)):
        for zone in _sentences(page, index):
            if page.chars(*zone).strip().endswith("?"):
                continue
            follows = is_summary_named if zone[0] < title else is_title_named and zone[0] < lead
            if follows or any(zone[0] <= span[0] < zone[1] for span in subject):
                yield zone


def _lead(page: Layout) -> int:
    """Where the summary ends, or without one the first sentence of the text."""
    if page.texts[1].strip():
        return page.begins[2]
    return next((end for begin, end in _sentences(page, 2) if page.chars(begin, end).strip()), page.begins[2])


def _sentences(page: Layout, index: int) -> Iterable[Span]:
    """Those of a field; of the text only what it opens with."""
    begin, text = page.begins[index], page.texts[index]
    stop = min(len(text), _OPENING) if index == 2 else len(text)
    ends = list(sentence_ends(text[:stop]))
    for first, last in zip([0, *ends], [*ends, stop], strict=True):
        yield begin + first, begin + last


def _is_no_fact(page: Layout, zone: Span, span: Span) -> bool:
    """Is it wished for, denied, or recalled from another time?"""
    folded = page.haystack[zone[0] : zone[1]].decode("latin-1")
    start, end = span[0] - zone[0], span[1] - zone[0]
    before, after = folded[max(start - _BEFORE, 0) : start], folded[end : end + _AROUND]
    if _WISHED.search(before) or _DISCUSSED.search(before) or _AFTER.match(after) or _is_quoted(page, zone, span):
        return True
    if _RECALLED.search(before) or _LONG_AGO.match(after) or _REMINDED.search(folded[:start]):
        return True
    days = (_DAY_AFTER.match(after), _DAY_BEFORE.match(before), _DAY_FIRST.match(folded[:start][:_AROUND]))
    if any(found is not None and _is_long_past(page, found) for found in days):
        return True
    years = (_YEAR_AFTER.match(after), _YEAR_FIRST.match(folded[:start][:_AROUND]))
    return any(found is not None and _is_past(page, int(found[1])) for found in years)


_QUOTED = late(r"[«“\"]([^«»“”\"]*)[»”\"]")
_QUOTE, _QUOTED_WORDS = 300, 4  # characters around it in which quotes may stand; one word between them is the writer's


def _is_quoted(page: Layout, zone: Span, span: Span) -> bool:
    """Is it in somebody's mouth?"""
    begin = max(zone[0], span[0] - _QUOTE)
    around = page.chars(begin, min(zone[1], span[1] + _QUOTE))
    return any(
        found.start() < span[0] - begin < found.end() and len(found[1].split()) >= _QUOTED_WORDS
        for found in _QUOTED.finditer(around)
    )


def _is_long_past(page: Layout, day: re.Match[str]) -> bool:
    """A day a month or more before that of the article; without a year, the nearest of that name."""
    if page.article.published is None:
        return False
    now, year = page.article.published.date(), day[3]
    number, month = int(day[1]), MONTHS[day[2]]
    try:
        named = [
            date(each, month, number) for each in ([int(year)] if year else (now.year - 1, now.year, now.year + 1))
        ]
    except ValueError:  # no such day
        return False
    return now - min(named, key=lambda one: abs(one - now)) > _OLD


def _is_past(page: Layout, year: int) -> bool:
    """A year before that of the article; of one without a date nothing is."""
    published = page.article.published
    return published is not None and year < published.year


def _authority(page: Layout) -> str | None:
    site = sites.site(page.article.url)
    return site if is_official(site, page.article.official) else None


# --- how many people -------------------------------------------------------------------------------------------------
_UNITS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
          "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15,
          "seize": 16, "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "vingt": 20,
          "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
          "cent": 100}  # fmt: skip
_SCALES = {"mille": 1_000, "milliers": 2_000, "million": 1_000_000, "millions": 1_000_000, "milliard": 10**9}
_WHO = (
    r"(?:patient|personne|assuré|client|français|citoyen|usager|utilisateur|adhérent|bénéficiaire|victime|compte|dossier"
    r"|ordonnance|consultation|médecin|soignant|professionnel|abonné|salarié|agent|habitant|allocataire|résident|mutualiste"
    r"|internaute|cartes? vitale|profil|ayant droit|donneur|feuilles? de soins|prescription"
    r"|numéro|fiche|nom|identité|adresse|donnée|radio|scanner|cliché|ligne|document|résultat|compte[- ]rendu"
    r"|(?-i:[A-ZÉ])\w+s\b)"
)
_SEVERAL = ("des", "plusieurs", "quelques")
_NO_MONEY = r"(?!\s+(?:d['’]|de\s+)?(?:euros?|dollars?|francs?)\b)"
_CROWD = late(
    rf"\b(\d{{1,3}}(?:[\s.]\d{{3}}){{1,5}}|\d+(?:,\d+)?|{'|'.join(_UNITS)}"
    rf"|(?:(?:{'|'.join(_SEVERAL)})\s+)?(?=milli(?:ons|ers)\b))\s*"
    rf"({'|'.join(_SCALES)}|[mk])?\b{_NO_MONEY}(?:\s+d(?:e|es)\s|\s+d['’]|\s+)(?:[\w'’-]+\s+){{0,4}}?{_WHO}\w*",
    re.IGNORECASE,
)


# « 17 millions : les patients touchés », where the sentence names people
_BARE = late(
    rf"\b(\d{{1,3}}(?:,\d+)?|{'|'.join(_UNITS)})\s+(millions?)\b(?=\s?[:,.;!]|\s*\Z)",
    re.IGNORECASE,
)
_NAMED = late(rf"\b{_WHO}", re.IGNORECASE)
_PEOPLES = 5_000_000  # the least that a share of a people makes
_SHARE = late(
    r"\b(?:(?:un|deux|trois|quatre|sept|huit|neuf) (?:Français|Belges?|Suisses?|Italiens?|Espagnols?|Allemands?"
    r"|Britanniques?|Européens?) sur (?:deux|trois|quatre|cinq|six|sept|huit|dix)"
    r"|(?:la moitié|(?:un|le|deux) (?:tiers|quarts?|cinquièmes?)) (?:des Français|de la population|des assurés))\b",
    re.IGNORECASE,
)


def crowd(text: str, least: int) -> str | None:
    """The first count of people that is at least so many, as written: « 15 millions de patients »."""
    if least <= _PEOPLES and (share := _SHARE.search(text)) is not None:
        return share[0]
    for found in _CROWD.finditer(text):
        if _number(found[1].lower(), (found[2] or "").lower()) >= least:
            return " ".join(found[0].split())
    for found in _BARE.finditer(text) if _NAMED.search(text) is not None else ():
        if _number(found[1].lower(), found[2].lower()) >= least:
            return found[0]
    return None


def _number(written: str, scale: str) -> float:
    """« 1,5 million », « douze mille »; millions without a number are two at least."""
    times = _SCALES.get(scale) or {"m": 1_000_000, "k": 1_000}.get(scale, 1)
    if not written.strip() or written.split()[0] in _SEVERAL:
        return 2.0 * times
    digits = re.sub(r"[\s.]", "", written).replace(",", ".")
    return (_UNITS.get(written) or float(digits)) * times
