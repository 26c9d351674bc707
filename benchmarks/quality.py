"""How well the default watchlists sort real articles: precision, recall, and false alerts per 1,000 items of a stream.

    python -m benchmarks.quality DATA [--config DIR] [--show]

DATA holds articles-dev.jsonl (label 0, 1, 2) and stream-dev.jsonl. An article is found if any watchlist matches it.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.config import Rules, load_rules, starter
from matchers.engine import Engine
from matchers.model import Article

Row = dict[str, Any]


def whole(row: Row) -> Article:
    return Article(title=_title(row), text=row.get("text") or "")


def title_only(row: Row) -> Article:
    return Article(title=_title(row))


def item(row: Row) -> Article:
    return Article(title=row.get("title") or "", summary=row.get("summary") or "")


def _title(row: Row) -> str:
    return row.get("title") or row.get("slug_title") or ""


def rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def judged(engine: Engine, path: Path, article: Callable[[Row], Article]) -> list[tuple[Row, tuple[str, ...]]]:
    """Each row with the watchlists that match it."""
    return [(row, tuple(match.watchlist for match in engine.match(article(row)))) for row in rows(path)]


def report(name: str, results: list[tuple[Row, tuple[str, ...]]]) -> str:
    found = sum(bool(hits) and row["label"] >= 1 for row, hits in results)
    false = sum(bool(hits) and row["label"] == 0 for row, hits in results)
    missed = sum(not hits and row["label"] >= 1 for row, hits in results)
    core = [bool(hits) for row, hits in results if row["label"] == 2]
    precision, recall = found / max(1, found + false), found / max(1, found + missed)
    counts = f"(found {found}, false {false}, missed {missed})"
    return f"{name:<12} P {precision:.3f}  R {recall:.3f}  R core {sum(core) / max(1, len(core)):.3f}  {counts}"


def per_list(results: list[tuple[Row, tuple[str, ...]]]) -> Iterator[str]:
    for name in sorted({name for _, hits in results for name in hits}):
        labels = [row["label"] for row, hits in results if name in hits]
        yield f"  {name:<16} {len(labels):>4} found, {labels.count(0)} false"


def mistakes(results: list[tuple[Row, tuple[str, ...]]]) -> Iterator[str]:
    for row, hits in results:
        if bool(hits) != (row["label"] >= 1):
            kind = "false " if hits else "missed"
            yield f"  {kind} {row['id']} {_title(row)!r} {','.join(hits)}\n         {row.get('text') or ''}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--config", type=Path, default=starter())
    parser.add_argument("--show", action="store_true", help="print every mistake")
    chosen = parser.parse_args()
    rules = load_rules(chosen.config)
    if not isinstance(rules, Rules):
        print(*rules, sep="\n", file=sys.stderr)
        return 2
    articles = chosen.data / "articles-dev.jsonl"
    for name, shape in (("title + text", whole), ("title only", title_only)):
        results = judged(rules.engine, articles, shape)
        print(report(name, results))
        if shape is whole:
            print(*per_list(results), sep="\n")
        if chosen.show:
            print(*mistakes(results), sep="\n")
    stream = judged(rules.engine, chosen.data / "stream-dev.jsonl", item)
    alerts = [(row, hits) for row, hits in stream if hits]
    print(
        f"{'stream':<12} {len(alerts)} alerts in {len(stream)} items: {1000 * len(alerts) / len(stream):.2f} per 1,000"
    )
    for row, hits in alerts:
        print(f"  {','.join(hits)}: {row['title']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
