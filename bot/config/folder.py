"""Reads the folder of the configuration: everything that it says, or every problem of every file."""

import gc
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from bot.config.configuration import Configuration, ProvenFile, Rules
from bot.config.document import CheckedFile, is_refused
from bot.config.yamlfile import ConfigProblem, Loaded, parse, read
from bot.config.yamlfile import load as load_yaml
from matchers.engine.engine import Former
from matchers.model import Problem
from matchers.trials import retry
from matchers.trials.lint import build, build_untried
from matchers.watchlists.watchlist import EntitiesFile, WatchlistFile
from storage.files import OURS, create

ENTITIES_YAML = "entities.yaml"


def load(
    folder: Path, before: Configuration | None = None, env: Mapping[str, str] = os.environ
) -> Configuration | tuple[ConfigProblem, ...]:
    """Everything the folder says, or every problem of every file. What stands as it did `before` is not tried again.
    `env` holds the secrets that destinations.yaml names."""
    if problem := _no_folder(folder):
        return (problem,)
    from bot.config.destinations import read_destinations  # costly, and none of them asked by who only matches
    from bot.config.feedfile import read_feeds
    from bot.config.webhook_address import leave_of, never_asked

    leave = leave_of(env)
    feeds, doubts = read_feeds(folder / "feeds.yaml", lambda url, private: never_asked(url, leave, private=private))
    rules_read = load_rules(folder, before.rules if before else None)
    lists = rules_read.engine.watchlists if isinstance(rules_read, Rules) else None
    places, more = read_destinations(folder, lists, env)
    doubts += more
    match rules_read:
        case Rules() as rules if not is_refused(doubts):
            return Configuration(folder, feeds, rules, (*doubts, *rules.problems), places)
        case Rules() as rules:
            return (*doubts, *rules.problems, *placed(folder, rules, rules.warnings))
        case problems:
            return (*doubts, *problems)


def load_rules(folder: Path, before: Rules | None = None) -> Rules | tuple[ConfigProblem, ...]:
    """Entities and watchlists alone: matching needs no feeds."""
    with _uncollected():
        return _load_rules(folder, before)


def load_untried(folder: Path) -> Rules | tuple[ConfigProblem, ...]:
    """`load_rules`, without trying the examples: these are for what is put in force, and for who asks for a check."""
    with _uncollected():
        return _load_rules(folder, None, tried=False)


def _load_rules(folder: Path, before: Rules | None, *, tried: bool = True) -> Rules | tuple[ConfigProblem, ...]:
    if problem := _no_folder(folder):
        return (problem,)
    kept = before.sheets if before else {}
    problems: list[ConfigProblem] = []
    gazetteer = _read(folder, ENTITIES_YAML, EntitiesFile, kept, problems)
    files = sorted([*folder.glob("watchlists/*.yaml"), *folder.glob("watchlists/*.yml")])
    if not files:
        problems.append(
            ConfigProblem("watchlists", "aucun fichier .yaml dans ce dossier : écrivez-en un, ou lancez « vigie init »")
        )
    read = {path: _read_watchlist(folder, path, kept, problems) for path in files}
    sheets = {path: sheet for path, sheet in read.items() if sheet is not None}
    models = {path.stem: sheet.model for path, sheet in sheets.items()}
    if gazetteer is None or not models:  # without entities, every `@name` would read as a mistake
        return tuple(problems)
    named = {} if before is None else before.sheets[ENTITIES_YAML].model.root
    others = retry.changed(named, gazetteer.model.root)
    same = {path.stem for path, sheet in sheets.items()
            if before is not None and _says_the_same(kept.get(_name(path)), sheet)}  # fmt: skip
    proven = {name for name in same if before is not None and not retry.names_any(before.engine, name, others)}
    held = {ENTITIES_YAML: gazetteer} | {_name(path): sheet for path, sheet in sheets.items()}
    if (
        before is not None
        and not others
        and len(proven) == len(models)
        and held.keys() == kept.keys()
        and not is_refused(problems)
    ):
        return replace(before, problems=tuple(problems), sheets=held)
    stand = {name: models[name] for name in proven}
    again = retry.concerned(stand, named, gazetteer.model.root) if others else frozenset()
    warned = _by_file(proven, before.warnings if before else ())
    stands = before is not None and same == models.keys() == before.engine.plans.keys()
    former = Former(before.engine, others) if before is not None and stands else None
    entities = gazetteer.model.root
    built = build(models, entities, warned, again, former) if tried else build_untried(models, entities)
    if built.engine is None or is_refused(problems):
        return (*problems, *_placed(folder, built.problems, {path.stem: _name(path) for path in sheets}))
    examples = sum(len(model.examples.match) + len(model.examples.ignore) for model in models.values())
    return Rules(built.engine, len(gazetteer.model.root), examples, tuple(problems), built.problems, held)


def written(rules: Rules) -> dict[str, str]:
    """The files of the rules as texts that keep for `Rules.sheets`: a JSON each, by file name."""
    return {
        name: sheet.model.model_dump_json(by_alias=True, exclude_unset=True) for name, sheet in rules.sheets.items()
    }


def rules_of(contents: Mapping[str, str], before: Rules | None = None) -> Rules | tuple[ConfigProblem, ...]:
    """The rules that stand in these files, as `written` keeps them; the problems where this version can't read them."""
    with TemporaryDirectory(prefix="vigie-") as made:
        folder = Path(made)
        (folder / "watchlists").mkdir()
        for name, content in contents.items():
            if name != ENTITIES_YAML and Path(name).parts != ("watchlists", Path(name).name):
                return (ConfigProblem(name, "n’est pas un fichier de veille"),)
            create(folder / name, content.encode(), OURS)  # what is JSON is YAML
        return load_rules(folder, before)


def placed(folder: Path, rules: Rules, found: Iterable[Problem]) -> tuple[ConfigProblem, ...]:
    """Where problems of watchlists stand in the files."""
    return tuple(_placed(folder, found, {Path(name).stem: name for name in rules.sheets if name != ENTITIES_YAML}))


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is built is kept: looking through it for cycles finds nothing, and takes half the time for 1,000 lists."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _says_the_same(before: ProvenFile | None, after: ProvenFile) -> bool:
    """Though a remark may have changed."""
    return before is after or (before is not None and before.model == after.model)


def _by_file(names: Iterable[str], found: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    by_file: dict[str, list[Problem]] = {name: [] for name in names}
    for problem in found:
        if problem.file in by_file:
            by_file[problem.file].append(problem)
    return {name: tuple(problems) for name, problems in by_file.items()}


def _name(path: Path) -> str:
    return f"watchlists/{path.name}"


def _no_folder(folder: Path) -> ConfigProblem | None:
    if folder.is_dir():
        return None
    return ConfigProblem(
        str(folder), "dossier introuvable : vérifiez VIGIE_CONFIG ou --config, ou lancez « vigie init »"
    )


def _read(
    folder: Path, name: str, kind: type[BaseModel], kept: Mapping[str, ProvenFile], problems: list[ConfigProblem]
) -> ProvenFile | None:
    """One file against its model; None once `problems` says why not. The very sheet of before if it reads the same."""
    text = read(folder / name, name)
    if isinstance(text, ConfigProblem):
        problems.append(text)
        return None
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    if (before := kept.get(name)) is not None and before.digest == digest:
        problems += before.doubts
        return before
    loaded = parse(text, name)
    if not isinstance(loaded, Loaded):
        problems += loaded
        return None
    file = CheckedFile(name, loaded)
    model = file.validate(kind, loaded.data)
    file.remarks()
    problems += file.problems
    return ProvenFile(digest, model, tuple(file.problems)) if model is not None else None


def _read_watchlist(
    folder: Path, path: Path, kept: Mapping[str, ProvenFile], problems: list[ConfigProblem]
) -> ProvenFile | None:
    if not re.fullmatch(r"[a-z0-9-]{1,48}", path.stem):
        from bot.config.feedfile import slug

        problems.append(
            ConfigProblem(
                _name(path),
                f"nom de fichier refusé (a-z, 0-9 et « - », 48 au plus) : renommez-le {slug(path.stem)[:48]}.yaml",
            )
        )
    return _read(folder, _name(path), WatchlistFile, kept, problems)


def _placed(folder: Path, found: Iterable[Problem], names: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """Where each problem stands in its file, which is read again for that: most files have none."""
    opened: dict[str, Loaded | None] = {}
    for problem in found:
        name = names.get(problem.file, ENTITIES_YAML)
        if name not in opened:
            again = load_yaml(folder / name, name)
            opened[name] = again if isinstance(again, Loaded) else None
        loaded = opened[name]
        place = loaded.line_of(problem.path) if loaded else (0, 0)
        yield ConfigProblem(name, problem.message, *place, severity=problem.severity)
