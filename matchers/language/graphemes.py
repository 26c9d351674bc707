"""Where a text may be cut: between what a reader sees as characters. The only door to regex."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

_FAR = 64  # code points: no emoji or syllable is longer, and marks heaped on one letter may be parted


def border(text: str, place: int) -> int:
    """The last place, at `place` or before it, that parts no flag, family of emoji, letter with its marks or syllable
    (Unicode's extended grapheme clusters). From the front of `text` on, in code points."""
    if place <= 0 or place >= len(text) or text[place - 1 : place + 1].isascii():
        return min(max(place, 0), len(text))
    start = place - 1
    while start > 0 and place - start < _FAR and not text[start].isascii():
        start -= 1
    for each in _character().finditer(text, start, place + _FAR):
        if each.end() >= place:
            return place if each.end() == place else each.start()
    return place


@cache
def _character() -> "regex.Pattern[str]":
    import regex  # costly, and asked only where letters beyond ASCII meet

    return regex.compile(r"\X")
