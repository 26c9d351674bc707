"""How well and how cheaply pages are read, beside trafilatura's settings, newspaper4k, goose3 and readability-lxml.

    python -m benchmarks.reading SET... [--rounds 5]

A SET is a folder with `ground-truth.json` ({id: {articleBody, url}}) and `html/ID.html.gz`, or a file with a JSON list
of {id, path, url, text} and, where known, `title`, `authors`, `date`. Nothing is copied. One process, pages preloaded,
tools in random order on each page, CPU time, median of the rounds' ratios. trafilatura's caches are emptied between
pages, as a daemon sees every page once. Walls are counted on pages of our own (tests/bot/reading).
"""

import argparse
import gzip
import hashlib
import json
import logging
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import trafilatura
from trafilatura.meta import reset_caches

from bot.model import Entry
from bot.reading.page import read_page, warm
from bot.reading.read import read
from bot.web import urls
from storage.articles.model import ArticleText
from tests.bot.reading.pages import BODY, FREE_PAGES, LOCKED_PAGES

Tool = Callable[[bytes, str], str]
DRAWS = 1_000


def reading(body: bytes, url: str) -> ArticleText:
    return read(Entry("", url, ""), "page", read_page(body, url=url), url)


def ours(body: bytes, url: str) -> str:
    return reading(body, url).text


def default(body: bytes, url: str) -> str:
    return trafilatura.extract(body, include_comments=False) or ""


def fast(body: bytes, url: str) -> str:
    return trafilatura.extract(body, include_comments=False, fast=True) or ""


def recall(body: bytes, url: str) -> str:
    return trafilatura.extract(body, include_comments=False, favor_recall=True) or ""


def precision(body: bytes, url: str) -> str:
    return trafilatura.extract(body, include_comments=False, favor_precision=True) or ""


def with_metadata(body: bytes, url: str) -> str:
    document = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    return getattr(document, "text", "") or ""


def newspaper4k(body: bytes, url: str) -> str:
    from newspaper import Article

    made = Article(url, language="en", fetch_images=False)
    made.download(input_html=body.decode("utf-8", "replace"))
    made.parse()
    return str(made.text)


def goose(body: bytes, url: str) -> str:
    from goose3 import Goose

    with Goose({"enable_image_fetching": False}) as reader:
        return str(reader.extract(raw_html=body.decode("utf-8", "replace")).cleaned_text)


def readability(body: bytes, url: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(body.decode("utf-8", "replace")).summary()).text_content())


TRAFILATURA: tuple[Tool, ...] = (ours, default, fast, recall, precision, with_metadata)
PEERS: tuple[tuple[str, Tool], ...] = (("newspaper", newspaper4k), ("goose3", goose), ("readability", readability))
REFERENCE = with_metadata.__name__


def installed() -> tuple[Tool, ...]:
    from importlib.util import find_spec

    return tuple(tool for module, tool in PEERS if find_spec(module))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))


def f1(found: str, gold: str) -> float:
    one, other = shingles(found), shingles(gold)
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def half(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2


def interval(differences: list[float]) -> tuple[float, float]:
    """95 % of the means of pages drawn again, with replacement."""
    draw = random.Random(1)
    means = sorted(statistics.fmean(draw.choices(differences, k=len(differences))) for _ in range(DRAWS))
    return means[DRAWS // 40], means[-DRAWS // 40]


def answered(tool: Tool, body: bytes, url: str) -> tuple[str, float]:
    reset_caches()
    start = time.process_time()
    try:
        text = tool(body, url)
    except Exception:  # a peer that fails on a page has found nothing
        text = ""
    return text, time.process_time() - start


def loaded(path: str) -> bytes:
    body = Path(path).read_bytes()
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def rows_of(source: Path) -> list[dict[str, Any]]:
    """The pages of a set that have a gold text."""
    if source.is_file():
        return [row for row in json.loads(source.read_text()) if row.get("text")]
    gold = json.loads((source / "ground-truth.json").read_text())
    return [
        {"id": name, "path": str(source / "html" / f"{name}.html.gz"), "url": one["url"], "text": one["articleBody"]}
        for name, one in gold.items()
    ]


def measure(source: Path, rounds: int, tools: tuple[Tool, ...]) -> None:
    rows = rows_of(source)
    pages = {row["id"]: loaded(row["path"]) for row in rows}
    for row in rows[:20]:
        for tool in tools:
            answered(tool, pages[row["id"]], row["url"])
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    ratios: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        spent: Counter[str] = Counter()
        for row in rows:
            for tool in random.sample(tools, len(tools)):
                text, seconds = answered(tool, pages[row["id"]], row["url"])
                spent[tool.__name__] += seconds
                if row["id"] not in scores[tool.__name__]:
                    scores[tool.__name__][row["id"]] = f1(text, row["text"])
        for tool in tools:
            ratios[tool.__name__].append(spent[tool.__name__] / spent[REFERENCE])
    print(f"{source.name}: {len(rows)} pages, {rounds} rounds; half 0 and half 1 by the sha256 of the id")
    for tool in tools:
        report(tool.__name__, scores, ratios[tool.__name__])
    for side in (0, 1):
        metadata([row for row in rows if half(row["id"]) == side], pages, side)


def metadata(rows: list[dict[str, Any]], pages: dict[str, bytes], side: int) -> None:
    """Addresses, titles, authors and dates of one half, where the set tells them."""
    read = [(row, reading(pages[row["id"]], row["url"])) for row in rows]
    right = sum(urls.url_keys(row["url"])[:1] == found.url_keys[:1] for row, found in read)
    titles = [words(row["title"]) == words(found.title) for row, found in read if row.get("title")]
    names = [bool(people(row["authors"]) & people(found.author)) for row, found in read if row.get("authors")]
    dated = [(row["date"], found.published) for row, found in read if row.get("date")]
    given = [same_day(gold, ours) for gold, ours in dated if ours]
    doubtful = sum("maybe_incomplete" in found.flags for _, found in read)
    print(
        f"half {side}: address {right} of {len(read)}, exact title {share(titles)}, an author {share(names)}, "
        f"date found {share([*given, *[False] * (len(dated) - len(given))])}, wrong of those given "
        f"{share([not one for one in given])}, said to be incomplete {doubtful}"
    )


def share(right: list[bool]) -> str:
    return f"{statistics.fmean(right):.3f} of {len(right)}" if right else "-"


def words(text: str | None) -> list[str]:
    return re.findall(r"\w+", (text or "").lower())


def people(told: Any) -> set[str]:
    """The names of a list or of a text, folded."""
    texts = told if isinstance(told, list) else [told or ""]
    flat = [each for one in texts for each in (one if isinstance(one, list) else [one])]
    return {" ".join(words(name)) for one in flat for name in re.split(r"[;,]| and | et | & ", str(one)) if words(name)}


def same_day(gold: str, ours: datetime) -> bool:
    """Whether a moment is of that day somewhere: the sets give days of zones that they do not name."""
    return any((ours + timedelta(hours=hours)).date().isoformat() == gold.strip()[:10] for hours in (-11, 0, 11))


def report(name: str, scores: dict[str, dict[str, float]], ratios: list[float]) -> None:
    found = scores[name]
    means = [statistics.fmean(score for page, score in found.items() if half(page) == side) for side in (0, 1)]
    low, high = interval([score - scores["default"][page] for page, score in found.items()])
    print(
        f"{name:<14} F1 {statistics.fmean(found.values()):.4f}  halves {means[0]:.4f} {means[1]:.4f}  "
        f"against default {low:+.4f} … {high:+.4f}  CPU {statistics.median(ratios):.2f} of {REFERENCE}"
    )


def walls() -> None:
    """Pages of our own: how many walls are found, how many free pages are flagged, and what is left of a wall."""
    found = [reading(page, "https://exemple.fr/a") for page in LOCKED_PAGES]
    free = [reading(page, "https://exemple.fr/a") for page in FREE_PAGES]
    left = sum(any(word in one.text.lower() for word in ("abonn", "il vous reste", "€")) for one in found)
    print(f"walls: {sum('paywalled' in one.flags for one in found)} of {len(found)} found,", end=" ")
    print(f"{sum('paywalled' in one.flags for one in free)} of {len(free)} free pages flagged,", end=" ")
    print(f"{left} texts with a line of the wall left ({len(BODY)} characters of article each)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warm()
    for each in chosen.sets:
        measure(each, chosen.rounds, TRAFILATURA + installed())
    walls()


if __name__ == "__main__":
    main()
