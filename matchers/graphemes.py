"""Where a text may be cut: between what a reader sees as characters. The only door to regex."""

import regex

_CHARACTER = regex.compile(r"\X")
_FAR = 64  # code points: no emoji or syllable is longer, and marks heaped on one letter may be parted


def border(text: str, place: int) -> int:
    """The last place, at `place` or before it, that parts no flag, family of emoji, letter with its marks or syllable
    (Unicode's extended grapheme clusters). From the front of `text` on, in code points."""
    if place <= 0 or place >= len(text) or text[place - 1 : place + 1].isascii():
        return min(max(place, 0), len(text))
    start = place - 1
    while start > 0 and place - start < _FAR and not text[start].isascii():
        start -= 1
    for each in _CHARACTER.finditer(text, start, place + _FAR):
        if each.end() >= place:
            return place if each.end() == place else each.start()
    return place
