"""What acts and deadlines cost beside matching, on a stream of real items: CPU, the two ways in turn on each item.

    python -m benchmarks.acts FILE [--rounds N]

FILE is JSONL, perhaps gzipped: title, summary, text, url, published. One way is an engine that knows no word of an act;
the other knows them, reads the acts, says what the item is to each, and reads the days that an authority sets. An item
in five is read as an authority's as well, which is more than a stream holds: no item there comes from a site of one.
"""

import argparse
import gc
import gzip
import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.reading.act_record import act_record
from matchers.acts import acts
from matchers.engine.engine import Engine
from matchers.model import Article

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
OFFICIAL = "https://www.cnil.fr/fr/x"  # the site of an authority


def read(path: Path) -> list[Article]:
    """The items of a file."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [_article(json.loads(line)) for line in raw.decode().splitlines() if line.strip()]


def _article(row: dict[str, Any]) -> Article:
    said = (str(row.get(name) or "") for name in ("title", "summary", "text"))
    return Article(*said, url=str(row.get("url") or "https://exemple.fr/x"))


def engines() -> tuple[Engine, Engine]:
    """The starter's rules without a word of an act, and as they are."""
    with patch.object(acts, "WORDS", ()):
        without = load_rules(starter()).engine
    return without, load_rules(starter()).engine


def matched(engine: Engine, article: Article) -> None:
    engine.matches(engine.scan(article))


def matched_with_acts(engine: Engine, article: Article) -> None:
    scan = engine.scan(article)
    engine.matches(scan)
    act_record(scan, None, NOW, NOW)


def measured(articles: Sequence[Article], without: Engine, engine: Engine) -> tuple[float, float]:
    """Seconds of CPU of the two ways; which is first changes with each article."""
    spent = [0.0, 0.0]
    for place, article in enumerate(articles):
        ways = (lambda each: matched(without, each), lambda each: matched_with_acts(engine, each))
        for way in (0, 1) if place % 2 else (1, 0):
            began = time.process_time()
            ways[way](article)
            spent[way] += time.process_time() - began
    return spent[0], spent[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    articles = read(chosen.file)
    without, engine = engines()
    official = [Article(each.title, each.summary, each.text, url=OFFICIAL) for each in articles[::5]]
    measured(articles[:200], without, engine)  # what is compiled on first use
    for name, those in (("the stream", articles), ("one item in five, as an authority's", official)):
        gc.freeze()
        rounds = [measured(those, without, engine) for _ in range(chosen.rounds)]
        shares = sorted(100 * (after / before - 1) for before, after in rounds)
        print(
            f"{name}, {len(those)} items, {chosen.rounds} rounds: matching {min(each for each, _ in rounds):.2f} s, "
            f"with acts and deadlines {min(each for _, each in rounds):.2f} s; {statistics.median(shares):+.1f} % "
            f"({shares[0]:+.1f} to {shares[-1]:+.1f})"
        )


if __name__ == "__main__":
    main()
