"""What in an article looks most like a term that is not there: one or two letters away. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from matchers.model import Field
from matchers.scan.page import Layout, Span

_SHORTEST = 4  # letters: below, half the words of the language are near
_LONG = 8  # letters from which two may differ
_WORDS = 4_000  # words of a field that are looked at


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Words of the article near a term. `distance` is in letters, two that change places counting as one.

    0: the very words, with a comma or a full stop between them.
    """

    text: str
    field: Field
    distance: int


@dataclass(slots=True)
class Lookalikes:
    """The words of one article, ready to be compared with one term after the other."""

    page: Layout
    _windows: dict[int, dict[int, list[tuple[bytes, int, Span]]]] = field(default_factory=dict)

    def nearest(self, spellings: Iterable[bytes]) -> Lookalike | None:
        """The nearest words to any of these folded spellings; of equals the shortest, then the first."""
        found = (
            (distance, span[1] - span[0], span) for spelling in spellings for distance, span in self._near(spelling)
        )
        best = min(found, default=None)
        return None if best is None else self._shown(best[0], best[2])

    def _near(self, spelling: bytes) -> Iterator[tuple[int, Span]]:
        letters = len(spelling)
        if letters < _SHORTEST:
            return
        most = 2 if letters >= _LONG else 1
        mask = _mask(spelling)
        words = spelling.count(b" ") + 1
        for count in range(max(1, words - 1), words + 2):  # a blank is a letter too: « Sec Num Cloud »
            windows = self._of(count)
            for length in range(letters - most, letters + most + 1):
                for text, other, span in windows.get(length, ()):
                    if (mask ^ other).bit_count() <= 2 * most:
                        distance = apart(spelling, text, most)
                        if distance <= most:
                            yield distance, span

    def _of(self, count: int) -> dict[int, list[tuple[bytes, int, Span]]]:
        """Every run of `count` words of one field, by its length; the first time it occurs."""
        if count not in self._windows:
            found: dict[bytes, Span] = {}
            for words in self._fields():
                for first, last in zip(words, words[count - 1 :], strict=False):
                    text = b" ".join(self.page.haystack[first[0] : last[1]].split())
                    found.setdefault(text, (first[0], last[1]))
            by_length: dict[int, list[tuple[bytes, int, Span]]] = {}
            for text, span in found.items():
                by_length.setdefault(len(text), []).append((text, _mask(text), span))
            self._windows[count] = by_length
        return self._windows[count]

    def _fields(self) -> Iterator[list[Span]]:
        haystack, begins = self.page.haystack, (*self.page.begins, len(self.page.haystack) + 2)
        for index in range(3):
            at, words = begins[index], []
            for word in haystack[at : begins[index + 1] - 2].split()[:_WORDS]:
                at = haystack.index(word, at)
                words.append((at, at + len(word)))
                at += len(word)
            yield words

    def _shown(self, distance: int, span: Span) -> Lookalike:
        name, start, end = self.page.place(span)
        text: str = getattr(self.page.article, name)
        return Lookalike(" ".join(text[start:end].split()), name, distance)


def _mask(text: bytes) -> int:
    """The set of its letters, as bits: each edit changes two of them at most."""
    mask = 0
    for letter in text:
        mask |= 1 << letter
    return mask


def apart(one: bytes, other: bytes, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour to make one from the other; `most` + 1 if more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        previous, before = before, row
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
