"""How well the default watchlists sort French press: precision, recall, and false alerts per 1,000 items.

    python -m benchmarks.quality [DATA] [--config DIR] [--show]

Without DATA, the labelled titles and leads of tests/quality/press.jsonl, written for this project: the quality gate
holds floors on them. DATA adds articles-dev.jsonl (label 0, 1, 2) and stream-dev.jsonl. An article is found if any
watchlist matches it. The halves are those of the first bit of sha256(id): what is tuned on one is read on the other.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from matchers.engine.engine import Engine
from matchers.model import Article

Row = dict[str, Any]
PRESS = Path(__file__).parent.parent / "tests" / "quality" / "press.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with the watchlists that match it. `wanted`: is it relevant to any?"""

    row: Row
    found: tuple[str, ...]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of articles."""

    right: int
    false: int
    missed: int
    silent: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def false_per_thousand(self) -> float:
        """Of the irrelevant ones."""
        return 1000 * self.false / max(1, self.false + self.silent)


def score(judged: Iterable[Judged]) -> Score:
    """What was found against what was wanted."""
    pairs = [(bool(each.found), each.wanted) for each in judged]
    return Score(*(pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))


def judge(
    engine: Engine, rows: Iterable[Row], article: Callable[[Row], Article], wanted: Callable[[Row], bool]
) -> list[Judged]:
    """Match every row."""
    return [Judged(row, tuple(match.watchlist for match in engine.match(article(row))), wanted(row)) for row in rows]


def of_list(judged: Iterable[Judged], watchlist: str) -> Score:
    """One watchlist alone, on rows that name their lists: a row of another list is neither right nor false."""
    return score(
        Judged(each.row, tuple({watchlist}.intersection(each.found)), watchlist in each.row["lists"])
        for each in judged
        if watchlist in each.row["lists"] or not each.row["lists"]
    )


# --- rows ----------------------------------------------------------------------------------------------------------
def rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def item(row: Row) -> Article:
    return Article(title=row.get("title") or "", summary=row.get("summary") or "")


def whole(row: Row) -> Article:
    return Article(title=_title(row), text=row.get("text") or "")


def title_only(row: Row) -> Article:
    return Article(title=_title(row))


def _title(row: Row) -> str:
    return row.get("title") or row.get("slug_title") or ""


def half(row: Row) -> int:
    """0 or 1, for ever the same for an id."""
    return hashlib.sha256(str(row["id"]).encode()).digest()[0] >> 7


# --- what is told --------------------------------------------------------------------------------------------------
def line(name: str, counted: Score) -> str:
    counts = f"(found {counted.right}, false {counted.false}, missed {counted.missed}, left alone {counted.silent})"
    figures = f"P {counted.precision:.3f}  R {counted.recall:.3f}  false per 1,000 {counted.false_per_thousand:5.2f}"
    return f"{name:<26} {figures}  {counts}"


def halves(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    yield line(name, score(judged))
    for number in (0, 1):
        yield line(f"  half {number}", score(each for each in judged if half(each.row) == number))


def mistakes(judged: Iterable[Judged]) -> Iterator[str]:
    for each in judged:
        if bool(each.found) != each.wanted:
            kind = "false " if each.found else "missed"
            text = each.row.get("summary") or each.row.get("text") or ""
            yield f"  {kind} {each.row.get('id', '')} {_title(each.row)!r} {','.join(each.found)}"
            yield f"         {text[:200]}"


def own(engine: Engine, *, show: bool) -> Iterator[str]:
    """The labelled set of the project."""
    judged = judge(engine, rows(PRESS), item, lambda row: bool(row["lists"]))
    digest = hashlib.sha256(PRESS.read_bytes()).hexdigest()[:12]
    yield from halves(f"press, {len(judged)} texts, {digest}", judged)
    yield from (line(f"  {name}", of_list(judged, name)) for name in sorted(engine.watchlists))
    yield from mistakes(judged) if show else ()


def shared(engine: Engine, data: Path, *, show: bool) -> Iterator[str]:
    """The labelled articles and the stream of a folder."""
    for name, shape in (("articles, title and text", whole), ("articles, title alone", title_only)):
        judged = judge(engine, rows(data / "articles-dev.jsonl"), shape, lambda row: row["label"] >= 1)
        yield from halves(name, judged)
        yield from mistakes(judged) if show else ()
    stream = judge(engine, rows(data / "stream-dev.jsonl"), item, lambda _: False)
    alerts = [each for each in stream if each.found]
    rate = 1000 * len(alerts) / max(1, len(stream))
    yield f"stream: {len(alerts)} alerts in {len(stream)} items, {rate:.2f} per 1,000, to be judged by eye:"
    yield from (f"  {','.join(each.found)}: {each.row['title']}" for each in alerts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--config", type=Path, default=starter())
    parser.add_argument("--show", action="store_true", help="print every mistake")
    chosen = parser.parse_args()
    rules = load_rules(chosen.config)
    if not isinstance(rules, Rules):
        print(*rules, sep="\n", file=sys.stderr)
        return 2
    print(*own(rules.engine, show=chosen.show), sep="\n")
    if chosen.data:
        print(*shared(rules.engine, chosen.data, show=chosen.show), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
