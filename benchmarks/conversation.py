"""What an answer costs: a search, the fate of an article, and a term tried, on 20,000 articles.

python -m benchmarks.conversation
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot import days, search
from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.config.settings import starter
from bot.conversation import explain_article
from bot.conversation.model import View
from bot.fate import judge
from bot.trials.findings import Weighed
from bot.trials.trial import try_term
from matchers.engine.engine import Engine
from storage import Store, open_store
from storage.articles.model import SearchQuery
from tests.storage.builders import NOW, A, B, a_feed, an_entry, poll

ARTICLES, WORDS, LENGTH = 20_000, 30_000, 400
QUERIES = (
    "hébergement", "données de santé", '"données de santé"', "santé -emploi", "titre:santé", "source:a santé",
    "depuis:7j", "depuis:30j données", "nébulis qualification", "introuvable",
)  # fmt: skip
TERMS = ("données de santé", "hébergement", "mot29000", "cloud souverain", "~héberger", "title:hôpital", "introuvable")
COMMON = ("données", "santé", "hébergement", "qualification", "nébulis", "emploi", "hôpital", "de", "la", "les")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "vigie.sqlite")
        filled(store)
        print(f"{ARTICLES} articles of {LENGTH} words; median and slowest of {len(QUERIES)} queries, 5 times each")
        report("search", [lambda query=query: searched(store, query) for query in QUERIES])
        rules = load(starter())
        assert isinstance(rules, Configuration)
        asked = [f"https://site.example/{number}" for number in range(0, ARTICLES, ARTICLES // 10)]
        report("why", [lambda url=url: explained(store, url, rules.engine) for url in asked])
        report("try a term", [lambda term=term: tried(store.database.path, term) for term in TERMS], times=2)
        store.close()


def filled(store: Store, articles: int = ARTICLES) -> None:
    chance = random.Random(7)
    store.feeds.sync([a_feed(A), a_feed(B)], NOW)
    rare = [f"mot{number}" for number in range(WORDS)]
    started = time.process_time()
    for batch in range(0, articles, 500):
        entries = [entry(number, rare, chance) for number in range(batch, batch + 500)]
        poll(store, *entries, feed=A, now=NOW - timedelta(minutes=articles - batch))
    print(f"stored in {time.process_time() - started:.0f} s of CPU, {store.database.size() >> 20} MB")


def entry(number: int, rare: list[str], chance: random.Random):
    """A text in which frequent words are frequent: a tenth of it is one of ten."""
    words = [
        chance.choice(COMMON) if chance.random() < 0.1 else rare[int(WORDS * chance.random() ** 3)]
        for _ in range(LENGTH)
    ]
    return an_entry(str(number), urls=[f"u{number}"], title=" ".join(words[:8]), text=" ".join(words))


def searched(store: Store, query: str) -> None:
    wanted = search.parse(query, partial(days.begun, now=NOW, zone="Europe/Paris"))
    assert isinstance(wanted, SearchQuery)
    store.search.find(wanted, 0, 8)


def explained(store: Store, url: str, engine: Engine) -> None:
    facts = store.traces.of_address((f"u{url.rpartition('/')[2]}",), "site.example", None)
    assert facts.article is not None
    explain_article.told(View("fr", engine.watchlists), judge(facts, engine, everyone=True), url)


def tried(path: Path, term: str) -> None:
    found = try_term(term, path, NOW, lambda *_: None)
    assert isinstance(found, Weighed)
    assert found.read == ARTICLES


def report(name: str, asked: list[Callable[[], None]], times: int = 5) -> None:
    spent = []
    for _ in range(times):
        for one in asked:
            started = time.perf_counter()
            one()
            spent.append((time.perf_counter() - started) * 1000)
    print(f"{name}: median {statistics.median(spent):.1f} ms, slowest {max(spent):.1f} ms")


if __name__ == "__main__":
    main()
