"""What a back-test costs: 5,000 articles of about 4 kB, one watchlist edited, then the entities as well.

    python -m benchmarks.backtest [--articles 5000] [--rounds 3]

The archive is made from tests/quality/press.jsonl with a fixed seed: one article in ten is relevant, and every sentence
is a trap or near one, so that it is denser in terms than any press. Counts and changes are first held against matching
every article by each whole configuration; only then is the command timed, reading the base included.
"""

import argparse
import io
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.quality import PRESS, rows
from bot.config.configuration import Rules
from bot.config.folder import load_rules, written
from bot.config.settings import starter
from bot.reading.matched import article_of_stored
from bot.trials.backtest import BacktestAsked, run
from matchers.trials.backtest import Lists, judge, sides, tally
from storage import open_store
from tests.storage.builders import a_feed, an_entry, poll

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
LENGTH = 4_200  # characters of a text
EDITS = ("any:\n", "any:\n  - Kubernetes\n"), ("none: [", 'none: ["title:Sénat", ')


def fill(database: Path, count: int, rules: Rules) -> None:
    """An archive of that many articles, these rules in force."""
    draw = random.Random(7)
    texts = list(rows(PRESS))
    relevant = [text for text in texts if text["lists"]]
    rest = [text for text in texts if not text["lists"]]
    sentences = [f"{text['title']}. {text['summary']} " for text in rest]
    with closing(open_store(database)) as store:
        store.feeds.sync([a_feed()], NOW, written(rules))
        for start in range(0, count, 250):
            entries = []
            for number in range(start, min(start + 250, count)):
                body = ""
                while len(body) < LENGTH:
                    body += draw.choice(sentences)
                title = draw.choice(relevant if number % 10 == 0 else rest)["title"]
                entries.append(an_entry(str(number), urls=(f"u{number}",), title=title, text=body))
            poll(store, *entries, now=NOW - timedelta(days=20) + timedelta(minutes=start))


def edited(folder: Path) -> Path:
    """The starter's watchlists with one of them changed."""
    shutil.copytree(starter() / "watchlists", folder / "watchlists")
    shutil.copy(starter() / "entities.yaml", folder)
    path = folder / "watchlists" / "cloud-souverain.yaml"
    text = path.read_text(encoding="utf-8")
    for before, after in EDITS:
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path) -> Rules:
    match load_rules(folder):
        case Rules() as rules:
            return rules
        case problems:
            raise SystemExit("\n".join(map(str, problems)))


def prove(database: Path, before: Rules, after: Rules) -> str:
    """Hold the counts and the changes against matching everything twice."""
    with closing(open_store(database)) as store:
        articles = [article_of_stored(stored) for stored in store.articles.archive(NOW - timedelta(days=30))]
    compared = sides(lists(before), lists(after))
    told = tally(compared.names, (judge(compared, article) for article in articles))
    names = before.engine.watchlists.keys() | after.engine.watchlists.keys()
    kept: dict[tuple[bool, str], set[str]] = {(side, name): set() for side in (False, True) for name in names}
    for article in articles:
        for side, engine in ((False, before.engine), (True, after.engine)):
            for match in engine.match(article):
                kept[side, match.watchlist].add(article.id)
    for name in names:
        was, is_now = kept[False, name], kept[True, name]
        if name not in told:
            assert was == is_now, name
            continue
        assert (told[name].before, told[name].after) == (len(was), len(is_now)), name
        assert {change.article for change in told[name].changes if change.gained} == is_now - was, name
        assert {change.article for change in told[name].changes if not change.gained} == was - is_now, name
    gained = sum(change.gained for each in told.values() for change in each.changes)
    lost = sum(not change.gained for each in told.values() for change in each.changes)
    return (
        f"{len(articles)} articles, {len(told)} watchlists that differ: {gained} gained, {lost} lost, as by brute force"
    )


def lists(rules: Rules) -> Lists:
    models = {Path(name).stem: sheet.model for name, sheet in rules.sheets.items()}
    return Lists({name: model for name, model in models.items() if name != "entities"}, models["entities"].root)


def timed(asked: BacktestAsked, rounds: int) -> str:
    """Wall and CPU of the whole command but for Python's start, children included."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), sum(os.times()[:4])
        run(asked, NOW, io.StringIO())
        walls.append(time.perf_counter() - wall)
        cpus.append(sum(os.times()[:4]) - cpu)
    return f"wall {statistics.median(walls):.2f} s, best {min(walls):.2f}; CPU {statistics.median(cpus):.2f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        database, folder = Path(scratch) / "base", edited(Path(scratch) / "lists")
        before = loaded(starter())
        fill(database, chosen.articles, before)
        print(prove(database, before, loaded(folder)))
        print("one watchlist edited   ", timed(BacktestAsked(folder, database), chosen.rounds))
        with (folder / "entities.yaml").open("a", encoding="utf-8") as file:
            file.write("\nkubernetes:\n  name: Kubernetes au bureau\n")
        print(prove(database, before, loaded(folder)))
        print("the entities edited too", timed(BacktestAsked(folder, database), chosen.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
