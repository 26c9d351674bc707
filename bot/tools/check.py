"""What an operator asks of a configuration: is it right, how is it written, give me one to start from."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

from bot.config.configuration import Configuration
from bot.config.destinations import AppriseAddress, DestinationFile, refused_address
from bot.config.document import near
from bot.config.feedfile import FeedFile
from bot.config.folder import ENTITIES_YAML, load, placed
from bot.config.settings import starter
from bot.config.yamlfile import ConfigProblem
from bot.ending import CannotRun
from bot.fate import article_of
from bot.french import counted
from bot.log import redact
from bot.statuses import PARIS
from matchers.model import Archive, Problem
from matchers.trials.archive import survey
from matchers.trials.doubts import doubt, doubts, doubts_today
from matchers.watchlists.blocks import tree_of
from matchers.watchlists.nodes import sources
from matchers.watchlists.terms import TermKind, is_from, parse
from matchers.watchlists.watchlist import WatchlistFile, json_schema
from storage import open_store
from storage.files import create
from storage.place import Place
from storage.system import said

FileKind = Literal["feeds", "entities", "watchlist", "destinations"]
KINDS: tuple[FileKind, ...] = get_args(FileKind)


ARCHIVE_DAYS, ARCHIVE_ARTICLES = 180, 3_000  # what is read again: a second of CPU at most


def check(folder: Path, database: Place, now: datetime, out: TextIO) -> int:
    """Print every problem, then what the folder holds. Exit code: 2 with an error, 0 otherwise."""
    match load(folder):
        case Configuration() as good:
            refused = tuple(_unknown_to_apprise(good))
            problems = (*good.problems, *_doubtful(good, database, now), *refused)
            verdict, code = (_refusal(refused), 2) if refused else (_summary(good), 0)
        case problems:
            verdict, code = _refusal(problems), 2
    for problem in problems:
        doubt = "attention, " if problem.severity == "warning" else ""
        print(f"{problem.place}\u00a0: {doubt}{redact(problem.message)}", file=out)
    print(verdict, file=out)
    return code


def _doubtful(good: Configuration, database: Place, now: datetime) -> tuple[ConfigProblem, ...]:
    """What is right, but doubtful in itself, or made so by the date and the articles kept so far."""
    rules = good.rules
    watchlists = {Path(name).stem: sheet.model for name, sheet in rules.sheets.items() if name != ENTITIES_YAML}
    lasting = doubts(watchlists, rules.sheets[ENTITIES_YAML].model.root)
    passing = doubts_today(watchlists, now.astimezone(PARIS).date(), _archive(good, database, now))
    return placed(good.folder, rules, (*rules.warnings, *lasting, *passing, *_unknown_sources(good, watchlists)))


def _unknown_to_apprise(good: Configuration) -> Iterator[ConfigProblem]:
    """Only Apprise knows its addresses, and it is loaded where one is named."""
    for place in good.places:
        if not isinstance(place.way, AppriseAddress):
            continue
        from bot.delivery.apprise_chats import destination

        try:
            destination(place.name, place.way.address.reveal())
        except CannotRun as problem:
            yield refused_address(good.folder, place.name, str(problem))


def _unknown_sources(good: Configuration, watchlists: Mapping[str, WatchlistFile]) -> Iterator[Problem]:
    """`source:` terms that no feed is called by. An aggregator may name others: a doubt, and no error."""
    names = [feed.name for feed in good.feeds]
    for name, watchlist in watchlists.items():
        spots = [(spot.path, spot.written) for spot in sources(tree_of(watchlist))]
        spots += [(("boost", term), term) for term in watchlist.boost if parse(term).kind is TermKind.SOURCE]
        for path, written in spots:
            if not any(is_from(written, known) for known in names):
                called = parse(written).text.strip("=*")
                yield doubt(name, path, f"aucune source de feeds.yaml ne s’appelle « {called} »{near(called, names)}")


def _archive(good: Configuration, database: Place, now: datetime) -> Archive:
    if not database.exists():  # a look must not create what it looks at
        return Archive()
    with closing(open_store(database)) as store:
        kept = store.articles.recent(now - timedelta(days=ARCHIVE_DAYS), ARCHIVE_ARTICLES)
    days = (now - min((each.first_seen for each in kept), default=now)).days
    return survey(good.engine, map(article_of, kept), days)


def schema(kind: FileKind) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for editors that complete and check YAML."""
    match kind:
        case "watchlist" | "entities":
            return json_schema(kind)
        case "feeds":
            made = FeedFile.model_json_schema()
        case "destinations":
            made = DestinationFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def init(folder: Path, out: TextIO) -> int:
    """Copy the starter configuration into `folder`, overwriting nothing. Exit code: 1 if it cannot be written."""
    written = kept = 0
    try:
        for source, target in _copies(folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            if create(target, source.read_bytes()):
                written += 1
                continue
            kept += 1
            print(f"gardé tel quel\u00a0: {target}", file=out)
    except OSError as error:
        print(f"{folder}\u00a0: écriture impossible ({said(error)})", file=out)
        return 1
    print(f"{counted(written, 'fichier écrit', 'fichiers écrits')} dans {folder}, {kept} déjà là.", file=out)
    print(f"Ensuite\u00a0: vigie check --config {folder}, puis vigie run --config {folder}", file=out)
    return 0


def _copies(folder: Path) -> Iterator[tuple[Path, Path]]:
    root = starter()
    for source in (root / "feeds.yaml", root / "entities.yaml", *sorted((root / "watchlists").glob("*.yaml"))):
        yield source, folder / source.relative_to(root)


def _summary(good: Configuration) -> str:
    active = sum(feed.enabled for feed in good.feeds)
    paused = len(good.feeds) - active
    parts = [
        counted(active, "source", "sources") + (f" (et {paused} en pause)" if paused else ""),
        counted(good.rules.entities, "entité", "entités"),
        counted(len(good.engine.watchlists), "veille", "veilles"),
        f"exemples {good.rules.examples}/{good.rules.examples}",
    ]
    return f"Configuration bonne\u00a0: {', '.join(parts)}."


def _refusal(problems: tuple[ConfigProblem, ...]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    return f"Configuration refusée\u00a0: {counted(errors, 'erreur', 'erreurs')} à corriger."
