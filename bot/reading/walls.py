"""What a page says to people who may not read it, and what stands under an article. Pure, and mostly data."""

import re

_SUBSCRIBERS = r"abonn[ée](?:[.·]?e?[.·]?s|\(e\)s)"

# Printed on locked pages only; checked against 73 French pages, 9 of them locked.
_STRONG = re.compile(
    r"il vous reste [\d,.]+\s?% "
    rf"|(?:cet article|ce contenu) est (?:exclusivement )?réservé (?:aux|à nos) {_SUBSCRIBERS}"
    rf"|la suite (?:de cet article )?est réservée (?:aux|à nos) {_SUBSCRIBERS}"
    r"|envie de lire la suite"
    r"|débloquer (?:votre|cet) article"
    rf"|contenu réservé (?:aux|à nos) {_SUBSCRIBERS}"
    r"|lecture restreinte",
    re.IGNORECASE,
)
_STEMS = ("abonn", "il vous reste", "lire la suite", "débloquer", "lecture restreinte")  # one in each of _STRONG
_LABEL = 250  # characters: a wall is a label of its own; a longer paragraph talks about walls

_CALLS = re.compile(
    r"(?:"
    r"(?:déjà|pas encore) abonn|abonnez-vous|je m.abonne|s.abonner|offre (?:spéciale|d.abonnement|découverte)"
    r"|profitez de|à partir de \d+(?:[.,]\d+)?\s?€|\d+(?:[.,]\d+)?\s?€ (?:par|le premier) mois|sans engagement"
    r"|connectez-vous|se connecter|j.ai (?:déjà )?un compte|créer? (?:un|mon|votre) compte|inscrivez-vous"
    r"|(?:recevez|recevoir) (?:notre|nos|la|les|chaque|toute)|newsletter|lettre d.information"
    r"|(?:à|a) (?:lire|voir|écouter|découvrir) (?:aussi|également)|lire aussi|sur le même (?:sujet|thème)"
    r"|voir les (?:contributions|commentaires)|(?:laisser|ajouter|poster) un commentaire|réagir à cet article"
    r"|suivez-nous|partage[rz] (?:cet article|sur)|nous suivre|retrouvez-nous sur|télécharge[rz] (?:notre|l.) ?appli"
    r"|accéder à (?:tous|l.intégralité)|lire la suite|the post .* appeared first on|l.article .* est apparu en premier"
    r")",
    re.IGNORECASE,
)
_CALL_LENGTH = 220  # characters: a longer line is a paragraph, whatever it mentions
_TAIL = 12  # lines

# With its colon it is a box, however many links were run together in it; without, a short line only.
_BOX = re.compile(r"(?:(?:à|a) )?(?:lire|voir|écouter) (?:aussi|également)\s*:.*", re.IGNORECASE)
_LINK = re.compile(r"(?:à|a) (?:lire|voir|écouter) (?:aussi|également).*", re.IGNORECASE)
_CUT = re.compile(
    r"(?:…|\[(?:\.\.\.|…)\]|\(\.\.\.\)|\.\.\.|lire la suite.{0,3}|continue reading.*|appeared first on.*)\Z",
    re.IGNORECASE,
)
_CONSENT = ("accepter et continuer", "continuer sans accepter", "nos partenaires", "cookies", "finalités")


def locked(lines: list[str]) -> bool:
    """Whether a label of the page says that the rest is for subscribers. `lines`: its text blocks without link text."""
    return any(len(line) <= _LABEL and _STRONG.search(line) for line in lines)


def speaks_of_wall(text: str) -> bool:
    """Whether words of a wall may stand in it; `locked` looks closer."""
    text = text.lower()
    return any(words in text for words in _STEMS)


def trim(text: str, *, wall: bool) -> str:
    """The text less calls to action at its end, less `à lire aussi` lines; on a locked page, less the wall itself."""
    lines = [line for line in text.split("\n") if not _is_box(line.strip())]
    if wall:
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
    return len(line) <= _LABEL and bool(_STRONG.search(line))


def _is_call(line: str) -> bool:
    return not line.strip() or (len(line) <= _CALL_LENGTH and bool(_CALLS.search(line)))
