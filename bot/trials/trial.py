"""What an administrator tries before it is in force: the files as they are, a term, an exclusion."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count as numbers
from pathlib import Path
from types import MappingProxyType
from typing import TextIO, TypeVar

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.yamlfile import ConfigProblem
from bot.ending import WRONG, Stop
from bot.french import count, counted
from bot.opening import opened
from bot.reading.matched import article_of_stored
from bot.trials.backtest import archive, in_force, judge_all, lists_of
from bot.trials.findings import Misread, Tell, Trial, Weighed
from matchers.engine.engine import Engine
from matchers.trials.backtest import Lists, sides, tally
from matchers.trials.lint import build
from matchers.watchlists.watchlist import EntityEntry, WatchlistFile, read_watchlist
from storage.articles.model import TEXTLESS, StoredArticle
from storage.place import Place

DAYS = 30
LARGEST = 20_000  # articles that a term is tried on: 3 s on a small machine
EXAMPLES = 5
STEP = 200  # articles between two words of progress
LONGEST = 200  # code points of a term

T = TypeVar("T")


def try_files(
    folder: Path, database: Place, now: datetime, tell: Tell, days: int = DAYS
) -> Trial | tuple[ConfigProblem, ...]:
    """Try the files as they are; nothing is put into force. In one process: whoever calls this has threads.

    The problems where the files are refused. Raises StoreError.
    """
    rules = load_rules(folder)
    if not isinstance(rules, Rules):
        return tuple(problem for problem in rules if problem.severity == "error")
    before = in_force(database)
    after = lists_of({name: sheet.model for name, sheet in rules.sheets.items()})
    return _compared(before.lists if before else None, after, database, now, tell, days)


def try_without(
    watchlist: str, word: str, database: Place, now: datetime, tell: Tell, days: int = DAYS
) -> Trial | None:
    """What a watchlist in force would lose if it excluded this word; None where it is not there.

    Raises StoreError.
    """
    before = in_force(database)
    model = before.lists.watchlists.get(watchlist) if before else None
    if before is None or model is None:
        return None
    stricter = model.model_copy(update={"none_of": [*(model.none_of or ()), word]})
    after = Lists({**before.lists.watchlists, watchlist: stricter}, before.lists.entities)
    return _compared(before.lists, after, database, now, tell, days)


def try_term(
    written: str,
    database: Place,
    now: datetime,
    tell: Tell,
    days: int = DAYS,
    entities: Mapping[str, EntityEntry] = MappingProxyType({}),
) -> Weighed | Misread:
    """What a term, written as in a watchlist, finds among the newest articles. `entities`: those it may name where none
    are in force. Raises StoreError, CannotRun without a store."""
    before = in_force(database)
    engine = _engine(written, before.lists.entities if before else entities)
    if isinstance(engine, Misread):
        return engine
    with closing(opened(database, "rien à relire")) as store:
        kept, _ = store.articles.extent(now - timedelta(days=days))
        stored = store.articles.archive(now - timedelta(days=days), newest=LARGEST)
        return _weighed(written, engine, _heard(stored, min(kept, LARGEST), tell), kept, days)


def report(found: Weighed | Misread, now: datetime, out: TextIO) -> int:
    """Print what a term finds, for a terminal. Exit code 0. Raises Stop where the term cannot be read."""
    if isinstance(found, Misread):
        raise Stop(WRONG, f"« {found.term} » ne se lit pas", *(f"  {reason}" for reason in found.reasons))
    rate = f"{found.rate:.1f}".replace(".", ",")
    span = f", du {found.oldest:%d/%m/%Y} au {now:%d/%m/%Y}" if found.oldest else ""
    print(f"{counted(found.read, 'article relu', 'articles relus')}{span}", file=out)
    print(f"{found.term}  {counted(found.hits, 'article', 'articles')} · {rate} pour 1\u202f000", file=out)
    if found.kept > found.read:
        print(f"les plus récents de {count(found.kept)} : l’archive de {found.days} jours est grande", file=out)
    if found.purged:
        said = counted(found.purged, "article jugé sans son texte", "articles jugés sans leur texte")
        print(f"{said}, qui n’est plus gardé", file=out)
    for each in found.examples:
        print(f"   + [{each.id}] {' '.join(each.title.split()) or '(sans titre)'}   {each.url}", file=out)
    return 0


# --- parts ---------------------------------------------------------------------------------------------------------
def _compared(before: Lists | None, after: Lists, database: Place, now: datetime, tell: Tell, days: int) -> Trial:
    compared = sides(before, after)
    corpus = archive(database, days, now)
    articles = _heard(corpus.articles, corpus.size, tell)
    judged = judge_all(compared, articles, corpus.size, processes=1) if compared.names else ()
    told = tally(compared.names, judged)
    changes = {name: tuple(each.changes) for name, each in told.items() if each.changes}
    return Trial(changes, corpus.size, days, corpus.short_since)


def _engine(written: str, entities: Mapping[str, EntityEntry]) -> Engine | Misread:
    """A watchlist that is this term and nothing else."""
    if len(written) > LONGEST:
        return Misread(written[:LONGEST], (f"{LONGEST} signes au plus",))
    read = read_watchlist("essai", {"name": written, "any": [written], "threshold": 1})
    if not isinstance(read, WatchlistFile):
        return Misread(written, tuple(problem.message for problem in read))
    built = build({"essai": read}, entities)
    reasons = tuple(problem.message for problem in built.problems if problem.severity == "error")
    return built.engine or Misread(written, reasons)


def _weighed(written: str, engine: Engine, articles: Iterable[StoredArticle], kept: int, days: int) -> Weighed:
    hits, read, purged, oldest = 0, 0, 0, None
    last: deque[StoredArticle] = deque(maxlen=EXAMPLES)
    for stored in articles:
        read += 1
        oldest = oldest or stored.first_seen
        purged += not stored.text and stored.source not in TEXTLESS
        if engine.match(article_of_stored(stored)):
            hits += 1
            last.append(stored)
    return Weighed(written, hits, read, kept, days, oldest, purged, tuple(reversed(last)))


def _heard(articles: Iterable[T], size: int, tell: Tell) -> Iterator[T]:
    """The same, telling on the way how far it is."""
    for number, each in zip(numbers(), articles, strict=False):
        if number % STEP == 0:
            tell(number, size)
        yield each
