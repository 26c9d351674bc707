"""What a page says to people who may not read it, and what stands under an article. Pure, and mostly data.

A wall is a sentence of four parts: what is closed (the article, its rest), to whom it is open, the label or the call
that says so, and the place it stands in. What closes comments, a newsletter or another article lacks one of them.
"""

import re
from collections import Counter
from collections.abc import Sequence

from bot.reading import tree
from bot.reading.tree import ProseBlock

_AUDIENCE = (
    r"(?:(?:(?:les|des|nos|seuls|seules|lecteurs|clients|personnes|professionnels|utilisateurs) ){0,3}"
    r"(?:abonn[ée](?:[.·•-]?e?[.·•-]?s?|\(e\)s?|\(es\))|adh[ée]rent(?:[.·•-]?e?[.·•-]?s?|\(e\)s)|souscripteurs?"
    r"|(?<=nos )clients|membres(?! d[eu]s? ))"
    r"(?![\w-])(?: (?:premium|payants?|numériques?|intégral(?:es?|s)?|plus|pro|web|du (?:site|journal|magazine)))?)"
)
_THING = (
    r"(?:articles?|contenus?|textes?|dossiers?|enquêtes?|entretiens?|interviews?|publications?|documents?|pages?"
    r"|reportages?|analyses?|suite|lecture|intégralité|décryptages?|tribunes?|fiches?|études?|vidéos?|dépêches?|brèves?"
    r"|actualités?|informations?|synthèses?|chroniques?|éditorial|portraits?|numéros?|notes?|lettres?)"
)
_ONLY = r"(?:(?:exclusivement|uniquement|seulement|strictement|entièrement|désormais|que) )?"
_OPEN = r"(?:accessibles?|disponibles?|consultables?|lisibles?|visibles?|ouverte?s?|proposée?s?)"
_TO = r"(?:qu[’']|que )?(?:aux?|à|par|pour|avec)"
_CLOSED = r"(?:payante?s?|restreinte?s?|limitée?s?|protégée?s?|verrouillée?s?|bloquée?s?)"
_READ = (
    r"(?:lire|consulter|poursuivre|continuer|accéder|découvrir|débloquer|déverrouiller|voir|terminer|retrouver|profiter"
    r"|reprendre|connaître|avoir accès|bénéficier|afficher|parcourir|finir|obtenir)(?: \w{2,15}ment)?"
)
_THIS = (
    r"(?:(?:à|de|d[’'])? ?(?:lire |la lecture de )?(?:toute? )?(?:la suite|l[’']intégralité|la totalité|l[’']article"
    r"|cet article|votre article|(?:ce|le) (?:contenu|dossier|document|texte|reportage|décryptage)"
    r"|(?:cette|la) (?:page|enquête|analyse|publication|étude|fiche|tribune|dépêche|brève|actualité|information"
    r"|synthèse|chronique|interview)|cet (?:entretien|interview)|(?:votre|la|sa|cette) lecture"
    r"|(?:en |son )?intégralité|en entier)(?!\w))"
)
_MEANS = (
    r"(?:(?:un |une |votre |de l[’'])?(?:abonnement|adhésion|inscription|compte|identification|connexion)"
    r"|d[’']être (?:abonn|connect|inscri|adhérent|identifi)"
    r"|de (?:se|vous) (?:abonner|connecter|inscrire|identifier))"
)
_CALL = (
    r"(?:abonnez[- ]vous|vous abonner|je m[’']abonne|connectez[- ]vous|vous connecter|identifiez[- ]vous"
    r"|vous identifier|inscrivez[- ]vous|vous inscrire|créez (?:\w+ment )?(?:un|votre) compte|souscrivez"
    r"|devenez (?:adhérent|membre|abonné)|(?:être|soyez) (?:abonné|adhérent|connecté|membre)|déjà abonné"
    r"|choisi(?:ssez|r) (?:une|votre|un|l[’']une de nos) (?:offre|formule|abonnement)|rejoignez|un abonnement"
    r"|achetez|(?:testez|essayez)(?= [^.!?]{0,20}(?:gratuit|pendant|jours|mois))|demandez un essai)"
)
_BY = (
    r"(?:en (?:vous (?:abonnant|connectant|inscrivant|identifiant)|créant|souscrivant|devenant|activant|ouvrant"
    r"|prenant))"
)
# What is closed: this article, its rest, its reading.
_SUBJECT = (
    rf"(?<!\w)(?:(?:cet(?:te)?|ce) (?:\w+ ){{0,2}}?{_THING}|la suite|l[’']intégralité|la lecture|l[’']article|le reste"
    r"|la version (?:intégrale|complète)|(?:le |l[’'])?(?:texte|article|contenu|dossier) (?:intégral|complet|entier)"
    r"|l[’']accès (?:au contenu|à (?:cet|ce|la suite|l[’'](?:article|intégralité))))"
)
_GAP = r"[^.!?«»]{0,60}?"
_AMOUNT = r"[\d\s,.]{1,12}(?:%|mots|caractères|lignes|minutes|paragraphes)"

# These say themselves that it is this article: a subject that is closed, a call in order to read it, how much is left.
_OURS = re.compile(
    "|".join(
        (
            rf"{_SUBJECT}{_GAP}(?:réservée?s?|exclusi[fv]e?s?|destinée?s?"
            rf"|{_ONLY}{_OPEN}) {_ONLY}{_TO}(?: l[’']usage d?)?"
            rf" ?(?:nos |les |ses |tous (?:nos|les) )?{_AUDIENCE}",
            rf"{_SUBJECT}{_GAP}(?:réservée?s?|destinée?s?) {_ONLY}(?:aux|à nos) [^.!?«»]{{1,40}} (?:abonnée?s"
            rf"|adhérente?s)(?!\w)",
            rf"(?<!\w)(?:cet(?:te)?|ce) {_THING} est {_ONLY}réservée?s? {_ONLY}(?:aux|à nos) "
            r"(?:membres d(?:u|e la|es|e l[’'])"
            r"|(?:clients|utilisateurs|lecteurs|inscrits|titulaires)(?!\w))",
            rf"{_SUBJECT}{_GAP}(?:est|sont) {_CLOSED}(?!\w)",
            rf"{_SUBJECT}{_GAP}(?:nécessite|requiert|demande|suppose|exige|passe par|subordonnée? à|conditionnée? (?:à"
            rf"|par)) {_MEANS}",
            rf"{_SUBJECT}{_GAP}{_OPEN} (?:après|sur|via|par|moyennant|avec) {_MEANS}",
            rf"{_SUBJECT}{_GAP}en accès (?:abonnés?|payant|restreint|réservé)(?!\w)",
            rf"{_SUBJECT}{_GAP} dans (?:l[’']|notre |la )?(?:édition |version |espace )?{_AUDIENCE}",
            rf"{_SUBJECT} fait partie d(?:e|u|es)[^.!?«»]{{0,30}}(?:offres?|formules?|abonnements?|{_AUDIENCE})(?!\w)",
            rf"(?<!\w)(?:offrez|procurez)[- ]vous {_THIS}",
            rf"(?<!\w)seuls {_GAP}{_AUDIENCE} (?:peuvent|ont accès|pourront){_GAP}{_THING}",
            rf"(?<!\w){_READ} {_THIS}[^«»]{{0,100}}{_CALL}",
            rf"{_CALL}[^«»]{{0,100}}(?<!\w)(?:le |la )?{_READ} {_THIS}",
            rf"(?<!\w)(?:lisez|lire|accédez|accéder|découvrez|retrouvez|poursuivez|débloquez"
            rf"|terminez|profitez|bénéficiez|consultez|continuez|reprenez|obtenez) {_THIS}{_GAP} {_BY}",
            r"(?<!\w)(?:poursuivez|continuez|reprenez|terminez) (?:votre|la) lecture\W[^.!?«»]{0,60}"
            r"(?:essai|offre|abonn|€|gratuit)",
            rf"{_CALL}[^.!?«»]{{0,40}} pour (?:continuer|poursuivre|tout lire|en lire plus)(?: (?:la|votre) lecture"
            rf"| à lire)?\W*\Z",
            r"(?<!\w)votre (?:abonnement|essai|accès) (?:a expiré|est (?:expirée?|terminée?|échue?|suspendue?))",
            rf"{_SUBJECT}{_GAP}{_OPEN} (?:dans|avec) (?:l[’']|notre |la |le )?(?:édition|version|numéro|offre)"
            rf" (?:papier|imprimée?|numérique|payante?)",
            r"(?<!\w)lisez (?:cet article|la suite)[^.!?«»]{0,30} pour \d+(?:[.,]\d+)?\s?€",
            rf"\A\W*pour (?:continuer|poursuivre|aller plus loin|en lire plus|tout lire)(?: à lire| (?:votre"
            rf"|la) lecture)?\s*[,:]"
            rf"\s*{_CALL}",
            rf"\A\W*(?:accès|article|contenu|lecture) {_CLOSED}\W[^«»]{{0,60}}(?:{_CALL}|abonn|achete)",
            r"\A\W*(?:accès )?(?:abonn(?:é|ement)|inscription|compte|connexion)(?: gratuite?)? (?:requise?|nécessaire"
            r"|obligatoire)",
            rf"\A\W*lire (?:la suite|l[’']article)(?: complet| entier)?(?: (?:sur|dans) [^.!?«»]{{2,40}}?)?\W+"
            rf"(?:réservé (?:aux )?)?{_AUDIENCE}\W*\Z",
            rf"vous n[’']avez pas (?:encore )?accès à {_THIS}|votre (?:abonnement"
            rf"|compte) ne (?:vous )?permet pas[^.!?«»]{{0,30}} {_THIS}",
            rf"(?:{_THIS}|cet article){_GAP} sur abonnement",
            r"il (?:vous )?(?:en )?reste (?:encore )?[\d,.]+\s?%|vous avez lu [\d,.]+\s?%",
            r"il vous reste (?:encore )?[\d\s,.]{1,12}(?:mots|caractères|lignes|minutes) (?:à|de) l(?:ire|ecture)",
            r"\d[\d,.]*\s?% (?:(?:de|du) [^.!?«»]{1,30} )?(?:reste(?:nt)?|sont encore) à (?:lire|découvrir)",
            rf"\A\W*(?:encore|plus que|(?:il )?reste) {_AMOUNT}[^.!?«»]{{0,25}} à (?:lire|découvrir)",
            r"(?<!\w)(?:retrouvez|lisez|découvrez) (?:la suite|l[’']intégralité"
            r"|la totalité)[^.!?«»]{0,40} dans (?:notre|le)"
            r" (?:magazine|numéro|journal|revue|édition|mensuel|hebdomadaire)",
            r"(?:envie|souhaitez|voulez|désirez)[^.!?]{0,25} (?:de )?lire (?:la suite|l[’']intégralité|cet article)",
            r"(?:débloque[rz]|déverrouille[rz]) (?:votre|cet|ce|la suite|l[’']article|l[’']accès)|lecture restreinte",
            r"(?:atteint|épuisé|utilisé|dépassé)[^.!?]{0,45}(?:articles?|lectures?"
            r"|contenus?) [^.!?]{0,20}(?:gratuit|offert"
            r"|mois|libre)|(?:il ne vous reste|vous n[’']avez) plus (?:d[’']|aucun )?(?:articles?|lectures?)",
            r"(?:acheter|achetez) (?:cet |l[’'])article|(?:atteint|épuisé|dépassé) (?:ce|votre|le) quota"
            r"|quota d[’']articles[^.!?]{0,20} (?:atteint|épuisé|dépassé)",
            rf"{_SUBJECT}{_GAP}(?:réservée?|{_OPEN}) (?:en tant qu[’']|{_ONLY}(?:si|dès lors que|à condition que) vous"
            rf" (?:êtes|soyez) |à condition d[’']être ){_AUDIENCE}",
            rf"{_CALL}[^«»]{{0,60}}(?<!\w)et (?:poursuivez|continuez|terminez|accédez|lisez|retrouvez) {_THIS}",
            r"(?<!\w)subscribe (?:now )?to (?:continue|keep|read|unlock)|to (?:continue|keep) reading(?: this)?",
            r"this (?:article|story|content) is (?:only )?(?:for|available to) (?:paid "
            r"|premium )?(?:subscribers|members)",
        )
    ),
    re.IGNORECASE,
)
# No word says whose label this is: only its place can.
_ANYONES = re.compile(
    rf"\W*(?:{_THING} |accès |édition |exclusivité )?(?:{_ONLY}(?:(?:exclusi[fv]e?s?|réservée?s?|{_OPEN}) )?{_ONLY}"
    rf"(?:{_TO} (?:nos |les |tous (?:nos|les) )?)?{_AUDIENCE}|payante?s?|premium|en accès (?:restreint|payant|abonné))"
    rf"(?: d[eu’'] ?.{{1,30}})?"
    rf"(?:\W*|\W+(?:merci|{_CALL}|essaye[rz]|profite[rz]|à partir de|dès|lire la suite|je teste)[^«»]{{0,100}})",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?<!\w)(?:n[’'](?:est|était) (?:pas|plus)|ne sont (?:pas|plus)|plus réservé|initialement|auparavant"
    r"|à l[’']origine|accès libre|libre accès|libre d[’']accès|exceptionnellement|ouvert à tous|sans abonnement"
    r"|(?:article|contenu)[^.]{0,25} offert|comment(?:aire|er)|réagi(?:r|ssez)"
    r"|newsletter|infolettre|lettre d[’']information"
    r"|podcast|offres? d[’']emploi|forum|webinaire|événement|cookies?|javascript)",
    re.IGNORECASE,
)
# One of these stands in each of the above: most lines of a page need no closer look.
_STEMS = (
    "abonn", "adhérent", "adherent", "membres", "nos clients", "souscri", "reste ", "avez lu", "suite", "bloqu",
    "verrouill", "restreint", "limité", "protégé", "payant", "premium", "lecture", "cet article", "ce contenu",
    "articles", "subscri", "reading", "lire", "accéder", "consulter", "lisez", "intégralité", "connexion", "compte",
    "découvrir", "destiné", "réservé", "continuer", "poursuivre", "inscription", "vous connect", "vous identifi",
    "papier",
)  # fmt: skip
_LABEL = 250  # characters: a wall is a label of its own; a longer paragraph talks about walls
_MANY = 3  # labels of one wording: a mark that a site puts on each of its articles
_NEAR = 4  # blocks around the title
_AROUND = 300  # characters of prose before and behind, in the same box: an article that speaks of walls
_ELSEWHERE = frozenset({"nav", "footer", "comment", "cookie", "newsletter"})

_CALLS = re.compile(
    r"(?:"
    r"(?:déjà|pas encore) abonn|abonnez-vous|je m.abonne|s.abonner|offre (?:spéciale|d.abonnement|découverte)"
    r"|profitez de|à partir de \d+(?:[.,]\d+)?\s?€|\d+(?:[.,]\d+)?\s?€ (?:par|le premier) mois|sans engagement"
    r"|connectez-vous|se connecter|j.ai (?:déjà )?un compte|créer? (?:un|mon|votre) compte|inscrivez-vous"
    r"|(?:recevez|recevoir) (?:notre|nos|la|les|chaque|toute)|newsletter|lettre d.information"
    r"|(?:à|a) (?:lire|voir|écouter|découvrir) (?:aussi|également)|lire aussi|sur le même (?:sujet|thème)"
    r"|voir les (?:contributions|commentaires)|(?:laisser|ajouter|poster) un commentaire|réagir à cet article"
    r"|suivez-nous|partage[rz](?:-le| cet article| sur)|cet article vous a (?:plu|intéressé|été utile)"
    r"|(?:suivez|retrouvez|rejoignez)(?:-nous| .{2,40}) sur (?:facebook|x|twitter|linkedin|instagram|mastodon|bluesky"
    r"|whatsapp|telegram|youtube|tiktok|google)\b|nous suivre|retrouvez-nous sur|télécharge[rz] (?:notre|l.) ?appli"
    r"|accéder à (?:tous|l.intégralité)|lire la suite|the post .* appeared first on"
    r"|l.article .* est apparu en premier"
    r")",
    re.IGNORECASE,
)
_CALL_LENGTH = 220  # characters: a longer line is a paragraph, whatever it mentions
_TAIL = 12  # lines

# With its colon it is a box, however many links were run together in it; without, a short line only.
_BOX = re.compile(
    r"[>»→▶➜►•\s]*(?:(?:à|a) )?(?:re)?(?:lire|voir|écouter) (?:aussi|également|encore)(?:\s*:.*"
    r"|(?: [^:.]{1,40})\s*:.{0,200})"
    r"|[>»→▶➜►]+\s*(?:(?:à|a) )?(?:re)?(?:lire|voir|écouter)(?: [^:]{1,30})?\s*:.*",
    re.IGNORECASE,
)
_LINK = re.compile(r"[>»→▶➜►\s]*(?:à|a) (?:lire|voir|écouter) (?:aussi|également).*", re.IGNORECASE)
_CUT = re.compile(
    r"(?:…|\[(?:\.\.\.|…)\]|\(\.\.\.\)|\.\.\.|lire la suite.{0,3}|continue reading.*|appeared first on.*)\Z",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…]\s+|\n")
_REST = re.compile(
    r"(?:.*(?:…|\.\.\.|[.!?»\])]|\[…\])\s*)?[>»→\s]*(?:\(|\[)?(?:(?:lire|voir|découvrir"
    r"|consulter) (?:toute )?(?:la suite|l[’']intégralité"
    r"|l[’']article (?:complet|entier|en entier))(?: de (?:l[’']article|cet article"
    r"|l[’']entretien))?(?: sur .{2,40}| dans .{2,40})?"
    r"|la suite (?:sur|dans|en page) .{1,40}|suite de l[’']article|poursuivre la lecture|continuer (?:la lecture"
    r"|à lire)"
    r"|(?:continue|keep) reading|read (?:more|the full (?:story|article))|lire plus)[\s)\]…>»→.:]*",
    re.IGNORECASE | re.DOTALL,
)
_ON = re.compile(r"\W*(?:2|(?:page )?suivante?|suite|next(?: page)?)\W*", re.IGNORECASE)
_CONSENT = ("accepter et continuer", "continuer sans accepter", "nos partenaires", "cookies", "finalités")


def locked(blocks: Sequence[ProseBlock], title: int) -> bool:
    """Whether the page says that its article, or the rest of it, is not for all. `title` is the place of its title
    among the blocks, -1 if it is not shown."""
    wordings = Counter(block.words for block in blocks if len(block.words) <= _LABEL)
    rare = {words: words.lower() for words, count in wordings.items() if count < _MANY}
    page = "\n".join(rare.values())
    stems = [stem for stem in _STEMS if stem in page]  # most are nowhere on a page
    near = {words for words, lowered in rare.items() if any(stem in lowered for stem in stems)}
    return any(
        _closes(blocks, place, title)
        for place, block in enumerate(blocks)
        if block.words in near and _ELSEWHERE.isdisjoint(block.margins)
    )


def _closes(blocks: Sequence[ProseBlock], place: int, title: int) -> bool:
    block = blocks[place]
    if says(block.words):
        return not _within_prose(blocks, place)
    if not _ANYONES.fullmatch(block.words) or 2 * block.linked > len(block.words) or tree.is_card(block):
        return False
    near = title >= 0 and -_NEAR <= place - title <= _NEAR
    return "aside" not in block.margins and (near or bool(re.match(rf"\W*{_THING} ", block.words, re.IGNORECASE)))


def says(line: str) -> bool:
    """Whether this line closes the article that it stands in. A quotation does not."""
    found = _OURS.search(line) if len(line) <= _LABEL else None
    if found is None or _FREE.search(line):
        return False
    return not line[: found.start()].rstrip().endswith(("«", "“", '"'))


def _within_prose(blocks: Sequence[ProseBlock], place: int) -> bool:
    """Whether the article goes on around it: paragraphs of the same box stand before and behind."""
    box = blocks[place].element.getparent()
    sides = (blocks[max(0, place - 3) : place], blocks[place + 1 : place + 8])
    return all(
        sum(len(block.words) for block in side if block.is_prose and block.element.getparent() is box) >= _AROUND
        for side in sides
    )


def trim(text: str, *, wall: bool) -> str:
    """The text less calls to action at its end, less `à lire aussi` lines; on a locked page, less the wall itself."""
    lines = [line for line in text.split("\n") if not _is_box(line.strip())]
    if wall:
        lines = [line for n, line in enumerate(lines) if n >= _NEAR or not _is_wall(line)]  # a label at the top
        first = max(0, len(lines) - _TAIL)
        cut = next((n for n in range(first, len(lines)) if _is_wall(lines[n])), len(lines))
        lines = lines[:cut]
    for _ in range(_TAIL):
        if not lines or not _is_call(lines[-1]):
            break
        lines.pop()
    return "\n".join(lines)


def is_cut(text: str) -> bool:
    """Whether a text announces that it goes on elsewhere: by its last mark, by the words of a link to the rest, or by a
    call to pay for it."""
    end = text[-300:].rstrip()
    return bool(_CUT.search(end)) or leads_to_rest(end) or says(_SENTENCE.split(end)[-1])


def leads_to_rest(line: str) -> bool:
    """Whether a line ends with the words of a link to the rest of its article."""
    return bool(_REST.fullmatch(line[-_LABEL:]))


def leads_on(words: str) -> bool:
    """Whether these are the words of a link to the second page of something."""
    return len(words) < 30 and bool(_ON.fullmatch(words))


def asks_consent(text: str) -> bool:
    """Whether a page of so little text is a consent wall: the scripts of one are on readable pages too."""
    text = text.lower().replace("\u00a0", " ")
    return len(text) < 1_500 and sum(words in text for words in _CONSENT) >= 2


def _is_box(line: str) -> bool:
    return bool(_BOX.fullmatch(line)) or (len(line) <= _LABEL and bool(_LINK.fullmatch(line)))


def _is_wall(line: str) -> bool:
    return says(line) or (len(line) <= _LABEL and bool(_ANYONES.fullmatch(line)))


def _is_call(line: str) -> bool:
    return not line.strip() or (len(line) <= _CALL_LENGTH and bool(_CALLS.search(line)))
