"""Which spans of a text hold, touch or follow one another, found in a few steps among many."""

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from matchers.scan.page import Span


def overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


class Cover:
    """The outermost of many spans; tells in a few steps which of them holds another span."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for span in sorted(set(spans), key=lambda span: (span[0], -span[1])):
            if not self._spans or span[1] > self._spans[-1][1]:
                self._spans.append(span)

    def holder(self, span: Span) -> Span | None:
        """The last of the outermost spans that begin before it does, if it ends no sooner; perhaps the span itself."""
        before = bisect_right(self._spans, (span[0], sys.maxsize)) - 1
        return self._spans[before] if before >= 0 and span[1] <= self._spans[before][1] else None

    def longer(self, span: Span) -> Span | None:
        """The span that it lies in, other than itself."""
        holder = self.holder(span)
        return None if holder == span else holder

    def touching(self, span: Span) -> Span | None:
        """One that overlaps it."""
        before = bisect_left(self._spans, (span[1], -1)) - 1
        return self._spans[before] if before >= 0 and self._spans[before][1] > span[0] else None


class NearestSpans:
    """Many spans, to find in a few steps the last that ends before another one, and the first that begins after it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._by_start = sorted(spans)
        self._by_end = sorted((end, start) for start, end in self._by_start)

    def neighbours(self, span: Span) -> list[Span]:
        """At most two, neither of which overlaps it."""
        before = bisect_right(self._by_end, (span[0], sys.maxsize)) - 1
        after = bisect_left(self._by_start, (span[1], -1))
        found = [self._by_end[before][::-1]] if before >= 0 else []
        return found + self._by_start[after : after + 1]
