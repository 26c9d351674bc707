"""The automaton: every pattern of a configuration looked for in one pass over a page. The only door to the library."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Protocol

import ahocorasick_rs

Raw = tuple[int, int, int]  # the pattern's number, its start and its end in the haystack, padding included

_DFA_PATTERNS = 8_000  # above, the dense automaton takes more of the cache than it saves steps: 13 % at 19,000
_MOST_GAPS = 8  # in one phrase
_LETTERS = 2  # of a word that are looked at to tell what it may be


class Haystack(Protocol):
    """What is looked through: folded bytes, over which of their blanks a phrase may go on, and which ones are none to
    who writes a hashtag."""

    @property
    def haystack(self) -> bytes: ...

    def is_gap(self, start: int, end: int) -> bool: ...

    @property
    def joints(self) -> Sequence[int]: ...


class Automaton:
    """Patterns begin with a blank; all but prefixes end with one.

    A phrase may run over a gap of two to four blanks of the fold, if `Page.is_gap` allows it (quotes, brackets).
    Patterns for every place of every gap would be six times as many, so *probes* (a word that goes on, a gap, the next
    word's beginning) tell where such a gap may be, and there alone a few words are read again with the gap closed. A
    gap of three blanks or four is rare: its probe is the word and three blanks, and what follows is looked at.
    """

    def __init__(self, patterns: Sequence[bytes], phrases: Iterable[bytes] = ()) -> None:
        """`phrases`: the patterns that may run over a gap."""
        self.patterns = tuple(patterns)
        self._reach = max(map(len, patterns), default=0)
        self._follows = _follows(phrases)
        near = [(word, after) for word, follows in self._follows.items() for after in sorted(follows)]
        self._probes = (*near, *((word, b"") for word in self._follows))
        every = [*patterns, *(b" %b  %b" % (word, after or b" ") for word, after in self._probes)]
        dense = ahocorasick_rs.Implementation.DFA if len(every) <= _DFA_PATTERNS else None
        self._automaton = ahocorasick_rs.BytesAhoCorasick(every, implementation=dense)

    def find(self, page: Haystack) -> Sequence[Raw]:
        """Every occurrence of every pattern, overlapping ones too, by end."""
        raw = self._raw(page.haystack)
        known = len(self.patterns)
        found = [hit for hit in raw if hit[0] < known]
        joints = page.joints
        if len(found) == len(raw) and not joints:
            return raw
        probed = [(probe - known, end) for probe, _, end in raw if probe >= known]
        told = {gap for probe, end in probed if (gap := self._gap(page.haystack, probe, end)) is not None}
        gaps = sorted([gap for gap in told if page.is_gap(*gap)])
        runs = (gaps[number : number + _MOST_GAPS] for number in range(len(gaps)))
        over = [hit for run in runs for hit in self._over_gap(page.haystack, run)]
        over += [hit for some in _joined(page.haystack, joints) for hit in self._whole(page.haystack, some)]
        return sorted([*found, *over], key=lambda hit: (hit[2], hit[1])) if over else found

    def _raw(self, haystack: bytes) -> Sequence[Raw]:
        found: list[Raw] = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        return found

    def _gap(self, haystack: bytes, probe: int, end: int) -> tuple[int, int] | None:
        """The blanks that a probe stands for; None where there are more, or no word that may go on after them."""
        word, after = self._probes[probe]
        if after:
            return end - len(after) - 2, end - len(after)
        stop = end if haystack[end : end + 1] != b" " else end + 1
        begins, follows = haystack[stop : stop + _LETTERS], self._follows[word]
        return (end - 3, stop) if begins in follows or begins[:1] in follows else None

    def _over_gap(self, haystack: bytes, gaps: Sequence[tuple[int, int]]) -> Iterator[Raw]:
        """The phrases that run over the first gap, and perhaps over some of the next ones."""
        cut, places = self._closed(haystack, gaps)
        closed = bytes(map(haystack.__getitem__, places))
        for pattern, first, last in self._raw(closed):
            if pattern < len(self.patterns) and first < cut and last > cut + 1:
                yield pattern, places[first], places[last - 1] + 1

    def _whole(self, haystack: bytes, joints: Sequence[int]) -> Iterator[Raw]:
        """What runs over some joints of a hashtag once they are gone."""
        begin, end = max(joints[0] - self._reach, 0), min(joints[-1] + self._reach, len(haystack))
        places = [place for place in range(begin, end) if place not in joints]
        for pattern, first, last in self._raw(bytes(haystack[place] for place in places)):
            start, stop = places[first], places[last - 1] + 1
            if pattern < len(self.patterns) and stop - start > last - first:
                yield pattern, start, stop

    def _closed(self, haystack: bytes, gaps: Sequence[tuple[int, int]]) -> tuple[int, list[int]]:
        """The places around the first gap with one blank for each gap, and the number of the first such blank."""
        begin, end = max(gaps[0][0] - self._reach, 0), min(gaps[0][1] + self._reach, len(haystack))
        places: list[int] = []
        for start, after in gaps:
            if start < end:
                places.extend(range(begin, start + 1))
                begin, end = after, min(end + after - start, len(haystack))
        places.extend(range(begin, end))
        return min(gaps[0][0], self._reach), places


def _joined(haystack: bytes, joints: Sequence[int]) -> Iterator[Sequence[int]]:
    """Of each hashtag, its joints and whatever of them follow each other: NIS2 in #NIS2Santé."""
    words: list[list[int]] = []
    for joint in joints:
        if words and haystack.find(b" ", words[-1][-1] + 1) == joint:
            words[-1].append(joint)
        else:
            words.append([joint])
    for word in words:
        for start, end in combinations(range(min(len(word), _MOST_GAPS) + 1), 2):
            yield word[start:end]


def _follows(phrases: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """By each word that another one follows in some phrase, the first two letters of those."""
    pairs: set[tuple[bytes, bytes]] = set()
    for phrase in phrases:
        pairs.update(pairwise(phrase.split()))
    found: dict[bytes, set[bytes]] = {}
    for word, after in sorted(pairs):
        found.setdefault(word, set()).add(after[:_LETTERS])
    return found
