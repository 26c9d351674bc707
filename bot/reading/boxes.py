"""The boxes that stand inside an article and are none of it: other articles, who wrote it, a newsletter to take.

A box is known by its label or by its cards, whatever it is nested in, and by holding little else than links.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, takewhile
from typing import Any

from bot.reading import tree
from bot.reading.tree import ProseBlock

_OTHERS = re.compile(
    r"\W*(?:(?:[àa] )?(?:re)?(?:lire|voir|écouter|découvrir|consulter|regarder)(?: aussi| également| encore| ensuite"
    r"| absolument| plus)?(?: sur (?:le même|ce) (?:sujet|thème))?|sur (?:le même|ce) (?:sujet|thème)"
    r"|(?:dans|de) la même (?:rubrique|catégorie|thématique|série)|du même auteur|(?:pour )?aller plus loin"
    r"|(?:pour )?en savoir plus|pour approfondir"
    r"|(?:nos |les |autres? |derni[eè]re?s |plus d[’'])*(?:articles?|actualités?|actus?|contenus?|dossiers?"
    r"|publications?"
    r"|brèves|billets?|posts?|sujets?|pages?|informations?)(?: (?:liée?s?|similaires?|connexes?|associée?s?"
    r"|récente?s?"
    r"|recommandée?s?|suggérée?s?|populaires?|en lien|à la une|à lire|complémentaires?|du même auteur|de l[’']auteur"
    r"|de la rubrique|sur le même (?:sujet|thème)|(?:les )?plus lue?s?))+"
    r"|(?:les |articles? )?(?:les )?plus (?:lue?s?|vue?s?|populaires|consultée?s?|commentée?s?)"
    r"|autres? (?:articles?|actualités?)"
    r"|(?:les |nos )?derni[eè]re?s (?:articles?|actualités?|actus?|nouvelles|infos?|publications?|brèves)"
    r"|(?:cela|ceci|ces articles|ça)?[^.]{0,20}(?:pourrai(?:en)?t|peu(?:ven)?t|va) (?:aussi "
    r"|également )?vous (?:intéresser|plaire)"
    r"|vous aimerez (?:aussi|peut-être|également)|recommandée?s?(?: pour vous)?|notre sélection|à ne pas manquer"
    r"|à la une"
    r"|voir (?:aussi|également)|documents? (?:liée?s?|associée?s?)|ressources (?:liées|associées)|mots?-clés?|tags"
    r"|publi-?(?:rédactionnel|reportage|communiqué|information)|(?:contenu |article )?(?:sponsorisé|partenaire)"
    r"|related(?: (?:articles?|posts?|stories|news|content|topics))?|(?:read|see) (?:also|more|next)|more (?:from"
    r"|on|stories)"
    r"[^.]{0,30}|recommended(?: for you)?|most read|you (?:may|might) also like|(?:latest|popular|recent) (?:news"
    r"|posts|articles))"
    r"(?:\s*\([^)]{0,20}\))?\W*",
    re.IGNORECASE,
)
# A line that names what is to be read elsewhere, and is little else than the link to it.
_LEADS = re.compile(
    r"\W*(?:(?:à )?(?:re)?(?:lire|voir|écouter|découvrir|consulter|retrouve[rz])\b[^.:]{0,60}\s?[:.]"
    r"|(?:en )?(?:vidéos?|podcasts?|images?|infographies?|cartes?|replay|dossier|diaporama|photos)\s?[\].:])",
    re.IGNORECASE,
)
_WRITERS = re.compile(
    r"\W*(?:(?:à propos|au sujet) (?:de l[’'](?:auteure?|autrice)|du rédacteur|des auteurs)"
    r"|biographie(?: de l[’'](?:auteure?|autrice))?"
    r"|qui est l[’']auteure?|l[’'](?:auteure?|autrice)|les auteurs|about the authors?|author bio(?:graphy)?)\W*",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"\W*(?:(?:la |notre |nos )?(?:newsletters?|infolettre|lettre d[’']information)(?: .{0,40})?"
    r"|(?:abonnez|inscrivez)[- ]vous (?:gratuitement )?(?:à|pour recevoir) (?:la|nos?|notre|l[’'])[^.]{0,40}"
    r"(?:newsletters?|infolettre|lettre|alertes?)[^.]{0,30}|(?:recevez|recevoir) (?:chaque|toute|nos|notre|la"
    r"|l[’']|le)[^.]{0,60}"
    r"|restez informée?s?[^.]{0,30}|(?:suivez|retrouvez)[- ]nous[^.]{0,40}|subscribe to our[^.]{0,40}"
    r"|sign up for[^.]{0,40})\W*",
    re.IGNORECASE,
)
_WRITER = re.compile(r"(?:author|auteur)[-_ ]?(?:bio|box|info|card|about|description|desc|profile)"
    r"|about[-_ ]?(?:the[-_ ]?)?author"
                     r"|biograph|post[-_]author[-_]box|bio[-_]auteur|(?:^|\s)bio(?:$|\s)", re.IGNORECASE)  # fmt: skip
_WRITING = ("author", "auteur", "bio")  # one of these stands in each of them
_LABEL = 80  # characters
_LINKS = 0.5  # of a box of other articles, in links
_LONGEST = {"others": 2_500, "writer": 1_000, "letter": 600}  # characters of a box
_BEHIND = 15  # siblings of a label that stands beside its links
_CARDS = 3
_CARD = 300  # characters
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def less_boxes(page: Any, blocks: Sequence[ProseBlock]) -> list[ProseBlock]:
    """Takes the boxes out of the page; the blocks that are left."""
    measures = _Measures(page)
    found = chain(
        _labelled(blocks, measures),
        _embedded(page, blocks, measures),
        _of_writers(page, measures),
        _of_letters(page, measures),
        _of_cards(page, blocks, measures),
    )
    gone = [one for one in dict.fromkeys(found) if one not in measures.titled]
    if not gone:
        return list(blocks)
    for element in gone:
        tree.remove(element)
    left = set(page.iter())
    return [block for block in blocks if block.element in left]


class _Measures(dict[Any, tuple[int, int]]):
    """The characters of an element, and those in links; of a long one, only that it is long. Boxes lie in each other,
    and hold each many labels, so that one is asked for again and again. `titled`: the elements that hold an h1."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.titled: set[Any] = set()
        for title in page.iter("h1"):
            self.titled.update(takewhile(lambda one: one not in self.titled, (title, *title.iterancestors())))

    def __missing__(self, element: Any) -> tuple[int, int]:
        found = self[element] = _measure(element)
        return found


def _labelled(blocks: Sequence[ProseBlock], measures: _Measures) -> Iterator[Any]:
    for block in blocks:
        if block.linked and len(block.words) <= 3 * _LABEL and _is_lead(block):
            yield block.element
        if len(block.words) > _LABEL or block.element.tag in ("h1", "body", "html"):
            continue
        if _OTHERS.fullmatch(block.words):
            yield from _box(block, "others", measures)
        elif _WRITERS.fullmatch(block.words):
            yield from _box(block, "writer", measures)
        elif _LETTERS.fullmatch(block.words):
            yield from _box(block, "letter", measures)


def _embedded(page: Any, blocks: Sequence[ProseBlock], measures: _Measures) -> Iterator[Any]:
    """Quotations that are nothing but a link: how a page of elsewhere is shown until its frame has come."""
    quotations = {one: quotation for quotation in page.iter("blockquote") for one in quotation.iter()}
    for block in blocks if quotations else ():
        quotation = quotations.get(block.element)
        is_link = quotation is not None and block.linked and block.linked >= 0.9 * len(block.words)
        if is_link and measures[quotation][0] <= min(len(block.words), _LONGEST["others"]):
            yield quotation


def _is_lead(block: ProseBlock) -> bool:
    """Whether a line names what is to be read elsewhere, or bears the label of such a box, and is little else than the
    link behind it."""
    lead = _LEADS.match(block.words)
    label = block.words.partition(":")[0]
    end = lead.end() if lead else len(label) + 1 if len(label) <= _LABEL and _OTHERS.fullmatch(label) else 0
    return end > 0 and block.linked >= 0.8 * (len(block.words) - end) and block.element.tag != "body"


def _box(label: ProseBlock, kind: str, measures: _Measures) -> list[Any]:
    """The largest element around a label that is still its box; where the label stands beside what it names, both."""
    box = label.element
    for around in (label.element, *label.element.iterancestors()):
        if around.tag in ("body", "html", "main") or not _is_box(around, label, kind, measures):
            break
        box = around
    if box is not label.element and kind == "letter":
        return [box]
    if measures[box][0] > len(label.words) + 10:
        return [box] if _is_box(box, label, kind, measures) else []
    behind = _behind(box, kind, measures)
    return [box, *behind] if behind else []


def _is_box(element: Any, label: ProseBlock, kind: str, measures: _Measures) -> bool:
    length, linked = measures[element]
    if length > _LONGEST[kind] or element in measures.titled:
        return False
    return kind != "others" or length - linked <= max(len(label.words) + 20, (1 - _LINKS) * length)


def _behind(label: Any, kind: str, measures: _Measures) -> list[Any]:
    found: list[Any] = []
    length = 0
    for _, one in zip(range(_BEHIND), label.itersiblings(), strict=False):
        if kind != "others" and found:
            break
        words, linked = measures[one]
        length += words
        prose = kind == "letter" and words >= tree.PARAGRAPH
        if one.tag in _HEADINGS or prose or length > _LONGEST[kind] or (kind == "others" and linked < _LINKS * words):
            break
        found.append(one)
    return found


def _measure(element: Any) -> tuple[int, int]:
    least, pieces = 0, []
    for piece in element.itertext():
        pieces.append(piece)
        least += 0 if piece.isspace() else len(" ".join(piece.split()))
        if least > _LONGEST["others"]:
            return least, 0
    length = len(" ".join("".join(pieces).split()))
    if length > _LONGEST["others"]:
        return length, 0
    return length, sum(len(tree.words_of(link)) for link in element.iter("a"))


def _of_writers(page: Any, measures: _Measures) -> Iterator[Any]:
    for element in page.iter("div", "section", "aside", "p", "article"):
        called = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _is_of_a_writer(called) and measures[element][0] <= _LONGEST["writer"]:
            yield element


@lru_cache(4_096)
def _is_of_a_writer(called: str) -> bool:
    lowered = called.lower()
    return any(word in lowered for word in _WRITING) and _WRITER.search(called) is not None


def _of_letters(page: Any, measures: _Measures) -> Iterator[Any]:
    """A form that asks for an e-mail address, with the little that stands around it."""
    for form in list(page.iter("form")):
        fields = form.iter("input")
        if not any(field.get("type") == "email" or "mail" in (field.get("name") or "").lower() for field in fields):
            continue
        box = form
        for around in form.iterancestors():
            if around.tag in ("body", "html", "main", "article") or measures[around][0] > _LONGEST["letter"]:
                break
            box = around
        if measures[box][0] <= _LONGEST["letter"]:
            yield box


def _of_cards(page: Any, blocks: Sequence[ProseBlock], measures: _Measures) -> Iterable[Any]:
    """Three cards or more side by side, each a heading that is a link and hardly a sentence."""
    prose = sum(len(block.words) for block in blocks if block.is_prose)
    groups: dict[tuple[Any, str, str | None], list[Any]] = {}
    twins = cache(_kinds)
    for heading in page.iter(*_HEADINGS):
        card = _card_of(heading, twins, measures)
        if card is not None and card.getparent() is not None:
            groups.setdefault((card.getparent(), card.tag, card.get("class")), []).append(card)
    for cards in groups.values():
        if len(cards) >= _CARDS and 3 * sum(measures[card][0] for card in cards) <= prose:
            yield from cards


def _card_of(heading: Any, kinds: Callable[[Any], Counter[tuple[str, str | None]]], measures: _Measures) -> Any:
    link = next(heading.iter("a"), None)
    if link is None and next(heading.iterancestors("a"), None) is None:
        return None
    for box in (heading, *heading.iterancestors()):
        parent = box.getparent()
        if parent is None or box.tag in ("body", "main"):
            return None
        if box.tag in ("div", "li", "article", "section", "a") and kinds(parent)[box.tag, box.get("class")] >= _CARDS:
            return box if measures[box][0] <= _CARD else None
    return None


def _kinds(parent: Any) -> Counter[tuple[str, str | None]]:
    return Counter((one.tag, one.get("class")) for one in parent)
