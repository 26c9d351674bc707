"""The automaton: every pattern of a configuration looked for in one pass over a page. The only door to the library."""

from collections.abc import Iterable, Sequence

import ahocorasick_rs

from matchers.page import Page

Raw = tuple[int, int, int]  # the pattern's number, its start and its end in the haystack, padding included

_DFA_PATTERNS = 5_000  # above, the dense automaton takes more memory than it saves time
_WIDEST_GAP = 3


class Automaton:
    """Patterns begin with a blank; all but prefixes end with one.

    A phrase may run over a gap of two or three blanks of the fold, if `Page.is_gap` allows it (quotes, brackets).
    Patterns for every place of every gap would be six times as many, so *probes* (a word that goes on, then two
    blanks) tell where such a gap may be, and there alone a few words are read again with the gap closed.
    """

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self.patterns = tuple(patterns)
        self._reach = max(map(len, patterns), default=0)
        every = [*patterns, *sorted(_probes(patterns))]
        dense = ahocorasick_rs.Implementation.DFA if len(every) <= _DFA_PATTERNS else None
        self._automaton = ahocorasick_rs.BytesAhoCorasick(every, implementation=dense)

    def find(self, page: Page) -> Sequence[Raw]:
        """Every occurrence of every pattern, overlapping ones too, by end."""
        raw = self._raw(page.haystack)
        probed = [hit[2] - 2 for hit in raw if hit[0] >= len(self.patterns)]
        if not probed:
            return raw
        found = [hit for hit in raw if hit[0] < len(self.patterns)]
        over = [hit for start in dict.fromkeys(probed) for hit in self._over_gap(page, start)]
        return sorted([*found, *over], key=lambda hit: (hit[2], hit[1])) if over else found

    def _raw(self, haystack: bytes) -> Sequence[Raw]:
        found: list[Raw] = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        return found

    def _over_gap(self, page: Page, start: int) -> Iterable[Raw]:
        """The phrases that run over the gap that starts here, if it is one."""
        after = page.haystack[start : start + self._reach + _WIDEST_GAP]
        rest = after.lstrip(b" ")
        width = len(after) - len(rest)
        if not rest or width > _WIDEST_GAP or not page.is_gap(start, start + width):
            return
        begin = max(start - self._reach, 0)
        cut = start - begin
        for pattern, first, last in self._raw(page.haystack[begin:start] + b" " + rest):
            if pattern < len(self.patterns) and first < cut and last > cut + 1:
                yield pattern, begin + first, begin + last + width - 1


def _probes(patterns: Iterable[bytes]) -> set[bytes]:
    """Each word that another one follows in some pattern, then two blanks."""
    return {b" " + word + b"  " for pattern in patterns for word in pattern.strip(b" ").split(b" ")[:-1]}
