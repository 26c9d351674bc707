"""The automaton: every pattern of a configuration looked for in one pass over a page. The only door to the library."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import ahocorasick_rs

from matchers.page import Layout

Raw = tuple[int, int, int]  # the pattern's number, its start and its end in the haystack, padding included

_DFA_PATTERNS = 20_000  # 15 MB; above, the dense automaton takes more memory than it saves time


class Automaton:
    """Patterns begin with a blank; all but prefixes end with one.

    A phrase may run over a gap of two or three blanks of the fold, if `Page.is_gap` allows it (quotes, brackets).
    Patterns for every place of every gap would be six times as many, so *probes* (a word that goes on, a gap, the next
    word's beginning) tell where such a gap may be, and there alone a few words are read again with the gap closed.
    """

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self.patterns = tuple(patterns)
        self._reach = max(map(len, patterns), default=0)
        probes = sorted(_probes(patterns))
        self._gaps = tuple((probe.rindex(b" ") + 1 - len(probe), probe.count(b" ") - 1) for probe in probes)
        every = [*patterns, *probes]
        dense = ahocorasick_rs.Implementation.DFA if len(every) <= _DFA_PATTERNS else None
        self._automaton = ahocorasick_rs.BytesAhoCorasick(every, implementation=dense)

    def find(self, page: Layout) -> Sequence[Raw]:
        """Every occurrence of every pattern, overlapping ones too, by end."""
        raw = self._raw(page.haystack)
        known = len(self.patterns)
        probed = [hit for hit in raw if hit[0] >= known]
        if not probed:
            return raw
        found = [hit for hit in raw if hit[0] < known]
        gaps = dict.fromkeys(self._gap(probe, end) for probe, _, end in probed)
        over = [hit for start, end in gaps if page.is_gap(start, end) for hit in self._over_gap(page, start, end)]
        return sorted([*found, *over], key=lambda hit: (hit[2], hit[1])) if over else found

    def _raw(self, haystack: bytes) -> Sequence[Raw]:
        found: list[Raw] = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        return found

    def _gap(self, probe: int, end: int) -> tuple[int, int]:
        back, width = self._gaps[probe - len(self.patterns)]
        return end + back - width, end + back

    def _over_gap(self, page: Layout, start: int, end: int) -> Iterator[Raw]:
        """The phrases that run over the gap."""
        begin = max(start - self._reach, 0)
        cut, width = start - begin, end - start
        closed = page.haystack[begin:start] + b" " + page.haystack[end : end + self._reach]
        for pattern, first, last in self._raw(closed):
            if pattern < len(self.patterns) and first < cut and last > cut + 1:
                yield pattern, begin + first, begin + last + width - 1


def _probes(patterns: Iterable[bytes]) -> set[bytes]:
    """Each word that another one follows in some pattern, a gap of two or three blanks, and two letters of that one."""
    found: set[bytes] = set()
    for pattern in patterns:
        words = pattern.strip(b" ").split(b" ")
        for word, after in pairwise(words):
            found.update(b" " + word + gap + after[:2] for gap in (b"  ", b"   "))
    return found
