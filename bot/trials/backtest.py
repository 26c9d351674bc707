"""`vigie backtest`: what the edited watchlists would have kept and dropped of the archive, beside those in force."""

import json
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from bot import given
from bot.config.configuration import Rules
from bot.config.document import near
from bot.config.folder import ENTITIES_YAML, load_rules
from bot.ending import WRONG, CannotRun, Stop
from bot.french import count, counted
from bot.jsonl import BadLine, article_of
from bot.opening import opened
from bot.reading.matched import article_of_stored
from bot.trials.findings import Effect
from matchers.model import Article, Difference
from matchers.trials.backtest import Lists, ListTally, Sides, Turn, TurnKind, Verdicts, judge, sides, tally
from matchers.watchlists.watchlist import EntitiesFile, WatchlistFile
from storage import open_store
from storage.place import Place

CHUNK = 100  # articles handed to a process at once
ALONE = 600  # articles below which other processes cost more than they bring
WEIGHED = 2000  # articles a reload looks at: less than a second, beside everything else
SHOWN = 30  # articles named on each side, unless all are asked for

TURNS: Mapping[TurnKind, str] = {
    "rings": "sonnerait",
    "silent": "ne sonnerait plus",
    "subject": "devient le sujet",
    "mention": "devient une mention",
}


@dataclass(frozen=True, slots=True)
class Side:
    """A configuration to compare; `said` names it in French."""

    lists: Lists
    said: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles to match, how many there are, and in French where they come from.

    `short_since`: the first of them, where there are none of all the days asked for.
    """

    articles: Iterable[Article]
    size: int
    said: str
    short_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class BacktestAsked:
    """What the call says. `watchlist` None: all of them; `against` None: those in force; `stream` None: the archive."""

    folder: Path
    database: Place
    watchlist: str | None = None
    days: int = 30
    against: Path | None = None
    stream: Path | None = None
    everything: bool = False
    as_json: bool = False


def run(asked: BacktestAsked, now: datetime, out: TextIO, progress: TextIO | None = None) -> int:
    """Print what the watchlists gain and lose. Exit code 0. Raises Stop, or StoreError where the base can't be used."""
    after = folder(asked.folder)
    before = other(asked.against) if asked.against is not None else in_force(asked.database)
    if before is None and asked.stream is None:
        raise CannotRun(
            f"{asked.database} ne connaît aucune veille en vigueur : lancez vigie run, ou donnez --against DOSSIER"
        )
    compared = _compared(before, after, asked.watchlist)
    corpus = _stream(asked.stream) if asked.stream else archive(asked.database, asked.days, now)
    judged = judge_all(compared, corpus.articles, corpus.size, progress) if compared.names else ()
    told = tally(compared.names, judged)
    if asked.as_json:
        print(json.dumps(_as_json(after, corpus, told), ensure_ascii=False, indent=2), file=out)
        return 0
    for line in _report(before, after, corpus, told, compared, everything=asked.everything):
        print(line, file=out)
    return 0


# --- what a reload tells -------------------------------------------------------------------------------------------
def effect(database: Place, before: Rules, after: Rules, now: datetime, days: int = 30) -> Effect | None:
    """What the new rules would have changed of the newest articles kept; None if nothing that decides has changed.

    Raises StoreError.
    """
    was, new = (lists_of({name: sheet.model for name, sheet in rules.sheets.items()}) for rules in (before, after))
    compared = sides(was, new)
    articles = deque(_stored(database, now - timedelta(days=days)), maxlen=WEIGHED) if compared.names else ()
    if not articles:
        return None
    told = tally(compared.names, judge_all(compared, articles, len(articles), processes=1)).values()
    changes = [change.gained for each in told for change in each.changes]
    return Effect(sum(changes), len(changes) - sum(changes), len(articles), days)


# --- the two sides -------------------------------------------------------------------------------------------------
def folder(path: Path) -> Side:
    """The lists of a folder. Raises Stop where they are refused."""
    match load_rules(path):
        case Rules() as rules:
            return Side(lists_of({name: sheet.model for name, sheet in rules.sheets.items()}), str(path))
        case problems:
            raise Stop(WRONG, "configuration refusée", *(f"  {problem}" for problem in problems))


def other(path: Path) -> Side:
    """The folder to compare with, as `folder`."""
    if not path.is_dir():
        raise Stop(WRONG, f"{path} : dossier introuvable ; --against veut celui d’une autre configuration")
    return folder(path)


def in_force(database: Place) -> Side | None:
    """What runs; None where no daemon has put anything into force yet."""
    if not database.exists():
        return None
    with closing(open_store(database)) as store:
        live = store.rules.live()
    if live is None:
        return None
    try:
        lists = lists_of({name: _model(name).model_validate_json(content) for name, content in live.contents.items()})
    except ValueError as problem:  # written by another version of Vigie, in other words
        reason = "les veilles en vigueur viennent d’une autre version : relancez vigie run, ou donnez --against"
        raise CannotRun(reason) from problem
    return Side(lists, f"celles en vigueur depuis le {_day(live.since)}")


def _model(name: str) -> type[EntitiesFile] | type[WatchlistFile]:
    return EntitiesFile if name == ENTITIES_YAML else WatchlistFile


def lists_of(sheets: Mapping[str, Any]) -> Lists:
    """The watchlists and entities of files, by the name of the file."""
    watchlists = {Path(name).stem: model for name, model in sheets.items() if name != ENTITIES_YAML}
    return Lists(watchlists, sheets[ENTITIES_YAML].root)


def _compared(before: Side | None, after: Side, watchlist: str | None) -> Sides:
    known = after.lists.watchlists.keys() | (before.lists.watchlists.keys() if before else set())
    if watchlist is not None and watchlist not in known:
        hint = near(watchlist, known)
        raise Stop(WRONG, f"pas de veille « {watchlist} »{hint} ; il y a : {', '.join(sorted(known))}")
    return sides(before.lists if before else None, after.lists, watchlist)


# --- the articles --------------------------------------------------------------------------------------------------
def archive(database: Place, days: int, now: datetime) -> Corpus:
    """Every article of the last days."""
    since = now - timedelta(days=days)
    with closing(opened(database, "rien à relire")) as store:
        size, oldest = store.articles.extent(since)
    short_since = oldest if oldest and oldest - since > timedelta(days=1) else None
    short = f", archive plus courte que les {days} jours demandés" if short_since else ""
    span = f", du {_day(oldest)} au {_day(now)}{short}" if oldest else ""
    said = f"{counted(size, 'article relu', 'articles relus')}{span}"
    return Corpus(_stored(database, since), size, said, short_since)


def _stored(database: Place, since: datetime) -> Iterator[Article]:
    with closing(open_store(database)) as store:
        for stored in store.articles.archive(since):
            yield article_of_stored(stored)


def _stream(path: Path) -> Corpus:
    with given.file_lines(path) as lines:
        articles = [_line(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    return Corpus(articles, len(articles), f"{counted(len(articles), 'article relu', 'articles relus')} de {path}")


def _line(path: Path, number: int, line: bytes) -> Article:
    try:
        return article_of(line)
    except BadLine as problem:
        raise CannotRun(f"{path}:{number} : {problem}") from problem


# --- matching ------------------------------------------------------------------------------------------------------
def judge_all(
    compared: Sides,
    articles: Iterable[Article],
    size: int,
    progress: TextIO | None = None,
    processes: int | None = None,
) -> Iterator[Verdicts]:
    """The verdicts on every article, in their order; shared among processes where there are many."""
    workers = processes if processes is not None else min(len(os.sched_getaffinity(0)), size // ALONE + 1)
    chunks = _chunks(articles)
    if workers < 2:
        judged = map(partial(_judge, compared), chunks)
        yield from _watched(judged, size, progress)
        return
    # Forked, the engines come along; sent, they would have to be compiled again
    with multiprocessing.get_context("fork").Pool(workers, _inherit, (compared,)) as pool:
        yield from _watched(pool.imap(_judge_inherited, chunks), size, progress)


def _chunks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    rest = iter(articles)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _judge(compared: Sides, chunk: Sequence[Article]) -> list[Verdicts]:
    return [judge(compared, article) for article in chunk]


_inherited: list[Sides] = []


def _inherit(compared: Sides) -> None:
    _inherited[:] = [compared]


def _judge_inherited(chunk: Sequence[Article]) -> list[Verdicts]:
    return _judge(_inherited[0], chunk)


def _watched(judged: Iterable[list[Verdicts]], size: int, progress: TextIO | None) -> Iterator[Verdicts]:
    """The same, with a bar that fills on the way."""
    done = 0
    for verdicts in judged:
        yield from verdicts
        done += len(verdicts)
        if progress is not None:
            filled = 30 * done // max(size, done)
            bar = "█" * filled + "░" * (30 - filled)
            print(f"\r{bar} {count(done)}/{count(size)}", end="", file=progress, flush=True)
    if progress is not None:
        print("\r\033[K", end="", file=progress, flush=True)


# --- for a script -------------------------------------------------------------------------------------------------
def _as_json(after: Side, corpus: Corpus, told: Mapping[str, ListTally]) -> dict[str, Any]:
    """All of it, whatever `everything` says. A watchlist with no change has no key."""
    return {
        "articles": corpus.size,
        "watchlists": {name: asdict(each) for name, each in told.items()},
        "unchanged": sorted(after.lists.watchlists.keys() - told.keys()),
    }


# --- what is told --------------------------------------------------------------------------------------------------
def _report(
    before: Side | None,
    after: Side,
    corpus: Corpus,
    told: Mapping[str, ListTally],
    compared: Sides,
    *,
    everything: bool,
) -> Iterator[str]:
    yield f"{after.said}, contre {before.said}" if before else after.said
    yield corpus.said
    for name, each in told.items():
        yield ""
        yield _heading(name, each, corpus.size, after.lists.watchlists.get(name), moved=name not in compared.same)
        yield from _changes(each, everything=everything)
    left = sorted(after.lists.watchlists.keys() - told.keys())
    if left:
        yield ""
        yield f"Sans changement : {', '.join(left)}"


def _heading(name: str, told: ListTally, size: int, sheet: WatchlistFile | None, *, moved: bool) -> str:
    was, rate = (f"{count(told.before)} → ", f"{_rate(told.before, size)} → ") if moved else ("", "")
    counts = f"{name}  {was}{counted(told.after, 'article', 'articles')}"
    if sheet is None:
        return f"{counts} · veille supprimée"
    examples = len(sheet.examples.match) + len(sheet.examples.ignore)
    return f"{counts} · {rate}{_rate(told.after, size)} pour 1\u202f000 · exemples {examples}/{examples}"


def _changes(told: ListTally, *, everything: bool) -> Iterator[str]:
    for gained, sign in ((True, "+"), (False, "−")):
        changes = [change for change in told.changes if change.gained == gained]
        shown = changes if everything else changes[:SHOWN]
        yield from (f"   {sign} {_title(change)}   {change.reason}" for change in shown)
        if len(changes) > len(shown):
            yield f"   {sign} et {len(changes) - len(shown)} de plus (--all les montre)"
    for gained, sign in ((True, "+"), (False, "−")):
        terms = told.terms(gained=gained)
        if terms:
            yield f"   par terme : {sign} {_ranked(terms)}"
    yield from _turns(told, everything=everything)


def _turns(told: ListTally, *, everything: bool) -> Iterator[str]:
    """What rings or is said otherwise, kind by kind."""
    for kind, named in TURNS.items():
        turns = [turn for turn in told.turns if turn.kind == kind]
        if turns:
            yield f"   {named} : {counted(len(turns), 'article', 'articles')}"
        yield from (f"     {_title(turn)}   {turn.reason}" for turn in (turns if everything else turns[:SHOWN]))
        if len(turns) > SHOWN and not everything:
            yield f"     et {len(turns) - SHOWN} de plus (--all les montre)"


def _ranked(terms: Counter[str]) -> str:
    ranked = sorted(terms.items(), key=lambda pair: (-pair[1], pair[0]))
    return " · ".join(f"{term} {count}" for term, count in ranked)


def _title(change: Difference | Turn) -> str:
    return f"[{change.article}] {' '.join(change.title.split()) or '(sans titre)'}"


def _rate(count: int, size: int) -> str:
    return f"{1000 * count / max(size, 1):.1f}".replace(".", ",")


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"
