"""How well and how cheaply pages are read, beside trafilatura's own settings.

    python -m benchmarks.reading FOLDER

FOLDER holds `ground-truth.json` ({id: {articleBody, url}}) and `html/ID.html.gz`. Nothing is copied or kept.
"""

import argparse
import gzip
import json
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import trafilatura

from bot.model import Entry
from bot.reading.page import read_page, warm
from bot.reading.read import read


def ours(body: bytes, url: str) -> str:
    return read(Entry("", url, ""), "page", read_page(body), url).text


def default(body: bytes, url: str) -> str:
    return trafilatura.extract(body, include_comments=False) or ""


def with_metadata(body: bytes, url: str) -> str:
    document = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    return getattr(document, "text", "") or ""


TOOLS: tuple[Callable[[bytes, str], str], ...] = (ours, default, with_metadata)
REFERENCE = with_metadata


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))


def f1(found: str, gold: str) -> float:
    one, other = shingles(found), shingles(gold)
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    gold = json.loads((chosen.folder / "ground-truth.json").read_text())
    pages = {name: gzip.decompress((chosen.folder / "html" / f"{name}.html.gz").read_bytes()) for name in gold}
    warm()
    for name in list(gold)[:5]:
        for tool in TOOLS:
            tool(pages[name], gold[name]["url"])
    scores: dict[str, list[float]] = defaultdict(list)
    ratios: dict[str, list[float]] = defaultdict(list)
    for number in range(chosen.rounds):
        spent: Counter[str] = Counter()
        for name, truth in gold.items():
            for tool in random.sample(TOOLS, len(TOOLS)):
                start = time.process_time()
                text = tool(pages[name], truth["url"])
                spent[tool.__name__] += time.process_time() - start
                if number == 0:
                    scores[tool.__name__].append(f1(text, truth["articleBody"]))
        for tool in TOOLS:
            ratios[tool.__name__].append(spent[tool.__name__] / spent[REFERENCE.__name__])
    print(f"{len(gold)} pages")
    for tool in TOOLS:
        score, ratio = statistics.fmean(scores[tool.__name__]), statistics.median(ratios[tool.__name__])
        print(f"{tool.__name__:<14} F1 {score:.4f}   CPU {ratio:.2f} of {REFERENCE.__name__}")


if __name__ == "__main__":
    main()
