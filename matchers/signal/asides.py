"""Where an article only names other articles: what stands there tells nothing of this one. Pure."""

import re
from collections.abc import Iterator, Sequence

from matchers.late import late
from matchers.scan.page import Layout, Span
from matchers.scan.surfaces import Discounted, Refusal, Sightings

# What leads to other articles: one, on the same line, where a sentence begins or before a colon; or all that follows,
# wherever it stands or at the end
_VERBS = r"(?:lire|voir|d[ée]couvrir|relire) (?:aussi|[ée]galement)"
_ALSO = late(
    rf"(?:\A|[\n.!?…»|])[^\S\n]*+(?:[àa] )?{_VERBS}\b[^\n]{{0,160}}|\b{_VERBS}\s?:[^\n]{{0,160}}", re.IGNORECASE
)
_OTHERS = late(
    r"\b(?:articles? (?:du m[êe]me auteur|similaires|connexes|li[ée]s|r[ée]cents)|sur le m[êe]me sujet"
    r"|(?:les |articles )(?:plus lus|plus r[ée]cents)|nos derniers articles|vous aimerez aussi)\b",
    re.IGNORECASE,
)
# Folded words without which neither is there: most texts hold none of them
_SEEN_ALSO = tuple(b"%b %b" % (verb, also) for verb in (b"lire", b"voir", b"decouvrir") for also in (b"aussi", b"egal"))
_SEEN_OTHERS = (
    b"meme auteur", b"similaires", b"connexes", b" lies", b" recents", b"plus lus", b"meme sujet", b"derniers articles",
    b"aimerez aussi",
)  # fmt: skip
_SURE_OTHERS, _LAST_PART = "articles du même auteur", 0.5


def asides(page: Layout) -> Sequence[Span]:
    """The parts of summary and text that only name other articles."""
    return [
        (page.begins[index] + start, page.begins[index] + end) for index in (1, 2) for start, end in _in(page, index)
    ]


def _in(page: Layout, field: int) -> Iterator[tuple[int, int]]:
    text, folded = page.texts[field], page.folded(field)
    if any(words in folded for words in _SEEN_ALSO):
        yield from (each.span() for each in _ALSO.finditer(text))
    for each in _OTHERS.finditer(text) if any(words in folded for words in _SEEN_OTHERS) else ():
        if each[0].lower() == _SURE_OTHERS or (field == 2 and each.start() >= _LAST_PART * len(text)):
            yield each.start(), len(text)
            return


def without(sightings: Sightings, apart: Sequence[Span]) -> Sightings:
    """What was seen elsewhere; what stands in these parts is refused."""
    if not apart:
        return Sightings(dict(sightings.seen), sightings.refused)
    told = Sightings({}, {surface: [*refused] for surface, refused in sightings.refused.items()})
    for surface, spans in sightings.seen.items():
        kept = []
        for span in spans:
            if any(start <= span[0] < end for start, end in apart):
                told.refuse(surface, Refusal(span, Discounted.ASIDE))
            else:
                kept.append(span)
        if kept:
            told.seen[surface] = kept
    return told
