"""Copies and stories: how well they are found, beside datasketch and rensa, and what it costs.

python -m benchmarks.stories [DATA] [--articles N]
"""

import argparse
import hashlib
import json
import random
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash

from benchmarks import subjects
from bot import grouping
from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.tools.group import moment_of
from matchers.engine.engine import Engine
from matchers.model import Article
from matchers.stories import duplicates
from matchers.stories.grouping import Grouping, SketchedText, Topic, Traits
from matchers.stories.parts import Part
from storage.feeds.model import Feed
from storage.ids import ArticleId, FeedId
from storage.schema import article as articles
from storage.store import Store, open_store
from storage.stories.ledger import Ledger, Line
from storage.stories.stories import group
from tests.grouping.builders import prose

SEED = 20261125
NOW = datetime(2026, 11, 25, tzinfo=UTC)
OWN = Path(__file__).parent.parent / "tests" / "grouping" / "stories.jsonl"
HALVES = (0, 1)


@dataclass(frozen=True, slots=True)
class Doc:
    """A text with its true group."""

    id: str
    host: str
    title: str
    text: str
    group: str
    edit: str = ""


# --- measures ------------------------------------------------------------------------------------------------------
def b_cubed(found: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[float, float, float]:
    mine, true = defaultdict(set), defaultdict(set)
    for each in wanted:
        mine[found[each]].add(each)
        true[wanted[each]].add(each)
    common = {each: len(mine[found[each]] & true[wanted[each]]) for each in wanted}
    precision = statistics.fmean(common[each] / len(mine[found[each]]) for each in wanted)
    recall = statistics.fmean(common[each] / len(true[wanted[each]]) for each in wanted)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pair_f1(found: Mapping[str, str], wanted: Mapping[str, str]) -> float:
    pairs = [(found[a] == found[b], wanted[a] == wanted[b]) for a, b in combinations(wanted, 2)]
    right = sum(is_found and is_wanted for is_found, is_wanted in pairs)
    return 2 * right / max(sum(is_found + is_wanted for is_found, is_wanted in pairs), 1)


def half(group: str) -> int:
    """Which half a group falls into, for whoever needs parameters chosen and judged apart."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def row(name: str, *figures: object) -> None:
    print(f"{name:<46}" + "  ".join(f"{each:.3f}" if isinstance(each, float) else str(each) for each in figures))


# --- ours ----------------------------------------------------------------------------------------------------------
def copies(docs: Sequence[Doc], without: Sequence[Part] = (), hosts: bool = True) -> dict[str, str]:
    """The group of each document, through the very tables of the daemon."""
    parameters = Grouping(without=tuple(without))
    found: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "base", grouping.Grouper(parameters), durable=False)
        for doc, filed in zip(docs, ledger.file(_line(doc, parameters, hosts) for doc in docs), strict=True):
            found[doc.id] = json.loads(filed.copy_of) if filed.copy_of else doc.id
        ledger.close()
    return found


def _line(doc: Doc, parameters: Grouping, hosts: bool) -> Line:
    traits = Traits(doc.host if hosts else "", duplicates.read(doc.title, "", doc.text, parameters), Topic())
    return Line(json.dumps(doc.id), traits, doc.title, published=NOW)


# --- peers: the same words, the same four-grams, boilerplate left in or taken out by us -----------------------------
def shingles(docs: Sequence[Doc], *, cleaned: bool) -> list[list[bytes]]:
    grams = []
    for doc in docs:
        said = duplicates.words(doc.text)
        grams.append([b" ".join(said[start : start + 4]) for start in range(max(len(said) - 3, 1))])
    if cleaned:
        where: dict[tuple[str, bytes], set[str]] = defaultdict(set)
        for doc, mine in zip(docs, grams, strict=True):
            for gram in mine:
                where[doc.host, gram].add(doc.title)
        noise = {gram for (_, gram), titles in where.items() if len(titles) > 1}
        grams = [[gram for gram in mine if gram not in noise] or mine[:1] for mine in grams]
    return grams


def sketched(kind: str, grams: Iterable[list[bytes]]) -> list[Any]:
    made = []
    for mine in grams:
        if kind == "rensa":
            print_ = RMinHash(num_perm=128, seed=42)
            print_.update([gram.decode("latin-1") for gram in mine])
        else:
            print_ = MinHash(num_perm=128)
            print_.update_batch(mine)
        made.append(print_)
    return made


def nearest(prints: Sequence[Any]) -> list[tuple[float, int]]:
    """How alike the nearest document before each one is, and which."""
    return [
        max(((prints[index].jaccard(prints[other]), -other) for other in range(index)), default=(-1.0, 0))
        for index in range(len(prints))
    ]


def linked(docs: Sequence[Doc], near: Sequence[tuple[float, int]], cut: float) -> dict[str, str]:
    """Each document joins the group of the nearest one before it that is at least so alike."""
    found: dict[str, str] = {}
    for doc, (alike, other) in zip(docs, near, strict=True):
        found[doc.id] = found[docs[-other].id] if alike >= cut else doc.id
    return found


CUTS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8)


def peers(docs: Sequence[Doc]) -> None:
    wanted = {doc.id: doc.group for doc in docs}
    for kind in ("datasketch", "rensa"):
        for cleaned in (False, True):
            near = nearest(sketched(kind, shingles(docs, cleaned=cleaned)))
            scores: dict[float, list[float]] = {}
            for cut in CUTS:
                found = linked(docs, near, cut)
                halves = ({each: g for each, g in wanted.items() if half(g) == side} for side in HALVES)
                scores[cut] = [*(b_cubed(found, part)[2] for part in halves), b_cubed(found, wanted)[2]]
            best = max(CUTS, key=lambda cut: scores[cut][0])
            name = f"{kind}, {'our boilerplate removal' if cleaned else 'as published'}"
            row(f"  {name}, cut .8 / best ({best})", scores[0.8][2], scores[best][2], "other half", scores[best][1])


# --- copies --------------------------------------------------------------------------------------------------------
def developer_set(path: Path) -> list[Doc]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Doc(each["id"], each["host"], each["title"], each["text"], each["group"], each["edit"]) for each in lines]


def quality(name: str, docs: Sequence[Doc]) -> None:
    wanted = {doc.id: doc.group for doc in docs}
    print(f"\n{name}: {len(docs)} documents, {len(set(wanted.values()))} groups (B³ precision, recall, F1; pair F1)")
    row("  each alone", b_cubed({each: each for each in wanted}, wanted)[2])
    found = copies(docs)
    row("  ours", *b_cubed(found, wanted), pair_f1(found, wanted))
    orders = []
    for seed in range(10):
        shuffled = random.Random(seed).sample(list(docs), len(docs))
        orders.append(b_cubed(copies(shuffled), wanted)[2])
    row("  ours, 10 other orders: min, median, max", min(orders), statistics.median(orders), max(orders))
    for part in ("boilerplate", "hosts", "guard"):
        row(f"  ours without {part}", *b_cubed(copies(docs, [part]), wanted))  # type: ignore[list-item]
    row("  ours, hosts unknown", *b_cubed(copies(docs, hosts=False), wanted))
    peers(docs)


PRESS = [f"site{n}.example" for n in range(24)]
FOOTERS = [prose(f"pied {n}", 60) for n in range(3)]  # one for each press group
LAWS = [prose(f"loi {n}", 70) for n in range(20)]


def dressed(text: str, host: str) -> str:
    return f"{text} {FOOTERS[PRESS.index(host) % 3]}"


def made_up() -> list[Doc]:
    """Dispatches, and what twelve kinds of hands make of each."""
    choice, docs = random.Random(SEED), []
    for number in range(60):
        text, title = prose(f"dépêche {number}", 320), f"{prose(f'titre {number}', 7)}"
        said = text.split()
        other = prose(f"titre autre {number}", 7)
        edits = {
            "original": (title, text),
            "quarter": (title, " ".join(said[:80])),
            "quarter, other title": (other, " ".join(said[120:200])),
            "inside": (other, f"{prose(f'a{number}', 250)} {text} {prose(f'b{number}', 250)}"),
            "half inside": (title, f"{prose(f'c{number}', 300)} {' '.join(said[:160])}"),
            "new lead": (other, f"{prose(f'd{number}', 60)} {' '.join(said[40:])}"),
            "words changed": (title, " ".join("autre" if choice.random() < 0.1 else word for word in said)),
        }
        hosts = choice.sample(PRESS, len(edits))
        for (edit, (name, body)), host in zip(edits.items(), hosts, strict=True):
            docs.append(Doc(f"{number}-{edit}", host, name, dressed(body, host), str(number), edit))
    originals = [doc for doc in docs if doc.edit == "original"]  # an agency comes first
    return [*originals, *choice.sample([doc for doc in docs if doc.edit != "original"], len(docs) - len(originals))]


def recall_by_edit(docs: Sequence[Doc]) -> None:
    """How many of each kind of edit are found with their original."""
    found = copies(docs)
    originals = {doc.group: doc.id for doc in docs if doc.edit == "original"}
    kinds: dict[str, list[bool]] = defaultdict(list)
    for doc in docs:
        if doc.edit != "original":
            kinds[doc.edit].append(found[doc.id] == found[originals[doc.group]])
    for edit, together in sorted(kinds.items()):
        row(f"  recall, {edit}", statistics.fmean(together))


def false_merges() -> None:
    """A thousand different articles, under footers of three press groups, one in three reciting one of twenty laws."""
    choice, docs = random.Random(SEED), []
    for number in range(1_000):
        host, text = choice.choice(PRESS), prose(f"texte {number}", choice.randrange(120, 400))
        if number % 3 == 0:
            law = choice.choice(LAWS)
            text = f"{text[:400]} {f'« {law} »' if number % 2 else law} {text[400:]}"
        docs.append(Doc(str(number), host, prose(f"t{number}", 7), dressed(text, host), str(number)))
    merged = sum(group != each for each, group in copies(docs).items())
    row("  false merges in 1,000 (footers, quotations)", merged)
    row("  the same without boilerplate", sum(g != each for each, g in copies(docs, ["boilerplate"]).items()))


# --- stories -------------------------------------------------------------------------------------------------------
def told(lines: Sequence[dict[str, Any]], engine: Engine, without: Sequence[Part] = ()) -> dict[str, dict[str, str]]:
    parameters = Grouping(without=tuple(without))
    found: dict[str, dict[str, str]] = {"story": {}, "dossier": {}}
    with TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "base", grouping.Grouper(parameters), durable=False)
        read = (
            Line(json.dumps(each["id"]), subjects.traits(article_of(each), engine, parameters),
                 each["title"], published=moment_of(each["published"], NOW))
            for each in lines
        )  # fmt: skip
        for filed in ledger.file(read):
            name = json.loads(filed.name)
            found["story"][name], found["dossier"][name] = json.loads(filed.story), json.loads(filed.dossier)
        ledger.close()
    return found


def article_of(line: Mapping[str, Any]) -> Article:
    url = line.get("url") or f"https://{line['outlet']}/{line['id']}"
    return Article(title=line["title"], summary=line["summary"], url=url)


def stories(name: str, lines: Sequence[dict[str, Any]], engine: Engine) -> None:
    wanted = {each["id"]: each["story"] for each in lines}
    print(f"\n{name}: {len(lines)} articles, {len(set(wanted.values()))} stories (pair F1; B³ F1)")

    def scored(without: Sequence[Part]) -> tuple[float, float]:
        found = told(lines, engine, without)["story"]
        return pair_f1(found, wanted), b_cubed(found, wanted)[2]

    row("  ours", *scored(()))
    found = told(lines, engine)
    for side in HALVES:
        part = {each: story for each, story in wanted.items() if half(story) == side}
        row(f"  half {side} of the stories", pair_f1(found["story"], part))
    if "dossier" in lines[0]:
        row("  dossiers", pair_f1(found["dossier"], {each["id"]: each["dossier"] for each in lines}))
    for part in ("window", "background", "entities", "veto"):
        row(f"  ours without {part}", *scored([part]))  # type: ignore[list-item]


def by_subject(name: str, told: Sequence[subjects.Told], unclear: Sequence[frozenset[str]], engine: Engine) -> None:
    """Events of one subject at their true dates, and all in one week: what the judge says, and what a reader gets."""
    print(f"\n{name}: {len(told)} articles, {len({each.event for each in told})} events")
    for clock, each in (("true dates", told), ("one week", subjects.one_week(told))):
        row(f"  {clock}", subjects.measured(each, subjects.filed(each, engine), unclear))
        row(f"  {clock}, a subscriber", subjects.heard(each, engine))


# --- cost ----------------------------------------------------------------------------------------------------------
def random_sketch(choice: random.Random, hashes: int) -> list[int]:
    return sorted(choice.randrange(1 << 62) for _ in range(hashes))


def lookup(count: int, hashes: int = 92, asked: int = 1_000) -> None:
    """How long it takes to ask for the candidates of an article, among so many stored ones, on a real file."""
    choice = random.Random(SEED)
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "base")
        kept = hashes // 2  # one hash in eight of the text can be asked for
        began = time.monotonic()
        with store.database.write() as connection:
            raw: Any = connection.connection.driver_connection
            step = max(1, (1 << 62) // (count * kept))
            # in the order of the key, as a base that was built over a year ends up
            rows = ((number * step - (1 << 61), choice.randrange(count)) for number in range(count * kept))
            raw.executemany("INSERT OR IGNORE INTO fingerprint (h, article_id) VALUES (?, ?)", rows)
        built = time.monotonic() - began
        spent = []
        with store.database.read() as connection:
            raw = connection.connection.driver_connection
            marks = ",".join("?" * kept)
            query = (
                f"SELECT article_id FROM fingerprint WHERE h IN ({marks}) "
                "GROUP BY article_id ORDER BY count(*) DESC, article_id LIMIT 32"
            )
            for _ in range(asked):
                # hashes that are there: the worst case, every one finds a row
                keys = [choice.randrange(count * kept) * step - (1 << 61) for _ in range(kept)]
                start = time.perf_counter()
                raw.execute(query, keys).fetchall()
                spent.append((time.perf_counter() - start) * 1_000)
        size = (Path(folder) / "base").stat().st_size / 1e6
        store.close()
    spent.sort()
    row(
        f"  candidates among {count:,}, ms: median, p95, p99",
        *(spent[int(len(spent) * share)] for share in (0.5, 0.95, 0.99)),
        f"({count * kept:,} rows, {size:.0f} MB, built in {built:.0f} s)",
    )


def stored(store: Store, made: Iterable[tuple[str, Traits]]) -> None:
    """Search and store each article as a poll does, in one transaction."""
    insertion = articles.insert().returning(articles.c.id)
    blank = {"feed_id": "x", "summary": "", "text": "", "url": "", "source": "page", "flags": "[]", "first_seen": NOW}
    blank |= {"read_at": NOW, "revision": 0, "muted": False}
    judge = grouping.Grouper()
    with store.database.write() as connection:
        for title, traits in made:
            article = ArticleId(int(connection.execute(insertion, {**blank, "title": title}).scalar_one()))
            group(connection, article, traits, NOW, judge, tell=False)


@contextmanager
def a_base() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "base")
        store.feeds.sync([Feed(FeedId("x"), "x", "https://x.example/rss")], NOW)
        yield store
        store.close()


def on_disk(docs: Sequence[Doc]) -> None:
    parameters = Grouping()
    with a_base() as store:
        read = (Traits(doc.host, duplicates.read(doc.title, "", doc.text, parameters), Topic()) for doc in docs)
        stored(store, ((doc.title, traits) for doc, traits in zip(docs, read, strict=True)))


def in_datasketch(docs: Sequence[Doc]) -> None:
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for doc, mine in zip(docs, shingles(docs, cleaned=False), strict=True):
        made = MinHash(num_perm=128)
        for gram in mine:
            made.update(gram)
        index.query(made)
        index.insert(doc.id, made)


def in_datasketch_by_batches(docs: Sequence[Doc]) -> None:
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for doc, made in zip(docs, sketched("datasketch", shingles(docs, cleaned=False)), strict=True):
        index.query(made)
        index.insert(doc.id, made)


def ingest(count: int = 400, repeats: int = 5) -> None:
    """Fingerprint, query and insert: ours on disk, the others in memory, interleaved."""
    hosts = [PRESS[number % 24] for number in range(count)]
    docs = [
        Doc(str(n), host, f"Titre {n}", dressed(prose(f"ingest {n}", 500), host), "") for n, host in enumerate(hosts)
    ]
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(repeats):
        for work in (on_disk, in_datasketch, in_datasketch_by_batches):
            began = time.process_time()
            work(docs)
            rates[work.__name__].append(count / (time.process_time() - began))
    mine = statistics.median(rates["on_disk"])
    for name, measured in rates.items():
        middle = statistics.median(measured)
        row(f"  articles of 500 words a second, {name}", round(middle), f"(ours x {mine / middle:.1f})")


def memory(count: int) -> None:
    """What our process holds more once so many articles are indexed: the index is the file."""
    choice = random.Random(SEED)

    def made() -> Iterator[tuple[str, Traits]]:
        for number in range(count):
            text = SketchedText(
                f"titre {number}", 500, tuple(random_sketch(choice, 92)), f"{choice.randrange(1 << 62):x}"
            )
            yield f"Titre {number}", Traits(PRESS[number % 24], text, Topic())

    with a_base() as store:
        stored(store, ())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.monotonic()
        stored(store, made())
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        size = store.database.path.stat().st_size / 1e6
    spent = time.monotonic() - began
    row(f"  memory for {count:,} articles, MB", grown, f"(file {size:.0f} MB, {count / spent:.0f} a second)")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument(
        "--articles", type=int, default=100_000, help="stored for the look-up (a million takes minutes)"
    )
    parser.add_argument("--indexed", type=int, default=5_000, help="grouped for the memory (100000 takes minutes)")
    chosen = parser.parse_args()
    rules = load_rules(starter())
    assert isinstance(rules, Rules)
    quality("Copies, made up", made_up())
    recall_by_edit(made_up())
    false_merges()
    if chosen.data:
        quality("Copies, developer set", developer_set(chosen.data / "near-duplicates-dev.jsonl"))
    lines = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    stories("Stories, our own set", lines, rules.engine)
    by_subject("Events by subject, our own set", subjects.labelled(OWN), (), rules.engine)
    if chosen.data:
        sheet = (chosen.data / "stories-dev.jsonl").read_text(encoding="utf-8").splitlines()
        stories("Stories, developer set (a smoke test)", [json.loads(line) for line in sheet], rules.engine)
        soft = map(frozenset, json.loads((chosen.data / "stories-subjects-dev-soft.json").read_text(encoding="utf-8")))
        sheet_of = chosen.data / "stories-subjects-dev.jsonl"
        by_subject("Events by subject, developer half", subjects.labelled(sheet_of), tuple(soft), rules.engine)
    print("\nCost")
    memory(chosen.indexed)
    ingest()
    lookup(chosen.articles)


if __name__ == "__main__":
    main()
