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
    r"(?:(?:(?:les|des|nos|seuls|seules|lecteurs|clients) ){0,3}"
    r"(?:abonn[ée](?:[.·•-]?e?[.·•-]?s?|\(e\)s?|\(es\))|adh[ée]rent(?:[.·•-]?e?[.·•-]?s?|\(e\)s)|souscripteurs?"
    r"|membres(?! d[eu]s? ))"
    r"(?![\w-]))"
)
_THING = (
    r"(?:articles?|contenus?|textes?|dossiers?|enquêtes?|entretiens?|interviews?|publications?|documents?|pages?"
    r"|reportages?|analyses?|suite|lecture|intégralité|décryptages?|tribunes?|fiches?|études?|vidéos?)"
)
_ONLY = r"(?:(?:exclusivement|uniquement|seulement|strictement|entièrement|désormais|que) )?"
_OPEN = r"(?:accessibles?|disponibles?|consultables?|lisibles?|visibles?|ouverte?s?|proposée?s?)"
_TO = r"(?:qu[’']|que )?(?:aux?|à|par|pour|avec)"
_READ = (
    r"(?:pour|afin de?|et) (?:lire|consulter|poursuivre|continuer|accéder|découvrir|débloquer|déverrouiller|voir"
    r"|terminer|retrouver|profiter|reprendre|connaître|avoir accès|bénéficier)"
)
_THIS = (
    r"(?:(?:à|de|d[’'])? ?(?:lire |la lecture de )?(?:toute? )?(?:la suite|l[’']intégralité|la totalité|l[’']article"
    r"|cet article|votre article|(?:ce|le) (?:contenu|dossier|document|texte|reportage|décryptage)"
    r"|(?:cette|la) (?:page|enquête|analyse|publication|étude|fiche|tribune)|cet (?:entretien|interview)"
    r"|(?:votre|la|sa|cette) lecture)(?!\w))"
)
_CALL = (
    r"(?:abonnez[- ]vous|vous abonner|je m[’']abonne|connectez[- ]vous|vous connecter|identifiez[- ]vous"
    r"|vous identifier|inscrivez[- ]vous|vous inscrire|créez (?:un|votre) compte|souscrivez"
    r"|devenez (?:adhérent|membre|abonné)|(?:être|soyez) (?:abonné|adhérent|connecté|membre)|déjà abonné"
    r"|choisi(?:ssez|r) (?:une|votre|un|l[’']une de nos) (?:offre|formule|abonnement)|rejoignez|un abonnement"
    r"|achetez)"
)

# These say themselves that it is this article.
_OURS = re.compile(
    rf"(?<!\w)(?:cet(?:te)?|ce|la suite|l[’']intégralité|la lecture|l[’']article|l[’']accès"
    rf"|le reste)[^.!?«»]{{0,60}}?"
    rf"(?:réservée?s? {_ONLY}{_TO}|{_ONLY}{_OPEN} {_ONLY}{_TO})"
    rf"(?: l[’']usage d?)? ?{_AUDIENCE}"
    rf"|(?<!\w)(?:cet(?:te)?|ce) {_THING}[^.!?«»]{{0,30}}(?:est|sont) (?:payante?s?|verrouillée?s?|bloquée?s?)"
    rf"|(?<!\w){_READ} {_THIS}[^.!?«»]{{0,80}}{_CALL}"
    rf"|{_CALL}[^.!?«»]{{0,60}}(?<!\w){_READ} {_THIS}"
    r"|il (?:vous )?(?:en )?reste (?:encore )?[\d,.]+\s?% |vous avez lu [\d,.]+\s?% "
    r"|il vous reste (?:encore )?[\d\s,.]{1,12}(?:mots|caractères|lignes|minutes) (?:à|de) l(?:ire|ecture)"
    rf"|(?<!\w)(?:lisez|lire|accédez|accéder|découvrez|retrouvez) {_THIS}[^.!?«»]{{0,60}} en vous (?:abonnant"
    r"|connectant|inscrivant|identifiant)|(?<!\w)lisez (?:cet article|la suite)[^.!?«»]{0,30} pour \d+(?:[.,]\d+)?\s?€"
    r"|(?<!\w)(?:cet article|ce contenu) fait partie d(?:e|u|es)[^.!?«»]{0,30}(?:offres?|formules?|abonnements?)(?!\w)"
    r"|(?<!\w)(?:retrouvez|lisez|découvrez) (?:la suite|l[’']intégralité|la totalité)[^.!?«»]{0,40} dans (?:notre"
    r"|le) (?:magazine|numéro|journal|revue|édition|mensuel|hebdomadaire)"
    r"|(?:envie|souhaitez|voulez|désirez)[^.!?]{0,25} (?:de )?lire (?:la suite|l[’']intégralité|cet article)"
    r"|(?:débloque[rz]|déverrouille[rz]) (?:votre|cet|ce|la suite|l[’']article|l[’']accès)|lecture restreinte"
    r"|(?:atteint|épuisé|utilisé|dépassé)[^.!?]{0,45}(?:articles?|lectures?|contenus?) [^.!?]{0,20}"
    r"(?:gratuit|offert|mois|libre)|(?:il ne vous reste|vous n[’']avez) plus (?:d[’']|aucun )?(?:articles?|lectures?)"
    r"|(?:acheter|achetez) (?:cet |l[’'])article"
    r"|(?<!\w)subscribe (?:now )?to (?:continue|keep|read|unlock)|to (?:continue|keep) reading(?: this)?"
    r"|this (?:article|story|content) is (?:only )?(?:for|available to) (?:paid |premium )?(?:subscribers|members)",
    re.IGNORECASE,
)
# No word says whose label this is: only its place can.
_ANYONES = re.compile(
    rf"\W*(?:{_THING} |accès |édition |exclusivité )?(?:{_ONLY}(?:(?:exclusi[fv]e?s?|réservée?s?|{_OPEN}) )?{_ONLY}"
    rf"(?:{_TO} )?{_AUDIENCE}|payante?s?|premium|en accès (?:restreint|payant))\W*",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?<!\w)(?:n[’'](?:est|était) (?:pas|plus)|ne sont (?:pas|plus)|plus réservé|initialement|auparavant"
    r"|à l[’']origine|accès libre|libre accès|libre d[’']accès|exceptionnellement|ouvert à tous|sans abonnement"
    r"|(?:article|contenu)[^.]{0,25} offert|comment(?:aire|er)|réagir|newsletter|infolettre|lettre d[’']information"
    r"|podcast|offres? d[’']emploi|forum|webinaire|événement)",
    re.IGNORECASE,
)
# One of these stands in each of the above: most lines of a page need no closer look.
_STEM = re.compile(
    r"abonn|adh[ée]rent|membres|souscri|reste |avez lu|suite|d[ée]bloque|verrouill|restreint|payant|premium|lecture"
    r"|cet article|ce contenu|articles|subscri|reading|lire |accéder|consulter|lisez|intégralité",
    re.IGNORECASE,
)
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
    r"|suivez-nous|partage[rz] (?:cet article|sur)|nous suivre|retrouvez-nous sur|télécharge[rz] (?:notre|l.) ?appli"
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
_CONSENT = ("accepter et continuer", "continuer sans accepter", "nos partenaires", "cookies", "finalités")


def locked(blocks: Sequence[ProseBlock], title: int) -> bool:
    """Whether the page says that its article, or the rest of it, is not for all. `title` is the place of its title
    among the blocks, -1 if it is not shown."""
    wordings = Counter(block.words for block in blocks if len(block.words) <= _LABEL)
    return any(
        _closes(blocks, place, title)
        for place, block in enumerate(blocks)
        if len(block.words) <= _LABEL
        and _STEM.search(block.words)
        and wordings[block.words] < _MANY
        and _ELSEWHERE.isdisjoint(block.margins)
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
    """Whether a feed's text announces that it goes on elsewhere."""
    return bool(_CUT.search(text[-300:].rstrip()))


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
